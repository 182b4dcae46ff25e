//! P2P version 1 packets from their fields, so that a transcript of a picture transfer can be read.
//!
//! Header (48 bytes, little endian), data, then the footer (4 bytes, big endian) that packets on a switchboard have:
//!
//! | off | size | field | key |
//! |---|---|---|---|
//! | 0 | 4 | session id, 0 for signalling | `session` |
//! | 4 | 4 | identifier, shared by the chunks of a message | `identifier` |
//! | 8 | 8 | offset of this chunk | `offset` |
//! | 16 | 8 | size of the whole message | `total` |
//! | 24 | 4 | bytes in this chunk | `length` |
//! | 28 | 4 | flags | `flags` |
//! | 32 | 4 | acknowledged identifier, or a fresh number | `ack_id` |
//! | 36 | 4 | acknowledged unique id | `ack_uid` |
//! | 40 | 8 | acknowledged size | `ack_size` |

use super::text;
use serde::Deserialize;
use std::path::Path;

/// The header; acknowledgement fields of ordinary packets hold a fresh number and zeros.
#[derive(Debug, Clone, Copy, Default)]
pub struct Header {
    /// Session, 0 for signalling.
    pub session: u32,
    /// Message.
    pub identifier: u32,
    /// Where this chunk lies in the message.
    pub offset: u64,
    /// Size of the message.
    pub total: u64,
    /// Bytes in this chunk.
    pub length: u32,
    /// Flags.
    pub flags: u32,
    /// Acknowledged identifier, or a fresh number.
    pub ack_id: u32,
    /// Acknowledged unique id.
    pub ack_uid: u32,
    /// Acknowledged size.
    pub ack_size: u64,
}

impl Header {
    /// Appends the 48 bytes.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.session.to_le_bytes());
        out.extend_from_slice(&self.identifier.to_le_bytes());
        out.extend_from_slice(&self.offset.to_le_bytes());
        out.extend_from_slice(&self.total.to_le_bytes());
        out.extend_from_slice(&self.length.to_le_bytes());
        out.extend_from_slice(&self.flags.to_le_bytes());
        out.extend_from_slice(&self.ack_id.to_le_bytes());
        out.extend_from_slice(&self.ack_uid.to_le_bytes());
        out.extend_from_slice(&self.ack_size.to_le_bytes());
    }
}

/// One packet as a transcript writes it: header fields, data and footer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Chunk {
    session: u32,
    identifier: u32,
    offset: u64,
    /// The size of the data when left out.
    total: Option<u64>,
    /// The size of the data when left out.
    length: Option<u32>,
    flags: u32,
    ack_id: u32,
    ack_uid: u32,
    ack_size: u64,
    footer: u32,
    data: Data,
}

/// The bytes of a packet.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum Data {
    /// Nothing: an acknowledgement.
    #[default]
    None,
    /// Signalling; `{len}` gives its Content-Length.
    Text(String),
    /// So many zero bytes: data preparation has four.
    Zeros(usize),
    /// A piece of a file that lies beside the transcript.
    File { name: String, from: usize, bytes: usize },
}

impl Chunk {
    /// The packet's bytes; `folder` is where files lie.
    pub fn bytes(&self, folder: Option<&Path>) -> Result<Vec<u8>, String> {
        let data = self.data.bytes(folder)?;
        let size = u64::try_from(data.len()).map_err(|error| error.to_string())?;
        let length = self.length.unwrap_or(u32::try_from(data.len()).map_err(|error| error.to_string())?);
        let mut out = Vec::with_capacity(data.len() + 52);
        let header = Header {
            session: self.session,
            identifier: self.identifier,
            offset: self.offset,
            total: self.total.unwrap_or(size),
            length,
            flags: self.flags,
            ack_id: self.ack_id,
            ack_uid: self.ack_uid,
            ack_size: self.ack_size,
        };
        header.write(&mut out);
        out.extend_from_slice(&data);
        out.extend_from_slice(&self.footer.to_be_bytes());
        Ok(out)
    }
}

impl Data {
    fn bytes(&self, folder: Option<&Path>) -> Result<Vec<u8>, String> {
        match self {
            Self::None => Ok(Vec::new()),
            Self::Text(words) => Ok(text::with_content_lengths(text::with_hex(words)?)),
            Self::Zeros(count) => Ok(vec![0; *count]),
            Self::File { name, from, bytes } => {
                let path = folder.ok_or("no folder to take files from")?.join(name);
                let whole = std::fs::read(&path).map_err(|error| format!("{name}: {error}"))?;
                let piece = whole.get(*from..from.saturating_add(*bytes));
                Ok(piece.ok_or_else(|| format!("{name} has only {} bytes", whole.len()))?.to_vec())
            }
        }
    }
}
