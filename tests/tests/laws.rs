//! Laws of the whole pipeline: whatever the bytes, and however they come.

// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::net::SocketAddr;

use msnp_dissector::analysis::{Analysis, Command, End, Gap, Sink, StreamInfo, Unanswered};
use msnp_dissector::model;
use msnp_dissector::msnp::dissect;
use msnp_dissector::tree::{Catalogue, Recording, render};
use msnp_tests::scenario::Direction;
use msnp_tests::scenario::options::{Damage, Shape, Target};
use msnp_tests::{cases, scenario};
use proptest::prelude::*;

/// What a shell would have shown, as text: equal texts, equal stories.
#[derive(Default)]
struct Story {
    people: model::Story,
    lines: Vec<String>,
    commands: Vec<(u32, SocketAddr, Vec<u8>)>,
}

impl Sink for Story {
    fn stream(&mut self, info: &StreamInfo) {
        self.people.stream(info);
    }

    fn end(&mut self, end: &End) {
        self.people.end(end);
    }

    fn command(&mut self, command: &Command<'_>) {
        self.people.command(command);
        // A front may ask for the story at any time; asking changes nothing.
        if command.number.is_multiple_of(16) {
            let _ = self.people.tell();
        }
        let tree = dissect(&command.pdu, &command.context, Recording::Everything).tree;
        let text = render(&tree, command.pdu.bytes, &Catalogue::english());
        let Command { number, frame, time, stream, source, destination, context, request, .. } = command;
        let time = time.rfc3339();
        self.lines
            .push(format!("{number} {frame} {time} {stream} {source} {destination} {context:?} {request:?}\n{text}"));
        self.commands.push((*stream, *source, command.pdu.bytes.to_vec()));
    }

    fn gap(&mut self, gap: &Gap) {
        self.people.gap(gap);
        self.lines.push(format!("{gap:?}"));
    }

    fn unanswered(&mut self, request: &Unanswered) {
        self.lines.push(format!("{request:?}"));
    }
}

fn story(pieces: &[&[u8]]) -> Option<Story> {
    let mut analysis = Analysis::new();
    let mut story = Story::default();
    for piece in pieces {
        analysis.push(piece, &mut story).ok()?;
    }
    let ending = analysis.finish(&mut story).ok()?;
    story.people.file_ended(&ending, analysis.totals().last);
    let tale = story.people.tell();
    story.lines.push(format!("{tale:#?}"));
    Some(story)
}

fn samples() -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for case in cases::all().expect("cases") {
        let transcript = scenario::Transcript::read(&case).expect("a transcript");
        files.push(scenario::build(&transcript).expect("a capture"));
    }
    assert!(files.len() >= 10, "the sample captures are gone");
    files
}

fn sample() -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(samples())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: option_cases(), max_shrink_iters: 200, ..ProptestConfig::default() })]

    /// Flipped, cut, repeated and overwritten bytes: never a panic, and still one story for any cut into slices.
    #[test]
    fn damaged_captures_are_read_without_harm(
        file in sample(),
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40),
        length in any::<prop::sample::Index>(),
        whole in any::<bool>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut file = file;
        for (at, byte) in hits {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if !whole {
            file.truncate(length.index(file.len()) + 1);
        }
        let cut = cut.index(file.len());
        let told = story(&[&file]).map(|s| s.lines);
        let told_in_two = story(&[&file[..cut], &file[cut..]]).map(|s| s.lines);
        prop_assert_eq!(told, told_in_two);
    }

    #[test]
    fn arbitrary_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..4000), head in 0usize..4) {
        let heads: [&[u8]; 4] = [
            b"",
            b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00\0\0\0\0\0\0\0\0\xff\xff\0\0\x01\0\0\0",
            b"\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0",
            b"\x1f\x8b\x08\0\0\0\0\0\0\x03",
        ];
        let _ = story(&[heads[head], &bytes]);
    }
}

/// More cases where time allows: `PROPTEST_CASES` as everywhere.
fn option_cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(400)
}

#[test]
fn reordered_and_repeated_segments_tell_the_same_commands() {
    for name in ["msnp8-signin-chat", "msnp15-signin-sso", "msnp2-signin-md5"] {
        let clean = cases::named(name).expect("a case");
        let whole = story(&[&scenario::build(&clean).expect("a capture")]).expect("a capture");
        let mut shaken = clean.clone();
        shaken.scenario.damage = clean.scenario.connections.keys().flat_map(|name| shakes(name)).collect();
        assert!(!shaken.scenario.damage.is_empty());
        let told = story(&[&scenario::build(&shaken).expect("a capture")]).expect("a capture");
        assert!(whole.commands.len() > 20, "{name}");
        // In one direction of one connection the order of commands is the order of bytes, whatever the packets did.
        let by_sender = |story: &Story| {
            let mut senders = BTreeMap::<_, Vec<_>>::new();
            for (stream, source, bytes) in &story.commands {
                senders.entry((*stream, *source)).or_default().push(bytes.clone());
            }
            senders
        };
        assert_eq!(by_sender(&whole), by_sender(&told), "{name}");
    }
}

/// Everything twice, once more joined, and the second segment of each direction far too late.
fn shakes(connection: &str) -> Vec<Damage> {
    let mut damage = Vec::new();
    for dir in [Direction::ToServer, Direction::ToClient] {
        let at = |segments: &[usize]| Target {
            connection: connection.to_owned(),
            dir,
            lines: Vec::new(),
            segments: segments.to_vec(),
        };
        damage.push(Damage::Duplicate { at: at(&[]), after_ms: 3 });
        damage.push(Damage::Retransmit { at: at(&[]), after_ms: 700, shape: Shape::Joined });
        damage.push(Damage::Delay { at: at(&[2]), ms: 1500 });
    }
    damage
}
