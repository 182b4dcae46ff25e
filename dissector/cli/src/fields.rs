//! `msnp fields`: the field reference, whole or of what occurs in a capture.

use std::fmt::Write as _;

use msnp_dissector::report::{FieldRecord, Occurrences};

use crate::input::{self, Fallible, Input, Trouble};
use crate::output::Output;
use crate::{Format, Outcome};

/// Prints the fields that occur in a capture, or all.
pub fn run(source: Option<&Input>, format: Format) -> Result<Outcome, Trouble> {
    let Some(source) = source else {
        print(FieldRecord::all(), format)?;
        return Ok(Outcome::Found);
    };
    let mut seen = Occurrences::default();
    let (outcome, _) = input::read(source, &mut seen)?;
    print(seen.records(), format)?;
    Ok(outcome)
}

impl Fallible for Occurrences {}

fn print(records: impl Iterator<Item = FieldRecord>, format: Format) -> Result<(), Trouble> {
    let mut output = Output::new();
    for record in records {
        match format {
            Format::Json => output.json(&record),
            Format::Text => output.text(text(&record).as_bytes()),
        }
    }
    Ok(output.finish()?)
}

fn text(record: &FieldRecord) -> String {
    let mut out = format!("{} — {} ({})\n    {}\n", record.field, record.title, record.kind, record.explanation);
    if let Some(count) = record.count {
        let examples = record.examples.iter().map(|e| format!("{e:?}")).collect::<Vec<_>>().join(", ");
        let _ = writeln!(out, "    {count} times{}{examples}", if examples.is_empty() { "" } else { ", such as " });
    }
    out
}
