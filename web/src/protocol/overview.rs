//! Totals: how far reading has come and what the capture holds so far.

use serde::{Deserialize, Serialize};

use super::Moment;

/// How far reading has come.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Progress {
    /// Which file, as numbered by the page.
    pub generation: u32,
    /// Where it stands.
    pub stage: Stage,
    /// Bytes of the file that were read.
    pub read: f64,
    /// Bytes of the file.
    pub size: f64,
    /// Seconds of reading.
    pub elapsed: f64,
    /// What was found.
    pub overview: Overview,
}

// No number in it is NaN: two handles of one value are equal without a look at it.
impl Eq for Progress {}

/// Where reading stands.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Stage {
    /// Going on.
    #[default]
    Reading,
    /// All read.
    Complete,
    /// The file ends or breaks off early; all before it is there.
    Cut {
        /// What happened, as sentences.
        sentence: String,
    },
    /// The user stopped it.
    Cancelled,
    /// Not a capture, or one that cannot be read.
    Refused {
        /// What happened, why, what next, as sentences.
        sentence: String,
    },
}

/// What the capture holds so far.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Overview {
    /// Packets.
    pub packets: f64,
    /// Commands.
    pub commands: u32,
    /// Those of them that show that MSNP is spoken. With none, the capture holds no MSNP.
    pub recognised: u32,
    /// Bytes in commands.
    pub command_bytes: f64,
    /// Connections that carry MSNP, in order; the first two hundred.
    pub connections: Vec<Connection>,
    /// How many there are.
    pub connection_count: u32,
    /// Whose connections they are, in order of appearance.
    pub owners: Vec<Owner>,
    /// Commands per verb, most frequent first.
    pub verbs: Vec<VerbCount>,
    /// Experts per kind, worst first.
    pub experts: Vec<ExpertCount>,
    /// How many experts there are.
    pub expert_count: u32,
    /// Whether all commands were looked at by the experts.
    pub checked: bool,
    /// Bytes sent but not captured.
    pub losses: Vec<Loss>,
    /// How many stretches were lost.
    pub loss_count: u32,
    /// What the ledger holds besides, once everything has been looked at.
    pub ledger_count: u32,
    /// Accounts, in order of appearance; the first hundred.
    pub accounts: Vec<String>,
    /// How many there are.
    pub account_count: u32,
    /// Connections to switchboards that have commands.
    pub rooms: u32,
    /// Accounts that signed in.
    pub signed_in: Vec<String>,
    /// Messages that people wrote; while not all is checked, texts so far.
    pub texts: u32,
    /// Dialects agreed on.
    pub dialects: Vec<String>,
    /// First and last packet.
    pub span: Option<(Moment, Moment)>,
    /// When commands were sent.
    pub activity: Activity,
    /// What else the capture holds.
    pub census: Vec<Census>,
    /// What came of each of several files that are read as one; nothing where one is open.
    pub captures: Vec<OneCapture>,
    /// Accounts that more than one of them names.
    pub shared: Names,
    /// Each two of them that hold the same packets.
    pub copies: Vec<Copies>,
}

/// Two captures that hold the same packets.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Copies {
    /// Their places, the earlier one first.
    pub between: (u32, u32),
    /// How many packets are in both.
    pub packets: f64,
}

/// What came of one of several files.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OneCapture {
    /// Packets.
    pub packets: f64,
    /// First and last of those that have a time.
    pub span: Option<(Moment, Moment)>,
    /// Commands that its packets complete; known once all were looked at.
    pub commands: Option<u32>,
    /// Accounts that no other one names.
    pub own: Names,
    /// Why not all of it is here, as a sentence.
    pub trouble: Option<String>,
}

/// Names, of which there can be many.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Names {
    /// The first ones.
    pub first: Vec<String>,
    /// How many there are.
    pub count: u32,
}

/// Who is at the other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Role {
    /// The person's program.
    Client,
    /// Tells the client where to sign in.
    Dispatch,
    /// Sign-in, contacts, presence.
    Notification,
    /// One chat room.
    Switchboard,
    /// The other person's program, without a server between.
    Peer,
    /// Not known (yet).
    #[default]
    Unknown,
}

/// How much an expert matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Ordinary course of events.
    Chat,
    /// Notable.
    Note,
    /// Unusual.
    Warn,
    /// The bytes contradict themselves.
    Error,
}

/// All severities, worst first.
pub const WORST_FIRST: [Severity; 4] = [Severity::Error, Severity::Warn, Severity::Note, Severity::Chat];

/// One connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Its number.
    pub stream: u32,
    /// Its server.
    pub role: Role,
    /// The client, as address and port.
    pub client: String,
    /// The server, as address and port.
    pub server: String,
    /// Commands.
    pub commands: u32,
    /// Bytes in commands.
    pub bytes: f64,
    /// First and last command.
    pub span: (Moment, Moment),
    /// Whether its beginning was captured.
    pub opened: bool,
    /// Whether its end was captured.
    pub closed: bool,
    /// Bytes lost.
    pub lost: f64,
}

/// An account that captured clients speak for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The account.
    pub account: String,
    /// How many connections are its own.
    pub connections: u32,
    /// Commands on them.
    pub commands: u32,
}

/// How often a verb occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerbCount {
    /// The verb.
    pub verb: String,
    /// How many commands.
    pub count: u32,
    /// A command with it, the first.
    pub first: u32,
}

/// How often an expert occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpertCount {
    /// How much it matters.
    pub severity: Severity,
    /// Name in filters.
    pub id: String,
    /// Its first sentence.
    pub text: String,
    /// How many.
    pub count: u32,
    /// The command it was first said of.
    pub first: u32,
}

/// Bytes sent but not captured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Loss {
    /// Connection.
    pub stream: u32,
    /// When it was noticed.
    pub time: Moment,
    /// How many bytes.
    pub bytes: f64,
    /// Whether the client had sent them.
    pub sender: Role,
    /// The command after it, if any.
    pub pdu: Option<u32>,
}

/// Commands over time, in equal intervals.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Activity {
    /// Start of the first interval.
    pub start: Moment,
    /// Seconds per interval.
    pub step: f64,
    /// Commands per interval, for dispatch, notification and switchboard servers, between programs, and for servers of unknown kind.
    pub counts: [Vec<u32>; 5],
}

/// Something other than MSNP in the capture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Census {
    /// What it is.
    pub name: String,
    /// How many packets.
    pub packets: f64,
}
