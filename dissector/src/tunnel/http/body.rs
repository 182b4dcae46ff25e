//! Where a body ends (RFC 9112, section 6): by its length, by its chunks, or where the connection ends.

use httparse::Status;

use super::head::{Head, Kind, Start};

/// A line between chunks longer than this is not waited for.
pub const CHUNK_LINE_CEILING: usize = 4 * 1024;

/// How the end of a body is found.
#[derive(Debug)]
pub(super) enum Transfer {
    /// So many bytes are still to come.
    Length(u64),
    /// A chunk: so many bytes are still to come.
    Chunk(u64),
    /// A line between chunks, as far as it came.
    Line(Line, Vec<u8>),
    /// The connection's end is the body's end.
    UntilClose,
}

/// Which line of a chunked body comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// `chunk-size [ chunk-ext ] CRLF`
    Size,
    /// The line end behind a chunk.
    ChunkEnd,
    /// `*( header CRLF ) CRLF` behind the last chunk.
    Trailer,
}

/// What the next bytes of a body are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step<'b> {
    /// Content.
    Content(&'b [u8]),
    /// Lengths and line ends.
    Structure,
    /// No line that can stand there; the body ends before it.
    Broken(Vec<u8>),
}

impl Transfer {
    /// How the body of a message travels; `None` when it has none.
    pub fn of(head: &Head<'_>, kind: Kind) -> Option<Self> {
        if let Start::Response { code: 100..=199 | 204 | 304 } = head.start {
            return None;
        }
        if head.says("Transfer-Encoding", "chunked") {
            return Some(Self::Line(Line::Size, Vec::new()));
        }
        let alive = head.says("Connection", "keep-alive") || head.says("Proxy-Connection", "keep-alive");
        match (head.length(), kind) {
            (Some(0), _) | (None, Kind::Requests) => None,
            (Some(length), _) => Some(Self::Length(length)),
            // A connection that goes on cannot end the body.
            (None, Kind::Responses) if alive => None,
            (None, Kind::Responses) => Some(Self::UntilClose),
        }
    }

    /// Takes the next bytes, at least one; says what they are, and gives back those behind them.
    pub fn step<'b>(&mut self, bytes: &'b [u8]) -> (Step<'b>, &'b [u8]) {
        match self {
            Self::UntilClose => (Step::Content(bytes), &[]),
            Self::Length(left) | Self::Chunk(left) => {
                let count = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                let (content, rest) = bytes.split_at(count);
                *left -= count as u64;
                if let Self::Chunk(0) = self {
                    *self = Self::Line(Line::ChunkEnd, Vec::new());
                }
                (Step::Content(content), rest)
            }
            Self::Line(line, held) => {
                let room = CHUNK_LINE_CEILING.saturating_sub(held.len()).min(bytes.len());
                let window = bytes.get(..room).unwrap_or(bytes);
                let end = memchr::memchr(b'\n', window).map_or(room, |at| at + 1);
                let (part, rest) = bytes.split_at(end);
                held.extend_from_slice(part);
                if held.last() != Some(&b'\n') && held.len() < CHUNK_LINE_CEILING {
                    return (Step::Structure, rest);
                }
                match after(*line, held) {
                    Some(next) => {
                        *self = next;
                        (Step::Structure, rest)
                    }
                    None => (Step::Broken(std::mem::take(held)), rest),
                }
            }
        }
    }

    /// True when nothing more belongs to the body.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Length(0))
    }

    /// Passes over bytes that are missing. True when they all belong to the content, so that its place is not lost.
    pub fn lose(&mut self, length: u64) -> bool {
        match self {
            Self::UntilClose => true,
            Self::Length(left) | Self::Chunk(left) if length <= *left => {
                *left -= length;
                if let Self::Chunk(0) = self {
                    *self = Self::Line(Line::ChunkEnd, Vec::new());
                }
                true
            }
            _ => false,
        }
    }
}

/// What follows a line; `None` when it cannot stand there.
fn after(line: Line, text: &[u8]) -> Option<Transfer> {
    let blank = matches!(text, b"\r\n" | b"\n");
    let next = |line| Some(Transfer::Line(line, Vec::new()));
    match line {
        Line::Size => match httparse::parse_chunk_size(text) {
            Ok(Status::Complete((_, 0))) => next(Line::Trailer),
            Ok(Status::Complete((_, size))) => Some(Transfer::Chunk(size)),
            _ => None,
        },
        Line::ChunkEnd if blank => next(Line::Size),
        Line::ChunkEnd => None,
        // What stands behind the last chunk ends like a head.
        Line::Trailer if blank => Some(Transfer::Length(0)),
        Line::Trailer => text.ends_with(b"\n").then(|| Transfer::Line(Line::Trailer, Vec::new())),
    }
}
