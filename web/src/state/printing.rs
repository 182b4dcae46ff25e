//! What goes on paper: more rows of a list than are drawn otherwise, in light colours, and the hash of what they come from.

use super::{State, Theme, View};
use crate::protocol::{Ask, Form};

/// Rows of a list, or entries of a chat, that are printed at most: some dozen pages.
pub const PRINTED: u32 = 1_000;

/// How far printing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printing {
    /// The worker is asked for what is to be printed.
    Asked,
    /// It is there: the browser may print it.
    Ready,
    /// The browser prints what happens to be drawn: nobody asked here first.
    Drawn,
}

impl State {
    /// What the worker is to be asked for, so that all of it can be printed. The last answer says that all is there.
    #[must_use]
    pub fn wanted_on_paper(&self) -> Vec<Ask> {
        let mut asks = Vec::new();
        if let Some(list) = self.list() {
            let (first, count) = match self.range {
                Some((one, other)) if list.form != Form::Findings => (one.min(other), one.abs_diff(other) + 1),
                _ => (0, self.window.total),
            };
            asks.push(Ask::Window { list, first, count: count.min(PRINTED) });
        }
        if let Some(chat) = self.shown_chat().filter(|_| self.view == View::Chats) {
            let there = self.transcript.as_ref().map_or(0, |transcript| transcript.entries.len());
            let there = u32::try_from(there).unwrap_or(u32::MAX);
            asks.push(Ask::Chat { number: chat.number, count: there.max(PRINTED) });
        }
        asks.push(Ask::Hashes);
        asks
    }

    /// The colours to paint with: paper is white.
    #[must_use]
    pub fn paint(&self) -> Theme {
        if self.printing.is_some() { Theme::Light } else { self.theme }
    }

    pub(super) fn print(&mut self, printing: Option<Printing>) {
        match printing {
            Some(Printing::Asked) => self.notice = Some("The pages are being prepared.".to_owned()),
            // What was asked for goes on.
            Some(_) if self.printing.is_some() => return,
            Some(_) => {}
            None => self.notice = None,
        }
        self.printing = printing;
    }
}

#[cfg(test)]
mod tests {
    use super::super::Action;
    use super::*;
    use crate::protocol::{Tell, Window};
    use std::rc::Rc;

    #[test]
    fn a_print_asks_for_rows_and_the_hash_and_is_ready_when_the_hash_is_there() {
        let window = Rc::new(Window { total: 5_000, ..Window::default() });
        let state = State { view: View::Ladder, theme: Theme::Dark, window, ..State::default() };
        let asked = |state: &State| match &state.wanted_on_paper()[..] {
            [Ask::Window { first, count, .. }, Ask::Hashes] => (*first, *count),
            other => panic!("{other:?}"),
        };
        assert_eq!(asked(&state), (0, PRINTED));
        let chosen = State { range: Some((4_000, 3_990)), ..state.clone() };
        assert_eq!(asked(&chosen), (3_990, 11));
        let printing = state.after(Action::Print(Some(Printing::Asked)));
        assert_eq!(printing.paint(), Theme::Light);
        // The browser tells that it prints when we have it print, too.
        assert_eq!(printing.after(Action::Print(Some(Printing::Drawn))).printing, Some(Printing::Asked));
        let ready = printing.after(Action::Told(Tell::Hashes(vec!["00".to_owned()])));
        assert_eq!((ready.printing, ready.hashes.len()), (Some(Printing::Ready), 1));
        let done = ready.after(Action::Print(None));
        assert_eq!((done.printing, done.paint(), done.notice), (None, Theme::Dark, None));
        assert_eq!(printing.after(Action::Show(View::Commands)).printing, None, "another view is another wish");
    }

    #[test]
    fn a_view_without_rows_needs_the_hash_only() {
        let state = State { view: View::Overview, ..State::default() };
        assert!(matches!(state.wanted_on_paper()[..], [Ask::Hashes]));
    }
}
