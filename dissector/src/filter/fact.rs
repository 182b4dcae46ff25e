//! Facts: what is known of a command beside its bytes, under Wireshark's names.

use std::net::SocketAddr;

use super::evaluate::Datum;
use crate::analysis::{Command, UDP};
use crate::capture::Timestamp;

/// A fact of the capture that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// Any command of MSNP at all.
    Msnp,
    /// Number of the command.
    Number,
    /// Number of the MSNP connection.
    Connection,
    /// Packet that completed it.
    Frame,
    /// Time of that packet.
    Time,
    /// That time in seconds since 1970.
    Epoch,
    /// Seconds since the capture's first packet.
    Relative,
    /// Wireshark's number of the TCP connection.
    Stream,
    /// IPv4 address of either side, of the sender, of the receiver.
    Ip(Side),
    /// The same for IPv6.
    Ipv6(Side),
    /// TCP port of either side, of the sender, of the receiver.
    TcpPort(Side),
    /// The same for UDP.
    UdpPort(Side),
}

/// Whose address or port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The sender's and the receiver's.
    Either,
    /// The sender's.
    Source,
    /// The receiver's.
    Destination,
}

/// What values a fact has, and so what it can be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactKind {
    /// None: it is there or not.
    Presence,
    /// Whole numbers.
    Number,
    /// Points in time.
    Time,
    /// Seconds, with a fraction.
    Seconds,
    /// IP addresses.
    Address,
}

/// One row of the table of facts.
#[derive(Debug)]
pub struct FactDecl {
    /// Which fact.
    pub fact: Fact,
    /// Its name in filters.
    pub name: &'static str,
    /// What can be compared with it.
    pub kind: FactKind,
    /// What it is, in English.
    pub title: &'static str,
}

const fn row(fact: Fact, name: &'static str, kind: FactKind, title: &'static str) -> FactDecl {
    FactDecl { fact, name, kind, title }
}

/// All facts, in the order in which they are offered.
pub static FACTS: &[FactDecl] = &[
    row(Fact::Msnp, "msnp", FactKind::Presence, "Any command"),
    row(Fact::Number, "msnp.number", FactKind::Number, "Number of the command"),
    row(Fact::Connection, "msnp.connection", FactKind::Number, "MSNP connection"),
    row(Fact::Frame, "frame.number", FactKind::Number, "Packet that completes the command"),
    row(Fact::Time, "frame.time", FactKind::Time, "Time of the packet, UTC"),
    row(Fact::Epoch, "frame.time_epoch", FactKind::Seconds, "Time of the packet, seconds since 1970"),
    row(Fact::Relative, "frame.time_relative", FactKind::Seconds, "Seconds since the first packet"),
    row(Fact::Stream, "tcp.stream", FactKind::Number, "TCP connection, as Wireshark counts"),
    row(Fact::TcpPort(Side::Either), "tcp.port", FactKind::Number, "TCP port of sender or receiver"),
    row(Fact::TcpPort(Side::Source), "tcp.srcport", FactKind::Number, "TCP port of the sender"),
    row(Fact::TcpPort(Side::Destination), "tcp.dstport", FactKind::Number, "TCP port of the receiver"),
    row(Fact::UdpPort(Side::Either), "udp.port", FactKind::Number, "UDP port of sender or receiver"),
    row(Fact::UdpPort(Side::Source), "udp.srcport", FactKind::Number, "UDP port of the sender"),
    row(Fact::UdpPort(Side::Destination), "udp.dstport", FactKind::Number, "UDP port of the receiver"),
    row(Fact::Ip(Side::Either), "ip.addr", FactKind::Address, "IPv4 address of sender or receiver"),
    row(Fact::Ip(Side::Source), "ip.src", FactKind::Address, "IPv4 address of the sender"),
    row(Fact::Ip(Side::Destination), "ip.dst", FactKind::Address, "IPv4 address of the receiver"),
    row(Fact::Ipv6(Side::Either), "ipv6.addr", FactKind::Address, "IPv6 address of sender or receiver"),
    row(Fact::Ipv6(Side::Source), "ipv6.src", FactKind::Address, "IPv6 address of the sender"),
    row(Fact::Ipv6(Side::Destination), "ipv6.dst", FactKind::Address, "IPv6 address of the receiver"),
];

impl Fact {
    /// Calls `each` with every value of this fact.
    pub(super) fn values(self, command: &Command<'_>, each: &mut dyn FnMut(Datum<'_>)) {
        let number = |number: u64| Datum::Number(number);
        match self {
            Self::Msnp => each(Datum::Present),
            Self::Number => each(number(command.number.into())),
            Self::Connection => each(number(command.stream.into())),
            Self::Frame => each(number(command.frame)),
            Self::Time | Self::Epoch | Self::Relative => {
                let zero = if self == Self::Relative { command.begin } else { Timestamp::default() };
                if let Some(time) = command.time.recorded() {
                    each(Datum::Nanos(time.nanos_since(zero)));
                }
            }
            Self::Stream => {
                if command.tcp_stream < UDP {
                    each(number(command.tcp_stream.into()));
                }
            }
            Self::Ip(side) => side.each(command, |end| {
                if end.is_ipv4() {
                    each(Datum::Address(end.ip()));
                }
            }),
            Self::Ipv6(side) => side.each(command, |end| {
                if end.is_ipv6() {
                    each(Datum::Address(end.ip()));
                }
            }),
            Self::TcpPort(side) if command.tcp_stream < UDP => {
                side.each(command, |end| each(number(end.port().into())))
            }
            Self::UdpPort(side) if command.tcp_stream >= UDP => {
                side.each(command, |end| each(number(end.port().into())));
            }
            Self::TcpPort(_) | Self::UdpPort(_) => {}
        }
    }
}

impl Side {
    fn each(self, command: &Command<'_>, mut each: impl FnMut(SocketAddr)) {
        if self != Self::Destination {
            each(command.source);
        }
        if self != Self::Source {
            each(command.destination);
        }
    }
}
