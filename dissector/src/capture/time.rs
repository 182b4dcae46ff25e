//! Points in time as captures record them.
//!
//! In come seconds and a fraction since 1970; out go comparisons, differences and RFC 3339 text. No clock is read, no
//! time zone known: everything is UTC.

use std::cmp::Ordering;

/// Nanoseconds in a second.
const NANOS: i128 = 1_000_000_000;
/// Seconds in a day; captures have no leap seconds.
const DAY: i64 = 86_400;

/// A point in time with the precision the capture claims. Compares by time alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timestamp {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Nanoseconds after `seconds`, below 1,000,000,000.
    pub nanos: u32,
    /// Decimal digits of the fraction the capture recorded (6 for µs, 9 for ns); at most 9.
    pub digits: u8,
}

impl Timestamp {
    /// The time `seconds` and `nanos` after 1970, where `nanos` may exceed a second (some writers do that).
    #[must_use]
    pub fn new(seconds: i64, nanos: u64, digits: u8) -> Self {
        let whole = i64::try_from(nanos / 1_000_000_000).unwrap_or(0);
        let rest = u32::try_from(nanos % 1_000_000_000).unwrap_or(0);
        Timestamp { seconds: seconds.saturating_add(whole), nanos: rest, digits: digits.min(9) }
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
        let (year, month, day) = civil(self.seconds.div_euclid(DAY));
        let of_day = self.seconds.rem_euclid(DAY);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if self.digits > 0 {
            let fraction = format!("{:09}", self.nanos);
            text.push('.');
            text.push_str(fraction.get(..usize::from(self.digits)).unwrap_or(&fraction));
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

/// Year, month (1-12) and day (1-31) of the proleptic Gregorian calendar, `days` after 1970-01-01.
///
/// Counts in years that begin in March, so that the leap day is the last day of a year, and in eras of 400 years
/// (146,097 days), so that all divisions are of positive numbers.
fn civil(days: i64) -> (i64, i64, i64) {
    // 719,468 days lie between 0000-03-01 and 1970-01-01.
    let shifted = days.saturating_add(719_468);
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    // Every 4 years but the 100th have one day more, and the last day of an era is a leap day again.
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Months from March have 31, 30, 31, 30, 31 days over and over: 153 days in 5 months.
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
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
            assert_eq!(Timestamp { seconds, nanos: 0, digits: 0 }.rfc3339(), text);
        }
    }

    #[test]
    fn fraction_has_the_digits_of_the_capture() {
        let at = |digits| Timestamp { seconds: 0, nanos: 1_234_567, digits }.rfc3339();
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
