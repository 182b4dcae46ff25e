//! Sentences about lines: who signs in, who is there, who knows whom.

use super::super::commands::setting;
use super::super::error_code;
use super::super::message::{Contact, Joined, Presence};
use super::{name, shorten, shown, who};
use crate::msnp::token::{Nick, Status, Word};
use crate::msnp::{Body, Context, Direction, Message, Server, Verb, property_name, verb};
use crate::tree::{Arg, Record, Text, lossy, texts};

texts! {
    REFUSES = "sentence.error", "The server reports a problem: {0}.";
    REFUSES_REQUEST = "sentence.error-to", "The server cannot do what {0} asked: {1}.";
    UNEXPLAINED = "sentence.error-unexplained", "error {0}, which no documentation explains";
    OFFERS = "sentence.offers", "The client offers {0}.";
    CHOOSES = "sentence.chooses", "The server chooses {0}.";
    CHOOSES_NONE = "sentence.chooses-none", "The server speaks none of the dialects that the client offered.";
    IS_CLIENT = "sentence.client", "The client is {0} {1} and runs on {2} {3}.";
    WANTS_IN = "sentence.wants-in", "The client wants to sign in as {0}.";
    PROVES = "sentence.proves", "The client proves who it is.";
    ASKS_PROOF = "sentence.asks-proof", "The server asks the client to prove who it is.";
    LETS_IN = "sentence.lets-in", "The server accepts the client as {0}: it is signed in.";
    ACCEPTS = "sentence.accepts-client", "The server accepts the client as {0}.";
    ROOM_LETS_IN = "sentence.room-lets-in", "The chat room lets {0} in.";
    SENT_ON = "sentence.sent-on", "The server sends the client on to the notification server at {0}.";
    SENT_NOWHERE = "sentence.sent-nowhere", "The server tells the client to sign in again on this connection.";
    WANTS_ROOM = "sentence.wants-room", "The client asks for a chat room.";
    ROOM_AT = "sentence.room-at", "A chat room is ready for the client at {0}.";
    ENTERS_ROOM = "sentence.enters-room", "{0} enters the chat room.";
    ANSWERS_CALL = "sentence.answers", "{0} accepts the invitation and enters the chat room.";
    ROOM_COMPLETE = "sentence.room-complete", "The chat room lets the client in; everybody who is there has been named.";
    INVITES = "sentence.invites", "The client invites {0} into the chat room.";
    RINGING = "sentence.ringing", "The chat room is calling the invited person.";
    RINGS = "sentence.rings", "{0} invites the client into a chat room.";
    ALREADY_IN = "sentence.already-in", "{0} is already in the chat room.";
    JOINS = "sentence.joins", "{0} enters the chat room.";
    LEAVES = "sentence.leaves", "{0} left the chat room.";
    IDLE = "sentence.idle", "The chat room closes, for nobody has said anything for a while; {0} is out.";
    REACHED = "sentence.reached", "The message reached everybody in the chat room.";
    NOT_REACHED = "sentence.not-reached", "The message did not reach everybody in the chat room.";
    WAS_THERE = "sentence.was-there", "{0} was there already: {1}.";
    HAS_NOW = "sentence.is-now", "The status of {0}: {1}.";
    IS_OFFLINE = "sentence.offline", "{0} went offline.";
    SETS_STATUS = "sentence.sets-status", "The client sets its status: {0}.";
    HAS_STATUS = "sentence.has-status", "The server confirms the status: {0}.";
    CLEARED = "sentence.cleared", "{0} has no personal message and plays nothing.";
    LIST_FOLLOWS = "sentence.list-follows", "The contact list follows; people: {0}, groups: {1}.";
    LIST_IS_CURRENT = "sentence.list-version", "The server names the version of the contact list; what has changed since follows.";
    ON_LISTS = "sentence.on-lists", "On the list: {0} – {1}.";
    ON_NO_LIST = "sentence.on-no-list", "On the list: {0}.";
    AND = "sentence.and", "{0}, {1}";
    IS_CONTACT = "sentence.list.FL", "a contact";
    MAY_SEE = "sentence.list.AL", "allowed to see the client";
    IS_BLOCKED = "sentence.list.BL", "blocked";
    HAS_CLIENT = "sentence.list.RL", "has the client as a contact";
    WAITS = "sentence.list.PL", "waits for an answer";
    A_CONTACT = "sentence.a-contact", "a contact";
    ADDS = "sentence.adds", "The client adds {0} to its contacts.";
    ADDS_TO_GROUP = "sentence.adds-to-group", "The client puts {0} into a group.";
    ALLOWS = "sentence.allows", "The client allows {0} to see it and to write to it.";
    BLOCKS = "sentence.blocks", "The client blocks {0}.";
    LISTS = "sentence.lists", "The client puts {0} on one of its lists.";
    ADDED = "sentence.added", "The server confirms: {0} is now a contact.";
    ADDED_TO_GROUP = "sentence.added-to-group", "The server confirms: {0} is now in a group.";
    ALLOWED = "sentence.allowed", "The server confirms: {0} may see and write to the client.";
    BLOCKED = "sentence.blocked", "The server confirms: {0} is blocked.";
    HAS_ADDED = "sentence.has-added-client", "{0} has added the client as a contact.";
    LISTED = "sentence.listed", "The server confirms: {0} is on the list.";
    DROPS = "sentence.drops", "The client takes {0} off its contacts.";
    DROPS_FROM_GROUP = "sentence.drops-from-group", "The client takes {0} out of a group.";
    ALLOWS_NO_MORE = "sentence.allows-no-more", "The client no longer allows {0} to see it.";
    UNBLOCKS = "sentence.unblocks", "The client no longer blocks {0}.";
    UNLISTS = "sentence.unlists", "The client takes {0} off one of its lists.";
    DROPPED = "sentence.dropped", "The server confirms: {0} is no longer a contact.";
    DROPPED_FROM_GROUP = "sentence.dropped-from-group", "The server confirms: {0} is out of the group.";
    ALLOWED_NO_MORE = "sentence.allowed-no-more", "The server confirms: {0} may no longer see the client.";
    UNBLOCKED = "sentence.unblocked", "The server confirms: {0} is no longer blocked.";
    HAS_DROPPED = "sentence.has-dropped-client", "{0} no longer has the client as a contact.";
    UNLISTED = "sentence.unlisted", "The server confirms: {0} is off the list.";
    MEMBERS_ACCEPTED = "sentence.members-accepted", "The server accepts the change of the lists.";
    GROUP_IN_LIST = "sentence.group-in-list", "A group of the contact list: “{0}”.";
    MAKES_GROUP = "sentence.makes-group", "The client makes a group of contacts: “{0}”.";
    GROUP_MADE = "sentence.group-made", "The server confirms the new group “{0}”.";
    RENAMES_GROUP = "sentence.renames-group", "The client gives a group of contacts the name “{0}”.";
    GROUP_RENAMED = "sentence.group-renamed", "The server confirms: the group is now called “{0}”.";
    RENAMES = "sentence.renames", "The client wants {0} to be shown as “{1}”.";
    RENAMED = "sentence.renamed", "The server confirms: {0} is now shown as “{1}”.";
    SETS = "sentence.sets-property", "The client sets its {0}: {1}.";
    CLEARS = "sentence.clears-property", "The client clears its {0}.";
    IS_SET = "sentence.property", "A setting of the client, {0}: {1}.";
    IS_CLEAR = "sentence.property-clear", "A setting of the client, {0}: none.";
    CONTACT_HAS = "sentence.contact-property", "A fact about {0}, {1}: {2}.";
    CONTACT_LACKS = "sentence.contact-property-clear", "A fact about {0}, {1}: none.";
    THE_CONTACT = "sentence.the-contact", "the contact named before";
    NOTES = "sentence.notes", "The client notes about a contact, {0}: {1}.";
    NOTED = "sentence.noted", "The server keeps the note about a contact, {0}: {1}.";
    SIGNS_OUT = "sentence.signs-out-itself", "The client signs out.";
    LEAVES_ROOM = "sentence.leaves-room", "The client leaves the chat room.";
    SENDS_MESSAGE = "sentence.sends-message", "{0} sends a message.";
    SERVICE_SENDS = "sentence.service-sends", "The service sends the client a message.";
    PUBLISHES_CHANGE = "sentence.published", "The server reports that something about somebody, or about a group, is new or has changed.";
    PUBLISHES_END = "sentence.withdrawn", "The server reports that somebody, or something in a group, is gone.";
}

/// The sentence about the line, where a typed value tells one.
pub(super) fn told(message: &Message<'_>, context: &Context, direction: Direction) -> Option<Text> {
    let verb = message.verb?;
    let to_server = direction == Direction::ToServer;
    let either = |ours: Text, theirs: Text| if to_server { ours } else { theirs };
    Some(match &message.body {
        Body::Error { code } => refusal(*code, context),
        Body::DialectsOffered(all) => {
            let names = all.iter().map(ToString::to_string).collect::<Vec<_>>();
            OFFERS.with([names.join(", ").into()])
        }
        Body::DialectChosen(Some(dialect)) => CHOOSES.with([dialect.to_string().into()]),
        Body::DialectChosen(None) => CHOOSES_NONE.text(),
        Body::ClientVersion(client) if to_server => {
            IS_CLIENT.with([client.name, client.version, client.os, client.os_version].map(word))
        }
        Body::Identity { account, .. } => WANTS_IN.with([name(account)]),
        Body::Challenge { .. } => ASKS_PROOF.text(),
        Body::Proof { .. } => PROVES.text(),
        Body::SignedIn { account, nick } => match context.server {
            Server::Switchboard => ROOM_LETS_IN.with([who(*account, nick.as_ref())]),
            Server::Unknown => ACCEPTS.with([who(*account, nick.as_ref())]),
            _ => LETS_IN.with([who(*account, nick.as_ref())]),
        },
        Body::Redirect { address } if address.0 == b"0" => SENT_NOWHERE.text(),
        Body::Redirect { address } => SENT_ON.with([word(*address)]),
        Body::RoomWanted => WANTS_ROOM.text(),
        Body::RoomOffered { address, .. } => ROOM_AT.with([word(*address)]),
        Body::Ring { account, nick, .. } => RINGS.with([who(*account, Some(nick))]),
        Body::RoomEntry { account, session: None, .. } => ENTERS_ROOM.with([name(account)]),
        Body::RoomEntry { account, .. } => ANSWERS_CALL.with([name(account)]),
        Body::RoomEntered => ROOM_COMPLETE.text(),
        Body::Call { account } => INVITES.with([name(account)]),
        Body::Ringing { .. } => RINGING.text(),
        Body::Joined(Joined { account, nick, already, .. }) => {
            if *already { ALREADY_IN } else { JOINS }.with([who(*account, Some(nick))])
        }
        Body::Left { account, idle } => if *idle { IDLE } else { LEAVES }.with([name(account)]),
        Body::Delivered => REACHED.text(),
        Body::NotDelivered => NOT_REACHED.text(),
        Body::OwnStatus(Presence { status, .. }) => {
            if to_server { SETS_STATUS } else { HAS_STATUS }.with([called(*status)])
        }
        Body::Online { account, nick, presence, initial, .. } => {
            if *initial { WAS_THERE } else { HAS_NOW }.with([who(*account, Some(nick)), called(presence.status)])
        }
        Body::Offline { account, .. } => IS_OFFLINE.with([name(account)]),
        Body::Details { account, cleared: true, .. } => CLEARED.with([name(account)]),
        Body::ListBegins { contacts: Some(contacts), groups } => {
            LIST_FOLLOWS.with([(*contacts).into(), groups.unwrap_or(0).into()])
        }
        Body::ListBegins { .. } => LIST_IS_CURRENT.text(),
        Body::Listed(contact) => listed(contact),
        Body::Added(contact) => change(contact, &if to_server { ADDING } else { ADDITION }),
        Body::Removed(contact) => change(contact, &if to_server { REMOVING } else { REMOVAL }),
        Body::MembersAdded | Body::MembersRemoved if !to_server => MEMBERS_ACCEPTED.text(),
        Body::GroupNamed { name, .. } => group(verb, to_server).with([shown(name).into()]),
        Body::Renamed { account, nick } => {
            if to_server { RENAMES } else { RENAMED }.with([name(account), shown(nick).into()])
        }
        Body::Property { account, code, value, .. } => {
            let whose = account.as_ref().map_or_else(|| THE_CONTACT.text().into(), name);
            property(verb, to_server, whose, *code, value.as_ref())
        }
        Body::Out { reason: None } if to_server => match context.server {
            Server::Switchboard => LEAVES_ROOM.text(),
            Server::Unknown => return None,
            _ => SIGNS_OUT.text(),
        },
        Body::Published { gone } => {
            either(PUBLISHES_CHANGE.text(), if *gone { PUBLISHES_END } else { PUBLISHES_CHANGE }.text())
        }
        _ => return None,
    })
}

/// The sentence about a message of which nothing else is known than who sends it.
pub(super) fn message(body: &Body<'_>) -> Option<Text> {
    match body {
        Body::MessageIn { account, nick } => Some(SENDS_MESSAGE.with([who(*account, Some(nick))])),
        Body::ServiceMessage => Some(SERVICE_SENDS.text()),
        _ => None,
    }
}

fn refusal(code: u32, context: &Context) -> Text {
    let meaning = match error_code::meaning(code) {
        Some(meaning) => meaning.text(),
        None => UNEXPLAINED.with([code.into()]),
    };
    match context.answers {
        Some(request) => REFUSES_REQUEST.with([request.verb.to_string().into(), meaning.into()]),
        None => REFUSES.with([meaning.into()]),
    }
}

/// The sentences about a change of one list: contacts, groups of contacts, allowed, blocked, reverse, any other.
type Change = [crate::tree::TextId; 6];
static ADDING: Change = [ADDS, ADDS_TO_GROUP, ALLOWS, BLOCKS, LISTS, LISTS];
static ADDITION: Change = [ADDED, ADDED_TO_GROUP, ALLOWED, BLOCKED, HAS_ADDED, LISTED];
static REMOVING: Change = [DROPS, DROPS_FROM_GROUP, ALLOWS_NO_MORE, UNBLOCKS, UNLISTS, UNLISTS];
static REMOVAL: Change = [DROPPED, DROPPED_FROM_GROUP, ALLOWED_NO_MORE, UNBLOCKED, HAS_DROPPED, UNLISTED];

fn change(contact: &Contact<'_>, sentences: &Change) -> Text {
    let [forward, group, allow, block, reverse, other] = *sentences;
    let sentence = match contact.lists {
        Some(1) if !contact.groups.is_empty() => group,
        Some(1) => forward,
        Some(2) => allow,
        Some(4) => block,
        Some(8) => reverse,
        _ => other,
    };
    sentence.with([person(contact)])
}

fn listed(contact: &Contact<'_>) -> Text {
    let lists = contact.lists.unwrap_or(0);
    let bits = [(1, IS_CONTACT), (2, MAY_SEE), (4, IS_BLOCKED), (8, HAS_CLIENT), (16, WAITS)];
    let said = bits.into_iter().filter(|(bit, _)| lists & bit != 0).map(|(_, text)| text.text());
    let joined = said.reduce(|before, next| AND.with([before.into(), next.into()]));
    match joined {
        Some(joined) => ON_LISTS.with([person(contact), joined.into()]),
        None => ON_NO_LIST.with([person(contact)]),
    }
}

fn person(contact: &Contact<'_>) -> Arg {
    match (contact.account, &contact.nick) {
        (Some(account), nick) => who(account, nick.as_ref()),
        (None, Some(nick)) => shown(nick).into(),
        (None, None) => A_CONTACT.text().into(),
    }
}

fn group(verb: Verb, to_server: bool) -> crate::tree::TextId {
    match (verb, to_server) {
        (verb::ADG, true) => MAKES_GROUP,
        (verb::ADG, false) => GROUP_MADE,
        (verb::REG, true) => RENAMES_GROUP,
        (verb::REG, false) => GROUP_RENAMED,
        _ => GROUP_IN_LIST,
    }
}

fn property(verb: Verb, to_server: bool, whose: Arg, code: Word<'_>, value: Option<&Nick<'_>>) -> Text {
    let what: Arg = property_name(code.0).map_or_else(|| word(code), |name| name.text().into());
    let switch = matches!(code.0, b"MOB" | b"MBE" | b"WWE" | b"HSB");
    let value = value.map(shown).filter(|value| !value.is_empty()).map(|value| match value.as_str() {
        "Y" | "1" if switch => setting::YES.text().into(),
        "N" | "0" if switch => setting::NO.text().into(),
        _ => Arg::from(value),
    });
    match (verb, to_server, value) {
        (verb::SBP, true, value) => NOTES.with([what, value.unwrap_or_else(|| "–".into())]),
        (verb::SBP, false, value) => NOTED.with([what, value.unwrap_or_else(|| "–".into())]),
        (verb::BPR, _, Some(value)) => CONTACT_HAS.with([whose, what, value]),
        (verb::BPR, _, None) => CONTACT_LACKS.with([whose, what]),
        (_, true, Some(value)) => SETS.with([what, value]),
        (_, true, None) => CLEARS.with([what]),
        (_, false, Some(value)) => IS_SET.with([what, value]),
        (_, false, None) => IS_CLEAR.with([what]),
    }
}

fn called(status: Status) -> Arg {
    status.label().map_or_else(|| lossy(&status.0).into(), Into::into)
}

fn word(word: Word<'_>) -> Arg {
    shorten(&lossy(word.0)).into()
}
