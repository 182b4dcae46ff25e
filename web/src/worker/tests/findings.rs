//! Findings: what experts say of commands, what is missing, and what is odd about transfers.

use std::rc::Rc;

use msnp_dissector::redaction::{Key, Redactor};

use super::*;
use crate::protocol::{Finding, Severity};

fn findings(session: &mut Session) -> Vec<Finding> {
    let window = session.window(List { scope: Scope::All, form: Form::Findings, filter: 0 }, 0, 1000);
    let finding = |row: &Rc<crate::protocol::Row>| match &row.body {
        Body::Finding(finding) => (**finding).clone(),
        other => panic!("{other:?}"),
    };
    window.rows.iter().map(finding).collect()
}

#[test]
fn they_stand_worst_first_and_name_their_bytes() {
    let (mut session, _) = session("msnp15-errors-and-oddities", 1 << 20);
    let found = findings(&mut session);
    assert!(found.len() > 5 && found.is_sorted_by(|a, b| a.severity >= b.severity), "{found:?}");
    assert!(found.iter().all(|one| one.start < one.end && one.frame >= 1.0), "{found:?}");
}

/// A picture with two holes; some of it came twice, once with other bytes.
#[test]
fn holes_of_a_transfer_are_found_at_once_and_copies_that_differ_when_they_have_been_compared() {
    let (mut session, _) = session("msnp9-file-p2p-lossy", 1 << 20);
    let about = |session: &mut Session, words: &str| {
        findings(session).into_iter().filter(|one| one.text.contains(words)).collect::<Vec<_>>()
    };
    let [hole] = &about(&mut session, "bytes are missing (3606")[..] else { panic!("told once") };
    assert_eq!((hole.severity, hole.exact), (Severity::Warn, true));
    assert!(session.detail(hole.pdu).is_some_and(|detail| detail.sources.len() > usize::from(hole.source)));
    assert_eq!(about(&mut session, "with other bytes").len(), 0);
    let (before, mut odd) = (session.overview().expert_count, false);
    while session.unverified() {
        odd |= session.verify(100).1;
    }
    let [differs] = &about(&mut session, "with other bytes")[..] else { panic!("told once") };
    assert!(odd && differs.severity == Severity::Warn && differs.exact, "{differs:?}");
    let overview = session.overview();
    assert!(overview.expert_count > before);
    let kinds = overview.experts.iter().map(|kind| kind.id.as_str()).collect::<Vec<_>>();
    assert!(overview.experts.iter().all(|kind| !kind.id.contains("transfer") || !kind.text.contains('@')));
    assert!(kinds.contains(&"missing.transfer") && kinds.contains(&"transfer.note.conflicts"), "{kinds:?}");
    assert_eq!(overview.experts.iter().map(|kind| kind.count).sum::<u32>(), overview.expert_count);
}

/// A finding that leads to the command which shows it stands beside that command too, in the same words.
#[test]
fn they_stand_beside_the_command_that_shows_them() {
    let mut remarks = 0;
    for name in
        ["msnp9-file-p2p-lossy", "msnp15-errors-and-oddities", "msnp11-chat-lost-segment", "msnp11-signed-in-elsewhere"]
    {
        let (mut session, _) = session(name, 1 << 20);
        while session.unverified() {
            session.verify(1 << 20);
        }
        let found = findings(&mut session);
        for one in found.iter().filter(|one| one.exact) {
            let detail = session.detail(one.pdu).unwrap();
            let words = one.text.trim_end_matches('.');
            let is_it = |expert: &&crate::protocol::ExpertView| {
                expert.text == words && (expert.severity, expert.range.source) == (one.severity, one.source)
            };
            let beside = detail.experts.iter().find(is_it);
            let beside = beside.unwrap_or_else(|| panic!("{name}: {one:?} is not among {:?}", detail.experts));
            remarks += usize::from(beside.group == "missing" || beside.group == "transfer");
        }
        let beside = (1..=session.commands()).map(|pdu| session.detail(pdu).unwrap().experts.len()).sum::<usize>();
        assert_eq!(beside, found.iter().filter(|one| one.exact).count(), "{name}");
    }
    assert!(remarks > 3, "{remarks}");
}

/// What is missing has a command nearby where none shows it. Of a hole the command behind it tells.
#[test]
fn the_ledger_is_among_them() {
    for name in ["msnp11-chat-lost-segment", "msnp12-gateway-midstream-lost", "msnp9-chat-cut-in-packet"] {
        let (mut session, _) = session(name, 1 << 20);
        let ledger = session.story().unwrap();
        let found = findings(&mut session);
        assert!(!ledger.missing.is_empty(), "{name}");
        for missing in &ledger.missing {
            let words = missing.text.split(" (chat").next().unwrap().trim_end_matches('.');
            let told = found.iter().find(|one| one.text.trim_end_matches('.') == words);
            if missing.gap && told.is_none() {
                let hole = |one: &Finding| one.frame == missing.proof.frame && one.text.contains("before this command");
                assert!(found.iter().any(hole), "{name}: {words:?} is not among {found:?}");
                continue;
            }
            let one = told.unwrap_or_else(|| panic!("{name}: {words:?} is not among {found:?}"));
            assert_eq!((one.exact, one.frame), (missing.proof.pdu == Some(one.pdu), missing.proof.frame), "{name}");
            assert!(session.detail(one.pdu).is_some(), "{name}");
        }
    }
    let (session, _) = session("msnp9-chat-cut-in-packet", 1 << 20);
    assert!(session.overview().experts.iter().any(|kind| kind.id == "missing.cut"));
}

#[test]
fn what_a_stopped_reading_lacks_is_no_lack_of_the_capture() {
    let file = capture("msnp9-file-p2p-lossy");
    let mut session = Session::default();
    session.feed(&file[..file.len() / 2]).unwrap();
    session.stop();
    while !session.check(10) {}
    let found = findings(&mut session);
    assert!(found.iter().all(|one| !one.text.contains("not complete") && !one.text.contains("lake.png")), "{found:?}");
}

#[test]
fn hashes_of_pseudonyms_are_told_nowhere() {
    let mut session = Session::default().redacted(Redactor::new(Key::of_capture(&[7; 32])));
    session.feed(&capture("msnp11-picture-p2p")).unwrap();
    session.finish();
    while !session.check(10) {}
    while session.unverified() {
        session.verify(1 << 20);
    }
    let all = session.transfers().unwrap().all;
    let verdicts = all.iter().map(|one| one.verdict.clone().unwrap_or_default()).collect::<Vec<_>>();
    assert!(verdicts.iter().all(|one| one.sha1.is_none() && one.announced.is_none() && !one.misnamed), "{verdicts:?}");
    assert!(findings(&mut session).iter().all(|one| !one.text.contains("SHA-1")));
}

#[test]
fn a_whole_capture_has_none() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    while session.unverified() {
        assert!(!session.verify(1 << 20).1);
    }
    assert_eq!(findings(&mut session).iter().filter(|one| one.severity > Severity::Note).count(), 0);
}
