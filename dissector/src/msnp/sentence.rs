//! One line about a command: for lists and Wireshark's Info column ([`info`]), and in plain English ([`sentence`]).

use super::command::Dissection;
use super::payload::{mime, text};
use super::{Context, Direction, Pdu, PduKind};
use crate::tree::{Catalogue, FieldId, Text, TextId, Value, lossy, texts};

/// Characters of a line that are shown.
const LINE_SHOWN: usize = 160;

texts! {
    QUOTED = "info.quoted", "{0} · “{1}”";
    TYPED = "info.typed", "{0} · {1}";
    STRAY = "info.stray", "{0} bytes that are no command";
    SAYS = "sentence.says", "{0} writes: “{1}”";
    UNKNOWN = "sentence.unknown", "A command that no documentation of MSNP mentions.";
}

/// The line itself, and what a message carries: `MSG 4 A 149 · “Ciao”`. `dissection` is the PDU's, recorded in full.
#[must_use]
pub fn info(pdu: &Pdu<'_>, dissection: &Dissection<'_>, catalogue: &Catalogue) -> String {
    if pdu.kind != PduKind::Command {
        return catalogue.render(&STRAY.with([pdu.bytes.len().into()]));
    }
    let line = shorten(&lossy(pdu.line_text()));
    if let Some(written) = value_of(dissection, text::TEXT) {
        return catalogue.render(&QUOTED.with([line.into(), shorten(written).into()]));
    }
    match label_of(dissection, mime::CONTENT_TYPE) {
        Some(kind) => catalogue.render(&TYPED.with([line.into(), kind.clone().into()])),
        None => line,
    }
}

/// What the sender does, in a sentence.
#[must_use]
pub fn sentence(pdu: &Pdu<'_>, context: &Context, dissection: &Dissection<'_>, catalogue: &Catalogue) -> String {
    if pdu.kind != PduKind::Command {
        return catalogue.render(&STRAY.with([pdu.bytes.len().into()]));
    }
    if let Some(written) = value_of(dissection, text::TEXT) {
        let who = value_of(dissection, super::field::NICK);
        let who = who.map_or_else(|| "The client".to_owned(), str::to_owned);
        return catalogue.render(&SAYS.with([who.into(), shorten(written).into()]));
    }
    let shape =
        dissection.message.verb.and_then(|v| v.shape(context.direction).or_else(|| v.shape(Direction::Unknown)));
    match shape {
        Some(shape) => catalogue.render(&TextId::new(&shape.means).text()),
        None => catalogue.render(&UNKNOWN.text()),
    }
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
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut out = clean.take(LINE_SHOWN).collect::<String>();
    if text.chars().count() > LINE_SHOWN {
        out.push('…');
    }
    out
}
