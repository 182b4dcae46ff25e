//! Every transcript: framed command by command, and understood.

use std::collections::BTreeMap;

use msnp_dissector::msnp::{self, Connection, Direction, Framer, field, framing, verb};
use msnp_dissector::tree::{Catalogue, Recording, Severity, render, value_text};
use serde_json::Value;

use crate::documents::reference;

/// Verbs whose arguments no source describes.
const NUMBERED: &[&str] = &["RFS", "LKP", "GSB", "GET"];

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
