//! One account's view of everybody's presence: each new fact is compared with what is known, and what differs becomes an
//! event that ends the one before.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{Aspect, Availability, Picture, PresenceEvent};
use super::fact::{Devices, Fact, Fate, Happening, Said, Whom};
use crate::model::evidence::Place;
use crate::model::{Evidence, Owner};
use crate::msnp::Endpoint;
use crate::msnp::token::Status;

const OFFLINE: Availability = Availability::Known(Status(*b"FLN"));

/// What one account sees.
#[derive(Debug)]
pub(super) struct Timeline {
    account: Option<String>,
    inferred: bool,
    people: BTreeMap<Option<String>, Person>,
    /// Whose status is known, by the connection that told it: they alone matter when it tells nothing any more.
    known: BTreeMap<u32, BTreeSet<Option<String>>>,
    /// In order of time.
    pub events: Vec<(Place, PresenceEvent)>,
}

/// What is known of one person.
#[derive(Debug, Default)]
struct Person {
    /// The status, and the connection that told it.
    status: Option<(Availability, u32)>,
    nick: Option<String>,
    personal_message: String,
    media: String,
    picture: Option<Picture>,
    capabilities: Option<String>,
    /// By identifier in small letters.
    devices: BTreeMap<String, Endpoint>,
    /// The last event of each kind, by name and device.
    last: BTreeMap<(&'static str, String), usize>,
}

impl Timeline {
    pub(super) fn new(account: Option<&str>) -> Self {
        Self {
            account: account.map(str::to_owned),
            inferred: true,
            people: BTreeMap::new(),
            known: BTreeMap::new(),
            events: Vec::new(),
        }
    }

    /// The connections of an account are known to be its own, unless each is only inferred to be.
    pub(super) fn seen_by(&mut self, owner: Option<&Owner>) {
        self.inferred &= owner.is_some_and(|owner| owner.inferred);
    }

    pub(super) fn apply(&mut self, fact: &Fact) {
        match &fact.happening {
            Happening::Told(whom, said) => {
                let contact = match whom {
                    Whom::Own => self.account.clone(),
                    Whom::Somebody(account) => Some(account.clone()),
                    Whom::OwnIf(account) if self.account.as_ref() == Some(account) => Some(account.clone()),
                    Whom::OwnIf(_) => return,
                };
                self.told(fact, contact, said);
            }
            Happening::Lost => self.disconnected(fact, Availability::NotSeen, None),
            Happening::Over(fate) => {
                let own = if *fate == Fate::Elsewhere { Availability::Elsewhere } else { OFFLINE };
                self.disconnected(fact, Availability::NotConnected, Some(own));
            }
        }
    }

    fn told(&mut self, fact: &Fact, contact: Option<String>, said: &Said) {
        let mut person = self.people.remove(&contact).unwrap_or_default();
        let mut news = Vec::new();
        if let Some(status) = said.status.map(Availability::Known) {
            if person.status.map(|(known, _)| known) != Some(status) {
                news.push(Aspect::Status(status));
            }
            person.status = Some((status, fact.evidence.stream));
            self.known.entry(fact.evidence.stream).or_default().insert(contact.clone());
            if status == OFFLINE {
                person.leaves(&mut self.events, fact.evidence);
            }
        }
        if let Some(nick) = said.nick.as_ref().filter(|nick| person.nick.as_ref() != Some(nick)) {
            person.nick = Some(nick.clone());
            news.push(Aspect::Nick(nick.clone()));
        }
        if let Some(text) = said.personal_message.as_ref().filter(|text| person.personal_message != **text) {
            person.personal_message.clone_from(text);
            news.push(Aspect::PersonalMessage(text.clone()));
        }
        if let Some(media) = said.media.as_ref().filter(|media| person.media != **media) {
            person.media.clone_from(media);
            news.push(Aspect::Media(media.clone()));
        }
        if let Some(picture) = said.picture.as_ref().filter(|picture| person.picture != **picture) {
            person.picture.clone_from(picture);
            news.push(Aspect::Picture(picture.clone()));
        }
        if let Some(number) = said.capabilities.as_ref().filter(|number| person.capabilities.as_ref() != Some(number)) {
            person.capabilities = Some(number.clone());
            news.push(Aspect::Capabilities(number.clone()));
        }
        person.devices(&said.devices, &mut news);
        for what in news {
            self.tell(fact, &contact, &mut person, what);
        }
        self.people.insert(contact, person);
    }

    /// From here on the connection tells nothing: what it has told last may not be true any more.
    fn disconnected(&mut self, fact: &Fact, unknown: Availability, own: Option<Availability>) {
        let stream = fact.evidence.stream;
        for contact in self.known.remove(&stream).unwrap_or_default() {
            let is_own = contact == self.account;
            let Some(mut person) = self.people.remove(&contact) else { continue };
            let told = person.status.filter(|(_, told_by)| *told_by == stream).map(|(known, _)| known);
            match (told, if is_own { own } else { Some(unknown) }) {
                (Some(known @ Availability::Known(_)), Some(status)) if status != known => {
                    person.leaves(&mut self.events, fact.evidence);
                    person.status = Some((status, stream));
                    self.tell(fact, &contact, &mut person, Aspect::Status(status));
                }
                // What the client says about itself does not get lost on the way to it.
                (Some(_), None) => drop(self.known.entry(stream).or_default().insert(contact.clone())),
                _ => {}
            }
            self.people.insert(contact, person);
        }
    }

    fn tell(&mut self, fact: &Fact, contact: &Option<String>, person: &mut Person, what: Aspect) {
        let over = matches!(what, Aspect::DeviceGone(_));
        if let Some(before) = person.last.insert(kind(&what), self.events.len()) {
            close(&mut self.events, before, fact.evidence);
        }
        let event = PresenceEvent {
            account: self.account.clone(),
            inferred: self.inferred,
            contact: contact.clone(),
            what,
            initial: fact.initial,
            standing: fact.standing,
            evidence: fact.evidence,
            until: Some(fact.evidence).filter(|_| over),
        };
        self.events.push((fact.place, event));
    }
}

impl Person {
    /// Whoever is not there plays nothing and has no devices.
    fn leaves(&mut self, events: &mut [(Place, PresenceEvent)], evidence: Evidence) {
        self.media.clear();
        self.devices.clear();
        self.last.retain(|(name, _), index| {
            let is_over = matches!(*name, "media" | "device");
            if is_over {
                close(events, *index, evidence);
            }
            !is_over
        });
    }

    fn devices(&mut self, said: &Devices, news: &mut Vec<Aspect>) {
        let key = |device: &Endpoint| device.id.to_ascii_lowercase();
        if let Devices::All(all) | Devices::Among(all) = said {
            for device in all {
                let known = self.devices.get(&key(device));
                let merged = merged(known, device);
                if known != Some(&merged) {
                    self.devices.insert(key(device), merged.clone());
                    news.push(Aspect::Device(merged));
                }
            }
        }
        let gone = match said {
            Devices::All(all) => {
                let there = all.iter().map(key).collect::<BTreeSet<_>>();
                self.devices.keys().filter(|id| !id.is_empty() && !there.contains(*id)).cloned().collect()
            }
            Devices::Gone(gone) => gone.iter().map(key).collect::<Vec<_>>(),
            Devices::Unsaid | Devices::Among(_) => Vec::new(),
        };
        news.extend(gone.iter().filter_map(|id| self.devices.remove(id)).map(Aspect::DeviceGone));
    }
}

/// What is known of a device, with what is new.
fn merged(known: Option<&Endpoint>, new: &Endpoint) -> Endpoint {
    let Some(known) = known else { return new.clone() };
    let newer = |new: &Option<String>, known: &Option<String>| new.clone().or_else(|| known.clone());
    Endpoint {
        id: known.id.clone(),
        name: newer(&new.name, &known.name),
        capabilities: newer(&new.capabilities, &known.capabilities),
        status: newer(&new.status, &known.status),
        client_type: newer(&new.client_type, &known.client_type),
        idle: new.idle.or(known.idle),
    }
}

fn kind(what: &Aspect) -> (&'static str, String) {
    match what {
        Aspect::Device(device) | Aspect::DeviceGone(device) => ("device", device.id.to_ascii_lowercase()),
        other => (other.name(), String::new()),
    }
}

fn close(events: &mut [(Place, PresenceEvent)], index: usize, evidence: Evidence) {
    if let Some((_, event)) = events.get_mut(index) {
        event.until.get_or_insert(evidence);
    }
}
