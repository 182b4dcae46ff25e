//! Whose connection each stream is, and which notification connection led to which chat room.
//!
//! Most connections say so: the client signs in, or enters a chat room, under its account. A capture that begins in the
//! middle must be read backwards: who is typing, whose display picture it is, which chat room was opened with whose
//! ticket. What is known in that way is marked as inferred.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::evidence::{Evidence, Seen};
use super::name::{bare, bare_text, creator, nick, text};
use crate::analysis::StreamInfo;
use crate::msnp::{Body, Content, Details};

/// Whose a connection is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The account.
    pub account: String,
    /// No command says so outright.
    pub inferred: bool,
    /// What says so, or what it is inferred from.
    pub evidence: Evidence,
}

/// Whose connections they are.
#[derive(Debug, Clone, Default)]
pub struct Ownership {
    by_stream: BTreeMap<u32, Owner>,
    /// From chat rooms to what let the client in.
    tickets: BTreeMap<u32, Ticket>,
    /// From notification connections to the chat rooms they led to.
    rooms: BTreeMap<u32, Vec<u32>>,
    /// Commands that handed out a ticket that was used.
    used: BTreeSet<Option<u32>>,
}

/// How a chat room was opened to a client: the line on the notification connection that carried the ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The answer to the client's request (`XFR`), or an invitation (`RNG`).
    pub evidence: Evidence,
    /// Somebody invited the client (`RNG`).
    pub rung: bool,
    secret: String,
}

impl Ownership {
    /// Whose a connection is; `None` when nothing tells.
    #[must_use]
    pub fn of(&self, stream: u32) -> Option<&Owner> {
        self.by_stream.get(&stream)
    }

    /// What to gather the facts of a connection under: its account, or else, since connections whose account nobody knows
    /// are each on their own, its number.
    pub(super) fn key(&self, stream: u32) -> (Option<&str>, Option<u32>) {
        match self.of(stream) {
            Some(owner) => (Some(&owner.account), None),
            None => (None, Some(stream)),
        }
    }

    /// The account alone.
    #[must_use]
    pub fn account(&self, stream: u32) -> Option<&str> {
        self.of(stream).map(|owner| owner.account.as_str())
    }

    /// All of them, by number of the connection.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Owner)> {
        self.by_stream.iter().map(|(stream, owner)| (*stream, owner))
    }

    /// What let the client into the chat room of a connection, where that is in the capture.
    #[must_use]
    pub fn ticket(&self, room: u32) -> Option<&Ticket> {
        self.tickets.get(&room)
    }

    /// Chat rooms that a notification connection led to.
    #[must_use]
    pub fn rooms(&self, notification: u32) -> &[u32] {
        self.rooms.get(&notification).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether the chat room that a ticket opens is in the capture.
    pub(super) fn used(&self, ticket: Evidence) -> bool {
        self.used.contains(&ticket.pdu)
    }

    fn link(&mut self, tickets: BTreeMap<u32, Ticket>) {
        for (room, ticket) in &tickets {
            self.rooms.entry(ticket.evidence.stream).or_default().push(*room);
            self.used.insert(ticket.evidence.pdu);
        }
        self.tickets = tickets;
    }
}

/// What a connection may be inferred from, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hint {
    /// Sender of the client's datagrams, receiver of the server's.
    Datagram,
    /// Receiver of a relayed message.
    Recipient,
    /// Only one's own devices are described in private, or told to sign out.
    Devices,
    /// The client says who is typing.
    Typing,
    /// The client shows its own display picture.
    Picture,
}

/// Somebody enters a chat room with a ticket.
#[derive(Debug)]
struct Entry {
    secret: String,
    account: String,
    evidence: Evidence,
}

/// What has been said about it.
#[derive(Debug, Default)]
pub(super) struct Owners {
    stated: HashMap<u32, (String, Evidence)>,
    /// The client's version report names an account too, but some programs name a fixed one.
    reported: HashMap<u32, (String, Evidence)>,
    hints: HashMap<u32, (Hint, String, Evidence)>,
    tickets: Vec<Ticket>,
    entries: Vec<Entry>,
}

impl Owners {
    pub(super) fn observe(&mut self, seen: &Seen<'_>) {
        let evidence = seen.evidence;
        match &seen.message.body {
            Body::Identity { account, .. } | Body::SignedIn { account, .. } => self.state(seen, bare(*account)),
            Body::RoomEntry { account, cookie, .. } => {
                self.state(seen, bare(*account));
                self.entries.push(Entry { secret: text(*cookie), account: bare(*account), evidence });
            }
            Body::ClientVersion(client) => {
                if let Some(account) = client.account {
                    self.reported.entry(seen.stream()).or_insert_with(|| (bare(account), evidence));
                }
            }
            Body::RoomOffered { cookie: Some(cookie), .. } => {
                self.tickets.push(Ticket { evidence, rung: false, secret: text(*cookie) });
            }
            Body::Ring { cookie, .. } => self.tickets.push(Ticket { evidence, rung: true, secret: text(*cookie) }),
            Body::RelayedIn { recipient, .. } => self.hint(seen, Hint::Recipient, bare(*recipient)),
            Body::Control { account, kind: 4 } => self.hint(seen, Hint::Devices, bare(*account)),
            Body::OwnStatus(presence) => {
                if let Some(account) = presence.picture.as_ref().and_then(|picture| creator(&nick(picture))) {
                    self.hint(seen, Hint::Picture, account);
                }
            }
            Body::Details { account, .. } => match &seen.message.content {
                Content::Details(details) if is_private(details) => self.hint(seen, Hint::Devices, bare(*account)),
                _ => {}
            },
            _ => {}
        }
        match &seen.message.content {
            Content::Typing { account } if matches!(seen.message.body, Body::MessageOut { .. }) => {
                self.hint(seen, Hint::Typing, bare_text(account));
            }
            Content::Datagram(datagram) => {
                let own = if seen.from_client() { &datagram.from } else { &datagram.to };
                self.hint(seen, Hint::Datagram, bare_text(own));
            }
            _ => {}
        }
    }

    fn state(&mut self, seen: &Seen<'_>, account: String) {
        self.stated.entry(seen.stream()).or_insert((account, seen.evidence));
    }

    fn hint(&mut self, seen: &Seen<'_>, hint: Hint, account: String) {
        let known = self.hints.get(&seen.stream()).is_some_and(|(known, ..)| *known <= hint);
        if !known && account.contains('@') {
            self.hints.insert(seen.stream(), (hint, account, seen.evidence));
        }
    }

    /// Whose connections they are, by all that has been said so far.
    pub(super) fn finish(&self, streams: &BTreeMap<u32, StreamInfo>) -> Ownership {
        let mut all = Ownership::default();
        all.link(self.links());
        for (stream, (account, evidence)) in self.stated.iter().chain(&self.reported) {
            let owner = Owner { account: account.clone(), inferred: false, evidence: *evidence };
            all.by_stream.entry(*stream).or_insert(owner);
        }
        for entry in &self.entries {
            let Some(ticket) = all.tickets.get(&entry.evidence.stream) else { continue };
            let owner = Owner { account: entry.account.clone(), inferred: true, evidence: entry.evidence };
            all.by_stream.entry(ticket.evidence.stream).or_insert(owner);
        }
        for (stream, (_, account, evidence)) in &self.hints {
            let owner = Owner { account: account.clone(), inferred: true, evidence: *evidence };
            all.by_stream.entry(*stream).or_insert(owner);
        }
        by_address(&mut all.by_stream, streams);
        all
    }

    /// Each room's ticket: the last one handed out with the same secret before the room was entered.
    fn links(&self) -> BTreeMap<u32, Ticket> {
        let mut by_secret: HashMap<&str, Vec<&Ticket>> = HashMap::new();
        for ticket in &self.tickets {
            by_secret.entry(&ticket.secret).or_default().push(ticket);
        }
        let mut links = BTreeMap::new();
        for entry in &self.entries {
            let same = by_secret.get(entry.secret.as_str()).into_iter().flatten();
            let before = same.filter(|ticket| ticket.evidence.time <= entry.evidence.time);
            if let Some(ticket) = before.max_by_key(|ticket| ticket.evidence.order()) {
                links.insert(entry.evidence.stream, (*ticket).clone());
            }
        }
        links
    }
}

fn is_private(details: &Details) -> bool {
    details
        .endpoints
        .iter()
        .any(|device| device.name.is_some() || device.client_type.is_some() || device.idle.is_some())
}

/// What is left belongs to the only account that is known at the same client address.
fn by_address(by_stream: &mut BTreeMap<u32, Owner>, streams: &BTreeMap<u32, StreamInfo>) {
    let mut accounts: HashMap<_, BTreeSet<String>> = HashMap::new();
    let mut first: HashMap<_, Evidence> = HashMap::new();
    for (stream, owner) in by_stream.iter() {
        let Some(info) = streams.get(stream) else { continue };
        accounts.entry(info.client.ip()).or_default().insert(owner.account.clone());
        first.entry(info.client.ip()).or_insert(owner.evidence);
    }
    for (stream, info) in streams {
        let address = info.client.ip();
        let only = accounts.get(&address).filter(|accounts| accounts.len() == 1).and_then(BTreeSet::first);
        if let (Some(account), Some(evidence)) = (only, first.get(&address)) {
            let owner = || Owner { account: account.clone(), inferred: true, evidence: *evidence };
            by_stream.entry(*stream).or_insert_with(owner);
        }
    }
}
