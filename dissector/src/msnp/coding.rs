//! Codings: how text and bytes are wrapped to travel where they could not as they are.
//!
//! Comes in: bytes of the wire. Goes out: what they stand for, and for codings of single characters where each decoded
//! byte comes from. Nothing here fails: what is no proper code stands for itself. This file knows nothing of scribes.
//!
//! Source: protocol reference, commands 2, messages 7.1, SLP 11.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::fmt::Write as _;

/// How single characters are written where they could not stand as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Every byte stands for itself.
    Literal,
    /// `%xx` stands for one byte: words of a line.
    Percent,
    /// `&amp;` and `&#x26;` stand for one character: text in XML.
    References,
}

impl Coding {
    /// The coding of an XML element that stands somewhere inside text, by its first bytes.
    #[must_use]
    pub fn of_element(wire: &[u8]) -> Self {
        match wire.trim_ascii_start() {
            [b'&', ..] => Self::References,
            [b'%', ..] => Self::Percent,
            _ => Self::Literal,
        }
    }
}

/// Decoded bytes that know where they come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// For each decoded byte, where its code starts on the wire; last, where the wire ends. Empty where each byte stands for
    /// itself.
    origin: Vec<usize>,
}

impl Decoded {
    /// Decodes `wire`.
    #[must_use]
    pub fn new(wire: &[u8], coding: Coding) -> Self {
        if !wire.iter().fold(false, |coded, byte| coded | matches!(byte, b'%' | b'&')) {
            return Self { bytes: wire.to_vec(), origin: Vec::new() };
        }
        let mut decoded = Self { bytes: Vec::with_capacity(wire.len()), origin: Vec::with_capacity(wire.len() + 1) };
        let mut at = 0;
        while let Some(rest) = wire.get(at..).filter(|rest| !rest.is_empty()) {
            let used = decoded.push(rest, at, coding);
            at += used;
        }
        decoded.origin.push(wire.len());
        decoded
    }

    /// Where the code of a decoded byte starts on the wire; beyond the last byte, the wire's end.
    #[must_use]
    pub fn origin(&self, at: usize) -> usize {
        self.origin.get(at).or(self.origin.last()).copied().unwrap_or(at.min(self.bytes.len()))
    }

    /// Takes what stands for one byte or character; says how many bytes of the wire it is.
    fn push(&mut self, rest: &[u8], at: usize, coding: Coding) -> usize {
        if let [plain, ..] = rest
            && *plain != b'%'
            && *plain != b'&'
        {
            self.bytes.push(*plain);
            self.origin.push(at);
            return 1;
        }
        let mut room = [0; 4];
        let (character, used) = match (coding, rest) {
            (Coding::Percent, [b'%', high, low, ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    room = [high << 4 | low, 0, 0, 0];
                    (room.get(..1), 3)
                }
                _ => (rest.get(..1), 1),
            },
            (Coding::References, [b'&', ..]) => match reference(rest) {
                Some((character, used)) => (Some(character.encode_utf8(&mut room).as_bytes()), used),
                None => (rest.get(..1), 1),
            },
            _ => (rest.get(..1), 1),
        };
        let character = character.unwrap_or_default();
        self.bytes.extend_from_slice(character);
        self.origin.extend(std::iter::repeat_n(at, character.len()));
        used
    }
}

/// The value of a hexadecimal digit.
pub(super) fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// Bytes of the longest character reference, `&#x10FFFF;`, with some leading zeros.
const REFERENCE_CEILING: usize = 16;

/// `reference = "&" name ";"`, at most [`REFERENCE_CEILING`] bytes: the character, and how long its code is.
pub(super) fn reference(rest: &[u8]) -> Option<(char, usize)> {
    let end = rest.iter().take(REFERENCE_CEILING).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(rest.get(1..end)?).ok()?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((character, end + 1))
}

/// Base64 in the standard alphabet; blanks inside, missing and surplus padding are passed over. `None` for anything else.
#[must_use]
pub fn base64(text: &[u8]) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::RequireNone),
    );
    let digits = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<_>>();
    let padding = digits.iter().rev().take_while(|byte| **byte == b'=').count();
    LENIENT.decode(digits.get(..digits.len() - padding)?).ok()
}

/// UTF-16 in little-endian order as text, up to the NUL that ends it; half characters and a last odd byte stand as `\u`
/// or `\x` and digits.
#[must_use]
pub fn utf16(bytes: &[u8]) -> String {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let ended = pairs.iter().position(|pair| *pair == [0, 0]);
    let units = pairs.iter().take(ended.unwrap_or(pairs.len())).map(|pair| u16::from_le_bytes(*pair));
    let mut out = String::with_capacity(bytes.len() / 2);
    for unit in char::decode_utf16(units) {
        match unit {
            Ok(character) => out.push(character),
            Err(half) => drop(write!(out, "\\u{:04x}", half.unpaired_surrogate())),
        }
    }
    if ended.is_none() {
        for byte in odd {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// The text from its last character to its first; of bytes that are no text, the bytes. Turned round twice it is the same.
#[must_use]
pub fn reversed(text: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(text) {
        Ok(text) => text.chars().rev().collect::<String>().into_bytes(),
        Err(_) => text.iter().rev().copied().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_stand_for_themselves_know_where_they_come_from() {
        for coding in [Coding::Literal, Coding::Percent, Coding::References] {
            for wire in [b"abc".as_slice(), b"", b"a+b"] {
                let decoded = Decoded::new(wire, coding);
                assert_eq!(decoded.bytes, wire);
                let origins = (0..wire.len() + 3).map(|at| decoded.origin(at)).collect::<Vec<_>>();
                let expected = (0..wire.len() + 3).map(|at| at.min(wire.len())).collect::<Vec<_>>();
                assert_eq!(origins, expected, "{coding:?}");
            }
        }
    }

    #[test]
    fn a_decoded_byte_knows_its_place() {
        let percent = Decoded::new(b"a%3Db%zz%", Coding::Percent);
        assert_eq!(percent.bytes, b"a=b%zz%");
        assert_eq!([0, 1, 2, 3, 7, 99].map(|at| percent.origin(at)), [0, 1, 4, 5, 9, 9]);

        let references = Decoded::new("&lt;&#xE9;&amp;amp;&bogus;&".as_bytes(), Coding::References);
        assert_eq!(references.bytes, "<é&amp;&bogus;&".as_bytes());
        assert_eq!([0, 1, 2, 3, 4].map(|at| references.origin(at)), [0, 4, 4, 10, 15]);

        let literal = Decoded::new(b"%3D&lt;", Coding::Literal);
        assert_eq!((literal.bytes.as_slice(), literal.origin(3)), (&b"%3D&lt;"[..], 3));
    }

    #[test]
    fn base64_is_read_leniently() {
        for text in ["AAA=", "AAA", "AA A=\r\n", "AAA===", "AAB="] {
            assert_eq!(base64(text.as_bytes()), Some(vec![0, 0]), "{text}");
        }
        assert_eq!(base64(b""), Some(Vec::new()));
        assert_eq!(base64(b"A"), None);
        assert_eq!(base64(b"<b>=="), None);
    }

    #[test]
    fn utf16_ends_at_its_nul_and_shows_what_is_no_character() {
        assert_eq!(utf16(b"\0\0"), "");
        assert_eq!(utf16(b"1\0\0\0x"), "1");
        assert_eq!(utf16(b"\x3d\xd8\x00\xde"), "\u{1f600}");
        assert_eq!(utf16(b"a\0\x00\xd8b"), "a\\ud800\\x62");
    }
}
