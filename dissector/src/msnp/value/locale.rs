//! Locales: a language and country as a Windows number; hexadecimal in `CVR` and invitations, decimal in the profile.
//!
//! Source: protocol reference, tables 12.

use crate::msnp::token::{Coded, EXPECTED_WORD, coded};
use crate::tree::{FieldId, Read, Scribe, TextId, names, texts};

texts! {
    ENGLISH_US = "locale.1033", "English (US)";
    ENGLISH_UK = "locale.2057", "English (UK)";
    ITALIAN = "locale.1040", "Italian";
    FRENCH = "locale.1036", "French";
    GERMAN = "locale.1031", "German";
    SPANISH = "locale.3082", "Spanish (modern)";
    SPANISH_TRADITIONAL = "locale.1034", "Spanish (traditional)";
    PORTUGUESE_BRAZIL = "locale.1046", "Portuguese (Brazil)";
    PORTUGUESE = "locale.2070", "Portuguese (Portugal)";
    DUTCH = "locale.1043", "Dutch";
    SWEDISH = "locale.1053", "Swedish";
    DANISH = "locale.1030", "Danish";
    NORWEGIAN = "locale.1044", "Norwegian";
    FINNISH = "locale.1035", "Finnish";
    POLISH = "locale.1045", "Polish";
    RUSSIAN = "locale.1049", "Russian";
    TURKISH = "locale.1055", "Turkish";
    GREEK = "locale.1032", "Greek";
    JAPANESE = "locale.1041", "Japanese";
    KOREAN = "locale.1042", "Korean";
    CHINESE_SIMPLIFIED = "locale.2052", "Chinese (simplified)";
    CHINESE_TRADITIONAL = "locale.1028", "Chinese (traditional)";
}

names! {
    /// What a locale is called, by its number.
    pub LOCALES, name;
    0x0404 => CHINESE_TRADITIONAL,
    0x0406 => DANISH,
    0x0407 => GERMAN,
    0x0408 => GREEK,
    0x0409 => ENGLISH_US,
    0x040a => SPANISH_TRADITIONAL,
    0x040b => FINNISH,
    0x040c => FRENCH,
    0x0410 => ITALIAN,
    0x0411 => JAPANESE,
    0x0412 => KOREAN,
    0x0413 => DUTCH,
    0x0414 => NORWEGIAN,
    0x0415 => POLISH,
    0x0416 => PORTUGUESE_BRAZIL,
    0x0419 => RUSSIAN,
    0x041d => SWEDISH,
    0x041f => TURKISH,
    0x0804 => CHINESE_SIMPLIFIED,
    0x0809 => ENGLISH_UK,
    0x0816 => PORTUGUESE,
    0x0c0a => SPANISH,
}

/// What a locale is called, as it is written: `0x` and hexadecimal digits, or decimal digits.
#[must_use]
pub fn name_of(wire: &[u8]) -> Option<TextId> {
    let text = std::str::from_utf8(wire).ok()?;
    let number = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => text.parse(),
    };
    name(number.ok()?)
}

/// `locale = "0x" 1*HEXDIG`
///
/// # Errors
/// Stops when the line ends.
pub fn locale_as<'a>(s: &mut Scribe<'a, '_>, field: FieldId) -> Read<Coded<'a>> {
    s.arg(field, EXPECTED_WORD, coded(name_of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_name_the_same_language() {
        for wire in ["0x0410", "0X0410", "0x410", "1040"] {
            assert_eq!(name_of(wire.as_bytes()), Some(ITALIAN), "{wire}");
        }
        for wire in ["", "0x", "410", "it", "-1"] {
            assert_eq!(name_of(wire.as_bytes()), None, "{wire}");
        }
        for text in TEXTS {
            let number = text.decl().id.strip_prefix("locale.").unwrap();
            assert_eq!(name_of(number.as_bytes()), Some(*text));
        }
    }
}
