//! What one PDU needs to know of the past. Small and `Copy`, so that shells keep one per PDU and ask again in any order.

use super::{Progress, Verb};
use crate::tree::{Record, Text, Value, texts};

texts! {
    SERVER_DISPATCH = "server.dispatch", "dispatch server";
    SERVER_NOTIFICATION = "server.notification", "notification server";
    SERVER_SWITCHBOARD = "server.switchboard", "switchboard";
    SERVER_UNKNOWN = "server.unknown", "server of unknown kind";
}

/// Which way a PDU travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// From client to server.
    ToServer,
    /// From server to client.
    ToClient,
    /// Not known: neither port nor content told.
    #[default]
    Unknown,
}

impl Direction {
    /// The other way.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::ToServer => Self::ToClient,
            Self::ToClient => Self::ToServer,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// What kind of server a connection talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Server {
    /// First contact: checks the dialect, then redirects.
    Dispatch,
    /// Sign-in, contacts, presence, alerts. One per signed-in client.
    Notification,
    /// One chat room.
    Switchboard,
    /// Not decided (yet).
    #[default]
    Unknown,
}

impl Server {
    /// What to call it.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Dispatch => SERVER_DISPATCH,
            Self::Notification => SERVER_NOTIFICATION,
            Self::Switchboard => SERVER_SWITCHBOARD,
            Self::Unknown => SERVER_UNKNOWN,
        }
        .text()
    }
}

/// A dialect: the number in `MSNP15`. Numbers that no service ever spoke are kept as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dialect(pub u8);

impl Record for Dialect {
    fn value(&self) -> Value {
        Value::Text(self.to_string())
    }
}

impl core::fmt::Display for Dialect {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "MSNP{}", self.0)
    }
}

/// The request that a PDU answers. Usually the client's PDU with the same TrID; `PNG` and the puzzle have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Its number, as the shell counts PDUs.
    pub pdu: u32,
    /// Its verb.
    pub verb: Verb,
}

/// Dialects that a client offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offer(u32);

impl Offer {
    /// These dialects; numbers beyond 31, which no service ever spoke, are not told apart.
    #[must_use]
    pub fn of(dialects: &[Dialect]) -> Self {
        Self(dialects.iter().fold(0, |bits, dialect| bits | Self::bit(*dialect)))
    }

    /// True when the offer was seen and this dialect is not in it.
    #[must_use]
    pub fn lacks(self, dialect: Dialect) -> bool {
        self.0 != 0 && self.0 & Self::bit(dialect) == 0
    }

    fn bit(dialect: Dialect) -> u32 {
        1 << dialect.0.min(31)
    }
}

/// How a PDU's TrID fits what was said before, where it does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Misfit {
    /// It fits, or nothing can be said.
    #[default]
    None,
    /// The client never sent a request with this TrID, or no ping that is still open, although the connection was captured
    /// from its beginning.
    NoRequest,
    /// The request with this TrID is answered by other verbs.
    OtherRequest(Verb),
    /// The client has used this TrID before, for this.
    Repeated(Verb),
    /// The client has used a higher TrID before: this.
    Late(u32),
}

/// What one PDU needs to know of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Context {
    /// Which way it travels.
    pub direction: Direction,
    /// What kind of server it goes to or comes from.
    pub server: Server,
    /// The dialect that the server chose on this connection.
    pub dialect: Option<Dialect>,
    /// The request it answers.
    pub answers: Option<Request>,
    /// What is wrong with its TrID.
    pub misfit: Misfit,
    /// The dialects that the client offered, for the choice among them.
    pub offer: Offer,
    /// It goes from program to program, without a server; who connected counts as the client.
    pub between_peers: bool,
    /// Bytes are missing right before it.
    pub after_gap: bool,
    /// How far a message in parts had come before it, when it is one of the parts.
    pub progress: Option<Progress>,
}

const _: () = assert!(size_of::<Context>() <= 64);
