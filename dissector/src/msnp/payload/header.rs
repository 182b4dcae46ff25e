//! Header lines: `name: value`, as messages, datagrams and the bodies of some messages have them.
//!
//! Comes in: lines. Goes out: each value under the field of its name, and what they say together ([`Headers`]) for
//! whoever reads the body. Which names there are is said by tables ([`Known`]); names are matched without regard to case.
//!
//! Source: protocol reference, messages 1. Third-party clients write bare LF; values may be empty.

use super::{notice, text};
use crate::msnp::charset;
use crate::msnp::field::UNDECODED;
use crate::msnp::framing;
use crate::msnp::token::{Account, Coded, Word, account, long_number, shortened};
use crate::msnp::value::account as accounts;
use crate::msnp::{OfflineMessage, TextFormat};
use crate::tree::{FieldId, Kind, Record, Scribe, Text, TextId, Value, experts, lossy};

experts! {
    NOT_A_HEADER: Note, Malformed => "msnp.expert.not-a-header", "expected a header (name: value), found “{0}”";
    NOT_A_NUMBER: Note, Malformed => "msnp.expert.header-number", "expected a decimal number as {0}, found “{1}”";
}

/// A name that is known, with the field of its value and what the value is.
#[derive(Debug, Clone, Copy)]
pub struct Known(pub &'static str, pub FieldId, pub Form);

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// A word as it stands.
    Word,
    /// A decimal number as wide as the field, which knows what numbers are called.
    Number,
    /// A word that may stand for something.
    Coded(fn(&[u8]) -> Option<TextId>),
    /// An account, perhaps with network and device around it.
    Account,
    /// The looks of a text.
    Looks,
    /// Text in which encoded words may stand.
    Encoded,
    /// The state of a mailbox.
    Mailbox,
    /// Something that is read further: handed the bytes that are the value, it records them all.
    Read(fn(&mut Scribe<'_, '_>, FieldId, usize)),
}

/// One line.
#[derive(Debug, Clone, Copy)]
pub struct Header<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// Blanks and colon between name and value.
    separator: usize,
    /// Its value.
    pub value: &'a [u8],
    line_end: usize,
}

impl<'a> Header<'a> {
    /// Whether it has this name.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// Where the value begins.
    #[must_use]
    pub fn before_value(&self) -> usize {
        self.name.len() + self.separator
    }

    /// The entry of a table for it.
    #[must_use]
    pub fn known(&self, table: &'static [Known]) -> Option<&'static Known> {
        table.iter().find(|Known(name, ..)| self.is(name))
    }

    /// Passes over the name, so that `body` stands at the value, and then over the line end.
    pub fn value<T>(&self, s: &mut Scribe<'a, '_>, body: impl FnOnce(&mut Scribe<'a, '_>, &'a [u8]) -> T) -> T {
        s.skip(self.before_value());
        let result = body(s, self.value);
        s.skip(self.line_end);
        result
    }

    /// Records the line under `field` as it stands: of a name that is not known.
    pub fn whole(&self, s: &mut Scribe<'a, '_>, field: FieldId) {
        let length = self.before_value() + self.value.len();
        let line = s.rest().get(..length).unwrap_or_default();
        s.take(field, line.len(), Word(line));
        s.skip(self.line_end);
    }

    /// Records the value as what the table says; where that is a number and none is there, the line goes under `other`.
    pub fn record(
        &self,
        s: &mut Scribe<'a, '_>,
        Known(name, field, form): &Known,
        other: FieldId,
        found: &mut Headers<'a>,
    ) {
        found.remember(*field, self.value);
        if matches!(form, Form::Number) {
            return match number_for(*field, self.value) {
                Some(number) => self.value(s, |s, value| _ = s.take(*field, value.len(), number)),
                None => self.no_number(s, name, other),
            };
        }
        self.value(s, |s, value| match form {
            Form::Number => {}
            Form::Word => drop(s.take(*field, value.len(), Word(value))),
            Form::Coded(meaning) => drop(s.take(*field, value.len(), Coded(value, meaning(value.trim_ascii())))),
            Form::Account => take_account(s, *field, value.len()),
            Form::Looks => found.format = Some(text::format(s, value.len())),
            Form::Encoded => drop(take_encoded(s, *field, value)),
            Form::Mailbox => found.waiting = notice::mail_data(s, *field, value.len()),
            Form::Read(read) => read(s, *field, value.len()),
        });
    }

    /// Something else stands where a number should: the line as it stands. Where nothing does, nothing is told.
    fn no_number(&self, s: &mut Scribe<'a, '_>, name: &str, other: FieldId) {
        if self.value.trim_ascii().is_empty() {
            return self.value(s, |s, value| s.skip(value.len()));
        }
        let start = s.position() + self.before_value();
        let span = s.span(start, start + self.value.len());
        s.expert_at(NOT_A_NUMBER, span, [name.into(), shortened(self.value).into()]);
        self.whole(s, other);
    }
}

/// A number and what it is called.
#[derive(Debug, Clone, Copy)]
struct Numbered(u64, Option<TextId>);

impl Record for Numbered {
    fn value(&self) -> Value {
        Value::Uint(self.0)
    }

    fn label(&self) -> Option<Text> {
        self.1.map(TextId::text)
    }
}

/// `number = 1*DIGIT`, if it is not too large for the field.
fn number_for(field: FieldId, value: &[u8]) -> Option<Numbered> {
    let Ok(([], number)) = long_number(value.trim_ascii_end()) else { return None };
    let field = field.field();
    match (u32::try_from(number), field.kind) {
        (Ok(short), Kind::Uint32(_)) => Some(Numbered(number, field.names.and_then(|names| names.of(short)))),
        (_, Kind::Uint64(_)) => Some(Numbered(number, None)),
        _ => None,
    }
}

/// An account, or whatever stands in place of one.
pub fn take_account(s: &mut Scribe<'_, '_>, field: FieldId, length: usize) {
    let value = s.rest().get(..length).unwrap_or_default();
    match account(value) {
        Ok((_, found)) => accounts::record(s, field, found),
        Err(_) => drop(s.take(field, value.len(), Account(value))),
    }
}

/// Text in which encoded words may stand; returns what it says.
pub fn take_encoded(s: &mut Scribe<'_, '_>, field: FieldId, value: &[u8]) -> String {
    match charset::encoded_words(value) {
        Some(text) => {
            s.take(field, value.len(), charset::decode(text.as_bytes(), Some(b"utf-8")));
            text
        }
        None => charset::take(s, field, value.len(), None).text,
    }
}

/// What headers say together.
#[derive(Debug, Default)]
pub struct Headers<'a> {
    all: Vec<(FieldId, &'a [u8])>,
    /// The looks of the text.
    pub format: Option<TextFormat>,
    /// Messages that wait in the mailbox.
    pub waiting: Vec<OfflineMessage>,
}

impl<'a> Headers<'a> {
    /// Takes note of a value; of several for a field, the first counts.
    pub fn remember(&mut self, field: FieldId, value: &'a [u8]) {
        if self.value(field).is_none() {
            self.all.push((field, value));
        }
    }

    /// The value of a field.
    #[must_use]
    pub fn value(&self, field: FieldId) -> Option<&'a [u8]> {
        self.all.iter().find(|(of, _)| *of == field).map(|(_, value)| value.trim_ascii())
    }

    /// The value of a field as text, unless it is empty.
    #[must_use]
    pub fn text(&self, field: FieldId) -> Option<String> {
        self.value(field).filter(|value| !value.is_empty()).map(lossy)
    }

    /// The values, with their fields, in the order of the lines.
    pub fn values(&self) -> impl Iterator<Item = (FieldId, &'a [u8])> {
        self.all.iter().copied()
    }
}

/// `header = name ":" *SP value [ CR ] LF`; the last one of a payload may lack its line end.
#[must_use]
pub fn header(rest: &[u8]) -> Option<Header<'_>> {
    let line_feed = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let line = rest.get(..line_feed)?;
    let text = line.strip_suffix(b"\r").unwrap_or(line);
    let colon = memchr::memchr(b':', text)?;
    let name = text.get(..colon)?;
    if name.is_empty() || !name.iter().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    let after = text.get(colon + 1..)?;
    let blanks = after.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let end = (line_feed + 1).min(rest.len());
    Some(Header { name, separator: 1 + blanks, value: after.get(blanks..)?, line_end: end - text.len() })
}

/// Length of a line end standing right here.
#[must_use]
pub fn line_end_at(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'\r', b'\n', ..] => Some(2),
        [b'\n', ..] => Some(1),
        _ => None,
    }
}

/// Bodies that are nothing but line ends.
pub fn blank_lines(s: &mut Scribe<'_, '_>) {
    while let Some(end) = line_end_at(s.rest()) {
        s.skip(end);
    }
}

/// `body = *( name ":" *SP value CRLF / CRLF )`: bodies that keep their fields in lines like headers. A line of a name that
/// is not known goes under `other`.
pub fn lines<'a>(s: &mut Scribe<'a, '_>, known: &'static [Known], other: FieldId) -> Headers<'a> {
    let mut found = Headers::default();
    loop {
        blank_lines(s);
        if s.is_empty() {
            return found;
        }
        match header(s.rest()) {
            Some(line) => match line.known(known) {
                Some(entry) => line.record(s, entry, other, &mut found),
                None => line.whole(s, other),
            },
            None => not_a_header(s),
        }
    }
}

/// A line that is no header, to its end: text, or data. Consumes at least one byte, even of a lone CR at the end.
pub fn not_a_header(s: &mut Scribe<'_, '_>) {
    let line = s.rest().split_inclusive(|b| *b == b'\n').next().unwrap_or_default();
    let text = framing::without_line_end(line);
    s.expert_at(NOT_A_HEADER, s.here(text.len()), [lossy(text.get(..24).unwrap_or(text)).into()]);
    s.limit(text.len(), UNDECODED, super::plain);
    s.skip(line.len() - text.len());
}
