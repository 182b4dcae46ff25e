//! Excerpts: an excerpt is a capture in which the chosen commands are found again, in their original packets.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on must fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use msnp_dissector::analysis::{Analysis, Command, Sink};
use msnp_dissector::capture::{CaptureReader, Packet};
use msnp_dissector::excerpt::{Excerpt, Next, Saved};
use msnp_dissector::filter::{Filter, NoIndex};
use msnp_tests::cases;
use proptest::prelude::*;

/// What a command is known by: time, ends, verb and bytes.
type Known = (String, String, String, Vec<u8>);

#[derive(Default)]
struct All(Vec<(u32, Known)>);

impl Sink for All {
    fn command(&mut self, command: &Command<'_>) {
        let ends = format!("{} > {}", command.source, command.destination);
        let verb = format!("{:?} {:?}", command.pdu.kind, command.pdu.verb().map(|verb| verb.to_string()));
        let time = command.time.recorded().map(|time| time.rfc3339()).unwrap_or_default();
        self.0.push((command.number, (time, ends, verb, command.pdu.bytes.to_vec())));
    }
}

fn commands(file: &[u8]) -> Vec<(u32, Known)> {
    let (mut analysis, mut all) = (Analysis::new(), All::default());
    analysis.push(file, &mut all).unwrap();
    analysis.finish(&mut all).unwrap();
    all.0
}

/// An excerpt, made of slices of a size, with how often the file was read.
fn excerpt(file: &[u8], slice: usize, wanted: impl FnMut(&Command<'_>) -> bool) -> (Vec<u8>, Saved, u32) {
    let (mut excerpt, mut out, mut passes) = (Excerpt::new(wanted), Vec::new(), 0);
    loop {
        passes += 1;
        assert!(passes < 8, "it has to end");
        for bytes in file.chunks(slice) {
            excerpt.push(bytes, &mut out).unwrap();
        }
        match excerpt.finish(&mut out).unwrap() {
            Next::Read => assert!(out.is_empty()),
            Next::Rewrite => out.clear(),
            Next::Done(saved) => return (out, saved, passes),
        }
    }
}

/// Time, length and bytes of every packet.
fn packets(file: &[u8]) -> Vec<(String, u32, Vec<u8>)> {
    let (mut reader, mut all) = (CaptureReader::new(), Vec::new());
    let mut note = |packet: &Packet<'_>| {
        all.push((format!("{:?}", packet.time), packet.original_len, packet.bytes.to_vec()));
    };
    reader.push(file, &mut note).unwrap();
    reader.finish(&mut note).unwrap();
    all
}

fn samples() -> Vec<(String, Vec<u8>)> {
    let read = |folder: PathBuf| {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let mut files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let file = files.find(|path| path.file_name().unwrap().to_string_lossy().starts_with("capture.")).unwrap();
        (name, fs::read(file).unwrap())
    };
    let all = cases::all().unwrap().into_iter().map(read).collect::<Vec<_>>();
    assert!(all.len() >= 10);
    all
}

/// All that is to be said against an excerpt.
fn faults(file: &[u8], numbers: &[u32]) -> Vec<String> {
    let all = commands(file);
    let chosen = |number: &u32| numbers.contains(number);
    let (out, saved, _) = excerpt(file, 4096, |command| chosen(&command.number));
    let mut faults = Vec::new();
    let mut again = BTreeMap::<Known, usize>::new();
    for (_, known) in commands(&out) {
        *again.entry(known).or_default() += 1;
    }
    for (number, known) in all.iter().filter(|(number, _)| chosen(number)) {
        match again.get_mut(known) {
            Some(left @ 1..) => *left -= 1,
            _ => faults.push(format!("command {number} is not found again: {:?}", (&known.0, &known.1, &known.2))),
        }
    }
    let wanted = all.iter().filter(|(number, _)| chosen(number)).count();
    if saved.commands as usize != wanted || saved.lost > 0 {
        faults.push(format!("{saved:?} of {wanted} wanted"));
    }
    let (before, after) = (packets(file), packets(&out));
    if after.len() as u64 != saved.packets {
        faults.push(format!("{} packets, told as {}", after.len(), saved.packets));
    }
    let mut rest = before.iter();
    if !after.iter().all(|packet| rest.any(|one| one == packet)) {
        faults.push("its packets are not those of the capture, in order".to_owned());
    }
    faults
}

#[test]
fn every_command_alone_is_found_again_in_its_excerpt() {
    let mut all = Vec::new();
    for (name, file) in samples() {
        for (number, _) in commands(&file) {
            all.extend(faults(&file, &[number]).into_iter().map(|fault| format!("{name}, {number}: {fault}")));
        }
    }
    assert!(all.is_empty(), "{} faults\n{}", all.len(), all.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_commands_are_found_again_in_their_excerpt(
        (name, file) in prop::sample::select(samples()),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..8),
    ) {
        let last = commands(&file).len();
        let numbers = picks.iter().filter(|_| last > 0).map(|pick| u32::try_from(pick.index(last)).unwrap() + 1).collect::<Vec<_>>();
        prop_assert_eq!(faults(&file, &numbers), [""; 0], "{}", name);
    }
}

#[test]
fn an_excerpt_holds_packets_of_its_commands_and_the_handshake_and_no_other() {
    let (_, file) = samples().into_iter().find(|(name, _)| name == "msnp8-signin-chat").unwrap();
    let filter = Filter::parse("msnp.verb == \"MSG\" && msnp.text").unwrap();
    let (out, saved, passes) = excerpt(&file, 97, |command| filter.matches(command, &NoIndex));
    assert!(saved.commands > 3 && saved.lost == 0, "{saved:?}");
    assert_eq!(passes, 3, "commands, handshakes, copy");
    // One switchboard: three packets of its handshake, and one for each message.
    assert_eq!(saved.packets, 3 + u64::from(saved.commands));
    assert!(commands(&out).iter().all(|(_, known)| known.3.starts_with(b"MSG ")));
}

#[test]
fn everything_chosen_leaves_nothing_of_msnp_out() {
    for (name, file) in samples() {
        let (out, ..) = excerpt(&file, 1 << 16, |_| true);
        let without_number = |all: Vec<(u32, Known)>| {
            let mut all = all.into_iter().map(|(_, known)| known).collect::<Vec<_>>();
            all.sort();
            all
        };
        assert_eq!(without_number(commands(&out)), without_number(commands(&file)), "{name}");
    }
}

#[test]
fn nothing_chosen_is_a_capture_without_packets() {
    let (_, file) = samples().swap_remove(0);
    let (out, saved, _) = excerpt(&file, 1 << 16, |_| false);
    assert_eq!((saved, packets(&out).len()), (Saved { packets: 0, commands: 0, lost: 0 }, 0));
}
