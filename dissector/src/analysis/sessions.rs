//! The sessions of the HTTP gateway, each an MSNP connection of its own, whatever TCP connections it travels on.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use super::live::{Ended, Live, Mark, Outlet, Route};
use super::told::{SHARED, StreamInfo};
use super::tunnel::{Carried, Gateway, Tunnel};
use crate::msnp::framing::Sync;
use crate::msnp::{Dialogue, Direction, Server};
use crate::transport::{Cause, Handshake, How};
use crate::tunnel::gateway::{Ask, key};

/// Sessions followed at the same time; beyond, those that were silent longest are given up.
const SESSIONS: usize = 4096;
/// Names one session goes by; a gateway that changes all of the id with each response must not fill the memory.
const NAMES: usize = 4;
/// A client polls every few seconds. A session whose TCP connections are closed and that was silent for so many seconds of
/// capture time ended with them.
const LIFE_SECONDS: i64 = 60;

/// All sessions.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    by_number: HashMap<u32, Session>,
    /// By the client's address and the part of the session's id that stays.
    by_name: HashMap<(IpAddr, String), u32>,
    /// Numbers that sessions had.
    taken: HashSet<u32>,
    /// Sessions that began on a TCP connection on which another had begun.
    shared: u32,
}

#[derive(Debug)]
struct Session {
    live: Live,
    client: IpAddr,
    names: Vec<String>,
    carried: Carried,
    /// Its newest message.
    last: Mark,
    /// How the TCP connection of its newest message ended, if it did.
    left: Option<Ended>,
    /// The TCP connection whose message's body is being read, for requests and for responses.
    reading: [Option<u32>; 2],
}

/// Where a session is seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sighting<'s> {
    /// The TCP connection.
    pub route: Route,
    /// What that travels through itself.
    pub proxies: &'s [crate::tunnel::Proxy],
    /// The message.
    pub mark: Mark,
}

impl Sessions {
    /// The session of this id, of a client.
    pub fn find(&self, client: SocketAddr, id: &str) -> Option<u32> {
        self.by_name.get(&(client.ip(), key(id).to_owned())).copied()
    }

    /// A new session, as its first message shows it.
    pub fn open(&mut self, seen: &Sighting<'_>, ask: &Ask, out: &mut Outlet<'_>) -> u32 {
        if self.by_number.len() >= SESSIONS {
            self.give_up_half(out);
        }
        let Sighting { route, mark, proxies } = *seen;
        let Ask { opens, server, host, session } = ask.clone();
        let number = self.number(route.tcp_stream);
        out.totals.streams = out.totals.streams.saturating_add(1);
        let gateway = Gateway { session: None, server, host, gateway: None };
        let hint = match gateway.server.as_deref() {
            Some(kind) if kind.eq_ignore_ascii_case("SB") => Server::Switchboard,
            Some(kind) if kind.eq_ignore_ascii_case("NS") => Server::Notification,
            _ => Server::Unknown,
        };
        let info = StreamInfo {
            stream: number,
            tcp_stream: route.tcp_stream,
            client: route.client,
            server: route.server,
            sides_known: true,
            handshake: if opens { Handshake::Seen } else { Handshake::Missing },
            time: mark.time,
            frame: mark.frame,
            dialogue: Dialogue::Service,
            tunnel: Some(Arc::new(Tunnel { proxies: proxies.to_vec(), gateway: Some(gateway) })),
        };
        let live = Live::nameless(info, if opens { Sync::Kept } else { Sync::Lost }, hint);
        let client = route.client.ip();
        let carried = Carried::default();
        let (names, left, reading) = (Vec::new(), None, [None; 2]);
        self.by_number.insert(number, Session { live, client, names, carried, last: mark, left, reading });
        if let Some(id) = session {
            self.name(number, &id, None, out);
        }
        number
    }

    /// The number of a session that begins on this TCP connection.
    fn number(&mut self, tcp_stream: u32) -> u32 {
        if self.taken.insert(tcp_stream) {
            return tcp_stream;
        }
        let number = SHARED.saturating_add(self.shared);
        self.shared = self.shared.saturating_add(1);
        number
    }

    /// A session goes by this id.
    pub fn name(&mut self, number: u32, id: &str, gateway: Option<&str>, out: &mut Outlet<'_>) {
        let Some(session) = self.by_number.get_mut(&number) else { return };
        let name = key(id).to_owned();
        if session.names.contains(&name) {
            return;
        }
        session.live.named(out, |tunnel| {
            let facts = tunnel.gateway.get_or_insert_default();
            facts.session.get_or_insert_with(|| name.clone());
            facts.gateway = facts.gateway.take().or_else(|| gateway.map(str::to_owned));
        });
        if session.names.len() >= NAMES {
            let oldest = session.names.remove(0);
            self.by_name.remove(&(session.client, oldest));
        }
        session.names.push(name.clone());
        self.by_name.insert((session.client, name), number);
    }

    /// Whether no message has told a session's name yet.
    pub fn is_nameless(&self, number: u32) -> bool {
        self.by_number.get(&number).is_some_and(|session| session.names.is_empty())
    }

    /// The response that would have told a session's name does not: nobody waits for it any more.
    pub fn stays_nameless(&mut self, number: u32, out: &mut Outlet<'_>) {
        if let Some(session) = self.by_number.get_mut(&number) {
            session.live.named(out, |_| {});
        }
    }

    /// A message of a session begins.
    pub fn begins(&mut self, number: u32, direction: Direction, seen: &Sighting<'_>, out: &mut Outlet<'_>) {
        let Some(session) = self.by_number.get_mut(&number) else { return };
        if session.live.arrives_by(seen.route) {
            session.carried.connections = session.carried.connections.saturating_add(1);
            out.totals.msnp_ports.extend([seen.route.client.port(), seen.route.server.port()]);
        }
        (session.last, session.left) = (seen.mark, None);
        if direction == Direction::ToServer {
            session.carried.requests = session.carried.requests.saturating_add(1);
        }
        // The message before has not ended: what is missing of it will not come in order.
        if session.reading(direction).replace(seen.mark.tcp_stream).is_some() {
            session.live.interrupted(direction, out);
        }
    }

    /// The body of a message of a session.
    pub fn data(&mut self, number: u32, direction: Direction, bytes: &[u8], mark: Mark, out: &mut Outlet<'_>) {
        let Some(session) = self.by_number.get_mut(&number) else { return };
        session.last = mark;
        if session.reading(direction).replace(mark.tcp_stream).is_some_and(|before| before != mark.tcp_stream) {
            session.live.interrupted(direction, out);
        }
        // What a body brings may be decoded, or stand somewhere in the middle of the packet.
        session.live.data(direction, bytes, Mark { file_end: None, ..mark }, out);
    }

    /// A message of a session is over; `body` says how many bytes its body had.
    pub fn ends(&mut self, number: u32, direction: Direction, whole: bool, body: u64, out: &mut Outlet<'_>) {
        let Some(session) = self.by_number.get_mut(&number) else { return };
        *session.reading(direction) = None;
        if !whole {
            session.live.interrupted(direction, out);
        } else if direction == Direction::ToServer && body == 0 {
            session.carried.polls = session.carried.polls.saturating_add(1);
        }
    }

    /// Bytes of its TCP connection that are no part of a session's stream.
    pub fn beside(&mut self, number: u32, direction: Direction, bytes: &[u8], mark: Mark, out: &mut Outlet<'_>) {
        let Some(session) = self.by_number.get_mut(&number) else { return };
        session.live.beside(direction, bytes, mark, out);
    }

    /// Bytes of a session are missing. In place: they are of the body that is being read.
    pub fn gap(
        &mut self,
        number: u32,
        direction: Direction,
        missing: (u64, Cause),
        in_place: bool,
        mark: Mark,
        out: &mut Outlet<'_>,
    ) {
        let Some(session) = self.by_number.get_mut(&number) else { return };
        let (length, cause) = missing;
        session.live.gap(direction, length, cause, mark, out);
        if !in_place {
            session.live.interrupted(direction, out);
        }
    }

    /// Bytes are missing that may have been a session's, beside those of another.
    pub fn doubt(&mut self, number: u32, direction: Direction, out: &mut Outlet<'_>) {
        if let Some(session) = self.by_number.get_mut(&number) {
            session.live.interrupted(direction, out);
        }
    }

    /// A TCP connection that brought messages of a session ended.
    pub fn left(&mut self, number: u32, ended: Ended, out: &mut Outlet<'_>) {
        let Some(session) = self.by_number.get_mut(&number) else { return };
        for reading in &mut session.reading {
            *reading = reading.filter(|stream| *stream != ended.mark.tcp_stream);
        }
        if session.last.tcp_stream == ended.mark.tcp_stream {
            session.left = Some(ended);
        }
        self.stays_nameless(number, out);
    }

    /// The gateway says that a session is over.
    pub fn close(&mut self, number: u32, mark: Mark, out: &mut Outlet<'_>) {
        self.end(number, Ended { how: How::Fin, by_client: Some(false), mark }, out);
    }

    /// The capture ends.
    pub fn finish(&mut self, out: &mut Outlet<'_>) {
        let mut numbers = self.by_number.keys().copied().collect::<Vec<_>>();
        numbers.sort_unstable();
        for number in numbers {
            self.give_up(number, out);
        }
    }

    fn give_up_half(&mut self, out: &mut Outlet<'_>) {
        let mut silent =
            self.by_number.iter().map(|(number, session)| (session.last.frame, *number)).collect::<Vec<_>>();
        silent.sort_unstable();
        for (_, number) in silent.into_iter().take(SESSIONS / 2) {
            self.give_up(number, out);
        }
    }

    fn give_up(&mut self, number: u32, out: &mut Outlet<'_>) {
        let Some(session) = self.by_number.get(&number) else { return };
        let silent = |since: Mark| {
            out.totals.last.is_some_and(|now| now.seconds.saturating_sub(since.time.seconds) > LIFE_SECONDS)
        };
        let nobody = Ended { how: How::CaptureEnd, by_client: None, mark: session.last };
        let ended = session.left.filter(|ended| silent(ended.mark)).unwrap_or(nobody);
        self.end(number, ended, out);
    }

    fn end(&mut self, number: u32, ended: Ended, out: &mut Outlet<'_>) {
        let Some(mut session) = self.by_number.remove(&number) else { return };
        for name in session.names {
            self.by_name.remove(&(session.client, name));
        }
        session.live.finish(ended, Some(session.carried), out);
    }
}

impl Session {
    fn reading(&mut self, direction: Direction) -> &mut Option<u32> {
        let [requests, responses] = &mut self.reading;
        if direction == Direction::ToServer { requests } else { responses }
    }
}
