use proptest::prelude::*;

use super::*;
use crate::capture::{Interface, Timestamp};

/// Ethernet, IPv4, TCP with an option, two bytes, and padding.
const SYN: &[u8] = b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0\
    \x45\0\0\x2e\0\x07\x40\0\x40\x06\0\0\xc0\0\x02\x0a\xc6\x33\x64\x14\
    \x04\x12\x07\x47\0\0\0\x09\0\0\0\x03\x60\x12\xff\xff\0\0\0\0\x02\x04\x05\xb4hi\0\0\0";

fn packet(link: LinkType, bytes: &[u8]) -> Packet<'_> {
    let original_len = u32::try_from(bytes.len()).unwrap();
    Packet { number: 7, time: Timestamp::new(0, 0, 0), link, bytes, original_len, interface: None, file_offset: None }
}

fn told(frame: &Frame) -> Vec<String> {
    frame.parts.iter().map(|part| format!("{} {:?} {}", part.header.name, part.bytes, part.value)).collect()
}

#[test]
fn each_header_is_a_heading_with_its_fields() {
    let frame = take_apart(&packet(LinkType::ETHERNET, SYN));
    assert_eq!(frame.kind, Kind::Tcp(Flags::SYN | Flags::ACK));
    assert_eq!(frame.payload, 58..60);
    assert_eq!(
        frame.ends.map(|(from, to)| (from.to_string(), to.to_string())),
        Some(("192.0.2.10:1042".into(), "198.51.100.20:1863".into()))
    );
    let expected = [
        "frame 0..0 ",
        "frame.number 0..0 7",
        "frame.cap_len 0..0 63",
        "frame.len 0..0 63",
        "frame.encap_type 0..14 Ethernet",
        "eth.dst 0..6 02:00:00:00:00:01",
        "eth.src 6..12 02:00:00:00:00:02",
        "eth.type 12..14 0x0800",
        "ip 14..34 ",
        "ip.len 16..18 46",
        "ip.id 18..20 7",
        "ip.ttl 22..23 64",
        "ip.proto 23..24 6",
        "ip.src 26..30 192.0.2.10",
        "ip.dst 30..34 198.51.100.20",
        "tcp 34..58 ",
        "tcp.srcport 34..36 1042",
        "tcp.dstport 36..38 1863",
        "tcp.seq_raw 38..42 9",
        "tcp.ack_raw 42..46 3",
        "tcp.flags 47..48 SYN, ACK",
        "tcp.window_size_value 48..50 65535",
        "tcp.options 54..58 4",
        "data 58..60 2",
        "eth.padding 60..63 3",
    ];
    assert_eq!(told(&frame), expected);
}

#[test]
fn the_interface_is_told_where_the_capture_tells_it() {
    let told_of = |name| {
        let interface = Some(Interface { number: 3, name });
        let frame = take_apart(&Packet { interface, ..packet(LinkType::ETHERNET, SYN) });
        told(&frame).into_iter().filter(|part| part.starts_with("frame.interface")).collect::<Vec<_>>()
    };
    assert_eq!(told_of("wlan0"), ["frame.interface_id 0..0 3", "frame.interface_name 0..0 wlan0"]);
    assert_eq!(told_of(""), ["frame.interface_id 0..0 3"]);
}

#[test]
fn what_is_cut_off_or_unknown_stays_payload() {
    let cut = take_apart(&packet(LinkType::ETHERNET, &SYN[..40]));
    assert_eq!((cut.kind, cut.payload.clone(), cut.ends), (Kind::Ip(6), 34..40, None));
    let arp = take_apart(&packet(LinkType::ETHERNET, &[&[0; 12][..], &[8, 6, 1, 2, 3]].concat()));
    assert_eq!((arp.kind, arp.payload), (Kind::Ether(0x0806), 14..17));
    let strange = take_apart(&packet(LinkType(147), &[1, 2, 3]));
    assert_eq!((strange.kind, strange.payload.clone()), (Kind::Link, 0..3));
    assert!(told(&strange).contains(&"frame.encap_type 0..0 147".to_owned()));
    let mut later = SYN.to_vec();
    later[21] = 2;
    assert_eq!(take_apart(&packet(LinkType::ETHERNET, &later)).kind, Kind::Fragment);
}

#[test]
fn udp_is_found_behind_headers_of_ipv6() {
    let mut bytes = vec![0x60, 0, 0, 0, 0, 18, 60, 64];
    bytes.extend([0; 15].iter().chain(&[1]).chain(&[0; 15]).chain(&[2]));
    bytes.extend(b"\x11\0\0\0\0\0\0\0\x0d\x96\x07\x47\0\x0a\0\0hi");
    let frame = take_apart(&packet(LinkType::RAW, &bytes));
    assert_eq!((frame.kind, frame.payload), (Kind::Udp, 56..58));
    assert_eq!(frame.ends.map(|(from, _)| from.to_string()), Some("[::1]:3478".into()));
}

proptest! {
    #[test]
    fn any_bytes_are_taken_apart_within_their_bounds(bytes in prop::collection::vec(any::<u8>(), 0..120), cut in 0..64_usize, link in prop::sample::select(vec![1_u16, 9, 101, 105, 113, 127])) {
        let mut near = SYN.to_vec();
        near.truncate(cut);
        near.extend(&bytes);
        for bytes in [&bytes, &near] {
            let frame = take_apart(&packet(LinkType(link), bytes));
            prop_assert!(frame.payload.start <= frame.payload.end && frame.payload.end <= bytes.len());
            for part in &frame.parts {
                prop_assert!(part.bytes.start <= part.bytes.end && part.bytes.end <= bytes.len(), "{part:?}");
            }
        }
    }
}
