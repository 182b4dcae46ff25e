//! Transfers: the pictures, files and other objects that go from program to program, put together from their packets.
//!
//! Comes in: commands, as an analysis finds them. Goes out: one [`Transfer`] for each object, with the dialogue about it
//! and a map of its bytes ([`ChunkMap`]). The bytes themselves are not copied where they can be read again: a transfer
//! knows where they stand, and [`Transfer::read`] and [`Transfer::check`] ask for them ([`Bytes`]).
//!
//! Source: protocol reference, P2P, SLP, transfers.

mod call;
mod early;
mod follow;
mod ftp;
mod held;
mod kind;
mod map;
mod note;
mod object;
mod outcome;
mod pair;
mod receipts;
mod running;
mod step;
mod whose;

pub use follow::{Arrived, Transfers};
pub use held::{Keeping, OBJECT_BYTES, TOTAL_BYTES};
pub use kind::Kind;
pub use map::{Chunk, ChunkMap, Overlap, Run};
pub use note::Note;
pub use object::{Bytes, Check, Unread, Verdict, content_type};
pub use outcome::{IN_TRANSFERS, Shortage};
pub use step::{State, Step, What};

use std::mem::discriminant;

use crate::analysis::Command;
use crate::capture::Timestamp;
use crate::msnp::p2p::{v1, v2};
use crate::msnp::{Direction, MsnObject};
use crate::tree::{ExpertId, Span, Text, TextId, texts};

texts! {
    SWITCHBOARD = "carrier.switchboard", "switchboard";
    DIRECT = "carrier.direct", "direct connection";
    MSNFTP = "carrier.msnftp", "MSNFTP";
    DATAGRAMS = "carrier.sdg", "datagrams";
    TURN = "carrier.turn", "relay";
    UDP = "carrier.udp", "UDP";
}

/// The text tables of this room.
pub(crate) static ALL_TEXTS: &[&[TextId]] = &[TEXTS, kind::TEXTS, note::TEXTS, outcome::TEXTS, step::TEXTS];

/// The expert tables of this room.
pub(crate) static EXPERTS: &[&[ExpertId]] = &[outcome::EXPERTS];

/// What carries packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carrier {
    /// Messages in a chat room.
    Switchboard,
    /// A TCP connection between the two programs.
    Direct,
    /// The file transfer of early dialects, a TCP connection of its own.
    Msnftp,
    /// Datagrams through the notification server; MSNP21.
    Datagrams,
    /// A relay.
    Turn,
    /// UDP datagrams between the two programs.
    Udp,
}

impl Carrier {
    /// What to call it.
    #[must_use]
    pub fn name(self) -> Text {
        let text = match self {
            Self::Switchboard => SWITCHBOARD,
            Self::Direct => DIRECT,
            Self::Msnftp => MSNFTP,
            Self::Datagrams => DATAGRAMS,
            Self::Turn => TURN,
            Self::Udp => UDP,
        };
        text.text()
    }
}

/// Where something stands in the capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sighting {
    /// Number of the PDU.
    pub pdu: u32,
    /// Number of the packet that completed it.
    pub frame: u64,
    /// Time of that packet.
    pub time: Timestamp,
    /// The connection.
    pub stream: u32,
    /// The client of that connection sent it.
    pub from_client: bool,
}

impl Sighting {
    fn of(command: &Command<'_>) -> Self {
        let Command { number, frame, time, stream, context, .. } = *command;
        Self { pdu: number, frame, time, stream, from_client: context.direction == Direction::ToServer }
    }
}

/// One object on its way, or only offered.
#[derive(Debug, Clone, Default)]
pub struct Transfer {
    /// Its number, from 1, in the order in which they were first heard of.
    pub id: u32,
    /// What is transferred.
    pub kind: Kind,
    /// Who has it; `None` when nothing tells.
    pub from: Option<String>,
    /// Who gets it.
    pub to: Option<String>,
    /// What it is called: the name of a file, as its sender wrote it, or of an emoticon. Not safe as the name of a file.
    pub name: String,
    /// Its size in bytes as the invitation says.
    pub declared: Option<u64>,
    /// Its size in bytes as its packets say.
    pub announced: Option<u64>,
    /// Number of the session.
    pub session: Option<u32>,
    /// Identifier of the call by which it was agreed on.
    pub call: Option<String>,
    /// The object, where the invitation describes one.
    pub object: Option<MsnObject>,
    /// A small picture of a file, from its invitation.
    pub preview: Option<Vec<u8>>,
    /// What was agreed and done, in order.
    pub steps: Vec<Step>,
    /// What carried it, in order of appearance.
    pub carriers: Vec<Carrier>,
    /// Where its bytes are.
    pub map: ChunkMap,
    /// Packets with data whose place in the object is not known: the first one was not captured.
    pub unplaced: u32,
    /// Packets that came a second time because the capture shows both ends.
    pub relayed: u32,
    /// How far it came.
    pub state: State,
    /// What the steps say, each kind of step once.
    happened: Vec<What>,
    /// The first and the last of the packets whose place is not known.
    unplaced_at: Option<(Sighting, Sighting)>,
    branch: Option<String>,
    /// The devices of who has it and who gets it, where addresses name them.
    devices: [Option<String>; 2],
    /// When one side ended the session.
    closed: Option<early::Moment>,
    /// When the receiver said first that it has all of it.
    received: Option<early::Moment>,
    /// Acknowledgements whose data were not heard yet.
    early: Vec<early::EarlyAck>,
    /// Acknowledgements of another number of bytes than it has.
    miscounted: u32,
    /// Sizes that its packets say, and how many say each.
    claims: Vec<(u64, u32)>,
    /// A size that a first packet says and that is more than the invitation's, how much of it is to come behind it, and
    /// where it ends in its sender's count; version 2.
    doubted: Option<(u64, u64, u32)>,
    /// Such a size that the next packet did not bear out.
    refuted: Option<u64>,
    /// Who sends its bytes.
    source: whose::Source,
    holding: held::Holding,
    /// Hashes that go on where bytes are not kept.
    running: Option<running::Running>,
}

impl Transfer {
    /// Its size in bytes: what its packets say, else what was agreed.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.announced.or(self.declared)
    }

    /// A packet says how much there is. Some programs say nothing, or something else in one packet than in the others: the
    /// invitation decides between them, else most of them, the first one where as many say something else, as long as
    /// nothing lies behind its end.
    fn announce(&mut self, total: u64) {
        const CLAIMS: usize = 16;
        if total == 0 {
            return;
        }
        if let Some((_, times)) = self.claims.iter_mut().find(|(claim, _)| *claim == total) {
            *times = times.saturating_add(1);
        } else if self.claims.len() < CLAIMS {
            self.claims.push((total, 1));
        }
        self.believe();
    }

    /// Decides between the sizes that packets say.
    fn believe(&mut self) {
        let (declared, furthest) = (self.declared, self.map.furthest());
        let weight = |&(claim, times): &(u64, u32)| (declared == Some(claim), claim >= furthest, times);
        // The first of the heaviest.
        let believed = self.claims.iter().rev().max_by_key(|claim| weight(claim));
        self.announced = believed.map(|(claim, _)| *claim).or(self.announced);
    }

    /// A message of version 1 is acknowledged, by the receiver where that is known; says whether its data are the
    /// transfer's. It counts for as many bytes as it says: a receiver that has all says as many as there are. One that says
    /// none leaves out how many.
    fn acknowledge(&mut self, header: &v1::Header, by: Sighting, receiver: bool) -> bool {
        let (until, size, reach) = (header.ack_size, self.size(), self.reach(header));
        let found = self.map.acknowledge_message(header.ack_id, reach, by, receiver);
        if found {
            if until > 0 && size.is_some() && reach == u64::MAX {
                self.receive(by);
            }
            let differs = until > 0 && size.is_some_and(|size| size != until);
            self.miscounted = self.miscounted.saturating_add(differs.into());
        }
        found
    }

    /// Up to which byte an acknowledgement counts.
    fn reach(&self, header: &v1::Header) -> u64 {
        let partial = header.ack_size > 0 && self.size().is_some_and(|size| header.ack_size < size);
        if partial { header.ack_size } else { u64::MAX }
    }

    /// The receiver says that it has all of it.
    fn receive(&mut self, by: Sighting) {
        self.received = Some(self.received.map_or(by.moment(), |before| before.min(by.moment())));
    }

    /// Whether the receiver said that it has all of it before anybody ended the session.
    fn is_received(&self) -> bool {
        self.received.is_some_and(|received| self.closed.is_none_or(|closed| received < closed))
    }

    /// Something happened to it. What is heard late takes its place among what stands behind it in the capture.
    fn happen(&mut self, what: What, sighting: Sighting) {
        let behind = self.steps.iter().rev().take_while(|step| step.sighting.moment() > sighting.moment()).count();
        self.steps.insert(self.steps.len().saturating_sub(behind), Step { what, sighting });
        if !self.happened.iter().any(|other| discriminant(other) == discriminant(&what)) {
            self.happened.push(what);
        }
    }

    /// A packet with data came whose place in it is not known.
    fn misplace(&mut self, sighting: Sighting) {
        self.unplaced = self.unplaced.saturating_add(1);
        self.unplaced_at = Some((self.unplaced_at.map_or(sighting, |(first, _)| first), sighting));
    }

    /// Takes its place behind the others, and the next number; says which place.
    fn begin(self, all: &mut Vec<Self>) -> usize {
        let at = all.len();
        let id = u32::try_from(at.saturating_add(1)).unwrap_or(u32::MAX);
        all.push(Self { id, ..self });
        at
    }

    /// Where a chunk of version 2 begins: so many bytes before the end, which the first chunk tells, or the invitation.
    fn offset_in_two(&mut self, header: &v2::Header, span: Span) -> Option<u64> {
        let data = header.data.unwrap_or_default();
        // Of a packet that is cut the header still knows how much it had.
        let promised = u32::from(header.message_length.saturating_sub(data.length.into()));
        let length = span.end.saturating_sub(span.start).max(promised);
        let left = data.remaining.saturating_add(length.into());
        let end = header.sequence.wrapping_add(header.message_length.into());
        if data.first() {
            // More than was agreed on is believed when what comes next bears it out.
            let doubted = self.declared.is_some_and(|declared| declared < left);
            self.doubted = doubted.then_some((left, data.remaining, end));
            if doubted {
                return Some(0);
            }
            self.announce(left);
        } else if let Some((claim, remaining, before)) = self.doubted.take() {
            let counted = end.wrapping_sub(before);
            // So much of the object went by: exactly that, or no more than the count tells, headers and all.
            let borne_out = |passed: u64| match counted == u32::from(header.message_length) {
                true => passed == u64::from(length),
                false => passed < counted.into(),
            };
            if remaining.checked_sub(data.remaining).is_some_and(borne_out) {
                self.announce(claim);
            } else {
                self.refuted = Some(claim);
            }
        }
        self.size()?.checked_sub(left)
    }

    /// Whether every byte of it has come; of an empty one there are none, and it is whole once it is accepted.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let accepted = || self.steps.iter().any(|step| step.what == What::Accepted);
        self.kind.is_bytes()
            && self.size().is_some_and(|size| if size == 0 { accepted() } else { self.map.covers(size) })
    }

    /// Where it was first heard of, in the order of packets: clocks may go backwards.
    #[must_use]
    pub fn began(&self) -> Option<Sighting> {
        let step = self.steps.first().map(|step| step.sighting);
        let chunk = self.map.chunks.first().map(|chunk| chunk.sighting);
        let unplaced = self.unplaced_at.map(|(first, _)| first);
        step.into_iter().chain(chunk).chain(unplaced).min_by_key(|sighting| sighting.moment())
    }

    /// Where it was last heard of.
    #[must_use]
    pub fn ended(&self) -> Option<Sighting> {
        let step = self.steps.last().map(|step| step.sighting);
        let chunk = self.map.chunks.last().map(|chunk| chunk.sighting);
        let unplaced = self.unplaced_at.map(|(_, last)| last);
        step.into_iter().chain(chunk).chain(unplaced).max_by_key(|sighting| sighting.moment())
    }

    /// What is missing of it: first byte and the one behind the last.
    #[must_use]
    pub fn gaps(&self) -> Vec<(u64, u64)> {
        self.map.gaps(self.size().unwrap_or_else(|| self.map.furthest()))
    }

    /// Bytes in a second, from the first to the last chunk: those of the first are not among them, as they had come when the
    /// time began. `None` when no time passed between the two.
    #[must_use]
    pub fn throughput(&self) -> Option<f64> {
        let (first, last) = (self.map.chunks.first()?, self.map.chunks.last()?);
        let nanos = last.sighting.time.nanos_since(first.sighting.time);
        let bytes = self.map.covered().saturating_sub(first.fresh);
        #[allow(clippy::cast_precision_loss, reason = "a rate need not be exact")]
        (nanos > 0 && bytes > 0).then(|| bytes as f64 * 1e9 / nanos as f64)
    }

    /// How many packets say another size than it has, and what the first of them says.
    fn disbelieved(&self) -> Option<(u32, u64)> {
        let others = self.claims.iter().filter(|(claim, _)| Some(*claim) != self.size());
        let refuted = self.refuted.or(self.doubted.map(|(claim, ..)| claim)).map(|claim| (claim, 1));
        let mut all = others.copied().chain(refuted);
        let (first, times) = all.next()?;
        Some((all.fold(times, |times, (_, more)| times.saturating_add(more)), first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_goes_backwards_turns_nothing_round() {
        let step = |frame, seconds| Step {
            what: What::Closed,
            sighting: Sighting { frame, time: Timestamp::new(seconds, 0, 6), ..Sighting::default() },
        };
        let transfer = Transfer { steps: vec![step(3, 900), step(8, 100)], ..Transfer::default() };
        assert_eq!((transfer.began().map(|one| one.frame), transfer.ended().map(|one| one.frame)), (Some(3), Some(8)));
    }

    fn arrive(transfer: &mut Transfer, offset: u64, length: u32, mark: map::Mark) {
        let (span, carrier) = (Span::pdu(0, length), Carrier::Switchboard);
        let arrival = map::Arrival { offset, span, lacks: 0, carrier, counted: true, asks: true, mark };
        transfer.map.push(arrival.chunk(Sighting::default(), held::Held::Elsewhere));
    }

    /// Reference, P2P 3.4.5.
    #[test]
    fn an_acknowledgement_counts_for_as_many_bytes_as_it_says() {
        let mut transfer = Transfer { announced: Some(3000), ..Transfer::default() };
        (0..3).for_each(|place| arrive(&mut transfer, place * 1000, 1000, map::Mark::Identifier(5)));
        let mut acknowledge = |ack_size, pdu| {
            let header = v1::Header { ack_id: 5, ack_size, ..v1::Header::default() };
            let found = transfer.acknowledge(&header, Sighting { pdu, ..Sighting::default() }, true);
            let by = transfer.map.chunks.iter().map(|chunk| chunk.acknowledged_by).collect::<Vec<_>>();
            (found, by, transfer.is_received(), transfer.miscounted)
        };
        assert_eq!(acknowledge(2500, 8), (true, vec![Some(8), Some(8), None], false, 1));
        assert_eq!(acknowledge(3000, 9), (true, vec![Some(8), Some(8), Some(9)], true, 1));
        assert_eq!(acknowledge(3000, 10), (false, vec![Some(8), Some(8), Some(9)], true, 1));
        let mut silent = Transfer { announced: Some(1000), ..Transfer::default() };
        arrive(&mut silent, 0, 1000, map::Mark::Identifier(5));
        let header = v1::Header { ack_id: 5, ..v1::Header::default() };
        assert!(silent.acknowledge(&header, Sighting::default(), true) && !silent.is_received());
        assert!(silent.map.chunks[0].acknowledged_by.is_some(), "how many is left out");
    }

    /// The first chunk of version 2 tells the size, the others where they are before its end.
    #[test]
    fn a_first_chunk_that_says_too_much_is_not_believed_alone() {
        let offsets = |declared, chunks: &[(u8, u64)]| {
            let mut transfer = Transfer { declared, ..Transfer::default() };
            let place = |(number, (kind, remaining)): (u32, &(u8, u64))| {
                let data = Some(v2::Data { length: 20, kind: *kind, remaining: *remaining, ..v2::Data::default() });
                let (sequence, message_length) = (number * 1020, 1020);
                transfer.offset_in_two(
                    &v2::Header { data, sequence, message_length, ..v2::Header::default() },
                    Span::pdu(0, 1000),
                )
            };
            ((0..).zip(chunks).map(place).collect::<Vec<_>>(), transfer.size())
        };
        let (first, later) = (7, 6);
        let placed = vec![Some(0), Some(1000), Some(2000)];
        for lie in [u64::MAX, 2001] {
            let told = offsets(Some(3000), &[(first, lie), (later, 1000), (later, 0)]);
            assert_eq!(told, (placed.clone(), Some(3000)), "{lie}");
        }
        let grown = offsets(Some(2000), &[(first, 2000), (later, 1000), (later, 0)]);
        assert_eq!(grown, (placed.clone(), Some(3000)), "the packets agree with one another");
        assert_eq!(offsets(None, &[(first, 2000), (later, 1000), (later, 0)]), (placed, Some(3000)));
    }

    #[test]
    fn one_packet_that_miscounts_is_outvoted() {
        let size = |declared, totals: &[u64]| {
            let mut transfer = Transfer { declared, ..Transfer::default() };
            totals.iter().for_each(|total| transfer.announce(*total));
            transfer.size()
        };
        assert_eq!(size(None, &[3000, 3000]), Some(3000));
        assert_eq!(size(Some(3000), &[0, 0]), Some(3000), "nothing is said");
        assert_eq!(size(Some(3000), &[9999, 3000, 9999]), Some(3000), "the invitation decides");
        assert_eq!(size(Some(3000), &[2000, 2000]), Some(2000), "the packets agree with one another");
        assert_eq!(size(None, &[0, 3000, u64::MAX]), Some(3000), "the first one");
        assert_eq!(size(None, &[u64::MAX, 3000, 3000]), Some(3000), "most of them");
        assert_eq!(size(None, &(1..100).chain([50]).collect::<Vec<_>>()), Some(1), "too many to be counted");
    }

    #[test]
    fn sizes_that_are_not_believed_are_told() {
        let mut transfer = Transfer::default();
        [3000, 3000].iter().for_each(|total| transfer.announce(*total));
        assert_eq!(transfer.disbelieved(), None);
        [u64::MAX, 9].iter().for_each(|total| transfer.announce(*total));
        assert_eq!(transfer.disbelieved(), Some((2, u64::MAX)));
        assert_eq!(transfer.notes(&Verdict::default()).len(), 1);
        let two = Transfer { declared: Some(3000), refuted: Some(1 << 40), ..Transfer::default() };
        assert_eq!(two.disbelieved(), Some((1, 1 << 40)));
    }

    /// Three chunks of 1000 bytes in two seconds: in that time two of them came.
    #[test]
    fn throughput_is_of_what_came_while_time_passed() {
        let mut transfer = Transfer::default();
        assert_eq!(transfer.throughput(), None);
        for (place, seconds) in (0..3).zip([10, 11, 12]) {
            arrive(&mut transfer, place * 1000, 1000, map::Mark::Whole);
            let last = transfer.map.chunks.last_mut().unwrap();
            last.sighting.time = Timestamp::new(seconds, 0, 6);
            assert_eq!(transfer.throughput(), (place > 0).then_some(1000.0));
        }
    }
}
