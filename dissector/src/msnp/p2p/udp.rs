//! The way over UDP (TRUDPv1): packets between two programs in datagrams, each behind a head of 20 bytes, and the questions
//! by which they and relays find out whether that way is open (STUN).
//!
//! ```text
//! packet   local (4), remote (4), session (4), unknown (8), then a packet without footer
//! message  as on a relay's connection, without the head of its frames
//! ```
//!
//! A datagram is a PDU. Source: protocol reference, P2P 2.4, transfers 8.1 and 8.2: one source, which is not sure of the
//! head, and does not say in which order its bytes are. How lost datagrams are repeated is not documented.

use std::ops::Range;

use nom::number::complete::le_u32;

use super::packet::{Wrapping, packet};
use super::{Peer, direct, turn};
use crate::msnp::{Content, Pdu};
use crate::tree::{Base, Kind, Read, Scribe, fields, texts};

fields! {
    family 67;
    /// The 20 bytes that a program puts before a packet that goes over UDP; what they mean is known from one source,
    /// which is not sure of it.
    HEAD_OF_PACKET: Kind::Group => "msnp.udp", "Head of the datagram";
    /// Number that the sender gives the way over UDP: the one that it last heard, or one more. Read as little endian; the order is not documented.
    LOCAL: Kind::Uint32(Base::Hex) => "msnp.udp.local_id", "Sender’s number";
    /// Number that the sender last heard from the other program, or 0. Read as little endian; the order is not documented.
    REMOTE: Kind::Uint32(Base::Hex) => "msnp.udp.remote_id", "Receiver’s number";
    /// Perhaps the session that the sender’s program says the packet behind it belongs to. Read as little endian; the
    /// order is not documented.
    SESSION: Kind::Uint32(Base::Hex) => "msnp.udp.session", "Session, as it seems";
    /// Eight bytes that a program puts before a packet over UDP and whose meaning nobody has described.
    UNKNOWN: Kind::Bytes => "msnp.udp.unknown", "Not documented";
    /// A datagram between two programs that is neither a packet nor a question about the way, as far as is known.
    OPAQUE: Kind::Bytes => "msnp.udp.data", "Other datagram", Text;
}

texts! {
    EXPECTED = "expected.udp", "20 bytes before a packet";
}

/// Length of the head before a packet.
pub const HEAD: usize = 20;
/// Length of the head of a packet of version 2 that carries nothing: too little to know a protocol by.
const BARE: usize = 8;

/// What a datagram is, by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A packet between two programs, or a message to an MS-TURN relay: nothing else looks like that.
    Peers,
    /// A question about the way, or the answer: many protocols ask so.
    Question,
    /// Something else.
    Other,
}

/// Looks at a datagram of `length` bytes, of which these were captured.
#[must_use]
pub fn detect(bytes: &[u8], length: usize) -> Found {
    match () {
        () if turn::is_message(bytes, length) => {
            if turn::is_marked(bytes) {
                Found::Peers
            } else {
                Found::Question
            }
        }
        () if length > HEAD + BARE && holds_packet(bytes, length) => Found::Peers,
        () => Found::Other,
    }
}

/// Whether behind the head stands a packet whose lengths fit.
fn holds_packet(bytes: &[u8], length: usize) -> bool {
    let Some((length, packet)) = length.checked_sub(HEAD).zip(bytes.get(HEAD..)) else { return false };
    // Zeros fit anything.
    direct::fits(packet, length) && packet.iter().any(|byte| *byte != 0)
}

/// How long the head of a datagram is: 0 where there is none before the rest.
#[must_use]
pub fn head(bytes: &[u8], length: usize) -> usize {
    if holds_packet(bytes, length) { HEAD } else { 0 }
}

/// Where behind the head of a datagram packets stand.
pub(super) fn packets(pdu: &Pdu<'_>) -> Vec<Range<usize>> {
    if pdu.line != HEAD && turn::is_message(pdu.bytes, pdu.line.saturating_add(pdu.announced)) {
        return turn::packets_of_message(pdu.bytes);
    }
    Some(0..pdu.payload().len()).filter(|_| pdu.line == HEAD).into_iter().collect()
}

/// `datagram = message / head packet / *OCTET`
pub fn datagram(s: &mut Scribe<'_, '_>, pdu: &Pdu<'_>) -> Content {
    let mut packets = Vec::new();
    let length = pdu.line.saturating_add(pdu.announced);
    if pdu.line == HEAD {
        let _ = s.group(HEAD_OF_PACKET, head_of_packet);
        let wrapping = Wrapping { version: None, footer: false, cut: pdu.missing() > 0 };
        packets.extend(packet(s, wrapping, pdu.completes));
    } else if turn::is_message(pdu.bytes, length) {
        let _ = turn::message(s, pdu, &mut packets);
    }
    if !s.is_empty() {
        s.rest_as_bytes(OPAQUE);
    }
    if packets.is_empty() { Content::Nothing } else { Content::PeerToPeer(Peer { packets, ..Peer::default() }) }
}

fn head_of_packet(s: &mut Scribe<'_, '_>) -> Read<()> {
    s.fixed(LOCAL, 4, EXPECTED, le_u32)?;
    s.fixed(REMOTE, 4, EXPECTED, le_u32)?;
    s.fixed(SESSION, 4, EXPECTED, le_u32)?;
    let unknown = s.rest().get(..8).unwrap_or(s.rest());
    s.take(UNKNOWN, unknown.len(), unknown);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vector V35 of the reference.
    #[test]
    fn vectors_are_recognised() {
        let packet = [
            1, 0, 0, 0, 0, 0, 0, 0, 0x4a, 0x3b, 0x2c, 0x1d, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 12, 0x11, 0x11, 0, 0x10,
            8, 1, 0, 0, 0x1d, 0x2c, 0x3b, 0x4a, 0, 0, 0, 0,
        ];
        assert_eq!(detect(&packet, packet.len()), Found::Peers);
        assert_eq!(detect(&packet[..36], packet.len()), Found::Peers, "cut by the capture");
        assert_eq!(detect(&packet, packet.len() + 1), Found::Other, "its lengths do not fit");
        let allocate =
            [0, 3, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 15, 0, 4, 0x72, 0xc6, 0x4b, 0xc6];
        assert_eq!(detect(&allocate, allocate.len()), Found::Peers);
        let binding = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
        assert_eq!(detect(&binding, binding.len()), Found::Question);
        let query = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01";
        assert_eq!(detect(query, query.len()), Found::Other);
        assert_eq!(detect(&[], 0), Found::Other);
    }
}
