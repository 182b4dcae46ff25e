//! One PDU, one tree: every `pdus/<verb>-<what>.msnp` is taken apart, and its rendered tree stands in the `.tree` beside it.
//!
//! The first line of a tree says under which circumstances the PDU is read, all of which are optional:
//! `# from server, notification, MSNP11, answers CAL`. `after msg-ink-first` names a PDU that came before on the same
//! connection, of the same direction; several come in the order of their naming. PDUs come from the protocol reference or from
//! captures; one that was made up to show a shape or a fault says `invented`. A new case needs the `.msnp` and a `.tree` with that line;
//! `MSNP_BLESS=1 cargo test -p msnp-tests --test golden` writes the rest. Review the change like code.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on must fail")]

use msnp_dissector::msnp::{
    self, Connection, Context, Dialect, Dialogue, Direction, Misfit, Offer, Pdu, Request, Server, Verb, framing,
};
use msnp_dissector::tree::{Catalogue, Recording, render};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("pdus")
}

fn pdus() -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut pdus: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == "msnp")).collect();
    pdus.sort();
    pdus
}

fn circumstances(line: &str) -> Context {
    let mut context = Context::default();
    for word in line.trim_start_matches('#').split(',').map(str::trim) {
        match word {
            "from client" => context.direction = Direction::ToServer,
            "from server" => context.direction = Direction::ToClient,
            "from either side" => context.direction = Direction::Unknown,
            "dispatch" => context.server = Server::Dispatch,
            "notification" => context.server = Server::Notification,
            "switchboard" => context.server = Server::Switchboard,
            "after a gap" => context.after_gap = true,
            "invented" | "direct connection" | "file transfer" | "blocks" | "relay" | "webcam" | "udp" => {}
            "without request" => context.misfit = Misfit::NoRequest,
            _ => match word.split_once(' ') {
                Some(("after", _)) => {}
                Some(("late", highest)) => context.misfit = Misfit::Late(highest.parse().unwrap()),
                Some(("repeats", verb)) => context.misfit = Misfit::Repeated(Verb::parse(verb.as_bytes()).unwrap()),
                Some(("takes", verb)) => context.misfit = Misfit::OtherRequest(Verb::parse(verb.as_bytes()).unwrap()),
                Some(("offered", names)) => {
                    let dialects = names.split(' ').map(|name| Dialect(name[4..].parse().unwrap()));
                    context.offer = Offer::of(&dialects.collect::<Vec<_>>());
                }
                Some(("answers", verb)) => {
                    let verb = Verb::parse(verb.as_bytes()).unwrap();
                    context.answers = Some(Request { pdu: 1, verb });
                }
                _ => context.dialect = Some(Dialect(word.trim_start_matches("MSNP").parse().unwrap())),
            },
        }
    }
    context
}

/// The PDUs that came before, by their file names.
fn earlier(line: &str) -> impl Iterator<Item = Vec<u8>> {
    let names = line.trim_start_matches('#').split(',').filter_map(|word| word.trim().strip_prefix("after "));
    let names = names.filter(|name| !name.contains(' '));
    names.map(|name| std::fs::read(folder().join(name).with_extension("msnp")).unwrap())
}

/// What is spoken where the PDU stands: `direct connection`, `file transfer` (with `blocks`), `relay`, `webcam`,
/// `udp`, or else MSNP.
fn dialogue(line: &str) -> Dialogue {
    let has = |wanted: &str| line.trim_start_matches('#').split(',').any(|word| word.trim() == wanted);
    match () {
        () if has("direct connection") => Dialogue::Direct,
        () if has("file transfer") => Dialogue::FileTransfer { blocks: has("blocks") },
        () if has("relay") => Dialogue::Relay,
        () if has("webcam") => Dialogue::Webcam,
        () if has("udp") => Dialogue::Udp,
        () => Dialogue::Service,
    }
}

fn pdu<'a>(bytes: &'a [u8], line: &str) -> Pdu<'a> {
    let dialogue = dialogue(line);
    let head = dialogue.head(bytes).unwrap_or(bytes.len());
    dialogue.pdu(bytes, head, circumstances(line).direction)
}

fn tree_of(bytes: &[u8], circumstances_line: &str) -> String {
    let context = circumstances(circumstances_line);
    let mut connection = Connection::new();
    for (earlier, number) in earlier(circumstances_line).zip(1..) {
        let pdu = pdu(&earlier, circumstances_line);
        connection.observe(number, &pdu, &connection.context_for(&pdu, context.direction));
    }
    let pdu = pdu(bytes, circumstances_line);
    let context = Context { progress: connection.context_for(&pdu, context.direction).progress, ..context };
    let completes = connection.observe(u32::MAX, &pdu, &context);
    let pdu = pdu.completing(completes.as_ref());
    let dissection = msnp::dissect(&pdu, &context, Recording::Everything);
    format!("{circumstances_line}\n{}", render(&dissection.tree, bytes, &Catalogue::english()))
}

#[test]
fn every_pdu_has_its_tree() {
    let bless = std::env::var_os("MSNP_BLESS").is_some();
    let mut faults = Vec::new();
    for path in pdus() {
        let bytes = std::fs::read(&path).unwrap();
        let golden = path.with_extension("tree");
        let committed = std::fs::read_to_string(&golden).unwrap_or_default();
        let built = tree_of(&bytes, committed.lines().next().unwrap_or_default());
        if built == committed {
            continue;
        }
        if bless {
            std::fs::write(&golden, &built).unwrap();
        } else {
            faults.push(format!("{}:\n{committed}\nhas become\n{built}", golden.display()));
        }
    }
    assert!(faults.is_empty(), "run with MSNP_BLESS=1 and review the change:\n{}", faults.join("\n"));
}

/// A golden file holds one whole command, unless its name says that it is cut.
#[test]
fn every_pdu_is_framed_whole() {
    for path in pdus() {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let tree = std::fs::read_to_string(path.with_extension("tree")).unwrap();
        let line = tree.lines().next().unwrap();
        let direction = circumstances(line).direction;
        let whole = match dialogue(line).frame(&bytes, direction, framing::Sync::Kept) {
            framing::Frame::Command { line, payload } => line + payload == bytes.len(),
            _ => false,
        };
        assert_eq!(whole, !name.ends_with("-cut"), "{name}");
    }
}

/// Whoever describes a verb's arguments shows them here: no verb is left without a golden PDU.
#[test]
fn every_verb_that_is_read_has_a_pdu() {
    // Framed and named, but their arguments are only numbered: no source describes them.
    let numbered = ["RFS", "LKP", "GSB", "GET"];
    let names = pdus().iter().map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect::<Vec<_>>();
    let shown = names.iter().filter_map(|name| name.split('-').next()).collect::<BTreeSet<_>>();
    let declared = msnp::verb::VERBS.iter().map(|decl| String::from_utf8_lossy(decl.code).to_lowercase());
    let lacking = declared
        .filter(|verb| !shown.contains(verb.as_str()) && !numbered.contains(&verb.to_uppercase().as_str()))
        .collect::<Vec<_>>();
    assert!(lacking.is_empty(), "no golden PDU for {lacking:?}");
}

/// Each in words for somebody who has never heard of MSNP; `-- --nocapture` prints them all.
#[test]
fn every_pdu_has_its_sentence() {
    let fields = msnp::sentence_fields();
    let english = Catalogue::english();
    for path in pdus() {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let tree = std::fs::read_to_string(path.with_extension("tree")).unwrap();
        let line = tree.lines().next().unwrap();
        let context = circumstances(line);
        let pdu = pdu(&bytes, line);
        let say = |recording| {
            let dissection = msnp::dissect(&pdu, &context, recording);
            msnp::sentence(&pdu, &context, &dissection, &english)
        };
        let sentence = say(Recording::Everything);
        println!("{name:28} {sentence}");
        assert_eq!(
            say(Recording::Among(&fields)),
            sentence,
            "{name}: its fields are not among those that are asked for"
        );
        assert!(sentence.ends_with(['.', '”', '…']) && !sentence.contains("{0}"), "{name}: {sentence}");
        assert!(!sentence.starts_with("the "), "{name}: {sentence}");
    }
}
