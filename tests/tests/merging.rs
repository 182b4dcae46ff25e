//! Several captures read as one: however a capture is dealt out to files, the same is read.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on must fail")]

use std::fs;

use msnp_dissector::analysis::{Analysis, Command, End, Gap, Sink, StreamInfo};
use msnp_dissector::capture::{CaptureReader, Ending, Packet, Refusal};
use msnp_dissector::excerpt::{Excerpt, Next};
use msnp_tests::cases;
use msnp_tests::split::split;

#[derive(Default)]
struct All(Vec<String>);

impl Sink for All {
    fn stream(&mut self, info: &StreamInfo) {
        self.0.push(format!("{info:?}"));
    }

    fn command(&mut self, command: &Command<'_>) {
        let packets = command.packets().collect::<Vec<_>>();
        self.0.push(format!("{} {packets:?} {:?} {:?}", command.number, command.context, command.pdu));
    }

    fn gap(&mut self, gap: &Gap) {
        self.0.push(format!("{gap:?}"));
    }

    fn end(&mut self, end: &End) {
        self.0.push(format!("{end:?}"));
    }
}

/// All that is told of files, which are read in slices of a size.
fn told(files: &[Vec<u8>], slice: usize) -> (Vec<String>, Vec<Option<Result<Ending, Refusal>>>) {
    let (mut analysis, mut all) = (Analysis::of(files.len()), All::default());
    let mut rest = files.iter().map(|file| file.chunks(slice)).collect::<Vec<_>>();
    while let Some(file) = analysis.captures().asks_for() {
        let _ = match rest[file].next() {
            Some(slice) => analysis.push(slice, &mut all),
            None => analysis.end_file(&mut all).map(drop),
        };
    }
    analysis.finish(&mut all).unwrap();
    (all.0, analysis.captures().endings().collect())
}

/// The samples that are plain pcap files.
fn samples() -> Vec<(String, Vec<u8>)> {
    let read = |folder: std::path::PathBuf| {
        let file = fs::read(folder.join("capture.pcap")).ok()?;
        let whole = file.starts_with(&[0xd4, 0xc3, 0xb2, 0xa1]) && !folder.ends_with("msnp9-chat-cut-in-packet");
        whole.then(|| (folder.file_name().unwrap().to_string_lossy().into_owned(), file))
    };
    let all = cases::all().unwrap().into_iter().filter_map(read).collect::<Vec<_>>();
    assert!(all.len() >= 10, "{}", all.len());
    all
}

#[test]
fn a_capture_that_is_dealt_out_to_files_is_read_as_a_whole() {
    for (name, whole) in samples() {
        let (expected, _) = told(std::slice::from_ref(&whole), 1 << 16);
        for (into, slice) in [(2, 4096), (3, 97), (7, 1 << 16)] {
            let (read, endings) = told(&split(&whole, into), slice);
            assert_eq!(read, expected, "{name}, {into} files");
            assert_eq!(endings, vec![Some(Ok(Ending::Complete)); into]);
        }
    }
}

#[test]
fn an_excerpt_of_several_files_holds_the_packets_of_one_of_the_whole() {
    let packets = |file: &[u8]| {
        let (mut reader, mut all) = (CaptureReader::new(), Vec::new());
        let mut note = |packet: &Packet<'_>| all.push((packet.time, packet.link, packet.bytes.to_vec()));
        reader.push(file, &mut note).unwrap();
        all
    };
    for (name, whole) in samples() {
        let excerpt = |files: &[Vec<u8>]| {
            let mut excerpt = Excerpt::of(files.len(), |command: &Command<'_>| command.number % 3 == 1);
            let mut out = Vec::new();
            loop {
                let mut rest = files.iter().map(|file| file.chunks(1000)).collect::<Vec<_>>();
                while let Some(file) = excerpt.asks_for() {
                    match rest[file].next() {
                        Some(slice) => excerpt.push(slice, &mut out).unwrap(),
                        None => drop(excerpt.end_file(&mut out).unwrap()),
                    }
                }
                match excerpt.finish(&mut out).unwrap() {
                    Next::Read => assert!(out.is_empty()),
                    Next::Rewrite => out.clear(),
                    Next::Done(saved) => return (saved, packets(&out)),
                }
            }
        };
        assert_eq!(excerpt(&split(&whole, 3)), excerpt(std::slice::from_ref(&whole)), "{name}");
    }
}
