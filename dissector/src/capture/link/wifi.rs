//! 802.11 frames, plain or behind a radiotap header: unencrypted data frames lead to IP by way of LLC and SNAP.
//!
//! ```text
//! radiotap   0 version 0 (1)  1 pad (1)  2 header length, little-endian (2)  4 which fields are present …
//! 802.11     0 frame control (2)  2 duration (2)  4 address 1 (6)  10 address 2 (6)  16 address 3 (6)  22 sequence (2)
//!            24 address 4 (6), between access points only   QoS control (2), QoS data only
//!            HT control (4), QoS data with the order bit only
//! A-MSDU     0 destination (6)  6 source (6)  12 length, big-endian (2)  14 LLC and payload, padded to 4 bytes, again …
//! frame control, byte 0: version (bits 0-1), type (2-3), subtype (4-7);
//!                byte 1: to DS 0x01, from DS 0x02, protected 0x40, order 0x80
//! ```

use super::{Network, ethernet};

/// Type of data frames.
const DATA: u8 = 2;
/// Bit of the subtype: the frame has no body.
const NO_BODY: u8 = 0x4;
/// Bit of the subtype: the frame has a QoS control field.
const QOS: u8 = 0x8;
/// Bit of QoS control's first byte: the body is an aggregate (A-MSDU).
const AGGREGATE: u8 = 0x80;
/// Bytes of the header of each part of an aggregate.
const PART_HEAD: usize = 14;

/// What the body of a data frame is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    /// One LLC header and its payload.
    Llc,
    /// Several, each behind a header of its own.
    Aggregate,
}

/// A frame behind a radiotap header.
pub(super) fn radiotap(bytes: &[u8]) -> Network<'_> {
    let Some(([0, _, low, high], _)) = bytes.split_first_chunk() else {
        return Network::Truncated;
    };
    let length = usize::from(u16::from_le_bytes([*low, *high]));
    let Some(rest) = bytes.get(length..).filter(|_| length >= 8) else {
        return Network::Truncated;
    };
    // A driver that pads the 802.11 header to 4 bytes says so in the flags; they come first after the time, if any.
    match flags(bytes) & 0x20 {
        0 => frame(rest),
        _ => padded(rest),
    }
}

/// The radiotap flags field, 0 when absent. Fields lie in the order of the bits in the presence word; each bit 31 set
/// adds another such word before the first field.
fn flags(bytes: &[u8]) -> u8 {
    let word = |at: usize| bytes.get(at..)?.first_chunk().map(|field| u32::from_le_bytes(*field));
    let Some(present) = word(4) else {
        return 0;
    };
    let mut at = 8;
    let mut last = present;
    while last & 0x8000_0000 != 0 {
        last = word(at).unwrap_or(0);
        at += 4;
    }
    if present & 2 == 0 {
        return 0;
    }
    if present & 1 != 0 {
        // The 8-byte time is aligned to 8.
        at = at.next_multiple_of(8) + 8;
    }
    bytes.get(at).copied().unwrap_or(0)
}

/// An 802.11 frame.
pub(super) fn frame(bytes: &[u8]) -> Network<'_> {
    match header(bytes) {
        Ok((length, body)) => body.network(bytes.get(length..).unwrap_or_default()),
        Err(other) => other,
    }
}

/// An 802.11 frame whose header is followed by padding to a multiple of 4 bytes.
fn padded(bytes: &[u8]) -> Network<'_> {
    match header(bytes) {
        Ok((length, body)) => body.network(bytes.get(length.next_multiple_of(4)..).unwrap_or_default()),
        Err(other) => other,
    }
}

/// One part of an aggregate, and how many bytes it claims from where its network layer begins.
pub(super) struct Part<'a> {
    /// What it carries.
    pub network: Network<'a>,
    /// Its bytes from there on, as its header claims them.
    pub claimed: usize,
}

/// The first part of an aggregate, and what follows it; `None` when no whole header is left.
pub(super) fn part(aggregate: &[u8]) -> Option<(Part<'_>, &[u8])> {
    let length = aggregate.get(12..PART_HEAD)?.first_chunk().map(|length| usize::from(u16::from_be_bytes(*length)))?;
    let rest = aggregate.get(PART_HEAD..).unwrap_or_default();
    let bytes = rest.get(..length).unwrap_or(rest);
    let network = Body::Llc.network(bytes);
    let claimed = match network {
        Network::Ip(ip) => length.saturating_sub(bytes.len().saturating_sub(ip.len())),
        _ => 0,
    };
    let next = (PART_HEAD + length).next_multiple_of(4);
    Some((Part { network, claimed }, aggregate.get(next..).unwrap_or_default()))
}

/// Length of the header of a data frame that can be read, and what follows it.
fn header(bytes: &[u8]) -> Result<(usize, Body), Network<'static>> {
    let Some(([control, flags], _)) = bytes.split_first_chunk() else {
        return Err(Network::Truncated);
    };
    let (kind, subtype) = (control >> 2 & 3, control >> 4);
    if control & 3 != 0 || kind != DATA || subtype & NO_BODY != 0 {
        return Err(Network::Link);
    }
    if flags & 0x40 != 0 {
        return Err(Network::Encrypted);
    }
    let (mut length, mut body) = (24, Body::Llc);
    if flags & 3 == 3 {
        length += 6;
    }
    if subtype & QOS != 0 {
        let Some(qos) = bytes.get(length) else {
            return Err(Network::Truncated);
        };
        if qos & AGGREGATE != 0 {
            body = Body::Aggregate;
        }
        length += 2;
        if flags & 0x80 != 0 {
            length += 4;
        }
    }
    Ok((length, body))
}

impl Body {
    fn network(self, bytes: &[u8]) -> Network<'_> {
        match self {
            Self::Llc => ethernet::llc(bytes),
            Self::Aggregate => Network::Aggregate(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LLC_IP: [u8; 10] = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0, 0x45, 7];

    fn data(control: [u8; 2], rest_of_header: usize) -> Vec<u8> {
        [&control[..], &vec![0; rest_of_header], &LLC_IP].concat()
    }

    #[test]
    fn headers_of_every_length_lead_to_ip() {
        for (control, rest) in [([0x08, 0x01], 22), ([0x08, 0x03], 28), ([0x88, 0x02], 24), ([0x88, 0x83], 34)] {
            assert_eq!(frame(&data(control, rest)), Network::Ip(&[0x45, 7]), "{control:02x?}");
        }
    }

    #[test]
    fn radiotap_is_passed_over_with_its_padding() {
        let plain = [&[0, 0, 8, 0, 0, 0, 0, 0][..], &data([0x08, 0x01], 22)].concat();
        assert_eq!(radiotap(&plain), Network::Ip(&[0x45, 7]));
        // Two presence words, a time and flags that announce padding after a 26-byte QoS header.
        let mut tap = vec![0, 0, 25, 0, 3, 0, 0, 0x80, 0, 0, 0, 0];
        tap.extend([0; 12]);
        tap.push(0x20);
        let padded = [&tap[..], &data([0x88, 0x02], 26)].concat();
        assert_eq!(radiotap(&padded), Network::Ip(&[0x45, 7]));
    }

    #[test]
    fn an_aggregate_is_read_part_by_part() {
        let one = |length: u8, body: &[u8]| [&[0; 12][..], &[0, length], body].concat();
        let parts = [one(10, &LLC_IP), one(200, &LLC_IP)].concat();
        let frame_bytes = [&[0x88, 0x02][..], &[0; 22], &[0x80, 0], &parts].concat();
        let Network::Aggregate(aggregate) = frame(&frame_bytes) else { panic!("an aggregate") };
        let (first, rest) = part(aggregate).unwrap();
        assert_eq!((first.network, first.claimed), (Network::Ip(&[0x45, 7]), 2));
        let (second, rest) = part(rest).unwrap();
        assert_eq!((second.network, second.claimed), (Network::Ip(&[0x45, 7]), 192));
        assert!(part(rest).is_none() && part(&[0; 13]).is_none());
    }

    #[test]
    fn frames_without_readable_data_are_named() {
        assert_eq!(frame(&data([0x08, 0x41], 22)), Network::Encrypted);
        assert_eq!(frame(&data([0x80, 0x00], 22)), Network::Link);
        assert_eq!(frame(&data([0x48, 0x01], 22)), Network::Link);
        assert_eq!(frame(&[8]), Network::Truncated);
        assert_eq!(radiotap(&[0, 0, 4, 0, 0, 0, 0, 0]), Network::Truncated);
    }
}
