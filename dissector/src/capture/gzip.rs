//! gzip around a capture (RFC 1952): any number of members, each a header, deflated bytes, a checksum and a length.
//!
//! In come the file's bytes, out go uncompressed ones to [`Records`], at most [`PIECE`] at a time. Zero bytes or anything
//! else behind the last member is ignored, as gzip itself does.
//!
//! ```text
//! 0 1F 8B (2)  2 method 8 (1)  3 flags (1)  4 time (4)  8 extra flags (1)  9 system (1)
//! flag 4: length (2, little-endian) and that many bytes; flag 8: name to a zero byte; flag 16: comment to a zero byte;
//! flag 2: checksum of the header (2)          deflate …          CRC-32 (4)  length modulo 2^32 (4), little-endian
//! ```

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::kind::Wrapping;
use super::records::{Damage, Record, Records, Refusal};

/// How every gzip member begins that holds deflated bytes.
pub(super) const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
/// Bytes inflated at a time.
const PIECE: usize = 1 << 16;

const HEADER_CRC: u8 = 2;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;

/// Where in a member the next byte lies; the counts are bytes seen or still to come.
#[derive(Clone, Copy, Debug)]
enum Place {
    Fixed(usize),
    ExtraLength(Option<u8>),
    Extra(u16),
    Name,
    Comment,
    HeaderCrc(u8),
    Body,
    Trailer(usize),
    /// After at least one member: another one, or something to ignore.
    Between,
    Ignored,
}

/// The state of reading a gzip file.
#[derive(Debug)]
pub(super) struct Gzip {
    place: Place,
    /// Header parts still to come.
    flags: u8,
    trailer: [u8; 8],
    inflate: Decompress,
    crc: Crc,
    piece: Vec<u8>,
}

impl Default for Gzip {
    fn default() -> Self {
        Gzip {
            place: Place::Fixed(0),
            flags: 0,
            trailer: [0; 8],
            inflate: Decompress::new(false),
            crc: Crc::new(),
            piece: vec![0; PIECE],
        }
    }
}

impl Gzip {
    /// Takes the next bytes of the file.
    pub fn push(
        &mut self,
        mut bytes: &[u8],
        records: &mut Records,
        sink: &mut dyn FnMut(&Record<'_>),
    ) -> Result<(), Refusal> {
        while let ([first, rest @ ..], false) = (bytes, records.stopped()) {
            bytes = match self.place {
                Place::Body => self.inflate(bytes, records, sink)?,
                Place::Ignored => return Ok(()),
                _ => {
                    if let Err(reason) = self.byte(*first) {
                        records.damage(reason);
                    }
                    rest
                }
            };
        }
        records.push(&[], sink)
    }

    /// Whether the file may end here.
    pub fn is_whole(&self) -> bool {
        matches!(self.place, Place::Between | Place::Ignored)
    }

    /// Takes one byte of a header or trailer.
    fn byte(&mut self, byte: u8) -> Result<(), Damage> {
        self.place = match self.place {
            Place::Between if byte == MAGIC[0] => Place::Fixed(1),
            Place::Between => Place::Ignored,
            Place::Fixed(at) => {
                if MAGIC.get(at).is_some_and(|magic| *magic != byte) {
                    return Err(Damage::Compression(Wrapping::Gzip));
                }
                match at {
                    3 => self.flags = byte,
                    9 => return self.begin_part(),
                    _ => {}
                }
                Place::Fixed(at + 1)
            }
            Place::ExtraLength(None) => Place::ExtraLength(Some(byte)),
            Place::ExtraLength(Some(low)) => match u16::from_le_bytes([low, byte]) {
                0 => return self.begin_part(),
                length => Place::Extra(length),
            },
            Place::Extra(2..) | Place::Name | Place::Comment | Place::HeaderCrc(2..) if self.inside(byte) => {
                match self.place {
                    Place::Extra(left) => Place::Extra(left - 1),
                    Place::HeaderCrc(left) => Place::HeaderCrc(left - 1),
                    same => same,
                }
            }
            Place::Extra(_) | Place::Name | Place::Comment | Place::HeaderCrc(_) => return self.begin_part(),
            Place::Trailer(at) => {
                if let Some(slot) = self.trailer.get_mut(at) {
                    *slot = byte;
                }
                match at {
                    7 => return self.end_member(),
                    _ => Place::Trailer(at + 1),
                }
            }
            same @ (Place::Body | Place::Ignored) => same,
        };
        Ok(())
    }

    /// Whether the header part goes on after `byte`: texts end with a zero byte.
    fn inside(&self, byte: u8) -> bool {
        !matches!(self.place, Place::Name | Place::Comment) || byte != 0
    }

    /// Goes to the next part of the header that the flags announce, or to the body.
    fn begin_part(&mut self) -> Result<(), Damage> {
        let parts = [
            (EXTRA, Place::ExtraLength(None)),
            (NAME, Place::Name),
            (COMMENT, Place::Comment),
            (HEADER_CRC, Place::HeaderCrc(2)),
        ];
        match parts.into_iter().find(|(flag, _)| self.flags & flag != 0) {
            Some((flag, place)) => {
                self.flags &= !flag;
                self.place = place;
            }
            None => self.place = Place::Body,
        }
        Ok(())
    }

    fn end_member(&mut self) -> Result<(), Damage> {
        let [a, b, c, d, e, f, g, h] = self.trailer;
        let stated = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
        if stated != (self.crc.sum(), self.crc.amount()) {
            return Err(Damage::Checksum(Wrapping::Gzip));
        }
        self.inflate.reset(false);
        self.crc.reset();
        self.place = Place::Between;
        Ok(())
    }

    /// Inflates one piece and returns the bytes not used for it.
    fn inflate<'a>(
        &mut self,
        bytes: &'a [u8],
        records: &mut Records,
        sink: &mut dyn FnMut(&Record<'_>),
    ) -> Result<&'a [u8], Refusal> {
        let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(bytes, &mut self.piece, FlushDecompress::None);
        let used = usize::try_from(self.inflate.total_in() - before_in).unwrap_or(bytes.len());
        let made = usize::try_from(self.inflate.total_out() - before_out).unwrap_or(0);
        let made = self.piece.get(..made).unwrap_or_default();
        self.crc.update(made);
        records.push(made, sink)?;
        match status {
            Ok(Status::StreamEnd) => self.place = Place::Trailer(0),
            Ok(_) if used > 0 || !made.is_empty() => {}
            Ok(_) | Err(_) => records.damage(Damage::Compression(Wrapping::Gzip)),
        }
        Ok(bytes.get(used..).unwrap_or_default())
    }
}
