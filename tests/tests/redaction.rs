//! Redaction leaves every command what it is: the same fields at the same places, whatever it hides.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on must fail")]

use msnp_dissector::msnp::{Context, Dialect, Direction, Pdu, dissect};
use msnp_dissector::redaction::{Key, Redactor};
use msnp_dissector::tree::{Recording, Span};
use std::path::Path;

/// Which fields a command has, and where.
fn shape(bytes: &[u8], context: &Context) -> Vec<(&'static str, Span, u8)> {
    let tree = dissect(&pdu(bytes, context), context, Recording::Everything).tree;
    tree.items.iter().map(|item| (item.field.name(), item.span, item.depth)).collect()
}

fn pdu<'b>(bytes: &'b [u8], context: &Context) -> Pdu<'b> {
    let line = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
    Pdu::command(bytes, line, context.direction)
}

#[test]
fn a_redacted_command_has_the_same_fields_at_the_same_places() {
    let redactor = Redactor::new(Key::of_capture(&[1; 32]));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pdus");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (mut commands, mut hidden, mut faults) = (0, 0, Vec::new());
    for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "msnp")) {
        let tree = std::fs::read_to_string(path.with_extension("tree")).unwrap();
        let circumstances = tree.lines().next().unwrap();
        let to_server = circumstances.contains("from client");
        let dialect = circumstances.split(", ").find_map(|word| word.strip_prefix("MSNP")?.parse().ok()).map(Dialect);
        let direction = if to_server { Direction::ToServer } else { Direction::ToClient };
        let context = Context { direction, dialect, ..Context::default() };
        let bytes = std::fs::read(&path).unwrap();
        let redacted = redactor.redact(&pdu(&bytes, &context), &context).bytes;
        commands += 1;
        hidden += usize::from(redacted != bytes);
        if shape(&bytes, &context) != shape(&redacted, &context) {
            faults.push(format!("{}: {}", path.display(), String::from_utf8_lossy(&redacted)));
        }
    }
    assert!(commands > 200 && hidden > commands / 2, "{hidden} of {commands} hide something");
    assert_eq!(faults, [""; 0]);
}
