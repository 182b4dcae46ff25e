//! From a packet to the IP datagram in it: one file per family of link types.
//!
//! In comes a packet's link type and bytes; out goes where its network layer begins. Trailing bytes (Ethernet padding,
//! frame check sequences) stay: IP's own length cuts them off. Nothing here looks into IP.
//!
//! Every peeler here has the same form, `fn(bytes) -> Network`, and never fails otherwise than by saying so.

mod cooked;
mod ethernet;
mod null;
mod ppp;
mod wifi;

use super::Packet;

/// What the first byte of a packet is: a number of the tcpdump registry of link types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkType(pub u16);

#[rustfmt::skip]
#[allow(missing_docs, reason = "the table is the documentation")]
impl LinkType {
    pub const NULL:       LinkType = LinkType(0);
    pub const ETHERNET:   LinkType = LinkType(1);
    pub const PPP:        LinkType = LinkType(9);
    /// Raw IP as written by some BSDs (their `DLT_RAW`).
    pub const RAW_12:     LinkType = LinkType(12);
    /// Raw IP as written by OpenBSD.
    pub const RAW_14:     LinkType = LinkType(14);
    pub const PPP_HDLC:   LinkType = LinkType(50);
    pub const PPP_ETHER:  LinkType = LinkType(51);
    pub const RAW:        LinkType = LinkType(101);
    pub const WIFI:       LinkType = LinkType(105);
    pub const LOOP:       LinkType = LinkType(108);
    pub const LINUX_SLL:  LinkType = LinkType(113);
    pub const RADIOTAP:   LinkType = LinkType(127);
    pub const IPV4:       LinkType = LinkType(228);
    pub const IPV6:       LinkType = LinkType(229);
    pub const LINUX_SLL2: LinkType = LinkType(276);
}

impl LinkType {
    /// The registry's name for the link types read here; `None` for all others.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            LinkType::NULL => "BSD loopback",
            LinkType::ETHERNET => "Ethernet",
            LinkType::PPP => "PPP",
            LinkType::PPP_HDLC => "PPP in HDLC framing",
            LinkType::PPP_ETHER => "PPP over Ethernet",
            LinkType::RAW | LinkType::RAW_12 | LinkType::RAW_14 => "raw IP",
            LinkType::IPV4 => "raw IPv4",
            LinkType::IPV6 => "raw IPv6",
            LinkType::WIFI => "802.11",
            LinkType::RADIOTAP => "802.11 with radiotap",
            LinkType::LOOP => "OpenBSD loopback",
            LinkType::LINUX_SLL => "Linux cooked v1",
            LinkType::LINUX_SLL2 => "Linux cooked v2",
            _ => return None,
        })
    }
}

/// What a packet carries above its link layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network<'a> {
    /// IPv4 or IPv6 (the first half-byte tells), with whatever follows it in the packet.
    Ip(&'a [u8]),
    /// Another protocol, by its EtherType (0x0806 is ARP).
    Other(u16),
    /// Several of these, one after the other (802.11 A-MSDU): [`parts`] takes them apart.
    Aggregate(&'a [u8]),
    /// A frame of the link itself: 802.11 management and control, spanning tree, PPP negotiation.
    Link,
    /// An 802.11 data frame that is encrypted.
    Encrypted,
    /// Too few bytes were captured to find the network layer.
    Truncated,
    /// A link type that is not read here.
    UnknownLink(LinkType),
}

/// Finds the network layer of a packet.
#[must_use]
pub fn network<'a>(packet: &Packet<'a>) -> Network<'a> {
    let bytes = packet.bytes;
    match packet.link {
        LinkType::ETHERNET => ethernet::frame(bytes),
        LinkType::LINUX_SLL => cooked::v1(bytes),
        LinkType::LINUX_SLL2 => cooked::v2(bytes),
        LinkType::NULL | LinkType::LOOP => null::frame(bytes),
        LinkType::PPP | LinkType::PPP_HDLC => ppp::frame(bytes),
        LinkType::PPP_ETHER => ppp::session(bytes),
        LinkType::WIFI => wifi::frame(bytes),
        LinkType::RADIOTAP => wifi::radiotap(bytes),
        LinkType::RAW | LinkType::RAW_12 | LinkType::RAW_14 | LinkType::IPV4 | LinkType::IPV6 => ip(bytes),
        other => Network::UnknownLink(other),
    }
}

/// The parts of an aggregate, each with the number of bytes that it claims from where its network layer begins.
pub fn parts(aggregate: &[u8]) -> impl Iterator<Item = (Network<'_>, usize)> {
    let mut rest = aggregate;
    std::iter::from_fn(move || {
        let (part, after) = wifi::part(rest)?;
        rest = after;
        Some((part.network, part.claimed))
    })
}

/// The bytes are IP, or there are none.
fn ip(bytes: &[u8]) -> Network<'_> {
    match bytes {
        [] => Network::Truncated,
        _ => Network::Ip(bytes),
    }
}
