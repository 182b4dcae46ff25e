//! From the bytes of a capture file to MSNP commands, step by step as the bytes come in.
//!
//! Comes in: slices of a file, of any size. Goes out, through a [`Sink`]: connections, commands with the context they
//! are dissected under, gaps. Nothing is kept but what an unfinished command or an undecided connection needs.

mod carrier;
mod flows;
mod holdings;
mod kept;
mod links;
mod live;
mod order;
mod room;
mod sessions;
mod stream;
mod told;
mod tunnel;
mod verdict;

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;

use crate::capture::{Captures, Ending, Packet, Refusal, Timestamp};
use crate::transport::{self, Census, Connections, Handshake, Peeled, Peeler, Side};
use crate::tree::{ExpertId, Field, TextId};
use flows::Flows;
pub use holdings::{Holding, holdings};
pub use kept::Kept;
pub use links::{Answers, Link, Links, Pending, Unanswered, whole_item};
pub(crate) use links::{REASSEMBLED_IN, RESPONSE_IN};
use live::Outlet;
pub use order::Order;
pub use room::{Room, Rooms};
use sessions::Sessions;
use stream::Stream;
pub use told::{Command, End, Extent, Gap, PacketInfo, Place, SHARED, Sink, StreamInfo, UDP};
pub use tunnel::{Carried, Gateway, Tunnel, destination, proxy_name};
pub use verdict::{ending, refusal};

/// The field tables of this room: facts of the capture, which shells add to a command's tree, and of its connections, which
/// are in no tree.
pub(crate) static FAMILIES: &[&[Field]] = &[&tunnel::FIELDS, &links::FIELDS];
/// What is odd about a whole connection, not about the bytes of one command: no dissection says it.
pub(crate) static EXPERTS: &[&[ExpertId]] = &[links::EXPERTS];

/// The text tables of this room.
pub(crate) static TEXTS: &[&[TextId]] = &[holdings::TEXTS, links::TEXTS, tunnel::TEXTS, verdict::TEXTS];

/// Figures about a whole capture.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// Packets read.
    pub packets: u64,
    /// Their bytes as captured.
    pub bytes: u64,
    /// Time of the first packet that has one.
    pub begin: Option<Timestamp>,
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
    /// Those of them that show that MSNP is spoken ([`Pdu::is_recognised`](crate::msnp::Pdu::is_recognised)).
    pub recognised: u32,
    /// Packets by what they are, MSNP's own included.
    pub census: Census,
    /// Ports of connections that carry MSNP, of both sides.
    pub msnp_ports: BTreeSet<u16>,
    /// UDP ports that packets between two programs go over, of both sides.
    pub msnp_udp_ports: BTreeSet<u16>,
}

/// What a capture is turned into commands by.
#[derive(Debug, Default)]
pub struct Analysis {
    captures: Captures,
    state: State,
}

impl Analysis {
    /// An analysis that has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An analysis of several files that are read as one ([`Captures`]).
    #[must_use]
    pub fn of(files: usize) -> Self {
        Self { captures: Captures::of(files), ..Self::default() }
    }

    /// The files: which of them is asked for, how they ended, which packet comes from where.
    #[must_use]
    pub fn captures(&self) -> &Captures {
        &self.captures
    }

    /// Feeds the next bytes of the file, or of that one of several that is asked for.
    ///
    /// # Errors
    /// [`Refusal`] when the bytes are not a capture; others of several go on.
    pub fn push(&mut self, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), Refusal> {
        let Self { captures, state } = self;
        captures.push(bytes, &mut |packet| state.packet(packet, sink))
    }

    /// The file that is asked for ends.
    ///
    /// # Errors
    /// [`Refusal`] when its bytes were not a capture; others go on.
    pub fn end_file(&mut self, sink: &mut dyn Sink) -> Result<Ending, Refusal> {
        let Self { captures, state } = self;
        captures.end_file(&mut |packet| state.packet(packet, sink))
    }

    /// The file ends, or all of several do.
    ///
    /// # Errors
    /// [`Refusal`] when the bytes were not a capture; of several, when none of them was.
    pub fn finish(&mut self, sink: &mut dyn Sink) -> Result<Ending, Refusal> {
        let Self { captures, state } = self;
        let ending = captures.finish(&mut |packet| state.packet(packet, sink))?;
        state.finish(sink);
        Ok(ending)
    }

    /// Takes a packet that somebody else has read. Its number must be larger than that of the packet before.
    pub fn packet(&mut self, packet: &Packet<'_>, sink: &mut dyn Sink) {
        self.state.packet(packet, sink);
    }

    /// Takes what happened on a TCP connection that somebody else has put into order.
    pub fn event(&mut self, event: &transport::Event<'_>, sink: &mut dyn Sink) {
        let streams = &mut self.state.streams;
        streams.event(event, sink);
        // Whoever puts them into order is not asked to stop.
        streams.not_msnp.clear();
    }

    /// No packet and no event follows: as [`Analysis::finish`], where no bytes of a file were fed.
    pub fn end(&mut self, sink: &mut dyn Sink) {
        self.state.finish(sink);
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
    /// By number of the TCP connection.
    by_number: HashMap<u32, Stream>,
    sessions: Sessions,
    flows: Flows,
    totals: Totals,
    /// Connections that turned out to carry something else, to be told to the TCP layer.
    not_msnp: Vec<u32>,
}

impl State {
    fn packet(&mut self, packet: &Packet<'_>, sink: &mut dyn Sink) {
        let Self { peeler, connections, streams } = self;
        streams.totals.packet(packet);
        let mut told = false;
        peeler.each(packet, &mut |peeled| {
            if !std::mem::replace(&mut told, true) {
                sink.packet(&PacketInfo::of(packet, peeled));
            }
            streams.totals.census.count(peeled);
            match peeled {
                Peeled::Tcp(segment) => connections.push(segment, &mut |event| streams.event(&event, sink)),
                Peeled::Udp(datagram) => {
                    let Streams { flows, totals, .. } = &mut *streams;
                    flows.push(datagram, &mut Outlet { totals, sink });
                }
                _ => {}
            }
        });
        if !told {
            sink.packet(&PacketInfo::of(packet, &Peeled::Link));
        }
        for stream in streams.not_msnp.drain(..) {
            connections.ignore(stream);
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        let Self { connections, streams, .. } = self;
        connections.finish(&mut |event| streams.event(&event, sink));
        let Streams { sessions, flows, totals, .. } = streams;
        sessions.finish(&mut Outlet { totals, sink });
        flows.finish(&mut Outlet { totals, sink });
    }
}

impl Streams {
    fn event(&mut self, event: &transport::Event<'_>, sink: &mut dyn Sink) {
        let Self { by_number, sessions, totals, not_msnp, .. } = self;
        if let transport::Event::Opened { stream, a, b, handshake, frame, time } = *event {
            totals.connections = totals.connections.max(stream.saturating_add(1));
            by_number.insert(stream, Stream::new(StreamOpened { stream, a, b, handshake, frame, time }));
            return;
        }
        let number = event.stream();
        let Some(stream) = by_number.get_mut(&number) else { return };
        stream.event(event, sessions, &mut Outlet { totals, sink });
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
        let Some(time) = packet.time.recorded() else { return };
        self.begin = self.begin.or(Some(time));
        self.first = Some(self.first.map_or(time, |t| t.min(time)));
        self.last = Some(self.last.map_or(time, |t| t.max(time)));
    }
}
