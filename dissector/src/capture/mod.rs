//! Capture files: bytes in, packets with their time out.
//!
//! In come the bytes of a capture in slices of any size: pcap (µs or ns, both byte orders) or pcapng (any number of
//! sections and interfaces), either of them plain or inside gzip or Zstandard. Out come [`Packet`]s, in file order,
//! numbered from 1 as Wireshark numbers frames. [`link`] then finds the network layer inside a packet.
//!
//! This room knows nothing of TCP, ports or protocols above. It does no IO: whoever reads the file pushes slices.
//!
//! ```text
//! push(bytes) ─▶ reader (gzip? zstd? neither) ─▶ records (carry-over) ─▶ pcap │ pcapng ─▶ Packet ─▶ link ─▶ IP bytes
//!                └── one for each file ──┘                            captures: several as one ┘
//! ```

mod captures;
mod copies;
mod gzip;
pub mod kind;
pub mod link;
mod pcap;
mod pcapng;
mod reader;
mod records;
mod time;
mod zstd;

pub use captures::{Again, Captures, Share};
pub use kind::{FileKind, Wrapping};
pub use link::LinkType;
pub use reader::CaptureReader;
pub use records::{Damage, Ending, MAX_BLOCK, MAX_PACKET, Record, Refusal};
pub use time::Timestamp;

/// One packet as the capture recorded it, borrowed from the bytes being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Number of the packet in the whole capture, from 1, over all sections and interfaces.
    pub number: u64,
    /// When it was captured. A pcapng Simple Packet Block has no time: see [`Timestamp::absent`].
    pub time: Timestamp,
    /// What the first byte of `bytes` is.
    pub link: LinkType,
    /// The captured bytes; fewer than `original_len` when the capture was limited (snaplen).
    pub bytes: &'a [u8],
    /// Bytes the packet had on the wire.
    pub original_len: u32,
    /// What it was captured from, where a pcapng file says so; `None` too for packets of several files while these are read.
    pub interface: Option<Interface<'a>>,
    /// Where `bytes` begin in the capture file; `None` when the file is compressed, or one of several.
    pub file_offset: Option<u64>,
}

/// The interface of a packet, as its section of a pcapng file describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interface<'a> {
    /// Its number in the section, from 0.
    pub number: u32,
    /// What the capturing machine calls it, or its first 256 characters; empty where that is not told.
    pub name: &'a str,
}
