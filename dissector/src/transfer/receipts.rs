//! What waits for an acknowledgement in version 2: each of two devices counts the bytes that it sends the other on a
//! connection, and who receives them says up to where in the count everything has come.
//!
//! Source: protocol reference, P2P 4.3.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Sighting;
use super::follow::LOOK_BACK;
use super::pair::Ends;

/// Who sends to whom, and which way on which connection.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Lane {
    stream: u32,
    from_client: bool,
    ends: Ends,
}

/// All that waits.
#[derive(Debug, Default)]
pub(super) struct Counts {
    lanes: HashMap<Lane, Receipts>,
    /// Those of each connection, in order of appearance.
    of_stream: HashMap<u32, Vec<Lane>>,
}

impl Counts {
    /// A chunk of a transfer waits: the place in the count where it ends, and how many bytes of the object stand behind it.
    pub fn wait(&mut self, sighting: Sighting, ends: &Ends, place: (u32, u64), chunk: (usize, usize)) {
        let lane = Lane { stream: sighting.stream, from_client: sighting.from_client, ends: ends.clone() };
        if !self.lanes.contains_key(&lane) {
            self.of_stream.entry(lane.stream).or_default().push(lane.clone());
        }
        self.lanes.entry(lane).or_default().wait(place, chunk);
    }

    /// One of two says that everything up to this place of the other's count has come.
    pub fn reached(&mut self, sighting: Sighting, ends: &Ends, sequence: u32) -> Reached {
        let lane = self.answered(sighting, ends);
        lane.and_then(|lane| self.lanes.get_mut(&lane)).map_or_else(Reached::default, |one| one.reached(sequence))
    }

    /// What somebody sent who is now sent something: the other way on the same connection, or, where the capture hears both
    /// from the same side, by name. A packet that does not say who it is from or to may be anybody's.
    fn answered(&self, sighting: Sighting, ends: &Ends) -> Option<Lane> {
        let Sighting { stream, from_client, .. } = sighting;
        let named = |ends: &Ends| ends.from.account.is_some() && ends.to.account.is_some();
        let turned = Ends { from: ends.to.clone(), to: ends.from.clone() };
        let other_way = Lane { stream, from_client: !from_client, ends: turned };
        if self.lanes.contains_key(&other_way) {
            return Some(other_way);
        }
        let Lane { ends: turned, .. } = &other_way;
        let fits = |lane: &&Lane| {
            let way = lane.from_client != from_client || (named(&lane.ends) && named(turned));
            way && lane.ends.from.fits(&turned.from) && lane.ends.to.fits(&turned.to)
        };
        self.of_stream.get(&stream)?.iter().rev().take(LOOK_BACK).find(fits).cloned()
    }
}

/// What an acknowledgement reaches.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Reached {
    /// Chunks that waited for it: the transfer, and its chunk.
    pub chunks: Vec<(usize, usize)>,
    /// Transfers that it reaches the end of, though their last chunk was not seen.
    pub whole: Vec<usize>,
}

/// One direction between two.
#[derive(Debug, Default)]
struct Receipts {
    /// The latest place in the count, as it travels and as a number that does not wrap.
    latest: Option<(u32, u64)>,
    /// What waits, by its end in the count: the transfer, and its chunk.
    waiting: BTreeMap<u64, Vec<(usize, usize)>>,
    /// Where transfers end in the count at the earliest, as far as what comes behind their last chunk was not seen.
    ends: BTreeSet<(u64, usize)>,
    end_of: HashMap<usize, u64>,
}

/// Where numbers that do not wrap begin: what comes late may stand before the first place that was seen.
const ORIGIN: u64 = 1 << 32;
/// Bytes of a data header, at least.
const HEADER: u64 = 8;

impl Receipts {
    /// A chunk waits.
    fn wait(&mut self, (end, left): (u32, u64), (transfer, chunk): (usize, usize)) {
        let place = self.unwrapped(end);
        self.latest = Some((end, place));
        self.waiting.entry(place).or_default().push((transfer, chunk));
        let before = self.end_of.remove(&transfer);
        if let Some(before) = before {
            self.ends.remove(&(before, transfer));
        }
        if left > 0 {
            let end = place.saturating_add(left).saturating_add(HEADER).max(before.unwrap_or(0));
            self.ends.insert((end, transfer));
            self.end_of.insert(transfer, end);
        }
    }

    /// Everything up to this place has come.
    fn reached(&mut self, sequence: u32) -> Reached {
        let until = self.unwrapped(sequence);
        let mut reached = Reached::default();
        while let Some(first) = self.waiting.first_entry()
            && *first.key() <= until
        {
            reached.chunks.extend(first.remove());
        }
        while let Some((place, transfer)) = self.ends.first().copied()
            && place <= until
        {
            self.ends.pop_first();
            self.end_of.remove(&transfer);
            reached.whole.push(transfer);
        }
        reached
    }

    /// The place nearest to the latest one that looks like this as it travels.
    fn unwrapped(&self, sequence: u32) -> u64 {
        let (raw, place) = self.latest.unwrap_or((sequence, ORIGIN));
        place.saturating_add_signed(sequence.wrapping_sub(raw).cast_signed().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_wraps_and_chunks_come_in_any_order() {
        let mut receipts = Receipts::default();
        for (chunk, end) in [u32::MAX - 10, 5, u32::MAX, 300, 20].into_iter().enumerate() {
            receipts.wait((end, 0), (0, chunk));
        }
        let mut reached = |sequence| receipts.reached(sequence).chunks;
        assert_eq!(reached(u32::MAX - 11), []);
        assert_eq!(reached(5), [(0, 0), (0, 2), (0, 1)]);
        assert_eq!(reached(5), [], "each is acknowledged once");
        assert_eq!(reached(299), [(0, 4)]);
        assert_eq!(reached(1 << 20), [(0, 3)]);
    }

    #[test]
    fn the_end_is_reached_without_its_last_chunk() {
        let mut receipts = Receipts::default();
        receipts.wait((1008, 2000), (0, 0));
        receipts.wait((2016, 1000), (0, 1));
        assert!(receipts.reached(2016).whole.is_empty());
        assert!(receipts.reached(3023).whole.is_empty());
        assert_eq!(receipts.reached(3024).whole, [0]);
        assert_eq!(receipts.reached(3024), Reached::default());
        receipts.wait((5000, 0), (1, 0));
        assert_eq!(receipts.reached(9000), Reached { chunks: vec![(1, 0)], whole: vec![] });
    }
}
