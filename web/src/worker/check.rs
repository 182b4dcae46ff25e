//! The experts' pass: looks at every command once, in small portions, after reading.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

use msnp_dissector::analysis::{Command, Sink};
use msnp_dissector::capture::{Ending, Timestamp};
use msnp_dissector::model::{Conversation, Story, Tale};
use msnp_dissector::msnp::token::Account;
use msnp_dissector::msnp::{Body, Server, dissect, field};
use msnp_dissector::transfer::{self, Transfers};
use msnp_dissector::tree::{self, Catalogue, Recording, Value};

use super::noted::Noted;
use super::remarks::Remark;
use super::store::Store;
use crate::protocol::{ExpertCount, Severity};
use msnp_dissector::sorting::sort_by_key;

/// Findings kept; a capture with more is damaged all over, and the count goes on.
const FOUND_CEILING: usize = 1_000_000;
/// Accounts listed.
const ACCOUNT_CEILING: usize = 100;
/// Accounts told apart.
const NAME_CEILING: usize = 1_000_000;

/// A finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The command, or one nearby.
    pub pdu: u32,
    /// What is said of it.
    pub what: What,
    /// How much it matters.
    pub severity: Severity,
}

/// Where its words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The command's expert of this number, from 0.
    Expert(u32),
    /// The request of this number, from 0, among those that nobody answered.
    Unanswered(u32),
    /// The remark of this number, from 0.
    Remark(u32),
}

/// What the check has found so far.
#[derive(Debug, Default)]
pub struct Checked {
    /// Findings: in order of commands, and worst first once the check is over.
    pub found: Vec<Found>,
    /// Those that no command tells by itself.
    pub remarks: Vec<Remark>,
    /// Findings, counting those not kept.
    pub total: u32,
    /// Per kind, worst first.
    pub kinds: Vec<ExpertCount>,
    /// Accounts in order of appearance, the first ones.
    pub accounts: Vec<String>,
    /// All accounts.
    pub account_names: HashSet<String>,
    /// Dialects agreed on.
    pub dialects: BTreeSet<u8>,
    /// Who signed in, in order.
    pub signed_in: Vec<String>,
    /// Texts so far, each copy counted; messages once the story is told.
    pub texts: u32,
    /// Accounts by command.
    pub noted: Noted,
    /// What the ledger holds besides lost bytes.
    pub ledger_count: u32,
    /// Whether the check is over.
    pub complete: bool,
    /// The facts, as the commands tell them.
    story: Story,
    /// Objects on their way.
    transfers: Transfers,
    /// Holes that the transfers know of.
    gaps: usize,
    done: u32,
    unanswered: usize,
}

impl Checked {
    /// Looks at the next `portion` commands.
    pub fn advance(&mut self, store: &Store, portion: u32, catalogue: &Catalogue) {
        let end = self.done.saturating_add(portion).min(store.last_number());
        for number in self.done.saturating_add(1)..=end {
            self.look(store, number, catalogue);
            self.noted.command();
        }
        self.done = end;
        self.complete = end == store.last_number();
        if self.complete {
            self.look_at_the_unanswered(store, catalogue);
            self.sort();
        }
    }

    fn sort(&mut self) {
        sort_by_key(&mut self.found, |found| (Reverse(found.severity), found.pdu, found.what));
    }

    /// What shows only when everything has been looked at.
    pub fn conclude(&mut self, store: &Store, remarks: impl Iterator<Item = Remark>, catalogue: &Catalogue) -> bool {
        let before = self.total;
        for remark in remarks {
            let Some(pdu) = remark.place(store) else { continue };
            let what = What::Remark(u32::try_from(self.remarks.len()).unwrap_or(u32::MAX));
            let text = || catalogue.render(&remark.kind);
            if self.count(store, Found { pdu, what, severity: remark.severity }, remark.kind.id.decl().id, text) {
                self.remarks.push(remark);
            }
        }
        let odd = self.total > before;
        if odd {
            self.sort();
        }
        odd
    }

    /// What only the end of the connections tells; once.
    fn look_at_the_unanswered(&mut self, store: &Store, catalogue: &Catalogue) {
        for (request, nth) in store.unanswered.iter().zip(0..).skip(self.unanswered) {
            self.note(store, (request.pdu, What::Unanswered(nth)), &request.expert(0), catalogue);
        }
        self.unanswered = store.unanswered.len();
    }

    /// The file has ended so.
    pub fn file_ended(&mut self, ending: &Ending, last: Option<Timestamp>) {
        self.story.file_ended(ending, last);
    }

    /// One of several files has ended so; its last packet, by number among all and time.
    pub fn one_ended(&mut self, name: &str, ending: &Ending, last: (u64, Timestamp)) {
        self.story.one_ended(name, ending, last);
    }

    /// The story, once all commands have been looked at. What is known of connections and holes is told after the
    /// commands: the story puts things in order of time by itself.
    pub fn tell(&mut self, store: &Store) -> Tale {
        for stream in &store.streams {
            self.story.stream(&stream.info);
        }
        for gap in &store.gaps {
            self.story.gap(gap);
        }
        for end in &store.ended {
            self.story.end(end);
        }
        let tale = self.story.tell();
        let messages = tale.conversations.iter().map(Conversation::message_count).sum::<usize>();
        self.texts = u32::try_from(messages).unwrap_or(u32::MAX);
        tale
    }

    /// The transfers, once all commands have been looked at. Their bytes are in the store.
    pub fn take_transfers(&mut self) -> Vec<transfer::Transfer> {
        std::mem::take(&mut self.transfers).finish()
    }

    fn look(&mut self, store: &Store, number: u32, catalogue: &Catalogue) {
        let Some(record) = store.record(number) else { return };
        let pdu = store.pdu(record);
        let wanted = [field::ACCOUNT, field::TEXT];
        let dissection = dissect(&pdu, &record.context, Recording::Only(&wanted));
        if let Some(command) = store.command(number) {
            self.story.told(&command, &dissection.message);
            while let Some(gap) = store.gaps.get(self.gaps).filter(|gap| gap.after < number) {
                self.transfers.gap(gap);
                self.gaps += 1;
            }
            self.transfers.observe(&command, &dissection.message);
        }
        for (expert, nth) in dissection.tree.experts.iter().zip(0..) {
            self.note(store, (number, What::Expert(nth)), expert, catalogue);
        }
        for item in &dissection.tree.items {
            match &item.value {
                Value::Text(account) if item.field == field::ACCOUNT => {
                    self.noted.account(account);
                    self.account(&name(account.as_bytes()));
                }
                Value::Text(_) => self.texts = self.texts.saturating_add(1),
                _ => {}
            }
        }
        for item in store.command(number).iter().flat_map(Command::facts).filter(|item| item.field == field::ACCOUNT) {
            if let Value::Text(account) = &item.value {
                self.noted.account(account);
            }
        }
        match dissection.message.body {
            Body::DialectChosen(Some(dialect)) => {
                self.dialects.insert(dialect.0);
            }
            Body::SignedIn { account, .. } | Body::RoomEntry { account, .. } => {
                let name = name(account.0);
                // A switchboard accepts people in the same words; entering a room is not signing in.
                let signs_in = matches!(dissection.message.body, Body::SignedIn { .. })
                    && record.context.server != Server::Switchboard;
                if signs_in && !self.signed_in.contains(&name) {
                    self.signed_in.push(name);
                }
            }
            _ => {}
        }
    }

    /// Whether the command that a finding leads to is the one that shows it.
    #[must_use]
    pub fn is_exact(&self, found: &Found) -> bool {
        let What::Remark(nth) = found.what else { return true };
        self.remarks.get(nth as usize).is_some_and(|remark| remark.evidence.pdu == Some(found.pdu))
    }

    fn note(&mut self, store: &Store, (pdu, what): (u32, What), expert: &tree::Expert, catalogue: &Catalogue) {
        let decl = expert.id.decl();
        let found = Found { pdu, what, severity: severity(decl.severity) };
        self.count(store, found, decl.id, || catalogue.render(&expert.text));
    }

    /// Takes in a finding; says whether it is kept.
    fn count(&mut self, store: &Store, found: Found, id: &str, text: impl FnOnce() -> String) -> bool {
        self.total = self.total.saturating_add(1);
        match self.kinds.iter_mut().find(|kind| kind.id == id) {
            Some(kind) => {
                kind.count = kind.count.saturating_add(1);
                if store.key(found.pdu) < store.key(kind.first) {
                    kind.first = found.pdu;
                }
            }
            None => {
                let Found { pdu, severity, .. } = found;
                let text = crate::wording::visible(&text());
                self.kinds.push(ExpertCount { severity, id: id.to_owned(), text, count: 1, first: pdu });
                sort_by_key(&mut self.kinds, |kind| (Reverse(kind.severity), kind.first));
            }
        }
        let kept = self.found.len() < FOUND_CEILING;
        if kept {
            self.found.push(found);
        }
        kept
    }

    fn account(&mut self, name: &str) {
        let full = self.account_names.len() >= NAME_CEILING;
        if full || !name.contains('@') || self.account_names.contains(name) {
            return;
        }
        self.account_names.insert(name.to_owned());
        if self.accounts.len() < ACCOUNT_CEILING {
            self.accounts.push(name.to_owned());
        }
    }
}

/// The page's word for a severity.
#[must_use]
pub const fn severity(severity: tree::Severity) -> Severity {
    match severity {
        tree::Severity::Chat => Severity::Chat,
        tree::Severity::Note => Severity::Note,
        tree::Severity::Warn => Severity::Warn,
        tree::Severity::Error => Severity::Error,
    }
}

fn name(account: &[u8]) -> String {
    tree::lossy(Account(account).name())
}
