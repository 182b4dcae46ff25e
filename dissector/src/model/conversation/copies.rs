//! One message, however many connections carried it.
//!
//! Each sender's sayings are put side by side: what the sender's own connection shows, and what reached others. Equal
//! sayings in the same order within a short time are copies of one.

use std::collections::BTreeMap;

use super::saying::{Saying, Utterance};
use crate::model::evidence::Evidence;
use crate::sorting::sort_by_key;

/// Nanoseconds within which a message reaches the others.
const ARRIVES_WITHIN: i128 = 60_000_000_000;
/// Nanoseconds by which the clocks of two capturing machines may differ.
const CLOCKS: i128 = 2_000_000_000;
/// Sayings compared with one before it is taken for a message of its own.
const COMPARED: usize = 256;

/// A message, with every place it was seen.
#[derive(Debug)]
pub(super) struct Merged {
    /// `None` when nothing tells who.
    pub from: Option<String>,
    pub nick: Option<String>,
    pub what: Saying,
    pub evidence: Evidence,
    pub copies: Vec<Evidence>,
    pub receipt: Option<(bool, Evidence)>,
    /// It was seen on the connection of somebody who received it.
    pub received: Option<Evidence>,
}

/// Messages in order of time. `lists` has one list per connection, with its owner.
pub(super) fn merge(lists: &[(Option<&str>, Vec<&Utterance>)]) -> Vec<Merged> {
    let mut by_sender: BTreeMap<Option<&str>, Vec<(bool, Vec<&Utterance>)>> = BTreeMap::new();
    for (owner, says) in lists {
        let mut mine: BTreeMap<(Option<&str>, bool), Vec<&Utterance>> = BTreeMap::new();
        for said in says {
            let sender = said.from.as_deref().or(*owner);
            mine.entry((sender, said.from.is_none())).or_default().push(said);
        }
        for ((sender, own), says) in mine {
            by_sender.entry(sender).or_default().push((own, says));
        }
    }
    let mut all = Vec::new();
    for (sender, mut lists) in by_sender {
        // The sender's own connection first.
        sort_by_key(&mut lists, |(own, _)| !*own);
        let mut merged: Vec<Merged> = Vec::new();
        for (own, says) in lists {
            add(&mut merged, sender, own, &says);
        }
        all.append(&mut merged);
    }
    sort_by_key(&mut all, |message| message.evidence.order());
    all
}

fn add(merged: &mut Vec<Merged>, sender: Option<&str>, own: bool, says: &[&Utterance]) {
    let mut fresh = Vec::new();
    let mut next = 0;
    for said in says {
        let late = |message: &Merged| said.evidence.time.nanos_since(message.evidence.time);
        while merged.get(next).is_some_and(|message| late(message) > ARRIVES_WITHIN) {
            next += 1;
        }
        let candidates = merged.iter().enumerate().skip(next).take(COMPARED);
        let mut candidates = candidates.take_while(|(_, message)| late(message) >= -CLOCKS);
        let found = candidates.find(|(_, message)| said.what.is_copy_of(&message.what)).map(|(index, _)| index);
        match found.and_then(|index| Some((index, merged.get_mut(index)?))) {
            Some((index, message)) => {
                message.join(said, own);
                next = index + 1;
            }
            None => fresh.push(Merged::new(said, sender, own)),
        }
    }
    merged.append(&mut fresh);
    sort_by_key(merged, |message| message.evidence.order());
}

impl Merged {
    fn new(said: &Utterance, sender: Option<&str>, own: bool) -> Self {
        Self {
            from: sender.map(str::to_owned),
            nick: said.nick.clone(),
            what: said.what.clone(),
            evidence: said.evidence,
            copies: Vec::new(),
            receipt: said.receipt,
            received: (!own).then_some(said.evidence),
        }
    }

    fn join(&mut self, said: &Utterance, own: bool) {
        self.copies.push(said.evidence);
        if self.nick.is_none() {
            self.nick.clone_from(&said.nick);
        }
        if !own {
            self.received.get_or_insert(said.evidence);
        }
    }

    /// Whether it arrived: by the server's word, else because it was seen arriving.
    pub(super) fn delivered(&self) -> (Option<bool>, Option<Evidence>) {
        match (self.receipt, self.received) {
            (Some((arrived, evidence)), _) => (Some(arrived), Some(evidence)),
            (None, Some(evidence)) => (Some(true), Some(evidence)),
            (None, None) => (None, None),
        }
    }
}
