//! What is left when part of it was not captured: connections without the room that agreed on them, beginnings that are
//! missing, segments that were lost.

use msnp_dissector::transfer::{State, What as Done};
use msnp_tests::scenario::exchange::{Bytes, Event, Transfer};
use msnp_tests::scenario::options::{Damage, Opening, Target};
use msnp_tests::scenario::{Direction, Transcript};

use crate::follow::{File, Followed, follow};
use crate::{Road, transcript};

fn sent(road: Road, size: usize) -> Transcript {
    transcript(&road.exchange(Transfer { data: Bytes::Random(size), ..Transfer::default() }))
}

/// All bytes that are told are those that were sent, each in its place.
fn assert_nothing_is_invented(followed: &Followed, sent: &[u8], what: &str) -> u64 {
    let mut told = 0;
    for transfer in &followed.transfers {
        transfer.read(&mut File(&followed.file), &mut |offset, bytes| {
            let start = usize::try_from(offset).unwrap();
            assert!(sent.get(start..start + bytes.len()) == Some(bytes), "{what}: bytes at {offset}");
            told += bytes.len() as u64;
        });
    }
    told
}

/// A connection of their own is known by its first bytes, on any port, and its data are a transfer also without the room.
#[test]
fn a_connection_of_their_own_is_enough() {
    for road in [Road::OneDirect, Road::TwoDirect, Road::Old] {
        for port in [6891, 80, 49_152] {
            let mut transcript = sent(road, 9000);
            transcript.lines.retain(|line| line.connection == "DC");
            let options = transcript.scenario.connections.get_mut("DC").unwrap();
            options.server.as_mut().unwrap().set_port(port);
            let followed = follow(&transcript);
            assert_eq!(followed.transfers.len(), 1, "{road:?} on {port}");
            assert!(followed.object(0) == transcript.sent[0].data, "{road:?} on {port}");
            let transfer = &followed.transfers[0];
            assert_eq!((transfer.state, transfer.size()), (State::Complete, Some(9000)), "{road:?}");
            assert!(transfer.steps.iter().all(|step| step.what != Done::Connected));
        }
    }
}

/// The capture begins in the middle of a direct connection: what is left of it is told, and what is missing.
#[test]
fn a_direct_connection_may_be_caught_in_the_middle() {
    for road in [Road::OneDirect, Road::TwoDirect] {
        let mut transcript = sent(road, 12_000);
        let first = transcript.sent[0].arrivals[3].line;
        transcript.lines.retain(|line| line.connection == "DC" && line.number >= first);
        transcript.scenario.connections.get_mut("DC").unwrap().opening = Opening::Midstream;
        let followed = follow(&transcript);
        assert_eq!(followed.transfers.len(), 1, "{road:?}");
        let transfer = &followed.transfers[0];
        assert_eq!(transfer.state, State::Incomplete);
        let told = assert_nothing_is_invented(&followed, &transcript.sent[0].data, "middle");
        match road {
            Road::OneDirect => assert_eq!(transfer.gaps(), [(0, 3 * 1352)]),
            // Without its beginning nobody knows how long it is, nor where its chunks belong.
            _ => assert_eq!((told, transfer.unplaced as usize), (0, transcript.sent[0].arrivals.len() - 3)),
        }
    }
}

/// The invitation was not captured, or the answer: version 1 tells all the same.
#[test]
fn the_dialogue_may_be_missing() {
    let mut transcript = sent(Road::One, 9000);
    let first = transcript.sent[0].arrivals[0].line;
    transcript.lines.retain(|line| line.number >= first || line.number <= 5);
    let followed = follow(&transcript);
    assert_eq!(followed.transfers.len(), 1);
    assert!(followed.object(0) == transcript.sent[0].data);
    let transfer = &followed.transfers[0];
    assert_eq!(
        (transfer.from.as_deref(), transfer.to.as_deref()),
        (Some("bob@example.com"), Some("alice@example.com"))
    );
}

/// The capture begins in the middle of a direct connection, in the middle of a packet.
#[test]
fn the_beginning_of_a_direct_connection_may_be_missing() {
    for road in [Road::OneDirect, Road::TwoDirect] {
        let mut transcript = sent(road, 12_000);
        transcript.lines.retain(|line| line.connection == "DC");
        transcript.scenario.connections.get_mut("DC").unwrap().opening = Opening::Midstream;
        transcript.scenario.damage = [(Direction::ToServer, vec![1, 2, 3, 4]), (Direction::ToClient, vec![1])]
            .map(|(dir, segments)| Target { connection: "DC".to_owned(), dir, lines: Vec::new(), segments })
            .map(|at| Damage::Lose { at })
            .to_vec();
        let followed = follow(&transcript);
        let what = format!("{road:?} from the middle on");
        let told = assert_nothing_is_invented(&followed, &transcript.sent[0].data, &what);
        // In version 2 only the first packet tells how much there is: what comes after has no place.
        match road {
            Road::OneDirect => assert!(told > 4000, "{what}: {told} bytes told"),
            _ => assert!(followed.transfers[0].unplaced > 3, "{what}"),
        }
    }
}

/// Whatever segment is lost on the way to the file: the rest stays what it was, and nothing takes its place.
#[test]
fn a_lost_segment_leaves_a_gap_and_no_lies() {
    for road in [Road::One, Road::Two, Road::OneDirect, Road::TwoDirect, Road::Old] {
        let connection = if matches!(road, Road::One | Road::Two) { "SB" } else { "DC" };
        // The friend sends, and connects where version 1 or 2 have a connection of their own.
        let dir =
            if matches!(road, Road::OneDirect | Road::TwoDirect) { Direction::ToServer } else { Direction::ToClient };
        let clean = sent(road, 12_000);
        // The second of an old file transfer says how long it is: without it nothing is known.
        for segment in if road == Road::Old { 3..20 } else { 2..20 } {
            let mut transcript = clean.clone();
            let at = Target { connection: connection.to_owned(), dir, lines: Vec::new(), segments: vec![segment] };
            transcript.scenario.damage = vec![Damage::Lose { at }];
            if msnp_tests::scenario::build(&transcript).is_err() {
                // There are no more.
                assert!(segment > 8, "{road:?} has only {segment} segments");
                break;
            }
            let followed = follow(&transcript);
            let what = format!("{road:?} without segment {segment}");
            let told = assert_nothing_is_invented(&followed, &clean.sent[0].data, &what);
            let complete = followed.transfers.iter().any(|transfer| transfer.state == State::Complete);
            assert_eq!(complete, told == 12_000, "{what}");
            assert_eq!(followed.transfers.len(), 1, "{what}");
            // A segment has parts of two packets or blocks, perhaps the head that says what one is, and behind it a block
            // must be seen whole to be believed.
            let lost = if road == Road::Old { 3 * 2045 } else { 3 * 1460 };
            assert!(told + lost >= 12_000, "{what}: {told} bytes told");
        }
    }
}

/// Blocks have no places of their own: what comes behind a hole has one when the hole is of whole blocks, and is counted
/// when it is not.
#[test]
fn blocks_behind_a_hole_that_is_not_of_whole_blocks_have_no_place() {
    for (odd, placed) in [(2045, true), (700, false)] {
        let sizes = [2045, 2045, 2045, odd, 2045, 2045, 2045, 2045];
        let offset = |block: usize| sizes[..block].iter().sum::<usize>() as u64;
        let script = sizes.iter().enumerate().map(|(block, size)| Event::Chunk(crate::chunk(offset(block), *size)));
        let size = sizes.iter().sum();
        let script = Some(script.collect::<Vec<_>>());
        let mut transcript =
            transcript(&Road::Old.exchange(Transfer { data: Bytes::Random(size), script, ..Transfer::default() }));
        // From the third block to the fifth: the odd one is gone with its head.
        let lines = transcript.sent[0].arrivals[2..5].iter().map(|arrival| arrival.line).collect();
        let at = Target { connection: "DC".to_owned(), dir: Direction::ToClient, lines, segments: Vec::new() };
        transcript.scenario.damage = vec![Damage::Lose { at }];
        let followed = follow(&transcript);
        let told = assert_nothing_is_invented(&followed, &transcript.sent[0].data, "blocks");
        let transfer = &followed.transfers[0];
        assert_eq!((told > 3 * 2045, transfer.unplaced > 0), (placed, !placed), "{told} {}", transfer.unplaced);
    }
}

/// More comes than was to come: it is kept, and told.
#[test]
fn blocks_behind_the_end_are_told() {
    let transfer = Transfer { data: Bytes::Random(5000), claims: Some(4500), ..Transfer::default() };
    let followed = follow(&transcript(&Road::Old.exchange(transfer)));
    let notes = followed.transfers[0].notes(&followed.verdicts[0]);
    assert!(notes.iter().any(|note| format!("{note:?}").contains("500")), "{notes:?}");
    assert_eq!(followed.transfers[0].map.furthest(), 5000);
}
