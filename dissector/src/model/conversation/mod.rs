//! Conversations: who was in a chat when, how people were invited into it, and who said what to whom.
//!
//! Comes in: what is said in chat rooms, and what the notification server carries between people. Goes out: one
//! [`Conversation`] per chat room, however many of its members' connections are in the capture, and one per pair or group
//! of people who talk through the notification server. What several connections carried of one message is told once.

mod copies;
mod gathering;
mod participant;
mod relay;
mod room;
mod saying;

use std::collections::{BTreeMap, BTreeSet, HashMap};

pub use participant::{Leave, Participant, Stay};
pub use saying::Saying;
pub(super) use saying::TEXTS;

use self::relay::Relay;
use self::room::Room;
use super::evidence::{Evidence, Seen};
use super::name::{bare, text};
use super::nick::Names;
use super::owner::{Ownership, Ticket};
use crate::analysis::{End, StreamInfo};
use crate::msnp::Body;
use crate::sorting::sort_by_key;

/// People talking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// From 1, in order of time.
    pub number: u32,
    /// What carries it.
    pub channel: Channel,
    /// What all connections of a chat room share; the address of a group.
    pub session: Option<String>,
    /// The connections that carry it.
    pub streams: Vec<u32>,
    /// Who takes part.
    pub participants: Vec<Participant>,
    /// What let the clients into a chat room, on their notification connections.
    pub tickets: Vec<Ticket>,
    /// How people were invited.
    pub invitations: Vec<Invitation>,
    /// What was said, in order of time.
    pub messages: Vec<ChatMessage>,
    /// Peer-to-peer messages among them: pieces of pictures and files.
    pub pieces: u32,
    /// First word of it in the capture.
    pub start: Evidence,
    /// Its beginning is in the capture.
    pub from_start: bool,
    /// When the last client whose connection was captured left.
    pub end: Option<Evidence>,
}

impl Conversation {
    /// How many messages people wrote in it: each once, on however many connections it was seen.
    #[must_use]
    pub fn message_count(&self) -> usize {
        self.messages.iter().filter(|message| message.what.is_message()).count()
    }
}

/// What carries a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// A chat room on a switchboard.
    Room,
    /// Messages through the notification server: to other networks, to phones, to people who are offline.
    Relay,
    /// Datagrams; MSNP21.
    Datagrams,
    /// The service itself speaks.
    Service,
}

/// Somebody is invited into a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Who invites.
    pub from: Option<String>,
    /// Whom.
    pub to: String,
    /// The client's call (`CAL`), where its connection was captured.
    pub call: Option<Evidence>,
    /// The invitation as it reaches the other (`RNG`), where that connection was captured.
    pub ring: Option<Evidence>,
    /// The error that came instead.
    pub refused: Option<(u32, Evidence)>,
}

/// Something said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatMessage {
    /// Where it is first seen: on the sender's connection, when that was captured.
    pub evidence: Evidence,
    /// The same message on other connections.
    pub copies: Vec<Evidence>,
    /// Who; `None` when nothing tells whose connection it was.
    pub from: Option<String>,
    /// What they called themselves at the time.
    pub nick: Option<String>,
    /// Who was there to hear it.
    pub to: Vec<String>,
    /// What.
    pub what: Saying,
    /// It arrived; `None` when nothing tells.
    pub delivered: Option<bool>,
    /// What tells.
    pub receipt: Option<Evidence>,
    /// Sender or receivers are inferred.
    pub inferred: bool,
}

/// An invitation on a notification connection.
#[derive(Debug)]
pub(super) struct Ring {
    pub session: String,
    pub from: String,
    pub evidence: Evidence,
}

/// A chat room that was handed out, and never entered as far as the capture shows.
#[derive(Debug)]
pub(super) enum Unopened<'c> {
    /// The client asked for one.
    Offered(&'c str, Evidence),
    /// Somebody invited it.
    Rung(&'c Ring),
}

/// What has been said on each connection.
#[derive(Debug, Default)]
pub(super) struct Conversations {
    rooms: BTreeMap<u32, Room>,
    relays: BTreeMap<u32, Relay>,
    rings: Vec<Ring>,
    offers: Vec<(String, Evidence)>,
}

impl Conversations {
    pub(super) fn observe(&mut self, seen: &Seen<'_>) {
        if seen.in_room() {
            self.rooms.entry(seen.stream()).or_insert_with(|| Room::new(seen.evidence)).observe(seen);
            return;
        }
        match &seen.message.body {
            Body::Ring { session, account, .. } => {
                let ring = Ring { session: text(*session), from: bare(*account), evidence: seen.evidence };
                self.rings.push(ring);
            }
            Body::RoomOffered { address, .. } => self.offers.push((text(*address), seen.evidence)),
            _ => {}
        }
        if Relay::is_concerned(seen) {
            self.relays.entry(seen.stream()).or_default().observe(seen);
        }
    }

    pub(super) fn end(&mut self, end: &End) {
        if let Some(room) = self.rooms.get_mut(&end.stream) {
            room.closed = Some(*end);
        }
    }

    pub(super) fn finish(
        &self,
        streams: &BTreeMap<u32, StreamInfo>,
        ownership: &Ownership,
        names: &Names,
    ) -> Vec<Conversation> {
        let mut rings: HashMap<&str, Vec<&Ring>> = HashMap::new();
        for ring in &self.rings {
            rings.entry(&ring.session).or_default().push(ring);
        }
        let groups = gathering::rooms(&self.rooms, streams, ownership);
        let mut all: Vec<Conversation> = groups
            .iter()
            .map(|rooms| gathering::conversation(rooms, &rings, ownership, names))
            .chain(relay::conversations(&self.relays, ownership, names))
            .collect();
        sort_by_key(&mut all, |conversation| conversation.start.order());
        for (number, conversation) in (1..).zip(&mut all) {
            conversation.number = number;
        }
        all
    }

    /// Messages in parts of which some never came.
    pub(super) fn parts(&self) -> Vec<Evidence> {
        self.rooms.values().flat_map(|room| room.parts.values()).copied().collect()
    }

    /// Chat rooms that were handed out, and whose connection is not in the capture.
    pub(super) fn unopened<'c>(&'c self, ownership: &Ownership) -> Vec<Unopened<'c>> {
        let sessions: BTreeSet<&str> = self.rooms.values().filter_map(|room| room.session.as_deref()).collect();
        let rings = self.rings.iter().filter(|ring| !ownership.used(ring.evidence));
        let rings = rings.filter(|ring| !sessions.contains(ring.session.as_str())).map(Unopened::Rung);
        let offers = self.offers.iter().filter(|(_, evidence)| !ownership.used(*evidence));
        offers.map(|(address, evidence)| Unopened::Offered(address, *evidence)).chain(rings).collect()
    }
}
