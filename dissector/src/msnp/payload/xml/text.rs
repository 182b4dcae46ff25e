//! Characters of a document: references resolved, stray bytes visible, offsets kept.

use std::borrow::Cow;

use super::BAD_REFERENCE;
use crate::msnp::coding::{Coding, Decoded, reference};
use crate::msnp::token::{Word, shortened};
use crate::tree::{Arg, ExpertId, Record, Value, lossy};

/// Stands for a byte that is no UTF-8 while a document is cut into pieces: a control character, which begins nothing.
const STRAY: char = '\u{1a}';

/// The same text, byte for byte, with each byte that is no UTF-8 replaced.
pub fn readable(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| STRAY));
    }
    Cow::Owned(out)
}

/// Text with character references.
pub struct Escaped<'a>(pub &'a [u8]);

impl Record for Escaped<'_> {
    fn value(&self) -> Value {
        Value::Text(resolved(self.0))
    }

    fn complaint(&self) -> Option<(ExpertId, Vec<Arg>)> {
        let reference = || Some((BAD_REFERENCE, vec![shortened(bad_reference(self.0)?).into()]));
        Word(self.0).complaint().or_else(reference)
    }
}

/// Text with its character references resolved: the five names of XML, and numbers in decimal or hexadecimal. MSNP11 and 12
/// use the names, later clients the numbers too; what is neither stays as it stands.
pub fn resolved(wire: &[u8]) -> String {
    lossy(&unescaped(wire))
}

/// The bytes that an escaped text stands for.
pub fn unescaped(wire: &[u8]) -> Cow<'_, [u8]> {
    match memchr::memchr(b'&', wire) {
        Some(_) => Cow::Owned(Decoded::new(wire, Coding::References).bytes),
        None => Cow::Borrowed(wire),
    }
}

/// What stands behind the first “&” that begins no reference.
fn bad_reference(wire: &[u8]) -> Option<&[u8]> {
    let begins = memchr::memchr_iter(b'&', wire).filter_map(|at| wire.get(at..));
    begins.into_iter().find(|rest| reference(rest).is_none())?.get(1..)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(bad_reference(b"a &amp; b & c"), Some(&b" c"[..]));
        assert_eq!(bad_reference(b"a &amp; b &#x41;"), None);
    }

    #[test]
    fn stray_bytes_keep_their_places() {
        let bytes = b"<a>\xff\xe2\x82</a>\xf0";
        let text = readable(bytes);
        assert_eq!(text.len(), bytes.len());
        assert_eq!(text, "<a>\u{1a}\u{1a}\u{1a}</a>\u{1a}");
        assert_eq!(resolved(b"\xff&lt;"), "\\xff<");
        assert_eq!(*unescaped(b"\xff&lt;"), *b"\xff<");
    }
}
