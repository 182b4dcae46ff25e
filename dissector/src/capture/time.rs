//! Points in time as captures record them.
//!
//! In come seconds and a fraction since 1970; out go comparisons, differences and RFC 3339 text. No clock is read, no
//! time zone known: everything is UTC.

use std::cmp::Ordering;

use crate::{calendar, numerals};

/// Nanoseconds in a second.
const NANOS: i128 = 1_000_000_000;

/// A point in time with the precision the capture claims. Compares by time alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timestamp {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Nanoseconds after `seconds`, below 1,000,000,000.
    pub nanos: u32,
    /// Decimal digits of the fraction the capture recorded (6 for µs, 9 for ns); at most 9.
    pub digits: u8,
    /// The capture records no time: this is that of the packet before, to tell what comes first, and not to be shown.
    pub absent: bool,
}

impl Timestamp {
    /// The time `seconds` and `nanos` after 1970, where `nanos` may exceed a second (some writers do that).
    #[must_use]
    pub fn new(seconds: i64, nanos: u64, digits: u8) -> Self {
        let whole = i64::try_from(nanos / 1_000_000_000).unwrap_or(0);
        let rest = u32::try_from(nanos % 1_000_000_000).unwrap_or(0);
        Timestamp { seconds: seconds.saturating_add(whole), nanos: rest, digits: digits.min(9), absent: false }
    }

    /// The time, if the capture records one.
    #[must_use]
    pub fn recorded(self) -> Option<Self> {
        (!self.absent).then_some(self)
    }

    /// Nanoseconds from `earlier` to this time; negative when `earlier` is the later one.
    #[must_use]
    pub fn nanos_since(&self, earlier: Timestamp) -> i128 {
        (i128::from(self.seconds) - i128::from(earlier.seconds)) * NANOS + i128::from(self.nanos)
            - i128::from(earlier.nanos)
    }

    /// RFC 3339 text in UTC with as many fraction digits as the capture has: `2005-08-14T19:03:12.250301Z`.
    #[must_use]
    pub fn rfc3339(&self) -> String {
        let mut text = String::with_capacity("2005-08-14T19:03:12.250301000Z".len());
        calendar::push_date(&mut text, self.seconds);
        text.push('T');
        calendar::push_clock(&mut text, self.seconds);
        let digits = self.digits.min(9);
        if digits > 0 {
            text.push('.');
            numerals::push_padded(&mut text, self.nanos / 10u32.pow(u32::from(9 - digits)), digits);
        }
        text.push('Z');
        text
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.seconds, self.nanos).cmp(&(other.seconds, other.nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_around_leap_days_and_eras() {
        let cases = [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_124_046_192, "2005-08-14T19:03:12Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (-62_167_219_200, "0000-01-01T00:00:00Z"),
        ];
        for (seconds, text) in cases {
            assert_eq!(Timestamp::new(seconds, 0, 0).rfc3339(), text);
        }
    }

    #[test]
    fn fraction_has_the_digits_of_the_capture() {
        let at = |digits| Timestamp::new(0, 1_234_567, digits).rfc3339();
        assert_eq!(at(3), "1970-01-01T00:00:00.001Z");
        assert_eq!(at(6), "1970-01-01T00:00:00.001234Z");
        assert_eq!(at(9), "1970-01-01T00:00:00.001234567Z");
    }

    #[test]
    fn extreme_times_do_not_overflow() {
        for seconds in [i64::MIN, i64::MAX] {
            let time = Timestamp::new(seconds, u64::MAX, 255);
            assert!(time.rfc3339().ends_with('Z'));
            assert_ne!(time.nanos_since(Timestamp::default()), 0);
        }
    }

    #[test]
    fn order_ignores_precision() {
        let micro = Timestamp::new(5, 10, 6);
        let nano = Timestamp::new(5, 10, 9);
        assert_eq!(micro, nano);
        assert!(Timestamp::new(4, 1_999_999_999, 6) < nano.max(Timestamp::new(6, 0, 6)));
        assert_eq!(Timestamp::new(4, 1_000_000_009, 9).nanos_since(nano), -1);
    }
}
