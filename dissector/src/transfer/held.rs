//! Where the bytes of chunks are: in the capture file, which is read again, in memory, under ceilings, or with whoever
//! keeps the PDUs.

use crate::analysis::{Extent, Place};
use crate::tree::Span;

/// Bytes kept of one object where its file cannot be read again.
pub const OBJECT_BYTES: usize = 64 << 20;
/// Bytes kept of all objects together.
pub const TOTAL_BYTES: usize = 256 << 20;

/// Bytes in a piece of memory: an object that grows is never copied whole.
const PIECE: usize = 1 << 20;

/// Whether the bytes of chunks must be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// The shell keeps the PDUs, and gives their bytes when asked.
    Elsewhere,
    /// Where they stand in the file is kept; what does not stand there is kept itself, up to so many bytes of an object
    /// and so many in all.
    Extents {
        /// Bytes of one object.
        object: usize,
        /// Bytes of all objects together.
        total: usize,
    },
    /// All bytes are kept: the file is not read again.
    Memory {
        /// Bytes of one object.
        object: usize,
        /// Bytes of all objects together.
        total: usize,
    },
}

/// Where the bytes of one chunk are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// With whoever keeps the PDUs.
    Elsewhere,
    /// In the file: so many entries of [`Holding::extents`], from this one on.
    File { first: u32, count: u32 },
    /// In [`Holding::bytes`], from here on, as [`Holding::take`] says.
    Memory(u64),
    /// They are the same as those that had come before, and these are in memory.
    Before,
    /// They were let go: a ceiling was met.
    Gone,
}

/// What one object holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Holding {
    extents: Vec<Extent>,
    /// Each holds chunks as a whole.
    pieces: Vec<Vec<u8>>,
    kept: usize,
}

impl Holding {
    /// Takes note of the bytes of a chunk. `all` counts what all objects keep.
    pub fn take(&mut self, keeping: Keeping, place: &Place<'_>, span: Span, bytes: &[u8], all: &mut usize) -> Held {
        let (object, total) = match keeping {
            Keeping::Elsewhere => return Held::Elsewhere,
            Keeping::Extents { object, total } | Keeping::Memory { object, total } => (object, total),
        };
        if matches!(keeping, Keeping::Extents { .. })
            && span.source == 0
            && let Some(extents) = place.extents(span.start, span.end)
        {
            let first = u32::try_from(self.extents.len());
            let count = u32::try_from(extents.len());
            if let (Ok(first), Ok(count)) = (first, count) {
                self.extents.extend(extents);
                return Held::File { first, count };
            }
        }
        if self.kept.saturating_add(bytes.len()) > object || all.saturating_add(bytes.len()) > total {
            return Held::Gone;
        }
        let start = self.keep(bytes);
        self.kept = self.kept.saturating_add(bytes.len());
        *all = all.saturating_add(bytes.len());
        Held::Memory(start)
    }

    /// Puts bytes into the latest piece, or a new one; says where: the piece, times 2³², and the place in it.
    fn keep(&mut self, bytes: &[u8]) -> u64 {
        let fits = |piece: &Vec<u8>| piece.len().saturating_add(bytes.len()) <= PIECE;
        if !self.pieces.last().is_some_and(fits) {
            // Most objects are small: their only piece grows as it needs to.
            let room = if self.pieces.is_empty() { bytes.len() } else { PIECE.max(bytes.len()) };
            self.pieces.push(Vec::with_capacity(room));
        }
        let number = self.pieces.len().saturating_sub(1) as u64;
        let Some(piece) = self.pieces.last_mut() else { return 0 };
        let start = piece.len() as u64;
        piece.extend_from_slice(bytes);
        number << 32 | start
    }

    pub fn extents(&self, first: u32, count: u32) -> &[Extent] {
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        let end = first.saturating_add(usize::try_from(count).unwrap_or(usize::MAX));
        self.extents.get(first..end).unwrap_or_default()
    }

    pub fn bytes(&self, start: u64, length: u32) -> &[u8] {
        let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let (piece, start) = (place(start >> 32), place(start & u64::from(u32::MAX)));
        let end = start.saturating_add(place(length.into()));
        self.pieces.get(piece).and_then(|piece| piece.get(start..end)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_memory_hold_whole_chunks_and_no_more_than_they_need() {
        let (mut holding, mut all) = (Holding::default(), 0);
        let keeping = Keeping::Memory { object: 8 << 20, total: 8 << 20 };
        let lengths = (0..3000).map(|number| 1 + number % 1500).chain([PIECE + 1, 5, 0]).collect::<Vec<_>>();
        let chunk = |number: usize| vec![number.to_le_bytes()[0]; lengths[number]];
        let take = |number: usize| {
            let bytes = chunk(number);
            let span = Span::pdu(0, u32::try_from(bytes.len()).expect("short"));
            match holding.take(keeping, &Place::default(), span, &bytes, &mut all) {
                Held::Memory(start) => (start, span.len()),
                other => panic!("{other:?}"),
            }
        };
        let held = (0..lengths.len()).map(take).collect::<Vec<_>>();
        for (number, (start, length)) in held.into_iter().enumerate() {
            assert!(holding.bytes(start, length) == chunk(number), "{number}");
        }
        let reserved = holding.pieces.iter().map(Vec::capacity).sum::<usize>();
        assert_eq!(all, lengths.iter().sum::<usize>());
        assert!(reserved < all + 3 * PIECE, "{reserved} for {all}");
    }
}
