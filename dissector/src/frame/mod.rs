//! One packet, header by header: what stands under everything that the other rooms read.
//!
//! In comes a packet of a capture. Out go its header fields, each with its bytes, and where the payload lies. Nothing is put
//! together: a fragment stays one, and of tunnels only the outermost datagram is shown.
//!
//! This room knows packets and texts, and no protocol above TCP and UDP.

mod headers;

use std::net::{IpAddr, SocketAddr};
use std::ops::Range;

use nom::Offset;

use crate::capture::link::{Network, network};
use crate::capture::{LinkType, Packet};
use crate::transport::Flags;
use headers::*;
pub use headers::{Header, INTERFACE_NAME, PAYLOAD, TEXTS};

/// Headers between IPv6 and what it carries that are followed.
const MAX_EXTENSIONS: usize = 8;

const TCP_NUMBER: u8 = 6;
const UDP_NUMBER: u8 = 17;

/// A packet, taken apart.
#[derive(Debug, Default)]
pub struct Frame {
    /// Its fields, in preorder.
    pub parts: Vec<Part>,
    /// Bytes of it that the innermost header which is read here carries.
    pub payload: Range<usize>,
    /// Sender and receiver, where it is TCP or UDP.
    pub ends: Option<(SocketAddr, SocketAddr)>,
    /// What it is.
    pub kind: Kind,
}

/// What a packet is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A TCP segment.
    Tcp(Flags),
    /// A UDP datagram.
    Udp,
    /// A later fragment of a datagram.
    Fragment,
    /// Another protocol over IP, by its number.
    Ip(u8),
    /// Another protocol, by its EtherType.
    Ether(u16),
    /// Something of the link itself, or something that is not read here.
    #[default]
    Link,
}

/// One field.
#[derive(Debug)]
pub struct Part {
    /// Which.
    pub header: Header,
    /// What it says; empty for a heading.
    pub value: String,
    /// Depth in the tree.
    pub depth: u8,
    /// Bytes of the packet; none for what the capture says about it.
    pub bytes: Range<usize>,
}

impl Flags {
    /// Their names, as “SYN, ACK”.
    #[must_use]
    pub fn names(self) -> String {
        let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
        let set = names.iter().zip(0..).filter(|(_, bit)| self.0 >> bit & 1 == 1);
        set.map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

/// Takes a packet apart.
#[must_use]
pub fn take_apart(packet: &Packet<'_>) -> Frame {
    let bytes = packet.bytes;
    let mut walk = Walk { bytes, end: bytes.len(), frame: Frame { payload: 0..bytes.len(), ..Frame::default() } };
    walk.say(FRAME, 0, 0..0, String::new());
    walk.say(NUMBER, 1, 0..0, packet.number.to_string());
    if let Some(interface) = packet.interface {
        walk.say(INTERFACE_ID, 1, 0..0, interface.number.to_string());
        if !interface.name.is_empty() {
            walk.say(INTERFACE_NAME, 1, 0..0, interface.name.to_owned());
        }
    }
    walk.say(CAPTURED, 1, 0..0, bytes.len().to_string());
    walk.say(ORIGINAL, 1, 0..0, packet.original_len.to_string());
    match network(packet) {
        Network::Ip(ip) => {
            let start = bytes.offset(ip).min(bytes.len());
            walk.link(packet.link, start);
            walk.ip(start);
        }
        Network::Other(kind) => {
            walk.frame.kind = Kind::Ether(kind);
            walk.link(packet.link, if packet.link == LinkType::ETHERNET { 14 } else { 0 });
        }
        _ => walk.link(packet.link, 0),
    }
    let payload = walk.frame.payload.clone();
    if !payload.is_empty() {
        let length = payload.len().to_string();
        walk.say(PAYLOAD, 0, payload, length);
    }
    let padding = walk.end..bytes.len();
    if !padding.is_empty() {
        let length = padding.len().to_string();
        walk.say(PADDING, 0, padding, length);
    }
    walk.frame
}

struct Walk<'a> {
    bytes: &'a [u8],
    /// Where the datagram ends.
    end: usize,
    frame: Frame,
}

impl Walk<'_> {
    fn say(&mut self, header: Header, depth: u8, bytes: Range<usize>, value: String) {
        self.frame.parts.push(Part { header, value, depth, bytes });
    }

    /// A number of so many bytes; nothing where they were not captured.
    fn number(&mut self, header: Header, at: usize, length: usize) -> Option<u32> {
        let number = self.bytes.get(at..at + length)?.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
        self.say(header, 1, at..at + length, number.to_string());
        Some(number)
    }

    fn address(&mut self, header: Header, at: usize, length: usize) -> Option<IpAddr> {
        let bytes = self.bytes.get(at..at + length)?;
        let address = match bytes.first_chunk::<16>() {
            Some(bytes) => IpAddr::from(*bytes),
            None => IpAddr::from(*bytes.first_chunk::<4>()?),
        };
        self.say(header, 1, at..at + length, address.to_string());
        Some(address)
    }

    /// What stands before the network layer, which begins at `end`.
    fn link(&mut self, link: LinkType, end: usize) {
        let end = end.min(self.bytes.len());
        self.say(LINK, 0, 0..end, link.name().map_or_else(|| link.0.to_string(), str::to_owned));
        self.frame.payload.start = end;
        let Some(head) = self.bytes.get(..14).filter(|_| link == LinkType::ETHERNET && end >= 14) else { return };
        let hardware = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":");
        for (header, bytes) in [(ETHER_TO, 0..6), (ETHER_FROM, 6..12)] {
            let value = hardware(head.get(bytes.clone()).unwrap_or_default());
            self.say(header, 1, bytes, value);
        }
        let kind = head.get(12..14).unwrap_or_default().iter().fold(0_u16, |sum, byte| sum << 8 | u16::from(*byte));
        self.say(ETHER_TYPE, 1, 12..14, format!("0x{kind:04x}"));
    }

    fn ip(&mut self, start: usize) {
        let first = self.bytes.get(start).copied().unwrap_or(0);
        // What is cut off stays payload of what was read.
        let _ = match first >> 4 {
            4 => self.v4(start, usize::from(first & 15) * 4),
            6 => self.v6(start),
            _ => None,
        };
    }

    fn v4(&mut self, start: usize, length: usize) -> Option<()> {
        let header = start..start + length.max(20);
        self.bytes.get(header.clone())?;
        self.say(IPV4, 0, header.clone(), String::new());
        let total = self.number(IPV4_LENGTH, start + 2, 2)? as usize;
        self.number(IPV4_ID, start + 4, 2)?;
        let fragment =
            self.bytes.get(start + 6..start + 8)?.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        let (offset, more) = ((fragment & 0x1fff) * 8, fragment & 0x2000 != 0);
        if offset > 0 || more {
            self.say(IPV4_FRAGMENT, 1, start + 6..start + 8, offset.to_string());
        }
        self.number(IPV4_TTL, start + 8, 1)?;
        let protocol = *self.bytes.get(start + 9)?;
        self.number(IPV4_PROTOCOL, start + 9, 1)?;
        let from = self.address(IPV4_FROM, start + 12, 4)?;
        let to = self.address(IPV4_TO, start + 16, 4)?;
        let end = if total == 0 { self.bytes.len() } else { start + total };
        self.carried(header.end, end);
        self.transport(if offset > 0 { None } else { Some(protocol) }, (from, to))
    }

    fn v6(&mut self, start: usize) -> Option<()> {
        let mut at = start + 40;
        self.bytes.get(start..at)?;
        self.say(IPV6, 0, start..at, String::new());
        let length = self.number(IPV6_LENGTH, start + 4, 2)? as usize;
        let mut next = *self.bytes.get(start + 6)?;
        self.number(IPV6_NEXT, start + 6, 1)?;
        self.number(IPV6_HOPS, start + 7, 1)?;
        let from = self.address(IPV6_FROM, start + 8, 16)?;
        let to = self.address(IPV6_TO, start + 24, 16)?;
        let end = if length == 0 { self.bytes.len() } else { at + length };
        let mut whole = true;
        for _ in 0..MAX_EXTENSIONS {
            let [following, units, high, low] = *self.bytes.get(at..)?.first_chunk::<4>()?;
            at += match next {
                // Hop by hop, routing, destination, mobility.
                0 | 43 | 60 | 135 => (usize::from(units) + 1) * 8,
                44 => {
                    whole = u16::from_be_bytes([high, low]) & 0xfff8 == 0;
                    8
                }
                51 => (usize::from(units) + 2) * 4,
                _ => break,
            };
            next = following;
        }
        self.carried(at, end);
        self.transport(Some(next).filter(|_| whole), (from, to))
    }

    /// What a datagram carries; what follows it is padding.
    fn carried(&mut self, start: usize, end: usize) {
        let end = end.min(self.bytes.len());
        self.frame.payload = start.min(end)..end;
    }

    fn transport(&mut self, protocol: Option<u8>, (from, to): (IpAddr, IpAddr)) -> Option<()> {
        self.frame.kind = protocol.map_or(Kind::Fragment, Kind::Ip);
        let Range { start, end } = self.frame.payload.clone();
        self.end = end;
        let (from_port, to_port) = match protocol {
            Some(TCP_NUMBER) => self.tcp(start, end)?,
            Some(UDP_NUMBER) => self.udp(start, end)?,
            _ => return None,
        };
        let port = |port: u32| u16::try_from(port).unwrap_or_default();
        self.frame.ends = Some((SocketAddr::new(from, port(from_port)), SocketAddr::new(to, port(to_port))));
        Some(())
    }

    fn tcp(&mut self, start: usize, end: usize) -> Option<(u32, u32)> {
        let head = self.bytes.get(start..end)?;
        let length = usize::from(head.get(12)? >> 4) * 4;
        let header = start..start + length.max(20);
        self.bytes.get(header.clone())?;
        self.say(TCP, 0, header.clone(), String::new());
        let ports = (self.number(TCP_FROM, start, 2)?, self.number(TCP_TO, start + 2, 2)?);
        self.number(TCP_SEQUENCE, start + 4, 4)?;
        self.number(TCP_ACKNOWLEDGEMENT, start + 8, 4)?;
        let flags = Flags(*self.bytes.get(start + 13)?);
        self.say(TCP_FLAGS, 1, start + 13..start + 14, flags.names());
        self.number(TCP_WINDOW, start + 14, 2)?;
        if header.len() > 20 {
            let length = (header.len() - 20).to_string();
            self.say(TCP_OPTIONS, 1, start + 20..header.end, length);
        }
        self.frame.kind = Kind::Tcp(flags);
        self.carried(header.end, end);
        Some(ports)
    }

    fn udp(&mut self, start: usize, end: usize) -> Option<(u32, u32)> {
        self.bytes.get(start..start + 8)?;
        self.say(UDP, 0, start..start + 8, String::new());
        let ports = (self.number(UDP_FROM, start, 2)?, self.number(UDP_TO, start + 2, 2)?);
        let length = self.number(UDP_LENGTH, start + 4, 2)? as usize;
        self.frame.kind = Kind::Udp;
        self.carried(start + 8, if length < 8 { end } else { end.min(start + length) });
        Some(ports)
    }
}

#[cfg(test)]
mod tests;
