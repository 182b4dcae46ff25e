//! Transfers: the list, the arrivals of one of them, and what its bytes tell.
//!
//! A transfer may have a hundred thousand arrivals: they cross as packed bytes, not as that many objects.

use serde::{Deserialize, Serialize};

use super::Moment;
use super::story::Happening;

/// The list of transfers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Transfers {
    /// In the order in which they were first heard of; the first ones, where there are very many.
    pub all: Vec<Transfer>,
    /// How many there are.
    pub count: u32,
}

// No number in it is NaN: two handles of one value are equal without a look at it.
impl Eq for Transfers {}

/// How far a transfer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// Nobody answered.
    Offered,
    /// It was not wanted.
    Declined,
    /// One side gave up.
    Cancelled,
    /// Bytes are missing.
    Incomplete,
    /// Every byte is there.
    Complete,
}

/// One object on its way, or only offered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transfer {
    /// Its number, from 1.
    pub id: u32,
    /// What it is, in words.
    pub kind: String,
    /// Who has it; empty when nothing tells.
    pub from: String,
    /// Who gets it.
    pub to: String,
    /// What its sender calls it.
    pub name: String,
    /// Its size in bytes.
    pub size: Option<f64>,
    /// Bytes of it that have come.
    pub received: f64,
    /// How far it came.
    pub outcome: Outcome,
    /// The same in words.
    pub state: String,
    /// It is bytes that can be kept, rather than something that goes on for a while.
    pub kept: bool,
    /// What carried it, in words.
    pub carriers: Vec<String>,
    /// When it was first and last heard of.
    pub span: Option<(Moment, Moment)>,
    /// Arrivals, of bytes that had come before too.
    pub chunks: u32,
    /// Arrivals that brought nothing new.
    pub duplicates: u32,
    /// Packets with data whose place is not known.
    pub unplaced: u32,
    /// Holes in it.
    pub gaps: u32,
    /// Bytes from its beginning on up to the first that is missing.
    pub beginning: f64,
    /// The object's SHA-1 as it was announced, in base64.
    pub object: Option<String>,
    /// It is somebody's display picture.
    pub portrait: bool,
    /// Bytes a second.
    pub throughput: Option<f64>,
    /// What its bytes tell; none until they are checked.
    pub verdict: Option<Verdict>,
}

impl Transfer {
    /// What to call it.
    #[must_use]
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.kind } else { &self.name }
    }

    /// The part that came, from 0 to 1.
    #[must_use]
    pub fn progress(&self) -> f64 {
        match self.size {
            Some(size) if size > 0.0 => (self.received / size).clamp(0.0, 1.0),
            _ => f64::from(u8::from(self.outcome == Outcome::Complete)),
        }
    }

    /// There is something to be kept of it: bytes that came, or an object that is empty and whole.
    #[must_use]
    pub fn can_be_saved(&self) -> bool {
        self.kept && (self.received > 0.0 || self.outcome == Outcome::Complete)
    }

    /// It is, by its first bytes, a program: something that runs when it is opened.
    #[must_use]
    pub fn is_program(&self) -> bool {
        let told = self.verdict.as_ref().and_then(|verdict| verdict.content_type.as_deref());
        told.is_some_and(|told| PROGRAMS.contains(&told))
    }

    /// Bytes of it are missing, though some came.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.gaps > 0 && self.received > 0.0
    }

    /// It is, by its first bytes, a picture that the page draws.
    #[must_use]
    pub fn picture(&self) -> Option<&str> {
        let told = self.verdict.as_ref()?.content_type.as_deref()?;
        DRAWN.contains(&told).then_some(told)
    }
}

/// Pictures that browsers draw and that hold no program.
const DRAWN: [&str; 5] = ["image/png", "image/gif", "image/jpeg", "image/bmp", "image/webp"];

/// Kinds of programs, as their first bytes tell them.
const PROGRAMS: [&str; 6] = [
    "application/vnd.microsoft.portable-executable",
    "application/x-executable",
    "application/x-mach-binary",
    "application/java",
    "application/vnd.android.dex",
    "text/x-shellscript",
];

/// What the bytes of an object tell.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Verdict {
    /// SHA-1 of the whole object, hexadecimal.
    pub sha1: Option<String>,
    /// SHA-256 of the whole object, hexadecimal.
    pub sha256: Option<String>,
    /// Whether the SHA-1 is the one that was announced.
    pub announced: Option<bool>,
    /// Whether the announcement's own hash is right.
    pub description: Option<bool>,
    /// What the first bytes say that it is.
    pub content_type: Option<String>,
    /// A file's name says something else.
    pub misnamed: bool,
    /// Arrivals whose bytes differ from those that had come before.
    pub conflicts: u32,
}

/// The arrivals of one transfer, packed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Chunks {
    /// Which transfer.
    pub id: u32,
    /// When the first chunk came: [`Arrival::time`] counts from here.
    pub origin: Moment,
    /// The object's size in bytes; up to the furthest byte when nothing tells.
    pub size: f64,
    /// [`Arrival`]s in their order, each of [`Arrival::PACKED`] bytes.
    #[serde(with = "serde_bytes")]
    pub arrivals: Vec<u8>,
    /// [`Run`]s in the order of the object, each of [`Run::PACKED`] bytes.
    #[serde(with = "serde_bytes")]
    pub runs: Vec<u8>,
    /// What was agreed and done.
    pub steps: Vec<Happening>,
    /// A small picture of a file, from its invitation.
    #[serde(with = "serde_bytes")]
    pub preview: Vec<u8>,
    /// The names of the carriers that [`Arrival::carrier`] counts.
    pub carriers: Vec<Carrier>,
}

/// A way the packets took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carrier {
    /// In words.
    pub name: String,
    /// It goes from program to program, past the servers.
    pub peer: bool,
    /// The connection.
    pub stream: u32,
    /// The other end's address, as the capture has it.
    pub address: String,
}

/// One arrival.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Arrival {
    /// Where it begins in the object.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u32,
    /// Seconds after the first one.
    pub time: f64,
    /// Packet that completed it.
    pub frame: u64,
    /// The command that carries it.
    pub pdu: u32,
    /// Its bytes in that command: the source, the first byte, and the one behind the last.
    pub bytes: (u16, u32, u32),
    /// Place in [`Chunks::carriers`].
    pub carrier: u8,
    /// What is to be said about it: [`Arrival::TWICE`] and so on.
    pub flags: u8,
    /// The command that acknowledged it; 0 for none.
    pub acknowledged_by: u32,
}

impl Arrival {
    /// All its bytes had come before, or some of them.
    pub const TWICE: u8 = 1;
    /// Bytes of it that had come before are different.
    pub const DIFFERENT: u8 = 2;
    /// Bytes of it that had come before are not compared yet.
    pub const UNCHECKED: u8 = 4;
    /// It does not begin where the furthest byte so far ended.
    pub const OUT_OF_ORDER: u8 = 8;
    /// It asks for an acknowledgement, alone or with its message.
    pub const ASKS: u8 = 16;
    /// Bytes of one.
    pub const PACKED: usize = 48;

    /// It asks for an acknowledgement, and none is in the capture.
    #[must_use]
    pub const fn is_unacknowledged(&self) -> bool {
        self.is(Self::ASKS) && self.acknowledged_by == 0
    }

    /// Whether a flag is set.
    #[must_use]
    pub const fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Behind its last byte.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.offset.saturating_add(self.length.into())
    }

    /// Appends it, little-endian.
    pub fn pack(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.offset.to_le_bytes());
        into.extend_from_slice(&self.time.to_le_bytes());
        into.extend_from_slice(&self.frame.to_le_bytes());
        for number in [self.length, self.pdu, self.bytes.1, self.bytes.2, self.acknowledged_by] {
            into.extend_from_slice(&number.to_le_bytes());
        }
        into.extend_from_slice(&self.bytes.0.to_le_bytes());
        into.extend_from_slice(&[self.carrier, self.flags]);
    }

    fn unpack(mut from: &[u8]) -> Option<Self> {
        let offset = u64::from_le_bytes(take(&mut from)?);
        let time = f64::from_le_bytes(take(&mut from)?);
        let frame = u64::from_le_bytes(take(&mut from)?);
        let [length, pdu, start, end, acknowledged_by] = [
            u32::from_le_bytes(take(&mut from)?),
            u32::from_le_bytes(take(&mut from)?),
            u32::from_le_bytes(take(&mut from)?),
            u32::from_le_bytes(take(&mut from)?),
            u32::from_le_bytes(take(&mut from)?),
        ];
        let source = u16::from_le_bytes(take(&mut from)?);
        let [carrier, flags] = take(&mut from)?;
        let bytes = (source, start, end);
        Some(Self { offset, length, time, frame, pdu, bytes, carrier, flags, acknowledged_by })
    }
}

/// A run of the object's bytes, and the arrival that brought it first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Run {
    /// Its first byte.
    pub start: u64,
    /// Behind its last byte.
    pub end: u64,
    /// Which arrival.
    pub arrival: u32,
}

impl Run {
    /// Bytes of one.
    pub const PACKED: usize = 20;

    /// Appends it, little-endian.
    pub fn pack(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.start.to_le_bytes());
        into.extend_from_slice(&self.end.to_le_bytes());
        into.extend_from_slice(&self.arrival.to_le_bytes());
    }

    fn unpack(mut from: &[u8]) -> Option<Self> {
        Some(Self {
            start: u64::from_le_bytes(take(&mut from)?),
            end: u64::from_le_bytes(take(&mut from)?),
            arrival: u32::from_le_bytes(take(&mut from)?),
        })
    }
}

impl Chunks {
    /// The arrivals.
    #[must_use]
    pub fn arrivals(&self) -> Vec<Arrival> {
        self.arrivals.chunks_exact(Arrival::PACKED).filter_map(Arrival::unpack).collect()
    }

    /// The runs.
    #[must_use]
    pub fn runs(&self) -> Vec<Run> {
        self.runs.chunks_exact(Run::PACKED).filter_map(Run::unpack).collect()
    }
}

fn take<const N: usize>(from: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = from.split_first_chunk::<N>()?;
    *from = rest;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_arrivals_come_back() {
        let one = Arrival {
            offset: 1 << 40,
            length: 1202,
            time: 0.125,
            frame: 618,
            pdu: 7,
            bytes: (1, 48, 1250),
            carrier: 2,
            flags: Arrival::DIFFERENT | Arrival::TWICE,
            acknowledged_by: 9,
        };
        let run = Run { start: 3, end: u64::MAX, arrival: 5 };
        let mut chunks = Chunks::default();
        for _ in 0..2 {
            one.pack(&mut chunks.arrivals);
            run.pack(&mut chunks.runs);
        }
        assert_eq!((chunks.arrivals.len(), chunks.runs.len()), (2 * Arrival::PACKED, 2 * Run::PACKED));
        assert_eq!((chunks.arrivals(), chunks.runs()), (vec![one; 2], vec![run; 2]));
    }
}
