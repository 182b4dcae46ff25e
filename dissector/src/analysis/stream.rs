//! One TCP connection on its way to commands: is it MSNP, or does it bring MSNP, which side is the client, where do
//! commands begin.
//!
//! ```text
//! Undecided ─┬─▶ Msnp                  commands
//!    ▲       ├─▶ Carrier               HTTP messages, in which sessions of the gateway travel
//!    │       └─▶ Other                  nothing of interest
//!    └─ Prologue ◀─┘  a proxy is asked; then everything begins anew with what it lets through
//! ```

use std::sync::Arc;

use super::carrier::Carrier;
use super::live::{Ended, Live, Mark, Outlet, Route};
use super::sessions::Sessions;
use super::tunnel::Tunnel;
use super::{StreamInfo, StreamOpened};
use crate::msnp::detection::{self, AMID_SEGMENTS, Detection, detect};
use crate::msnp::framing::Sync;
use crate::msnp::{Dialogue, Direction};
use crate::transport::{Cause, Event, Handshake, Side};
use crate::tunnel::{self, End, Passed, Prologue, Proxy};

/// The port of all three kinds of servers.
const PORT: u16 = 1863;
/// Bytes of both directions that are held while it is not clear whether they are MSNP.
const UNDECIDED_CEILING: usize = 4 * detection::LOOK;
/// The same where the beginning is missing: more is looked at.
const AMID_CEILING: usize = 4 * UNDECIDED_CEILING;
/// What a gap counts for among them: a capture of headers alone has one per packet.
const GAP_WEIGHT: usize = 64;
/// Proxies behind one another; more are not looked through.
const PROXIES: usize = 4;

#[derive(Debug)]
pub(super) struct Stream {
    opened: StreamOpened,
    /// The conversation with a proxy, while it goes on. What it lets through goes to `state`.
    prologue: Option<Box<Prologue>>,
    /// Proxies that were asked, the first first.
    proxies: Vec<Proxy>,
    state: State,
}

#[derive(Debug)]
enum State {
    Undecided(Undecided),
    Msnp { client: Side, live: Box<Live> },
    Carrier { client: Side, carrier: Box<Carrier> },
    Other,
    Ended,
}

#[derive(Debug, Default)]
struct Undecided {
    pieces: Vec<(Side, Piece)>,
    first: Both<Vec<u8>>,
    segments: Both<usize>,
    /// Bytes held, with [`GAP_WEIGHT`] for each gap.
    weight: usize,
}

#[derive(Debug)]
enum Piece {
    Bytes(Vec<u8>, Mark),
    Gap { length: u64, cause: Cause, mark: Mark },
    Unplaced { length: u64, mark: Mark },
}

impl Stream {
    pub(super) fn new(opened: StreamOpened) -> Self {
        Self { opened, prologue: None, proxies: Vec::new(), state: State::Undecided(Undecided::default()) }
    }

    /// Nothing more is to be expected of it.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.state, State::Other | State::Ended)
    }

    pub(super) fn is_other_protocol(&self) -> bool {
        matches!(self.state, State::Other)
    }

    pub(super) fn event(&mut self, event: &Event<'_>, sessions: &mut Sessions, out: &mut Outlet<'_>) {
        match *event {
            Event::Opened { .. } => {}
            Event::Data { stream, side, bytes, frame, own_frame, time, file_offset } => {
                let file_end = file_offset.map(|offset| offset.saturating_add(bytes.len() as u64));
                let mark = Mark { frame, packet: own_frame, time, tcp_stream: stream, file_end };
                if self.prologue.is_some() {
                    self.pass(side, bytes, mark, sessions, out);
                } else {
                    self.data(side, bytes, mark, sessions, out);
                }
            }
            Event::Gap { stream, side, len, cause, frame, time, .. } => {
                let mark = Mark { frame, packet: frame, time, tcp_stream: stream, file_end: None };
                if self.prologue.take().is_some() {
                    // What the proxy was asked, or answered, is not known to its end: whatever follows may be anywhere.
                    self.opened.handshake = Handshake::Missing;
                }
                self.gap(side, (len, cause), mark, sessions, out);
            }
            Event::Unplaced { stream, side, len, frame, time } => {
                let mark = Mark { frame, packet: frame, time, tcp_stream: stream, file_end: None };
                self.unplaced(side, len, mark, out);
            }
            Event::Closed { stream, how, by, frame, time } => {
                let mark = Mark { frame, packet: frame, time, tcp_stream: stream, file_end: None };
                let ended = |client, known| Ended { how, by_client: by.filter(|_| known).map(|by| by == client), mark };
                if let (State::Undecided(held), Some(client)) = (&self.state, self.client_by_port())
                    && self.prologue.is_none()
                    && !held.pieces.is_empty()
                {
                    // Nothing came that spoke against it.
                    self.start(Dialogue::Service, client, true, sessions, out);
                }
                match &mut self.state {
                    State::Msnp { client, live } => live.finish(ended(*client, live.sides_known()), None, out),
                    State::Carrier { client, carrier } => carrier.finish(ended(*client, true), sessions, out),
                    // What is still undecided has said nothing that tells, or nothing at all. It is not marked as another
                    // protocol: who was refused may try again, and the TCP layer opens the same connection anew.
                    State::Undecided(_) | State::Other | State::Ended => {}
                }
                self.state = State::Ended;
            }
        }
    }

    /// Bytes on a connection on which a proxy is being asked.
    fn pass(&mut self, side: Side, bytes: &[u8], mark: Mark, sessions: &mut Sessions, out: &mut Outlet<'_>) {
        let Some(prologue) = &mut self.prologue else { return };
        let end = if side == Side::A { End::Client } else { End::Proxy };
        match prologue.push(end, bytes) {
            Passed::Kept => {}
            Passed::Refused => {
                self.prologue = None;
                self.state = State::Other;
            }
            Passed::Through(rest) => {
                if prologue.is_over() {
                    self.proxies.extend(prologue.asked().cloned());
                    self.prologue = None;
                }
                if !rest.is_empty() {
                    // What was held before is somewhere else in the file.
                    let file_end = mark.file_end.filter(|_| rest.len() <= bytes.len());
                    self.data(side, &rest, Mark { file_end, ..mark }, sessions, out);
                }
            }
        }
    }

    fn data(&mut self, side: Side, bytes: &[u8], mark: Mark, sessions: &mut Sessions, out: &mut Outlet<'_>) {
        match &mut self.state {
            State::Msnp { client, live } => live.data(direction(side, *client), bytes, mark, out),
            State::Carrier { client, carrier } => {
                carrier.data(direction(side, *client), bytes, mark, sessions, out);
                if carrier.is_foreign() {
                    self.state = State::Other;
                }
            }
            State::Other | State::Ended => {}
            State::Undecided(held) => {
                let first = held.first.of(side);
                let room = detection::LOOK.saturating_sub(first.len());
                first.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
                let segments = held.segments.of(side);
                *segments = segments.saturating_add(1);
                held.weight = held.weight.saturating_add(bytes.len());
                held.pieces.push((side, Piece::Bytes(bytes.to_vec(), mark)));
                self.try_to_decide(side, sessions, out);
            }
        }
    }

    fn gap(&mut self, side: Side, missing: (u64, Cause), mark: Mark, sessions: &mut Sessions, out: &mut Outlet<'_>) {
        let (length, cause) = missing;
        match &mut self.state {
            State::Msnp { client, live } => live.gap(direction(side, *client), length, cause, mark, out),
            State::Carrier { client, carrier } => {
                carrier.gap(direction(side, *client), missing, mark, sessions, out);
            }
            State::Other | State::Ended => {}
            State::Undecided(held) => {
                held.weight = held.weight.saturating_add(GAP_WEIGHT);
                held.pieces.push((side, Piece::Gap { length, cause, mark }));
                self.try_to_decide(side, sessions, out);
            }
        }
    }

    /// Bytes that came too late to be put in their place.
    fn unplaced(&mut self, side: Side, length: u64, mark: Mark, out: &mut Outlet<'_>) {
        match &mut self.state {
            State::Msnp { client, live } => live.unplaced(direction(side, *client), length, mark, out),
            State::Undecided(held) => held.pieces.push((side, Piece::Unplaced { length, mark })),
            State::Carrier { .. } | State::Other | State::Ended => {}
        }
    }

    fn try_to_decide(&mut self, side: Side, sessions: &mut Sessions, out: &mut Outlet<'_>) {
        // While a proxy is being asked, what one side sends already is kept for the end of it.
        let decision = if self.prologue.is_some() { Decision::Later } else { self.decide(side) };
        let State::Undecided(held) = &self.state else { return };
        let ceiling = if self.begins_here(held) { UNDECIDED_CEILING } else { AMID_CEILING };
        match decision {
            Decision::Later if held.weight > ceiling => self.state = State::Other,
            Decision::Later => {}
            Decision::Other => self.state = State::Other,
            Decision::Msnp { client, known } => self.start(Dialogue::Service, client, known, sessions, out),
            Decision::Peers { dialogue, client, known } => self.start(dialogue, client, known, sessions, out),
            Decision::Carrier { client } => {
                let [client_end, server_end] = [client, client.other()].map(|side| self.opened.address(side));
                let tcp_stream = self.opened.stream;
                let route = Route { tcp_stream, client: client_end, server: server_end };
                let carrier = Box::new(Carrier::new(route, self.proxies.clone()));
                self.replay(State::Carrier { client, carrier }, sessions, out);
            }
            Decision::Proxy(found) => {
                self.prologue = Prologue::of(found).map(Box::new);
                let State::Undecided(held) = std::mem::replace(&mut self.state, State::Undecided(Undecided::default()))
                else {
                    return;
                };
                for (side, piece) in held.pieces {
                    if let Piece::Bytes(bytes, mark) = piece {
                        self.pass(side, &bytes, mark, sessions, out);
                    }
                }
            }
        }
    }

    fn decide(&self, side: Side) -> Decision {
        let State::Undecided(held) = &self.state else { return Decision::Later };
        let Both { a, b } = &held.first;
        let (here, there) = if side == Side::A { (a, b) } else { (b, a) };
        let carried = self.carrying(side, here, held);
        if let Some(decision) = carried {
            return decision;
        }
        let peers = self.between_peers(side, here, held);
        if let Some(decision) = peers {
            return decision;
        }
        if let Some(client) = self.client_by_port() {
            let sync = if self.begins_here(held) { Sync::Kept } else { Sync::Lost };
            return match detection::is_foreign(here, sync) {
                Some(true) => Decision::Other,
                None if held.weight <= UNDECIDED_CEILING => Decision::Later,
                _ => Decision::Msnp { client, known: true },
            };
        }
        let begins = self.begins_here(held);
        let latest = match held.pieces.last() {
            Some((_, Piece::Bytes(bytes, _))) if !begins => detect(bytes),
            _ => Detection::No,
        };
        match (detect(here), detect(there)) {
            _ if latest == Detection::Client => Decision::Msnp { client: side, known: true },
            _ if latest == Detection::Server => Decision::Msnp { client: side.other(), known: true },
            _ if latest == Detection::Msnp => self.client_by_habit(),
            (Detection::Client, _) | (_, Detection::Server) => Decision::Msnp { client: side, known: true },
            (Detection::Server, _) | (_, Detection::Client) => Decision::Msnp { client: side.other(), known: true },
            (Detection::Msnp, _) | (_, Detection::Msnp) => self.client_by_habit(),
            _ if tunnel::detect(here) == tunnel::Detection::NeedMore => Decision::Later,
            (Detection::No, _) if begins || held.segments.at(side) >= AMID_SEGMENTS => Decision::Other,
            _ => Decision::Later,
        }
    }

    /// Whether the bytes that are held are the first of the connection, without a hole.
    fn begins_here(&self, held: &Undecided) -> bool {
        let whole = held.pieces.iter().all(|(_, piece)| matches!(piece, Piece::Bytes(..)));
        self.opened.handshake == Handshake::Seen && whole
    }

    /// What is decided by what carries the stream, if anything does.
    fn carrying(&self, side: Side, first: &[u8], held: &Undecided) -> Option<Decision> {
        // In the middle of a connection a message may begin with any piece.
        let latest = match held.pieces.last() {
            Some((_, Piece::Bytes(bytes, _))) if self.opened.handshake == Handshake::Missing => Some(bytes.as_slice()),
            _ => None,
        };
        let mut found = std::iter::once(first).chain(latest).map(tunnel::detect);
        let first_words = side == Side::A && self.begins_here(held);
        let asks = first_words && self.proxies.len() < PROXIES;
        found.find_map(|found| match found {
            tunnel::Detection::Requests => Some(Decision::Carrier { client: side }),
            tunnel::Detection::Responses => Some(Decision::Carrier { client: side.other() }),
            tunnel::Detection::Socks4 | tunnel::Detection::Socks5 | tunnel::Detection::Connect => {
                asks.then_some(Decision::Proxy(found))
            }
            tunnel::Detection::No | tunnel::Detection::NeedMore => None,
        })
    }

    /// Whether two programs speak here, without a server.
    fn between_peers(&self, side: Side, first: &[u8], held: &Undecided) -> Option<Decision> {
        let known = self.opened.handshake == Handshake::Seen;
        // Who connects is the one who opened the connection.
        let client = if known { Side::A } else { side };
        let latest = match held.pieces.last() {
            Some((_, Piece::Bytes(bytes, _))) if !known => bytes.as_slice(),
            _ => first,
        };
        let found = Dialogue::between_peers(first).or_else(|| Dialogue::between_peers(latest));
        match found {
            Some((dialogue @ Dialogue::Direct, true)) => Some(Decision::Peers { dialogue, client: side, known: true }),
            Some((dialogue, _)) => Some(Decision::Peers { dialogue, client, known }),
            None if !known && Dialogue::is_amid_packets(latest) => {
                Some(Decision::Peers { dialogue: Dialogue::Direct, client, known })
            }
            None => (!first.is_empty() && Dialogue::may_be_between_peers(first)).then_some(Decision::Later),
        }
    }

    /// Who is the client, as the server's port tells: of the connection, or of the one that a proxy was asked for.
    fn client_by_port(&self) -> Option<Side> {
        if let Some(proxy) = self.proxies.last() {
            return (proxy.port == PORT).then_some(Side::A);
        }
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

    fn start(
        &mut self,
        dialogue: Dialogue,
        client: Side,
        sides_known: bool,
        sessions: &mut Sessions,
        out: &mut Outlet<'_>,
    ) {
        let opened = self.opened;
        let tunnel = Tunnel { proxies: self.proxies.clone(), gateway: None };
        let info = StreamInfo {
            stream: opened.stream,
            tcp_stream: opened.stream,
            client: opened.address(client),
            server: opened.address(client.other()),
            sides_known,
            handshake: opened.handshake,
            time: opened.time,
            frame: opened.frame,
            dialogue,
            tunnel: (!tunnel.proxies.is_empty()).then(|| Arc::new(tunnel)),
        };
        out.totals.streams = out.totals.streams.saturating_add(1);
        out.totals.msnp_ports.extend([info.client.port(), info.server.port()]);
        out.sink.stream(&info);
        let sync = if opened.handshake == Handshake::Seen { Sync::Kept } else { Sync::Lost };
        self.replay(State::Msnp { client, live: Box::new(Live::new(info, sync)) }, sessions, out);
    }

    /// Goes on with a decision, beginning with what was held until it was made.
    fn replay(&mut self, state: State, sessions: &mut Sessions, out: &mut Outlet<'_>) {
        let State::Undecided(held) = std::mem::replace(&mut self.state, state) else { return };
        for (side, piece) in held.pieces {
            match piece {
                Piece::Bytes(bytes, mark) => self.data(side, &bytes, mark, sessions, out),
                Piece::Gap { length, cause, mark } => self.gap(side, (length, cause), mark, sessions, out),
                Piece::Unplaced { length, mark } => self.unplaced(side, length, mark, out),
            }
        }
    }
}

enum Decision {
    Msnp { client: Side, known: bool },
    Peers { dialogue: Dialogue, client: Side, known: bool },
    Carrier { client: Side },
    Proxy(tunnel::Detection),
    Other,
    Later,
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

impl Both<usize> {
    fn at(&self, side: Side) -> usize {
        if side == Side::A { self.a } else { self.b }
    }
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
#[path = "stream_tests.rs"]
mod tests;
