//! Row ↔ pixel: rows of one height, and a sparse sorted list of taller ones.

use std::ops::Range;

/// No element may be taller: browsers cut them somewhat above this many pixels.
const TALLEST: f64 = 30_000_000.0;

/// Rows that exist beyond each edge of the visible ones.
pub const BEYOND: u32 = 16;

/// How tall a list is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extent {
    /// Rows.
    pub rows: u32,
    /// Pixels of a usual row.
    pub row: f64,
    /// Taller rows: index and the pixels beyond a usual row; sorted by index.
    pub taller: Vec<(u32, f64)>,
}

impl Extent {
    /// Pixels of all rows.
    #[must_use]
    pub fn height(&self) -> f64 {
        f64::from(self.rows) * self.row + self.taller.iter().map(|(_, more)| more).sum::<f64>()
    }

    /// Pixels above a row.
    #[must_use]
    pub fn top(&self, row: u32) -> f64 {
        let before = self.taller.iter().take_while(|(taller, _)| *taller < row);
        f64::from(row) * self.row + before.map(|(_, more)| more).sum::<f64>()
    }

    /// The row at a pixel; the last one for pixels beyond the end.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates at both ends
    pub fn row_at(&self, pixel: f64) -> u32 {
        let mut above = 0.0;
        for (taller, more) in &self.taller {
            let top = f64::from(*taller) * self.row + above;
            if pixel < top {
                break;
            }
            if pixel < top + self.row + more {
                return *taller;
            }
            above += more;
        }
        let row = ((pixel - above) / self.row.max(1.0)) as u32;
        row.min(self.rows.saturating_sub(1))
    }

    /// The rows that a viewport touches.
    #[must_use]
    pub fn visible(&self, top: f64, height: f64) -> Range<u32> {
        if self.rows == 0 {
            return 0..0;
        }
        self.row_at(top)..self.row_at(top + height) + 1
    }

    /// Whether some of a row is in sight where the element is scrolled so far and so tall.
    #[must_use]
    pub fn shows(&self, row: u32, scrolled: f64, height: f64) -> bool {
        let start = scrolled * self.scroll().1;
        self.top(row) < start + height && self.top(row + 1) > start
    }

    /// Pixels of the scrolled element, and how many pixels of rows one of its pixels stands for.
    #[must_use]
    pub fn scroll(&self) -> (f64, f64) {
        let height = self.height();
        if height <= TALLEST { (height, 1.0) } else { (TALLEST, height / TALLEST) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_pixels_agree_with_taller_rows_between() {
        let extent = Extent { rows: 10, row: 24.0, taller: vec![(2, 100.0), (5, 50.0)] };
        assert_eq!(extent.height(), 390.0);
        for row in 0..10 {
            assert_eq!(extent.row_at(extent.top(row)), row);
            assert_eq!(extent.row_at(extent.top(row + 1) - 1.0), row);
        }
        assert_eq!(extent.row_at(1e12), 9);
        assert_eq!(extent.visible(50.0, 130.0), 2..4);
        assert_eq!(Extent::default().visible(0.0, 500.0), 0..0);
        let shown: Vec<u32> = (0..10).filter(|row| extent.shows(*row, 172.0, 74.0)).collect();
        assert_eq!(shown, [3, 4, 5], "what only touches an edge is out of sight");
    }

    #[test]
    fn a_list_too_tall_for_browsers_is_scrolled_by_proportion() {
        let extent = Extent { rows: 5_000_000, row: 24.0, taller: Vec::new() };
        assert_eq!(extent.scroll(), (30_000_000.0, 4.0));
        assert_eq!(Extent { rows: 1000, ..extent }.scroll(), (24_000.0, 1.0));
    }
}
