//! `msnp transfers` and `msnp chunks`: what was sent comes out again, as files that do no harm; what they print of the
//! sample captures is as reviewed. `MSNP_BLESS=1` writes it anew.

// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use msnp_tests::cases;
use msnp_tests::scenario::exchange::{Answer, Bytes, Change, Direct, Drawing, Ending, Over, Transfer, Way, What};
use msnp_tests::scenario::options::{Compression, Connection};
use msnp_tests::scenario::{self, Exchange, Transcript};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("msnp-transfers-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn join(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn msnp(arguments: &[&str]) -> Output {
    msnp_from(arguments, Stdio::null())
}

fn msnp_from(arguments: &[&str], input: Stdio) -> Output {
    Command::new(env!("CARGO_BIN_EXE_msnp")).args(arguments).stdin(input).output().expect("msnp runs")
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
}

/// Two in a room, who send each other these; each has a connection of its own where the way wants one.
fn transcript(way: Way, direct: bool, transfers: Vec<Transfer>) -> Transcript {
    let mut transcript = Transcript::parse(concat!(
        r#"{"connection":"SB","dir":"C>S","line":"USR 1 alice@example.com 1146899289.77\r\n"}"#,
        "\n",
        r#"{"connection":"SB","dir":"S>C","line":"USR 1 OK alice@example.com Alice\r\n"}"#,
        "\n",
        r#"{"connection":"SB","dir":"S>C","after_ms":200,"line":"JOI bob@example.com Bob\r\n"}"#,
    ))
    .unwrap();
    let with_ways = transfers.into_iter().enumerate().map(|(number, transfer)| {
        let port = 6891 + u16::try_from(number).unwrap();
        let connection = format!("own {number}");
        let options = Connection {
            client: Some(([192, 0, 2, 10], 3000 + port).into()),
            server: Some(([192, 0, 2, 20], port).into()),
            ..Connection::default()
        };
        transcript.scenario.connections.insert(connection.clone(), options);
        let address = "192.0.2.20".to_owned();
        let own = Direct { connection, after: 0, hashed: true, over: Over::Tcp, chunk: None, address, port };
        Transfer { direct: direct.then_some(own), ..transfer }
    });
    let exchange = Exchange { way, transfers: with_ways.collect(), ..Exchange::default() };
    transcript.exchange(&exchange, None).unwrap();
    transcript
}

fn capture(folder: &Folder, transcript: &Transcript) -> String {
    let path = folder.join(&transcript.scenario.file_name());
    fs::write(&path, scenario::build(transcript).unwrap()).unwrap();
    path
}

/// The files of a folder by name; the list among them.
fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

/// The list: file, what it holds, number of the transfer.
fn manifest(files: &BTreeMap<String, Vec<u8>>) -> Vec<Value> {
    let text = std::str::from_utf8(&files["manifest.jsonl"]).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn files_come_out(name: &str, way: Way, direct: bool) {
    let folder = Folder::new(name);
    let sizes = [0, 1, 1201, 1202, 1203, 26_000, 3_000_000];
    let transfers = sizes.map(|size| Transfer {
        name: format!("{size}.bin"),
        data: Bytes::Random(size),
        group: 8,
        ..Transfer::default()
    });
    let transcript = transcript(way, direct, transfers.to_vec());
    let capture = capture(&folder, &transcript);
    let out = folder.join("out");
    let output = msnp(&["transfers", "--json", "--extract", &out, &capture]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let records = lines(&output);
    let (files, sent) = (files(&out), &transcript.sent);
    let listed = manifest(&files);
    assert_eq!(
        (records.len(), listed.len(), files.len()),
        (sent.len(), sent.len(), sent.len() + 1),
        "{:?}",
        files.keys()
    );
    for (at, sent) in sent.iter().enumerate() {
        let (record, entry) = (&records[at], &listed[at]);
        assert_eq!(entry["transfer"], *record);
        assert_eq!(entry["holds"], "object");
        let file = entry["file"].as_str().unwrap();
        assert!(file.ends_with(&sent.name), "{file}");
        assert!(files[file] == sent.data, "{file} is not what was sent");
        assert_eq!(record["state"], "complete");
        assert_eq!(record["sha256"].as_str().unwrap(), hexadecimal(&Sha256::digest(&sent.data)));
        assert_eq!(record["received"], sent.data.len());
        assert_eq!(record["chunks"], sent.arrivals.len());
        assert_eq!(record["unacknowledged"], 0, "{}", sent.name);
    }
}

#[test]
fn files_come_out_in_version_1() {
    files_come_out("one", Way::One, false);
}

#[test]
fn files_come_out_in_version_2() {
    files_come_out("two", Way::Two, false);
}

#[test]
fn files_come_out_of_direct_connections_in_version_1() {
    files_come_out("one-direct", Way::One, true);
}

#[test]
fn files_come_out_of_direct_connections_in_version_2() {
    files_come_out("two-direct", Way::Two, true);
}

#[test]
fn files_come_out_of_old_file_transfers() {
    files_come_out("old", Way::Old, true);
}

fn named(name: &str) -> Transfer {
    Transfer { name: name.to_owned(), data: Bytes::Text("MZ: run me".to_owned()), ..Transfer::default() }
}

#[test]
fn names_do_no_harm() {
    let folder = Folder::new("names");
    let hostile = [
        "../../x\u{202e}gpj.exe",
        "/etc/passwd",
        "C:\\autoexec.bat",
        ".bashrc",
        "..",
        "",
        "a\u{0}b.txt",
        "line\r\nfeed.txt",
        "-rf",
        "manifest.jsonl",
        "caf\u{e9} \u{1f600}.png",
        &"long".repeat(64),
        "CON",
        "desktop.ini.",
    ];
    let transcript = transcript(Way::One, false, hostile.iter().map(|name| named(name)).collect());
    let capture = capture(&folder, &transcript);
    let (inner, out) = (folder.join("deep/er"), folder.join("deep/er/out"));
    fs::create_dir_all(&inner).unwrap();
    let output = msnp(&["transfers", "--json", "--extract", &out, &capture]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let files = files(&out);
    assert_eq!(files.len(), hostile.len() + 1, "{:?}", files.keys());
    assert_eq!(fs::read_dir(&inner).unwrap().count(), 1);
    let names = folder.0.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name != "deep").collect::<Vec<_>>(), ["capture.pcap"]);
    for (number, entry) in manifest(&files).iter().enumerate() {
        let name = entry["file"].as_str().unwrap();
        assert!(name.starts_with(&format!("{:04}-file", number + 1)), "{name}");
        assert!(!name.contains(['/', '\\', '\u{202e}', '\0', '\r', '\n', ':']) && !name.contains(".."), "{name}");
        assert!(!name.ends_with(['.', ' ', '_']) && name.len() < 255, "{name}");
        assert_eq!(files[name], b"MZ: run me");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = Path::new(&out).join(name).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o111, 0, "{name} can be run");
        }
    }
}

#[test]
fn nothing_is_overwritten() {
    let folder = Folder::new("again");
    let capture_path = capture(&folder, &transcript(Way::One, false, vec![named("a.txt")]));
    let out = folder.join("out");
    assert_eq!(msnp(&["transfers", "--extract", &out, &capture_path]).status.code(), Some(0));
    let before = files(&out);
    let again = msnp(&["transfers", "--extract", &out, &capture_path]);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("cannot be written"));
    assert_eq!(files(&out), before);
    // Nor is another's file, where there is no list yet.
    fs::remove_file(Path::new(&out).join("manifest.jsonl")).unwrap();
    fs::write(Path::new(&out).join("0001-file-a.txt"), "mine").unwrap();
    assert_eq!(msnp(&["transfers", "--extract", &out, &capture_path]).status.code(), Some(2));
    assert_eq!(files(&out)["0001-file-a.txt"], b"mine");
}

#[test]
fn parts_and_previews_come_out_as_what_they_are() {
    let folder = Folder::new("parts");
    let transfers = vec![
        Transfer { changes: vec![Change::Lose(2)], data: Bytes::Random(4000), ..named("song.mp3") },
        Transfer { answer: Answer::Decline, preview: Some(Drawing::Smile), ..named("smile.png") },
        Transfer { answer: Answer::Silence, ..named("nobody.txt") },
        Transfer { what: What::Picture, data: Bytes::Drawn(Drawing::Sunset), ..named("TFR1.tmp") },
    ];
    let transcript = transcript(Way::One, false, transfers);
    let capture = capture(&folder, &transcript);
    let out = folder.join("out");
    assert_eq!(msnp(&["transfers", "--extract", &out, &capture]).status.code(), Some(0));
    let files = files(&out);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let want = ["0001-file-song.mp3.part", "0002-preview.png", "0004-display-picture-TFR1.tmp.png", "manifest.jsonl"];
    assert_eq!(names, want);
    let holds = manifest(&files).iter().map(|entry| entry["holds"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(holds, ["parts", "preview", "object"]);
    let mut parts = transcript.sent[0].data.clone();
    parts[1202..2404].fill(0);
    assert!(
        files[want[0]] == parts && files[want[1]] == Drawing::Smile.png() && files[want[2]] == Drawing::Sunset.png()
    );
}

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

/// What cannot be written does not keep the others from it.
#[test]
fn one_that_cannot_be_written_is_told_and_passed_over() {
    let folder = Folder::new("passed-over");
    let transfers = vec![
        Transfer { preview: Some(Drawing::Smile), ..named("a.txt") },
        named("b.txt"),
        Transfer { preview: Some(Drawing::Sunset), ..named("c.txt") },
    ];
    let capture = capture(&folder, &transcript(Way::One, false, transfers));
    let out = folder.join("out");
    fs::create_dir(&out).unwrap();
    let mine = ["0001-preview.png", "0002-file-b.txt"];
    for name in mine {
        fs::write(Path::new(&out).join(name), "mine").unwrap();
    }
    let output = msnp(&["transfers", "--json", "--extract", &out, &capture]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(lines(&output).len(), 3, "all are told of");
    let told = String::from_utf8(output.stderr).unwrap();
    let told = told.lines().collect::<Vec<_>>();
    assert_eq!(told.len(), mine.len(), "{told:?}");
    assert!(told.iter().zip(mine).all(|(told, name)| told.contains(name) && told.contains("cannot be written")));
    let files = files(&out);
    assert!(mine.iter().all(|name| files[*name] == b"mine"));
    assert_eq!((&*files["0001-file-a.txt"], &*files["0003-file-c.txt"]), (&b"MZ: run me"[..], &b"MZ: run me"[..]));
    assert!(files["0003-preview.png"] == Drawing::Sunset.png());
    let listed = manifest(&files).iter().map(|entry| entry["file"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(listed, ["0001-file-a.txt", "0003-preview.png", "0003-file-c.txt"]);
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
