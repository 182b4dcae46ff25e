//! What holds of the people in any story, whatever becomes of the capture.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::rehearsal::{tale_of, tale_of_capture, transcript};
use msnp_dissector::analysis::Analysis;
use msnp_dissector::capture::Timestamp;
use msnp_dissector::model::{Aspect, Availability, Story, Tale};
use msnp_tests::{cases, scenario};
use proptest::prelude::*;
use serde_json::json;

/// Every sample capture, uncompressed or not.
fn samples() -> Vec<Vec<u8>> {
    let cases = cases::all().expect("cases");
    cases
        .iter()
        .map(|case| scenario::build(&scenario::Transcript::read(case).expect("a case")).expect("a capture"))
        .collect()
}

fn check(tale: &Tale) {
    let mut statuses: BTreeMap<_, (Option<Timestamp>, String)> = BTreeMap::new();
    let mut last = None;
    for event in &tale.presence {
        assert!(last <= Some(event.evidence.time), "events stand in order of time");
        last = Some(event.evidence.time);
        assert!(event.until.is_none_or(|until| until.time >= event.evidence.time), "{event:?} ends before it begins");
        if let Aspect::Status(status) = &event.what {
            let nameless = event.account.is_none().then_some(event.evidence.stream);
            let key = (event.account.clone(), nameless, event.contact.clone());
            let now = (event.until.map(|until| until.time), status.code());
            if let Some((until, before)) = statuses.insert(key, now) {
                assert_eq!(until, Some(event.evidence.time), "one status ends where the next begins");
                assert!(
                    before != status.code() || *status == Availability::Elsewhere,
                    "a repeat is no event: {event:?}"
                );
            }
        }
    }
    for roster in &tale.rosters {
        let now = roster.now();
        let mut times = BTreeSet::new();
        for contact in now.contacts() {
            assert_eq!(contact.lists.names().len(), contact.lists.each().count());
            assert!(contact.changes.windows(2).all(|pair| pair[0].evidence.time <= pair[1].evidence.time));
            times.extend(contact.changes.iter().map(|change| change.evidence.time));
        }
        // The list at some time has seen the changes up to then, and no other.
        for time in times.into_iter().take(8) {
            let then = roster.at(time);
            for contact in now.contacts() {
                let until_then =
                    contact.changes.iter().filter(|change| change.evidence.time <= time).collect::<Vec<_>>();
                let seen = then.contact(&contact.contact).map(|contact| contact.changes.iter().collect::<Vec<_>>());
                // Until an account is known a contact goes by its identifier.
                assert!(seen.is_none_or(|seen| seen == until_then), "{} at {time:?}", contact.contact);
            }
        }
    }
}

#[test]
fn samples_keep_the_laws() {
    for capture in samples() {
        check(&tale_of_capture(&capture));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damaged_captures_keep_the_laws(
        mut capture in prop::sample::select(samples()),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
    ) {
        for (at, byte) in damage {
            *at.get_mut(&mut capture) = byte;
        }
        let (mut analysis, mut story) = (Analysis::new(), Story::new());
        if analysis.push(&capture, &mut story).is_ok() && analysis.finish(&mut story).is_ok() {
            check(&story.tell());
        }
    }
}

/// Twice as much to tell takes about twice as long, also where contacts, groups and holes meet.
#[test]
fn a_crowd_costs_no_more_than_its_size() {
    let crowd = |people: usize| {
        let mut dialogue = format!(
            "C VER 1 MSNP9 CVR0\nS VER 1 MSNP9\nC USR 4 TWN I a@example.com\nS USR 4 OK a@example.com A 1 0\nS SYN 5 14 {people} 1\n"
        );
        for n in 0..people {
            dialogue += &format!(
                "S LSG {n} Group{n} 0\nS LST p{n}@example.com P{n} 3 0,{n}\nS NLN NLN p{n}@example.com P{n} 0\nS RMG {} 15 {n}\n",
                n + 9
            );
        }
        let transcript = transcript(&json!({}), &dialogue);
        let started = Instant::now();
        let tale = tale_of(&transcript);
        (started.elapsed(), tale.presence.len())
    };
    let _ = crowd(100);
    let ((small, few), (large, many)) = (crowd(1000), crowd(4000));
    assert!(many > 3 * few);
    assert!(large < small * 12 + Duration::from_millis(200), "{few} events: {small:?}, {many} events: {large:?}");
}
