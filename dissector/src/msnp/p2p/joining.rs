//! Messages between programs that are too long for one packet: put together again at the packet that completes them.
//!
//! Comes in: every PDU of a connection, in order. Goes out: the whole message, at the PDU that completes it. Pictures and
//! files are not put together here: they may be of any size, and are the business of another room.
//!
//! Source: protocol reference, P2P 3.5 and 4.6. Chunks come in any order and more than once; the first of a range counts.

use super::packet::{Role, Wrapping, is_whole, packet};
use super::{Header, Packet, Version};
use crate::msnp::payload::header::{header, line_end_at};
use crate::msnp::{Direction, Pdu, PduKind, verb};
use crate::tree::{Assembly, Piece, Recording, Scribe, Span};

/// Unfinished messages of a connection that are remembered; beyond, the oldest is let go.
const OPEN_MESSAGES: usize = 8;
/// Bytes of a message that are held; a longer one is not put together.
const BYTES: usize = 512 * 1024;
/// Chunks of a message that are held.
const CHUNKS: usize = 1024;
/// The type of messages that carry packets.
pub const TYPE: &[u8] = b"application/x-msnmsgrp2p";

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
    chunks: Vec<Chunk>,
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
    Identifier(u32),
    /// Version 2.
    Package(u16, u8),
}

#[derive(Debug)]
struct Chunk {
    pdu: u32,
    offset: u64,
    /// Where its bytes begin in the PDU.
    start: u32,
    bytes: Vec<u8>,
}

/// A packet on its own, as far as joining needs it.
struct Found<'a> {
    packet: Packet,
    ends: Vec<u8>,
    bytes: &'a [u8],
    start: usize,
}

impl Joining {
    /// Takes a PDU, which the shell calls `number`; says what it completes.
    pub fn take(&mut self, number: u32, pdu: &Pdu<'_>, direction: Direction) -> Option<Assembly> {
        let Found { packet, ends, bytes, start } = found(pdu)?;
        let joins = matches!(packet.role, Role::Signalling | Role::Message | Role::Ink);
        if !joins || !packet.counted || bytes.is_empty() || is_whole(&packet.header, bytes.len()) {
            return None;
        }
        let (message, first) = match &packet.header {
            Header::V1(header) => (Message::Identifier(header.identifier), header.offset == 0),
            Header::V2(header) => {
                let data = header.data?;
                (Message::Package(data.package, data.class()), data.first())
            }
        };
        let key = Key { direction, ends, session: packet.session(), message };
        let length = bytes.len() as u64;
        let (offset, total) = match &packet.header {
            Header::V1(header) => (header.offset, header.total),
            Header::V2(header) => {
                let data = header.data?;
                // Of a packet that is cut the header still knows how much it had.
                let promised = u64::from(header.message_length.saturating_sub(data.length.into()));
                let left = data.remaining.saturating_add(length.max(promised));
                let total = match (first, self.open.iter().find(|open| open.key == key)) {
                    (false, Some(open)) => open.total,
                    (false, None) => return None,
                    (true, _) => left,
                };
                (total.checked_sub(left)?, total)
            }
        };
        if total > BYTES as u64 || offset.saturating_add(length) > total {
            return None;
        }
        if first && matches!(message, Message::Package(..)) {
            self.open.retain(|open| open.key != key || open.total == total);
        }
        let at = self.open.iter().position(|open| open.key == key).unwrap_or_else(|| {
            if self.open.len() >= OPEN_MESSAGES {
                self.open.remove(0);
            }
            self.open.push(Open { key, total, chunks: Vec::new() });
            self.open.len() - 1
        });
        let open = self.open.get_mut(at)?;
        open.hold(Chunk { pdu: number, offset, start: u32::try_from(start).ok()?, bytes: bytes.to_vec() });
        let assembly = open.joined(number)?;
        self.open.remove(at);
        Some(assembly)
    }
}

impl Open {
    fn hold(&mut self, chunk: Chunk) {
        if self.chunks.len() < CHUNKS {
            let place = self.chunks.partition_point(|held| held.offset <= chunk.offset);
            self.chunks.insert(place, chunk);
        }
    }

    /// All of the message, if every byte has come.
    fn joined(&self, last: u32) -> Option<Assembly> {
        let mut assembly = Assembly::default();
        for chunk in &self.chunks {
            let have = assembly.bytes.len() as u64;
            let known = usize::try_from(have.checked_sub(chunk.offset)?).ok()?;
            let Some(new) = chunk.bytes.get(known..).filter(|new| !new.is_empty()) else { continue };
            let start = chunk.start.saturating_add(u32::try_from(known).ok()?);
            let span = Span::pdu(start, start.saturating_add(u32::try_from(new.len()).ok()?));
            let offset = u32::try_from(assembly.bytes.len()).ok()?;
            assembly.pieces.push(Piece { pdu: (chunk.pdu != last).then_some(chunk.pdu), span, offset });
            assembly.bytes.extend_from_slice(new);
        }
        (assembly.bytes.len() as u64 == self.total).then_some(assembly)
    }
}

/// The packet that a PDU carries, if it is one of those that are put together here.
fn found<'a>(pdu: &Pdu<'a>) -> Option<Found<'a>> {
    let payload = pdu.payload();
    let cut = pdu.missing() > 0;
    let (Around { to, from, body }, wrapping) = match pdu.kind {
        PduKind::Command if pdu.verb() == Some(verb::MSG) => {
            let around = around(payload)?;
            let version = Some(Version::of_addresses(around.to, around.from));
            (around, Wrapping { version, footer: true, cut })
        }
        PduKind::Direct => (Around { to: b"", from: None, body: 0 }, Wrapping { version: None, footer: false, cut }),
        _ => return None,
    };
    let bytes = payload.get(body..)?;
    // Data of pictures and files, which are most, are told by a few bytes.
    let packet = packet(&mut Scribe::new(bytes, Recording::Nothing), wrapping, None)?;
    let of_line = || pdu.words().nth(1).filter(|word| word.contains(&b'@'));
    let sender = if pdu.kind == PduKind::Command { of_line().unwrap_or_default() } else { b"" };
    let ends = [sender, to, from.unwrap_or_default()].join(&b' ').to_ascii_lowercase();
    let (start, end) = (packet.data.start, packet.data.end);
    let data = bytes.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)?;
    let start = pdu.line.saturating_add(body).saturating_add(usize::try_from(start).ok()?);
    Some(Found { packet, ends, bytes: data, start })
}

/// What stands around a packet.
struct Around<'a> {
    to: &'a [u8],
    from: Option<&'a [u8]>,
    body: usize,
}

/// The addresses in the headers, and where the body begins; `None` when the body is no packet.
fn around(payload: &[u8]) -> Option<Around<'_>> {
    let mut around = Around { to: b"", from: None, body: 0 };
    let mut carries = false;
    loop {
        let rest = payload.get(around.body..)?;
        if let Some(end) = line_end_at(rest) {
            around.body += end;
            return carries.then_some(around);
        }
        let end = memchr::memchr(b'\n', rest)? + 1;
        if let Some(found) = header(rest) {
            let value = found.value.trim_ascii();
            if found.is("Content-Type") {
                carries = value.get(..TYPE.len()).is_some_and(|start| start.eq_ignore_ascii_case(TYPE));
                if !carries {
                    return None;
                }
            } else if found.is("P2P-Dest") {
                around.to = value;
            } else if found.is("P2P-Src") {
                around.from = Some(value);
            }
        }
        around.body += end;
    }
}
