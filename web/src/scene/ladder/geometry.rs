//! Where things stand in the ladder, in CSS pixels from its left edge.

/// How large rows and letters are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// Pixels of a row.
    pub row: f64,
    /// Size of letters in lists: 1 is the usual one.
    pub text: f64,
    /// Width of strokes: 1 is the usual one.
    pub stroke: f64,
    /// Size of all other letters: 1 is the usual one.
    pub size: f64,
}

impl Measure {
    /// Pixels of a row that fingers tap.
    #[must_use]
    pub const fn touch(&self) -> f64 {
        44.0 * self.text.max(1.0)
    }
}

impl Default for Measure {
    fn default() -> Self {
        Self { row: 24.0, text: 1.0, stroke: 1.0, size: 1.0 }
    }
}

/// Where things stand in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geometry {
    /// Left edge of the drawing; the time stands before it.
    pub left: f64,
    /// The gutter for brackets ends here; there is none when it ends at the left edge.
    pub gutter_end: f64,
    /// First lifeline.
    pub first: f64,
    /// From lifeline to lifeline.
    pub step: f64,
    /// Row height.
    pub row: f64,
    /// Height of the arrow in the row.
    pub middle: f64,
    /// From the last lifeline to the end of the drawing: its head reaches no further.
    pub beyond: f64,
    /// Lifelines.
    pub lanes: u8,
    /// Width of strokes: 1 is the usual one.
    pub stroke: f64,
}

/// Below this width the text of a row stands under its arrow: for letters of the usual size.
const NARROW: f64 = 600.0;
/// Above this width lifelines stand further apart: for letters of the usual size.
const WIDE: f64 = 1100.0;
/// From lifeline to lifeline: less leaves no arrow beside its words. And where the list is wide.
const STEP: (f64, f64) = (82.0, 110.0);
/// The same where the text of a row stands under its arrow.
const NARROW_STEP: (f64, f64) = (40.0, 68.0);
/// Part of a wide list that is left for what commands carry.
const CARRIED: f64 = 0.46;
/// A lifeline's head is so wide at most; the stylesheet says the same.
const HEAD: f64 = 80.0;
/// From bracket to bracket.
const NEST: f64 = 7.0;

impl Geometry {
    /// For a list `width` pixels wide with so many lifelines.
    #[must_use]
    pub fn for_width(width: f64, lanes: usize, measure: Measure) -> Self {
        let Measure { row, text, stroke, .. } = measure;
        let lanes = u8::try_from(lanes.max(2)).unwrap_or(u8::MAX);
        let between = f64::from(lanes.saturating_sub(1)).max(1.0);
        if width < NARROW * text {
            let left = 64.0 * text;
            let first = left + 12.0;
            // The last head reaches half a step further than its lifeline.
            let step =
                ((width - first - 16.0 * text) / (between + 0.5)).clamp(NARROW_STEP.0 * text, NARROW_STEP.1 * text);
            let row = measure.touch();
            let middle = 14.0 * text.max(1.0);
            return Self { left, gutter_end: left, first, step, row, middle, beyond: 20.0, lanes, stroke };
        }
        let left = 12.0 + 84.0 * text;
        let first = left + 68.0;
        let widest = if width > WIDE * text { STEP.1 } else { STEP.0 };
        let step = ((width * (1.0 - CARRIED) - first) / between).clamp(STEP.0 * text, widest * text);
        let beyond = 2.0 + (step - 4.0).min(HEAD * text).max(HEAD) / 2.0;
        Self { left, gutter_end: left + 44.0, first, step, row, middle: row / 2.0, beyond, lanes, stroke }
    }

    /// Where a lifeline stands.
    #[must_use]
    pub fn lane(&self, lane: u8) -> f64 {
        self.first + f64::from(lane) * self.step
    }

    /// Where the drawing ends.
    #[must_use]
    pub fn end(&self) -> f64 {
        self.lane(self.lanes.saturating_sub(1)) + self.beyond
    }

    /// Pixels of a line of a text in an open payload, beside its title; the stylesheet says the same.
    #[must_use]
    pub fn said(&self, width: f64, text: f64) -> f64 {
        let (before, title) = if self.is_narrow() { (6.0, 110.0) } else { (self.left + 48.0, 150.0) };
        width - before - title * text - 90.0
    }

    /// Whether the text of a row stands under its arrow.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        self.gutter_end <= self.left
    }

    /// Where a bracket's upright stands; deeper ones further left.
    #[must_use]
    pub fn bracket(&self, depth: u8) -> f64 {
        self.gutter_end - 14.0 - f64::from(depth) * NEST
    }
}
