//! IPv4 and IPv6 headers: the datagram or fragment in a packet, without padding and without what tunnels put around it.
//!
//! In come bytes from an IP header on, out goes a [`Datagram`]. Lengths come from the IP header; when it says 0, as
//! captures on a sending machine with segmentation offload do, everything captured belongs to the datagram.

use std::net::IpAddr;

use etherparse::{Ipv4HeaderSlice, Ipv6HeaderSlice};

/// IP protocol numbers read here.
pub(super) mod protocol {
    /// IPv4 in IP.
    pub const IPV4: u8 = 4;
    pub const TCP: u8 = 6;
    pub const UDP: u8 = 17;
    /// IPv6 in IP.
    pub const IPV6: u8 = 41;
    /// IPv6 extension headers.
    pub const HOP_BY_HOP: u8 = 0;
    pub const ROUTING: u8 = 43;
    pub const FRAGMENT: u8 = 44;
    pub const AUTHENTICATION: u8 = 51;
    pub const DESTINATION: u8 = 60;
    pub const MOBILITY: u8 = 135;
}

/// Datagrams in datagrams that are followed.
const MAX_TUNNELS: usize = 4;

/// Which part of a datagram a fragment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fragment {
    /// Common to all fragments of a datagram.
    pub identification: u32,
    /// Position of the fragment in the datagram's payload, in bytes.
    pub offset: u32,
    /// Whether more fragments follow.
    pub more: bool,
}

/// A datagram, or a fragment of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Datagram<'a> {
    pub source: IpAddr,
    pub destination: IpAddr,
    pub protocol: u8,
    /// What follows the headers, as far as it was captured.
    pub payload: &'a [u8],
    /// Bytes of the payload that were cut off.
    pub missing: u32,
    pub fragment: Option<Fragment>,
}

/// Reads the innermost datagram at the start of `bytes`, of which `on_wire` there were on the wire; `None` when a header
/// is cut off or malformed.
pub(super) fn datagram(bytes: &[u8], on_wire: usize) -> Option<Datagram<'_>> {
    let mut outer = one(bytes, on_wire)?;
    for _ in 0..MAX_TUNNELS {
        if !matches!(outer.protocol, protocol::IPV4 | protocol::IPV6) || outer.fragment.is_some() {
            break;
        }
        outer = one(outer.payload, outer.payload.len() + outer.missing as usize)?;
    }
    Some(outer)
}

fn one(bytes: &[u8], on_wire: usize) -> Option<Datagram<'_>> {
    match bytes.first()? >> 4 {
        4 => v4(bytes, on_wire),
        6 => v6(bytes, on_wire),
        _ => None,
    }
}

fn v4(bytes: &[u8], on_wire: usize) -> Option<Datagram<'_>> {
    let header = Ipv4HeaderSlice::from_slice(bytes).ok()?;
    let header_len = header.slice().len();
    let length = match usize::from(header.total_len()) {
        0 => on_wire.max(bytes.len()),
        length => length,
    };
    let (payload, missing) = limit(bytes.get(header_len..)?, length.checked_sub(header_len)?)?;
    let fragment = header.is_fragmenting_payload().then(|| Fragment {
        identification: u32::from(header.identification()),
        offset: u32::from(header.fragments_offset().byte_offset()),
        more: header.more_fragments(),
    });
    Some(Datagram {
        source: header.source_addr().into(),
        destination: header.destination_addr().into(),
        protocol: header.protocol().0,
        payload,
        missing,
        fragment,
    })
}

fn v6(bytes: &[u8], on_wire: usize) -> Option<Datagram<'_>> {
    let header = Ipv6HeaderSlice::from_slice(bytes).ok()?;
    let after = bytes.get(header.slice().len()..)?;
    let length = match usize::from(header.payload_length()) {
        0 => on_wire.saturating_sub(header.slice().len()).max(after.len()),
        length => length,
    };
    let (content, missing) = limit(after, length)?;
    let (protocol, fragment, payload) = extensions(header.next_header().0, content);
    Some(Datagram {
        source: header.source_addr().into(),
        destination: header.destination_addr().into(),
        protocol,
        payload,
        missing,
        fragment,
    })
}

/// Walks over IPv6 extension headers: the protocol behind them, the fragment header among them, and what follows them.
///
/// RFC 8200, section 4: every header starts with the number of the next; all but the fragment header (8 bytes) say how
/// long they are, in units of 8 bytes beyond the first 8, authentication (RFC 4302) in units of 4 beyond the first 8. The
/// walk ends at a header that is cut off, and behind a fragment header: what follows that is a part of something. (A walk of
/// our own, since that of etherparse 0.21 reads past the end of damaged headers.)
fn extensions(first: u8, mut content: &[u8]) -> (u8, Option<Fragment>, &[u8]) {
    let mut protocol = first;
    while let [next, length, ..] = *content {
        let units = usize::from(length);
        let bytes = match protocol {
            protocol::HOP_BY_HOP | protocol::ROUTING | protocol::DESTINATION | protocol::MOBILITY => (units + 1) * 8,
            protocol::AUTHENTICATION => (units + 2) * 4,
            protocol::FRAGMENT => 8,
            _ => break,
        };
        let Some((header, after)) = content.split_at_checked(bytes) else { break };
        let fragment = if protocol == protocol::FRAGMENT { fragment_header(header) } else { None };
        (protocol, content) = (next, after);
        if fragment.is_some() {
            return (protocol, fragment, content);
        }
    }
    (protocol, None, content)
}

/// Offset in units of 8 bytes (13 bits), two reserved bits, the more-fragments bit, then the identification; big-endian.
/// `None` when the whole datagram follows.
fn fragment_header(header: &[u8]) -> Option<Fragment> {
    let [_, _, high, low, id @ ..] = header else { return None };
    let field = u16::from_be_bytes([*high, *low]);
    let (offset, more) = (u32::from(field & !7), field & 1 == 1);
    let identification = u32::from_be_bytes(id.try_into().ok()?);
    (offset > 0 || more).then_some(Fragment { identification, offset, more })
}

/// The first `length` bytes, and how many of them are not there.
fn limit(bytes: &[u8], length: usize) -> Option<(&[u8], u32)> {
    match bytes.get(..length) {
        Some(bytes) => Some((bytes, 0)),
        None => Some((bytes, u32::try_from(length - bytes.len()).ok()?)),
    }
}
