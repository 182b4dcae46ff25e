//! Lifelines: bars while a connection is open, dots while none is.

use super::Ladder;
use crate::protocol::{Bar, Body, Role};
use crate::scene::mark::{Dash, Ink, Mark, Pen, Shape};

/// A connection's bar begins so far above the arrow of its first command, and ends so far below the last one.
pub const ABOVE: f64 = 8.0;
/// Half the width of a bar.
const HALF: f64 = 3.5;
/// Pixels between two strokes of a hatching.
const HATCH: f64 = 4.0;

/// A stretch of a lifeline on which a connection is open, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Open {
    top: f64,
    bottom: f64,
    /// Its beginning was captured, and stands in the window.
    begins: bool,
    /// Its end was.
    ends: bool,
}

/// Draws all lifelines of the window.
pub fn draw(ladder: &Ladder<'_>, marks: &mut Vec<Mark>) {
    for (lane, at) in ladder.window.lanes.iter().zip(0_u8..) {
        let x = ladder.geometry.lane(at);
        let open = joined(ladder.window.bars.iter().filter(|bar| bar.lane == at).map(|bar| open(ladder, *bar)));
        idle(ladder, x, &open, marks);
        for stretch in &open {
            bar(ladder, x, lane.role, *stretch, marks);
        }
    }
    for (row, at) in ladder.window.rows.iter().zip(ladder.window.first..) {
        if let Body::Lost { from, to, .. } = &row.body {
            hatch(ladder, at, *from, marks);
            hatch(ladder, at, *to, marks);
        }
    }
}

fn open(ladder: &Ladder<'_>, bar: Bar) -> Open {
    let begins = bar.opened && bar.first >= ladder.window.first;
    let ends = bar.closed && bar.last < ladder.end();
    let top = if begins { ladder.middle(bar.first) - ABOVE } else { ladder.top(bar.first).max(0.0) };
    let bottom = if ends { ladder.middle(bar.last) + ABOVE } else { ladder.height().min(ladder.top(bar.last + 1)) };
    Open { top: top.max(0.0), bottom, begins, ends }
}

/// Connections that share a lifeline: where they overlap they are one bar.
fn joined(stretches: impl Iterator<Item = Open>) -> Vec<Open> {
    let mut all: Vec<Open> = stretches.filter(|open| open.bottom > open.top).collect();
    all.sort_by(|a, b| a.top.total_cmp(&b.top));
    let mut joined: Vec<Open> = Vec::with_capacity(all.len());
    for next in all {
        match joined.last_mut().filter(|last| next.top <= last.bottom) {
            Some(last) if next.bottom > last.bottom => {
                last.bottom = next.bottom;
                last.ends = next.ends;
            }
            Some(_) => {}
            None => joined.push(next),
        }
    }
    joined
}

/// Dots wherever no bar is.
fn idle(ladder: &Ladder<'_>, x: f64, open: &[Open], marks: &mut Vec<Mark>) {
    let mut from = 0.0;
    let ends = open.iter().map(|open| (open.top, open.bottom)).chain([(ladder.height(), 0.0)]);
    for (top, bottom) in ends {
        if top > from {
            marks.push(Mark::line((x, from), (x, top), Ink::Edge, 1.2, Dash::Idle));
        }
        from = bottom;
    }
}

fn bar(ladder: &Ladder<'_>, x: f64, role: Role, open: Open, marks: &mut Vec<Mark>) {
    let (left, right) = (x - HALF, x + HALF);
    marks.push(Mark::rect(left, open.top, HALF * 2.0, open.bottom - open.top, Ink::Tint(role)));
    // Open-ended where the beginning or the end was not captured.
    let mut edge = vec![Pen::Move(left, open.bottom), Pen::Line(left, open.top)];
    edge.push(if open.begins { Pen::Line(right, open.top) } else { Pen::Move(right, open.top) });
    edge.push(Pen::Line(right, open.bottom));
    if open.ends && role == Role::Client {
        edge.push(Pen::Line(left, open.bottom));
    }
    let ink = Ink::Role(role);
    marks.push(Mark::drawn(edge, ink, ladder.geometry.stroke, Dash::Solid));
    // A connection that closes is crossed out; the person's program goes on.
    if open.ends && role != Role::Client {
        let (y, half) = (open.bottom, HALF + 0.5);
        let cross = vec![
            Pen::Move(x - half, y - half),
            Pen::Line(x + half, y + half),
            Pen::Move(x + half, y - half),
            Pen::Line(x - half, y + half),
        ];
        marks.push(Mark::drawn(cross, ink, 1.6 * ladder.geometry.stroke, Dash::Solid));
    }
}

/// Hatching over a lifeline where bytes are missing.
fn hatch(ladder: &Ladder<'_>, row: u32, lane: u8, marks: &mut Vec<Mark>) {
    let x = ladder.geometry.lane(lane);
    let (top, height) = (ladder.top(row), ladder.geometry.row);
    marks.push(Mark {
        shape: Shape::Rect([x - HALF, top, HALF * 2.0, height, 0.0]),
        fill: Some(Ink::Surface),
        stroke: None,
    });
    let mut path = Vec::new();
    let mut y = top;
    while y + HALF * 2.0 <= top + height {
        path.extend([Pen::Move(x - HALF, y + HALF * 2.0), Pen::Line(x + HALF, y)]);
        y += HATCH;
    }
    marks.push(Mark::drawn(path, Ink::Warn, 1.0, Dash::Solid));
}
