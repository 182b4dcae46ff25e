//! The capture file, read again where chunks stand in it.
//!
//! Chunks of one object mostly stand one behind the other, and now and then elsewhere: a late one, or one that came before
//! and is compared. So two places of the file are kept in memory. What goes on where a place ends is read in ever longer
//! pieces, what stands elsewhere in a short one.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use msnp_dissector::analysis::Extent;
use msnp_dissector::transfer::Bytes;

/// Bytes read where nothing was read before.
const SHORTEST: usize = 16 * 1024;
/// Bytes read where reading has gone on for a while.
const LONGEST: usize = 256 * 1024;

/// A capture that can be read again, or nothing, where all bytes are kept.
pub struct Capture<R = File> {
    file: Option<R>,
    windows: [Window; 2],
    /// Which of the two was looked at last.
    last: usize,
}

/// A place of the file that is in memory.
#[derive(Default)]
struct Window {
    start: u64,
    bytes: Vec<u8>,
    /// Bytes that were asked for when it was read.
    asked: usize,
}

impl<R: Read + Seek> Capture<R> {
    pub fn new(file: Option<R>) -> Self {
        Self { file, windows: Default::default(), last: 0 }
    }

    /// Reads a place; says which of the two it now is.
    fn slide(&mut self, extent: Extent) -> io::Result<usize> {
        let file = self.file.as_mut().ok_or(io::ErrorKind::Unsupported)?;
        let goes_on = self.windows.iter().position(|window| window.is_before(extent));
        let at = goes_on.unwrap_or(1 - self.last);
        let Some(window) = self.windows.get_mut(at) else { return Err(io::ErrorKind::NotFound.into()) };
        let asked = if goes_on.is_some() { LONGEST.min(window.asked * 2) } else { SHORTEST };
        window.bytes.clear();
        window.asked = asked.max(usize::try_from(extent.length).unwrap_or(usize::MAX));
        window.start = file.seek(SeekFrom::Start(extent.offset))?;
        file.take(window.asked as u64).read_to_end(&mut window.bytes)?;
        Ok(at)
    }
}

impl Window {
    fn bytes_of(&self, extent: Extent) -> Option<&[u8]> {
        let start = usize::try_from(extent.offset.checked_sub(self.start)?).ok()?;
        self.bytes.get(start..start.checked_add(usize::try_from(extent.length).ok()?)?)
    }

    /// Whether an extent begins inside, or not far behind it: other packets may stand between two chunks.
    fn is_before(&self, extent: Extent) -> bool {
        let within = self.bytes.len().saturating_add(SHORTEST);
        let at = extent.offset.checked_sub(self.start).and_then(|at| usize::try_from(at).ok());
        !self.bytes.is_empty() && at.is_some_and(|at| at < within)
    }
}

impl<R: Read + Seek> Bytes for Capture<R> {
    fn extent(&mut self, extent: Extent, into: &mut Vec<u8>) -> bool {
        let there = self.windows.iter().position(|window| window.bytes_of(extent).is_some());
        let Some(at) = there.or_else(|| self.slide(extent).ok()) else { return false };
        self.last = at;
        let Some(bytes) = self.windows.get(at).and_then(|window| window.bytes_of(extent)) else { return false };
        into.extend_from_slice(bytes);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// A file that counts what is read of it.
    struct Counted {
        file: Cursor<Vec<u8>>,
        places: usize,
        bytes: usize,
    }

    impl Read for Counted {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = self.file.read(into)?;
            self.bytes += count;
            Ok(count)
        }
    }

    impl Seek for Counted {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.places += 1;
            self.file.seek(to)
        }
    }

    const CHUNK: u32 = 1202;
    const APART: usize = 1300;
    const CHUNKS: usize = 4000;

    fn capture() -> (Vec<u8>, Capture<Counted>) {
        let bytes = (0..CHUNKS * APART).map(|at| u8::try_from(at % 251).unwrap()).collect::<Vec<_>>();
        let file = Counted { file: Cursor::new(bytes.clone()), places: 0, bytes: 0 };
        (bytes, Capture::new(Some(file)))
    }

    /// Reads chunks by their number; says in how many places and how many bytes of the file were read for it.
    fn read(chunks: impl Iterator<Item = usize>) -> (usize, usize) {
        let (bytes, mut capture) = capture();
        for chunk in chunks {
            let mut into = Vec::new();
            let start = chunk * APART;
            assert!(capture.extent(Extent { offset: start as u64, length: CHUNK }, &mut into));
            assert!(into == bytes[start..start + CHUNK as usize], "chunk {chunk}");
        }
        let counted = capture.file.unwrap();
        (counted.places, counted.bytes)
    }

    #[test]
    fn what_stands_in_order_is_read_in_long_pieces_and_once() {
        let (places, bytes) = read(0..CHUNKS);
        assert!(places < 40, "{places} places");
        assert!(bytes < CHUNKS * APART * 11 / 10, "{bytes} bytes");
    }

    /// Each chunk with one that stands half a file away, as where what came twice is compared.
    #[test]
    fn two_places_are_read_side_by_side() {
        let half = CHUNKS / 2;
        let (places, bytes) = read((0..half).flat_map(|chunk| [chunk, half + chunk]));
        assert!(places < 60, "{places} places");
        assert!(bytes < CHUNKS * APART * 11 / 10, "{bytes} bytes");
    }

    /// Every tenth chunk stands somewhere else.
    #[test]
    fn what_stands_elsewhere_costs_little() {
        let strays = |chunk| if chunk % 10 == 9 { [chunk, chunk * 7 % CHUNKS] } else { [chunk, chunk] };
        let (places, bytes) = read((0..CHUNKS).flat_map(strays));
        assert!(places < CHUNKS / 10 + 60, "{places} places");
        assert!(bytes < CHUNKS * APART * 4, "{bytes} bytes");
    }

    #[test]
    fn what_is_not_there_is_not_given() {
        let (bytes, mut capture) = capture();
        let mut into = Vec::new();
        assert!(!capture.extent(Extent { offset: bytes.len() as u64 - 10, length: 11 }, &mut into));
        assert!(capture.extent(Extent { offset: 0, length: u32::try_from(LONGEST).unwrap() + 1 }, &mut into));
        assert!(!Capture::<Counted>::new(None).extent(Extent { offset: 0, length: 1 }, &mut into));
    }
}
