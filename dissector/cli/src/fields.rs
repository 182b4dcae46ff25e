//! `msnp fields`: the field reference, whole or of what occurs in a capture.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use msnp_dissector::analysis::{Command, Sink};
use msnp_dissector::tree::{Base, Field, Kind, Privacy, Value, value_text};
use serde::Serialize;

use crate::input::{self, Fallible, Input, Trouble};
use crate::output::Output;
use crate::{Format, Outcome};

/// Different values kept as examples.
const EXAMPLES: usize = 3;
/// Characters of an example.
const EXAMPLE_SHOWN: usize = 60;

/// One line of `msnp fields --json`.
#[derive(Debug, Serialize)]
struct FieldRecord<'a> {
    field: &'a str,
    title: &'a str,
    kind: &'static str,
    privacy: Privacy,
    explanation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    examples: Vec<String>,
}

/// Prints the fields that occur in a capture, or all.
pub fn run(source: Option<&Input>, format: Format) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::Found;
    let mut seen = None;
    if let Some(source) = source {
        let mut counter = Counter::default();
        (outcome, _) = input::read(source, &mut counter)?;
        seen = Some(counter.seen);
    }
    let mut output = Output::new();
    for field in msnp_dissector::fields() {
        let occurrence = seen.as_ref().map(|seen| seen.get(&field.number));
        let record = match occurrence {
            Some(None) => continue,
            Some(Some(occurrence)) => record(field, Some(occurrence)),
            None => record(field, None),
        };
        match format {
            Format::Json => output.json(&record),
            Format::Text => output.text(text(&record).as_bytes()),
        }
    }
    output.finish()?;
    Ok(outcome)
}

#[derive(Debug, Default)]
struct Occurrence {
    count: u64,
    examples: Vec<String>,
}

#[derive(Debug, Default)]
struct Counter {
    seen: BTreeMap<u16, Occurrence>,
}

impl Sink for Counter {
    fn command(&mut self, command: &Command<'_>) {
        let tree = command.dissect().tree;
        for item in &tree.items {
            let occurrence = self.seen.entry(item.field.field().number).or_default();
            occurrence.count = occurrence.count.saturating_add(1);
            if occurrence.examples.len() < EXAMPLES && item.value != Value::None {
                let example = value_text(item).chars().take(EXAMPLE_SHOWN).collect::<String>();
                if !occurrence.examples.contains(&example) {
                    occurrence.examples.push(example);
                }
            }
        }
    }
}

impl Fallible for Counter {
    fn trouble(&mut self) -> Option<io::Error> {
        None
    }
}

fn record<'a>(field: &'a Field, occurrence: Option<&Occurrence>) -> FieldRecord<'a> {
    FieldRecord {
        field: field.name,
        title: field.title,
        kind: kind(field.kind),
        privacy: field.privacy,
        explanation: field.explanation_line(),
        count: occurrence.map(|o| o.count),
        examples: occurrence.map(|o| o.examples.clone()).unwrap_or_default(),
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Group => "group",
        Kind::Text => "text",
        Kind::Uint32(Base::Dec) | Kind::Uint64(Base::Dec) => "number",
        Kind::Uint32(Base::Hex) | Kind::Uint64(Base::Hex) => "hexadecimal number",
        Kind::Bytes => "bytes",
        Kind::FrameNumber(_) => "packet number",
        Kind::RelativeTime => "seconds",
    }
}

fn text(record: &FieldRecord<'_>) -> String {
    let mut out = format!("{} — {} ({})\n    {}\n", record.field, record.title, record.kind, record.explanation);
    if let Some(count) = record.count {
        let examples = record.examples.iter().map(|e| format!("{e:?}")).collect::<Vec<_>>().join(", ");
        let _ = writeln!(out, "    {count} times{}{examples}", if examples.is_empty() { "" } else { ", such as " });
    }
    out
}
