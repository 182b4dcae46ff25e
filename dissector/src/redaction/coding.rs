//! Codings: in which form bytes say a value, and how to say another value of the same length in the same form.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::msnp::charset::lone_word;
use crate::msnp::coding::{reversed, utf16};
use crate::msnp::token::percent_decoded;

/// Base64 as clients write it: padding may be missing.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// How the bytes of a field say its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As they stand, in UTF-8.
    Plain,
    /// Some bytes as `%` and two hexadecimal digits.
    Percent,
    /// Some characters as character references of XML.
    References,
    /// In UTF-16, the lower byte first, up to a NUL.
    Utf16,
}

/// One character on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Character {
    /// What it says; U+FFFD for a byte that is not UTF-8.
    pub decoded: char,
    start: usize,
    length: usize,
    written: Written,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Plain,
    /// Which of its bytes are percent-encoded, the first in the lowest bit.
    Percent(u8),
    Hexadecimal,
    Decimal,
    Utf16,
    /// A name such as `amp`: a sign, which stays.
    Named,
    /// Not text.
    Stray,
}

impl Form {
    pub(super) const ALL: [Self; 4] = [Self::Plain, Self::Percent, Self::References, Self::Utf16];

    /// The value that `bytes` say in this form.
    pub(super) fn decoded(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Plain => bytes.to_vec(),
            Self::Percent => percent_decoded(bytes),
            Self::Utf16 => utf16(bytes).into_bytes(),
            Self::References => {
                let said = self.characters(bytes);
                let mut out = Vec::with_capacity(bytes.len());
                for character in said {
                    if character.written == Written::Stray {
                        out.extend(bytes.get(character.start..character.start + character.length).unwrap_or_default());
                    } else {
                        out.extend(character.decoded.encode_utf8(&mut [0; 4]).as_bytes());
                    }
                }
                out
            }
        }
    }

    /// The characters that `bytes` say in this form, in order; together they cover all bytes, of UTF-16 those before a NUL.
    pub(super) fn characters(self, bytes: &[u8]) -> Vec<Character> {
        let mut out = Vec::with_capacity(bytes.len());
        let mut start = 0;
        while let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) {
            let (decoded, length, written) = match self {
                Self::References => reference(rest).unwrap_or_else(|| plain(rest)),
                Self::Percent => percent(rest),
                Self::Plain => plain(rest),
                Self::Utf16 if rest.starts_with(&[0, 0]) => break,
                Self::Utf16 => wide(rest),
            };
            out.push(Character { decoded, start, length, written });
            start += length.max(1);
        }
        out
    }
}

impl Character {
    /// Where it ends.
    pub(super) fn end(&self) -> usize {
        self.start + self.length
    }

    /// Writes `substitute` in its place, in the same form. If it does not fit, the bytes are blotted out.
    pub(super) fn write(&self, bytes: &mut [u8], substitute: char) {
        let Some(place) = bytes.get_mut(self.start..self.start + self.length) else { return };
        if substitute == self.decoded && self.written != Written::Stray {
            return;
        }
        let mut buffer = [0; 4];
        let utf8 = substitute.encode_utf8(&mut buffer).as_bytes();
        let encoded = match self.written {
            Written::Plain => utf8.to_vec(),
            Written::Percent(which) => {
                let lower = place.iter().any(u8::is_ascii_lowercase);
                percent_encoded(utf8, which, lower)
            }
            Written::Hexadecimal => {
                let lower = place.get(3..).is_some_and(|digits| digits.iter().any(u8::is_ascii_lowercase));
                let x = place.get(2).copied().map_or('x', char::from);
                let code = u32::from(substitute);
                if lower { format!("&#{x}{code:x};") } else { format!("&#{x}{code:X};") }.into_bytes()
            }
            Written::Decimal => format!("&#{};", u32::from(substitute)).into_bytes(),
            Written::Utf16 => substitute.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_le_bytes()).collect(),
            Written::Named => return,
            Written::Stray => Vec::new(),
        };
        if encoded.len() == place.len() {
            place.copy_from_slice(&encoded);
        } else {
            place.fill(b'?');
        }
    }
}

fn plain(rest: &[u8]) -> (char, usize, Written) {
    let head = rest.get(..4).unwrap_or(rest);
    match head.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next()) {
        Some(c) => (c, c.len_utf8(), Written::Plain),
        None => (char::REPLACEMENT_CHARACTER, 1, Written::Stray),
    }
}

/// One character in UTF-16, or a byte or half a character that is none.
fn wide(rest: &[u8]) -> (char, usize, Written) {
    let (pairs, _) = rest.as_chunks::<2>();
    let units = pairs.iter().take(2).map(|pair| u16::from_le_bytes(*pair));
    match char::decode_utf16(units).next() {
        Some(Ok(c)) => (c, 2 * c.len_utf16(), Written::Utf16),
        Some(Err(_)) => (char::REPLACEMENT_CHARACTER, 2, Written::Stray),
        None => (char::REPLACEMENT_CHARACTER, 1, Written::Stray),
    }
}

/// One character of which some bytes may be percent-encoded.
fn percent(rest: &[u8]) -> (char, usize, Written) {
    let (mut decoded, mut ends, mut which) = (Vec::new(), Vec::new(), 0u8);
    let mut at = 0;
    while decoded.len() < 4 {
        let (byte, length) = match rest.get(at..) {
            Some([b'%', high, low, ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                which |= 1 << decoded.len();
                let digit = |d: u8| char::from(d).to_digit(16).and_then(|d| u8::try_from(d).ok()).unwrap_or_default();
                (digit(*high) << 4 | digit(*low), 3)
            }
            Some([byte, ..]) => (*byte, 1),
            _ => break,
        };
        decoded.push(byte);
        at += length;
        ends.push(at);
    }
    let (c, length, written) = plain(&decoded);
    let end = ends.get(length.saturating_sub(1)).copied().unwrap_or(1);
    let own = which & !(0xffu8.checked_shl(u32::try_from(length).unwrap_or(8)).unwrap_or(0));
    match written {
        Written::Plain if own == 0 => (c, end, Written::Plain),
        Written::Plain => (c, end, Written::Percent(own)),
        _ => (c, end, Written::Stray),
    }
}

fn percent_encoded(utf8: &[u8], which: u8, lower: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(utf8.len() * 3);
    for (index, byte) in utf8.iter().enumerate() {
        match (which >> index & 1 == 1, lower) {
            (true, true) => out.extend(format!("%{byte:02x}").into_bytes()),
            (true, false) => out.extend(format!("%{byte:02X}").into_bytes()),
            (false, _) => out.push(*byte),
        }
    }
    out
}

/// `reference = "&" name ";"`, if one stands here.
fn reference(rest: &[u8]) -> Option<(char, usize, Written)> {
    let inside = rest.strip_prefix(b"&")?;
    let length = inside.iter().take(12).position(|b| *b == b';')?;
    let name = std::str::from_utf8(inside.get(..length)?).ok()?;
    let code = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let (c, written) = match name {
        "amp" => ('&', Written::Named),
        "lt" => ('<', Written::Named),
        "gt" => ('>', Written::Named),
        "quot" => ('"', Written::Named),
        "apos" => ('\'', Written::Named),
        _ => {
            let number = name.strip_prefix('#')?;
            match number.strip_prefix(['x', 'X']) {
                Some(digits) => (code(digits, 16)?, Written::Hexadecimal),
                None => (code(number, 10)?, Written::Decimal),
            }
        }
    };
    Some((c, length + 2, written))
}

/// One step on the way from bytes of the wire to a derived source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Percent-encoding undone.
    Percent,
    /// Character references of XML resolved.
    References,
    /// Base64 undone, with or without padding.
    Base64,
    /// UTF-16, the lower byte first, turned into UTF-8.
    Utf16,
    /// Text written backwards turned round.
    Reversed,
}

impl Step {
    /// In the order in which senders wrap them, outermost first.
    const ALL: [Self; 5] = [Self::Percent, Self::References, Self::Base64, Self::Utf16, Self::Reversed];

    fn decode(self, outer: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Percent => Some(percent_decoded(outer)),
            Self::References => Some(Form::References.decoded(outer)),
            Self::Base64 => BASE64.decode(outer).ok(),
            Self::Reversed => Some(reversed(outer)),
            Self::Utf16 => {
                let units = outer.chunks_exact(2).map(|pair| match pair {
                    [low, high] => u16::from_le_bytes([*low, *high]),
                    _ => 0,
                });
                let text = char::decode_utf16(units).collect::<Result<String, _>>().ok()?;
                Some(text.into_bytes())
            }
        }
    }

    /// Wraps `inner`, which has taken the place of what `outer` held, in the same way.
    fn encode(self, outer: &[u8], inner: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Percent => {
                let mut out = outer.to_vec();
                let mut at = 0;
                for byte in inner {
                    match outer.get(at..)? {
                        [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                            let lower = high.is_ascii_lowercase() || low.is_ascii_lowercase();
                            let encoded = percent_encoded(&[*byte], 1, lower);
                            out.get_mut(at..at + 3)?.copy_from_slice(&encoded);
                            at += 3;
                        }
                        _ => {
                            *out.get_mut(at)? = *byte;
                            at += 1;
                        }
                    }
                }
                Some(out)
            }
            Self::References => {
                let mut out = outer.to_vec();
                let substitutes = Form::Plain.characters(inner);
                let characters = Form::References.characters(outer);
                for (character, substitute) in characters.iter().zip(&substitutes) {
                    character.write(&mut out, substitute.decoded);
                }
                (characters.len() == substitutes.len()).then_some(out)
            }
            Self::Base64 => {
                let encoded = BASE64.encode(inner);
                Some(encoded.into_bytes().into_iter().take(outer.len()).collect())
            }
            Self::Utf16 => {
                let text = std::str::from_utf8(inner).ok()?;
                Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect())
            }
            Self::Reversed => Some(reversed(inner)),
        }
    }
}

/// How a derived source was made from the bytes it stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Derivation {
    /// Each step with the bytes it starts from.
    steps: Vec<(Step, Vec<u8>)>,
}

impl Derivation {
    /// The one that leads from `parent` to `derived`, found by trying.
    pub(super) fn find(parent: &[u8], derived: &[u8]) -> Option<Self> {
        (0u32..1 << Step::ALL.len()).find_map(|chosen| {
            let mut bytes = parent.to_vec();
            let mut steps = Vec::new();
            for (index, step) in Step::ALL.into_iter().enumerate() {
                if chosen >> index & 1 == 1 {
                    let inner = step.decode(&bytes)?;
                    steps.push((step, std::mem::replace(&mut bytes, inner)));
                }
            }
            (bytes == derived).then_some(Self { steps })
        })
    }

    /// Bytes from which the same steps lead to `derived`.
    pub(super) fn encode(&self, derived: &[u8]) -> Option<Vec<u8>> {
        self.steps.iter().rev().try_fold(derived.to_vec(), |inner, (step, outer)| step.encode(outer, &inner))
    }
}

/// Writes what `substitutes` makes of an encoded word (RFC 2047) in its place, in the same coding. False when `bytes` are
/// not exactly one such word in UTF-8, or it has no room.
pub(super) fn rewrite_encoded_word(bytes: &mut [u8], substitutes: impl FnOnce(&[char]) -> Vec<char>) -> bool {
    let Some((base64, code, said)) = lone_word(bytes).map(|word| (word.base64, word.code, word.said)) else {
        return false;
    };
    let Ok(said) = std::str::from_utf8(&said) else { return false };
    let other = substitutes(&said.chars().collect::<Vec<_>>()).into_iter().collect::<String>();
    let Some(place) = bytes.get_mut(code) else { return false };
    let code = match base64 {
        true => Step::Base64.encode(place, other.as_bytes()),
        false => quoted(place, other.as_bytes()),
    };
    match code.filter(|code| code.len() == place.len()) {
        Some(code) => place.copy_from_slice(&code),
        None => return false,
    }
    true
}

/// `other` as quoted-printable where `outer` has its bytes coded, and as it stands where not.
fn quoted(outer: &[u8], other: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(outer.len());
    for byte in other {
        match (outer.get(out.len())?, *byte) {
            (b'=', _) => out.extend(format!("={byte:02X}").into_bytes()),
            (_, b' ') => out.push(b'_'),
            (_, byte) if byte.is_ascii_alphanumeric() || b"!*+-/.,'".contains(&byte) => out.push(byte),
            _ => return None,
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_name_takes_the_same_encoded_word() {
        let shifted = |said: &[char]| {
            let next = |c: &char| if *c == 'ö' { 'ä' } else { char::from_u32(u32::from(*c) + 1).unwrap() };
            said.iter().map(|c| if *c == ' ' { ' ' } else { next(c) }).collect::<Vec<_>>()
        };
        let cases = [
            ("=?utf-8?B?Qm9i?=", Some("=?utf-8?B?Q3Bj?=")),
            ("=?utf-8?B?SsO2cmc=?=", Some("=?utf-8?B?S8Okc2g=?=")),
            ("=?UTF-8?q?J=C3=B6rg_B?=", Some("=?UTF-8?q?K=C3=A4sh_C?=")),
            ("=?iso-8859-1?Q?J=F6rg?=", None),
            ("=?utf-8?B?Qm9i?= B.", None),
            ("Bob", None),
        ];
        for (wire, want) in cases {
            let mut bytes = wire.as_bytes().to_vec();
            let done = rewrite_encoded_word(&mut bytes, shifted);
            assert_eq!(done.then(|| String::from_utf8(bytes).unwrap()).as_deref(), want, "{wire}");
        }
    }

    #[test]
    fn another_value_takes_the_same_form() {
        let cases = [
            (Form::Plain, "J\u{f6}rg x", "J\u{f6}rg x"),
            (Form::Percent, "J%C3%B6rg%20x", "J\u{f6}rg x"),
            (Form::Percent, "J\u{f6}%c3%b6", "J\u{f6}\u{f6}"),
            (Form::References, "J&#xF6;rg &amp; &#246;", "J\u{f6}rg & \u{f6}"),
        ];
        for (form, wire, value) in cases {
            assert_eq!(form.decoded(wire.as_bytes()), value.as_bytes(), "{wire}");
            let mut bytes = wire.as_bytes().to_vec();
            for character in form.characters(wire.as_bytes()) {
                let other = if character.decoded == '\u{f6}' { '\u{e4}' } else { character.decoded };
                character.write(&mut bytes, other);
            }
            assert_eq!(form.decoded(&bytes), value.replace('\u{f6}', "\u{e4}").as_bytes(), "{wire}");
            assert_eq!(bytes.len(), wire.len());
        }
    }

    #[test]
    fn utf16_is_replaced_in_place_up_to_its_nul() {
        let wire = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let mut bytes = [wire("J\u{f6}\u{1f600}"), b"\x00\xd8".to_vec(), wire("x\0rest")].concat();
        let characters = Form::Utf16.characters(&bytes);
        let said = characters.iter().map(|c| c.decoded).collect::<String>();
        assert_eq!(said, "J\u{f6}\u{1f600}\u{fffd}x");
        for (character, other) in characters.iter().zip("K\u{e4}\u{1f601}?y".chars()) {
            character.write(&mut bytes, other);
        }
        assert_eq!(bytes, [wire("K\u{e4}\u{1f601}"), b"??".to_vec(), wire("y\0rest")].concat());
    }

    #[test]
    fn what_was_wrapped_is_wrapped_again() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let wire = BASE64.encode(utf16("Ciao")).replace('=', "%3D");
        let made = Derivation::find(wire.as_bytes(), b"Ciao").unwrap();
        let again = made.encode(b"Miao").unwrap();
        assert_eq!(again, BASE64.encode(utf16("Miao")).replace('=', "%3D").into_bytes());
        assert_eq!(Derivation::find(b"Ciao", b"Salve"), None);
        let turned = Derivation::find(b"01.2.0.291", b"192.0.2.10").unwrap();
        assert_eq!(turned.encode(b"837.4.5.61").unwrap(), b"16.5.4.738");
    }
}
