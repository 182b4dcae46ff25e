//! Files written by hand, in every format and wrapping, fed whole and in pieces.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::super::{Damage, FileKind, LinkType, Timestamp};
use super::*;

/// A packet with its bytes owned.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    number: u64,
    time: Timestamp,
    digits: u8,
    link: LinkType,
    bytes: Vec<u8>,
    original_len: u32,
    interface: Option<(u32, String)>,
    file_offset: Option<u64>,
}

type Read = (Vec<Kept>, Result<Ending, Refusal>);

/// Feeds a file in pieces that end at `cuts`.
fn read_cut(file: &[u8], cuts: &[usize]) -> Read {
    let mut kept = Vec::new();
    let mut sink = |packet: &Packet<'_>| {
        kept.push(Kept {
            number: packet.number,
            time: packet.time,
            digits: packet.time.digits,
            link: packet.link,
            bytes: packet.bytes.to_vec(),
            original_len: packet.original_len,
            interface: packet.interface.map(|from| (from.number, from.name.to_owned())),
            file_offset: packet.file_offset,
        });
    };
    let mut reader = CaptureReader::new();
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (file.len() + 1)).chain([0, file.len()]).collect();
    cuts.sort_unstable();
    for pair in cuts.windows(2) {
        if let Err(refusal) = reader.push(&file[pair[0]..pair[1]], &mut sink) {
            assert_eq!(reader.finish(&mut sink), Err(refusal));
            return (kept, Err(refusal));
        }
    }
    let ending = reader.finish(&mut sink);
    (kept, ending)
}

fn read(file: &[u8]) -> Read {
    read_cut(file, &[])
}

fn packets(file: &[u8]) -> Vec<Kept> {
    let (kept, ending) = read(file);
    assert_eq!(ending, Ok(Ending::Complete));
    kept
}

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn u16(self, value: u16) -> [u8; 2] {
        match self {
            Order::Little => value.to_le_bytes(),
            Order::Big => value.to_be_bytes(),
        }
    }

    fn words(self, values: &[u32]) -> Vec<u8> {
        let word = |value: &u32| match self {
            Order::Little => value.to_le_bytes(),
            Order::Big => value.to_be_bytes(),
        };
        values.iter().flat_map(word).collect()
    }
}

/// A pcap file of Ethernet packets at 5.000007 s, 6.000007 s, …
fn pcap(order: Order, magic: u32, packets: &[&[u8]]) -> Vec<u8> {
    let mut file = order.words(&[magic]);
    file.extend([order.u16(2), order.u16(4)].concat());
    file.extend(order.words(&[0, 0, 65_535, 1]));
    for (index, packet) in packets.iter().enumerate() {
        let length = u32::try_from(packet.len()).unwrap();
        file.extend(order.words(&[5 + u32::try_from(index).unwrap(), 7, length, length + 3]));
        file.extend_from_slice(packet);
    }
    file
}

fn block(order: Order, kind: u32, content: &[u8]) -> Vec<u8> {
    let padded = content.len().next_multiple_of(4);
    let length = u32::try_from(padded + 12).unwrap();
    let mut block = order.words(&[kind, length]);
    block.extend_from_slice(content);
    block.resize(8 + padded, 0);
    block.extend(order.words(&[length]));
    block
}

fn section(order: Order) -> Vec<u8> {
    let head = [order.words(&[0x1a2b_3c4d]), order.u16(1).into(), order.u16(0).into(), vec![0xff; 8]].concat();
    block(order, 0x0a0d_0d0a, &head)
}

fn option(order: Order, code: u16, value: &[u8]) -> Vec<u8> {
    let mut option = [order.u16(code), order.u16(u16::try_from(value.len()).unwrap())].concat();
    option.extend_from_slice(value);
    option.resize(option.len().next_multiple_of(4), 0);
    option
}

fn interface(order: Order, link: u16, snaplen: u32, options: &[u8]) -> Vec<u8> {
    let head = [order.u16(link).into(), order.u16(0).into(), order.words(&[snaplen]), options.into()].concat();
    block(order, 1, &head)
}

fn enhanced(order: Order, interface: u32, ticks: u64, bytes: &[u8]) -> Vec<u8> {
    let (high, low) = (u32::try_from(ticks >> 32).unwrap(), u32::try_from(ticks & 0xffff_ffff).unwrap());
    let length = u32::try_from(bytes.len()).unwrap();
    let mut content = order.words(&[interface, high, low, length, length]);
    content.extend_from_slice(bytes);
    content.resize(content.len().next_multiple_of(4), 0);
    content.extend(option(order, 2, &[0, 0, 0, 1]));
    content.extend(option(order, 0, &[]));
    block(order, 6, &content)
}

/// Two sections, three interfaces, every packet block, and blocks that are passed over.
fn pcapng() -> Vec<u8> {
    let (big, little) = (Order::Big, Order::Little);
    let mut resolution = [option(big, 2, b"wlan0"), option(big, 9, &[9])].concat();
    resolution.extend(option(big, 14, &(-2i64).to_be_bytes()));
    resolution.extend(option(big, 0, &[]));
    let mut old = [big.u16(1), big.u16(9)].concat();
    old.extend(big.words(&[0, 7_000_000, 5, 5]));
    old.extend(*b"older");
    let simple = [little.words(&[40]), b"simple".to_vec()].concat();
    [
        section(big),
        interface(big, 113, 0, &[]),
        interface(big, 1, 0, &resolution),
        enhanced(big, 0, 1_115_373_055_968_551, b"first"),
        enhanced(big, 1, 3_000_000_001, b"second"),
        block(big, 4, b"names"),
        block(big, 2, &old),
        section(little),
        interface(little, 101, 6, &option(little, 9, &[0x80 | 10])),
        enhanced(little, 0, 5 << 10 | 512, b"third"),
        block(little, 3, &simple),
        block(little, 0x0bad, &vec![7; 3_000_000]),
    ]
    .concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::GzBuilder::new()
        .filename("capture.pcap")
        .comment("made by hand")
        .extra(vec![1, 2, 3])
        .write(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

#[test]
fn pcap_in_both_byte_orders_and_precisions() {
    for order in [Order::Little, Order::Big] {
        let micro = packets(&pcap(order, 0xa1b2_c3d4, &[b"one", b"", b"three"]));
        assert_eq!(micro.len(), 3);
        let first = &micro[0];
        assert_eq!((first.time, first.digits), (Timestamp::new(5, 7_000, 6), 6));
        assert_eq!((first.link, &first.bytes[..], first.original_len), (LinkType::ETHERNET, &b"one"[..], 6));
        assert_eq!((micro[2].number, micro[2].file_offset), (3, Some(24 + 16 + 3 + 16 + 16)));
        let nano = packets(&pcap(order, 0xa1b2_3c4d, &[b"one"]));
        assert_eq!((nano[0].time, nano[0].digits), (Timestamp::new(5, 7, 9), 9));
    }
}

#[test]
fn pcapng_with_sections_interfaces_and_every_packet_block() {
    let file = pcapng();
    let kept = packets(&file);
    let seen: Vec<_> = kept.iter().map(|kept| (kept.time.rfc3339(), kept.link.0, &kept.bytes[..])).collect();
    let expected: [(&str, u16, &[u8]); 5] = [
        ("2005-05-06T09:50:55.968551Z", 113, b"first"),
        ("1970-01-01T00:00:01.000000001Z", 1, b"second"),
        // Seven million nanoseconds less two seconds.
        ("1969-12-31T23:59:58.007000000Z", 1, b"older"),
        ("1970-01-01T00:00:05.5000Z", 101, b"third"),
        // Without a time of its own; the snaplen is 6.
        ("1970-01-01T00:00:05.5000Z", 101, b"simple"),
    ];
    assert_eq!(seen, expected.map(|(time, link, bytes)| (time.to_owned(), link, bytes)));
    let interfaces = kept.iter().map(|kept| kept.interface.clone().unwrap()).collect::<Vec<_>>();
    let expected = [(0, ""), (1, "wlan0"), (1, "wlan0"), (0, ""), (0, "")];
    assert_eq!(interfaces, expected.map(|(number, name)| (number, name.to_owned())), "numbered in each section anew");
    assert_eq!(kept[4].original_len, 40);
    assert_eq!(kept.iter().position(|kept| kept.time.recorded().is_none()), Some(4), "shown as no time at all");
    for kept in kept {
        let at = usize::try_from(kept.file_offset.unwrap()).unwrap();
        assert_eq!(file[at..at + kept.bytes.len()], kept.bytes);
    }
}

#[test]
fn compression_changes_nothing_but_the_offsets() {
    for file in [pcap(Order::Little, 0xa1b2_c3d4, &[b"one", &[7; 200_000]]), pcapng()] {
        let mut plain = packets(&file);
        plain.iter_mut().for_each(|kept| kept.file_offset = None);
        let (head, tail) = file.split_at(100);
        assert_eq!(packets(&gzip(&file)), plain);
        assert_eq!(packets(&[gzip(head), gzip(tail), vec![0; 9]].concat()), plain, "two members and padding");
        assert_eq!(packets(&zstd(&file)), plain);
        let skippable = [0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        assert_eq!(packets(&[&skippable[..], &zstd(head), &skippable, &zstd(tail)].concat()), plain, "frames");
    }
}

#[test]
fn a_cut_file_gives_all_packets_before() {
    let file = pcap(Order::Little, 0xa1b2_c3d4, &[b"one", b"two"]);
    for length in 24..file.len() {
        let (kept, ending) = read(&file[..length]);
        let whole = (length - 24) / 19;
        assert_eq!(kept.len(), whole);
        let expected = match (length - 24) % 19 {
            0 => Ending::Complete,
            _ => Ending::Cut { packet: whole as u64 + 1 },
        };
        assert_eq!(ending, Ok(expected), "{length}");
    }
    assert_eq!(read(&file[..7]).1, Ok(Ending::Cut { packet: 1 }));
    let gzipped = gzip(&file);
    assert_eq!(read(&gzipped[..gzipped.len() - 2]).1, Ok(Ending::Cut { packet: 3 }), "the checksum is incomplete");
    // Zstandard cannot give a block before it has all of it.
    let zstandard = zstd(&file);
    assert_eq!(read(&zstandard[..zstandard.len() - 2]).1, Ok(Ending::Cut { packet: 1 }));
}

#[test]
fn damage_ends_the_capture_and_is_named() {
    let good = pcap(Order::Little, 0xa1b2_c3d4, &[b"one"]);
    let absurd = [good.clone(), Order::Little.words(&[1, 1, 0xffff_fff0, 4]), b"more".to_vec()].concat();
    let damaged = |reason| Ok(Ending::Damaged { after_packet: 1, reason });
    assert_eq!(read(&absurd).1, damaged(Damage::PacketTooLong { claimed: 0xffff_fff0 }));

    let order = Order::Little;
    let start = [section(order), interface(order, 1, 0, &[]), enhanced(order, 0, 1, b"one")].concat();
    let bad = |block: Vec<u8>| read(&[start.clone(), block].concat()).1;
    assert_eq!(bad(enhanced(order, 1, 1, b"two")), damaged(Damage::UnknownInterface { interface: 1 }));
    assert_eq!(bad(order.words(&[6, 0xffff_fff0, 0])), damaged(Damage::BlockLength { claimed: 0xffff_fff0 }));
    assert_eq!(bad(order.words(&[6, 4, 0])), damaged(Damage::BlockLength { claimed: 4 }));
    assert_eq!(bad(block(order, 6, &[0; 16])), damaged(Damage::BlockContent { block: 6 }));
    let mut unequal = enhanced(order, 0, 1, b"two");
    *unequal.last_mut().unwrap() = 1;
    assert!(matches!(bad(unequal), Ok(Ending::Damaged { reason: Damage::BlockLength { .. }, .. })));

    for (mut wrapped, wrapping) in [(gzip(&good), Wrapping::Gzip), (zstd(&good), Wrapping::Zstandard)] {
        let checksum = wrapped.len() - if wrapping == Wrapping::Gzip { 5 } else { 1 };
        wrapped[checksum] ^= 1;
        assert_eq!(read(&wrapped).1, damaged(Damage::Checksum(wrapping)));
    }
}

#[test]
fn what_is_no_capture_is_told() {
    let refusal = |looks_like, within| Err(Refusal::NotACapture { looks_like, within });
    assert_eq!(read(b"").1, refusal(FileKind::Empty, None));
    assert_eq!(read(b"VER").1, refusal(FileKind::Text, None));
    assert_eq!(read(&[b"\x89PNG\r\n\x1a\n".to_vec(), vec![1; 5000]].concat()).1, refusal(FileKind::Png, None));
    assert_eq!(read(&gzip(b"<html>")).1, refusal(FileKind::Html, Some(Wrapping::Gzip)));
    assert_eq!(read(&zstd(&gzip(b"x"))).1, refusal(FileKind::Gzip, Some(Wrapping::Zstandard)));
}

#[test]
fn a_bomb_is_read_without_being_held() {
    // One pcapng block to be passed over, of 64 MB of zeros, in about 300 kB.
    let head = [section(Order::Little), Order::Little.words(&[0x0bad, 0xffff_fff0])].concat();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&head).unwrap();
    for _ in 0..64 {
        encoder.write_all(&[0; 1 << 20]).unwrap();
    }
    let file = encoder.finish().unwrap();
    let mut reader = CaptureReader::new();
    let mut sink = |_: &Packet<'_>| panic!("no packet in it");
    reader.push(&file, &mut sink).unwrap();
    assert!(reader.records.holds() < 16);
    assert_eq!(reader.finish(&mut sink), Ok(Ending::Cut { packet: 1 }));
}

#[test]
fn a_window_beyond_the_limit_is_refused() {
    // A window of 2 GiB, then nothing.
    let file = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 1, 0, 0];
    let expected = Ending::Damaged { after_packet: 0, reason: Damage::Window { claimed: 1 << 31 } };
    assert_eq!(read(&file).1, Ok(expected));
}

/// Files of every kind, small.
fn files() -> Vec<Vec<u8>> {
    let small = [section(Order::Little), interface(Order::Little, 1, 0, &[]), block(Order::Little, 9, &[1; 30])];
    let small =
        [small.concat(), enhanced(Order::Little, 0, 9, b"one"), enhanced(Order::Little, 0, 9, &[7; 90])].concat();
    let pcap = pcap(Order::Big, 0xa1b2_c3d4, &[b"one", &[5; 300], b"three"]);
    vec![gzip(&pcap), zstd(&pcap), gzip(&small), zstd(&small), pcap, small, b"VER 1 MSNP8 CVR0\r\n".repeat(60)]
}

proptest! {
    #[test]
    fn any_split_gives_the_same_packets(cuts in prop::collection::vec(any::<usize>(), 0..40)) {
        for file in files() {
            prop_assert_eq!(read_cut(&file, &cuts), read(&file));
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic_and_alike_in_pieces(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        junk in prop::collection::vec(any::<u8>(), 0..60),
        cuts in prop::collection::vec(any::<usize>(), 0..9),
    ) {
        let mut file = which.get(&files()).clone();
        let at = at.index(file.len());
        let end = (at + junk.len()).min(file.len());
        file.splice(at..end, junk);
        prop_assert_eq!(read_cut(&file, &cuts), read(&file));
    }

    #[test]
    fn arbitrary_bytes_never_panic(
        head in prop::sample::select(vec![
            vec![], vec![0x1f, 0x8b, 8], vec![0x28, 0xb5, 0x2f, 0xfd], vec![0xd4, 0xc3, 0xb2, 0xa1], section(Order::Big),
        ]),
        tail in prop::collection::vec(any::<u8>(), 0..700),
    ) {
        let file = [head, tail].concat();
        let bytes: Vec<usize> = (0..file.len()).collect();
        prop_assert_eq!(read_cut(&file, &bytes), read(&file));
    }
}
