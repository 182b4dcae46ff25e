//! How a transcript describes an exchange. Every key has a default, and an unknown one is an error.

use super::{Bytes, Change, Drawing, Event};
use serde::Deserialize;

/// Two people, the room that they are in, and what their programs send each other.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Exchange {
    /// How the programs talk.
    pub way: Way,
    /// Whose client the room's connection belongs to.
    pub me: Person,
    /// The other one in the room.
    pub friend: Person,
    /// Name of the room's connection; of the one with the notification server, for datagrams.
    pub room: String,
    /// There is no room: what would be said in it goes in datagrams, as in MSNP21.
    pub datagrams: bool,
    /// Name of the friend's connection to the same room, when the capture shows both ends.
    pub other_room: Option<String>,
    /// The room's connection belongs to somebody else, who hears both.
    pub overheard: bool,
    /// The first transaction number in the room.
    pub trid: u32,
    /// Seed of identifiers, sessions and random bytes.
    pub seed: u64,
    /// What is sent. Several run at the same time: their chunks come in turn.
    pub transfers: Vec<Transfer>,
}

impl Default for Exchange {
    fn default() -> Self {
        let person = |account: &str, nick: &str, device: &str| Person {
            account: account.to_owned(),
            nick: nick.to_owned(),
            device: device.to_owned(),
        };
        Self {
            way: Way::One,
            me: person("alice@example.com", "Alice", "{a11ce000-0c34-4f42-9d6c-5eed00000001}"),
            friend: person("bob@example.com", "Bob", "{b0b00000-77aa-4e1b-8a10-5eed00000002}"),
            room: "SB".to_owned(),
            datagrams: false,
            other_room: None,
            overheard: false,
            trid: 3,
            seed: 1,
            transfers: Vec::new(),
        }
    }
}

/// How two programs talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Way {
    /// P2P version 1, from MSNP9.
    #[serde(rename = "p2pv1")]
    One,
    /// P2P version 2, from MSNP16.
    #[serde(rename = "p2pv2")]
    Two,
    /// The file transfer of early dialects.
    #[serde(rename = "msnftp")]
    Old,
}

/// One of the two.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Account.
    pub account: String,
    /// Name as it stands on a line.
    pub nick: String,
    /// Device, a GUID in braces; version 2 alone names it.
    #[serde(default)]
    pub device: String,
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Whose client the room's connection belongs to.
    Me,
    /// The other one.
    Friend,
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Me => Self::Friend,
            Self::Friend => Self::Me,
        }
    }
}

/// One object: who has it, what it is, and what becomes of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Transfer {
    /// Who has it.
    pub from: Side,
    /// What it is.
    pub what: What,
    /// A file's name, or where an object's owner keeps it.
    pub name: String,
    /// Its bytes.
    pub data: Bytes,
    /// A small picture of a file in its invitation.
    pub preview: Option<Drawing>,
    /// The size that the invitation and the headers claim, when it is not the true one.
    pub claims: Option<u64>,
    /// Number of its session; drawn by chance when left out.
    pub session: Option<u32>,
    /// Bytes in a chunk on the switchboard; what fills a packet when left out.
    pub chunk: Option<usize>,
    /// A connection of its own for the data.
    pub direct: Option<Direct>,
    /// What the other side answers.
    pub answer: Answer,
    /// What goes otherwise than it should.
    pub changes: Vec<Change>,
    /// What is sent, in order, in place of chunks and changes.
    pub script: Option<Vec<Event>>,
    /// Nothing comes after so many events: not even the end, unless somebody gives up.
    pub stop_after: Option<usize>,
    /// The data are acknowledged when they are complete.
    pub acknowledged: bool,
    /// An object's data are announced by four zero bytes.
    pub prepared: bool,
    /// How it ends.
    pub ending: Ending,
    /// Pause between groups of chunks, in milliseconds.
    pub pace_ms: u64,
    /// Chunks in a group.
    pub group: usize,
}

impl Default for Transfer {
    fn default() -> Self {
        Self {
            from: Side::Friend,
            what: What::File,
            name: "file.bin".to_owned(),
            data: Bytes::Random(0),
            preview: None,
            claims: None,
            session: None,
            chunk: None,
            direct: None,
            answer: Answer::Accept,
            changes: Vec::new(),
            script: None,
            stop_after: None,
            acknowledged: true,
            prepared: true,
            ending: Ending::Bye,
            pace_ms: 12,
            group: 4,
        }
    }
}

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// A display picture, which its receiver asks for.
    Picture,
    /// An emoticon, which its receiver asks for.
    Emoticon,
    /// A file, which its sender offers.
    File,
}

/// A connection of their own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Direct {
    /// Its name among the connections; for MSNFTP the one that brings the file.
    pub connection: String,
    /// Chunks that go over the switchboard before it is there.
    #[serde(default)]
    pub after: usize,
    /// The invitation tells the nonce's hash instead of the nonce.
    #[serde(default)]
    pub hashed: bool,
    /// What is below it; version 1 knows TCP alone.
    #[serde(default)]
    pub over: Over,
    /// Bytes in a chunk; what fills a packet when left out.
    #[serde(default)]
    pub chunk: Option<usize>,
    /// Where the listener waits, as the answer says.
    #[serde(default = "listens_at")]
    pub address: String,
    /// Its port.
    #[serde(default = "listens_on")]
    pub port: u16,
}

/// What a connection of their own is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Over {
    /// TCP from one to the other.
    #[default]
    Tcp,
    /// UDP from one to the other.
    Udp,
    /// TCP from one to a relay, which passes on what the other says.
    Turn,
}

fn listens_at() -> String {
    "192.0.2.20".to_owned()
}

const fn listens_on() -> u16 {
    6891
}

/// What the other side says to an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Yes.
    Accept,
    /// No.
    Decline,
    /// Its program cannot.
    Refuse,
    /// Nothing.
    Silence,
}

/// How a transfer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// As it should.
    Bye,
    /// Nobody says anything more.
    Nothing,
    /// Who sends it gives up.
    CancelBySender,
    /// Who receives it gives up.
    CancelByReceiver,
}
