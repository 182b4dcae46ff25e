//! Whom each account knows: contacts, the lists and groups they are on, and every change with its packet.

use super::evidence::Seen;
use super::owner::Ownership;

/// Somebody whom an account knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownContact {
    /// Whose contact this is; `None` when nothing tells whose connection it was.
    pub account: Option<String>,
    /// Who.
    pub contact: String,
}

/// What has been said about contacts, by connection.
#[derive(Debug, Default)]
pub(super) struct Roster {}

impl Roster {
    /// Keeps the facts in one message.
    pub(super) fn observe(&mut self, _seen: &Seen<'_>) {}

    /// The contacts of each account.
    pub(super) fn finish(&self, _ownership: &Ownership) -> Vec<KnownContact> {
        Vec::new()
    }
}
