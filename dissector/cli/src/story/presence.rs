//! Presence: for each account, in order of time, what it saw of itself and of others.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use msnp_dissector::model::{Aspect, Availability, PresenceEvent, Standing, Tale};
use msnp_dissector::report::Reporter;

use super::timetable::{Timetable, lasting};
use super::words::{connection, name, sentence};

/// The column of names is at most so wide; what is longer shifts the rest of its line.
const WIDEST: usize = 32;
/// Characters of a picture’s hash shown: enough to tell pictures apart.
const HASH_SHOWN: usize = 8;
/// Characters of a device’s identifier shown, with its brace.
const ID_SHOWN: usize = 9;

/// What every account saw.
pub fn text(tale: &Tale, reporter: &Reporter) -> String {
    let mut out = String::new();
    let key = |event: &PresenceEvent| {
        let nameless = if event.account.is_none() { Some(event.evidence.stream) } else { None };
        (event.account.clone(), nameless)
    };
    for viewer in tale.presence.iter().map(key).collect::<BTreeSet<_>>() {
        if !out.is_empty() {
            out.push('\n');
        }
        let events = tale.presence.iter().filter(|event| key(event) == viewer).collect::<Vec<_>>();
        let inferred = if events.iter().all(|event| event.inferred) { " (inferred)" } else { "" };
        let _ = match viewer {
            (Some(account), _) => writeln!(out, "Seen by {}{inferred}", name(&account)),
            (None, stream) => writeln!(out, "Seen on {}, account not known", connection(stream.unwrap_or_default())),
        };
        print(&events, reporter, &mut out);
    }
    if tale.presence.is_empty() {
        out.push_str("Nobody’s presence is in this capture.\n");
    }
    out
}

/// What one packet says about one person stands on one line.
fn print(mut events: &[&PresenceEvent], reporter: &Reporter, out: &mut String) {
    let who = |event: &PresenceEvent| match &event.contact {
        Some(contact) => name(contact),
        None => "the account itself".to_owned(),
    };
    let width = events.iter().map(|event| who(event).chars().count()).max().unwrap_or(0).min(WIDEST);
    let mut timetable = Timetable::default();
    while let Some((first, _)) = events.split_first() {
        let unknown = is_unknown(first);
        let same = |event: &&&PresenceEvent| {
            let (at, other) = (first.evidence, event.evidence);
            (at.frame, at.stream, unknown) == (other.frame, other.stream, is_unknown(event))
                && (unknown || event.contact == first.contact)
        };
        let count = events.iter().take_while(same).count();
        let (line, rest) = events.split_at(count);
        events = rest;
        let subject = if unknown && count > 1 { format!("{count} people") } else { who(first) };
        let words = match unknown {
            true => vec![reporter.catalogue.render(&first.text())],
            false => phrases(line, reporter),
        };
        timetable.phrases(first.evidence, &format!("{subject:<width$}"), &words, out);
    }
}

fn phrases(events: &[&PresenceEvent], reporter: &Reporter) -> Vec<String> {
    let has_status = events.iter().any(|event| matches!(event.what, Aspect::Status(_)));
    let mut phrases = Vec::new();
    for event in events {
        let text = sentence(&reporter.catalogue.render(&event.text()));
        match &event.what {
            // The number of what a program can do comes with every status, and tells people little.
            Aspect::Capabilities(_) if has_status => {}
            Aspect::Status(_) => phrases.push(match event.until {
                Some(until) => format!("{text} for {}", lasting(event.evidence.time, until.time)),
                None => text,
            }),
            Aspect::Picture(Some(picture)) => {
                phrases.push(format!("picture {}…", name(picture.name()).chars().take(HASH_SHOWN).collect::<String>()));
            }
            Aspect::Device(device) | Aspect::DeviceGone(device) if !device.id.is_empty() => {
                let id = name(&device.id).chars().take(ID_SHOWN).collect::<String>();
                let called = device.name.as_deref().map(|called| format!(" “{}”", name(called))).unwrap_or_default();
                let gone = if matches!(event.what, Aspect::DeviceGone(_)) { " is gone" } else { "" };
                phrases.push(format!("device {id}…{called}{gone}"));
            }
            Aspect::Nick(nick) if has_status => phrases.push(format!("“{}”", name(nick))),
            _ => phrases.push(text),
        }
    }
    if events.iter().any(|event| event.standing == Standing::Unconfirmed) {
        phrases.push("no answer captured".to_owned());
    }
    phrases
}

fn is_unknown(event: &PresenceEvent) -> bool {
    matches!(event.what, Aspect::Status(Availability::NotSeen | Availability::NotConnected))
}
