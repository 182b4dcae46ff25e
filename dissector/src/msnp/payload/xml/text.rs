//! Characters of a document: references resolved, stray bytes visible, offsets kept.

use std::borrow::Cow;

use crate::msnp::token::Word;
use crate::tree::{Arg, ExpertId, Record, Value, lossy};

use super::BAD_REFERENCE;

/// Bytes of the longest character reference, `#x10FFFF;`, with some leading zeros.
const REFERENCE_CEILING: usize = 16;

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
        Word(self.0).complaint().or_else(|| {
            let stray = bad_reference(self.0)?;
            Some((BAD_REFERENCE, vec![lossy(stray.get(..stray.len().min(REFERENCE_CEILING))?).into()]))
        })
    }
}

/// Text with its character references resolved: the five names of XML, and numbers in decimal or hexadecimal. MSNP11 and 12
/// use the names, later clients the numbers too; what is neither stays as it stands.
pub fn resolved(wire: &[u8]) -> String {
    let text = lossy(wire);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        match reference(after.as_bytes()) {
            Some((character, length)) => {
                out.push(if character == '\0' { '\u{2400}' } else { character });
                rest = after.get(length..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The bytes that an escaped text stands for: what [`resolved`] shows, with stray bytes as they are. For text that is a
/// document itself.
pub fn unescaped(wire: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(wire.len());
    let mut rest = wire;
    while let Some(at) = memchr::memchr(b'&', rest) {
        let (before, after) = (rest.get(..at).unwrap_or_default(), rest.get(at + 1..).unwrap_or_default());
        out.extend_from_slice(before);
        match reference(after) {
            Some((character, length)) => {
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                rest = after.get(length..).unwrap_or_default();
            }
            None => {
                out.push(b'&');
                rest = after;
            }
        }
    }
    out.extend_from_slice(rest);
    out
}

/// What stands behind the first “&” that begins no reference.
fn bad_reference(wire: &[u8]) -> Option<&[u8]> {
    memchr::memchr_iter(b'&', wire).filter_map(|at| wire.get(at + 1..)).find(|after| reference(after).is_none())
}

/// `reference = name ";"`, at most [`REFERENCE_CEILING`] bytes: the character, and the length of the reference.
fn reference(after: &[u8]) -> Option<(char, usize)> {
    let end = after.iter().take(REFERENCE_CEILING).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(after.get(..end)?).ok()?;
    Some((character(name)?, end + 1))
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
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
            assert_eq!(unescaped(wire.as_bytes()), want.replace('\u{2400}', "\0").as_bytes(), "{wire}");
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
        assert_eq!(unescaped(b"\xff&lt;"), b"\xff<");
    }
}
