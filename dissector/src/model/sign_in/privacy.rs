//! What an account lets others do: the privacy settings that the server reports, or the client asks for.

use crate::model::evidence::Evidence;
use crate::model::name::text;
use crate::msnp::Setting;
use crate::tree::{Text, texts};

texts! {
    STRANGERS_ALLOWED = "privacy.strangers.AL", "people on no list may see the account and write to it";
    STRANGERS_BLOCKED = "privacy.strangers.BL", "people on no list are blocked";
    STRANGERS_OTHER = "privacy.strangers", "people on no list: “{0}”";
    ASKS = "privacy.when-added.A", "the client asks when somebody adds the account";
    ASKS_NOT = "privacy.when-added.N", "the client does not ask when somebody adds the account";
    ASKS_OTHER = "privacy.when-added", "when somebody adds the account: “{0}”";
}

/// Which setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivacyKind {
    /// What people on no list may do.
    Strangers,
    /// Whether the client asks when somebody adds the account; up to MSNP12.
    WhenAdded,
}

/// A privacy setting, as it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivacySetting {
    /// Which.
    pub kind: PrivacyKind,
    /// The letters: `AL` or `BL`, `A` or `N`.
    pub value: String,
    /// What says so.
    pub evidence: Evidence,
}

impl PrivacySetting {
    pub(super) fn new(setting: Setting<'_>, evidence: Evidence) -> Self {
        let (kind, value) = match setting {
            Setting::Strangers(value) => (PrivacyKind::Strangers, value),
            Setting::WhenAdded(value) => (PrivacyKind::WhenAdded, value),
        };
        Self { kind, value: text(value), evidence }
    }

    /// As a sentence.
    #[must_use]
    pub fn text(&self) -> Text {
        match (self.kind, self.value.as_str()) {
            (PrivacyKind::Strangers, "AL") => STRANGERS_ALLOWED.text(),
            (PrivacyKind::Strangers, "BL") => STRANGERS_BLOCKED.text(),
            (PrivacyKind::Strangers, other) => STRANGERS_OTHER.with([other.into()]),
            (PrivacyKind::WhenAdded, "A") => ASKS.text(),
            (PrivacyKind::WhenAdded, "N") => ASKS_NOT.text(),
            (PrivacyKind::WhenAdded, other) => ASKS_OTHER.with([other.into()]),
        }
    }

    /// Takes note of a setting in a list of them: what is said again is no news.
    pub(super) fn note(list: &mut Vec<Self>, new: Self) {
        let known = list.iter().rev().find(|known| known.kind == new.kind);
        if known.is_none_or(|known| known.value != new.value) && list.len() < CEILING {
            list.push(new);
        }
    }
}

/// Settings of one connection that are kept: people do not change their minds more often.
const CEILING: usize = 1000;
