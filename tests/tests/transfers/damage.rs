//! Chunks that do not come, come late, come twice, or come with other bytes; programs that count wrongly.

use msnp_dissector::transfer::{Bytes as Source, Keeping, State, Unread, What as Done};
use msnp_dissector::tree::Catalogue;
use msnp_tests::scenario::exchange::{Bytes, Change, Chunk, Direct, Drawing, Ending, Event, Side, Transfer, What};
use sha1::{Digest, Sha1};

use crate::follow::{Followed, follow, follow_keeping};
use crate::model::assert_as_sent;
use crate::{Road, transcript};

const PLACED: [Road; 5] = [Road::One, Road::Two, Road::OneDirect, Road::TwoDirect, Road::TwoUdp];

fn damaged(road: Road, changes: Vec<Change>) -> (Followed, Vec<u8>) {
    let transfer = Transfer { from: Side::Me, data: Bytes::Random(12_000), changes, ..Transfer::default() };
    let transcript = transcript(&road.exchange(transfer));
    let followed = follow(&transcript);
    assert_as_sent(&followed, &transcript);
    (followed, transcript.sent[0].data.clone())
}

#[test]
fn what_is_lost_is_told() {
    for road in PLACED {
        let (followed, sent) = damaged(road, vec![Change::Lose(2), Change::Lose(5)]);
        let (transfer, verdict) = (&followed.transfers[0], &followed.verdicts[0]);
        assert_eq!((transfer.state, transfer.gaps().len(), verdict.sha1), (State::Incomplete, 2, None), "{road:?}");
        let mut holes = sent.clone();
        for (from, to) in transfer.gaps() {
            holes[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()].fill(0);
        }
        assert!(followed.object(0) == holes, "{road:?}");
    }
}

/// A file that is gone.
struct Gone;

impl Source for Gone {}

/// A ceiling that was met and a file that cannot be read again are told apart.
#[test]
fn why_bytes_are_not_at_hand_is_told() {
    let transfer = Transfer { from: Side::Me, data: Bytes::Random(12_000), ..Transfer::default() };
    let transcript = transcript(&Road::One.exchange(transfer));
    let (in_file, let_go) = (
        follow(&transcript).transfers,
        follow_keeping(&transcript, Keeping::Memory { object: 5000, total: 1 << 20 }).transfers,
    );
    let told = [in_file, let_go].map(|mut transfers| {
        let verdict = transfers[0].check(&mut Gone);
        let notes = transfers[0].notes(&verdict);
        (verdict.unread, notes.iter().map(|note| Catalogue::english().render(&note.text)).collect::<Vec<_>>())
    });
    let refused = "its bytes could not be read a second time, so its hash is not known".to_owned();
    let passed = "its bytes were too many to be kept; they were hashed as they passed".to_owned();
    assert_eq!(told, [(Some(Unread::Refused), vec![refused]), (Some(Unread::LetGo), vec![passed])]);
}

#[test]
fn the_first_and_the_last_chunk_may_be_lost() {
    for road in PLACED {
        let (followed, sent) = damaged(road, vec![Change::Lose(1)]);
        assert_eq!(followed.transfers[0].gaps()[0].0, 0);
        let last = sent.len().div_ceil(followed.transfers[0].map.chunks[0].length as usize);
        let (followed, _) = damaged(road, vec![Change::Lose(last)]);
        assert_eq!(followed.transfers[0].gaps().last().unwrap().1, 12_000);
        // Who ends the call before the last byte has come may have given up: the packets do not tell.
        assert_eq!(followed.transfers[0].state, State::Cancelled);
    }
}

/// The receiver says that it has all: only the capture lost the end, and nobody gave up.
#[test]
fn what_the_receiver_has_was_not_given_up() {
    for road in [Road::One, Road::Two, Road::OneDatagrams, Road::TwoDatagrams] {
        for acknowledged in [true, false] {
            let chunks = (0..10).map(|place| Chunk { lost: place == 9, ..crate::chunk(place * 1000, 1000) });
            let mut script = chunks.map(Event::Chunk).collect::<Vec<_>>();
            script.extend(acknowledged.then_some(Event::Acknowledge));
            let transfer = Transfer { data: Bytes::Random(10_000), script: Some(script), ..Transfer::default() };
            let followed = follow(&transcript(&road.exchange(transfer)));
            let transfer = &followed.transfers[0];
            assert_eq!(transfer.gaps(), [(9000, 10_000)], "{road:?}");
            let want = if acknowledged { State::Incomplete } else { State::Cancelled };
            assert_eq!(transfer.state, want, "{road:?}");
        }
    }
}

#[test]
fn what_comes_late_or_twice_changes_nothing() {
    for road in PLACED {
        let late = Change::Late { chunk: 2, after: 6 };
        let repeated = Change::Repeat { chunk: 3, after: 7, other: false };
        let (followed, sent) = damaged(road, vec![late, repeated]);
        assert_eq!(followed.transfers[0].state, State::Complete);
        assert_eq!(followed.verdicts[0].sha1, Some(Sha1::digest(&sent).into()));
        assert!(followed.object(0) == sent, "{road:?}");
    }
}

#[test]
fn of_bytes_that_differ_the_first_count() {
    for road in PLACED {
        let (followed, sent) = damaged(road, vec![Change::Repeat { chunk: 3, after: 5, other: true }]);
        let differ = followed.transfers[0].map.chunks.iter();
        let differ = differ.filter(|chunk| chunk.overlap == msnp_dissector::transfer::Overlap::Different);
        assert_eq!(differ.count(), 1);
        assert!(followed.object(0) == sent, "{road:?}");
    }
}

#[test]
fn a_request_to_go_on_is_told() {
    let (followed, _) =
        damaged(Road::One, vec![Change::Late { chunk: 4, after: 6 }, Change::Resume { chunk: 4, after: 5 }]);
    let wanted = followed.transfers[0].steps.iter().filter(|step| step.what == Done::Resume(3 * 1202)).count();
    assert_eq!(wanted, 1, "{:?}", followed.transfers[0].steps);
}

/// A migrating transfer repeats its last chunk on the new way, in another place of that way's count.
#[test]
fn a_chunk_may_come_on_both_ways() {
    for road in [Road::One, Road::Two] {
        let direct = Direct { after: 4, ..Road::OneDirect.direct().unwrap() };
        let (what, data) = (What::File, Bytes::Random(12_000));
        let mut events = Vec::new();
        for (offset, direct) in [(0, false), (1000, false), (2000, false), (2000, true), (3000, true), (1000, true)] {
            let chunk = Chunk { direct, ..crate::chunk(offset, 1000) };
            events.push(Event::Chunk(chunk));
        }
        let (direct, script) = (Some(direct), Some(events));
        let transcript = transcript(&road.exchange(Transfer { what, data, direct, script, ..Transfer::default() }));
        let followed = follow(&transcript);
        assert_as_sent(&followed, &transcript);
        assert_eq!(followed.transfers[0].gaps(), [(4000, 12_000)]);
    }
}

/// The habits of third-party programs do no harm where the bytes allow it.
#[test]
fn habits_of_third_party_programs_are_tolerated() {
    let data = Bytes::Drawn(Drawing::Sunset);
    for changes in [
        vec![Change::ZeroFirst, Change::LongLast],
        vec![Change::StartMarker],
        vec![Change::ZeroFirst, Change::StartMarker, Change::LongLast],
    ] {
        for what in [What::File, What::Picture] {
            let transfer = Transfer { what, data: data.clone(), changes: changes.clone(), ..Transfer::default() };
            let transcript = transcript(&Road::One.exchange(transfer));
            let followed = follow(&transcript);
            assert_as_sent(&followed, &transcript);
            assert_eq!(followed.transfers[0].state, State::Complete, "{changes:?}");
            assert!(followed.object(0) == transcript.sent[0].data);
        }
    }
}

/// Neither acknowledgements nor data preparation nor an end are needed.
#[test]
fn a_program_may_leave_out_what_is_not_needed() {
    for road in PLACED {
        let (acknowledged, prepared, ending) = (false, false, Ending::Nothing);
        let (what, data) = (What::Picture, Bytes::Drawn(Drawing::Sunset));
        let transcript =
            transcript(&road.exchange(Transfer { what, data, acknowledged, prepared, ending, ..Transfer::default() }));
        let followed = follow(&transcript);
        assert_as_sent(&followed, &transcript);
        assert_eq!(followed.transfers[0].state, State::Complete);
        let chunks = &followed.transfers[0].map.chunks;
        assert!(chunks.iter().all(|chunk| chunk.acknowledged_by.is_none()));
        // Version 2 asks in few packets, and here in none with data.
        let asks = !matches!(road, Road::Two | Road::TwoDirect | Road::TwoUdp);
        assert!(chunks.iter().all(|chunk| chunk.is_unacknowledged() == asks), "{road:?}");
    }
}

/// Claims of the wire cost nothing: the gap behind what came is told, and nothing is reserved for it.
#[test]
fn an_absurd_size_costs_nothing() {
    for road in PLACED {
        let claims = Some(u64::MAX);
        let data = Bytes::Random(5000);
        let transcript =
            transcript(&road.exchange(Transfer { claims, data, ending: Ending::Nothing, ..Transfer::default() }));
        let followed = follow(&transcript);
        assert_as_sent(&followed, &transcript);
        let transfer = &followed.transfers[0];
        assert_eq!(transfer.gaps(), [(5000, u64::MAX)], "{road:?}");
        assert_eq!((transfer.state, transfer.declared), (State::Incomplete, Some(u64::MAX)));
        assert!(followed.object(0) == transcript.sent[0].data);
    }
}

/// Beyond the ceilings bytes are let go, and the rest of the truth stays: the hashes too, of what comes in order.
#[test]
fn beyond_the_ceilings_the_map_goes_on() {
    for road in PLACED.into_iter().chain([Road::Old]) {
        let transcript = transcript(&road.exchange(Transfer { data: Bytes::Random(12_000), ..Transfer::default() }));
        let within = follow(&transcript);
        for (object, total) in [(5000, 1 << 20), (1 << 20, 5000)] {
            let followed = follow_keeping(&transcript, Keeping::Memory { object, total });
            let (transfer, whole) = (&followed.transfers[0], &within.transfers[0]);
            assert_eq!((transfer.state, transfer.gaps()), (State::Complete, Vec::new()));
            let chunks = |transfer: &msnp_dissector::transfer::Transfer| {
                let chunks = transfer.map.chunks.iter();
                chunks.map(|c| (c.offset, c.length, c.sighting, c.fresh, c.acknowledged_by)).collect::<Vec<_>>()
            };
            assert_eq!(chunks(transfer), chunks(whole), "{road:?}");
            let (got, want) = (&followed.verdicts[0], &within.verdicts[0]);
            assert!(got.unread == Some(Unread::LetGo) && want.sha1.is_some());
            assert_eq!((got.sha1, got.sha256), (want.sha1, want.sha256), "{road:?}");
            let mut kept = 0;
            let all = transfer.read(&mut crate::follow::File(&[]), &mut |_, bytes| kept += bytes.len());
            assert!(!all && kept <= 5000 && kept > 2500, "{road:?}: {kept} bytes kept");
        }
    }
}
