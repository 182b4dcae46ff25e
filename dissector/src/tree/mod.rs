//! The annotated tree: what each byte of a PDU is called, what it says and what it means.
//!
//! Comes in: bytes and the fields that a dissect function declares. Goes out: a flat list of [`Item`]s in preorder and a
//! list of [`Expert`]s. This room knows nobody: no protocol, no packet, no port, no clock.
//!
//! The laws, tested for every golden PDU and for random bytes: children lie inside their parent, in order, and do not
//! overlap (the bits of a number excepted, which share its bytes); what lies outside every leaf is a delimiter that was
//! consumed as such.

mod catalogue;
mod expert;
mod field;
mod item;
mod names;
mod record;
mod render;
mod scribe;
mod source;

pub(crate) use catalogue::texts;
pub use catalogue::{Arg, Borrowed, Catalogue, Text, TextDecl, TextId};
pub(crate) use expert::experts;
pub use expert::{Expert, ExpertDecl, ExpertId, Group, Severity};
pub(crate) use field::fields;
pub use field::{Base, Field, FieldId, FieldSet, Kind, Privacy, Related};
pub use item::{Item, Span, Value};
pub use names::Names;
pub(crate) use names::names;
pub use record::{Record, lossy, readable};
pub use render::{hex, render, value_text};
pub use scribe::{Dissected, EXPERTS, Read, Recording, SECRET, Scribe, Stop, TEXTS};
pub use source::{Assembly, Piece, Source};
