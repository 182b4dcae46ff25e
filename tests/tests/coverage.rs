//! How much of the traffic is understood: bytes under leaves that are typed and say what they mean.
//!
//! What is undecoded, opaque, unparsed text or a numbered argument counts as uncovered. Delimiters, the texts of messages
//! and pieces of pictures and files count on neither side, nor do bytes that are no whole command because the capture
//! lacks the rest: they are told apart. Other bytes that are no whole command are uncovered, but for what a gateway says beside
//! the conversation. `cargo test -p msnp-tests --test coverage -- --nocapture`
//! prints the figures, worst verb first.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a test that cannot go on must fail"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use msnp_dissector::analysis::{Analysis, Command, Sink, StreamInfo};
use msnp_dissector::msnp::{Direction, PduKind};
use msnp_dissector::transport::Handshake;
use msnp_dissector::tree::{Dissected, Item};
use msnp_tests::{cases, elsewhere};

/// What may be uncovered, in bytes of a thousand.
const LIMIT: f64 = 5.0;

/// Fields that say only where bytes stand, not what they mean.
const OPAQUE: &[&str] = &[
    "msnp.argument",
    "msnp.undecoded",
    "msnp.payload.data",
    "msnp.payload.text",
    "msnp.mime.body_field",
    "msnp.mime.header",
    "msnp.oim.header",
    "msnp.sip.header",
    "msnp.slp.line",
    "msnp.slp.trailer",
    "msnp.slp.context.text",
    "msnp.slp.context.data",
    "msnp.datagram.header",
    "msnp.alert.data",
    "msnp.report.value",
    "msnp.format.other",
    "msnp.xml",
    "msnp.xml.element",
    "msnp.xml.attribute",
    "msnp.xml.tag",
    "msnp.xml.text",
    "msnp.p2p.uncounted",
    "msnp.p2p.message",
    "msnp.p2p.tlv.value",
    "msnp.p2p.signal.varies",
    "msnp.ftp.argument",
    "msnp.turn.data",
    "msnp.turn.attribute.value",
];

/// What people wrote, and bytes of pictures and files, also of messages in pieces: there is nothing in it to understand.
const WRITTEN: &[&str] =
    &["msnp.text", "msnp.p2p.data", "msnp.p2p.piece", "msnp.p2p.ink", "msnp.ftp.data", "msnp.webcam.picture"];

/// Bytes of one verb.
#[derive(Debug, Default, Clone)]
struct Count {
    covered: f64,
    uncovered: f64,
    /// Bytes of opaque fields, by name.
    opaque: BTreeMap<&'static str, f64>,
}

impl Count {
    fn add(&mut self, other: &Self) {
        self.covered += other.covered;
        self.uncovered += other.uncovered;
        for (field, bytes) in &other.opaque {
            *self.opaque.entry(field).or_default() += bytes;
        }
    }

    /// Uncovered bytes of a thousand.
    fn share(&self) -> f64 {
        let all = self.covered + self.uncovered;
        if all == 0.0 { 0.0 } else { self.uncovered / all * 1000.0 }
    }
}

/// Counts the leaves of one source. A leaf with bytes derived from it is as well understood as these are.
fn count(tree: &Dissected, source: u16) -> Count {
    let mut count = Count::default();
    for (index, item) in tree.items.iter().enumerate() {
        if item.span.source != source || item.generated || item.mask.is_some() {
            continue;
        }
        let below = tree.items[index + 1..].iter().take_while(|other| other.depth > item.depth);
        let below = below.filter(|other| !other.generated && other.mask.is_none()).collect::<Vec<_>>();
        if below.iter().any(|other| other.span.source == source) {
            continue;
        }
        let bytes = f64::from(item.span.len());
        match below.first() {
            Some(derived) => {
                let inner = self::count(tree, derived.span.source);
                let all = inner.covered + inner.uncovered;
                let scale = if all == 0.0 { 0.0 } else { bytes / all };
                count.covered += inner.covered * scale;
                count.uncovered += inner.uncovered * scale;
                for (field, bytes) in inner.opaque {
                    *count.opaque.entry(field).or_default() += bytes * scale;
                }
            }
            None => leaf(&mut count, item, bytes),
        }
    }
    count
}

fn leaf(count: &mut Count, item: &Item, bytes: f64) {
    let name = item.field.name();
    if WRITTEN.contains(&name) {
        return;
    }
    if OPAQUE.contains(&name) {
        count.uncovered += bytes;
        *count.opaque.entry(name).or_default() += bytes;
    } else {
        count.covered += bytes;
    }
}

#[derive(Default)]
struct Seen {
    by_verb: BTreeMap<String, Count>,
    /// Bytes that are no whole command because the capture lacks the rest of it.
    torn: usize,
    /// Connections whose beginning was not captured, with the directions in which nothing has been heard yet.
    unheard: BTreeSet<(u32, bool)>,
}

impl Seen {
    /// The capture does not hold what a torn command lacks: bytes are missing before it, in it or behind it.
    fn is_explained(&self, command: &Command<'_>) -> bool {
        let cut = matches!(command.pdu.kind, PduKind::PayloadRest | PduKind::Unfinished) || command.pdu.missing() > 0;
        let first = self.unheard.contains(&(command.stream, command.context.direction == Direction::ToServer));
        cut || first || command.context.after_gap
    }
}

impl Sink for Seen {
    fn stream(&mut self, info: &StreamInfo) {
        if info.handshake == Handshake::Missing {
            self.unheard.extend([(info.stream, false), (info.stream, true)]);
        }
    }

    fn command(&mut self, command: &Command<'_>) {
        let explained = self.is_explained(command);
        self.unheard.remove(&(command.stream, command.context.direction == Direction::ToServer));
        let bytes = command.pdu.bytes.len();
        match command.pdu.kind {
            PduKind::Command
            | PduKind::Direct
            | PduKind::FileTransfer
            | PduKind::Relay
            | PduKind::Webcam
            | PduKind::Udp
                if command.pdu.missing() == 0 => {}
            PduKind::Beside => return,
            _ if explained => {
                self.torn += bytes;
                return;
            }
            _ => {
                let count = self.by_verb.entry("–".to_owned()).or_default();
                count.uncovered += bytes as f64;
                *count.opaque.entry("no whole command").or_default() += bytes as f64;
                return;
            }
        }
        let tree = command.dissect().tree;
        let verb = command.pdu.verb().map(|verb| verb.to_string()).unwrap_or_default();
        self.by_verb.entry(verb).or_default().add(&count(&tree, 0));
    }
}

fn look(capture: &[u8]) -> Seen {
    let mut seen = Seen::default();
    let mut analysis = Analysis::new();
    analysis.push(capture, &mut seen).expect("a capture");
    analysis.finish(&mut seen).expect("a capture");
    seen
}

/// Prints the figures and gives the share.
fn report(name: &str, seen: &Seen) -> f64 {
    let mut all = Count::default();
    seen.by_verb.values().for_each(|count| all.add(count));
    let torn = if seen.torn > 0 {
        format!("; {} more are of commands that the capture lacks the rest of", seen.torn)
    } else {
        String::new()
    };
    println!("{name}: {:.2} ‰ of {:.0} bytes are not covered{torn}", all.share(), all.covered + all.uncovered);
    let mut verbs = seen.by_verb.iter().filter(|(_, count)| count.uncovered > 0.0).collect::<Vec<_>>();
    verbs.sort_by(|(_, a), (_, b)| b.uncovered.total_cmp(&a.uncovered));
    for (verb, count) in verbs {
        let fields = count.opaque.iter().map(|(field, bytes)| format!("{field} {bytes:.0}")).collect::<Vec<_>>();
        println!("  {verb:4} {:8.1} ‰  {}", count.share(), fields.join(", "));
    }
    all.share()
}

fn capture_of(case: &Path) -> Vec<u8> {
    let mut files = std::fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path());
    let file = files.find(|path| path.file_name().unwrap().to_string_lossy().starts_with("capture."));
    std::fs::read(file.expect("a capture in every case")).unwrap()
}

#[test]
fn samples_are_understood() {
    let mut all = Seen::default();
    for case in cases::all().unwrap() {
        let seen = look(&capture_of(&case));
        report(&case.file_name().unwrap().to_string_lossy(), &seen);
        all.torn += seen.torn;
        for (verb, count) in seen.by_verb {
            all.by_verb.entry(verb).or_default().add(&count);
        }
    }
    let share = report("all samples", &all);
    assert!(share < LIMIT, "{share} ‰ of our samples are not covered");
}

#[test]
fn real_traffic_is_understood() {
    let Ok(files) = std::fs::read_dir(elsewhere::folder().join("captures")) else {
        return elsewhere::skipped("real captures are not at hand");
    };
    for path in files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "pcap")) {
        let share = report(&path.file_name().unwrap().to_string_lossy(), &look(&std::fs::read(&path).unwrap()));
        assert!(share < LIMIT, "{share} ‰ of {} are not covered", path.display());
    }
}
