//! Sources: bytes that hold fields of their own but do not stand in the PDU as such.

use super::{Span, Text};

/// Bytes that hold fields of their own but do not stand on the wire as such (decoded from base64, reassembled …).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What to call it, for example "Decoded hop info".
    pub name: Text,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Where they come from, in the order of their offsets: one piece for what was decoded, several for what was joined.
    pub from: Vec<Piece>,
}

impl Source {
    /// The bytes of this PDU, or of an earlier source of it, that it comes from.
    #[must_use]
    pub fn parent(&self) -> Option<Span> {
        self.from.iter().find(|piece| piece.pdu.is_none()).map(|piece| piece.span)
    }
}

/// A run of bytes that was put into a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Piece {
    /// The PDU that holds it, as the shell counts them; `None` for the PDU that is being read.
    pub pdu: Option<u32>,
    /// Its bytes there.
    pub span: Span,
    /// Where in the source it begins.
    pub offset: u32,
}

impl Piece {
    /// A piece of the PDU that is being read, which begins the source.
    #[must_use]
    pub const fn own(span: Span) -> Self {
        Self { pdu: None, span, offset: 0 }
    }
}

/// Bytes that a PDU completes: put together from pieces of several PDUs, the last of which is the PDU itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assembly {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Where they come from, in the order of their offsets.
    pub pieces: Vec<Piece>,
    /// Pieces that never came: the bytes stand without them.
    pub missing: u32,
    /// What the same PDU completes besides.
    pub also: Option<Box<Assembly>>,
}

impl Assembly {
    /// Whether the last of its bytes to come stand within these bytes of the PDU that completes it: of several pieces there
    /// the one that stands last came last.
    fn ends_within(&self, span: Span) -> bool {
        let own = self.pieces.iter().filter(|piece| piece.pdu.is_none()).map(|piece| piece.span);
        own.max_by_key(|own| own.start).is_some_and(|last| span.start <= last.start && last.end <= span.end)
    }

    /// Of all that the PDU completes what ends within these bytes of it.
    #[must_use]
    pub fn ending_within(&self, span: Span) -> Option<&Self> {
        std::iter::successors(Some(self), |one| one.also.as_deref()).find(|one| one.ends_within(span))
    }
}
