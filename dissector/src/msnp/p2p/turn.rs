//! The relay: how two programs reach each other through a TURN server, over TCP.
//!
//! ```text
//! frame    kind (1: 2 control, 3 data), 0, length (2), then
//! control  type (2), length of attributes (2), transaction (16), attributes: type (2), length (2), value
//! data     packets between the programs
//! ```
//!
//! A greeting that looks like one of TLS 1.0 may stand before all frames of a direction, to please what guards a network.
//!
//! Before one program is set as the active destination, packets travel in control frames, as the value of the attribute DATA.
//!
//! Big endian. Source: protocol reference, transfers 8.1. What one source says of another framing (eight bytes) is not
//! followed; what the sources do not describe stays bytes.

use std::ops::Range;

use nom::number::complete::{be_u8, be_u16};

use super::packet::{Packet, Wrapping, by_structure, looks_like_two, packet};
use super::{Peer, Version, direct, v1};
use crate::msnp::framing::{Frame, Sync};
use crate::msnp::token::{CodedNumber, coded_binary};
use crate::msnp::{Content, Pdu};
use crate::tree::{Base, Kind, Read, Scribe, fields, names, texts};

fields! {
    family 56;
    /// What a frame on a relay’s connection is: 2 speaks with the relay, 3 goes to the other program.
    KIND: Kind::Uint32(Base::Dec) => "msnp.turn.kind", "Kind of frame" in KINDS;
    /// One byte, 0, in the head of every frame on a relay’s connection; both sides send it, it is kept for later
    /// versions.
    RESERVED: Kind::Uint32(Base::Dec) => "msnp.turn.reserved", "Reserved byte";
    /// How many bytes follow in the frame that client or relay sends; big endian.
    LENGTH: Kind::Uint32(Base::Dec) => "msnp.turn.frame_length", "Length of the frame";
    /// What the client asks of a relay, or the relay answers: allocate an address, send data and the like.
    TYPE: Kind::Uint32(Base::Hex) => "msnp.turn.type", "Relay message" in MESSAGES;
    /// How many bytes follow the 20 of the head in a message of the client or the relay; 16 bits, big endian.
    ATTRIBUTES_LENGTH: Kind::Uint32(Base::Dec) => "msnp.turn.length", "Length of the attributes";
    /// What a request of the client and the relay’s answer have in common: 16 bytes.
    TRANSACTION: Kind::Bytes => "msnp.turn.transaction", "Transaction";
    /// One thing that the client’s message to a relay, or the relay’s, says: its type, how long it is, and a value.
    ATTRIBUTE: Kind::Group => "msnp.turn.attribute", "Attribute";
    /// What an attribute of the client’s or the relay’s message is: a number of 16 bits out of a table.
    ATTRIBUTE_TYPE: Kind::Uint32(Base::Hex) => "msnp.turn.attribute.type", "Type of the attribute" in ATTRIBUTES;
    /// How many bytes the value has that client or relay sends, padding not counted.
    ATTRIBUTE_LENGTH: Kind::Uint32(Base::Dec) => "msnp.turn.attribute.length", "Length of the attribute";
    /// What an attribute of the client’s or the relay’s message says, as it stands: a name, a proof, an address or
    /// data.
    VALUE: Kind::Bytes => "msnp.turn.attribute.value", "Value of the attribute", Secret;
    /// Zero bytes that fill an attribute up to a multiple of four; older programs send none.
    PADDING: Kind::Bytes => "msnp.turn.padding", "Padding";
    /// What either program sends through the relay and is no packet that is known.
    OPAQUE: Kind::Bytes => "msnp.turn.data", "Data through the relay", Text;
}

texts! {
    EXPECTED = "expected.turn", "a relay’s message";
    PRETENDS = "turn.pretends", "looks like a greeting of TLS and is none";
    CONTROL = "turn.kind.control", "between program and relay";
    DATA = "turn.kind.data", "to the other program";
    BINDING = "turn.type.binding", "which address is seen";
    BOUND = "turn.type.bound", "this address is seen";
    NOT_BOUND = "turn.type.not-bound", "which address is seen cannot be told";
    SHARED = "turn.type.secret", "about a shared secret";
    ALLOCATE = "turn.type.allocate", "wants an address on the relay";
    ALLOCATED = "turn.type.allocated", "an address on the relay";
    NOT_ALLOCATED = "turn.type.not-allocated", "no address on the relay";
    SEND = "turn.type.send", "send this on";
    ARRIVED = "turn.type.data", "this has come";
    SET_ACTIVE = "turn.type.active", "about the other program, to which all goes from now on";
    MAPPED = "turn.attribute.mapped", "mapped address";
    USER = "turn.attribute.user", "user name";
    PASSWORD = "turn.attribute.password", "password";
    INTEGRITY = "turn.attribute.integrity", "message integrity";
    ERROR = "turn.attribute.error", "error code";
    LIFETIME = "turn.attribute.lifetime", "lifetime";
    ALTERNATE = "turn.attribute.alternate", "alternate server";
    COOKIE = "turn.attribute.cookie", "magic cookie";
    BANDWIDTH = "turn.attribute.bandwidth", "bandwidth";
    DESTINATION = "turn.attribute.destination", "destination address";
    REMOTE = "turn.attribute.remote", "remote address";
    DATA_VALUE = "turn.attribute.data", "data";
    REALM_OR_NONCE = "turn.attribute.realm", "realm or nonce (sources differ)";
    RELAY = "turn.attribute.relay", "relay address";
    XOR_MAPPED = "turn.attribute.xor-mapped", "mapped address, disguised";
}

/// Length of the head of a frame.
pub const HEAD: usize = 4;
/// Length of the head of a message.
const MESSAGE_HEAD: usize = 20;
/// What tells MS-TURN from others: the value of its first attribute.
const MAGIC: &[u8] = &[0x00, 0x0f, 0x00, 0x04, 0x72, 0xc6, 0x4b, 0xc6];
/// The attribute that holds what goes to the other program, or comes from it.
const DATA_ATTRIBUTE: u32 = 0x0013;
/// What newer programs begin their transactions with.
const NEWER: &[u8] = &[0x21, 0x12, 0xa4, 0x42];

/// Kind and version of a TLS record with a greeting, behind its first byte.
const PRETENDED: &[u8] = &[3, 1];
/// Length of the head of a TLS record.
const HELLO_HEAD: usize = 5;
/// A longer greeting, in bytes, is a true one.
const HELLO_CEILING: usize = 512;

/// How long a greeting is that looks like one of TLS, head and all; `None` when these bytes begin none, or not all of its
/// head is there.
fn pretended(bytes: &[u8]) -> Option<usize> {
    let [0x16, 3, 1, high, low, ..] = *bytes else { return None };
    Some(HELLO_HEAD + usize::from(u16::from_be_bytes([high, low])))
}

/// Length of the head of a frame, or of the greeting before all frames.
#[must_use]
pub fn head(bytes: &[u8]) -> usize {
    if bytes.first() == Some(&0x16) { HELLO_HEAD } else { HEAD }
}

/// Whether these are the first bytes of a connection to a relay; `None` when more are needed.
#[must_use]
pub fn detect(first: &[u8]) -> Option<bool> {
    match first {
        [0x16, rest @ ..] if PRETENDED.starts_with(rest.get(..2).unwrap_or(rest)) => match pretended(first) {
            Some(length) if length > HELLO_CEILING => Some(false),
            Some(length) => detect_frame(first.get(length..).unwrap_or_default()),
            None => None,
        },
        _ => detect_frame(first),
    }
}

/// The same of what stands behind a greeting.
fn detect_frame(first: &[u8]) -> Option<bool> {
    match first {
        [2 | 3, 0, high, low, rest @ ..] => {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            let kind = rest.first_chunk::<2>().map(|kind| u16::from_be_bytes(*kind));
            let known = kind.is_none_or(|kind| message_name(kind.into()).is_some());
            let marked = rest.get(MESSAGE_HEAD..MESSAGE_HEAD + MAGIC.len()).map(|mark| mark == MAGIC);
            let newer = rest.get(4..8).map(|mark| mark == NEWER);
            match (known && length >= MESSAGE_HEAD, marked, newer) {
                (false, ..) => Some(false),
                (true, Some(true), _) | (true, _, Some(true)) => Some(true),
                (true, None, _) => None,
                (true, Some(false), _) => Some(false),
            }
        }
        [2 | 3, 0, ..] | [2 | 3] | [] => None,
        _ => Some(false),
    }
}

/// Says what stands at the start of `bytes`.
#[must_use]
pub fn frame(bytes: &[u8], sync: Sync) -> Frame {
    const MARKED: usize = HEAD + MESSAGE_HEAD + MAGIC.len();
    let wanted = if sync == Sync::Kept { HEAD } else { MARKED };
    match bytes {
        [0x16, ..] if sync == Sync::Kept && bytes.len() < HELLO_HEAD => Frame::Needs(Some(HELLO_HEAD)),
        [0x16, 3, 1, ..] if sync == Sync::Kept => match pretended(bytes) {
            Some(total) if total > HELLO_CEILING => Frame::Skip(1),
            Some(total) if total <= bytes.len() => Frame::Command { line: HELLO_HEAD, payload: total - HELLO_HEAD },
            total => Frame::Needs(total),
        },
        [2 | 3, 0, ..] | [2 | 3] | [] if bytes.len() < wanted => Frame::Needs(Some(wanted)),
        [2 | 3, 0, high, low, ..] if sync == Sync::Kept || detect(bytes) == Some(true) => {
            let payload = usize::from(u16::from_be_bytes([*high, *low]));
            match HEAD + payload {
                total if total <= bytes.len() => Frame::Command { line: HEAD, payload },
                total => Frame::Needs(Some(total)),
            }
        }
        _ => {
            let next = memchr::memchr2(2, 3, bytes.get(1..).unwrap_or_default()).map_or(bytes.len(), |at| at + 1);
            Frame::Skip(next)
        }
    }
}

/// `frame = kind %x00 length ( message / packet )`
pub fn relayed(s: &mut Scribe<'_, '_>, pdu: &Pdu<'_>) -> Content {
    if pretended(s.rest()).is_some() {
        s.rest_as_bytes(OPAQUE);
        s.label(PRETENDS);
        return Content::Nothing;
    }
    let Ok(kind) = frame_head(s) else { return Content::Nothing };
    let mut packets = Vec::new();
    if kind == 2 {
        let _ = message(s, pdu, &mut packets);
    } else if is_packet(s.rest()) {
        packets.extend(carried(s, pdu));
    } else {
        s.rest_as_bytes(OPAQUE);
    }
    if packets.is_empty() { Content::Nothing } else { Content::PeerToPeer(Peer { packets, ..Peer::default() }) }
}

/// Reads all that is left as a packet.
fn carried(s: &mut Scribe<'_, '_>, pdu: &Pdu<'_>) -> Option<Packet> {
    let cut = pdu.missing() > 0 && s.position() + s.rest().len() == pdu.bytes.len();
    let span = s.here(s.rest().len());
    let completes = pdu.completes.and_then(|assembly| assembly.ending_within(span));
    packet(s, Wrapping { version: None, footer: false, cut }, completes)
}

/// Whether what goes through the relay as it is may be a packet.
fn is_packet(bytes: &[u8]) -> bool {
    let two = looks_like_two(bytes) && by_structure(bytes, false) == Version::Two;
    two || bytes.len() >= v1::LENGTH_OF_HEADER
}

/// Whether an attribute holds a packet: data that go to the other program, or come from it, and whose lengths fit.
fn holds_packet(kind: u32, value: &[u8]) -> bool {
    kind == DATA_ATTRIBUTE && direct::fits(value, value.len())
}

/// Where behind the head of a frame packets stand.
pub(super) fn packets(frame: &[u8]) -> Vec<Range<usize>> {
    if pretended(frame).is_some() {
        return Vec::new();
    }
    let behind = frame.get(HEAD..).unwrap_or_default();
    if frame.first() == Some(&2) {
        return packets_of_message(behind);
    }
    Some(0..behind.len()).filter(|_| is_packet(behind)).into_iter().collect()
}

/// Where in a message packets stand.
pub(super) fn packets_of_message(message: &[u8]) -> Vec<Range<usize>> {
    let [_, _, high, low, ..] = *message else { return Vec::new() };
    let length = usize::from(u16::from_be_bytes([high, low]));
    let there = message.get(MESSAGE_HEAD..).unwrap_or_default();
    let there = there.get(..length).unwrap_or(there);
    let step = if fits(there, 1) { 1 } else { 4 };
    let values = attributes(there, step).map(|(kind, value)| (kind, value.start..value.end.min(there.len())));
    let packets =
        values.filter(|(kind, value)| there.get(value.clone()).is_some_and(|value| holds_packet(*kind, value)));
    packets.map(|(_, value)| MESSAGE_HEAD + value.start..MESSAGE_HEAD + value.end).collect()
}

/// Whether these bytes begin a message of `length` bytes.
pub(super) fn is_message(bytes: &[u8], length: usize) -> bool {
    let [high, low, length_high, length_low, ..] = *bytes else { return false };
    let known = message_name(u16::from_be_bytes([high, low]).into()).is_some();
    known && MESSAGE_HEAD + usize::from(u16::from_be_bytes([length_high, length_low])) == length
}

/// Whether the first attribute of a message is the one that only MS-TURN has.
pub(super) fn is_marked(message: &[u8]) -> bool {
    message.get(MESSAGE_HEAD..).is_some_and(|attributes| attributes.starts_with(MAGIC))
}

fn frame_head(s: &mut Scribe<'_, '_>) -> Read<u8> {
    let (_, kind) = s.look(1, EXPECTED, be_u8)?;
    s.take(KIND, 1, CodedNumber(kind.into(), kind_name(kind.into()).or(Some(DATA))));
    s.fixed(RESERVED, 1, EXPECTED, be_u8)?;
    s.fixed(LENGTH, 2, EXPECTED, be_u16)?;
    Ok(kind)
}

/// `message = type length transaction *attribute`
pub(super) fn message(s: &mut Scribe<'_, '_>, pdu: &Pdu<'_>, packets: &mut Vec<Packet>) -> Read<()> {
    s.fixed(TYPE, 2, EXPECTED, coded_binary(be_u16, message_name))?;
    let length = usize::from(s.fixed(ATTRIBUTES_LENGTH, 2, EXPECTED, be_u16)?);
    let transaction = s.rest().get(..16).unwrap_or(s.rest());
    s.take(TRANSACTION, transaction.len(), transaction);
    let padded = !fits(s.rest().get(..length).unwrap_or(s.rest()), 1);
    s.limit(length, OPAQUE, |s| while !s.is_empty() && attribute(s, padded, pdu, packets).is_ok() {});
    s.rest_as_bytes(OPAQUE);
    Ok(())
}

/// The attributes in these bytes, each padded to a multiple of `step`: its type, and where its value should stand.
fn attributes(bytes: &[u8], step: usize) -> impl Iterator<Item = (u32, Range<usize>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let [type_high, type_low, high, low] = *bytes.get(at..)?.first_chunk::<4>()?;
        let value = at + 4..at + 4 + usize::from(u16::from_be_bytes([high, low]));
        at = value.start + value.len().next_multiple_of(step);
        Some((u16::from_be_bytes([type_high, type_low]).into(), value))
    })
}

/// Whether attributes that are padded to a multiple of `step` end exactly. Older programs pad nothing.
fn fits(bytes: &[u8], step: usize) -> bool {
    let last = attributes(bytes, step).last();
    last.map_or(0, |(_, value)| value.start + value.len().next_multiple_of(step)) == bytes.len()
}

fn attribute(s: &mut Scribe<'_, '_>, padded: bool, pdu: &Pdu<'_>, packets: &mut Vec<Packet>) -> Read<()> {
    s.group(ATTRIBUTE, |s| {
        let kind = s.fixed(ATTRIBUTE_TYPE, 2, EXPECTED, coded_binary(be_u16, attribute_name))?;
        let length = usize::from(s.fixed(ATTRIBUTE_LENGTH, 2, EXPECTED, be_u16)?);
        let value = s.rest().get(..length).unwrap_or(s.rest());
        if holds_packet(kind.0, value) {
            packets.extend(s.limit(value.len(), OPAQUE, |s| carried(s, pdu)));
        } else if !value.is_empty() {
            s.take(VALUE, value.len(), value);
        }
        let padding = if padded { length.next_multiple_of(4) - length } else { 0 };
        let padding = padding.min(s.rest().len());
        if padding > 0 {
            let bytes = s.rest().get(..padding).unwrap_or_default();
            s.take(PADDING, padding, bytes);
        }
        Ok(())
    })
}

names! {
    /// To whom a frame goes.
    KINDS, kind_name;
    2 => CONTROL,
    3 => DATA,
}

names! {
    /// What a message is for.
    MESSAGES, message_name;
    0x0001 => BINDING,
    0x0002 => SHARED,
    0x0003 => ALLOCATE,
    0x0004 => SEND,
    0x0006 => SET_ACTIVE,
    0x0101 => BOUND,
    0x0102 => SHARED,
    0x0103 => ALLOCATED,
    0x0106 => SET_ACTIVE,
    0x0111 => NOT_BOUND,
    0x0112 => SHARED,
    0x0113 => NOT_ALLOCATED,
    0x0115 => ARRIVED,
    0x0116 => SET_ACTIVE,
}

names! {
    /// What an attribute holds.
    ATTRIBUTES, attribute_name;
    0x0001 => MAPPED,
    0x0006 => USER,
    0x0007 => PASSWORD,
    0x0008 => INTEGRITY,
    0x0009 => ERROR,
    0x000d => LIFETIME,
    0x000e => ALTERNATE,
    0x000f => COOKIE,
    0x0010 => BANDWIDTH,
    0x0011 => DESTINATION,
    0x0012 => REMOTE,
    DATA_ATTRIBUTE => DATA_VALUE,
    0x0014 => REALM_OR_NONCE,
    0x0015 => REALM_OR_NONCE,
    0x0016 => RELAY,
    0x001a => XOR_MAPPED,
    0x8020 => XOR_MAPPED,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vector V35 of the reference, over TCP.
    #[test]
    fn vector_is_recognised() {
        let bytes = [
            2, 0, 0, 0x1c, 0, 3, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 15, 0, 4, 0x72, 0xc6,
            0x4b, 0xc6,
        ];
        assert_eq!(detect(&bytes), Some(true));
        assert_eq!(detect(&bytes[..10]), None);
        assert_eq!(frame(&bytes, Sync::Kept), Frame::Command { line: 4, payload: 28 });
        assert_eq!(detect(b"\x02\0\0\x10\x16\x03\x01\0"), Some(false));
        let greeted = [&b"\x16\x03\x01\0\x05hello"[..], &bytes].concat();
        assert_eq!(detect(&greeted), Some(true), "behind a greeting that looks like TLS");
        assert_eq!([detect(&greeted[..2]), detect(&greeted[..9]), detect(&greeted[..12])], [None; 3]);
        assert_eq!(frame(&greeted, Sync::Kept), Frame::Command { line: 5, payload: 5 });
        assert_eq!(detect(b"\x16\x03\x01\0\x01x\x16\x03\x01"), Some(false), "true TLS goes on with TLS");
        assert_eq!(detect(b"\x16\x03\x01\x20\0"), Some(false), "too long");
        assert_eq!(detect(b"\x16\x03\x03\0\x05"), Some(false), "another version");
        assert_eq!(detect(b"GET / HTTP/1.1"), Some(false));
    }
}
