//! The HTTP gateway: which of its sessions a body belongs to, and which way it travels.
//!
//! Wireshark's HTTP dissector hands over bodies of the gateway's media type, and asks about others that nobody knows. The
//! head is read again where it stands right before the body; a body that came in chunks has none there, so what its
//! connection asked last counts. Each session is a connection to the rest of this program, whatever TCP connections it
//! travels on. Pure: no Wireshark function is called.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::{IpAddr, SocketAddr};

use msnp_dissector::msnp::{Direction, Server};
use msnp_dissector::tunnel::gateway::{Answer, Ask, key};
use msnp_dissector::tunnel::http::{Head, Kind};

use crate::counting::Ends;
use crate::memory::Key;

/// Bytes before a body in which its head is looked for.
const HEAD_LOOK: usize = 8192;
/// Places in them that are tried as a head's first line.
const PLACES: usize = 16;
/// Sessions of a capture; bodies of further ones stay what HTTP makes of them.
const SESSIONS: usize = 1 << 16;
/// Sessions of one client that wait for their names, the latest.
const NAMELESS: usize = 64;

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

/// What is known of a session.
#[derive(Debug)]
struct Facts {
    server: Server,
    opened: bool,
    named: bool,
}

/// All sessions.
#[derive(Debug, Default)]
pub struct Gateways {
    /// By the client's address and the part of the name that stays: two clients may have the same name, of two gateways.
    named: HashMap<(IpAddr, String), Session>,
    /// In the order of opening.
    facts: Vec<Facts>,
    /// Sessions whose name no response told yet, by the client's address: the TCP connection each was asked for on.
    nameless: HashMap<IpAddr, VecDeque<(usize, Session)>>,
    /// What TCP connections asked last: of which session, and from where.
    asked: HashMap<usize, (Session, SocketAddr)>,
    /// What the first visit to each body found, and that it found nothing.
    bodies: BTreeMap<Key, Option<Body>>,
}

impl Gateways {
    /// Of which session the body is that comes at `key` on a TCP connection, behind the bytes `before`. `None` when nothing
    /// tells.
    pub fn body(&mut self, key: Key, conversation: usize, ends: &Ends, before: &[u8]) -> Option<Body> {
        if let Some(body) = self.bodies.get(&key) {
            return *body;
        }
        let body = self.find(conversation, ends, before).and_then(|(session, direction)| {
            let Facts { server, opened, .. } = *self.facts.get(session.0 / 2)?;
            Some(Body { session, direction, opened, server })
        });
        self.bodies.insert(key, body);
        body
    }

    fn find(&mut self, conversation: usize, ends: &Ends, before: &[u8]) -> Option<(Session, Direction)> {
        match Message::before(before) {
            Some(Message::Request(ask)) => {
                let client = ends.source.ip();
                let session = match &ask.session {
                    Some(name) => self.of_name(name, client, conversation)?,
                    None => self.open(&ask, Some((client, conversation)))?,
                };
                self.asked.insert(conversation, (session, ends.source));
                Some((session, Direction::ToServer))
            }
            Some(Message::Response(answer)) => {
                let client = ends.destination.ip();
                let asked = self.asked.get(&conversation).map(|(session, _)| *session);
                let session = match (&answer.session, asked) {
                    (Some(name), Some(asked)) if self.is_nameless(asked) && self.known(name, client).is_none() => {
                        self.name(name, client, asked)
                    }
                    (Some(name), _) => self.of_name(name, client, conversation)?,
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

    /// A further session; who asked for it on which TCP connection, if its name is still to come. `None` when there are too
    /// many.
    fn open(&mut self, ask: &Ask, asked_by: Option<(IpAddr, usize)>) -> Option<Session> {
        if self.facts.len() >= SESSIONS {
            return None;
        }
        let server = match ask.server.as_deref() {
            Some(kind) if kind.eq_ignore_ascii_case("SB") => Server::Switchboard,
            Some(kind) if kind.eq_ignore_ascii_case("NS") => Server::Notification,
            _ => Server::Unknown,
        };
        let session = Session(2 * self.facts.len() + 1);
        self.facts.push(Facts { server, opened: ask.opens, named: false });
        if let Some((client, conversation)) = asked_by {
            let waiting = self.nameless.entry(client).or_default();
            if waiting.len() >= NAMELESS {
                waiting.pop_front();
            }
            waiting.push_back((conversation, session));
        }
        Some(session)
    }

    fn known(&self, name: &str, client: IpAddr) -> Option<Session> {
        self.named.get(&(client, key(name).to_owned())).copied()
    }

    fn is_nameless(&self, session: Session) -> bool {
        self.facts.get(session.0 / 2).is_some_and(|facts| !facts.named)
    }

    fn name(&mut self, name: &str, client: IpAddr, session: Session) -> Session {
        if let Some(waiting) = self.nameless.get_mut(&client) {
            waiting.retain(|(_, one)| *one != session);
        }
        if let Some(facts) = self.facts.get_mut(session.0 / 2) {
            facts.named = true;
        }
        self.named.insert((client, key(name).to_owned()), session);
        session
    }

    /// The session of a client's name. One that was never heard was told in a response whose head could not be read: it is
    /// that of a request of the same client on the same TCP connection, or of the only one that waits on others.
    fn of_name(&mut self, name: &str, client: IpAddr, conversation: usize) -> Option<Session> {
        if let Some(session) = self.known(name, client) {
            return Some(session);
        }
        let waiting = self.nameless.get(&client);
        let here = waiting.and_then(|all| {
            all.iter().find(|(on, _)| *on == conversation).or_else(|| all.front().filter(|_| all.len() == 1))
        });
        let session = match here {
            Some((_, session)) => *session,
            None => self.open(&Ask::default(), None)?,
        };
        Some(self.name(name, client, session))
    }
}

/// Whether the head that ends right behind these bytes is a request to the gateway, by its path, whatever type it gives its
/// body. A response of another type is none of MSNP's: a refusal, or a proxy's page.
pub fn is_asked_by(before: &[u8]) -> bool {
    matches!(Message::before(before), Some(Message::Request(_)))
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
        found.by_ref().take(PLACES).find_map(|at| match bytes.get(..at)? {
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
