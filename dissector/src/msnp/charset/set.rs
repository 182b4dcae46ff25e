//! The character sets of the WHATWG Encoding Standard. A browser has them all, so the page does not bring its own tables,
//! which are a seventh of its weight; everywhere else `encoding_rs`, which is Firefox's, has them.

/// The names of the standard, as remarks show them.
const NAMES: &[&str] = &[
    "UTF-8",
    "IBM866",
    "ISO-8859-2",
    "ISO-8859-3",
    "ISO-8859-4",
    "ISO-8859-5",
    "ISO-8859-6",
    "ISO-8859-7",
    "ISO-8859-8",
    "ISO-8859-8-I",
    "ISO-8859-10",
    "ISO-8859-13",
    "ISO-8859-14",
    "ISO-8859-15",
    "ISO-8859-16",
    "KOI8-R",
    "KOI8-U",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
    "GBK",
    "gb18030",
    "Big5",
    "EUC-JP",
    "ISO-2022-JP",
    "Shift_JIS",
    "EUC-KR",
    "UTF-16BE",
    "UTF-16LE",
    "x-user-defined",
];

/// A character set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Set(&'static str);

impl Set {
    /// UTF-8.
    pub const UTF_8: Self = Self("UTF-8");
    /// Windows-1252, which holds ISO-8859-1.
    pub const WINDOWS_1252: Self = Self("windows-1252");

    /// The set that goes by this name, in any case, or by one of its other names.
    pub fn named(label: &[u8]) -> Option<Self> {
        let name = canonical(label)?;
        NAMES.iter().find(|known| known.eq_ignore_ascii_case(&name)).map(|known| Self(known))
    }

    /// Its name in the standard.
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// Bytes that are passed over together where they are no character.
    fn unit(self) -> usize {
        if self.0.starts_with("UTF-16") { 2 } else { 1 }
    }

    /// What `bytes` say; `None` if some are no characters. At their end a character may be cut unless they are the `last`.
    fn clean(self, bytes: &[u8], last: bool) -> Option<String> {
        decode(self.0, bytes, last)
    }

    /// What `bytes` say, and whether some of them say nothing; those stand as `\xNN`.
    pub fn lenient(self, bytes: &[u8]) -> (String, bool) {
        let (mut text, mut rest, mut faulty) = (String::new(), bytes, false);
        while !rest.is_empty() {
            if let Some(clean) = self.clean(rest, true) {
                text.push_str(&clean);
                break;
            }
            faulty = true;
            let (said, taken) = self.beginning(rest);
            text.push_str(&said);
            let end = taken.saturating_add(self.unit()).min(rest.len());
            for byte in rest.get(taken..end).unwrap_or_default() {
                push_byte(&mut text, *byte);
            }
            rest = rest.get(end..).unwrap_or_default();
        }
        (text, faulty)
    }

    /// What whole characters stand before the first bytes that are none, and how many bytes they take.
    fn beginning(self, bytes: &[u8]) -> (String, usize) {
        // The first fault is found by doubling and then by halving, so that the work is in proportion to what is read.
        let faulty = |length: usize| bytes.get(..length).is_none_or(|bytes| self.clean(bytes, false).is_none());
        let mut high = 1;
        while high < bytes.len() && !faulty(high) {
            high = (high * 2).min(bytes.len());
        }
        let mut low = high / 2;
        while low + 1 < high {
            let middle = usize::midpoint(low, high);
            if faulty(middle) { high = middle } else { low = middle }
        }
        let end = if faulty(high) { high - 1 } else { high };
        // Of the character before it there may be a beginning.
        let longest = (end.saturating_sub(LONGEST)..=end).rev();
        let whole = |length: usize| Some((self.clean(bytes.get(..length)?, true)?, length));
        longest.filter(|length| *length < bytes.len()).find_map(whole).unwrap_or_default()
    }
}

/// Bytes of the longest character, and of the longest mark that switches between sets.
const LONGEST: usize = 8;

fn push_byte(text: &mut String, byte: u8) {
    use std::fmt::Write as _;
    let _ = write!(text, "\\x{byte:02x}");
}

#[cfg(not(target_arch = "wasm32"))]
fn canonical(label: &[u8]) -> Option<String> {
    encoding_rs::Encoding::for_label_no_replacement(label).map(|encoding| encoding.name().to_owned())
}

#[cfg(not(target_arch = "wasm32"))]
fn decode(name: &str, bytes: &[u8], last: bool) -> Option<String> {
    use encoding_rs::{DecoderResult, Encoding};
    let mut decoder = Encoding::for_label(name.as_bytes())?.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len())?);
    match decoder.decode_to_string_without_replacement(bytes, &mut text, last).0 {
        DecoderResult::InputEmpty => Some(text),
        DecoderResult::OutputFull | DecoderResult::Malformed(..) => None,
    }
}

#[cfg(target_arch = "wasm32")]
fn canonical(label: &[u8]) -> Option<String> {
    let label = std::str::from_utf8(label).ok()?;
    web_sys::TextDecoder::new_with_label(label).ok().map(|decoder| decoder.encoding())
}

#[cfg(target_arch = "wasm32")]
fn decode(name: &str, bytes: &[u8], last: bool) -> Option<String> {
    let strict = web_sys::TextDecoderOptions::new();
    strict.set_fatal(true);
    let decoder = web_sys::TextDecoder::new_with_label_and_options(name, &strict).ok()?;
    let how = web_sys::TextDecodeOptions::new();
    how.set_stream(!last);
    let text = decoder.decode_with_u8_array_and_options(bytes, &how).ok()?;
    // The browser takes away the mark of byte order; here it is a character like any other.
    let marked = matches!((name, bytes), ("UTF-16LE", [0xff, 0xfe, ..]) | ("UTF-16BE", [0xfe, 0xff, ..]));
    Some(if marked { format!("\u{feff}{text}") } else { text })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_set_of_the_standard_has_its_name() {
        for name in NAMES {
            assert_eq!(Set::named(name.to_lowercase().as_bytes()), Some(Set(name)));
            assert_eq!(encoding_rs::Encoding::for_label(name.as_bytes()).map(encoding_rs::Encoding::name), Some(*name));
        }
        assert_eq!(Set::named(b"latin1"), Some(Set::WINDOWS_1252));
        assert_eq!(Set::named(b"utf8"), Some(Set::UTF_8));
        assert_eq!((Set::named(b"klingon"), Set::named(b"iso-2022-kr")), (None, None));
    }

    fn any_set() -> impl Strategy<Value = Set> {
        prop::sample::select(NAMES).prop_map(Set)
    }

    proptest! {
        #[test]
        fn clean_text_is_read_as_encoding_rs_reads_it(set in any_set(), text in any::<String>()) {
            let encoding = encoding_rs::Encoding::for_label(set.name().as_bytes()).unwrap();
            let (bytes, used, _) = encoding.encode(&text);
            let (read, faulty) = encoding.decode_without_bom_handling(&bytes);
            if used == encoding && !faulty {
                prop_assert_eq!(set.lenient(&bytes), (read.into_owned(), false));
            }
        }

        #[test]
        fn every_byte_is_read_or_shown(set in any_set(), bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let (text, faulty) = set.lenient(&bytes);
            prop_assert_eq!(faulty, set.clean(&bytes, true).is_none());
            // What is shown as bytes, counted; nothing in such text can look like it but those.
            let shown = text.matches("\\x").count();
            prop_assert!(shown <= bytes.len() && (faulty || shown <= bytes.windows(2).filter(|two| two == b"\\x").count()));
        }

        #[test]
        fn a_fault_costs_itself_only(set in any_set(), before in "[a-z ]{0,40}", after in "[a-z ]{0,40}") {
            let wide = set.name().starts_with("UTF-16");
            prop_assume!(!wide);
            // No set has a character that begins with this byte and goes on with an ASCII letter or blank, or says so.
            let bytes = [before.as_bytes(), b"\xff\n", after.as_bytes()].concat();
            let (text, faulty) = set.lenient(&bytes);
            if faulty {
                prop_assert_eq!(text, format!("{before}\\xff\n{after}"));
            }
        }
    }
}
