//! The story for the page: the library's tale in words.

use std::collections::BTreeMap;

use msnp_dissector::model::{
    Aspect, Channel, ChatMessage, Conversation, EndedBy, Evidence, KnownContact, Listing, Outcome, PresenceEvent,
    Roster, Saying, SignIn, Tale,
};
use msnp_dissector::msnp::{self, MsnObject, error_meaning, network_name};
use msnp_dissector::tree::Catalogue;

use super::rows::float;
use super::store::moment;
use crate::protocol::Moment;
use crate::protocol::story::{
    Arrival, Availability, Chat, ChatFound, ChatsFound, Contact, Emoticon, Entry, EntryBody, Fact, Happening, Mark,
    MarkKind, Missing, Proof, Said, SignIn as SignInCard, Story, Timeline, Transcript,
};
use crate::wording::visible;
use msnp_dissector::sorting::sort_by_key;
use msnp_dissector::transfer::Transfer;

use super::who;

/// Contacts, timelines, chats and missing things sent; the counts say how many there are.
const SHOWN: usize = 1_000;
/// Bars and marks of one timeline.
const MARKS_SHOWN: usize = 2_000;
/// Characters of a chat's first words.
const FIRST_WORDS: usize = 80;

/// The story without what was said.
#[must_use]
pub fn story(tale: &Tale, transfers: &[Transfer], span: Option<(Moment, Moment)>, catalogue: &Catalogue) -> Story {
    let words = Words { tale, catalogue };
    let people = who::people(tale, transfers);
    let narrow = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let contacts = tale.rosters.iter().flat_map(|roster| words.contacts(roster)).collect::<Vec<_>>();
    Story {
        sign_ins: tale.sign_ins.iter().take(SHOWN).map(|sign_in| words.sign_in(sign_in)).collect(),
        contact_count: narrow(contacts.len()),
        contacts: contacts.into_iter().take(SHOWN).collect(),
        timelines: words.timelines(span.map_or_else(Moment::default, |(_, last)| last)),
        span,
        chat_count: narrow(tale.conversations.len()),
        chats: tale.conversations.iter().take(SHOWN).map(|conversation| words.chat(conversation)).collect(),
        missing: tale.missing.iter().take(SHOWN).map(|missing| words.missing(missing)).collect(),
        people_count: narrow(people.len()),
        people: people.into_iter().take(SHOWN).collect(),
        transfer_count: narrow(transfers.len()),
        sent_count: narrow(transfers.iter().filter(|one| one.map.covered() > 0).count()),
        partial_count: narrow(transfers.iter().filter(|one| one.map.covered() > 0 && one.missing().is_some()).count()),
    }
}

/// The first `count` entries of a chat.
#[must_use]
pub fn transcript(tale: &Tale, number: u32, count: u32, catalogue: &Catalogue) -> Transcript {
    let words = Words { tale, catalogue };
    let found = tale.conversations.iter().find(|conversation| conversation.number == number);
    let mut entries = found.map(|conversation| words.entries_in_order(conversation)).unwrap_or_default();
    let total = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    entries.truncate(count as usize);
    Transcript { number, entries, total }
}

/// The chats that have a text: somebody says it, or is called so.
#[must_use]
pub fn search(tale: &Tale, text: &str, catalogue: &Catalogue) -> ChatsFound {
    let (words, wanted) = (Words { tale, catalogue }, text.to_lowercase());
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let look = |conversation: &Conversation| {
        let entries = words.entries_in_order(conversation);
        let places = entries.iter().zip(1_usize..).filter(|(entry, _)| entry.has(&wanted)).map(|(_, place)| place);
        let places = places.collect::<Vec<_>>();
        let named = || words.chat(conversation).with.iter().any(|name| name.to_lowercase().contains(&wanted));
        let until = number(places.last().copied().unwrap_or(0));
        let found = ChatFound { number: conversation.number, entries: number(places.len()), until };
        (until > 0 || named()).then_some(found)
    };
    let chats = tale.conversations.iter().take(SHOWN).filter_map(look).collect();
    ChatsFound { text: text.to_owned(), chats }
}

struct Words<'t> {
    tale: &'t Tale,
    catalogue: &'t Catalogue,
}

pub(super) fn proof(evidence: &Evidence) -> Proof {
    Proof { pdu: evidence.pdu, frame: float(evidence.frame), time: moment(evidence.time) }
}

fn name_or(name: Option<&String>, otherwise: &str) -> String {
    name.map_or_else(|| otherwise.to_owned(), |name| visible(name))
}

impl Words<'_> {
    fn sign_in(&self, sign_in: &SignIn) -> SignInCard {
        let mut facts = Vec::new();
        let mut fact = |name: &str, value: Option<String>, evidence: Option<&Evidence>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                facts.push(Fact { name: name.to_owned(), value: visible(&value), proof: evidence.map(proof) });
            }
        };
        let client = sign_in.client.as_ref();
        let told = client.map(|client| &client.evidence);
        fact("Display name", sign_in.nick.clone(), None);
        fact("Program", client.map(|client| format!("{} {}", client.name, client.version)), told);
        fact("System", client.map(|client| client.os.clone()), told);
        fact("Language", client.map(|client| client.locale.clone()), told);
        fact("Dialect", sign_in.dialect.map(|dialect| dialect.to_string()), None);
        let offered = sign_in.offered.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        fact("Offered", Some(offered), None);
        fact("Proved by", sign_in.auth.clone(), None);
        if let Some(address) = &sign_in.address {
            fact("Address seen by the server", Some(address.host.clone()), Some(&address.evidence));
        }
        for setting in &sign_in.privacy {
            let said = crate::wording::capitalised(&self.catalogue.render(&setting.text()));
            fact("Privacy", Some(said), Some(&setting.evidence));
        }
        for redirect in &sign_in.redirects {
            fact("Sent on to", Some(redirect.address.clone()), Some(&redirect.evidence));
        }
        for device in &sign_in.devices {
            let this = sign_in.machine.as_deref() == Some(device.id.as_str());
            let name = if this { "This device" } else { "Other device" };
            let value =
                device.name.as_ref().map_or_else(|| device.id.clone(), |called| format!("{called} {}", device.id));
            fact(name, Some(value), Some(&device.evidence));
        }
        let elsewhere = sign_in.elsewhere.as_ref().map(|elsewhere| {
            let other = match elsewhere.other {
                Some(_) => "The other sign-in is in this capture.",
                None => "The other sign-in is not in this capture: somebody used the account from another place.",
            };
            (other.to_owned(), proof(&elsewhere.evidence))
        });
        SignInCard {
            who: name_or(sign_in.account.as_ref(), "An account that nobody names"),
            inferred: sign_in.inferred,
            accepted: matches!(sign_in.outcome, Outcome::Accepted),
            outcome: self.outcome(sign_in),
            elsewhere,
            start: proof(&sign_in.start),
            end: sign_in.end.as_ref().map(|end| proof(&end.evidence)),
            lasting: sign_in.end.as_ref().is_some_and(|end| end.by == EndedBy::CaptureEnd),
            facts,
        }
    }

    fn outcome(&self, sign_in: &SignIn) -> String {
        let came = match sign_in.outcome {
            Outcome::Accepted => "Signed in.".to_owned(),
            Outcome::Refused { code, .. } => {
                let meaning = code.and_then(error_meaning).map(|text| self.catalogue.render(&text.text()));
                let code = code.map_or_else(String::new, |code| format!(" with error {code}"));
                meaning.map_or_else(|| format!("Refused{code}."), |meaning| format!("Refused{code}: {meaning}."))
            }
            Outcome::Redirected => "Sent on to another server; that connection is not in the capture.".to_owned(),
            Outcome::Unfinished => "Broken off before the server answered.".to_owned(),
            Outcome::NotCaptured => "Was signed in already when the capture begins.".to_owned(),
        };
        match &sign_in.end {
            Some(end) => format!(
                "{came} {}.",
                crate::wording::capitalised(&self.catalogue.render(&end.how)).trim_end_matches('.')
            ),
            None => came,
        }
    }

    fn contacts(&self, roster: &Roster) -> Vec<Contact> {
        let listing = roster.now();
        let account = name_or(roster.account.as_ref(), "an account that nobody names");
        listing.contacts().map(|contact| self.contact(&account, &listing, contact)).collect()
    }

    fn contact(&self, account: &str, listing: &Listing, contact: &KnownContact) -> Contact {
        let network = contact.network.map(|number| match network_name(number) {
            Some(name) => self.catalogue.render(&name.text()),
            None => format!("network {number}"),
        });
        let changes = contact.changes.iter().map(|change| Happening {
            text: visible(&self.catalogue.render(&change.text())),
            proof: proof(&change.evidence),
        });
        Contact {
            account: account.to_owned(),
            contact: visible(&contact.contact),
            nick: name_or(contact.nick.as_ref(), ""),
            lists: contact.lists.names(),
            groups: contact.groups.iter().map(|group| visible(listing.group_name(group))).collect(),
            network: network.unwrap_or_default(),
            blocked: contact.blocked(),
            partly: contact.partly_known,
            proof: proof(&contact.evidence),
            changes: changes.collect(),
        }
    }

    fn timelines(&self, last: Moment) -> Vec<Timeline> {
        let mut by_person = BTreeMap::<_, Timeline>::new();
        for event in &self.tale.presence {
            let key = (event.account.as_deref(), !event.own(), event.contact.as_deref());
            let timeline = by_person.entry(key).or_insert_with(|| Timeline {
                account: name_or(event.account.as_ref(), "an account that nobody names"),
                contact: name_or(event.contact.as_ref(), "the account itself"),
                nick: String::new(),
                own: event.own(),
                bars: Vec::new(),
                marks: Vec::new(),
            });
            self.present(event, timeline, last);
        }
        by_person.into_values().take(SHOWN).collect()
    }

    fn present(&self, event: &PresenceEvent, timeline: &mut Timeline, last: Moment) {
        let text = visible(&self.catalogue.render(&event.text()));
        let proof = proof(&event.evidence);
        let kind = match &event.what {
            Aspect::Status(availability) => {
                if timeline.bars.len() < MARKS_SHOWN {
                    timeline.bars.push(Availability {
                        from: proof.time,
                        to: event.until.as_ref().map_or(last, |until| moment(until.time)),
                        status: availability.code(),
                        text,
                        proof,
                    });
                }
                return;
            }
            Aspect::Nick(name) => {
                timeline.nick = visible(name);
                MarkKind::Name
            }
            Aspect::PersonalMessage(_) | Aspect::Media(_) => MarkKind::Message,
            Aspect::Picture(_) => MarkKind::Picture,
            Aspect::Capabilities(_) | Aspect::Device(_) | Aspect::DeviceGone(_) => MarkKind::Device,
        };
        if timeline.marks.len() < MARKS_SHOWN {
            let object = match &event.what {
                Aspect::Picture(Some(picture)) => Some(picture.name().to_owned()),
                _ => None,
            };
            timeline.marks.push(Mark { kind, text, object, proof });
        }
    }

    fn chat(&self, conversation: &Conversation) -> Chat {
        let own = own(conversation);
        let others = conversation.participants.iter().filter(|p| own != Some(p.account.as_str()));
        let mut with = others.map(|p| name_or(p.nick.as_ref(), &visible(&p.account))).collect::<Vec<_>>();
        if with.is_empty() {
            with = conversation.participants.iter().map(|p| visible(&p.account)).collect();
        }
        let mut spoken =
            conversation.messages.iter().filter(|message| !matches!(message.what, Saying::Typing | Saying::Recording));
        let first = spoken.find_map(|message| words_of(&message.what, self.catalogue)).unwrap_or_default();
        let last = conversation.messages.last().map(|message| &message.evidence);
        let end = conversation.end.as_ref().or(last).unwrap_or(&conversation.start);
        Chat {
            number: conversation.number,
            with,
            channel: channel(conversation.channel).to_owned(),
            start: moment(conversation.start.time),
            end: moment(end.time),
            messages: u32::try_from(conversation.message_count()).unwrap_or(u32::MAX),
            first: visible(&first.chars().take(FIRST_WORDS).collect::<String>()),
            from_start: conversation.from_start,
        }
    }

    fn entries_in_order(&self, conversation: &Conversation) -> Vec<Entry> {
        let mut entries = self.entries(conversation);
        sort_by_key(&mut entries, |entry| (entry.proof.time, entry.proof.pdu));
        entries
    }

    fn entries(&self, conversation: &Conversation) -> Vec<Entry> {
        let own = own(conversation);
        let mut entries = Vec::new();
        let mut note = |evidence: &Evidence, text: String| {
            entries
                .push(Entry { proof: proof(evidence), body: EntryBody::Note { text: visible(&text), typing: false } });
        };
        for invitation in &conversation.invitations {
            let from = invitation.from.as_deref().unwrap_or("Somebody");
            if let Some(call) = invitation.call.as_ref().or(invitation.ring.as_ref()) {
                note(call, format!("{from} invites {}", invitation.to));
            }
            if let Some((code, evidence)) = &invitation.refused {
                let meaning = error_meaning(*code).map(|text| self.catalogue.render(&text.text()));
                let meaning = meaning.map_or_else(String::new, |meaning| format!(": {meaning}"));
                note(evidence, format!("{} cannot be invited (error {code}{meaning})", invitation.to));
            }
        }
        for person in &conversation.participants {
            let name = person.nick.as_deref().unwrap_or(&person.account);
            for stay in &person.stays {
                if let Some(joined) = &stay.joined {
                    note(joined, format!("{name} {}", if stay.already { "is there already" } else { "comes in" }));
                }
                if let Some(left) = &stay.left {
                    let why =
                        if left.idle { "leaves: the room was closed because nobody said anything" } else { "leaves" };
                    note(&left.evidence, format!("{name} {why}"));
                }
            }
        }
        let mut announced = Announced::default();
        entries.extend(conversation.messages.iter().map(|message| {
            if let Saying::Emoticons(all) = &message.what {
                announced.keep(message.from.as_deref(), all);
            }
            self.entry(message, own, &announced)
        }));
        entries
    }

    fn entry(&self, message: &ChatMessage, own: Option<&str>, announced: &Announced) -> Entry {
        let account = name_or(message.from.as_ref(), "");
        let unnamed = if account.is_empty() { "Somebody".to_owned() } else { account.clone() };
        let name = name_or(message.nick.as_ref(), &unnamed);
        let mine = message.from.is_some() && message.from.as_deref() == own;
        let said = match &message.what {
            Saying::Text(said) | Saying::Offline(said) => said,
            what => {
                let does = match what {
                    Saying::Typing => "is typing".to_owned(),
                    Saying::Phone(text) => format!("(text message by phone): {text}"),
                    Saying::Nudge => "sends a nudge".to_owned(),
                    Saying::Wink(_) => "sends a wink".to_owned(),
                    Saying::VoiceClip(_) => "sends a voice clip".to_owned(),
                    Saying::Emoticons(all) => {
                        let shortcuts = all.iter().map(|emoticon| emoticon.shortcut.as_str()).collect::<Vec<_>>();
                        format!("announces emoticons of their own: {}", shortcuts.join(" "))
                    }
                    Saying::Ink { length: Some(length) } => format!("sends handwriting ({length} bytes)"),
                    Saying::Ink { length: None } => "sends handwriting, parts of which are missing".to_owned(),
                    other => words_of(other, self.catalogue).unwrap_or_else(|| "says something else".to_owned()),
                };
                let text = visible(&format!("{name} {does}"));
                let typing = matches!(what, Saying::Typing | Saying::Recording);
                return Entry { proof: proof(&message.evidence), body: EntryBody::Note { text, typing } };
            }
        };
        let arrival = match (message.delivered, mine) {
            (Some(false), _) => Arrival::Failed,
            // Whoever reads what others wrote needs nobody's word that it came.
            (_, false) => Arrival::Received,
            (Some(true), true) => Arrival::Confirmed,
            (None, true) => Arrival::NotConfirmed,
        };
        let format = said.format.as_ref();
        let said = Said {
            name: said.shown_name.as_ref().map_or(name, |shown| visible(shown)),
            account,
            own: mine,
            text: visible_text(&said.text),
            arrival,
            inferred: message.inferred,
            stored: matches!(message.what, Saying::Offline(_)),
            font: format.map(|format| visible(&format.font)).unwrap_or_default(),
            effects: format.map(|format| format.effects.clone()).unwrap_or_default(),
            colour: format.and_then(|format| format.colour),
            emoticons: announced.used_in(message.from.as_deref(), &said.text),
            right_to_left: format.is_some_and(|format| format.right_to_left),
        };
        Entry { proof: proof(&message.evidence), body: EntryBody::Said(said) }
    }

    fn missing(&self, missing: &msnp_dissector::model::Missing) -> Missing {
        let text = visible(&self.catalogue.render(&missing.text));
        let chat = missing.conversation.map(|number| format!(" (chat {number})")).unwrap_or_default();
        Missing {
            text: format!("{}{chat}.", text.trim_end_matches('.')),
            gap: missing.is_loss(),
            proof: proof(&missing.evidence),
        }
    }
}

/// The emoticons that people of a chat announced last, by their letters.
#[derive(Debug, Default)]
struct Announced<'t>(BTreeMap<(Option<&'t str>, &'t str), String>);

impl<'t> Announced<'t> {
    fn keep(&mut self, from: Option<&'t str>, all: &'t [msnp::Emoticon]) {
        for one in all {
            let object = MsnObject::parse(one.object.as_bytes()).filter(|object| !object.sha1d.is_empty());
            if let Some(object) = object.filter(|_| !one.shortcut.is_empty()) {
                self.0.insert((from, &one.shortcut), object.sha1d);
            }
        }
    }

    fn used_in(&self, from: Option<&str>, text: &str) -> Vec<Emoticon> {
        let used = self.0.iter().filter(|((who, letters), _)| *who == from && text.contains(letters));
        used.map(|((_, letters), object)| Emoticon { shortcut: visible(letters), object: object.clone() }).collect()
    }
}

/// Whose client the capture was made at.
fn own(conversation: &Conversation) -> Option<&str> {
    conversation.participants.iter().find(|person| person.captured).map(|person| person.account.as_str())
}

fn words_of(what: &Saying, catalogue: &Catalogue) -> Option<String> {
    match what {
        Saying::Text(said) | Saying::Offline(said) => Some(said.text.clone()),
        Saying::Action(text) | Saying::Phone(text) => Some(text.clone()),
        other => other.sentence().map(|text| catalogue.render(&text)),
    }
}

/// Control characters as pictures, but for line ends.
fn visible_text(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Room => "chat room",
        Channel::Relay => "through the notification server",
        Channel::Datagrams => "datagrams",
        Channel::Service => "the service",
    }
}
