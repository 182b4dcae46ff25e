//! The pcapng file format: sections of blocks, each block with its length at both ends.
//!
//! In come the bytes at the start of a block, out goes one [`Step`]. Read are section headers, interface descriptions
//! and the three kinds of packet block; every other block is passed over without being held. Facts:
//! draft-ietf-opsawg-pcapng.
//!
//! ```text
//! block            0 type (4)  4 length (4)  … content …  length again (4)
//! section header   0x0A0D0D0A: 8 byte-order magic 0x1A2B3C4D (4) …
//! enhanced packet  6: 8 interface (4)  12 time high (4)  16 time low (4)  20 captured (4)  24 original (4)  28 packet
//! packet (old)     2: 8 interface (2)  10 drops (2)  then as the enhanced packet
//! simple packet    3: 8 original (4)  12 packet
//! ```

use pcap_parser::pcapng::{
    InterfaceDescriptionBlock, OptionCode, parse_interfacedescriptionblock_be, parse_interfacedescriptionblock_le,
};

use super::records::{Damage, MAX_BLOCK, MAX_PACKET, Raw, Step};
use super::{Interface, LinkType, Timestamp};

/// How every pcapng file begins.
pub(super) const MAGIC: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];
/// Bytes of a section header that tell its byte order.
pub(super) const SECTION_HEAD: usize = 12;

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const OLD_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;

/// A section header without options, in both byte orders: version 1.0, its length not told.
const LITTLE: &[u8; 28] =
    b"\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0";
const BIG: &[u8; 28] =
    b"\x0a\x0d\x0d\x0a\0\0\0\x1c\x1a\x2b\x3c\x4d\0\x01\0\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\x1c";

/// Characters kept of an interface's name.
const NAME: usize = 256;
/// Interfaces a section may describe.
const MAX_INTERFACES: usize = 1 << 16;

#[derive(Clone, Copy, Debug)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let field = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Order::Little => u16::from_le_bytes(field),
            Order::Big => u16::from_be_bytes(field),
        })
    }

    fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let field = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Order::Little => u32::from_le_bytes(field),
            Order::Big => u32::from_be_bytes(field),
        })
    }

    /// A section header in this byte order.
    fn head(self) -> &'static [u8] {
        match self {
            Order::Little => LITTLE,
            Order::Big => BIG,
        }
    }

    /// The byte order a section header at the start of `bytes` declares.
    fn of_section(bytes: &[u8]) -> Option<Order> {
        match bytes.get(8..SECTION_HEAD)? {
            [0x4d, 0x3c, 0x2b, 0x1a] => Some(Order::Little),
            [0x1a, 0x2b, 0x3c, 0x4d] => Some(Order::Big),
            _ => None,
        }
    }
}

/// What an interface description says about its packets.
#[derive(Clone, Debug)]
struct Described {
    link: LinkType,
    /// The `if_name` option.
    name: String,
    /// Longest packet kept, in bytes; 0 for no limit.
    snaplen: u32,
    /// The `if_tsresol` option: a negative power of 10, or of 2 when the highest bit is set. Default 6: µs.
    resolution: u8,
    /// The `if_tsoffset` option: seconds to add.
    offset: i64,
}

impl Described {
    fn numbered(&self, number: u32) -> Interface<'_> {
        Interface { number, name: &self.name }
    }
}

/// The section being read.
#[derive(Clone, Debug)]
pub(super) struct Section {
    order: Order,
    interfaces: Vec<Described>,
    /// Time of the last packet, for those that have none.
    last: Timestamp,
}

impl Section {
    /// Begins reading at a section header; `None` when `bytes` do not begin with one.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let order = Order::of_section(bytes)?;
        Some(Section { order, interfaces: Vec::new(), last: Timestamp { digits: 6, ..Timestamp::default() } })
    }

    /// Reads the block at the start of `bytes`.
    pub fn step<'a>(&'a mut self, bytes: &'a [u8]) -> Step<'a> {
        let Some(kind) = bytes.get(..SECTION_HEAD).and_then(|head| self.order.u32(head, 0)) else {
            return Step::Need(SECTION_HEAD);
        };
        let order = match kind {
            SECTION_HEADER => match Order::of_section(bytes) {
                Some(order) => order,
                None => return Step::Damaged(Damage::BlockContent { block: kind }),
            },
            _ => self.order,
        };
        let Some(claimed) = order.u32(bytes, 4) else {
            return Step::Need(SECTION_HEAD);
        };
        if claimed < 12 || claimed % 4 != 0 {
            return Step::Damaged(Damage::BlockLength { claimed });
        }
        if kind == SECTION_HEADER {
            self.order = order;
            self.interfaces.clear();
        }
        if kind == SECTION_HEADER {
            return Step::Head { consumed: u64::from(claimed), head: self.order.head() };
        }
        if !matches!(kind, INTERFACE | OLD_PACKET | SIMPLE_PACKET | ENHANCED_PACKET) {
            return Step::Skip(u64::from(claimed));
        }
        if claimed > MAX_BLOCK {
            return Step::Damaged(Damage::BlockLength { claimed });
        }
        let length = claimed as usize;
        let Some(block) = bytes.get(..length) else {
            return Step::Need(length);
        };
        if self.order.u32(block, length - 4) != Some(claimed) {
            return Step::Damaged(Damage::BlockLength { claimed });
        }
        let read = match kind {
            INTERFACE => self.interface(block),
            SIMPLE_PACKET => self.simple_packet(block),
            OLD_PACKET => self.packet(block, self.order.u16(block, 8).map(u32::from)),
            _ => self.packet(block, self.order.u32(block, 8)),
        };
        read.unwrap_or(Step::Damaged(Damage::BlockContent { block: kind }))
    }

    /// Notes an interface, to which later packets refer by its number in the section.
    fn interface<'a>(&mut self, block: &'a [u8]) -> Option<Step<'a>> {
        let parsed = match self.order {
            Order::Little => parse_interfacedescriptionblock_le(block),
            Order::Big => parse_interfacedescriptionblock_be(block),
        };
        let (_, described) = parsed.ok()?;
        if self.interfaces.len() >= MAX_INTERFACES {
            return Some(Step::Damaged(Damage::TooManyInterfaces));
        }
        self.interfaces.push(Described {
            name: name(&described),
            link: LinkType(u16::try_from(described.linktype.0).unwrap_or_default()),
            snaplen: described.snaplen,
            resolution: described.if_tsresol,
            offset: self.time_offset(&described),
        });
        Some(Step::Head { consumed: block.len() as u64, head: block })
    }

    /// The `if_tsoffset` option in the section's byte order.
    fn time_offset(&self, described: &InterfaceDescriptionBlock<'_>) -> i64 {
        let option = described.options.iter().find(|option| option.code == OptionCode::IfTsoffset);
        let Some(field) = option.and_then(|option| option.value.first_chunk().copied()) else {
            return 0;
        };
        match self.order {
            Order::Little => i64::from_le_bytes(field),
            Order::Big => i64::from_be_bytes(field),
        }
    }

    /// Reads an enhanced or an old packet block, which differ in how they name the interface.
    fn packet<'a>(&'a mut self, block: &'a [u8], interface: Option<u32>) -> Option<Step<'a>> {
        let interface = interface?;
        let high = self.order.u32(block, 12)?;
        let low = self.order.u32(block, 16)?;
        let captured = self.order.u32(block, 20)?;
        let original_len = self.order.u32(block, 24)?;
        if captured > MAX_PACKET {
            return Some(Step::Damaged(Damage::PacketTooLong { claimed: captured }));
        }
        let content = block.get(..block.len() - 4)?;
        let bytes = content.get(28..)?.get(..captured as usize)?;
        let Some(described) = self.interfaces.get(interface as usize) else {
            return Some(Step::Damaged(Damage::UnknownInterface { interface }));
        };
        let ticks = u64::from(high) << 32 | u64::from(low);
        self.last = time(ticks, described.resolution, described.offset);
        let interface = Some(described.numbered(interface));
        let packet = Raw { time: self.last, link: described.link, bytes, original_len, interface, at: 28 };
        Some(Step::Packet { consumed: block.len(), packet })
    }

    /// Reads a simple packet block: of interface 0, without a time, its captured length limited by the snaplen.
    fn simple_packet<'a>(&'a self, block: &'a [u8]) -> Option<Step<'a>> {
        let original_len = self.order.u32(block, 8)?;
        let Some(described) = self.interfaces.first() else {
            return Some(Step::Damaged(Damage::UnknownInterface { interface: 0 }));
        };
        let padded = block.get(12..block.len() - 4)?;
        let limit = match described.snaplen {
            0 => original_len,
            snaplen => original_len.min(snaplen),
        };
        let bytes = padded.get(..limit as usize).unwrap_or(padded);
        let time = Timestamp { absent: true, ..self.last };
        let interface = Some(described.numbered(0));
        let packet = Raw { time, link: described.link, bytes, original_len, interface, at: 12 };
        Some(Step::Packet { consumed: block.len(), packet })
    }
}

/// What the `if_name` option says, without the zeros that some writers put behind it.
fn name(described: &InterfaceDescriptionBlock<'_>) -> String {
    let option = described.options.iter().find(|option| option.code == OptionCode::IfName);
    let told = option.map(|option| option.value.get(..option.len.into()).unwrap_or(&option.value));
    let told = String::from_utf8_lossy(told.unwrap_or_default());
    told.trim_end_matches('\0').chars().take(NAME).collect()
}

/// The time of `ticks` units since 1970, `offset` seconds later.
fn time(ticks: u64, resolution: u8, offset: i64) -> Timestamp {
    let exponent = u32::from(resolution & 0x7f);
    let (units, digits) = if resolution & 0x80 == 0 {
        (10u128.checked_pow(exponent), exponent)
    } else {
        // A binary fraction of n bits is worth n × log10(2) decimal digits.
        (1u128.checked_shl(exponent), (exponent * 30_103).div_ceil(100_000))
    };
    // Units too small for 128 bits make every possible count of them less than a nanosecond.
    let (seconds, nanos) = match units {
        Some(units) => {
            let ticks = u128::from(ticks);
            (ticks / units, (ticks % units).saturating_mul(1_000_000_000) / units)
        }
        None => (0, 0),
    };
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_add(offset);
    Timestamp::new(seconds, u64::try_from(nanos).unwrap_or(0), u8::try_from(digits).unwrap_or(9))
}
