//! What stands before the IP datagram in a captured frame.

use super::options::{ByteOrder, Interface, Link, Padding, Scenario, SeenAt};
use super::packet::{Direction, Packet, Route};

/// Hardware addresses, from the block set aside for documentation.
const CLIENT: [u8; 6] = [0x00, 0x00, 0x5e, 0x00, 0x53, 0x01];
const GATEWAY: [u8; 6] = [0x00, 0x00, 0x5e, 0x00, 0x53, 0xfe];
/// Shortest Ethernet frame without its checksum, in bytes.
const ETHERNET_MINIMUM: usize = 60;

impl Link {
    /// Its number in the registry of link-layer header types.
    pub(super) const fn number(self) -> u16 {
        match self {
            Self::Null => 0,
            Self::Ethernet => 1,
            Self::Ppp => 9,
            Self::Raw => 101,
            Self::Wifi => 105,
            Self::Loop => 108,
            Self::Sll => 113,
            Self::Radiotap => 127,
            Self::Sll2 => 276,
        }
    }
}

/// The frame around one IP datagram.
pub fn frame(interface: &Interface, scenario: &Scenario, route: &Route, packet: &Packet, datagram: &[u8]) -> Vec<u8> {
    let ether_type: [u8; 2] = if route.client.is_ipv4() { [0x08, 0x00] } else { [0x86, 0xdd] };
    let (source, destination) = match packet.direction {
        Direction::ToServer => (CLIENT, GATEWAY),
        Direction::ToClient => (GATEWAY, CLIENT),
    };
    let arrived = match scenario.seen_at {
        SeenAt::Client => packet.direction == Direction::ToClient,
        SeenAt::Server => packet.direction == Direction::ToServer,
        SeenAt::Middle => true,
    };
    match interface.link {
        Link::Raw => datagram.to_vec(),
        Link::Ethernet => {
            let mut bytes = [&destination[..], &source, &vlan_tags(&route.vlan), &ether_type, datagram].concat();
            let padded = match interface.padding {
                Padding::None => false,
                Padding::Received => arrived,
                Padding::All => true,
            };
            if padded && bytes.len() < ETHERNET_MINIMUM {
                bytes.resize(ETHERNET_MINIMUM, 0);
            }
            bytes
        }
        Link::Null => {
            let family = family(route);
            let family = match scenario.file.byte_order {
                ByteOrder::Little => family.to_le_bytes(),
                ByteOrder::Big => family.to_be_bytes(),
            };
            [&family[..], datagram].concat()
        }
        Link::Loop => [&family(route).to_be_bytes()[..], datagram].concat(),
        Link::Ppp => {
            let protocol: [u8; 2] = if route.client.is_ipv4() { [0x00, 0x21] } else { [0x00, 0x57] };
            [&[0xff, 0x03][..], &protocol, datagram].concat()
        }
        Link::Sll => {
            let (kind, arphrd) = ([0, cooked_kind(arrived)], [0, 1]);
            [&kind[..], &arphrd, &[0, 6], &source, &[0, 0], &ether_type, datagram].concat()
        }
        Link::Sll2 => {
            let index = u32::try_from(route.interface).unwrap_or(0).saturating_add(2).to_be_bytes();
            let kind = [0, 1, cooked_kind(arrived), 6];
            [&ether_type[..], &[0, 0], &index, &kind, &source, &[0, 0], datagram].concat()
        }
        Link::Wifi => wifi(packet, ether_type, datagram),
        Link::Radiotap => {
            let body = wifi(packet, ether_type, datagram);
            // Version, pad, length 14; present: flags, rate, channel; flags: checksum at the end; 54 Mbit/s; 2437 MHz, OFDM.
            let header = [0, 0, 14, 0, 0x0e, 0, 0, 0, 0x10, 108, 0x85, 0x09, 0xc0, 0x00];
            let mut check = flate2::Crc::new();
            check.update(&body);
            [&header[..], &body, &check.sum().to_le_bytes()].concat()
        }
    }
}

/// Each tag is a type and a number; of two the outer one is a service tag.
fn vlan_tags(numbers: &[u16]) -> Vec<u8> {
    let mut tags = Vec::new();
    for (depth, number) in numbers.iter().enumerate() {
        let kind: [u8; 2] = if depth == 0 && numbers.len() > 1 { [0x88, 0xa8] } else { [0x81, 0x00] };
        tags.extend_from_slice(&kind);
        tags.extend_from_slice(&number.to_be_bytes());
    }
    tags
}

/// Address family of BSD: 2 for IPv4; 30 for IPv6 as macOS numbers it.
const fn family(route: &Route) -> u32 {
    if route.client.is_ipv4() { 2 } else { 30 }
}

/// Linux cooked packet type: 0 sent to us, 4 sent by us.
const fn cooked_kind(arrived: bool) -> u8 {
    if arrived { 0 } else { 4 }
}

/// An 802.11 QoS data frame between the client and its access point, which is also the gateway.
fn wifi(packet: &Packet, ether_type: [u8; 2], datagram: &[u8]) -> Vec<u8> {
    let (flags, receiver, transmitter, third) = match packet.direction {
        Direction::ToServer => (0x01, GATEWAY, CLIENT, GATEWAY),
        Direction::ToClient => (0x02, CLIENT, GATEWAY, GATEWAY),
    };
    let sequence = (packet.ip_id << 4).to_le_bytes();
    let snap = [0xaa, 0xaa, 0x03, 0, 0, 0];
    let duration = [0x2c, 0];
    let quality = [0, 0];
    let header = [&[0x88, flags][..], &duration, &receiver, &transmitter, &third, &sequence, &quality].concat();
    [&header[..], &snap, &ether_type, datagram].concat()
}
