//! Findings that no single command tells: what the capture does not show, and what is odd about a transfer.

use msnp_dissector::model::{Evidence, Missing, MissingKind, Tale};
use msnp_dissector::transfer::{IN_TRANSFERS, Transfer, Verdict};
use msnp_dissector::tree::Text;

use super::check;
use super::store::Store;
use crate::protocol::Severity;

/// Commands looked through for one of a certain connection.
const NEAR: usize = 1000;

/// One such finding.
#[derive(Debug, Clone)]
pub struct Remark {
    /// How much it matters.
    pub severity: Severity,
    /// What all of its kind say: what they are counted under.
    pub kind: Text,
    /// What it says.
    pub text: Text,
    /// What shows it.
    pub evidence: Evidence,
}

impl Remark {
    /// The ledger, entry by entry. A hole before a command is not among them: its expert tells of it.
    pub fn of_ledger<'t>(tale: &'t Tale, store: &'t Store) -> impl Iterator<Item = Self> + use<'t> {
        let told = |missing: &&Missing| missing.kind != MissingKind::Gap || !is_told(missing, store);
        tale.missing.iter().filter(told).map(|missing| Self {
            severity: gravity(missing.kind),
            kind: kind(missing),
            text: missing.text.clone(),
            evidence: missing.evidence,
        })
    }

    /// What is odd about a transfer and not in the ledger.
    pub fn of_transfer<'t>(one: &'t Transfer, verdict: &Verdict) -> impl Iterator<Item = Self> + use<'t> {
        let notes = one.notes(verdict).into_iter().map(|note| Self {
            severity: check::severity(note.severity),
            text: one.named(&note),
            kind: note.text,
            evidence: note.evidence,
        });
        notes.filter(|remark| remark.severity > Severity::Chat)
    }

    /// The command that shows it, or else one nearby; none where there is no command at all.
    #[must_use]
    pub fn place(&self, store: &Store) -> Option<u32> {
        let Evidence { pdu, frame, stream, .. } = self.evidence;
        let stream = store.stream_index(stream).and_then(|index| store.streams.get(index as usize));
        let own = |number: &u32| {
            let of = store.record(*number).and_then(|record| store.stream(record));
            stream.is_none_or(|stream| of.is_some_and(|of| of.info.stream == stream.info.stream))
        };
        let (before, behind) = store.order().split_at(store.position((frame.saturating_add(1), 0)));
        let near = || before.iter().rev().take(NEAR).copied().find(own);
        let next = || behind.iter().take(NEAR).copied().find(own);
        let first = || stream.filter(|stream| stream.commands > 0).map(|stream| stream.first.1);
        let any = || before.last().or(behind.first()).copied();
        pdu.filter(|pdu| store.record(*pdu).is_some()).or_else(near).or_else(next).or_else(first).or_else(any)
    }
}

/// Whether the next command of its connection says that bytes are missing before it.
fn is_told(missing: &Missing, store: &Store) -> bool {
    let Evidence { frame, stream, .. } = missing.evidence;
    let mut next =
        store.order().iter().skip(store.position((frame, 0))).take(NEAR).filter_map(|pdu| store.record(*pdu));
    let own = next.find(|record| store.stream(record).is_some_and(|of| of.info.stream == stream));
    own.is_some_and(|record| record.frame == frame && record.context.after_gap)
}

/// What entries of one kind have in common: of transfers a sentence without names, else the first entry's own.
fn kind(missing: &Missing) -> Text {
    match missing.kind {
        MissingKind::Transfer => IN_TRANSFERS.text(),
        _ => missing.text.clone(),
    }
}

/// How much it matters that something is missing: whether it was there and is lost, or is known to have gone another way.
const fn gravity(kind: MissingKind) -> Severity {
    match kind {
        MissingKind::Gap | MissingKind::OneSided | MissingKind::Opaque | MissingKind::Cut | MissingKind::Transfer => {
            Severity::Warn
        }
        MissingKind::NoBeginning | MissingKind::NotCaptured | MissingKind::Encrypted | MissingKind::Silence => {
            Severity::Note
        }
    }
}
