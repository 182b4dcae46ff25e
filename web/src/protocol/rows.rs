//! Lists of rows: which list, which window of it, and what a row carries.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::{Moment, Role, Severity};

/// A list of rows: what it is about and what stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct List {
    /// Which commands.
    pub scope: Scope,
    /// Which rows besides commands.
    pub form: Form,
    /// Only commands that the filter of this number takes; 0 for all.
    pub filter: u32,
}

/// Which commands a list is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Scope {
    /// All of the capture.
    #[default]
    All,
    /// One connection, by its stream number.
    Connection(u32),
    /// All connections of one account, by its place in [`Overview::owners`](super::Overview::owners).
    Account(u32),
    /// Connections that begin in one of several captures, by its place among them.
    Capture(u32),
}

/// Which rows a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Form {
    /// Commands under the headings of their phases, with runs of pings folded, silences and lost bytes.
    #[default]
    Ladder,
    /// Commands only.
    Commands,
    /// Findings only.
    Findings,
    /// Packets that complete commands.
    Packets,
    /// All packets, of whatever protocol: without a filter, and of all connections.
    Frames,
}

/// A stretch of a list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Window {
    /// Which list.
    pub list: List,
    /// Index of the first row.
    pub first: u32,
    /// Rows in the whole list, so far.
    pub total: u32,
    /// The rows.
    pub rows: Vec<Rc<Row>>,
    /// Time of the last row of commands before the first.
    pub before: Option<Moment>,
    /// The heading of the phase that the first row belongs to, with its row, if that stands further up.
    pub above: Option<(u32, Phase)>,
    /// Lifelines, left to right.
    pub lanes: Vec<Lane>,
    /// Open connections that touch this window.
    pub bars: Vec<Bar>,
}

// No number in it is NaN: two handles of one window are equal without a look at its rows.
impl Eq for Window {}

impl Window {
    /// Which of the rows that are drawn shows a row: it keeps it as long as it is here, and another row gets it then.
    #[must_use]
    pub fn slot(&self, row: u32) -> u32 {
        row % u32::try_from(self.rows.len()).unwrap_or(u32::MAX).max(1)
    }

    /// The rows with their indices, each with the time of the row of commands before it.
    pub fn timed(&self) -> impl Iterator<Item = (&Rc<Row>, u32, Option<Moment>)> {
        let mut before = self.before;
        self.rows.iter().zip(self.first..).map(move |(row, index)| {
            let earlier = before;
            before = Some(row.time).filter(|_| row.has_commands()).or(before);
            (row, index, earlier)
        })
    }

    /// When the first and the last of so many rows from one on were sent, where these are here.
    #[must_use]
    pub fn times(&self, (first, count): (u32, u32)) -> Option<(Moment, Moment)> {
        let at = |row: u32| self.rows.get(row.checked_sub(self.first)? as usize).map(|row| row.time);
        let last = first.saturating_add(count.saturating_sub(1)).min(self.total.saturating_sub(1));
        at(first).zip(at(last))
    }
}

/// One lifeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// Whose.
    pub role: Role,
    /// Short name: "Client", "NS", "SB 2".
    pub name: String,
    /// Address of the machine; for a server with its port.
    pub address: String,
    /// How many connections (of clients: machines) share this lifeline.
    pub connections: u32,
    /// Nothing of it was captured: what stands on it is inferred.
    pub inferred: bool,
}

/// A stretch of a lifeline during which a connection is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// Which lifeline.
    pub lane: u8,
    /// First row of the connection.
    pub first: u32,
    /// Its last row so far.
    pub last: u32,
    /// Whether its beginning was captured.
    pub opened: bool,
    /// Whether its end was captured.
    pub closed: bool,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// When.
    pub time: Moment,
    /// What.
    pub body: Body,
}

impl Row {
    /// Whether commands stand in it: headings, silences and losses are between them.
    #[must_use]
    pub const fn has_commands(&self) -> bool {
        !matches!(self.body, Body::Phase(_) | Body::Silence { .. } | Body::Lost { .. })
    }
}

/// What stands in a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// A command.
    Command(Box<Command>),
    /// A phase begins here.
    Phase(Box<Phase>),
    /// Commands that repeat, folded into one row.
    Run(Run),
    /// A command that must have been sent where nothing was captured.
    Inferred {
        /// Lifeline of the sender …
        from: u8,
        /// … and of the receiver.
        to: u8,
        /// Its verb.
        verb: String,
        /// Why it must have been sent.
        why: String,
    },
    /// Nothing was said for a while.
    Silence {
        /// Seconds.
        seconds: f64,
    },
    /// Bytes that were sent but not captured.
    Lost {
        /// Connection.
        stream: u32,
        /// From here …
        from: u8,
        /// … to here.
        to: u8,
        /// How many.
        bytes: f64,
    },
    /// A finding.
    Finding(Box<Finding>),
    /// A packet.
    Packet(Box<Packet>),
}

/// A stretch of the story: a redirect, a sign-in, a chat room. From the beginning of a connection (or what asked for it)
/// until its goal is reached, it ends, or the next one begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// The first command of its connection, or from where it goes on: its name when it is folded.
    pub id: u32,
    /// Its connection.
    pub stream: u32,
    /// Its server.
    pub role: Role,
    /// What it is: "Chat room 11752013 with Bob".
    pub title: String,
    /// How it went: "signed in · MSNP8".
    pub outcome: String,
    /// Commands of its connection under the heading.
    pub commands: u32,
    /// Of these, commands that repeat.
    pub quiet: u32,
    /// Commands of other connections between them.
    pub others: u32,
    /// Seconds from the first to the last command of its connection.
    pub lasted: f64,
    /// Rows under the heading, as they are folded now.
    pub rows: u32,
    /// Whether they are folded away.
    pub folded: bool,
}

/// Three or more commands of a kind that repeats, one after another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The first of them: its name when it is folded.
    pub id: u32,
    /// Which kind.
    pub kind: Quiet,
    /// How many.
    pub commands: u32,
    /// Seconds from one to the next.
    pub every: Option<f64>,
    /// Lifeline of the client …
    pub from: u8,
    /// … and of the server of the first of them.
    pub to: u8,
    /// The server.
    pub role: Role,
    /// Whether they are folded away.
    pub folded: bool,
}

/// Commands that repeat for hours and say little.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Quiet {
    /// Is the server still there? It is.
    Pings,
    /// Somebody is typing.
    Typing,
}

/// What can be folded in a list, by the number of its first command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Folding {
    /// A phase.
    Phase(u32),
    /// A run.
    Run(u32),
}

/// A command as a row shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Command {
    /// Its number.
    pub pdu: u32,
    /// Packet that completed it.
    pub frame: f64,
    /// Connection.
    pub stream: u32,
    /// The server it goes to or comes from.
    pub role: Role,
    /// Lifeline of the sender.
    pub from: u8,
    /// Lifeline of the receiver.
    pub to: u8,
    /// Sender, as address and port.
    pub source: String,
    /// Receiver, as address and port.
    pub destination: String,
    /// The verb; a question mark for bytes that are no command.
    pub verb: String,
    /// The transaction number, as written.
    pub trid: Option<String>,
    /// What it carries, in the words of the wire.
    pub carries: String,
    /// What happened, in plain English: the row's name for whoever does not see it.
    pub sentence: String,
    /// Payload that can be folded open.
    pub payload: Option<Payload>,
    /// Length with payload.
    pub bytes: u32,
    /// Command that it answers, if that is in this list.
    pub answers: Option<Pair>,
    /// First command that answers it, if that is in this list.
    pub answered: Option<Pair>,
    /// It asks for an answer, and there was none until its connection ended.
    pub unanswered: bool,
    /// The beginning of the connection to which it sends the client, if that is in the list.
    pub leads_to: Option<LeadsTo>,
    /// The worst thing an expert says about it.
    pub severity: Option<Severity>,
    /// That expert's sentence.
    pub complaint: Option<String>,
}

impl Command {
    /// Whether it is an error answer: three digits for a verb.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.verb.len() == 3 && self.verb.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Where a connection begins that a command caused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadsTo {
    /// Its lifeline.
    pub lane: u8,
    /// Its first row.
    pub row: u32,
}

/// The other half of a request and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// Its number.
    pub pdu: u32,
    /// Its row in the same list; where it is folded away, that of the one it is told with, and where a filter leaves it out,
    /// that of the command itself.
    pub row: u32,
    /// Seconds between the two.
    pub delay: f64,
}

/// A command's payload in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// Bytes there are.
    pub bytes: u32,
    /// Bytes that the command line announces.
    pub announced: u32,
}

impl Form {
    /// Whether its rows are packets.
    #[must_use]
    pub const fn is_of_packets(self) -> bool {
        matches!(self, Self::Packets | Self::Frames)
    }
}

/// A packet, and the commands that it completes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Packet {
    /// Its number in the capture, from 1.
    pub frame: f64,
    /// Its server.
    pub role: Role,
    /// Sender, as address and port.
    pub source: String,
    /// Receiver, as address and port.
    pub destination: String,
    /// What is to be said of it.
    pub state: String,
    /// Bytes of the commands that it completes; of its payload where there are none.
    pub bytes: f64,
    /// The numbers of these commands.
    pub pdus: Vec<u32>,
    /// Their verbs and transaction numbers; what it is where there are none.
    pub commands: String,
}

/// A finding as a row shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The command it is about, or one nearby.
    pub pdu: u32,
    /// That command's verb.
    pub verb: String,
    /// Whose connection it is; empty where nothing tells.
    pub account: String,
    /// The packet that shows it.
    pub frame: f64,
    /// The command itself shows it.
    pub exact: bool,
    /// How much it matters.
    pub severity: Severity,
    /// Its sentence.
    pub text: String,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// In which source.
    pub source: u16,
}

#[cfg(test)]
mod tests;
