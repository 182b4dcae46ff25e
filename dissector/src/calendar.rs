//! The calendar: seconds since 1970 as a date and a time of day, in UTC. No clock is read, no time zone known.

use std::fmt::Write as _;

use crate::numerals;

/// Seconds in a day; neither captures nor the protocol have leap seconds.
const DAY: i64 = 86_400;

/// Appends `2005-08-14`, the day so many seconds after 1970-01-01.
pub(crate) fn push_date(out: &mut String, seconds: i64) {
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    match u32::try_from(year) {
        Ok(year @ ..10_000) => numerals::push_padded(out, year, 4),
        _ => drop(write!(out, "{year:04}")),
    }
    for number in [month, day] {
        out.push('-');
        push_two(out, number);
    }
}

/// Appends `19:03:12`, the time of day so many seconds after 1970-01-01.
pub(crate) fn push_clock(out: &mut String, seconds: i64) {
    let of_day = seconds.rem_euclid(DAY);
    push_two(out, of_day / 3600);
    for number in [of_day / 60 % 60, of_day % 60] {
        out.push(':');
        push_two(out, number);
    }
}

fn push_two(out: &mut String, number: i64) {
    numerals::push_padded(out, u32::try_from(number).unwrap_or(0), 2);
}

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar; `None` if there is no such day.
pub(crate) fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(0..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    // As in `civil`: years begin in March, and eras have 400 of them.
    let shifted = year - i64::from(month <= 2);
    let (era, year_of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
    let month_from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    (civil(days) == (year, month, day)).then_some(days)
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
