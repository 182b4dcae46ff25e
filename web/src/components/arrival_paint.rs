//! Painting the packets over time: what never changes is painted once, and copied for each picture of a replay.

use web_sys::CanvasRenderingContext2d;

use super::arrival_chart::{HEIGHT, LEFT, RIGHT, TOP};
use crate::hooks::palette::{Palette, css};
use crate::scene::chunks::chart::{Chart, Marked, across, down, ticks, time_name};
use crate::scene::chunks::{Map, Mark};
use crate::wording::{count, duration, size};

/// What is painted with what.
pub struct Painter<'a> {
    pub brush: &'a CanvasRenderingContext2d,
    pub palette: &'a Palette,
    pub map: &'a Map,
    /// Pixels across of the chart itself.
    pub room: f64,
}

impl Painter<'_> {
    /// All but where the replay stands: as it is when all has come, or when nothing has.
    pub fn paint(&self, chart: &Chart, come: bool) {
        self.brush.set_font("11px system-ui, -apple-system, \"Segoe UI\", Roboto, \"Noto Sans\", sans-serif");
        self.brush.set_text_baseline("middle");
        self.stalls(chart);
        self.axes();
        self.bands(chart);
        self.ticks(chart, come);
        self.holes();
        if come {
            self.marks(chart);
        }
    }

    fn x(&self, time: f64) -> f64 {
        LEFT + across(self.map, time, self.room)
    }

    fn y(&self, offset: u64) -> f64 {
        TOP + down(self.map, offset, HEIGHT)
    }

    fn axes(&self) {
        let (brush, palette) = (self.brush, self.palette);
        #[allow(clippy::cast_precision_loss)] // a place on the screen
        let whole = self.map.size as f64;
        brush.set_text_align("right");
        for step in ticks(whole, 4.0) {
            let y = TOP + HEIGHT - step / whole.max(1.0) * HEIGHT;
            brush.set_fill_style_str(&palette.line);
            brush.fill_rect(LEFT, y.round(), self.room, 1.0);
            brush.set_fill_style_str(&palette.ink3);
            let _ = brush.fill_text(&size(step), LEFT - 8.0, y);
        }
        brush.set_text_align("center");
        let steps = ticks(self.map.duration, (self.room / 90.0).clamp(1.0, 8.0));
        let apart = steps.get(1).copied().unwrap_or(1.0);
        for step in steps {
            let x = self.x(step);
            brush.set_fill_style_str(&palette.line);
            brush.fill_rect(x.round(), TOP, 1.0, HEIGHT);
            brush.set_fill_style_str(&palette.ink3);
            let name = time_name(step, apart);
            let half = brush.measure_text(&name).map_or(16.0, |text| text.width()) / 2.0;
            let _ = brush.fill_text(&name, x.clamp(LEFT + 8.0, LEFT + self.room + RIGHT - half), TOP + HEIGHT + 12.0);
        }
    }

    fn stalls(&self, chart: &Chart) {
        let brush = self.brush;
        for (from, to) in &chart.stalls {
            let (left, right) = (self.x(*from), self.x(*to));
            brush.set_fill_style_str(&self.palette.sunken);
            brush.fill_rect(left, TOP, right - left, HEIGHT);
            if right - left > 70.0 {
                brush.set_fill_style_str(&self.palette.ink2);
                brush.set_text_align("center");
                let _ =
                    brush.fill_text(&format!("stalled {}", stall(to - from)), f64::midpoint(left, right), TOP + 12.0);
            }
        }
    }

    fn holes(&self) {
        let brush = self.brush;
        for (from, to) in self.map.gaps.iter().take(200) {
            let (bottom, top) = (self.y(*from), self.y(*to));
            let height = (bottom - top).max(4.0);
            brush.save();
            brush.begin_path();
            brush.rect(LEFT, bottom - height, self.room, height);
            brush.clip();
            brush.set_stroke_style_str(&self.palette.warn);
            brush.set_line_width(1.2);
            // A large hole is seen anyway.
            brush.set_global_alpha(if height > 40.0 { 0.4 } else { 1.0 });
            brush.begin_path();
            let mut at = -height;
            while at < self.room {
                brush.move_to(LEFT + at, bottom);
                brush.line_to(LEFT + at + height, bottom - height);
                at += 7.0;
            }
            brush.stroke();
            brush.restore();
        }
        if let Some((from, to)) = self.map.gaps.iter().max_by_key(|(from, to)| to - from) {
            let text = format!("missing {}–{}", count(*from), count(to.saturating_sub(1)));
            let (top, bottom) = (self.y(*to), self.y(*from));
            // In the hole where it is high enough, else above it, or below where there is no room.
            let y = match (bottom - top > 24.0, top - 9.0 < TOP + 8.0) {
                (true, _) => top + 12.0,
                (false, false) => top - 9.0,
                (false, true) => (bottom + 9.0).min(TOP + HEIGHT - 9.0),
            };
            let (right, width) = (LEFT + self.room - 2.0, brush.measure_text(&text).map_or(120.0, |text| text.width()));
            brush.set_fill_style_str(&self.palette.surface);
            brush.fill_rect(right - width - 4.0, y - 7.0, width + 6.0, 14.0);
            brush.set_text_align("right");
            brush.set_fill_style_str(&self.palette.warn);
            let _ = brush.fill_text(&text, right, y);
        }
    }

    fn bands(&self, chart: &Chart) {
        let (brush, palette) = (self.brush, self.palette);
        for band in &chart.bands {
            let Some(carrier) = self.map.carriers.get(usize::from(band.carrier)) else { continue };
            let (left, right) = (self.x(band.from), self.x(band.to).max(self.x(band.from) + 3.0));
            let (colour, tint) = if carrier.peer {
                (&palette.peer, &palette.peer_tint)
            } else {
                (&palette.switchboard, &palette.switchboard_tint)
            };
            brush.set_fill_style_str(tint);
            brush.fill_rect(left, 1.0, right - left, 16.0);
            brush.set_stroke_style_str(colour);
            brush.set_line_width(1.0);
            brush.stroke_rect(left + 0.5, 1.5, (right - left - 1.0).max(1.0), 15.0);
            brush.set_fill_style_str(colour);
            brush.set_text_align("left");
            let name = format!("{} {}", carrier.name, carrier.address);
            if right - left > 60.0 {
                brush.save();
                brush.begin_path();
                brush.rect(left, 0.0, right - left - 4.0, 18.0);
                brush.clip();
                let _ = brush.fill_text(&name, left + 7.0, 9.5);
                brush.restore();
            }
        }
    }

    fn ticks(&self, chart: &Chart, come: bool) {
        let brush = self.brush;
        let mut column = u32::MAX;
        brush.set_global_alpha(if come { 1.0 } else { 0.3 });
        brush.set_fill_style_str(&self.palette.edge);
        for stroke in &chart.strokes {
            if stroke.x != column {
                column = stroke.x;
                if come {
                    brush.set_fill_style_str(&css(self.palette.time(f64::from(column) / self.room)));
                }
            }
            let (x, top) = (LEFT + f64::from(stroke.x), TOP + f64::from(stroke.top));
            brush.fill_rect(x - 0.5, top, 3.0, f64::from(stroke.bottom - stroke.top).max(3.0));
        }
        brush.set_global_alpha(1.0);
    }

    fn marks(&self, chart: &Chart) {
        for marked in &chart.marks {
            let (x, y) = (LEFT + marked.x, TOP + marked.y);
            match marked.mark {
                Mark::Different => self.ring(x, y),
                mark => self.squares(x, y, mark == Mark::Unchecked),
            }
            if marked.count > 1 {
                self.number(x, y, marked);
            }
        }
    }

    /// Came twice, and differs.
    fn ring(&self, x: f64, y: f64) {
        let brush = self.brush;
        brush.set_fill_style_str(&self.palette.surface);
        brush.set_stroke_style_str(&self.palette.warn);
        brush.set_line_width(1.8);
        brush.begin_path();
        let _ = brush.arc(x, y, 8.0, 0.0, std::f64::consts::TAU);
        brush.fill();
        brush.stroke();
        brush.begin_path();
        for dy in [-2.0, 2.0] {
            brush.move_to(x - 4.0, y + dy);
            brush.line_to(x + 4.0, y + dy);
        }
        brush.move_to(x - 2.5, y + 4.5);
        brush.line_to(x + 2.5, y - 4.5);
        brush.stroke();
    }

    /// Came twice; the second square is broken where nobody has compared them yet.
    fn squares(&self, x: f64, y: f64, open: bool) {
        let brush = self.brush;
        brush.set_stroke_style_str(&self.palette.ink);
        brush.set_line_width(1.2);
        brush.stroke_rect(x - 4.0, y - 4.0, 5.0, 5.0);
        if open {
            let dashes = [1.5, 1.0].map(wasm_bindgen::JsValue::from_f64).into_iter().collect::<js_sys::Array>();
            let _ = brush.set_line_dash(&dashes);
        }
        brush.stroke_rect(x - 1.0, y - 1.0, 5.0, 5.0);
        let _ = brush.set_line_dash(&js_sys::Array::new());
    }

    /// How many are drawn as one.
    fn number(&self, x: f64, y: f64, marked: &Marked) {
        let brush = self.brush;
        let (aside, align) = if marked.x > self.room - 40.0 { (-10.0, "right") } else { (10.0, "left") };
        let text = format!("×{}", count(marked.count.into()));
        brush.set_text_align(align);
        brush.set_stroke_style_str(&self.palette.surface);
        brush.set_line_width(3.0);
        let _ = brush.stroke_text(&text, x + aside, y);
        brush.set_fill_style_str(if marked.mark == Mark::Different { &self.palette.warn } else { &self.palette.ink });
        let _ = brush.fill_text(&text, x + aside, y);
    }

    /// Where the replay stands, and the height of the byte at the cursor.
    pub fn heads(&self, until: f64, cursor: u64) {
        let brush = self.brush;
        brush.set_fill_style_str(&self.palette.select);
        let y = self.y(cursor);
        brush.begin_path();
        brush.move_to(LEFT - 5.0, y - 4.0);
        brush.line_to(LEFT + 1.0, y);
        brush.line_to(LEFT - 5.0, y + 4.0);
        brush.fill();
        if until < self.map.duration {
            brush.fill_rect(self.x(until).round() - 1.0, TOP, 2.0, HEIGHT);
        }
    }
}

/// How long nothing came: a fraction of a second in milliseconds.
fn stall(seconds: f64) -> String {
    if seconds < 1.0 { format!("{:.0} ms", seconds * 1000.0) } else { duration(seconds) }
}
