//! Finding and going to: what is written in the bar over a list, and what came of it.

use std::rc::Rc;

use super::State;
use crate::protocol::Range;
use crate::protocol::find::{Found, Hit, Kind, Start};

/// What the bar over a list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// Finding a text or bytes.
    Find,
    /// Going to a command, a packet, a byte, a time.
    GoTo,
}

/// The bar as the page knows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seeking {
    /// What it is for, while it is open.
    pub bar: Option<Bar>,
    /// How often it was asked for: who asks again wants to write in it.
    pub asked: u32,
    /// What is searched for.
    pub text: String,
    /// As what that is to be understood.
    pub kind: Kind,
    /// Number of the search: higher with each change; 0 for none.
    pub id: u32,
    /// How far it has come.
    pub found: Found,
    /// The place where we are.
    pub hit: Option<Hit>,
    /// What is to be said of the place that somebody wanted to go to.
    pub said: Option<String>,
    /// Somebody was led to a place since the bar was asked for.
    led: bool,
    /// The place where we are came up while somebody was writing on: they will not want to come back to it.
    passing: bool,
}

impl Seeking {
    /// The bar is asked for, or put away.
    pub fn turn(&mut self, bar: Option<Bar>) {
        self.bar = bar;
        self.asked = self.asked.wrapping_add(1);
        (self.said, self.led, self.passing) = (None, false, false);
    }

    /// A place was found, to which we go.
    pub(super) fn reach(&mut self, hit: Hit) {
        self.passing = self.led && self.hit.is_none();
        (self.led, self.hit) = (true, Some(hit));
    }

    /// Something else is searched for.
    pub fn write(&mut self, kind: Kind, text: String) {
        (self.kind, self.text) = (kind, text);
        self.id = self.id.wrapping_add(1);
        (self.found, self.hit) = (Found::default(), None);
    }

    /// What is searched for while the bar is open.
    #[must_use]
    pub fn wanted(&self) -> Option<(u32, Kind, &str)> {
        let open = self.bar == Some(Bar::Find);
        Some((self.id, self.kind, self.text.as_str())).filter(|(_, _, text)| open && !text.is_empty())
    }

    /// Whether bytes are searched for, and what is written are none (yet).
    #[must_use]
    pub fn is_faulty(&self) -> bool {
        let digits = self.text.bytes().filter(|byte| !matches!(byte, b' ' | b':'));
        let (all, count) = digits.fold((true, 0), |(all, count), byte| (all && byte.is_ascii_hexdigit(), count + 1));
        self.kind == Kind::Bytes && !self.text.is_empty() && !(all && count % 2 == 0 && count > 0)
    }

    /// “3 of 17”, or how far it has come.
    #[must_use]
    pub fn count(&self) -> String {
        use crate::wording::count;
        let found = &self.found;
        match (self.wanted(), self.hit) {
            (None, _) => String::new(),
            _ if self.is_faulty() => "Two hexadecimal digits for each byte, such as 4d 53 47.".to_owned(),
            _ if found.id != self.id => "…".to_owned(),
            _ if !found.complete() => {
                let share = 100.0 * f64::from(found.done) / f64::from(found.of.max(1));
                format!("{share:.0} % · {} so far", count(found.count.into()))
            }
            _ if found.count == 0 => "Not found".to_owned(),
            (_, Some(hit)) => format!("{} of {}", count((u64::from(hit.nth)) + 1), count(found.count.into())),
            _ => crate::wording::counted(found.count.into(), "place", "places"),
        }
    }
}

impl State {
    /// Somebody wanted to go somewhere. Who arrives is done with the bar, unless there is something to say.
    pub(super) fn arrive(&mut self, pdu: Option<u32>, packet: Option<u32>, said: Option<String>) {
        match (pdu, packet) {
            (Some(pdu), Some(packet)) => self.look_at(pdu, packet),
            (Some(pdu), None) => self.select(pdu, None),
            _ => {}
        }
        let seeking = Rc::make_mut(&mut self.seeking);
        if pdu.is_some() && said.is_none() && seeking.bar == Some(Bar::GoTo) {
            seeking.bar = None;
        }
        seeking.said = said;
    }

    /// What is selected came up while somebody was writing what to search for.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        let pdu = self.selection.map(|selection| selection.pdu);
        self.seeking.passing && self.seeking.hit.map(|hit| hit.pdu) == pdu
    }

    /// The bytes of the selected command that were found.
    #[must_use]
    pub fn found_bytes(&self) -> Option<Range> {
        let pdu = self.selection.filter(|selection| selection.packet.is_none())?.pdu;
        self.seeking.hit.filter(|hit| self.seeking.bar == Some(Bar::Find) && hit.pdu == pdu).map(|hit| hit.range)
    }

    /// Where the next place is searched from: from the one where we are if its command is still selected.
    #[must_use]
    pub fn search_start(&self, back: bool) -> Start {
        let pdu = self.selection.map(|selection| selection.pdu);
        let hit = self.seeking.hit.filter(|hit| Some(hit.pdu) == pdu);
        Start { pdu, known: hit.map(|hit| hit.range), back, place: self.place }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Tell;
    use crate::state::Action;

    fn hit(pdu: u32, nth: u32) -> Hit {
        Hit { id: 1, nth, pdu, range: Range { source: 0, start: 4, end: 6 }, place: 0 }
    }

    #[test]
    fn the_count_says_how_far_the_search_is_and_where_we_are() {
        let state = State::default().after(Action::Turn(Some(Bar::Find)));
        assert_eq!(state.seeking.count(), "");
        let state = state.after(Action::Find(Kind::Text, "alice".to_owned()));
        assert_eq!(state.seeking.count(), "…");
        let told =
            |state: &State, done, count| state.after(Action::Told(Tell::Found(Found { id: 1, done, of: 10, count })));
        assert_eq!(told(&state, 5, 1200).seeking.count(), "50 % · 1,200 so far");
        assert_eq!(told(&state, 10, 0).seeking.count(), "Not found");
        assert_eq!(told(&state, 10, 17).seeking.count(), "17 places");
        let state = told(&state, 10, 17).after(Action::Told(Tell::Hit(hit(7, 2))));
        assert_eq!(state.seeking.count(), "3 of 17");
        assert_eq!((state.selection.map(|s| s.pdu), state.found_bytes()), (Some(7), Some(hit(7, 2).range)));
        assert_eq!(
            state.search_start(true),
            Start { pdu: Some(7), known: Some(hit(7, 2).range), back: true, place: 0 }
        );
        let elsewhere = state.after(Action::Select(9, None));
        assert_eq!(elsewhere.search_start(false), Start { pdu: Some(9), known: None, back: false, place: 1 });
        let old = state.after(Action::Find(Kind::Text, "bob".to_owned())).after(Action::Told(Tell::Hit(hit(3, 0))));
        assert_eq!(old.seeking.hit, None, "the answer to an earlier question");
    }

    #[test]
    fn places_that_come_up_while_somebody_writes_are_only_passed() {
        let found = |state: &State, id, pdu| state.after(Action::Told(Tell::Hit(Hit { id, ..hit(pdu, 0) })));
        let wrote = |state: &State, text: &str| state.after(Action::Find(Kind::Text, text.to_owned()));
        let state = found(&wrote(&State::default().after(Action::Turn(Some(Bar::Find))), "a"), 1, 7);
        assert!(!state.is_passing(), "the first place is worth an entry of history");
        let state = found(&wrote(&state, "al"), 2, 8);
        assert!(state.is_passing());
        assert!(!found(&state, 2, 9).is_passing(), "asked for the next place");
        assert!(!state.after(Action::Select(3, None)).is_passing(), "went elsewhere");
        let again = state.after(Action::Turn(Some(Bar::Find)));
        assert!(!found(&wrote(&again, "bob"), 3, 5).is_passing());
    }

    #[test]
    fn bytes_are_searched_for_only_when_they_are_whole() {
        let faulty =
            |text: &str| State::default().after(Action::Find(Kind::Bytes, text.to_owned())).seeking.is_faulty();
        assert_eq!(["4d 53", "4d5", "xx", " ", ""].map(faulty), [false, true, true, true, false]);
    }

    #[test]
    fn who_arrives_is_done_with_the_bar_and_else_told_why() {
        let went = |pdu, said: Option<&str>| {
            let state = State::default().after(Action::Turn(Some(Bar::GoTo)));
            let place = state.place;
            state.after(Action::Told(Tell::Went { place, pdu, packet: None, said: said.map(str::to_owned) }))
        };
        let arrived = went(Some(4), None);
        assert_eq!((arrived.seeking.bar, arrived.selection.map(|s| s.pdu)), (None, Some(4)));
        let refused = went(None, Some("There is no command 9."));
        assert_eq!((refused.seeking.bar, refused.selection), (Some(Bar::GoTo), None));
        assert_eq!(refused.seeking.said.as_deref(), Some("There is no command 9."));
        assert_eq!(refused.after(Action::Select(1, None)).seeking.said, None, "it is over with the next selection");
        let state = State::default().after(Action::Turn(Some(Bar::GoTo)));
        let closed = state.after(Action::Turn(None));
        let went = Tell::Went { place: state.place, pdu: Some(4), packet: None, said: None };
        assert_eq!(closed.after(Action::Told(went)).selection, None, "who has put the bar away is not led on");
    }
}
