//! The ladder: per row, which lifelines run, which arrow crosses, which brackets pass in the gutter.
//!
//! Comes in: a window of rows with its lanes and bars. Goes out: marks in rows and lanes; pixels only through
//! [`Geometry`]. A screen, and later an export, draws them.

use std::collections::BTreeMap;

use crate::protocol::{Body, Role, Window};

/// Brackets nested deeper than this are drawn only for the selection.
const GUTTER_LANES: u8 = 3;

/// Where things stand in a row, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geometry {
    /// Left edge of the drawing; the time stands before it.
    pub left: f64,
    /// Gutter from here to `gutter_end`; no gutter when they are equal.
    pub gutter: f64,
    /// End of the gutter.
    pub gutter_end: f64,
    /// First lifeline.
    pub first: f64,
    /// From lifeline to lifeline.
    pub step: f64,
    /// Row height.
    pub row: f64,
    /// Height of the arrow in the row.
    pub middle: f64,
    /// Lifelines.
    pub lanes: u8,
}

impl Geometry {
    /// For a list `width` pixels wide with so many lifelines.
    #[must_use]
    pub fn for_width(width: f64, lanes: usize) -> Self {
        let lanes = u8::try_from(lanes.max(2)).unwrap_or(u8::MAX);
        let between = f64::from(lanes.saturating_sub(1)).max(1.0);
        if width < 600.0 {
            let step = ((width - 100.0) / between).clamp(40.0, 68.0);
            return Self {
                left: 64.0,
                gutter: 64.0,
                gutter_end: 64.0,
                first: 76.0,
                step,
                row: 44.0,
                middle: 14.0,
                lanes,
            };
        }
        let step = ((width * 0.54 - 164.0) / between).clamp(64.0, if width > 1100.0 { 110.0 } else { 82.0 });
        Self { left: 96.0, gutter: 106.0, gutter_end: 140.0, first: 164.0, step, row: 24.0, middle: 12.0, lanes }
    }

    /// Where a lifeline stands, from the left edge of the drawing.
    #[must_use]
    pub fn lane(&self, lane: u8) -> f64 {
        self.first - self.left + f64::from(lane) * self.step
    }

    /// Width of the drawing: to the last lifeline and 42 beyond.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.lane(self.lanes.saturating_sub(1)) + if self.row > 30.0 { 20.0 } else { 42.0 }
    }

    /// Where a bracket's upright stands; deeper ones further left.
    #[must_use]
    pub fn bracket(&self, depth: u8) -> f64 {
        self.gutter_end - self.left - 14.0 - f64::from(depth) * 7.0
    }
}

/// What one row draws.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RowScene {
    /// One per lifeline.
    pub lifelines: Vec<Lifeline>,
    /// The arrow, if the row is a command.
    pub arrow: Option<Arrow>,
    /// From the sender's lifeline to the one of the connection it leads to.
    pub hand_over: Option<HandOver>,
    /// Brackets that touch the row.
    pub brackets: Vec<BracketPart>,
}

/// The story of a redirect: from one server to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandOver {
    /// From here …
    pub from: u8,
    /// … to here.
    pub to: u8,
    /// In this role's colour.
    pub role: Role,
}

/// A lifeline within one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifeline {
    /// Whose.
    pub role: Role,
    /// Whether a connection is open here.
    pub state: Life,
}

/// Whether a connection is open in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// None is.
    Idle,
    /// One is, all along.
    Open,
    /// One begins in this row.
    Begins,
    /// One ends in this row.
    Ends,
}

/// An arrow from lifeline to lifeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// From here …
    pub from: u8,
    /// … to here.
    pub to: u8,
    /// In this role's colour.
    pub role: Role,
    /// Verb on the plate.
    pub verb: String,
    /// TrID on the plate.
    pub trid: Option<String>,
}

/// A bracket within one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BracketPart {
    /// How deep it is nested.
    pub depth: u8,
    /// Which part.
    pub part: Part,
    /// Whether its request or answer is selected.
    pub emphasis: Emphasis,
}

/// Which part of a bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The request.
    Request,
    /// A row between.
    Between,
    /// An answer, and others follow.
    Answer,
    /// The last answer.
    LastAnswer,
}

/// Whether something is drawn as selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emphasis {
    /// As usual.
    Plain,
    /// As the selection.
    Selected,
}

/// What each row of the window draws.
#[must_use]
pub fn scenes(window: &Window, selected: Option<u32>) -> Vec<RowScene> {
    let brackets = brackets(window, selected);
    let scene = |(row, offset): (&crate::protocol::Row, u32)| {
        let at = window.first + offset;
        let arrow = match &row.body {
            Body::Command(command) => Some(Arrow {
                from: command.from,
                to: command.to,
                role: command.role,
                verb: command.verb.clone(),
                trid: command.trid.clone(),
            }),
            _ => None,
        };
        let hand_over = match &row.body {
            Body::Command(command) => command.leads_to.filter(|to| *to != command.from).map(|to| HandOver {
                from: command.from,
                to,
                role: window.lanes.get(usize::from(to)).map_or(Role::Unknown, |lane| lane.role),
            }),
            _ => None,
        };
        RowScene {
            hand_over,
            lifelines: lifelines(window, at),
            arrow,
            brackets: brackets.iter().filter_map(|bracket| bracket.part(at)).collect(),
        }
    };
    window.rows.iter().zip(0..).map(scene).collect()
}

fn lifelines(window: &Window, row: u32) -> Vec<Lifeline> {
    let of_lane = |(lane, index): (&crate::protocol::Lane, u8)| {
        let mut state = Life::Idle;
        for bar in window.bars.iter().filter(|bar| bar.lane == index && (bar.first..=bar.last).contains(&row)) {
            let here = match bar {
                bar if bar.opened && bar.first == row => Life::Begins,
                bar if bar.closed && bar.last == row => Life::Ends,
                _ => Life::Open,
            };
            // Lifelines shared by several connections: one that runs through hides another's end.
            state = if here == Life::Open || (state != Life::Idle && state != here) { Life::Open } else { here };
        }
        Lifeline { role: lane.role, state }
    };
    window.lanes.iter().zip(0..).map(of_lane).collect()
}

#[derive(Debug, Clone)]
struct Bracket {
    request: u32,
    answers: Vec<u32>,
    depth: u8,
    emphasis: Emphasis,
}

impl Bracket {
    fn last(&self) -> u32 {
        self.answers.iter().copied().max().unwrap_or(self.request)
    }

    fn part(&self, row: u32) -> Option<BracketPart> {
        let part = match row {
            row if row == self.request => Part::Request,
            row if row == self.last() => Part::LastAnswer,
            row if self.answers.contains(&row) => Part::Answer,
            row if row > self.request && row < self.last() => Part::Between,
            _ => return None,
        };
        Some(BracketPart { depth: self.depth, part, emphasis: self.emphasis })
    }
}

fn brackets(window: &Window, selected: Option<u32>) -> Vec<Bracket> {
    let mut found: BTreeMap<u32, Bracket> = BTreeMap::new();
    let mut note = |request: u32, answer: u32, chosen: bool| {
        let bracket = found.entry(request).or_insert_with(|| Bracket {
            request,
            answers: Vec::new(),
            depth: 0,
            emphasis: Emphasis::Plain,
        });
        if !bracket.answers.contains(&answer) {
            bracket.answers.push(answer);
        }
        if chosen {
            bracket.emphasis = Emphasis::Selected;
        }
    };
    for (row, offset) in window.rows.iter().zip(0..) {
        let Body::Command(command) = &row.body else { continue };
        let chosen = selected == Some(command.pdu);
        if let Some(pair) = command.answers.filter(|pair| pair.row < window.first + offset) {
            note(pair.row, window.first + offset, chosen || selected == Some(pair.pdu));
        }
        if let Some(pair) = command.answered.filter(|pair| pair.row > window.first + offset) {
            note(window.first + offset, pair.row, chosen || selected == Some(pair.pdu));
        }
    }
    let mut brackets: Vec<Bracket> = found.into_values().collect();
    // Short ones stand nearest to the lifelines, so that nested ones do not cross.
    brackets.sort_by_key(|bracket| (bracket.last() - bracket.request, bracket.request));
    let mut placed: Vec<Bracket> = Vec::with_capacity(brackets.len());
    for mut bracket in brackets {
        let taken = |depth: u8| {
            let same = placed.iter().filter(|other| other.depth == depth);
            same.clone().any(|other| other.request <= bracket.last() && bracket.request <= other.last())
        };
        let free = (0..GUTTER_LANES).find(|depth| !taken(*depth));
        match (free, bracket.emphasis) {
            (Some(depth), _) => bracket.depth = depth,
            (None, Emphasis::Selected) => bracket.depth = GUTTER_LANES - 1,
            (None, Emphasis::Plain) => continue,
        }
        placed.push(bracket);
    }
    placed
}

#[cfg(test)]
mod tests;
