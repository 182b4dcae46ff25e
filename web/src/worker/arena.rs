//! Bytes of all commands, in large chunks: no allocation per command, nothing is ever moved.

/// Length of a usual chunk in bytes; a longer command gets a chunk of its own.
const CHUNK: usize = 1 << 20;

/// Where bytes lie.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    chunk: u32,
    start: u32,
    length: u32,
}

impl Place {
    /// How many bytes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.length
    }

    /// True when there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.length == 0
    }
}

/// The chunks.
#[derive(Debug, Default)]
pub struct Arena {
    chunks: Vec<Vec<u8>>,
}

impl Arena {
    /// Keeps a copy of `bytes`; what exceeds 4 GB of them is not kept.
    pub fn keep(&mut self, bytes: &[u8]) -> Place {
        let room = self.chunks.last().map_or(0, |chunk| chunk.capacity() - chunk.len());
        if room < bytes.len() || self.chunks.is_empty() {
            self.chunks.push(Vec::with_capacity(CHUNK.max(bytes.len())));
        }
        let index = self.chunks.len() - 1;
        let Some(chunk) = self.chunks.last_mut() else { return Place::default() };
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let place = Place { chunk: narrow(index), start: narrow(chunk.len()), length: narrow(bytes.len()) };
        chunk.extend_from_slice(bytes);
        place
    }

    /// The bytes at a place.
    #[must_use]
    pub fn bytes(&self, place: Place) -> &[u8] {
        let start = place.start as usize;
        let chunk = self.chunks.get(place.chunk as usize);
        chunk.and_then(|chunk| chunk.get(start..start + place.length as usize)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_whatever_chunk() {
        let mut arena = Arena::default();
        let sizes = [0, 3, CHUNK - 3, 1, 2 * CHUNK, 5];
        let filled = |(size, value): (usize, u8)| vec![value; size];
        let kept: Vec<_> = sizes.into_iter().zip(1..).map(filled).map(|bytes| (arena.keep(&bytes), bytes)).collect();
        for (place, bytes) in kept {
            assert_eq!(arena.bytes(place), bytes);
        }
    }
}
