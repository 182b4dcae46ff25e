//! The story of a capture: who signed in, whom they know, who was there when, who talked to whom, and what is missing.
//!
//! The worker tells it in words that are ready to be shown; every fact names the command that proves it.

use serde::{Deserialize, Serialize};

use super::Moment;

/// What a fact rests on.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Proof {
    /// The command; none where the connection itself is the proof, such as its end.
    pub pdu: Option<u32>,
    /// The packet.
    pub frame: f64,
    /// When.
    pub time: Moment,
}

/// The story, but for what was said: that is asked for chat by chat.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Story {
    /// Who signed in, in order of time.
    pub sign_ins: Vec<SignIn>,
    /// Whom each account knows.
    pub contacts: Vec<Contact>,
    /// Contacts that there are; more than are listed in a very large capture.
    pub contact_count: u32,
    /// Who was there when.
    pub timelines: Vec<Timeline>,
    /// First and last packet.
    pub span: Option<(Moment, Moment)>,
    /// Chats, in order of time.
    pub chats: Vec<Chat>,
    /// How many chats there are.
    pub chat_count: u32,
    /// What the capture does not show.
    pub missing: Vec<Missing>,
    /// Who does something in it: the accounts of the capture first, then who writes most.
    pub people: Vec<Person>,
    /// How many people that are.
    pub people_count: u32,
    /// Pictures, files and other objects.
    pub transfer_count: u32,
    /// Of these, such of which bytes came.
    pub sent_count: u32,
    /// And of these, such that the capture does not hold all of.
    pub partial_count: u32,
}

// No number in it is NaN: two handles of one value are equal without a look at it.
impl Eq for Story {}

/// One account on one client, from start to end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignIn {
    /// The account, or words for one that nobody names.
    pub who: String,
    /// No command says whose it is.
    pub inferred: bool,
    /// The server accepted it.
    pub accepted: bool,
    /// What came of it and how it ended, as sentences.
    pub outcome: String,
    /// The account signed in somewhere else: the server's word for it, and where it stands.
    pub elsewhere: Option<(String, Proof)>,
    /// When it began.
    pub start: Proof,
    /// When it ended, or was heard of last.
    pub end: Option<Proof>,
    /// It was still going on when the capture ended.
    pub lasting: bool,
    /// What else is known, by name.
    pub facts: Vec<Fact>,
}

/// Somebody who signs in, chats, or sends something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Account.
    pub account: String,
    /// The last name that they go by; empty where nothing tells.
    pub nick: String,
    /// What they are to the accounts of the capture.
    pub standing: Standing,
    /// Messages that they wrote.
    pub messages: u32,
    /// Pictures, files and other objects of theirs of which bytes came.
    pub sent: u32,
    /// What shows them first.
    pub proof: Proof,
}

/// What somebody is to the accounts whose connections were captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Standing {
    /// The connections are theirs.
    Own,
    /// On the list of contacts.
    Contact,
    /// On another list: allowed, blocked, or having the account on their own.
    Listed,
    /// On no list.
    Stranger,
    /// The lists are not in the capture.
    Unknown,
}

/// Something known, under a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// What is known.
    pub value: String,
    /// What says so, where one command does.
    pub proof: Option<Proof>,
}

/// Somebody whom an account knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// Whose contact.
    pub account: String,
    /// Who.
    pub contact: String,
    /// By what name.
    pub nick: String,
    /// On which lists, by their two letters.
    pub lists: Vec<String>,
    /// In which groups, by name.
    pub groups: Vec<String>,
    /// On which network, by name; empty where nothing tells.
    pub network: String,
    /// They may not see the account.
    pub blocked: bool,
    /// Other lists may exist: the list itself is not in the capture.
    pub partly: bool,
    /// What says that they are known.
    pub proof: Proof,
    /// What happened to them, in order of time.
    pub changes: Vec<Happening>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Happening {
    /// What, as a phrase.
    pub text: String,
    /// What says so.
    pub proof: Proof,
}

/// What an account saw of somebody's presence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// Who saw it.
    pub account: String,
    /// Whose presence it is.
    pub contact: String,
    /// The last display name.
    pub nick: String,
    /// It is the account's own.
    pub own: bool,
    /// Statuses, in order of time.
    pub bars: Vec<Availability>,
    /// Names, messages, pictures and devices, in order of time.
    pub marks: Vec<Mark>,
}

/// A status, for as long as it held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Availability {
    /// From when.
    pub from: Moment,
    /// Until when; the end of the capture when nothing ended it.
    pub to: Moment,
    /// Three letters, or `unknown`.
    pub status: String,
    /// In words.
    pub text: String,
    /// What says so.
    pub proof: Proof,
}

/// What a mark on a timeline is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MarkKind {
    /// The display name changed.
    Name,
    /// The personal message or the music changed.
    Message,
    /// The display picture changed.
    Picture,
    /// Capabilities or devices changed.
    Device,
}

/// Something that became known at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// What it is about.
    pub kind: MarkKind,
    /// In words.
    pub text: String,
    /// The picture's SHA-1, in base64; none of other marks, and none when the picture was taken away.
    pub object: Option<String>,
    /// What says so.
    pub proof: Proof,
}

/// One chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chat {
    /// Its number, from 1.
    pub number: u32,
    /// Who took part, by name; without the capture's own user where others did.
    pub with: Vec<String>,
    /// What carried it, in words.
    pub channel: String,
    /// When it began.
    pub start: Moment,
    /// When it ended, as far as the capture shows.
    pub end: Moment,
    /// Messages, without typing.
    pub messages: u32,
    /// The first words.
    pub first: String,
    /// Its beginning is in the capture.
    pub from_start: bool,
}

/// What happened in one chat, from its beginning on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Transcript {
    /// Which chat.
    pub number: u32,
    /// Entries in order of time; the first ones.
    pub entries: Vec<Entry>,
    /// How many there are.
    pub total: u32,
}

// No number in it is NaN: two handles of one value are equal without a look at it.
impl Eq for Transcript {}

/// Chats in which something was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ChatsFound {
    /// What was looked for.
    pub text: String,
    /// Those that have it, in order of their numbers.
    pub chats: Vec<ChatFound>,
}

/// A chat that has what was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatFound {
    /// Its number.
    pub number: u32,
    /// Entries that have it; 0 when only somebody is called so.
    pub entries: u32,
    /// How many entries, from the beginning on, the last of them is in.
    pub until: u32,
}

/// One entry of a chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What says so.
    pub proof: Proof,
    /// What it is.
    pub body: EntryBody,
}

impl Entry {
    /// Whether it has a text, given in small letters.
    #[must_use]
    pub fn has(&self, text: &str) -> bool {
        match &self.body {
            EntryBody::Said(said) => [&said.text, &said.name].iter().any(|one| one.to_lowercase().contains(text)),
            EntryBody::Note { typing: true, .. } => false,
            EntryBody::Note { text: note, .. } => note.to_lowercase().contains(text),
        }
    }
}

/// What an entry of a chat is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum EntryBody {
    /// Somebody says something.
    Said(Said),
    /// Somebody comes, goes, nudges: one line in the middle.
    Note {
        /// The line.
        text: String,
        /// It is about somebody typing.
        typing: bool,
    },
}

/// Somebody's words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// Who, by account.
    pub account: String,
    /// By what name at that time.
    pub name: String,
    /// The capture was made at their client.
    pub own: bool,
    /// What.
    pub text: String,
    /// Whether it arrived.
    pub arrival: Arrival,
    /// Sender or receivers are inferred.
    pub inferred: bool,
    /// It was stored for somebody who was offline.
    pub stored: bool,
    /// Name of the font; empty when nothing says which.
    pub font: String,
    /// Letters B, I, U, S.
    pub effects: String,
    /// Red, green, blue.
    pub colour: Option<[u8; 3]>,
    /// Pictures in place of letters that the sender announced, as far as they occur.
    pub emoticons: Vec<Emoticon>,
    /// Written from right to left.
    pub right_to_left: bool,
}

/// A picture in place of letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emoticon {
    /// The letters.
    pub shortcut: String,
    /// The picture's SHA-1, in base64.
    pub object: String,
}

/// Whether a message arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Arrival {
    /// Everybody got it.
    Confirmed,
    /// Somebody did not get it.
    Failed,
    /// Nothing tells.
    NotConfirmed,
    /// It is here: it was received.
    Received,
}

/// Something that the capture does not show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Missing {
    /// What, and what follows from it.
    pub text: String,
    /// It is bytes that are missing in the middle: the overview counts those by themselves.
    pub gap: bool,
    /// What shows that it is missing.
    pub proof: Proof,
}
