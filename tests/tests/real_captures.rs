//! Real traffic, where it is at hand: the folder `shared` beside the checkout, or `MSNP_SHARED`. Skips visibly without it.

// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;

use msnp_dissector::analysis::{Analysis, Command, Gap, Sink};
use msnp_dissector::msnp::{PduKind, dissect};
use msnp_dissector::tree::{Recording, Severity, Value};

#[derive(Default)]
struct Seen {
    verbs: BTreeMap<String, usize>,
    texts: Vec<String>,
    typing: usize,
    strays: Vec<String>,
    complaints: Vec<String>,
    missing: Vec<Gap>,
    streams: Vec<u32>,
}

impl Sink for Seen {
    fn stream(&mut self, info: &msnp_dissector::analysis::StreamInfo) {
        self.streams.push(info.stream);
    }

    fn command(&mut self, command: &Command<'_>) {
        if command.pdu.kind != PduKind::Command {
            self.strays.push(format!(
                "{:?} of {} bytes in packet {}",
                command.pdu.kind,
                command.pdu.bytes.len(),
                command.frame
            ));
            return;
        }
        let verb = command.pdu.verb().map(|v| v.to_string()).unwrap_or_default();
        *self.verbs.entry(verb).or_default() += 1;
        let tree = dissect(&command.pdu, &command.context, Recording::Everything).tree;
        for item in &tree.items {
            match (item.field.name(), &item.value) {
                ("msnp.text", Value::Text(text)) => self.texts.push(text.clone()),
                ("msnp.typing.account", _) => self.typing += 1,
                ("msnp.argument" | "msnp.undecoded", value) => {
                    self.complaints.push(format!("packet {}: {:?} {value:?}", command.frame, command.pdu.line_text()));
                }
                _ => {}
            }
        }
        for expert in tree.experts.iter().filter(|e| e.id.decl().severity >= Severity::Warn) {
            self.complaints.push(format!("packet {}: {expert:?}", command.frame));
        }
    }

    fn gap(&mut self, gap: &Gap) {
        self.missing.push(*gap);
    }
}

fn capture(name: &str) -> Option<Seen> {
    let bytes = msnp_tests::elsewhere::bytes(&format!("captures/{name}"))?;
    let mut analysis = Analysis::new();
    let mut seen = Seen::default();
    for slice in bytes.chunks(4096) {
        analysis.push(slice, &mut seen).expect("a capture");
    }
    analysis.finish(&mut seen).expect("a capture");
    Some(seen)
}

#[test]
fn a_capture_that_starts_in_the_middle_is_read_whole() {
    let Some(seen) = capture("msnp11-chat-midstream.pcap") else { return };
    let count = |verb: &str| seen.verbs.get(verb).copied().unwrap_or(0);
    let want = [
        ("MSG", 244),
        ("PNG", 40),
        ("QNG", 40),
        ("NLN", 10),
        ("ANS", 6),
        ("OUT", 5),
        ("CAL", 4),
        ("IRO", 3),
        ("RNG", 3),
        ("UBX", 1),
    ];
    assert_eq!(want.map(|(verb, _)| (verb, count(verb))), want, "{:?}", seen.verbs);
    assert_eq!((seen.texts.len(), seen.typing), (34, 210));
    assert!(seen.texts.iter().all(|text| !text.is_empty()));
    assert_eq!(seen.strays, [""; 0]);
    assert_eq!(seen.complaints, [""; 0]);
    assert_eq!(seen.streams.len(), 6);
}

#[test]
fn what_two_clients_wrote_is_what_is_read() {
    let Some(seen) = capture("msnp11-login-chat.pcap") else { return };
    assert_eq!(seen.strays, [""; 0]);
    assert_eq!(seen.complaints, [""; 0]);
    assert!(seen.missing.is_empty());
    for text in
        ["Hello Bob", "Ünïcödé ✓ 日本語 😀", "line one with  two spaces", "<b>not html</b> & %20 %zz", "MSG 12 N 100"]
    {
        // Each text travels twice: from its sender to the switchboard and from there to the other client.
        assert_eq!(seen.texts.iter().filter(|t| *t == text).count(), 2, "{text}");
    }
}

#[test]
fn chunks_of_pictures_and_files_are_framed() {
    for name in ["msnp11-pictures-files.pcap", "msnp16-p2pv2-messages.pcap"] {
        let Some(seen) = capture(name) else { return };
        assert_eq!(seen.strays, [""; 0], "{name}");
        assert_eq!(seen.complaints, [""; 0], "{name}");
        assert!(seen.missing.is_empty(), "{name}");
    }
}
