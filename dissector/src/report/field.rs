//! The field reference as records: of all fields, or of those that occur in a capture.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::analysis::{Command, Sink};
use crate::tree::{Base, Field, Kind, Names, Privacy, TextId, Value, value_text};

/// Different values kept as examples.
const EXAMPLES: usize = 3;
/// Characters of an example.
const EXAMPLE_SHOWN: usize = 60;

/// One line of `msnp fields --json`.
#[derive(Debug, Serialize)]
pub struct FieldRecord {
    /// Filter name.
    pub field: &'static str,
    /// Short title.
    pub title: &'static str,
    /// `group`, `text`, `number`, `hexadecimal number`, `bytes`, `packet number` or `seconds`.
    pub kind: &'static str,
    /// What its values tell about people.
    pub privacy: Privacy,
    /// What it means, on one line.
    pub explanation: String,
    /// What its values are called, where they have names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<NamedValue>,
    /// How often it occurs in the capture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Different values in the capture, the first ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
}

/// A value that has a name.
#[derive(Debug, Serialize)]
pub struct NamedValue {
    /// The value.
    pub number: u32,
    /// What it is called.
    pub name: &'static str,
}

impl FieldRecord {
    /// The whole field reference.
    pub fn all() -> impl Iterator<Item = Self> {
        crate::fields().map(|field| Self::new(field, None))
    }

    fn new(field: &'static Field, occurrence: Option<&Occurrence>) -> Self {
        Self {
            field: field.name,
            title: field.title,
            kind: kind(field.kind),
            privacy: field.privacy,
            explanation: field.explanation_line(),
            values: field.names.into_iter().flat_map(Names::iter).map(NamedValue::from).collect(),
            count: occurrence.map(|occurrence| occurrence.count),
            examples: occurrence.map(|occurrence| occurrence.examples.clone()).unwrap_or_default(),
        }
    }
}

impl From<(u32, TextId)> for NamedValue {
    fn from((number, name): (u32, TextId)) -> Self {
        Self { number, name: name.decl().english }
    }
}

/// Which fields occur, as the commands come.
#[derive(Debug, Default)]
pub struct Occurrences {
    /// By number of the field.
    seen: BTreeMap<u16, Occurrence>,
}

#[derive(Debug, Default)]
struct Occurrence {
    count: u64,
    examples: Vec<String>,
}

impl Occurrences {
    /// The fields that occur, in the order of the field table.
    pub fn records(&self) -> impl Iterator<Item = FieldRecord> {
        crate::fields().filter_map(|field| {
            let occurrence = self.seen.get(&field.number)?;
            Some(FieldRecord::new(field, Some(occurrence)))
        })
    }
}

impl Sink for Occurrences {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_listed_where_they_have_names() {
        let values = |name: &str| FieldRecord::all().find(|field| field.field == name).expect("a field").values;
        let named = values("msnp.error").into_iter().map(|value| (value.number, value.name)).collect::<Vec<_>>();
        assert!(named.contains(&(217, "the person is not online, or accepts no messages")), "{named:?}");
        assert!(values("msnp.trid").is_empty() && values("msnp.verb").is_empty());
    }
}
