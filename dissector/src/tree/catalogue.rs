//! Texts as data: an id plus typed arguments, rendered by a catalogue.
//!
//! English stands beside the declaration. Another language is one file of `id = text` lines keyed by the same ids;
//! whatever it leaves out is shown in English.

use std::borrow::Cow;
use std::collections::HashMap;

/// The declaration of one text.
#[derive(Debug)]
pub struct TextDecl {
    /// Stable key, dotted, for example `status.away`.
    pub id: &'static str,
    /// English wording; `{0}`, `{1}` … stand for the arguments.
    pub english: &'static str,
}

/// A declared text.
#[derive(Clone, Copy)]
pub struct TextId(&'static TextDecl);

impl TextId {
    /// Wraps a declaration; used by the `texts!` macro.
    #[must_use]
    pub const fn new(decl: &'static TextDecl) -> Self {
        Self(decl)
    }

    /// The declaration.
    #[must_use]
    pub const fn decl(self) -> &'static TextDecl {
        self.0
    }

    /// This text without arguments.
    #[must_use]
    pub const fn text(self) -> Text {
        Text { id: self, args: Vec::new() }
    }

    /// This text with arguments.
    #[must_use]
    pub fn with(self, args: impl IntoIterator<Item = Arg>) -> Text {
        Text { id: self, args: args.into_iter().collect() }
    }
}

impl PartialEq for TextId {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for TextId {}

impl core::fmt::Debug for TextId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.0.id)
    }
}

/// One argument of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// A count or an offset; the text says of what.
    Number(u64),
    /// Words of the wire, shown as they are.
    Wire(String),
    /// A text of the catalogue with arguments inside a text.
    Text(Box<Text>),
    /// One that has no arguments itself.
    Phrase(TextId),
    /// A point in time, in seconds since the beginning of 1970, UTC.
    Moment(i64),
}

impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for Arg {
    fn from(wire: &str) -> Self {
        Self::Wire(wire.to_owned())
    }
}

impl From<String> for Arg {
    fn from(wire: String) -> Self {
        Self::Wire(wire)
    }
}

impl From<Text> for Arg {
    fn from(text: Text) -> Self {
        if text.args.is_empty() { Self::Phrase(text.id) } else { Self::Text(Box::new(text)) }
    }
}

/// An argument that somebody else keeps, for [`Catalogue::compose`].
#[derive(Debug, Clone, Copy)]
pub enum Borrowed<'a> {
    /// As [`Arg::Number`].
    Number(u64),
    /// As [`Arg::Wire`].
    Wire(&'a str),
    /// As [`Arg::Text`].
    Text(&'a Text),
}

/// A text with its arguments; language comes in when it is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Which text.
    pub id: TextId,
    /// Its arguments, in the order of the placeholders.
    pub args: Vec<Arg>,
}

impl From<TextId> for Text {
    fn from(id: TextId) -> Self {
        id.text()
    }
}

/// A language: English, or a translation over English.
#[derive(Debug, Default)]
pub struct Catalogue {
    translations: HashMap<String, String>,
}

impl Catalogue {
    /// The language of the declarations.
    #[must_use]
    pub fn english() -> Self {
        Self::default()
    }

    /// Reads a translation: one `id = text` a line; blank lines and lines starting with `#` are passed over.
    #[must_use]
    pub fn translation(file: &str) -> Self {
        let translations = file
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
            .filter_map(|line| line.split_once('='))
            .map(|(id, text)| (id.trim().to_owned(), text.trim().to_owned()))
            .collect();
        Self { translations }
    }

    /// The text in this language.
    #[must_use]
    pub fn render(&self, text: &Text) -> String {
        let room: usize =
            text.args.iter().map(|arg| if let Arg::Wire(wire) = arg { wire.len() } else { USUAL_ARG }).sum();
        let mut out = String::with_capacity(self.pattern_of(text.id).len() + room);
        self.write(text, &mut out);
        out
    }

    /// Appends a text with arguments that are borrowed.
    pub fn compose(&self, id: TextId, args: &[Borrowed<'_>], out: &mut String) {
        fill(self.pattern_of(id), out, |index, out| match args.get(index) {
            Some(Borrowed::Number(number)) => push_number(*number, out),
            Some(Borrowed::Wire(wire)) => out.push_str(wire),
            Some(Borrowed::Text(text)) => self.write(text, out),
            None => {}
        });
    }

    /// Appends the text in this language.
    pub fn write(&self, text: &Text, out: &mut String) {
        fill(self.pattern_of(text.id), out, |index, out| {
            if let Some(arg) = text.args.get(index) {
                self.render_arg(arg, out);
            }
        });
    }

    /// A text without arguments, such as a field's title, by its key.
    #[must_use]
    pub fn phrase(&self, id: &str, english: &'static str) -> Cow<'_, str> {
        Cow::Borrowed(self.pattern(id, english))
    }

    fn pattern_of(&self, id: TextId) -> &str {
        self.pattern(id.decl().id, id.decl().english)
    }

    fn pattern<'s>(&'s self, id: &str, english: &'static str) -> &'s str {
        if self.translations.is_empty() { english } else { self.translations.get(id).map_or(english, String::as_str) }
    }

    fn render_arg(&self, arg: &Arg, out: &mut String) {
        match arg {
            Arg::Number(number) => push_number(*number, out),
            Arg::Wire(wire) => out.push_str(wire),
            Arg::Text(text) => self.write(text, out),
            Arg::Phrase(id) => fill(self.pattern_of(*id), out, |_, _| {}),
            Arg::Moment(seconds) => {
                crate::calendar::push_date(out, *seconds);
                out.push(' ');
                crate::calendar::push_clock(out, *seconds);
                out.push_str(" UTC");
            }
        }
    }
}

/// Bytes that an argument takes as a rule.
const USUAL_ARG: usize = 12;

/// Appends a pattern; where `{7}` stands in it, `put` appends argument 7.
fn fill(pattern: &str, out: &mut String, mut put: impl FnMut(usize, &mut String)) {
    let mut rest = pattern;
    while let Some(at) = memchr::memchr(b'{', rest.as_bytes()) {
        let (before, after) = rest.split_at(at);
        let after = after.get(1..).unwrap_or_default();
        out.push_str(before);
        match placeholder(after) {
            Some((index, tail)) => {
                put(index, out);
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
}

/// `7}`: the number, and what stands behind it.
fn placeholder(text: &str) -> Option<(usize, &str)> {
    if let [digit @ b'0'..=b'9', b'}', ..] = text.as_bytes() {
        return Some((usize::from(digit - b'0'), text.get(2..)?));
    }
    let (index, tail) = text.split_once('}')?;
    let number = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
    // A number beyond all arguments stands for none of them.
    number.then(|| (index.parse().unwrap_or(usize::MAX), tail))
}

/// In decimal digits. (Every line of a list has some: formatting by the standard library takes three times as long.)
fn push_number(number: u64, out: &mut String) {
    let mut scale = number.checked_ilog10().map_or(1, |power| 10_u64.pow(power));
    while scale > 0 {
        out.push(char::from(b'0' + u8::try_from(number / scale % 10).unwrap_or(0)));
        scale /= 10;
    }
}

/// Declares texts: a constant [`TextId`] each, and the module's table `TEXTS`.
macro_rules! texts {
    ( $( $name:ident = $id:literal, $english:literal; )+ ) => {
        $(
            #[doc = concat!("“", $english, "”")]
            pub const $name: $crate::tree::TextId =
                $crate::tree::TextId::new(&$crate::tree::TextDecl { id: $id, english: $english });
        )+
        /// The texts declared here, in order.
        pub static TEXTS: &[$crate::tree::TextId] = &[$( $name, )+];
    };
}
pub(crate) use texts;

#[cfg(test)]
mod tests {
    use super::*;

    texts! {
        PROMISE = "test.promise", "{0} promised {1} bytes, {2}";
        FOUND = "test.found", "{ {0} were found";
    }

    #[test]
    fn arguments_stand_where_the_language_wants_them() {
        let text = PROMISE.with(["MSG".into(), 138u64.into(), FOUND.with([96u64.into()]).into()]);
        assert_eq!(Catalogue::english().render(&text), "MSG promised 138 bytes, { 96 were found");
        let italian = Catalogue::translation("# comment\ntest.promise = {1} byte annunciati da {0}; {2}\n");
        assert_eq!(italian.render(&text), "138 byte annunciati da MSG; { 96 were found");
        assert_eq!(TEXTS.len(), 2);
    }

    #[test]
    fn numbers_stand_digit_by_digit() {
        for number in [0, 7, 10, 99, 100, 1_000_000, u64::MAX - 1, u64::MAX] {
            let mut out = String::new();
            push_number(number, &mut out);
            assert_eq!(out, number.to_string());
        }
    }
}
