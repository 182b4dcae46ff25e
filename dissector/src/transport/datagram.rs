//! One UDP datagram as a packet carried it.
//!
//! ```text
//! 0 source port (2)  2 destination port (2)  4 length with this head (2)  6 checksum (2)      all big-endian (RFC 768)
//! ```

use std::net::SocketAddr;

use super::ip;
use crate::capture::Timestamp;

/// Length of the head.
const HEAD: usize = 8;

/// A UDP datagram and where it came from. Checksums are never looked at: offloading leaves them wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Datagram<'a> {
    /// Number of the packet, from 1; of the packet that completed the datagram when it came in fragments.
    pub frame: u64,
    /// Time of that packet.
    pub time: Timestamp,
    /// Who sent it.
    pub source: SocketAddr,
    /// To whom.
    pub destination: SocketAddr,
    /// The captured payload.
    pub payload: &'a [u8],
    /// Payload bytes that were sent but cut off by the capture's length limit.
    pub missing: u32,
    /// Where `payload` begins in the capture file, if it lies there as it is.
    pub file_offset: Option<u64>,
}

impl<'a> Datagram<'a> {
    /// Reads the datagram in an IP datagram; `None` when its ports are cut off. Where the head does not end, nothing is
    /// behind it.
    pub(super) fn read(
        datagram: &ip::Datagram<'a>,
        frame: u64,
        time: Timestamp,
        file_offset: Option<u64>,
    ) -> Option<Self> {
        let bytes = datagram.payload;
        let [source_high, source_low, high, low, ..] = *bytes else { return None };
        let there = bytes.get(HEAD..).unwrap_or_default();
        // Where the head tells a length that cannot be, as with offloading, all that is there belongs to it.
        let told = bytes.get(4..6).map_or(0, |length| length.iter().fold(0, |all, byte| all << 8 | usize::from(*byte)));
        let length = told.checked_sub(HEAD).filter(|length| *length <= there.len()).unwrap_or(there.len());
        let missing = if length < there.len() { 0 } else { datagram.missing };
        Some(Self {
            frame,
            time,
            source: SocketAddr::new(datagram.source, u16::from_be_bytes([source_high, source_low])),
            destination: SocketAddr::new(datagram.destination, u16::from_be_bytes([high, low])),
            payload: there.get(..length).unwrap_or(there),
            missing,
            file_offset: file_offset.map(|offset| offset.saturating_add(HEAD as u64)),
        })
    }
}
