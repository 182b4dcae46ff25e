//! Contacts and presence as records, in the words of the CLI's contract.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::{PlaceRecord, Reporter, time};
use crate::capture::Timestamp;
use crate::model::{Aspect, Change, KnownContact, Listing, PresenceEvent, Roster, Standing, Tale};
use crate::msnp::{Endpoint, network_name};

/// One line of `msnp contacts --json`.
#[derive(Debug, Serialize)]
pub struct ContactRecord {
    /// Whose contact it is; none when nothing tells.
    pub account: Option<String>,
    /// Who.
    pub contact: String,
    /// By what name: the one in the list, else the one they call themselves.
    pub nick: Option<String>,
    /// On which lists: FL, AL, BL, RL, PL.
    pub lists: Vec<String>,
    /// In which groups, by name.
    pub groups: Vec<String>,
    /// On which network; the old dialects do not say.
    pub network: Option<u32>,
    /// What the network is called, where that is known.
    pub network_name: Option<String>,
    /// What happened, in order of time.
    pub changes: Vec<ChangeRecord>,
    /// The service's identifier, a GUID.
    pub id: Option<String>,
    /// They may not see the account.
    pub blocked: bool,
    /// The capture does not hold the list itself: there may be more lists and groups.
    pub partly_known: bool,
    /// No command says whose contact it is.
    pub inferred: bool,
    /// Phone numbers and the like, by their three letters.
    pub properties: BTreeMap<String, String>,
    /// Members, if it is a circle.
    pub members: BTreeSet<String>,
    /// What says first that they are known.
    pub known: PlaceRecord,
}

/// One change of a contact.
#[derive(Debug, Serialize)]
pub struct ChangeRecord {
    /// Where it stands.
    #[serde(flatten)]
    pub at: PlaceRecord,
    /// What happened, one word.
    pub change: &'static str,
    /// The list, group, name or property.
    pub value: String,
    /// The same as a phrase.
    pub text: String,
    /// `told`, `confirmed`, `unconfirmed`, `refused` or `found`.
    pub standing: &'static str,
    /// The error of a refusal.
    pub error: Option<u32>,
    /// The request behind an answer, or the answer to a request.
    pub counterpart: Option<PlaceRecord>,
}

/// One line of `msnp presence --json`.
#[derive(Debug, Serialize)]
pub struct PresenceRecord {
    /// Where it stands.
    #[serde(flatten)]
    pub at: PlaceRecord,
    /// Who sees it; none when nothing tells.
    pub account: Option<String>,
    /// Whose presence; none for the account itself when nothing tells its name.
    pub contact: Option<String>,
    /// `status`, `nick`, `personal-message`, `media`, `picture`, `capabilities`, `device` or `device-gone`.
    pub event: &'static str,
    /// Letters of the status or `unknown`, name, text, hash, number, identifier; empty for what is taken away.
    pub value: String,
    /// The same as a phrase.
    pub text: String,
    /// Until when it held; none when the capture shows no end.
    pub until: Option<String>,
    /// Packet that shows the end.
    pub until_frame: Option<u64>,
    /// It was so before already.
    pub initial: bool,
    /// `told`, `confirmed` or `unconfirmed`.
    pub standing: &'static str,
    /// No command says whose connection it was.
    pub inferred: bool,
    /// What is known of the device.
    pub device: Option<EndpointRecord>,
    /// The picture, an `<msnobj>` element.
    pub object: Option<String>,
}

/// What is known of a device.
#[derive(Debug, Serialize)]
pub struct EndpointRecord {
    /// What its owner calls it.
    pub name: Option<String>,
    /// What it can do, as on the wire.
    pub capabilities: Option<String>,
    /// Its status, three letters.
    pub status: Option<String>,
    /// 1 computer, 2 web site, 3 mobile, 4 games console.
    pub client_type: Option<String>,
    /// It is not in use.
    pub idle: Option<bool>,
}

/// What people call themselves, by who sees it and who it is.
#[derive(Debug)]
pub struct Nicks<'t>(HashMap<(Option<&'t str>, &'t str), &'t str>);

impl<'t> Nicks<'t> {
    /// The last name of each, or the last one up to a time.
    #[must_use]
    pub fn of(tale: &'t Tale, until: Option<Timestamp>) -> Self {
        let early = tale.presence.iter().filter(|event| until.is_none_or(|until| event.evidence.time <= until));
        let named = early.filter_map(|event| match &event.what {
            Aspect::Nick(nick) => Some(((event.account.as_deref(), event.contact.as_deref()?), nick.as_str())),
            _ => None,
        });
        Self(named.collect())
    }

    /// The name of a contact: the one in the list, else the one they call themselves.
    #[must_use]
    pub fn name(&self, roster: &'t Roster, contact: &'t KnownContact) -> Option<&'t str> {
        let theirs = || self.0.get(&(roster.account.as_deref(), contact.contact.as_str())).copied();
        contact.nick.as_deref().or_else(theirs)
    }
}

impl Reporter {
    /// The contacts of every account, at a time or as the capture leaves them.
    #[must_use]
    pub fn contacts(&self, tale: &Tale, at: Option<Timestamp>) -> Vec<ContactRecord> {
        let nicks = Nicks::of(tale, at);
        let mut records = Vec::new();
        for roster in &tale.rosters {
            let listing = roster.listing(at);
            records.extend(listing.contacts().map(|contact| self.contact(roster, &listing, contact, &nicks)));
        }
        records
    }

    fn contact(&self, roster: &Roster, listing: &Listing, contact: &KnownContact, nicks: &Nicks<'_>) -> ContactRecord {
        ContactRecord {
            account: roster.account.clone(),
            contact: contact.contact.clone(),
            nick: nicks.name(roster, contact).map(str::to_owned),
            lists: contact.lists.names(),
            groups: contact.groups.iter().map(|id| listing.group_name(id).to_owned()).collect(),
            network: contact.network,
            network_name: contact.network.and_then(network_name).map(|name| self.catalogue.render(&name.text())),
            changes: contact.changes.iter().map(|change| self.change(change)).collect(),
            id: contact.id.clone(),
            blocked: contact.blocked(),
            partly_known: contact.partly_known,
            inferred: roster.inferred,
            properties: contact.properties.clone(),
            members: contact.members.clone(),
            known: contact.evidence.into(),
        }
    }

    fn change(&self, change: &Change) -> ChangeRecord {
        ChangeRecord {
            at: change.evidence.into(),
            change: change.what.name(),
            value: change.what.value(),
            text: self.catalogue.render(&change.text()),
            standing: change.standing.name(),
            error: match change.standing {
                Standing::Refused(code) => Some(code),
                _ => None,
            },
            counterpart: change.counterpart.map(Into::into),
        }
    }

    /// Everything that became known about anybody's presence, in order of time.
    pub fn presence<'t>(&self, tale: &'t Tale) -> impl Iterator<Item = PresenceRecord> + use<'t, '_> {
        tale.presence.iter().map(|event| self.presence_event(event))
    }

    fn presence_event(&self, event: &PresenceEvent) -> PresenceRecord {
        PresenceRecord {
            at: event.evidence.into(),
            account: event.account.clone(),
            contact: event.contact.clone(),
            event: event.what.name(),
            value: event.what.value(),
            text: self.catalogue.render(&event.text()),
            until: event.until.and_then(|until| time(until.time)),
            until_frame: event.until.map(|until| until.frame),
            initial: event.initial,
            standing: event.standing.name(),
            inferred: event.inferred,
            device: match &event.what {
                Aspect::Device(device) | Aspect::DeviceGone(device) => Some(endpoint(device)),
                _ => None,
            },
            object: match &event.what {
                Aspect::Picture(picture) => picture.as_ref().map(|picture| picture.object.clone()),
                _ => None,
            },
        }
    }
}

fn endpoint(device: &Endpoint) -> EndpointRecord {
    EndpointRecord {
        name: device.name.clone(),
        capabilities: device.capabilities.clone(),
        status: device.status.clone(),
        client_type: device.client_type.clone(),
        idle: device.idle,
    }
}
