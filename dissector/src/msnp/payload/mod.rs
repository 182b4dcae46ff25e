//! Payloads: what follows a line, by the verb of the line.

pub mod control;
pub mod datagram;
pub mod emoticon;
pub mod header;
pub mod ink;
pub mod invitation;
pub mod mime;
pub mod msn_object;
pub mod notice;
pub mod part;
pub mod profile;
pub mod text;
pub mod xml;

use super::field::{PAYLOAD_DATA, PAYLOAD_TEXT};
use super::token::Word;
use super::value::challenge::challenge_answer;
use super::{Content, Context, Pdu, Verb, verb};
use crate::tree::Scribe;

/// Reads the payload of a command or of an error, and what it completes; whatever it leaves is recorded as not understood by the caller.
pub fn read(s: &mut Scribe<'_, '_>, verb: Option<Verb>, context: &Context, pdu: &Pdu<'_>) -> Content {
    match verb {
        Some(verb::MSG | verb::UUM | verb::UBM) => return mime::message(s, context, pdu),
        Some(verb::QRY) => challenge_answer(s),
        Some(verb::SDG | verb::PUT | verb::DEL | verb::NFY) => return datagram::datagram(s, pdu),
        // The payload of an error repeats what is refused: a contact document or a datagram.
        // Nobody says what a refused datagram says.
        Some(error) if error.is_error() && datagram::is_datagram(s.rest()) => drop(datagram::datagram(s, pdu)),
        Some(error) if error.is_error() && s.rest().starts_with(b"<") => return xml::refused(s),
        Some(verb::UBX | verb::UUX) => return xml::presence(s),
        Some(verb::ADL | verb::RML | verb::FQY) => return xml::memberships(s),
        Some(verb::GCF) => xml::policies(s),
        Some(verb::NOT) => drop(xml::notification(s)),
        Some(verb::IPG) => return xml::notification(s),
        Some(verb::PAG | verb::PGD) => return xml::page(s),
        _ => plain(s),
    }
    Content::Nothing
}

/// A payload, or a body, that is not taken apart: text if it can be read, else data.
pub fn plain(s: &mut Scribe<'_, '_>) {
    let rest = s.rest();
    if rest.is_empty() {
        return;
    }
    if is_readable(rest) {
        s.take(PAYLOAD_TEXT, rest.len(), Word(rest));
    } else {
        s.rest_as_bytes(PAYLOAD_DATA);
    }
}

/// UTF-8 without control characters other than tab and line ends.
fn is_readable(bytes: &[u8]) -> bool {
    let control = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\r' | b'\n');
    !bytes.iter().any(control) && std::str::from_utf8(bytes).is_ok()
}
