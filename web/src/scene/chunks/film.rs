//! The cells at any time. Put together once: a picture of a replay costs what changed since the one before, however many
//! chunks there are.

use super::cells::{Cell, Grid, spread};
use super::{Map, Mark, Marks};

/// What becomes of each cell, and when.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Film {
    reels: Vec<Reel>,
    /// When a cell changes, by time.
    events: Vec<(f64, u32)>,
}

/// What becomes of one cell.
#[derive(Debug, Clone, PartialEq)]
struct Reel {
    /// The cell before anything came.
    first: Cell,
    /// When bytes come, and how many have come by then; by time.
    pieces: Vec<(f64, u64)>,
    /// When each mark comes, in the order of [`Mark::ALL`]; never is infinitely late.
    marks: [f64; Mark::ALL.len()],
}

/// As with the map: two pointers to one film are the same at a glance.
impl Eq for Film {}

impl Film {
    /// The film of a map.
    #[must_use]
    pub fn new(map: &Map, grid: &Grid) -> Self {
        let bytes = |number: u32| map.size.saturating_sub(grid.start(number)).min(grid.unit);
        let first = |number| Cell { bytes: bytes(number), ..Cell::default() };
        let reel = |number| Reel { first: first(number), pieces: Vec::new(), marks: NEVER };
        let mut film = Self { reels: (0..grid.cells).map(reel).collect(), events: Vec::new() };
        for (from, to) in &map.gaps {
            spread(grid, *from, *to, |at, bytes| {
                if let Some(reel) = film.reels.get_mut(at as usize) {
                    reel.first.missing = reel.first.missing.saturating_add(bytes);
                    reel.first.marks.set(Mark::Missing);
                }
            });
        }
        for run in &map.runs {
            let time = map.arrival(run.arrival).map_or(0.0, |arrival| arrival.time);
            spread(grid, run.start, run.end, |at, bytes| film.brings(at, time, bytes));
        }
        for arrival in &map.arrivals {
            let marks = Marks::of(arrival);
            if marks != Marks::default() {
                spread(grid, arrival.offset, arrival.end(), |at, _| film.marks(at, arrival.time, marks));
            }
        }
        film.settle();
        film
    }

    fn brings(&mut self, at: u32, time: f64, bytes: u64) {
        if let Some(reel) = self.reels.get_mut(at as usize) {
            reel.pieces.push((time, bytes));
        }
    }

    fn marks(&mut self, at: u32, time: f64, marks: Marks) {
        let Some(reel) = self.reels.get_mut(at as usize) else { return };
        for (mark, since) in Mark::ALL.into_iter().zip(&mut reel.marks) {
            if marks.has(mark) {
                *since = since.min(time);
            }
        }
    }

    /// Sorts what was gathered by time.
    fn settle(&mut self) {
        for (reel, at) in self.reels.iter_mut().zip(0..) {
            reel.pieces.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            let mut come = 0_u64;
            for (_, bytes) in &mut reel.pieces {
                come = come.saturating_add(*bytes);
                *bytes = come;
            }
            self.events.extend(reel.pieces.iter().map(|(time, _)| (*time, at)));
            self.events.extend(reel.marks.iter().filter(|time| time.is_finite()).map(|time| (*time, at)));
        }
        self.events.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    }

    /// How many cells there are.
    #[must_use]
    pub fn cells(&self) -> u32 {
        u32::try_from(self.reels.len()).unwrap_or(u32::MAX)
    }

    /// A cell at a time.
    #[must_use]
    pub fn cell(&self, number: u32, until: f64) -> Cell {
        let Some(reel) = self.reels.get(number as usize) else { return Cell::default() };
        let mut cell = reel.first;
        for (mark, since) in Mark::ALL.into_iter().zip(reel.marks) {
            if since <= until && since.is_finite() {
                cell.marks.set(mark);
            }
        }
        let come = reel.pieces.get(..reel.pieces.partition_point(|(time, _)| *time <= until)).unwrap_or_default();
        if let Some((_, bytes)) = come.last() {
            cell.come = *bytes;
            // The median of the bytes.
            let half = come.partition_point(|(_, before)| *before <= bytes / 2);
            cell.time = come.get(half).map_or(0.0, |(time, _)| *time);
        }
        cell
    }

    /// The cells that are not the same at both times, in order.
    #[must_use]
    pub fn changed(&self, one: f64, other: f64) -> Vec<u32> {
        let (from, to) = (one.min(other), one.max(other));
        let first = self.events.partition_point(|(time, _)| *time <= from);
        let end = self.events.partition_point(|(time, _)| *time <= to);
        let mut cells =
            self.events.get(first..end).unwrap_or_default().iter().map(|(_, cell)| *cell).collect::<Vec<_>>();
        cells.sort_unstable();
        cells.dedup();
        cells
    }
}

const NEVER: [f64; Mark::ALL.len()] = [f64::INFINITY; Mark::ALL.len()];
