//! Messages between programs that are too long for one packet: put together again at the packet that completes them.
//!
//! Comes in: every PDU of a connection, in order. Goes out: the whole message, at the PDU that completes it. Pictures and
//! files are not put together here: they may be of any size, and are the business of another room.
//!
//! Source: protocol reference, P2P 3.5 and 4.6. Chunks come in any order and more than once; the first of a range counts.

use std::collections::BTreeMap;

use super::carried::{Bare, carried};
use super::packet::{Role, is_whole, may_be_message, packet};
use super::{Header, Packet, v2};
use crate::msnp::{Direction, Pdu};
use crate::tree::{Assembly, Piece, Recording, Scribe, Span};

/// Unfinished messages of a connection that are remembered; beyond, the oldest is let go.
const OPEN_MESSAGES: usize = 8;
/// Bytes of a message that are held; a longer one is not put together.
const BYTES: u64 = 512 * 1024;
/// Pieces of a message that are held; one that comes in more is let go.
const PIECES: usize = 1024;

/// The unfinished messages of a connection.
#[derive(Debug, Default)]
pub struct Joining {
    /// Oldest first.
    open: Vec<Open>,
}

#[derive(Debug)]
struct Open {
    key: Key,
    total: u64,
    /// Sequence number of the first chunk, in version 2: by it a chunk that is sent again is told from that of another
    /// message.
    first: Option<u32>,
    /// What came first of each byte, by its place in the message.
    pieces: BTreeMap<u64, Held>,
    /// Bytes of all pieces.
    covered: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    direction: Direction,
    /// Who to whom, as the line and the headers say.
    ends: Vec<u8>,
    session: u32,
    message: Message,
}

/// What the chunks of a message share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Message {
    /// Version 1.
    Identifier { identifier: u32, total: u64 },
    /// Version 2.
    Package(u16, u8),
}

#[derive(Debug)]
struct Held {
    pdu: u32,
    /// Where its bytes begin in the PDU.
    start: u32,
    bytes: Vec<u8>,
}

/// A chunk of a message, where it stands in the PDU, and in the message.
struct Chunk<'a> {
    pdu: u32,
    start: usize,
    offset: u64,
    bytes: &'a [u8],
}

impl Joining {
    /// Takes a PDU, which the shell calls `number`; says what it completes: several messages may end in one PDU, as in a
    /// datagram.
    pub fn take(&mut self, number: u32, pdu: &Pdu<'_>, direction: Direction) -> Option<Assembly> {
        let carried = carried(pdu)?;
        let mut completed = Vec::new();
        for bare in carried.packets.iter().filter(|bare| may_be_message(bare.bytes, bare.wrapping)) {
            let Some(packet) = packet(&mut Scribe::new(bare.bytes, Recording::Nothing), bare.wrapping, None) else {
                continue;
            };
            completed.extend(self.join(number, bare, &packet, direction, || carried.ends.together()));
        }
        completed.into_iter().rev().reduce(|also, one| Assembly { also: Some(Box::new(also)), ..one })
    }

    /// Takes a packet; says what it completes.
    fn join(
        &mut self,
        number: u32,
        bare: &Bare<'_>,
        packet: &Packet,
        direction: Direction,
        ends: impl Fn() -> Vec<u8>,
    ) -> Option<Assembly> {
        let (start, end) = (usize::try_from(packet.data.start).ok()?, usize::try_from(packet.data.end).ok()?);
        let bytes = bare.bytes.get(start..end)?;
        let joins = matches!(packet.role, Role::Signalling | Role::Message | Role::Ink);
        if !joins || !packet.counted || bytes.is_empty() || is_whole(&packet.header, bytes.len()) {
            return None;
        }
        let message = match &packet.header {
            Header::V1(header) => Message::Identifier { identifier: header.identifier, total: header.total },
            Header::V2(header) => header.data.map(|data| Message::Package(data.package, data.class()))?,
        };
        let key = Key { direction, ends: ends(), session: packet.session(), message };
        let length = bytes.len() as u64;
        let (at, offset) = match &packet.header {
            Header::V1(header) => {
                let fits = header.total <= BYTES && header.offset.saturating_add(length) <= header.total;
                (fits.then(|| self.begun(&key).unwrap_or_else(|| self.begin(key, header.total, None)))?, header.offset)
            }
            Header::V2(header) => self.place(key, header, length)?,
        };
        let open = self.open.get_mut(at)?;
        let chunk = Chunk { pdu: number, start: bare.start.saturating_add(start), offset, bytes };
        if open.hold(&chunk) == Room::None {
            self.open.remove(at);
            return None;
        }
        (open.covered == open.total).then(|| self.open.remove(at).joined(number))
    }

    /// Which message a chunk of version 2 belongs to, and where in it: so many bytes before the end, which the first tells. A
    /// first chunk begins another message, unless it is the same one again.
    fn place(&mut self, key: Key, header: &v2::Header, length: u64) -> Option<(usize, u64)> {
        let data = header.data?;
        // Of a packet that is cut the header still knows how much it had.
        let promised = u64::from(header.message_length.saturating_sub(data.length.into()));
        let left = data.remaining.saturating_add(length.max(promised));
        let begun = self.begun(&key);
        let at = match begun.filter(|at| self.open.get(*at).is_some_and(|open| open.goes_on(header.sequence, data))) {
            Some(at) => at,
            None if !data.first() => return None,
            None => {
                begun.map(|at| self.open.remove(at));
                (left <= BYTES).then(|| self.begin(key, left, Some(header.sequence)))?
            }
        };
        let total = self.open.get(at)?.total;
        let offset = total.checked_sub(left)?;
        (offset.saturating_add(length) <= total).then_some((at, offset))
    }

    fn begun(&self, key: &Key) -> Option<usize> {
        self.open.iter().position(|open| open.key == *key)
    }

    fn begin(&mut self, key: Key, total: u64, first: Option<u32>) -> usize {
        if self.open.len() >= OPEN_MESSAGES {
            self.open.remove(0);
        }
        self.open.push(Open { key, total, first, pieces: BTreeMap::new(), covered: 0 });
        self.open.len() - 1
    }
}

/// Whether there is room for more pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Some,
    None,
}

impl Open {
    /// Whether a chunk of version 2 belongs to the message: it is not its first, or the same first one again.
    fn goes_on(&self, sequence: u32, data: v2::Data) -> bool {
        !data.first() || self.first == Some(sequence)
    }

    /// Takes what is new in a chunk.
    fn hold(&mut self, chunk: &Chunk<'_>) -> Room {
        for (from, to) in self.missing(chunk.offset, chunk.offset.saturating_add(chunk.bytes.len() as u64)) {
            let within = |place: u64| usize::try_from(place - chunk.offset).unwrap_or(usize::MAX);
            let Some(new) = chunk.bytes.get(within(from)..within(to)) else { continue };
            let Ok(start) = u32::try_from(chunk.start.saturating_add(within(from))) else { continue };
            if self.pieces.len() >= PIECES {
                return Room::None;
            }
            self.pieces.insert(from, Held { pdu: chunk.pdu, start, bytes: new.to_vec() });
            self.covered = self.covered.saturating_add(to - from);
        }
        Room::Some
    }

    /// What of a range has not come yet.
    fn missing(&self, start: u64, end: u64) -> Vec<(u64, u64)> {
        let end_of = |(at, held): (&u64, &Held)| at.saturating_add(held.bytes.len() as u64);
        let mut missing = Vec::new();
        let mut at = self.pieces.range(..=start).next_back().map_or(start, |piece| end_of(piece).max(start));
        for piece in self.pieces.range(start.saturating_add(1)..end.max(start.saturating_add(1))) {
            if *piece.0 > at {
                missing.push((at, *piece.0));
            }
            at = end_of(piece).max(at);
        }
        if at < end {
            missing.push((at, end));
        }
        missing
    }

    /// All of the message: every byte has come, the last with this PDU.
    fn joined(self, last: u32) -> Assembly {
        let mut assembly = Assembly::default();
        for Held { pdu, start, bytes } in self.pieces.into_values() {
            let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            let span = Span::pdu(start, start.saturating_add(length));
            let offset = u32::try_from(assembly.bytes.len()).unwrap_or(u32::MAX);
            assembly.pieces.push(Piece { pdu: (pdu != last).then_some(pdu), span, offset });
            assembly.bytes.extend(bytes);
        }
        assembly
    }
}

#[cfg(test)]
#[path = "joining_tests.rs"]
mod tests;
