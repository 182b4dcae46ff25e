//! The HTTP gateway: which of its sessions a body belongs to, and which way it travels.
//!
//! Wireshark's HTTP dissector hands over bodies of the gateway's media type, and asks about others that nobody knows. The
//! head is read again where it stands right before the body. A body that came in chunks, or packed, has none there: then
//! the response counts that the packet holds, if it is one, else what its connection asked last. Each session is a
//! connection to the rest of this program, whatever TCP connections it travels on. Pure: no Wireshark function is called.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, SocketAddr};

use msnp_dissector::msnp::{Direction, Server};
use msnp_dissector::tunnel::gateway::{Answer, Ask, key};
use msnp_dissector::tunnel::http::{Head, Kind};

use crate::counting::Ends;
use crate::memory::Key;

/// What a response begins with, and the first line of a request ends in, but for a digit.
const VERSION: &[u8] = b"HTTP/1.";
/// Bytes before a body in which its head is looked for.
const HEAD_LOOK: usize = 8192;
/// Places that are tried as a head's first line.
const PLACES: usize = 16;
/// Sessions of a capture; bodies of further ones stay what HTTP makes of them.
const SESSIONS: usize = 1 << 16;
/// Bodies of a capture; further ones stay what HTTP makes of them.
const BODIES: usize = 1 << 22;
/// Sessions of one client that wait for their names, the latest.
const NAMELESS: usize = 64;

/// A session, as the rest of this program knows it: unlike any address of a conversation, it is odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session(u32);

impl Session {
    /// In place of a conversation.
    pub fn conversation(self) -> usize {
        self.place() * 2 + 1
    }

    /// What to call it: the client may come from any port.
    pub fn name(self, ends: &Ends) -> String {
        format!("Gateway session {}: {} – {}", self.place() + 1, ends.source.ip(), ends.destination)
    }

    /// Where its facts stand.
    fn place(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// What is known of a body.
#[derive(Debug, Clone, Copy)]
pub struct Body {
    /// Which session it belongs to.
    pub session: Session,
    /// The ends of the session's first body, the client's first.
    pub ends: Ends,
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
    ends: Option<Ends>,
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
    /// What the first visit to each body found, if anything, in the order of the bodies.
    bodies: Vec<(Key, Session, Direction)>,
    /// The last body that was visited for the first time: they come in order then.
    last: Option<Key>,
}

impl Gateways {
    /// Of which session the body is that comes at `key` on a TCP connection, behind the bytes `before`, made of those of
    /// `sources`. `None` when nothing tells.
    pub fn body(
        &mut self,
        key: Key,
        conversation: usize,
        ends: &Ends,
        (before, sources): (&[u8], &[&[u8]]),
    ) -> Option<Body> {
        let (session, direction) = if self.last.is_none_or(|last| key > last) {
            self.last = Some(key);
            let found = self.find(conversation, ends, (before, sources)).filter(|_| self.bodies.len() < BODIES)?;
            self.bodies.push((key, found.0, found.1));
            found
        } else {
            let place = self.bodies.binary_search_by_key(&key, |(key, ..)| *key).ok()?;
            let (_, session, direction) = *self.bodies.get(place)?;
            (session, direction)
        };
        let facts = self.facts.get_mut(session.place())?;
        let ends = *facts.ends.get_or_insert(ends.client_first(direction));
        let Facts { server, opened, .. } = *facts;
        Some(Body { session, ends, direction, opened, server })
    }

    fn find(
        &mut self,
        conversation: usize,
        ends: &Ends,
        (before, sources): (&[u8], &[&[u8]]),
    ) -> Option<(Session, Direction)> {
        let asked = self.asked.get(&conversation).map(|(_, client)| *client);
        let answers = asked != Some(ends.source);
        let message = Message::before(before).or_else(|| Message::among(sources).filter(|_| answers));
        match message {
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
        let session = Session(u32::try_from(self.facts.len()).ok()?);
        self.facts.push(Facts { server, opened: ask.opens, named: false, ends: None });
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
        self.facts.get(session.place()).is_some_and(|facts| !facts.named)
    }

    fn name(&mut self, name: &str, client: IpAddr, session: Session) -> Session {
        if let Some(waiting) = self.nameless.get_mut(&client) {
            waiting.retain(|(_, one)| *one != session);
        }
        if let Some(facts) = self.facts.get_mut(session.place()) {
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
    /// The response of the gateway's whose head stands in these bytes. `None` if there are several, of different sessions.
    fn among(sources: &[&[u8]]) -> Option<Self> {
        let mut found: Option<Answer> = None;
        for bytes in sources {
            let places = (0..bytes.len()).filter(|at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(VERSION)));
            for (count, at) in places.enumerate() {
                if count == PLACES {
                    return None;
                }
                let rest = bytes.get(at..).unwrap_or_default();
                let Some(head) = Head::read(Kind::Responses, rest.get(..HEAD_LOOK).unwrap_or(rest)) else { continue };
                let answer = Answer::read(&head);
                let Some(name) = &answer.session else { continue };
                match found.as_ref().and_then(|found| found.session.as_ref()) {
                    Some(other) if key(other) != key(name) => return None,
                    Some(_) => {}
                    None => found = Some(answer),
                }
            }
        }
        found.map(Self::Response)
    }

    /// The one that ends right behind these bytes.
    fn before(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(bytes.len().saturating_sub(HEAD_LOOK)..).unwrap_or_default();
        if !bytes.ends_with(b"\r\n\r\n") {
            return None;
        }
        let mut found = (0..bytes.len()).rev().filter(|at| bytes.get(*at..).is_some_and(|b| b.starts_with(VERSION)));
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
