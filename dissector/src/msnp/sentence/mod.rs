//! One line about a command, in three forms: the line itself with what it carries ([`info`]), a sentence in plain English
//! ([`sentence`]), and the sentence with the verb in front, for Wireshark's Info column ([`headline`]).
//!
//! Sentences are made from what a command says ([`Message`](super::Message)); the fields are asked only where no typed
//! value tells. They are written for somebody who has never heard of MSNP.

pub(super) mod content;
pub(super) mod line;
pub(super) mod pattern;
pub(super) mod peer;
pub(super) mod slp;

use super::command::Dissection;
use super::p2p::slp::head;
use super::payload::{datagram, mime, text};
use super::token::{Account, Nick};
use super::{Body, Content, Context, Direction, Pdu, PduKind};
use std::borrow::Cow;

use crate::tree::{Arg, Borrowed, Catalogue, FieldId, FieldSet, Text, TextId, Value, lossy, readable, texts};

/// Bytes that a headline, and a verb with its number, take as a rule.
const USUAL_HEADLINE: usize = 120;
const USUAL_NAME: usize = 16;

/// Characters of a line that are shown.
const LINE_SHOWN: usize = 160;

texts! {
    QUOTED = "info.quoted", "{0} · “{1}”";
    TYPED = "info.typed", "{0} · {1}";
    NUMBERED = "info.numbered", "{0} {1}";
    STRAY = "info.stray", "{0} bytes that are no command";
    STRAY_ONE = "info.stray-one", "1 byte that is no command";
    MORE_PAYLOAD_ONE = "info.more-payload-one", "1 more byte of a payload";
    MORE_PAYLOAD = "info.more-payload", "{0} more bytes of a payload";
    BESIDE = "info.beside", "{0} bytes beside the conversation: “{1}”";
    CUT_OFF = "info.cut-off", "{0} · the line is cut off here";
    THE_CLIENT = "sentence.the-client", "The client";
    THE_SERVER = "sentence.the-server", "The server";
    NAMED = "sentence.named", "{0} ({1})";
    UNKNOWN = "sentence.unknown", "A command that no documentation of MSNP mentions.";
}

/// The fields that [`info`] looks at: a recording of these is enough for it.
pub const INFO_FIELDS: &[FieldId] =
    &[text::TEXT, datagram::MESSAGE_TYPE, mime::CONTENT_TYPE, head::CONTENT_TYPE, super::field::ERROR_CODE];

/// The fields that [`info`], [`sentence`] and [`headline`] look at: a recording of these is enough for them.
#[must_use]
pub fn sentence_fields() -> FieldSet {
    INFO_FIELDS.iter().copied().chain(pattern::fields()).collect()
}

/// The line itself, and what a message carries or an error means: `MSG 4 A 149 · “Ciao”`. `dissection` is the PDU's, with
/// [`INFO_FIELDS`] recorded.
#[must_use]
pub fn info(pdu: &Pdu<'_>, context: &Context, dissection: &Dissection<'_>, catalogue: &Catalogue) -> String {
    if let Some(text) = stray(pdu, dissection) {
        return catalogue.render(&text);
    }
    // A binary head says nothing as it stands.
    if matches!(pdu.kind, PduKind::Direct | PduKind::FileTransfer | PduKind::Relay | PduKind::Webcam | PduKind::Udp) {
        return sentence(pdu, context, dissection, catalogue);
    }
    let line = shorten(&lossy(pdu.line_text()));
    // Nearly all of them are of one type: what each is for says more.
    if matches!(dissection.message.content, Content::PeerToPeer(_)) {
        let said = sentence(pdu, context, dissection, catalogue);
        return catalogue.render(&TYPED.with([line.into(), said.into()]));
    }
    // What an error repeats is not what it says.
    if let Some(meaning) = label_of(dissection, super::field::ERROR_CODE) {
        return catalogue.render(&TYPED.with([line.into(), meaning.clone().into()]));
    }
    if let Some(written) = value_of(dissection, text::TEXT) {
        return catalogue.render(&QUOTED.with([line.into(), shorten(written).into()]));
    }
    let kinds = [datagram::MESSAGE_TYPE, mime::CONTENT_TYPE, head::CONTENT_TYPE];
    let kind = kinds.into_iter().find_map(|field| label_of(dissection, field));
    match kind {
        Some(kind) => catalogue.render(&TYPED.with([line.into(), kind.clone().into()])),
        None => line,
    }
}

/// Verb, TrID and the sentence: `MSG 4 · The client writes: “Ciao”`. `dissection` is the PDU's, with
/// [`sentence_fields`] recorded.
#[must_use]
pub fn headline(pdu: &Pdu<'_>, context: &Context, dissection: &Dissection<'_>, catalogue: &Catalogue) -> String {
    let mut out = String::new();
    write_headline(pdu, context, dissection, catalogue, &mut out);
    out
}

/// As [`headline`], appended to what is there.
pub fn write_headline(
    pdu: &Pdu<'_>,
    context: &Context,
    dissection: &Dissection<'_>,
    catalogue: &Catalogue,
    out: &mut String,
) {
    let told = told(pdu, context, dissection);
    out.reserve(USUAL_HEADLINE);
    let Some(verb) = dissection.message.verb.filter(|_| pdu.kind == PduKind::Command) else {
        return catalogue.write(&told, out);
    };
    let verb = readable(&verb.0);
    let numbered = |trid: u32| {
        let mut name = String::with_capacity(USUAL_NAME);
        catalogue.compose(NUMBERED, &[Borrowed::Wire(&verb), Borrowed::Number(trid.into())], &mut name);
        Cow::Owned(name)
    };
    let name = dissection.message.trid.map_or(Cow::Borrowed(&*verb), numbered);
    catalogue.compose(TYPED, &[Borrowed::Wire(&name), Borrowed::Text(&told)], out);
}

/// What the sender does, in a sentence. `dissection` is the PDU's, with [`sentence_fields`] recorded.
#[must_use]
pub fn sentence(pdu: &Pdu<'_>, context: &Context, dissection: &Dissection<'_>, catalogue: &Catalogue) -> String {
    catalogue.render(&told(pdu, context, dissection))
}

fn told(pdu: &Pdu<'_>, context: &Context, dissection: &Dissection<'_>) -> Text {
    if let Some(text) = stray(pdu, dissection) {
        return text;
    }
    let message = &dissection.message;
    let direction = match (context.direction, &message.body) {
        (Direction::Unknown, Body::MessageOut { .. }) => Direction::ToServer,
        (Direction::Unknown, _) => Direction::ToClient,
        (known, _) => known,
    };
    let told = content::told(message, pdu.kind, direction)
        .or_else(|| line::told(message, context, direction))
        .or_else(|| pattern::told(message.verb, direction, dissection))
        .or_else(|| line::message(&message.body));
    if let Some(text) = told {
        return text;
    }
    let shape = message.verb.and_then(|v| v.shape(context.direction).or_else(|| v.shape(Direction::Unknown)));
    match shape {
        Some(shape) => TextId::new(&shape.means).text(),
        None => UNKNOWN.text(),
    }
}

/// What bytes are that are not a whole command.
fn stray(pdu: &Pdu<'_>, dissection: &Dissection<'_>) -> Option<Text> {
    match pdu.kind {
        PduKind::Command => None,
        PduKind::Direct | PduKind::FileTransfer => None,
        PduKind::Relay => matches!(dissection.message.content, Content::Nothing)
            .then(|| peer::RELAYED.with([pdu.payload().len().into()])),
        PduKind::Udp => matches!(dissection.message.content, Content::Nothing)
            .then(|| peer::DATAGRAM.with([pdu.bytes.len().into()])),
        PduKind::Webcam => Some(peer::WEBCAM.with([pdu.bytes.len().into()])),
        PduKind::Skipped if pdu.bytes.len() == 1 => Some(STRAY_ONE.text()),
        PduKind::PayloadRest if pdu.bytes.len() == 1 => Some(MORE_PAYLOAD_ONE.text()),
        PduKind::Skipped => Some(STRAY.with([pdu.bytes.len().into()])),
        PduKind::PayloadRest => Some(MORE_PAYLOAD.with([pdu.bytes.len().into()])),
        PduKind::Beside => {
            let line = pdu.bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
            Some(BESIDE.with([pdu.bytes.len().into(), shorten(lossy(line).trim_end()).into()]))
        }
        PduKind::Unfinished => Some(CUT_OFF.with([shorten(&lossy(pdu.bytes)).into()])),
    }
}

/// A name and a login name; the name alone where it says nothing new.
fn who(account: Account<'_>, nick: Option<&Nick<'_>>) -> Arg {
    let account = shorten(&lossy(account.name()));
    match nick.map(shown).filter(|nick| !nick.is_empty() && *nick != account) {
        Some(nick) => NAMED.with([nick.into(), account.into()]).into(),
        None => account.into(),
    }
}

/// A login name without network and device.
fn name(account: &Account<'_>) -> Arg {
    who(*account, None)
}

/// What a name or a value says, decoded; nothing where it is all blanks.
fn shown(nick: &Nick<'_>) -> String {
    let text = lossy(&nick.decoded);
    if text.trim().is_empty() { String::new() } else { shorten(&text) }
}

fn value_of<'d>(dissection: &'d Dissection<'_>, field: FieldId) -> Option<&'d str> {
    dissection.tree.items.iter().find(|item| item.field == field).and_then(|item| match &item.value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    })
}

fn label_of<'d>(dissection: &'d Dissection<'_>, field: FieldId) -> Option<&'d Text> {
    dissection.tree.items.iter().find(|item| item.field == field).and_then(|item| item.label.as_ref())
}

fn shorten(text: &str) -> String {
    if text.len() <= LINE_SHOWN && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut out = clean.take(LINE_SHOWN).collect::<String>();
    if text.chars().count() > LINE_SHOWN {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests;
