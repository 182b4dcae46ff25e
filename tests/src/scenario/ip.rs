//! Packets to IP datagrams: transport header, checksum, IPv4 or IPv6 header, fragments.

use super::error::ScenarioError;
use super::options::{Extension, FragmentOrder};
use super::packet::{Checksum, Direction, Packet, Route, Transport, flag};
use etherparse::{
    IpFragOffset, IpNumber, Ipv4Header, Ipv6FlowLabel, Ipv6Header, TcpHeader, TcpOptionElement, UdpHeader,
};
use std::net::{IpAddr, SocketAddr};

/// Hops left when a packet passes the capture: the client's own have all of them.
const CLIENT_HOPS: u8 = 128;
/// The server is some routers away.
const SERVER_HOPS: u8 = 49;
/// Next header value of the IPv6 fragment header.
const FRAGMENT: u8 = 44;

/// The IP datagrams of a packet, in order of arrival: one, or its fragments.
pub fn datagrams(packet: &Packet, route: &Route) -> Result<Vec<Vec<u8>>, ScenarioError> {
    let (source, destination) = route.ends(packet.direction);
    let body = transport(packet, source, destination)?;
    let protocol = match packet.transport {
        Transport::Tcp(_) => IpNumber::TCP,
        Transport::Udp => IpNumber::UDP,
    };
    let hops = match packet.direction {
        Direction::ToServer => CLIENT_HOPS,
        Direction::ToClient => SERVER_HOPS,
    };
    match (source.ip(), destination.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            let mut header = Ipv4Header::new(0, hops, protocol, from.octets(), to.octets()).map_err(too_long)?;
            header.identification = packet.ip_id;
            in_pieces(&body, packet, Ipv4Header::MIN_LEN, |piece, offset, last| {
                header.dont_fragment = packet.fragments.is_none();
                header.more_fragments = !last;
                header.fragment_offset = IpFragOffset::try_new(offset).map_err(|_| too_far())?;
                header.set_payload_len(piece.len()).map_err(too_long)?;
                header.header_checksum = header.calc_header_checksum();
                Ok([&header.to_bytes()[..], piece].concat())
            })
        }
        (IpAddr::V6(from), IpAddr::V6(to)) => {
            let (first, extensions) = extension_headers(&route.extensions, protocol.0);
            let body = [extensions, body].concat();
            in_pieces(&body, packet, Ipv6Header::LEN + 8, |piece, offset, last| {
                let (next, piece) = match packet.fragments {
                    None => (first, piece.to_vec()),
                    Some(_) => (FRAGMENT, [&fragment_header(first, offset, last, packet.ip_id)[..], piece].concat()),
                };
                let mut header = Ipv6Header {
                    traffic_class: 0,
                    flow_label: Ipv6FlowLabel::ZERO,
                    payload_length: 0,
                    next_header: IpNumber(next),
                    hop_limit: hops,
                    source: from.octets(),
                    destination: to.octets(),
                };
                header.set_payload_length(piece.len()).map_err(too_long)?;
                Ok([&header.to_bytes()[..], &piece].concat())
            })
        }
        _ => Err(ScenarioError::Scenario(format!("{}: client and server differ in address family", route.name))),
    }
}

/// Transport header and payload.
fn transport(packet: &Packet, source: SocketAddr, destination: SocketAddr) -> Result<Vec<u8>, ScenarioError> {
    let payload = &packet.payload;
    let spoil = match packet.checksum {
        Checksum::Right => 0,
        Checksum::Wrong => 0x0100,
    };
    match &packet.transport {
        Transport::Tcp(segment) => {
            let mut header = TcpHeader::new(source.port(), destination.port(), segment.seq, segment.window);
            header.acknowledgment_number = segment.ack;
            header.fin = segment.flags & flag::FIN != 0;
            header.syn = segment.flags & flag::SYN != 0;
            header.rst = segment.flags & flag::RST != 0;
            header.psh = segment.flags & flag::PSH != 0;
            header.ack = segment.flags & flag::ACK != 0;
            if let Some(mss) = segment.mss {
                use TcpOptionElement::{MaximumSegmentSize, Noop, SelectiveAcknowledgementPermitted};
                header
                    .set_options(&[MaximumSegmentSize(mss), Noop, Noop, SelectiveAcknowledgementPermitted])
                    .map_err(|error| ScenarioError::Scenario(error.to_string()))?;
            }
            let checksum = match (source.ip(), destination.ip()) {
                (IpAddr::V4(from), IpAddr::V4(to)) => {
                    header.calc_checksum_ipv4_raw(from.octets(), to.octets(), payload)
                }
                (IpAddr::V6(from), IpAddr::V6(to)) => {
                    header.calc_checksum_ipv6_raw(from.octets(), to.octets(), payload)
                }
                _ => Ok(0),
            };
            header.checksum = checksum.map_err(too_long)? ^ spoil;
            Ok([&header.to_bytes()[..], payload].concat())
        }
        Transport::Udp => {
            let (from, to) = (source.port(), destination.port());
            let header = match (source.ip(), destination.ip()) {
                (IpAddr::V4(a), IpAddr::V4(b)) => {
                    let ip =
                        Ipv4Header::new(0, CLIENT_HOPS, IpNumber::UDP, a.octets(), b.octets()).map_err(too_long)?;
                    UdpHeader::with_ipv4_checksum(from, to, &ip, payload)
                }
                (IpAddr::V6(a), IpAddr::V6(b)) => {
                    let ip = Ipv6Header { source: a.octets(), destination: b.octets(), ..Ipv6Header::default() };
                    UdpHeader::with_ipv6_checksum(from, to, &ip, payload)
                }
                _ => UdpHeader::without_ipv4_checksum(from, to, payload.len()),
            };
            let mut header = header.map_err(too_long)?;
            header.checksum ^= spoil;
            Ok([&header.to_bytes()[..], payload].concat())
        }
    }
}

/// Cuts a body as the packet's fragmentation asks; `wrap` puts a header before each piece. Offsets count 8 bytes each.
fn in_pieces(
    body: &[u8],
    packet: &Packet,
    overhead: usize,
    mut wrap: impl FnMut(&[u8], u16, bool) -> Result<Vec<u8>, ScenarioError>,
) -> Result<Vec<Vec<u8>>, ScenarioError> {
    let Some((mtu, order)) = packet.fragments else { return Ok(vec![wrap(body, 0, true)?]) };
    let step = (mtu.saturating_sub(overhead) / 8 * 8).max(8);
    let count = body.len().div_ceil(step);
    let mut pieces = Vec::with_capacity(count);
    for (number, piece) in body.chunks(step).enumerate() {
        let offset = u16::try_from(number * step / 8).map_err(|_| too_far())?;
        pieces.push(wrap(piece, offset, number + 1 == count)?);
    }
    match order {
        FragmentOrder::Forward => {}
        FragmentOrder::Reversed => pieces.reverse(),
        FragmentOrder::LastMissing => pieces.truncate(count.saturating_sub(1)),
    }
    Ok(pieces)
}

/// The chain of extension headers, each 8 bytes: next header, length 0, a PadN option of 6 bytes. Also its first type.
fn extension_headers(extensions: &[Extension], protocol: u8) -> (u8, Vec<u8>) {
    let mut next = protocol;
    let mut chain = Vec::new();
    for extension in extensions.iter().rev() {
        chain.splice(0..0, [next, 0, 1, 4, 0, 0, 0, 0]);
        next = match extension {
            Extension::HopByHop => 0,
            Extension::Destination => 60,
        };
    }
    (next, chain)
}

/// IPv6 fragment header: next header, reserved, 13 bits offset with the "more" bit at the end, identification.
fn fragment_header(next: u8, offset: u16, last: bool, id: u16) -> [u8; 8] {
    let [high, low] = ((offset << 3) | u16::from(!last)).to_be_bytes();
    let [id_high, id_low] = id.to_be_bytes();
    [next, 0, high, low, 0, 0, id_high, id_low]
}

fn too_long(error: impl std::fmt::Display) -> ScenarioError {
    ScenarioError::Scenario(format!("packet too long: {error}"))
}

fn too_far() -> ScenarioError {
    ScenarioError::Scenario("fragment beyond 64 kB".to_owned())
}
