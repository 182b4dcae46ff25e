//! Whose connection each stream is.
//!
//! Most connections say so: the client signs in, or enters a chat room, under its account. A capture that begins in the
//! middle must be read backwards: whose display picture it is, who is typing, which chat room was opened with whose
//! ticket. What is known in that way is marked as inferred.

use std::collections::{BTreeMap, HashMap};

use super::evidence::{Evidence, Seen};
use super::name::bare;
use crate::analysis::StreamInfo;
use crate::msnp::Body;

/// Whose a connection is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The account.
    pub account: String,
    /// No command says so outright.
    pub inferred: bool,
    /// What says so, or what it is inferred from.
    pub evidence: Evidence,
}

/// Whose connections they are.
#[derive(Debug, Clone, Default)]
pub struct Ownership {
    by_stream: BTreeMap<u32, Owner>,
}

impl Ownership {
    /// Whose a connection is; `None` when nothing tells.
    #[must_use]
    pub fn of(&self, stream: u32) -> Option<&Owner> {
        self.by_stream.get(&stream)
    }

    /// What to gather the facts of a connection under: its account, or else, since connections whose account nobody knows
    /// are each on their own, its number.
    pub(super) fn key(&self, stream: u32) -> (Option<&str>, Option<u32>) {
        match self.of(stream) {
            Some(owner) => (Some(&owner.account), None),
            None => (None, Some(stream)),
        }
    }

    /// All of them, by number of the connection.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Owner)> {
        self.by_stream.iter().map(|(stream, owner)| (*stream, owner))
    }
}

/// What has been said about it.
#[derive(Debug, Default)]
pub(super) struct Owners {
    stated: HashMap<u32, (String, Evidence)>,
}

impl Owners {
    pub(super) fn observe(&mut self, seen: &Seen<'_>) {
        let account = match &seen.message.body {
            Body::Identity { account, .. } | Body::SignedIn { account, .. } | Body::RoomEntry { account, .. } => {
                *account
            }
            _ => return,
        };
        self.stated.entry(seen.stream()).or_insert_with(|| (bare(account), seen.evidence));
    }

    pub(super) fn finish(&self, _streams: &BTreeMap<u32, StreamInfo>) -> Ownership {
        let owner = |(account, evidence): &(String, Evidence)| Owner {
            account: account.clone(),
            inferred: false,
            evidence: *evidence,
        };
        Ownership { by_stream: self.stated.iter().map(|(stream, stated)| (*stream, owner(stated))).collect() }
    }
}
