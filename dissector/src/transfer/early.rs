//! What is heard too early: a hole on one side of a connection is waited for, so that meanwhile the other side answers what
//! was not heard yet. Which of two came first in the capture, the numbers of their packets tell.
//!
//! Comes in: what has nothing to belong to. It goes out again when that is there, if it stands before it in the capture.

use super::follow::LOOK_BACK;
use super::pair::Ends;
use super::{Kind, Sighting, Transfer, Transfers};
use crate::msnp::p2p::slp::Slp;
use crate::msnp::p2p::v1;

/// A place in the capture: packet, and PDU.
pub(super) type Moment = (u64, u32);

impl Sighting {
    /// When it was.
    pub(super) fn moment(self) -> Moment {
        (self.frame, self.pdu)
    }
}

/// Signalling messages of calls that nobody has heard of, the latest of them.
#[derive(Debug, Default)]
pub(super) struct EarlyCalls(Vec<(Sighting, Slp)>);

impl EarlyCalls {
    /// A message waits for its invitation.
    pub fn wait(&mut self, sighting: Sighting, slp: &Slp) {
        if self.0.len() >= LOOK_BACK {
            self.0.remove(0);
        }
        self.0.push((sighting, slp.clone()));
    }

    /// Those of a call whose invitation stands at `moment`, in the order of the capture.
    pub fn take(&mut self, call: &str, moment: Moment) -> Vec<(Sighting, Slp)> {
        let belongs =
            |(sighting, slp): &mut (Sighting, Slp)| slp.call_id.as_deref() == Some(call) && sighting.moment() > moment;
        let mut taken = self.0.extract_if(.., belongs).collect::<Vec<_>>();
        taken.sort_by_key(|(sighting, _)| sighting.moment());
        taken
    }
}

/// An acknowledgement of version 1 whose data were not heard yet.
#[derive(Debug, Clone)]
pub(super) struct EarlyAck {
    header: v1::Header,
    by: Sighting,
    receiver: bool,
    counted: bool,
}

/// So many acknowledgements of a transfer wait.
const EARLY_ACKS: usize = 16;

impl Transfer {
    /// An acknowledgement waits for its data.
    pub(super) fn acknowledged_early(&mut self, header: &v1::Header, by: Sighting, receiver: bool) {
        if self.early.len() >= EARLY_ACKS {
            self.early.remove(0);
        }
        self.early.push(EarlyAck { header: *header, by, receiver, counted: false });
    }

    /// Data of a message have come: who acknowledged them, the first time that this is known.
    pub(super) fn late(&mut self, identifier: u32, data: Moment) -> Vec<Sighting> {
        let mut early = std::mem::take(&mut self.early);
        let mut told = Vec::new();
        let waited = |ack: &&mut EarlyAck| ack.header.ack_id == identifier && ack.by.moment() > data;
        for EarlyAck { header, by, receiver, counted } in early.iter_mut().filter(waited) {
            if *counted {
                self.map.acknowledge_message(identifier, self.reach(header), *by, *receiver);
            } else if self.acknowledge(header, *by, *receiver) {
                *counted = true;
                told.push(*by);
            }
        }
        self.early = early;
        told
    }
}

impl Transfers {
    /// A transfer of a session whose packets came before their invitation was heard, which stands before them in the capture:
    /// it takes what the invitation says.
    pub(super) fn adopt(&mut self, invited: &Transfer, sighting: Sighting) -> Option<usize> {
        let theirs = Ends::of(invited);
        let fits = |at: &usize| {
            self.all.get(*at).is_some_and(|one| {
                let ends = Ends::of(one);
                let unheard_of = one.call.is_none() && matches!(one.kind, Kind::Object | Kind::File);
                let later = one.began().is_some_and(|began| began.moment() > sighting.moment());
                unheard_of && later && ends.from.fits(&theirs.from) && ends.to.fits(&theirs.to)
            })
        };
        let places = self.by_session.get(&invited.session?).filter(|_| invited.kind.is_bytes())?;
        let at = places.iter().rev().take(LOOK_BACK).copied().find(fits)?;
        let known = self.all.get_mut(at)?;
        known.kind = invited.kind;
        known.from = invited.from.clone().or_else(|| known.from.take());
        known.to = invited.to.clone().or_else(|| known.to.take());
        known.name.clone_from(&invited.name);
        known.declared = invited.declared;
        known.call.clone_from(&invited.call);
        known.object.clone_from(&invited.object);
        known.preview.clone_from(&invited.preview);
        known.branch.clone_from(&invited.branch);
        for (device, told) in known.devices.iter_mut().zip(&invited.devices) {
            *device = told.clone().or_else(|| device.take());
        }
        known.believe();
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::msnp::p2p::slp::{Application, Body, BodyKind, Context, Method, Start};
    use crate::transfer::held::Held;
    use crate::transfer::{Carrier, State, What, map};
    use crate::tree::Span;

    fn at(frame: u64, pdu: u32) -> Sighting {
        Sighting { frame, pdu, from_client: true, ..Sighting::default() }
    }

    fn said(start: Start, kind: BodyKind) -> Slp {
        let context = Context::File { name: "a.txt".to_owned(), size: 100, kind: 0, preview: None };
        let application = Some(Application::File);
        let body = Body { kind, session: Some(7), application, context, ..Body::default() };
        Slp { start, call_id: Some("c".to_owned()), branch: Some("b".to_owned()), body, ..Slp::default() }
    }

    fn invitation() -> Slp {
        said(Start::Request(Method::Invite), BodyKind::Session)
    }

    fn end() -> Slp {
        Slp { branch: None, ..said(Start::Request(Method::Bye), BodyKind::Close) }
    }

    /// A piece of a message, as a packet of version 1 brings it.
    fn piece(transfers: &mut Transfers, place: usize, offset: u64, sighting: Sighting) {
        let (span, carrier, mark) = (Span::pdu(0, 50), Carrier::Switchboard, map::Mark::Identifier(5));
        let arrival = map::Arrival { offset, span, lacks: 0, carrier, counted: true, asks: true, mark };
        let transfer = &mut transfers.all[place];
        transfer.announce(100);
        transfer.map.push(arrival.chunk(sighting, Held::Elsewhere));
        for by in transfer.late(5, sighting.moment()) {
            transfers.step(place, What::Acknowledged, by);
        }
    }

    fn told(transfer: &Transfer) -> Vec<(What, u64)> {
        transfer.steps.iter().map(|step| (step.what, step.sighting.frame)).collect()
    }

    #[test]
    fn an_answer_that_is_heard_before_its_invitation_waits_for_it() {
        let mut transfers = Transfers::default();
        let accepts = said(Start::Response { code: 200 }, BodyKind::Session);
        transfers.slp(at(30, 1), &end());
        transfers.slp(at(20, 2), &accepts);
        transfers.slp(at(10, 3), &invitation());
        let wanted = [(What::Offered, 10), (What::Accepted, 20), (What::Closed, 30)];
        assert_eq!(transfers.all.iter().map(told).collect::<Vec<_>>(), [wanted]);
        let mut another = Transfers::default();
        another.slp(at(9, 1), &accepts);
        another.slp(at(10, 2), &invitation());
        assert_eq!(told(&another.all[0]), [(What::Offered, 10)], "nobody answers what was not said yet");
        (0..200).for_each(|pdu| another.slp(at(20, pdu), &Slp { call_id: Some(pdu.to_string()), ..accepts.clone() }));
        assert_eq!(another.calls.0.len(), LOOK_BACK);
    }

    #[test]
    fn bytes_that_are_heard_before_their_invitation_are_its_own() {
        for (frame, transfers_in_all) in [(10, 1), (25, 2)] {
            let mut transfers = Transfers::default();
            let place = transfers.unheard_of(7, &Ends::default(), crate::msnp::p2p::Role::File);
            piece(&mut transfers, place, 0, at(20, 1));
            piece(&mut transfers, place, 50, at(21, 2));
            transfers.slp(at(frame, 3), &invitation());
            assert_eq!(transfers.all.len(), transfers_in_all, "{frame}");
            let first = &transfers.all[0];
            assert_eq!(
                (first.name.as_str(), first.state_so_far()),
                (["a.txt", ""][transfers_in_all - 1], State::Complete)
            );
        }
    }

    /// The receiver has all and ends the session, on the other side's hole.
    #[test]
    fn an_acknowledgement_and_an_end_that_are_heard_before_the_bytes_come_after_them() {
        for (acknowledged, state) in [(30, State::Incomplete), (50, State::Cancelled)] {
            let mut transfers = Transfers::default();
            transfers.slp(at(10, 1), &invitation());
            let header = v1::Header { ack_id: 5, ack_size: 100, ..v1::Header::default() };
            transfers.all[0].acknowledged_early(&header, at(acknowledged, 2), true);
            transfers.slp(at(40, 3), &end());
            piece(&mut transfers, 0, 0, at(20, 4));
            let transfer = &transfers.all[0];
            assert_eq!(transfer.state_so_far(), state, "{acknowledged}");
            assert_eq!(transfer.map.chunks[0].acknowledged_by, Some(2));
            let mut wanted = [(What::Offered, 10), (What::Acknowledged, acknowledged), (What::Closed, 40)];
            wanted.sort_by_key(|(_, frame)| *frame);
            assert_eq!(told(transfer), wanted);
        }
    }
}
