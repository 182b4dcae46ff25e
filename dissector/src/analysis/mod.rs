//! From the bytes of a capture file to MSNP commands, step by step as the bytes come in.
//!
//! Comes in: slices of a file, of any size. Goes out, through a [`Sink`]: connections, commands with the context they
//! are dissected under, gaps. Nothing is kept but what an unfinished command or an undecided connection needs.

mod holdings;
mod links;
mod stream;
mod verdict;

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;

use crate::capture::{CaptureReader, Ending, Packet, Refusal, Timestamp};
use crate::msnp::{Context, Dissection, Pdu, dissect};
use crate::transport::{self, Census, Connections, Handshake, Peeled, Peeler, Side};
use crate::tree::Recording;
pub use holdings::{Holding, holdings};
pub use links::{Answers, Link, Links, Unanswered};
pub use verdict::{ending, refusal};

use stream::Stream;

/// The field tables of this room: facts of the capture, which shells add to a command's tree.
pub(crate) static FAMILIES: &[&[crate::tree::Field]] = &[&links::FIELDS];
/// What is odd about a whole connection, not about the bytes of one command: no dissection says it.
pub(crate) static EXPERTS: &[&[crate::tree::ExpertId]] = &[links::EXPERTS];
/// The text tables of this room.
pub(crate) static TEXTS: &[&[crate::tree::TextId]] = &[holdings::TEXTS, links::TEXTS, verdict::TEXTS];

/// One command of the capture.
#[derive(Debug)]
pub struct Command<'a> {
    /// Number of the PDU in the capture, from 1, in order of completion.
    pub number: u32,
    /// Number of the packet that completed it, from 1.
    pub frame: u64,
    /// Time of that packet.
    pub time: Timestamp,
    /// Its TCP connection; the number is Wireshark's `tcp.stream`.
    pub stream: u32,
    /// Who sent it.
    pub source: SocketAddr,
    /// To whom.
    pub destination: SocketAddr,
    /// What dissection needs to know of the past.
    pub context: Context,
    /// The command that it answers, if the capture holds it.
    pub request: Option<Link>,
    /// The command itself.
    pub pdu: Pdu<'a>,
}

impl<'a> Command<'a> {
    /// The command taken apart, with what the capture tells of it behind: the request that it answers.
    #[must_use]
    pub fn dissect(&self) -> Dissection<'a> {
        let mut dissection = dissect(&self.pdu, &self.context, Recording::Everything);
        dissection.tree.items.extend(self.request.iter().flat_map(Link::request_items));
        dissection
    }
}

/// A TCP connection that carries MSNP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamInfo {
    /// Wireshark's `tcp.stream`.
    pub stream: u32,
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
}

/// Bytes of a connection that the capture does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The connection.
    pub stream: u32,
    /// Who sent the bytes.
    pub source: SocketAddr,
    /// To whom.
    pub destination: SocketAddr,
    /// How many bytes are missing.
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
    /// The connection.
    pub stream: u32,
    /// How it ended.
    pub how: transport::How,
    /// Whether the client ended it; `None` when nobody did, or when it is not known which side is the client.
    pub by_client: Option<bool>,
    /// Number of the packet that ended it.
    pub frame: u64,
    /// Time of that packet.
    pub time: Timestamp,
}

/// Receives what an analysis finds.
pub trait Sink {
    /// A connection turned out to carry MSNP. Called before its first command.
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
    fn stream(&mut self, info: &StreamInfo) {
        (**self).stream(info);
    }

    fn command(&mut self, command: &Command<'_>) {
        (**self).command(command);
    }

    fn gap(&mut self, gap: &Gap) {
        (**self).gap(gap);
    }

    fn end(&mut self, end: &End) {
        (**self).end(end);
    }
}

/// Figures about a whole capture.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// Packets read.
    pub packets: u64,
    /// Their bytes as captured.
    pub bytes: u64,
    /// Earliest time.
    pub first: Option<Timestamp>,
    /// Latest time.
    pub last: Option<Timestamp>,
    /// TCP connections, of any protocol.
    pub connections: u32,
    /// Connections that carry MSNP.
    pub streams: u32,
    /// Commands found.
    pub commands: u32,
    /// Packets by what they are, MSNP's own included.
    pub census: Census,
    /// Ports of connections that carry MSNP, of both sides.
    pub msnp_ports: BTreeSet<u16>,
}

/// What a capture is turned into commands by.
#[derive(Debug, Default)]
pub struct Analysis {
    reader: CaptureReader,
    state: State,
}

impl Analysis {
    /// An analysis that has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Feeds the next bytes of the file.
    ///
    /// # Errors
    /// [`Refusal`] when the bytes are not a capture.
    pub fn push(&mut self, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), Refusal> {
        let Self { reader, state } = self;
        reader.push(bytes, &mut |packet| state.packet(packet, sink))
    }

    /// The file ends.
    ///
    /// # Errors
    /// [`Refusal`] when the bytes were not a capture.
    pub fn finish(&mut self, sink: &mut dyn Sink) -> Result<Ending, Refusal> {
        let Self { reader, state } = self;
        let ending = reader.finish(&mut |packet| state.packet(packet, sink))?;
        state.finish(sink);
        Ok(ending)
    }

    /// Figures so far.
    #[must_use]
    pub fn totals(&self) -> &Totals {
        &self.state.streams.totals
    }
}

#[derive(Debug, Default)]
struct State {
    peeler: Peeler,
    connections: Connections,
    streams: Streams,
}

#[derive(Debug, Default)]
struct Streams {
    by_number: HashMap<u32, Stream>,
    totals: Totals,
    /// Connections that turned out to carry something else, to be told to the TCP layer.
    not_msnp: Vec<u32>,
}

impl State {
    fn packet(&mut self, packet: &Packet<'_>, sink: &mut dyn Sink) {
        let Self { peeler, connections, streams } = self;
        streams.totals.packet(packet);
        let peeled = peeler.segment(packet);
        streams.totals.census.count(&peeled);
        if let Peeled::Tcp(segment) = &peeled {
            connections.push(segment, &mut |event| streams.event(&event, sink));
        }
        for stream in streams.not_msnp.drain(..) {
            connections.ignore(stream);
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        let Self { connections, streams, .. } = self;
        connections.finish(&mut |event| streams.event(&event, sink));
    }
}

impl Streams {
    fn event(&mut self, event: &transport::Event<'_>, sink: &mut dyn Sink) {
        let Self { by_number, totals, not_msnp } = self;
        if let transport::Event::Opened { stream, a, b, handshake, frame, time } = *event {
            totals.connections = totals.connections.max(stream.saturating_add(1));
            by_number.insert(stream, Stream::new(StreamOpened { stream, a, b, handshake, frame, time }));
            return;
        }
        let number = event.stream();
        let Some(stream) = by_number.get_mut(&number) else { return };
        stream.event(event, totals, sink);
        if stream.is_done() {
            if stream.is_other_protocol() {
                not_msnp.push(number);
            }
            by_number.remove(&number);
        }
    }
}

/// The first word about a connection.
#[derive(Debug, Clone, Copy)]
struct StreamOpened {
    stream: u32,
    a: SocketAddr,
    b: SocketAddr,
    handshake: Handshake,
    frame: u64,
    time: Timestamp,
}

impl StreamOpened {
    fn address(&self, side: Side) -> SocketAddr {
        match side {
            Side::A => self.a,
            Side::B => self.b,
        }
    }
}

impl Totals {
    fn packet(&mut self, packet: &Packet<'_>) {
        self.packets = self.packets.saturating_add(1);
        self.bytes = self.bytes.saturating_add(packet.bytes.len() as u64);
        self.first = Some(self.first.map_or(packet.time, |t| t.min(packet.time)));
        self.last = Some(self.last.map_or(packet.time, |t| t.max(packet.time)));
    }
}
