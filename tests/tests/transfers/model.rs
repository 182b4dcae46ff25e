//! The map as it must be, byte by byte, from what the builder says that it sent. Slow and simple on purpose.

use std::collections::BTreeMap;

use msnp_dissector::transfer::{self, Overlap};
use msnp_tests::scenario::Transcript;
use msnp_tests::scenario::exchange::{Arrival, Carrier, Sent};

use crate::follow::{File, Followed};

/// One chunk of the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    pub pdu: u32,
    pub frame: u64,
    pub offset: u64,
    pub bytes: Vec<u8>,
    pub carrier: transfer::Carrier,
    pub fresh: u64,
    pub out_of_order: bool,
    pub counted: bool,
    /// All of it came before.
    pub duplicate: bool,
    /// Whether bytes that came before are the same.
    pub same: Option<bool>,
    pub acknowledged_by: Option<u32>,
}

/// The whole map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map {
    pub chunks: Vec<Chunk>,
    pub gaps: Vec<(u64, u64)>,
    pub covered: u64,
}

/// The map of what was sent.
pub fn expected(sent: &Sent, places: &BTreeMap<usize, (u32, u64)>) -> Map {
    let furthest = sent.arrivals.iter().map(|arrival| arrival.offset + arrival.bytes.len() as u64).max().unwrap_or(0);
    let mut object: Vec<Option<u8>> = vec![None; usize::try_from(furthest).unwrap()];
    let mut chunks: Vec<Chunk> = sent.arrivals.iter().map(|arrival| chunk(arrival, sent.size, places)).collect();
    let mut end_so_far = 0;
    for chunk in chunks.iter_mut().filter(|chunk| chunk.counted) {
        lay(chunk, &mut object);
        chunk.out_of_order = chunk.fresh > 0 && chunk.offset != end_so_far;
        end_so_far = end_so_far.max(chunk.offset + chunk.bytes.len() as u64);
    }
    // What no header counts is used where nothing else came.
    for chunk in chunks.iter_mut().filter(|chunk| !chunk.counted) {
        lay(chunk, &mut object);
    }
    let mut gaps: Vec<(u64, u64)> = Vec::new();
    for (at, byte) in object.iter().enumerate().filter(|(at, _)| (*at as u64) < sent.size) {
        let at = at as u64;
        match (byte, gaps.last_mut()) {
            (Some(_), _) => {}
            (None, Some((_, end))) if *end == at => *end = at + 1,
            (None, _) => gaps.push((at, at + 1)),
        }
    }
    if furthest < sent.size {
        match gaps.last_mut() {
            Some((_, end)) if *end == furthest => *end = sent.size,
            _ => gaps.push((furthest, sent.size)),
        }
    }
    Map { chunks, gaps, covered: object.iter().flatten().count() as u64 }
}

fn chunk(arrival: &Arrival, size: u64, places: &BTreeMap<usize, (u32, u64)>) -> Chunk {
    let there = arrival.bytes.len() as u64;
    let (length, counted) = match arrival.counted {
        None => (there, true),
        Some(0) => (there, there == size),
        Some(count) => (there.min(count.into()).min(size.saturating_sub(arrival.offset)), true),
    };
    let (pdu, frame) = places[&arrival.line];
    Chunk {
        pdu,
        frame,
        offset: arrival.offset,
        bytes: arrival.bytes[..usize::try_from(length).unwrap()].to_vec(),
        carrier: match arrival.carrier {
            Carrier::Switchboard => transfer::Carrier::Switchboard,
            Carrier::Direct => transfer::Carrier::Direct,
            Carrier::Old => transfer::Carrier::Msnftp,
            Carrier::Udp => transfer::Carrier::Udp,
            Carrier::Turn => transfer::Carrier::Turn,
            Carrier::Datagrams => transfer::Carrier::Datagrams,
        },
        fresh: 0,
        out_of_order: false,
        counted,
        duplicate: false,
        same: None,
        acknowledged_by: arrival.acknowledged_by.map(|line| places[&line].0),
    }
}

/// The first byte of each place counts.
fn lay(chunk: &mut Chunk, object: &mut [Option<u8>]) {
    let start = usize::try_from(chunk.offset).unwrap();
    let (mut repeated, mut same) = (false, true);
    for (slot, byte) in object[start..].iter_mut().zip(&chunk.bytes) {
        match slot {
            None => {
                *slot = Some(*byte);
                chunk.fresh += 1;
            }
            Some(first) => {
                repeated = true;
                same &= first == byte;
            }
        }
    }
    chunk.same = repeated.then_some(same);
    chunk.duplicate = chunk.counted && repeated && chunk.fresh == 0;
}

/// The map that the library tells, in the same words.
pub fn told(followed: &Followed, at: usize) -> Map {
    let transfer = &followed.transfers[at];
    let chunks = transfer.map.chunks.iter().map(|chunk| {
        let mut bytes = Vec::new();
        assert!(transfer.chunk_bytes(chunk, &mut File(&followed.file), &mut bytes), "{chunk:?}");
        assert_eq!(bytes.len(), chunk.length as usize);
        Chunk {
            pdu: chunk.sighting.pdu,
            frame: chunk.sighting.frame,
            offset: chunk.offset,
            bytes,
            carrier: chunk.carrier,
            fresh: chunk.fresh,
            out_of_order: chunk.out_of_order,
            counted: chunk.counted,
            duplicate: chunk.is_duplicate(),
            same: match chunk.overlap {
                Overlap::None => None,
                Overlap::Same => Some(true),
                Overlap::Different => Some(false),
                Overlap::Unchecked => panic!("{chunk:?} was not compared"),
            },
            acknowledged_by: chunk.acknowledged_by,
        }
    });
    Map { chunks: chunks.collect(), gaps: transfer.gaps(), covered: transfer.map.covered() }
}

/// Every transfer is told as it was sent: who, what, which map.
pub fn assert_as_sent(followed: &Followed, transcript: &Transcript) {
    let places = followed.places(transcript);
    assert_eq!(followed.transfers.len(), transcript.sent.len());
    for (at, sent) in transcript.sent.iter().enumerate() {
        let transfer = &followed.transfers[at];
        assert_eq!(transfer.from.as_deref(), Some(sent.from.as_str()), "{}", sent.name);
        // An old invitation does not say whom it is for; the answer does.
        let unanswered = transfer.to.is_none() && transfer.steps.len() == 1;
        assert!(unanswered || transfer.to.as_deref() == Some(&sent.to), "{}: {:?}", sent.name, transfer.to);
        assert_eq!((transfer.name.as_str(), transfer.size()), (sent.name.as_str(), Some(sent.size)));
        let (want, have) = (expected(sent, &places), told(followed, at));
        for (number, (want, have)) in want.chunks.iter().zip(&have.chunks).enumerate() {
            let short = |chunk: &Chunk| Chunk { bytes: Vec::new(), ..chunk.clone() };
            assert_eq!(short(have), short(want), "{}, chunk {}", sent.name, number + 1);
            assert!(have.bytes == want.bytes, "{}, bytes of chunk {}", sent.name, number + 1);
        }
        assert_eq!(have.chunks.len(), want.chunks.len(), "{}", sent.name);
        assert_eq!((&have.gaps, have.covered), (&want.gaps, want.covered), "{}", sent.name);
    }
}
