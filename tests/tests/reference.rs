//! The shared reference: every framing vector and every transcript, if the folder is there.
//!
//! The reference is no part of this project. It is looked for beside the checkout (`../shared`), or where `MSNP_SHARED`
//! points; without it these tests say so and pass.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on must fail")]

use msnp_dissector::msnp::p2p::slp;
use msnp_dissector::msnp::{self, Connection, Direction, Framer, PduKind, field, framing, verb};
use msnp_dissector::tree::{Catalogue, Recording, Scribe, Severity, render, value_text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Verbs whose arguments no source describes.
const NUMBERED: &[&str] = &["RFS", "LKP", "GSB", "GET"];

fn reference(file: &str) -> Option<String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = std::env::var_os("MSNP_SHARED").map_or(beside, PathBuf::from);
    match std::fs::read_to_string(folder.join("protocol").join(file)) {
        Ok(text) => Some(text),
        Err(error) => {
            println!("SKIPPED: no reference to compare with: {file}: {error}");
            None
        }
    }
}

/// What a framer tells: each PDU's first word and payload length, and the bytes it still holds.
fn framed(bytes: &[u8], direction: Direction) -> (Vec<String>, Vec<usize>, usize) {
    let (mut verbs, mut payloads, mut told) = (Vec::new(), Vec::new(), 0);
    let mut framer = Framer::new(direction, framing::Sync::Kept);
    framer.push(bytes, (), &mut |framed| {
        assert_eq!(framed.pdu.kind, PduKind::Command);
        verbs.push(String::from_utf8_lossy(framed.pdu.words().next().unwrap_or_default()).into_owned());
        payloads.push(framed.pdu.payload().len());
        told += framed.pdu.bytes.len();
    });
    let mut held = 0;
    framer.finish(&mut |framed| held += framed.pdu.bytes.len());
    (verbs, payloads, held)
}

#[test]
fn every_framing_vector_is_framed_as_the_reference_says() {
    let Some(file) = reference("framing-vectors.csv") else { return };
    let rows = comma_separated(&file);
    let mut faults = Vec::new();
    for row in &rows[1..] {
        let [id, _, direction, bytes, verbs, payloads, leftover, note] = row.as_slice() else {
            panic!("a row of {} columns: {row:?}", row.len());
        };
        let direction = if direction == "C>S" { Direction::ToServer } else { Direction::ToClient };
        let (got_verbs, got_payloads, got_left) = framed(&unescaped(bytes), direction);
        let got_payloads = got_payloads.iter().map(usize::to_string).collect::<Vec<_>>();
        let got = (got_verbs.join(" "), got_payloads.join(" "), got_left.to_string());
        if got != (verbs.clone(), payloads.clone(), leftover.clone()) {
            faults.push(format!("{id} ({note}): expected {verbs} / {payloads} / {leftover}, got {got:?}"));
        }
    }
    assert!(rows.len() > 50, "only {} rows", rows.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// One stream of a transcript: who sends, its bytes, and the number of bytes of each command.
struct Line {
    direction: Direction,
    bytes: Vec<u8>,
}

fn connections(file: &str) -> BTreeMap<(String, String), Vec<Line>> {
    let mut connections: BTreeMap<_, Vec<Line>> = BTreeMap::new();
    for line in file.lines().filter(|line| !line.trim().is_empty()) {
        let command: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| command[key].as_str().unwrap_or_default().to_owned();
        let direction = if text("dir") == "C>S" { Direction::ToServer } else { Direction::ToClient };
        let bytes = format!("{}{}", text("line"), text("payload")).into_bytes();
        connections.entry((text("session"), text("connection"))).or_default().push(Line { direction, bytes });
    }
    connections
}

#[test]
fn every_transcript_is_framed_command_by_command() {
    let Some(file) = reference("transcripts.jsonl") else { return };
    for (name, lines) in connections(&file) {
        for direction in [Direction::ToServer, Direction::ToClient] {
            let commands = lines.iter().filter(|line| line.direction == direction);
            let want = commands.map(|line| line.bytes.clone()).collect::<Vec<_>>();
            let stream = want.concat();
            let mut got = Vec::new();
            Framer::new(direction, framing::Sync::Kept).push(&stream, (), &mut |f| got.push(f.pdu.bytes.to_vec()));
            assert_eq!(got, want, "{name:?} {direction:?}");
        }
    }
}

#[test]
fn every_transcript_is_understood() {
    let Some(file) = reference("transcripts.jsonl") else { return };
    let (mut faults, mut commands) = (Vec::new(), 0);
    for (name, lines) in connections(&file) {
        let mut connection = Connection::new();
        for line in &lines {
            commands += 1;
            let end = line.bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
            let pdu = msnp::Pdu::command(&line.bytes, end, line.direction);
            let context = connection.context_for(&pdu, line.direction);
            let dissection = msnp::dissect(&pdu, &context, Recording::Everything);
            let elsewhere = pdu.verb() == Some(verb::OUT);
            let bad_expert =
                dissection.tree.experts.iter().any(|e| e.id.decl().severity >= Severity::Warn && !elsewhere);
            let unread = dissection.tree.items.iter().any(|item| item.field == field::UNDECODED);
            let known = pdu.verb().is_some_and(|verb| !NUMBERED.contains(&verb.to_string().as_str()));
            let numbered = dissection.tree.items.iter().find(|item| item.field == field::ARGUMENT);
            if bad_expert || unread || (known && numbered.is_some()) {
                let about = numbered.map(value_text).unwrap_or_default();
                let tree = render(&dissection.tree, &line.bytes, &Catalogue::english());
                faults.push(format!("{name:?} {context:?} {about}\n{tree}"));
            }
            connection.observe(commands, &pdu, &context);
        }
    }
    assert!(commands > 150, "only {commands} commands");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The bytes of the first hexadecimal block of a vector.
fn vector(vectors: &str, name: &str) -> Vec<u8> {
    let section = vectors.split("\n## ").find(|section| section.starts_with(name)).unwrap();
    let block = section.split("```hex\n").nth(1).unwrap().split("```").next().unwrap();
    let digits =
        block.lines().flat_map(|line| line.get(6..).unwrap().get(..47.min(line.len() - 6)).unwrap().split(' '));
    digits.filter(|byte| byte.len() == 2).map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}

/// The text of a message in the old format: behind the header of 48 bytes, before the footer of 4.
fn text_of(packet: &[u8]) -> &[u8] {
    &packet[48..packet.len() - 4]
}

/// Every text by which a session is agreed on is read to its last field, and nothing is odd about it.
#[test]
fn every_slp_text_of_the_vectors_is_understood() {
    let Some(vectors) = reference("vectors.md") else { return };
    let packet = |name: &str| vector(&vectors, name);
    let whole = packet("V16");
    let start = whole.windows(7).position(|bytes| bytes == b"INVITE ").unwrap();
    let offer = [text_of(&packet("V01")), text_of(&packet("V02"))].concat();
    let messages = [
        (offer, 1274),
        (text_of(&packet("V04")).to_vec(), 331),
        (text_of(&packet("V12")).to_vec(), 326),
        (whole[start..whole.len() - 4].to_vec(), 730),
    ];
    for (message, length) in messages {
        assert_eq!(message.len(), length);
        let mut scribe = Scribe::new(&message, Recording::Everything);
        let slp = slp::slp(&mut scribe);
        let tree = scribe.finish();
        let shown = render(&tree, &message, &Catalogue::english());
        let unknown = ["msnp.slp.line", "msnp.slp.trailer", "msnp.slp.context.data", "msnp.slp.file.unknown"];
        assert!(
            tree.experts.is_empty() && !tree.items.iter().any(|item| unknown.contains(&item.field.name())),
            "{shown}"
        );
        assert!(slp.call_id.is_some() && slp.to.is_some() && slp.start != slp::Start::Unknown, "{shown}");
    }
}

/// The bytes of each block of hexadecimal in a document.
fn blocks(document: &str) -> Vec<Vec<u8>> {
    let fenced = document.split("```hex\n").skip(1).filter_map(|rest| rest.split("```").next());
    let line = |line: &str| {
        let digits = line.get(6..).unwrap_or_default();
        let digits = digits.split("  ").next().unwrap_or_default().split(' ');
        digits.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect::<Vec<_>>()
    };
    fenced.map(|block| block.lines().flat_map(line).collect()).collect()
}

/// The golden PDUs whose lines, or whose bytes, stand in no document of the reference are made up, and say so.
#[test]
fn a_golden_pdu_that_the_reference_does_not_have_says_that_it_is_invented() {
    let documents =
        ["commands.md", "framing-vectors.csv", "messages.md", "sessions.md", "transcripts.jsonl", "vectors.md"];
    let Some(documents) = documents.into_iter().map(reference).collect::<Option<Vec<_>>>() else { return };
    let blocks = documents.iter().flat_map(|document| blocks(document)).collect::<Vec<_>>();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pdus");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (mut found, mut unmarked) = (0, Vec::new());
    for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "msnp")) {
        let bytes = std::fs::read(&path).unwrap();
        let line = String::from_utf8_lossy(bytes.split(|byte| *byte == b'\n').next().unwrap()).trim_end().to_owned();
        let tree = std::fs::read_to_string(path.with_extension("tree")).unwrap();
        let invented = tree.lines().next().unwrap().split(", ").any(|word| word == "invented");
        let holds = |block: &Vec<u8>| block.len() >= 3 && bytes.windows(block.len()).any(|part| part == block);
        if documents.iter().any(|document| document.contains(&line)) || blocks.iter().any(holds) {
            found += 1;
        } else if !invented {
            unmarked.push(format!("{}: {line}", path.file_name().unwrap().to_string_lossy()));
        }
    }
    assert!(found > 50, "the reference has only {found}");
    assert_eq!(unmarked, [""; 0], "to be marked as invented in the first line of the .tree");
}

/// RFC 4180: quoted fields may hold commas, doubled quotes and line ends.
fn comma_separated(file: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = file.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows
}

/// `\r`, `\n`, `\\` and `\xNN`; everything else stands for itself.
fn unescaped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.extend_from_slice(before.as_bytes());
        let used = match after.as_bytes() {
            [b'r', ..] => (b'\r', 1),
            [b'n', ..] => (b'\n', 1),
            [b'\\', ..] => (b'\\', 1),
            [b'x', ..] => (u8::from_str_radix(&after[1..3], 16).unwrap(), 3),
            _ => panic!("unknown escape: \\{after}"),
        };
        out.push(used.0);
        rest = &after[used.1..];
    }
    out.extend_from_slice(rest.as_bytes());
    out
}
