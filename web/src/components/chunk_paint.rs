//! Painting the cells of a chunk map: a colour for when, a figure for everything else.

use web_sys::CanvasRenderingContext2d;

use crate::hooks::palette::{Palette, Rgb, css, is_light};
use crate::scene::chunks::cells::{Cell, GUTTER, Grid};
use crate::scene::chunks::film::Film;
use crate::scene::chunks::{Map, Mark};
use crate::wording::{count, size};

/// Characters of an offset that can be read in the room at the left; longer ones are rounded.
const LONGEST_OFFSET: usize = 11;
/// Colours are told apart from the ground by a line where they are lighter, or darker, than this share of the scale.
const OUTLINED: (f64, f64) = (0.1, 0.7);
/// Pixels that an offset's digits are high.
const DIGITS: f64 = 11.0;
/// How faint cells are that the legend's filter leaves out.
const FAINT: f64 = 0.18;
/// Pixels from one line of a hatching to the next.
const HATCH: f64 = 4.5;

/// What is painted with what.
pub struct Painter<'a> {
    pub brush: &'a CanvasRenderingContext2d,
    pub palette: &'a Palette,
    pub grid: &'a Grid,
    pub map: &'a Map,
    /// Only these are wanted; others are faint.
    pub filter: Option<Mark>,
    /// Whether what was not acknowledged is marked.
    pub receipts: bool,
}

type Box4 = (f64, f64, f64, f64);

impl Painter<'_> {
    /// All cells, and the offsets at the left.
    pub fn paint(&self, film: &Film, until: f64) {
        self.offsets();
        for number in 0..film.cells() {
            self.numbered(film, number, until);
        }
        self.brush.set_global_alpha(1.0);
    }

    /// Some cells anew; the others stay.
    pub fn repaint(&self, film: &Film, cells: &[u32], until: f64) {
        for number in cells {
            let (x, y, width, height) = self.grid.place(*number);
            self.brush.clear_rect(x - 0.5, y - 0.5, width + 1.0, height + 1.0);
            self.numbered(film, *number, until);
        }
        self.brush.set_global_alpha(1.0);
    }

    fn numbered(&self, film: &Film, number: u32, until: f64) {
        let mut cell = film.cell(number, until);
        if !self.receipts {
            cell.marks = cell.marks.without(Mark::Unacknowledged);
        }
        let faint = self.filter.is_some_and(|mark| !cell.marks.has(mark));
        self.brush.set_global_alpha(if faint { FAINT } else { 1.0 });
        self.cell(&cell, self.grid.place(number));
    }

    fn offsets(&self) {
        let brush = self.brush;
        brush.set_fill_style_str(&self.palette.ink3);
        brush.set_font("11px ui-monospace, Menlo, Consolas, \"DejaVu Sans Mono\", monospace");
        brush.set_text_align("right");
        brush.set_text_baseline("middle");
        // Small rows are too low for a number each.
        let every = if self.grid.large { 1 } else { 3 };
        for row in (0..self.grid.rows()).step_by(every) {
            let (_, top, _, height) = self.grid.place(row.saturating_mul(self.grid.columns));
            let offset = u64::from(row).saturating_mul(self.grid.columns.into()).saturating_mul(self.grid.unit);
            let exact = count(offset).replace(',', "\u{202f}");
            #[allow(clippy::cast_precision_loss)] // in words
            let name = if exact.chars().count() > LONGEST_OFFSET { size(offset as f64) } else { exact };
            let _ = brush.fill_text_with_max_width(
                &name,
                GUTTER - 8.0,
                // The first small row is too low for its own number.
                (top + height / 2.0).max(DIGITS / 2.0),
                GUTTER - 10.0,
            );
        }
    }

    fn cell(&self, cell: &Cell, place: Box4) {
        let (x, y, width, height) = place;
        let brush = self.brush;
        if cell.come == 0 {
            return if cell.missing > 0 { self.missing(place) } else { self.awaited(place) };
        }
        let share = self.map.share(cell.time);
        let colour = self.palette.time(share);
        brush.set_fill_style_str(&css(colour));
        brush.fill_rect(x, y, width, height);
        if self.grid.large && (share < OUTLINED.0 || share > OUTLINED.1) {
            brush.set_stroke_style_str(&self.palette.edge);
            brush.set_line_width(1.0);
            brush.stroke_rect(x + 0.5, y + 0.5, width - 1.0, height - 1.0);
        }
        if self.grid.large { self.figures(cell, place, colour) } else { self.worst(cell, place, colour) }
    }

    /// Nothing came: hatching in a frame.
    fn missing(&self, place: Box4) {
        let (x, y, width, height) = place;
        self.brush.set_fill_style_str(&self.palette.surface);
        self.brush.fill_rect(x, y, width, height);
        self.hatch(place);
        self.brush.set_line_width(if self.grid.large { 1.5 } else { 1.0 });
        self.brush.stroke_rect(x + 0.5, y + 0.5, width - 1.0, height - 1.0);
    }

    fn hatch(&self, (x, y, width, height): Box4) {
        let brush = self.brush;
        brush.save();
        brush.begin_path();
        brush.rect(x, y, width, height);
        brush.clip();
        brush.set_stroke_style_str(&self.palette.warn);
        brush.set_line_width(1.6);
        brush.begin_path();
        let step = if self.grid.large { HATCH * 1.4 } else { HATCH };
        let mut at = -height;
        while at < width {
            brush.move_to(x + at, y + height);
            brush.line_to(x + at + height, y);
            at += step;
        }
        brush.stroke();
        brush.restore();
        brush.set_stroke_style_str(&self.palette.warn);
    }

    /// Not yet: a dotted frame.
    fn awaited(&self, (x, y, width, height): Box4) {
        let brush = self.brush;
        brush.set_stroke_style_str(&self.palette.edge);
        brush.set_line_width(1.0);
        self.dashes(&[2.0, 2.0]);
        brush.stroke_rect(x + 0.5, y + 0.5, width - 1.0, height - 1.0);
        self.dashes(&[]);
    }

    fn dashes(&self, lengths: &[f64]) {
        let list = lengths.iter().copied().map(wasm_bindgen::JsValue::from_f64).collect::<js_sys::Array>();
        let _ = self.brush.set_line_dash(&list);
    }

    fn figures(&self, cell: &Cell, place: Box4, ground: Rgb) {
        let (x, y, width, height) = place;
        let brush = self.brush;
        let colour = if is_light(ground) { "#000000" } else { "#ffffff" };
        brush.set_fill_style_str(colour);
        brush.set_stroke_style_str(colour);
        brush.set_line_width(1.8);
        if cell.marks.has(Mark::OutOfOrder) {
            brush.begin_path();
            brush.move_to(x + width - 10.0, y);
            brush.line_to(x + width, y);
            brush.line_to(x + width, y + 10.0);
            brush.fill();
        }
        if cell.marks.has(Mark::Unacknowledged) {
            for dash in 0..4 {
                brush.fill_rect(
                    x + 4.0 + f64::from(dash) * (width - 8.0) / 4.0,
                    y + height - 5.0,
                    (width - 8.0) / 4.0 - 2.0,
                    2.0,
                );
            }
        }
        let (middle_x, middle_y) = (x + width / 2.0, y + height / 2.0 - 0.5);
        if cell.marks.has(Mark::Different) {
            brush.begin_path();
            for dy in [-2.5, 2.5] {
                brush.move_to(middle_x - 5.5, middle_y + dy);
                brush.line_to(middle_x + 5.5, middle_y + dy);
            }
            brush.move_to(middle_x - 3.5, middle_y + 6.0);
            brush.line_to(middle_x + 3.5, middle_y - 6.0);
            brush.stroke();
        } else if cell.marks.has(Mark::Twice) || cell.marks.has(Mark::Unchecked) {
            brush.set_line_width(1.6);
            brush.stroke_rect(middle_x - 6.0, middle_y - 6.0, 7.5, 7.5);
            brush.set_fill_style_str(&css(ground));
            brush.fill_rect(middle_x - 2.0, middle_y - 2.0, 7.5, 7.5);
            if cell.marks.has(Mark::Unchecked) {
                self.dashes(&[2.0, 1.75]);
            }
            brush.stroke_rect(middle_x - 2.0, middle_y - 2.0, 7.5, 7.5);
            self.dashes(&[]);
        }
        if cell.missing > 0 {
            // However few bytes: a strip that is seen.
            let part = (width * share_of(cell.missing, cell.bytes)).max(4.0);
            let strip = (x + width - part, y, part, height);
            brush.set_fill_style_str(&self.palette.surface);
            brush.fill_rect(strip.0, strip.1, strip.2, strip.3);
            self.hatch(strip);
            brush.set_line_width(1.0);
            brush.stroke_rect(strip.0 + 0.5, y + 0.5, part - 1.0, height - 1.0);
        }
    }

    /// In a small cell the worst wins.
    fn worst(&self, cell: &Cell, place: Box4, ground: Rgb) {
        let (x, y, width, height) = place;
        let brush = self.brush;
        let colour = if is_light(ground) { "#000000" } else { "#ffffff" };
        brush.set_fill_style_str(colour);
        brush.set_stroke_style_str(colour);
        brush.set_line_width(1.2);
        match cell.marks.worst() {
            Some(Mark::Missing) => {
                let part = (width * share_of(cell.missing, cell.bytes)).max(3.0);
                brush.set_fill_style_str(&self.palette.surface);
                brush.fill_rect(x + width - part, y, part, height);
                self.hatch((x + width - part, y, part, height));
                // One lost byte among a hundred million must be seen.
                brush.set_line_width(1.5);
                brush.stroke_rect(x + 0.75, y + 0.75, width - 1.5, height - 1.5);
            }
            Some(Mark::Different) => {
                brush.begin_path();
                brush.move_to(x + 1.5, y + 1.5);
                brush.line_to(x + width - 1.5, y + height - 1.5);
                brush.move_to(x + width - 1.5, y + 1.5);
                brush.line_to(x + 1.5, y + height - 1.5);
                brush.stroke();
            }
            Some(Mark::Unacknowledged) => brush.fill_rect(x + 1.0, y + height - 2.0, width - 2.0, 1.0),
            Some(Mark::Unchecked) => brush.stroke_rect(x + width / 2.0 - 1.5, y + height / 2.0 - 1.5, 3.0, 3.0),
            Some(Mark::Twice) => brush.fill_rect(x + width / 2.0 - 1.5, y + height / 2.0 - 1.5, 3.0, 3.0),
            Some(Mark::OutOfOrder) => {
                brush.begin_path();
                brush.move_to(x + width - 4.0, y);
                brush.line_to(x + width, y);
                brush.line_to(x + width, y + 4.0);
                brush.fill();
            }
            None => {}
        }
    }
}

#[allow(clippy::cast_precision_loss)] // a share of a cell
fn share_of(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}
