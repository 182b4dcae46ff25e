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

/// The request that a PDU answers: the client's PDU with the same TrID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Its number, as the shell counts PDUs.
    pub pdu: u32,
    /// Its verb.
    pub verb: Verb,
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
    /// Bytes are missing right before it.
    pub after_gap: bool,
    /// How far a message in parts had come before it, when it is one of the parts.
    pub progress: Option<Progress>,
}

const _: () = assert!(size_of::<Context>() <= 64);
