//! The ladder's strokes: lifelines, arrows, brackets, the way from one connection to the next.
//!
//! Comes in: a window of rows with its lanes and bars, where rows and lifelines stand. Goes out: a list of marks. The
//! screen paints them under the rows' texts, an export writes them with the texts.

mod brackets;
mod geometry;
mod lifelines;
pub mod plain;
pub mod texts;
pub mod words;

pub use brackets::{Bracket, brackets};
pub use geometry::{Geometry, Measure};

use super::extent::Extent;
use super::mark::{Dash, Ink, Mark, Pen, Shape};
use crate::protocol::{Body, Command, Role, Run, Window};

/// Radius of the dot at the sender.
const DOT: f64 = 3.0;
/// Length and half the height of an arrow's head.
const HEAD: (f64, f64) = (8.0, 4.5);
/// Radius of the bend of a hand-over.
const BEND: f64 = 14.0;
/// Length of a wave.
const WAVE: f64 = 20.0;

/// What strokes are drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Ladder<'a> {
    /// The rows.
    pub window: &'a Window,
    /// How tall they are.
    pub extent: &'a Extent,
    /// Where lifelines stand.
    pub geometry: Geometry,
    /// The selected command.
    pub selected: Option<u32>,
}

impl Ladder<'_> {
    /// All strokes of the window, lowest first. Their heights count from the top of its first row.
    #[must_use]
    pub fn strokes(&self) -> Vec<Mark> {
        let mut marks = Vec::with_capacity(self.window.rows.len() * 4 + 32);
        lifelines::draw(self, &mut marks);
        for bracket in brackets(self.window, self.selected) {
            self.bracket(&bracket, &mut marks);
        }
        for (row, at) in self.window.rows.iter().zip(self.window.first..) {
            match &row.body {
                Body::Command(command) => {
                    self.hand_over(command, at, &mut marks);
                    self.arrow(command, at, &mut marks);
                }
                Body::Run(run) => self.wave(*run, at, &mut marks),
                Body::Inferred { from, to, .. } => self.inferred(*from, *to, at, &mut marks),
                _ => {}
            }
        }
        marks
    }

    /// Pixels from the top of the window to the top of a row; above the window for rows before it.
    #[must_use]
    pub fn top(&self, row: u32) -> f64 {
        self.extent.top(row) - self.extent.top(self.window.first)
    }

    /// Pixels of the whole window.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.top(self.end())
    }

    /// One past the last row of the window.
    #[must_use]
    pub fn end(&self) -> u32 {
        self.window.first.saturating_add(u32::try_from(self.window.rows.len()).unwrap_or(u32::MAX))
    }

    /// Height of a row's arrow.
    #[must_use]
    pub fn middle(&self, row: u32) -> f64 {
        self.top(row) + self.geometry.middle
    }

    fn arrow(&self, command: &Command, row: u32, marks: &mut Vec<Mark>) {
        let Geometry { stroke, .. } = self.geometry;
        let (from, to, y) = (self.geometry.lane(command.from), self.geometry.lane(command.to), self.middle(row));
        let forward = if to >= from { 1.0 } else { -1.0 };
        let end = to - forward * 4.0;
        let ink = Ink::Role(command.role);
        let width = if self.selected == Some(command.pdu) { 2.2 } else { 1.5 } * stroke;
        marks.push(Mark::line((from, y), (end - forward * HEAD.0, y), ink, width, Dash::Solid));
        marks.push(Mark::filled(Shape::Circle([from, y, DOT * stroke]), ink));
        marks.push(head(end, y, forward * HEAD.0 * stroke, HEAD.1 * stroke, ink));
    }

    /// An arrow that nobody captured: dashed, with an open head.
    fn inferred(&self, from: u8, to: u8, row: u32, marks: &mut Vec<Mark>) {
        let role = self.window.lanes.get(usize::from(from)).map_or(Role::Unknown, |lane| lane.role);
        let (from, to, y) = (self.geometry.lane(from), self.geometry.lane(to), self.middle(row));
        let back = if to >= from { -HEAD.0 } else { HEAD.0 };
        let (ink, width) = (Ink::Role(role), 1.5 * self.geometry.stroke);
        marks.push(Mark::line((from - back / 2.0, y), (to, y), ink, width, Dash::Dashed));
        let open = vec![Pen::Move(to + back, y - HEAD.1), Pen::Line(to, y), Pen::Line(to + back, y + HEAD.1)];
        marks.push(Mark::drawn(open, ink, width, Dash::Solid));
    }

    /// Dotted, from the server's lifeline across and down to where the connection begins that it caused.
    fn hand_over(&self, command: &Command, row: u32, marks: &mut Vec<Mark>) {
        let Some(leads) = command.leads_to.filter(|leads| leads.lane != command.from && leads.row > row) else {
            return;
        };
        let role = self.window.lanes.get(usize::from(leads.lane)).map_or(Role::Unknown, |lane| lane.role);
        let (from, to, y) = (self.geometry.lane(command.from), self.geometry.lane(leads.lane), self.middle(row));
        let down = self.middle(leads.row.min(self.end())) - lifelines::ABOVE;
        let forward = if to >= from { BEND } else { -BEND };
        let mut path = vec![Pen::Move(from + forward / 2.0, y), Pen::Line(to - forward, y)];
        path.extend([Pen::Bend(to, y, to, (y + BEND).min(down)), Pen::Line(to, down.max(y + BEND))]);
        marks.push(Mark::drawn(path, Ink::Role(role), 1.8 * self.geometry.stroke, Dash::Dotted));
    }

    fn bracket(&self, bracket: &Bracket, marks: &mut Vec<Mark>) {
        if self.geometry.is_narrow() {
            return;
        }
        let (x, right) = (self.geometry.bracket(bracket.depth), self.geometry.gutter_end);
        let (ink, width) = if bracket.chosen { (Ink::Select, 2.0) } else { (Ink::Edge, 1.0) };
        let width = width * self.geometry.stroke;
        let inside = |row: &u32| (self.window.first..self.end()).contains(row);
        let top = if inside(&bracket.request) { self.middle(bracket.request) } else { 0.0 };
        let bottom = if bracket.last() < self.end() { self.middle(bracket.last()) } else { self.height() };
        if bottom <= 0.0 {
            return;
        }
        let mut path = vec![Pen::Move(x, top), Pen::Line(x, bottom)];
        if inside(&bracket.request) {
            path.splice(0..1, [Pen::Move(right, top), Pen::Line(x, top)]);
        }
        marks.push(Mark::drawn(path, ink, width, Dash::Solid));
        for answer in bracket.answers.iter().filter(|row| inside(row)) {
            let y = self.middle(*answer);
            marks.push(Mark::line((x, y), (right - 3.0, y), ink, width, Dash::Solid));
            marks.push(head(right + 3.0, y, 6.0, 3.5, ink));
        }
    }

    /// Commands that repeat: a wave between the lifelines.
    fn wave(&self, run: Run, row: u32, marks: &mut Vec<Mark>) {
        let (from, to, y) = (self.geometry.lane(run.from), self.geometry.lane(run.to), self.middle(row));
        let (mut x, end) = (from.min(to), from.max(to) - WAVE / 2.0);
        let mut path = vec![Pen::Move(x, y)];
        let mut up = 5.0;
        while x < end {
            path.push(Pen::Bend(x + WAVE / 4.0, y - up, x + WAVE / 2.0, y));
            up = -up;
            x += WAVE / 2.0;
        }
        marks.push(Mark::drawn(path, Ink::Role(run.role), 1.5 * self.geometry.stroke, Dash::Solid));
    }
}

/// The filled head of an arrow: its point, how far it reaches back, half its height.
fn head(x: f64, y: f64, back: f64, half: f64, ink: Ink) -> Mark {
    let path = vec![Pen::Move(x, y), Pen::Line(x - back, y - half), Pen::Line(x - back, y + half), Pen::Close];
    Mark::filled(Shape::Path(path), ink)
}

#[cfg(test)]
mod tests;
