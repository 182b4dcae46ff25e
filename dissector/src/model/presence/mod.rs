//! Who was there when: per contact a timeline of status, name, personal message, music, picture, capabilities, devices.
//!
//! Comes in: messages of notification servers, the ends of connections, and holes in the capture. Goes out: one
//! [`PresenceEvent`] for every change, with the time at which it was over. What repeats what is known already is no event.
//! What a client says about itself counts when the server has answered, or at the end, marked, when no answer came.
//!
//! No status is carried over a hole of the capture, and none beyond the end of the connection that told it.

mod event;
mod fact;
mod timeline;

use std::collections::BTreeMap;

use super::evidence::{Evidence, Seen};
use super::owner::Ownership;
use crate::analysis::{End, Gap};
use crate::msnp::{Body, PduKind};
use crate::transport::How;

use crate::sorting::sort_by_key;
pub(super) use event::TEXTS;
pub use event::{Aspect, Availability, Picture, PresenceEvent};
use fact::{Fact, Fate, Said, Whom};
use timeline::Timeline;

/// What has been said about presence, by connection.
#[derive(Debug, Default)]
pub(super) struct Presences {
    streams: BTreeMap<u32, Journal>,
}

/// What one connection said.
#[derive(Debug, Default)]
struct Journal {
    facts: Vec<Fact>,
    /// What the client said about itself and nobody has answered, by TrID.
    open: BTreeMap<u32, (Evidence, Said)>,
}

impl Presences {
    /// Keeps the facts in one message.
    pub(super) fn observe(&mut self, seen: &Seen<'_>) {
        if seen.kind == PduKind::Command && !seen.in_room() {
            self.streams.entry(seen.stream()).or_default().observe(seen);
        }
    }

    /// What the server said is missing: from here on no status is known.
    pub(super) fn gap(&mut self, gap: &Gap) {
        self.streams.entry(gap.stream).or_default().facts.push(Fact::gap(gap));
    }

    /// A connection ended: from here on nobody tells it anything.
    pub(super) fn end(&mut self, end: &End) {
        let Some(journal) = self.streams.get_mut(&end.stream).filter(|_| end.how != How::CaptureEnd) else { return };
        journal.facts.push(Fact::over(Evidence::of_end(end), Fate::Over));
    }

    /// What each account saw of whom, in order of time.
    pub(super) fn finish(&self, ownership: &Ownership) -> Vec<PresenceEvent> {
        let mut accounts = BTreeMap::new();
        for (stream, journal) in &self.streams {
            let key = ownership.key(*stream);
            let (timeline, facts) = accounts.entry(key).or_insert_with(|| (Timeline::new(key.0), Vec::new()));
            timeline.seen_by(ownership.of(*stream));
            facts.extend(journal.all());
        }
        let mut events = Vec::new();
        for (mut timeline, mut facts) in accounts.into_values() {
            sort_by_key(&mut facts, |fact| fact.place);
            facts.iter().for_each(|fact| timeline.apply(fact));
            events.extend(timeline.events);
        }
        sort_by_key(&mut events, |(place, _)| *place);
        events.into_iter().map(|(_, event)| event).collect()
    }
}

impl Journal {
    fn observe(&mut self, seen: &Seen<'_>) {
        if let Body::Out { reason } = &seen.message.body {
            let elsewhere = !seen.from_client() && reason.is_some_and(|reason| reason.0 == b"OTH");
            let fate = if elsewhere { Fate::Elsewhere } else { Fate::Over };
            return self.facts.push(Fact::over(seen.evidence, fate));
        }
        match fact::said(seen) {
            Some((Whom::Own, said)) if seen.from_client() => self.ask(seen, said),
            Some((whom, said)) => {
                let asked = self.answered(seen);
                self.facts.push(Fact::told(seen, whom, said, asked.map(|(evidence, _)| evidence)));
            }
            None if seen.from_client() => {}
            None => {
                if let Some((asked, said)) = self.answered(seen)
                    && !matches!(seen.message.body, Body::Error { .. })
                {
                    self.facts.push(Fact::own(asked, said).confirmed());
                }
            }
        }
    }

    fn ask(&mut self, seen: &Seen<'_>, said: Said) {
        let Some(trid) = seen.message.trid else { return };
        if let Some((evidence, said)) = self.open.insert(trid, (seen.evidence, said)) {
            self.facts.push(Fact::own(evidence, said).unconfirmed());
        }
    }

    fn all(&self) -> impl Iterator<Item = Fact> {
        let open = self.open.values().map(|(asked, said)| Fact::own(*asked, said.clone()).unconfirmed());
        self.facts.iter().cloned().chain(open)
    }

    /// What the client said that this answers; an error takes it back.
    fn answered(&mut self, seen: &Seen<'_>) -> Option<(Evidence, Said)> {
        let trid = seen.message.trid.filter(|trid| *trid != 0 && !seen.from_client())?;
        let same_verb = seen.context.answers.is_some_and(|request| Some(request.verb) == seen.message.verb);
        let is_answer = same_verb || matches!(seen.message.body, Body::Error { .. });
        if is_answer { self.open.remove(&trid) } else { None }
    }
}
