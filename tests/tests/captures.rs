//! The committed captures are what the scenario builder makes of their transcripts, byte for byte.
//!
//! `MSNP_BLESS=1 cargo test -p msnp-tests --test captures` writes them anew; review the change like code.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on must fail")]

use msnp_tests::cases;
use msnp_tests::scenario::{self, Transcript};
use std::collections::BTreeSet;
use std::path::Path;

/// No single capture may be larger, in bytes.
const LARGEST: u64 = 200_000;
/// Nor all files of all cases together.
const LARGEST_SUM: u64 = 1_500_000;

fn name(case: &Path) -> String {
    case.file_name().unwrap().to_string_lossy().into_owned()
}

/// Where two captures begin to differ, for a person to look there.
fn difference(old: &[u8], new: &[u8]) -> String {
    let at = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    format!("{} bytes committed, {} bytes built, first difference at byte {at}", old.len(), new.len())
}

#[test]
fn every_capture_is_what_its_transcript_makes() {
    let bless = std::env::var_os("MSNP_BLESS").is_some();
    let mut faults = Vec::new();
    for case in cases::all().unwrap() {
        let transcript = Transcript::read(&case).unwrap_or_else(|fault| panic!("{}: {fault}", name(&case)));
        let built = scenario::build(&transcript).unwrap_or_else(|fault| panic!("{}: {fault}", name(&case)));
        let path = case.join(transcript.scenario.file_name());
        if bless {
            std::fs::write(&path, &built).unwrap();
        }
        match std::fs::read(&path) {
            Ok(committed) if committed == built => {}
            Ok(committed) => faults.push(format!("{}: {}", name(&case), difference(&committed, &built))),
            Err(error) => faults.push(format!("{}: {error}", path.display())),
        }
    }
    assert!(faults.is_empty(), "run with MSNP_BLESS=1 and review the change:\n{}", faults.join("\n"));
}

#[test]
fn every_case_is_complete_and_small() {
    let mut sum = 0;
    let cases = cases::all().unwrap();
    assert!(cases.len() >= 12, "only {} cases", cases.len());
    for case in cases {
        let about = std::fs::read_to_string(case.join("about.md")).unwrap_or_default();
        assert!(about.contains("scenario builder"), "{}: about.md must say where the capture is from", name(&case));
        let files: BTreeSet<_> = std::fs::read_dir(&case).unwrap().map(|entry| entry.unwrap().path()).collect();
        let captures = files.iter().filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("capture."));
        assert_eq!(captures.count(), 1, "{}: exactly one capture", name(&case));
        for file in files {
            let size = file.metadata().unwrap().len();
            assert!(size <= LARGEST, "{} has {size} bytes", file.display());
            sum += size;
        }
    }
    assert!(sum <= LARGEST_SUM, "all cases together have {sum} bytes");
}

/// Only invented people and the address ranges set aside for documentation.
#[test]
fn every_address_is_invented() {
    for case in cases::all().unwrap() {
        let transcript = Transcript::read(&case).unwrap();
        let options = transcript.scenario.connections.values();
        for address in options.flat_map(|connection| [connection.client, connection.server]).flatten() {
            let text = address.ip().to_string();
            let documented = ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"];
            assert!(documented.iter().any(|range| text.starts_with(range)), "{}: {text}", name(&case));
        }
    }
}
