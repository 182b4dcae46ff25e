//! The HTTP gateway: which of its sessions a body belongs to, and which way it travels.
//!
//! Wireshark's HTTP dissector hands over bodies of the gateway's media type. The head is read again where it stands right
//! before the body; a body that came in chunks has none there, so what its connection asked last counts. Each session is a
//! connection to the rest of this program, whatever TCP connections it travels on. Pure: no Wireshark function is called.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;

use msnp_dissector::msnp::{Direction, Server};
use msnp_dissector::tunnel::gateway::{Answer, Ask, key};
use msnp_dissector::tunnel::http::{Head, Kind};

use crate::counting::Ends;
use crate::memory::Key;

/// Bytes before a body in which its head is looked for.
const HEAD_LOOK: usize = 8192;

/// A session, as the rest of this program knows it: unlike any address of a conversation, it is odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session(usize);

impl Session {
    /// In place of a conversation.
    pub fn conversation(self) -> usize {
        self.0
    }
}

/// What is known of a body.
#[derive(Debug, Clone, Copy)]
pub struct Body {
    /// Which session it belongs to.
    pub session: Session,
    /// Which way it travels.
    pub direction: Direction,
    /// The session was seen from its first request on.
    pub opened: bool,
    /// What kind of server its first request asked for.
    pub server: Server,
}

/// All sessions.
#[derive(Debug, Default)]
pub struct Gateways {
    /// By the part of the name that stays.
    named: HashMap<String, Session>,
    /// In the order of opening.
    facts: Vec<(Server, bool)>,
    /// Sessions whose name no response told yet.
    nameless: Vec<(usize, Session)>,
    /// What TCP connections asked last: of which session, and from where.
    asked: HashMap<usize, (Session, SocketAddr)>,
    /// What the first visit to each body found.
    bodies: BTreeMap<Key, Body>,
}

impl Gateways {
    /// Of which session the body is that comes at `key` on a TCP connection, behind the bytes `before`. `None` when nothing
    /// tells.
    pub fn body(&mut self, key: Key, conversation: usize, ends: &Ends, before: &[u8]) -> Option<Body> {
        if let Some(body) = self.bodies.get(&key) {
            return Some(*body);
        }
        let (session, direction) = self.find(conversation, ends, before)?;
        let (server, opened) = *self.facts.get(session.0 / 2)?;
        let body = Body { session, direction, opened, server };
        self.bodies.insert(key, body);
        Some(body)
    }

    fn find(&mut self, conversation: usize, ends: &Ends, before: &[u8]) -> Option<(Session, Direction)> {
        match Message::before(before) {
            Some(Message::Request(ask)) => {
                let session = match &ask.session {
                    Some(name) => self.of_name(name, conversation),
                    None => self.open(&ask, Some(conversation)),
                };
                self.asked.insert(conversation, (session, ends.source));
                Some((session, Direction::ToServer))
            }
            Some(Message::Response(answer)) => {
                let asked = self.asked.get(&conversation).map(|(session, _)| *session);
                let session = match (&answer.session, asked) {
                    (Some(name), Some(asked)) if self.is_nameless(asked) => self.name(name, asked),
                    (Some(name), _) => self.of_name(name, conversation),
                    (None, asked) => asked?,
                };
                Some((session, Direction::ToClient))
            }
            None => {
                let (session, client) = *self.asked.get(&conversation)?;
                let direction = if ends.source == client { Direction::ToServer } else { Direction::ToClient };
                Some((session, direction))
            }
        }
    }

    fn open(&mut self, ask: &Ask, conversation: Option<usize>) -> Session {
        let server = match ask.server.as_deref() {
            Some(kind) if kind.eq_ignore_ascii_case("SB") => Server::Switchboard,
            Some(kind) if kind.eq_ignore_ascii_case("NS") => Server::Notification,
            _ => Server::Unknown,
        };
        let session = Session(2 * self.facts.len() + 1);
        self.facts.push((server, ask.opens));
        self.nameless.extend(conversation.map(|conversation| (conversation, session)));
        session
    }

    fn is_nameless(&self, session: Session) -> bool {
        self.nameless.iter().any(|(_, one)| *one == session)
    }

    fn name(&mut self, name: &str, session: Session) -> Session {
        self.nameless.retain(|(_, one)| *one != session);
        self.named.insert(key(name).to_owned(), session);
        session
    }

    /// The session of a name. One that was never heard was told in a response whose head could not be read: it is that of
    /// the request there, if possible on the same TCP connection.
    fn of_name(&mut self, name: &str, conversation: usize) -> Session {
        if let Some(session) = self.named.get(key(name)) {
            return *session;
        }
        let here = self.nameless.iter().find(|(on, _)| *on == conversation).or_else(|| self.nameless.first());
        let session = here.map(|(_, session)| *session);
        let session = session.unwrap_or_else(|| self.open(&Ask::default(), None));
        self.name(name, session)
    }
}

/// A head of the gateway's.
enum Message {
    Request(Ask),
    Response(Answer),
}

impl Message {
    /// The one that ends right behind these bytes.
    fn before(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(bytes.len().saturating_sub(HEAD_LOOK)..).unwrap_or_default();
        if !bytes.ends_with(b"\r\n\r\n") {
            return None;
        }
        let version = b"HTTP/1.";
        let mut found = (0..bytes.len()).rev().filter(|at| bytes.get(*at..).is_some_and(|b| b.starts_with(version)));
        found.find_map(|at| match bytes.get(..at)? {
            // The headers of the packet may stand before it: a line begins with the letters of its method.
            [line @ .., b' '] => {
                let target = line.iter().rposition(|byte| *byte == b' ')?;
                let before = line.get(..target)?.iter().rposition(|byte| !byte.is_ascii_uppercase());
                let head = bytes.get(before.map_or(0, |end| end + 1)..)?;
                Some(Self::Request(Ask::read(&Head::read(Kind::Requests, head)?)?))
            }
            _ => Some(Self::Response(Answer::read(&Head::read(Kind::Responses, bytes.get(at..)?)?))),
        })
    }
}
