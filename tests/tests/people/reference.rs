//! The reference's own dialogues, if the folder `shared` is at hand: what they say about people is checked in
//! beside this file. `MSNP_BLESS=1` writes it anew; review the change like code.

use std::fmt::Write as _;
use std::path::Path;

use crate::rehearsal::{contacts, presence, tale_of};
use msnp_tests::elsewhere;
use msnp_tests::scenario::Transcript;

#[test]
fn the_reference_s_dialogues_add_up() {
    let Some(file) = elsewhere::text("protocol/transcripts.jsonl") else { return };
    let mut got = String::new();
    for (session, transcript) in Transcript::parse_sessions(&file).expect("transcripts") {
        let tale = tale_of(&transcript);
        let _ = writeln!(got, "# {session}\nContacts:");
        contacts(&tale).iter().for_each(|line| writeln!(got, "  {line}").expect("a string"));
        let _ = writeln!(got, "Presence:");
        presence(&tale).iter().for_each(|line| writeln!(got, "  {line}").expect("a string"));
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/people/reference.txt");
    if std::env::var_os("MSNP_BLESS").is_some() {
        std::fs::write(&golden, &got).expect("writable");
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    assert!(got == expected, "{} differs; look, then MSNP_BLESS=1. Now it is:\n{got}", golden.display());
}
