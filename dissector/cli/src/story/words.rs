//! Names, texts and times as a terminal can show them.

use msnp_dissector::analysis::{SHARED, UDP};
use msnp_dissector::capture::Timestamp;

/// Characters of a name shown.
const NAME_SHOWN: usize = 60;
/// Characters of a sentence shown.
const SENTENCE_SHOWN: usize = 200;

/// A name on one line: no control characters, not endless.
pub fn name(name: &str) -> String {
    let mut shown: String = name.chars().take(NAME_SHOWN).map(visible).collect();
    if name.chars().count() > NAME_SHOWN {
        shown.push('…');
    }
    shown
}

/// The lines of a text, each without control characters.
pub fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(|line| line.chars().map(visible).collect())
}

/// A sentence on one line, not endless.
pub fn sentence(text: &str) -> String {
    let whole = lines(text).collect::<Vec<_>>().join(" ");
    let mut shown: String = whole.chars().take(SENTENCE_SHOWN).collect();
    if shown.len() < whole.len() {
        shown.push('…');
    }
    shown
}

/// What a terminal must not obey: control characters, and those that turn the direction of writing.
fn visible(character: char) -> char {
    match character {
        '\t' => ' ',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        other => other,
    }
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

/// A connection by its number; one that shares its TCP connection with others, in the gateway’s, as `#g1` and so on, and
/// what goes over UDP as `#u1`.
pub fn connection(stream: u32) -> String {
    let from = |first: u32| stream.checked_sub(first).map(|number| u64::from(number) + 1);
    match (from(UDP), from(SHARED)) {
        (Some(flow), _) => format!("#u{flow}"),
        (None, Some(shared)) => format!("#g{shared}"),
        (None, None) => format!("#{stream}"),
    }
}

/// Connections by number.
pub fn streams(streams: &[u32]) -> String {
    streams.iter().map(|stream| connection(*stream)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_not_commanded() {
        assert_eq!(name("\u{1b}[31mred\r\u{202e}"), "␛[31mred␍\u{fffd}");
        assert_eq!(lines("one\r\ntwo\u{7}").collect::<Vec<_>>(), ["one", "two␇"]);
        assert_eq!(name(&"x".repeat(100)).chars().count(), NAME_SHOWN + 1);
    }

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
