//! Contacts with the lists they are on: the documents of `ADL`, `RML` and `FQY`, and of the errors that repeat them.
//!
//! Source: protocol reference, commands 7.3, messages 7.2.

use super::schema::{Node, coded, group, leaf, number, unexpected};
use super::walk;
use crate::msnp::commands::contacts::LIST_BITS;
use crate::msnp::commands::presence::{NETWORK, network_name};
use crate::msnp::field::ACCOUNT;
use crate::msnp::token::{self, CodedNumber, EXPECTED_NUMBER};
use crate::msnp::value::list::ListBits;
use crate::msnp::{Content, Member};
use crate::tree::{FieldId, Kind, Scribe, Span, TextId, Value, fields, texts};

fields! {
    family 18;
    /// Contacts with the lists they are put on (ADL) or taken from (RML), or whose network is asked for (FQY). Both sides send it, from MSNP13 on.
    MEMBERS: Kind::Group => "msnp.members", "Memberships";
    /// 1 when the client tells its whole list, at sign-in; some clients set it later too. 2 is seen when a contact is being added.
    INITIAL: Kind::Text => "msnp.members.initial", "First list";
    /// Contacts of one domain: what all their accounts have behind the @.
    DOMAIN: Kind::Group => "msnp.members.domain", "Domain";
    /// What the accounts have behind the @.
    DOMAIN_NAME: Kind::Text => "msnp.members.domain.name", "Domain name", Account;
    /// Contacts that are telephones.
    PHONES: Kind::Group => "msnp.members.phones", "Telephones";
    /// One contact; its account is put together of this name and the domain.
    MEMBER: Kind::Group => "msnp.member", "Contact";
    /// What the account has before the @; of a telephone, “tel:” and the number.
    MEMBER_NAME: Kind::Text => "msnp.member.name", "Name", Account;
    /// The display name of the contact. The server alone sends it.
    MEMBER_NICK: Kind::Text => "msnp.member.nick", "Display name", Name;
    /// The account that an address stands for, in some answers of the server to the question for a network (FQY).
    MEMBER_ACTUAL: Kind::Text => "msnp.member.actual", "Actual account", Account;
    /// Lists of one service; the lists of a contact are told for each service by itself from MSNP21 on.
    SERVICE: Kind::Group => "msnp.member.service", "Service";
    /// Which service: IM chats, PE the profile, PF the profile for friends, PD the data that one’s own devices share. From MSNP18 on.
    SERVICE_NAME: Kind::Text => "msnp.service.name", "Service name";
}

texts! {
    SERVICE_IM = "service.IM", "chats";
    SERVICE_PE = "service.PE", "profile";
    SERVICE_PF = "service.PF", "profile for friends";
    SERVICE_PD = "service.PD", "data of one’s own devices";
}

/// `memberships = "<ml>" *( "<d>" *contact "</d>" / "<t>" *contact "</t>" ) "</ml>"`
pub fn memberships(s: &mut Scribe<'_, '_>) -> Content {
    let mut members = Members::default();
    walk::document(s, ROOTS, &mut members);
    Content::Members(members.all)
}

/// The contacts so far, and the domain that the document is in.
#[derive(Default)]
struct Members {
    all: Vec<Member>,
    domain: String,
}

impl Members {
    /// The contact that is being read.
    fn last(&mut self, tell: impl FnOnce(&mut Member)) {
        if let Some(member) = self.all.last_mut() {
            tell(member);
        }
    }
}

static ROOTS: &[Node<Members>] = &[group("ml", MEMBERS).attributes(&[leaf("l", INITIAL)]).children(&[
    group("d", DOMAIN)
        .attributes(&[leaf("n", DOMAIN_NAME).told(|members: &mut Members, name| members.domain = name.to_owned())])
        .opened(|members: &mut Members| members.domain.clear())
        .children(CONTACTS),
    group("t", PHONES).opened(|members: &mut Members| members.domain.clear()).children(CONTACTS),
])];

static CONTACTS: &[Node<Members>] = &[group("c", MEMBER)
    .attributes(&[
        leaf("n", MEMBER_NAME)
            .told(|members: &mut Members, name| members.last(|member| member.account = name.to_owned())),
        leaf("l", LIST_BITS).shown(lists).told(listed),
        leaf("t", NETWORK)
            .shown(|s, field, wire| number(s, field, wire, |id| CodedNumber(id, network_name(id))))
            .told(|members: &mut Members, id| members.last(|member| member.network = id.parse().ok())),
        leaf("f", MEMBER_NICK)
            .told(|members: &mut Members, nick| members.last(|member| member.nick = Some(nick.to_owned()))),
        leaf("actual", MEMBER_ACTUAL),
    ])
    .opened(|members: &mut Members| members.all.push(Member::default()))
    .children(&[group("s", SERVICE)
        .attributes(&[leaf("l", LIST_BITS).shown(lists).told(listed), leaf("n", SERVICE_NAME).shown(service)])])
    .closed(whole)];

fn lists(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    match token::number(wire) {
        Ok(([], bits)) => ListBits(bits).record(s, field, wire.len()),
        _ => unexpected(s, wire, EXPECTED_NUMBER),
    }
}

/// Lists of a contact, or of one of its services: the contact is on all of them.
fn listed(members: &mut Members, bits: &str) {
    if let Ok(bits) = bits.parse::<u32>() {
        members.last(|member| member.lists = Some(member.lists.unwrap_or_default() | bits));
    }
}

/// Which service something is about.
pub fn service(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    coded(s, field, wire, service_name);
}

fn service_name(name: &[u8]) -> Option<TextId> {
    Some(match name {
        b"IM" => SERVICE_IM,
        b"PE" => SERVICE_PE,
        b"PF" => SERVICE_PF,
        b"PD" => SERVICE_PD,
        _ => return None,
    })
}

/// Puts the account together.
fn whole(members: &mut Members, s: &mut Scribe<'_, '_>, span: Span) {
    let Some(member) = members.all.last_mut() else { return };
    if members.domain.is_empty() || member.account.is_empty() {
        return;
    }
    member.account = format!("{}@{}", member.account, members.domain);
    s.generated(ACCOUNT, span, Value::Text(member.account.clone()), None);
}
