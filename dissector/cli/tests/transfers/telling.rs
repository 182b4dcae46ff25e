//! What is told of transfers and their chunks, wherever the capture comes from and whatever it claims.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use msnp_tests::cases;
use msnp_tests::scenario::Transcript;
use msnp_tests::scenario::exchange::{Bytes, Change, Drawing, Ending, Transfer, Way, What};
use msnp_tests::scenario::options::Compression;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::{Folder, capture, files, hexadecimal, lines, manifest, msnp, msnp_from, named, transcript};

/// A file, standard input, gzip and Zstandard tell the same.
#[test]
fn every_kind_of_input_tells_the_same() {
    let folder = Folder::new("inputs");
    let transfers = vec![
        Transfer {
            what: What::Picture,
            changes: vec![Change::Repeat { chunk: 3, after: 5, other: true }, Change::Late { chunk: 7, after: 9 }],
            ..Transfer { data: Bytes::Drawn(Drawing::Sunset), ..named("TFR1.tmp") }
        },
        Transfer { changes: vec![Change::Lose(2)], data: Bytes::Random(30_000), ..named("song.mp3") },
    ];
    let mut transcript = transcript(Way::One, false, transfers);
    let plain = capture(&folder, &transcript);
    let told = |name: &str, view: &[&str], file: &str, input: Stdio| {
        let mut arguments = view.to_vec();
        let out = folder.join(name);
        if view[0] == "transfers" {
            arguments.extend(["--extract", &out]);
        }
        arguments.push(file);
        let output = msnp_from(&arguments, input);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        (output.stdout, if view[0] == "transfers" { files(&out) } else { BTreeMap::new() })
    };
    for (number, view) in
        [&["transfers"][..], &["transfers", "--json"], &["chunks"], &["chunks", "--json"]].into_iter().enumerate()
    {
        let want = told(&format!("file{number}"), view, &plain, Stdio::null());
        let piped = told(&format!("stdin{number}"), view, "-", File::open(&plain).unwrap().into());
        assert!(piped == want, "{view:?} of standard input");
        for compression in [Compression::Gzip, Compression::Zstd] {
            transcript.scenario.file.compression = compression;
            let packed = capture(&folder, &transcript);
            assert_ne!(packed, plain);
            let unpacked = told(&format!("{compression:?}{number}"), view, &packed, Stdio::null());
            assert!(unpacked == want, "{view:?} of {compression:?}");
            let piped = told(&format!("{compression:?}-stdin{number}"), view, "-", File::open(&packed).unwrap().into());
            assert!(piped == want, "{view:?} of {compression:?} on standard input");
        }
    }
}

/// Behind the chunks of each transfer `msnp chunks --json` tells what is missing.
#[test]
fn chunks_and_what_is_missing_are_told() {
    let folder = Folder::new("missing");
    let lost = vec![Change::Lose(2), Change::Lose(4)];
    let transfers = vec![
        Transfer { changes: lost, data: Bytes::Random(6000), ..named("a.txt") },
        Transfer { data: Bytes::Random(6000), ..named("b.txt") },
    ];
    let told = lines(&msnp(&["chunks", "--json", &capture(&folder, &transcript(Way::One, false, transfers))]));
    let words = told.iter().map(|line| match line.get("gap") {
        Some(gap) => format!("{}: {gap}", line["transfer"]),
        None => format!("{}: {}", line["transfer"], line["offset"]),
    });
    let want = [
        "1: 0",
        "1: 2404",
        "1: 4808",
        "1: [1202,2404]",
        "1: [3606,4808]",
        "2: 0",
        "2: 1202",
        "2: 2404",
        "2: 3606",
        "2: 4808",
    ];
    assert_eq!(words.collect::<Vec<_>>(), want);
}

/// What comes once is kept: a pipe tells what a file tells, also under a path.
#[cfg(unix)]
#[test]
fn a_pipe_tells_what_a_file_tells() {
    let folder = Folder::new("pipe");
    let again = vec![Change::Repeat { chunk: 3, after: 5, other: true }];
    let transfers = vec![Transfer { changes: again, data: Bytes::Random(30_000), ..named("song.mp3") }];
    let plain = capture(&folder, &transcript(Way::One, false, transfers));
    let piped = |arguments: &str| {
        let script = format!("cat \"$1\" | \"$0\" {arguments} /dev/stdin");
        let arguments = ["-c", &script, env!("CARGO_BIN_EXE_msnp"), &plain];
        let output = Command::new("sh").args(arguments).stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    for view in ["transfers", "chunks", "transfers --json", "chunks --json", "transfers --redact", "chats --redact"] {
        let arguments = view.split(' ').chain([plain.as_str()]).collect::<Vec<_>>();
        assert!(piped(view) == msnp(&arguments).stdout, "{view}");
    }
    let (from_file, from_pipe) = (folder.join("file"), folder.join("piped"));
    assert_eq!(msnp(&["transfers", "--extract", &from_file, &plain]).status.code(), Some(0));
    piped(&format!("transfers --extract {from_pipe}"));
    assert!(files(&from_file) == files(&from_pipe));
}

/// There are no pseudonyms for the bytes of a picture.
#[test]
fn redacted_objects_are_refused() {
    let folder = Folder::new("redacted");
    let capture = capture(&folder, &transcript(Way::One, false, vec![named("a.txt")]));
    let out = folder.join("out");
    let output = msnp(&["transfers", "--redact", "--extract", &out, &capture]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("--extract writes what was sent, and --redact hides it"), "{told}");
    assert!(!Path::new(&out).exists());
}

/// Beyond the ceilings map, state and hashes go on, and the result says that not all bytes are there.
#[test]
fn beyond_the_ceilings_the_truth_goes_on() {
    let folder = Folder::new("ceilings");
    let big = Transfer { data: Bytes::Random(30_000), ..named("big.bin") };
    let transcript = transcript(Way::One, false, vec![big, named("small.txt")]);
    let plain = capture(&folder, &transcript);
    for (number, ceiling) in [["--keep", "10000"], ["--keep-total", "10000"]].into_iter().enumerate() {
        let from = |view: &[&str]| msnp_from(&[view, &ceiling, &["-"]].concat(), File::open(&plain).unwrap().into());
        let text = String::from_utf8(from(&["transfers"]).stdout).unwrap();
        assert!(text.contains("its bytes were too many to be kept; they were hashed as they passed"), "{text}");
        let out = folder.join(&format!("out{number}"));
        let records = lines(&from(&["transfers", "--json", "--extract", &out]));
        assert_eq!(records[0]["state"], "complete");
        assert_eq!(records[0]["gaps"], Value::Array(Vec::new()));
        assert_eq!(records[0]["sha256"].as_str().unwrap(), hexadecimal(&Sha256::digest(&transcript.sent[0].data)));
        assert_eq!((&records[0]["received"], &records[0]["chunks"]), (&30_000.into(), &25.into()));
        let files = files(&out);
        let listed = manifest(&files);
        assert_eq!((&listed[0]["holds"], &listed[0]["file"]), (&"parts".into(), &"0001-file-big.bin.part".into()));
        let kept = &files["0001-file-big.bin.part"];
        assert!(kept.len() > 5000 && transcript.sent[0].data.starts_with(kept), "{} bytes", kept.len());
        assert_eq!(listed[0]["unwritten"], serde_json::json!([[kept.len(), 30_000]]));
        assert_eq!(listed[1]["unwritten"], Value::Null);
        let chunks = from(&["chunks"]).stdout;
        assert_eq!(chunks, msnp(&["chunks", &plain]).stdout);
    }
    let small = lines(&msnp_from(&["transfers", "--json", "--keep", "10000", "-"], File::open(&plain).unwrap().into()));
    assert_eq!(small[1]["sha256"].as_str().unwrap(), hexadecimal(&Sha256::digest(b"MZ: run me")));
}

/// What stands in place of the bytes is not held against the hash that was announced.
#[test]
fn redacted_bytes_have_no_verdict() {
    let case = cases::folder().join("msnp11-picture-p2p/capture.pcap");
    let case = case.to_str().unwrap();
    let (plain, redacted) = (msnp(&["transfers", "--json", case]), msnp(&["transfers", "--json", "--redact", case]));
    let (plain, redacted) = (lines(&plain), lines(&redacted));
    assert_eq!((plain.len(), redacted.len()), (2, 2));
    for (plain, redacted) in plain.iter().zip(redacted) {
        assert_eq!((&plain["sha1d_ok"], &redacted["sha1d_ok"]), (&Value::Bool(true), &Value::Null));
        assert_eq!(
            (&redacted["sha1"], &redacted["sha256"], &redacted["sha1c_ok"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        for same in ["state", "received", "chunks", "gaps", "frames", "kind"] {
            assert_eq!(plain[same], redacted[same], "{same}");
        }
    }
    let text = String::from_utf8(msnp(&["transfers", "--redact", case]).stdout).unwrap();
    assert!(!text.contains("announced,") && !text.contains("Note") && !text.contains("SHA"), "{text}");
}

/// A claim of 2^64-1 bytes costs neither memory nor disk.
#[cfg(unix)]
#[test]
fn an_absurd_size_costs_nothing() {
    let folder = Folder::new("absurd");
    for (name, way) in [("one", Way::One), ("two", Way::Two)] {
        let (claims, data, ending) = (Some(u64::MAX), Bytes::Random(5000), Ending::Nothing);
        let transcript = transcript(way, false, vec![Transfer { claims, data, ending, ..named("huge.iso") }]);
        let capture = capture(&folder, &transcript);
        let out = folder.join(name);
        // 256 MB of address space.
        let limited = "ulimit -v 262144; exec \"$0\" transfers --json --extract \"$1\" \"$2\"";
        let arguments = ["-c", limited, env!("CARGO_BIN_EXE_msnp"), &out, &capture];
        let output = Command::new("sh").args(arguments).stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let record = &lines(&output)[0];
        assert_eq!(record["gaps"], serde_json::json!([[5000, u64::MAX]]));
        assert_eq!((&record["state"], &record["received"]), (&"incomplete".into(), &5000.into()));
        assert!(files(&out)["0001-file-huge.iso.part"] == transcript.sent[0].data);
        let text = String::from_utf8(msnp(&["transfers", &capture]).stdout).unwrap();
        assert!(text.contains("Missing    bytes 5000–18446744073709551614"), "{text}");
    }
}

#[test]
fn transfers_of_the_samples_are_as_reviewed() {
    let mut wrong = Vec::new();
    let mut with_transfers = 0;
    for case in cases::all().unwrap() {
        let file = case.join(Transcript::read(&case).unwrap().scenario.file_name());
        let file = file.to_str().unwrap();
        let any = !msnp(&["transfers", "--json", file]).stdout.is_empty();
        with_transfers += usize::from(any);
        for (golden, view) in [("transfers.txt", "transfers"), ("chunks.txt", "chunks")] {
            let path = case.join(golden);
            if !any {
                assert!(!path.exists(), "{} has no transfers", case.display());
                continue;
            }
            let told = msnp(&[view, file]).stdout;
            if std::env::var_os("MSNP_BLESS").is_some() {
                fs::write(&path, &told).unwrap();
            }
            if fs::read(&path).unwrap_or_default() != told {
                wrong.push(path);
            }
        }
    }
    assert!(with_transfers >= 6, "only {with_transfers} samples have transfers");
    assert!(wrong.is_empty(), "look, then MSNP_BLESS=1: {wrong:?}");
}
