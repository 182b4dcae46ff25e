//! Packets written by hand, from the link layer to the segment.

use proptest::prelude::*;

use super::*;

/// A TCP segment from port 1050 to port 1863.
fn tcp(payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x04, 0x1a, 0x07, 0x47, 0, 0, 0, 7, 0, 0, 0, 9, 0x50, 0x18, 0, 0, 0, 0, 0, 0];
    bytes.extend_from_slice(payload);
    bytes
}

/// An IPv4 header with options in front of `payload`; `fragment` is the field of flags and offset.
fn v4(protocol: u8, fragment: u16, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(24 + payload.len()).unwrap().to_be_bytes();
    let fragment = fragment.to_be_bytes();
    let mut bytes = vec![0x46, 0, length[0], length[1], 0, 5, fragment[0], fragment[1], 64, protocol, 0, 0];
    bytes.extend([10, 0, 0, 1, 10, 0, 0, 2, 1, 1, 1, 0]);
    bytes.extend_from_slice(payload);
    bytes
}

/// An IPv6 header in front of `payload`.
fn v6(next: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap().to_be_bytes();
    let mut bytes = vec![0x60, 0, 0, 0, length[0], length[1], next, 64];
    bytes.extend([0; 15]);
    bytes.push(1);
    bytes.extend([0; 15]);
    bytes.push(2);
    bytes.extend_from_slice(payload);
    bytes
}

fn packet(link: LinkType, bytes: &[u8]) -> Packet<'_> {
    let original_len = u32::try_from(bytes.len()).unwrap();
    Packet {
        number: 3,
        time: Timestamp::default(),
        link,
        bytes,
        original_len,
        interface: None,
        file_offset: Some(1000),
    }
}

/// Payload, cut bytes and file offset of the segment in raw IP.
fn raw(peeler: &mut Peeler, bytes: &[u8]) -> Option<(Vec<u8>, u32, Option<u64>)> {
    match peeler.segment(&packet(LinkType::RAW, bytes)) {
        Peeled::Tcp(segment) => {
            assert_eq!((segment.source.port(), segment.destination.port()), (1050, 1863));
            assert_eq!((segment.sequence, segment.acknowledgement), (7, 9));
            assert!(segment.flags.has(Flags::PSH | Flags::ACK) && !segment.flags.has(Flags::SYN));
            Some((segment.payload.to_vec(), segment.missing, segment.file_offset))
        }
        _ => None,
    }
}

use crate::transport::Flags;

#[test]
fn padding_is_cut_off_by_the_ip_length() {
    let frame = [&[0; 12][..], &[8, 0], &v4(6, 0, &tcp(b"")), &[0xee; 6]].concat();
    match Peeler::new().segment(&packet(LinkType::ETHERNET, &frame)) {
        Peeled::Tcp(segment) => assert_eq!(segment.payload, b""),
        other => panic!("{other:?}"),
    }
}

#[test]
fn payload_is_found_where_it_lies_in_the_file() {
    assert_eq!(raw(&mut Peeler::new(), &v4(6, 0, &tcp(b"VER"))), Some((b"VER".to_vec(), 0, Some(1044))));
    assert_eq!(raw(&mut Peeler::new(), &v6(6, &tcp(b"VER"))), Some((b"VER".to_vec(), 0, Some(1060))));
}

#[test]
fn what_the_snaplen_cut_is_counted() {
    let whole = v4(6, 0, &tcp(b"VER 1 MSNP8"));
    assert_eq!(raw(&mut Peeler::new(), &whole[..47]), Some((b"VER".to_vec(), 8, Some(1044))));
    assert_eq!(Peeler::new().segment(&packet(LinkType::RAW, &whole[..40])), Peeled::Truncated);
}

#[test]
fn an_ip_length_of_zero_means_all() {
    let mut offloaded = v4(6, 0, &tcp(b"VER"));
    offloaded[2..4].fill(0);
    assert_eq!(raw(&mut Peeler::new(), &offloaded).unwrap().0, b"VER");
    let mut offloaded = v6(6, &tcp(b"VER"));
    offloaded[4..6].fill(0);
    assert_eq!(raw(&mut Peeler::new(), &offloaded).unwrap().0, b"VER");
}

#[test]
fn extension_headers_and_tunnels_are_passed() {
    let extended = v6(0, &[&[60, 0, 1, 4, 0, 0, 0, 0, 6, 0, 1, 4, 0, 0, 0, 0][..], &tcp(b"VER")].concat());
    assert_eq!(raw(&mut Peeler::new(), &extended).unwrap().0, b"VER");
    let tunnel = v4(41, 0, &v6(4, &v4(6, 0, &tcp(b"VER"))));
    assert_eq!(raw(&mut Peeler::new(), &tunnel).unwrap().0, b"VER");
}

#[test]
fn fragments_make_a_datagram_in_any_order() {
    let whole = tcp(b"VER 1 MSNP8 CVR0\r\n");
    let pieces = [(0usize, 16usize, true), (16, 32, true), (32, whole.len(), false)];
    let v4: Vec<Vec<u8>> = pieces
        .iter()
        .map(|(from, to, more)| {
            let offset = u16::try_from(from / 8).unwrap();
            v4(6, offset | if *more { 0x2000 } else { 0 }, &whole[*from..*to])
        })
        .collect();
    let v6: Vec<Vec<u8>> = pieces
        .iter()
        .map(|(from, to, more)| {
            let field = (u16::try_from(*from).unwrap() | u16::from(*more)).to_be_bytes();
            v6(44, &[&[6, 0, field[0], field[1], 0, 0, 0, 5], &whole[*from..*to]].concat())
        })
        .collect();
    for fragments in [v4, v6] {
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]] {
            let mut peeler = Peeler::new();
            let got: Vec<_> = order.map(|index| raw(&mut peeler, &fragments[index])).into();
            assert_eq!(got, [None, None, Some((b"VER 1 MSNP8 CVR0\r\n".to_vec(), 0, None))], "{order:?}");
            assert_eq!(raw(&mut peeler, &fragments[0]), None, "the datagram is done with");
        }
    }
}

#[test]
fn fragments_of_many_datagrams_are_bounded() {
    let mut peeler = Peeler::new();
    let mut first = v4(6, 0x2000, &tcp(b"VER ")[..16]);
    let mut last = v4(6, 2, &tcp(b"VER ")[16..]);
    for id in 0..200u8 {
        first[5] = id;
        assert_eq!(raw(&mut peeler, &first), None);
    }
    // The newest are kept, the oldest are gone.
    last[5] = 199;
    assert!(raw(&mut peeler, &last).is_some());
    last[5] = 0;
    assert_eq!(raw(&mut peeler, &last), None);
}

#[test]
fn everything_else_is_named() {
    let mut peeler = Peeler::new();
    let mut name = |link, bytes: &[u8]| peeler.segment(&packet(link, bytes)).name();
    assert_eq!(name(LinkType::RAW, &v4(17, 0, &[0, 53, 4, 0, 0, 8, 0, 0])), "UDP");
    assert_eq!(name(LinkType::RAW, &v6(58, &[128, 0])), "ICMP");
    assert_eq!(name(LinkType::ETHERNET, &[&[0; 12][..], &[8, 6], &[0; 28]].concat()), "ARP");
    assert_eq!(name(LinkType(147), &[1, 2, 3]), "unknown link type");
    assert_eq!(name(LinkType::RAW, &[0x45]), "packets cut in a header");
}

proptest! {
    #[test]
    fn arbitrary_packets_never_panic(
        packets in prop::collection::vec((
            prop::sample::select(vec![0u16, 1, 9, 12, 50, 51, 101, 105, 108, 113, 127, 228, 276, 999]),
            prop::sample::select(vec![vec![], vec![0u8; 12], vec![0x45], vec![0x60], vec![0xff, 3, 0, 0x21], vec![2, 0, 0, 0]]),
            prop::collection::vec(any::<u8>(), 0..120),
            any::<u32>(),
        ), 1..20),
    ) {
        let mut peeler = Peeler::new();
        for (link, head, tail, original_len) in packets {
            let bytes = [head, tail].concat();
            let packet = Packet { original_len, ..packet(LinkType(link), &bytes) };
            if let Peeled::Tcp(segment) = peeler.segment(&packet) {
                prop_assert!(segment.payload.len() <= 65_535);
            }
        }
    }
}

#[test]
fn each_part_of_an_aggregate_is_a_segment_at_its_place() {
    let part = |payload: &[u8]| {
        let body = [&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0][..], &v4(6, 0, &tcp(payload))].concat();
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        let mut part = [&[0; 12][..], &length, &body].concat();
        part.resize(part.len().next_multiple_of(4), 0xee);
        part
    };
    let frame = [&[0x88, 0x02][..], &[0; 22], &[0x80, 0], &part(b"one"), &part(b"second")].concat();
    let mut told = Vec::new();
    Peeler::new().each(&packet(LinkType::WIFI, &frame), &mut |peeled| match peeled {
        Peeled::Tcp(segment) => told.push((segment.payload.to_vec(), segment.missing, segment.file_offset)),
        other => panic!("{other:?}"),
    });
    let first = 26 + 14 + 8 + 44;
    let second = 26 + part(b"one").len() as u64 + 14 + 8 + 44;
    assert_eq!(told, [(b"one".to_vec(), 0, Some(1000 + first)), (b"second".to_vec(), 0, Some(1000 + second))]);
    let mut cut = Vec::new();
    Peeler::new().each(&packet(LinkType::WIFI, &frame[..30]), &mut |peeled| cut.push(peeled.name()));
    assert_eq!(cut, ["packets cut in a header"]);
}
