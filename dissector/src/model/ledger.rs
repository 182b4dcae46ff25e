//! What the capture does not show, so that silence is never taken for absence.

use super::evidence::{Evidence, Seen};
use super::owner::Ownership;
use crate::analysis::{End, Gap, StreamInfo};
use crate::tree::Text;

/// Something that the capture does not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What is missing and what follows from it, as a sentence.
    pub text: Text,
    /// What shows that it is missing.
    pub evidence: Evidence,
}

#[derive(Debug, Default)]
pub(super) struct Ledger {}

impl Ledger {
    pub(super) fn stream(&mut self, _info: &StreamInfo) {}

    pub(super) fn observe(&mut self, _seen: &Seen<'_>) {}

    pub(super) fn gap(&mut self, _gap: &Gap) {}

    pub(super) fn end(&mut self, _end: &End) {}

    pub(super) fn finish(&self, _ownership: &Ownership) -> Vec<Missing> {
        Vec::new()
    }
}
