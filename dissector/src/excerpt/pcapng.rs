//! Writes packets of several captures into one: a pcapng file in the byte order of most machines, times as fine as they were.
//!
//! The records of the files cannot be copied here, since each counts its interfaces from 0 and says for itself how its
//! times are to be read.

use crate::capture::{LinkType, Packet, Timestamp};

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;

/// The finest fraction of a second, in decimal digits: nanoseconds.
const FINEST: u8 = 9;

/// Writes blocks.
#[derive(Debug, Default)]
pub(super) struct Writer {
    section: Section,
}

/// What packets of the section being written can be.
#[derive(Debug, Default, PartialEq, Eq)]
enum Section {
    /// None has begun.
    #[default]
    None,
    /// Those with a time, each of one of these interfaces, with the digits of the fractions of its seconds.
    Timed(Vec<(LinkType, u8)>),
    /// Those without a time, which are all of the first interface; not more than so many bytes of each are there, 0 for all.
    Untimed(LinkType, u32),
}

impl Writer {
    /// Appends a packet.
    pub fn packet(&mut self, packet: &Packet<'_>, out: &mut Vec<u8>) {
        match packet.time.recorded() {
            Some(time) => {
                let (ticks, digits) = ticks(time);
                let interface = self.interface((packet.link, digits), out);
                let (low, high) = (ticks & u64::from(u32::MAX), ticks >> 32);
                let head = [interface, narrow(high), narrow(low), length(packet.bytes), packet.original_len];
                block(ENHANCED_PACKET, &head, packet.bytes, out);
            }
            None => {
                let original = packet.original_len.max(length(packet.bytes));
                let limit = if original > length(packet.bytes) { length(packet.bytes) } else { 0 };
                let section = Section::Untimed(packet.link, limit);
                if self.section != section {
                    begin(out);
                    block(INTERFACE, &[u32::from(packet.link.0), limit], &[], out);
                    self.section = section;
                }
                block(SIMPLE_PACKET, &[original], packet.bytes, out);
            }
        }
    }

    /// Nothing follows: without a packet it is a capture all the same.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        if self.section == Section::None {
            begin(out);
        }
    }

    /// The number of an interface for packets with a time.
    fn interface(&mut self, wanted: (LinkType, u8), out: &mut Vec<u8>) -> u32 {
        if !matches!(self.section, Section::Timed(_)) {
            begin(out);
            self.section = Section::Timed(Vec::new());
        }
        let Section::Timed(known) = &mut self.section else { return 0 };
        let at = known.iter().position(|known| *known == wanted).unwrap_or_else(|| {
            let (link, digits) = wanted;
            // The option `if_tsresol`, and the end of options.
            block(INTERFACE, &[u32::from(link.0), 0], &[9, 0, 1, 0, digits, 0, 0, 0, 0, 0, 0, 0], out);
            known.push(wanted);
            known.len() - 1
        });
        u32::try_from(at).unwrap_or(0)
    }
}

/// A time in units of as many digits as it has.
fn ticks(time: Timestamp) -> (u64, u8) {
    let nanos = time.nanos_since(Timestamp::default());
    let unit = |digits: u8| 10i128.pow(u32::from(FINEST - digits));
    // Fractions that are not decimal need all of them.
    let digits = Some(time.digits.min(FINEST)).filter(|digits| nanos % unit(*digits) == 0).unwrap_or(FINEST);
    (u64::try_from((nanos / unit(digits)).max(0)).unwrap_or(u64::MAX), digits)
}

/// A section of unknown length begins.
fn begin(out: &mut Vec<u8>) {
    let (magic, version_1_0) = (0x1a2b_3c4d, 1);
    block(SECTION_HEADER, &[magic, version_1_0, u32::MAX, u32::MAX], &[], out);
}

/// Appends a block: its fields, and bytes that are filled up to a multiple of four.
fn block(kind: u32, fields: &[u32], bytes: &[u8], out: &mut Vec<u8>) {
    let padded = bytes.len().next_multiple_of(4);
    let whole = 12 + 4 * fields.len() + padded;
    let whole = u32::try_from(whole).unwrap_or(u32::MAX).to_le_bytes();
    out.extend_from_slice(&kind.to_le_bytes());
    out.extend_from_slice(&whole);
    fields.iter().for_each(|field| out.extend_from_slice(&field.to_le_bytes()));
    out.extend_from_slice(bytes);
    out.resize(out.len() + padded - bytes.len(), 0);
    out.extend_from_slice(&whole);
}

/// Packets are at most [`MAX_PACKET`](crate::capture::MAX_PACKET) bytes.
fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

fn narrow(half: u64) -> u32 {
    u32::try_from(half).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::CaptureReader;

    #[test]
    fn packets_are_read_again_as_they_were() {
        let time = |seconds: i64| Timestamp::new(seconds, 123_456_789, 9);
        let coarse = |nanos: u64| Timestamp::new(1_100_000_000, nanos, 6);
        let without = |seconds: i64| Timestamp { absent: true, ..time(seconds) };
        let packets: [(Timestamp, u16, &[u8], u32); 10] = [
            (time(1_100_000_000), 1, b"one", 3),
            (time(1_100_000_001), 101, b"four", 60),
            (coarse(123_456_000), 1, b"to the microsecond", 18),
            (coarse(123_456_789), 1, b"said to be", 10),
            (time(9_000_000_000), 1, b"", 0),
            (without(9_000_000_000), 1, b"whole", 5),
            (without(9_000_000_000), 1, b"also", 4),
            (without(9_000_000_000), 101, b"cut", 70),
            (without(9_000_000_000), 101, b"shorter", 80),
            (time(1_100_000_002), 1, b"again", 5),
        ];
        let (mut writer, mut out) = (Writer::default(), Vec::new());
        for (time, link, bytes, original_len) in packets {
            let link = LinkType(link);
            writer.packet(
                &Packet { number: 0, time, link, bytes, original_len, interface: None, file_offset: None },
                &mut out,
            );
        }
        let (mut reader, mut read) = (CaptureReader::new(), Vec::new());
        let mut note = |packet: &Packet<'_>| {
            let Packet { time, link, bytes, original_len, .. } = *packet;
            read.push((time, time.absent, time.digits, link.0, bytes.to_vec(), original_len));
        };
        reader.push(&out, &mut note).unwrap();
        let expected = packets.map(|(time, link, bytes, length)| {
            let digits = if bytes == b"said to be" { 9 } else { time.digits };
            (time, time.absent, digits, link, bytes.to_vec(), length)
        });
        assert_eq!(read, expected);
    }
}
