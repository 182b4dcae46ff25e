//! Bytes that came before their turn, each once: the first copy of a byte is kept, later ones fill only what is missing.
//!
//! Used for TCP segments out of order and for IP fragments; knows neither. Positions are 64-bit byte offsets.

use std::collections::BTreeMap;

use crate::capture::Timestamp;

/// What a piece is counted as beyond its bytes, so that many tiny pieces are bounded as well.
const OVERHEAD: usize = 96;

/// Where bytes come from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub frame: u64,
    pub time: Timestamp,
    /// Of the first byte, in the capture file.
    pub file_offset: Option<u64>,
}

impl Origin {
    /// The origin of what comes `count` bytes later in the same packet.
    pub fn after(self, count: u64) -> Origin {
        Origin { file_offset: self.file_offset.map(|offset| offset + count), ..self }
    }
}

/// What lies in a stretch of positions.
#[derive(Debug)]
pub(super) enum Content {
    Bytes(Vec<u8>),
    /// Bytes known to have been sent in a packet that was captured only in part.
    Void(u64),
}

impl Content {
    fn len(&self) -> u64 {
        match self {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Void(len) => *len,
        }
    }

    fn weight(&self) -> usize {
        match self {
            Content::Bytes(bytes) => bytes.len() + OVERHEAD,
            Content::Void(_) => OVERHEAD,
        }
    }
}

#[derive(Debug)]
pub(super) struct Piece {
    pub origin: Origin,
    pub content: Content,
}

/// Pieces that do not overlap, by position.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    by_start: BTreeMap<u64, Piece>,
    weight: usize,
}

impl Pieces {
    pub fn is_empty(&self) -> bool {
        self.by_start.is_empty()
    }

    pub fn len(&self) -> usize {
        self.by_start.len()
    }

    /// Bytes of memory the pieces count for.
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// Position and origin of the first piece.
    pub fn first(&self) -> Option<(u64, Origin)> {
        self.by_start.first_key_value().map(|(start, piece)| (*start, piece.origin))
    }

    /// How far the bytes from position 0 reach without a hole.
    pub fn contiguous(&self) -> u64 {
        let mut reached = 0;
        for (start, piece) in &self.by_start {
            if *start != reached {
                break;
            }
            reached += piece.content.len();
        }
        reached
    }

    /// Takes the first piece out if it begins at `position`.
    pub fn take_at(&mut self, position: u64) -> Option<Piece> {
        let entry = self.by_start.first_entry().filter(|entry| *entry.key() == position)?;
        let piece = entry.remove();
        self.weight -= piece.content.weight();
        Some(piece)
    }

    /// Keeps those of `bytes`, which begin at `start`, that are not kept yet.
    pub fn insert(&mut self, start: u64, bytes: &[u8], origin: Origin) {
        self.fill(start, bytes.len() as u64, origin, |from, to| {
            bytes.get(from..to).map(|bytes| Content::Bytes(bytes.to_vec()))
        });
    }

    /// Notes that the `len` bytes from `start` are known to be cut off, where nothing else is kept.
    pub fn insert_void(&mut self, start: u64, len: u64, origin: Origin) {
        self.fill(start, len, origin, |from, to| Some(Content::Void((to - from) as u64)));
    }

    /// Calls `content` with every stretch of `start..start + len` that is free, relative to `start`.
    fn fill(&mut self, start: u64, len: u64, origin: Origin, content: impl Fn(usize, usize) -> Option<Content>) {
        let end = start.saturating_add(len);
        let mut cursor = start;
        while cursor < end {
            if let Some((at, before)) = self.by_start.range(..=cursor).next_back() {
                let covered = at + before.content.len();
                if covered > cursor {
                    cursor = covered;
                    continue;
                }
            }
            let free_to = self.by_start.range(cursor..end).next().map_or(end, |(next, _)| *next);
            let (from, to) = (cursor - start, free_to - start);
            if let (Ok(low), Ok(high)) = (usize::try_from(from), usize::try_from(to))
                && let Some(content) = content(low, high)
            {
                self.weight += content.weight();
                self.by_start.insert(cursor, Piece { origin: origin.after(from), content });
            }
            cursor = free_to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: Origin =
        Origin { frame: 1, time: Timestamp { seconds: 0, nanos: 0, digits: 6, absent: false }, file_offset: Some(100) };

    fn drain(pieces: &mut Pieces) -> Vec<(u64, Vec<u8>, Option<u64>)> {
        let mut all = Vec::new();
        while let Some((start, origin)) = pieces.first() {
            if let Some(Piece { content: Content::Bytes(bytes), .. }) = pieces.take_at(start) {
                all.push((start, bytes, origin.file_offset));
            }
        }
        all
    }

    #[test]
    fn the_first_copy_of_a_byte_is_kept() {
        let mut pieces = Pieces::default();
        pieces.insert(12, b"cc", ORIGIN);
        pieces.insert(16, b"gg", ORIGIN);
        pieces.insert(10, b"0123456789", ORIGIN);
        pieces.insert(11, b"xxxxxx", ORIGIN);
        let expected = [(10, "01", 100), (12, "cc", 100), (14, "45", 104), (16, "gg", 100), (18, "89", 108)];
        let expected: Vec<_> = expected.map(|(at, bytes, file)| (at, bytes.as_bytes().to_vec(), Some(file))).into();
        assert_eq!(drain(&mut pieces), expected);
        assert_eq!(pieces.weight(), 0);
    }
}
