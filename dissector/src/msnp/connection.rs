//! A connection's memory: the only state that dissection depends on.
//!
//! [`Connection::context_for`] says what a PDU needs to know of the past, [`Connection::observe`] moves on. What kind of
//! server a connection talks to is often clear only later (a dispatch server redirects, a notification server accepts);
//! a bounded look-ahead decides it once, and [`Connection::resolve`] fills the decision into contexts taken before.

use super::p2p::joining::Joining;
use super::pairing::Pairing;
use super::parts::Parts;
use super::{Body, Context, Dialect, Direction, Message, Offer, Pdu, PduKind, Server, dissect, verb};
use crate::tree::{Assembly, Recording};

/// Commands after which the kind of server is no longer looked for.
pub const LOOK_AHEAD_COMMANDS: u32 = 16;
/// Bytes after which the kind of server is no longer looked for.
pub const LOOK_AHEAD_BYTES: usize = 64 * 1024;

/// The memory of one connection.
#[derive(Debug, Default)]
pub struct Connection {
    dialect: Option<Dialect>,
    server: Server,
    commands: u32,
    bytes: usize,
    given_up: bool,
    between_peers: bool,
    negotiated: bool,
    after_gap: [bool; 2],
    offer: Offer,
    pairing: Pairing,
    parts: Parts,
    peers: Joining,
}

impl Connection {
    /// A connection of which nothing is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A connection whose beginning was captured: an answer without request is one indeed.
    #[must_use]
    pub fn from_start() -> Self {
        Self { pairing: Pairing::from_start(), ..Self::default() }
    }

    /// A connection between two programs: there is no server to be told apart.
    #[must_use]
    pub fn between_peers() -> Self {
        Self { given_up: true, between_peers: true, ..Self::default() }
    }

    /// What `pdu` needs to know of the past.
    #[must_use]
    pub fn context_for(&self, pdu: &Pdu<'_>, direction: Direction) -> Context {
        let after_gap = self.after_gap.get(side(direction)).copied().unwrap_or(false);
        let progress = self.parts.progress(pdu, direction);
        let (server, dialect, offer) = (self.server, self.dialect, self.offer);
        let between_peers = self.between_peers;
        let context =
            Context { direction, server, dialect, offer, between_peers, after_gap, progress, ..Context::default() };
        if pdu.kind == PduKind::Command { self.pairing.link(pdu, context) } else { context }
    }

    /// Bytes of one direction were lost: the next PDU of that direction comes after a gap.
    pub fn lost(&mut self, direction: Direction) {
        if let Some(flag) = self.after_gap.get_mut(side(direction)) {
            *flag = true;
        }
        self.pairing.lost(direction);
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
            self.pairing.observe(number, pdu, context.direction);
            if self.wants(pdu) {
                let message = dissect(pdu, context, Recording::Nothing).message;
                self.learn(&message, context);
            }
        }
        let cut =
            pdu.missing() > 0 || matches!(pdu.kind, PduKind::Unfinished | PduKind::Skipped | PduKind::PayloadRest);
        if cut && context.direction != Direction::ToClient {
            self.pairing.doubt();
        }
        if self.commands >= LOOK_AHEAD_COMMANDS || self.bytes >= LOOK_AHEAD_BYTES {
            self.given_up = true;
        }
        match context.progress {
            Some(progress) => self.parts.take(number, pdu, context.direction, progress),
            None => self.peers.take(number, pdu, context.direction),
        }
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
        match &message.body {
            Body::DialectsOffered(dialects) => self.offer = Offer::of(dialects),
            Body::DialectChosen(Some(dialect)) => self.dialect = Some(*dialect),
            _ => {}
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
            // On a notification server only the service itself sends messages.
            Body::RoomEntry { .. } | Body::MessageIn { .. } => return Server::Switchboard,
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
}

fn side(direction: Direction) -> usize {
    usize::from(direction == Direction::ToClient)
}
