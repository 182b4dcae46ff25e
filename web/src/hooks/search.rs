//! Asks for what is searched for, in the commands that the view lists, and goes where somebody wants to go.

use yew::prelude::*;

use super::page::Page;
use super::settings;
use crate::protocol::{Ask, Form, List, Range};
use crate::scene::place::{self, Place};
use crate::scene::tree::innermost;
use crate::state::{Action, Bar, State, View};
use crate::wording::{count, counted};

/// Searches what is written in the bar; another list is searched anew.
#[hook]
pub fn use_search(page: &Page) {
    let state = &page.state;
    let wanted = state.seeking.wanted().map(|(id, kind, text)| (id, kind, text.to_owned()));
    let list = searched(state);
    let read = state.progress.overview.checked;
    // What was asked for last: somebody who writes on is led to the first place of that.
    let led = use_mut_ref(|| None::<u32>);
    let (link, start) = (page.link.clone(), state.search_start(false));
    use_effect_with((wanted, list, state.generation, read), move |(wanted, list, ..)| {
        let Some((id, kind, text)) = wanted.clone() else {
            if led.take().is_some() {
                link.ask(&Ask::Find {
                    id: 0,
                    list: *list,
                    kind: crate::protocol::find::Kind::Text,
                    text: String::new(),
                });
            }
            return;
        };
        link.ask(&Ask::Find { id, list: *list, kind, text });
        if led.replace(Some(id)) != Some(id) {
            link.ask(&Ask::Hit { start });
        }
    });
}

/// The list in which something is searched for or gone to: the one on screen, if that has commands.
fn searched(state: &State) -> List {
    state.list().filter(|list| list.form != Form::Findings).unwrap_or_default()
}

impl Page {
    /// Opens the bar, over a list that has commands.
    pub fn turn_bar(&self, bar: Bar) {
        if self.state.list().is_none_or(|list| list.form == Form::Findings) {
            self.act.emit(Action::Show(View::Ladder));
        }
        self.act.emit(Action::Turn(Some(bar)));
    }

    /// Goes to the next place that was found, or to the one before.
    pub fn find_next(&self, back: bool) {
        self.link.ask(&Ask::Hit { start: self.state.search_start(back) });
    }

    /// Goes to a place that somebody has written.
    pub fn go(&self, text: &str) {
        let clock = settings::clock(&self.state);
        match place::read(text, &clock) {
            Ok(Place::Target(target)) => {
                self.link.ask(&Ask::Go { list: searched(&self.state), target, clock, place: self.state.place })
            }
            Ok(Place::Offset(offset)) => self.act.emit(self.state.to_byte(offset)),
            Err(sentence) => self.act.emit(Action::Say(sentence)),
        }
    }

    /// Goes to the next command of which something odd is said, or to the one before.
    pub fn step_odd(&self, back: bool) {
        self.link.ask(&Ask::Odd { list: searched(&self.state), here: self.state.here(), back });
    }
}

impl State {
    /// What leads to a byte of the selected command; where there is none, the sentence that says so.
    fn to_byte(&self, offset: u32) -> Action {
        let Some(detail) = self.shown_detail() else {
            return Action::Say("Select a command first: an offset counts from its first byte.".to_owned());
        };
        let length = detail.sources.get(usize::from(self.source)).map_or(0, |source| source.bytes.len());
        if offset as usize >= length {
            let bytes = counted(length as u64, "byte", "bytes");
            let whole = match &detail.packet {
                Some(packet) => format!("packet {}", count(packet.number.into())),
                None => format!("command {}", count(detail.pdu.into())),
            };
            return Action::Say(format!("0x{offset:x} lies behind the end: there are {bytes} in {whole}."));
        }
        if detail.packet.is_some() {
            return Action::SelectItem(innermost(&detail.items, 0, offset));
        }
        Action::Select(detail.pdu, Some(Range { source: self.source, start: offset, end: offset + 1 }))
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::protocol::Tell;
    use crate::worker::session::Session;

    #[test]
    fn a_byte_of_the_selected_command_leads_to_its_field() {
        let file = include_bytes!("../../../tests/captures/msnp8-signin-chat/capture.pcap");
        let mut session = Session::default();
        session.feed(file).unwrap();
        session.finish();
        let state = State::default();
        assert!(matches!(state.to_byte(0), Action::Say(sentence) if sentence.contains("Select a command first")));
        let state = state.after(Action::Select(1, None));
        let state = state.after(Action::Told(Tell::Detail(session.detail(1).map(Box::new))));
        assert!(
            matches!(state.to_byte(9999), Action::Say(sentence) if sentence.starts_with("0x270f lies behind the end"))
        );
        let state = state.after(state.to_byte(4));
        let detail = Rc::clone(state.detail.as_ref().unwrap());
        let item = detail.items.get(state.selection.unwrap().item.unwrap()).unwrap();
        assert!(item.range.covers(0, 4) && item.value == "1", "the transaction number of VER 1: {item:?}");
    }
}
