//! Transfers: the pictures, files and other objects that go from program to program, put together from their packets.
//!
//! Comes in: commands, as an analysis finds them. Goes out: one [`Transfer`] for each object, with the dialogue about it
//! and a map of its bytes ([`ChunkMap`]). The bytes themselves are not copied where they can be read again: a transfer
//! knows where they stand, and [`Transfer::read`] and [`Transfer::check`] ask for them ([`Bytes`]).
//!
//! Source: protocol reference, P2P, SLP, transfers.

mod call;
mod follow;
mod ftp;
mod held;
mod kind;
mod map;
mod note;
mod object;
mod pair;
mod receipts;
mod running;
mod step;

pub use follow::{Arrived, Transfers};
pub use held::{Keeping, OBJECT_BYTES, TOTAL_BYTES};
pub use kind::Kind;
pub use map::{Chunk, ChunkMap, Overlap, Run};
pub use object::{Bytes, Check, Unread, Verdict, content_type};
pub use step::{State, Step, What};

use crate::analysis::Command;
use crate::capture::Timestamp;
use crate::msnp::p2p::v2;
use crate::msnp::{Direction, MsnObject};
use crate::tree::{Span, Text, TextId, texts};

texts! {
    SWITCHBOARD = "carrier.switchboard", "switchboard";
    DIRECT = "carrier.direct", "direct connection";
    MSNFTP = "carrier.msnftp", "MSNFTP";
    DATAGRAMS = "carrier.sdg", "datagrams";
    TURN = "carrier.turn", "relay";
    UDP = "carrier.udp", "UDP";
}

/// The text tables of this room.
pub(crate) static ALL_TEXTS: &[&[TextId]] = &[TEXTS, kind::TEXTS, note::TEXTS, step::TEXTS];

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
    branch: Option<String>,
    /// The devices of who has it and who gets it, where addresses name them.
    devices: [Option<String>; 2],
    /// One side has ended the session.
    closed: bool,
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
    /// invitation decides between them, else the first one, as long as nothing lies behind its end.
    fn announce(&mut self, total: u64) {
        let believed = match self.announced {
            _ if total == 0 => return,
            None => true,
            Some(known) if self.declared == Some(known) => false,
            Some(known) => self.declared == Some(total) || (known < total && known < self.map.furthest()),
        };
        if believed {
            self.announced = Some(total);
        }
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
        if data.first() {
            self.announce(left);
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

    /// Where it was first heard of.
    #[must_use]
    pub fn began(&self) -> Option<Sighting> {
        let step = self.steps.first().map(|step| step.sighting);
        let chunk = self.map.chunks.first().map(|chunk| chunk.sighting);
        step.into_iter().chain(chunk).min_by_key(|sighting| (sighting.time, sighting.frame, sighting.pdu))
    }

    /// Where it was last heard of.
    #[must_use]
    pub fn ended(&self) -> Option<Sighting> {
        let step = self.steps.last().map(|step| step.sighting);
        let chunk = self.map.chunks.last().map(|chunk| chunk.sighting);
        step.into_iter().chain(chunk).max_by_key(|sighting| (sighting.time, sighting.frame, sighting.pdu))
    }

    /// What is missing of it: first byte and the one behind the last.
    #[must_use]
    pub fn gaps(&self) -> Vec<(u64, u64)> {
        self.map.gaps(self.size().unwrap_or_else(|| self.map.furthest()))
    }

    /// Bytes in a second, from the first to the last chunk.
    #[must_use]
    pub fn throughput(&self) -> Option<f64> {
        let (first, last) = (self.map.chunks.first()?, self.map.chunks.last()?);
        let nanos = last.sighting.time.nanos_since(first.sighting.time);
        #[allow(clippy::cast_precision_loss, reason = "a rate need not be exact")]
        (nanos > 0).then(|| self.map.covered() as f64 * 1e9 / nanos as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }
}
