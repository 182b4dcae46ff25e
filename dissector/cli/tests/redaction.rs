//! Nothing that a capture tells about people survives `--redact`, in any output and in any coding; and one capture always
//! gives the same pseudonyms.

// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use msnp_tests::elsewhere;
use serde_json::Value;

/// Values shorter than this, in characters, may stand in a sentence by chance.
const TELLING: usize = 5;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn captures_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(captures_below(&path));
        } else if path.to_string_lossy().contains(".pcap") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn msnp(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_msnp")).args(arguments).stdin(Stdio::null()).output().expect("runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Which fields tell what about people.
fn private_fields() -> BTreeMap<String, String> {
    let rows = msnp(&["fields", "--json"]);
    let rows = rows.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let private = rows.filter(|row| row["privacy"] != "public");
    private
        .map(|row| (row["field"].as_str().unwrap().to_owned(), row["privacy"].as_str().unwrap().to_owned()))
        .collect()
}

/// The private values of a capture that would be recognised: long enough, with letters or many digits, and nowhere part of
/// what is public (capabilities, names of programs, the service's own name).
fn private_values(capture: &str, private: &BTreeMap<String, String>) -> BTreeSet<String> {
    let (mut values, mut public) = (BTreeSet::new(), BTreeSet::new());
    // The addresses of packets stand before every command, redacted or not.
    for line in msnp(&["commands", "--json", capture]).lines() {
        let command = serde_json::from_str::<Value>(line).expect("JSON");
        public.extend(["src", "dst"].map(|end| command[end].as_str().unwrap().to_owned()));
    }
    for line in msnp(&["tree", "--json", capture]).lines() {
        let tree = serde_json::from_str::<Value>(line).expect("JSON");
        for item in tree["items"].as_array().unwrap() {
            let Some(value) = item["value"].as_str() else { continue };
            let Some(class) = private.get(item["field"].as_str().unwrap()) else {
                public.insert(value.to_owned());
                continue;
            };
            // Of a start line only the target is somebody's; the rest are words of the protocol.
            let value = match item["field"].as_str() {
                Some("msnp.slp.start") => match value.split([' ', ':']).find(|word| word.contains('@')) {
                    Some(target) => target,
                    None => continue,
                },
                _ => value,
            };
            values.insert(value.to_owned());
            if class == "account" {
                // A name and its domain are one's own each.
                values.extend(value.split(['@', ';', ':', '=']).map(str::to_owned));
            }
        }
    }
    let recognised = |value: &String| {
        let letters = value.chars().filter(|c| c.is_alphabetic()).count();
        let digits = value.chars().filter(char::is_ascii_digit).count();
        // An object without attributes describes nobody, nor does a mailbox in which nothing waits.
        let nobody = value == "<msnobj/>" || value.starts_with("<MD>") && !value.contains("<M>");
        // Nor does the first line of an answer, or what stands before the account in that of a request.
        let nobody = nobody || value.starts_with("MSNSLP/") || value.ends_with(" MSNMSGR");
        !nobody
            && value.chars().count() >= TELLING
            && (letters >= TELLING || digits >= 8)
            && !value.starts_with(['0', 'x', 'X'])
    };
    values.retain(|value| recognised(value) && !public.iter().any(|public| public.contains(value.as_str())));
    values
}

/// The same value as senders may write it.
fn codings(value: &str) -> Vec<String> {
    let percent = |lower: bool| {
        value.bytes().fold(String::new(), |mut out, byte| {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
                _ if lower => write!(out, "%{byte:02x}").unwrap(),
                _ => write!(out, "%{byte:02X}").unwrap(),
            }
            out
        })
    };
    // The last digit of a base64 text may depend on what follows; those before it do not.
    let base64 = |bytes: &[u8]| {
        let mut digits = STANDARD_NO_PAD.encode(bytes);
        if !bytes.len().is_multiple_of(3) {
            digits.pop();
        }
        digits
    };
    let utf16 = value.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let hexadecimal = value.bytes().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").unwrap();
        out
    });
    vec![value.to_owned(), percent(false), percent(true), base64(value.as_bytes()), base64(&utf16), hexadecimal]
}

const OUTPUTS: &[&[&str]] = &[
    &["commands", "--json", "--bytes"],
    &["commands"],
    &["tree", "--json", "--bytes"],
    &["tree"],
    &["summary"],
    &["summary", "--json"],
    &["fields"],
    &["sessions"],
    &["sessions", "--json"],
    &["contacts"],
    &["contacts", "--json"],
    &["presence"],
    &["presence", "--json"],
    &["chats"],
    &["chats", "--json"],
    &["gaps"],
    &["gaps", "--json"],
    &["transfers"],
    &["transfers", "--json"],
    &["chunks"],
    &["chunks", "--json"],
];

#[test]
fn nothing_private_is_left_in_any_output() {
    let private = private_fields();
    assert!(private.len() > 20, "{private:?}");
    let mut captures = captures_below(&root().join("tests/captures"));
    let real = captures_below(&elsewhere::folder().join("captures"));
    if real.is_empty() {
        elsewhere::skipped("real captures are not at hand; only our own are read");
    }
    captures.extend(real);
    // Words of the field reference and of JSON are nobody's.
    let reference = msnp(&["fields"]);
    let (mut looked_for, mut leaks) = (0, Vec::new());
    for capture in captures {
        let name = capture.to_str().unwrap();
        let mut values = private_values(name, &private);
        values.retain(|value| !reference.contains(value.as_str()) && !matches!(value.as_str(), "true" | "false"));
        looked_for += values.len();
        for output in OUTPUTS {
            let mut arguments = output.to_vec();
            arguments.extend(["--redact", name]);
            let redacted = msnp(&arguments);
            for value in &values {
                let leak =
                    codings(value).into_iter().find(|coding| coding.len() >= TELLING && redacted.contains(coding));
                if let Some(coding) = leak {
                    leaks.push(format!("{name}: {}: “{value}” as “{coding}”", output.join(" ")));
                }
            }
        }
    }
    assert!(looked_for > 200, "only {looked_for} values were looked for");
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

#[test]
fn a_redacted_capture_tells_the_same_story_of_others() {
    let capture = root().join("tests/captures/msnp8-signin-chat/capture.pcap");
    let name = capture.to_str().unwrap();
    let shape = |arguments: &[&str]| {
        let lines = msnp(arguments);
        let rows = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let place = |item: &Value| [&item["field"], &item["start"], &item["end"], &item["depth"]].map(Value::to_string);
        rows.flat_map(|tree| tree["items"].as_array().unwrap().iter().map(place).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    assert_eq!(shape(&["tree", "--json", name]), shape(&["tree", "--json", "--redact", name]));

    let redacted = msnp(&["commands", "--json", "--redact", name]);
    assert_eq!(redacted, msnp(&["commands", "--json", "--redact", name]));
    let stdin = Command::new(env!("CARGO_BIN_EXE_msnp"))
        .args(["commands", "--json", "--redact", "-"])
        .stdin(File::open(&capture).unwrap())
        .output()
        .unwrap();
    assert_eq!(redacted, String::from_utf8(stdin.stdout).unwrap());
}

/// Who reads a redacted capture finds in it what is odd about the capture, and nothing else.
#[test]
fn redaction_adds_no_findings_and_takes_none_away() {
    let mut compared = 0;
    let all = [root().join("tests/captures"), elsewhere::folder().join("captures")];
    for capture in all.iter().flat_map(|folder| captures_below(folder)) {
        let capture = capture.to_str().expect("a printable path");
        let findings = |arguments: &[&str]| {
            let mut all = BTreeMap::<String, usize>::new();
            for line in msnp(&[arguments, &[capture]].concat()).lines() {
                let command = serde_json::from_str::<Value>(line).expect("JSON");
                // Bytes that are no text are hidden, and nobody can see any more that they were none.
                let experts = command["experts"].as_array().unwrap().iter();
                let hidden = |expert: &&Value| {
                    ["msnp.expert.bad-utf8", "msnp.expert.bad-text"].iter().any(|id| expert["id"] == *id)
                };
                for expert in experts.filter(|expert| !hidden(expert)) {
                    *all.entry(expert["id"].to_string()).or_default() += 1;
                }
            }
            all
        };
        let before = findings(&["commands", "--json"]);
        assert_eq!(findings(&["commands", "--json", "--redact"]), before, "{capture}");
        compared += before.values().sum::<usize>();
    }
    assert!(compared > 10, "{compared} findings");
}
