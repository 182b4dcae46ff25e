//! Files that are offered in a conversation, and what becomes of them.

use super::cues::{FILE_STATE, FILE_STATE_BYTES, OFFERS_FILE, OFFERS_FILE_SIZED, SOMEBODY, Script};
use super::words::name;
use crate::model::Evidence;
use crate::transfer::{Carrier, Kind, Sighting, Transfer};
use crate::tree::Span;

impl Script<'_> {
    /// Tells of files that are offered on the conversation's connections.
    pub fn files(&mut self) {
        let streams = &self.conversation.streams;
        let is_here = |one: &&Transfer| {
            let offered = one.steps.first().or(one.steps.last()).map(|step| step.sighting);
            one.kind == Kind::File && offered.is_some_and(|offered| streams.contains(&offered.stream))
        };
        for one in self.told.transfers.iter().filter(is_here).collect::<Vec<_>>() {
            self.file(one);
        }
    }

    fn file(&mut self, one: &Transfer) {
        let person = |script: &Self, account: &Option<String>| match account {
            Some(account) => script.called(account),
            None => script.say(SOMEBODY, []),
        };
        let (from, to, file) = (person(self, &one.from), person(self, &one.to), name(&one.name));
        // An offer of the old kind is a message of its own.
        if let Some(began) = one.began().filter(|_| !one.carriers.contains(&Carrier::Msnftp)) {
            match one.size() {
                Some(size) => self.tell(evidence(began), OFFERS_FILE_SIZED, [from, file.clone(), to, size.to_string()]),
                None => self.tell(evidence(began), OFFERS_FILE, [from, file.clone(), to]),
            }
        }
        if let Some(ended) = one.ended() {
            let state = self.reporter.catalogue.render(&one.state.name());
            match one.size().filter(|_| one.map.covered() > 0) {
                Some(size) => {
                    let covered = one.map.covered().to_string();
                    self.tell(evidence(ended), FILE_STATE_BYTES, [file, state, covered, size.to_string()]);
                }
                None => self.tell(evidence(ended), FILE_STATE, [file, state]),
            }
        }
    }
}

fn evidence(sighting: Sighting) -> Evidence {
    let Sighting { pdu, frame, time, stream, .. } = sighting;
    Evidence { pdu: Some(pdu), frame, time, stream, span: Span::default() }
}
