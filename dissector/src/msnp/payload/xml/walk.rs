//! The walk over a document: every byte of it becomes a field, or structure.
//!
//! Comes in: a document, or several one after the other, and a table of what it may say ([`super::schema`]). Goes out: items
//! under the tree laws, and typed values. Tags and quotes are structure; elements that hold others are groups; what the
//! table does not name is shown by its name.
//!
//! Nothing here trusts the document: what is broken is told, and reading goes on behind it as long as that happens seldom.
//! The ceilings below keep the cost linear and the tree small enough to look at; beyond them the rest is one text.

use std::ops::Range;

use super::lexer::{Aside, Fault, Lexer, Piece, PieceKind, StartTag};
use super::schema::{Node, Over, Show};
use super::text::{Escaped, readable, resolved};
use super::{
    ATTRIBUTE, COMMENT, DECLARATION, DOCTYPE, DOCUMENT, ELEMENT, ELEMENT_TEXT, EMPTY, FOUND_END, FOUND_QUOTE,
    FOUND_TAG, INSTRUCTION, NAMED, NAMESPACE, OUT_OF_PLACE, SPACE, TAG, XML_ATTRIBUTE, XML_BROKEN, XML_DECLARATION,
    XML_DEEP, XML_EXPECTED, XML_LARGE, XML_NAME, XML_NESTING, XML_OPEN, XML_STRAY, XML_UNCLOSED,
};
use crate::msnp::field::UNDECODED;
use crate::msnp::token::Word;
use crate::tree::{ExpertId, FieldId, Kind, Scribe, Span, lossy};

/// Elements inside one another.
const DEPTH_CEILING: usize = 20;
/// Items of one document: elements, attributes, texts, and what is in them. Fewer than a scribe takes of one command.
const PART_CEILING: usize = 60_000;
/// Faults of one document. Each may cost a look at all that is left.
const FAULT_CEILING: usize = 16;
/// Bytes that a sentence quotes.
const QUOTED: usize = 32;

/// Reads all that is left as XML: `document = *( aside / element )`.
pub fn document<T>(s: &mut Scribe<'_, '_>, roots: &'static [Node<T>], target: &mut T) {
    let bytes = s.rest();
    if bytes.is_empty() {
        return;
    }
    let text = readable(bytes);
    s.group(DOCUMENT, |s| {
        let mut walk = Walk {
            bytes,
            start: s.position(),
            pieces: Lexer::new(&text),
            open: Vec::new(),
            unmatched: None,
            parts: 0,
            faults: 0,
            cut: false,
            stopped: false,
        };
        walk.content(s, &mut Element { name: b"", node: None, children: roots, text: None }, target);
        let rest = s.rest();
        if !rest.is_empty() {
            s.take(ELEMENT_TEXT, rest.len(), Word(rest));
        }
    });
}

struct Walk<'d, 't> {
    bytes: &'d [u8],
    /// Where the document begins in its source.
    start: usize,
    pieces: Lexer<'t>,
    /// Names of the elements that are open.
    open: Vec<&'d [u8]>,
    /// An end tag that belongs to an element further out.
    unmatched: Option<EndTag<'d>>,
    parts: usize,
    faults: usize,
    /// The end of the document was told to come too early.
    cut: bool,
    stopped: bool,
}

struct EndTag<'d> {
    range: Range<usize>,
    name: &'d [u8],
}

/// The element that is being read, or the document around all of them.
struct Element<'d, T: 'static> {
    name: &'d [u8],
    node: Option<&'static Node<T>>,
    children: &'static [Node<T>],
    /// Its text so far, decoded.
    text: Option<String>,
}

impl<T> Element<'_, T> {
    /// How its text is recorded, if that is a field of its own.
    fn leaf(&self) -> Option<(FieldId, Show)> {
        self.node.and_then(|node| node.text)
    }

    /// How many items a text of it gives at most.
    fn weight(&self) -> usize {
        self.node.map_or(1, |node| node.weight)
    }

    /// It is there for its text, so that blanks are text too, and none is worth telling.
    fn is_text(&self) -> bool {
        self.node.is_some_and(|node| node.text.is_some() && node.group.is_none())
    }
}

impl<'d> Walk<'d, '_> {
    fn bytes(&self, range: &Range<usize>) -> &'d [u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }

    fn span(&self, s: &Scribe<'_, '_>, range: &Range<usize>) -> Span {
        s.span(self.start + range.start, self.start + range.end)
    }

    /// Passes over structure up to a place of the document.
    fn skip_to(&self, s: &mut Scribe<'_, '_>, end: usize) {
        s.skip((self.start + end).saturating_sub(s.position()));
    }

    fn stop(&mut self, s: &mut Scribe<'_, '_>, why: ExpertId, ceiling: usize) {
        if !self.stopped {
            self.stopped = true;
            s.expert_at(why, s.here(s.rest().len()), [ceiling.into()]);
        }
    }

    /// So many more items: false when there are too many.
    fn parts(&mut self, s: &mut Scribe<'_, '_>, more: usize) -> bool {
        self.parts += more;
        if self.parts > PART_CEILING {
            self.stop(s, XML_LARGE, PART_CEILING);
        }
        !self.stopped
    }

    /// `content = *( element / text / aside ) [ "</" name ">" ]`: up to the end tag, which is consumed.
    fn content<T>(&mut self, s: &mut Scribe<'_, '_>, element: &mut Element<'d, T>, target: &mut T) {
        while !self.stopped {
            if self.faults >= FAULT_CEILING {
                return self.stop(s, XML_BROKEN, FAULT_CEILING);
            }
            if let Some(tag) = self.unmatched.take() {
                if self.ends(s, tag, element) {
                    return;
                }
                continue;
            }
            let Some(Piece { range, kind }) = self.pieces.next() else {
                return self.end_of_document(s);
            };
            match kind {
                PieceKind::Start(tag) => {
                    let name = self.bytes(&tag.name);
                    let node = element.children.iter().find(|node| node.name.as_bytes() == name);
                    self.element(s, &range, &tag, node, target);
                }
                PieceKind::End(name) => self.unmatched = Some(EndTag { range, name: self.bytes(&name) }),
                PieceKind::Text => self.text(s, &range, element),
                PieceKind::Data(inside) => {
                    self.skip_to(s, inside.start);
                    self.data(s, &inside, element);
                    if !self.stopped {
                        self.skip_to(s, range.end);
                    }
                }
                PieceKind::Aside(aside) => self.aside(s, &range, Some(aside)),
                PieceKind::Fault(fault) => self.fault(s, &range, fault, element),
            }
        }
    }

    /// One element: `"<" name *( SP attribute ) ( "/>" / ">" content )`.
    fn element<T>(
        &mut self,
        s: &mut Scribe<'_, '_>,
        range: &Range<usize>,
        tag: &StartTag,
        node: Option<&'static Node<T>>,
        target: &mut T,
    ) {
        if self.open.len() >= DEPTH_CEILING {
            return self.stop(s, XML_DEEP, DEPTH_CEILING);
        }
        // The element itself, and what may follow from its parts.
        if !self.parts(s, 2) {
            return;
        }
        let name = self.bytes(&tag.name);
        let mut element = Element { name, node, children: node.map_or(&[], |node| node.children), text: None };
        match node {
            Some(node) => {
                let start = s.position();
                let mut read = |s: &mut Scribe<'_, '_>| {
                    (node.opened)(target);
                    self.inside(s, range, tag, &mut element, target);
                    if node.text.is_some() {
                        (node.told)(target, element.text.as_deref().unwrap_or_default());
                    }
                    (node.closed)(target, s, s.span(start, s.position()));
                };
                match node.group {
                    Some(field) => s.group(field, read),
                    None => read(s),
                }
            }
            None => s.group_with(ELEMENT, &Word(name), |s| self.inside(s, range, tag, &mut element, target)),
        }
    }

    fn inside<T>(
        &mut self,
        s: &mut Scribe<'_, '_>,
        range: &Range<usize>,
        tag: &StartTag,
        element: &mut Element<'d, T>,
        target: &mut T,
    ) {
        for attribute in &tag.attributes {
            let (name, value) = (self.bytes(&attribute.name), self.bytes(&attribute.value));
            let known = element.node.and_then(|node| node.attributes.iter().find(|a| a.name.as_bytes() == name));
            if !self.parts(s, known.map_or(1, |known| known.weight)) {
                return;
            }
            self.skip_to(s, attribute.value.start);
            match known {
                Some(known) => {
                    if let Some((field, show)) = known.text {
                        recorded(s, field, show, value);
                    }
                    (known.told)(target, &resolved(value));
                }
                None => {
                    s.take(everywhere(name), value.len(), Escaped(value));
                    if name != b"xml:space" {
                        s.label(NAMED.with([lossy(name).into()]));
                    }
                }
            }
        }
        if !tag.stray.is_empty() {
            let stray = self.bytes(&tag.stray);
            self.skip_to(s, tag.stray.start);
            s.expert_at(XML_ATTRIBUTE, s.here(stray.len()), [quoted(stray).into()]);
            s.take(TAG, stray.len(), Word(stray));
            self.faults += 1;
        }
        if tag.empty {
            nothing(s, element);
            return self.skip_to(s, range.end);
        }
        self.skip_to(s, range.end);
        self.open.push(element.name);
        self.content(s, element, target);
        self.open.pop();
    }

    /// An end tag: whether it ends this element. One that belongs to an element further out ends this one too.
    fn ends<T>(&mut self, s: &mut Scribe<'_, '_>, tag: EndTag<'d>, element: &Element<'d, T>) -> bool {
        let innermost = self.open.last();
        if innermost == Some(&tag.name) {
            nothing(s, element);
            self.skip_to(s, tag.range.end);
            return true;
        }
        let here = self.span(s, &tag.range);
        if self.open.contains(&tag.name) {
            s.expert_at(XML_NESTING, here, [quoted(element.name).into(), quoted(tag.name).into()]);
            self.faults += 1;
            self.unmatched = Some(tag);
            return true;
        }
        s.expert_at(XML_STRAY, here, [quoted(tag.name).into()]);
        self.faults += 1;
        self.aside(s, &tag.range, None);
        false
    }

    fn text<T>(&mut self, s: &mut Scribe<'_, '_>, range: &Range<usize>, element: &mut Element<'d, T>) {
        let bytes = self.bytes(range);
        if !element.is_text() && bytes.iter().all(u8::is_ascii_whitespace) {
            return self.skip_to(s, range.end);
        }
        if range.start == 0 {
            s.expert_at(XML_EXPECTED, self.span(s, range), [quoted(bytes).into()]);
        }
        if !self.parts(s, element.weight()) {
            return;
        }
        match element.leaf() {
            Some((field, show)) => recorded(s, field, show, bytes),
            None => {
                s.take(ELEMENT_TEXT, bytes.len(), Escaped(bytes));
                if !element.name.is_empty() && element.node.is_some() {
                    s.label(NAMED.with([lossy(element.name).into()]));
                }
            }
        }
        element.text.get_or_insert_default().push_str(&resolved(bytes));
    }

    /// Characters that stand for themselves.
    fn data<T>(&mut self, s: &mut Scribe<'_, '_>, range: &Range<usize>, element: &mut Element<'d, T>) {
        let bytes = self.bytes(range);
        if bytes.is_empty() || !self.parts(s, element.weight()) {
            return;
        }
        match element.leaf() {
            Some((field, show)) if field.field().kind != Kind::Text => recorded(s, field, show, bytes),
            leaf => drop(s.take(leaf.map_or(ELEMENT_TEXT, |(field, _)| field), bytes.len(), Word(bytes))),
        }
        element.text.get_or_insert_default().push_str(&lossy(bytes));
    }

    fn aside(&mut self, s: &mut Scribe<'_, '_>, range: &Range<usize>, aside: Option<Aside>) {
        if !self.parts(s, 1) {
            return;
        }
        let bytes = self.bytes(range);
        let field = if matches!(aside, Some(Aside::Declaration)) { XML_DECLARATION } else { TAG };
        s.take(field, bytes.len(), Word(bytes));
        s.label(match aside {
            Some(Aside::Declaration) => DECLARATION,
            Some(Aside::Instruction) => INSTRUCTION,
            Some(Aside::Doctype) => DOCTYPE,
            Some(Aside::Comment) => COMMENT,
            None => OUT_OF_PLACE,
        });
    }

    /// What is no XML: a lone bracket belongs to the text, the beginning of a tag is a text of its own.
    fn fault<T>(&mut self, s: &mut Scribe<'_, '_>, range: &Range<usize>, fault: Fault, element: &mut Element<'d, T>) {
        let bytes = self.bytes(range);
        self.faults += 1;
        match fault {
            Fault::Name => {
                let after = bytes.strip_prefix(b"</").or_else(|| bytes.get(1..)).unwrap_or_default();
                s.expert_at(XML_NAME, self.span(s, range), [quoted(after).into()]);
                self.text(s, range, element);
            }
            Fault::Unclosed(end) => {
                self.cut = range.end == self.bytes.len();
                let found = match (end, self.cut) {
                    (">", _) if bytes.contains(&b'>') => FOUND_QUOTE,
                    (_, true) => FOUND_END,
                    _ => FOUND_TAG,
                };
                s.expert_at(XML_UNCLOSED, self.span(s, range), [end.into(), quoted(bytes).into(), found.text().into()]);
                if self.parts(s, 1) {
                    s.take(ELEMENT_TEXT, bytes.len(), Word(bytes));
                }
            }
        }
    }

    /// Elements that are still open: told once, of the innermost, unless it was told already that a tag is cut.
    fn end_of_document(&mut self, s: &mut Scribe<'_, '_>) {
        if let Some(name) = self.open.last()
            && !self.cut
        {
            s.expert_at(XML_OPEN, s.here(0), [quoted(name).into()]);
            self.cut = true;
        }
    }
}

/// The field of an attribute that may stand in any element.
fn everywhere(name: &[u8]) -> FieldId {
    match name {
        b"xml:space" => SPACE,
        b"xmlns" => NAMESPACE,
        _ if name.starts_with(b"xmlns:") => NAMESPACE,
        _ => ATTRIBUTE,
    }
}

/// Characters as their field wants them.
fn recorded(s: &mut Scribe<'_, '_>, field: FieldId, show: Show, bytes: &[u8]) {
    if bytes.is_empty() {
        return empty(s, field);
    }
    s.limit(bytes.len(), UNDECODED, |s| show(s, field, bytes));
}

/// An element that could have had a text ends without one: that is said, because it clears what was there.
fn nothing<T>(s: &mut Scribe<'_, '_>, element: &Element<'_, T>) {
    if let (true, Some((field, _)), None) = (element.is_text(), element.leaf(), &element.text) {
        empty(s, field);
    }
}

fn empty(s: &mut Scribe<'_, '_>, field: FieldId) {
    match field.field().kind {
        Kind::Text => drop(s.take(field, 0, Word(b""))),
        Kind::Group => drop(s.take(field, 0, Over)),
        _ => return,
    }
    s.label(EMPTY);
}

fn quoted(bytes: &[u8]) -> String {
    lossy(bytes.get(..QUOTED).unwrap_or(bytes))
}
