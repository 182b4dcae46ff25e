//! The stories that `msnp sessions`, `chats` and `gaps` tell: of each sample capture, and of each dialogue of the protocol
//! reference where it is at hand. They are compared with the ones reviewed by eye; `MSNP_BLESS=1` writes them anew.

// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use msnp_tests::scenario::{self, Transcript};
use msnp_tests::{cases, elsewhere};
use serde_json::Value;

fn msnp(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_msnp")).args(arguments).stdin(Stdio::null()).output().expect("msnp runs")
}

fn records(view: &str, capture: &Path) -> Vec<Value> {
    let output = msnp(&[view, "--json", capture.to_str().expect("a printable path")]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
}

fn story(capture: &Path) -> String {
    let told = ["sessions", "chats", "gaps"].map(|view| {
        let output = msnp(&[view, capture.to_str().expect("a printable path")]);
        String::from_utf8(output.stdout).expect("UTF-8")
    });
    told.join("\n----\n\n")
}

fn capture_of(case: &Path) -> PathBuf {
    let transcript = Transcript::read(case).expect("a transcript");
    case.join(transcript.scenario.file_name())
}

/// Whether a story is the committed one; with `MSNP_BLESS` it becomes that.
fn is_as_reviewed(golden: &Path, told: &str) -> bool {
    if std::env::var_os("MSNP_BLESS").is_some() {
        fs::write(golden, told).expect("writable");
    }
    fs::read_to_string(golden).unwrap_or_default() == told
}

#[test]
fn stories_of_the_samples_are_as_reviewed() {
    let wrong = cases::all().expect("samples").into_iter();
    let wrong = wrong.filter(|case| !is_as_reviewed(&case.join("story.txt"), &story(&capture_of(case))));
    let wrong = wrong.collect::<Vec<_>>();
    assert!(wrong.is_empty(), "differ from story.txt; look, then MSNP_BLESS=1: {wrong:?}");
}

#[test]
fn stories_of_the_reference_s_dialogues_are_as_reviewed() {
    let Some(text) = elsewhere::text("protocol/transcripts.jsonl") else { return };
    let goldens = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/stories");
    let folder = std::env::temp_dir().join(format!("msnp-stories-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let mut wrong = Vec::new();
    for (name, dialogue) in Transcript::parse_sessions(&text).expect("dialogues") {
        let capture = folder.join(format!("{name}.pcap"));
        fs::write(&capture, scenario::build(&dialogue).expect("a capture")).expect("writable");
        if !is_as_reviewed(&goldens.join(format!("{name}.txt")), &story(&capture)) {
            wrong.push(name);
        }
    }
    fs::remove_dir_all(&folder).expect("removed");
    assert!(wrong.is_empty(), "differ from tests/stories; look, then MSNP_BLESS=1: {wrong:?}");
}

#[test]
fn every_line_has_the_keys_of_the_contract() {
    let contract: [(&str, &[&str]); 3] = [
        (
            "sessions",
            &["account", "dialect", "client", "os", "locale", "auth", "outcome", "start", "end", "ended_by", "streams"],
        ),
        (
            "chats",
            &[
                "time",
                "frame",
                "pdu",
                "conversation",
                "from",
                "nick",
                "to",
                "kind",
                "text",
                "format",
                "delivered",
                "inferred",
            ],
        ),
        ("gaps", &["kind", "text", "time", "frame", "pdu", "stream", "bytes"]),
    ];
    for case in cases::all().expect("samples") {
        let capture = capture_of(&case);
        for (view, keys) in contract {
            for record in records(view, &capture) {
                let object = record.as_object().expect("an object");
                let lacking = keys.iter().filter(|key| !object.contains_key(**key)).collect::<Vec<_>>();
                assert!(lacking.is_empty(), "{view} of {}: {lacking:?}", case.display());
            }
        }
        for record in records("sessions", &capture) {
            let words = ["client", "elsewhere", "server-shutdown", "error", "reset", "capture-end"];
            assert!(words.contains(&record["ended_by"].as_str().expect("text")), "{record}");
        }
        let kinds: BTreeSet<&str> =
            ["text", "typing", "nudge", "ink", "wink", "voice-clip", "action", "emoticon", "offline", "system"].into();
        for record in records("chats", &capture) {
            assert!(kinds.contains(record["kind"].as_str().expect("text")), "{record}");
            assert!(record["format"].is_null() || record["format"].is_object(), "{record}");
            assert!(record["delivered"].is_null() || record["delivered"].is_boolean(), "{record}");
        }
    }
}

#[test]
fn a_capture_without_msnp_tells_no_story() {
    let case = cases::folder().join("non-msnp-web");
    for view in ["sessions", "chats", "gaps"] {
        let output = msnp(&[view, "--json", capture_of(&case).to_str().expect("a printable path")]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{view}");
    }
}

/// Redaction is below the story: the same people, under other names.
#[test]
fn a_redacted_story_is_the_same_story() {
    let capture = capture_of(&cases::folder().join("msnp8-signin-chat"));
    let plain = records("chats", &capture);
    let output = msnp(&["chats", "--json", "--redact", capture.to_str().expect("a printable path")]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(!text.contains("alice") && !text.contains("Très bien"), "{text}");
    let redacted = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")).collect::<Vec<_>>();
    assert_eq!(redacted.len(), plain.len());
    for (one, other) in redacted.iter().zip(&plain) {
        for key in ["pdu", "frame", "conversation", "kind", "delivered"] {
            assert_eq!(one[key], other[key]);
        }
    }
}

/// Contacts as they were: between two changes only the first of them has happened.
#[test]
fn contacts_are_told_as_of_any_time() {
    let capture = cases::all().expect("samples").into_iter().find(|case| case.ends_with("msnp2-signin-md5"));
    let capture = capture_of(&capture.expect("the case"));
    let dave_at = |time: &str| {
        let output = msnp(&["contacts", "--json", "--at", time, capture.to_str().expect("a printable path")]);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let records = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        records
            .filter(|record| record["contact"] == "dave@example.net")
            .map(|record| record["lists"].to_string())
            .collect::<String>()
    };
    assert_eq!(dave_at("1999-11-20T20:15:40Z"), "");
    assert_eq!(dave_at("1999-11-20T20:15:42Z"), r#"["RL"]"#);
    assert_eq!(dave_at("1999-11-20T21:15:44.4+01:00"), r#"["AL","RL"]"#);
    assert_eq!(dave_at("1999-11-20T20:15:45Z"), r#"["FL","AL","RL"]"#);
    assert_eq!(msnp(&["contacts", "--at", "noon", "-"]).status.code(), Some(2));
}

/// Each entry of a document is told with its own bytes: in them stands whom it is about.
#[test]
fn what_a_document_says_is_told_with_its_bytes() {
    let mut told = 0;
    for case in cases::all().expect("samples") {
        let capture = capture_of(&case);
        let trees = records("tree", &capture);
        for contact in records("contacts", &capture) {
            let (Some(pdu), Some(start), Some(end)) = (
                contact["known"]["pdu"].as_u64(),
                contact["known"]["start"].as_u64(),
                contact["known"]["end"].as_u64(),
            ) else {
                continue;
            };
            let tree = trees.iter().find(|tree| tree["pdu"] == pdu).expect("the command");
            let member = tree["items"]
                .as_array()
                .expect("items")
                .iter()
                .find(|item| item["field"] == "msnp.member" && item["start"] == start && item["end"] == end);
            told += u32::from(member.is_some());
            assert!(start < end, "{}: {contact}", case.display());
        }
    }
    assert!(told > 10, "{told} contacts stand in an element of their own");
}

/// As the page of the viewer does, from a file or from a pipe; nobody is to be known by a picture.
#[test]
fn a_page_of_chats_shows_the_pictures_in_texts() {
    let capture = capture_of(&cases::folder().join("msnp12-chat-emoticons"));
    let path = capture.to_str().expect("a printable path");
    let html = |output: Output| String::from_utf8(output.stdout).expect("UTF-8");
    let page = html(msnp(&["chats", "--html", path]));
    assert_eq!(page.matches("<img ").count(), 2, "one of two emoticons came, and was used twice");
    assert!(page.contains("<img src=\"data:image/") && page.contains("alt=\"(grin)\""), "{page}");
    let pipe = fs::File::open(&capture).expect("a capture");
    let mut cat = Command::new("cat").stdin(pipe).stdout(Stdio::piped()).spawn().expect("cat runs");
    let out = cat.stdout.take().expect("a pipe");
    let piped = Command::new(env!("CARGO_BIN_EXE_msnp")).args(["chats", "--html", "-"]).stdin(out).output();
    assert_eq!(html(piped.expect("msnp runs")).replace("standard input", path), page);
    cat.wait().expect("cat ends");
    let redacted = html(msnp(&["chats", "--html", "--redact", path]));
    assert!(redacted.contains("<ol>") && !redacted.contains("<img "), "{redacted}");
}

#[test]
fn a_page_of_chats_tells_of_files_and_of_their_fate() {
    for case in ["msnp11-file-declined", "msnp9-file-p2p-lossy", "msnp7-file-msnftp"] {
        let capture = capture_of(&cases::folder().join(case));
        let output = msnp(&["chats", "--html", capture.to_str().expect("a printable path")]);
        let page = String::from_utf8(output.stdout).expect("UTF-8");
        let files = records("transfers", &capture).into_iter().filter(|one| one["kind"] == "file").collect::<Vec<_>>();
        assert!(!files.is_empty(), "{case}");
        for file in files {
            let (name, state) = (file["name"].as_str().expect("a name"), file["state"].as_str().expect("a state"));
            assert!(page.contains(&format!("offers the file “{name}”")), "{page}");
            assert!(page.contains(&format!("The file “{name}”: {state}")), "{page}");
        }
    }
}
