//! What happens on the TCP connections of a capture, in the order it can be told.

use std::net::SocketAddr;

use crate::capture::Timestamp;

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The initiator when the handshake was seen, else the sender of the first packet seen.
    A,
    /// The other end.
    B,
}

impl Side {
    /// The opposite end.
    #[must_use]
    pub fn other(self) -> Side {
        match self {
            Side::A => Side::B,
            Side::B => Side::A,
        }
    }
}

/// Whether the beginning of a connection is in the capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handshake {
    /// The first packet seen was a SYN or its answer: side A is the initiator.
    Seen,
    /// The capture begins in the middle: which side initiated is not known.
    Missing,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Both sides said they were done, and all they sent was delivered or declared lost.
    Fin,
    /// One side broke it off.
    Reset,
    /// A new connection between the same ports began.
    PortReused,
    /// The capture ended first.
    CaptureEnd,
}

/// Why bytes are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// No packet with them came: lost in the network and never repeated, or missed by the capture.
    NotCaptured,
    /// Their packet is there, but the capture kept only its beginning.
    CutBySnaplen,
    /// They might still have come, but too much was waiting for them.
    OverCeiling,
    /// They came after bytes that follow them, where the beginning of the connection was not captured.
    BeforeBeginning,
}

/// Something that happened on a connection. `stream` numbers connections from 0 as Wireshark's `tcp.stream` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A connection was seen for the first time, or was opened again with a repeated SYN after it was over.
    Opened {
        /// The connection.
        stream: u32,
        /// Address of side A.
        a: SocketAddr,
        /// Address of side B.
        b: SocketAddr,
        /// Time of the first packet.
        time: Timestamp,
        /// Number of the first packet.
        frame: u64,
        /// Whether it was the handshake.
        handshake: Handshake,
    },
    /// The next bytes of one direction.
    Data {
        /// The connection.
        stream: u32,
        /// Who sent them.
        side: Side,
        /// The bytes; never empty.
        bytes: &'a [u8],
        /// The largest packet number among these bytes and all delivered before in this direction: when they are the
        /// last bytes of something, this is the packet that completed it.
        frame: u64,
        /// The packet these bytes were in.
        own_frame: u64,
        /// Time of packet `frame`.
        time: Timestamp,
        /// Where they are in the capture file, if they lie there as they are.
        file_offset: Option<u64>,
    },
    /// The next bytes of one direction are missing.
    Gap {
        /// The connection.
        stream: u32,
        /// Who sent them.
        side: Side,
        /// How many bytes. 0 when the direction began anew at another sequence number, so that nothing is known.
        len: u64,
        /// The packet that shows that they are missing: the first one after them, or the one that was cut. Like
        /// `Data`'s never smaller than one before it in this direction.
        frame: u64,
        /// Time of packet `frame`.
        time: Timestamp,
        /// Why.
        cause: Cause,
        /// Whether the receiver confirmed having got them.
        acknowledged: bool,
    },
    /// Bytes were captured that stand before the first ones seen of their direction, whose beginning was not captured: what
    /// follows them was told already.
    Unplaced {
        /// The connection.
        stream: u32,
        /// Who sent them.
        side: Side,
        /// How many bytes.
        len: u64,
        /// The packet that brought them.
        frame: u64,
        /// Time of that packet.
        time: Timestamp,
    },
    /// The connection is over; nothing more comes of it. After a reset this is told late, when nothing came for a while,
    /// because bytes that were on their way may follow it.
    Closed {
        /// The connection.
        stream: u32,
        /// How.
        how: How,
        /// Who ended it: the sender of the reset or of the first FIN.
        by: Option<Side>,
        /// The packet that ended it; the last one of the connection when the capture ended.
        frame: u64,
        /// Time of that packet.
        time: Timestamp,
    },
}

impl Event<'_> {
    /// Number of the connection it happened on.
    #[must_use]
    pub fn stream(&self) -> u32 {
        match self {
            Event::Opened { stream, .. }
            | Event::Data { stream, .. }
            | Event::Gap { stream, .. }
            | Event::Unplaced { stream, .. }
            | Event::Closed { stream, .. } => *stream,
        }
    }
}
