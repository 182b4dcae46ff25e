//! XML payloads.
//!
//! Every document is one field. In those about somebody's presence (`UBX`, `UUX`) the personal message, the music and the
//! other elements with text are fields under it. This is a reader of plain elements, not of XML: it follows tags and text,
//! and whatever it does not expect it shows as it stands.
//!
//! Source: protocol reference, messages 7.1.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till1, take_until};
use nom::combinator::recognize;
use nom::sequence::delimited;
use nom::{IResult, Parser};

use crate::msnp::token::Word;
use crate::tree::{Arg, ExpertId, FieldId, Kind, Record, Scribe, Text, Value, fields, lossy, texts};

fields! {
    family 7;
    /// An XML document as it stands.
    DOCUMENT: Kind::Text => "msnp.xml", "XML document", Text;
    /// A tag of an XML document that says more than its name.
    TAG: Kind::Text => "msnp.xml.tag", "XML tag", Text;
    /// Text inside an XML element, with its character references resolved.
    ELEMENT_TEXT: Kind::Text => "msnp.xml.text", "XML text", Text;
    /// The personal message that somebody shows under the display name; from MSNP11 on. Empty when there is none.
    PERSONAL_MESSAGE: Kind::Text => "msnp.psm", "Personal message", Text;
    /// What somebody’s computer is playing, as a list separated by the two characters \0; from MSNP11 on.
    MEDIA: Kind::Text => "msnp.media", "Current media", Text;
    /// Which program plays; often empty.
    MEDIA_PROGRAM: Kind::Text => "msnp.media.program", "Program";
    /// What kind of thing is playing: Music, Games or Office.
    MEDIA_KIND: Kind::Text => "msnp.media.kind", "Kind of media";
    /// 1 when something is playing, 0 when it has stopped.
    MEDIA_SHOWN: Kind::Text => "msnp.media.shown", "Playing";
    /// How to show it: {0}, {1} and so on stand for the values that follow.
    MEDIA_FORMAT: Kind::Text => "msnp.media.format", "Format";
    /// A value for the format; for music these are title, artist, album and an identifier of the piece.
    MEDIA_VALUE: Kind::Text => "msnp.media.value", "Media value", Text;
    /// Identifies the device that sends this, a GUID with or without braces; from MSNP13 on.
    MACHINE: Kind::Text => "msnp.device.machine", "Machine GUID", Personal;
}

texts! {
    ELEMENT = "xml.element", "{0}";
    PLAYING = "media.playing", "{0}";
    MEDIA_ON = "media.shown.1", "playing";
    MEDIA_OFF = "media.shown.0", "stopped";
}

/// Records an XML document as one field.
pub fn document(s: &mut Scribe<'_, '_>) {
    let rest = s.rest();
    if !rest.is_empty() {
        s.take(DOCUMENT, rest.len(), Word(rest));
    }
}

/// `presence = *( tag / text )`: the document of `UBX` and `UUX`.
pub fn presence(s: &mut Scribe<'_, '_>) {
    let rest = s.rest();
    if rest.is_empty() {
        return;
    }
    s.group_with(DOCUMENT, &Word(rest), |s| {
        let mut element: &[u8] = &[];
        while let Ok((_, piece)) = piece(s.rest()) {
            match markup(piece) {
                Some(Markup::Opens(name)) => {
                    element = name;
                    s.skip(piece.len());
                }
                Some(Markup::Closes) => {
                    element = &[];
                    s.skip(piece.len());
                }
                Some(Markup::Says(name)) => {
                    element = name;
                    s.take(TAG, piece.len(), Word(piece));
                }
                None => text(s, element, piece),
            }
        }
        let rest = s.rest();
        if !rest.is_empty() {
            s.take(ELEMENT_TEXT, rest.len(), Word(rest));
        }
    });
}

/// `piece = "<" *OCTET ">" / 1*OCTET`: one tag, or the text up to the next one.
fn piece(input: &[u8]) -> IResult<&[u8], &[u8]> {
    alt((recognize(delimited(tag("<"), take_until(">"), tag(">"))), take_till1(|b| b == b'<'))).parse(input)
}

/// What one tag is.
enum Markup<'a> {
    /// `<name>`
    Opens(&'a [u8]),
    /// `</name>` or `<name/>`
    Closes,
    /// A tag with attributes, a comment, a declaration: more than a name.
    Says(&'a [u8]),
}

fn markup(piece: &[u8]) -> Option<Markup<'_>> {
    let inside = piece.strip_prefix(b"<")?.strip_suffix(b">")?;
    let (closing, inside) = match inside.strip_prefix(b"/") {
        Some(name) => (true, name),
        None => (false, inside),
    };
    let (empty, inside) = match inside.strip_suffix(b"/") {
        Some(name) => (true, name),
        None => (false, inside),
    };
    let name = inside.trim_ascii_end();
    let plain = !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric());
    match (plain, closing || empty) {
        (true, true) => Some(Markup::Closes),
        (true, false) => Some(Markup::Opens(name)),
        (false, _) => Some(Markup::Says(name.split(|b| !b.is_ascii_alphanumeric()).next().unwrap_or_default())),
    }
}

fn text(s: &mut Scribe<'_, '_>, element: &[u8], piece: &[u8]) {
    if piece.iter().all(u8::is_ascii_whitespace) {
        s.skip(piece.len());
        return;
    }
    match element {
        b"PSM" => drop(s.take(PERSONAL_MESSAGE, piece.len(), Escaped(piece))),
        b"MachineGuid" => drop(s.take(MACHINE, piece.len(), Escaped(piece))),
        b"CurrentMedia" => media(s, piece),
        _ => {
            s.take(ELEMENT_TEXT, piece.len(), Escaped(piece));
            if !element.is_empty() {
                s.label(ELEMENT.with([lossy(element).into()]));
            }
        }
    }
}

/// `media = [ program ] "\0" kind "\0" shown "\0" format *( "\0" value )`; the separator is a backslash and the digit 0.
fn media(s: &mut Scribe<'_, '_>, piece: &[u8]) {
    s.group_with(MEDIA, &Media(piece), |s| {
        s.limit(piece.len(), ELEMENT_TEXT, |s| {
            let fields = [MEDIA_PROGRAM, MEDIA_KIND, MEDIA_SHOWN, MEDIA_FORMAT];
            let mut fields = fields.into_iter().chain(std::iter::repeat(MEDIA_VALUE));
            loop {
                let part = parts(s.rest()).next().unwrap_or_default();
                media_part(s, fields.next().unwrap_or(MEDIA_VALUE), part);
                if s.is_empty() {
                    return;
                }
                s.skip(SEPARATOR.len());
            }
        });
    });
}

fn media_part(s: &mut Scribe<'_, '_>, field: FieldId, part: &[u8]) {
    if part.is_empty() {
        return;
    }
    s.take(field, part.len(), Escaped(part));
    match part {
        b"1" if field == MEDIA_SHOWN => s.label(MEDIA_ON),
        b"0" if field == MEDIA_SHOWN => s.label(MEDIA_OFF),
        _ => {}
    }
}

const SEPARATOR: &[u8] = b"\\0";

/// Bytes of the longest character reference, `#x10FFFF;`, with some leading zeros.
const REFERENCE_CEILING: usize = 16;

/// Bytes of a label beyond which no more values are put into it.
const FILLED_CEILING: usize = 1024;

fn parts(piece: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut left = Some(piece);
    std::iter::from_fn(move || {
        let whole = left?;
        match whole.windows(SEPARATOR.len()).position(|pair| pair == SEPARATOR) {
            Some(end) => {
                left = whole.get(end + SEPARATOR.len()..);
                whole.get(..end)
            }
            None => left.take(),
        }
    })
}

/// The list in `CurrentMedia`.
struct Media<'a>(&'a [u8]);

impl Record for Media<'_> {
    fn value(&self) -> Value {
        Value::Text(resolved(self.0))
    }

    /// The format with its values in place, when something is playing.
    fn label(&self) -> Option<Text> {
        let parts = parts(self.0).take(32).map(resolved).collect::<Vec<_>>();
        let [_, _, shown, format, values @ ..] = parts.as_slice() else { return None };
        if shown != "1" {
            return Some(MEDIA_OFF.text());
        }
        Some(PLAYING.with([filled(format, values).into()]))
    }
}

/// The format with `{0}`, `{1}` … replaced by the values. Stops when it is long enough: the wire could ask for gigabytes.
fn filled(format: &str, values: &[String]) -> String {
    let mut out = String::new();
    let mut rest = format;
    while out.len() < FILLED_CEILING {
        let Some((before, after)) = rest.split_once('{') else { break };
        out.push_str(before);
        let value =
            after.split_once('}').and_then(|(index, tail)| Some((values.get(index.parse::<usize>().ok()?)?, tail)));
        match value {
            Some((value, tail)) => {
                out.push_str(value);
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Text with character references.
struct Escaped<'a>(&'a [u8]);

impl Record for Escaped<'_> {
    fn value(&self) -> Value {
        Value::Text(resolved(self.0))
    }

    fn complaint(&self) -> Option<(ExpertId, Vec<Arg>)> {
        Word(self.0).complaint()
    }
}

/// Text with its character references resolved: the five names of XML, and numbers in decimal or hexadecimal. MSNP11 and 12
/// use the names, later clients the numbers too; what is neither stays as it stands.
fn resolved(wire: &[u8]) -> String {
    let text = lossy(wire);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        match reference(after) {
            Some((character, tail)) => {
                out.push(character);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// `reference = name ";"`, at most [`REFERENCE_CEILING`] bytes: the character, and what follows.
fn reference(after: &str) -> Option<(char, &str)> {
    let end = after.bytes().take(REFERENCE_CEILING).position(|byte| byte == b';')?;
    Some((character(after.get(..end)?)?, after.get(end + 1..)?))
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).map(|c| if c == '\0' { '\u{2400}' } else { c })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Catalogue;

    #[test]
    fn character_references_are_resolved_once() {
        let cases = [
            ("a &amp; b", "a & b"),
            ("&amp;lt;", "&lt;"),
            ("&#x7B;1&#125;", "{1}"),
            ("R&B; &bogus; &", "R&B; &bogus; &"),
            ("&#0;&#xD800;", "\u{2400}&#xD800;"),
        ];
        for (wire, want) in cases {
            assert_eq!(resolved(wire.as_bytes()), want, "{wire}");
        }
    }

    #[test]
    fn music_is_told_as_its_format_says() {
        let told = |list: &str| Media(list.as_bytes()).label().map(|label| Catalogue::english().render(&label));
        let playing = r"\0Music\01\0{0} - {1}\0Azzurro\0A. Celentano\0\0\0";
        assert_eq!(told(playing).unwrap(), "Azzurro - A. Celentano");
        assert_eq!(told(r"\0Music\00\0{0}\0\0").unwrap(), "stopped");
        assert_eq!(told("nonsense"), None);
    }
}
