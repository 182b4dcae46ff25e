//! The tables of the protocol reference, vectors V36 and V37, through real packets.

use msnp_dissector::transfer::{Overlap, State, What as Done};
use msnp_tests::scenario::exchange::{Bytes, Chunk, Ending, Event, Transfer, What};

use crate::follow::{Followed, follow};
use crate::model::assert_as_sent;
use crate::{Road, chunk, transcript};

fn told(what: What, size: usize, script: Vec<Event>) -> (Followed, Vec<u8>) {
    let (data, script, ending) = (Bytes::Random(size), Some(script), Ending::Nothing);
    let transcript = transcript(&Road::One.exchange(Transfer { what, data, script, ending, ..Transfer::default() }));
    let followed = follow(&transcript);
    assert_as_sent(&followed, &transcript);
    (followed, transcript.sent[0].data.clone())
}

/// V36: loss, a request to go on, repetitions, an overlap, a conflict.
#[test]
fn the_scenario_of_the_map() {
    let say = |offset, bytes| Event::Chunk(chunk(offset, bytes));
    let script = vec![
        say(0, 1202),
        say(2404, 596),
        Event::Resume(1202),
        say(1202, 1202),
        say(2404, 596),
        say(1200, 4),
        Event::Acknowledge,
        Event::Chunk(Chunk { other: true, ..chunk(0, 1202) }),
    ];
    let (followed, sent) = told(What::Picture, 3000, script);
    let transfer = &followed.transfers[0];
    let chunks = transfer.map.chunks.iter();
    let chunks: Vec<_> = chunks.map(|c| (c.fresh, c.out_of_order, c.is_duplicate(), c.overlap)).collect();
    let want = [
        (1202, false, false, Overlap::None),
        (596, true, false, Overlap::None),
        (1202, true, false, Overlap::None),
        (0, false, true, Overlap::Same),
        (0, false, true, Overlap::Same),
        (0, false, true, Overlap::Different),
    ];
    assert_eq!(chunks, want);
    assert_eq!((transfer.map.covered(), transfer.map.repeated(), transfer.gaps()), (3000, 1802, Vec::new()));
    assert_eq!(transfer.steps.iter().filter(|step| step.what == Done::Resume(1202)).count(), 1);
    assert_eq!(transfer.steps.iter().filter(|step| step.what == Done::Prepared).count(), 1);
    let acknowledged = transfer.map.chunks.iter().filter(|chunk| chunk.acknowledged_by.is_some()).count();
    assert_eq!((acknowledged, transfer.state), (5, State::Complete));
    assert!(followed.object(0) == sent);
    assert_eq!(followed.verdicts[0].sha1d_ok, Some(true));
}

/// V36 in version 2: the middle chunk is missing, and the places of the others say so.
#[test]
fn a_gap_in_version_2() {
    let lost = Chunk { lost: true, ..chunk(1222, 1222) };
    let script = [chunk(0, 1222), lost, chunk(2444, 556)].map(Event::Chunk).to_vec();
    let (what, data, script) = (What::Picture, Bytes::Random(3000), Some(script));
    let transcript = transcript(&Road::Two.exchange(Transfer { what, data, script, ..Transfer::default() }));
    let followed = follow(&transcript);
    assert_as_sent(&followed, &transcript);
    assert_eq!(followed.transfers[0].gaps(), [(1222, 2444)]);
}

/// V37, first table: an object whose first chunk claims to be empty, and whose last claims to be full.
#[test]
fn untrue_lengths_of_an_object() {
    let script =
        [Chunk { claims: Some(0), ..chunk(0, 1202) }, chunk(0, 1202), Chunk { claims: Some(1202), ..chunk(1202, 798) }];
    let (followed, sent) = told(What::Picture, 2000, script.map(Event::Chunk).to_vec());
    let transfer = &followed.transfers[0];
    let chunks: Vec<_> = transfer.map.chunks.iter().map(|c| (c.counted, c.length, c.fresh)).collect();
    assert_eq!(chunks, [(false, 1202, 0), (true, 1202, 1202), (true, 798, 798)]);
    assert_eq!(transfer.state, State::Complete);
    assert!(followed.object(0) == sent);
}

/// V37, second table: a message that claims to be empty and is all there counts, and its repetition is none.
#[test]
fn untrue_length_of_an_invitation() {
    let transfer = Transfer { what: What::Picture, data: Bytes::Random(500), ..Transfer::default() };
    let mut transcript = transcript(&Road::One.exchange(transfer));
    let at = transcript.lines.iter().position(|line| line.payload.windows(6).any(|bytes| bytes == b"INVITE")).unwrap();
    let mut first = transcript.lines[at].clone();
    let header = first.payload.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    first.payload[header + 24..header + 28].fill(0);
    transcript.lines.insert(at, first);
    let followed = follow(&transcript);
    assert_eq!(followed.transfers.len(), 1);
    let asked = followed.transfers[0].steps.iter().filter(|step| step.what == Done::Asked).count();
    assert_eq!((asked, followed.transfers[0].state), (1, State::Complete));
    // The first one alone is an invitation too.
    transcript.lines.remove(at + 1);
    assert_eq!(follow(&transcript).transfers.len(), 1);
}

/// V37, third table: a file whose program reads on although it claims to begin again. It never becomes complete, and the
/// two copies of its beginning are said to differ.
#[test]
fn untrue_lengths_of_a_file() {
    let script = [
        Chunk::default(),
        Chunk { claims: Some(0), ..chunk(0, 1202) },
        Chunk { holds: Some(1202), ..chunk(0, 1202) },
        Chunk { claims: Some(1202), holds: Some(2404), ..chunk(1202, 596) },
    ];
    let (followed, sent) = told(What::File, 3000, script.map(Event::Chunk).to_vec());
    let transfer = &followed.transfers[0];
    assert_eq!(
        (transfer.map.covered(), transfer.gaps(), transfer.state),
        (1798, vec![(1798, 3000)], State::Incomplete)
    );
    let chunks: Vec<_> = transfer.map.chunks.iter().map(|c| (c.counted, c.length, c.overlap)).collect();
    assert_eq!(chunks, [(false, 1202, Overlap::Different), (true, 1202, Overlap::None), (true, 596, Overlap::None)]);
    assert!(followed.object(0) == sent[1202..3000]);
    assert_eq!(followed.verdicts[0].sha1, None);
}
