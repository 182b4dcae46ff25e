//! A field as a filter: what to write to find all commands with the same value.

use std::fmt::Write as _;

use crate::tree::{Item, Value, hex};

/// Bytes of a value that stand in an expression at most: a longer one is looked for by its beginning.
const BYTES_CEILING: usize = 64;

/// The expression that finds every command in which this field has this value.
#[must_use]
pub fn expression_of(item: &Item) -> String {
    let name = item.field.name();
    match &item.value {
        Value::None => name.to_owned(),
        Value::Uint(number) => format!("{name} == {number}"),
        Value::Nanos(nanos) => {
            let sign = if *nanos < 0 { "-" } else { "" };
            let nanos = nanos.unsigned_abs();
            format!("{name} == {sign}{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000)
        }
        Value::Text(text) => format!("{name} == {}", quoted(text)),
        Value::Bytes(bytes) => match bytes.get(..BYTES_CEILING) {
            Some(beginning) if bytes.len() > BYTES_CEILING => format!("{name} contains {}", separated(beginning)),
            _ if bytes.is_empty() => format!("{name} == \"\""),
            _ => format!("{name} == {}", separated(bytes)),
        },
    }
}

/// `4d:53:47`
fn separated(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| hex(&[*byte])).collect::<Vec<_>>().join(":")
}

/// A text in quotation marks, as expressions have it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_ascii_control() => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
