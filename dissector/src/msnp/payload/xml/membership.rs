//! Contacts with the lists they are on: the documents of `ADL`, `RML` and `FQY`, and of the errors that repeat them; and
//! the members of circles, in documents of `PUT` and `NFY`.
//!
//! Source: protocol reference, commands 7.3, messages 7.2 and 8.

use super::schema::{Node, coded, group, leaf, number, unexpected};
use super::walk;
use crate::msnp::commands::contacts::LIST_BITS;
use crate::msnp::commands::presence::{NETWORK, network_name};
use crate::msnp::field::{ACCOUNT, NICK};
use crate::msnp::token::{self, Account, CodedNumber, EXPECTED_ACCOUNT, EXPECTED_NUMBER, account};
use crate::msnp::value::account as accounts;
use crate::msnp::value::list::ListBits;
use crate::msnp::{Content, Member};
use crate::tree::{FieldId, Kind, Scribe, Span, TextId, Value, fields, lossy, texts};

fields! {
    family 18;
    /// Contacts with the lists they are put on (ADL) or taken from (RML), or whose network is asked for (FQY). Both sides send it, from MSNP13 on.
    MEMBERS: Kind::Group => "msnp.members", "Memberships";
    /// 1 when the client tells its whole list, at sign-in; some clients set it later too. 2 is seen when a contact is
    /// being added. From MSNP13 on.
    INITIAL: Kind::Text => "msnp.members.initial", "First list";
    /// Contacts of one domain: what all their accounts have behind the @ is written once for all of them. Client and
    /// server send it, from MSNP13 on.
    DOMAIN: Kind::Group => "msnp.members.domain", "Domain";
    /// What the accounts of all contacts inside have behind the @, in small letters, such as example.com. Client and
    /// server send it, from MSNP13 on.
    DOMAIN_NAME: Kind::Text => "msnp.members.domain.name", "Domain name", Account;
    /// Contacts that are telephones rather than accounts; each is named by “tel:” and its number. Client and server
    /// send it, from MSNP13 on.
    PHONES: Kind::Group => "msnp.members.phones", "Telephones";
    /// One contact with the lists that client or server puts it on or takes it from, from MSNP13 on; its account is put
    /// together of the name here and the domain around it.
    MEMBER: Kind::Group => "msnp.member", "Contact";
    /// What the account has before the @, such as bob for bob@example.com; of a telephone, “tel:” and the number.
    /// Client and server send it, from MSNP13 on.
    MEMBER_NAME: Kind::Text => "msnp.member.name", "Name", Account;
    /// The account that an address stands for, in some answers of the server to the question for a network (FQY), from
    /// MSNP14 on.
    MEMBER_ACTUAL: Kind::Text => "msnp.member.actual", "Actual account", Account;
    /// Lists of one service, from client or server; the lists of a contact are told for each service by itself from
    /// MSNP21 on.
    SERVICE: Kind::Group => "msnp.member.service", "Service";
    /// Which service: IM chats, PE the profile, PF the profile for friends, PD the data that one’s own devices share.
    /// Client and server send it, from MSNP18 on.
    SERVICE_NAME: Kind::Text => "msnp.service.name", "Service name";
    /// A circle (from MSNP18 on) or a temporary group of people (MSNP21): its properties and its members. Client and
    /// server send it; what is not in it has not changed.
    CIRCLE: Kind::Group => "msnp.circle", "Circle";
    /// Properties of a circle, such as its name, that the server publishes from MSNP18 on; which there are is not documented.
    CIRCLE_PROPERTIES: Kind::Group => "msnp.circle.properties", "Properties";
    /// Members of a circle or group, as far as one service is concerned: chat (IM) has a roster of its own. Client and
    /// server send it, from MSNP18 on.
    ROSTER: Kind::Group => "msnp.circle.roster", "Roster";
    /// Which service the members of a roster use, by two letters: IM is chat, the only one seen. Client and server send
    /// it, from MSNP18 on.
    ROSTER_ID: Kind::Text => "msnp.circle.roster.id", "Service of the roster";
    /// A member of a circle or group, by the number of a network, a colon and an account. Client and server send it,
    /// from MSNP18 on.
    CIRCLE_MEMBER: Kind::Group => "msnp.circle.member", "Member of the circle";
}

texts! {
    SERVICE_IM = "service.IM", "chats";
    SERVICE_PE = "service.PE", "profile";
    SERVICE_PF = "service.PF", "profile for friends";
    SERVICE_PD = "service.PD", "data of one’s own devices";
}

/// `memberships = "<ml>" *( "<d>" *contact "</d>" / "<t>" *contact "</t>" ) "</ml>"`, or
/// `circle = "<circle>" [ properties ] *roster "</circle>"`: all that is left before the limit.
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

/// A number of 32 bits, and itself.
const BITS: usize = 33;
/// Parts of an address that are looked at.
const ADDRESS_PARTS: usize = 8;

static ROOTS: &[Node<Members>] = &[
    CIRCLES,
    group("ml", MEMBERS).attributes(&[leaf("l", INITIAL)]).children(&[
        group("d", DOMAIN)
            .attributes(&[leaf("n", DOMAIN_NAME).told(|members: &mut Members, name| members.domain = name.to_owned())])
            .opened(|members: &mut Members| members.domain.clear())
            .children(CONTACTS),
        group("t", PHONES).opened(|members: &mut Members| members.domain.clear()).children(CONTACTS),
    ]),
];

static CONTACTS: &[Node<Members>] = &[group("c", MEMBER)
    .attributes(&[
        leaf("n", MEMBER_NAME)
            .told(|members: &mut Members, name| members.last(|member| member.account = name.to_owned())),
        leaf("l", LIST_BITS).shown(lists).weighing(BITS).told(listed),
        leaf("t", NETWORK)
            .shown(|s, field, wire| number(s, field, wire, |id| CodedNumber(id, network_name(id))))
            .told(|members: &mut Members, id| members.last(|member| member.network = id.parse().ok())),
        leaf("f", NICK).told(|members: &mut Members, nick| members.last(|member| member.nick = Some(nick.to_owned()))),
        leaf("actual", MEMBER_ACTUAL),
    ])
    .opened(|members: &mut Members| members.all.push(Member::default()))
    .children(&[group("s", SERVICE).attributes(&[
        leaf("l", LIST_BITS).shown(lists).weighing(BITS).told(listed),
        leaf("n", SERVICE_NAME).shown(service),
    ])])
    .closed(whole)];

const CIRCLES: Node<Members> = group("circle", CIRCLE).children(&[
    group("props", CIRCLE_PROPERTIES),
    group("roster", ROSTER).children(&[
        leaf("id", ROSTER_ID).shown(service),
        group("user", CIRCLE_MEMBER)
            .opened(|members: &mut Members| members.all.push(Member::default()))
            .closed(|members: &mut Members, _, span| members.last(|member| member.span = span))
            .children(&[leaf("id", ACCOUNT).shown(address).weighing(ADDRESS_PARTS).told(addressed)]),
    ]),
]);

/// `address = network ":" account`
fn address(s: &mut Scribe<'_, '_>, field: FieldId, _: &[u8]) {
    let rest = s.rest();
    match account(rest) {
        Ok((_, found)) => accounts::record(s, field, found),
        Err(_) => unexpected(s, rest, EXPECTED_ACCOUNT),
    }
}

fn addressed(members: &mut Members, address: &str) {
    let account = Account(address.as_bytes());
    let network = address.split_once(':').and_then(|(network, _)| network.parse().ok());
    members.last(|member| {
        member.account = lossy(account.name());
        member.network = network;
    });
}

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
    member.span = span;
    if members.domain.is_empty() || member.account.is_empty() {
        return;
    }
    member.account = format!("{}@{}", member.account, members.domain);
    s.generated(ACCOUNT, span, Value::Text(member.account.clone()), None);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Recording;

    fn read(document: &str) -> Vec<Member> {
        match memberships(&mut Scribe::new(document.as_bytes(), Recording::Nothing)) {
            // Where they stand is a matter of its own.
            Content::Members(members) => {
                members.into_iter().map(|member| Member { span: Span::default(), ..member }).collect()
            }
            _ => Vec::new(),
        }
    }

    fn member(account: &str, network: Option<u32>, lists: Option<u32>) -> Member {
        Member { account: account.to_owned(), network, lists, nick: None, span: Span::default() }
    }

    #[test]
    fn an_account_is_a_name_and_its_domain() {
        let all = read(
            "<ml l='1'><d n='example.com'><c n='bob' l='3' t='1' /><c l='11' n='carol' f='C &amp; A'/></d>\
             <d n='example.net'><c n='dave' t='32'/></d><t><c n='tel:+15551234567' l='3'/></t></ml>",
        );
        let carol = Member { nick: Some("C & A".to_owned()), ..member("carol@example.com", None, Some(11)) };
        assert_eq!(
            all,
            [
                member("bob@example.com", Some(1), Some(3)),
                carol,
                member("dave@example.net", Some(32), None),
                member("tel:+15551234567", None, Some(3)),
            ]
        );
    }

    #[test]
    fn a_contact_stands_where_its_element_does() {
        let document = "<ml><d n='example.com'><c n='bob'/><c n='carol' l='3'></c></d></ml>";
        let Content::Members(all) = memberships(&mut Scribe::new(document.as_bytes(), Recording::Nothing)) else {
            panic!("contacts")
        };
        let stands = |member: &Member| document[member.span.start as usize..member.span.end as usize].to_owned();
        assert_eq!(all.iter().map(stands).collect::<Vec<_>>(), ["<c n='bob'/>", "<c n='carol' l='3'></c>"]);
    }

    #[test]
    fn a_contact_is_on_the_lists_of_all_its_services() {
        let all = read("<ml><d n='example.com'><c n='bob' t='1'><s l='1' n='IM'/><s l='2' n='PE'/></c></d></ml>");
        assert_eq!(all, [member("bob@example.com", Some(1), Some(3))]);
    }

    #[test]
    fn what_stood_before_the_fault_is_told() {
        let all = read("<ml><d n='example.com'><c n='bob' l='3'/><c n='carol' l='x'/><c n='da");
        assert_eq!(all, [member("bob@example.com", None, Some(3)), member("carol@example.com", None, None)]);
    }

    #[test]
    fn a_circle_names_its_members() {
        let document = "<circle><roster><id>IM</id><user><id>1:bob@example.com</id></user><user/></roster></circle>";
        assert_eq!(read(document), [member("bob@example.com", Some(1), None), member("", None, None)]);
    }
}
