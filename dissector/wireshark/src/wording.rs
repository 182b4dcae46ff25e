//! Wording: what stands behind a value on its line, and texts that fit on one line.
//!
//! Comes in: items and texts of the library. Goes out: texts. Pure: no Wireshark function is called here.

use std::borrow::Cow;

use msnp_dissector::tree::{Catalogue, Item, Value};

/// What is appended to the line of an item: label and remark. A label that Wireshark writes itself, as the name of the
/// value, is not told again.
pub fn note(item: &Item, catalogue: &Catalogue) -> Option<String> {
    let label = item.label.as_ref().filter(|_| !is_named(item));
    let label = label.map(|text| format!(" ({})", catalogue.render(text)));
    let remark = item.remark.as_ref().map(|text| format!(" — {}", catalogue.render(text)));
    match (label, remark) {
        (None, None) => None,
        (label, remark) => Some(label.unwrap_or_default() + &remark.unwrap_or_default()),
    }
}

/// Whether its label is the name of its value.
fn is_named(item: &Item) -> bool {
    let names = item.field.field().names;
    let name = names.and_then(|names| names.of(u32::try_from(number(item)).ok()?));
    name.is_some_and(|name| item.label.as_ref().is_some_and(|label| label.id == name && label.args.is_empty()))
}

/// The number that an item says.
pub fn number(item: &Item) -> u64 {
    match item.value {
        Value::Uint(number) => number,
        _ => 0,
    }
}

/// A text for one line: control characters in the way Wireshark writes them.
pub fn visible(text: &str) -> Cow<'_, str> {
    // Looked for in all bytes, without stopping at the first: so the compiler takes many of them at a time. Those control
    // characters that are not of ASCII are U+0080 to U+009F.
    let bytes = text.as_bytes();
    let plain = bytes.iter().fold(false, |found, byte| found | matches!(byte, 1..b' ' | 0x7f));
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let beyond =
        !text.is_ascii() && pairs.fold(false, |found, (first, second)| found | ((*first == 0xc2) & (*second < 0xa0)));
    if !plain && !beyond {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\r' => out.push_str("\\r"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            control if control.is_control() && control != '\0' => out.extend(control.escape_unicode()),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}
