//! What joins, what does not, and what it costs.

use super::*;
use crate::msnp::p2p::Version;
use crate::msnp::p2p::packet::Wrapping;
use crate::msnp::{Content, Context, Dialogue, dissect};
use proptest::prelude::*;

/// A message that is long enough for several packets.
fn text() -> Vec<u8> {
    let filling = "x".repeat(400);
    let body = format!("EUF-GUID: {filling}\r\n\r\n\0");
    let head = "BYE MSNMSGR:bob@example.com MSNSLP/1.0\r\nTo: <msnmsgr:bob@example.com>\r\n";
    let type_ = "Content-Type: application/x-msnmsgr-sessionclosebody\r\n";
    format!("{head}{type_}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// A packet of version 1 in session 0.
fn one(identifier: u32, offset: usize, total: usize, data: &[u8]) -> Vec<u8> {
    let mut packet = vec![0; 48];
    packet[4..8].copy_from_slice(&identifier.to_le_bytes());
    packet[8..16].copy_from_slice(&(offset as u64).to_le_bytes());
    packet[16..24].copy_from_slice(&(total as u64).to_le_bytes());
    packet[24..28].copy_from_slice(&u32::try_from(data.len()).unwrap().to_le_bytes());
    [packet, data.to_vec()].concat()
}

/// A packet of version 2 in session 0.
fn two(sequence: u32, first: bool, remaining: u64, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(20 + data.len()).unwrap();
    let mut packet = vec![8, 0];
    packet.extend(length.to_be_bytes());
    packet.extend(sequence.to_be_bytes());
    packet.extend([20, u8::from(first), 0, 0, 0, 0, 0, 0, 1, 8]);
    packet.extend(remaining.to_be_bytes());
    packet.extend([0, 0]);
    [packet, data.to_vec()].concat()
}

fn in_room(packet: &[u8]) -> Vec<u8> {
    let head = "Content-Type: application/x-msnmsgrp2p\r\nP2P-Dest: bob@example.com\r\n\r\n";
    let payload = [head.as_bytes(), packet, &[0; 4]].concat();
    [format!("MSG 1 D {}\r\n", payload.len()).as_bytes(), &payload].concat()
}

fn in_datagram(packets: &[Vec<u8>]) -> Vec<u8> {
    let mut offsets = Vec::new();
    let mut body = Vec::new();
    for packet in packets {
        offsets.push(body.len().to_string());
        body.extend_from_slice(packet);
        body.extend([0; 4]);
    }
    let head = format!(
        "Routing: 1.0\r\nTo: 1:bob@example.com\r\nFrom: 1:ann@example.com\r\n\r\nReliability: 1.0\r\n\r\n\
         Messaging: 2.0\r\nMessage-Type: Data\r\nBridging-Offsets: {}\r\nContent-Length: {}\r\n\r\n",
        offsets.join(","),
        body.len()
    );
    let payload = [head.into_bytes(), body].concat();
    [format!("SDG 1 {}\r\n", payload.len()).as_bytes(), &payload].concat()
}

fn relayed(kind: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
    [&[kind, 0][..], &length, bytes].concat()
}

/// To the relay: send this on.
fn to_relay(packet: &[u8], padded: bool) -> Vec<u8> {
    let padding = if padded { packet.len().next_multiple_of(4) - packet.len() } else { 0 };
    let attributes = 8 + 4 + packet.len() + padding;
    let mut message = vec![0, 4];
    message.extend(u16::try_from(attributes).unwrap().to_be_bytes());
    message.extend([7; 16]);
    message.extend([0, 15, 0, 4, 0x72, 0xc6, 0x4b, 0xc6, 0, 0x13]);
    message.extend(u16::try_from(packet.len()).unwrap().to_be_bytes());
    message.extend_from_slice(packet);
    message.extend(vec![0; padding]);
    relayed(2, &message)
}

struct Told {
    joining: Joining,
    dialogue: Dialogue,
    number: u32,
}

impl Told {
    fn on(dialogue: Dialogue) -> Self {
        Self { joining: Joining::default(), dialogue, number: 0 }
    }

    fn take(&mut self, bytes: &[u8]) -> Option<Assembly> {
        self.number += 1;
        let head = self.dialogue.head(bytes).unwrap();
        let pdu = self.dialogue.pdu(bytes, head, Direction::ToServer);
        self.joining.take(self.number, &pdu, Direction::ToServer)
    }

    /// For each packet of a PDU that completes something, whether it shows the whole message.
    fn shown(&mut self, bytes: &[u8]) -> Vec<bool> {
        let assembly = self.take(bytes);
        let head = self.dialogue.head(bytes).unwrap();
        let pdu = self.dialogue.pdu(bytes, head, Direction::ToServer).completing(assembly.as_ref());
        let context = Context { direction: Direction::ToServer, ..Context::default() };
        let mut content = dissect(&pdu, &context, Recording::Nothing).message.content;
        if let Content::Datagram(datagram) = content {
            content = *datagram.content;
        }
        let Content::PeerToPeer(peer) = content else { panic!("{content:?}") };
        peer.packets.iter().map(|packet| packet.slp.is_some()).collect()
    }

    fn held(&self) -> (usize, usize) {
        let pieces = self.joining.open.iter().flat_map(|open| open.pieces.values());
        (pieces.clone().count(), pieces.map(|held| held.bytes.len()).sum())
    }
}

#[test]
fn what_came_first_counts() {
    let (text, other) = (text(), vec![b'?'; 1000]);
    let total = text.len();
    let mut told = Told::on(Dialogue::Service);
    assert_eq!(told.take(&in_room(&one(5, 300, total, &text[300..400]))), None);
    assert_eq!(told.take(&in_room(&one(5, 100, total, &text[100..200]))), None);
    assert_eq!(told.take(&in_room(&one(5, 90, total, &[&text[90..100], &other[..10]].concat()))), None);
    assert_eq!(told.take(&in_room(&one(5, 150, total, &[&other[..50], &text[200..300], &other[..60]].concat()))), None);
    assert_eq!(told.take(&in_room(&one(5, 0, total, &text[..90]))), None);
    let assembly = told.take(&in_room(&one(5, 350, total, &[&other[..50], &text[400..]].concat()))).unwrap();
    assert!(assembly.bytes == text, "{}", String::from_utf8_lossy(&assembly.bytes));
    let pieces = assembly.pieces.iter().map(|piece| (piece.pdu, piece.span.len(), piece.offset)).collect::<Vec<_>>();
    let last = u32::try_from(total - 400).unwrap();
    let want = [
        (Some(5), 90, 0),
        (Some(3), 10, 90),
        (Some(2), 100, 100),
        (Some(4), 100, 200),
        (Some(1), 100, 300),
        (None, last, 400),
    ];
    assert_eq!(pieces, want);
    assert_eq!(told.held(), (0, 0));
}

#[test]
fn what_comes_again_costs_nothing() {
    let mut told = Told::on(Dialogue::Service);
    let data = vec![b'x'; 1000];
    for at in 0..3000_usize {
        assert_eq!(told.take(&in_room(&one(9, at % 500, 400_000, &data))), None);
    }
    let (pieces, bytes) = told.held();
    assert_eq!(bytes, 1499);
    assert!(pieces <= 500, "{pieces} pieces");
}

#[test]
fn a_message_in_too_many_pieces_is_let_go() {
    let mut told = Told::on(Dialogue::Service);
    for at in 0..PIECES {
        assert_eq!(told.take(&in_room(&one(9, at * 2, 100_000, b"x"))), None);
    }
    assert_eq!(told.held(), (PIECES, PIECES));
    assert_eq!(told.take(&in_room(&one(9, PIECES * 2, 100_000, b"x"))), None);
    assert_eq!(told.held(), (0, 0));
}

/// A message of version 1 whose chunks do not agree on its size is none.
#[test]
fn sizes_that_differ_are_of_different_messages() {
    let text = text();
    let total = text.len();
    let mut told = Told::on(Dialogue::Service);
    assert_eq!(told.take(&in_room(&one(5, 0, total, &text[..200]))), None);
    assert_eq!(told.take(&in_room(&one(5, 200, total + 9, &text[200..]))), None);
    assert!(told.take(&in_room(&one(5, 200, total, &text[200..]))).unwrap().bytes == text);
}

/// Source: protocol reference, P2P 4.6: within a key, a first chunk opens a new message, and the same number is the same
/// packet again.
#[test]
fn a_first_chunk_begins_a_message_in_version_2() {
    let (text, other) = (text(), vec![b'?'; 200]);
    let rest = (text.len() - 200) as u64;
    let mut told = Told::on(Dialogue::Direct);
    let framed = |packet: Vec<u8>| [&u32::try_from(packet.len()).unwrap().to_le_bytes()[..], &packet].concat();
    // Its end was lost; another of the same length begins.
    assert_eq!(told.take(&framed(two(1, true, rest, &other))), None);
    assert_eq!(told.take(&framed(two(1000, true, rest, &text[..200]))), None);
    assert_eq!(told.take(&framed(two(1000, true, rest, &text[..200]))), None, "the same one again");
    assert!(told.take(&framed(two(1220, false, 0, &text[200..]))).unwrap().bytes == text);
    // Nothing of a message stays when one begins in its place that is too long.
    assert_eq!(told.take(&framed(two(3000, true, rest, &other))), None);
    assert_eq!(told.take(&framed(two(4000, true, BYTES, &text[..200]))), None);
    assert_eq!(told.take(&framed(two(4220, false, 0, &text[200..]))), None);
}

#[test]
fn pieces_in_datagrams_join() {
    let text = text();
    let total = text.len();
    let (first, second) = (one(5, 0, total, &text[..200]), one(5, 200, total, &text[200..]));
    let whole = one(6, 0, total, &text);
    let mut told = Told::on(Dialogue::Service);
    assert_eq!(told.shown(&in_datagram(&[whole.clone(), first.clone()])), [true, false]);
    assert_eq!(told.shown(&in_datagram(&[second.clone(), whole.clone()])), [true, true]);
    assert_eq!(told.shown(&in_datagram(&[first.clone(), second.clone()])), [false, true], "both in one");
    let others = [one(7, 0, total, &text[..300]), one(7, 300, total, &text[300..])];
    assert_eq!(told.shown(&in_datagram(&[first.clone(), others[0].clone()])), [false, false]);
    assert_eq!(told.shown(&in_datagram(&[second.clone(), others[1].clone()])), [true, true], "two end in one");
    let assembly = told.take(&in_datagram(&[second, first])).unwrap();
    assert!(assembly.bytes == text && assembly.pieces.iter().all(|piece| piece.pdu.is_none()));
}

#[test]
fn pieces_through_a_relay_join() {
    let text = text();
    let total = text.len();
    let (first, second) = (one(5, 0, total, &text[..201]), one(5, 201, total, &text[201..]));
    let mut told = Told::on(Dialogue::Relay);
    assert_eq!(told.shown(&relayed(3, &first)), [false]);
    assert_eq!(told.shown(&relayed(3, &second)), [true]);
    for padded in [false, true] {
        assert_eq!(told.shown(&to_relay(&first, padded)), [false]);
        assert_eq!(told.shown(&to_relay(&second, padded)), [true]);
    }
}

#[test]
fn data_are_told_by_their_heads() {
    let wrapping = |version| Wrapping { version, footer: false, cut: false };
    let may = |bytes: &[u8], version| may_be_message(bytes, wrapping(version));
    let data = vec![b'x'; 100];
    let message = one(1, 0, 1000, &data);
    let with = |session: u8, flags: u32| {
        let mut packet = message.clone();
        packet[0] = session;
        packet[28..32].copy_from_slice(&flags.to_le_bytes());
        packet
    };
    for version in [Some(Version::One), None] {
        assert!(may(&message, version) && may(&with(0, 0x0100_0000), version) && may(&with(64, 0), version));
        for flags in [0x20, 0x30, 0x0100_0020, 0x0100_0030, 0x02, 0x100] {
            assert!(!may(&with(64, flags), version), "{flags:x}");
        }
    }
    let message = two(1, true, 1000, &data);
    let with = |kind: u8, session: u8| {
        let mut packet = message.clone();
        (packet[9], packet[15]) = (kind, session);
        packet
    };
    for version in [Some(Version::Two), None] {
        assert!(may(&message, version) && may(&with(0, 7), version) && may(&with(1, 7), version));
        for kind in 4..=7 {
            assert!(!may(&with(kind, 7), version), "{kind}");
        }
        assert!(may(&with(5, 0), version), "session 0 is for messages, whatever the type says");
    }
}

proptest! {
    /// What is passed over by its head would not have joined.
    #[test]
    fn heads_tell_the_truth(
        head in proptest::collection::vec(prop_oneof![Just(0_u8), 0..40_u8, any::<u8>()], 0..80),
        version in prop_oneof![Just(None), Just(Some(Version::One)), Just(Some(Version::Two))],
        footer: bool,
    ) {
        let wrapping = Wrapping { version, footer, cut: false };
        let role = packet(&mut Scribe::new(&head, Recording::Nothing), wrapping, None).map(|packet| packet.role);
        if !may_be_message(&head, wrapping) {
            prop_assert!(!matches!(role, Some(Role::Signalling | Role::Message | Role::Ink)), "{:?}", role);
        }
    }
}
