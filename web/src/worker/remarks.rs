//! Findings that no single command tells: what the capture does not show, and what is odd about a transfer.

use msnp_dissector::model::{Evidence, MissingKind, Tale};
use msnp_dissector::transfer::{Transfer, Verdict};
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
    /// Under what it is counted.
    pub id: &'static str,
    /// What it says.
    pub text: Text,
    /// What shows it.
    pub evidence: Evidence,
}

impl Remark {
    /// The ledger, entry by entry.
    pub fn of_ledger(tale: &Tale) -> impl Iterator<Item = Self> + use<'_> {
        tale.missing.iter().map(|missing| Self {
            severity: gravity(missing.kind),
            id: missing.text.id.decl().id,
            text: missing.text.clone(),
            evidence: missing.evidence,
        })
    }

    /// What is odd about a transfer and not in the ledger.
    pub fn of_transfer<'t>(one: &'t Transfer, verdict: &Verdict) -> impl Iterator<Item = Self> + use<'t> {
        let notes = one.notes(verdict).into_iter().map(|note| Self {
            severity: check::severity(note.severity),
            id: note.text.id.decl().id,
            text: one.named(&note),
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
