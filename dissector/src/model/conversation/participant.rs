//! Who is in a chat when, put together from what each connection shows.

use std::collections::{BTreeMap, BTreeSet};

use super::room::{MoveKind, Room};
use crate::capture::Timestamp;
use crate::model::evidence::Evidence;
use crate::model::nick::Names;
use crate::model::owner::Ownership;
use crate::sorting::sort_by_key;

/// Somebody who takes part in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Participant {
    /// Who.
    pub account: String,
    /// What they called themselves when the conversation began.
    pub nick: Option<String>,
    /// Their devices, as far as the lines name them; MSNP16 and later.
    pub devices: Vec<String>,
    /// When they were there.
    pub stays: Vec<Stay>,
    /// Whether the capture holds their own connection.
    pub captured: bool,
}

/// One stay of somebody in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// When they came; `None` when that was before the capture, or is lost.
    pub joined: Option<Evidence>,
    /// They were there before the client whose connection tells it.
    pub already: bool,
    /// That they were there follows only from what they said, or the account itself is inferred.
    pub inferred: bool,
    /// When they left; `None` when nothing tells.
    pub left: Option<Leave>,
}

/// How somebody left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave {
    /// What shows it.
    pub evidence: Evidence,
    /// The room was closed because nobody had said anything for a while.
    pub idle: bool,
}

type Order = (Timestamp, u64, u32);

impl Stay {
    fn from(&self) -> Option<Order> {
        self.joined.map(|evidence| evidence.order())
    }

    fn until(&self) -> Option<Order> {
        self.left.map(|leave| leave.evidence.order())
    }

    fn covers(&self, order: Order) -> bool {
        self.from().is_none_or(|from| from <= order) && self.until().is_none_or(|until| order <= until)
    }

    /// Two connections that show the same stay: one may know its beginning, one its end.
    fn merge(&mut self, other: &Stay) {
        let first = match (self.joined, other.joined) {
            (Some(one), Some(other)) => Some(if other.order() < one.order() { other } else { one }),
            (one, other) => one.or(other),
        };
        self.already &= other.already || self.joined.is_some();
        self.joined = first;
        self.inferred &= other.inferred;
        self.left = match (self.left, other.left) {
            (Some(one), Some(other)) => Some(if other.evidence.order() < one.evidence.order() { other } else { one }),
            (one, other) => one.or(other),
        };
    }
}

impl Participant {
    /// The stay that somebody is in at a time.
    pub(super) fn stay_at(&self, evidence: Evidence) -> Option<&Stay> {
        self.stays.iter().find(|stay| stay.covers(evidence.order()))
    }
}

/// Who takes part in a room, by what all its connections show; in order of coming.
pub(super) fn participants(
    rooms: &[(u32, &Room)],
    ownership: &Ownership,
    names: &Names,
    start: Evidence,
) -> Vec<Participant> {
    let mut all: BTreeMap<String, Participant> = BTreeMap::new();
    for (stream, room) in rooms {
        let mut here = Here::default();
        here.owner(room, *stream, ownership);
        here.others(room, ownership.account(*stream));
        for (account, view) in here.people {
            let person = all.entry(account).or_default();
            person.captured |= view.owner;
            for device in view.devices_seen {
                if !person.devices.contains(&device) {
                    person.devices.push(device);
                }
            }
            person.stays.extend(view.stays);
        }
    }
    let mut people: Vec<Participant> = Vec::new();
    for (account, mut person) in all {
        person.stays = merged(std::mem::take(&mut person.stays));
        person.nick = names.at(&account, start).map(str::to_owned);
        person.account = account;
        people.push(person);
    }
    sort_by_key(&mut people, |person| person.stays.first().and_then(Stay::from));
    people
}

/// Stays in order; those that overlap are one.
fn merged(mut stays: Vec<Stay>) -> Vec<Stay> {
    sort_by_key(&mut stays, Stay::from);
    let mut out: Vec<Stay> = Vec::new();
    for stay in stays {
        let overlaps = |last: &Stay| last.until().is_none_or(|until| stay.from().is_none_or(|from| from <= until));
        match out.last_mut().filter(|last| overlaps(last)) {
            Some(last) => last.merge(&stay),
            None => out.push(stay),
        }
    }
    out
}

/// One connection's view of who is there.
#[derive(Debug, Default)]
struct Here {
    people: BTreeMap<String, View>,
}

#[derive(Debug, Default)]
struct View {
    owner: bool,
    stays: Vec<Stay>,
    devices: BTreeSet<String>,
    devices_seen: Vec<String>,
}

impl View {
    fn is_here(&self) -> bool {
        self.stays.last().is_some_and(|stay| stay.left.is_none())
    }

    fn comes(&mut self, joined: Option<Evidence>, already: bool, inferred: bool) {
        if !self.is_here() {
            self.stays.push(Stay { joined, already, inferred, left: None });
        }
    }
}

impl Here {
    fn owner(&mut self, room: &Room, stream: u32, ownership: &Ownership) {
        let Some(owner) = ownership.of(stream) else { return };
        let joined = room.entered.or(room.entry);
        let left = room.left().map(|evidence| Leave { evidence, idle: false });
        let view = self.people.entry(owner.account.clone()).or_default();
        view.owner = true;
        view.stays.push(Stay { joined, already: false, inferred: owner.inferred || joined.is_none(), left });
    }

    /// The others' coming and going. Whoever speaks without having come was there before, as far as it is known.
    fn others(&mut self, room: &Room, owner: Option<&str>) {
        let mut says = room.says.iter().filter_map(|said| Some((said.evidence, said.from.as_deref()?))).peekable();
        for step in &room.moves {
            while let Some((_, speaker)) = says.next_if(|(evidence, _)| evidence.order() < step.evidence.order()) {
                self.speaks(speaker, owner);
            }
            if Some(step.account.as_str()) == owner {
                continue;
            }
            let view = self.people.entry(step.account.clone()).or_default();
            match (step.kind, &step.device) {
                (MoveKind::Goes { idle }, device) => view.goes(device.as_deref(), step.evidence, idle),
                (kind, device) => {
                    view.comes(Some(step.evidence), kind == MoveKind::Already, false);
                    if let Some(device) = device {
                        view.devices.insert(device.clone());
                        view.devices_seen.push(device.clone());
                    }
                }
            }
        }
        for (_, speaker) in says {
            self.speaks(speaker, owner);
        }
    }

    fn speaks(&mut self, speaker: &str, owner: Option<&str>) {
        if Some(speaker) == owner {
            return;
        }
        match self.people.get_mut(speaker) {
            Some(view) => view.comes(None, true, true),
            None => self.people.entry(speaker.to_owned()).or_default().comes(None, true, true),
        }
    }
}

impl View {
    /// A person leaves with their last device. The line about the person as a whole may be missing at the end.
    fn goes(&mut self, device: Option<&str>, evidence: Evidence, idle: bool) {
        if let Some(device) = device {
            self.devices.remove(device);
            if !self.devices.is_empty() {
                return;
            }
        }
        self.devices.clear();
        let leave = Some(Leave { evidence, idle });
        match self.stays.last_mut() {
            Some(stay) if stay.left.is_none() => stay.left = leave,
            // The device's own line came just before.
            Some(_) if device.is_none() => {}
            // Who leaves was there, even if nothing else shows it.
            _ => self.stays.push(Stay { joined: None, already: true, inferred: false, left: leave }),
        }
    }
}
