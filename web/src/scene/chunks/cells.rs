//! The object as a grid of cells, in the order of its bytes: one for each chunk, or, where there are too many, one for a
//! round number of bytes. No byte that is missing is ever averaged away.

use super::{Map, Marks};

/// Cells that are drawn large.
const LARGE_CELLS: u64 = 400;
/// Pixels from one large cell to the next, across and down.
const LARGE: (f64, f64) = (28.5, 27.0);
/// Pixels from one small cell to the next.
const SMALL: (f64, f64) = (9.0, 9.0);
/// Rows of small cells.
const SMALL_ROWS: u64 = 27;
/// Pixels for the offsets at the left.
pub const GUTTER: f64 = 62.0;

/// How the cells lie.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Grid {
    /// Bytes of a cell.
    pub unit: u64,
    /// Every cell is a chunk: they all begin where cells do.
    pub by_chunk: bool,
    /// Cells of the whole object.
    pub cells: u32,
    /// Cells of a row.
    pub columns: u32,
    /// Pixels from one cell to the next, across and down.
    pub pitch: (f64, f64),
    /// Marks are drawn as figures; else the worst one fills the cell.
    pub large: bool,
}

impl Grid {
    /// The cells of an object in so many pixels.
    #[must_use]
    pub fn new(map: &Map, width: f64) -> Self {
        let room = (width - GUTTER).max(LARGE.0);
        let usual = map.usual();
        if map.size.div_ceil(usual) <= LARGE_CELLS {
            return Self::of(map, usual, LARGE, across(room, LARGE.0)).by_chunks(map).largely();
        }
        let columns = across(room, SMALL.0);
        let capacity = u64::from(columns).saturating_mul(SMALL_ROWS);
        if map.size.div_ceil(usual) <= capacity {
            return Self::of(map, usual, SMALL, columns).by_chunks(map);
        }
        let mut unit = 1024_u64;
        while map.size.div_ceil(unit) > capacity && unit < 1 << 62 {
            unit <<= 1;
        }
        Self::of(map, unit, SMALL, columns)
    }

    fn of(map: &Map, unit: u64, pitch: (f64, f64), columns: u32) -> Self {
        let cells = u32::try_from(map.size.div_ceil(unit)).unwrap_or(u32::MAX);
        Self { unit, by_chunk: false, cells, columns, pitch, large: false }
    }

    fn by_chunks(mut self, map: &Map) -> Self {
        self.by_chunk = map.arrivals.iter().filter(|arrival| arrival.length > 0).all(|arrival| {
            arrival.offset % self.unit == 0 && (u64::from(arrival.length) == self.unit || arrival.end() >= map.size)
        });
        self
    }

    const fn largely(mut self) -> Self {
        self.large = true;
        self
    }

    /// Rows.
    #[must_use]
    pub const fn rows(&self) -> u32 {
        self.cells.div_ceil(if self.columns == 0 { 1 } else { self.columns })
    }

    /// Pixels of all rows.
    #[must_use]
    pub fn height(&self) -> f64 {
        f64::from(self.rows()) * self.pitch.1
    }

    /// Where a cell is drawn: left, top, width, height.
    #[must_use]
    pub fn place(&self, cell: u32) -> (f64, f64, f64, f64) {
        let columns = self.columns.max(1);
        let (column, row) = (f64::from(cell % columns), f64::from(cell / columns));
        let gap = if self.large { 2.5 } else { 1.0 };
        (GUTTER + column * self.pitch.0, row * self.pitch.1, self.pitch.0 - gap, self.pitch.1 - gap)
    }

    /// The cell at a point.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // negative points were turned away
    pub fn at(&self, x: f64, y: f64) -> Option<u32> {
        if x < GUTTER || y < 0.0 {
            return None;
        }
        let column = ((x - GUTTER) / self.pitch.0) as u32;
        let row = (y / self.pitch.1) as u32;
        let cell = row.checked_mul(self.columns)?.checked_add(column)?;
        (column < self.columns && cell < self.cells).then_some(cell)
    }

    /// The cell that holds a byte.
    #[must_use]
    pub fn cell_of(&self, offset: u64) -> u32 {
        u32::try_from(offset / self.unit.max(1)).unwrap_or(u32::MAX).min(self.cells.saturating_sub(1))
    }

    /// The first byte of a cell.
    #[must_use]
    pub fn start(&self, cell: u32) -> u64 {
        u64::from(cell).saturating_mul(self.unit)
    }

    /// Where a key leads from a cell.
    #[must_use]
    pub fn moved(&self, key: &str, from: u32) -> Option<u32> {
        let last = self.cells.checked_sub(1)?;
        let next = match key {
            "ArrowRight" => from.saturating_add(1),
            "ArrowLeft" => from.saturating_sub(1),
            "ArrowDown" => from
                .saturating_add(self.columns)
                .min(if from / self.columns.max(1) == last / self.columns.max(1) { from } else { last }),
            "ArrowUp" => from.checked_sub(self.columns).unwrap_or(from),
            "PageDown" => from.saturating_add(self.columns.saturating_mul(5)),
            "PageUp" => from.saturating_sub(self.columns.saturating_mul(5)),
            _ => return None,
        };
        Some(next.min(last))
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // some hundred cells at most
fn across(room: f64, pitch: f64) -> u32 {
    ((room / pitch) as u32).clamp(1, 4000)
}

/// What is in a cell at a time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cell {
    /// Bytes in it.
    pub bytes: u64,
    /// Bytes of it that never come.
    pub missing: u64,
    /// Bytes of it that have come.
    pub come: u64,
    /// When they came: the median of the bytes, in seconds.
    pub time: f64,
    /// What is to be said about it.
    pub marks: Marks,
}

/// Calls for each cell that holds bytes of a range, with how many.
pub(super) fn spread(grid: &Grid, from: u64, to: u64, mut each: impl FnMut(u32, u64)) {
    let unit = grid.unit.max(1);
    let mut at = from;
    while at < to {
        let cell = at / unit;
        let end = cell.saturating_add(1).saturating_mul(unit).min(to);
        let Ok(place) = u32::try_from(cell) else { return };
        if place >= grid.cells || end <= at {
            return;
        }
        each(place, end - at);
        at = end;
    }
}
