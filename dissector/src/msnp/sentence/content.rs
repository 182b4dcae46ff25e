//! Sentences about payloads: who writes what to whom.

use super::super::commands::presence::network_name;
use super::super::message::{Datagram, Details, Invitation, Member, OfflineMessage};
use super::{THE_CLIENT, THE_SERVER, name, peer, shorten, slp, who};
use crate::msnp::token::Account;
use crate::msnp::{Body, Content, Direction, Message, PduKind};
use crate::tree::{Arg, Text, texts};

/// Names shown of many.
const NAMES_SHOWN: usize = 3;
/// List bit: people who have the account on their list.
const REVERSE: u32 = 8;

texts! {
    WRITES = "sentence.says", "{0} writes: “{1}”";
    WROTE = "sentence.wrote", "{0} wrote earlier, while the receiver was offline: “{1}”";
    UNKNOWN_KIND = "sentence.unknown-kind", "{0} sends a message of a kind that no documentation describes.";
    TYPES = "sentence.types", "{0} is typing.";
    NUDGES = "sentence.nudges", "{0} sends a nudge: the other window shakes.";
    WINKS = "sentence.winks", "{0} sends a wink, an animation over the whole window.";
    RECORDS = "sentence.records", "{0} is recording a voice clip.";
    TEXTS_TO_PHONE = "sentence.texts-to-phone", "The client sends a text message to the phone of {0}: “{1}”";
    TEXTS_FROM_PHONE = "sentence.texts-from-phone", "A text message comes from the telephone {0}: “{1}”";
    PAGE_FAILED = "sentence.page-failed", "The text message to a phone of request {0} could not be sent.";
    SPEAKS = "sentence.speaks", "{0} sends a voice clip.";
    ACTS = "sentence.acts", "{0} lets the chat window say: “{1}”";
    HAS_EMOTICONS = "sentence.emoticons", "{0} uses pictures of its own for {1} in the next message.";
    DRAWS = "sentence.draws", "{0} sends handwriting.";
    RUNS = "sentence.runs", "{0} says which program it uses: {1}.";
    OFFERS_FILE = "sentence.offers-file", "{0} offers the file “{1}”.";
    OFFERS_FILE_SIZED = "sentence.offers-file-sized", "{0} offers the file “{1}” ({2} bytes).";
    INVITES_TO = "sentence.invites-to", "{0} invites to {1}.";
    ACCEPTS = "sentence.accepts", "{0} accepts the invitation.";
    TELLS_PLACE = "sentence.tells-place", "{0} tells where to fetch the file.";
    CANCELS = "sentence.cancels", "{0} declines the invitation, or takes it back.";
    PROFILE = "sentence.profile", "The service tells the client its profile: settings, country, address and a ticket.";
    MAILBOX = "sentence.mailbox", "The service tells the client what is in its mailbox.";
    WAITING = "sentence.waiting", "The service keeps messages that were written while the account was offline, by {0}.";
    ANNOUNCES = "sentence.announces", "The service has an announcement for the client ({0}).";
    PART_OF = "sentence.part", "{0} sends part {1} of a message that is too long for one command.";
    IS_SAYING = "sentence.personal-message", "The personal message of {0} is: “{1}”";
    IS_PLAYING = "sentence.playing", "{0} is playing: “{1}”";
    SAYING_AND_PLAYING = "sentence.saying-and-playing", "The personal message of {0} is: “{1}”, and this is playing: “{2}”";
    HAS_DEVICES = "sentence.devices", "{0} is signed in from {1} devices.";
    DESCRIBES_DEVICE = "sentence.describes-device", "{0} publishes facts about its device.";
    HAS_DEVICE = "sentence.device", "{0} is signed in from one device.";
    SHOWS_ITSELF = "sentence.presence-document", "{0} is shown as “{1}”.";
    NO_MESSAGE = "sentence.no-personal-message", "{0} has no personal message.";
    CLIENT_OWNER = "sentence.client-owner", "the client";
    HAS_ADDED = "sentence.has-added", "{0} has added this account as a contact.";
    HAS_REMOVED = "sentence.has-removed", "{0} has removed this account from the contacts.";
    FOLLOWS = "sentence.follows", "The client puts on its lists: {0}.";
    UNFOLLOWS = "sentence.unfollows", "The client takes off its lists: {0}.";
    ASKS_NETWORK = "sentence.asks-network", "The client asks on which network these are: {0}.";
    TELLS_NETWORK = "sentence.tells-network", "The server knows the network of {0}.";
    IS_ON_NETWORK = "sentence.is-on-network", "{0} is on the network {1}.";
    AND_MORE = "sentence.and-more", "{0} and {1} more";
    BROUGHT = "sentence.document-for", "{0} sends something to {1}.";
    SIGNS_OUT_OTHERS = "sentence.signs-out", "{0} tells another device to sign out.";
}

/// The sentence about the payload, where it has one of its own.
pub(super) fn told(message: &Message<'_>, kind: PduKind, direction: Direction) -> Option<Text> {
    match message.body {
        // What comes with an error repeats what was refused.
        Body::Error { .. } => None,
        _ => about(&message.content, sender(message, kind, direction), message, direction),
    }
}

/// Who sends what the payload says.
fn sender(message: &Message<'_>, kind: PduKind, direction: Direction) -> Arg {
    match &message.body {
        Body::MessageIn { account, nick } => {
            let nick = super::shown(nick);
            if nick.is_empty() { name(account) } else { nick.into() }
        }
        Body::RelayedIn { account, .. } | Body::Details { account, .. } => name(account),
        Body::Control { account, .. } if direction == Direction::ToClient => name(account),
        _ if message.verb.is_none() => peer::sender(kind, direction).into(),
        _ if direction == Direction::ToServer => THE_CLIENT.text().into(),
        _ => THE_SERVER.text().into(),
    }
}

fn about(content: &Content, from: Arg, message: &Message<'_>, direction: Direction) -> Option<Text> {
    let quoted = |text: &str| Arg::from(shorten(text));
    Some(match content {
        Content::Nothing => return None,
        Content::Unknown => UNKNOWN_KIND.with([from]),
        Content::Text(chat) if chat.sent.is_some() => WROTE.with([from, quoted(&chat.text)]),
        Content::Text(chat) => WRITES.with([from, quoted(&chat.text)]),
        Content::Typing { account } if account.is_empty() => TYPES.with([from]),
        Content::Typing { account } => TYPES.with([person(account)]),
        Content::Recording { account } if account.is_empty() => RECORDS.with([from]),
        Content::Recording { account } => RECORDS.with([person(account)]),
        Content::PhoneText { from, text } => {
            TEXTS_FROM_PHONE.with([shorten(from.trim_start_matches("tel:")).into(), quoted(text)])
        }
        Content::Page { text } => match &message.body {
            Body::Page { account } => TEXTS_TO_PHONE.with([name(account), quoted(text)]),
            _ => WRITES.with([from, quoted(text)]),
        },
        Content::PageFailed { trid } => PAGE_FAILED.with([(*trid).into()]),
        Content::Nudge => NUDGES.with([from]),
        Content::Wink { .. } => WINKS.with([from]),
        Content::VoiceClip { .. } => SPEAKS.with([from]),
        Content::Action { text } => ACTS.with([from, quoted(text)]),
        Content::Emoticons(all) => {
            let shortcuts = all.iter().map(|emoticon| shorten(&emoticon.shortcut)).collect::<Vec<_>>();
            HAS_EMOTICONS.with([from, some_of(&shortcuts)])
        }
        Content::Ink { .. } => DRAWS.with([from]),
        Content::ClientCaps { client } => RUNS.with([from, quoted(client)]),
        Content::Invitation(invitation) => invited(invitation, from),
        Content::Slp(said) => return slp::told(said, from),
        Content::PeerToPeer(sent) => match sent.packets.iter().find_map(|packet| packet.slp.as_ref()) {
            Some(said) => return slp::told(said, from),
            None => peer::told(sent, from),
        },
        Content::Greeting => peer::GREETS.with([from]),
        Content::Camera(_) => return None,
        Content::Nonce(_) => peer::SHOWS_NONCE.with([from]),
        Content::FileTransfer(said) => peer::file(said, from),
        Content::Profile(_) => PROFILE.text(),
        Content::Mail(waiting) => mail(waiting),
        Content::System { kind, .. } => ANNOUNCES.with([quoted(kind)]),
        Content::Part { whole: Some(whole), .. } => return about(whole, from, message, direction),
        Content::Part { index, .. } => PART_OF.with([from, (index.saturating_add(1)).into()]),
        Content::Details(details) => return detailed(details, from, direction),
        Content::Members(all) => return listed(all, message, direction),
        Content::Datagram(datagram) => return carried(datagram, from, message, direction),
        Content::Control { text } if text.contains("goawy") || text.contains("gtfo") => SIGNS_OUT_OTHERS.with([from]),
        Content::Control { .. } => return None,
    })
}

fn invited(invitation: &Invitation, from: Arg) -> Text {
    match (invitation.command.as_str(), &invitation.file) {
        // Whoever offered the file agrees too, and gives an address with the word by which the receiver shows itself.
        ("ACCEPT", _) if invitation.auth_cookie.is_some() => TELLS_PLACE.with([from]),
        ("ACCEPT", _) => ACCEPTS.with([from]),
        ("CANCEL", _) => CANCELS.with([from]),
        (_, Some(file)) => match invitation.size {
            Some(size) => OFFERS_FILE_SIZED.with([from, shorten(file).into(), size.into()]),
            None => OFFERS_FILE.with([from, shorten(file).into()]),
        },
        (_, None) => INVITES_TO.with([from, shorten(&invitation.application).into()]),
    }
}

fn mail(waiting: &[OfflineMessage]) -> Text {
    let mut names = waiting.iter().map(|message| shorten(&message.account)).collect::<Vec<_>>();
    names.dedup();
    match names.is_empty() {
        true => MAILBOX.text(),
        false => WAITING.with([some_of(&names)]),
    }
}

fn detailed(details: &Details, from: Arg, direction: Direction) -> Option<Text> {
    let whose = if direction == Direction::ToServer { CLIENT_OWNER.text().into() } else { from.clone() };
    let quoted = |text: &String| Arg::from(shorten(text));
    let said = details.personal_message.as_ref().filter(|text| !text.is_empty());
    let played = details.media.as_ref().filter(|text| !text.is_empty());
    let devices = details.endpoints.len();
    Some(match (said, played, &details.nick) {
        (Some(text), Some(media), _) => SAYING_AND_PLAYING.with([whose, quoted(text), quoted(media)]),
        (Some(text), None, _) => IS_SAYING.with([whose, quoted(text)]),
        (None, Some(media), _) => IS_PLAYING.with([from, quoted(media)]),
        (None, None, Some(nick)) => SHOWS_ITSELF.with([from, quoted(nick)]),
        (None, None, None) if devices > 0 && direction == Direction::ToServer => DESCRIBES_DEVICE.with([from]),
        (None, None, None) if devices > 1 => HAS_DEVICES.with([from, devices.into()]),
        (None, None, None) if devices == 1 => HAS_DEVICE.with([from]),
        (None, None, None) if details.personal_message.is_some() => NO_MESSAGE.with([from]),
        (None, None, None) => return None,
    })
}

fn listed(all: &[Member], message: &Message<'_>, direction: Direction) -> Option<Text> {
    if all.is_empty() {
        return None;
    }
    let names = all.iter().map(|member| shorten(&member.account)).collect::<Vec<_>>();
    let who = || -> Arg {
        match all {
            [one] => named(one),
            _ => some_of(&names),
        }
    };
    let reverse = all.iter().all(|member| member.lists.is_some_and(|lists| lists & REVERSE != 0));
    Some(match (&message.body, direction) {
        (Body::MembersAdded, Direction::ToServer) => FOLLOWS.with([some_of(&names)]),
        (Body::MembersRemoved, Direction::ToServer) => UNFOLLOWS.with([some_of(&names)]),
        (Body::MembersAdded, _) if reverse => HAS_ADDED.with([who()]),
        (Body::MembersRemoved, _) if reverse => HAS_REMOVED.with([who()]),
        (Body::Other, Direction::ToServer) => ASKS_NETWORK.with([some_of(&names)]),
        (Body::Other, _) if all.len() == 1 => {
            let network = all.first().and_then(|member| network_name(member.network?));
            IS_ON_NETWORK.with([who(), network.map_or_else(|| "?".into(), |network| network.text().into())])
        }
        (Body::Other, _) => TELLS_NETWORK.with([some_of(&names)]),
        _ => return None,
    })
}

fn carried(datagram: &Datagram, from: Arg, message: &Message<'_>, direction: Direction) -> Option<Text> {
    let known = !datagram.from.is_empty() && direction != Direction::ToServer;
    let from = if known { person(&datagram.from) } else { from };
    let told = about(&datagram.content, from.clone(), message, direction);
    told.or_else(|| (!datagram.to.is_empty()).then(|| BROUGHT.with([from, person(&datagram.to)])))
}

fn named(member: &Member) -> Arg {
    let nick = member.nick.as_ref().map(|nick| shorten(nick)).filter(|nick| !nick.is_empty());
    match nick {
        Some(nick) => super::NAMED.with([nick.into(), shorten(&member.account).into()]).into(),
        None => shorten(&member.account).into(),
    }
}

/// A login name out of a payload.
fn person(account: &str) -> Arg {
    who(Account(account.as_bytes()), None)
}

/// The first ones, and how many more.
fn some_of(names: &[String]) -> Arg {
    let first = names.iter().take(NAMES_SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(NAMES_SHOWN) {
        None | Some(0) => first.into(),
        Some(more) => AND_MORE.with([first.into(), more.into()]).into(),
    }
}
