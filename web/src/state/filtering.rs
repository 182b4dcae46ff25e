//! The filter: what is being written, what is in force, how far it has come.

use std::rc::Rc;

use crate::protocol::filter::{Reading, Sifted};

/// The filter as the page knows it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filtering {
    /// What stands in the field.
    pub text: String,
    /// Where the cursor stands in it, in bytes.
    pub cursor: u32,
    /// Number of that text: higher with each change.
    pub id: u32,
    /// What the worker thinks of it, once it has answered.
    pub reading: Option<Rc<Reading>>,
    /// The filter in force, by its number; 0 for none.
    pub applied: u32,
    /// Its text.
    pub applied_text: String,
    /// How far it has come.
    pub sifted: Sifted,
}

impl Filtering {
    /// Whether every command was asked, and none passed.
    #[must_use]
    pub fn leaves_nothing(&self) -> bool {
        self.applied != 0 && self.sifted.id == self.applied && self.sifted.complete() && self.sifted.found == 0
    }

    /// Something else is written.
    pub fn write(&mut self, text: String, cursor: u32) {
        self.id = self.id.wrapping_add(1);
        self.text = text;
        self.cursor = cursor;
    }

    /// The same text for another capture: nothing is known of it there.
    #[must_use]
    pub fn asked_again(&self) -> Self {
        Self { text: self.text.clone(), cursor: self.cursor, id: self.id.wrapping_add(1), ..Self::default() }
    }

    /// The worker's opinion; true when another filter is in force by it.
    pub fn hear(&mut self, reading: Rc<Reading>) -> bool {
        if reading.id != self.id {
            return false;
        }
        let readable = reading.fault.is_none();
        self.reading = Some(reading);
        if !readable || self.text.trim() == self.applied_text {
            return false;
        }
        self.text.trim().clone_into(&mut self.applied_text);
        self.applied = if self.applied_text.is_empty() { 0 } else { self.id };
        self.sifted = Sifted::default();
        true
    }

    /// Whether one of the conditions that are joined by “and” is this one.
    #[must_use]
    pub fn has(&self, condition: &str) -> bool {
        self.conditions().any(|one| one == condition)
    }

    /// The text with a condition more, or without it.
    #[must_use]
    pub fn toggled(&self, condition: &str) -> String {
        if self.has(condition) {
            return self.conditions().filter(|one| *one != condition).collect::<Vec<_>>().join(AND);
        }
        joined(self.text.trim(), condition)
    }

    /// The text with this range of time (seconds since 1970) instead of any other, or without one.
    #[must_use]
    pub fn within(&self, range: Option<(f64, f64)>) -> String {
        let others = self.conditions().filter(|one| !one.starts_with(TIME)).collect::<Vec<_>>().join(AND);
        let Some((from, to)) = range else { return others };
        joined(&others, &format!("{TIME} >= {from:.3}{AND}{TIME} < {to:.3}"))
    }

    /// Whether a range of time is part of it.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        self.conditions().any(|one| one.starts_with(TIME))
    }

    fn conditions(&self) -> impl Iterator<Item = &str> {
        self.text.split(AND).map(str::trim).filter(|one| !one.is_empty())
    }
}

/// A text and a condition more; what is joined by “or” is put in brackets before, unless it is.
fn joined(text: &str, condition: &str) -> String {
    match text {
        "" => condition.to_owned(),
        text if text.split(AND).all(|one| !offers(one) || is_closed(one.trim())) => format!("{text}{AND}{condition}"),
        text => format!("({text}){AND}{condition}"),
    }
}

/// Whether it is one thing or another.
fn offers(text: &str) -> bool {
    ["||", "^^"].iter().any(|sign| text.contains(sign))
        || text.split_whitespace().any(|word| matches!(word, "or" | "xor"))
}

/// Whether one pair of brackets holds all of it.
fn is_closed(text: &str) -> bool {
    let mut depth = 0_usize;
    let closes = |letter: char| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    };
    text.starts_with('(') && text.chars().position(closes) == Some(text.chars().count() - 1)
}

/// The field that a range of time is about.
const TIME: &str = "frame.time_epoch";

/// What stands between conditions that must all hold.
const AND: &str = " && ";

/// A wish that many have, and its expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chip {
    /// What is written on it.
    pub title: &'static str,
    /// Its expression.
    pub expression: &'static str,
}

const fn chip(title: &'static str, expression: &'static str) -> Chip {
    Chip { title, expression }
}

/// The wishes that are offered.
pub const CHIPS: &[Chip] = &[
    chip("Texts", "msnp.text"),
    chip("Sign-in", r#"msnp.verb in {"VER", "INF", "CVR", "USR", "XFR", "OUT", "SYN"}"#),
    chip("Presence", r#"msnp.verb in {"CHG", "ILN", "NLN", "FLN", "UBX", "UUX"}"#),
    chip("Contacts", r#"msnp.verb in {"LST", "LSG", "ADD", "ADC", "ADL", "REM", "RML", "ADG", "REG", "RMG"}"#),
    chip("Rooms", r#"msnp.verb in {"CAL", "RNG", "ANS", "IRO", "JOI", "BYE"}"#),
    chip("P2P", "msnp.p2p"),
    chip("Errors", "msnp.error"),
    chip("Odd", "_ws.expert.severity >= Warning"),
    chip("No pings", r#"msnp.verb not in {"PNG", "QNG"}"#),
    chip("No typing", "!msnp.typing.account"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Filtering {
        Filtering { text: text.to_owned(), ..Filtering::default() }
    }

    #[test]
    fn a_range_of_time_replaces_the_one_before() {
        let timed = written("msnp.text").within(Some((10.0, 12.5)));
        assert_eq!(timed, "msnp.text && frame.time_epoch >= 10.000 && frame.time_epoch < 12.500");
        assert!(written(&timed).is_timed());
        let other = written(&timed).within(Some((1.0, 2.0)));
        assert_eq!(other, "msnp.text && frame.time_epoch >= 1.000 && frame.time_epoch < 2.000");
        assert_eq!(written(&other).within(None), "msnp.text");
        assert_eq!(written("").within(None), "");
        let either = written("a or b").within(Some((1.0, 2.0)));
        assert!(either.starts_with("(a or b) && frame.time_epoch >= 1.000"), "{either}");
        assert_eq!(written(&either).within(Some((1.0, 2.0))), either, "brackets do not grow");
    }

    #[test]
    fn every_chip_is_an_expression() {
        for chip in CHIPS {
            let read = msnp_dissector::filter::Filter::parse(chip.expression);
            assert!(read.is_ok(), "{}: {read:?}", chip.title);
        }
    }

    #[test]
    fn chips_are_added_and_taken_away() {
        assert_eq!(written("").toggled("msnp.text"), "msnp.text");
        assert_eq!(written("alice").toggled("msnp.text"), "alice && msnp.text");
        assert_eq!(written("alice or bob").toggled("msnp.text"), "(alice or bob) && msnp.text");
        assert_eq!(written("(alice) or (bob)").toggled("msnp.text"), "((alice) or (bob)) && msnp.text");
        assert_eq!(written("(alice or bob) && x").toggled("msnp.text"), "(alice or bob) && x && msnp.text");
        assert_eq!(written("a or b && c").toggled("d"), "(a or b && c) && d");
        assert_eq!(written("alice && msnp.text && bob").toggled("msnp.text"), "alice && bob");
        assert_eq!(written("msnp.text").toggled("msnp.text"), "");
        assert!(written("a && msnp.text").has("msnp.text") && !written("msnp.textual").has("msnp.text"));
    }

    #[test]
    fn a_text_that_cannot_be_read_leaves_the_last_one_in_force() {
        let mut filtering = Filtering::default();
        filtering.write("alice".into(), 5);
        assert!(filtering.hear(Rc::new(Reading { id: 1, ..Reading::default() })));
        assert_eq!((filtering.applied, filtering.applied_text.as_str()), (1, "alice"));
        filtering.write("alice &".into(), 7);
        let fault = crate::protocol::filter::Fault { start: 6, end: 7, sentence: "…".into() };
        assert!(!filtering.hear(Rc::new(Reading { id: 2, fault: Some(fault), ..Reading::default() })));
        assert_eq!((filtering.applied, filtering.applied_text.as_str()), (1, "alice"));
        filtering.write("alice ".into(), 6);
        assert!(!filtering.hear(Rc::new(Reading { id: 3, ..Reading::default() })), "the same filter again");
        filtering.write(String::new(), 0);
        assert!(!filtering.hear(Rc::new(Reading { id: 3, ..Reading::default() })), "an old answer");
        assert!(filtering.hear(Rc::new(Reading { id: 4, ..Reading::default() })));
        assert_eq!(filtering.applied, 0);
    }
}
