//! Places that somebody writes to go to: a command, a packet, a byte of the selected command, a time as it is shown.

use crate::clock::{Clock, TimeForm};
use crate::protocol::Moment;
use crate::protocol::find::Target;

/// Where somebody wants to go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    /// Somewhere in the capture.
    Target(Target),
    /// To a byte of what is selected.
    Offset(u32),
}

/// What can be written.
pub const FORMS: &str = "A command’s number, # and a packet’s, 0x and an offset, or a time as it is shown";

/// Reads a place.
///
/// # Errors
/// The sentence why it is none.
pub fn read(text: &str, clock: &Clock) -> Result<Place, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("{FORMS}."));
    }
    let grouped = |digits: &str| digits.replace([',', ' ', '\u{2009}', '\u{202f}'], "");
    if let Some(packet) = text.strip_prefix('#') {
        let number = grouped(packet).parse::<u32>();
        let number = number.map_err(|_| format!("“{text}” is no packet: # is followed by its number, such as #57."))?;
        return Ok(Place::Target(Target::Packet(number.into())));
    }
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let offset = u32::from_str_radix(digits, 16);
        let offset = offset.map_err(|_| format!("“{text}” is no offset: 0x is followed by hexadecimal digits."))?;
        return Ok(Place::Offset(offset));
    }
    if let Ok(number) = grouped(text).parse::<u32>()
        && !text.starts_with('+')
    {
        return Ok(Place::Target(Target::Command(number)));
    }
    let time = time(text, clock);
    time.map(|time| Place::Target(Target::Time(time))).ok_or_else(|| format!("“{text}” is no place. {FORMS}."))
}

/// A time: since the start (`+1:04.5`), or by the clock that is shown, with its day or without.
fn time(text: &str, clock: &Clock) -> Option<Moment> {
    let since = |seconds: i64, nanos: u32| {
        let nanos = clock.start.nanos + nanos;
        let whole = clock.start.seconds.checked_add(seconds)?.checked_add(i64::from(nanos / 1_000_000_000))?;
        Some(Moment { seconds: whole, nanos: nanos % 1_000_000_000, absent: false })
    };
    let plus = text.strip_prefix('+');
    if plus.is_some() || clock.form == TimeForm::Start {
        let (seconds, nanos) = stretch(plus.unwrap_or(text))?;
        return since(seconds, nanos);
    }
    let text = text.strip_suffix("UTC").unwrap_or(text).trim_end();
    let (day, hours) = match text.split_once([' ', 'T']) {
        Some((day, hours)) => (Some(self::day(day)?), hours.trim_start()),
        None => (None, text),
    };
    // The clock that is shown goes from minute to second: two parts are hours and minutes.
    let (seconds, nanos) =
        if hours.matches(':').count() == 1 { stretch(&format!("{hours}:00"))? } else { stretch(hours)? };
    if !hours.contains(':') || seconds >= DAY {
        return None;
    }
    let shown = clock.shifted(clock.start).seconds;
    let ahead = shown - clock.start.seconds;
    let today = shown.div_euclid(DAY) * DAY;
    let sought = Moment { seconds: day.unwrap_or(today) + seconds - ahead, nanos, absent: false };
    // A capture that goes on over midnight: earlier than its start is the next day.
    let over = day.is_none() && (sought.seconds, sought.nanos) < (clock.start.seconds, 0);
    Some(Moment { seconds: sought.seconds + if over { DAY } else { 0 }, ..sought })
}

const DAY: i64 = 86_400;

/// `12`, `12.25`, `1:04.5`, `2:00:00`: seconds and nanoseconds.
fn stretch(text: &str) -> Option<(i64, u32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let parts: Vec<i64> =
        whole.split(':').map(|part| part.parse::<u32>().ok().map(i64::from)).collect::<Option<_>>()?;
    if parts.len() > 3 || parts.iter().skip(1).any(|part| *part > 59) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let seconds = parts.iter().fold(0, |sum, part| sum * 60 + part);
    let nanos = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    Some((seconds, nanos))
}

/// `2005-08-14`: seconds since 1970.
fn day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<u32>().ok().map(i64::from));
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years that begin in March: the day that is added is the last.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    Some((days - 719_468) * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::{clock as shown, day as date};

    /// The 14th of August 2005, 19:03:10.350 UTC.
    fn clock(form: TimeForm) -> Clock {
        Clock { form, start: Moment { seconds: 1_124_046_190, nanos: 350_000_000, absent: false }, ahead: 120 }
    }

    fn go(text: &str) -> Result<Place, String> {
        read(text, &clock(TimeForm::Utc))
    }

    #[test]
    fn numbers_are_commands_packets_and_offsets() {
        assert_eq!(go(" 4,012 "), Ok(Place::Target(Target::Command(4012))));
        assert_eq!(go("#57"), Ok(Place::Target(Target::Packet(57.0))));
        assert_eq!(go("# 57"), Ok(Place::Target(Target::Packet(57.0))));
        assert_eq!(go("0x1F"), Ok(Place::Offset(31)));
    }

    #[test]
    fn times_are_written_as_they_are_shown() {
        let at = |form, text: &str| match read(text, &clock(form)) {
            Ok(Place::Target(Target::Time(moment))) => format!("{} {}", date(moment), shown(moment)),
            other => format!("{other:?}"),
        };
        for (form, text, expected) in [
            (TimeForm::Utc, "19:03:12.5", "14 August 2005 19:03:12.500"),
            (TimeForm::Utc, "19:04", "14 August 2005 19:04:00.000"),
            (TimeForm::Utc, "19:03:12 UTC", "14 August 2005 19:03:12.000"),
            (TimeForm::Utc, "00:00:01", "15 August 2005 00:00:01.000"),
            (TimeForm::Utc, "2005-08-16 01:02:03", "16 August 2005 01:02:03.000"),
            (TimeForm::Local, "21:03:12", "14 August 2005 19:03:12.000"),
            (TimeForm::Start, "+1:04.5", "14 August 2005 19:04:14.850"),
            (TimeForm::Start, "1:04.5", "14 August 2005 19:04:14.850"),
            (TimeForm::Row, "+0.75", "14 August 2005 19:03:11.100"),
        ] {
            assert_eq!(at(form, text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_place_is_told_in_a_sentence() {
        for (text, word) in [
            ("", "number"),
            ("#x", "#57"),
            ("0xzz", "hexadecimal"),
            ("soon", "“soon”"),
            ("25:00:00", "“25:00:00”"),
            ("12:60:00", "no place"),
            ("2005-13-01 00:00", "no place"),
            ("-3", "no place"),
            ("99999999999", "no place"),
            ("1.5", "no place"),
        ] {
            let sentence = go(text).unwrap_err();
            assert!(sentence.contains(word) && sentence.ends_with('.'), "{text}: {sentence}");
        }
    }
}
