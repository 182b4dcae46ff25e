//! Hashing as the bytes pass: for an object of which a ceiling does not allow to keep all.
//!
//! Works as long as the bytes come in order, or wait in memory until their turn; bytes that are let go of before their turn
//! end it.

use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::Transfer;
use super::held::{Held, Keeping};
use super::map::{Arrival, Chunk};
use super::object::Bytes;
use crate::analysis::Place;

/// Hashes of the first so many bytes of an object.
#[derive(Debug, Clone, Default)]
pub(super) struct Running {
    at: u64,
    sha1: Sha1,
    sha256: Sha256,
    /// Bytes were let go of before their turn.
    broken: bool,
}

impl Running {
    /// SHA-1 and SHA-256 of an object of so many bytes, if all have passed.
    pub fn of_all(&self, size: u64) -> Option<([u8; 20], [u8; 32])> {
        let done = !self.broken && self.at == size;
        done.then(|| (self.sha1.clone().finalize().into(), self.sha256.clone().finalize().into()))
    }

    fn update(&mut self, bytes: &[u8]) {
        self.sha1.update(bytes);
        self.sha256.update(bytes);
        self.at = self.at.saturating_add(bytes.len() as u64);
    }
}

/// Bytes that are neither in memory nor at hand.
struct OnlyMemory;

impl Bytes for OnlyMemory {}

impl Transfer {
    /// Takes care that the bytes of an arrival can be had again, as far as the ceilings allow. `all` counts what all
    /// transfers keep. What came again need not be kept again.
    pub(super) fn hold(
        &mut self,
        keeping: Keeping,
        place: &Place<'_>,
        arrival: &Arrival,
        bytes: &[u8],
        all: &mut usize,
    ) -> Held {
        if self.repeats(arrival, bytes) {
            return Held::Before;
        }
        self.holding.take(keeping, place, arrival.span, bytes, all)
    }

    /// Whether all bytes of an arrival had come before, and are the same, as far as memory can tell.
    fn repeats(&self, arrival: &Arrival, bytes: &[u8]) -> bool {
        let (mut rest, mut at) = (bytes, arrival.offset);
        let end = at.saturating_add(arrival.length().into());
        let all = self.read_range(at, end, &mut OnlyMemory, &mut |start, run| {
            let same = start == at && rest.starts_with(run);
            rest = if same { rest.get(run.len()..).unwrap_or_default() } else { &[] };
            at = if same { at.saturating_add(run.len() as u64) } else { u64::MAX };
        });
        all && at == end && rest.is_empty()
    }

    /// Takes an arrival with its bytes; says which place it has in the map.
    pub(super) fn arrive(&mut self, chunk: Chunk, bytes: &[u8]) -> usize {
        let gone = chunk.held == Held::Gone;
        let place = self.map.push(chunk);
        if gone || self.running.is_some() {
            let mut running = self.running.take().unwrap_or_default();
            if !running.broken {
                self.pass(&mut running, place, bytes);
            }
            self.running = Some(running);
        }
        place
    }

    /// Hashes what can be hashed now that a chunk has come: its own bytes, and those that waited in memory for it. As in
    /// the map, of bytes that came twice the first ones count.
    fn pass(&self, running: &mut Running, place: usize, bytes: &[u8]) {
        while let Some(run) = self.map.runs_within(running.at, u64::MAX).next().filter(|run| run.start == running.at) {
            let Some(chunk) = self.map.chunks.get(run.chunk) else { return };
            let part = |offset: u64| usize::try_from(offset.saturating_sub(chunk.offset)).unwrap_or(usize::MAX);
            if run.chunk == place {
                running.update(bytes.get(part(run.start)..part(run.end)).unwrap_or_default());
            } else if let Held::Memory(_) = chunk.held {
                self.read_range(run.start, run.end, &mut OnlyMemory, &mut |_, bytes| running.update(bytes));
            }
            if running.at != run.end {
                running.broken = true;
                return;
            }
        }
        // What has come too early must be at hand in its turn.
        let Some(chunk) = self.map.chunks.get(place).filter(|chunk| chunk.held == Held::Gone) else { return };
        running.broken = self.map.runs_within(running.at, chunk.end()).any(|run| run.chunk == place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::map::Mark;
    use crate::transfer::{Carrier, Overlap, Sighting};
    use crate::tree::Span;

    /// A transfer whose bytes come piece by piece, with no more than `kept` of them in memory.
    struct Coming {
        transfer: Transfer,
        kept: usize,
        all: usize,
    }

    impl Coming {
        fn new(kept: usize) -> Self {
            Self { transfer: Transfer::default(), kept, all: 0 }
        }

        fn arrive(&mut self, offset: u64, bytes: &[u8]) -> usize {
            let span = Span::pdu(0, u32::try_from(bytes.len()).expect("a short piece"));
            let (carrier, mark) = (Carrier::Switchboard, Mark::Identifier(1));
            let arrival = Arrival { offset, span, lacks: 0, carrier, counted: true, asks: true, mark };
            let keeping = Keeping::Memory { object: self.kept, total: self.kept };
            let held = self.transfer.hold(keeping, &Place::default(), &arrival, bytes, &mut self.all);
            self.transfer.arrive(arrival.chunk(Sighting::default(), held), bytes);
            self.all
        }

        fn hash(self, size: u64) -> Option<[u8; 20]> {
            self.transfer.running.and_then(|running| running.of_all(size)).map(|(sha1, _)| sha1)
        }
    }

    /// The hash of four chunks of 10 bytes each that come in this order.
    fn hashed(order: &[u8], kept: usize) -> Option<[u8; 20]> {
        let mut coming = Coming::new(kept);
        for number in order {
            coming.arrive(u64::from(*number) * 10, &[*number; 10]);
        }
        coming.hash(40)
    }

    #[test]
    fn what_comes_again_is_kept_once() {
        let mut coming = Coming::new(100);
        assert_eq!([coming.arrive(0, b"abcd"), coming.arrive(4, b"efgh")], [4, 8]);
        assert_eq!([coming.arrive(0, b"abcd"), coming.arrive(2, b"cdef")], [8, 8], "the same bytes");
        assert_eq!([coming.arrive(0, b"abXd"), coming.arrive(6, b"ghij")], [12, 16], "other bytes, and new ones");
        coming.transfer.compare(&mut OnlyMemory);
        let told = coming.transfer.map.chunks.iter().map(|chunk| chunk.overlap).collect::<Vec<_>>();
        use Overlap::{Different, None, Same};
        assert_eq!(told, [None, None, Same, Same, Different, Same]);
    }

    #[test]
    fn of_bytes_that_come_twice_the_first_are_hashed() {
        let mut coming = Coming::new(4);
        coming.arrive(4, b"efgh");
        coming.arrive(0, b"abcd----ij");
        assert_eq!(coming.hash(10), Some(Sha1::digest(b"abcdefghij").into()));
    }

    #[test]
    fn what_is_not_kept_is_hashed_in_its_turn() {
        let whole = (0..4).flat_map(|number| [number; 10]).collect::<Vec<u8>>();
        let want = Some(Sha1::digest(&whole).into());
        assert_eq!(hashed(&[0, 1, 2, 3], 0), want);
        assert_eq!(hashed(&[0, 1, 2, 3], 20), want);
        assert_eq!(hashed(&[0, 2, 1, 3], 20), want, "the third waits in memory");
        assert_eq!(hashed(&[0, 1, 1, 2, 3], 10), want, "what comes again is passed over");
        assert_eq!(hashed(&[0, 2, 1, 3], 10), None, "the third is let go of before its turn");
        assert_eq!(hashed(&[0, 1, 2], 0), None, "the last is missing");
    }
}
