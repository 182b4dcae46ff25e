//! What was sent comes out again, as files that do no harm.

use std::fs;
use std::path::Path;

use msnp_tests::scenario::exchange::{Answer, Bytes, Change, Drawing, Transfer, Way, What};
use sha2::{Digest, Sha256};

use crate::support::{Folder, capture, files, hexadecimal, lines, manifest, msnp, named, transcript};

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
