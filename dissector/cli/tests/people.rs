//! Contacts and presence of each sample capture, as reviewed by eye: `people.txt`; `MSNP_BLESS=1` writes them anew.

// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Each sample case's folder with its capture.
fn samples() -> Vec<(PathBuf, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/captures");
    let cases = fs::read_dir(folder).expect("samples").flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    let mut samples = cases
        .map(|case| {
            let mut files = fs::read_dir(&case).expect("a case").flatten().map(|file| file.path());
            let capture = files.find(|path| path.to_string_lossy().contains("capture.pcap"));
            (case, capture.expect("a capture in every case"))
        })
        .collect::<Vec<_>>();
    samples.sort();
    samples
}

fn msnp(arguments: &[&str], capture: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_msnp"));
    command.args(arguments).arg(capture).stdin(Stdio::null()).output().expect("msnp runs")
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
}

#[test]
fn people_are_as_reviewed() {
    let mut wrong = Vec::new();
    for (case, capture) in samples() {
        let [contacts, presence] = ["contacts", "presence"].map(|command| msnp(&[command], &capture).stdout);
        let got = format!("{}\n{}", String::from_utf8_lossy(&contacts), String::from_utf8_lossy(&presence));
        let golden = case.join("people.txt");
        if std::env::var_os("MSNP_BLESS").is_some() {
            fs::write(&golden, &got).expect("writable");
        }
        if fs::read_to_string(&golden).unwrap_or_default() != got {
            wrong.push(golden.display().to_string());
        }
    }
    assert_eq!(wrong, [""; 0], "differ; look, then MSNP_BLESS=1");
}

type IsRight = fn(&Value) -> bool;

/// Keys that scripts rely on, with the kind of their values.
fn has_keys(record: &Value, keys: &[(&str, IsRight)]) {
    for (key, is_right) in keys {
        let value = record.get(key).unwrap_or_else(|| panic!("{key} is missing: {record}"));
        assert!(is_right(value), "{key}: {record}");
    }
}

fn text_or_null(value: &Value) -> bool {
    value.is_string() || value.is_null()
}

fn number_or_null(value: &Value) -> bool {
    value.is_u64() || value.is_null()
}

#[test]
fn records_have_the_keys_of_the_contract() {
    let (mut contacts, mut changes, mut events) = (0, 0, 0);
    for (case, capture) in samples() {
        let is_msnp = !case.ends_with("non-msnp-web");
        for command in ["contacts", "presence"] {
            let output = msnp(&[command, "--json"], &capture);
            assert_eq!(output.status.code(), Some(if is_msnp { 0 } else { 1 }), "{command} {}", case.display());
        }
        for record in lines(&msnp(&["contacts", "--json"], &capture)) {
            contacts += 1;
            has_keys(
                &record,
                &[
                    ("account", text_or_null),
                    ("contact", Value::is_string),
                    ("nick", text_or_null),
                    ("lists", Value::is_array),
                    ("groups", Value::is_array),
                    ("network", number_or_null),
                    ("changes", Value::is_array),
                ],
            );
            for change in record["changes"].as_array().expect("changes") {
                changes += 1;
                has_keys(change, &[("time", Value::is_string), ("frame", Value::is_u64), ("change", Value::is_string)]);
            }
        }
        for record in lines(&msnp(&["presence", "--json"], &capture)) {
            events += 1;
            has_keys(
                &record,
                &[
                    ("time", Value::is_string),
                    ("frame", Value::is_u64),
                    ("account", text_or_null),
                    ("contact", text_or_null),
                    ("event", Value::is_string),
                    ("value", Value::is_string),
                ],
            );
        }
    }
    assert!(contacts > 10 && changes >= 3 && events > 50, "{contacts} contacts, {changes} changes, {events} events");
}

#[test]
fn an_event_ends_where_the_next_one_begins() {
    for (case, capture) in samples() {
        let records = lines(&msnp(&["presence", "--json"], &capture));
        let statuses = records.iter().filter(|record| record["event"] == "status").collect::<Vec<_>>();
        for (index, record) in statuses.iter().enumerate() {
            let same = |other: &&&Value| {
                ["account", "contact"].iter().all(|key| other[*key] == record[*key])
                    && (!record["account"].is_null() || other["stream"] == record["stream"])
            };
            let next = statuses.iter().skip(index + 1).find(same);
            let begins = next.map_or(Value::Null, |next| next["time"].clone());
            assert_eq!(record["until"], begins, "{}: {record}", case.display());
        }
    }
}
