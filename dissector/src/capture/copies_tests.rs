use super::super::{LinkType, Timestamp};
use super::*;

/// IPv4 and TCP with two bytes behind: identification, routers left, checksum of TCP, text.
fn tcp(id: u8, left: u8, checksum: u8, text: &[u8; 2]) -> Vec<u8> {
    let mut ip = b"\x45\0\0\x2a\0\0\x40\0\x40\x06\0\0\xc0\0\x02\x0a\xc6\x33\x64\x14\
        \x04\x12\x07\x47\0\0\0\x09\0\0\0\x03\x50\x18\xff\xff\0\0\0\0"
        .to_vec();
    (ip[5], ip[8], ip[10], ip[36]) = (id, left, left ^ 0x55, checksum);
    ip.extend(text);
    ip
}

fn packet(link: LinkType, seconds: i64, bytes: &[u8]) -> Packet<'_> {
    let original_len = u32::try_from(bytes.len()).unwrap();
    let time = Timestamp::new(seconds, 0, 6);
    Packet { number: 1, time, link, bytes, original_len, interface: None, file_offset: None }
}

/// What is counted of packets of these files, at these seconds.
fn counted(packets: &[(usize, i64, Vec<u8>)]) -> Vec<(usize, usize, u64)> {
    let mut copies = Copies::default();
    packets.iter().for_each(|(file, seconds, bytes)| copies.note(*file, &packet(LinkType::RAW, *seconds, bytes)));
    copies.counts().collect()
}

#[test]
fn a_packet_is_known_again_by_what_routers_leave_alone() {
    let one = || tcp(7, 64, 0, b"hi");
    assert_eq!(counted(&[(0, 10, one()), (1, 11, tcp(7, 60, 9, b"hi"))]), [(0, 1, 1)]);
    assert_eq!(counted(&[(0, 10, one()), (1, 11, tcp(8, 64, 0, b"hi"))]), [], "sent again");
    assert_eq!(counted(&[(0, 10, one()), (1, 11, tcp(7, 64, 0, b"ho"))]), [], "other bytes");
    assert_eq!(counted(&[(0, 10, one()), (1, 16, one())]), [], "too late");
    assert_eq!(counted(&[(0, 10, one()), (0, 10, one())]), [], "of one capture");
    assert_eq!(counted(&[(0, 10, one()), (COMPARED, 10, one())]), [], "of too many captures");
    assert_eq!(counted(&[(0, 10, one()[..18].to_vec()), (1, 10, one()[..18].to_vec())]), [], "without its addresses");
}

#[test]
fn each_copy_goes_with_one() {
    let one = || tcp(0, 64, 0, b"hi");
    assert_eq!(counted(&[(0, 10, one()), (0, 10, one()), (1, 10, one()), (1, 10, one())]), [(0, 1, 2)]);
    assert_eq!(counted(&[(0, 10, one()), (1, 10, one()), (0, 10, one())]), [(0, 1, 1)]);
    assert_eq!(counted(&[(2, 10, one()), (1, 10, one()), (0, 10, one())]), [(0, 1, 1), (0, 2, 1), (1, 2, 1)]);
}

#[test]
fn the_link_does_not_matter_nor_what_is_behind_the_datagram() {
    let raw = tcp(7, 64, 0, b"hi");
    let framed = [b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0".as_slice(), &raw, b"\0\0\0\0"].concat();
    let mut copies = Copies::default();
    copies.note(0, &packet(LinkType::RAW, 10, &raw));
    copies.note(1, &packet(LinkType::ETHERNET, 10, &framed));
    assert_eq!(copies.counts().collect::<Vec<_>>(), [(0, 1, 1)]);
}

#[test]
fn memory_stays_what_it_is_however_many_come() {
    let mut copies = Copies::default();
    for number in 0..200_000_u32 {
        let mut bytes = tcp(7, 64, 0, b"hi");
        bytes[24..28].copy_from_slice(&number.to_be_bytes());
        copies.note(0, &packet(LinkType::RAW, 10, &bytes));
        copies.note(1, &packet(LinkType::RAW, 10, &bytes));
    }
    assert_eq!((copies.slots.len(), copies.counts().collect::<Vec<_>>()), (SETS * WAYS, vec![(0, 1, 200_000)]));
}
