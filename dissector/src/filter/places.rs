//! Where something stands in a command: what “find” asks, where a filter only asks whether it does.

use std::ops::Range;

use memchr::memmem;

use super::search::Needle;
use crate::analysis::Command;
use crate::msnp::dissect;
use crate::tree::{Recording, Span, Value};

/// What is searched for: a text whatever its case, or bytes.
#[derive(Debug, Clone)]
pub struct Search {
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Text(Needle),
    Bytes(Vec<u8>),
}

impl Search {
    /// A search for a text; none for an empty one.
    #[must_use]
    pub fn text(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self { what: What::Text(Needle::new(text)) })
    }

    /// A search for bytes, written as two hexadecimal digits each, with blanks or colons between them or not; none where
    /// that is not what is written.
    #[must_use]
    pub fn bytes(digits: &str) -> Option<Self> {
        let digits: Vec<u8> = digits.bytes().filter(|byte| !matches!(byte, b' ' | b':')).collect();
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let written = digits.iter().all(u8::is_ascii_hexdigit) && !digits.is_empty() && digits.len().is_multiple_of(2);
        let bytes = digits.chunks(2).map(byte).collect::<Option<Vec<u8>>>().filter(|_| written)?;
        Some(Self { what: What::Bytes(bytes) })
    }

    /// Where it stands in a command, in order: in its bytes, else in what is derived from them, else in the texts that its
    /// fields mean. A command in whose bytes it stands is not taken apart.
    ///
    /// What the search for a word in a filter finds has a place, if need be the whole command.
    #[must_use]
    pub fn places(&self, command: &Command<'_>) -> Vec<Span> {
        let bytes = command.pdu.bytes;
        let own = self.in_bytes(bytes, 0);
        if !own.is_empty() {
            return own;
        }
        let tree = dissect(&command.pdu, &command.context, Recording::Everything).tree;
        let derived = tree.sources.iter().zip(1..).flat_map(|(source, number)| self.in_bytes(&source.bytes, number));
        let derived: Vec<Span> = derived.collect();
        let What::Text(needle) = &self.what else { return derived };
        if !derived.is_empty() {
            return derived;
        }
        let meant = |value: &Value| matches!(value, Value::Text(text) if needle.is_in(text));
        let texts: Vec<Span> = tree.items.iter().filter(|item| meant(&item.value)).map(|item| item.span).collect();
        if texts.is_empty() && needle.is_in_bytes(bytes) { vec![span(0, &(0..bytes.len()))] } else { texts }
    }

    fn in_bytes(&self, bytes: &[u8], source: u16) -> Vec<Span> {
        let places = match &self.what {
            What::Text(needle) => needle.places(bytes),
            What::Bytes(wanted) => memmem::find_iter(bytes, wanted).map(|at| at..at + wanted.len()).collect(),
        };
        places.iter().map(|place| span(source, place)).collect()
    }
}

fn span(source: u16, place: &Range<usize>) -> Span {
    let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { source, start: narrow(place.start), end: narrow(place.end) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::with;
    use super::*;
    use crate::filter::{Filter, NoIndex};
    use crate::msnp::Direction;

    const SAID: &[u8] = b"MSG a@example.com A%20%20B 62\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHo ho \xc3\xa9\xc3\x89tait";

    fn places(search: &Search) -> Vec<(u16, u32, u32)> {
        with(Direction::ToClient, SAID, |command| {
            search.places(command).iter().map(|span| (span.source, span.start, span.end)).collect()
        })
    }

    #[test]
    fn each_place_in_the_bytes_is_told_whatever_the_case() {
        let text = |text: &str| places(&Search::text(text).unwrap());
        let at = |needle: &[u8]| u32::try_from(memmem::find(SAID, needle).unwrap()).unwrap();
        let ho = at(b"Ho ho");
        assert_eq!(text("HO"), [(0, ho, ho + 2), (0, ho + 3, ho + 5)]);
        let accented = at("Ét".as_bytes());
        assert_eq!(text("Ét"), [(0, accented, accented + 3)]);
        assert_eq!(text("ét"), [(0, ho, u32::try_from(SAID.len()).unwrap())], "in mixed case the field is the place");
        assert_eq!(text("nobody"), []);
    }

    #[test]
    fn a_text_that_a_field_means_is_at_the_field() {
        let nick = memmem::find(SAID, b"A%20%20B").unwrap();
        let nick = u32::try_from(nick).unwrap();
        assert_eq!(places(&Search::text("a  b").unwrap()), [(0, nick, nick + 8)]);
    }

    #[test]
    fn bytes_are_written_as_digits() {
        let ho = u32::try_from(memmem::find(SAID, b"Ho ho").unwrap()).unwrap();
        for digits in ["486f20", "48 6F 20", "48:6f:20"] {
            assert_eq!(places(&Search::bytes(digits).unwrap()), [(0, ho, ho + 3)], "{digits}");
        }
        for digits in ["", " ", "4", "486", "4g", "+1", "é"] {
            assert!(Search::bytes(digits).is_none(), "{digits:?}");
        }
    }

    #[test]
    fn what_a_filter_finds_has_a_place() {
        for word in ["ho", "text/plain", "a  b", "ÉÉ", "éé", "nobody", "MSG"] {
            let quoted = format!("\"{word}\"");
            let filter = Filter::parse(&quoted).unwrap();
            let found = with(Direction::ToClient, SAID, |command| filter.matches(command, &NoIndex));
            assert_eq!(!places(&Search::text(word).unwrap()).is_empty(), found, "{word}");
        }
    }
}
