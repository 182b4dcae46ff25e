//! Packets × offset: time across, offset up; each packet a tick as tall as its bytes, put together pixel by pixel.

use std::collections::BTreeMap;

use super::{Map, Mark, Marks};
use crate::protocol::transfers::Arrival;

/// Silences shorter than this many times the usual one are none, if they are shorter than [`STALL`] too.
const USUAL: f64 = 8.0;
/// Seconds without a chunk that are a stall in any case.
const STALL: f64 = 1.0;
/// Arrivals that are too few to have a rhythm.
const FEW: usize = 12;
/// Silences that are too many to be stalls.
const RHYTHM: usize = 3;
/// A silence narrower than this many pixels is not drawn.
const NARROWEST: f64 = 14.0;
/// Marks of one kind within so many pixels are drawn as one, with their number.
const APART: f64 = 9.0;

/// What the chart repeats of the map, the worst first.
const REPEATED: [Mark; 3] = [Mark::Different, Mark::Unchecked, Mark::Twice];

/// A point farther than this many pixels from any packet means none.
const NEAR: f64 = 24.0;

/// A vertical stroke: all pixels of a column between two heights are covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stroke {
    /// Column, in pixels from the left.
    pub x: u32,
    /// Upper end, in pixels from the top.
    pub top: u32,
    /// Lower end.
    pub bottom: u32,
}

/// A stretch of time that a carrier has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Place in the map's carriers.
    pub carrier: u8,
    /// From when, in seconds.
    pub from: f64,
    /// Until when.
    pub to: f64,
}

/// Arrivals that have the same mark and lie close to one another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Marked {
    /// Pixels from the left of the first one.
    pub x: f64,
    /// Its pixels from the top.
    pub y: f64,
    /// What is to be said about them.
    pub mark: Mark,
    /// How many there are.
    pub count: u32,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chart {
    /// Ticks, left to right.
    pub strokes: Vec<Stroke>,
    /// What is marked, never left out: where there is no room, several are drawn as one.
    pub marks: Vec<Marked>,
    /// Times without a chunk, in seconds.
    pub stalls: Vec<(f64, f64)>,
    /// What carried the packets when.
    pub bands: Vec<Band>,
}

/// The chart of an object in so many pixels.
#[must_use]
pub fn chart(map: &Map, width: f64, height: f64) -> Chart {
    Chart {
        strokes: strokes(map, width, height),
        marks: marks(map, width, height),
        stalls: stalls(map, width),
        bands: bands(map),
    }
}

/// Pixels from the left at a time.
#[must_use]
pub fn across(map: &Map, time: f64, width: f64) -> f64 {
    map.share(time) * width
}

/// Pixels from the top at an offset.
#[must_use]
#[allow(clippy::cast_precision_loss)] // a place on the screen
pub fn down(map: &Map, offset: u64, height: f64) -> f64 {
    height - offset as f64 / map.size.max(1) as f64 * height
}

/// The arrival nearest to a point of the chart, if one is near.
#[must_use]
pub fn nearest(map: &Map, (x, y): (f64, f64), (width, height): (f64, f64)) -> Option<u32> {
    let distance = |arrival: &Arrival| {
        let (top, bottom) = (down(map, arrival.end(), height), down(map, arrival.offset, height));
        let aside = (across(map, arrival.time, width) - x).abs();
        aside + (top - y).max(y - bottom).max(0.0)
    };
    // Only what is near enough in time needs to be measured.
    let time = |x: f64| if width > 0.0 { x / width * map.duration } else { 0.0 };
    let near = map.between(time(x - NEAR), time(x + NEAR));
    let all = near.filter_map(|number| Some((distance(map.arrival(number)?), number)));
    let found = all.min_by(|a, b| a.0.total_cmp(&b.0))?;
    (found.0 < NEAR).then_some(found.1)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // places on the screen
fn strokes(map: &Map, width: f64, height: f64) -> Vec<Stroke> {
    let last = (width - 1.0).max(0.0) as u32;
    let mut ticks = Vec::with_capacity(map.arrivals.len());
    for arrival in &map.arrivals {
        let x = (across(map, arrival.time, width) as u32).min(last);
        let top = down(map, arrival.end(), height).floor().max(0.0) as u32;
        let bottom = (down(map, arrival.offset, height).ceil().max(0.0) as u32).max(top + 2);
        ticks.push(Stroke { x, top, bottom });
    }
    ticks.sort_unstable_by_key(|tick| (tick.x, tick.top));
    let mut strokes = Vec::<Stroke>::new();
    for tick in ticks {
        match strokes.last_mut() {
            Some(before) if before.x == tick.x && tick.top <= before.bottom => {
                before.bottom = before.bottom.max(tick.bottom)
            }
            _ => strokes.push(tick),
        }
    }
    strokes
}

fn marks(map: &Map, width: f64, height: f64) -> Vec<Marked> {
    let mut marks = Vec::<Marked>::new();
    let mut known = BTreeMap::new();
    for arrival in &map.arrivals {
        let own = Marks::of(arrival);
        let Some(mark) = REPEATED.into_iter().find(|mark| own.has(*mark)) else { continue };
        let (x, y) = (across(map, arrival.time, width), down(map, arrival.offset, height));
        #[allow(clippy::cast_possible_truncation)] // places on the screen
        let square = ((x / APART) as i64, (y / APART) as i64, mark);
        let place = *known.entry(square).or_insert(marks.len());
        match marks.get_mut(place) {
            Some(marked) => marked.count = marked.count.saturating_add(1),
            None => marks.push(Marked { x, y, mark, count: 1 }),
        }
    }
    marks
}

fn stalls(map: &Map, width: f64) -> Vec<(f64, f64)> {
    let pairs = || map.arrivals.windows(2).filter_map(|pair| Some((pair.first()?.time, pair.last()?.time)));
    let mut spacings = pairs().map(|(from, to)| to - from).collect::<Vec<_>>();
    spacings.sort_by(f64::total_cmp);
    let Some(usual) = spacings.get(spacings.len() / 2).copied() else { return Vec::new() };
    let limit = STALL.min((usual * USUAL).max(0.001));
    let wide = |from: f64, to: f64| across(map, to, width) - across(map, from, width) >= NARROWEST;
    // When there are few chunks, each wait would be a stall.
    let limit = if map.arrivals.len() < FEW { STALL } else { limit };
    let mut stalls = pairs().filter(|(from, to)| to - from > limit && wide(*from, *to)).collect::<Vec<_>>();
    if stalls.len() > RHYTHM {
        // Packets that come in bursts: only what stands out among the waits between them is a stall.
        stalls.sort_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
        let wait = stalls.get(stalls.len() / 2).map_or(0.0, |(from, to)| to - from);
        stalls.retain(|(from, to)| to - from > STALL.min(wait * USUAL));
        stalls.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    stalls
}

fn bands(map: &Map) -> Vec<Band> {
    let mut bands = Vec::<Band>::new();
    for arrival in &map.arrivals {
        match bands.iter_mut().rev().find(|band| band.carrier == arrival.carrier) {
            Some(band) => band.to = band.to.max(arrival.time),
            None => bands.push(Band { carrier: arrival.carrier, from: arrival.time, to: arrival.time }),
        }
    }
    bands
}

/// A time on the axis, in seconds or milliseconds, as precise as it takes to tell it from the next.
#[must_use]
pub fn time_name(time: f64, step: f64) -> String {
    let (number, unit, step) = if step < 0.1 { (time * 1000.0, "ms", step * 1000.0) } else { (time, "s", step) };
    let digits = if step >= 1.0 { 0 } else { 1 + usize::from(step < 0.1) + usize::from(step < 0.01) };
    format!("{number:.digits$} {unit}")
}

/// Round numbers from 0 up to a whole, at most so many besides 0.
#[must_use]
pub fn ticks(whole: f64, most: f64) -> Vec<f64> {
    if !whole.is_finite() || whole <= 0.0 {
        return vec![0.0];
    }
    let rough = whole / most.max(1.0);
    let magnitude = 10_f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * magnitude);
    let step = steps.into_iter().find(|step| *step >= rough).unwrap_or(rough);
    let mut ticks = Vec::new();
    let mut at = 0.0;
    while at <= whole * 1.000_001 && ticks.len() < 100 {
        ticks.push(at);
        at += step;
    }
    ticks
}
