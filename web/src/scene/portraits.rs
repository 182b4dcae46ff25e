//! The pictures that people showed, over time; those too of which nothing but the hash ever travelled.

use std::collections::BTreeMap;

use crate::protocol::Moment;
use crate::protocol::story::{MarkKind, Proof, Story};
use crate::protocol::transfers::{Transfer, Transfers};

/// Somebody, and their display pictures.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Person {
    /// Account.
    pub account: String,
    /// The last display name; empty when nothing tells.
    pub nick: String,
    /// In order of time; none where a picture was taken away.
    pub shown: Vec<Portrait>,
}

/// A display picture, from a moment on.
#[derive(Debug, Clone, PartialEq)]
pub struct Portrait {
    /// Its SHA-1 in base64; none when there is no picture any more.
    pub object: Option<String>,
    /// When it was first heard of.
    pub from: Moment,
    /// What says so; none where only its transfer does.
    pub proof: Option<Proof>,
    /// The transfer that brought it.
    pub transfer: Option<u32>,
}

/// Everybody of whom a picture is known, by account.
#[must_use]
pub fn portraits(story: &Story, transfers: &Transfers) -> Vec<Person> {
    let mut people = BTreeMap::<String, Person>::new();
    for line in &story.timelines {
        let marks = line.marks.iter().filter(|mark| mark.kind == MarkKind::Picture);
        for mark in marks {
            let one = people.entry(line.contact.clone()).or_default();
            let (object, from) = (mark.object.clone(), mark.proof.time);
            one.shown.push(Portrait { object, from, proof: Some(mark.proof), transfer: None });
            one.nick.clone_from(&line.nick);
        }
    }
    for transfer in transfers.all.iter().filter(|one| one.portrait && !one.from.is_empty()) {
        let one = people.entry(transfer.from.clone()).or_default();
        let known = one.shown.iter().any(|portrait| portrait.object == transfer.object);
        if let (false, Some(object), Some((start, _))) = (known, &transfer.object, transfer.span) {
            one.shown.push(Portrait { object: Some(object.clone()), from: start, proof: None, transfer: None });
        }
    }
    for (account, one) in &mut people {
        one.account.clone_from(account);
        one.shown.sort_by_key(|portrait| portrait.from);
        one.shown.dedup_by(|later, first| later.object == first.object);
        for portrait in &mut one.shown {
            portrait.transfer =
                portrait.object.as_ref().and_then(|object| brought(transfers, object)).map(|one| one.id);
        }
    }
    people.into_values().filter(|one| one.shown.iter().any(|portrait| portrait.object.is_some())).collect()
}

/// The transfer that brought most of an object.
#[must_use]
pub fn brought<'t>(transfers: &'t Transfers, object: &str) -> Option<&'t Transfer> {
    let all = transfers.all.iter().filter(|one| one.received > 0.0 && one.object.as_deref() == Some(object));
    all.max_by(|a, b| a.received.total_cmp(&b.received).then(b.id.cmp(&a.id)))
}

/// The picture that somebody showed at a time: the last one that was heard of by then.
#[must_use]
pub fn shown_at<'p>(people: &'p [Person], account: &str, time: Moment) -> Option<&'p Portrait> {
    let person = people.iter().find(|person| person.account == account)?;
    person.shown.iter().rev().find(|portrait| portrait.from <= time)
}
