//! One TCP segment as a packet carried it.
//!
//! ```text
//! 0 source port (2)  2 destination port (2)  4 sequence (4)  8 acknowledgement (4)  12 header length / 4 (bits 4-7)
//! 13 flags (1)  14 window (2)  16 checksum (2)  18 urgent (2)  20 options           all big-endian (RFC 9293)
//! ```

use std::net::{IpAddr, SocketAddr};

use etherparse::TcpHeaderSlice;

use super::ip::Datagram;
use crate::capture::Timestamp;

/// The flags of a segment, as byte 13 of the TCP header has them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(pub u8);

#[rustfmt::skip]
impl Flags {
    /// The sender will send no more.
    pub const FIN: Flags = Flags(0x01);
    /// Opens a connection; takes one sequence number.
    pub const SYN: Flags = Flags(0x02);
    /// Breaks the connection off.
    pub const RST: Flags = Flags(0x04);
    /// Deliver at once.
    pub const PSH: Flags = Flags(0x08);
    /// The acknowledgement number counts.
    pub const ACK: Flags = Flags(0x10);
    /// The urgent pointer counts.
    pub const URG: Flags = Flags(0x20);
}

impl Flags {
    /// Whether all of `flags` are set.
    #[must_use]
    pub fn has(self, flags: Flags) -> bool {
        self.0 & flags.0 == flags.0
    }
}

impl std::ops::BitOr for Flags {
    type Output = Flags;
    fn bitor(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }
}

/// A TCP segment and where it came from. Checksums are never looked at: offloading leaves them wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// Number of the packet, from 1; of the packet that completed the datagram when it came in fragments.
    pub frame: u64,
    /// Time of that packet.
    pub time: Timestamp,
    /// Who sent it.
    pub source: SocketAddr,
    /// To whom.
    pub destination: SocketAddr,
    /// Sequence number of the first payload byte, or of the SYN before it.
    pub sequence: u32,
    /// The next sequence number the sender expects; counts when [`Flags::ACK`] is set.
    pub acknowledgement: u32,
    /// The flags.
    pub flags: Flags,
    /// The captured payload.
    pub payload: &'a [u8],
    /// Payload bytes that were sent but cut off by the capture's length limit.
    pub missing: u32,
    /// Where `payload` begins in the capture file, if it lies there as it is.
    pub file_offset: Option<u64>,
}

impl<'a> Segment<'a> {
    /// Reads the segment in a datagram; `None` when its header is cut off or malformed.
    pub(super) fn read(datagram: &Datagram<'a>, frame: u64, time: Timestamp, file_offset: Option<u64>) -> Option<Self> {
        let header = TcpHeaderSlice::from_slice(datagram.payload).ok()?;
        let length = header.slice().len();
        let address = |ip: IpAddr, port| SocketAddr::new(ip, port);
        Some(Segment {
            frame,
            time,
            source: address(datagram.source, header.source_port()),
            destination: address(datagram.destination, header.destination_port()),
            sequence: header.sequence_number(),
            acknowledgement: header.acknowledgment_number(),
            flags: Flags(*header.slice().get(13)?),
            payload: datagram.payload.get(length..)?,
            missing: datagram.missing,
            file_offset: file_offset.map(|offset| offset + length as u64),
        })
    }
}
