//! Names, texts and times as a terminal can show them.

use msnp_dissector::capture::Timestamp;
pub use msnp_dissector::report::transcript::{connection, lines, name};

/// Characters of a sentence shown.
const SENTENCE_SHOWN: usize = 200;

/// A sentence on one line, not endless.
pub fn sentence(text: &str) -> String {
    let whole = lines(text).collect::<Vec<_>>().join(" ");
    let mut shown: String = whole.chars().take(SENTENCE_SHOWN).collect();
    if shown.len() < whole.len() {
        shown.push('…');
    }
    shown
}

/// Date and time of day, to the millisecond, in UTC.
pub fn moment(time: Timestamp) -> String {
    if time.recorded().is_none() { clock(time) } else { format!("{} {}", date(time), clock(time)) }
}

/// The same, with a word that it is UTC.
pub fn moment_utc(time: Timestamp) -> String {
    if time.recorded().is_none() { clock(time) } else { format!("{} UTC", moment(time)) }
}

/// The date, in UTC.
pub fn date(time: Timestamp) -> String {
    time.rfc3339().split_once('T').map(|(date, _)| date.to_owned()).unwrap_or_default()
}

/// Time of day, to the millisecond, in UTC; a word where the capture records none.
pub fn clock(time: Timestamp) -> String {
    if time.recorded().is_none() {
        return "no time".to_owned();
    }
    let whole = Timestamp { digits: time.digits.min(3), ..time }.rfc3339();
    whole.split_once('T').map(|(_, clock)| clock.trim_end_matches('Z').to_owned()).unwrap_or_default()
}

/// Several words in a row.
pub fn list<'a>(words: impl IntoIterator<Item = &'a String>) -> String {
    words.into_iter().map(|word| name(word)).collect::<Vec<_>>().join(", ")
}

/// A number of things, in words that fit the number.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Connections by number.
pub fn streams(streams: &[u32]) -> String {
    streams.iter().map(|stream| connection(*stream)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use msnp_dissector::analysis::{SHARED, UDP};

    use super::*;

    #[test]
    fn one_is_not_many() {
        let pieces = [0, 1, 2].map(|number| counted(number, "piece", "pieces"));
        assert_eq!(pieces, ["0 pieces", "1 piece", "2 pieces"]);
    }

    #[test]
    fn connections_have_short_names() {
        assert_eq!(streams(&[0, 12, SHARED, SHARED + 1, UDP]), "#0 #12 #g1 #g2 #u1");
    }

    #[test]
    fn times_are_as_fine_as_people_read() {
        let time = Timestamp::new(1_115_371_077, 389_967_000, 6);
        assert_eq!(moment(time), "2005-05-06 09:17:57.389");
        assert_eq!(clock(Timestamp::new(0, 0, 0)), "00:00:00");
    }
}
