//! Lines with a time and a packet, under the day they belong to.

use std::fmt::Write as _;

use msnp_dissector::capture::Timestamp;
use msnp_dissector::model::Evidence;

use super::words::{clock, date};

/// Columns that lines should fit in.
const WIDTH: usize = 100;
/// Columns before the words of a line: time, packet and what is between.
const BEFORE: usize = 25;

/// Writes lines; says the day before the first line of each.
#[derive(Default)]
pub struct Timetable {
    day: String,
}

impl Timetable {
    /// One line and more lines below it, aligned under `subject`’s words:
    ///
    /// `    18:30:06.513     32  bob@example.com  online, “Bob”,`
    pub fn phrases(&mut self, evidence: Evidence, subject: &str, phrases: &[String], out: &mut String) {
        let indent = BEFORE.saturating_add(subject.chars().count()).saturating_add(2);
        let mut line = format!("{subject}  ");
        let mut used = indent;
        let mut begun = false;
        for (index, phrase) in phrases.iter().enumerate() {
            let comma = if index.saturating_add(1) < phrases.len() { "," } else { "" };
            let length = phrase.chars().count().saturating_add(comma.len());
            if begun && used.saturating_add(1).saturating_add(length) > WIDTH {
                let _ = write!(line, "\n{:indent$}", "");
                (used, begun) = (indent, false);
            }
            if begun {
                line.push(' ');
                used = used.saturating_add(1);
            }
            line.push_str(phrase);
            line.push_str(comma);
            used = used.saturating_add(length);
            begun = true;
        }
        self.line(evidence, &line, out);
    }

    /// One line: `    18:30:06.513     32  words`.
    pub fn line(&mut self, evidence: Evidence, words: &str, out: &mut String) {
        let today = date(evidence.time);
        if today != self.day {
            let _ = writeln!(out, "  {today} UTC packet");
            self.day = today;
        }
        let _ = writeln!(out, "    {:<12} {:>6}  {words}", clock(evidence.time), evidence.frame);
    }
}

/// How long from one time to another, in the two largest units.
pub fn lasting(from: Timestamp, to: Timestamp) -> String {
    let millis = u64::try_from(to.nanos_since(from) / 1_000_000).unwrap_or(0);
    let seconds = millis / 1000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) if millis < 10_000 => format!("{}.{} s", seconds, millis / 100 % 10),
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_last_as_long_as_people_say() {
        let lasts = |millis: u64| lasting(Timestamp::new(7, 0, 6), Timestamp::new(7, millis * 1_000_000, 6));
        let cases = [
            (0, "0.0 s"),
            (402, "0.4 s"),
            (9_999, "9.9 s"),
            (59_999, "59 s"),
            (103_000, "1 min 43 s"),
            (7_500_000, "2 h 5 min"),
            (180_000_000, "2 d 2 h"),
        ];
        for (millis, text) in cases {
            assert_eq!(lasts(millis), text);
        }
        assert_eq!(lasting(Timestamp::new(7, 0, 6), Timestamp::new(3, 0, 6)), "0.0 s", "a capture out of order");
    }

    #[test]
    fn the_day_is_said_once() {
        let at = |seconds, frame| Evidence { time: Timestamp::new(seconds, 0, 6), frame, ..Evidence::default() };
        let (mut table, mut out) = (Timetable::default(), String::new());
        for (seconds, frame) in [(0, 1), (86_399, 22), (86_400, 333)] {
            table.line(at(seconds, frame), "x", &mut out);
        }
        let expected = "  1970-01-01 UTC packet
    00:00:00.000      1  x
    23:59:59.000     22  x
  1970-01-02 UTC packet
    00:00:00.000    333  x
";
        assert_eq!(out, expected);
    }
}
