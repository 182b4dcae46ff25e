//! The pcap file format (libpcap's "savefile"): a file header, then records of time, two lengths and the packet.
//!
//! In come the bytes at the start of a record, out goes one [`Step`]. Facts: draft-ietf-opsawg-pcap; the "modified"
//! variant with its longer record header comes from patched libpcaps of around 2000.
//!
//! ```text
//! file header  0 magic (4)  4 version (2+2)  8 zone (4)  12 accuracy (4)  16 snaplen (4)  20 link type (4)   24 bytes
//! record       0 seconds (4)  4 µs or ns (4)  8 captured (4)  12 original (4)  [modified: 8 more]  packet
//! ```

use pcap_parser::nom;
use pcap_parser::pcap::{parse_pcap_frame, parse_pcap_frame_be, parse_pcap_frame_modified, parse_pcap_header};

use super::records::{Damage, MAX_PACKET, Raw, Step};
use super::{LinkType, Timestamp};

/// Bytes of the file header.
pub(super) const HEADER: usize = 24;

/// The magic numbers as they lie in the file: µs and ns in both byte orders, and the modified variant.
const MAGICS: [[u8; 4]; 5] = [
    [0xd4, 0xc3, 0xb2, 0xa1],
    [0xa1, 0xb2, 0xc3, 0xd4],
    [0x4d, 0x3c, 0xb2, 0xa1],
    [0xa1, 0xb2, 0x3c, 0x4d],
    [0x34, 0xcd, 0xb2, 0xa1],
];

/// Whether a file that begins so is pcap.
pub(super) fn is_magic(bytes: &[u8]) -> bool {
    MAGICS.iter().any(|magic| bytes.starts_with(magic))
}

#[derive(Clone, Copy, Debug)]
enum Layout {
    Little,
    Big,
    Modified,
}

/// What the file header says about all records.
#[derive(Clone, Debug)]
pub(super) struct Header {
    layout: Layout,
    link: LinkType,
    /// Nanoseconds per unit of the fraction field, and the digits it has.
    unit: u64,
    digits: u8,
}

impl Header {
    /// Reads the file header; `None` when there are fewer than [`HEADER`] bytes or another magic.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (_, header) = parse_pcap_header(bytes).ok()?;
        let layout = match (header.is_modified_format(), header.is_bigendian()) {
            (true, _) => Layout::Modified,
            (false, true) => Layout::Big,
            (false, false) => Layout::Little,
        };
        let (unit, digits) = if header.is_nanosecond_precision() { (1, 9) } else { (1000, 6) };
        // The upper 16 bits tell the length of a frame check sequence; IP's own length makes that unnecessary.
        let link = LinkType(u16::try_from(header.network.0 & 0xffff).unwrap_or_default());
        Some(Header { layout, link, unit, digits })
    }

    /// Reads the record at the start of `bytes`.
    pub fn step<'a>(&self, bytes: &'a [u8]) -> Step<'a> {
        let (parsed, head) = match self.layout {
            Layout::Little => (parse_pcap_frame(bytes), 16),
            Layout::Big => (parse_pcap_frame_be(bytes), 16),
            Layout::Modified => (parse_pcap_frame_modified(bytes), 24),
        };
        let record = match parsed {
            Ok((_, record)) => record,
            Err(nom::Err::Incomplete(nom::Needed::Size(more))) => {
                let need = bytes.len().saturating_add(more.get());
                return match u32::try_from(need.saturating_sub(head)) {
                    Ok(claimed) if claimed <= MAX_PACKET => Step::Need(need),
                    Ok(claimed) => Step::Damaged(Damage::PacketTooLong { claimed }),
                    Err(_) => Step::Damaged(Damage::PacketTooLong { claimed: u32::MAX }),
                };
            }
            Err(_) => return Step::Damaged(Damage::PacketTooLong { claimed: 0 }),
        };
        if record.caplen > MAX_PACKET {
            return Step::Damaged(Damage::PacketTooLong { claimed: record.caplen });
        }
        let nanos = u64::from(record.ts_usec) * self.unit;
        Step::Packet {
            consumed: head + record.data.len(),
            packet: Raw {
                time: Timestamp::new(i64::from(record.ts_sec), nanos, self.digits),
                link: self.link,
                bytes: record.data,
                original_len: record.origlen,
                interface: None,
                at: head,
            },
        }
    }
}
