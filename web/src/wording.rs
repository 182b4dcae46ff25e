//! Numbers, sizes, times and roles in words: the same everywhere on the page. Pure.

use crate::protocol::{Moment, Role, Severity};

const SECONDS_PER_DAY: i64 = 86_400;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// In place of a time that the capture does not record.
const NO_TIME: &str = "no time";

/// 1842 → "1,842".
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count that crossed from the worker as a float.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates; negative counts do not occur
pub fn whole(number: f64) -> u64 {
    number as u64
}

/// "1 command", "1,842 commands".
#[must_use]
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// Units of sizes, the largest first: the wire may claim any number of 64 bits.
const UNITS: [(f64, &str); 6] = [(1e18, "EB"), (1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];

/// Bytes in words; kB = 1000 B.
#[must_use]
pub fn size(bytes: f64) -> String {
    match UNITS.into_iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) if bytes / unit < 10.0 => format!("{:.1} {name}", bytes / unit),
        Some((unit, name)) => format!("{:.0} {name}", bytes / unit),
        None => format!("{bytes:.0} B"),
    }
}

/// "412 of 980 MB": both in the unit of the whole.
#[must_use]
pub fn part_of(part: f64, all: f64) -> String {
    let all = size(all);
    let (divisor, unit) = UNITS.into_iter().find(|(_, unit)| all.ends_with(unit)).unwrap_or((1.0, "B"));
    let digits = usize::from(all.contains('.'));
    format!("{:.digits$} of {} {unit}", part / divisor, all.split(' ').next().unwrap_or_default())
}

/// A delay as a row shows it: "175 µs", "0.21 s", "1 min 4 s".
#[must_use]
pub fn delay(seconds: f64) -> String {
    match seconds {
        s if s < 0.000_001 => "0 s".to_owned(),
        s if s < 0.000_999_5 => format!("{:.0} µs", s * 1e6),
        s if s < 0.01 => format!("{s:.3} s"),
        s if s < 10.0 => format!("{s:.2} s"),
        s => duration(s),
    }
}

/// How long something took: "3 ms", "1.2 s".
#[must_use]
pub fn milliseconds(took: f64) -> String {
    if took < 1000.0 { format!("{:.0} ms", took.max(1.0)) } else { format!("{:.1} s", took / 1000.0) }
}

/// A stretch of time: "0.5 s", "48 s", "9 min 31 s", "2 h 5 min", "3 days 4 h".
#[must_use]
pub fn duration(seconds: f64) -> String {
    if seconds < 10.0 {
        return format!("{seconds:.1} s");
    }
    let whole = whole(seconds.round());
    let (days, hours, minutes, rest) = (whole / 86_400, whole / 3600 % 24, whole / 60 % 60, whole % 60);
    let pair = |big: u64, unit: &str, small: u64, part: &str| match small {
        0 => format!("{big} {unit}"),
        _ => format!("{big} {unit} {small} {part}"),
    };
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{rest} s"),
        (0, 0, _) => pair(minutes, "min", rest, "s"),
        (0, _, _) => pair(hours, "h", minutes, "min"),
        (1, _, _) => pair(1, "day", hours, "h"),
        _ => pair(days, "days", hours, "h"),
    }
}

/// The clock with milliseconds: "14:02:11.350". UTC.
#[must_use]
pub fn clock(moment: Moment) -> String {
    if moment.absent {
        return NO_TIME.to_owned();
    }
    format!("{}.{:03}", clock_seconds(moment), moment.nanos / 1_000_000)
}

/// A clock without its hour, for narrow screens: "02:11.350". Other times stay as they are.
#[must_use]
pub fn without_hour(time: &str) -> &str {
    let is_clock = time.len() == 12 && time.as_bytes().get(2) == Some(&b':');
    time.get(3..).filter(|_| is_clock).unwrap_or(time)
}

/// The clock: "14:02:11". UTC.
#[must_use]
pub fn clock_seconds(moment: Moment) -> String {
    if moment.absent {
        return NO_TIME.to_owned();
    }
    let second = moment.seconds.rem_euclid(SECONDS_PER_DAY);
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// The clock without seconds: "14:02". UTC.
#[must_use]
pub fn clock_minutes(moment: Moment) -> String {
    clock_seconds(moment).chars().take(5).collect()
}

/// The day: "24 September 2008". UTC.
#[must_use]
pub fn day(moment: Moment) -> String {
    let (year, month, day) = civil(moment.seconds.div_euclid(SECONDS_PER_DAY));
    let name = usize::try_from(month - 1).ok().and_then(|m| MONTHS.get(m)).copied().unwrap_or_default();
    format!("{day} {name} {year}")
}

/// Year, month and day of a day number since 1970-01-01, in the Gregorian calendar.
fn civil(day_number: i64) -> (i64, i64, i64) {
    // Counted from 1 March of year 0, so that the leap day is the last of its year; an era is 400 years.
    let shifted = day_number + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// What a server is called in a sentence.
#[must_use]
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Client => "Client",
        Role::Dispatch => "Dispatch",
        Role::Notification => "Notification",
        Role::Switchboard => "Switchboard",
        Role::Peer => "Other program",
        Role::Unknown => "Server",
    }
}

/// The letters of a role.
#[must_use]
pub const fn role_letters(role: Role) -> &'static str {
    match role {
        Role::Client => "Client",
        Role::Dispatch => "DS",
        Role::Notification => "NS",
        Role::Switchboard => "SB",
        Role::Peer => "P2P",
        Role::Unknown => "Server",
    }
}

/// A severity in one word.
#[must_use]
pub const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Chat => "info",
        Severity::Note => "notice",
        Severity::Warn => "warning",
        Severity::Error => "error",
    }
}

/// A sentence's first letter large.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Control characters as pictures, so that captured text cannot hide or break a line.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match u32::from(c) {
            control @ 0..=0x1f => char::from_u32(0x2400 + control).unwrap_or(c),
            0x7f => '\u{2421}',
            // Marks that turn the direction of all text after them.
            0x202a..=0x202e | 0x2066..=0x2069 | 0x80..=0x9f => '\u{fffd}',
            _ => c,
        })
        .collect()
}

/// Names that some systems keep for devices.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
/// Letters of a file's name.
const NAME_LENGTH: usize = 80;

/// What to call the file of an object: whatever its sender calls it, it stays in the folder that the reader chose.
#[must_use]
pub fn safe_name(name: &str, id: u32, complete: bool) -> String {
    let harmless =
        |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ' | '(' | ')') { c } else { '_' };
    let name = name.chars().map(harmless).take(NAME_LENGTH).collect::<String>();
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let device =
        DEVICES.contains(&stem.as_str()) || (stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")));
    let name = match (name.is_empty(), device) {
        (true, _) => format!("transfer-{id}"),
        (false, true) => format!("_{name}"),
        (false, false) => name.to_owned(),
    };
    if complete { name } else { format!("{name}.partial") }
}

/// The same names, each with its number where several are equal: captures are often called the same.
#[must_use]
pub fn distinct(names: Vec<String>) -> Vec<String> {
    let numbered = |(at, name): (usize, &String)| {
        let before = names.iter().take(at).filter(|other| *other == name).count();
        let alone = names.iter().filter(|other| *other == name).count() == 1;
        if alone { name.clone() } else { format!("{name} ({})", before + 1) }
    };
    names.iter().enumerate().map(numbered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_name_have_numbers() {
        let names = |names: &[&str]| distinct(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(names(&["a", "b", "a"]), ["a (1)", "b", "a (2)"]);
        assert_eq!(names(&["a"]), ["a"]);
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, text) in [(0, "0"), (999, "999"), (1842, "1,842"), (1_234_567, "1,234,567")] {
            assert_eq!(count(number), text);
        }
    }

    #[test]
    fn sizes_have_two_digits_or_more() {
        for (bytes, text) in [
            (0.0, "0 B"),
            (999.0, "999 B"),
            (1400.0, "1.4 kB"),
            (1.41e6, "1.4 MB"),
            (98e7, "980 MB"),
            (1.8e19, "18 EB"),
        ] {
            assert_eq!(size(bytes), text);
        }
        assert_eq!(part_of(412e6, 980e6), "412 of 980 MB");
        assert_eq!(part_of(0.5e6, 1.4e6), "0.5 of 1.4 MB");
    }

    #[test]
    fn stretches_of_time_name_two_units() {
        let cases = [(0.21, "0.2 s"), (48.0, "48 s"), (571.0, "9 min 31 s"), (3600.0, "1 h"), (90_000.0, "1 day 1 h")];
        for (seconds, text) in cases {
            assert_eq!(duration(seconds), text);
        }
        for (seconds, text) in [
            (0.0, "0 s"),
            (0.000_175, "175 µs"),
            (0.000_999_7, "0.001 s"),
            (0.0042, "0.004 s"),
            (0.214, "0.21 s"),
            (64.0, "1 min 4 s"),
        ] {
            assert_eq!(delay(seconds), text);
        }
    }

    #[test]
    fn days_follow_the_calendar() {
        let cases = [
            (0, "1 January 1970"),
            (1_222_214_531, "24 September 2008"),
            (951_782_400, "29 February 2000"),
            (-1, "31 December 1969"),
        ];
        for (seconds, text) in cases {
            assert_eq!(day(Moment { seconds, nanos: 0, absent: false }), text);
        }
        let moment = Moment { seconds: 1_222_214_531, nanos: 350_999_999, absent: false };
        assert_eq!(clock(moment), "00:02:11.350");
        assert_eq!(without_hour(&clock(moment)), "02:11.350");
        assert_eq!(without_hour("+1:04.500"), "+1:04.500");
    }

    #[test]
    fn names_of_files_stay_in_their_folder() {
        let cases = [
            ("balloon.bmp", "balloon.bmp"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\x\0.exe", "C__x_.exe"),
            ("CON.txt", "_CON.txt"),
            ("com1", "_com1"),
            ("…", "_"),
            (" .. ", "transfer-3"),
            ("", "transfer-3"),
        ];
        for (name, safe) in cases {
            assert_eq!(safe_name(name, 3, true), safe, "{name}");
        }
        assert_eq!(safe_name("a.png", 3, false), "a.png.partial");
    }

    #[test]
    fn control_characters_are_pictures() {
        assert_eq!(visible("a\r\n\u{202e}b\0"), "a␍␊\u{fffd}b␀");
    }
}
