//! The hex view: rows of bytes, cut into runs that belong to one field each.

use crate::protocol::FieldItem;

/// Bytes that belong to one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The deepest item that covers them.
    pub item: Option<usize>,
}

/// The runs of a source of `length` bytes, in order, without gaps.
#[must_use]
pub fn runs(items: &[FieldItem], source: u16, length: u32) -> Vec<Run> {
    let mut out = Vec::new();
    let mut open: Vec<(u32, usize)> = Vec::new();
    let mut cursor = 0;
    let mut emit = |cursor: &mut u32, end: u32, item: Option<usize>| {
        let end = end.min(length);
        if *cursor < end {
            out.push(Run { start: *cursor, end, item });
            *cursor = end;
        }
    };
    let own = items.iter().enumerate().filter(|(_, item)| item.range.source == source);
    for (index, item) in own.filter(|(_, item)| !item.generated && !item.range.is_empty()) {
        while let Some((end, covering)) = open.last().copied().filter(|(end, _)| *end <= item.range.start) {
            emit(&mut cursor, end, Some(covering));
            open.pop();
        }
        emit(&mut cursor, item.range.start, open.last().map(|(_, covering)| *covering));
        open.push((item.range.end, index));
    }
    while let Some((end, covering)) = open.pop() {
        emit(&mut cursor, end, Some(covering));
    }
    emit(&mut cursor, length, None);
    out
}

/// The runs, cut also where some bytes begin and end.
#[must_use]
pub fn cut(runs: Vec<Run>, start: u32, end: u32) -> Vec<Run> {
    let at = |runs: Vec<Run>, at: u32| -> Vec<Run> {
        let halves = |run: Run| match run.start < at && at < run.end {
            true => vec![Run { end: at, ..run }, Run { start: at, ..run }],
            false => vec![run],
        };
        runs.into_iter().flat_map(halves).collect()
    };
    at(at(runs, start), end)
}

/// The runs of one row, cut at its ends.
#[must_use]
pub fn row(runs: &[Run], start: u32, end: u32) -> Vec<Run> {
    let first = runs.partition_point(|run| run.end <= start);
    let touching = runs.iter().skip(first).take_while(|run| run.start < end);
    touching.map(|run| Run { start: run.start.max(start), end: run.end.min(end), item: run.item }).collect()
}

/// One character per byte: what ASCII shows, else a middle dot.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| if matches!(byte, 0x20..=0x7e) { char::from(*byte) } else { '·' }).collect()
}

/// The digits and the characters of bytes of which some are missing: two dots and a blank for each of those.
#[must_use]
pub fn with_holes(bytes: &[u8], is_missing: impl Fn(usize) -> bool) -> (String, String) {
    let one = |(at, byte): (usize, &u8)| match is_missing(at) {
        true => ("··".to_owned(), " ".to_owned()),
        false => (digits(&[*byte]), text(&[*byte])),
    };
    let (digits, text): (Vec<_>, Vec<_>) = bytes.iter().enumerate().map(one).unzip();
    (digits.join(" "), text.concat())
}

/// Two lower-case digits per byte, separated by blanks.
#[must_use]
pub fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::tree::tests::message;
    use super::*;
    use crate::scene::tree::innermost;

    #[test]
    fn runs_tile_the_source_and_name_the_deepest_item() {
        let items = message();
        let runs = runs(&items, 0, 33);
        let mut cursor = 0;
        for run in &runs {
            assert_eq!(run.start, cursor);
            cursor = run.end;
            for offset in run.start..run.end {
                assert_eq!(run.item, innermost(&items, 0, offset), "byte {offset}");
            }
        }
        assert_eq!(cursor, 33);
    }

    #[test]
    fn row_is_cut_at_its_ends() {
        let items = message();
        let runs = runs(&items, 0, 33);
        let spans = |start, end| row(&runs, start, end).iter().map(|r| (r.start, r.end)).collect::<Vec<_>>();
        assert_eq!(spans(0, 16), [(0, 3), (3, 4), (4, 5), (5, 6), (6, 7), (7, 9), (9, 16)]);
        assert_eq!(spans(16, 32), [(16, 20), (20, 22), (22, 30), (30, 32)]);
        assert_eq!(spans(48, 64), []);
    }

    #[test]
    fn bytes_are_written_as_digits_and_as_text() {
        assert_eq!(digits(b"A\x00\xff"), "41 00 ff");
        assert_eq!(text(b"A <\x00\xff"), "A <··");
        let (digits, text) = with_holes(b"A\x00\x00B", |at| at == 2);
        assert_eq!((digits.as_str(), text.as_str()), ("41 00 ·· 42", "A· B"));
    }
}
