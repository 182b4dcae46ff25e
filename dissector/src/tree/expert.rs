//! Experts: what is odd about the bytes, in Wireshark's own severities and groups.

use super::{Span, Text, TextDecl, TextId};

/// How much an expert matters; Wireshark's scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Severity {
    /// Ordinary course of events, worth knowing.
    Chat,
    /// Notable, for example an error answer.
    Note,
    /// Unusual: something is missing or out of order.
    Warn,
    /// The bytes contradict themselves.
    Error,
}

/// What an expert is about; Wireshark's groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Group {
    /// The order of commands or bytes.
    Sequence,
    /// An answer that reports a failure.
    Response,
    /// Bytes that nobody here understands.
    Undecoded,
    /// Reassembly: lost, cut or repeated bytes.
    Reassemble,
    /// Bytes that break the grammar.
    Malformed,
    /// Grammar kept, protocol broken.
    Protocol,
    /// Secrets in the clear.
    Security,
}

/// The declaration of one kind of expert.
#[derive(Debug)]
pub struct ExpertDecl {
    /// Filter name, `msnp.expert.<what>`.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What it is about.
    pub group: Group,
    /// The sentence: expected, found, and whose claim it was.
    pub text: TextDecl,
}

/// A declared kind of expert.
#[derive(Clone, Copy)]
pub struct ExpertId(&'static ExpertDecl);

impl ExpertId {
    /// Wraps a declaration; used by the `experts!` macro.
    #[must_use]
    pub const fn new(decl: &'static ExpertDecl) -> Self {
        Self(decl)
    }

    /// The declaration.
    #[must_use]
    pub const fn decl(self) -> &'static ExpertDecl {
        self.0
    }

    /// An expert of this kind at `span`.
    #[must_use]
    pub fn at(self, span: Span, args: impl IntoIterator<Item = super::Arg>) -> Expert {
        Expert { id: self, span, text: TextId::new(&self.0.text).with(args) }
    }
}

impl PartialEq for ExpertId {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for ExpertId {}

impl core::fmt::Debug for ExpertId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.0.id)
    }
}

/// One remark about bytes: what was expected, what was found, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expert {
    /// Which kind.
    pub id: ExpertId,
    /// The bytes it is about.
    pub span: Span,
    /// The sentence.
    pub text: Text,
}

/// Declares kinds of experts: a constant [`ExpertId`] each, and the module's table `EXPERTS`.
macro_rules! experts {
    ( $( $name:ident : $severity:ident, $group:ident => $id:literal, $english:literal; )+ ) => {
        $(
            #[doc = concat!("“", $english, "”")]
            pub const $name: $crate::tree::ExpertId = $crate::tree::ExpertId::new(&$crate::tree::ExpertDecl {
                id: $id,
                severity: $crate::tree::Severity::$severity,
                group: $crate::tree::Group::$group,
                text: $crate::tree::TextDecl { id: $id, english: $english },
            });
        )+
        /// The kinds of experts declared here, in order.
        pub static EXPERTS: &[$crate::tree::ExpertId] = &[$( $name, )+];
    };
}
pub(crate) use experts;
