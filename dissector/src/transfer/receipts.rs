//! What waits for an acknowledgement in version 2: each direction of a connection counts its bytes, and who receives them
//! says up to where in the count everything has come.
//!
//! Source: protocol reference, P2P 4.3.

use std::collections::BTreeMap;

/// One direction of a connection.
#[derive(Debug, Default)]
pub(super) struct Receipts {
    /// The latest place in the count, as it travels and as a number that does not wrap.
    latest: Option<(u32, u64)>,
    /// What waits, by its end in the count: the transfer, and its chunk.
    waiting: BTreeMap<u64, Vec<(usize, usize)>>,
}

/// Where numbers that do not wrap begin: what comes late may stand before the first place that was seen.
const ORIGIN: u64 = 1 << 32;

impl Receipts {
    /// A chunk of a transfer waits; it ends at this place in the count.
    pub fn wait(&mut self, end: u32, transfer: usize, chunk: usize) {
        let place = self.unwrapped(end);
        self.latest = Some((end, place));
        self.waiting.entry(place).or_default().push((transfer, chunk));
    }

    /// Everything up to this place has come: the chunks that waited for that.
    pub fn reached(&mut self, sequence: u32) -> Vec<(usize, usize)> {
        let until = self.unwrapped(sequence);
        let mut done = Vec::new();
        while let Some(first) = self.waiting.first_entry()
            && *first.key() <= until
        {
            done.extend(first.remove());
        }
        done
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
            receipts.wait(end, 0, chunk);
        }
        assert_eq!(receipts.reached(u32::MAX - 11), []);
        assert_eq!(receipts.reached(5), [(0, 0), (0, 2), (0, 1)]);
        assert_eq!(receipts.reached(5), [], "each is acknowledged once");
        assert_eq!(receipts.reached(299), [(0, 4)]);
        assert_eq!(receipts.reached(1 << 20), [(0, 3)]);
    }
}
