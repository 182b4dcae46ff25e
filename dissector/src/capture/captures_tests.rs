use super::*;

/// A pcap file (µs, little-endian, Ethernet) of packets of one byte, by second and byte.
fn pcap(packets: &[(u32, u8)]) -> Vec<u8> {
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0];
    for (second, byte) in packets {
        file.extend(second.to_le_bytes());
        file.extend([0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, *byte]);
    }
    file
}

/// Reads files in slices of a size; what came out, by number, file, number in the file and byte; and how each ended.
type Read = (Vec<(u64, usize, u64, u8)>, Vec<Option<Result<Ending, Refusal>>>);

fn read(files: &[Vec<u8>], slice: usize) -> Read {
    let mut captures = Captures::of(files.len());
    let mut rest = files.iter().map(|file| file.chunks(slice)).collect::<Vec<_>>();
    let mut packets = Vec::new();
    let mut note = |packet: &Packet<'_>| packets.push((packet.number, packet.bytes[0]));
    while let Some(file) = captures.asks_for() {
        match rest[file].next() {
            Some(slice) => drop(captures.push(slice, &mut note)),
            None => drop(captures.end_file(&mut note)),
        }
    }
    assert_eq!(captures.shares().map(|share| share.packets).sum::<u64>(), packets.len() as u64);
    let placed = packets.into_iter().map(|(number, byte)| {
        let (file, own) = captures.origin(number).unwrap();
        assert_eq!(captures.number_of(file, own), Some(number));
        (number, file, own, byte)
    });
    (placed.collect(), captures.endings().collect())
}

#[test]
fn packets_of_several_files_come_by_time_whatever_the_slices() {
    let files = [pcap(&[(10, b'a'), (30, b'b'), (20, b'c')]), pcap(&[(10, b'd'), (25, b'e'), (40, b'f')]), pcap(&[])];
    // As they stand in its file, even where a time goes back; ties in the order of the files.
    let expected =
        [(1, 0, 1, b'a'), (2, 1, 1, b'd'), (3, 1, 2, b'e'), (4, 0, 2, b'b'), (5, 0, 3, b'c'), (6, 1, 3, b'f')];
    for slice in [1, 7, 24, 1000] {
        let (packets, endings) = read(&files, slice);
        assert_eq!(packets, expected, "slices of {slice}");
        assert_eq!(endings, [Some(Ok(Ending::Complete)); 3]);
    }
}

#[test]
fn a_file_that_is_none_or_is_cut_does_not_stop_the_others() {
    let mut cut = pcap(&[(10, b'a'), (20, b'b')]);
    cut.pop();
    let (packets, endings) = read(&[cut, vec![b'x'; 600], pcap(&[(15, b'c'), (25, b'd')])], 64);
    assert_eq!(packets, [(1, 0, 1, b'a'), (2, 2, 1, b'c'), (3, 2, 2, b'd')]);
    assert_eq!(endings[0], Some(Ok(Ending::Cut { packet: 2 })));
    assert!(matches!(endings[1], Some(Err(Refusal::NotACapture { .. }))));
    assert_eq!(endings[2], Some(Ok(Ending::Complete)));
}

#[test]
fn one_file_alone_is_read_as_by_its_reader() {
    let file = pcap(&[(10, b'a'), (20, b'b')]);
    let mut captures = Captures::default();
    let mut offsets = Vec::new();
    captures.push(&file, &mut |packet| offsets.push(packet.file_offset)).unwrap();
    assert_eq!(offsets, [Some(40), Some(57)]);
    assert_eq!(captures.finish(&mut |_| ()), Ok(Ending::Complete));
    assert_eq!((captures.asks_for(), captures.origin(2)), (None, Some((0, 2))));
}

#[test]
fn files_that_end_before_they_are_read_deliver_what_came() {
    let mut captures = Captures::of(2);
    let mut bytes = Vec::new();
    let mut note = |packet: &Packet<'_>| bytes.push(packet.bytes[0]);
    captures.push(&pcap(&[(10, b'a'), (20, b'b')]), &mut note).unwrap();
    assert_eq!(captures.asks_for(), Some(1));
    captures.push(&pcap(&[(15, b'c')]), &mut note).unwrap();
    assert_eq!(captures.finish(&mut note), Ok(Ending::Complete));
    assert_eq!(bytes, *b"acb");
    assert_eq!(
        Captures::of(2).finish(&mut |_| ()),
        Err(Refusal::NotACapture { looks_like: super::super::FileKind::Empty, within: None })
    );
}

#[test]
fn packets_are_found_by_their_numbers_over_many_stretches() {
    let mut origins = Origins::default();
    let mut counts = vec![0; 3];
    let file = |number: usize| (number * number / 7 + number) % 3;
    let mut expected = Vec::new();
    for number in 0..3 * STRETCH + 100 {
        origins.note(file(number), || counts.clone());
        counts[file(number)] += 1;
        expected.push((file(number), counts[file(number)]));
    }
    for (number, (file, own)) in (1..).zip(expected) {
        assert_eq!((origins.of(number), origins.number_of(file, own)), (Some((file, own)), Some(number)));
    }
    assert_eq!((origins.of(0), origins.number_of(0, 0), origins.number_of(3, 1)), (None, None, None));
    assert_eq!((origins.of(u64::MAX), origins.number_of(0, u64::MAX)), (None, None));
}

/// A pcapng file: a section with two interfaces, of raw IP and of Ethernet, and packets of one byte of either in turn.
fn pcapng(packets: u32) -> Vec<u8> {
    let block = |kind: u32, content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap() + 12;
        [&kind.to_le_bytes(), &length.to_le_bytes(), content, &length.to_le_bytes()].concat()
    };
    let mut file = block(0x0a0d_0d0a, b"\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff");
    file.extend(block(1, &[101, 0, 0, 0, 0, 0, 0, 0]));
    file.extend(block(1, &[1, 0, 0, 0, 0, 0, 0, 0]));
    for number in 0..packets {
        let head = [number % 2, 0, number, 1, 1].map(u32::to_le_bytes).concat();
        file.extend(block(6, &[&head, &[byte_of(number), 0, 0, 0][..]].concat()));
    }
    file
}

fn byte_of(number: u32) -> u8 {
    u8::try_from(number % 251).unwrap()
}

fn again(captures: &Captures, files: &[Vec<u8>], number: u64) -> (u64, u8, LinkType, u64) {
    let mut again = captures.again(number).unwrap();
    let offset = again.offset;
    let mut found = None;
    for slice in files[again.file][usize::try_from(offset).unwrap()..].chunks(1000) {
        let take = &mut |packet: &Packet<'_>| found = Some((packet.number, packet.bytes[0], packet.link));
        if again.push(slice, take).unwrap() {
            break;
        }
    }
    let (number, byte, link) = found.unwrap();
    (number, byte, link, offset)
}

#[test]
fn a_packet_is_read_again_from_shortly_before_it() {
    let plain = pcap(&(0..3000).map(|number| (number, byte_of(number))).collect::<Vec<_>>());
    let sections = [pcapng(3000), pcapng(1500)].concat();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &plain).unwrap();
    for (files, marked) in
        [([plain], true), ([pcapng(3000)], true), ([sections], true), ([packed.finish().unwrap()], false)]
    {
        let mut captures = Captures::of(1);
        let mut all = Vec::new();
        files[0].chunks(777).for_each(|slice| captures.push(slice, &mut |p| all.push((p.bytes[0], p.link))).unwrap());
        for number in [1, 2, 1024, 1025, 2500, 3000, all.len() as u64] {
            let (found, byte, link, offset) = again(&captures, &files, number);
            let index = usize::try_from(number).unwrap() - 1;
            assert_eq!((found, byte, link), (number, all[index].0, all[index].1));
            assert!(offset == 0 || marked);
        }
        assert_eq!(again(&captures, &files, all.len() as u64).3 > 0, marked);
    }
}

#[test]
fn a_packet_of_several_files_is_read_again_from_its_own() {
    let files = [
        pcap(&(0..2000).map(|number| (2 * number, 1)).collect::<Vec<_>>()),
        pcap(&(0..2000).map(|number| (2 * number + 1, 2)).collect::<Vec<_>>()),
    ];
    let mut captures = Captures::of(2);
    let mut rest = files.iter().map(|file| file.chunks(4096)).collect::<Vec<_>>();
    while let Some(file) = captures.asks_for() {
        match rest[file].next() {
            Some(slice) => captures.push(slice, &mut |_| {}).unwrap(),
            None => drop(captures.end_file(&mut |_| {}).unwrap()),
        }
    }
    for number in [1, 2, 3999, 4000] {
        let (found, byte, _, _) = again(&captures, &files, number);
        assert_eq!((found, u64::from(byte)), (number, 2 - number % 2));
    }
    assert!(captures.again(4001).is_none());
}
