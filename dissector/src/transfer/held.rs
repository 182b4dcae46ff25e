//! Where the bytes of chunks are: in the capture file, which is read again, in memory, under ceilings, or with whoever
//! keeps the PDUs.

use crate::analysis::{Extent, Place};
use crate::tree::Span;

/// Bytes kept of one object where its file cannot be read again.
pub const OBJECT_BYTES: usize = 64 << 20;
/// Bytes kept of all objects together.
pub const TOTAL_BYTES: usize = 256 << 20;

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
    /// In [`Holding::bytes`], from here on.
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
    bytes: Vec<u8>,
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
        if self.bytes.len().saturating_add(bytes.len()) > object || all.saturating_add(bytes.len()) > total {
            return Held::Gone;
        }
        let start = self.bytes.len() as u64;
        self.bytes.extend_from_slice(bytes);
        *all = all.saturating_add(bytes.len());
        Held::Memory(start)
    }

    pub fn extents(&self, first: u32, count: u32) -> &[Extent] {
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        let end = first.saturating_add(usize::try_from(count).unwrap_or(usize::MAX));
        self.extents.get(first..end).unwrap_or_default()
    }

    pub fn bytes(&self, start: u64, length: u32) -> &[u8] {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let end = start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
        self.bytes.get(start..end).unwrap_or_default()
    }
}
