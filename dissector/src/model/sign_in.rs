//! To be told: SignIn.

use super::evidence::Seen;
use super::owner::Ownership;
use crate::analysis::End;

/// To be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {}

#[derive(Debug, Default)]
pub(super) struct SignIns {}

impl SignIns {
    pub(super) fn observe(&mut self, _seen: &Seen<'_>) {}

    pub(super) fn end(&mut self, _end: &End) {}

    pub(super) fn finish(&self, _ownership: &Ownership) -> Vec<SignIn> {
        Vec::new()
    }
}
