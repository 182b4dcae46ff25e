//! The direct connection: packets between two programs on a TCP connection of their own, each with its length before it.
//!
//! ```text
//! connector  04 00 00 00  66 6f 6f 00    "foo"
//! connector  its nonce                   16 bytes (version 2), or a header of version 1 with the flag 0x100
//! listener   its nonce
//! both       packets, without footer
//! ```
//!
//! Source: protocol reference, P2P 2.3, transfers 5. Frames do not fit TCP segments; a frame of no bytes is tolerated.

use nom::number::complete::le_u32;

use super::packet::{Header, Wrapping, by_structure, packet};
use super::{Guid, Peer, Version, v1, v2};
use crate::msnp::framing::{Frame, PAYLOAD_CEILING, Sync};
use crate::msnp::token::Word;
use crate::msnp::{Content, Pdu};
use crate::tree::{Base, Kind, Recording, Scribe, fields, texts};

fields! {
    family 53;
    /// How many bytes the packet behind it has, as its sender writes; little endian, on direct connections alone.
    LENGTH: Kind::Uint32(Base::Dec) => "msnp.p2p.frame_length", "Frame length";
    /// What the program that connects says first on a direct connection: foo and a zero byte.
    GREETING: Kind::Text => "msnp.p2p.greeting", "Greeting";
}

texts! {
    EXPECTED_LENGTH = "expected.p2p-frame", "a frame’s length";
    EMPTY = "p2p.frame.empty", "an empty frame, which keeps the connection open";
    CONNECTS = "p2p.greeting.foo", "a direct connection begins";
}

/// Length of the length.
pub const PREFIX: usize = 4;
/// What who connects says first.
const FOO: &[u8] = b"foo\0";
/// Bytes that tell whether a frame is one.
const LOOK: usize = PREFIX + v1::LENGTH_OF_HEADER;
/// The longest transport header of version 2 that is believed there: both extras that are known.
const LONGEST: u8 = 28;
/// The longest frame that is believed where the place in the stream is lost; real ones are below 1500 bytes.
const CREDIBLE: usize = 16 * 1024;

/// What the first bytes of one direction of a TCP connection tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The side that connects greets.
    Connector,
    /// Packets, of either side.
    Packets,
    /// Something else.
    No,
    /// Nothing decisive yet.
    NeedMore,
}

/// Looks at the first bytes of one direction, or in the middle of a connection at those of a segment.
#[must_use]
pub fn detect(first: &[u8]) -> Found {
    let greeting = [&4_u32.to_le_bytes()[..], FOO].concat();
    if first.starts_with(&greeting) {
        return Found::Connector;
    }
    if is_credible(first) {
        return Found::Packets;
    }
    // A nonce, and then a packet.
    if let Some(behind) = first.strip_prefix(&16_u32.to_le_bytes()) {
        return match behind.get(16..) {
            Some(packet) if is_credible(packet) => Found::Packets,
            Some(packet) if !may_begin(packet) || packet.len() >= LOOK => Found::No,
            _ => Found::NeedMore,
        };
    }
    let undecided = greeting.starts_with(first) || (may_begin(first) && first.len() < LOOK);
    if undecided { Found::NeedMore } else { Found::No }
}

/// The length of the frame that begins here, if all four bytes of it are there.
fn length(bytes: &[u8]) -> Option<usize> {
    let prefix = bytes.get(..PREFIX)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(prefix)).ok()
}

/// Whether a frame of a credible length may begin here.
fn may_begin(bytes: &[u8]) -> bool {
    length(bytes).is_none_or(|length| (8..=CREDIBLE).contains(&length))
}

/// Whether a frame with a packet begins here whose lengths fit one another. Its first 48 bytes decide, or all of a shorter
/// one.
fn is_credible(bytes: &[u8]) -> bool {
    let Some(length) = length(bytes).filter(|length| (8..=CREDIBLE).contains(length)) else { return false };
    // The frame's length is the header's too: whoever has data behind it may set flags that nobody knows.
    let with_data = |head| fits_one(head, length).is_some_and(|header| header.length > 0);
    bytes
        .get(PREFIX..PREFIX + length.min(v1::LENGTH_OF_HEADER))
        .is_some_and(|head| fits(head, length) || with_data(head))
}

/// Whether among these bytes, which may begin anywhere in a connection, a frame begins that holds data and whose lengths
/// fit: by chance that is one place in some billions.
#[must_use]
pub fn holds_frame(bytes: &[u8]) -> bool {
    const LEAST: usize = 24;
    let plausible = |at: &usize| {
        let frame = bytes.get(*at..).unwrap_or_default();
        let head = frame.get(PREFIX..PREFIX + LEAST).unwrap_or_default();
        length(frame).is_some_and(|length| (LEAST..=CREDIBLE).contains(&length)) && head.iter().any(|byte| *byte > 1)
    };
    (0..bytes.len()).filter(plausible).any(|at| bytes.get(at..).is_some_and(is_credible))
}

/// Whether a packet of so many bytes that begins with these has lengths that fit one another; no footer is behind it.
pub(super) fn fits(head: &[u8], length: usize) -> bool {
    if fits_one(head, length).is_some_and(|header| header.flags.0 & !0x0100_03ff == 0) {
        return true;
    }
    let Ok(header) = v2::header(&mut Scribe::new(head, Recording::Nothing)) else { return false };
    let fits = usize::from(header.length) + usize::from(header.message_length) == length;
    let typed = header.data.is_none_or(|data| matches!(data.length, 8 | 20) && data.kind < 8);
    fits && typed && header.length <= LONGEST && header.length % 4 == 0 && header.operation <= 3
}

/// The header of version 1 at the start of such a packet, if its lengths fit one another.
fn fits_one(head: &[u8], length: usize) -> Option<v1::Header> {
    let header = v1::header(&mut Scribe::new(head, Recording::Nothing)).ok()?;
    let counted = usize::try_from(header.length).unwrap_or(usize::MAX);
    let fits = v1::LENGTH_OF_HEADER.saturating_add(counted) == length;
    let placed = header.offset.saturating_add(header.length.into()) <= header.total || header.length == 0;
    (fits && placed).then_some(header)
}

/// Says what stands at the start of `bytes`.
#[must_use]
pub fn frame(bytes: &[u8], sync: Sync) -> Frame {
    if sync == Sync::Kept {
        return match length(bytes) {
            None => Frame::Needs(Some(PREFIX)),
            Some(length) if length > PAYLOAD_CEILING => Frame::Skip(1),
            Some(length) if PREFIX + length <= bytes.len() => Frame::Command { line: PREFIX, payload: length },
            Some(length) => Frame::Needs(Some(PREFIX + length)),
        };
    }
    let last = bytes.len().saturating_sub(LOOK);
    match (0..last).find(|at| bytes.get(*at..).is_some_and(is_credible)) {
        Some(0) => frame(bytes, Sync::Kept),
        Some(at) => Frame::Skip(at),
        None if last > 0 => Frame::Skip(last),
        None => Frame::Needs(Some(LOOK + 1)),
    }
}

/// `frame = length ( "foo" %x00 / nonce / packet / "" )`
pub fn direct(s: &mut Scribe<'_, '_>, pdu: &Pdu<'_>) -> Content {
    let Ok(length) = s.fixed(LENGTH, PREFIX, EXPECTED_LENGTH, le_u32) else { return Content::Nothing };
    let rest = s.rest();
    if length == 0 {
        s.label(EMPTY);
        return Content::PeerToPeer(Peer::default());
    }
    if rest == FOO {
        s.take(GREETING, rest.len(), Word(b"foo"));
        s.label(CONNECTS);
        return Content::Greeting;
    }
    if length == 16 && by_structure(rest, false) == Version::One {
        return match s.fixed(v1::NONCE, 16, EXPECTED_LENGTH, Guid::parse) {
            Ok(nonce) => Content::Nonce(nonce),
            Err(_) => Content::Nothing,
        };
    }
    let wrapping = Wrapping { version: None, footer: false, cut: pdu.missing() > 0 };
    let packets = packet(s, wrapping, pdu.completes).into_iter().collect::<Vec<_>>();
    let nonce = packets.iter().find_map(|packet| match &packet.header {
        Header::V1(header) => header.nonce,
        Header::V2(_) => None,
    });
    match nonce {
        Some(nonce) => Content::Nonce(nonce),
        None => Content::PeerToPeer(Peer { packets, ..Peer::default() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let digits = hex.split_whitespace().collect::<String>();
        (0..digits.len() / 2).map(|at| u8::from_str_radix(&digits[at * 2..at * 2 + 2], 16).unwrap()).collect()
    }

    /// Vectors V26 to V28 of the reference.
    #[test]
    fn vectors_are_recognised() {
        let foo = bytes("04 00 00 00 66 6f 6f 00");
        assert_eq!(detect(&foo), Found::Connector);
        assert_eq!(detect(&foo[..5]), Found::NeedMore);
        let nonce = bytes("10 00 00 00 37 29 2d 12 86 5c 7b 4c 81 f5 0e 05 01 78 80 c2");
        let preparation = bytes("14 00 00 00 08 00 00 0c 11 11 00 00 08 01 00 00 1d 2c 3b 4a 00 00 00 00");
        assert_eq!(detect(&nonce), Found::NeedMore);
        assert_eq!(detect(&[nonce.clone(), preparation.clone()].concat()), Found::Packets);
        assert_eq!(detect(&preparation), Found::Packets);
        let nonce_of_one = bytes(
            "30 00 00 00 00 00 00 00 42 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
             00 01 00 00 37 29 2d 12 86 5c 7b 4c 81 f5 0e 05 01 78 80 c2",
        );
        assert_eq!(detect(&nonce_of_one), Found::Packets);
        let chunk = bytes(
            "78 05 00 00 f3 51 16 00 c1 b2 a1 00 00 00 00 00 00 00 00 00 b8 0b 00 00 00 00 00 00 48 05 00 00
             20 00 00 00 88 77 66 55 00 00 00 00 00 00 00 00 00 00 00 00",
        );
        assert_eq!(detect(&chunk), Found::Packets);
        let mut flagged = chunk;
        flagged[PREFIX + 28..][..4].fill(0xa5);
        assert_eq!(detect(&flagged), Found::Packets, "unknown flags, and data");
        for other in
            [&b"GET / HTTP/1.1\r\n\r\n"[..], b"SSH-2.0-x\r\n", &[0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3], &[0; 80]]
        {
            assert_eq!(detect(other), Found::No, "{other:?}");
        }
    }
}
