//! Content codings: what a body says once it is unpacked.

use flate2::bufread::GzDecoder;
use flate2::{Decompress, FlushDecompress, Status};

use super::Head;

/// Unpacked bytes of one body; more are not unpacked.
pub const DECODED_CEILING: usize = 8 << 20;
/// Bytes unpacked at a time.
const PIECE: usize = 4 << 10;
/// Longest gzip header that is waited for.
const GZIP_HEADER_CEILING: usize = 1024;
/// A gzip member ends in checksum and length.
const GZIP_TRAILER: usize = 8;

/// How a body is packed, and how far it is unpacked.
#[derive(Debug)]
pub(super) enum Coding {
    /// As it is.
    Identity,
    /// gzip, before its deflated bytes: the header so far.
    GzipHeader(Vec<u8>),
    /// zlib, or bare deflate where somebody misread the specification: the first byte tells.
    Deflate,
    /// Deflated bytes, unpacked so far.
    Inflating { inflate: Box<Decompress>, unpacked: usize, trailer: usize },
    /// After the packed bytes: so many more belong to them.
    Trailer(usize),
    /// It cannot be unpacked, or no further.
    Unreadable,
}

impl Coding {
    /// The coding that a head announces.
    pub fn of(head: &Head<'_>) -> Self {
        match head.header("Content-Encoding").map(<[u8]>::to_ascii_lowercase).as_deref() {
            None | Some(b"" | b"identity") => Self::Identity,
            Some(b"gzip" | b"x-gzip") => Self::GzipHeader(Vec::new()),
            Some(b"deflate") => Self::Deflate,
            Some(_) => Self::Unreadable,
        }
    }

    /// Whether bytes of the body stand on the wire as they are.
    pub fn is_identity(&self) -> bool {
        matches!(self, Self::Identity)
    }

    /// Unpacks the next bytes; gives back those that it cannot unpack.
    pub fn unpack<'b>(&mut self, mut bytes: &'b [u8], sink: &mut dyn FnMut(&[u8])) -> &'b [u8] {
        while !bytes.is_empty() {
            bytes = match self {
                Self::Identity => {
                    sink(bytes);
                    return &[];
                }
                Self::GzipHeader(held) => {
                    let before = held.len();
                    held.extend_from_slice(bytes);
                    let decoder = GzDecoder::new(held.as_slice());
                    let is_whole = decoder.header().is_some();
                    let left = if is_whole { decoder.get_ref().len() } else { 0 };
                    let header = held.len().saturating_sub(left);
                    match (is_whole, held.len() > GZIP_HEADER_CEILING) {
                        (true, _) => {
                            let rest = bytes.get(header.saturating_sub(before)..).unwrap_or_default();
                            *self = Self::inflating(false, GZIP_TRAILER);
                            rest
                        }
                        (false, true) => {
                            *self = Self::Unreadable;
                            return bytes;
                        }
                        (false, false) => return &[],
                    }
                }
                Self::Deflate => {
                    let zlib = bytes.first().is_some_and(|byte| byte & 0x0f == 8);
                    *self = Self::inflating(zlib, 0);
                    bytes
                }
                Self::Inflating { inflate, unpacked, trailer } => {
                    let mut rest = bytes;
                    let next = loop {
                        let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
                        let mut piece = [0; PIECE];
                        let status = inflate.decompress(rest, &mut piece, FlushDecompress::None);
                        let count = |total: u64, before: u64| usize::try_from(total - before).unwrap_or(usize::MAX);
                        let (read, made) =
                            (count(inflate.total_in(), before_in), count(inflate.total_out(), before_out));
                        rest = rest.get(read..).unwrap_or_default();
                        *unpacked = unpacked.saturating_add(made);
                        sink(piece.get(..made).unwrap_or_default());
                        match status {
                            Ok(Status::StreamEnd) => break Some(Self::Trailer(*trailer)),
                            Err(_) => break Some(Self::Unreadable),
                            Ok(_) if *unpacked > DECODED_CEILING => break Some(Self::Unreadable),
                            // What did not fit into the piece comes out of the next one, without more to read.
                            Ok(_) if made == PIECE || (read > 0 && !rest.is_empty()) => {}
                            Ok(_) => break None,
                        }
                    };
                    match next {
                        Some(next) => *self = next,
                        None if rest.len() == bytes.len() => *self = Self::Unreadable,
                        None => {}
                    }
                    rest
                }
                Self::Trailer(0) | Self::Unreadable => {
                    *self = Self::Unreadable;
                    return bytes;
                }
                Self::Trailer(left) => {
                    let used = bytes.len().min(*left);
                    *left -= used;
                    bytes.get(used..).unwrap_or_default()
                }
            };
        }
        bytes
    }

    fn inflating(zlib: bool, trailer: usize) -> Self {
        Self::Inflating { inflate: Box::new(Decompress::new(zlib)), unpacked: 0, trailer }
    }
}
