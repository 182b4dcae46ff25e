//! Records for the shells that write JSON: one plain struct per kind of line, in the words of the CLI's contract.
//!
//! Keys may be added, none is ever renamed. Values are strings as Wireshark shows them, 64-bit numbers included.

mod command;
mod field;
mod people;
mod session;
mod story;
mod summary;
pub mod transcript;
mod transfer;
mod tunnel;

use std::borrow::Cow;

use serde::Serialize;
use sha1::{Digest, Sha1};

use crate::analysis::Command;
use crate::capture::Timestamp;
use crate::msnp::{Context, Direction, Dissection, Server};
use crate::tree::{Catalogue, Expert, Item, Piece, Source, Span, Value, hex, value_text};

pub use command::{Args, CommandRecord, Fields};
pub use field::{FieldRecord, NamedValue, Occurrences};
pub use people::{ChangeRecord, ContactRecord, EndpointRecord, Nicks, PresenceRecord};
pub use session::{
    AddressRecord, DeviceRecord, ElsewhereRecord, ErrorRecord, PrivacyRecord, RedirectRecord, SessionRecord, ended_by,
    outcome,
};
pub use story::{ChatRecord, FormatRecord, InvitationRecord, MissingRecord, PlaceRecord, kind};
pub use summary::{GapRecord, StreamRecord, Summariser, SummaryRecord, UnansweredRecord};
pub use transfer::{ChunkLine, ChunkRecord, MissingBytes, NumberedChunk, StepRecord, TransferRecord, carrier};
pub use tunnel::{GatewayRecord, ProxyRecord, TunnelRecord, via};

/// Byte values up to this length are given whole.
const BYTES_SHOWN: usize = 64;

/// Appends one line of JSON.
#[cfg(feature = "json")]
pub fn json_line(line: &mut Vec<u8>, record: &impl Serialize) {
    let start = line.len();
    if serde_json::to_writer(&mut *line, record).is_err() {
        line.truncate(start);
    }
    line.push(b'\n');
}

/// A time as RFC 3339 text, if the capture records one.
fn time(time: Timestamp) -> Option<String> {
    time.recorded().map(|time| time.rfc3339())
}

/// Whether long byte values are given whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LongBytes {
    /// By length and SHA-1.
    #[default]
    Hashed,
    /// Whole, as hexadecimal.
    Whole,
}

/// Turns commands into records.
#[derive(Debug, Default)]
pub struct Reporter {
    /// The language of labels, remarks and experts.
    pub catalogue: Catalogue,
    /// What to do with long byte values.
    pub long_bytes: LongBytes,
}

/// A value, or its length and hash.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum FieldValue<'v> {
    /// As Wireshark shows it.
    Shown(Cow<'v, str>),
    /// Too long to show.
    Hashed {
        /// Length in bytes.
        len: usize,
        /// SHA-1 of the bytes, lower-case hexadecimal.
        sha1: String,
    },
}

impl<'v> FieldValue<'v> {
    fn of(item: &'v Item, long: LongBytes) -> Self {
        match &item.value {
            Value::Bytes(bytes) => Self::of_bytes(bytes, long),
            _ => Self::Shown(value_text(item)),
        }
    }

    fn of_bytes(bytes: &[u8], long: LongBytes) -> FieldValue<'static> {
        if bytes.len() > BYTES_SHOWN && long == LongBytes::Hashed {
            return FieldValue::Hashed { len: bytes.len(), sha1: hex(&Sha1::digest(bytes)) };
        }
        FieldValue::Shown(hex(bytes).into())
    }

    fn into_owned(self) -> FieldValue<'static> {
        match self {
            Self::Shown(text) => FieldValue::Shown(text.into_owned().into()),
            Self::Hashed { len, sha1 } => FieldValue::Hashed { len, sha1 },
        }
    }
}

/// One line of `msnp tree --json`.
#[derive(Debug, Serialize)]
pub struct TreeRecord {
    /// Number of the PDU in the capture.
    pub pdu: u32,
    /// Packet that completed it.
    pub frame: u64,
    /// The items in preorder.
    pub items: Vec<ItemRecord>,
    /// Derived bytes that items point into.
    pub sources: Vec<SourceRecord>,
    /// What is odd.
    pub experts: Vec<ExpertRecord>,
}

/// One item of a tree.
#[derive(Debug, Serialize)]
pub struct ItemRecord {
    /// Filter name of the field.
    pub field: &'static str,
    /// Depth in the tree, from 0.
    pub depth: u8,
    /// 0 for the PDU, else the number of a derived source.
    pub source: u16,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What the bytes say; none for groups.
    pub value: Option<FieldValue<'static>>,
    /// What they mean.
    pub label: Option<String>,
    /// A sentence about this occurrence.
    pub remark: Option<String>,
    /// True for a fact that is not in the bytes.
    pub generated: bool,
}

/// Derived bytes.
#[derive(Debug, Serialize)]
pub struct SourceRecord {
    /// Its number, from 1.
    pub source: usize,
    /// What it is.
    pub name: String,
    /// The bytes.
    pub bytes: FieldValue<'static>,
    /// Where in this command, or in an earlier source, they come from; of several places the first.
    pub from: Span,
    /// All places, where they come from more than one: commands by their numbers, null for this one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<Piece>,
}

/// One expert.
#[derive(Debug, Serialize)]
pub struct ExpertRecord {
    /// Filter name.
    pub id: &'static str,
    /// How much it matters.
    pub severity: crate::tree::Severity,
    /// What it is about.
    pub group: crate::tree::Group,
    /// The sentence.
    pub text: String,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The source, where it is not the PDU.
    #[serde(skip_serializing_if = "is_pdu")]
    pub source: u16,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn is_pdu(source: &u16) -> bool {
    *source == 0
}

impl Reporter {
    /// The record of a command's tree.
    #[must_use]
    pub fn tree(&self, command: &Command<'_>) -> TreeRecord {
        let dissection = command.dissect();
        let items = dissection.tree.items.iter().map(|item| self.item(item)).collect();
        let sources = dissection.tree.sources.iter().enumerate().map(|(i, s)| self.source(i + 1, s)).collect();
        TreeRecord { pdu: command.number, frame: command.frame, items, sources, experts: self.experts(&dissection) }
    }

    fn item(&self, item: &Item) -> ItemRecord {
        ItemRecord {
            field: item.field.name(),
            depth: item.depth,
            source: item.span.source,
            start: item.span.start,
            end: item.span.end,
            value: (item.value != Value::None).then(|| FieldValue::of(item, self.long_bytes).into_owned()),
            label: item.label.as_ref().map(|t| self.catalogue.render(t)),
            remark: item.remark.as_ref().map(|t| self.catalogue.render(t)),
            generated: item.generated,
        }
    }

    fn source(&self, number: usize, source: &Source) -> SourceRecord {
        SourceRecord {
            source: number,
            name: self.catalogue.render(&source.name),
            bytes: FieldValue::of_bytes(&source.bytes, self.long_bytes),
            from: source.parent().unwrap_or_default(),
            pieces: if source.from.len() > 1 { source.from.clone() } else { Vec::new() },
        }
    }

    fn experts(&self, dissection: &Dissection<'_>) -> Vec<ExpertRecord> {
        dissection.tree.experts.iter().map(|expert| self.expert(expert)).collect()
    }

    fn expert(&self, expert: &Expert) -> ExpertRecord {
        let decl = expert.id.decl();
        ExpertRecord {
            id: decl.id,
            severity: decl.severity,
            group: decl.group,
            text: self.catalogue.render(&expert.text),
            start: expert.span.start,
            end: expert.span.end,
            source: expert.span.source,
        }
    }
}

/// Who sent it, in the contract's word.
#[must_use]
pub fn sender(context: &Context) -> &'static str {
    match context.direction {
        _ if context.between_peers => "peer",
        Direction::ToServer => "client",
        Direction::ToClient => "server",
        Direction::Unknown => "unknown",
    }
}

/// The kind of server, in the contract's word.
#[must_use]
pub fn server(context: &Context) -> &'static str {
    match context.server {
        Server::Dispatch => "dispatch",
        Server::Notification => "notification",
        Server::Switchboard => "switchboard",
        Server::Unknown => "unknown",
    }
}
