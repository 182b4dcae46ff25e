//! The uncompressed capture: slices of any size in, whole packets out.
//!
//! In come the capture's bytes, cut anywhere. The file formats ([`pcap`], [`pcapng`]) are asked to take one step at a
//! time from whatever bytes there are; what they cannot finish waits in a carry-over buffer, filled to exactly what
//! they asked for. A packet that lies whole in a pushed slice is never copied.
//!
//! This room knows neither compression nor what is inside a packet. It holds at most one record or block, of at most
//! [`MAX_BLOCK`] bytes, and only bytes that really came.

use super::kind::{self, FileKind, Wrapping};
use super::{Interface, LinkType, Packet, Timestamp, pcap, pcapng};

/// Longest packet that is believed, in bytes: four times Wireshark's limit, for captures of offloaded traffic.
pub const MAX_PACKET: u32 = 1 << 20;
/// Packets between two places at which reading can begin again.
const STRETCH: u64 = 1024;
/// Longest pcapng block that is held, in bytes: a packet and its options. Blocks of no interest are never held.
pub const MAX_BLOCK: u32 = MAX_PACKET + (1 << 16);

/// Why a file is not read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The bytes begin like no capture.
    NotACapture {
        /// What they look like instead.
        looks_like: FileKind,
        /// What the judged bytes were inside of.
        within: Option<Wrapping>,
    },
}

/// How a capture ended. In every case all packets before the end were delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// After a whole packet or block.
    Complete,
    /// In the middle of a packet (or of a block between packets): the recording or the copy was interrupted.
    Cut {
        /// The number the cut packet would have had.
        packet: u64,
    },
    /// At bytes that cannot be what they should be; what follows them was not read.
    Damaged {
        /// Number of the last packet delivered; 0 for none.
        after_packet: u64,
        /// What is wrong.
        reason: Damage,
    },
}

/// What is wrong with a damaged capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// A packet claims more than [`MAX_PACKET`] bytes.
    PacketTooLong {
        /// The claimed length in bytes.
        claimed: u32,
    },
    /// A block's length contradicts itself: too short for its kind, not a multiple of 4, not repeated at its end.
    BlockLength {
        /// The claimed length in bytes.
        claimed: u32,
    },
    /// The inside of a pcapng block is malformed.
    BlockContent {
        /// The pcapng block type.
        block: u32,
    },
    /// A packet names an interface that its section did not describe.
    UnknownInterface {
        /// Number of the interface, from 0.
        interface: u32,
    },
    /// A section describes more than 65,536 interfaces.
    TooManyInterfaces,
    /// The compressed bytes are not valid.
    Compression(Wrapping),
    /// The bytes do not have the checksum the compressed file states.
    Checksum(Wrapping),
    /// Zstandard data that needs more memory than is allowed.
    Window {
        /// Bytes the file asks for.
        claimed: u64,
    },
    /// Zstandard data that needs a dictionary.
    Dictionary {
        /// Number of the dictionary.
        id: u32,
    },
}

/// What an uncompressed capture is made of, as it stands in the file. Copied in order, with or without some of the packets,
/// these bytes are a capture again.
#[derive(Clone, Copy, Debug)]
pub enum Record<'a> {
    /// What the packets behind it need: the header of a pcap file; the beginning of a section of a pcapng file (without its
    /// options, and without its length, which counts packets that may be left out); the description of an interface.
    Head(&'a [u8]),
    /// A packet, and its record or block.
    Packet(Packet<'a>, &'a [u8]),
}

/// A packet as a file format finds it, before it has a number.
pub(super) struct Raw<'a> {
    pub time: Timestamp,
    pub link: LinkType,
    pub bytes: &'a [u8],
    pub original_len: u32,
    pub interface: Option<Interface<'a>>,
    /// Where `bytes` begin in the bytes the step was given.
    pub at: usize,
}

/// What a file format makes of the bytes at its current position.
pub(super) enum Step<'a> {
    /// A packet in the first `consumed` bytes.
    Packet { consumed: usize, packet: Raw<'a> },
    /// What later packets need, in the next `consumed` bytes, which may be more than were given.
    Head { consumed: u64, head: &'a [u8] },
    /// Nothing to deliver in the next bytes, which may be more than were given.
    Skip(u64),
    /// Can tell only with this many bytes, more than were given.
    Need(usize),
    /// Reading cannot go on.
    Damaged(Damage),
}

#[derive(Clone, Debug)]
enum Format {
    Unknown,
    Pcap(pcap::Header),
    PcapNg(pcapng::Section),
}

/// What one step did to the position.
enum Progress {
    Advanced(u64),
    Need(usize),
    Stopped,
}

/// Reads uncompressed capture bytes pushed in slices.
#[derive(Debug)]
pub(super) struct Records {
    format: Format,
    within: Option<Wrapping>,
    /// Bytes of an unfinished record, filled up to `need`.
    carry: Vec<u8>,
    need: usize,
    /// Bytes to pass over before the next step.
    skip: u64,
    /// Offset in the uncompressed capture of the next byte to step on.
    position: u64,
    /// Packets delivered.
    packets: u64,
    /// Where reading can begin again: after so many packets, and at which offset. Of pcapng in the section being read only.
    marks: Vec<(u64, u64)>,
    damage: Option<Damage>,
    refusal: Option<Refusal>,
}

impl Records {
    /// A reader of bytes that came out of `within`.
    pub fn new(within: Option<Wrapping>) -> Self {
        Records {
            format: Format::Unknown,
            within,
            carry: Vec::new(),
            need: 0,
            skip: 0,
            position: 0,
            packets: 0,
            marks: Vec::new(),
            damage: None,
            refusal: None,
        }
    }

    /// A reader that begins again shortly before a packet, and the offset at which; `None` when it has to be the beginning.
    pub fn again(&self, number: u64) -> Option<(Self, u64)> {
        let mark = self.marks.partition_point(|(packets, _)| *packets < number).checked_sub(1)?;
        let (packets, position) = *self.marks.get(mark)?;
        Some((Records { format: self.format.clone(), packets, position, ..Records::new(self.within) }, position))
    }

    /// Takes the next bytes and delivers every packet they complete.
    pub fn push(&mut self, mut bytes: &[u8], sink: &mut dyn FnMut(&Record<'_>)) -> Result<(), Refusal> {
        while self.refusal.is_none() && self.damage.is_none() {
            bytes = self.pass_over(bytes);
            if bytes.is_empty() && (self.carry.is_empty() || self.carry.len() < self.need) {
                break;
            }
            if self.carry.is_empty() {
                bytes = self.step_in_place(bytes, sink);
            } else {
                bytes = self.step_in_carry(bytes, sink);
            }
        }
        self.refusal.map_or(Ok(()), Err)
    }

    /// Ends the capture and says how it ended.
    pub fn finish(&mut self) -> Result<Ending, Refusal> {
        if let Some(refusal) = self.refusal {
            return Err(refusal);
        }
        if let Some(reason) = self.damage {
            return Ok(Ending::Damaged { after_packet: self.packets, reason });
        }
        match self.format {
            Format::Unknown if !pcap::is_magic(&self.carry) => Err(self.refuse()),
            _ if self.carry.is_empty() && self.skip == 0 => Ok(Ending::Complete),
            _ => Ok(Ending::Cut { packet: self.packets + 1 }),
        }
    }

    /// Stops reading because of something found outside (in the compression).
    pub fn damage(&mut self, reason: Damage) {
        self.damage.get_or_insert(reason);
    }

    /// Packets delivered so far.
    pub fn packets(&self) -> u64 {
        self.packets
    }

    /// Whether nothing came yet by which a file could be judged.
    pub fn is_empty(&self) -> bool {
        matches!(self.format, Format::Unknown) && self.carry.is_empty() && !self.stopped()
    }

    /// Bytes held of an unfinished record.
    #[cfg(test)]
    pub fn holds(&self) -> usize {
        self.carry.capacity()
    }

    /// Whether further bytes would be ignored.
    pub fn stopped(&self) -> bool {
        self.damage.is_some() || self.refusal.is_some()
    }

    fn pass_over<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let skipped = usize::try_from(self.skip).map_or(bytes.len(), |skip| skip.min(bytes.len()));
        self.skip -= skipped as u64;
        bytes.get(skipped..).unwrap_or_default()
    }

    fn step_in_place<'a>(&mut self, bytes: &'a [u8], sink: &mut dyn FnMut(&Record<'_>)) -> &'a [u8] {
        match self.step(bytes, sink) {
            Progress::Advanced(count) => {
                let inside = usize::try_from(count).map_or(bytes.len(), |count| count.min(bytes.len()));
                self.skip = count - inside as u64;
                bytes.get(inside..).unwrap_or_default()
            }
            Progress::Need(need) => {
                self.carry.extend_from_slice(bytes);
                self.need = need;
                &[]
            }
            Progress::Stopped => &[],
        }
    }

    fn step_in_carry<'a>(&mut self, bytes: &'a [u8], sink: &mut dyn FnMut(&Record<'_>)) -> &'a [u8] {
        let wanted = self.need.saturating_sub(self.carry.len()).min(bytes.len());
        let (taken, rest) = bytes.split_at_checked(wanted).unwrap_or((bytes, &[]));
        self.carry.extend_from_slice(taken);
        if self.carry.len() < self.need {
            return rest;
        }
        let mut carry = std::mem::take(&mut self.carry);
        match self.step(&carry, sink) {
            Progress::Advanced(count) => {
                let inside = usize::try_from(count).map_or(carry.len(), |count| count.min(carry.len()));
                self.skip = count - inside as u64;
                carry.drain(..inside);
                self.need = carry.len();
            }
            Progress::Need(need) => self.need = need,
            Progress::Stopped => carry.clear(),
        }
        self.carry = carry;
        rest
    }

    fn step(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&Record<'_>)) -> Progress {
        let step = match &mut self.format {
            Format::Unknown => return self.recognise(bytes, sink),
            Format::Pcap(header) => header.step(bytes),
            Format::PcapNg(section) => section.step(bytes),
        };
        match step {
            Step::Packet { consumed, packet } => {
                if self.packets.is_multiple_of(STRETCH) && self.within.is_none() {
                    self.marks.push((self.packets, self.position));
                }
                self.packets += 1;
                let file_offset = match self.within {
                    Some(_) => None,
                    None => Some(self.position + packet.at as u64),
                };
                let Raw { time, link, bytes: inside, original_len, interface, .. } = packet;
                let number = self.packets;
                let packet = Packet { number, time, link, bytes: inside, original_len, interface, file_offset };
                sink(&Record::Packet(packet, bytes.get(..consumed).unwrap_or(bytes)));
                self.position += consumed as u64;
                Progress::Advanced(consumed as u64)
            }
            Step::Head { consumed, head } => {
                if head.starts_with(&pcapng::MAGIC) {
                    // Packets before it are of interfaces that are forgotten now.
                    self.marks.clear();
                }
                sink(&Record::Head(head));
                self.position += consumed;
                Progress::Advanced(consumed)
            }
            Step::Skip(count) => {
                self.position += count;
                Progress::Advanced(count)
            }
            Step::Need(need) => Progress::Need(need),
            Step::Damaged(reason) => {
                self.damage = Some(reason);
                Progress::Stopped
            }
        }
    }

    /// Finds the file format from the first bytes.
    fn recognise(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&Record<'_>)) -> Progress {
        if bytes.len() < 4 {
            return Progress::Need(4);
        }
        if pcap::is_magic(bytes) {
            return match pcap::Header::read(bytes) {
                Some(header) => {
                    sink(&Record::Head(bytes.get(..pcap::HEADER).unwrap_or(bytes)));
                    self.format = Format::Pcap(header);
                    self.position += pcap::HEADER as u64;
                    Progress::Advanced(pcap::HEADER as u64)
                }
                None => Progress::Need(pcap::HEADER),
            };
        }
        if bytes.starts_with(&pcapng::MAGIC) {
            match pcapng::Section::read(bytes) {
                Some(section) => {
                    self.format = Format::PcapNg(section);
                    return Progress::Advanced(0);
                }
                None if bytes.len() < pcapng::SECTION_HEAD => return Progress::Need(pcapng::SECTION_HEAD),
                None => {}
            }
        }
        if bytes.len() < kind::HEAD {
            return Progress::Need(kind::HEAD);
        }
        self.carry.clear();
        self.carry.extend_from_slice(bytes.get(..kind::HEAD).unwrap_or_default());
        self.refuse();
        Progress::Stopped
    }

    /// Refuses the file for what the carried first bytes look like.
    fn refuse(&mut self) -> Refusal {
        let refusal = Refusal::NotACapture { looks_like: kind::look(&self.carry), within: self.within };
        self.refusal = Some(refusal);
        self.carry.clear();
        refusal
    }
}
