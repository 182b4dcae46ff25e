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
