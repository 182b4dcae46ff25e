//! What can happen to a contact, and how sure that is.

use crate::model::Evidence;
use crate::msnp::error_meaning;
use crate::tree::{Text, texts};

texts! {
    FL_ADDED = "roster.fl-added", "added to the contacts";
    FL_REMOVED = "roster.fl-removed", "removed from the contacts";
    AL_ADDED = "roster.al-added", "allowed";
    AL_REMOVED = "roster.al-removed", "no longer allowed";
    BL_ADDED = "roster.bl-added", "blocked";
    BL_REMOVED = "roster.bl-removed", "unblocked";
    RL_ADDED = "roster.rl-added", "has added this account";
    RL_REMOVED = "roster.rl-removed", "has removed this account";
    PL_ADDED = "roster.pl-added", "waits for an answer";
    PL_REMOVED = "roster.pl-removed", "no longer waits for an answer";
    LIST_ADDED = "roster.list-added", "put on list {0}";
    LIST_REMOVED = "roster.list-removed", "taken from list {0}";
    GROUP_JOINED = "roster.group-joined", "put into group “{0}”";
    GROUP_LEFT = "roster.group-left", "taken out of group “{0}”";
    GROUP_CREATED = "roster.group-created", "group “{0}” created";
    GROUP_RENAMED = "roster.group-renamed", "group “{0}” renamed to “{1}”";
    GROUP_DELETED = "roster.group-deleted", "group “{0}” deleted";
    RENAMED = "roster.renamed", "renamed to “{0}”";
    PROPERTY_SET = "roster.property-set", "{0} set to “{1}”";
    PROPERTY_CLEARED = "roster.property-cleared", "{0} cleared";
    MEMBER_JOINED = "roster.member-joined", "{0} is a member";
    MEMBER_LEFT = "roster.member-left", "{0} is no longer a member";
    UNCONFIRMED = "roster.unconfirmed", "{0} (asked for, no answer captured)";
    REFUSED = "roster.refused", "{0}: refused, error {1}";
    REFUSED_BECAUSE = "roster.refused-because", "{0}: refused, error {1} ({2})";
    FOUND = "roster.found", "{0} (found so when the list was read)";
}

/// The lists that a contact is on, as a sum of bits: 1 FL, 2 AL, 4 BL, 8 RL, 16 PL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Hash)]
pub struct Lists(pub u32);

impl Lists {
    /// People whom the account sees.
    pub const FORWARD: Self = Self(1);
    /// People who may see it.
    pub const ALLOW: Self = Self(2);
    /// People who may not.
    pub const BLOCK: Self = Self(4);
    /// People who have it among their contacts.
    pub const REVERSE: Self = Self(8);
    /// People who wait for an answer.
    pub const PENDING: Self = Self(16);
    /// Those that a client puts people on: forward, allow, block.
    pub(super) const OWN: Self = Self(7);

    /// Whether all of `lists` are among these.
    #[must_use]
    pub fn contains(self, lists: Self) -> bool {
        self.0 & lists.0 == lists.0
    }

    /// Both together.
    #[must_use]
    pub fn with(self, lists: Self) -> Self {
        Self(self.0 | lists.0)
    }

    /// These without `lists`.
    #[must_use]
    pub fn without(self, lists: Self) -> Self {
        Self(self.0 & !lists.0)
    }

    /// One by one.
    pub fn each(self) -> impl Iterator<Item = Self> {
        (0..u32::BITS).map(|bit| Self(1 << bit)).filter(move |list| self.contains(*list))
    }

    /// The two letters of each; a bit that has none as a number.
    #[must_use]
    pub fn names(self) -> Vec<String> {
        self.each().map(Self::name).collect()
    }

    fn name(self) -> String {
        let letters = match self {
            Self::FORWARD => "FL",
            Self::ALLOW => "AL",
            Self::BLOCK => "BL",
            Self::REVERSE => "RL",
            Self::PENDING => "PL",
            Self(other) => return other.to_string(),
        };
        letters.to_owned()
    }
}

/// Something that happened to a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub what: What,
    /// How sure that is.
    pub standing: Standing,
    /// The command that says what.
    pub evidence: Evidence,
    /// The other half of it: the request that was answered, or the answer to a request.
    pub counterpart: Option<Evidence>,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Put on a list. On the reverse and pending list people put themselves.
    Added(Lists),
    /// Taken from a list.
    Removed(Lists),
    /// Put into a group, given by its name.
    GroupJoined(String),
    /// Taken out of a group.
    GroupLeft(String),
    /// A group was created.
    GroupCreated(String),
    /// A group got another name.
    GroupRenamed {
        /// The name before.
        from: String,
        /// The name now.
        to: String,
    },
    /// A group was deleted.
    GroupDeleted(String),
    /// The account stores another name for the contact.
    Renamed(String),
    /// A property changed, such as a phone number; without a value it was cleared.
    Property {
        /// Three letters.
        code: String,
        /// The new value.
        value: Option<String>,
    },
    /// Somebody belongs to the circle.
    MemberJoined(String),
    /// Somebody left the circle.
    MemberLeft(String),
}

/// How sure it is that something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The server says so by itself.
    Told,
    /// The client asked for it, the server confirmed.
    Confirmed,
    /// The client asked for it, no answer is in the capture.
    Unconfirmed,
    /// The client asked for it, the server refused with this code: it did not happen.
    Refused(u32),
    /// A later list shows that it has happened in between.
    Found,
}

impl Standing {
    /// One word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::Confirmed => "confirmed",
            Self::Unconfirmed => "unconfirmed",
            Self::Refused(_) => "refused",
            Self::Found => "found",
        }
    }
}

impl What {
    /// One word for scripts.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Added(Lists::ALLOW) => "allowed",
            Self::Removed(Lists::ALLOW) => "disallowed",
            Self::Added(Lists::BLOCK) => "blocked",
            Self::Removed(Lists::BLOCK) => "unblocked",
            Self::Added(Lists::REVERSE) => "added-by-contact",
            Self::Removed(Lists::REVERSE) => "removed-by-contact",
            Self::Added(Lists::PENDING) => "pending",
            Self::Removed(Lists::PENDING) => "no-longer-pending",
            Self::Added(_) => "added",
            Self::Removed(_) => "removed",
            Self::GroupJoined(_) => "group-joined",
            Self::GroupLeft(_) => "group-left",
            Self::GroupCreated(_) => "group-created",
            Self::GroupRenamed { .. } => "group-renamed",
            Self::GroupDeleted(_) => "group-deleted",
            Self::Renamed(_) => "renamed",
            Self::Property { .. } => "property",
            Self::MemberJoined(_) => "member-joined",
            Self::MemberLeft(_) => "member-left",
        }
    }

    /// The list, group, name or member that it is about; of a property its letters and value.
    #[must_use]
    pub fn value(&self) -> String {
        match self {
            Self::Added(list) | Self::Removed(list) => list.names().join(" "),
            Self::GroupJoined(name) | Self::GroupLeft(name) | Self::GroupCreated(name) | Self::GroupDeleted(name) => {
                name.clone()
            }
            Self::GroupRenamed { to, .. } | Self::Renamed(to) => to.clone(),
            Self::Property { code, value } => match value {
                Some(value) => format!("{code} {value}"),
                None => code.clone(),
            },
            Self::MemberJoined(member) | Self::MemberLeft(member) => member.clone(),
        }
    }

    fn text(&self) -> Text {
        match self {
            Self::Added(Lists::FORWARD) => FL_ADDED.text(),
            Self::Removed(Lists::FORWARD) => FL_REMOVED.text(),
            Self::Added(Lists::ALLOW) => AL_ADDED.text(),
            Self::Removed(Lists::ALLOW) => AL_REMOVED.text(),
            Self::Added(Lists::BLOCK) => BL_ADDED.text(),
            Self::Removed(Lists::BLOCK) => BL_REMOVED.text(),
            Self::Added(Lists::REVERSE) => RL_ADDED.text(),
            Self::Removed(Lists::REVERSE) => RL_REMOVED.text(),
            Self::Added(Lists::PENDING) => PL_ADDED.text(),
            Self::Removed(Lists::PENDING) => PL_REMOVED.text(),
            Self::Added(_) => LIST_ADDED.with([self.value().into()]),
            Self::Removed(_) => LIST_REMOVED.with([self.value().into()]),
            Self::GroupJoined(name) => GROUP_JOINED.with([name.as_str().into()]),
            Self::GroupLeft(name) => GROUP_LEFT.with([name.as_str().into()]),
            Self::GroupCreated(name) => GROUP_CREATED.with([name.as_str().into()]),
            Self::GroupRenamed { from, to } => GROUP_RENAMED.with([from.as_str().into(), to.as_str().into()]),
            Self::GroupDeleted(name) => GROUP_DELETED.with([name.as_str().into()]),
            Self::Renamed(to) => RENAMED.with([to.as_str().into()]),
            Self::Property { code, value: Some(value) } => PROPERTY_SET.with([property(code), value.as_str().into()]),
            Self::Property { code, value: None } => PROPERTY_CLEARED.with([property(code)]),
            Self::MemberJoined(member) => MEMBER_JOINED.with([member.as_str().into()]),
            Self::MemberLeft(member) => MEMBER_LEFT.with([member.as_str().into()]),
        }
    }
}

fn property(code: &str) -> crate::tree::Arg {
    crate::msnp::property_name(code.as_bytes()).map_or_else(|| code.into(), |name| name.text().into())
}

impl Change {
    /// As a sentence without its subject, the contact.
    #[must_use]
    pub fn text(&self) -> Text {
        let asked_for = matches!(self.standing, Standing::Unconfirmed | Standing::Refused(_));
        let what = match &self.what {
            // People put themselves there: a client that asks for it has not understood that.
            What::Added(Lists::REVERSE | Lists::PENDING) if asked_for => LIST_ADDED.with([self.what.value().into()]),
            what => what.text(),
        };
        match self.standing {
            Standing::Told | Standing::Confirmed => what,
            Standing::Unconfirmed => UNCONFIRMED.with([what.into()]),
            Standing::Found => FOUND.with([what.into()]),
            Standing::Refused(code) => match error_meaning(code) {
                Some(meaning) => REFUSED_BECAUSE.with([what.into(), code.into(), meaning.text().into()]),
                None => REFUSED.with([what.into(), code.into()]),
            },
        }
    }
}
