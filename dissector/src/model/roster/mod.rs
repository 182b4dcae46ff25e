//! Whom each account knows: contacts, the lists and groups they are on, and every change with its packet.
//!
//! Comes in: messages of notification servers. Goes out: a [`Roster`] per account, which can be asked for any time.
//! This room keeps a journal of facts: what a list said, and what was asked for, confirmed or refused. The fold of the
//! facts up to some time is the list at that time ([`Listing`]).
//!
//! - Up to MSNP12 the server sends the list (`SYN`) and repeats in its answers what a request asked for: the answer is
//!   the evidence.
//! - From MSNP13 on the client has its list from elsewhere and tells the server (`ADL`, before it shows itself online for
//!   the first time); the answer is a bare OK: the document is the evidence.

mod change;
mod fact;
mod listing;

use std::collections::BTreeMap;

use super::evidence::{Evidence, Seen};
use super::name::bare_text;
use super::owner::Ownership;
use crate::analysis::Gap;
use crate::capture::Timestamp;
use crate::msnp::{Body, Content, Direction, Member, PduKind, verb};

use crate::sorting::sort_by_key;
pub(super) use change::TEXTS;
pub use change::{Change, Lists, Standing, What};
use fact::{Entry, Fact, Said};
pub use listing::{Group, KnownContact, Listing};

/// The contacts of one account, at any time.
#[derive(Debug, Clone)]
pub struct Roster {
    /// Whose contacts they are; `None` when nothing tells whose connection it was.
    pub account: Option<String>,
    /// That it is this account is inferred.
    pub inferred: bool,
    /// In order of time.
    facts: Vec<Fact>,
}

impl Roster {
    /// The contacts as the capture leaves them.
    #[must_use]
    pub fn now(&self) -> Listing {
        Listing::of(self.facts.iter())
    }

    /// The contacts as they were right after `time`.
    #[must_use]
    pub fn at(&self, time: Timestamp) -> Listing {
        Listing::of(self.facts.iter().take_while(|fact| fact.evidence.time <= time))
    }

    /// The contacts at a time, or as the capture leaves them.
    #[must_use]
    pub fn listing(&self, at: Option<Timestamp>) -> Listing {
        at.map_or_else(|| self.now(), |time| self.at(time))
    }
}

/// What has been said about contacts, by connection.
#[derive(Debug, Default)]
pub(super) struct Rosters {
    streams: BTreeMap<u32, Journal>,
}

impl Rosters {
    /// Keeps the facts in one message.
    pub(super) fn observe(&mut self, seen: &Seen<'_>) {
        if seen.kind == PduKind::Command && !seen.in_room() {
            self.streams.entry(seen.stream()).or_default().observe(seen);
        }
    }

    /// What is missing may have been part of a list.
    pub(super) fn gap(&mut self, gap: &Gap) {
        self.streams.entry(gap.stream).or_default().facts.push(Fact::lost(gap));
    }

    /// The contacts of each account.
    pub(super) fn finish(&self, ownership: &Ownership) -> Vec<Roster> {
        let mut accounts = BTreeMap::new();
        for (stream, journal) in self.streams.iter().filter(|(_, journal)| journal.tells()) {
            let key = ownership.key(*stream);
            let account = key.0.map(str::to_owned);
            let roster = accounts.entry(key).or_insert(Roster { account, inferred: true, facts: Vec::new() });
            roster.inferred &= ownership.of(*stream).is_some_and(|owner| owner.inferred);
            roster.facts.extend(journal.all());
        }
        let mut rosters = accounts.into_values().collect::<Vec<_>>();
        for roster in &mut rosters {
            // What somebody calls itself is no fact about a contact.
            let own = roster.account.clone();
            roster
                .facts
                .retain(|fact| !(matches!(fact.said, Said::Renamed { .. }) && fact.said.account() == own.as_deref()));
            sort_by_key(&mut roster.facts, |fact| fact.place);
        }
        rosters
    }
}

/// What one connection said.
#[derive(Debug, Default)]
struct Journal {
    facts: Vec<Fact>,
    /// What the client asked for and nobody has answered, by TrID.
    open: BTreeMap<u32, (Evidence, Vec<Entry>)>,
    signing_in: SigningIn,
    /// Whom a property without an account is about.
    last_listed: Option<String>,
}

/// How far the sign-in is: from MSNP13 on the documents before the first status are the list, not changes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum SigningIn {
    /// The sign-in has not been seen.
    #[default]
    NotSeen,
    /// The server has accepted the client, which has not shown itself yet.
    Accepted,
    /// The same, and part of the list has been told.
    Listing,
    /// The client has shown itself.
    Over,
}

impl Journal {
    fn observe(&mut self, seen: &Seen<'_>) {
        self.follow_sign_in(seen);
        let said = self.said(seen);
        match seen.context.direction {
            Direction::ToServer => self.request(seen, said),
            Direction::ToClient | Direction::Unknown => self.server(seen, said),
        }
    }

    fn follow_sign_in(&mut self, seen: &Seen<'_>) {
        let shows_itself = seen.from_client()
            && (matches!(seen.message.body, Body::OwnStatus(_)) || seen.message.verb == Some(verb::PUT));
        self.signing_in = match (self.signing_in, &seen.message.body) {
            (SigningIn::NotSeen, Body::SignedIn { .. }) => SigningIn::Accepted,
            (SigningIn::Listing, _) if shows_itself => {
                self.facts.push(Fact::told(seen.evidence, Entry::of(Said::ListEnds)));
                SigningIn::Over
            }
            (_, _) if shows_itself => SigningIn::Over,
            (SigningIn::Accepted, Body::MembersAdded) if seen.from_client() => SigningIn::Listing,
            (other, _) => other,
        };
    }

    /// What a message says about contacts.
    fn said(&mut self, seen: &Seen<'_>) -> Vec<Entry> {
        if let Some(members) = members(seen) {
            let listing = seen.from_client() && self.signing_in == SigningIn::Listing;
            let entry =
                |member: &Member| Some(Entry { said: fact::of_member(seen, member, listing)?, span: member.span });
            return members.iter().filter_map(entry).collect();
        }
        if let Content::Datagram(datagram) = &seen.message.content {
            return fact::of_datagram(seen, datagram);
        }
        let said = fact::of_line(seen, self.last_listed.as_deref());
        if let Some(Said::Listed { who, .. }) = &said {
            self.last_listed.clone_from(&who.account);
        }
        said.map(Entry::of).into_iter().collect()
    }

    fn request(&mut self, seen: &Seen<'_>, said: Vec<Entry>) {
        let Some(trid) = seen.message.trid.filter(|_| !said.is_empty()) else { return };
        // A client that uses a TrID twice has given up on the first answer.
        if let Some((evidence, said)) = self.open.insert(trid, (seen.evidence, said)) {
            self.facts.extend(said.into_iter().map(|said| Fact::unconfirmed(evidence, said)));
        }
    }

    fn server(&mut self, seen: &Seen<'_>, said: Vec<Entry>) {
        let trid = seen.message.trid.filter(|trid| *trid != 0);
        if let (Body::Error { code }, Some(trid)) = (&seen.message.body, trid) {
            return self.refusal(seen, trid, *code);
        }
        let is_answer = seen.context.answers.is_some_and(|request| Some(request.verb) == seen.message.verb);
        let request = trid.filter(|_| is_answer).and_then(|trid| self.open.remove(&trid));
        match request {
            // A bare OK: the request says what happened.
            Some((asked, wanted)) if said.is_empty() => {
                self.facts.extend(wanted.into_iter().map(|said| Fact::confirmed(asked, seen.evidence, said)));
            }
            Some((asked, _)) => {
                self.facts.extend(said.into_iter().map(|said| Fact::confirmed(seen.evidence, asked, said)));
            }
            None => self.facts.extend(said.into_iter().map(|said| Fact::told(seen.evidence, said))),
        }
    }

    /// An error with a document refuses only what the document repeats: the rest of the request may still be confirmed.
    fn refusal(&mut self, seen: &Seen<'_>, trid: u32, code: u32) {
        let Some((asked, wanted)) = self.open.remove(&trid) else { return };
        let named = match &seen.message.content {
            Content::Members(members) if !members.is_empty() => {
                members.iter().map(|member| bare_text(&member.account)).collect::<Vec<_>>()
            }
            _ => Vec::new(),
        };
        let (refused, left) = wanted.into_iter().partition::<Vec<_>, _>(|entry| {
            named.is_empty() || entry.said.account().is_some_and(|account| named.iter().any(|name| name == account))
        });
        self.facts.extend(refused.into_iter().map(|said| Fact::refused(asked, seen.evidence, code, said)));
        if !left.is_empty() {
            self.open.insert(trid, (asked, left));
        }
    }

    fn tells(&self) -> bool {
        let of_contacts = |said: &Said| {
            !matches!(said, Said::Lost | Said::ListEnds | Said::Network { .. } | Said::ListBegins { contacts: None })
        };
        !self.open.is_empty() || self.facts.iter().any(|fact| of_contacts(&fact.said))
    }

    fn all(&self) -> impl Iterator<Item = Fact> {
        let open = self
            .open
            .values()
            .flat_map(|(evidence, wanted)| wanted.iter().map(|said| Fact::unconfirmed(*evidence, said.clone())));
        self.facts.iter().cloned().chain(open)
    }
}

/// The contacts in a document; an error's document says what was wrong instead.
fn members<'s>(seen: &Seen<'s>) -> Option<&'s [Member]> {
    match (&seen.message.body, &seen.message.content) {
        (Body::Error { .. }, _) => None,
        (_, Content::Members(members)) => Some(members),
        _ => None,
    }
}
