//! Finding a text or bytes, and going to a place.

use serde::{Deserialize, Serialize};

use super::{Moment, Range};

/// What is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Kind {
    /// A text, whatever its case, in bytes and in what fields mean.
    #[default]
    Text,
    /// Bytes, written as hexadecimal digits.
    Bytes,
}

/// How far a search has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Found {
    /// Number of the search.
    pub id: u32,
    /// Commands that were looked at.
    pub done: u32,
    /// Commands there are.
    pub of: u32,
    /// Places found.
    pub count: u32,
}

impl Found {
    /// Whether all commands were looked at.
    #[must_use]
    pub const fn complete(&self) -> bool {
        self.done >= self.of
    }
}

/// Where a reader stands who asks to be led on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Here {
    /// The selected command.
    pub pdu: Option<u32>,
    /// The number of the place: higher with each selection, view or list that the reader chooses. An answer to who has gone
    /// elsewhere leads nowhere.
    pub place: u32,
    /// How many questions of this kind were answered. One that did not await the answer to the one before goes on from there.
    pub answered: u32,
}

/// A place that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Number of the search.
    pub id: u32,
    /// Which of all it is, from 0 in the order of the list.
    pub nth: u32,
    /// The command.
    pub pdu: u32,
    /// The bytes.
    pub range: Range,
    /// As asked.
    pub place: u32,
}

/// Where the next place is searched from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Start {
    /// The command; the beginning of the list without one.
    pub pdu: Option<u32>,
    /// The place in it that is known already.
    pub known: Option<Range>,
    /// Whether the one before is wanted.
    pub back: bool,
    /// The number of the place that is asked from, as in [`Here`].
    pub place: u32,
}

/// Where somebody wants to go.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Target {
    /// To a command, by its number.
    Command(u32),
    /// To a packet, by its number: to the first command that ends in it, if one does.
    Packet(f64),
    /// To a packet itself.
    Frame(f64),
    /// To a time.
    Time(Moment),
}
