//! What is sent of an object, chunk by chunk: all of it in order, or as somebody wants it to go wrong.

use super::{Drawing, Transfer, Way};
use crate::scenario::random::Random;
use serde::Deserialize;
use std::path::Path;

/// Data bytes of a full chunk: 1250 bytes of packet on a switchboard, 1400 on a direct connection.
const ONE_ROOM: usize = 1202;
const TWO_ROOM: usize = 1222;
const ONE_DIRECT: usize = 1352;
const TWO_DIRECT: usize = 1372;
/// Data bytes of a full block.
const OLD: usize = 2045;

/// The bytes of an object.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Bytes {
    /// So many that look random.
    Random(usize),
    /// A picture, drawn here.
    Drawn(Drawing),
    /// A file that lies beside the transcript.
    File(String),
    /// These.
    Text(String),
}

impl Bytes {
    /// The bytes themselves.
    pub(super) fn read(&self, seed: u64, folder: Option<&Path>) -> Result<Vec<u8>, String> {
        match self {
            Self::Random(count) => {
                let mut bytes = Vec::new();
                Random::named(seed, "bytes").fill(&mut bytes, *count);
                Ok(bytes)
            }
            Self::Drawn(drawing) => Ok(drawing.png()),
            Self::Text(text) => Ok(text.clone().into_bytes()),
            Self::File(name) => {
                let path = folder.ok_or("no folder to take files from")?.join(name);
                std::fs::read(&path).map_err(|error| format!("{name}: {error}"))
            }
        }
    }
}

/// Something that goes otherwise than it should. Chunks are numbered from 1, in the order of the object.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Change {
    /// This chunk does not come.
    Lose(usize),
    /// This chunk comes once more, behind another one.
    Repeat {
        /// Which.
        chunk: usize,
        /// Behind which.
        after: usize,
        /// With other bytes.
        #[serde(default)]
        other: bool,
    },
    /// This chunk comes late, behind another one.
    Late {
        /// Which.
        chunk: usize,
        /// Behind which.
        after: usize,
    },
    /// The first chunk is sent with a length of 0 before it is sent as it should; some third-party clients do.
    ZeroFirst,
    /// The last chunk claims the length of a full one; some third-party clients do.
    LongLast,
    /// An empty packet comes before the first chunk; some third-party clients do.
    StartMarker,
    /// The receiver asks for the data from the chunk on, behind another one.
    Resume {
        /// From which.
        chunk: usize,
        /// Behind which.
        after: usize,
    },
}

/// One thing that is sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Event {
    /// A chunk.
    Chunk(Chunk),
    /// The receiver wants to have the data from here on.
    Resume(u64),
    /// The receiver has all.
    Acknowledge,
}

/// A chunk that is sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Chunk {
    /// Where it says that it begins.
    pub offset: u64,
    /// How many bytes it has.
    pub bytes: usize,
    /// Where its bytes begin in the object, when that is not where it says.
    pub holds: Option<u64>,
    /// Its bytes are not those of the object.
    pub other: bool,
    /// How many bytes its header counts, when it lies.
    pub claims: Option<u32>,
    /// It goes over the connection of its own.
    pub direct: bool,
    /// It does not come.
    pub lost: bool,
}

/// What is sent of a transfer.
pub(super) fn events(transfer: &Transfer, length: usize, way: Way) -> Result<Vec<Event>, String> {
    if let Some(script) = &transfer.script {
        return Ok(script.clone());
    }
    let chunks = chunks(transfer, length, way);
    let full = chunks.first().map_or(0, |chunk| chunk.bytes);
    let mut events: Vec<Event> = chunks.iter().cloned().map(Event::Chunk).collect();
    for change in &transfer.changes {
        let chunk = |number: usize| {
            let chunk = number.checked_sub(1).and_then(|place| chunks.get(place));
            chunk.cloned().ok_or_else(|| format!("there is no chunk {number}"))
        };
        match *change {
            Change::Lose(number) => at(&mut events, &chunk(number)?)?.1.lost = true,
            Change::Repeat { chunk: number, after, other } => {
                let behind = at(&mut events, &chunk(after)?)?.0 + 1;
                events.insert(behind, Event::Chunk(Chunk { other, ..chunk(number)? }));
            }
            Change::Late { chunk: number, after } => {
                at(&mut events, &chunk(number)?)?.1.lost = true;
                let behind = at(&mut events, &chunk(after)?)?.0 + 1;
                events.insert(behind, Event::Chunk(chunk(number)?));
            }
            Change::ZeroFirst => events.insert(0, Event::Chunk(Chunk { claims: Some(0), ..chunk(1)? })),
            Change::LongLast => {
                at(&mut events, &chunk(chunks.len())?)?.1.claims = Some(u32::try_from(full).unwrap_or(u32::MAX));
            }
            Change::StartMarker => {
                let direct = chunk(1)?.direct;
                events.insert(0, Event::Chunk(Chunk { direct, ..Chunk::default() }));
            }
            Change::Resume { chunk: number, after } => {
                let behind = at(&mut events, &chunk(after)?)?.0 + 1;
                events.insert(behind, Event::Resume(chunk(number)?.offset));
            }
        }
    }
    Ok(events)
}

/// The last place where a chunk stands in the events, and the chunk there.
fn at<'e>(events: &'e mut [Event], wanted: &Chunk) -> Result<(usize, &'e mut Chunk), String> {
    let found = events.iter_mut().enumerate().rev().find_map(|(place, event)| match event {
        Event::Chunk(chunk) if chunk.offset == wanted.offset && chunk.bytes == wanted.bytes => Some((place, chunk)),
        _ => None,
    });
    found.ok_or_else(|| format!("chunk at {} is not sent", wanted.offset))
}

/// The object, cut as its carriers want it.
fn chunks(transfer: &Transfer, length: usize, way: Way) -> Vec<Chunk> {
    let (room, direct) = match way {
        Way::One => (ONE_ROOM, ONE_DIRECT),
        Way::Two => (TWO_ROOM, TWO_DIRECT),
        Way::Old => (OLD, OLD),
    };
    let mut chunks = Vec::new();
    let mut offset = 0;
    while offset < length {
        let own = transfer.direct.as_ref().filter(|direct| way != Way::Old && chunks.len() >= direct.after);
        let full = match own {
            Some(own) => own.chunk.unwrap_or(direct),
            None => transfer.chunk.unwrap_or(room),
        };
        let bytes = full.max(1).min(length - offset);
        chunks.push(Chunk { offset: offset as u64, bytes, direct: own.is_some(), ..Chunk::default() });
        offset += bytes;
    }
    chunks
}
