//! Every framing vector.

use msnp_dissector::msnp::{Direction, Framer, PduKind, framing};

use crate::documents::reference;

/// What a framer tells: each PDU's first word and payload length, and the bytes it still holds.
fn framed(bytes: &[u8], direction: Direction) -> (Vec<String>, Vec<usize>, usize) {
    let (mut verbs, mut payloads, mut told) = (Vec::new(), Vec::new(), 0);
    let mut framer = Framer::new(direction, framing::Sync::Kept);
    framer.push(bytes, (), &mut |framed| {
        assert_eq!(framed.pdu.kind, PduKind::Command);
        verbs.push(String::from_utf8_lossy(framed.pdu.words().next().unwrap_or_default()).into_owned());
        payloads.push(framed.pdu.payload().len());
        told += framed.pdu.bytes.len();
    });
    let mut held = 0;
    framer.finish(&mut |framed| held += framed.pdu.bytes.len());
    (verbs, payloads, held)
}

#[test]
fn every_framing_vector_is_framed_as_the_reference_says() {
    let Some(file) = reference("framing-vectors.csv") else { return };
    let rows = comma_separated(&file);
    let mut faults = Vec::new();
    for row in &rows[1..] {
        let [id, _, direction, bytes, verbs, payloads, leftover, note] = row.as_slice() else {
            panic!("a row of {} columns: {row:?}", row.len());
        };
        let direction = if direction == "C>S" { Direction::ToServer } else { Direction::ToClient };
        let (got_verbs, got_payloads, got_left) = framed(&unescaped(bytes), direction);
        let got_payloads = got_payloads.iter().map(usize::to_string).collect::<Vec<_>>();
        let got = (got_verbs.join(" "), got_payloads.join(" "), got_left.to_string());
        if got != (verbs.clone(), payloads.clone(), leftover.clone()) {
            faults.push(format!("{id} ({note}): expected {verbs} / {payloads} / {leftover}, got {got:?}"));
        }
    }
    assert!(rows.len() > 50, "only {} rows", rows.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// RFC 4180: quoted fields may hold commas, doubled quotes and line ends.
fn comma_separated(file: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = file.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows
}

/// `\r`, `\n`, `\\` and `\xNN`; everything else stands for itself.
fn unescaped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.extend_from_slice(before.as_bytes());
        let used = match after.as_bytes() {
            [b'r', ..] => (b'\r', 1),
            [b'n', ..] => (b'\n', 1),
            [b'\\', ..] => (b'\\', 1),
            [b'x', ..] => (u8::from_str_radix(&after[1..3], 16).unwrap(), 3),
            _ => panic!("unknown escape: \\{after}"),
        };
        out.push(used.0);
        rest = &after[used.1..];
    }
    out.extend_from_slice(rest.as_bytes());
    out
}
