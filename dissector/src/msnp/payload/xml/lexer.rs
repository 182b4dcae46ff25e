//! Pieces of an XML document: tags with their attributes, text, and what is neither, each with its exact place.
//!
//! `quick-xml` reads each piece of markup; text is what lies between. Comes in: text that is UTF-8 and as long as the bytes
//! it stands for, so that places agree. Goes out: pieces that tile it. A piece that is no XML is a [`Fault`], and reading
//! goes on behind it. How often that may happen is up to the caller: a fault may have looked at all that is left.

use std::borrow::Cow;
use std::ops::Range;

use nom::Offset;
use quick_xml::Reader;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;

/// One piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where it lies.
    pub range: Range<usize>,
    /// What it is.
    pub kind: PieceKind,
}

/// What a piece of a document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PieceKind {
    /// Characters and references between tags.
    Text,
    /// A section of characters that stand for themselves: where they lie, without the marks around.
    Data(Range<usize>),
    /// The tag that begins an element.
    Start(StartTag),
    /// The tag that ends an element: where its name lies.
    End(Range<usize>),
    /// What is about the document rather than in it.
    Aside(Aside),
    /// No XML.
    Fault(Fault),
}

/// The tag that begins an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartTag {
    /// Where its name lies.
    pub name: Range<usize>,
    /// Its attributes, in order.
    pub attributes: Vec<Attribute>,
    /// What stands behind the attributes and is none.
    pub stray: Range<usize>,
    /// It ends the element too.
    pub empty: bool,
}

/// One attribute: where its parts lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The name.
    pub name: Range<usize>,
    /// The value, without its quotes.
    pub value: Range<usize>,
}

/// What is about a document rather than in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aside {
    /// `<?xml … ?>`
    Declaration,
    /// `<? … ?>`
    Instruction,
    /// `<!DOCTYPE … >`
    Doctype,
    /// `<!-- … -->`
    Comment,
}

/// Why a piece is no XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A “<” without a name behind it.
    Name,
    /// Markup without its end, which this would be.
    Unclosed(&'static str),
}

/// Walks over a document, piece by piece.
#[derive(Debug)]
pub struct Lexer<'d> {
    text: &'d str,
    position: usize,
}

impl<'d> Lexer<'d> {
    /// At the beginning of a document.
    #[must_use]
    pub fn new(text: &'d str) -> Self {
        Self { text, position: 0 }
    }

    /// Where the next bracket stands, from `start` on; else the end.
    fn bracket(&self, start: usize) -> usize {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        memchr::memchr(b'<', rest).map_or(self.text.len(), |at| start + at)
    }

    /// The markup that begins at `start`, with a “<”.
    fn markup(&self, start: usize) -> Piece {
        let rest = self.text.get(start..).unwrap_or_default();
        let fault = |end: usize, fault: Fault| Piece { range: start..end, kind: PieceKind::Fault(fault) };
        let close = match rest.as_bytes() {
            [_, b'!', b'-', ..] => "-->",
            [_, b'!', b'[', ..] => "]]>",
            [_, b'?', ..] => "?>",
            [_, b'!' | b'/', ..] => ">",
            [_, first, ..] if begins_name(*first) => ">",
            _ => return fault(self.bracket(start + 1), Fault::Name),
        };
        let mut reader = Reader::from_str(rest);
        let config = reader.config_mut();
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        let event = reader.read_event();
        let end = usize::try_from(reader.buffer_position()).map_or(self.text.len(), |length| start + length);
        let kind = match event {
            Ok(Event::Start(_)) => self.start_tag(start, end.saturating_sub(1), false),
            Ok(Event::Empty(_)) => self.start_tag(start, end.saturating_sub(2), true),
            Ok(Event::End(tag)) if is_name(tag.name().0) => {
                Some(PieceKind::End(start + 2..start + 2 + tag.name().0.len()))
            }
            Ok(Event::End(_)) => Some(PieceKind::Fault(Fault::Name)),
            Ok(Event::CData(_)) => Some(PieceKind::Data(start + "<![CDATA[".len()..end.saturating_sub(close.len()))),
            Ok(Event::Decl(_)) => Some(PieceKind::Aside(Aside::Declaration)),
            Ok(Event::PI(_)) => Some(PieceKind::Aside(Aside::Instruction)),
            Ok(Event::DocType(_)) => Some(PieceKind::Aside(Aside::Doctype)),
            Ok(Event::Comment(_)) => Some(PieceKind::Aside(Aside::Comment)),
            _ => None,
        };
        match kind {
            Some(PieceKind::Fault(told)) => fault(self.bracket(start + 1), told),
            Some(kind) => Piece { range: start..end, kind },
            None => fault(self.bracket(start + 1), Fault::Unclosed(close)),
        }
    }

    /// The tag whose name begins behind `start`, up to its “>” or “/>” at `end`. `None` if another tag begins in it.
    fn start_tag(&self, start: usize, end: usize, empty: bool) -> Option<PieceKind> {
        let inside = self.text.get(start + 1..end)?;
        let name = inside.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
        if !is_name(name) {
            return Some(PieceKind::Fault(Fault::Name));
        }
        let place = |part: &str| {
            let from = start + 1 + inside.offset(part);
            from..from + part.len()
        };
        let mut attributes = Vec::new();
        let mut read = start + 1 + name.len();
        let mut stray = end..end;
        for attribute in Attributes::new(inside, name.len()).with_checks(false) {
            match attribute {
                Ok(found)
                    if is_name(found.key.0)
                        && let Cow::Borrowed(value) = found.value =>
                {
                    let value = place(value);
                    read = value.end + 1;
                    attributes.push(Attribute { name: place(found.key.0), value });
                }
                _ => {
                    if inside.contains('<') {
                        return None;
                    }
                    let blanks = self.text.get(read..end).map_or(0, |rest| rest.len() - rest.trim_ascii_start().len());
                    stray = read + blanks..end;
                    break;
                }
            }
        }
        Some(PieceKind::Start(StartTag { name: place(name), attributes, stray, empty }))
    }
}

impl Iterator for Lexer<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let start = self.position;
        let piece = match self.text.as_bytes().get(start)? {
            b'<' => self.markup(start),
            _ => Piece { range: start..self.bracket(start), kind: PieceKind::Text },
        };
        self.position = piece.range.end;
        Some(piece)
    }
}

fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || !byte.is_ascii()
}

/// Names are read with lenience: whatever could not be mistaken for markup.
fn is_name(text: &str) -> bool {
    text.bytes().next().is_some_and(begins_name)
        && !text
            .bytes()
            .any(|b| b.is_ascii_whitespace() || matches!(b, b'<' | b'>' | b'"' | b'\'' | b'=' | b'&' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        Lexer::new(text)
            .map(|piece| {
                let all = &text[piece.range.clone()];
                match piece.kind {
                    PieceKind::Text => format!("text {all}"),
                    PieceKind::Data(range) => format!("data {}", &text[range]),
                    PieceKind::End(name) => format!("end {}", &text[name]),
                    PieceKind::Aside(aside) => format!("{aside:?} {all}"),
                    PieceKind::Fault(fault) => format!("{fault:?} {all}"),
                    PieceKind::Start(tag) => {
                        let mut out = format!("start {}", &text[tag.name]);
                        for attribute in tag.attributes {
                            out += &format!(" {}={}", &text[attribute.name], &text[attribute.value]);
                        }
                        if !tag.stray.is_empty() {
                            out += &format!(" stray {}", &text[tag.stray]);
                        }
                        out + if tag.empty { "/" } else { "" }
                    }
                }
            })
            .collect()
    }

    #[test]
    fn well_formed_documents_are_cut_where_xml_says() {
        let document =
            "<?xml version='1.0'?><!DOCTYPE a><a b=\"1>\" c = '&lt;' >x&amp;y<!-- > --><![CDATA[<z>]]><d/></a >";
        assert_eq!(
            told(document),
            [
                "Declaration <?xml version='1.0'?>",
                "Doctype <!DOCTYPE a>",
                "start a b=1> c=&lt;",
                "text x&amp;y",
                "Comment <!-- > -->",
                "data <z>",
                "start d/",
                "end a"
            ]
        );
    }

    #[test]
    fn reading_goes_on_behind_a_fault() {
        assert_eq!(told("1 < 2</a>"), ["text 1 ", "Name < 2", "end a"]);
        assert_eq!(told("<a <b>x"), ["Unclosed(\">\") <a ", "start b", "text x"]);
        assert_eq!(told("<a b=\"1 c=\"2\"/><d/>"), ["Unclosed(\">\") <a b=\"1 c=\"2\"/>", "start d/"]);
        assert_eq!(told("<a b=1 c>x"), ["start a stray b=1 c", "text x"]);
        assert_eq!(told("<a b=\"1\" c/>"), ["start a b=1 stray c/"]);
        assert_eq!(told("<![CDATA[x"), ["Unclosed(\"]]>\") <![CDATA[x"]);
        assert_eq!(told("<a=\"1\">x</\u{1}>"), ["Name <a=\"1\">x", "Name </\u{1}>"]);
        assert_eq!(told("<"), ["Name <"]);
    }
}
