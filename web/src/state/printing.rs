//! What goes on paper: more rows of a list than are drawn otherwise, in light colours, and the hash of what they come from.

use std::rc::Rc;

use super::{State, Theme, View};
use crate::protocol::{Ask, Form};

/// Rows of a list, or entries of a chat, that are printed at most: some dozen pages.
pub const PRINTED: u32 = 1_000;

/// What is said while it is prepared.
const PREPARING: &str = "The pages are being prepared.";

/// How far printing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printing {
    /// The hash is being reckoned, which takes a while; the page is as always.
    Asked,
    /// What is to be printed is being fetched.
    Fetching,
    /// It is there: the browser may print it.
    Ready,
    /// The browser prints what happens to be drawn: nobody asked here first.
    Drawn,
}

impl State {
    /// What the worker is to be asked for now, so that all of it can be printed. The last answer says that all is there.
    #[must_use]
    pub fn wanted_on_paper(&self) -> Vec<Ask> {
        let mut asks = Vec::new();
        if self.printing == Some(Printing::Fetching) {
            if let Some(list) = self.list() {
                let (first, count) = match self.range {
                    Some((one, other)) if list.form != Form::Findings => (one.min(other), one.abs_diff(other) + 1),
                    _ => (0, PRINTED),
                };
                asks.push(Ask::Window { list, first, count: count.min(PRINTED), lanes: self.lanes.to_vec() });
            }
            if let Some(chat) = self.shown_chat().filter(|_| self.view == View::Chats) {
                let there = self.transcript.as_ref().filter(|transcript| transcript.number == chat.number);
                let there = there.map_or(0, |transcript| u32::try_from(transcript.entries.len()).unwrap_or(u32::MAX));
                asks.push(Ask::Chat { number: chat.number, count: there.max(PRINTED) });
            }
        }
        if matches!(self.printing, Some(Printing::Asked | Printing::Fetching)) {
            asks.push(Ask::Hashes { print: self.prints });
        }
        asks
    }

    /// What is shown is for paper.
    #[must_use]
    pub fn is_on_paper(&self) -> bool {
        self.printing.is_some_and(|printing| printing != Printing::Asked)
    }

    /// The colours to paint with: paper is white.
    #[must_use]
    pub fn paint(&self) -> Theme {
        if self.is_on_paper() { Theme::Light } else { self.theme }
    }

    pub(super) fn print(&mut self, printing: Option<Printing>) {
        match printing {
            Some(Printing::Asked) => {
                self.notice = Some(PREPARING.to_owned());
                self.prints = self.prints.wrapping_add(1);
            }
            // What was asked for goes on.
            Some(_) if self.printing.is_some() => return,
            Some(_) => {}
            None if self.notice.as_deref() == Some(PREPARING) => self.notice = None,
            None => {}
        }
        self.printing = printing;
    }

    /// The hashes are there, and whatever was asked for before them.
    pub(super) fn hashed(&mut self, print: u32, hashes: Vec<String>) {
        self.hashes = Some(Rc::new(hashes));
        // Those of a print that was ended say nothing of the rows of another.
        self.printing = match self.printing.filter(|_| print == self.prints) {
            Some(Printing::Asked) => Some(Printing::Fetching),
            Some(Printing::Fetching) => Some(Printing::Ready),
            _ => self.printing,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::super::Action;
    use super::*;
    use crate::protocol::{Scope, Tell, Window};

    #[test]
    fn a_print_asks_for_the_hash_and_then_for_rows() {
        let hashed = |state: &State| {
            state.after(Action::Told(Tell::Hashes { print: state.prints, hashes: vec!["00".to_owned()] }))
        };
        let window = Rc::new(Window { total: 5_000, ..Window::default() });
        let state = State { view: View::Ladder, theme: Theme::Dark, window, ..State::default() };
        let asked = state.after(Action::Print(Some(Printing::Asked)));
        assert!(matches!(asked.wanted_on_paper()[..], [Ask::Hashes { .. }]));
        let again = asked.after(Action::Print(None)).after(Action::Print(Some(Printing::Asked)));
        let late = again.after(Action::Told(Tell::Hashes { print: asked.prints, hashes: Vec::new() }));
        assert_eq!(late.printing, Some(Printing::Asked), "the answer to the print before");
        assert_eq!(asked.paint(), Theme::Dark, "the page is as always while the hash is reckoned");
        let fetching = hashed(&asked);
        let wanted = |state: &State| match &state.wanted_on_paper()[..] {
            [Ask::Window { first, count, .. }, Ask::Hashes { .. }] => (*first, *count),
            other => panic!("{other:?}"),
        };
        assert_eq!((wanted(&fetching), fetching.paint()), ((0, PRINTED), Theme::Light));
        let chosen = State { range: Some((4_000, 3_990)), ..fetching.clone() };
        assert_eq!(wanted(&chosen), (3_990, 11));
        // The browser tells that it prints when we have it print, too.
        assert_eq!(fetching.after(Action::Print(Some(Printing::Drawn))).printing, Some(Printing::Fetching));
        let ready = hashed(&fetching);
        assert_eq!((ready.printing, ready.wanted_on_paper().len()), (Some(Printing::Ready), 0));
        let done = ready.after(Action::Print(None));
        assert_eq!((done.printing, done.paint(), done.notice), (None, Theme::Dark, None));
    }

    #[test]
    fn what_changes_the_rows_ends_a_print_and_its_notice() {
        let state = State { view: View::Ladder, ..State::default() }.after(Action::Print(Some(Printing::Asked)));
        for action in [Action::Show(View::Commands), Action::Reveal(true), Action::Narrow(Scope::Connection(1))] {
            let after = state.after(action);
            assert_eq!((after.printing, after.notice), (None, None));
        }
        let other = State { notice: Some("Saved.".to_owned()), ..State::default() };
        let printed = other.after(Action::Print(Some(Printing::Drawn))).after(Action::Print(None));
        assert_eq!(printed.notice.as_deref(), Some("Saved."), "only its own notice goes");
    }

    #[test]
    fn a_view_without_rows_needs_the_hash_only() {
        let state = State { view: View::Overview, printing: Some(Printing::Fetching), ..State::default() };
        assert!(matches!(state.wanted_on_paper()[..], [Ask::Hashes { .. }]));
    }
}
