//! What can be saved of what is shown, and as which files.

use super::{State, View};
use crate::protocol::{FileForm, Form, List, Part};
use crate::wording::counted;

/// Something that can be saved.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// What.
    pub part: Part,
    /// In words.
    pub title: String,
    /// As which files.
    pub forms: &'static [FileForm],
}

const DRAWN: &[FileForm] = &[FileForm::Capture, FileForm::Svg, FileForm::Png, FileForm::Text];
const SAID: &[FileForm] = &[FileForm::Html, FileForm::Text, FileForm::Json, FileForm::Capture];
const PACKETS: &[FileForm] = &[FileForm::Capture];

impl State {
    /// What can be saved, the likeliest first.
    #[must_use]
    pub fn offers(&self) -> Vec<Offer> {
        let mut offers = Vec::new();
        let mut offer = |part, title: String, forms| offers.push(Offer { part, title, forms });
        if let Some(list) = self.list() {
            let forms = if list.form == Form::Ladder { DRAWN } else { PACKETS };
            if let Some((one, other)) = self.range {
                let (first, count) = (one.min(other), one.abs_diff(other).saturating_add(1));
                offer(Part::Rows { list, first, count }, format!("{} selected", rows(count)), forms);
            }
            let filtered = if list.filter == 0 { "all" } else { "filtered:" };
            if self.window.total > 0 {
                let title = format!("{filtered} {}", rows(self.window.total));
                offer(Part::Rows { list, first: 0, count: u32::MAX }, title, forms);
            }
        }
        if let Some(story) = self.story.as_ref().filter(|story| self.view == View::Chats && !story.chats.is_empty()) {
            if let Some(chat) = self.shown_chat() {
                offer(Part::Chat(chat.number), format!("the chat with {}", chat.with.join(", ")), SAID);
            }
            if story.chats.len() > 1 {
                offer(Part::Chats, format!("all {} chats", story.chats.len()), SAID);
            }
        }
        let commands = self.progress.overview.commands;
        let list = List { form: Form::Commands, ..List::default() };
        if commands > 0 {
            let title = format!("the whole capture: {}", counted(commands.into(), "command", "commands"));
            offer(Part::Rows { list, first: 0, count: u32::MAX }, title, PACKETS);
        }
        offers
    }
}

fn rows(count: u32) -> String {
    counted(count.into(), "row", "rows")
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::protocol::{Overview, Progress, Window};

    fn titles(state: &State) -> Vec<String> {
        state.offers().into_iter().map(|offer| offer.title).collect()
    }

    #[test]
    fn what_is_selected_comes_first_and_the_whole_capture_last() {
        assert!(State::default().offers().is_empty(), "without a capture there is nothing to save");
        let overview = Overview { commands: 77, ..Overview::default() };
        let mut state = State { progress: Rc::new(Progress { overview, ..Progress::default() }), ..State::default() };
        assert_eq!(titles(&state), ["the whole capture: 77 commands"]);
        state.view = View::Ladder;
        state.window = Rc::new(Window { total: 80, ..Window::default() });
        assert_eq!(titles(&state), ["all 80 rows", "the whole capture: 77 commands"]);
        assert!(state.offers()[0].forms.contains(&FileForm::Svg));
        state.range = Some((9, 4));
        Rc::make_mut(&mut state.filter).applied = 3;
        assert_eq!(titles(&state), ["6 rows selected", "filtered: 80 rows", "the whole capture: 77 commands"]);
        let list = List { filter: 3, ..List::default() };
        assert_eq!(state.offers()[0].part, Part::Rows { list, first: 4, count: 6 });
        state.view = View::Commands;
        assert!(state.offers().iter().all(|offer| offer.forms == [FileForm::Capture]), "no drawing of a table");
    }
}
