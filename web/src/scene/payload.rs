//! The lines of a payload that is folded open in its row.

use crate::protocol::Detail;
use crate::state::Extent;

use super::tree::colours;

/// Lines shown before "Show all".
const BEGINNING: usize = 12;
/// Lines shown at most: a list row is no place for more.
const CEILING: usize = 400;

/// Pixels of one line.
pub const LINE: f64 = 22.0;
/// Pixels of edges and margins together.
pub const AROUND: f64 = 24.0;

/// Pixels of a letter of a text, with the room that wrapping leaves empty.
const LETTER: f64 = 8.2;
/// Lines of a text that stand there at most: a longer one is scrolled.
const SAID: usize = 8;
/// Pixels above and below a text together.
const APART: f64 = 6.0;

/// How many letters of a text a line has room for, in so many pixels.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates at both ends
pub fn letters(room: f64, text: f64) -> usize {
    (room / (LETTER * text)).max(8.0) as usize
}

/// How many lines a text has with so many letters in each; nothing for what is no text.
#[must_use]
pub fn said(detail: &Detail, line: &Line, letters: usize) -> Option<usize> {
    let item = detail.items.get(line.item)?;
    let field = detail.fields.get(item.field as usize)?;
    // Letters of China and Japan are twice as wide.
    let wide = |letter: char| if letter < '\u{1100}' { 1 } else { 2 };
    let lines = |line: &str| line.chars().map(wide).sum::<usize>().div_ceil(letters.max(1)).max(1);
    (field.name == "msnp.text").then(|| item.value.lines().map(lines).sum::<usize>().clamp(1, SAID))
}

/// How many pixels an open payload adds to its row where every part is one line.
#[must_use]
#[allow(clippy::cast_precision_loss)] // some hundred lines
pub fn height(detail: &Detail, extent: Extent) -> f64 {
    let (lines, more) = lines(detail, extent);
    (lines.len().max(1) + usize::from(more > 0)) as f64 * LINE + AROUND
}

/// The same where texts are wrapped, with letters of a size: 1 is the usual one.
#[must_use]
#[allow(clippy::cast_precision_loss)] // some hundred lines
pub fn wrapped(detail: &Detail, extent: Extent, text: f64, letters: usize) -> f64 {
    let further = |line: &Line| said(detail, line, letters).map_or(0.0, |lines| (lines - 1) as f64 * LINE + APART);
    let further: f64 = lines(detail, extent).0.iter().map(further).sum();
    (height(detail, extent) - AROUND + further) * text + AROUND
}

/// One line of an open payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Index of the item.
    pub item: usize,
    /// Depth below the payload.
    pub depth: u8,
    /// The field's colour.
    pub colour: Option<u8>,
}

/// The lines, and how many more there are.
#[must_use]
pub fn lines(detail: &Detail, extent: Extent) -> (Vec<Line>, usize) {
    let colours = colours(&detail.items);
    let inside = |index: usize| {
        detail
            .items
            .get(index)
            .is_some_and(|item| item.range.source != 0 || (item.range.start >= detail.line && !item.range.is_empty()))
    };
    let all: Vec<usize> = (0..detail.items.len()).filter(|index| inside(*index)).collect();
    let top = all.iter().filter_map(|index| detail.items.get(*index)).map(|item| item.depth).min().unwrap_or(0);
    // The payload itself is the block; only its parts are lines, unless it has none.
    let parts: Vec<usize> =
        all.iter().copied().filter(|i| detail.items.get(*i).is_some_and(|item| item.depth > top)).collect();
    let (shown, base) = if parts.is_empty() { (all, top) } else { (parts, top + 1) };
    let limit = match extent {
        Extent::Beginning => BEGINNING,
        Extent::Whole => CEILING,
    };
    let more = shown.len().saturating_sub(limit);
    let lines = shown.into_iter().take(limit).map(|index| Line {
        item: index,
        depth: detail.items.get(index).map_or(0, |item| item.depth.saturating_sub(base)),
        colour: colours.get(index).copied().flatten(),
    });
    (lines.collect(), more)
}
