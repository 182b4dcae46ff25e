//! Options of the file and of the interfaces whose frames it holds.

use serde::Deserialize;

/// The container and what is around it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileForm {
    /// pcap or pcapng.
    pub container: Container,
    /// Byte order of a pcap file, and of a pcapng file with a single section.
    pub byte_order: ByteOrder,
    /// Byte orders of the sections of a pcapng file, which share the packets evenly; empty means one section.
    pub sections: Vec<ByteOrder>,
    /// Which kind of pcapng block holds a packet.
    pub blocks: Block,
    /// Compression of the whole file.
    pub compression: Compression,
    /// How many bytes are missing at the end of the file (before compression).
    pub cut_last_bytes: usize,
}

/// Capture file format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Container {
    /// The classic format.
    #[default]
    Pcap,
    /// The block format.
    Pcapng,
}

/// Byte order of a file or section.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ByteOrder {
    /// Least significant byte first.
    #[default]
    Little,
    /// Most significant byte first.
    Big,
}

/// pcapng block that holds a packet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Block {
    /// Enhanced Packet Block: the usual one.
    #[default]
    Enhanced,
    /// Simple Packet Block: no time, no interface.
    Simple,
    /// The obsolete Packet Block.
    Obsolete,
}

/// What is around the capture file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// Nothing.
    #[default]
    None,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

/// One capturing interface.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Interface {
    /// Its name in a pcapng file.
    pub name: String,
    /// What a captured frame begins with.
    pub link: Link,
    /// Unit of its time stamps.
    pub resolution: Resolution,
    /// Seconds to add to its time stamps (pcapng `if_tsoffset`).
    pub time_offset_s: u32,
    /// Longest part of a frame that was kept, in bytes.
    pub snaplen: u32,
    /// Which frames are filled up to Ethernet's 60 bytes.
    pub padding: Padding,
}

impl Default for Interface {
    fn default() -> Self {
        Self {
            name: "eth0".to_owned(),
            link: Link::default(),
            resolution: Resolution::default(),
            time_offset_s: 0,
            snaplen: 65_535,
            padding: Padding::default(),
        }
    }
}

/// Link types, by the names of the registry of link-layer header types.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Link {
    /// Ethernet, with VLAN tags where the connection asks for them (1).
    #[default]
    Ethernet,
    /// BSD loopback, family in the file's byte order (0).
    Null,
    /// OpenBSD loopback, family in network byte order (108).
    Loop,
    /// Bare IP (101).
    Raw,
    /// PPP with address and control bytes (9).
    Ppp,
    /// 802.11 without radio information (105).
    Wifi,
    /// 802.11 behind a radiotap header (127).
    Radiotap,
    /// Linux cooked, version 1 (113).
    Sll,
    /// Linux cooked, version 2 (276).
    Sll2,
}

/// Unit of time stamps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Resolution {
    /// Microseconds.
    #[default]
    Micro,
    /// Nanoseconds.
    Nano,
    /// 2^-20 seconds; only pcapng can say so.
    Binary,
}

/// Which Ethernet frames shorter than 60 bytes are filled up: a card fills what it sends after the capture saw it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Padding {
    /// Those that arrived from the other side, as a capture on one of the two machines has it.
    #[default]
    Received,
    /// None, as behind a cable with jumbo segmentation.
    None,
    /// All, as on a mirror port.
    All,
}
