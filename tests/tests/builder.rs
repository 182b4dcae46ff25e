//! The builder's captures read back by other means: a few lines of pcap, etherparse for the headers, a framing of eight lines.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on must fail")]

use etherparse::{NetSlice, SlicedPacket, TransportSlice};
use msnp_tests::bulk::{self, Kind};
use msnp_tests::cases;
use msnp_tests::scenario::options::{Closing, Link, Opening, Padding};
use msnp_tests::scenario::{self, Direction, Transcript, stream_bytes};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// Time in microseconds and frame of each record of a little-endian pcap file with microseconds.
fn records(pcap: &[u8]) -> Vec<(u64, &[u8])> {
    assert_eq!(pcap[..4], [0xd4, 0xc3, 0xb2, 0xa1], "not such a file");
    let word = |at: usize| u64::from(u32::from_le_bytes(pcap[at..at + 4].try_into().unwrap()));
    let (mut at, mut records) = (24, Vec::new());
    while at < pcap.len() {
        let length = usize::try_from(word(at + 8)).unwrap();
        assert_eq!(word(at + 8), word(at + 12), "nothing is cut");
        records.push((word(at) * 1_000_000 + word(at + 4), &pcap[at + 16..at + 16 + length]));
        at += 16 + length;
    }
    records
}

/// Sender, receiver, sequence number, numbers that SYN or FIN take, payload; the checksums must be right.
fn segment(frame: &[u8]) -> Option<(SocketAddr, SocketAddr, u32, u32, Vec<u8>)> {
    let sliced = SlicedPacket::from_ethernet(frame).unwrap();
    let Some(TransportSlice::Tcp(tcp)) = sliced.transport else { return None };
    let Some(NetSlice::Ipv4(ip)) = sliced.net else { panic!("these captures are IPv4") };
    let (from, to) = (ip.header().source(), ip.header().destination());
    let sum = tcp.to_header().calc_checksum_ipv4_raw(from, to, tcp.payload()).unwrap();
    assert_eq!(tcp.checksum(), sum, "TCP checksum");
    assert_eq!(ip.header().header_checksum(), ip.header().to_header().calc_header_checksum(), "IP checksum");
    let ends = (SocketAddr::from((from, tcp.source_port())), SocketAddr::from((to, tcp.destination_port())));
    Some((ends.0, ends.1, tcp.sequence_number(), u32::from(tcp.syn() || tcp.fin()), tcp.payload().to_vec()))
}

/// The bytes each end sent the other, of captures in which no segment is missing, moved or repeated.
fn streams(pcap: &[u8]) -> BTreeMap<(SocketAddr, SocketAddr), Vec<u8>> {
    let mut streams: BTreeMap<_, Vec<u8>> = BTreeMap::new();
    let mut next: BTreeMap<_, u32> = BTreeMap::new();
    let mut last = 0;
    for (time, frame) in records(pcap) {
        assert!(time >= last, "time runs backwards");
        last = time;
        let Some((from, to, seq, taken, payload)) = segment(frame) else { continue };
        let expected = next.entry((from, to)).or_insert(seq);
        assert_eq!(*expected, seq, "{from} → {to} is not contiguous");
        *expected = seq.wrapping_add(u32::try_from(payload.len()).unwrap() + taken);
        streams.entry((from, to)).or_default().extend(payload);
    }
    streams.retain(|_, bytes| !bytes.is_empty());
    streams
}

/// Verbs of a stream, by the rule that the last word of a payload command is the payload's length.
fn verbs(stream: &[u8], payload_verbs: &[&str]) -> Vec<String> {
    let (mut rest, mut verbs) = (stream, Vec::new());
    while let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") {
        let line = std::str::from_utf8(&rest[..end]).unwrap_or_else(|_| panic!("after {:?}", verbs.last()));
        let words: Vec<&str> = line.split(' ').collect();
        assert!(words[0].len() == 3, "{line:?} after {:?}", verbs.last());
        let length: usize =
            if payload_verbs.contains(&words[0]) { words.last().unwrap().parse().unwrap_or(0) } else { 0 };
        verbs.push(words[0].to_owned());
        rest = &rest[end + 2 + length..];
    }
    assert!(rest.is_empty(), "{} bytes left", rest.len());
    verbs
}

#[test]
fn clean_captures_hold_exactly_the_transcript() {
    for name in ["msnp8-signin-chat", "msnp11-signed-in-elsewhere", "msnp15-signin-sso", "msnp11-pictures-p2p"] {
        let transcript = cases::named(name).unwrap();
        let found = streams(&scenario::build(&transcript).unwrap());
        let mut wanted = BTreeMap::new();
        for ((connection, direction), bytes) in stream_bytes(&transcript) {
            let options = &transcript.scenario.connections[&connection];
            let (client, server) = (options.client.unwrap(), options.server.unwrap());
            wanted.insert(
                match direction {
                    Direction::ToServer => (client, server),
                    Direction::ToClient => (server, client),
                },
                bytes,
            );
        }
        assert!(found == wanted, "{name}: streams differ from the transcript");
    }
}

#[test]
fn every_link_type_has_the_same_datagrams_inside() {
    let mut transcript = cases::named("msnp8-signin-chat").unwrap();
    transcript.scenario.interfaces[0].link = Link::Raw;
    let raw = scenario::build(&transcript).unwrap();
    // Link type, its number, bytes before the datagram, bytes after it, the two bytes that name IPv4 and where they are.
    #[rustfmt::skip]
    let table = [
        (Link::Ethernet,   1, 14, 0, 12, [0x08, 0x00]),
        (Link::Null,       0,  4, 0,  0, [0x02, 0x00]),
        (Link::Loop,     108,  4, 0,  2, [0x00, 0x02]),
        (Link::Ppp,        9,  4, 0,  2, [0x00, 0x21]),
        (Link::Sll,      113, 16, 0, 14, [0x08, 0x00]),
        (Link::Sll2,     276, 20, 0,  0, [0x08, 0x00]),
        (Link::Wifi,     105, 34, 0, 32, [0x08, 0x00]),
        (Link::Radiotap, 127, 48, 4, 46, [0x08, 0x00]),
    ];
    for (link, number, before, after, at, protocol) in table {
        transcript.scenario.interfaces[0].link = link;
        transcript.scenario.interfaces[0].padding = Padding::None;
        let built = scenario::build(&transcript).unwrap();
        assert_eq!(built[20..24], u32::to_le_bytes(number), "{link:?}");
        for ((_, frame), (_, datagram)) in records(&built).iter().zip(records(&raw)) {
            assert_eq!(&frame[before..frame.len() - after], datagram, "{link:?}");
            assert_eq!(frame[at..at + 2], protocol, "{link:?}");
        }
    }
}

#[test]
fn damage_that_hits_nothing_is_refused() {
    let line = r#"{"connection":"NS","dir":"C>S","line":"PNG\r\n"}"#;
    let damaged = |at: &str| {
        let text = format!(r#"{{"scenario":{{"damage":[{{"lose":{{"at":{at}}}}}]}}}}"#) + "\n" + line;
        scenario::build(&Transcript::parse(&text).unwrap()).map(|bytes| bytes.len())
    };
    let whole = scenario::build(&Transcript::parse(line).unwrap()).unwrap().len();
    assert_eq!(damaged(r#"{"connection":"NS","dir":"C>S","lines":[1]}"#).unwrap(), whole - 16 - 59);
    assert!(damaged(r#"{"connection":"NS","dir":"S>C","lines":[1]}"#).is_err());
    assert!(damaged(r#"{"connection":"SB","dir":"C>S"}"#).is_err());
    assert!(damaged(r#"{"connection":"NS","dir":"C>S","segments":[2]}"#).is_err());
}

#[test]
fn a_midstream_connection_has_no_handshake_and_no_end() {
    let mut transcript = Transcript::parse(r#"{"connection":"NS","dir":"C>S","line":"PNG\r\n"}"#).unwrap();
    let options = transcript.scenario.connections.entry("NS".to_owned()).or_default();
    (options.opening, options.closing) = (Opening::Midstream, Closing::Open);
    let built = scenario::build(&transcript).unwrap();
    let frames: Vec<_> = records(&built).iter().filter_map(|(_, frame)| segment(frame)).collect();
    assert_eq!(frames.len(), 2, "the command and its acknowledgement");
    assert!(frames.iter().all(|(_, _, _, taken, _)| *taken == 0));
}

#[test]
fn bulk_captures_frame_to_the_last_byte() {
    for (kind, sizes) in [(Kind::Chat, 150..190), (Kind::P2p, 900..1_200)] {
        let mut pcap = Vec::new();
        bulk::write(kind, 4, 1, &mut pcap).unwrap();
        assert!((4_000_000..4_400_000).contains(&pcap.len()), "{kind:?} has {} bytes", pcap.len());
        let frames = records(&pcap);
        let average = frames.iter().map(|(_, frame)| frame.len()).sum::<usize>() / frames.len();
        assert!(sizes.contains(&average), "{kind:?} has {average} bytes per packet");
        let mut commands = 0;
        for ((from, _), stream) in streams(&pcap) {
            let from_server = from.port() == 1863;
            let payload_verbs = if from_server { &["MSG", "GCF", "UBX"][..] } else { &["MSG", "ADL", "QRY"] };
            let verbs = verbs(&stream, payload_verbs);
            assert!(["VER", "USR", "ANS", "IRO"].contains(&verbs[0].as_str()), "{kind:?} begins with {}", verbs[0]);
            commands += verbs.len();
        }
        assert!(commands > 1_000, "{kind:?} has {commands} commands");
        let (mut same, mut other) = (Vec::new(), Vec::new());
        bulk::write(kind, 4, 1, &mut same).unwrap();
        bulk::write(kind, 4, 2, &mut other).unwrap();
        assert!(pcap == same && pcap != other, "{kind:?} must depend on the seed alone");
    }
}
