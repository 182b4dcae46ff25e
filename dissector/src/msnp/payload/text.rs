//! Chat texts and how they looked.
//!
//! Source: protocol reference, messages 2.1.

use super::header::Headers;
use super::mime;
use crate::msnp::token::{Word, nick, shortened};
use crate::msnp::{ChatText, Content, TextFormat, charset};
use crate::tree::{FieldId, Kind, Scribe, Text, TextId, experts, fields, lossy, texts};

fields! {
    family 6;
    /// How a chat text looks, as a list of “key=value” separated by semicolons; the sender’s program writes it.
    FORMAT: Kind::Group => "msnp.format", "X-MMS-IM-Format";
    /// Name of the font in which the sender writes, percent-encoded UTF-8, cut at 31 characters by official programs.
    FONT: Kind::Text => "msnp.format.font", "Font";
    /// Any of the letters B bold, I italic, U underlined, S struck through, in any order; the sender’s program leaves
    /// it empty for plain text.
    EFFECTS: Kind::Text => "msnp.format.effects", "Effects";
    /// Colour of the text: up to six hexadecimal digits in the order blue, green, red, leading zeros dropped by
    /// official programs.
    COLOUR: Kind::Text => "msnp.format.colour", "Colour";
    /// Windows character set of the sender’s font, hexadecimal; a hint for choosing the font, the text itself is in the
    /// charset of the Content-Type.
    CHARSET: Kind::Text => "msnp.format.charset", "Character set";
    /// Family and pitch of the sender’s font, a digit each: 22 is without serifs and of variable width.
    PITCH: Kind::Text => "msnp.format.pitch", "Pitch and family";
    /// 1 when the text runs from right to left, as Hebrew and Arabic do; most programs leave it out otherwise.
    RIGHT_TO_LEFT: Kind::Text => "msnp.format.right_to_left", "Right to left";
    /// A part of the format, written by the sender’s program, whose meaning is not documented, as “key=value”.
    OTHER: Kind::Text => "msnp.format.other", "Other format";
    /// What somebody wrote: the text of a chat message, in the character set of the Content-Type, nearly always UTF-8.
    /// The sender’s client writes it, in every dialect.
    TEXT: Kind::Text => "msnp.text", "Text", Text;
}

experts! {
    BAD_FORMAT: Note, Malformed => "msnp.expert.format", "expected {0}, found “{1}”";
}

texts! {
    RGB = "colour.rgb", "#{0}";
    BOLD = "effect.bold", "bold";
    ITALIC = "effect.italic", "italic";
    UNDERLINE = "effect.underline", "underlined";
    STRIKE = "effect.strike", "struck through";
    BOTH = "effect.both", "{0}, {1}";
    A_COLOUR = "expected.colour", "a colour of up to six hexadecimal digits";
    A_CHARSET = "expected.font-charset", "a character set of two hexadecimal digits";
    A_PITCH = "expected.pitch", "family and pitch of the font, a digit each";
    EFFECT_LETTERS = "expected.effects", "the letters B, I, U, S";
    A_DIRECTION = "expected.direction", "0 or 1";
    A_FONT = "expected.font", "the name of a font";
    RIGHTWARDS = "direction.left-to-right", "from left to right";
    LEFTWARDS = "direction.right-to-left", "from right to left";
    OTR = "text.otr", "enciphered with OTR, or the set-up of it";
    ENCIPHERED = "text.enciphered", "enciphered by a plug-in of Gaim";
    CHARSET_ANSI = "font-charset.00", "ANSI";
    CHARSET_DEFAULT = "font-charset.01", "the system’s own";
    CHARSET_SYMBOL = "font-charset.02", "symbols";
    CHARSET_MAC = "font-charset.4d", "Macintosh";
    CHARSET_SHIFT_JIS = "font-charset.80", "Japanese (Shift-JIS)";
    CHARSET_HANGUL = "font-charset.81", "Korean (Hangul)";
    CHARSET_JOHAB = "font-charset.82", "Korean (Johab)";
    CHARSET_GB2312 = "font-charset.86", "simplified Chinese (GB2312)";
    CHARSET_BIG5 = "font-charset.88", "traditional Chinese (Big5)";
    CHARSET_GREEK = "font-charset.a1", "Greek";
    CHARSET_TURKISH = "font-charset.a2", "Turkish";
    CHARSET_VIETNAMESE = "font-charset.a3", "Vietnamese";
    CHARSET_HEBREW = "font-charset.b1", "Hebrew";
    CHARSET_ARABIC = "font-charset.b2", "Arabic";
    CHARSET_BALTIC = "font-charset.ba", "Baltic";
    CHARSET_RUSSIAN = "font-charset.cc", "Russian";
    CHARSET_THAI = "font-charset.de", "Thai";
    CHARSET_EAST = "font-charset.ee", "East European";
    CHARSET_OEM = "font-charset.ff", "that of the console (OEM)";
    FAMILY_ANY = "font-family.0", "any family";
    FAMILY_ROMAN = "font-family.1", "with serifs";
    FAMILY_SWISS = "font-family.2", "without serifs";
    FAMILY_MODERN = "font-family.3", "typewriter";
    FAMILY_SCRIPT = "font-family.4", "handwriting";
    FAMILY_DECORATIVE = "font-family.5", "decorative";
    PITCH_ANY = "font-pitch.0", "any pitch";
    PITCH_FIXED = "font-pitch.1", "fixed width";
    PITCH_VARIABLE = "font-pitch.2", "variable width";
}

/// `text = *OCTET`: all of the body.
pub fn text(s: &mut Scribe<'_, '_>, found: &Headers<'_>) -> Content {
    let wire = s.rest();
    if wire.is_empty() {
        return Content::Text(said_by(found));
    }
    let decoded = charset::take(s, TEXT, wire.len(), mime::charset(found));
    let encrypted = cipher(wire);
    if let Some(label) = encrypted.map(TextId::text).or_else(|| decoded.size(wire.len())) {
        s.label(label);
    }
    Content::Text(ChatText { text: decoded.text, encrypted: encrypted.is_some(), ..said_by(found) })
}

/// What the headers say of a text: all but its words.
#[must_use]
pub fn said_by(found: &Headers<'_>) -> ChatText {
    ChatText {
        format: found.format.clone(),
        shown_name: found.text(mime::SHOWN_NAME),
        sent: found.text(super::datagram::ARRIVAL_TIME),
        ..ChatText::default()
    }
}

/// By what a text is enciphered: ciphers for chats write their results as text.
fn cipher(wire: &[u8]) -> Option<TextId> {
    if wire.starts_with(b"?OTR") {
        Some(OTR)
    } else if wire.starts_with(b"*** Encrypted") {
        Some(ENCIPHERED)
    } else {
        None
    }
}

/// `format = key "=" value *( ";" *SP key "=" value )`
pub fn format(s: &mut Scribe<'_, '_>, length: usize) -> TextFormat {
    let mut looks = TextFormat::default();
    s.group(FORMAT, |s| {
        s.limit(length, OTHER, |s| {
            while !s.is_empty() {
                part(s, &mut looks);
            }
        });
    });
    looks
}

fn part(s: &mut Scribe<'_, '_>, looks: &mut TextFormat) {
    let rest = s.rest();
    let separators = rest.iter().take_while(|b| matches!(b, b';' | b' ')).count();
    if separators > 0 {
        s.skip(separators);
        return;
    }
    let part = rest.split(|b| *b == b';').next().unwrap_or_default();
    let equals = memchr::memchr(b'=', part).unwrap_or(part.len());
    let (key, value) = (part.get(..equals).unwrap_or_default(), part.get(equals + 1..).unwrap_or_default());
    let Some((field, expected, read)) = reader(key).filter(|_| equals < part.len()) else {
        s.take(OTHER, part.len(), Word(part));
        return;
    };
    s.skip(equals + 1);
    let span = s.here(value.len());
    match nick(value) {
        Ok((_, name)) if field == FONT => {
            looks.font = lossy(&s.take(field, value.len(), name).decoded);
        }
        _ => drop(s.take(field, value.len(), Word(value))),
    }
    match read(value.trim_ascii(), looks) {
        Some(Some(meaning)) => s.label(meaning),
        Some(None) => {}
        None if value.is_empty() => {}
        None => s.expert_at(BAD_FORMAT, span, [expected.text().into(), shortened(value).into()]),
    }
}

/// Reads a value into the looks; says what it means, if that is known. `None` when it is not what it should be.
type Reader = fn(&[u8], &mut TextFormat) -> Option<Option<Text>>;

fn reader(key: &[u8]) -> Option<(FieldId, TextId, Reader)> {
    Some(match key {
        b"FN" => (FONT, A_FONT, |_, _| Some(None)),
        b"EF" => (EFFECTS, EFFECT_LETTERS, |letters, looks| effects(letters, looks).map(Some)),
        b"CO" => (COLOUR, A_COLOUR, |digits, looks| colour(digits, looks).map(Some)),
        b"CS" => (CHARSET, A_CHARSET, |digits, _| hexadecimal(digits).map(font_charset)),
        b"PF" => (PITCH, A_PITCH, |digits, _| hexadecimal(digits).map(pitch)),
        b"RL" => (RIGHT_TO_LEFT, A_DIRECTION, |flag, looks| direction(flag, looks).map(Some)),
        _ => return None,
    })
}

fn effects(letters: &[u8], looks: &mut TextFormat) -> Option<Text> {
    looks.effects = lossy(letters);
    let names = letters.iter().map(|letter| match letter {
        b'B' => Some(BOLD),
        b'I' => Some(ITALIC),
        b'U' => Some(UNDERLINE),
        b'S' => Some(STRIKE),
        _ => None,
    });
    let names = names.collect::<Option<Vec<_>>>()?;
    names.into_iter().map(TextId::text).reduce(|a, b| BOTH.with([a.into(), b.into()]))
}

/// One number in the order blue, green, red; shown in the usual order.
fn colour(digits: &[u8], looks: &mut TextFormat) -> Option<Text> {
    let [above, blue, green, red] = hexadecimal(digits)?.to_be_bytes();
    if above != 0 {
        return None;
    }
    looks.colour = Some([red, green, blue]);
    Some(RGB.with([format!("{red:02x}{green:02x}{blue:02x}").into()]))
}

fn direction(flag: &[u8], looks: &mut TextFormat) -> Option<Text> {
    looks.right_to_left = flag == b"1";
    match flag {
        b"1" => Some(LEFTWARDS.text()),
        b"0" => Some(RIGHTWARDS.text()),
        _ => None,
    }
}

fn font_charset(number: u32) -> Option<Text> {
    let name = match number {
        0x00 => CHARSET_ANSI,
        0x01 => CHARSET_DEFAULT,
        0x02 => CHARSET_SYMBOL,
        0x4d => CHARSET_MAC,
        0x80 => CHARSET_SHIFT_JIS,
        0x81 => CHARSET_HANGUL,
        0x82 => CHARSET_JOHAB,
        0x86 => CHARSET_GB2312,
        0x88 => CHARSET_BIG5,
        0xa1 => CHARSET_GREEK,
        0xa2 => CHARSET_TURKISH,
        0xa3 => CHARSET_VIETNAMESE,
        0xb1 => CHARSET_HEBREW,
        0xb2 => CHARSET_ARABIC,
        0xba => CHARSET_BALTIC,
        0xcc => CHARSET_RUSSIAN,
        0xde => CHARSET_THAI,
        0xee => CHARSET_EAST,
        0xff => CHARSET_OEM,
        _ => return None,
    };
    Some(name.text())
}

/// Family, then pitch; a single digit is the pitch, the family is 0 then.
fn pitch(number: u32) -> Option<Text> {
    let family = match number >> 4 {
        0 => FAMILY_ANY,
        1 => FAMILY_ROMAN,
        2 => FAMILY_SWISS,
        3 => FAMILY_MODERN,
        4 => FAMILY_SCRIPT,
        5 => FAMILY_DECORATIVE,
        _ => return None,
    };
    let pitch = match number & 15 {
        0 => PITCH_ANY,
        1 => PITCH_FIXED,
        2 => PITCH_VARIABLE,
        _ => return None,
    };
    Some(BOTH.with([family.text().into(), pitch.text().into()]))
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    let all = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
    u32::from_str_radix(std::str::from_utf8(digits).ok().filter(|_| all)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Catalogue, Recording};

    #[test]
    fn colours_are_blue_green_red_on_the_wire() {
        let shown = |digits: &str| {
            let mut looks = TextFormat::default();
            (colour(digits.as_bytes(), &mut looks).map(|text| Catalogue::english().render(&text)), looks.colour)
        };
        let cases = [
            ("0", "#000000", [0, 0, 0]),
            ("ff", "#ff0000", [255, 0, 0]),
            ("ff00", "#00ff00", [0, 255, 0]),
            ("ff0000", "#0000ff", [0, 0, 255]),
            ("80", "#800000", [128, 0, 0]),
            ("5", "#050000", [5, 0, 0]),
            ("000000", "#000000", [0, 0, 0]),
        ];
        for (digits, told, rgb) in cases {
            assert_eq!(shown(digits), (Some(told.to_owned()), Some(rgb)), "{digits}");
        }
        for digits in ["", "xyz", "+1", "1000000"] {
            assert_eq!(shown(digits), (None, None), "{digits}");
        }
    }

    #[test]
    fn looks_are_read_whatever_is_missing() {
        let read = |wire: &str| {
            let mut s = Scribe::new(wire.as_bytes(), Recording::Nothing);
            let looks = format(&mut s, wire.len());
            (looks, s.finish().experts.len())
        };
        let (looks, odd) = read("FN=MS%20Shell%20Dlg; EF=BI; CO=ff00; CS=0; PF=22;RL=1");
        assert_eq!((looks.font.as_str(), looks.effects.as_str(), odd), ("MS Shell Dlg", "BI", 0));
        assert_eq!((looks.colour, looks.right_to_left), (Some([0, 255, 0]), true));
        assert_eq!(read("FN=; EF=; CO="), (TextFormat::default(), 0));
        assert_eq!(read("CO=red; CS=g; PF=x; RL=2; EF=X").1, 5);
        assert_eq!(read("XX=1; FN; CS=12; PF=99").1, 0, "what is not known is no fault");
    }

    #[test]
    fn ciphers_are_known_by_their_first_bytes() {
        assert_eq!(cipher(b"?OTR:AAIDAAAA"), Some(OTR));
        assert_eq!(cipher(b"*** Encrypted with the Gaim-Encryption plugin"), Some(ENCIPHERED));
        assert_eq!(cipher(b"Why ?OTR"), None);
    }
}
