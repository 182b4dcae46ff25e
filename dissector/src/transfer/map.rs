//! The map of an object: which of its bytes came in which packet, what is missing, what came twice.
//!
//! Comes in: chunks, in the order of their arrival. Goes out: for each what it brought, and for every byte of the object
//! the chunk that brought it first. An object is complete when every byte is covered, not when its last chunk has come.
//! Claims of the wire cost nothing: memory grows with the chunks that came.
//!
//! Source: protocol reference, P2P 3.5, 4.6, 6.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::held::Held;
use super::{Carrier, Sighting};
use crate::tree::Span;

/// One arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    /// Where it begins in the object.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u32,
    /// Where it stands in the capture.
    pub sighting: Sighting,
    /// Its bytes in the PDU.
    pub span: Span,
    /// What carried it.
    pub carrier: Carrier,
    /// Bytes that no chunk before it had brought.
    pub fresh: u64,
    /// It does not begin where the furthest byte so far ended, and brings bytes.
    pub out_of_order: bool,
    /// Its header counts its bytes. What is not counted is used only where nothing else comes.
    pub counted: bool,
    /// Whether bytes that came before differ.
    pub overlap: Overlap,
    /// It asks for an acknowledgement: alone, or with the message or object that it is part of.
    pub asks: bool,
    /// The PDU that acknowledged it.
    pub acknowledged_by: Option<u32>,
    /// What tells which acknowledgement is meant.
    pub(super) mark: Mark,
    pub(super) held: Held,
    /// How many bytes more it had than the capture holds.
    pub(super) lacks: u32,
}

impl Chunk {
    /// Where it ends in the object.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.offset.saturating_add(self.length.into())
    }

    /// All its bytes had come before.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        self.fresh == 0 && self.length > 0 && self.counted
    }

    /// It asks for an acknowledgement, and none is in the capture.
    #[must_use]
    pub fn is_unacknowledged(&self) -> bool {
        self.asks && self.acknowledged_by.is_none()
    }
}

/// A chunk that has just come: what it says of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    pub offset: u64,
    /// Its bytes in the PDU.
    pub span: Span,
    /// How many bytes more it had than the capture holds.
    pub lacks: u32,
    pub carrier: Carrier,
    pub counted: bool,
    pub asks: bool,
    pub mark: Mark,
}

impl Arrival {
    /// How many bytes it has.
    pub fn length(&self) -> u32 {
        self.span.end.saturating_sub(self.span.start)
    }

    /// Where it ends in the object as it was sent.
    pub fn reached(&self) -> u64 {
        self.offset.saturating_add(self.length().into()).saturating_add(self.lacks.into())
    }

    /// The chunk, before it is known what it brings.
    pub fn chunk(self, sighting: Sighting, held: Held) -> Chunk {
        let length = self.length();
        let Self { offset, span, lacks, carrier, counted, asks, mark } = self;
        let (fresh, out_of_order, overlap, acknowledged_by) = (0, false, Overlap::None, None);
        Chunk {
            offset,
            length,
            sighting,
            span,
            carrier,
            fresh,
            out_of_order,
            counted,
            overlap,
            asks,
            acknowledged_by,
            mark,
            held,
            lacks,
        }
    }
}

/// Whether bytes of a chunk that had come before are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overlap {
    /// None had come before.
    #[default]
    None,
    /// Some had; they are not compared yet, or cannot be.
    Unchecked,
    /// They are the same.
    Same,
    /// They differ: the first ones count.
    Different,
}

/// What tells which chunks an acknowledgement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Version 1: the identifier of the message.
    Identifier(u32),
    /// The object is acknowledged as a whole.
    Whole,
    /// Version 2: where the packet ends in its direction's count.
    Sequence(u32),
}

/// A run of the object's bytes, and the chunk that brought it first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Its first byte.
    pub start: u64,
    /// Behind its last byte.
    pub end: u64,
    /// Place of the chunk in [`ChunkMap::chunks`].
    pub chunk: usize,
}

/// A connection and a direction of it.
type Way = (u32, bool);

fn way(sighting: Sighting) -> Way {
    (sighting.stream, sighting.from_client)
}

/// The map.
#[derive(Debug, Clone, Default)]
pub struct ChunkMap {
    /// Arrivals, in their order.
    pub chunks: Vec<Chunk>,
    /// Runs by their first byte.
    runs: BTreeMap<u64, (u64, usize)>,
    /// Behind the furthest byte that has come.
    furthest: u64,
    /// The same of what was sent: chunks may be cut in the capture.
    sent: u64,
    covered: u64,
    /// So many bytes from the first one on have come.
    prefix: u64,
    /// Chunks that wait for an acknowledgement, by the identifier of their message (version 1) and the way they went: where
    /// each ends in the object, and its place in `chunks`.
    waiting: HashMap<u32, HashMap<Way, BTreeSet<(u64, usize)>>>,
}

impl ChunkMap {
    /// Takes the next arrival; says what is new in it, and where it stands.
    pub(super) fn push(&mut self, mut chunk: Chunk) -> usize {
        let place = self.chunks.len();
        if chunk.counted {
            chunk.out_of_order = chunk.offset != self.sent;
            self.cover(&mut chunk, place);
            self.sent = self.sent.max(chunk.end().saturating_add(chunk.lacks.into()));
        }
        if let Mark::Identifier(identifier) = chunk.mark {
            let ways = self.waiting.entry(identifier).or_default();
            ways.entry(way(chunk.sighting)).or_default().insert((chunk.end(), place));
        }
        self.chunks.push(chunk);
        place
    }

    fn cover(&mut self, chunk: &mut Chunk, place: usize) {
        let (start, end) = (chunk.offset, chunk.end());
        if start >= end {
            return;
        }
        let mut at = start;
        let mut holes = Vec::new();
        let before = self.runs.range(..=start).next_back().map(|(_, (end, _))| *end);
        if let Some(covered) = before {
            at = at.max(covered.min(end));
        }
        for (from, (to, _)) in self.runs.range(start.saturating_add(1)..end) {
            if *from > at {
                holes.push((at, *from));
            }
            at = at.max((*to).min(end));
        }
        if at < end {
            holes.push((at, end));
        }
        for (from, to) in holes {
            chunk.fresh = chunk.fresh.saturating_add(to - from);
            self.runs.insert(from, (to, place));
        }
        self.covered = self.covered.saturating_add(chunk.fresh);
        // Each run is passed once.
        while let Some((to, _)) = self.runs.get(&self.prefix) {
            self.prefix = *to;
        }
        self.furthest = self.furthest.max(end);
        chunk.out_of_order &= chunk.fresh > 0;
        if chunk.fresh < end - start {
            chunk.overlap = Overlap::Unchecked;
        }
    }

    /// Nothing more comes: bytes that no header counts are used where nothing else came. Done again it changes nothing.
    pub(super) fn settle(&mut self) {
        let waits = |chunk: &Chunk| !chunk.counted && chunk.fresh == 0 && chunk.overlap == Overlap::None;
        let doubted = (0..self.chunks.len()).filter(|place| self.chunks.get(*place).is_some_and(waits));
        for place in doubted.collect::<Vec<_>>() {
            let Some(mut chunk) = self.chunks.get(place).copied() else { continue };
            self.cover(&mut chunk, place);
            if let Some(slot) = self.chunks.get_mut(place) {
                *slot = chunk;
            }
        }
    }

    /// Bytes that have come.
    #[must_use]
    pub fn covered(&self) -> u64 {
        self.covered
    }

    /// Behind the furthest byte that has come.
    #[must_use]
    pub fn furthest(&self) -> u64 {
        self.furthest
    }

    /// Runs in the order of the object.
    pub fn runs(&self) -> impl Iterator<Item = Run> + '_ {
        self.runs.iter().map(|(start, (end, chunk))| Run { start: *start, end: *end, chunk: *chunk })
    }

    /// Runs that hold bytes of this range, in order.
    pub fn runs_within(&self, start: u64, end: u64) -> impl Iterator<Item = Run> + '_ {
        let first = self.runs.range(..=start).next_back().map_or(start, |(first, _)| *first);
        let runs = self.runs.range(first..end.max(first)).map(move |(from, (to, chunk))| Run {
            start: (*from).max(start),
            end: (*to).min(end),
            chunk: *chunk,
        });
        runs.filter(|run| run.start < run.end)
    }

    /// What is missing of an object of so many bytes, in order: first byte and the one behind the last.
    #[must_use]
    pub fn gaps(&self, total: u64) -> Vec<(u64, u64)> {
        let mut gaps = Vec::new();
        let mut at = 0;
        for (start, (end, _)) in self.runs.range(..total) {
            if *start > at {
                gaps.push((at, *start));
            }
            at = *end;
        }
        if at < total {
            gaps.push((at, total));
        }
        gaps
    }

    /// Whether every byte of an object of so many has come.
    #[must_use]
    pub fn covers(&self, total: u64) -> bool {
        self.prefix >= total
    }

    /// The chunk that brought a byte first.
    #[must_use]
    pub fn chunk_at(&self, offset: u64) -> Option<&Chunk> {
        let run = self.runs_within(offset, offset.saturating_add(1)).next()?;
        self.chunks.get(run.chunk)
    }

    /// Whether a packet was seen before at the other end: the capture shows what the sender says, and what the receiver
    /// hears. On another carrier it is no copy: a transfer that migrates may send its last chunk again.
    pub(super) fn has_copy(&self, arrival: &Arrival, sighting: Sighting) -> bool {
        self.chunk_at(arrival.offset).is_some_and(|chunk| {
            (chunk.offset, chunk.length, chunk.carrier) == (arrival.offset, arrival.length(), arrival.carrier)
                && chunk.sighting.stream != sighting.stream
                && chunk.sighting.from_client != sighting.from_client
                && chunk.mark == arrival.mark
        })
    }

    /// Bytes that came again.
    #[must_use]
    pub fn repeated(&self) -> u64 {
        let counted = self.chunks.iter().filter(|chunk| chunk.counted);
        counted.map(|chunk| u64::from(chunk.length).saturating_sub(chunk.fresh)).sum()
    }

    /// A message of version 1 is acknowledged up to a byte of the object; says whether any of its chunks waited for that.
    /// Where it is not known that the receiver says so, what went the same way on the same connection is not meant: both
    /// sides may count with the same numbers.
    pub(super) fn acknowledge_message(&mut self, identifier: u32, until: u64, by: Sighting, receiver: bool) -> bool {
        let Some(ways) = self.waiting.get_mut(&identifier) else { return false };
        let mut found = false;
        for (_, waiting) in ways.iter_mut().filter(|(went, _)| receiver || **went != way(by)) {
            found |= !waiting.is_empty();
            // Each is passed once, however many acknowledgements there are.
            while let Some((_, place)) = waiting.first().copied().filter(|(end, _)| *end <= until) {
                waiting.pop_first();
                if let Some(chunk) = self.chunks.get_mut(place) {
                    chunk.acknowledged_by = Some(by.pdu);
                }
            }
        }
        found
    }

    /// A chunk is acknowledged by the PDU of this number.
    pub(super) fn acknowledge(&mut self, place: usize, pdu: u32) {
        if let Some(chunk) = self.chunks.get_mut(place) {
            chunk.acknowledged_by.get_or_insert(pdu);
        }
    }

    /// The whole object is acknowledged by the PDU of this number.
    pub(super) fn acknowledge_all(&mut self, pdu: u32) {
        for chunk in &mut self.chunks {
            chunk.acknowledged_by.get_or_insert(pdu);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chunk(offset: u64, length: u32) -> Chunk {
        let (span, carrier, mark) = (Span::pdu(0, length), Carrier::Switchboard, Mark::Identifier(0));
        Arrival { offset, span, lacks: 0, carrier, counted: true, asks: true, mark }
            .chunk(Sighting::default(), Held::Elsewhere)
    }

    #[test]
    fn chunks_that_the_capture_cuts_are_in_order() {
        let mut map = ChunkMap::default();
        for (offset, lacks) in [(0, 60), (100, 60), (200, 0), (300, 0)] {
            map.push(Chunk { lacks, ..chunk(offset, 40) });
        }
        let told = map.chunks.iter().map(|chunk| chunk.out_of_order).collect::<Vec<_>>();
        assert_eq!(told, [false, false, false, true], "the third had 40 bytes and no more");
    }

    /// Vector V36 of the reference, packets 2 to 9 without the control packets.
    #[test]
    fn scenario_of_the_reference() {
        let mut map = ChunkMap::default();
        let arrivals = [(0, 1202), (2404, 596), (1202, 1202), (2404, 596), (1200, 4), (0, 1202)];
        let mut complete_at = None;
        for (place, (offset, length)) in arrivals.into_iter().enumerate() {
            map.push(chunk(offset, length));
            if complete_at.is_none() && map.covers(3000) {
                complete_at = Some(place);
            }
            if place == 1 {
                assert_eq!(map.gaps(3000), [(1202, 2404)]);
            }
        }
        let told = map.chunks.iter().map(|c| (c.fresh, c.out_of_order, c.is_duplicate())).collect::<Vec<_>>();
        let want = [
            (1202, false, false),
            (596, true, false),
            (1202, true, false),
            (0, false, true),
            (0, false, true),
            (0, false, true),
        ];
        assert_eq!(told, want);
        assert_eq!((map.covered(), map.repeated(), complete_at), (3000, 1802, Some(2)));
    }

    /// Vector V37 of the reference, the file.
    #[test]
    fn what_is_not_counted_waits() {
        let mut map = ChunkMap::default();
        map.push(Chunk { counted: false, ..chunk(0, 1202) });
        map.push(chunk(0, 1202));
        map.push(chunk(1202, 596));
        map.settle();
        assert_eq!((map.covered(), map.gaps(3000)), (1798, vec![(1798, 3000)]));
        assert_eq!(map.chunks[0].overlap, Overlap::Unchecked);
        let mut alone = ChunkMap::default();
        alone.push(Chunk { counted: false, ..chunk(0, 1202) });
        assert_eq!(alone.covered(), 0);
        (0..2).for_each(|_| alone.settle());
        assert_eq!(alone.covered(), 1202);
    }

    #[test]
    fn absurd_offsets_cost_nothing() {
        let mut map = ChunkMap::default();
        map.push(chunk(u64::MAX - 2, 100));
        map.push(chunk(0, 10));
        assert_eq!(map.gaps(u64::MAX), [(10, u64::MAX - 2)]);
        assert!(!map.covers(u64::MAX));
        assert_eq!(map.chunks[0].overlap, Overlap::None, "nothing had come before");
    }

    proptest! {
        /// A map of single bytes tells the same.
        #[test]
        fn agrees_with_a_map_of_single_bytes(arrivals in proptest::collection::vec((0_usize..60, 0_u32..20), 0..30)) {
            let mut map = ChunkMap::default();
            let mut bytes = vec![None; 100];
            for (place, (offset, length)) in arrivals.into_iter().enumerate() {
                let mut fresh = 0;
                for slot in &mut bytes[offset..][..length as usize] {
                    if slot.is_none() {
                        *slot = Some(place);
                        fresh += 1;
                    }
                }
                map.push(chunk(offset as u64, length));
                prop_assert_eq!(map.chunks[place].fresh, fresh);
            }
            prop_assert_eq!(map.covered(), bytes.iter().flatten().count() as u64);
            for (offset, slot) in bytes.iter().enumerate() {
                let at = map.runs_within(offset as u64, offset as u64 + 1).next().map(|run| run.chunk);
                prop_assert_eq!(at, *slot);
                let missing = map.gaps(100).iter().any(|(from, to)| (*from..*to).contains(&(offset as u64)));
                prop_assert_eq!(missing, slot.is_none());
            }
            for total in 0..=100 {
                prop_assert_eq!(map.covers(total as u64), bytes[..total].iter().all(Option::is_some));
                prop_assert_eq!(map.covers(total as u64), map.gaps(total as u64).is_empty());
            }
            let ordered = map.runs().collect::<Vec<_>>();
            prop_assert!(ordered.is_sorted_by(|a, b| a.end <= b.start));
        }
    }
}
