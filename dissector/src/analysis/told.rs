//! What an analysis tells: connections, commands, gaps and ends, each with the packet that shows it.
//!
//! An MSNP connection usually is a TCP connection, but not always: the HTTP gateway carries one over several, and several
//! over one. So all that is told has two numbers. `stream` says which MSNP connection it belongs to, and is what to sort
//! by: the number of the TCP connection on which that began, as Wireshark's `tcp.stream` counts; one that began on a TCP
//! connection on which another had begun has a number of its own, from [`SHARED`] up, and what goes over UDP from [`UDP`]
//! up. `tcp_stream` is Wireshark's `tcp.stream` of the packet named, and is what to look for in Wireshark.

use std::net::SocketAddr;
use std::sync::Arc;

use super::links::{Link, Unanswered};
use super::live::Mark;
use super::room::Room;
use super::tunnel::{Carried, Tunnel};
use crate::capture::{Packet, Timestamp};
use crate::msnp::{Context, Dialogue, Dissection, Message, Pdu, Pieces, dissect};
use crate::transport::{self, Handshake};
use crate::tree::{Item, Recording};

/// The first number of MSNP connections that began on a TCP connection on which another had begun.
pub const SHARED: u32 = 1 << 31;
/// The first number of flows of UDP datagrams. They have no TCP connection: wherever that is named, this number stands again.
pub const UDP: u32 = 3 << 30;

/// One command of the capture.
#[derive(Debug)]
pub struct Command<'a> {
    /// Number of the PDU in the capture, from 1, in order of completion.
    pub number: u32,
    /// Number of the packet that completed it, from 1.
    pub frame: u64,
    /// Time of that packet.
    pub time: Timestamp,
    /// Time of the capture's first packet.
    pub begin: Timestamp,
    /// Its MSNP connection: [`StreamInfo::stream`].
    pub stream: u32,
    /// TCP connection of the packet that completed it: Wireshark's `tcp.stream`.
    pub tcp_stream: u32,
    /// What its connection travels through: [`StreamInfo::tunnel`].
    pub tunnel: Option<&'a Tunnel>,
    /// Who sent it.
    pub source: SocketAddr,
    /// To whom.
    pub destination: SocketAddr,
    /// What dissection needs to know of the past.
    pub context: Context,
    /// The command that it answers, if the capture holds it.
    pub request: Option<Link>,
    /// What is known by then of the chat room on its connection.
    pub room: Option<&'a Arc<Room>>,
    /// The command itself.
    pub pdu: Pdu<'a>,
    /// Where its bytes stand in the capture file.
    pub place: Place<'a>,
}

/// Where the bytes of a command stand in the capture file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place<'a>(pub(super) Pieces<'a, Mark>);

/// A run of bytes in the capture file, or in what was fed in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Extent {
    /// Where it begins.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u32,
}

impl Place<'_> {
    /// Where the bytes `start..end` of the command stand. `None` when some of them do not stand in the file as they are:
    /// it is compressed, or they came in fragments or through a tunnel.
    #[must_use]
    pub fn extents(&self, start: u32, end: u32) -> Option<Vec<Extent>> {
        let (mut at, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
        let mut extents = Vec::with_capacity(1);
        for (piece_end, mark) in self.0.iter() {
            if at >= end {
                break;
            }
            let here = piece_end.min(end);
            if here <= at {
                continue;
            }
            let behind = u64::try_from(piece_end - at).ok()?;
            let offset = mark.file_end?.checked_sub(behind)?;
            extents.push(Extent { offset, length: u32::try_from(here - at).ok()? });
            at = here;
        }
        (at >= end).then_some(extents)
    }
}

impl<'a> Command<'a> {
    /// Numbers of the packets that brought it, and that of the one that completed it, which may be told again. Of bytes
    /// that came in IP fragments it is the packet that completed the datagram.
    pub fn packets(&self) -> impl Iterator<Item = u64> {
        let pieces = self.place.0.within(self.pdu.bytes.len());
        pieces.into_iter().map(|(_, mark)| mark.packet).chain([self.frame])
    }

    /// What the command says, without its tree.
    #[must_use]
    pub fn message(&self) -> Message<'a> {
        dissect(&self.pdu, &self.context, Recording::Nothing).message
    }

    /// The command taken apart, with what the capture tells of it behind.
    #[must_use]
    pub fn dissect(&self) -> Dissection<'a> {
        let mut dissection = dissect(&self.pdu, &self.context, Recording::Everything);
        dissection.tree.items.extend(self.facts());
        dissection
    }

    /// What the capture tells of it, as items behind its tree: the request that it answers, its chat room, who sends it.
    pub fn facts(&self) -> impl Iterator<Item = Item> {
        let request = self.request.iter().flat_map(Link::request_items);
        request.chain(self.room.iter().flat_map(|room| room.items(&self.pdu, &self.context)))
    }
}

/// A connection that carries MSNP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamInfo {
    /// Its number: that of its TCP connection, where it has one to itself.
    pub stream: u32,
    /// Its TCP connection, or the first of them: Wireshark's `tcp.stream`.
    pub tcp_stream: u32,
    /// The client's address; the sender of the first packet when nothing tells.
    pub client: SocketAddr,
    /// The server's address.
    pub server: SocketAddr,
    /// Whether it is known which side is the client.
    pub sides_known: bool,
    /// Whether the beginning of the connection was captured.
    pub handshake: Handshake,
    /// Time of its first packet.
    pub time: Timestamp,
    /// Number of its first packet.
    pub frame: u64,
    /// What is spoken on it. Between two programs who connected counts as the client.
    pub dialogue: Dialogue,
    /// What it travels through, where it is not plain TCP. Then `client` and `server` are the ends of the TCP connection:
    /// the server's may be a gateway's or a proxy's.
    pub tunnel: Option<Arc<Tunnel>>,
}

/// Bytes of a connection that the capture does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The MSNP connection.
    pub stream: u32,
    /// The TCP connection: Wireshark's `tcp.stream`.
    pub tcp_stream: u32,
    /// Who sent the bytes.
    pub source: SocketAddr,
    /// To whom.
    pub destination: SocketAddr,
    /// How many bytes are missing; in a tunnel, of the TCP connection: what wraps the stream may be among them.
    pub length: u64,
    /// Why.
    pub cause: transport::Cause,
    /// Number of the packet that shows that they are missing: the first one after them, or the one that was cut.
    pub frame: u64,
    /// Time of that packet.
    pub time: Timestamp,
    /// Number of the last command before.
    pub after: u32,
}

/// The end of a connection that carries MSNP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// The MSNP connection.
    pub stream: u32,
    /// The TCP connection that it ended on: Wireshark's `tcp.stream`.
    pub tcp_stream: u32,
    /// How it ended. What the HTTP gateway declares closed has ended like a TCP connection with [`transport::How::Fin`].
    pub how: transport::How,
    /// Whether the client ended it; `None` when nobody did, or when it is not known which side is the client.
    pub by_client: Option<bool>,
    /// Number of the packet that ended it.
    pub frame: u64,
    /// Time of that packet.
    pub time: Timestamp,
    /// How the HTTP gateway carried it, if it did.
    pub carried: Option<Carried>,
}

/// A packet of the capture, of whatever protocol.
#[derive(Debug, Clone, Copy)]
pub struct PacketInfo {
    /// Its number, from 1.
    pub frame: u64,
    /// When it was captured.
    pub time: Timestamp,
    /// What it is, in a word: “TCP”, “ARP”. Of several things in one packet the first.
    pub kind: &'static str,
    /// Sender and receiver, of TCP and UDP.
    pub ends: Option<(SocketAddr, SocketAddr)>,
    /// Flags of TCP.
    pub flags: transport::Flags,
    /// Bytes that TCP or UDP carries, as far as they were captured; all bytes of other packets.
    pub payload: u32,
}

impl PacketInfo {
    pub(super) fn of(packet: &Packet<'_>, peeled: &transport::Peeled<'_>) -> Self {
        let none = transport::Flags::default();
        let (ends, payload, flags) = match peeled {
            transport::Peeled::Tcp(tcp) => (Some((tcp.source, tcp.destination)), tcp.payload.len(), tcp.flags),
            transport::Peeled::Udp(udp) => (Some((udp.source, udp.destination)), udp.payload.len(), none),
            _ => (None, packet.bytes.len(), none),
        };
        let payload = u32::try_from(payload).unwrap_or(u32::MAX);
        Self { frame: packet.number, time: packet.time, kind: peeled.name(), ends, flags, payload }
    }
}

/// Receives what an analysis finds.
pub trait Sink {
    /// A packet was read. Called before anything is told that it completes.
    fn packet(&mut self, _packet: &PacketInfo) {}
    /// A connection turned out to carry MSNP. Called before anything else is told of it.
    fn stream(&mut self, _info: &StreamInfo) {}
    /// A command is complete and the kind of its server decided.
    fn command(&mut self, command: &Command<'_>);
    /// Bytes are missing.
    fn gap(&mut self, _gap: &Gap) {}
    /// A connection ends and nobody has answered this request. Called before [`Sink::end`].
    fn unanswered(&mut self, _request: &Unanswered) {}
    /// A connection ended.
    fn end(&mut self, _end: &End) {}
}

impl<S: Sink + ?Sized> Sink for &mut S {
    fn packet(&mut self, packet: &PacketInfo) {
        (**self).packet(packet);
    }

    fn stream(&mut self, info: &StreamInfo) {
        (**self).stream(info);
    }

    fn command(&mut self, command: &Command<'_>) {
        (**self).command(command);
    }

    fn gap(&mut self, gap: &Gap) {
        (**self).gap(gap);
    }

    fn unanswered(&mut self, request: &Unanswered) {
        (**self).unanswered(request);
    }

    fn end(&mut self, end: &End) {
        (**self).end(end);
    }
}
