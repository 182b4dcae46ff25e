//! What one message says about contacts, before anything is concluded from it.

use super::change::{Lists, Standing};
use crate::analysis::Gap;
use crate::model::evidence::Place;
use crate::model::name::{bare, bare_text, nick, text};
use crate::model::{Evidence, Seen};
use crate::msnp::{Body, Contact, Content, Datagram, Direction, Member, verb};
use crate::tree::Span;

/// One entry of the journal.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub place: Place,
    pub said: Said,
    pub standing: Standing,
    /// The command that says so.
    pub evidence: Evidence,
    /// The other half of it: the request behind an answer, or the answer to a request.
    pub counterpart: Option<Evidence>,
}

impl Fact {
    pub(super) fn told(evidence: Evidence, entry: Entry) -> Self {
        let Entry { said, span } = entry;
        let place = Place::of(evidence);
        Self { place, said, standing: Standing::Told, evidence: evidence.within(span), counterpart: None }
    }

    pub(super) fn confirmed(evidence: Evidence, counterpart: Evidence, entry: Entry) -> Self {
        Self { standing: Standing::Confirmed, counterpart: Some(counterpart), ..Self::told(evidence, entry) }
    }

    pub(super) fn unconfirmed(evidence: Evidence, entry: Entry) -> Self {
        Self { standing: Standing::Unconfirmed, ..Self::told(evidence, entry) }
    }

    pub(super) fn refused(evidence: Evidence, counterpart: Evidence, code: u32, entry: Entry) -> Self {
        Self { standing: Standing::Refused(code), counterpart: Some(counterpart), ..Self::told(evidence, entry) }
    }

    pub(super) fn lost(gap: &Gap) -> Self {
        Self { place: Place::of_gap(gap), ..Self::told(Evidence::of_gap(gap), Entry::of(Said::Lost)) }
    }
}

/// Something that a message says, and where in it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub said: Said,
    /// Empty where the whole message says it.
    pub span: Span,
}

impl Entry {
    pub(super) fn of(said: Said) -> Self {
        Self { said, span: Span::default() }
    }
}

/// A contact as a message names it: by account, by the service's identifier, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Who {
    pub account: Option<String>,
    pub id: Option<String>,
}

impl Who {
    fn account(account: String) -> Self {
        Self { account: Some(account), id: None }
    }
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// The whole list follows: so many contacts, where the server counts them.
    ListBegins {
        contacts: Option<u32>,
    },
    /// The client has told its whole list.
    ListEnds,
    /// Bytes are missing here.
    Lost,
    /// One contact of the list.
    Listed {
        who: Who,
        nick: Option<String>,
        lists: Lists,
        /// Which lists the line speaks of: those that are not in `lists` the contact is not on.
        known: Lists,
        groups: Vec<String>,
        network: Option<u32>,
    },
    /// One group of the list.
    GroupListed {
        id: String,
        name: String,
    },
    GroupCreated {
        id: Option<String>,
        name: String,
    },
    GroupRenamed {
        id: String,
        name: String,
    },
    GroupDeleted {
        id: String,
    },
    Added {
        who: Who,
        lists: Lists,
        nick: Option<String>,
        groups: Vec<String>,
        network: Option<u32>,
    },
    Removed {
        who: Who,
        lists: Lists,
        groups: Vec<String>,
    },
    Renamed {
        who: Who,
        nick: String,
    },
    Property {
        who: Who,
        code: String,
        value: Option<String>,
        listed: bool,
    },
    /// Which network an address belongs to.
    Network {
        account: String,
        network: u32,
    },
    /// Somebody belongs to a circle.
    CircleMember {
        circle: String,
        member: String,
    },
    /// Somebody left a circle.
    CircleLeft {
        circle: String,
        member: String,
    },
}

impl Said {
    /// The account that it is about.
    pub(super) fn account(&self) -> Option<&str> {
        match self {
            Self::Listed { who, .. }
            | Self::Added { who, .. }
            | Self::Removed { who, .. }
            | Self::Renamed { who, .. }
            | Self::Property { who, .. } => who.account.as_deref(),
            Self::Network { account, .. } => Some(account),
            Self::CircleMember { circle, .. } | Self::CircleLeft { circle, .. } => Some(circle),
            _ => None,
        }
    }
}

/// What one contact of a document means: part of the list, or a change of it.
pub(super) fn of_member(seen: &Seen<'_>, member: &Member, listing: bool) -> Option<Said> {
    let account = bare_text(&member.account);
    let network = member.network;
    if seen.message.verb == Some(verb::FQY) {
        let answers = seen.context.direction != Direction::ToServer;
        return network.filter(|_| answers).map(|network| Said::Network { account, network });
    }
    let (who, lists) = (Who::account(account), Lists(member.lists.unwrap_or_default()));
    let nick = member.nick.clone().filter(|nick| !nick.is_empty());
    match seen.message.body {
        Body::MembersAdded if listing => {
            Some(Said::Listed { who, nick, lists, known: Lists::OWN, groups: Vec::new(), network })
        }
        Body::MembersAdded => Some(Said::Added { who, lists, nick, groups: Vec::new(), network }),
        Body::MembersRemoved => Some(Said::Removed { who, lists, groups: Vec::new() }),
        _ => None,
    }
}

/// What published data says about circles and groups: who belongs to them, and who has left.
pub(super) fn of_datagram(seen: &Seen<'_>, datagram: &Datagram) -> Vec<Entry> {
    let Some(uri) = datagram.uri.as_deref().filter(|uri| uri.starts_with("/circle")) else { return Vec::new() };
    let (address, gone) = match (&seen.message.body, seen.message.verb) {
        (Body::Published { gone }, _) => (&datagram.from, *gone),
        (_, Some(verb::PUT)) => (&datagram.to, false),
        (_, Some(verb::DEL)) => (&datagram.to, true),
        _ => return Vec::new(),
    };
    let circle = bare_text(address);
    if gone {
        let member =
            uri.split_once("user(").and_then(|(_, rest)| rest.split_once(')')).map(|(user, _)| bare_text(user));
        return member.map(|member| Entry::of(Said::CircleLeft { circle, member })).into_iter().collect();
    }
    let Content::Members(members) = &*datagram.content else { return Vec::new() };
    let member = |member: &Member| {
        let said = Said::CircleMember { circle: circle.clone(), member: bare_text(&member.account) };
        Entry { said, span: member.span }
    };
    members.iter().map(member).collect()
}

/// What a line means. `last_listed` is the contact of the last `LST`.
pub(super) fn of_line(seen: &Seen<'_>, last_listed: Option<&str>) -> Option<Said> {
    let from_client = seen.from_client();
    Some(match &seen.message.body {
        Body::Online { account, network: Some(network), .. } => {
            Said::Network { account: bare(*account), network: *network }
        }
        Body::ListBegins { contacts, .. } => Said::ListBegins { contacts: *contacts },
        Body::Listed(contact) if is_named(contact) => {
            let lists = lists(contact);
            // The old lines carry a TrID and speak of one list each; later ones give the sum of all.
            let known = if seen.message.trid.is_some() { lists } else { Lists(u32::MAX) };
            Said::Listed {
                who: who(contact),
                nick: own_nick(contact),
                lists,
                known,
                groups: groups(contact),
                network: None,
            }
        }
        Body::GroupNamed { id, name } => {
            let (id, name) = (id.map(text), nick(name));
            match (seen.message.verb, id) {
                (Some(verb::ADG), id) => Said::GroupCreated { id, name },
                (Some(verb::REG), Some(id)) => Said::GroupRenamed { id, name },
                (_, id) => Said::GroupListed { id: id?, name },
            }
        }
        Body::GroupRemoved { id } => Said::GroupDeleted { id: text(*id) },
        Body::Added(contact) if is_named(contact) => Said::Added {
            who: who(contact),
            lists: lists(contact),
            nick: own_nick(contact),
            groups: groups(contact),
            network: None,
        },
        Body::Removed(contact) if is_named(contact) => {
            Said::Removed { who: who(contact), lists: lists(contact), groups: groups(contact) }
        }
        Body::Renamed { account, nick: name } => Said::Renamed { who: Who::account(bare(*account)), nick: nick(name) },
        Body::Property { account, contact, code, value } => {
            let by_id = contact.map(|id| Who { account: None, id: Some(text(id)) });
            let named = account.map(|account| Who::account(bare(account)));
            let before = || last_listed.filter(|_| !from_client).map(|account| Who::account(account.to_owned()));
            let is_own = seen.message.verb == Some(verb::PRP);
            let listed = by_id.is_none() && named.is_none();
            let who = by_id.or(named).or_else(before).filter(|_| !is_own)?;
            property(who, text(*code), value.as_ref().map(nick), listed)
        }
        _ => return None,
    })
}

/// A contact's stored name travels as a property.
fn property(who: Who, code: String, value: Option<String>, listed: bool) -> Said {
    match value {
        Some(nick) if code == "MFN" => Said::Renamed { who, nick },
        value => Said::Property { who, code, value, listed },
    }
}

fn is_named(contact: &Contact<'_>) -> bool {
    contact.account.is_some() || contact.id.is_some()
}

fn who(contact: &Contact<'_>) -> Who {
    Who { account: contact.account.map(bare), id: contact.id.map(text) }
}

fn lists(contact: &Contact<'_>) -> Lists {
    Lists(contact.lists.unwrap_or_default())
}

fn groups(contact: &Contact<'_>) -> Vec<String> {
    contact.groups.iter().copied().map(text).collect()
}

/// The name, where it says more than the account does: clients that know no name repeat the account.
fn own_nick(contact: &Contact<'_>) -> Option<String> {
    let name = contact.nick.as_ref().map(nick)?;
    let repeats = contact.account.is_some_and(|account| bare(account) == name.to_ascii_lowercase());
    Some(name).filter(|_| !repeats)
}
