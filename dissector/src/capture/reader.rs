//! The door of this room: capture bytes in, packets out, whatever surrounds them.
//!
//! Decides by the first four bytes whether gzip or Zstandard is around the capture and passes everything on in small
//! pieces. Nothing is held but the record being read and the decoders' own windows, so a file that would grow without
//! end under decompression costs time, never memory.

use super::gzip::Gzip;
use super::kind::Wrapping;
use super::records::{Ending, Record, Records, Refusal};
use super::zstd::Zstd;
use super::{Packet, gzip, zstd};

/// Bytes that tell what surrounds the capture.
const HEAD: usize = 4;

#[derive(Debug)]
enum Outside {
    /// Fewer than [`HEAD`] bytes came so far.
    Undecided(Vec<u8>),
    Nothing,
    Gzip(Box<Gzip>),
    Zstd(Box<Zstd>),
}

/// Reads a capture pushed in slices of any size.
///
/// ```
/// use msnp_dissector::capture::{CaptureReader, Ending};
///
/// // A pcap file (µs, little-endian, Ethernet) with one packet of two bytes, the last of which is missing.
/// let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0];
/// file.extend([0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0xaa]);
///
/// let mut packets = 0;
/// let mut reader = CaptureReader::new();
/// for piece in file.chunks(10) {
///     reader.push(piece, &mut |_| packets += 1).unwrap();
/// }
/// assert_eq!(reader.finish(&mut |_| packets += 1), Ok(Ending::Cut { packet: 1 }));
/// assert_eq!(packets, 0);
/// ```
#[derive(Debug)]
pub struct CaptureReader {
    outside: Outside,
    records: Records,
}

impl Default for CaptureReader {
    fn default() -> Self {
        Self::new()
    }
}

impl CaptureReader {
    /// A reader at the start of a file.
    #[must_use]
    pub fn new() -> Self {
        CaptureReader { outside: Outside::Undecided(Vec::new()), records: Records::new(None) }
    }

    /// Takes the next bytes of the file; calls `sink` with every packet they complete.
    ///
    /// # Errors
    /// When the file is no capture; from then on every call says so again.
    pub fn push(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&Packet<'_>)) -> Result<(), Refusal> {
        self.push_records(bytes, &mut packets(sink))
    }

    /// The same for whoever copies a capture: calls `sink` with all that a copy needs.
    ///
    /// # Errors
    /// As [`CaptureReader::push`].
    pub fn push_records(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&Record<'_>)) -> Result<(), Refusal> {
        match &mut self.outside {
            Outside::Nothing => self.records.push(bytes, sink),
            Outside::Gzip(gzip) => gzip.push(bytes, &mut self.records, sink),
            Outside::Zstd(zstd) => zstd.push(bytes, &mut self.records, sink),
            Outside::Undecided(head) if head.is_empty() && bytes.len() >= HEAD => {
                self.decide(bytes);
                self.push_records(bytes, sink)
            }
            Outside::Undecided(head) => {
                let (first, rest) = bytes.split_at_checked(HEAD - head.len()).unwrap_or((bytes, &[]));
                head.extend_from_slice(first);
                if head.len() < HEAD {
                    return Ok(());
                }
                let head = std::mem::take(head);
                self.decide(&head);
                self.push_records(&head, sink)?;
                self.push_records(rest, sink)
            }
        }
    }

    /// Ends the file. No packet is delivered any more; `sink` is taken for the case of a format that needs it.
    ///
    /// # Errors
    /// When the file is no capture.
    pub fn finish(&mut self, sink: &mut dyn FnMut(&Packet<'_>)) -> Result<Ending, Refusal> {
        let whole = match &mut self.outside {
            Outside::Undecided(head) => {
                let head = std::mem::take(head);
                self.records.push(&head, &mut packets(sink))?;
                true
            }
            Outside::Nothing => true,
            Outside::Gzip(gzip) => gzip.is_whole(),
            Outside::Zstd(zstd) => zstd.is_whole(),
        };
        if !whole && self.records.is_empty() {
            return Ok(Ending::Cut { packet: 1 });
        }
        match self.records.finish()? {
            Ending::Complete if !whole => Ok(Ending::Cut { packet: self.records.packets() + 1 }),
            ending => Ok(ending),
        }
    }

    /// A reader that begins again shortly before a packet, and the byte of the file at which; the beginning where that cannot
    /// be known, as in a compressed file.
    #[must_use]
    pub fn again(&self, number: u64) -> (Self, u64) {
        let (Outside::Nothing, Some((records, at))) = (&self.outside, self.records.again(number)) else {
            return (Self::new(), 0);
        };
        (CaptureReader { outside: Outside::Nothing, records }, at)
    }

    fn decide(&mut self, head: &[u8]) {
        self.outside = if head.starts_with(&gzip::MAGIC) {
            self.records = Records::new(Some(Wrapping::Gzip));
            Outside::Gzip(Box::default())
        } else if zstd::is_magic(head) {
            self.records = Records::new(Some(Wrapping::Zstandard));
            Outside::Zstd(Box::default())
        } else {
            Outside::Nothing
        };
    }
}

/// Hands on packets only.
fn packets(sink: &mut dyn FnMut(&Packet<'_>)) -> impl FnMut(&Record<'_>) {
    |record| {
        if let Record::Packet(packet, _) = record {
            sink(packet);
        }
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
