//! The walls of the house: who may know whom, read from the `use` lines and paths of the library.

// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Lines of code (not comments) of a room that hold one of `words`.
fn offences(room: &str, words: &[&str]) -> Vec<String> {
    let mut files = Vec::new();
    sources(&root().join(room), &mut files);
    assert!(!files.is_empty(), "{room} is gone");
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("text");
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{}: {}", file.display(), line.trim()));
            }
        }
    }
    found
}

#[test]
fn rooms_know_only_the_rooms_below() {
    let walls: &[(&str, &[&str])] = &[
        (
            "dissector/src/tree",
            &["crate::msnp", "crate::capture", "crate::transport", "crate::analysis", "crate::model", "crate::report"],
        ),
        (
            "dissector/src/capture",
            &["crate::msnp", "crate::tree", "crate::transport", "crate::analysis", "crate::model", "crate::report"],
        ),
        (
            "dissector/src/transport",
            &["crate::msnp", "crate::tree", "crate::analysis", "crate::model", "crate::report"],
        ),
        (
            "dissector/src/msnp",
            &["crate::capture", "crate::transport", "crate::analysis", "crate::model", "crate::report", "std::net"],
        ),
        (
            "dissector/src/tunnel",
            &[
                "crate::msnp",
                "crate::tree",
                "crate::capture",
                "crate::transport",
                "crate::analysis",
                "crate::model",
                "crate::redaction",
                "crate::report",
            ],
        ),
        (
            "dissector/src/frame",
            &["crate::msnp", "crate::analysis", "crate::model", "crate::redaction", "crate::report"],
        ),
        ("dissector/src/analysis", &["crate::model", "crate::redaction", "crate::report"]),
        ("dissector/src/redaction", &["crate::report", "crate::model", "crate::capture", "crate::transport"]),
        // Typed messages only: no framing, no payload parser, no field.
        (
            "dissector/src/model",
            &["crate::report", "msnp::framing", "msnp::field", "Recording::Everything", "Recording::Only", "FieldId"],
        ),
        // Bytes of objects, but no framing and no field.
        (
            "dissector/src/transfer",
            &["crate::report", "crate::redaction", "msnp::framing", "msnp::field", "Recording::", "FieldId"],
        ),
        (
            "dissector/src/filter",
            &["crate::report", "crate::redaction", "crate::model", "crate::transfer", "crate::transport"],
        ),
        (
            "dissector/src/excerpt",
            &["crate::report", "crate::redaction", "crate::model", "crate::transfer", "crate::filter", "crate::tree"],
        ),
        ("dissector/cli/src", &["msnp_web", "msnp_wireshark", "msnp_capi", "use msnp::"]),
        ("dissector/capi/src", &["msnp_web", "msnp_wireshark", "msnp_cli"]),
        ("dissector/wireshark/src", &["msnp_web", "msnp_cli", "msnp_capi"]),
        ("web/src", &["msnp_cli", "msnp_wireshark", "msnp_capi"]),
    ];
    for (room, words) in walls {
        assert_eq!(offences(room, words), [""; 0], "{room} may not know these");
    }
}

#[test]
fn the_library_does_no_input_or_output_and_reads_no_clock() {
    let words =
        ["std::fs", "std::time", "std::thread", "std::env", "println!", "eprintln!", "SystemTime", "Instant::now"];
    let found = offences("dissector/src", &words);
    assert_eq!(found, [""; 0]);
}

#[test]
fn only_what_speaks_c_says_unsafe() {
    for room in ["dissector/src", "dissector/cli/src", "web/src", "tests/src", "xtask/src"] {
        assert_eq!(offences(room, &["unsafe "]), [""; 0], "{room}");
    }
}

/// Whoever is called from C begins with the gate: no panic passes it.
#[test]
fn every_function_for_c_goes_through_the_gate() {
    let mut files = Vec::new();
    sources(&root().join("dissector/capi/src"), &mut files);
    let mut count = 0;
    for file in files {
        let text = fs::read_to_string(&file).expect("text");
        for function in text.split("#[unsafe(no_mangle)]").skip(1) {
            count += 1;
            let (head, body) = function.split_once("{\n").expect("a body");
            assert!(head.contains("extern \"C\" fn msnp_"), "{}: {head}", file.display());
            let first = body.trim_start();
            let gated = ["gate(", "gate_status(", "with(session, "].iter().any(|gate| first.starts_with(gate));
            assert!(gated, "{}: {head}", file.display());
        }
    }
    assert!(count > 30, "only {count} functions");
}
