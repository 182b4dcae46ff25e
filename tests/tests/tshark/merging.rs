//! Several captures read as one are what `mergecap` makes of them.

use std::fs;
use std::path::PathBuf;

use msnp_dissector::capture::{CaptureReader, Captures, Packet};
use msnp_tests::cases;
use msnp_tests::split::split;

use crate::tool::Tshark;

/// Time, link, length and bytes of each packet. Wireshark's number for a packet without a time is 0.
type Packets = Vec<(Option<i128>, u16, u32, Vec<u8>)>;

fn note(packet: &Packet<'_>, all: &mut Packets) {
    let time = packet.time.recorded().map(|time| time.nanos_since(Default::default()));
    all.push((time, packet.link.0, packet.original_len, packet.bytes.to_vec()));
}

fn ours(files: &[Vec<u8>]) -> Packets {
    let (mut captures, mut all) = (Captures::of(files.len()), Vec::new());
    let mut rest = files.iter().map(|file| file.chunks(5000)).collect::<Vec<_>>();
    while let Some(file) = captures.asks_for() {
        match rest[file].next() {
            Some(slice) => captures.push(slice, &mut |packet| note(packet, &mut all)).unwrap(),
            None => drop(captures.end_file(&mut |packet| note(packet, &mut all)).unwrap()),
        }
    }
    all
}

#[test]
fn several_captures_are_what_mergecap_makes_of_them() {
    let Some(tshark) = Tshark::find() else { return };
    let sample = |name: &str| {
        let folder = cases::folder().join(name);
        let file = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let is_capture = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("capture.");
        fs::read(file.into_iter().find(is_capture).unwrap()).unwrap()
    };
    let chat = sample("msnp8-signin-chat");
    let sets = [
        split(&chat, 3),
        vec![sample("msnp11-picture-p2p"), sample("msnp10-signin-wifi"), chat.clone()],
        vec![chat.clone(), sample("msnp10-chat-snaplen-96"), chat.clone()],
    ];
    for (number, files) in sets.iter().enumerate() {
        let laid = files.iter().enumerate().map(|(at, file)| tshark.file(&format!("part-{number}-{at}"), file));
        let laid = laid.map(|path| path.to_string_lossy().into_owned()).collect::<Vec<_>>();
        let merged = tshark.merged(&laid);
        let (mut reader, mut all) = (CaptureReader::new(), Vec::new());
        reader.push(&merged, &mut |packet| note(packet, &mut all)).unwrap();
        let ours = ours(files);
        assert!(ours.len() > 20, "{number}");
        let other = ours.iter().zip(&all).position(|(one, other)| one != other);
        let first = other.map(|at| (at, &ours[at], &all[at]));
        assert_eq!((first, ours.len()), (None, all.len()), "{number}");
    }
}
