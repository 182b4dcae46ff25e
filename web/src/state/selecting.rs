//! What is selected: a command and a field of it, or a whole packet.

use std::rc::Rc;

use super::hearing::field_at;
use super::{State, View};
use crate::protocol::find::Here;
use crate::protocol::{Detail, Range};

/// The one selected thing: a command, and in it a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Selection {
    /// The command; 0 where a packet is selected in which none ends.
    pub pdu: u32,
    /// The packet that is looked at instead, by its number.
    pub packet: Option<u32>,
    /// The field: index into the items of its [`Detail`].
    pub item: Option<usize>,
    /// Bytes whose field is to be selected as soon as the fields are known.
    pub wanted: Option<Range>,
}

impl Selection {
    /// Whether these fields are those of what is selected.
    #[must_use]
    pub fn is_of(&self, detail: &Detail) -> bool {
        detail.about() == (self.packet, if self.packet.is_some() { 0 } else { self.pdu })
    }
}

impl State {
    /// A packet is selected, and with it a command that ends in it, if one does.
    pub(super) fn look_at(&mut self, pdu: u32, packet: u32) {
        self.select(pdu, None);
        self.source = 0;
        self.selection = Some(Selection { pdu, packet: Some(packet), ..Selection::default() });
    }

    /// Whether this command is selected; of none in particular it is true.
    pub(super) fn is_selected(&self, pdu: Option<u32>) -> bool {
        pdu.is_none_or(|pdu| self.selection.is_some_and(|selection| selection.pdu == pdu))
    }

    /// Where steps lead on from.
    #[must_use]
    pub fn here(&self) -> Here {
        let pdu = self.selection.map(|selection| selection.pdu).filter(|pdu| *pdu > 0);
        Here { pdu, place: self.place, answered: self.steps }
    }

    /// The fields of what is selected, if they are known: those on screen may still be those of the command before.
    #[must_use]
    pub fn shown_detail(&self) -> Option<&Rc<Detail>> {
        self.detail.as_ref().filter(|detail| self.selection.is_some_and(|selection| selection.is_of(detail)))
    }

    pub(super) fn select(&mut self, pdu: u32, wanted: Option<Range>) {
        let known = self.detail.as_ref().filter(|detail| detail.about() == (None, pdu));
        let item = known.and_then(|detail| field_at(detail, wanted));
        self.range = None;
        if self.seeking.said.is_some() {
            Rc::make_mut(&mut self.seeking).said = None;
        }
        if self.selection.is_none_or(|s| s.pdu != pdu) {
            self.source = 0;
            // A command of the shown transfer leaves it in place; one that is selected elsewhere leads to its own.
            self.transfer = match self.view {
                View::Transfers => self.shown_transfer().map(|shown| shown.id).or(self.transfer),
                _ => None,
            };
        }
        self.selection = Some(Selection { pdu, packet: None, item, wanted: wanted.filter(|_| item.is_none()) });
        if let (Some(item), Some(detail)) = (item, self.detail.clone()) {
            self.show_source_of(item, &detail);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Overview, PacketFacts, Progress, Tell};
    use crate::route::Route;
    use crate::state::{Action, View};

    fn told(state: &State, detail: &Detail) -> State {
        state.after(Action::Told(Tell::Detail(Some(Box::new(detail.clone())))))
    }

    #[test]
    fn a_packet_is_selected_beside_its_command_and_the_way_back_is_known() {
        let command = crate::state::tests::detail(2);
        let number = |number| Some(PacketFacts { number, commands: Vec::new() });
        let packet = Detail { packet: number(9), ..(*command).clone() };
        let state = State::default().after(Action::Select(2, None)).after(Action::Packet(2, 9));
        assert_eq!(told(&state, &command).detail, None, "fields of the command");
        let state = told(&state, &packet);
        assert_eq!(state.detail.as_deref(), Some(&packet));
        assert_eq!((state.route().pdu, state.route().packet), (Some(2), Some(9)));
        assert_eq!(state.after(Action::SelectItem(Some(1))).selection.and_then(|s| s.item), Some(1));
        assert!(state.after(Action::Mark).marked.is_none(), "only commands are compared");
        let back = state.after(Action::Select(2, None));
        assert_eq!(back.selection, Some(Selection { pdu: 2, ..Selection::default() }));
        assert_eq!(state.after(Action::Navigate(state.route())).selection, state.selection);
        let route = Route { view: View::Packets, packet: Some(4), ..Route::default() };
        let linked = state.after(Action::Navigate(route.clone()));
        assert_eq!(linked.selection, Some(Selection { packet: Some(4), ..Selection::default() }));
        assert_eq!(linked.route(), route);
        let resolved = told(&linked, &Detail { packet: number(4), ..packet });
        assert_eq!((resolved.selection.map(|s| s.pdu), resolved.route().is_elsewhere(&route)), (Some(2), false));
    }

    #[test]
    fn a_link_to_a_packet_that_is_not_there_says_so() {
        let state = State::default().after(Action::Packet(0, 40));
        let overview = Overview { packets: 39.0, commands: 5, ..Overview::default() };
        let progress = Progress { overview, ..Progress::default() };
        let state = state.after(Action::Told(Tell::Progress(Box::new(progress))));
        assert_eq!((state.selection, state.notice.as_deref()), (None, Some("There is no packet 40: the last is 39.")));
    }
}
