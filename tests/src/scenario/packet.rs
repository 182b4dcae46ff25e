//! A packet before it has headers: who sends what when.

use super::error::ScenarioError;
use super::options::{Extension, FragmentOrder};
use serde::Deserialize;
use std::net::SocketAddr;
use std::ops::Range;

/// Which way a packet or command goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
pub enum Direction {
    /// From the client to the server.
    #[serde(rename = "C>S")]
    ToServer,
    /// From the server to the client.
    #[serde(rename = "S>C")]
    ToClient,
}

impl Direction {
    /// The other way.
    #[must_use]
    pub const fn reverse(self) -> Self {
        match self {
            Self::ToServer => Self::ToClient,
            Self::ToClient => Self::ToServer,
        }
    }
}

/// The two ends of a connection and what its packets go through.
#[derive(Debug, Clone)]
pub struct Route {
    /// Name in the transcript.
    pub name: String,
    /// Client's address and port.
    pub client: SocketAddr,
    /// Server's address and port.
    pub server: SocketAddr,
    /// VLAN numbers, outermost first.
    pub vlan: Vec<u16>,
    /// IPv6 extension headers.
    pub extensions: Vec<Extension>,
    /// Number of the capturing interface.
    pub interface: usize,
}

impl Route {
    /// Sender and receiver of a packet that goes this way.
    #[must_use]
    pub const fn ends(&self, direction: Direction) -> (SocketAddr, SocketAddr) {
        match direction {
            Direction::ToServer => (self.client, self.server),
            Direction::ToClient => (self.server, self.client),
        }
    }
}

/// The route a packet names.
pub(super) fn route(routes: &[Route], number: usize) -> Result<&Route, ScenarioError> {
    routes.get(number).ok_or_else(|| ScenarioError::Scenario(format!("there is no connection number {number}")))
}

/// One TCP segment or UDP datagram.
#[derive(Debug, Clone)]
pub struct Packet {
    /// Nanoseconds since 1970.
    pub time: u64,
    /// Number of its route.
    pub connection: usize,
    /// Which way it goes.
    pub direction: Direction,
    /// Its transport header.
    pub transport: Transport,
    /// The bytes it carries.
    pub payload: Vec<u8>,
    /// Where these bytes lie in the stream of their direction.
    pub stream: Range<u64>,
    /// IP identification.
    pub ip_id: u16,
    /// Captured length of its frame, when shorter than the frame.
    pub captured: Option<usize>,
    /// Whether its transport checksum is right.
    pub checksum: Checksum,
    /// IP fragmentation: largest IP packet and order of arrival.
    pub fragments: Option<(usize, FragmentOrder)>,
}

/// Transport header of a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transport {
    /// TCP.
    Tcp(Segment),
    /// UDP.
    Udp,
}

/// TCP header fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Sequence number.
    pub seq: u32,
    /// Acknowledgement number; 0 without the ACK flag.
    pub ack: u32,
    /// Flags, the constants of [`flag`].
    pub flags: u8,
    /// Window.
    pub window: u16,
    /// Maximum segment size announced in a SYN.
    pub mss: Option<u16>,
}

/// TCP flag bits.
pub mod flag {
    /// No more data from the sender.
    pub const FIN: u8 = 0x01;
    /// First segment.
    pub const SYN: u8 = 0x02;
    /// Reset.
    pub const RST: u8 = 0x04;
    /// Hand it to the program now.
    pub const PSH: u8 = 0x08;
    /// The acknowledgement number counts.
    pub const ACK: u8 = 0x10;
}

/// Whether a checksum is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checksum {
    /// As it must be.
    Right,
    /// Off by one bit.
    Wrong,
}
