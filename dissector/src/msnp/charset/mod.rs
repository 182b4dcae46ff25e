//! Character sets: which one a text is in, and what it says.
//!
//! Comes in: bytes, and the character set that somebody named for them, if any did. Goes out: the text, in which bytes
//! that are no characters stand as `\xNN`, and a remark where something had to be guessed.
//!
//! Source: protocol reference, messages 1, rule 6: nearly all texts are UTF-8. Without a name the official rule is
//! ISO-8859-1; in practice strict UTF-8 comes first, then Windows-1252, which holds ISO-8859-1.

mod set;

use set::Set;

use super::coding::base64;
use super::coding::digit;
use super::token::{BAD_UTF8, shortened};
use crate::tree::{Arg, ExpertId, FieldId, Record, Scribe, Text, Value, experts, lossy, texts};

experts! {
    UNKNOWN_CHARSET: Note, Undecoded => "msnp.expert.unknown-charset", "expected the name of a character set, found “{0}”; the text is read as if none were named";
    BAD_TEXT: Warn, Malformed => "msnp.expert.bad-text", "expected text in {0}, found bytes that are not (“{1}”)";
}

texts! {
    GUESSED = "charset.guessed", "no character set is named and the bytes are not UTF-8: read as Windows-1252";
    READ_AS = "charset.read-as", "read as {0}";
    CHARACTERS = "text.characters", "{0} bytes, {1} characters";
}

/// Bytes of the longest name of a character set.
const NAME_CEILING: usize = 64;

/// A text that was read from bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// How it was read, where that is not what everybody expects.
    pub remark: Option<Text>,
    complaint: Option<(ExpertId, Vec<Arg>)>,
}

impl Decoded {
    /// How long the text is, in bytes and in characters; nothing when some bytes are no characters.
    #[must_use]
    pub fn size(&self, bytes: usize) -> Option<Text> {
        let faulty = self.complaint.as_ref().is_some_and(|(id, _)| *id != UNKNOWN_CHARSET);
        (!faulty).then(|| CHARACTERS.with([bytes.into(), self.text.chars().count().into()]))
    }
}

impl Record for Decoded {
    fn value(&self) -> Value {
        Value::Text(self.text.clone())
    }

    fn complaint(&self) -> Option<(ExpertId, Vec<Arg>)> {
        self.complaint.clone()
    }
}

/// Reads `bytes` in the character set of that name.
#[must_use]
pub fn decode(bytes: &[u8], charset: Option<&[u8]>) -> Decoded {
    let named = charset.map(<[u8]>::trim_ascii).filter(|name| !name.is_empty());
    let known = named.and_then(Set::named);
    let plain = |complaint| Decoded { text: lossy(bytes), remark: None, complaint };
    match (known, named) {
        (Some(set), _) if set == Set::UTF_8 => {
            let faulty = std::str::from_utf8(bytes).is_err();
            plain(faulty.then(|| (BAD_UTF8, vec![shortened(bytes).into()])))
        }
        (Some(set), _) => {
            let (text, faulty) = lenient(set, bytes);
            let complaint = faulty.then(|| (BAD_TEXT, vec![set.name().into(), shortened(text.as_bytes()).into()]));
            let remark = (!bytes.is_ascii()).then(|| READ_AS.with([set.name().into()]));
            Decoded { text, remark, complaint }
        }
        (None, _) => {
            let complaint = named.map(|name| (UNKNOWN_CHARSET, vec![shortened(name).into()]));
            if std::str::from_utf8(bytes).is_ok() {
                return plain(complaint);
            }
            Decoded { text: lenient(Set::WINDOWS_1252, bytes).0, remark: Some(GUESSED.text()), complaint }
        }
    }
}

/// Records the next `length` bytes as text in the character set of that name.
pub fn take(s: &mut Scribe<'_, '_>, field: FieldId, length: usize, charset: Option<&[u8]>) -> Decoded {
    let wire = s.rest().get(..length).unwrap_or(s.rest());
    let decoded = s.take(field, wire.len(), decode(wire, charset));
    if let Some(remark) = &decoded.remark {
        s.remark(remark.clone());
    }
    decoded
}

/// The text, and whether there were bytes in it that are none.
fn lenient(set: Set, bytes: &[u8]) -> (String, bool) {
    let (text, faulty) = set.lenient(bytes);
    (if text.contains('\0') { text.replace('\0', "\u{2400}") } else { text }, faulty)
}

/// A header’s text with its encoded words (RFC 2047) decoded; `None` when there is none in it.
///
/// `word = "=?" charset [ "*" language ] "?" ( "B" / "Q" ) "?" code "?="`. Blanks between two words do not count, and a
/// character may be cut between two of the same character set.
#[must_use]
pub fn encoded_words(wire: &[u8]) -> Option<String> {
    let mut words: Vec<Piece<'_>> = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while let Some(found) = wire.get(at..).and_then(|rest| memchr::memmem::find(rest, b"=?")) {
        let start = at + found;
        let Some(EncodedWord { charset, said: bytes, length: used, .. }) = wire.get(start..).and_then(word) else {
            at = start + 2;
            continue;
        };
        let between = wire.get(plain..start).unwrap_or_default();
        let blank = between.iter().all(u8::is_ascii_whitespace);
        if !blank || (words.is_empty() && !between.is_empty()) {
            words.push(Piece { charset: None, bytes: between.to_vec() });
        }
        match words.last_mut() {
            Some(last) if last.charset.is_some_and(|named| named.eq_ignore_ascii_case(charset)) => {
                last.bytes.extend(bytes);
            }
            _ => words.push(Piece { charset: Some(charset), bytes }),
        }
        (plain, at) = (start + used, start + used);
    }
    let after = wire.get(plain..).filter(|after| !after.is_empty() && plain > 0);
    words.extend(after.map(|after| Piece { charset: None, bytes: after.to_vec() }));
    let said = |piece: &Piece<'_>| decode(&piece.bytes, piece.charset).text;
    (!words.is_empty()).then(|| words.iter().map(said).collect())
}

/// A run of text: of an encoded word, or as it stands.
struct Piece<'a> {
    charset: Option<&'a [u8]>,
    bytes: Vec<u8>,
}

/// An encoded word (RFC 2047).
pub(crate) struct EncodedWord<'a> {
    charset: &'a [u8],
    /// Its code is base64, not quoted-printable.
    pub base64: bool,
    /// Where its code stands.
    pub code: std::ops::Range<usize>,
    /// The bytes that its code says.
    pub said: Vec<u8>,
    length: usize,
}

/// All of `wire`, if that is one encoded word in UTF-8.
pub(crate) fn lone_word(wire: &[u8]) -> Option<EncodedWord<'_>> {
    let word = word(wire).filter(|_| wire.starts_with(b"=?"))?;
    (word.length == wire.len() && Set::named(word.charset) == Some(Set::UTF_8)).then_some(word)
}

/// An encoded word that stands right here.
fn word(rest: &[u8]) -> Option<EncodedWord<'_>> {
    let inside = rest.get(2..)?;
    let mark = inside.iter().take(NAME_CEILING).position(|byte| *byte == b'?')?;
    let charset = inside.get(..mark)?.split(|byte| *byte == b'*').next().filter(|name| !name.is_empty())?;
    let ([coding, b'?'], code) = inside.get(mark + 1..)?.split_at_checked(2)? else { return None };
    let length = memchr::memchr(b'?', code)?;
    let (code, b'=') = (code.get(..length)?, *code.get(length + 1)?) else { return None };
    let (is_base64, said) = match coding {
        b'B' | b'b' => (true, base64(code)?),
        b'Q' | b'q' => (false, quoted(code)),
        _ => return None,
    };
    let start = 2 + mark + 1 + 2;
    Some(EncodedWord { charset, base64: is_base64, code: start..start + length, said, length: start + length + 2 })
}

/// `=XX` is a byte, `_` a blank.
fn quoted(code: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(code.len());
    let mut left = code;
    while let Some((first, tail)) = left.split_first() {
        let coded = match (first, tail) {
            (b'=', [high, low, ..]) => digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        out.push(coded.unwrap_or(if *first == b'_' { b' ' } else { *first }));
        left = if coded.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(bytes: &[u8], charset: Option<&str>) -> (String, Option<&'static str>, Option<&'static str>) {
        let Decoded { text, remark, complaint } = decode(bytes, charset.map(str::as_bytes));
        (text, remark.map(|text| text.id.decl().id), complaint.map(|(expert, _)| expert.decl().id))
    }

    #[test]
    fn a_text_is_read_in_its_character_set() {
        let read_as = Some("charset.read-as");
        assert_eq!(said("perché".as_bytes(), Some("UTF-8")), ("perché".to_owned(), None, None));
        assert_eq!(said(b"perch\xe9", Some("iso-8859-1")), ("perché".to_owned(), read_as, None));
        assert_eq!(said(b"\x93\xfa\x96\x7b", Some("Shift_JIS")), ("日本".to_owned(), read_as, None));
        assert_eq!(said(b"plain", Some(" windows-1251 ")), ("plain".to_owned(), None, None));
        assert_eq!(said(b"a\x00b\x00", Some("utf-16")), ("ab".to_owned(), None, None));
    }

    #[test]
    fn what_nobody_named_is_guessed_and_said_so() {
        assert_eq!(said("perché".as_bytes(), None), ("perché".to_owned(), None, None));
        assert_eq!(said(b"perch\xe9 \x80", None), ("perché €".to_owned(), Some("charset.guessed"), None));
        let unknown = Some("msnp.expert.unknown-charset");
        assert_eq!(said(b"x", Some("klingon")), ("x".to_owned(), None, unknown));
        assert_eq!(said(b"\xe9", Some("klingon")), ("é".to_owned(), Some("charset.guessed"), unknown));
    }

    #[test]
    fn bytes_that_are_no_characters_are_visible() {
        assert_eq!(said(b"a\xff\0", Some("utf-8")), ("a\\xff\u{2400}".to_owned(), None, Some("msnp.expert.bad-utf8")));
        let (text, _, complaint) = said(b"\x93\xfa\xff\x96", Some("shift_jis"));
        assert_eq!((text.as_str(), complaint), ("日\\xff\\x96", Some("msnp.expert.bad-text")));
        let (text, _, _) = said(b"a\0\x00\xd8b\0c", Some("utf-16le"));
        assert_eq!(text, "a\\x00\\xd8b\\x63");
    }

    #[test]
    fn encoded_words_say_what_they_stand_for() {
        let cases = [
            ("=?utf-8?B?Qm9i?=", Some("Bob")),
            ("=?UTF-8?Q?J=C3=B6rg_B?= <x>", Some("Jörg B <x>")),
            ("Re: =?iso-8859-1?q?caf=E9?=", Some("Re: café")),
            ("=?utf-8?B?w?= =?utf-8?B?qQ==?=", Some("=?utf-8?B?w?= \\xa9")),
            ("=?utf-8?Q?=C3?=  =?utf-8?Q?=A9?= x", Some("é x")),
            ("=?utf-8*it?Q?ciao?=", Some("ciao")),
            ("Bob", None),
            ("=?utf-8?X?Bob?=", None),
            ("=?utf-8?B?Qm9i", None),
            ("=??B?Qm9i?=", None),
        ];
        for (wire, want) in cases {
            assert_eq!(encoded_words(wire.as_bytes()).as_deref(), want, "{wire}");
        }
    }
}
