//! Finding a text or bytes, and going to a place.

use super::*;
use crate::protocol::Moment;
use crate::protocol::find::{Found, Hit, Kind, Start, Target};
use crate::worker::go::Arrival;

const ALL: List = List { scope: Scope::All, form: Form::Ladder, filter: 0 };

/// Searches to the end; what that says, and the places from the beginning until it goes round.
fn found(session: &mut Session, kind: Kind, text: &str) -> (Found, Vec<Hit>) {
    assert!(session.find(1, ALL, kind, text));
    let (mut hits, mut start, mut found) = (Vec::<Hit>::new(), Start::default(), Found::default());
    session.wish(start);
    while let Some((so_far, hit)) = session.look() {
        found = so_far;
        match hit {
            Some(hit) if hits.first() == Some(&hit) => break,
            Some(hit) => {
                hits.push(hit);
                start = Start { pdu: Some(hit.pdu), known: Some(hit.range), back: false, place: 0 };
                session.wish(start);
            }
            None if found.complete() => break,
            None => {}
        }
    }
    (found, hits)
}

fn bytes(session: &Session, hit: &Hit) -> Vec<u8> {
    let detail = session.detail(hit.pdu).unwrap();
    detail.sources[usize::from(hit.range.source)].bytes[hit.range.start as usize..hit.range.end as usize].to_vec()
}

#[test]
fn each_place_of_a_text_is_found_in_order_and_the_search_goes_round() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let (found, hits) = found(&mut session, Kind::Text, "ALICE@");
    assert!(found.complete() && found.count as usize == hits.len() && hits.len() > 5, "{found:?} {}", hits.len());
    assert!(hits.iter().all(|hit| bytes(&session, hit).eq_ignore_ascii_case(b"alice@")));
    assert!(hits.iter().zip(0..).all(|(hit, nth)| hit.nth == nth), "counted from the beginning");
    assert!(hits.is_sorted_by_key(|hit| (hit.pdu, hit.range.start)));

    // Back from the first is the last; from a command without a known place, its own first place comes next.
    let first = hits[0];
    session.wish(Start { pdu: Some(first.pdu), known: Some(first.range), back: true, place: 0 });
    assert_eq!(session.look().unwrap().1, hits.last().copied());
    session.wish(Start { pdu: Some(first.pdu), known: None, back: false, place: 0 });
    assert_eq!(session.look().unwrap().1, Some(first));
}

#[test]
fn bytes_are_found_and_what_is_nowhere_is_told() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let (found_bytes, hits) = found(&mut session, Kind::Bytes, "0d 0a 0D 0A");
    assert!(found_bytes.count > 0 && hits.iter().all(|hit| bytes(&session, hit) == b"\r\n\r\n"));
    let (nothing, hits) = found(&mut session, Kind::Text, "nobody says this");
    assert_eq!((nothing.count, nothing.complete(), hits.len()), (0, true, 0));
    assert!(!session.find(2, ALL, Kind::Bytes, "4"), "half a byte");
    assert_eq!(session.look(), None);
}

#[test]
fn only_what_the_list_shows_is_searched() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let (all, _) = found(&mut session, Kind::Text, "alice@");
    session.filter(9, "msnp.verb == \"USR\"", 0);
    session.find(3, List { filter: 9, ..ALL }, Kind::Text, "alice@");
    let left = std::iter::from_fn(|| session.look()).find(|(found, _)| found.complete()).unwrap().0;
    assert!(left.count > 0 && left.count < all.count, "{left:?} of {all:?}");
}

#[test]
fn places_lead_to_commands_and_what_is_not_there_is_told_in_a_sentence() {
    let (session, _) = session("msnp8-signin-chat", 1 << 20);
    let clock = Clock::default();
    let go = |target| session.go(target, &clock);
    assert_eq!(go(Target::Command(3)), Ok(Arrival { pdu: 3, packet: None }));
    let last = session.commands();
    assert_eq!(go(Target::Command(9999)).unwrap_err(), format!("There is no command 9,999; the last is {last}."));
    assert_eq!(go(Target::Command(0)).unwrap_err(), "Commands are counted from 1.");

    let evidence = session.detail(5).unwrap().evidence;
    let found = go(Target::Packet(evidence.frame)).unwrap();
    assert_eq!((session.detail(found.pdu).unwrap().evidence.frame, found.packet), (evidence.frame, None));
    let itself = go(Target::Frame(evidence.frame)).unwrap();
    assert_eq!((itself.pdu, itself.packet.map(f64::from)), (found.pdu, Some(evidence.frame)));
    // The first packets open the connection.
    assert_eq!(go(Target::Packet(1.0)), Ok(Arrival { pdu: 0, packet: Some(1) }));
    assert!(go(Target::Packet(1e6)).unwrap_err().starts_with("There is no packet 1,000,000; the last is "));

    assert_eq!(
        go(Target::Time(evidence.time)).map(|found| session.detail(found.pdu).unwrap().evidence.time),
        Ok(evidence.time)
    );
    let late = Moment { seconds: evidence.time.seconds + 1_000_000, ..evidence.time };
    assert!(go(Target::Time(late)).unwrap_err().starts_with("There is no command at "));
    assert_eq!(Session::default().go(Target::Command(1), &clock).unwrap_err(), "There are no commands.");
}

#[test]
fn odd_commands_are_walked_through_in_their_order() {
    let (mut session, _) = session("msnp15-errors-and-oddities", 1 << 20);
    let (mut at, mut walked) = (None, Vec::new());
    while let Some(next) = session.odd(ALL, at, false) {
        walked.push(next);
        at = Some(next);
    }
    assert!(walked.len() > 3 && walked.is_sorted(), "{walked:?}");
    for expected in walked.iter().rev().skip(1) {
        at = session.odd(ALL, at, true);
        assert_eq!(at, Some(*expected));
    }
    assert_eq!(session.odd(ALL, at, true), None);
    let detail = session.detail(walked[0]).unwrap();
    assert!(!detail.experts.is_empty());
}
