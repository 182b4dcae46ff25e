//! One MSNP connection: bytes of both directions in, commands out, each told when the kind of its server is decided.
//!
//! Where the bytes come from is not its business: one TCP connection, or bodies of HTTP messages on several. It is told
//! by which [`Route`] they come, so that a command names the TCP connection of the packet that completed it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;

use super::links::Pending;
use super::room::Rooms;
use super::tunnel::{Carried, Tunnel};
use super::{Command, End, Gap, Place, Sink, StreamInfo, Totals};
use crate::capture::Timestamp;
use crate::msnp::framing::Sync;
use crate::msnp::{Connection, Context, Dialogue, Direction, Framed, Framer, Pdu, PduKind, Pieces, Server};
use crate::transport::{Cause, How};
use crate::tree::Assembly;

/// TCP connections remembered of each MSNP connection: a command may be told a little after its bytes came.
const ROUTES: usize = 8;
/// Commands that wait for the name of a tunnel.
const NAMELESS: usize = 64;

/// Where a piece of a stream came from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// The packet: the highest number up to here in its direction.
    pub frame: u64,
    /// The packet that brought it, or that completed its datagram.
    pub packet: u64,
    /// Time of the former.
    pub time: Timestamp,
    /// Its TCP connection: Wireshark's `tcp.stream`.
    pub tcp_stream: u32,
    /// Where its last byte ends in the capture file, if its bytes stand there as they are.
    pub file_end: Option<u64>,
}

/// A TCP connection that brings bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Route {
    /// Wireshark's `tcp.stream`.
    pub tcp_stream: u32,
    /// The client's end.
    pub client: SocketAddr,
    /// The server's end.
    pub server: SocketAddr,
}

/// How a connection ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    /// How.
    pub how: How,
    /// Whether the client ended it.
    pub by_client: Option<bool>,
    /// The packet that ended it.
    pub mark: Mark,
}

/// Where what is found goes.
pub(super) struct Outlet<'o> {
    /// Figures of the whole capture.
    pub totals: &'o mut Totals,
    /// The shell.
    pub sink: &'o mut dyn Sink,
}

/// One MSNP connection.
#[derive(Debug)]
pub(super) struct Live {
    info: StreamInfo,
    to_server: Framer<Mark>,
    to_client: Framer<Mark>,
    memory: Memory,
}

/// All but the framers, so that a framer may tell of its PDUs.
#[derive(Debug)]
struct Memory {
    connection: Connection,
    /// The kind of server that the tunnel was opened to: what counts if no command tells.
    hint: Server,
    /// The latest last; the first that was ever seen is in the connection's info.
    routes: VecDeque<Route>,
    /// Nobody was told of the connection yet: the name of its tunnel is to come.
    nameless: bool,
    /// Commands that wait until the kind of the server is decided.
    waiting: Vec<Waiting>,
    /// Requests that wait for their answers.
    pending: Pending,
    rooms: Rooms,
}

#[derive(Debug)]
struct Waiting {
    number: u32,
    mark: Mark,
    context: Context,
    bytes: Vec<u8>,
    line: usize,
    announced: usize,
    kind: PduKind,
    completes: Option<Assembly>,
    pieces: Vec<(usize, Mark)>,
}

impl Live {
    /// A connection of which nothing has come yet; whoever makes it tells of it. `sync` says whether its bytes are seen
    /// from the first on.
    pub fn new(info: StreamInfo, sync: Sync) -> Self {
        let memory = Memory {
            connection: match (info.dialogue, sync) {
                (Dialogue::Service, Sync::Kept) => Connection::from_start(),
                (Dialogue::Service, Sync::Lost) => Connection::new(),
                _ => Connection::between_peers(),
            },
            hint: Server::Unknown,
            routes: VecDeque::new(),
            nameless: false,
            waiting: Vec::new(),
            pending: Pending::default(),
            rooms: Rooms::default(),
        };
        let to_server = Framer::speaking(info.dialogue, Direction::ToServer, sync);
        let to_client = Framer::speaking(info.dialogue, Direction::ToClient, sync);
        Self { info, to_server, to_client, memory }
    }

    /// A connection through a tunnel whose name is still to come. It is told of when that is known.
    pub fn nameless(info: StreamInfo, sync: Sync, hint: Server) -> Self {
        let mut live = Self::new(info, sync);
        (live.memory.hint, live.memory.nameless) = (hint, true);
        live
    }

    /// The name of its tunnel is known, or nobody waits for it any more.
    pub fn named(&mut self, out: &mut Outlet<'_>, name: impl FnOnce(&mut Tunnel)) {
        if !self.memory.nameless {
            return;
        }
        if let Some(tunnel) = &mut self.info.tunnel {
            name(Arc::make_mut(tunnel));
        }
        let mut told = Told { info: &self.info, memory: &mut self.memory, out };
        told.introduce();
        if told.memory.connection.settled() {
            told.release();
        }
    }

    /// Its bytes come by this TCP connection from now on. Says whether it is a new one.
    pub fn arrives_by(&mut self, route: Route) -> bool {
        let routes = &mut self.memory.routes;
        if routes.contains(&route) {
            return false;
        }
        if routes.len() >= ROUTES {
            routes.pop_front();
        }
        routes.push_back(route);
        true
    }

    /// Whether it is known which side is the client.
    pub fn sides_known(&self) -> bool {
        self.info.sides_known
    }

    /// The next bytes of a direction.
    pub fn data(&mut self, direction: Direction, bytes: &[u8], mark: Mark, out: &mut Outlet<'_>) {
        let (framer, mut told) = self.parts(direction, out);
        framer.push(bytes, mark, &mut |framed| told.pdu(direction, &framed));
    }

    /// A datagram, of which so many bytes were cut off by the capture.
    pub fn datagram(&mut self, direction: Direction, bytes: &[u8], missing: usize, mark: Mark, out: &mut Outlet<'_>) {
        let (_, mut told) = self.parts(direction, out);
        let piece = [(bytes.len(), mark)];
        told.pdu(direction, &Framed { pdu: Pdu::datagram(bytes, missing), mark, pieces: Pieces::of(&piece) });
    }

    /// The next bytes of a direction are missing.
    pub fn gap(&mut self, direction: Direction, length: u64, cause: Cause, mark: Mark, out: &mut Outlet<'_>) {
        let (framer, mut told) = self.parts(direction, out);
        framer.gap(length, &mut |framed| told.pdu(direction, &framed));
        told.memory.lost(direction);
        told.introduce();
        told.missing(direction, length, cause, mark);
    }

    /// Bytes of a direction came too late to be put in their place: they are missing where the connection begins.
    pub fn unplaced(&mut self, direction: Direction, length: u64, mark: Mark, out: &mut Outlet<'_>) {
        let (_, mut told) = self.parts(direction, out);
        told.introduce();
        told.missing(direction, length, Cause::BeforeBeginning, mark);
    }

    /// What comes next in a direction does not follow what came before.
    pub fn interrupted(&mut self, direction: Direction, out: &mut Outlet<'_>) {
        let (framer, mut told) = self.parts(direction, out);
        framer.gap(u64::MAX, &mut |framed| told.pdu(direction, &framed));
        told.memory.lost(direction);
    }

    /// Bytes that came along in a direction, and are no part of its stream.
    pub fn beside(&mut self, direction: Direction, bytes: &[u8], mark: Mark, out: &mut Outlet<'_>) {
        let (_, mut told) = self.parts(direction, out);
        let pdu = Pdu::stray(bytes, PduKind::Beside);
        told.pdu(direction, &Framed { pdu, mark, pieces: Pieces::default() });
    }

    /// Nothing more comes.
    pub fn finish(&mut self, ended: Ended, carried: Option<Carried>, out: &mut Outlet<'_>) {
        for direction in [Direction::ToServer, Direction::ToClient] {
            let (framer, mut told) = self.parts(direction, out);
            framer.finish(&mut |framed| told.pdu(direction, &framed));
        }
        self.memory.connection.finish();
        let mut told = Told { info: &self.info, memory: &mut self.memory, out };
        told.introduce();
        told.release();
        let Ended { how, by_client, mark: Mark { frame, time, tcp_stream, .. } } = ended;
        let stream = self.info.stream;
        self.memory.pending.unanswered(stream, how).for_each(|request| out.sink.unanswered(&request));
        out.sink.end(&End { stream, tcp_stream, how, by_client, frame, time, carried });
    }

    fn parts<'l, 'o>(
        &'l mut self,
        direction: Direction,
        out: &'l mut Outlet<'o>,
    ) -> (&'l mut Framer<Mark>, Told<'l, 'o>) {
        let Self { info, to_server, to_client, memory } = self;
        let framer = if direction == Direction::ToServer { to_server } else { to_client };
        (framer, Told { info, memory, out })
    }
}

impl Memory {
    /// Bytes of one direction are missing here.
    fn lost(&mut self, direction: Direction) {
        self.connection.lost(direction);
        self.pending.lost(direction);
    }
}

/// Everything needed to tell the shell of a PDU.
struct Told<'l, 'o> {
    info: &'l StreamInfo,
    memory: &'l mut Memory,
    out: &'l mut Outlet<'o>,
}

impl Told<'_, '_> {
    fn pdu(&mut self, direction: Direction, framed: &Framed<'_, Mark>) {
        let Framed { pdu, mark, pieces } = framed;
        self.out.totals.commands = self.out.totals.commands.saturating_add(1);
        let number = self.out.totals.commands;
        self.out.totals.recognised = self.out.totals.recognised.saturating_add(pdu.is_recognised().into());
        let context = self.memory.connection.context_for(pdu, direction);
        let completes = self.memory.connection.observe(number, pdu, &context);
        if self.memory.nameless && self.memory.waiting.len() >= NAMELESS {
            self.introduce();
        }
        if self.memory.connection.settled() && !self.memory.nameless {
            self.release();
            self.tell(number, *mark, context, pdu.completing(completes.as_ref()), Place(*pieces));
            return;
        }
        self.memory.waiting.push(Waiting {
            number,
            mark: *mark,
            context,
            bytes: pdu.bytes.to_vec(),
            line: pdu.line,
            announced: pdu.announced,
            kind: pdu.kind,
            completes,
            pieces: pieces.within(pdu.bytes.len()),
        });
    }

    /// Tells of bytes that are not there.
    fn missing(&mut self, direction: Direction, length: u64, cause: Cause, mark: Mark) {
        let (source, destination) = self.ends(direction, mark.tcp_stream);
        let Mark { frame, time, tcp_stream, .. } = mark;
        let (stream, after) = (self.info.stream, self.out.totals.commands);
        self.out.sink.gap(&Gap { stream, tcp_stream, source, destination, length, cause, frame, time, after });
    }

    /// Tells of the connection, if nobody was told yet.
    fn introduce(&mut self) {
        if std::mem::take(&mut self.memory.nameless) {
            self.out.sink.stream(self.info);
        }
    }

    /// Tells of the commands that waited.
    fn release(&mut self) {
        for held in std::mem::take(&mut self.memory.waiting) {
            let Waiting { bytes, line, announced, kind, completes, .. } = &held;
            let pdu = Pdu { bytes, line: *line, announced: *announced, kind: *kind, completes: completes.as_ref() };
            self.tell(held.number, held.mark, held.context, pdu, Place(Pieces::of(&held.pieces)));
        }
    }

    fn tell(&mut self, number: u32, mark: Mark, context: Context, pdu: Pdu<'_>, place: Place<'_>) {
        let mut context = self.memory.connection.resolve(context);
        if context.server == Server::Unknown {
            context.server = self.memory.hint;
        }
        let (source, destination) = self.ends(context.direction, mark.tcp_stream);
        let Mark { frame, time, tcp_stream, .. } = mark;
        let (stream, tunnel) = (self.info.stream, self.info.tunnel.as_deref());
        let request = self.memory.pending.note(number, frame, time, &context, &pdu);
        self.memory.rooms.note(number, &pdu, &context);
        self.out.sink.command(&Command {
            number,
            frame,
            time,
            begin: self.out.totals.begin.unwrap_or(time),
            stream,
            tcp_stream,
            tunnel,
            source,
            destination,
            context,
            request,
            room: self.memory.rooms.at(number),
            pdu,
            place,
        });
    }

    /// Sender and receiver of what goes this way on a TCP connection.
    fn ends(&self, direction: Direction, tcp_stream: u32) -> (SocketAddr, SocketAddr) {
        let known = self.memory.routes.iter().rev().find(|route| route.tcp_stream == tcp_stream);
        let first = (self.info.client, self.info.server);
        let (client, server) = known.map_or(first, |route| (route.client, route.server));
        if direction == Direction::ToServer { (client, server) } else { (server, client) }
    }
}
