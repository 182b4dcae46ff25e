//! What somebody’s computer is playing: the list in `CurrentMedia`.
//!
//! Source: protocol reference, messages 7.1.

use super::schema::{Show, characters, plain};
use super::text::{resolved, unescaped};
use super::{
    MEDIA_ALBUM, MEDIA_ARTIST, MEDIA_CONTENT, MEDIA_FORMAT, MEDIA_KIND, MEDIA_OFF, MEDIA_ON, MEDIA_PROGRAM,
    MEDIA_SHOWN, MEDIA_TITLE, MEDIA_VALUE, PLAYING, UNESCAPED,
};
use crate::msnp::field::UNDECODED;
use crate::tree::{FieldId, Record, Scribe, Text, TextId, Value};

/// `media = [ program ] "\0" kind "\0" shown "\0" format *( "\0" value )`; the separator is a backslash and the digit 0.
/// Some clients escape the backslash too: then the list is a source of its own.
pub fn media(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    let decoded = unescaped(wire);
    if parts(&decoded).count() == parts(wire).count() {
        s.group_with(field, &Media(wire), |s| s.limit(wire.len(), UNDECODED, |s| list(s, characters)));
    } else {
        let from = s.here(wire.len());
        s.take(field, wire.len(), Media(wire));
        s.within(UNESCAPED.text(), from, decoded.into_owned(), |s| list(s, plain));
    }
}

fn list(s: &mut Scribe<'_, '_>, show: Show) {
    let mut meanings = [None; VALUES];
    for field in [MEDIA_PROGRAM, MEDIA_KIND, MEDIA_SHOWN, MEDIA_FORMAT] {
        let part = part(s, field, show);
        if field == MEDIA_KIND && part == b"Music" {
            meanings = MUSIC;
        }
    }
    for meaning in meanings {
        let part = part(s, MEDIA_VALUE, show);
        if let Some(meaning) = meaning.filter(|_| !part.is_empty()) {
            s.label(meaning);
        }
    }
    let rest = s.rest();
    value(s, MEDIA_VALUE, rest, show);
}

/// What the values of music are.
const MUSIC: [Option<TextId>; VALUES] = {
    let mut meanings = [None; VALUES];
    let [title, artist, album, identifier, ..] = &mut meanings;
    (*title, *artist) = (Some(MEDIA_TITLE), Some(MEDIA_ARTIST));
    (*album, *identifier) = (Some(MEDIA_ALBUM), Some(MEDIA_CONTENT));
    meanings
};

/// One part of the list, with the separator behind it.
fn part<'a>(s: &mut Scribe<'a, '_>, field: FieldId, show: Show) -> &'a [u8] {
    let part = parts(s.rest()).next().unwrap_or_default();
    value(s, field, part, show);
    s.skip(SEPARATOR.len().min(s.rest().len()));
    part
}

fn value(s: &mut Scribe<'_, '_>, field: FieldId, part: &[u8], show: Show) {
    if part.is_empty() {
        return;
    }
    show(s, field, part);
    match part {
        b"1" if field == MEDIA_SHOWN => s.label(MEDIA_ON),
        b"0" if field == MEDIA_SHOWN => s.label(MEDIA_OFF),
        _ => {}
    }
}

/// What to show for the list, decoded: the format with its values in place; nothing when nothing is playing.
pub fn shown(list: &str) -> Option<String> {
    let parts = list.split("\\0").take(4 + VALUES).collect::<Vec<_>>();
    match parts.as_slice() {
        [_, _, "1", format, values @ ..] => Some(filled(format, values)),
        _ => None,
    }
}

/// Values that are looked at; music has four.
const VALUES: usize = 28;

/// Items of a list at most.
pub const ITEMS: usize = VALUES + 6;

const SEPARATOR: &[u8] = b"\\0";

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

    fn label(&self) -> Option<Text> {
        let list = resolved(self.0);
        match shown(&list) {
            Some(shown) => Some(PLAYING.with([shown.into()])),
            None => (list.split("\\0").count() > 3).then(|| MEDIA_OFF.text()),
        }
    }
}

/// The format with `{0}`, `{1}` … replaced by the values. Stops when it is long enough: the wire could ask for gigabytes.
fn filled(format: &str, values: &[&str]) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Catalogue;

    #[test]
    fn music_is_told_as_its_format_says() {
        let told = |list: &str| Media(list.as_bytes()).label().map(|label| Catalogue::english().render(&label));
        let playing = r"\0Music\01\0{0} - {1}\0Azzurro\0A. Celentano\0\0\0";
        assert_eq!(told(playing).unwrap(), "Azzurro - A. Celentano");
        assert_eq!(told(r"\0Music\00\0{0}\0\0").unwrap(), "stopped");
        assert_eq!(told("nonsense"), None);
    }
}
