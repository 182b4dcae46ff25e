//! The bytes at a place as numbers, text, bits and times; places written as text; bytes in forms to be copied.

use crate::protocol::Moment;
use crate::wording::{clock_seconds, day};

/// A name and a value.
pub type Reading = (&'static str, String);

/// What the bytes from a place on could mean.
#[must_use]
pub fn readings(bytes: &[u8], at: u32) -> Vec<Reading> {
    let rest = bytes.get(at as usize..).unwrap_or_default();
    let Some(first) = rest.first() else { return Vec::new() };
    let mut readings = vec![("u8", first.to_string())];
    if let Some(two) = rest.first_chunk::<2>() {
        readings.push(("u16 LE", u16::from_le_bytes(*two).to_string()));
        readings.push(("u16 BE", u16::from_be_bytes(*two).to_string()));
    }
    if let Some(four) = rest.first_chunk::<4>() {
        readings.push(("u32 LE", u32::from_le_bytes(*four).to_string()));
        readings.push(("u32 BE", u32::from_be_bytes(*four).to_string()));
    }
    if let Some(eight) = rest.first_chunk::<8>() {
        readings.push(("u64 LE", u64::from_le_bytes(*eight).to_string()));
        readings.push(("u64 BE", u64::from_be_bytes(*eight).to_string()));
    }
    readings.push(("UTF-8", letter(rest).map_or_else(|| "none".to_owned(), |letter| letter.to_string())));
    readings.push(("bits", format!("{:04b} {:04b}", first >> 4, first & 15)));
    if let Some(four) = rest.first_chunk::<4>() {
        readings.extend(time(u32::from_le_bytes(*four).into()).map(|time| ("time LE", time)));
        readings.extend(time(u32::from_be_bytes(*four).into()).map(|time| ("time BE", time)));
    }
    if let Some(eight) = rest.first_chunk::<8>() {
        readings.extend(filetime(u64::from_le_bytes(*eight)).map(|time| ("FILETIME", time)));
    }
    readings
}

/// The letter that begins here.
fn letter(bytes: &[u8]) -> Option<char> {
    let letter = (1..=4).find_map(|length| std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next())?;
    Some(if letter.is_control() { crate::wording::visible(&letter.to_string()).chars().next()? } else { letter })
}

/// Years in which a time is worth showing: 1990 to 2037, in seconds since 1970.
const TIMES: std::ops::Range<i64> = 631_152_000..2_145_916_800;

fn time(seconds: i64) -> Option<String> {
    let moment = Moment { seconds, nanos: 0, absent: false };
    TIMES.contains(&seconds).then(|| format!("{} {} UTC", day(moment), clock_seconds(moment)))
}

/// Tenths of microseconds since 1601, as Windows counts.
fn filetime(ticks: u64) -> Option<String> {
    time(i64::try_from(ticks / 10_000_000).ok()? - 11_644_473_600)
}

/// A place: `139`, `0x8b`, or relative to the present one: `+16`, `-0x10`. Beyond the end it is the last byte.
#[must_use]
pub fn place(text: &str, now: u32, length: u32) -> Option<u32> {
    let text = text.trim();
    let last = length.checked_sub(1)?;
    let (sign, digits) = match text.split_at_checked(1) {
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        _ => (0, text),
    };
    let number: i64 = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?.into(),
        None => digits.parse::<u32>().ok()?.into(),
    };
    let place = if sign == 0 { number } else { i64::from(now) + sign * number };
    u32::try_from(place.clamp(0, last.into())).ok()
}

/// How bytes are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// Two digits each.
    Hex,
    /// Letters.
    Text,
    /// A string of a program.
    Escaped,
    /// An array of numbers.
    Json,
}

/// All forms with their names.
pub const FORMS: [(Copied, &str); 4] =
    [(Copied::Hex, "Hex"), (Copied::Text, "Text"), (Copied::Escaped, "Escaped"), (Copied::Json, "JSON")];

/// Bytes in a form.
#[must_use]
pub fn copied(bytes: &[u8], form: Copied) -> String {
    match form {
        Copied::Hex => super::hex::digits(bytes),
        Copied::Text => String::from_utf8_lossy(bytes).into_owned(),
        Copied::Escaped => bytes.iter().map(|byte| escaped(*byte)).collect(),
        Copied::Json => format!("[{}]", bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(",")),
    }
}

fn escaped(byte: u8) -> String {
    match byte {
        b'\r' => "\\r".to_owned(),
        b'\n' => "\\n".to_owned(),
        b'\t' => "\\t".to_owned(),
        b'\\' => "\\\\".to_owned(),
        b'"' => "\\\"".to_owned(),
        0x20..=0x7e => char::from(byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_in_both_orders() {
        let all = readings(b"Ciao Bob! \xc3\xa0", 0);
        let find = |name: &str| all.iter().find(|(known, _)| *known == name).unwrap().1.as_str();
        assert_eq!((find("u8"), find("u16 LE"), find("u16 BE")), ("67", "26947", "17257"));
        assert_eq!((find("u32 LE"), find("UTF-8"), find("bits")), ("1868654915", "C", "0100 0011"));
        assert_eq!(find("u64 BE"), u64::from_be_bytes(*b"Ciao Bob").to_string());
        assert_eq!(readings(b"a\xc3\xa0", 1)[3], ("UTF-8", "à".to_owned()));
        assert_eq!(readings(b"ab", 2), []);
    }

    #[test]
    fn times_are_told_where_they_are_likely() {
        let of =
            |bytes: &[u8], name: &str| readings(bytes, 0).into_iter().find(|(known, _)| *known == name).map(|(_, t)| t);
        let seconds = 1_222_214_531_u32;
        assert_eq!(of(&seconds.to_le_bytes(), "time LE").unwrap(), "24 September 2008 00:02:11 UTC");
        assert_eq!(of(&seconds.to_le_bytes(), "time BE"), None);
        let ticks = (u64::from(seconds) + 11_644_473_600) * 10_000_000;
        assert_eq!(of(&ticks.to_le_bytes(), "FILETIME").unwrap(), "24 September 2008 00:02:11 UTC");
    }

    #[test]
    fn places_are_decimal_hexadecimal_or_relative() {
        let cases = [
            ("139", Some(139)),
            (" 0x8b ", Some(139)),
            ("+16", Some(116)),
            ("-0x10", Some(84)),
            ("-999", Some(0)),
            ("99999", Some(161)),
            ("", None),
            ("0xg", None),
            ("+", None),
        ];
        for (text, expected) in cases {
            assert_eq!(place(text, 100, 162), expected, "{text}");
        }
        assert_eq!(place("0", 0, 0), None);
    }

    #[test]
    fn bytes_are_copied_in_four_forms() {
        let bytes = b"A \"\\\r\n\xff";
        assert_eq!(copied(bytes, Copied::Hex), "41 20 22 5c 0d 0a ff");
        assert_eq!(copied(bytes, Copied::Escaped), r#"A \"\\\r\n\xff"#);
        assert_eq!(copied(bytes, Copied::Json), "[65,32,34,92,13,10,255]");
        assert_eq!(copied(bytes, Copied::Text), "A \"\\\r\n\u{fffd}");
    }
}
