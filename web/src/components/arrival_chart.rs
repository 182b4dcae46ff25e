//! Packets × offset: time across, offset up. Steep is fast, flat is a stall, a step down is a packet that came again.

use std::rc::Rc;

use web_sys::{CanvasRenderingContext2d, HtmlElement, PointerEvent};
use yew::prelude::*;

use crate::hooks::canvas::prepare;
use crate::hooks::palette::{Palette, css};
use crate::hooks::size::use_size;
use crate::scene::chunks::chart::{Chart, across, chart, down, nearest, ticks};
use crate::scene::chunks::{Map, Mark};
use crate::wording::{count, duration, size};

/// Pixels left of the chart, for offsets.
const LEFT: f64 = 62.0;
/// Pixels above it, for carriers.
const TOP: f64 = 24.0;
/// Pixels of the chart itself.
const HEIGHT: f64 = 250.0;
/// Pixels below it, for times.
const BOTTOM: f64 = 20.0;
/// Pixels right of it.
const RIGHT: f64 = 10.0;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub map: Rc<Map>,
    /// Seconds up to which the replay has come.
    pub until: f64,
    /// The byte at the cursor.
    pub cursor: u64,
    pub palette: Rc<Palette>,
    /// This arrival is wanted.
    pub on_arrival: Callback<u32>,
}

/// The chart.
#[component]
pub fn ArrivalChart(props: &Props) -> Html {
    let root = use_node_ref();
    let canvas = use_node_ref();
    let width = use_state_eq(|| 0.0);
    use_size(root.clone(), {
        let width = width.setter();
        Callback::from(move |pixels: f64| width.set(pixels))
    });
    let room = (*width - LEFT - RIGHT).max(40.0);
    let drawn = use_memo((Rc::clone(&props.map), room), |(map, room)| chart(map, *room, HEIGHT));
    {
        let canvas = canvas.clone();
        let (map, palette) = (Rc::clone(&props.map), Rc::clone(&props.palette));
        let wanted = (Rc::clone(&drawn), props.until, props.cursor, Rc::clone(&palette), room);
        use_effect_with(wanted, move |(drawn, until, cursor, _, room)| {
            let brush = prepare(&canvas, LEFT + room + RIGHT, TOP + HEIGHT + BOTTOM);
            if let Some(brush) = brush {
                Painter { brush: &brush, palette: &palette, map: &map, room: *room }.paint(drawn, *until, *cursor);
            }
        });
    }
    let onclick = {
        let (map, root, on_arrival) = (Rc::clone(&props.map), root.clone(), props.on_arrival.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(element) = root.cast::<HtmlElement>() else { return };
            let place = element.get_bounding_client_rect();
            let x = f64::from(event.client_x()) - place.left() - LEFT;
            let y = f64::from(event.client_y()) - place.top() - TOP;
            if let Some(arrival) = nearest(&map, (x, y), (room, HEIGHT)) {
                on_arrival.emit(arrival);
            }
        })
    };
    html! {
        <div class="map-frame">
            <div class="map-head">
                <h3>{"Packets over time"}</h3>
                <span class="quiet">{"time across, offset up; steep is fast, flat is a stall"}</span>
            </div>
            <div class="arrival-chart" ref={root} onpointerdown={onclick}><canvas ref={canvas} aria-hidden="true"></canvas></div>
        </div>
    }
}

struct Painter<'a> {
    brush: &'a CanvasRenderingContext2d,
    palette: &'a Palette,
    map: &'a Map,
    room: f64,
}

impl Painter<'_> {
    fn paint(&self, chart: &Chart, until: f64, cursor: u64) {
        self.brush.set_font("11px system-ui, -apple-system, \"Segoe UI\", Roboto, \"Noto Sans\", sans-serif");
        self.brush.set_text_baseline("middle");
        self.stalls(chart);
        self.axes();
        self.bands(chart);
        self.ticks(chart, until);
        self.holes();
        self.marks(chart, until);
        self.heads(until, cursor);
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
        for step in ticks(self.map.duration, (self.room / 90.0).clamp(1.0, 8.0)) {
            let x = self.x(step);
            brush.set_fill_style_str(&palette.line);
            brush.fill_rect(x.round(), TOP, 1.0, HEIGHT);
            brush.set_fill_style_str(&palette.ink3);
            let name = if self.map.duration < 0.5 { format!("{:.0} ms", step * 1000.0) } else { format!("{step:.4}") };
            let name = if name.contains('.') {
                format!("{} s", name.trim_end_matches('0').trim_end_matches('.'))
            } else {
                name
            };
            let _ = brush.fill_text(&name, x.max(LEFT + 8.0), TOP + HEIGHT + 12.0);
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

    fn ticks(&self, chart: &Chart, until: f64) {
        let brush = self.brush;
        let head = across(self.map, until.min(self.map.duration), self.room);
        let mut column = u32::MAX;
        for stroke in &chart.strokes {
            if stroke.x != column {
                column = stroke.x;
                let x = f64::from(column);
                let come = x <= head;
                brush.set_global_alpha(if come { 1.0 } else { 0.3 });
                let colour = if come { css(self.palette.time(x / self.room)) } else { self.palette.edge.clone() };
                brush.set_fill_style_str(&colour);
            }
            let (x, top) = (LEFT + f64::from(stroke.x), TOP + f64::from(stroke.top));
            brush.fill_rect(x - 0.5, top, 3.0, f64::from(stroke.bottom - stroke.top).max(3.0));
        }
        brush.set_global_alpha(1.0);
    }

    fn marks(&self, chart: &Chart, until: f64) {
        let brush = self.brush;
        let head = across(self.map, until.min(self.map.duration), self.room);
        for (x, y, mark) in chart.marks.iter().filter(|(x, ..)| *x <= head) {
            let (x, y) = (LEFT + x, TOP + y);
            if *mark == Mark::Different {
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
            } else {
                brush.set_stroke_style_str(&self.palette.ink);
                brush.set_line_width(1.2);
                brush.stroke_rect(x - 4.0, y - 4.0, 5.0, 5.0);
                brush.stroke_rect(x - 1.0, y - 1.0, 5.0, 5.0);
            }
        }
    }

    /// Where the replay stands, and the height of the byte at the cursor.
    fn heads(&self, until: f64, cursor: u64) {
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
