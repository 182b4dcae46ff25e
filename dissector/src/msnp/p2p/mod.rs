//! What two programs say to each other directly: pictures, files, webcams, and the invitations to them.
//!
//! Comes in: the bytes of a packet, as a message on a switchboard, a datagram or a direct connection carries them. Goes
//! out: packets with their headers of either version, the MSNSLP messages inside, and where the data stand. What becomes
//! of the data (transfers) is the business of another room.

pub mod carried;
pub mod direct;
pub mod guid;
pub mod joining;
pub mod msnftp;
pub mod packet;
pub mod signal;
pub mod slp;
pub mod turn;
pub mod udp;
pub mod v1;
pub mod v2;
pub mod webcam;

pub use guid::Guid;
pub use msnftp::FileTransfer;
pub use packet::{Header, Packet, Role, Wrapping, packet};
pub use webcam::Camera;

/// The session that is kept for handwriting.
pub const INK_SESSION: u32 = 64;

/// Version of the peer-to-peer protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// From MSNP9; little endian, 48 bytes.
    One,
    /// From MSNP16; big endian, of variable length.
    Two,
}

impl Version {
    /// Its number.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }

    /// The one that the addresses around a packet tell: version 2 names devices.
    #[must_use]
    pub fn of_addresses(to: &[u8], from: Option<&[u8]>) -> Self {
        let device = memchr::memmem::find(to, b";{").is_some();
        if device || from.is_some() { Self::Two } else { Self::One }
    }
}

/// Whether the first bytes of a connection are what it must begin with; `None` when more are needed.
fn begins_with(first: &[u8], wanted: &[u8]) -> Option<bool> {
    match first.len() < wanted.len() {
        true if wanted.starts_with(first) => None,
        _ => Some(first.starts_with(wanted)),
    }
}

/// What a message says beside its packets: to whom and from whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Peer {
    /// To whom, perhaps with a device; empty where nothing says so.
    pub to: String,
    /// From whom, with the device; version 2 alone says so.
    pub from: Option<String>,
    /// The packets: one, but for datagrams, which may carry several.
    pub packets: Vec<Packet>,
}
