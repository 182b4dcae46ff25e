//! What people called themselves, and when: for messages that do not say it.

use std::collections::HashMap;

use super::evidence::{Evidence, Seen};
use super::name::{bare, bare_text, nick};
use super::owner::Ownership;
use crate::capture::Timestamp;
use crate::msnp::{Body, Content, verb};
use crate::sorting::sort_by_key;

type Order = (Timestamp, u64, u32);
type Line = Vec<(Order, String)>;

/// Names as they were said.
#[derive(Debug, Default)]
pub(super) struct Nicks {
    people: HashMap<String, Line>,
    /// The name of a connection's owner.
    own: HashMap<u32, Line>,
    /// The name that the service keeps for a contact: what is left when nobody says another.
    listed: HashMap<String, String>,
}

/// Names by account, in order of time.
#[derive(Debug, Default)]
pub(super) struct Names {
    people: HashMap<String, Line>,
    listed: HashMap<String, String>,
}

impl Nicks {
    pub(super) fn observe(&mut self, seen: &Seen<'_>) {
        let evidence = seen.evidence;
        match &seen.message.body {
            Body::SignedIn { account, nick: Some(name) }
            | Body::Ring { account, nick: name, .. }
            | Body::MessageIn { account, nick: name }
            | Body::Online { account, nick: name, .. }
            | Body::Renamed { account, nick: name } => {
                note(self.people.entry(bare(*account)).or_default(), evidence, nick(name));
            }
            Body::Joined(joined) => {
                note(self.people.entry(bare(joined.account)).or_default(), evidence, nick(&joined.nick));
            }
            Body::Property { account: None, code, value: Some(value), .. }
                if seen.message.verb == Some(verb::PRP) && code.0 == b"MFN" =>
            {
                self.own(evidence, nick(value));
            }
            Body::Listed(contact) | Body::Added(contact) => {
                if let (Some(account), Some(name)) = (contact.account, &contact.nick) {
                    self.listed.insert(bare(account), nick(name));
                }
            }
            _ => {}
        }
        self.payload(seen);
    }

    fn payload(&mut self, seen: &Seen<'_>) {
        let evidence = seen.evidence;
        match (&seen.message.content, &seen.message.body) {
            (Content::Profile(fields), _) => {
                if let Some((_, name)) = fields.iter().find(|(key, name)| key == "Nickname" && !name.is_empty()) {
                    self.own(evidence, name.clone());
                }
            }
            (Content::Details(details), body) => match (&details.nick, body) {
                (Some(name), Body::Details { account, .. }) => {
                    note(self.people.entry(bare(*account)).or_default(), evidence, name.clone());
                }
                (Some(name), Body::OwnDetails) => self.own(evidence, name.clone()),
                _ => {}
            },
            (Content::Members(members), _) => {
                for member in members {
                    if let Some(name) = &member.nick {
                        self.listed.insert(bare_text(&member.account), name.clone());
                    }
                }
            }
            (Content::Datagram(datagram), _) => {
                if let Content::Details(details) = &*datagram.content
                    && let Some(name) = &details.nick
                {
                    note(self.people.entry(bare_text(&datagram.from)).or_default(), evidence, name.clone());
                }
            }
            _ => {}
        }
    }

    fn own(&mut self, evidence: Evidence, name: String) {
        note(self.own.entry(evidence.stream).or_default(), evidence, name);
    }

    pub(super) fn finish(&self, ownership: &Ownership) -> Names {
        let mut people = self.people.clone();
        for (stream, line) in &self.own {
            if let Some(owner) = ownership.of(*stream) {
                people.entry(owner.account.clone()).or_default().extend(line.iter().cloned());
            }
        }
        for line in people.values_mut() {
            sort_by_key(line, |(order, _)| *order);
        }
        Names { people, listed: self.listed.clone() }
    }
}

/// Only a change is kept.
fn note(line: &mut Line, evidence: Evidence, name: String) {
    if line.last().is_none_or(|(_, last)| *last != name) {
        line.push((evidence.order(), name));
    }
}

impl Names {
    /// Whether the name of somebody at a time is taken from later.
    pub(super) fn is_from_later(&self, account: &str, evidence: Evidence) -> bool {
        let first = self.people.get(account).and_then(|line| line.first());
        first.is_some_and(|(order, _)| *order > evidence.order())
    }

    /// What somebody was called at a time: the last name said before, else the first one after.
    pub(super) fn at(&self, account: &str, evidence: Evidence) -> Option<&str> {
        let line = self.people.get(account).map(Vec::as_slice).unwrap_or_default();
        let before = line.partition_point(|(order, _)| *order <= evidence.order());
        let entry = before.checked_sub(1).and_then(|last| line.get(last)).or(line.first());
        entry.map(|(_, name)| name).or_else(|| self.listed.get(account)).map(String::as_str)
    }
}
