//! One TCP connection on its way to commands: is it MSNP, which side is the client, where do commands begin.

use std::net::SocketAddr;

use super::links::Pending;
use super::{Command, End, Gap, Sink, StreamInfo, StreamOpened, Totals};
use crate::capture::Timestamp;
use crate::msnp::detection::{self, Detection, detect};
use crate::msnp::framing::Sync;
use crate::msnp::{Connection, Context, Direction, Framed, Framer, Pdu, PduKind};
use crate::transport::{Event, Handshake, Side};
use crate::tree::Assembly;

/// The port of all three kinds of servers.
const PORT: u16 = 1863;
/// Bytes of both directions that are held while it is not clear whether they are MSNP.
const UNDECIDED_CEILING: usize = 4 * detection::LOOK;
/// What a gap counts for among them: a capture of headers alone has one per packet.
const GAP_WEIGHT: usize = 64;

/// Where a piece of a stream came from.
#[derive(Debug, Clone, Copy)]
struct Mark {
    frame: u64,
    time: Timestamp,
}

#[derive(Debug)]
pub(super) struct Stream {
    opened: StreamOpened,
    state: State,
}

#[derive(Debug)]
enum State {
    Undecided(Undecided),
    Msnp(Box<Live>),
    Other,
    Ended,
}

#[derive(Debug, Default)]
struct Undecided {
    pieces: Vec<(Side, Piece)>,
    first: Both<Vec<u8>>,
    /// Bytes held, with [`GAP_WEIGHT`] for each gap.
    weight: usize,
}

#[derive(Debug)]
enum Piece {
    Bytes(Vec<u8>, Mark),
    Gap { length: u64, cause: crate::transport::Cause, mark: Mark },
}

/// A connection that carries MSNP.
#[derive(Debug)]
struct Live {
    info: StreamInfo,
    client: Side,
    framers: Both<Framer<Mark>>,
    connection: Connection,
    /// Commands that wait until the kind of the server is decided.
    waiting: Vec<Waiting>,
    pending: Pending,
}

#[derive(Debug)]
struct Waiting {
    number: u32,
    mark: Mark,
    side: Side,
    context: Context,
    bytes: Vec<u8>,
    line: usize,
    announced: usize,
    kind: PduKind,
    completes: Option<Assembly>,
}

impl Stream {
    pub(super) fn new(opened: StreamOpened) -> Self {
        Self { opened, state: State::Undecided(Undecided::default()) }
    }

    /// Nothing more is to be expected of it.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.state, State::Other | State::Ended)
    }

    pub(super) fn is_other_protocol(&self) -> bool {
        matches!(self.state, State::Other)
    }

    pub(super) fn event(&mut self, event: &Event<'_>, totals: &mut Totals, sink: &mut dyn Sink) {
        match *event {
            Event::Opened { .. } => {}
            Event::Data { side, bytes, frame, time, .. } => {
                self.data(side, bytes, Mark { frame, time }, totals, sink);
            }
            Event::Gap { side, len, cause, frame, time, .. } => {
                let mark = Mark { frame, time };
                match &mut self.state {
                    State::Msnp(live) => live.gap(side, len, cause, mark, totals, sink),
                    State::Other | State::Ended => {}
                    State::Undecided(held) => {
                        held.weight = held.weight.saturating_add(GAP_WEIGHT);
                        held.pieces.push((side, Piece::Gap { length: len, cause, mark }));
                        self.try_to_decide(side, totals, sink);
                    }
                }
            }
            Event::Closed { how, by, frame, time, .. } => {
                if let State::Msnp(live) = &mut self.state {
                    live.finish(totals, sink);
                    live.pending.unanswered(self.opened.stream, how).for_each(|request| sink.unanswered(&request));
                    let by_client = by.filter(|_| live.info.sides_known).map(|side| side == live.client);
                    sink.end(&End { stream: self.opened.stream, how, by_client, frame, time });
                }
                // What is still undecided has said nothing that tells, or nothing at all. It is not marked as another
                // protocol: who was refused may try again, and the TCP layer opens the same connection anew.
                self.state = State::Ended;
            }
        }
    }

    fn data(&mut self, side: Side, bytes: &[u8], mark: Mark, totals: &mut Totals, sink: &mut dyn Sink) {
        match &mut self.state {
            State::Msnp(live) => live.data(side, bytes, mark, totals, sink),
            State::Other | State::Ended => {}
            State::Undecided(held) => {
                let first = held.first.of(side);
                let room = detection::LOOK.saturating_sub(first.len());
                first.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
                held.weight = held.weight.saturating_add(bytes.len());
                held.pieces.push((side, Piece::Bytes(bytes.to_vec(), mark)));
                self.try_to_decide(side, totals, sink);
            }
        }
    }

    fn try_to_decide(&mut self, side: Side, totals: &mut Totals, sink: &mut dyn Sink) {
        match self.decide(side) {
            Decision::Msnp { client, known } => self.start(client, known, totals, sink),
            Decision::Other => self.state = State::Other,
            Decision::Later => {}
        }
    }

    fn decide(&self, side: Side) -> Decision {
        let State::Undecided(held) = &self.state else { return Decision::Later };
        if let Some(client) = self.client_by_port() {
            return Decision::Msnp { client, known: true };
        }
        let Both { a, b } = &held.first;
        let found = detect(if side == Side::A { a } else { b });
        let other = detect(if side == Side::A { b } else { a });
        match (found, other) {
            (Detection::Client, _) | (_, Detection::Server) => Decision::Msnp { client: side, known: true },
            (Detection::Server, _) | (_, Detection::Client) => Decision::Msnp { client: side.other(), known: true },
            (Detection::Msnp, _) | (_, Detection::Msnp) => self.client_by_habit(),
            (Detection::No, _) if self.opened.handshake == Handshake::Seen => Decision::Other,
            (Detection::No, Detection::No) => Decision::Other,
            _ if held.weight > UNDECIDED_CEILING => Decision::Other,
            _ => Decision::Later,
        }
    }

    fn client_by_port(&self) -> Option<Side> {
        match (self.opened.a.port() == PORT, self.opened.b.port() == PORT) {
            (false, true) => Some(Side::A),
            (true, false) => Some(Side::B),
            // Both: whoever opened it.
            (true, true) => Some(Side::A),
            (false, false) => None,
        }
    }

    /// MSNP, but neither side's bytes tell: who opens a connection is the client, else who uses the higher port.
    fn client_by_habit(&self) -> Decision {
        if self.opened.handshake == Handshake::Seen {
            return Decision::Msnp { client: Side::A, known: true };
        }
        let client = if self.opened.a.port() >= self.opened.b.port() { Side::A } else { Side::B };
        Decision::Msnp { client, known: false }
    }

    fn start(&mut self, client: Side, sides_known: bool, totals: &mut Totals, sink: &mut dyn Sink) {
        let State::Undecided(held) = std::mem::replace(&mut self.state, State::Ended) else { return };
        let opened = self.opened;
        let info = StreamInfo {
            stream: opened.stream,
            client: opened.address(client),
            server: opened.address(client.other()),
            sides_known,
            handshake: opened.handshake,
            time: opened.time,
            frame: opened.frame,
        };
        totals.streams = totals.streams.saturating_add(1);
        totals.msnp_ports.extend([info.client.port(), info.server.port()]);
        sink.stream(&info);
        let sync = if opened.handshake == Handshake::Seen { Sync::Kept } else { Sync::Lost };
        let framer = |side| Framer::new(direction(side, client), sync);
        let mut live = Live {
            info,
            client,
            framers: Both { a: framer(Side::A), b: framer(Side::B) },
            connection: if sync == Sync::Kept { Connection::from_start() } else { Connection::new() },
            waiting: Vec::new(),
            pending: Pending::default(),
        };
        for (side, piece) in held.pieces {
            match piece {
                Piece::Bytes(bytes, mark) => live.data(side, &bytes, mark, totals, sink),
                Piece::Gap { length, cause, mark } => live.gap(side, length, cause, mark, totals, sink),
            }
        }
        self.state = State::Msnp(Box::new(live));
    }
}

enum Decision {
    Msnp { client: Side, known: bool },
    Other,
    Later,
}

impl Live {
    fn data(&mut self, side: Side, bytes: &[u8], mark: Mark, totals: &mut Totals, sink: &mut dyn Sink) {
        let Self { info, client, framers, connection, waiting, pending } = self;
        let mut told = Told { info, client: *client, connection, waiting, pending, totals, sink };
        framers.of(side).push(bytes, mark, &mut |framed| told.pdu(side, &framed));
    }

    fn gap(
        &mut self,
        side: Side,
        length: u64,
        cause: crate::transport::Cause,
        mark: Mark,
        totals: &mut Totals,
        sink: &mut dyn Sink,
    ) {
        let Self { info, client, framers, connection, waiting, pending } = self;
        let mut told = Told { info, client: *client, connection, waiting, pending, totals, sink };
        framers.of(side).gap(length, &mut |framed| told.pdu(side, &framed));
        let (source, destination) = told.addresses(side);
        let (stream, after) = (told.info.stream, told.totals.commands);
        told.connection.lost(direction(side, *client));
        told.pending.lost(direction(side, *client));
        let Mark { frame, time } = mark;
        told.sink.gap(&Gap { stream, source, destination, length, cause, frame, time, after });
    }

    fn finish(&mut self, totals: &mut Totals, sink: &mut dyn Sink) {
        let Self { info, client, framers, connection, waiting, pending } = self;
        let mut told = Told { info, client: *client, connection, waiting, pending, totals, sink };
        for side in [Side::A, Side::B] {
            framers.of(side).finish(&mut |framed| told.pdu(side, &framed));
        }
        told.connection.finish();
        told.release();
    }
}

/// Everything needed to tell the shell of a PDU.
struct Told<'l> {
    info: &'l StreamInfo,
    client: Side,
    connection: &'l mut Connection,
    waiting: &'l mut Vec<Waiting>,
    pending: &'l mut Pending,
    totals: &'l mut Totals,
    sink: &'l mut dyn Sink,
}

impl Told<'_> {
    fn pdu(&mut self, side: Side, framed: &Framed<'_, Mark>) {
        let Framed { pdu, mark } = framed;
        self.totals.commands = self.totals.commands.saturating_add(1);
        let number = self.totals.commands;
        let context = self.connection.context_for(pdu, direction(side, self.client));
        let completes = self.connection.observe(number, pdu, &context);
        if self.connection.settled() {
            self.release();
            let context = self.connection.resolve(context);
            self.tell(number, *mark, side, context, pdu.completing(completes.as_ref()));
            return;
        }
        self.waiting.push(Waiting {
            number,
            mark: *mark,
            side,
            context,
            bytes: pdu.bytes.to_vec(),
            line: pdu.line,
            announced: pdu.announced,
            kind: pdu.kind,
            completes,
        });
    }

    /// Tells of the commands that waited.
    fn release(&mut self) {
        for held in std::mem::take(self.waiting) {
            let Waiting { bytes, line, announced, kind, completes, .. } = &held;
            let pdu = Pdu { bytes, line: *line, announced: *announced, kind: *kind, completes: completes.as_ref() };
            let context = self.connection.resolve(held.context);
            self.tell(held.number, held.mark, held.side, context, pdu);
        }
    }

    fn tell(&mut self, number: u32, mark: Mark, side: Side, context: Context, pdu: Pdu<'_>) {
        let (source, destination) = self.addresses(side);
        let Mark { frame, time } = mark;
        let stream = self.info.stream;
        let request = self.pending.note(number, frame, time, &context, &pdu);
        self.sink.command(&Command { number, frame, time, stream, source, destination, context, request, pdu });
    }

    fn addresses(&self, side: Side) -> (SocketAddr, SocketAddr) {
        let StreamInfo { client, server, .. } = *self.info;
        if side == self.client { (client, server) } else { (server, client) }
    }
}

fn direction(side: Side, client: Side) -> Direction {
    if side == client { Direction::ToServer } else { Direction::ToClient }
}

/// One of something for each side.
#[derive(Debug, Default)]
struct Both<T> {
    a: T,
    b: T,
}

impl<T> Both<T> {
    fn of(&mut self, side: Side) -> &mut T {
        match side {
            Side::A => &mut self.a,
            Side::B => &mut self.b,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::{Cause, How};

    const TIME: Timestamp = Timestamp { seconds: 0, nanos: 0, digits: 6 };

    struct Nobody;

    impl Sink for Nobody {
        fn command(&mut self, _command: &Command<'_>) {}
    }

    fn undecided() -> Stream {
        let (a, b) = (SocketAddr::from(([10, 0, 0, 1], 40000)), SocketAddr::from(([10, 0, 0, 2], 5555)));
        Stream::new(StreamOpened { stream: 0, a, b, handshake: Handshake::Seen, frame: 1, time: TIME })
    }

    #[test]
    fn headers_alone_are_not_held_for_ever() {
        let mut stream = undecided();
        let cut = Cause::CutBySnaplen;
        let gap = Event::Gap { stream: 0, side: Side::A, len: 1, frame: 2, time: TIME, cause: cut, acknowledged: true };
        let held = (0..10_000).take_while(|_| {
            stream.event(&gap, &mut Totals::default(), &mut Nobody);
            !stream.is_done()
        });
        assert!(held.count() < 1000);
        assert!(stream.is_other_protocol());
    }

    #[test]
    fn who_was_refused_may_try_again() {
        let mut stream = undecided();
        let closed = Event::Closed { stream: 0, how: How::Reset, by: Some(Side::B), frame: 2, time: TIME };
        stream.event(&closed, &mut Totals::default(), &mut Nobody);
        assert!(stream.is_done() && !stream.is_other_protocol());
    }
}
