//! The contract of the command line: what scripts rely on. Each sample capture's listing is compared with the one
//! reviewed by eye; `MSNP_BLESS=1` writes them anew.

// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use msnp_tests::scenario::{self, Transcript};
use serde_json::Value;

fn captures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/captures")
}

/// The capture file of each sample case, with the case's name.
fn samples() -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for case in fs::read_dir(captures()).expect("samples").flatten().filter(|e| e.path().is_dir()) {
        let files = fs::read_dir(case.path()).expect("a case").flatten();
        let capture = files.map(|f| f.path()).find(|p| p.to_string_lossy().contains("capture.pcap"));
        found.push((case.file_name().to_string_lossy().into_owned(), capture.expect("a capture in every case")));
    }
    found.sort();
    found
}

fn sample(name: &str) -> PathBuf {
    samples().into_iter().find(|(n, _)| n == name).expect("the sample").1
}

fn msnp(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_msnp")).args(arguments).stdin(Stdio::null()).output().expect("msnp runs")
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("a printable path")
}

#[test]
fn listings_are_as_reviewed() {
    let mut wrong = Vec::new();
    for (name, capture) in samples() {
        let listing = msnp(&["commands", shown(&capture)]).stdout;
        let summary = msnp(&["summary", shown(&capture)]).stdout;
        let got = format!("{}\n{}", String::from_utf8_lossy(&summary), String::from_utf8_lossy(&listing));
        let golden = captures().join(&name).join("report.txt");
        if std::env::var_os("MSNP_BLESS").is_some() {
            fs::write(&golden, &got).expect("writable");
        }
        if fs::read_to_string(&golden).unwrap_or_default() != got {
            wrong.push(name);
        }
    }
    assert_eq!(wrong, [""; 0], "differ from report.txt; look, then MSNP_BLESS=1");
}

#[test]
fn every_line_of_commands_has_the_keys_of_the_contract() {
    let keys = [
        "pdu",
        "frame",
        "time",
        "connection",
        "stream",
        "from",
        "server",
        "src",
        "dst",
        "verb",
        "trid",
        "answers",
        "delay",
        "args",
        "payload_len",
        "fields",
        "experts",
    ];
    for (name, capture) in samples() {
        let output = msnp(&["commands", "--json", shown(&capture)]);
        let records = lines(&output);
        let expected = if name == "non-msnp-web" { Some(1) } else { Some(0) };
        assert_eq!(output.status.code(), expected, "{name}");
        for (index, record) in records.iter().enumerate() {
            let object = record.as_object().expect("an object");
            // What a command travels through is said where it is not plain TCP.
            let tunnelled = name.contains("-gateway-") || name.ends_with("-proxies");
            let expected = keys.into_iter().chain(tunnelled.then_some("via")).collect();
            assert_eq!(object.keys().map(String::as_str).collect::<BTreeSet<_>>(), expected, "{name}");
            assert_eq!(record["pdu"], index as u64 + 1, "{name}: counted from 1, in order");
            assert!(["client", "server", "peer", "unknown"].contains(&record["from"].as_str().expect("text")));
            for values in record["fields"].as_object().expect("an object").values() {
                assert!(!values.as_array().expect("an array of values").is_empty());
            }
        }
    }
}

/// Neither its beginning, its middle, nor words that no verb is make a capture of the service's port one of MSNP.
#[test]
fn the_port_alone_makes_no_msnp() {
    let web = [r"PUT /a HTTP/1.1\r\nHost: example.com\r\n\r\n", r"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"];
    let words = [r"HEY a\r\nXYZ b\r\n", r"WHO\r\n"];
    for (name, opening, [ask, answer]) in
        [("web", "handshake", web), ("web-amid", "midstream", web), ("words", "handshake", words)]
    {
        let ends = format!(r#""client": "192.0.2.10:1042", "server": "198.51.100.20:1863", "opening": "{opening}""#);
        let transcript = [
            format!(r#"{{"scenario": {{"connections": {{"W": {{{ends}}}}}}}}}"#),
            format!(r#"{{"connection": "W", "dir": "C>S", "line": "{ask}", "split_at": [2]}}"#),
            format!(r#"{{"connection": "W", "dir": "S>C", "line": "{answer}"}}"#),
        ];
        let transcript = Transcript::parse(&format!("{}\n", transcript.join("\n"))).expect("a transcript");
        let capture = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pcap"));
        fs::write(&capture, scenario::build(&transcript).expect("a capture")).expect("writable");
        let output = msnp(&["commands", shown(&capture)]);
        assert_eq!(output.status.code(), Some(1), "{name}: {output:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("holds no MSNP. Its ") && said.contains("TCP port 1863"), "{name}: {said}");
        assert_eq!(output.stdout.is_empty(), name != "words", "{name}: {output:?}");
    }
}

#[test]
fn times_are_utc_with_the_capture_s_precision() {
    let first = |name| lines(&msnp(&["commands", "--json", shown(&sample(name))]))[0]["time"].clone();
    assert_eq!(first("msnp8-signin-chat"), "2004-02-11T18:30:04.228689Z");
    let nanoseconds = first("msnp9-chat-cut-in-packet");
    let fraction = nanoseconds.as_str().expect("text").split_once('.').expect("a fraction").1;
    assert_eq!(fraction.len(), "123456789Z".len(), "{fraction}");
}

/// Simple Packet Blocks of pcapng hold none, and none is made up.
#[test]
fn a_time_that_the_capture_does_not_record_is_null() {
    let transcript = [
        r#"{"scenario": {"file": {"container": "pcapng", "blocks": "simple"}, "connections": {"W": {}}}}"#,
        r#"{"connection": "W", "dir": "C>S", "line": "VER 1 MSNP8 CVR0\r\n"}"#,
        r#"{"connection": "W", "dir": "S>C", "line": "VER 1 MSNP8 CVR0\r\n"}"#,
    ];
    let transcript = Transcript::parse(&format!("{}\n", transcript.join("\n"))).expect("a transcript");
    let capture = Path::new(env!("CARGO_TARGET_TMPDIR")).join("timeless.pcapng");
    fs::write(&capture, scenario::build(&transcript).expect("a capture")).expect("writable");
    let records = lines(&msnp(&["commands", "--json", shown(&capture)]));
    assert_eq!(records.len(), 2);
    for record in &records {
        assert!(record["time"].is_null(), "{record}");
    }
    assert!(records[1]["answers"] == 1 && records[1]["delay"].is_null(), "{}", records[1]);
    assert!(lines(&msnp(&["summary", "--json", shown(&capture)]))[0]["start"].is_null());
    assert!(lines(&msnp(&["commands", "--json", "--filter", "frame.time_epoch >= 0", shown(&capture)])).is_empty());
    for (command, words) in [("commands", "  no time "), ("tree", ", no time recorded, ")] {
        let said = msnp(&[command, shown(&capture)]).stdout;
        let said = String::from_utf8_lossy(&said);
        assert!(said.contains(words) && !said.contains("00:00:00"), "{said}");
    }
}

#[test]
fn ipv6_addresses_stand_in_brackets() {
    let records = lines(&msnp(&["commands", "--json", shown(&sample("msnp9-chat-other-port-vlan-ipv6"))]));
    assert!(!records.is_empty());
    for record in records {
        for end in ["src", "dst"] {
            let address = record[end].as_str().expect("text");
            assert!(address.starts_with("[2001:db8:") && address.contains("]:"), "{address}");
        }
    }
}

#[test]
fn a_filter_takes_what_it_says_and_keeps_the_numbers() {
    let capture = sample("msnp8-signin-chat");
    let all = lines(&msnp(&["commands", "--json", shown(&capture)]));
    let expected = all.iter().filter(|record| record["verb"] == "MSG").cloned().collect::<Vec<_>>();
    assert!(expected.len() > 2 && expected.len() < all.len());
    let output = msnp(&["commands", "--json", shown(&capture), "--filter", "msnp.verb == \"MSG\""]);
    assert_eq!((output.status.code(), lines(&output)), (Some(0), expected));
    let trees = msnp(&["tree", "--json", shown(&capture), "--filter", "msnp.number in {2, 5}"]);
    assert_eq!(lines(&trees).iter().map(|record| record["pdu"].clone()).collect::<Vec<_>>(), [2, 5]);

    let none = msnp(&["commands", shown(&capture), "--filter", "msnp.verb == \"XYZ\""]);
    assert_eq!((none.status.code(), none.stdout.is_empty()), (Some(0), true));
    let word = String::from_utf8_lossy(&none.stderr).into_owned();
    assert!(word.contains(&format!("the filter holds for none of the {} commands", all.len())), "{word}");
}

#[test]
fn a_wrong_filter_is_pointed_at() {
    let output = msnp(&["commands", "-", "--filter", "alice and msnp.verbs == \"MSG\""]);
    let word = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(word.contains("“msnp.verbs” is not a field. Did you mean “msnp.verb”?"), "{word}");
    assert!(word.contains("\n    alice and msnp.verbs == \"MSG\"\n              ^^^^^^^^^^\n"), "{word}");
}

#[test]
fn long_bytes_are_hashed_unless_asked_for() {
    let capture = sample("msnp11-pictures-p2p");
    let data = |arguments: &[&str]| {
        let records = lines(&msnp(&[&["commands", "--json", shown(&capture)], arguments].concat()));
        let found = records.iter().find_map(|r| r["fields"].get("msnp.p2p.data").map(|v| v[0].clone()));
        found.expect("peer-to-peer data")
    };
    let hashed = data(&[]);
    let whole = data(&["--bytes"]);
    let whole = whole.as_str().expect("hexadecimal");
    assert_eq!(hashed["len"].as_u64(), Some(whole.len() as u64 / 2));
    assert_eq!(hashed["sha1"].as_str().expect("a hash").len(), 40);
}

#[test]
fn the_tree_covers_what_the_command_says() {
    let capture = sample("msnp8-signin-chat");
    let trees = lines(&msnp(&["tree", "--json", shown(&capture)]));
    let commands = lines(&msnp(&["commands", "--json", shown(&capture)]));
    assert_eq!(trees.len(), commands.len());
    for (tree, command) in trees.iter().zip(&commands) {
        assert_eq!((&tree["pdu"], &tree["frame"]), (&command["pdu"], &command["frame"]));
        let first = &tree["items"][0];
        assert_eq!((&first["field"], &first["value"]), (&Value::from("msnp.verb"), &command["verb"]));
    }
}

#[test]
fn summary_counts_what_commands_list() {
    for (name, capture) in samples() {
        let summary = &lines(&msnp(&["summary", "--json", shown(&capture)]))[0];
        let listed = lines(&msnp(&["commands", "--json", shown(&capture)])).len();
        let counted: u64 = summary["commands"].as_object().expect("verbs").values().filter_map(Value::as_u64).sum();
        assert_eq!(counted, listed as u64, "{name}");
    }
}

#[test]
fn standard_input_is_read_like_a_file() {
    let capture = sample("msnp8-chat-two-interfaces");
    let from_file = msnp(&["commands", "--json", shown(&capture)]).stdout;
    let mut child = Command::new(env!("CARGO_BIN_EXE_msnp"))
        .args(["commands", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("msnp runs");
    let bytes = fs::read(capture).expect("a capture");
    child.stdin.take().expect("a pipe").write_all(&bytes).expect("written");
    assert_eq!(child.wait_with_output().expect("an end").stdout, from_file);
}

#[test]
fn what_is_not_a_capture_is_named() {
    let folder = std::env::temp_dir().join(format!("msnp-contract-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let cases: [(&str, &[u8], &str); 3] = [
        ("picture.png", b"\x89PNG\r\n\x1a\n0000", "PNG"),
        ("page.html", b"<!DOCTYPE html><html></html>", "HTML"),
        ("empty", b"", "empty"),
    ];
    for (name, bytes, word) in cases {
        let path = folder.join(name);
        fs::write(&path, bytes).expect("written");
        let output = msnp(&["summary", shown(&path)]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(word), "{name}: {said}");
    }
    fs::remove_dir_all(&folder).expect("removed");
    assert_eq!(msnp(&["summary", "no/such/file"]).status.code(), Some(2));
    assert_eq!(msnp(&["explain"]).status.code(), Some(2));
}

#[test]
fn a_cut_capture_gives_all_up_to_the_cut_and_a_warning() {
    let output = msnp(&["commands", "--json", shown(&sample("msnp9-chat-cut-in-packet"))]);
    assert_eq!(output.status.code(), Some(0));
    assert!(!lines(&output).is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("in the middle of packet"));
}
