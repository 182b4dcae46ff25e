//! `msnp save`: an excerpt is a capture that `msnp` reads like any other.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use msnp_tests::scenario::options::Compression;
use msnp_tests::split::split;
use msnp_tests::{cases, scenario};

fn msnp(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_msnp")).args(arguments).stdin(Stdio::null()).output().expect("msnp runs")
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/captures/msnp8-signin-chat/capture.pcap")
}

/// Time, way and text of each command, in order of time; without the numbers of commands and connections, and without the
/// kind of the server, which other commands tell.
fn listed(file: &Path, filter: &str) -> Vec<String> {
    let output = msnp(&["commands", "--filter", filter, file.to_str().unwrap()]);
    let told = |line: &str| {
        let words = line.split_whitespace().enumerate().filter(|(at, _)| ![0, 2, 5].contains(at));
        words.map(|(_, word)| word).collect::<Vec<_>>().join(" ")
    };
    let mut lines = String::from_utf8(output.stdout).unwrap().lines().map(told).collect::<Vec<_>>();
    lines.sort();
    lines
}

#[test]
fn what_is_saved_is_listed_again() {
    let folder = tempfile::tempdir().unwrap();
    let filter = "msnp.verb == \"MSG\" || msnp.verb == \"USR\"";
    let whole = listed(&sample(), filter);
    assert!(whole.len() > 10);
    let packed = folder.path().join("sample.pcap.gz");
    let mut transcript = cases::named("msnp8-signin-chat").unwrap();
    transcript.scenario.file.compression = Compression::Gzip;
    fs::write(&packed, scenario::build(&transcript).unwrap()).unwrap();
    for (number, source) in [sample(), packed].iter().enumerate() {
        let out = folder.path().join(format!("{number}.pcap"));
        let saved = msnp(&["save", source.to_str().unwrap(), "--filter", filter, "-o", out.to_str().unwrap()]);
        assert!(saved.status.success(), "{saved:?}");
        assert!(
            String::from_utf8_lossy(&saved.stderr).contains(&format!("{} commands, in ", whole.len())),
            "{saved:?}"
        );
        assert_eq!(listed(&out, filter), whole);
        assert!(fs::metadata(&out).unwrap().len() < fs::metadata(sample()).unwrap().len());
    }
}

#[test]
fn nothing_is_written_over_another_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("there.pcap");
    fs::write(&out, "mine").unwrap();
    let saved = msnp(&["save", sample().to_str().unwrap(), "-o", out.to_str().unwrap()]);
    assert_eq!(saved.status.code(), Some(2));
    assert_eq!(fs::read(&out).unwrap(), b"mine");
}

#[test]
fn a_failure_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let (source, out) = (folder.path().join("picture.png"), folder.path().join("out.pcap"));
    fs::write(&source, b"\x89PNG\r\n\x1a\n and so on").unwrap();
    let saved = msnp(&["save", source.to_str().unwrap(), "-o", out.to_str().unwrap()]);
    assert_eq!(saved.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&saved.stderr).contains("PNG"));
    assert!(!out.exists());
}

#[test]
fn several_captures_are_read_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let parts = split(&fs::read(sample()).unwrap(), 3).into_iter().enumerate().map(|(number, part)| {
        let path = folder.path().join(format!("part-{number}.pcap"));
        fs::write(&path, part).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let parts = parts.collect::<Vec<_>>();
    let (sample, out) = (sample(), folder.path().join("out.pcapng"));
    let run = |words: &[&str], files: &[&str]| msnp(&[words, files].concat());
    let all = parts.iter().map(String::as_str).collect::<Vec<_>>();
    for words in
        [&["tree"][..], &["commands", "--json"], &["summary"], &["chats"], &["transfers"], &["fields", "--json"]]
    {
        let (one, several) = (run(words, &[sample.to_str().unwrap()]), run(words, &all));
        assert!(one.status.success() && several.status.success(), "{words:?}: {several:?}");
        assert_eq!(String::from_utf8_lossy(&several.stdout), String::from_utf8_lossy(&one.stdout), "{words:?}");
    }
    let filter = "msnp.verb == \"MSG\"";
    let saved = run(&["save", "--filter", filter, "-o", out.to_str().unwrap()], &all);
    assert!(saved.status.success(), "{saved:?}");
    assert_eq!(listed(&out, filter), listed(&sample, filter));
    let hidden = run(&["commands", "--redact"], &all);
    assert!(hidden.status.success() && !String::from_utf8_lossy(&hidden.stdout).contains("alice"), "{hidden:?}");
}

#[test]
fn standard_input_is_read_once() {
    let output = msnp(&["commands", "-", sample().to_str().unwrap(), "-"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard input (-) can be read but once"), "{output:?}");
}

#[test]
fn one_of_several_that_is_no_capture_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("picture.png");
    fs::write(&picture, b"\x89PNG\r\n\x1a\n and so on").unwrap();
    let output = msnp(&["commands", sample().to_str().unwrap(), picture.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("picture.png") && said.contains("PNG") && !said.contains("capture.pcap"), "{said}");
}
