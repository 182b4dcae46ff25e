//! What two programs say over UDP is found among all the rest that goes over it, and followed like any other.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on must fail"
)]

use msnp_dissector::analysis::{Analysis, Command, End, Extent, Sink, StreamInfo, UDP, holdings};
use msnp_dissector::msnp::p2p::Role;
use msnp_dissector::msnp::{Content, Dialogue, Direction, dissect};
use msnp_dissector::transfer::{Bytes, Carrier, Keeping, State, Transfer, Transfers};
use msnp_dissector::tree::{Catalogue, Recording};
use msnp_tests::datagrams::{ANN, BOB, Capture, OTHER, framed, packet};

#[derive(Default)]
struct Heard {
    streams: Vec<StreamInfo>,
    /// Connection, direction, and the roles of its packets.
    commands: Vec<(u32, Direction, Vec<Role>)>,
    /// Whole messages.
    messages: usize,
    ends: Vec<End>,
    transfers: Option<Transfers>,
    /// What else the capture holds.
    beside: Vec<String>,
}

impl Sink for Heard {
    fn stream(&mut self, info: &StreamInfo) {
        self.streams.push(info.clone());
    }

    fn command(&mut self, command: &Command<'_>) {
        let message = dissect(&command.pdu, &command.context, Recording::Nothing).message;
        let packets = match &message.content {
            Content::PeerToPeer(peer) => &*peer.packets,
            _ => &[],
        };
        self.messages += packets.iter().filter(|packet| packet.slp.is_some()).count();
        let roles = packets.iter().map(|packet| packet.role).collect();
        self.commands.push((command.stream, command.context.direction, roles));
        if let Some(transfers) = &mut self.transfers {
            transfers.observe(command, &message);
        }
    }

    fn end(&mut self, end: &End) {
        self.ends.push(*end);
    }
}

fn read(capture: &Capture, keeping: Option<Keeping>) -> Heard {
    let mut heard = Heard { transfers: keeping.map(Transfers::new), ..Heard::default() };
    let mut analysis = Analysis::new();
    analysis.push(&capture.0, &mut heard).unwrap();
    analysis.finish(&mut heard).unwrap();
    assert_eq!(analysis.totals().commands as usize, heard.commands.len());
    heard.beside = holdings(analysis.totals()).iter().map(|what| Catalogue::english().render(&what.what)).collect();
    assert_eq!(analysis.totals().streams as usize, heard.streams.len());
    heard
}

struct File<'f>(&'f [u8]);

impl Bytes for File<'_> {
    fn extent(&mut self, extent: Extent, into: &mut Vec<u8>) -> bool {
        let start = usize::try_from(extent.offset).unwrap();
        self.0.get(start..start + extent.length as usize).map(|bytes| into.extend_from_slice(bytes)).is_some()
    }
}

#[test]
fn a_file_over_udp_comes_whole() {
    let data = (0..3000_u32).map(|at| u8::try_from(at % 251).unwrap()).collect::<Vec<_>>();
    let message = format!("BYE MSNMSGR:bob@example.com MSNSLP/1.0\r\nTo: {}\r\n\r\n\0", "x".repeat(1500));
    let mut capture = Capture::new();
    let dns = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x07example\x03com\0\0\x01\0\x01";
    capture.udp((ANN, 40000), (OTHER, 53), dns, 0);
    capture.udp((ANN, 6901), (BOB, 6902), b"a probe that nobody knows", 0);
    let (first, second) = message.as_bytes().split_at(1000);
    let whole = message.len();
    capture.between(true, &packet(0, 1, 0, (0, whole), first));
    capture.between(true, &packet(0, 1, 0, (1000, whole), second));
    capture.udp((ANN, 40000), (OTHER, 53), dns, 0);
    for (number, chunk) in data.chunks(1200).enumerate() {
        capture.between(false, &packet(77, 9, 0x0100_0030, (number * 1200, data.len()), chunk));
    }
    capture.udp((BOB, 6902), (ANN, 6901), b"and another one", 0);
    let mut acknowledgement = packet(77, 2, 2, (0, data.len()), b"");
    acknowledgement[32] = 9;
    capture.between(true, &acknowledgement);

    let heard = read(&capture, Some(Keeping::Extents { object: 0, total: 0 }));
    let info = &heard.streams[0];
    assert_eq!((heard.streams.len(), info.stream, info.tcp_stream, info.dialogue), (1, UDP, UDP, Dialogue::Udp));
    assert_eq!((info.client.to_string(), info.frame), ("192.0.2.1:6901".to_owned(), 3));
    let (up, down) = (Direction::ToServer, Direction::ToClient);
    let want = [
        (up, vec![Role::Signalling]),
        (up, vec![Role::Signalling]),
        (down, vec![Role::File]),
        (down, vec![Role::File]),
        (down, vec![Role::File]),
        (down, vec![]),
        (up, vec![Role::Acknowledgement]),
    ];
    let told = heard.commands.into_iter().map(|(stream, direction, roles)| {
        assert_eq!(stream, UDP);
        (direction, roles)
    });
    assert_eq!(told.collect::<Vec<_>>(), want);
    assert_eq!(heard.beside, ["UDP port 53 (DNS)"]);
    assert_eq!((heard.messages, heard.ends.len(), heard.ends[0].frame), (1, 1, 10));

    let transfers: Vec<Transfer> = heard.transfers.unwrap().finish();
    let transfer = &transfers[0];
    assert_eq!((transfers.len(), transfer.state, &transfer.carriers), (1, State::Complete, &vec![Carrier::Udp]));
    assert!(transfer.map.chunks.iter().all(|chunk| chunk.acknowledged_by == Some(7)));
    let mut object = Vec::new();
    assert!(transfer.read(&mut File(&capture.0), &mut |_, bytes| object.extend_from_slice(bytes)));
    assert!(object == data);
}

/// A relay asked over UDP, on a capture that keeps the first bytes of packets only.
#[test]
fn what_is_cut_is_read_as_far_as_it_goes() {
    let allocate = [&[0, 3, 0, 8][..], &[5; 16], &[0, 15, 0, 4, 0x72, 0xc6, 0x4b, 0xc6]].concat();
    let binding = [&[0, 1, 0, 0][..], &[6; 16]].concat();
    let mut capture = Capture::new();
    capture.udp((ANN, 5000), (OTHER, 443), &binding, 0);
    capture.udp((ANN, 5000), (OTHER, 443), &allocate, 0);
    capture.udp((OTHER, 443), (ANN, 5000), &binding, 0);
    capture.udp((ANN, 5001), (OTHER, 443), &allocate, 3);
    capture.udp((ANN, 5000), (OTHER, 443), &framed(&packet(77, 9, 0x20, (0, 900), &[1; 900])), 880);
    capture.udp((ANN, 5000), (OTHER, 443), &allocate, 28);
    let heard = read(&capture, None);
    assert_eq!(heard.streams.len(), 1);
    let roles = heard.commands.iter().map(|(_, _, roles)| roles.clone()).collect::<Vec<_>>();
    assert_eq!(roles, [vec![], vec![], vec![], vec![Role::Object]], "the first was a question, which was held");
}

/// Who sends from thousands of ports does not cost more than those that are followed.
#[test]
fn no_more_pairs_are_followed_than_a_ceiling_allows() {
    let allocate = [&[0, 3, 0, 8][..], &[5; 16], &[0, 15, 0, 4, 0x72, 0xc6, 0x4b, 0xc6]].concat();
    let mut capture = Capture::new();
    for port in 2000..7000 {
        capture.udp((ANN, port), (OTHER, 443), &allocate, 0);
    }
    let heard = read(&capture, None);
    assert_eq!((heard.streams.len(), heard.ends.len(), heard.commands.len()), (4096, 4096, 4096));
}
