//! Everything about one command: sentence, evidence, fields, bytes.

use serde::{Deserialize, Serialize};

use super::{Moment, Role, Severity};

/// Everything about one command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// Its number.
    pub pdu: u32,
    /// The verb.
    pub verb: String,
    /// The transaction number, as written.
    pub trid: Option<String>,
    /// What happened, in plain English.
    pub sentence: String,
    /// What the sentence rests on.
    pub evidence: Evidence,
    /// Length of the command line; the payload follows.
    pub line: u32,
    /// The tree, flat, in preorder.
    pub items: Vec<FieldItem>,
    /// The fields that occur in it, each once; items point here.
    pub fields: Vec<FieldInfo>,
    /// What is odd about it.
    pub experts: Vec<ExpertView>,
    /// Its bytes, then those derived from them.
    pub sources: Vec<SourceBytes>,
    /// It is about a whole packet, not about the command: the number above is that of a command which ends in it, or 0.
    pub packet: Option<PacketFacts>,
}

// No number in it is NaN: two handles of one value are equal without a look at it.
impl Eq for Detail {}

/// A packet as the capture has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacketFacts {
    /// Its number.
    pub number: u32,
    /// Commands that end in it: their numbers, and what they are called.
    pub commands: Vec<(u32, String)>,
}

impl Detail {
    /// What it is about: the number of the packet, or else of the command.
    #[must_use]
    pub fn about(&self) -> (Option<u32>, u32) {
        let packet = self.packet.as_ref().map(|packet| packet.number);
        (packet, if packet.is_some() { 0 } else { self.pdu })
    }
}

/// Where a command stands in the capture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Packet that completed it.
    pub frame: f64,
    /// Where that packet is, if several captures are open.
    pub home: Option<Home>,
    /// When.
    pub time: Moment,
    /// Connection.
    pub stream: u32,
    /// The server.
    pub role: Role,
    /// Sender, as address and port.
    pub source: String,
    /// Receiver, as address and port.
    pub destination: String,
    /// The command it answers.
    pub answers: Option<Link>,
    /// The first command that answers it.
    pub answered: Option<Link>,
    /// Whether bytes were lost right before it.
    pub after_gap: bool,
}

/// A packet in one of several captures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Home {
    /// Name of the capture.
    pub capture: String,
    /// Number of the packet there.
    pub frame: f64,
}

/// Another command, named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Its number.
    pub pdu: u32,
    /// Verb and transaction number.
    pub name: String,
    /// Seconds between the two.
    pub delay: f64,
}

/// Bytes `start..end` of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Range {
    /// 0 is the command itself.
    pub source: u16,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Range {
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

    /// True when it covers the byte.
    #[must_use]
    pub const fn covers(self, source: u16, offset: u32) -> bool {
        self.source == source && self.start <= offset && offset < self.end
    }
}

/// One item of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldItem {
    /// Index into [`Detail::fields`].
    pub field: u32,
    /// Which bytes.
    pub range: Range,
    /// Depth in the tree.
    pub depth: u8,
    /// What the bytes say.
    pub value: String,
    /// What they mean.
    pub label: Option<String>,
    /// A sentence about this occurrence.
    pub remark: Option<String>,
    /// True for a fact that is not in the bytes.
    pub generated: bool,
    /// True for a heading without a value of its own.
    pub group: bool,
    /// A secret that is not shown: stars stand in place of its bytes.
    pub hidden: bool,
    /// The expression that finds all commands with the same value; absent where none can.
    pub filter: Option<String>,
}

/// What is known about a field wherever it occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldInfo {
    /// Name in filters.
    pub name: String,
    /// Short title.
    pub title: String,
    /// What it is, who sends it, in which unit.
    pub explanation: String,
}

/// What is odd about some bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpertView {
    /// Which bytes.
    pub range: Range,
    /// How much it matters.
    pub severity: Severity,
    /// What it is about, one word.
    pub group: String,
    /// Name in filters.
    pub id: String,
    /// The sentence.
    pub text: String,
}

/// Bytes that items point into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceBytes {
    /// What to call them.
    pub name: String,
    /// The bytes.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
    /// Where they come from, in order; nowhere for the command itself.
    pub from: Vec<Origin>,
}

/// Where some bytes of a source come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The command that holds them; absent when it is the one shown.
    pub pdu: Option<u32>,
    /// Which bytes of it.
    pub range: Range,
    /// Where in the source they begin.
    pub offset: u32,
}
