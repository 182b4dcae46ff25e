//! What is spoken on a connection: MSNP with a server, or one of the ways in which programs exchange data directly.
//!
//! Each has its own rule where one PDU ends and the next begins; framers ask here.

use super::framing::{self, Frame, Sync};
use super::p2p::{direct, msnftp, turn, udp, webcam};
use super::{Direction, Pdu, PduKind};

/// What is spoken on one direction of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dialogue {
    /// MSNP, between a client and a server.
    #[default]
    Service,
    /// Packets between two programs; who connected counts as the client.
    Direct,
    /// The file transfer of early dialects (MSNFTP); who connected counts as the client.
    FileTransfer {
        /// This direction has told the length of the file: blocks follow.
        blocks: bool,
    },
    /// A program and a relay (TURN), and through it two programs.
    Relay,
    /// A webcam's pictures; who connected counts as the client.
    Webcam,
    /// Two programs over UDP, or one and a relay: each datagram is a PDU. Who sends the first packet counts as the client.
    Udp,
}

impl Dialogue {
    /// What the first bytes of one direction of a TCP connection on any port tell: a dialogue between two programs, and
    /// whether these bytes are of the one who connected. `None` when it is none of those.
    #[must_use]
    pub fn between_peers(first: &[u8]) -> Option<(Self, bool)> {
        match (msnftp::detect(first), direct::detect(first)) {
            (Some(true), _) => Some((Self::FileTransfer { blocks: false }, true)),
            (_, direct::Found::Connector) => Some((Self::Direct, true)),
            (_, direct::Found::Packets) => Some((Self::Direct, false)),
            _ if turn::detect(first) == Some(true) => Some((Self::Relay, true)),
            _ if webcam::detect(first) == Some(true) => Some((Self::Webcam, true)),
            _ => None,
        }
    }

    /// Whether these bytes are from the middle of a direct connection, wherever they begin.
    #[must_use]
    pub fn is_amid_packets(bytes: &[u8]) -> bool {
        direct::holds_frame(bytes)
    }

    /// Whether it may still become one of those.
    #[must_use]
    pub fn may_be_between_peers(first: &[u8]) -> bool {
        let undecided = [msnftp::detect(first), turn::detect(first), webcam::detect(first)].contains(&None);
        undecided || direct::detect(first) == direct::Found::NeedMore
    }

    /// Whether two programs speak, without a server.
    #[must_use]
    pub fn is_between_peers(self) -> bool {
        self != Self::Service
    }

    /// Says what stands at the start of `bytes`.
    #[must_use]
    pub fn frame(self, bytes: &[u8], direction: Direction, sync: Sync) -> Frame {
        match self {
            Self::Service => framing::frame(bytes, direction, sync),
            Self::Direct => direct::frame(bytes, sync),
            Self::FileTransfer { blocks } => msnftp::frame(bytes, blocks, sync),
            Self::Relay => turn::frame(bytes, sync),
            Self::Webcam => webcam::frame(bytes),
            Self::Udp => {
                let line = udp::head(bytes, bytes.len());
                Frame::Command { line, payload: bytes.len().saturating_sub(line) }
            }
        }
    }

    /// A PDU whose head is the first `line` bytes, and which may be cut short.
    #[must_use]
    pub fn pdu(self, bytes: &[u8], line: usize, direction: Direction) -> Pdu<'_> {
        let kind = match self {
            Self::Service => return Pdu::command(bytes, line, direction),
            Self::Direct => PduKind::Direct,
            Self::FileTransfer { .. } => PduKind::FileTransfer,
            Self::Relay => PduKind::Relay,
            Self::Webcam => PduKind::Webcam,
            Self::Udp => PduKind::Udp,
        };
        // Whatever is there of it: the head says how much is to come.
        let announced = match self.frame(bytes, direction, Sync::Kept) {
            Frame::Needs(Some(total)) => total.saturating_sub(line),
            _ => bytes.len().saturating_sub(line),
        };
        Pdu { bytes, line: line.min(bytes.len()), announced, kind, completes: None }
    }

    /// How long the head is of a PDU that was cut short; `None` when not even that is there.
    #[must_use]
    pub fn head(self, bytes: &[u8]) -> Option<usize> {
        let fixed = match self {
            Self::Service => return memchr::memchr(b'\n', bytes).map(|line_feed| line_feed + 1),
            Self::Direct => direct::PREFIX,
            Self::FileTransfer { blocks: true } if bytes.first().is_some_and(|kind| *kind <= 1) => msnftp::HEAD,
            Self::Relay => turn::head(bytes),
            Self::Udp => udp::head(bytes, bytes.len()),
            Self::Webcam if bytes.first() == Some(&24) => webcam::HEAD,
            Self::Webcam | Self::FileTransfer { .. } => {
                return memchr::memchr(b'\n', bytes).map(|line_feed| line_feed + 1);
            }
        };
        (bytes.len() >= fixed).then_some(fixed)
    }

    /// What is spoken after a PDU, in its direction.
    #[must_use]
    pub fn after(self, pdu: &Pdu<'_>) -> Self {
        match self {
            Self::FileTransfer { blocks: false } if msnftp::begins_blocks(pdu.bytes) => {
                Self::FileTransfer { blocks: true }
            }
            other => other,
        }
    }
}
