//! The ladder as a file: the scene of the screen, written as SVG or as text.

use std::collections::BTreeMap;

use super::detail;
use super::lines::Lines;
use super::rows::{self, Shelf};
use crate::protocol::{Detail, Export, Moment, Picture};
use crate::scene::extent::Extent as Tall;
use crate::scene::ladder::{Geometry, Ladder, Measure, plain, texts};
use crate::scene::mark::Ink;
use crate::scene::payload::height;
use crate::scene::svg;
use crate::state::Extent;
use crate::wording::count;

/// Pixels across.
const WIDTH: f64 = 1100.0;
/// Rows of one part.
const PORTION: u32 = 500;
/// Rows of a file: beyond, no program opens it with pleasure.
const ROWS: u32 = 20_000;
/// Pixels of the tallest picture that browsers make, at twice the size.
const TALLEST: f64 = 8_000.0;

/// Rows of a list as a file.
///
/// # Errors
/// Why there is none, as a sentence.
pub fn export(shelf: Shelf<'_>, lines: &Lines, wish: &Export) -> Result<String, String> {
    if wish.count > ROWS {
        return Err(format!(
            "These are {} rows; a file holds {}. Select a range of rows (Shift with the arrow keys), or one account or connection.",
            count(wish.count.into()),
            count(ROWS.into())
        ));
    }
    match wish.picture {
        Picture::Text => Ok(text(shelf, lines, wish)),
        Picture::Svg | Picture::Png => drawing(shelf, lines, wish),
    }
}

fn text(shelf: Shelf<'_>, lines: &Lines, wish: &Export) -> String {
    let mut out = format!("{}\n\n", wish.title);
    let mut before = None;
    for (first, count) in portions(wish) {
        let window = rows::window(shelf, lines, first, count);
        if first == wish.first {
            plain::heads(&window, &wish.clock, &mut out);
        }
        plain::write(&window, &wish.clock, before, &mut out);
        before = window.rows.last().map(|row| row.time);
    }
    out
}

fn drawing(shelf: Shelf<'_>, lines: &Lines, wish: &Export) -> Result<String, String> {
    let opened = opened(shelf, wish);
    let measure = Measure::default();
    let mut taller: Vec<(u32, f64)> = wish
        .opened
        .iter()
        .filter_map(|open| opened.get(&open.pdu).map(|(detail, extent)| (open.row, height(detail, *extent))))
        .collect();
    taller.sort_by_key(|(row, _)| *row);
    let tall = Tall { rows: lines.total(), row: measure.row, taller };
    let below = tall.top(wish.first + wish.count) - tall.top(wish.first) + texts::HEADS + 12.0;
    if wish.picture == Picture::Png && below > TALLEST {
        return Err(format!(
            "A PNG of these rows would be {below:.0} pixels high at normal size; browsers make {TALLEST:.0}. \
             Select a range of rows (Shift with the arrow keys), or export SVG."
        ));
    }
    let inks: BTreeMap<Ink, &String> = Ink::all().into_iter().zip(&wish.colours).collect();
    let colour = |ink: Ink| inks.get(&ink).map_or_else(|| "black".to_owned(), |colour| (*colour).clone());
    let (mut out, mut down, mut before) = (String::new(), texts::HEADS, None::<Moment>);
    for (first, count) in portions(wish) {
        let window = rows::window(shelf, lines, first, count);
        let geometry = Geometry::for_width(WIDTH, window.lanes.len(), measure);
        let ladder = Ladder { window: &window, extent: &tall, geometry, selected: wish.selected };
        let texts = texts::Texts { ladder, width: WIDTH, clock: wish.clock, before, opened: &opened };
        if first == wish.first {
            svg::write(&texts::heads(&window.lanes, &geometry, WIDTH, &wish.clock), 0.0, &colour, &mut out);
        }
        for marks in [texts.grounds(), ladder.strokes(), texts.texts()] {
            svg::write(&marks, down, &colour, &mut out);
        }
        down += ladder.height();
        before = window.rows.last().map(|row| row.time);
    }
    Ok(svg::file(&wish.title, WIDTH, below, &colour(Ink::Surface), &out))
}

/// The rows in parts: first row and how many.
fn portions(wish: &Export) -> impl Iterator<Item = (u32, u32)> {
    let (first, end) = (wish.first, wish.first.saturating_add(wish.count));
    (first..end).step_by(PORTION as usize).map(move |at| (at, PORTION.min(end - at)))
}

fn opened(shelf: Shelf<'_>, wish: &Export) -> BTreeMap<u32, (Detail, Extent)> {
    let inside = wish.opened.iter().filter(|open| open.row >= wish.first && open.row - wish.first < wish.count);
    let detailed = inside.filter_map(|open| {
        let extent = if open.whole { Extent::Whole } else { Extent::Beginning };
        Some((open.pdu, (detail::detail(shelf, open.pdu)?, extent)))
    });
    detailed.collect()
}
