//! The JSON is byte for byte what the command line prints, of every sample capture.
//!
//! The program is the one that cargo has built beside this test: `cargo test -p msnp-cli -p msnp-capi` does.

use std::ffi::CString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use msnp::*;
use sha2::{Digest as _, Sha256};

use crate::feeding::{DOCUMENTS as NUMBERS, samples};
use crate::handles::{made, session, string, written};

/// The command line program; nothing, after a visible word, if it is not there.
fn program() -> Option<PathBuf> {
    let test = std::env::current_exe().expect("a test is a program");
    let program = test.ancestors().nth(2)?.join(format!("msnp{}", std::env::consts::EXE_SUFFIX));
    if program.exists() {
        return Some(program);
    }
    assert!(std::env::var_os("MSNP_REQUIRE_TOOLS").is_none(), "{} is not there", program.display());
    let hint = "`cargo test -p msnp-cli -p msnp-capi` builds it";
    msnp_tests::elsewhere::skipped(format_args!("{} is not there; {hint}", program.display()));
    None
}

fn printed(program: &Path, capture: &Path, arguments: &[&str]) -> String {
    let mut msnp = Command::new(program);
    let output = msnp.args(arguments).arg("--json").arg(capture).stdin(Stdio::null()).output().expect("msnp runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn read(capture: &Path, key: Option<[u8; 32]>) -> Box<msnp_session> {
    let follow =
        MSNP_FOLLOW_PDUS | MSNP_FOLLOW_STORY | MSNP_FOLLOW_TRANSFERS | MSNP_FOLLOW_SUMMARY | MSNP_FOLLOW_FIELDS;
    let mut session = session(follow);
    let path = CString::new(capture.to_str().expect("a printable path")).expect("no NUL");
    if let Some(key) = key {
        // SAFETY: 32 bytes.
        assert_eq!(unsafe { msnp_session_redact(Some(&mut session), key.as_ptr()) }, msnp_status::Ok);
    }
    // SAFETY: a NUL ends it.
    assert_eq!(unsafe { msnp_session_file(Some(&mut session), path.as_ptr()) }, msnp_status::Ok);
    session
}

/// What `msnp commands` and `msnp tree` print, with `--bytes` too.
fn lines(session: &mut msnp_session, filter: Option<&msnp_filter>) -> [String; 3] {
    let kinds = [(MSNP_DOCUMENT_COMMANDS, 0), (MSNP_DOCUMENT_TREE, 0), (MSNP_DOCUMENT_TREE, MSNP_JSON_WHOLE_BYTES)];
    let mut out = [const { String::new() }; 3];
    while let Ok(pdu) = made(|out| msnp_session_pdu(Some(session), Some(out))) {
        let wanted = filter.is_none_or(|filter| {
            written(|out| msnp_filter_matches(Some(filter), Some(&pdu), Some(out))).expect("an answer")
        });
        for ((document, options), out) in kinds.into_iter().zip(&mut out).filter(|_| wanted) {
            out.push_str(&string(
                made(|json| msnp_pdu_json(Some(&pdu), document, options, Some(json))).expect("a line"),
            ));
        }
    }
    out
}

/// The commands that print the documents, in the order of their numbers.
const COMMANDS: [&str; NUMBERS.len()] =
    ["summary", "sessions", "contacts", "presence", "chats", "transfers", "chunks", "gaps", "fields"];

#[test]
fn every_document_is_what_the_command_line_prints() {
    let Some(program) = program() else { return };
    for capture in samples() {
        let mut session = read(&capture, None);
        for (command, document) in COMMANDS.into_iter().zip(NUMBERS) {
            let told =
                string(made(|out| msnp_session_json(Some(&mut session), document, Some(out))).expect("a document"));
            assert!(told == printed(&program, &capture, &[command]), "{command} of {}", capture.display());
        }
        let [commands, tree, bytes] = lines(&mut session, None);
        assert!(commands == printed(&program, &capture, &["commands"]), "commands of {}", capture.display());
        assert!(tree == printed(&program, &capture, &["tree"]), "tree of {}", capture.display());
        assert!(bytes == printed(&program, &capture, &["tree", "--bytes"]), "tree --bytes of {}", capture.display());
    }
}

#[test]
fn what_is_filtered_or_hidden_is_so_in_both() {
    let Some(program) = program() else { return };
    let samples = samples();
    let named = |name: &str| samples.iter().find(|path| path.to_string_lossy().contains(name)).expect("the sample");
    let capture = named("msnp8-signin-chat");
    // SAFETY: a NUL ends it.
    let filter = made(|out| unsafe { msnp_filter_new(c"msnp.verb == \"MSG\"".as_ptr(), Some(out), None) });
    let [chosen, ..] = lines(&mut read(capture, None), Some(&filter.expect("a filter")));
    assert!(
        !chosen.is_empty() && chosen == printed(&program, capture, &["commands", "--filter", "msnp.verb == \"MSG\""])
    );

    let hash = Sha256::digest(fs::read(capture).expect("readable")).into();
    let mut hidden = read(capture, Some(hash));
    for (command, document) in COMMANDS.into_iter().zip(NUMBERS) {
        let told = string(made(|out| msnp_session_json(Some(&mut hidden), document, Some(out))).expect("a document"));
        assert!(told == printed(&program, capture, &[command, "--redact"]), "{command} --redact");
    }
    let picture = named("msnp11-picture-p2p");
    let hash = Sha256::digest(fs::read(picture).expect("readable")).into();
    let mut hidden = read(picture, Some(hash));
    let told =
        made(|out| msnp_session_json(Some(&mut hidden), MSNP_DOCUMENT_TRANSFERS, Some(out))).expect("a document");
    assert!(string(told) == printed(&program, picture, &["transfers", "--redact"]));

    let mut session = read(capture, None);
    let time = msnp_time { seconds: 1_076_524_204, nanos: 0, digits: 9, known: true };
    let told = made(|out| msnp_session_contacts_json(Some(&mut session), Some(&time), Some(out))).expect("a document");
    assert_eq!(string(told), printed(&program, capture, &["contacts", "--at", "2004-02-11T18:30:04Z"]));
}
