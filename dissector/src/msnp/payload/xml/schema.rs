//! What a document may say, as a table: which field an element or attribute is, what stands in it, and where its value goes
//! among the typed values. The walk (see [`super::walk`]) follows it, and shows what the table does not name by its name.

use super::text::{Escaped, unescaped};
use super::{ELEMENT_TEXT, UNESCAPED, XML_VALUE};
use crate::msnp::field::UNDECODED;
use crate::msnp::token::{self, Coded, EXPECTED_NUMBER, Word, shortened};
use crate::tree::{FieldId, Record, Scribe, Span, TextId, Value};

/// Records characters as a field, all of them.
pub type Show = fn(&mut Scribe<'_, '_>, FieldId, &[u8]);

/// One element or attribute, and what to do with it. `T` collects the typed values.
pub struct Node<T: 'static> {
    /// What it is called.
    pub name: &'static str,
    /// The field over all of it, if it is one of its own.
    pub group: Option<FieldId>,
    /// The field of its text, and how that is recorded.
    pub text: Option<(FieldId, Show)>,
    /// How many items its text gives at most.
    pub weight: usize,
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

/// An element that is no field of its own: what is in it stands for itself.
pub const fn through<T>(name: &'static str) -> Node<T> {
    Node {
        name,
        group: None,
        text: None,
        weight: 1,
        attributes: &[],
        children: &[],
        opened: |_| {},
        told: |_, _| {},
        closed: |_, _, _| {},
    }
}

/// An element over what is in it.
pub const fn group<T>(name: &'static str, field: FieldId) -> Node<T> {
    Node { group: Some(field), ..through(name) }
}

/// An element whose text is a field, or an attribute.
pub const fn leaf<T>(name: &'static str, field: FieldId) -> Node<T> {
    Node { text: Some((field, characters)), ..through(name) }
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

    /// With text in it that is a field.
    pub const fn holding(self, field: FieldId, show: Show) -> Self {
        Self { text: Some((field, show)), ..self }
    }

    /// With its text recorded in a way of its own.
    pub const fn shown(self, show: Show) -> Self {
        match self.text {
            Some((field, _)) => self.holding(field, show),
            None => self,
        }
    }

    /// With a text that gives up to so many items.
    pub const fn weighing(self, weight: usize) -> Self {
        Self { weight, ..self }
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
    s.expert_at(XML_VALUE, s.here(wire.len()), [expected.text().into(), shortened(wire).into()]);
    s.take(ELEMENT_TEXT, wire.len(), Escaped(wire));
}

/// A field that holds others: they are recorded by `body`, which gets the text.
pub fn over(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8], body: impl FnOnce(&mut Scribe<'_, '_>, &[u8])) {
    s.group(field, |s| s.limit(wire.len(), UNDECODED, |s| body(s, wire)));
}

/// Text that is a document itself, with character references around it: a source of its own under `field`.
pub fn inner<T>(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8], roots: &'static [Node<T>], target: &mut T) {
    let from = s.here(wire.len());
    s.take(field, wire.len(), Over);
    s.within(UNESCAPED.text(), from, unescaped(wire).into_owned(), |s| super::walk::document(s, roots, target));
}

/// A field that says nothing but stands over others.
pub struct Over;

impl Record for Over {
    fn value(&self) -> Value {
        Value::None
    }
}
