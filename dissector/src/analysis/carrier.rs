//! A TCP connection that carries HTTP to MSN's gateway, or might: which message belongs to which session.
//!
//! Responses come in the order of requests, and most name their session; so a response is known by its name, or else by
//! its turn. Messages that are not the gateway's pass by: a client's way through a proxy is shared by all it asks for.

use std::collections::VecDeque;

use super::live::{Ended, Mark, Outlet, Route};
use super::sessions::{Sessions, Sighting};
use crate::msnp::Direction;
use crate::transport::Cause;
use crate::tunnel::Proxy;
use crate::tunnel::gateway::{Answer, Ask, is_msnp};
use crate::tunnel::http::{Head, Kind, Part, Reader, Start};

/// Requests remembered while they wait for their responses.
const ASKED: usize = 256;
/// Sessions remembered that messages of this TCP connection belonged to.
const SERVED: usize = 16;
/// Requests for something else after which nobody waits for one to the gateway.
const PATIENCE: u32 = 64;
/// Bytes of an answer that is not the gateway's which are told of in one piece.
const BESIDE_CEILING: usize = 64 * 1024;

/// The TCP connection.
#[derive(Debug)]
pub(super) struct Carrier {
    requests: Reader,
    responses: Reader,
    desk: Desk,
}

/// All but the readers, so that these may hand it what they read.
#[derive(Debug)]
struct Desk {
    route: Route,
    proxies: Vec<Proxy>,
    /// The sessions of requests that are not answered yet; `None` for those to somebody else.
    asked: VecDeque<Option<u32>>,
    /// A session first seen by a response: its request may be late.
    ahead: Option<u32>,
    request: Message,
    response: Message,
    /// Sessions that messages belonged to, the latest last.
    served: Vec<u32>,
    /// Requests to somebody else, before any to the gateway.
    passed_by: u32,
    /// It will carry nothing to the gateway.
    foreign: bool,
}

/// The message that is being read in a direction.
#[derive(Debug, Default)]
struct Message {
    session: Option<u32>,
    /// Its body is no part of the session's stream: a refusal, a proxy's page.
    beside: bool,
    /// It, as far as it was gathered to be told of.
    gathered: Vec<u8>,
    /// Bytes of its body.
    body: u64,
    /// The session ends with it.
    closes: bool,
}

impl Carrier {
    /// A connection of which nothing was read yet.
    pub fn new(route: Route, proxies: Vec<Proxy>) -> Self {
        let desk = Desk {
            route,
            proxies,
            asked: VecDeque::new(),
            ahead: None,
            request: Message::default(),
            response: Message::default(),
            served: Vec::new(),
            passed_by: 0,
            foreign: false,
        };
        Self { requests: Reader::new(Kind::Requests), responses: Reader::new(Kind::Responses), desk }
    }

    /// Whether it turned out to carry nothing to the gateway.
    pub fn is_foreign(&self) -> bool {
        self.desk.served.is_empty() && (self.desk.foreign || self.desk.passed_by > PATIENCE)
    }

    /// The next bytes of a direction.
    pub fn data(
        &mut self,
        direction: Direction,
        bytes: &[u8],
        mark: Mark,
        sessions: &mut Sessions,
        out: &mut Outlet<'_>,
    ) {
        let Self { requests, responses, desk } = self;
        let reader = if direction == Direction::ToServer { requests } else { responses };
        // The cause is asked for only when bytes are missing.
        reader.push(bytes, &mut |part| desk.part(direction, &part, Cause::NotCaptured, mark, sessions, out));
    }

    /// The next bytes of a direction are missing.
    pub fn gap(
        &mut self,
        direction: Direction,
        missing: (u64, Cause),
        mark: Mark,
        sessions: &mut Sessions,
        out: &mut Outlet<'_>,
    ) {
        let Self { requests, responses, desk } = self;
        let reader = if direction == Direction::ToServer { requests } else { responses };
        let (length, cause) = missing;
        reader.gap(length, &mut |part| desk.part(direction, &part, cause, mark, sessions, out));
    }

    /// The connection ends.
    pub fn finish(&mut self, ended: Ended, sessions: &mut Sessions, out: &mut Outlet<'_>) {
        let Self { requests, responses, desk } = self;
        for (direction, reader) in [(Direction::ToServer, requests), (Direction::ToClient, responses)] {
            reader.finish(&mut |part| desk.part(direction, &part, Cause::NotCaptured, ended.mark, sessions, out));
        }
        for session in &desk.served {
            sessions.left(*session, ended, out);
        }
    }
}

impl Desk {
    fn part(
        &mut self,
        direction: Direction,
        part: &Part<'_>,
        cause: Cause,
        mark: Mark,
        sessions: &mut Sessions,
        out: &mut Outlet<'_>,
    ) {
        match *part {
            Part::Head(head) => {
                let message = match direction {
                    Direction::ToServer => self.request(head, mark, sessions, out),
                    _ => self.response(head, mark, sessions, out),
                };
                if let Some(session) = message.session {
                    self.served.retain(|served| *served != session);
                    self.served.push(session);
                    if self.served.len() > SERVED {
                        self.served.remove(0);
                    }
                    let Self { route, proxies, .. } = self;
                    sessions.begins(session, direction, &Sighting { route: *route, proxies, mark }, out);
                }
                *self.message(direction) = message;
            }
            Part::Body(bytes) => {
                let message = self.message(direction);
                let Some(session) = message.session else { return };
                message.body = message.body.saturating_add(bytes.len() as u64);
                if !message.beside {
                    sessions.data(session, direction, bytes, mark, out);
                    return;
                }
                for bytes in bytes.chunks(BESIDE_CEILING) {
                    message.gathered.extend_from_slice(bytes);
                    if message.gathered.len() >= BESIDE_CEILING {
                        sessions.beside(session, direction, &std::mem::take(&mut message.gathered), mark, out);
                    }
                }
            }
            Part::End { whole } => {
                let Message { session: Some(session), gathered, body, closes, .. } =
                    std::mem::take(self.message(direction))
                else {
                    return;
                };
                if !gathered.is_empty() {
                    sessions.beside(session, direction, &gathered, mark, out);
                }
                sessions.ends(session, direction, whole, body, out);
                if closes {
                    sessions.close(session, mark, out);
                    self.served.retain(|served| *served != session);
                }
            }
            Part::Stray(bytes) => match self.session_at(direction) {
                Some(session) => sessions.beside(session, direction, bytes, mark, out),
                None => self.foreign = true,
            },
            Part::Missing { length, in_place } => {
                let Some(session) = self.session_at(direction) else { return };
                sessions.gap(session, direction, (length, cause), in_place, mark, out);
                if !in_place {
                    // Whole messages of the others may have been in it.
                    for other in self.served.iter().filter(|other| **other != session) {
                        sessions.doubt(*other, direction, out);
                    }
                }
            }
        }
    }

    fn message(&mut self, direction: Direction) -> &mut Message {
        if direction == Direction::ToServer { &mut self.request } else { &mut self.response }
    }

    /// The session that bytes without a head of their own are most likely of.
    fn session_at(&mut self, direction: Direction) -> Option<u32> {
        self.message(direction).session.or(self.served.last().copied())
    }

    fn request(&mut self, head: &Head<'_>, mark: Mark, sessions: &mut Sessions, out: &mut Outlet<'_>) -> Message {
        let session = Ask::read(head).map(|ask| self.session_of(&ask, mark, sessions, out));
        if session.is_none() {
            self.passed_by = self.passed_by.saturating_add(1);
            self.foreign |= matches!(head.start, Start::Request { method: "CONNECT", .. });
        }
        self.asked.push_back(session);
        if self.asked.len() > ASKED {
            self.asked.pop_front();
        }
        Message { session, ..Message::default() }
    }

    /// The session that a request belongs to.
    fn session_of(&mut self, ask: &Ask, mark: Mark, sessions: &mut Sessions, out: &mut Outlet<'_>) -> u32 {
        let ahead = self.ahead.take();
        if let Some(session) = ask.session.as_ref().and_then(|id| sessions.find(self.route.client, id)) {
            return session;
        }
        let known = match &ask.session {
            // Its response came first.
            None if ask.opens => ahead,
            None => self.served.last().copied(),
            // One at a time: the session that was opened here, whose response was not captured.
            Some(id) => {
                let opened = self.asked.iter().flatten().copied().find(|session| sessions.is_nameless(*session));
                if let Some(session) = opened {
                    sessions.name(session, id, None, out);
                }
                opened
            }
        };
        known.unwrap_or_else(|| self.open(ask, mark, sessions, out))
    }

    fn open(&mut self, ask: &Ask, mark: Mark, sessions: &mut Sessions, out: &mut Outlet<'_>) -> u32 {
        let Self { route, proxies, .. } = self;
        sessions.open(&Sighting { route: *route, proxies, mark }, ask, out)
    }

    fn response(&mut self, head: &Head<'_>, mark: Mark, sessions: &mut Sessions, out: &mut Outlet<'_>) -> Message {
        let Start::Response { code } = head.start else { return Message::default() };
        if (100..200).contains(&code) {
            return Message::default();
        }
        let answer = Answer::read(head);
        let Some(session) = self.session_answered(&answer, head, mark, sessions, out) else {
            return Message::default();
        };
        match &answer.session {
            Some(id) => sessions.name(session, id, answer.gateway.as_deref(), out),
            None => sessions.stays_nameless(session, out),
        }
        let success = (200..300).contains(&code);
        let beside = !success || !(is_msnp(head) || head.header("Content-Type").is_none());
        let told = beside && (!success || head.length() != Some(0));
        let gathered = if told { head.bytes.to_vec() } else { Vec::new() };
        Message { session: Some(session), beside, gathered, body: 0, closes: answer.closes }
    }

    /// The session whose request a response answers.
    fn session_answered(
        &mut self,
        answer: &Answer,
        head: &Head<'_>,
        mark: Mark,
        sessions: &mut Sessions,
        out: &mut Outlet<'_>,
    ) -> Option<u32> {
        let Some(id) = &answer.session else {
            return match self.asked.pop_front() {
                Some(asked) => asked,
                None if is_msnp(head) => {
                    Some(self.served.last().copied().unwrap_or_else(|| self.open(&Ask::default(), mark, sessions, out)))
                }
                None => None,
            };
        };
        let named = sessions.find(self.route.client, id);
        let turn = self.asked.iter().position(|asked| match named {
            Some(session) => *asked == Some(session),
            None => asked.is_some(),
        });
        let asked = turn.and_then(|turn| self.asked.drain(..=turn).next_back()).flatten();
        if let Some(session) = named.or(asked) {
            return Some(session);
        }
        let ask = Ask { session: Some(id.clone()), ..Ask::default() };
        let session = self.open(&ask, mark, sessions, out);
        self.ahead = Some(session);
        Some(session)
    }
}
