//! Sentences from fields, for commands that nobody follows and that therefore have no typed values.

use super::super::command::Dissection;
use super::super::commands::{contacts, login, service, setting};
use super::super::field::{ACCOUNT, NICK, RESULT};
use super::super::payload::mime;
use super::{label_of, shorten};
use crate::msnp::token::Account;
use crate::msnp::{Direction, Verb, verb};
use crate::tree::{Arg, FieldId, Item, Text, TextId, lossy, texts, value_text};

texts! {
    TYPES = "sentence.is-typing", "{0} is typing.";
    SENDS = "sentence.sends", "{0} sends {1}.";
    CLIENT_SENDS = "sentence.client-sends", "The client sends {0}.";
    THROWN_OUT = "sentence.thrown-out", "The server ends the session: {0}.";
    RECOMMENDS = "sentence.recommends", "The server recommends client version {0}; the oldest that it accepts is {1}.";
    WAYS = "sentence.ways", "The server names the ways to prove who one is: {0}.";
    WANTS_FILE = "sentence.wants-file", "The client asks for the policy file {0}, which blocks features and words.";
    NEXT_PING = "sentence.next-ping", "The server answers the ping, and expects the next one within {0} seconds.";
    WANTS_LIST = "sentence.wants-list", "The client asks for one of its lists ({0}).";
    WHEN_ADDED_CLIENT = "sentence.when-added-client", "The client chooses what its program does when somebody adds it: {0}.";
    WHEN_ADDED_SERVER = "sentence.when-added", "What the client’s program does when somebody adds it: {0}.";
    STRANGERS_CLIENT = "sentence.strangers-client", "The client chooses what holds for people on none of its lists: {0}.";
    STRANGERS_SERVER = "sentence.strangers", "What holds for people on none of the client’s lists: {0}.";
    EMPTY_LIST = "sentence.empty-list", "This list is empty ({0}).";
    MEMBERS_ADDED = "sentence.members-added", "The server accepts the contacts.";
    MEMBERS_REMOVED = "sentence.members-removed", "The server accepts that contacts are taken off the lists.";
    SEARCHES = "sentence.searches", "The client searches the member directory: {0}.";
    FOUND = "sentence.found", "Somebody found in the member directory: {0}.";
    HAS_INVITED = "sentence.invites-by-mail", "The client has the server invite {0} by e-mail.";
    WANTS_PAGE = "sentence.wants-page", "The client asks for the web address of a service: {0}.";
    GIVES_PAGE = "sentence.gives-page", "The server gives the web address of a service: {0}.";
    INVITATIONS_ARE = "sentence.invitations-switch", "The switch for chat invitations: {0}.";
    PAGES = "sentence.pages", "The client sends a text message to the phone of {0}.";
    CONTROLS = "sentence.controls", "The client sends a control message to {0}: {1}.";
    CONTROLS_UNKNOWN = "sentence.controls-unknown", "The client sends a control message to {0}.";
    CONTROLLED = "sentence.controlled", "A control message arrives from {0}: {1}.";
    CONTROLLED_UNKNOWN = "sentence.controlled-unknown", "A control message arrives from {0}.";
    MESSAGES = "sentence.messages", "The client sends a message through the notification server to {0} ({1}).";
    MESSAGED = "sentence.messaged", "A message arrives through the notification server from {0} ({1}).";
    REPORTS = "sentence.reports", "The client reports a user to the service: {0}.";
}

/// What a sentence takes from a command: a field's values, what the first of them means, or the login names in them.
enum Part {
    Said(FieldId),
    Meant(FieldId),
    Named(FieldId),
}

/// A sentence about a verb, if the command has all its parts; of several, the first that fits.
struct Pattern(Verb, Direction, TextId, &'static [Part]);

use Direction::{ToClient, ToServer};
use Part::{Meant, Named, Said};

#[rustfmt::skip]
static PATTERNS: &[Pattern] = &[
    Pattern(verb::MSG, ToServer, TYPES,              &[Said(mime::TYPING_USER)]),
    Pattern(verb::MSG, ToClient, TYPES,              &[Said(mime::TYPING_USER)]),
    Pattern(verb::MSG, ToServer, CLIENT_SENDS,       &[Meant(mime::CONTENT_TYPE)]),
    Pattern(verb::MSG, ToClient, SENDS,              &[Said(NICK), Meant(mime::CONTENT_TYPE)]),
    Pattern(verb::OUT, ToClient, THROWN_OUT,         &[Meant(login::REASON)]),
    Pattern(verb::CVR, ToClient, RECOMMENDS,         &[Said(login::RECOMMENDED), Said(login::MINIMUM)]),
    Pattern(verb::CVQ, ToClient, RECOMMENDS,         &[Said(login::RECOMMENDED), Said(login::MINIMUM)]),
    Pattern(verb::INF, ToClient, WAYS,               &[Said(login::PACKAGE)]),
    Pattern(verb::GCF, ToServer, WANTS_FILE,         &[Said(login::FILE_NAME)]),
    Pattern(verb::QNG, ToClient, NEXT_PING,          &[Said(login::PING_SECONDS)]),
    Pattern(verb::LST, ToServer, WANTS_LIST,         &[Meant(contacts::LIST)]),
    Pattern(verb::LST, ToClient, EMPTY_LIST,         &[Meant(contacts::LIST)]),
    Pattern(verb::ADL, ToClient, MEMBERS_ADDED,      &[Said(RESULT)]),
    Pattern(verb::RML, ToClient, MEMBERS_REMOVED,    &[Said(RESULT)]),
    Pattern(verb::GTC, ToServer, WHEN_ADDED_CLIENT,  &[Meant(setting::WHEN_ADDED)]),
    Pattern(verb::GTC, ToClient, WHEN_ADDED_SERVER,  &[Meant(setting::WHEN_ADDED)]),
    Pattern(verb::BLP, ToServer, STRANGERS_CLIENT,   &[Meant(setting::STRANGERS)]),
    Pattern(verb::BLP, ToClient, STRANGERS_SERVER,   &[Meant(setting::STRANGERS)]),
    Pattern(verb::FND, ToServer, SEARCHES,           &[Said(service::FIND_TERM)]),
    Pattern(verb::FND, ToClient, FOUND,              &[Said(service::FIND_TERM)]),
    Pattern(verb::SND, ToServer, HAS_INVITED,        &[Named(ACCOUNT)]),
    Pattern(verb::SDC, ToServer, HAS_INVITED,        &[Named(ACCOUNT)]),
    Pattern(verb::URL, ToServer, WANTS_PAGE,         &[Said(service::URL_SERVICE)]),
    Pattern(verb::URL, ToClient, GIVES_PAGE,         &[Said(service::URL_PAGE)]),
    Pattern(verb::IMS, ToServer, INVITATIONS_ARE,    &[Said(service::INVITATIONS)]),
    Pattern(verb::IMS, ToClient, INVITATIONS_ARE,    &[Said(service::INVITATIONS)]),
    Pattern(verb::PAG, ToServer, PAGES,              &[Named(ACCOUNT)]),
    Pattern(verb::PGD, ToServer, PAGES,              &[Named(ACCOUNT)]),
    Pattern(verb::UUN, ToServer, CONTROLS,           &[Named(ACCOUNT), Meant(service::CONTROL_TYPE)]),
    Pattern(verb::UUN, ToServer, CONTROLS_UNKNOWN,   &[Named(ACCOUNT)]),
    Pattern(verb::UBN, ToClient, CONTROLLED,         &[Named(ACCOUNT), Meant(service::CONTROL_TYPE)]),
    Pattern(verb::UBN, ToClient, CONTROLLED_UNKNOWN, &[Named(ACCOUNT)]),
    Pattern(verb::UUM, ToServer, MESSAGES,           &[Named(service::RECIPIENT), Meant(service::MESSAGE_TYPE)]),
    Pattern(verb::UBM, ToClient, MESSAGED,           &[Named(ACCOUNT), Meant(service::MESSAGE_TYPE)]),
    Pattern(verb::VAS, ToServer, REPORTS,            &[Named(ACCOUNT)]),
];

/// The fields that sentences ask for.
pub(super) fn fields() -> impl Iterator<Item = FieldId> {
    PATTERNS.iter().flat_map(|Pattern(_, _, _, parts)| *parts).map(|part| match part {
        Said(field) | Meant(field) | Named(field) => *field,
    })
}

/// The sentence of the first pattern whose parts are all there.
pub(super) fn told(verb: Option<Verb>, direction: Direction, dissection: &Dissection<'_>) -> Option<Text> {
    let verb = verb?;
    let part = |part: &Part| match part {
        Said(field) => values_of(dissection, *field, |item| value_text(item).into_owned()),
        Named(field) => values_of(dissection, *field, login_name),
        Meant(field) => label_of(dissection, *field).map(|text| Arg::from(text.clone())),
    };
    let fitting = PATTERNS.iter().filter(|Pattern(v, d, ..)| *v == verb && *d == direction);
    let mut texts = fitting.filter_map(|Pattern(_, _, text, parts)| {
        let args = parts.iter().map(part).collect::<Option<Vec<_>>>()?;
        Some(text.with(args))
    });
    texts.next()
}

/// All different values of a field, with commas.
fn values_of(dissection: &Dissection<'_>, field: FieldId, say: fn(&Item) -> String) -> Option<Arg> {
    let mut values = Vec::new();
    for item in dissection.tree.items.iter().filter(|item| item.field == field && !item.generated) {
        let value = shorten(&say(item));
        if !value.is_empty() && !values.contains(&value) {
            values.push(value);
        }
    }
    (!values.is_empty()).then(|| shorten(&values.join(", ")).into())
}

/// A login name without network and device.
fn login_name(item: &Item) -> String {
    lossy(Account(value_text(item).as_bytes()).name())
}
