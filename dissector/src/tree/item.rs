//! Items: one field, found at one place.

use super::{FieldId, Text};

/// Where an item lies: bytes `start..end` of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Span {
    /// 0 is the PDU; further numbers are derived sources, in the order of [`Source`]s.
    pub source: u16,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Bytes `start..end` of the PDU.
    #[must_use]
    pub const fn pdu(start: u32, end: u32) -> Self {
        Self { source: 0, start, end }
    }

    /// Number of bytes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// True when it covers no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// What the bytes say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing of its own (a group).
    None,
    /// A number.
    Uint(u64),
    /// A span of time, in nanoseconds.
    Nanos(i64),
    /// Decoded text; a byte that is not UTF-8 stands as `\xNN`, the raw bytes are at hand through the span.
    Text(String),
    /// The bytes of the span themselves.
    Bytes(Vec<u8>),
}

/// One field, found at one place. Items are kept flat, in preorder; `depth` makes the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Which field.
    pub field: FieldId,
    /// Which bytes.
    pub span: Span,
    /// Depth in the tree; top-level items have 0.
    pub depth: u8,
    /// What the bytes say.
    pub value: Value,
    /// What they mean ("Away").
    pub label: Option<Text>,
    /// A sentence about this occurrence.
    pub remark: Option<Text>,
    /// True for a fact that is not in the bytes.
    pub generated: bool,
    /// The item is only these bits of the number that its bytes hold; it shares the bytes with its parent and siblings.
    pub mask: Option<u64>,
}
