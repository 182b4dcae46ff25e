//! From a packet to the TCP segment or UDP datagram in it, or to what else it is.
//!
//! In come packets, out goes a [`Peeled`] for each, or for each part of one. Holds nothing but fragments of IP datagrams.

use super::datagram::Datagram;
use super::fragment::Fragments;
use super::ip::{self, protocol};
use super::segment::Segment;
use crate::capture::link::{self, LinkType, Network};
use crate::capture::{Packet, Timestamp};

/// What a packet turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peeled<'a> {
    /// A TCP segment.
    Tcp(Segment<'a>),
    /// A UDP datagram.
    Udp(Datagram<'a>),
    /// IP with another protocol inside.
    OtherIp {
        /// The number of the protocol in IANA's registry (1 is ICMP).
        protocol: u8,
    },
    /// An IP fragment; what it is part of comes with the fragment that completes it.
    Fragment,
    /// Another network protocol.
    NotIp {
        /// Its EtherType (0x0806 is ARP).
        ether_type: u16,
    },
    /// A frame of the link itself, such as 802.11 management.
    Link,
    /// An encrypted 802.11 frame.
    Encrypted,
    /// A header is cut off or malformed.
    Truncated,
    /// A link type that is not read.
    UnknownLink {
        /// Which one.
        link: LinkType,
    },
}

impl Peeled<'_> {
    /// A short name for the kind, for counting: "TCP", "ARP".
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Peeled::Tcp(_) => "TCP",
            Peeled::Udp(_) => "UDP",
            Peeled::OtherIp { protocol: 1 | 58 } => "ICMP",
            Peeled::OtherIp { protocol: 2 } => "IGMP",
            Peeled::OtherIp { protocol: 47 } => "GRE",
            Peeled::OtherIp { protocol: 50 | 51 } => "IPsec",
            Peeled::OtherIp { protocol: 132 } => "SCTP",
            Peeled::OtherIp { .. } => "other IP protocols",
            Peeled::Fragment => "IP fragments",
            Peeled::NotIp { ether_type: 0x0806 } => "ARP",
            Peeled::NotIp { ether_type: 0x888e } => "802.1X",
            Peeled::NotIp { ether_type: 0x88cc } => "LLDP",
            Peeled::NotIp { .. } => "other network protocols",
            Peeled::Link => "link frames",
            Peeled::Encrypted => "encrypted Wi-Fi",
            Peeled::Truncated => "packets cut in a header",
            Peeled::UnknownLink { .. } => "unknown link type",
        }
    }
}

/// Peels packets down to segments.
#[derive(Debug, Default)]
pub struct Peeler {
    fragments: Fragments,
    /// The payload of the last datagram put together from fragments.
    whole: Vec<u8>,
    /// The packets that it came in, if the last packet completed it.
    gathered: Vec<u64>,
}

impl Peeler {
    /// A peeler without fragments.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Numbers of the packets that brought fragments of the datagram that the last packet completed; none if it was whole.
    #[must_use]
    pub fn gathered(&self) -> &[u64] {
        &self.gathered
    }

    /// Says what a packet is: once, or for each part of an aggregate.
    pub fn each(&mut self, packet: &Packet<'_>, sink: &mut dyn FnMut(&Peeled<'_>)) {
        self.gathered.clear();
        match link::network(packet) {
            Network::Aggregate(aggregate) => {
                let mut parts = link::parts(aggregate).peekable();
                if parts.peek().is_none() {
                    sink(&Peeled::Truncated);
                }
                parts.for_each(|(network, claimed)| sink(&self.peel(packet, network, claimed)));
            }
            network => sink(&self.peel(packet, network, claimed(packet, network))),
        }
    }

    /// Says what a packet is that is no aggregate.
    #[cfg(test)]
    fn segment<'a>(&'a mut self, packet: &Packet<'a>) -> Peeled<'a> {
        let network = link::network(packet);
        self.peel(packet, network, claimed(packet, network))
    }

    fn peel<'a>(&'a mut self, packet: &Packet<'a>, network: Network<'a>, on_wire: usize) -> Peeled<'a> {
        let ip = match network {
            Network::Ip(ip) => ip,
            Network::Other(ether_type) => return Peeled::NotIp { ether_type },
            // A part of an aggregate is none itself.
            Network::Link | Network::Aggregate(_) => return Peeled::Link,
            Network::Encrypted => return Peeled::Encrypted,
            Network::Truncated => return Peeled::Truncated,
            Network::UnknownLink(link) => return Peeled::UnknownLink { link },
        };
        let Some(datagram) = ip::datagram(ip, on_wire) else {
            return Peeled::Truncated;
        };
        let Some(fragment) = datagram.fragment else {
            let inside = offset_in(packet.bytes, datagram.payload);
            let file_offset = packet.file_offset.zip(inside).map(|(offset, inside)| offset + inside);
            return transport(&datagram, packet.number, packet.time, file_offset);
        };
        let Some(whole) = self.fragments.push(&datagram, fragment, (packet.number, packet.time)) else {
            return Peeled::Fragment;
        };
        (self.whole, self.gathered) = whole;
        let whole = ip::Datagram { payload: &self.whole, fragment: None, ..datagram };
        transport(&whole, packet.number, packet.time, None)
    }
}

/// How many bytes of a packet there were on the wire from where its network layer begins.
fn claimed(packet: &Packet<'_>, network: Network<'_>) -> usize {
    let Network::Ip(ip) = network else { return 0 };
    let before = packet.bytes.len() - ip.len();
    (packet.original_len as usize).saturating_sub(before)
}

/// What a whole datagram carries.
fn transport<'a>(datagram: &ip::Datagram<'a>, frame: u64, time: Timestamp, file_offset: Option<u64>) -> Peeled<'a> {
    match datagram.protocol {
        protocol::TCP => match Segment::read(datagram, frame, time, file_offset) {
            Some(segment) => Peeled::Tcp(segment),
            None => Peeled::Truncated,
        },
        protocol::UDP => match Datagram::read(datagram, frame, time, file_offset) {
            Some(datagram) => Peeled::Udp(datagram),
            None => Peeled::Truncated,
        },
        protocol => Peeled::OtherIp { protocol },
    }
}

/// Where `part`, a part of `whole`, begins in it.
fn offset_in(whole: &[u8], part: &[u8]) -> Option<u64> {
    let offset = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    (offset <= whole.len()).then_some(offset as u64)
}

#[cfg(test)]
#[path = "peeler_tests.rs"]
mod tests;
