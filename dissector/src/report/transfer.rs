//! Transfers and their chunks as records, in the words of the CLI's contract.

use serde::Serialize;

use super::{Reporter, time};
use crate::transfer::{Carrier, Chunk, Overlap, Step, Transfer, Verdict};
use crate::tree::hex;

/// One line of `msnp transfers --json`.
#[derive(Debug, Clone, Serialize)]
pub struct TransferRecord {
    /// Its number, from 1.
    pub id: u32,
    /// `display-picture`, `emoticon`, `file`, `wink`, `voice-clip`, `background`, `scene`, `object`, `webcam`, `video`,
    /// `activity`, `photos`, `folder` or `unknown`.
    pub kind: &'static str,
    /// Who has it; none when nothing tells.
    pub from: Option<String>,
    /// Who gets it.
    pub to: Option<String>,
    /// What its sender calls it.
    pub name: String,
    /// Its size in bytes as the invitation says.
    pub declared: Option<u64>,
    /// Its size in bytes as its packets say.
    pub announced: Option<u64>,
    /// Bytes of it that have come.
    pub received: u64,
    /// `offered`, `declined`, `cancelled`, `incomplete` or `complete`.
    pub state: &'static str,
    /// `switchboard`, `direct`, `msnftp`, `sdg`, `turn` or `udp`.
    pub carriers: Vec<&'static str>,
    /// When it was first heard of.
    pub start: Option<String>,
    /// When it was last heard of.
    pub end: Option<String>,
    /// Arrivals, of bytes that had come before too.
    pub chunks: usize,
    /// Arrivals that brought nothing new.
    pub duplicates: usize,
    /// Arrivals whose bytes differ from those that had come before.
    pub conflicts: usize,
    /// Arrivals that do not begin where the furthest byte so far ended.
    pub out_of_order: usize,
    /// Arrivals that ask for an acknowledgement, alone or with their message, and that nobody acknowledged.
    pub unacknowledged: usize,
    /// Packets with data whose place is not known.
    pub unplaced: u32,
    /// Bytes that are missing: the first and the one behind the last of each gap.
    pub gaps: Vec<(u64, u64)>,
    /// Bytes a second, from the first to the last chunk.
    pub throughput: Option<f64>,
    /// SHA-1 of the whole object, hexadecimal.
    pub sha1: Option<String>,
    /// SHA-256 of the whole object, hexadecimal.
    pub sha256: Option<String>,
    /// Whether the SHA-1 is the one that was announced.
    pub sha1d_ok: Option<bool>,
    /// Whether the announcement's own hash is right.
    pub sha1c_ok: Option<bool>,
    /// What the first bytes say that it is.
    pub content_type: Option<&'static str>,
    /// A file's name says something else.
    pub misnamed: bool,
    /// What is odd about it, in words.
    pub notes: Vec<String>,
    /// Bytes of the small picture in the invitation.
    pub preview: Option<usize>,
    /// Number of the session.
    pub session: Option<u32>,
    /// Identifier of the call.
    pub call: Option<String>,
    /// The first and the last packet.
    pub frames: Option<(u64, u64)>,
    /// What was agreed and done.
    pub steps: Vec<StepRecord>,
}

/// Something that happened to a transfer.
#[derive(Debug, Clone, Serialize)]
pub struct StepRecord {
    /// When.
    pub time: Option<String>,
    /// Number of the packet.
    pub frame: u64,
    /// Number of the PDU.
    pub pdu: u32,
    /// What, in words.
    pub what: String,
}

/// An arrival of bytes of an object.
#[derive(Debug, Clone, Serialize)]
pub struct ChunkRecord {
    /// Where it begins in the object.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u32,
    /// Number of the packet that completed it.
    pub frame: u64,
    /// Number of the PDU.
    pub pdu: u32,
    /// Time of that packet.
    pub time: Option<String>,
    /// `to-server`, `to-client` or `peer`: which way it went on its connection.
    pub direction: &'static str,
    /// What carried it.
    pub carrier: &'static str,
    /// All its bytes had come before.
    pub duplicate: bool,
    /// `same` or `different` when bytes of it had come before, `unchecked` when they could not be compared.
    pub overlap: Option<&'static str>,
    /// It does not begin where the furthest byte so far ended.
    pub out_of_order: bool,
    /// Its header counts its bytes.
    pub counted: bool,
    /// It asks for an acknowledgement, alone or with its message.
    pub asks: bool,
    /// The PDU that acknowledged it.
    pub acknowledged_by: Option<u32>,
}

/// A chunk, and whose it is.
#[derive(Debug, Clone, Serialize)]
pub struct NumberedChunk {
    /// Number of the transfer.
    pub transfer: u32,
    /// The chunk.
    #[serde(flatten)]
    pub chunk: ChunkRecord,
}

/// Bytes of a transfer that are missing: behind its chunks in `msnp chunks --json`.
#[derive(Debug, Clone, Serialize)]
pub struct MissingBytes {
    /// Number of the transfer.
    pub transfer: u32,
    /// The first byte, and the one behind the last.
    pub gap: (u64, u64),
}

/// A line of `msnp chunks --json`.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum ChunkLine {
    /// A chunk.
    Chunk(NumberedChunk),
    /// What no chunk brought.
    Gap(MissingBytes),
}

/// The word of the contract for what carries packets.
#[must_use]
pub fn carrier(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Switchboard => "switchboard",
        Carrier::Direct => "direct",
        Carrier::Msnftp => "msnftp",
        Carrier::Datagrams => "sdg",
        Carrier::Turn => "turn",
        Carrier::Udp => "udp",
    }
}

/// What is missing of something that is bytes.
fn gaps(transfer: &Transfer) -> Vec<(u64, u64)> {
    if transfer.kind.is_bytes() { transfer.gaps() } else { Vec::new() }
}

impl Reporter {
    /// A transfer, with what its bytes tell.
    #[must_use]
    pub fn transfer(&self, transfer: &Transfer, verdict: &Verdict) -> TransferRecord {
        let count = |wanted: &dyn Fn(&Chunk) -> bool| transfer.map.chunks.iter().filter(|chunk| wanted(chunk)).count();
        let frames = transfer.began().zip(transfer.ended()).map(|(first, last)| (first.frame, last.frame));
        TransferRecord {
            id: transfer.id,
            kind: transfer.kind.word(),
            from: transfer.from.clone(),
            to: transfer.to.clone(),
            name: transfer.name.clone(),
            declared: transfer.declared,
            announced: transfer.announced,
            received: transfer.map.covered(),
            state: transfer.state.word(),
            carriers: transfer.carriers.iter().copied().map(carrier).collect(),
            start: transfer.began().and_then(|sighting| time(sighting.time)),
            end: transfer.ended().and_then(|sighting| time(sighting.time)),
            chunks: transfer.map.chunks.len(),
            duplicates: count(&Chunk::is_duplicate),
            conflicts: count(&|chunk| chunk.overlap == Overlap::Different),
            out_of_order: count(&|chunk| chunk.out_of_order),
            unacknowledged: count(&Chunk::is_unacknowledged),
            unplaced: transfer.unplaced,
            gaps: gaps(transfer),
            throughput: transfer.throughput(),
            sha1: verdict.sha1.map(|hash| hex(&hash)),
            sha256: verdict.sha256.map(|hash| hex(&hash)),
            sha1d_ok: verdict.sha1d_ok,
            sha1c_ok: verdict.sha1c_ok,
            content_type: verdict.content_type,
            misnamed: verdict.misnamed,
            notes: transfer.notes(verdict).iter().map(|note| self.catalogue.render(&note.text)).collect(),
            preview: transfer.preview.as_ref().map(Vec::len),
            session: transfer.session,
            call: transfer.call.clone(),
            frames,
            steps: transfer.steps.iter().map(|step| self.step(step)).collect(),
        }
    }

    fn step(&self, step: &Step) -> StepRecord {
        StepRecord {
            time: time(step.sighting.time),
            frame: step.sighting.frame,
            pdu: step.sighting.pdu,
            what: self.catalogue.render(&step.what.name()),
        }
    }

    /// The chunks of a transfer, each with its number, in the order of their arrival, and behind them what is missing.
    pub fn chunk_lines<'t>(&self, transfer: &'t Transfer) -> impl Iterator<Item = ChunkLine> + use<'t> {
        let id = transfer.id;
        let chunks = self.chunks(transfer).map(move |chunk| ChunkLine::Chunk(NumberedChunk { transfer: id, chunk }));
        chunks.chain(gaps(transfer).into_iter().map(move |gap| ChunkLine::Gap(MissingBytes { transfer: id, gap })))
    }

    /// The chunks of a transfer, in the order of their arrival.
    pub fn chunks<'t>(&self, transfer: &'t Transfer) -> impl Iterator<Item = ChunkRecord> + use<'t> {
        transfer.map.chunks.iter().map(|chunk| ChunkRecord {
            offset: chunk.offset,
            length: chunk.length,
            frame: chunk.sighting.frame,
            pdu: chunk.sighting.pdu,
            time: time(chunk.sighting.time),
            direction: match (chunk.carrier, chunk.sighting.from_client) {
                (Carrier::Switchboard | Carrier::Datagrams, true) => "to-server",
                (Carrier::Switchboard | Carrier::Datagrams, false) => "to-client",
                _ => "peer",
            },
            carrier: carrier(chunk.carrier),
            duplicate: chunk.is_duplicate(),
            overlap: match chunk.overlap {
                Overlap::None => None,
                Overlap::Unchecked => Some("unchecked"),
                Overlap::Same => Some("same"),
                Overlap::Different => Some("different"),
            },
            out_of_order: chunk.out_of_order,
            counted: chunk.counted,
            asks: chunk.asks,
            acknowledged_by: chunk.acknowledged_by,
        })
    }
}
