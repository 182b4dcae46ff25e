//! IPv4 and IPv6 headers: the datagram or fragment in a packet, without padding and without what tunnels put around it.
//!
//! In come bytes from an IP header on, out goes a [`Datagram`]. Lengths come from the IP header; when it says 0, as
//! captures on a sending machine with segmentation offload do, everything captured belongs to the datagram.

use std::net::IpAddr;

use etherparse::{Ipv4HeaderSlice, Ipv6ExtensionSlice, Ipv6ExtensionsSlice, Ipv6HeaderSlice};

/// IP protocol numbers read here.
pub(super) mod protocol {
    /// IPv4 in IP.
    pub const IPV4: u8 = 4;
    pub const TCP: u8 = 6;
    pub const UDP: u8 = 17;
    /// IPv6 in IP.
    pub const IPV6: u8 = 41;
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
    let (extensions, protocol, payload, _) = Ipv6ExtensionsSlice::from_slice_lax(header.next_header(), content);
    let fragment = extensions.into_iter().find_map(|extension| match extension {
        Ipv6ExtensionSlice::Fragment(fragment) if fragment.is_fragmenting_payload() => Some(Fragment {
            identification: fragment.identification(),
            offset: u32::from(fragment.fragment_offset().byte_offset()),
            more: fragment.more_fragments(),
        }),
        _ => None,
    });
    Some(Datagram {
        source: header.source_addr().into(),
        destination: header.destination_addr().into(),
        protocol: protocol.0,
        payload,
        missing,
        fragment,
    })
}

/// The first `length` bytes, and how many of them are not there.
fn limit(bytes: &[u8], length: usize) -> Option<(&[u8], u32)> {
    match bytes.get(..length) {
        Some(bytes) => Some((bytes, 0)),
        None => Some((bytes, u32::try_from(length - bytes.len()).ok()?)),
    }
}
