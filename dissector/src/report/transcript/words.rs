//! Names and texts as they can be shown anywhere: nothing in them commands whoever shows them.

use crate::analysis::{SHARED, UDP};

/// Characters of a name shown.
const NAME_SHOWN: usize = 60;

/// A name on one line: no control characters, not endless.
#[must_use]
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

/// A connection by its number; one that shares its TCP connection with others, in the gateway’s, as `#g1` and so on, and
/// what goes over UDP as `#u1`.
#[must_use]
pub fn connection(stream: u32) -> String {
    let from = |first: u32| stream.checked_sub(first).map(|number| u64::from(number) + 1);
    match (from(UDP), from(SHARED)) {
        (Some(flow), _) => format!("#u{flow}"),
        (None, Some(shared)) => format!("#g{shared}"),
        (None, None) => format!("#{stream}"),
    }
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
    fn connections_have_short_names() {
        assert_eq!([0, 12, SHARED, SHARED + 1, UDP].map(connection), ["#0", "#12", "#g1", "#g2", "#u1"]);
    }
}
