//! A connection's memory: the only state that dissection depends on.
//!
//! [`Connection::context_for`] says what a PDU needs to know of the past, [`Connection::observe`] moves on. What kind of
//! server a connection talks to is often clear only later (a dispatch server redirects, a notification server accepts);
//! a bounded look-ahead decides it once, and [`Connection::resolve`] fills the decision into contexts taken before.

use std::collections::{HashMap, VecDeque};

use super::parts::Parts;
use super::{Body, Context, Dialect, Direction, Message, Pdu, PduKind, Request, Server, dissect, verb};
use crate::tree::{Assembly, Recording};

/// Commands after which the kind of server is no longer looked for.
pub const LOOK_AHEAD_COMMANDS: u32 = 16;
/// Bytes after which the kind of server is no longer looked for.
pub const LOOK_AHEAD_BYTES: usize = 64 * 1024;
/// Requests remembered while they wait for their answers.
const OPEN_REQUESTS: usize = 4096;

/// The memory of one connection.
#[derive(Debug, Default)]
pub struct Connection {
    dialect: Option<Dialect>,
    server: Server,
    commands: u32,
    bytes: usize,
    given_up: bool,
    negotiated: bool,
    after_gap: [bool; 2],
    requests: HashMap<u32, Request>,
    order: VecDeque<u32>,
    parts: Parts,
}

impl Connection {
    /// A connection of which nothing is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What `pdu` needs to know of the past.
    #[must_use]
    pub fn context_for(&self, pdu: &Pdu<'_>, direction: Direction) -> Context {
        let answers = match (direction, trid(pdu, direction)) {
            (Direction::ToClient, Some(trid)) if trid != 0 => self.requests.get(&trid).copied(),
            _ => None,
        };
        let after_gap = self.after_gap.get(side(direction)).copied().unwrap_or(false);
        let progress = self.parts.progress(pdu, direction);
        Context { direction, server: self.server, dialect: self.dialect, answers, after_gap, progress }
    }

    /// Bytes of one direction were lost: the next PDU of that direction comes after a gap.
    pub fn lost(&mut self, direction: Direction) {
        if let Some(flag) = self.after_gap.get_mut(side(direction)) {
            *flag = true;
        }
    }

    /// Moves on past `pdu`, which the shell calls `number` (any number that grows). Returns what the PDU completes: the
    /// shell keeps it with the PDU, and gives it back as [`Pdu::completes`] whenever that is dissected.
    pub fn observe(&mut self, number: u32, pdu: &Pdu<'_>, context: &Context) -> Option<Assembly> {
        if let Some(flag) = self.after_gap.get_mut(side(context.direction)) {
            *flag = false;
        }
        self.commands = self.commands.saturating_add(1);
        self.bytes = self.bytes.saturating_add(pdu.bytes.len());
        if pdu.kind == PduKind::Command {
            self.remember(number, pdu, context.direction);
            if self.wants(pdu) {
                let message = dissect(pdu, context, Recording::Nothing).message;
                self.learn(&message, context);
            }
        }
        if self.commands >= LOOK_AHEAD_COMMANDS || self.bytes >= LOOK_AHEAD_BYTES {
            self.given_up = true;
        }
        self.parts.take(number, pdu, context.direction, context.progress?)
    }

    /// The connection has ended: what is not known by now stays unknown.
    pub fn finish(&mut self) {
        self.given_up = true;
    }

    /// True when the kind of server is decided, or no longer looked for.
    #[must_use]
    pub fn settled(&self) -> bool {
        self.server != Server::Unknown || self.given_up
    }

    /// A context taken before the decision, with the decision filled in.
    #[must_use]
    pub fn resolve(&self, context: Context) -> Context {
        match context.server {
            Server::Unknown => Context { server: self.server, ..context },
            _ => context,
        }
    }

    #[cfg(test)]
    pub(super) fn parts_held(&self) -> usize {
        self.parts.held()
    }

    /// Past the look-ahead only the choice of a dialect can still teach anything.
    fn wants(&self, pdu: &Pdu<'_>) -> bool {
        !self.settled() || (self.dialect.is_none() && pdu.verb() == Some(verb::VER))
    }

    fn learn(&mut self, message: &Message<'_>, context: &Context) {
        if let Body::DialectChosen(Some(dialect)) = message.body {
            self.dialect = Some(dialect);
        }
        if matches!(message.verb, Some(verb::VER | verb::INF | verb::CVR)) {
            self.negotiated = true;
        }
        if !self.settled() {
            self.server = self.server_by(message, context.direction);
        }
    }

    /// Which server a message betrays. Source: protocol reference, commands, section 4.
    fn server_by(&self, message: &Message<'_>, direction: Direction) -> Server {
        match message.body {
            Body::RoomEntry { .. } => return Server::Switchboard,
            Body::Redirect { .. } if self.negotiated => return Server::Dispatch,
            Body::SignedIn { .. } if self.negotiated => return Server::Notification,
            Body::ServiceMessage => return Server::Notification,
            Body::DialectsOffered(_) | Body::DialectChosen(_) | Body::SignedIn { .. } | Body::Redirect { .. } => {
                return Server::Unknown;
            }
            _ => {}
        }
        let servers = message.verb.and_then(|v| v.shape(direction)).map(|s| s.servers);
        match servers {
            Some("S") => Server::Switchboard,
            Some("N") => Server::Notification,
            _ => Server::Unknown,
        }
    }

    fn remember(&mut self, number: u32, pdu: &Pdu<'_>, direction: Direction) {
        let (Direction::ToServer, Some(verb)) = (direction, pdu.verb()) else { return };
        let Some(trid) = trid(pdu, direction) else { return };
        if self.requests.insert(trid, Request { pdu: number, verb }).is_none() {
            self.order.push_back(trid);
        }
        if self.order.len() > OPEN_REQUESTS
            && let Some(oldest) = self.order.pop_front()
        {
            self.requests.remove(&oldest);
        }
    }
}

/// The TrID of a command whose verb has one in every dialect, or whose first argument is one in some.
fn trid(pdu: &Pdu<'_>, direction: Direction) -> Option<u32> {
    let verb = pdu.verb()?;
    let optional = matches!(verb, verb::GTC | verb::BLP | verb::PRP | verb::LST | verb::LSG);
    let shape = verb.shape(direction)?;
    if !(shape.arguments.starts_with('t') || (optional && direction == Direction::ToClient)) {
        return None;
    }
    let words = pdu.words().skip(1).collect::<Vec<_>>();
    // During SYN the settings lines carry no TrID; their first word is then not a number, or (old LSG) a group's.
    if optional && matches!(verb, verb::LSG | verb::LST) && words.len() < 4 {
        return None;
    }
    std::str::from_utf8(words.first()?).ok()?.parse().ok()
}

fn side(direction: Direction) -> usize {
    usize::from(direction == Direction::ToClient)
}
