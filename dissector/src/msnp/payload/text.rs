//! Chat texts and how they looked.
//!
//! Source: protocol reference, messages 2.1.

use crate::msnp::token::{Word, nick};
use crate::msnp::{ChatText, Content};
use crate::tree::{FieldId, Kind, Scribe, Text, fields, lossy, texts};

fields! {
    family 6;
    /// How a chat text looks, as a list of “key=value” separated by semicolons.
    FORMAT: Kind::Group => "msnp.format", "X-MMS-IM-Format";
    /// Name of the font, percent-encoded UTF-8, cut at 31 characters by official programs.
    FONT: Kind::Text => "msnp.format.font", "Font";
    /// Any of the letters B bold, I italic, U underlined, S struck through.
    EFFECTS: Kind::Text => "msnp.format.effects", "Effects";
    /// Colour of the text: up to six hexadecimal digits in the order blue, green, red, leading zeros dropped.
    COLOUR: Kind::Text => "msnp.format.colour", "Colour";
    /// Windows character set of the font, hexadecimal; a hint for choosing the font, the text itself is in the charset of the Content-Type.
    CHARSET: Kind::Text => "msnp.format.charset", "Character set";
    /// Family and pitch of the font, a digit each: 22 is without serifs and of variable width.
    PITCH: Kind::Text => "msnp.format.pitch", "Pitch and family";
    /// 1 when the text runs from right to left.
    RIGHT_TO_LEFT: Kind::Text => "msnp.format.right_to_left", "Right to left";
    /// A part of the format whose meaning is not documented.
    OTHER: Kind::Text => "msnp.format.other", "Other format";
    /// What somebody wrote: the text of a chat message, in the character set of the Content-Type, nearly always UTF-8.
    TEXT: Kind::Text => "msnp.text", "Text", Text;
}

texts! {
    RGB = "colour.rgb", "#{0}";
    BOLD = "effect.bold", "bold";
    ITALIC = "effect.italic", "italic";
    UNDERLINE = "effect.underline", "underlined";
    STRIKE = "effect.strike", "struck through";
    BOTH = "effect.both", "{0}, {1}";
    CHARACTERS = "text.characters", "{0} bytes, {1} characters";
}

/// `text = *OCTET`: all of the body.
pub fn text(s: &mut Scribe<'_, '_>) -> Content {
    let rest = s.rest();
    if rest.is_empty() {
        return Content::Text(ChatText::default());
    }
    s.take(TEXT, rest.len(), Word(rest));
    if let Ok(text) = std::str::from_utf8(rest) {
        s.label(CHARACTERS.with([rest.len().into(), text.chars().count().into()]));
    }
    Content::Text(ChatText { text: lossy(rest), ..ChatText::default() })
}

/// `format = key "=" value *( ";" *SP key "=" value )`
pub fn format(s: &mut Scribe<'_, '_>, length: usize) {
    s.group(FORMAT, |s| {
        s.limit(length, OTHER, |s| {
            while !s.is_empty() {
                part(s);
            }
        });
    });
}

fn part(s: &mut Scribe<'_, '_>) {
    let rest = s.rest();
    let separators = rest.iter().take_while(|b| matches!(b, b';' | b' ')).count();
    if separators > 0 {
        s.skip(separators);
        return;
    }
    let part = rest.split(|b| *b == b';').next().unwrap_or_default();
    let Some(equals) = memchr::memchr(b'=', part) else {
        s.take(OTHER, part.len(), Word(part));
        return;
    };
    let (key, value) = (part.get(..equals).unwrap_or_default(), part.get(equals + 1..).unwrap_or_default());
    let Some(field) = field_of(key) else {
        s.take(OTHER, part.len(), Word(part));
        return;
    };
    s.skip(equals + 1);
    match nick(value) {
        Ok((_, name)) if field == FONT => {
            s.take(field, value.len(), name);
        }
        _ => {
            s.take(field, value.len(), Word(value));
        }
    }
    let meaning = match key {
        b"EF" => effects(value),
        b"CO" => colour(value),
        _ => None,
    };
    if let Some(meaning) = meaning {
        s.label(meaning);
    }
}

fn field_of(key: &[u8]) -> Option<FieldId> {
    Some(match key {
        b"FN" => FONT,
        b"EF" => EFFECTS,
        b"CO" => COLOUR,
        b"CS" => CHARSET,
        b"PF" => PITCH,
        b"RL" => RIGHT_TO_LEFT,
        _ => return None,
    })
}

fn effects(letters: &[u8]) -> Option<Text> {
    let names = letters.iter().filter_map(|letter| match letter {
        b'B' => Some(BOLD),
        b'I' => Some(ITALIC),
        b'U' => Some(UNDERLINE),
        b'S' => Some(STRIKE),
        _ => None,
    });
    names.map(crate::tree::TextId::text).reduce(|a, b| BOTH.with([a.into(), b.into()]))
}

/// One number in the order blue, green, red; shown in the usual order.
fn colour(digits: &[u8]) -> Option<Text> {
    let number = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    let [_, blue, green, red] = number.to_be_bytes();
    Some(RGB.with([format!("{red:02x}{green:02x}{blue:02x}").into()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Catalogue;

    #[test]
    fn colours_are_blue_green_red_on_the_wire() {
        let shown = |d: &str| Catalogue::english().render(&colour(d.as_bytes()).unwrap());
        assert_eq!(
            ["0", "ff", "ff00", "ff0000", "80"].map(shown),
            ["#000000", "#ff0000", "#00ff00", "#0000ff", "#800000"]
        );
        assert_eq!(colour(b"xyz"), None);
    }
}
