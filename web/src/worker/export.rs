//! The ladder as a file: the scene of the screen, written as SVG or as text.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::detail;
use super::lines::Lines;
use super::rows::{self, Shelf};
use crate::protocol::{Body, Detail, Export, FileForm, Window};
use crate::scene::extent::Extent as Tall;
use crate::scene::ladder::{Geometry, Ladder, Measure, plain, texts};
use crate::scene::lanes::arranged;
use crate::scene::mark::Ink;
use crate::scene::payload::height;
use crate::scene::svg;
use crate::state::Extent;
use crate::wording::{count, visible};
use msnp_dissector::sorting::sort_by_key;

/// Pixels across.
const WIDTH: f64 = 1100.0;
/// Rows of one part.
const PORTION: u32 = 500;
/// Rows of a file: beyond, no program opens it with pleasure.
const ROWS: u32 = 20_000;
/// Pixels of the tallest picture that browsers make, at twice the size.
const TALLEST: f64 = 8_000.0;

/// Rows `first .. first + count` of a list as a file.
///
/// # Errors
/// Why there is none, as a sentence.
pub fn export(shelf: Shelf<'_>, lines: &Lines, rows: (u32, u32), wish: &Export) -> Result<String, String> {
    if rows.1 > ROWS {
        return Err(format!(
            "These are {} rows; a file holds {}. Select a range of rows (Shift with the arrow keys), or one account or connection.",
            count(rows.1.into()),
            count(ROWS.into())
        ));
    }
    match wish.form {
        FileForm::Svg | FileForm::Png => drawing(shelf, lines, rows, wish),
        _ => Ok(text(shelf, lines, rows, wish)),
    }
}

fn text(shelf: Shelf<'_>, lines: &Lines, rows: (u32, u32), wish: &Export) -> String {
    let mut out = format!("{}\n\n", wish.title);
    for (first, count) in portions(rows) {
        let window = as_shown(rows::window(shelf, lines, first, count), wish);
        if first == rows.0 {
            plain::heads(&window, &wish.clock, &mut out);
        }
        plain::write(&window, &wish.clock, &mut out);
    }
    out
}

fn drawing(shelf: Shelf<'_>, lines: &Lines, rows: (u32, u32), wish: &Export) -> Result<String, String> {
    let opened = opened(shelf, rows, wish);
    let measure = Measure::default();
    let mut taller: Vec<(u32, f64)> = wish
        .opened
        .iter()
        .filter_map(|open| opened.get(&open.pdu).map(|(detail, extent)| (open.row, height(detail, *extent))))
        .collect();
    sort_by_key(&mut taller, |(row, _)| *row);
    let tall = Tall { rows: lines.total(), row: measure.row, taller };
    let below = tall.top(rows.0 + rows.1) - tall.top(rows.0) + texts::HEADS + 12.0;
    if wish.form == FileForm::Png && below > TALLEST {
        return Err(format!(
            "A PNG of these rows would be {below:.0} pixels high at normal size; browsers make {TALLEST:.0}. \
             Select a range of rows (Shift with the arrow keys), or export SVG."
        ));
    }
    let inks: BTreeMap<Ink, &String> = Ink::all().into_iter().zip(&wish.colours).collect();
    let colour = |ink: Ink| inks.get(&ink).map_or_else(|| "black".to_owned(), |colour| (*colour).clone());
    let (mut out, mut down) = (String::new(), texts::HEADS);
    for (first, count) in portions(rows) {
        let window = as_shown(rows::window(shelf, lines, first, count), wish);
        let geometry = Geometry::for_width(WIDTH, window.lanes.len(), measure);
        let ladder = Ladder { window: &window, extent: &tall, geometry, selected: wish.selected };
        let texts = texts::Texts { ladder, width: WIDTH, clock: wish.clock, opened: &opened };
        if first == rows.0 {
            svg::write(&texts::heads(&window.lanes, &geometry, WIDTH, &wish.clock), 0.0, &colour, &mut out);
        }
        for marks in [texts.grounds(), ladder.strokes(), texts.texts()] {
            svg::write(&marks, down, &colour, &mut out);
        }
        down += ladder.height();
    }
    Ok(svg::file(&wish.title, WIDTH, below, &colour(Ink::Surface), &out))
}

/// The rows as the reader has them: lifelines in order, notes before what the commands carry.
fn as_shown(window: Window, wish: &Export) -> Window {
    let mut window = arranged(window, &wish.lanes);
    for row in &mut window.rows {
        if let Body::Command(command) = &mut Rc::make_mut(row).body
            && let Some(note) = wish.notes.iter().find(|note| note.pdu == command.pdu)
        {
            command.carries = format!("[Note: {}] {}", visible(&note.text), command.carries);
        }
    }
    window
}

/// The rows in parts: first row and how many.
fn portions((first, count): (u32, u32)) -> impl Iterator<Item = (u32, u32)> {
    let end = first.saturating_add(count);
    (first..end).step_by(PORTION as usize).map(move |at| (at, PORTION.min(end - at)))
}

fn opened(shelf: Shelf<'_>, (first, count): (u32, u32), wish: &Export) -> BTreeMap<u32, (Detail, Extent)> {
    let inside = wish.opened.iter().filter(|open| open.row >= first && open.row - first < count);
    let detailed = inside.filter_map(|open| {
        let extent = if open.whole { Extent::Whole } else { Extent::Beginning };
        Some((open.pdu, (detail::detail(shelf, open.pdu)?, extent)))
    });
    detailed.collect()
}
