//! Handwriting: a drawing, as a GIF that carries ink data or in the ink format of Tablet PCs.
//!
//! Source: protocol reference, messages 2.5. The body is `base64:` and base64 without line breaks; a drawing is longer than
//! one message, so it nearly always comes in parts.

use super::header::blank_lines;
use crate::msnp::Content;
use crate::msnp::coding::base64;
use crate::tree::{Kind, Scribe, Text, experts, fields, texts};

fields! {
    family 21;
    /// A drawing in base64, as the sender’s program writes it; GIF from Messenger 6, Ink Serialized Format from 7.0.
    CODE: Kind::Bytes => "msnp.ink.code", "Drawing in base64", Text;
    /// The sender’s drawing itself, decoded: the bytes of a GIF (Messenger 6) or of an Ink Serialized Format file
    /// (from 7.0 on).
    DRAWING: Kind::Bytes => "msnp.ink.drawing", "Drawing", Text;
}

experts! {
    NO_MARK: Note, Malformed => "msnp.expert.ink-mark", "expected “base64:” before the drawing, found something else";
    NOT_BASE64: Warn, Malformed => "msnp.expert.ink-base64", "expected a drawing in base64, found something else";
}

texts! {
    SOURCE = "source.drawing", "Decoded drawing";
    GIF = "ink.gif", "GIF, {0} by {1} pixels";
    ISF = "ink.isf", "Ink Serialized Format, {0} bytes";
    OTHER = "ink.other", "no form that is known, {0} bytes";
}

/// What stands before the base64.
const MARK: &[u8] = b"base64:";

/// `ink = "base64:" *base64-digit`
pub fn ink(s: &mut Scribe<'_, '_>) -> Content {
    let rest = s.rest();
    if rest.starts_with(b"GIF8") {
        return drawing(s);
    }
    match rest.starts_with(MARK) {
        true => s.skip(MARK.len()),
        false if rest.is_empty() => return Content::Ink { length: None },
        false => s.expert_at(NO_MARK, s.here(rest.len().min(MARK.len())), []),
    }
    let code = s.rest().trim_ascii_end();
    let span = s.here(code.len());
    if !code.is_empty() {
        s.take(CODE, code.len(), code);
    }
    let content = match base64(code) {
        Some(bytes) => s.within(SOURCE.text(), span, bytes, drawing),
        None => {
            s.expert_at(NOT_BASE64, span, []);
            Content::Ink { length: None }
        }
    };
    blank_lines(s);
    content
}

fn drawing(s: &mut Scribe<'_, '_>) -> Content {
    let bytes = s.rest();
    if !bytes.is_empty() {
        s.take(DRAWING, bytes.len(), bytes);
        s.label(form(bytes));
    }
    Content::Ink { length: u32::try_from(bytes.len()).ok() }
}

/// GIF has its size in little-endian order after the signature; ISF begins with a version, which is 0.
fn form(bytes: &[u8]) -> Text {
    match bytes {
        [b'G', b'I', b'F', b'8', _, _, w0, w1, h0, h1, ..] => {
            let side = |low, high| u32::from(u16::from_le_bytes([low, high]));
            GIF.with([side(*w0, *w1).into(), side(*h0, *h1).into()])
        }
        [0, ..] => ISF.with([bytes.len().into()]),
        _ => OTHER.with([bytes.len().into()]),
    }
}
