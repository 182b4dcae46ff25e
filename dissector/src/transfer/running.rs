//! Hashing as the bytes pass: for an object of which a ceiling does not allow to keep all.
//!
//! Works as long as the bytes come in order, or wait in memory until their turn; bytes that are let go of before their turn
//! end it.

use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::held::Held;
use super::map::Chunk;
use super::object::Bytes;
use super::{Extent, Transfer};
use crate::tree::Span;

/// Hashes of the first so many bytes of an object.
#[derive(Debug, Clone, Default)]
pub(super) struct Running {
    at: u64,
    sha1: Sha1,
    sha256: Sha256,
    /// Bytes were let go of before their turn.
    broken: bool,
}

impl PartialEq for Running {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.broken) == (other.at, other.broken)
    }
}

impl Eq for Running {}

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

impl Bytes for OnlyMemory {
    fn extent(&mut self, _extent: Extent, _into: &mut Vec<u8>) -> bool {
        false
    }

    fn pdu(&mut self, _pdu: u32, _span: Span, _into: &mut Vec<u8>) -> bool {
        false
    }
}

impl Transfer {
    /// Takes an arrival with its bytes.
    pub(super) fn arrive(&mut self, chunk: Chunk, bytes: &[u8]) {
        let gone = chunk.held == Held::Gone;
        let place = self.map.push(chunk);
        if !gone && self.running.is_none() {
            return;
        }
        let mut running = self.running.take().unwrap_or_default();
        if let Some(chunk) = self.map.chunks.get(place).copied().filter(|chunk| chunk.counted && !running.broken) {
            self.pass(&mut running, &chunk, bytes);
        }
        self.running = Some(running);
    }

    fn pass(&self, running: &mut Running, chunk: &Chunk, bytes: &[u8]) {
        self.catch_up(running, chunk.offset);
        let known = running.at.checked_sub(chunk.offset).and_then(|known| usize::try_from(known).ok());
        match known.and_then(|known| bytes.get(known..)) {
            Some(new) if chunk.held == Held::Gone => running.update(new),
            // Too early, and not kept until its turn.
            None if running.at < chunk.offset && chunk.held == Held::Gone => running.broken = true,
            _ => {}
        }
        self.catch_up(running, u64::MAX);
    }

    /// What waits in memory, as far as nothing is missing before it.
    fn catch_up(&self, running: &mut Running, until: u64) {
        for run in self.map.runs_within(running.at, until).collect::<Vec<_>>() {
            let held = self.map.chunks.get(run.chunk).map(|chunk| chunk.held);
            if run.start != running.at || !matches!(held, Some(Held::Memory(_))) {
                return;
            }
            self.read_range(run.start, run.end, &mut OnlyMemory, &mut |_, bytes| running.update(bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::held::{Holding, Keeping};
    use crate::transfer::map::{Arrival, Mark};
    use crate::transfer::{Carrier, Sighting};
    use crate::tree::Span;

    /// A transfer of which chunks come in this order, of 10 bytes each, and no more than `kept` bytes are kept.
    fn hashed(order: &[u8], kept: usize) -> Option<[u8; 20]> {
        let mut transfer = Transfer::default();
        let mut all = 0;
        let keeping = Keeping::Memory { object: kept, total: kept };
        for number in order {
            let bytes = [*number; 10];
            let span = Span::pdu(0, 10);
            let held = Holding::take(&mut transfer.holding, keeping, &Default::default(), span, &bytes, &mut all);
            let (offset, mark) = (u64::from(*number) * 10, Mark::Identifier(1));
            let arrival = Arrival { offset, span, carrier: Carrier::Switchboard, counted: true, mark };
            let chunk = arrival.chunk(Sighting::default(), held);
            transfer.arrive(chunk, &bytes);
        }
        transfer.running.and_then(|running| running.of_all(40)).map(|(sha1, _)| sha1)
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
