//! Values that stand in an expression, by what they are compared with.

use std::net::IpAddr;

use regex_lite::{Regex, RegexBuilder};

use super::expression::{Literal, Operand, ValueKind};
use super::fault::{BAD_PATTERN, Fault, NO_VALUE, NOT_ADDRESS, NOT_BYTES, NOT_NUMBER, NOT_SECONDS, NOT_TIME};
use crate::calendar;

/// Memory that a compiled pattern may take, in bytes.
const PATTERN_CEILING: usize = 1 << 20;

/// The lowest and the highest value of a range.
pub type Range = (Literal, Literal);

/// A value as it is written.
#[derive(Debug, Clone, Copy)]
pub enum Word<'t> {
    /// Without quotation marks.
    Bare(&'t str),
    /// In quotation marks.
    Quoted(&'t str),
}

impl<'t> Word<'t> {
    /// What it says.
    pub const fn text(self) -> &'t str {
        match self {
            Self::Bare(text) | Self::Quoted(text) => text,
        }
    }
}

/// The value that `word` is for an operand whose values are of this kind.
pub fn of(word: Word<'_>, at: std::ops::Range<usize>, operand: Operand, kind: ValueKind) -> Result<Literal, Fault> {
    let text = word.text();
    let (read, otherwise) = match kind {
        ValueKind::Text => (Some(Literal::Text(text.to_owned())), NO_VALUE),
        ValueKind::Number => (number(text).map(Literal::Number), NOT_NUMBER),
        ValueKind::Severity => (severity(text).map(Literal::Number), NOT_NUMBER),
        ValueKind::Seconds => (seconds(text).map(Literal::Nanos), NOT_SECONDS),
        ValueKind::Time => (time(text).map(Literal::Nanos), NOT_TIME),
        ValueKind::Address => (address(text), NOT_ADDRESS),
        ValueKind::Bytes => match word {
            Word::Quoted(text) => (Some(Literal::Bytes(text.as_bytes().to_vec())), NOT_BYTES),
            Word::Bare(text) => (bytes(text).map(Literal::Bytes), NOT_BYTES),
        },
        ValueKind::Presence => (None, NO_VALUE),
    };
    read.ok_or_else(|| Fault::new(at, otherwise, [text.into(), operand.name().into()]))
}

/// A regular expression that ignores case.
pub fn pattern(text: &str, at: std::ops::Range<usize>) -> Result<Regex, Fault> {
    let built = RegexBuilder::new(text).case_insensitive(true).size_limit(PATTERN_CEILING).build();
    built.map_err(|error| Fault::new(at, BAD_PATTERN, [error.to_string().into()]))
}

/// Decimal, or hexadecimal after `0x`, octal after `0`, binary after `0b`: as Wireshark reads them.
fn number(text: &str) -> Option<u64> {
    let with =
        |prefix: &str, radix| text.strip_prefix(prefix).and_then(|digits| u64::from_str_radix(digits, radix).ok());
    let octal = || text.strip_prefix('0').filter(|rest| !rest.is_empty()).map(|rest| u64::from_str_radix(rest, 8).ok());
    with("0x", 16).or_else(|| with("0b", 2)).or_else(|| octal().unwrap_or_else(|| text.parse().ok()))
}

/// Wireshark's numbers of severities, and its words for them.
pub const SEVERITIES: [(u64, &str); 4] =
    [(0x0020_0000, "Chat"), (0x0040_0000, "Note"), (0x0060_0000, "Warning"), (0x0080_0000, "Error")];

fn severity(text: &str) -> Option<u64> {
    let named = SEVERITIES.iter().find(|(_, name)| name.eq_ignore_ascii_case(text));
    named.map(|(number, _)| *number).or_else(|| number(text))
}

/// Nanoseconds of a decimal number of seconds.
fn seconds(text: &str) -> Option<i128> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let whole = if whole.is_empty() { 0 } else { whole.parse::<i64>().ok()? };
    let nanos = i128::from(whole) * 1_000_000_000 + i128::from(fraction_nanos(fraction));
    Some(if negative { -nanos } else { nanos })
}

/// Nanoseconds of the digits behind the point; those beyond nine are dropped.
fn fraction_nanos(digits: &str) -> u32 {
    digits.bytes().chain(std::iter::repeat(b'0')).take(9).fold(0, |nanos, digit| nanos * 10 + u32::from(digit - b'0'))
}

/// Nanoseconds since 1970 of `2004-02-11 18:30:04.25`, with a blank or T in between and perhaps a Z behind; what is left
/// out from the end is zero. UTC, like all times of this library.
fn time(text: &str) -> Option<i128> {
    let text = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let (date, clock) = text.split_once([' ', 'T', 't']).unwrap_or((text, "0"));
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let days = calendar::days(date.next()??, date.next()??, date.next()??)?;
    let mut clock = clock.splitn(3, ':');
    let hours = clock.next()?.parse::<i64>().ok().filter(|hours| (0..24).contains(hours))?;
    let minutes =
        clock.next().map_or(Some(0), |part| part.parse::<i64>().ok()).filter(|part| (0..60).contains(part))?;
    let rest = clock.next().map_or(Some(0), seconds).filter(|rest| (0..61_000_000_000).contains(rest))?;
    Some((i128::from(days) * 86_400 + i128::from(hours * 3600 + minutes * 60)) * 1_000_000_000 + rest)
}

/// An address, or a network with the number of its bits.
fn address(text: &str) -> Option<Literal> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address = address.parse::<IpAddr>().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(most), |bits| bits.parse().ok().filter(|bits| *bits <= most))?;
    Some(Literal::Address(address, bits))
}

/// `4d:53:47`, `4d-53-47`, `4d.53.47` or `4d5347`.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.bytes().filter(|byte| !b":-.".contains(byte)).collect::<Vec<_>>();
    let value = |digit: &u8| char::from(*digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let (pairs, odd) = digits.as_chunks::<2>();
    let pairs = pairs.iter().map(|[high, low]| Some(value(high)? << 4 | value(low)?)).collect::<Option<Vec<_>>>()?;
    (odd.is_empty() && !pairs.is_empty()).then_some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_wireshark_reads_them() {
        let cases = [("10", Some(10)), ("0x1F", Some(31)), ("010", Some(8)), ("0b101", Some(5)), ("0", Some(0))];
        for (text, value) in cases.into_iter().chain([("", None), ("ten", None), ("-1", None), ("09", None)]) {
            assert_eq!(number(text), value, "{text}");
        }
    }

    #[test]
    fn times_are_utc_and_may_leave_out_their_end() {
        let second = 1_000_000_000;
        let cases = [
            ("1970-01-01", Some(0)),
            ("1970-01-02 00:00:01", Some(86_401 * second)),
            ("2005-08-14T19:03:12.25Z", Some(1_124_046_192 * second + 250_000_000)),
            ("2005-08-14 19:03", Some(1_124_046_180 * second)),
            ("2004-02-29", Some(1_078_012_800 * second)),
            ("2005-02-29", None),
            ("2005-13-01", None),
            ("2005-08-14 24:00", None),
            ("yesterday", None),
        ];
        for (text, nanos) in cases {
            assert_eq!(time(text), nanos, "{text}");
        }
    }

    #[test]
    fn seconds_keep_nine_digits() {
        let cases = [
            ("0.25", Some(250_000_000)),
            ("-1.5", Some(-1_500_000_000)),
            (".1", Some(100_000_000)),
            ("2", Some(2_000_000_000)),
        ];
        for (text, nanos) in cases.into_iter().chain([("", None), (".", None), ("1e3", None), ("1.-2", None)]) {
            assert_eq!(seconds(text), nanos, "{text}");
        }
    }

    #[test]
    fn bytes_may_be_separated() {
        for text in ["4d:53:47", "4d5347", "4D-53-47", "4d.53.47"] {
            assert_eq!(bytes(text), Some(b"MSG".to_vec()), "{text}");
        }
        for text in ["4d5", "", "xy", ":"] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }
}
