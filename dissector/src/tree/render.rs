//! The text form of a tree: bytes at the left, fields at the right. Used by the CLI and by the golden files.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{Base, Catalogue, Dissected, Item, Kind, Value};

/// Bytes shown per item; a longer one ends in "…".
const BYTES_SHOWN: usize = 8;
/// Characters of a value shown.
const VALUE_SHOWN: usize = 100;
/// Characters of a meaning, a remark or an expert's sentence shown.
const TEXT_SHOWN: usize = 400;

/// An item's value as Wireshark shows it: numbers in the field's base, bytes as lower-case hexadecimal.
#[must_use]
pub fn value_text(item: &Item) -> Cow<'_, str> {
    Cow::Owned(match &item.value {
        Value::None => return Cow::Borrowed(""),
        Value::Text(text) => return Cow::Borrowed(text),
        Value::Bytes(bytes) => hex(bytes),
        Value::Nanos(nanos) => seconds(*nanos),
        Value::Uint(number) => match item.field.field().kind {
            Kind::Uint32(Base::Hex) => format!("0x{number:08x}"),
            Kind::Uint64(Base::Hex) => format!("0x{number:016x}"),
            _ => number.to_string(),
        },
    })
}

/// Seconds with nine digits after the point, as Wireshark writes them.
fn seconds(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    format!("{sign}{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000)
}

/// Renders a tree, one item a line: offset, first bytes, indented title, value, meaning; experts last.
#[must_use]
pub fn render(dissected: &Dissected, bytes: &[u8], catalogue: &Catalogue) -> String {
    let mut out = String::new();
    for item in &dissected.items {
        let source = match usize::from(item.span.source) {
            0 => bytes,
            n => dissected.sources.get(n - 1).map_or(&[][..], |s| &s.bytes),
        };
        let range = item.span.start as usize..item.span.end as usize;
        let covered = source.get(range).unwrap_or_default();
        let mut shown = covered.iter().take(BYTES_SHOWN).map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(" ");
        if covered.len() > BYTES_SHOWN {
            shown.push('…');
        }
        let mark = if item.span.source == 0 { ' ' } else { '+' };
        let title = catalogue.phrase(item.field.name(), item.field.field().title);
        let _ = write!(
            out,
            "{mark}{:04x} {shown:<25}{:indent$}{title}",
            item.span.start,
            "",
            indent = usize::from(item.depth) * 2
        );
        let value = value_text(item);
        if !value.is_empty() {
            let _ = write!(out, ": {}", visible(&value, VALUE_SHOWN));
        }
        if let Some(label) = &item.label {
            let _ = write!(out, " ({})", visible(&catalogue.render(label), TEXT_SHOWN));
        }
        if let Some(remark) = &item.remark {
            let _ = write!(out, " — {}", visible(&catalogue.render(remark), TEXT_SHOWN));
        }
        if item.generated {
            out.push_str(" [generated]");
        }
        out.push('\n');
    }
    for expert in &dissected.experts {
        let decl = expert.id.decl();
        let _ = writeln!(
            out,
            "! {:?} {:?} {:04x}..{:04x} {}",
            decl.severity,
            decl.group,
            expert.span.start,
            expert.span.end,
            visible(&catalogue.render(&expert.text), TEXT_SHOWN)
        );
    }
    out
}

/// A text on one line: control characters, of which the wire may hold any, stand as escapes.
fn visible(value: &str, most: usize) -> String {
    let mut out = String::new();
    for (count, character) in value.chars().enumerate() {
        if count == most {
            out.push('…');
            break;
        }
        match character {
            '\r' => out.push_str("\\r"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// Bytes as lower-case hexadecimal, without blanks.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().saturating_mul(2));
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    out.extend(digits.filter_map(|digit| char::from_digit(digit.into(), 16)));
    out
}
