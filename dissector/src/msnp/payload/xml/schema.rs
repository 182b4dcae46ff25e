//! What a document may say, as a table: which field an element or attribute is, what stands in it, and where its value goes
//! among the typed values. The walk (see [`super::walk`]) follows it, and shows what the table does not name by its name.

use super::text::Escaped;
use super::{ELEMENT_TEXT, XML_VALUE};
use crate::msnp::token::{self, Coded, EXPECTED_NUMBER, Word};
use crate::tree::{FieldId, Record, Scribe, Span, TextId, lossy};

/// Records characters as a field, all of them.
pub type Show = fn(&mut Scribe<'_, '_>, FieldId, &[u8]);

/// One element or attribute, and what to do with it. `T` collects the typed values.
pub struct Node<T: 'static> {
    /// What it is called.
    pub name: &'static str,
    /// What it is.
    pub field: FieldId,
    /// How its text is recorded; nothing for an element that stands for what is in it.
    pub show: Option<Show>,
    /// Its attributes, as far as they are known.
    pub attributes: &'static [Node<T>],
    /// The elements in it, as far as they are known.
    pub children: &'static [Node<T>],
    /// Called when the element begins.
    pub opened: fn(&mut T),
    /// Called with the text, decoded; of an element when it ends.
    pub told: fn(&mut T, &str),
    /// Called when the element ends, with the place of all of it: to record what follows from its parts.
    pub closed: fn(&mut T, &mut Scribe<'_, '_>, Span),
}

/// An element that stands for what is in it.
pub const fn group<T>(name: &'static str, field: FieldId) -> Node<T> {
    Node { show: None, ..leaf(name, field) }
}

/// An element with text, or an attribute.
pub const fn leaf<T>(name: &'static str, field: FieldId) -> Node<T> {
    Node {
        name,
        field,
        show: Some(characters),
        attributes: &[],
        children: &[],
        opened: |_| {},
        told: |_, _| {},
        closed: |_, _, _| {},
    }
}

impl<T> Node<T> {
    /// With these attributes.
    pub const fn attributes(self, attributes: &'static [Self]) -> Self {
        Self { attributes, ..self }
    }

    /// With these elements in it.
    pub const fn children(self, children: &'static [Self]) -> Self {
        Self { children, ..self }
    }

    /// Recorded in a way of its own.
    pub const fn shown(self, show: Show) -> Self {
        Self { show: Some(show), ..self }
    }

    /// Calls this when the element begins.
    pub const fn opened(self, opened: fn(&mut T)) -> Self {
        Self { opened, ..self }
    }

    /// Gives its text to this.
    pub const fn told(self, told: fn(&mut T, &str)) -> Self {
        Self { told, ..self }
    }

    /// Calls this when the element ends.
    pub const fn closed(self, closed: fn(&mut T, &mut Scribe<'_, '_>, Span)) -> Self {
        Self { closed, ..self }
    }
}

/// Text as it stands, with its references resolved.
pub fn characters(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    s.take(field, wire.len(), Escaped(wire));
}

/// Text as it stands.
pub fn plain(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    s.take(field, wire.len(), Word(wire));
}

/// A decimal number of at most 32 bits, as what `record` makes of it. Whatever else stands there is shown as text.
pub fn number<R: Record>(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8], record: impl Fn(u32) -> R) {
    match token::number(wire) {
        Ok(([], number)) => drop(s.take(field, wire.len(), record(number))),
        _ => unexpected(s, wire, EXPECTED_NUMBER),
    }
}

/// A word out of a small set.
pub fn coded(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8], meaning: impl Fn(&[u8]) -> Option<TextId>) {
    s.take(field, wire.len(), Coded(wire, meaning(wire)));
}

/// Text in place of something that has a form.
pub fn unexpected(s: &mut Scribe<'_, '_>, wire: &[u8], expected: TextId) {
    let found = lossy(wire.get(..wire.len().min(64)).unwrap_or_default());
    s.expert_at(XML_VALUE, s.here(wire.len()), [expected.text().into(), found.into()]);
    s.take(ELEMENT_TEXT, wire.len(), Escaped(wire));
}
