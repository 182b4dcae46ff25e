//! Filters over all sample captures: every field shown finds its command again, and indexes decide as dissection does.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must fail")]

use std::collections::HashSet;

use msnp_dissector::analysis::{Analysis, Command, Sink};
use msnp_dissector::filter::{Filter, Index, NoIndex, expression_of};
use msnp_dissector::tree::{FieldId, Item, Value};
use msnp_tests::cases;

/// Knows the texts of one command, as somebody who looked at it before.
struct Noted<'t>(u32, &'t [Item]);

impl Index for Noted<'_> {
    fn values(&self, pdu: u32, field: FieldId, each: &mut dyn FnMut(&str)) -> bool {
        assert_eq!(pdu, self.0);
        for item in self.1.iter().filter(|item| item.field == field) {
            if let Value::Text(text) = &item.value {
                each(text);
            }
        }
        matches!(field.field().kind, msnp_dissector::tree::Kind::Text)
    }
}

#[derive(Default)]
struct Seen {
    asked: HashSet<String>,
    found: u32,
    words: u32,
}

impl Sink for Seen {
    fn command(&mut self, command: &Command<'_>) {
        let items = command.dissect().tree.items;
        for item in &items {
            let expression = expression_of(item);
            let filter = Filter::parse(&expression).unwrap_or_else(|fault| panic!("{expression}: {fault:?}"));
            assert!(filter.matches(command, &NoIndex), "{expression} does not find command {}", command.number);
            assert!(filter.matches(command, &Noted(command.number, &items)), "{expression} by what was noted");
            self.found += 1;
            self.asked.insert(expression);
        }
        for item in items.iter().filter(|item| !item.generated) {
            if let Value::Text(text) = &item.value
                && let Some(word) = text.split_whitespace().find(|word| word.chars().all(char::is_alphanumeric))
            {
                let filter = Filter::parse(&format!("\"{}\"", word.to_uppercase())).unwrap();
                assert!(filter.matches(command, &NoIndex), "“{word}” is not found in command {}", command.number);
                self.words += 1;
            }
        }
    }
}

#[test]
fn every_field_used_as_filter_finds_its_command() {
    let mut seen = Seen::default();
    for case in cases::all().unwrap() {
        let capture = std::fs::read_dir(&case).unwrap().map(|entry| entry.unwrap().path());
        let capture = capture.filter(|path| path.file_stem().is_some_and(|stem| stem.to_string_lossy() == "capture"));
        for path in capture {
            let mut analysis = Analysis::new();
            if analysis.push(&std::fs::read(path).unwrap(), &mut seen).is_ok() {
                let _ = analysis.finish(&mut seen);
            }
        }
    }
    assert!(
        seen.found > 5000 && seen.asked.len() > 2000 && seen.words > 1000,
        "{} {} {}",
        seen.found,
        seen.asked.len(),
        seen.words
    );
}

/// Commands of one capture, by a filter.
struct Sifted<'f> {
    filter: &'f Filter,
    lines: Vec<String>,
}

impl Sink for Sifted<'_> {
    fn command(&mut self, command: &Command<'_>) {
        if self.filter.matches(command, &NoIndex) {
            self.lines.push(String::from_utf8_lossy(command.pdu.line_text()).into_owned());
        }
    }
}

fn sifted(case: &str, expression: &str) -> Vec<String> {
    let capture = cases::folder().join(case).join(cases::named(case).unwrap().scenario.file_name());
    let filter = Filter::parse(expression).unwrap();
    let mut sifted = Sifted { filter: &filter, lines: Vec::new() };
    let mut analysis = Analysis::new();
    analysis.push(&std::fs::read(capture).unwrap(), &mut sifted).unwrap();
    let _ = analysis.finish(&mut sifted);
    sifted.lines
}

/// What a room's connection says once holds for all that is said in it; and nobody wrote it.
#[test]
fn a_chat_is_found_by_its_session_and_by_who_writes() {
    let room = sifted("msnp8-signin-chat", r#"msnp.sb.session == "11752013""#);
    assert!(room.first().unwrap().starts_with("CAL 2 RINGING 11752013"), "{room:?}");
    let messages = room.iter().filter(|line| line.starts_with("MSG ")).count();
    let all = sifted("msnp8-signin-chat", r#"msnp.verb == "MSG" and msnp.msg.sender != "Hotmail""#).len();
    assert!(messages > 20 && messages == all, "{messages} of {all}");
    let own = sifted("msnp8-signin-chat", r#"msnp.msg.sender == "alice@example.com""#);
    assert!(own.len() > 5 && own.iter().all(|line| line.starts_with("MSG ") && !line.contains('@')), "{own:?}");
    assert!(sifted("msnp8-signin-chat", "\"11752013\"").len() < 4);
}
