//! What the notification server itself carries: messages to other networks and to people who are offline, datagrams
//! between people and in groups, and the service's own announcements.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::copies;
use super::gathering::message;
use super::participant::{Leave, Participant, Stay};
use super::saying::{Saying, Utterance};
use super::{Channel, Conversation};
use crate::model::evidence::{Evidence, Seen};
use crate::model::name::{bare, bare_text};
use crate::model::nick::Names;
use crate::model::owner::Ownership;
use crate::msnp::{Body, Content, Datagram, Member, verb};
use crate::tree::Span;

/// The group that has no address yet.
const NEW_GROUP: &str = "00000000-0000-0000-0000-000000000000@live.com";

/// With whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Peer {
    /// One other person.
    Person(String),
    /// A group, by its address.
    Group(String),
    /// The service.
    Service,
}

/// What one notification connection carries between people.
#[derive(Debug, Default)]
pub(super) struct Relay {
    says: Vec<(Channel, Peer, Utterance)>,
    moves: Vec<GroupMove>,
    pieces: BTreeMap<(Channel, Peer), u32>,
    /// Sayings that may still fail, by TrID.
    waiting: HashMap<u32, usize>,
}

/// Somebody enters or leaves a group.
#[derive(Debug)]
struct GroupMove {
    group: String,
    /// `None` is the owner of the connection.
    account: Option<String>,
    enters: bool,
    evidence: Evidence,
}

impl Relay {
    /// Whether a command says something that is kept here.
    pub(super) fn is_concerned(seen: &Seen<'_>) -> bool {
        matches!(
            seen.message.body,
            Body::RelayedOut { .. }
                | Body::RelayedIn { .. }
                | Body::Page { .. }
                | Body::ServiceMessage
                | Body::Error { .. }
        ) || matches!(
            seen.message.content,
            Content::Datagram(_) | Content::PhoneText { .. } | Content::PageFailed { .. }
        )
    }

    pub(super) fn observe(&mut self, seen: &Seen<'_>) {
        match (&seen.message.body, &seen.message.content) {
            (Body::RelayedOut { recipient, network }, content) => {
                let what = stored(*network, Saying::of(content));
                self.say(seen, Channel::Relay, Peer::Person(bare(*recipient)), None, what);
            }
            (Body::RelayedIn { account, network, .. }, content) => {
                let what = stored(*network, Saying::of(content));
                self.say(seen, Channel::Relay, Peer::Person(bare(*account)), Some(bare(*account)), what);
            }
            (Body::Page { account }, content) => {
                self.say(seen, Channel::Relay, Peer::Person(bare(*account)), None, Saying::of(content));
            }
            (Body::ServiceMessage, content) => self.service(seen, content),
            (_, content @ Content::PhoneText { from, .. }) => {
                let from = bare_text(from);
                self.say(seen, Channel::Relay, Peer::Person(from.clone()), Some(from), Saying::of(content));
            }
            (_, Content::PageFailed { trid }) => self.failed(seen, Some(*trid)),
            (Body::Error { .. }, _) => self.failed(seen, seen.message.trid),
            (_, Content::Datagram(datagram)) if seen.message.verb == Some(verb::SDG) => self.datagram(seen, datagram),
            (_, Content::Datagram(datagram)) => self.publication(seen, datagram),
            _ => {}
        }
    }

    fn say(&mut self, seen: &Seen<'_>, channel: Channel, peer: Peer, from: Option<String>, what: Option<Saying>) {
        let Some(what) = what else { return };
        if let (None, Some(trid)) = (&from, seen.message.trid) {
            self.waiting.insert(trid, self.says.len());
        }
        self.says.push((channel, peer, Utterance { evidence: seen.evidence, from, nick: None, what, receipt: None }));
    }

    /// What the client said with this TrID did not arrive.
    fn failed(&mut self, seen: &Seen<'_>, trid: Option<u32>) {
        let failed = trid.and_then(|trid| self.waiting.remove(&trid));
        if let Some((.., said)) = failed.and_then(|index| self.says.get_mut(index)) {
            said.receipt = Some((false, seen.evidence));
        }
    }

    fn service(&mut self, seen: &Seen<'_>, content: &Content) {
        let said = |from: String, nick: Option<String>, what, span| {
            let evidence = seen.evidence.within(span);
            let utterance = Utterance { evidence, from: Some(from), nick, what, receipt: None };
            (Channel::Service, Peer::Service, utterance)
        };
        match content {
            Content::Mail(waiting) => self.says.extend(waiting.iter().map(|one| {
                let nick = Some(one.nick.clone()).filter(|nick| !nick.is_empty());
                said(bare_text(&one.account), nick, Saying::Waiting(one.clone()), one.span)
            })),
            _ => self.says.extend(Saying::of(content).map(|what| said(String::new(), None, what, Span::default()))),
        }
    }

    fn datagram(&mut self, seen: &Seen<'_>, datagram: &Datagram) {
        let from = (!seen.from_client()).then(|| bare_text(&datagram.from));
        let peer = match (group(&datagram.to), group(&datagram.from), seen.from_client()) {
            (Some(group), ..) | (None, Some(group), _) => Peer::Group(group),
            (None, None, true) => Peer::Person(bare_text(&datagram.to)),
            (None, None, false) => Peer::Person(bare_text(&datagram.from)),
        };
        if matches!(*datagram.content, Content::PeerToPeer(_)) {
            let pieces = self.pieces.entry((Channel::Datagrams, peer)).or_default();
            *pieces = pieces.saturating_add(1);
            return;
        }
        self.say(seen, Channel::Datagrams, peer, from, Saying::of(&datagram.content));
    }

    /// Groups are made and left by publishing: `PUT` and `DEL` by the client, `NFY` by the server.
    fn publication(&mut self, seen: &Seen<'_>, datagram: &Datagram) {
        let of = if seen.from_client() { &datagram.to } else { &datagram.from };
        let Some(group) = group(of).filter(|group| group != NEW_GROUP) else { return };
        let evidence = seen.evidence;
        let leaves = datagram.uri.as_deref().and_then(member_of_uri).filter(|_| seen.message.verb != Some(verb::PUT));
        if let Some(account) = leaves {
            self.moves.push(GroupMove { group, account: Some(account), enters: false, evidence });
            return;
        }
        match &*datagram.content {
            Content::Members(members) => {
                let member = |member: &Member| bare_text(&member.account);
                let enters = members.iter().map(member).map(|account| GroupMove {
                    group: group.clone(),
                    account: Some(account),
                    enters: true,
                    evidence,
                });
                self.moves.extend(enters);
            }
            // The answer to the first `PUT` names the new group, whose maker is in it.
            _ if !seen.from_client() && seen.message.verb == Some(verb::PUT) => {
                self.moves.push(GroupMove { group, account: None, enters: true, evidence });
            }
            _ => {}
        }
    }
}

/// Among accounts of the service itself, what goes through the notification server was stored for who is offline.
fn stored(network: Option<u32>, what: Option<Saying>) -> Option<Saying> {
    match what {
        Some(Saying::Text(text)) if network == Some(1) => Some(Saying::Offline(text)),
        other => other,
    }
}

/// The address of a group: network 9 (circles) or 10 (temporary groups).
fn group(address: &str) -> Option<String> {
    let (network, _) = address.split_once(':')?;
    matches!(network, "9" | "10").then(|| bare_text(address))
}

/// The account in `/circle/roster(IM)/user(1:bob@example.com)`.
fn member_of_uri(uri: &str) -> Option<String> {
    let (_, after) = uri.split_once("user(")?;
    let (account, _) = after.split_once(')')?;
    Some(bare_text(account))
}

/// What identifies a conversation: the two who talk, in the order of the alphabet, or the group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'k> {
    Pair([&'k str; 2]),
    /// One of the two is not known: the connection stands for them.
    Half(u32, &'k str),
    Group(&'k str),
    Service(Option<&'k str>, u32),
}

fn key<'k>(peer: &'k Peer, stream: u32, owner: Option<&'k str>) -> Key<'k> {
    match (peer, owner) {
        (Peer::Group(address), _) => Key::Group(address),
        (Peer::Person(peer), Some(owner)) => {
            Key::Pair(if owner <= peer.as_str() { [owner, peer] } else { [peer, owner] })
        }
        (Peer::Person(peer), None) => Key::Half(stream, peer),
        (Peer::Service, Some(owner)) => Key::Service(Some(owner), 0),
        (Peer::Service, None) => Key::Service(None, stream),
    }
}

/// What all connections carry of one conversation.
#[derive(Default)]
struct Talk<'c> {
    lists: BTreeMap<u32, Vec<&'c Utterance>>,
    moves: Vec<(u32, &'c GroupMove)>,
    people: BTreeSet<&'c str>,
    pieces: u32,
}

/// The conversations that notification connections show.
pub(super) fn conversations(relays: &BTreeMap<u32, Relay>, ownership: &Ownership, names: &Names) -> Vec<Conversation> {
    let mut talks: BTreeMap<(Channel, Key<'_>), Talk<'_>> = BTreeMap::new();
    for (stream, relay) in relays {
        let owner = ownership.account(*stream);
        for (channel, peer, said) in &relay.says {
            let talk = talks.entry((*channel, key(peer, *stream, owner))).or_default();
            talk.lists.entry(*stream).or_default().push(said);
            talk.people.extend(owner);
            talk.people.extend(said.from.as_deref().filter(|from| !from.is_empty() && *channel != Channel::Service));
            if let Peer::Person(peer) = peer {
                talk.people.insert(peer);
            }
        }
        for ((channel, peer), pieces) in &relay.pieces {
            let talk = talks.entry((*channel, key(peer, *stream, owner))).or_default();
            talk.pieces = talk.pieces.max(*pieces);
            talk.lists.entry(*stream).or_default();
        }
        for step in &relay.moves {
            let talk = talks.entry((Channel::Datagrams, Key::Group(&step.group))).or_default();
            talk.moves.push((*stream, step));
            talk.lists.entry(*stream).or_default();
        }
    }
    // Who published something in a circle without a word to anybody has not talked.
    let talks = talks.into_iter().filter(|(_, talk)| !talk.is_silent());
    talks.map(|((channel, key), talk)| conversation(channel, &key, &talk, ownership, names)).collect()
}

impl Talk<'_> {
    fn is_silent(&self) -> bool {
        self.lists.values().all(Vec::is_empty) && self.moves.is_empty()
    }

    fn start(&self) -> Evidence {
        let said = self.lists.values().flatten().map(|said| said.evidence);
        let moved = self.moves.iter().map(|(_, step)| step.evidence);
        said.chain(moved).min_by_key(Evidence::order).unwrap_or_default()
    }
}

fn conversation(
    channel: Channel,
    key: &Key<'_>,
    talk: &Talk<'_>,
    ownership: &Ownership,
    names: &Names,
) -> Conversation {
    let start = talk.start();
    let participants = participants(talk, ownership, names, start);
    let lists: Vec<_> = talk.lists.iter().map(|(stream, says)| (ownership.account(*stream), says.clone())).collect();
    let known = talk.lists.keys().all(|stream| ownership.of(*stream).is_some());
    let messages = copies::merge(&lists).into_iter().map(|merged| {
        let mut message = message(merged, &participants, names);
        message.inferred |= !known;
        if message.from.as_deref() == Some("") {
            message.from = None;
        }
        message
    });
    Conversation {
        number: 0,
        channel,
        session: match key {
            Key::Group(address) => Some((*address).to_owned()),
            _ => None,
        },
        streams: talk.lists.keys().copied().collect(),
        messages: messages.collect(),
        participants,
        tickets: Vec::new(),
        invitations: Vec::new(),
        pieces: talk.pieces,
        start,
        // Nobody enters or leaves: it begins with the first word.
        from_start: true,
        end: None,
    }
}

fn participants(talk: &Talk<'_>, ownership: &Ownership, names: &Names, start: Evidence) -> Vec<Participant> {
    let mut people: BTreeMap<&str, Vec<Stay>> = BTreeMap::new();
    for (stream, step) in &talk.moves {
        let Some(account) = step.account.as_deref().or(ownership.account(*stream)) else { continue };
        let stays = people.entry(account).or_default();
        let here = stays.last_mut().filter(|stay| stay.left.is_none());
        match (here, step.enters) {
            (None, true) => {
                let joined = Some(step.evidence);
                stays.push(Stay { joined, already: false, inferred: false, left: None });
            }
            (Some(stay), false) => stay.left = Some(Leave { evidence: step.evidence, idle: false }),
            (None, false) => {
                let left = Some(Leave { evidence: step.evidence, idle: false });
                stays.push(Stay { joined: None, already: true, inferred: false, left });
            }
            (Some(_), true) => {}
        }
    }
    for person in &talk.people {
        people.entry(person).or_insert_with(|| {
            let owners = ownership.iter().filter(|(stream, _)| talk.lists.contains_key(stream));
            let inferred = owners.into_iter().any(|(_, owner)| owner.account == *person && owner.inferred);
            vec![Stay { joined: None, already: true, inferred, left: None }]
        });
    }
    let captured = |account: &str| talk.lists.keys().any(|stream| ownership.account(*stream) == Some(account));
    let person = |(account, stays): (&str, Vec<Stay>)| Participant {
        nick: names.at(account, start).map(str::to_owned),
        devices: Vec::new(),
        stays,
        captured: captured(account),
        account: account.to_owned(),
    };
    people.into_iter().map(person).collect()
}
