//! The story of a capture, in people's terms: who signed in and with what, whom they know, who was there when, who said
//! what to whom, and what the capture does not show.
//!
//! Comes in: commands, as an analysis finds them. Goes out: a [`Tale`], at any time. This room consumes typed messages:
//! it never looks at bytes and never looks a field up. It keeps facts, not commands, so its memory grows with what is
//! told and not with what travelled.
//!
//! Every part of the story is a room of its own with the same two doors: `observe` takes one message and keeps the facts
//! in it; `finish` makes sense of the facts, once it is known whose connection each stream is. What only a later command
//! reveals (whose stream this was, whether a message arrived) is thus told as if it had been known from the start.

mod conversation;
mod destination;
mod evidence;
mod ledger;
pub mod name;
mod nick;
mod owner;
mod presence;
mod roster;
mod sign_in;

use std::collections::BTreeMap;

pub use conversation::{Channel, ChatMessage, Conversation, Invitation, Leave, Participant, Saying, Stay};
pub use evidence::{Evidence, Seen};
pub use ledger::{Missing, MissingKind};
pub use owner::{Owner, Ownership, Ticket};
pub use presence::{Aspect, Availability, Picture, PresenceEvent};
pub use roster::{Change, Group, KnownContact, Listing, Lists, Roster, Standing, What};
pub use sign_in::{
    Address, Client, Device, Elsewhere, EndedBy, Ending, Outcome, PrivacyKind, PrivacySetting, Redirect, SignIn,
};

use crate::analysis::{self, Command, End, Gap, Sink, StreamInfo};
use crate::capture::{self, Timestamp};
use crate::msnp::Message;
use crate::sorting::sort_by_key;
use crate::tree::TextId;

/// The text tables of this room.
pub(crate) static TEXTS: &[&[TextId]] =
    &[conversation::TEXTS, ledger::TEXTS, presence::TEXTS, roster::TEXTS, sign_in::TEXTS, sign_in::PRIVACY_TEXTS];

/// Collects the facts of a capture as its commands come. Feed it as a [`Sink`], or beside one.
#[derive(Debug, Default)]
pub struct Story {
    streams: BTreeMap<u32, StreamInfo>,
    owners: owner::Owners,
    nicks: nick::Nicks,
    sign_ins: sign_in::SignIns,
    conversations: conversation::Conversations,
    rosters: roster::Rosters,
    presence: presence::Presences,
    ledger: ledger::Ledger,
}

/// What happened, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Tale {
    /// Whose connections they are.
    pub ownership: Ownership,
    /// Who signed in, in order of time.
    pub sign_ins: Vec<SignIn>,
    /// Who talked, in order of time.
    pub conversations: Vec<Conversation>,
    /// Whom each account knows, at any time.
    pub rosters: Vec<Roster>,
    /// Who was there when, in order of time.
    pub presence: Vec<PresenceEvent>,
    /// What the capture does not show, in order of time.
    pub missing: Vec<Missing>,
}

impl Tale {
    /// All that was said, each message with its conversation, in order of time.
    #[must_use]
    pub fn messages(&self) -> Vec<(&Conversation, &ChatMessage)> {
        let all = self.conversations.iter().flat_map(|one| one.messages.iter().map(move |message| (one, message)));
        let mut all = all.collect::<Vec<_>>();
        sort_by_key(&mut all, |(_, message)| message.evidence.order());
        all
    }

    /// What is missing besides, such as bytes of transfers, takes its place in the ledger.
    pub fn lacks(&mut self, more: impl IntoIterator<Item = Missing>) {
        self.missing.extend(more);
        sort_by_key(&mut self.missing, |missing| missing.evidence.order());
    }
}

impl Story {
    /// A story of which nothing is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The story so far. Costs as much as there are facts; may be asked for at any time.
    #[must_use]
    pub fn tell(&self) -> Tale {
        let ownership = self.owners.finish(&self.streams);
        let names = self.nicks.finish(&ownership);
        let sign_ins = self.sign_ins.finish(&self.streams, &ownership, &names);
        let conversations = self.conversations.finish(&self.streams, &ownership, &names);
        let missing = self.ledger.finish(&ledger::Known {
            ownership: &ownership,
            sign_ins: &sign_ins,
            conversations: &conversations,
            unopened: self.conversations.unopened(&ownership),
            parts: self.conversations.parts(),
        });
        Tale {
            rosters: self.rosters.finish(&ownership),
            presence: self.presence.finish(&ownership),
            sign_ins,
            conversations,
            missing,
            ownership,
        }
    }

    /// The file ends: what it lacks belongs to the story too. `last` is the time of its last packet.
    pub fn file_ended(&mut self, ending: &capture::Ending, last: Option<Timestamp>) {
        if let Some(last) = last {
            self.ledger.until(last);
        }
        let frame = match ending {
            capture::Ending::Complete => return,
            capture::Ending::Cut { packet } => *packet,
            capture::Ending::Damaged { after_packet, .. } => *after_packet,
        };
        if let Some(why) = analysis::ending(ending) {
            let evidence = Evidence { frame, time: last.unwrap_or_default(), ..Evidence::default() };
            self.ledger.cut(None, why, evidence);
        }
    }

    /// One of several files that are read as one has ended so; `frame` and `time` are those of its last packet among all.
    /// [`Story::file_ended`] tells of the end of all.
    pub fn one_ended(&mut self, name: &str, ending: &capture::Ending, (frame, time): (u64, Timestamp)) {
        if let Some(why) = analysis::ending(ending) {
            self.ledger.cut(Some(name), why, Evidence { frame, time, ..Evidence::default() });
        }
    }

    /// As [`Sink::command`], for who has taken the command apart already.
    pub fn told(&mut self, command: &Command<'_>, message: &Message<'_>) {
        self.observe(&Seen::new(command, message));
    }

    fn observe(&mut self, seen: &Seen<'_>) {
        self.owners.observe(seen);
        self.nicks.observe(seen);
        self.sign_ins.observe(seen);
        self.conversations.observe(seen);
        self.rosters.observe(seen);
        self.presence.observe(seen);
        self.ledger.observe(seen);
    }
}

impl Sink for Story {
    fn stream(&mut self, info: &StreamInfo) {
        self.streams.insert(info.stream, info.clone());
        self.ledger.stream(info);
    }

    fn command(&mut self, command: &Command<'_>) {
        self.told(command, &command.message());
    }

    fn gap(&mut self, gap: &Gap) {
        self.rosters.gap(gap);
        if self.streams.get(&gap.stream).is_none_or(|info| info.server == gap.source) {
            self.presence.gap(gap);
        }
        self.ledger.gap(gap);
    }

    fn end(&mut self, end: &End) {
        self.sign_ins.end(end);
        self.conversations.end(end);
        self.presence.end(end);
        self.ledger.end(end);
    }
}
