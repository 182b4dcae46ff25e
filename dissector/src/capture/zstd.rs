//! Zstandard around a capture (RFC 8878): any number of frames, each a header and blocks of at most 128 KiB.
//!
//! In come the file's bytes, out go uncompressed ones to [`Records`]. The decoder wants whole blocks, so one block is
//! held at a time; it keeps a window of what it decoded, of at most [`MAX_WINDOW`] bytes, and only as far as it is filled.
//!
//! ```text
//! frame      0 28 B5 2F FD (4)  4 descriptor (1)  5 window (0-1)  dictionary (0-4)  content size (0-8)
//! block      0 last (bit 0), kind (bits 1-2), size (bits 3-23), little-endian (3)  content
//! checksum   after the last block (4), when the descriptor's bit 2 is set
//! skippable  0 50-5F 2A 4D 18 (4)  4 length, little-endian (4)  content
//! ```

use std::io::Read;

use ruzstd::decoding::errors::FrameDecoderError;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::kind::Wrapping;
use super::records::{Damage, Record, Records, Refusal};

/// Largest window accepted, in bytes: what `zstd --long` uses.
const MAX_WINDOW: u64 = 1 << 27;
/// Largest block there may be, in bytes.
const MAX_BLOCK: usize = 1 << 17;
/// Decoded bytes passed on at a time.
const PIECE: usize = 1 << 16;

const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Whether a file that begins so is Zstandard.
pub(super) fn is_magic(head: &[u8]) -> bool {
    head.starts_with(&MAGIC) || is_skippable(head)
}

fn is_skippable(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// What the bytes being collected are.
#[derive(Clone, Copy, Debug)]
enum Place {
    Magic,
    SkippableLength,
    Skipped(u32),
    Descriptor,
    FrameHeader,
    BlockHeader,
    Block { last: bool },
    Ignored,
}

/// The state of reading a Zstandard file.
pub(super) struct Zstd {
    place: Place,
    /// Bytes of the part being collected, filled up to `need`.
    held: Vec<u8>,
    need: usize,
    /// Whether the frame ends with a checksum.
    checksum: bool,
    decoder: FrameDecoder,
    piece: Vec<u8>,
}

impl std::fmt::Debug for Zstd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Zstd").field("place", &self.place).field("need", &self.need).finish_non_exhaustive()
    }
}

impl Default for Zstd {
    fn default() -> Self {
        Zstd {
            place: Place::Magic,
            held: Vec::new(),
            need: MAGIC.len(),
            checksum: false,
            decoder: FrameDecoder::new(),
            piece: vec![0; PIECE],
        }
    }
}

impl Zstd {
    /// Takes the next bytes of the file.
    pub fn push(
        &mut self,
        mut bytes: &[u8],
        records: &mut Records,
        sink: &mut dyn FnMut(&Record<'_>),
    ) -> Result<(), Refusal> {
        while !bytes.is_empty() && !records.stopped() {
            bytes = match self.place {
                Place::Ignored => return Ok(()),
                Place::Skipped(left) => self.skip(left, bytes),
                _ => {
                    let wanted = self.need.saturating_sub(self.held.len());
                    let (taken, rest) = bytes.split_at_checked(wanted).unwrap_or((bytes, &[]));
                    self.held.extend_from_slice(taken);
                    while self.is_collected() && !records.stopped() {
                        self.part(records, sink)?;
                    }
                    rest
                }
            };
        }
        records.push(&[], sink)
    }

    /// Whether the file may end here.
    pub fn is_whole(&self) -> bool {
        matches!(self.place, Place::Magic if self.held.is_empty()) || matches!(self.place, Place::Ignored)
    }

    fn is_collected(&self) -> bool {
        !matches!(self.place, Place::Skipped(_) | Place::Ignored) && self.held.len() >= self.need
    }

    fn skip<'a>(&mut self, left: u32, bytes: &'a [u8]) -> &'a [u8] {
        let skipped = u32::try_from(bytes.len()).map_or(left, |length| length.min(left));
        match left - skipped {
            0 => self.expect(Place::Magic, MAGIC.len()),
            left => self.place = Place::Skipped(left),
        }
        bytes.get(skipped as usize..).unwrap_or_default()
    }

    /// Begins collecting a new part.
    fn expect(&mut self, place: Place, need: usize) {
        self.place = place;
        self.need = need;
        self.held.clear();
    }

    /// Acts on a part that is complete.
    fn part(&mut self, records: &mut Records, sink: &mut dyn FnMut(&Record<'_>)) -> Result<(), Refusal> {
        let done = match self.place {
            Place::Magic if self.held.starts_with(&MAGIC) => {
                (self.place, self.need) = (Place::Descriptor, 5);
                Ok(())
            }
            Place::Magic if is_skippable(&self.held) => {
                (self.place, self.need) = (Place::SkippableLength, 8);
                Ok(())
            }
            Place::Magic => {
                self.place = Place::Ignored;
                Ok(())
            }
            Place::SkippableLength => {
                let length = self.held.last_chunk().map_or(0, |length| u32::from_le_bytes(*length));
                self.place = Place::Skipped(length);
                if length == 0 {
                    self.expect(Place::Magic, MAGIC.len());
                }
                Ok(())
            }
            Place::Descriptor => {
                self.descriptor(self.held.get(4).copied().unwrap_or_default());
                Ok(())
            }
            Place::FrameHeader => self.frame(),
            Place::BlockHeader => self.block_header(),
            Place::Block { last } => self.block(last, records, sink)?,
            Place::Skipped(_) | Place::Ignored => Ok(()),
        };
        if let Err(reason) = done {
            records.damage(reason);
        }
        Ok(())
    }

    /// Learns from the descriptor how long the frame header is.
    fn descriptor(&mut self, descriptor: u8) {
        let single_segment = descriptor & 0x20 != 0;
        let window = usize::from(!single_segment);
        let dictionary = [0, 1, 2, 4].get(usize::from(descriptor & 3)).copied().unwrap_or(0);
        let content_size = match descriptor >> 6 {
            0 => usize::from(single_segment),
            flag => 1 << flag,
        };
        self.checksum = descriptor & 4 != 0;
        self.place = Place::FrameHeader;
        self.need = 5 + window + dictionary + content_size;
    }

    fn frame(&mut self) -> Result<(), Damage> {
        // A new decoder allocates as it decodes; a used one would reserve the whole window a frame merely claims.
        self.decoder = FrameDecoder::new();
        self.decoder.set_max_window_size(MAX_WINDOW);
        let begun = self.decoder.init(self.held.as_slice());
        self.expect(Place::BlockHeader, 3);
        begun.map_err(|error| match error {
            FrameDecoderError::WindowSizeTooBig { requested, .. } => Damage::Window { claimed: requested },
            FrameDecoderError::DictNotProvided { dict_id } => Damage::Dictionary { id: dict_id },
            _ => Damage::Compression(Wrapping::Zstandard),
        })
    }

    fn block_header(&mut self) -> Result<(), Damage> {
        let [a, b, c] = self.held.first_chunk().copied().unwrap_or_default();
        let header = u32::from_le_bytes([a, b, c, 0]);
        let (last, kind, size) = (header & 1 == 1, header >> 1 & 3, (header >> 3) as usize);
        if kind == 3 || size > MAX_BLOCK {
            return Err(Damage::Compression(Wrapping::Zstandard));
        }
        // A block of kind 1 is one byte, repeated `size` times.
        let content = if kind == 1 { 1 } else { size };
        let checksum = if last && self.checksum { 4 } else { 0 };
        self.place = Place::Block { last };
        self.need = 3 + content + checksum;
        Ok(())
    }

    fn block(
        &mut self,
        last: bool,
        records: &mut Records,
        sink: &mut dyn FnMut(&Record<'_>),
    ) -> Result<Result<(), Damage>, Refusal> {
        let decoded = self.decoder.decode_blocks(self.held.as_slice(), BlockDecodingStrategy::UptoBlocks(1));
        if decoded.is_err() {
            return Ok(Err(Damage::Compression(Wrapping::Zstandard)));
        }
        loop {
            let made = self.decoder.read(&mut self.piece).unwrap_or(0);
            if made == 0 {
                break;
            }
            records.push(self.piece.get(..made).unwrap_or_default(), sink)?;
        }
        if !last {
            self.expect(Place::BlockHeader, 3);
            return Ok(Ok(()));
        }
        self.expect(Place::Magic, MAGIC.len());
        if self.checksum && self.decoder.get_checksum_from_data() != self.decoder.get_calculated_checksum() {
            return Ok(Err(Damage::Checksum(Wrapping::Zstandard)));
        }
        Ok(Ok(()))
    }
}
