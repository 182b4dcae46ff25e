//! Who was there when: per contact a timeline of status, name, personal message, music, picture, capabilities, devices.

use super::evidence::{Evidence, Seen};
use super::owner::Ownership;

/// Something that became known about somebody's presence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceEvent {
    /// Who sees it; `None` when nothing tells whose connection it was.
    pub account: Option<String>,
    /// Whose presence it is.
    pub contact: String,
    /// What says so.
    pub evidence: Evidence,
}

/// What has been said about presence, by connection.
#[derive(Debug, Default)]
pub(super) struct Presences {}

impl Presences {
    /// Keeps the facts in one message.
    pub(super) fn observe(&mut self, _seen: &Seen<'_>) {}

    /// What each account saw of whom.
    pub(super) fn finish(&self, _ownership: &Ownership) -> Vec<PresenceEvent> {
        Vec::new()
    }
}
