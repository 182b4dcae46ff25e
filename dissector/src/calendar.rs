//! The calendar: seconds since 1970 as a date and a time of day, in UTC. No clock is read, no time zone known.

/// Seconds in a day; neither captures nor the protocol have leap seconds.
const DAY: i64 = 86_400;

/// `2005-08-14` and `19:03:12`, so many seconds after 1970-01-01.
pub(crate) fn date_and_clock(seconds: i64) -> (String, String) {
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let of_day = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    (format!("{year:04}-{month:02}-{day:02}"), format!("{hour:02}:{minute:02}:{second:02}"))
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
