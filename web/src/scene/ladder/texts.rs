//! The texts of the ladder as marks, for pictures: on the screen rows have their own.

use std::collections::BTreeMap;

use super::words::{answered_after, counts, run_words};
use super::{Geometry, Ladder};
use crate::clock::Clock;
use crate::protocol::{Body, Command, Detail, Lane, Moment, Phase, Role, Row};
use crate::scene::mark::{Anchor, Dash, Ink, Letters, Mark, Pen, Shape, Stroke};
use crate::scene::payload::{AROUND, LINE, lines};
use crate::state::Extent;
use crate::wording;

/// Pixels of usual letters, and of small ones.
const SIZE: f64 = 12.0;
const SMALL: f64 = 11.0;
/// How wide a letter of one width is, by its size; a little more than in any common font.
const LETTER: f64 = 0.62;
/// From the middle of a line to the foot of its letters, by their size.
const FOOT: f64 = 0.35;
/// Pixels of the heads of the lifelines.
pub const HEADS: f64 = 50.0;
/// Pixels kept free for the delay at the right edge.
const DELAY: f64 = 70.0;
/// Where the lines of an open payload begin, and their values.
const TITLES: f64 = 156.0;
const VALUES: f64 = 320.0;

/// What texts need besides strokes.
pub struct Texts<'a> {
    /// The rows.
    pub ladder: Ladder<'a>,
    /// Pixels from edge to edge.
    pub width: f64,
    /// How times are shown.
    pub clock: Clock,
    /// Payloads that are open.
    pub opened: &'a BTreeMap<u32, (Detail, Extent)>,
}

impl Texts<'_> {
    /// What lies under the strokes: the grounds of selected rows.
    #[must_use]
    pub fn grounds(&self) -> Vec<Mark> {
        let ladder = &self.ladder;
        let rows = ladder.window.rows.iter().zip(ladder.window.first..);
        let chosen = rows.filter(|(row, _)| is_selected(row, ladder.selected)).map(|(_, at)| at);
        let ground = |at| Mark::rect(0.0, ladder.top(at), self.width, ladder.geometry.row, Ink::SelectGround);
        let edge = |at| Mark::rect(0.0, ladder.top(at), 3.0, ladder.geometry.row, Ink::Select);
        chosen.flat_map(|at| [ground(at), edge(at)]).collect()
    }

    /// What lies over them.
    #[must_use]
    pub fn texts(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (row, at, before) in self.ladder.window.timed() {
            match &row.body {
                Body::Command(command) => self.command(command, row, at, before, &mut marks),
                Body::Phase(phase) => self.heading(phase, at, &mut marks),
                Body::Run(run) => {
                    let left = self.ladder.geometry.end();
                    marks.push(self.time(row, at, before));
                    marks.push(letters(left, self.foot(at, SIZE), SIZE, run_words(*run), Ink::Text2));
                }
                Body::Inferred { from, to, verb, why } => {
                    marks.push(self.time(row, at, before));
                    self.plate((*from, *to), (verb, ""), Role::Client, false, at, &mut marks);
                    let foot = self.foot(at, SIZE);
                    marks.push(letters(self.ladder.geometry.end(), foot, SIZE, why.clone(), Ink::Text2));
                }
                Body::Silence { seconds } => {
                    let words = format!("{} without a command", wording::duration(*seconds));
                    self.across(&words, at, Dash::Dotted, &mut marks);
                }
                Body::Lost { bytes, stream, .. } => {
                    let bytes = wording::counted(wording::whole(*bytes), "byte", "bytes");
                    let words = format!("not captured: {bytes} on connection {stream}");
                    self.across(&words, at, Dash::Dashed, &mut marks);
                }
                Body::Finding(_) | Body::Packet(_) => {}
            }
        }
        marks
    }

    fn foot(&self, row: u32, size: f64) -> f64 {
        self.ladder.middle(row) + size * FOOT
    }

    fn time(&self, row: &Row, at: u32, before: Option<Moment>) -> Mark {
        let time = self.clock.row(row.time, before);
        mono(12.0, self.foot(at, SIZE), time, Ink::Text2, Anchor::Start)
    }

    fn command(&self, command: &Command, row: &Row, at: u32, before: Option<Moment>, marks: &mut Vec<Mark>) {
        let Geometry { row: height, .. } = self.ladder.geometry;
        marks.push(self.time(row, at, before));
        let trid = command.trid.as_deref().unwrap_or_default();
        let chosen = self.ladder.selected == Some(command.pdu);
        self.plate((command.from, command.to), (&command.verb, trid), command.role, chosen, at, marks);
        let mut x = self.ladder.geometry.end();
        let y = self.foot(at, SIZE);
        if command.severity.is_some() {
            marks.push(warning(x, self.ladder.middle(at)));
            x += 18.0;
        }
        let payload = command.payload.map(|payload| format!("[… {} B]", wording::count(payload.bytes.into())));
        let means = command.complaint.as_deref().filter(|_| command.is_error()).map(|text| format!("{text} · "));
        let words = format!("{}{}", means.unwrap_or_default(), command.carries);
        let room = self.width - x - DELAY - payload.as_ref().map_or(0.0, |text| width(text) + 10.0);
        let words = cut(&words, room);
        let end = x + width(&words);
        marks.push(mono(x, y, words, Ink::Text, Anchor::Start));
        if let Some(payload) = payload {
            marks.push(mono(end + 8.0, y, payload, Ink::Select, Anchor::Start));
        }
        if let Some(after) = answered_after(command) {
            let ink = if command.answers.is_none() { Ink::Warn } else { Ink::Text2 };
            let mut delay = letters(self.width - 12.0, y, SMALL, after, ink);
            anchor(&mut delay, Anchor::End);
            marks.push(delay);
        }
        if let Some((detail, extent)) = self.opened.get(&command.pdu) {
            self.payload(detail, *extent, command.role, self.ladder.top(at) + height, marks);
        }
    }

    /// Verb and number on the arrow, with ground behind them.
    fn plate(
        &self,
        (from, to): (u8, u8),
        (verb, trid): (&str, &str),
        role: Role,
        chosen: bool,
        at: u32,
        marks: &mut Vec<Mark>,
    ) {
        let geometry = &self.ladder.geometry;
        let middle = f64::midpoint(geometry.lane(from), geometry.lane(to));
        let across = width(&format!("{verb} {trid}")) + 8.0;
        let ground = if chosen { Ink::SelectGround } else { Ink::Surface };
        marks.push(Mark::rect(middle - across / 2.0, self.ladder.middle(at) - 8.0, across, 16.0, ground));
        let letters = Letters {
            x: middle,
            y: self.foot(at, SIZE),
            anchor: Anchor::Middle,
            size: SIZE,
            mono: true,
            bold: true,
            text: verb.to_owned(),
            rest: trid.to_owned(),
        };
        marks.push(Mark::filled(Shape::Text(letters), Ink::Role(role)));
    }

    fn heading(&self, phase: &Phase, at: u32, marks: &mut Vec<Mark>) {
        let (top, height) = (self.ladder.top(at), self.ladder.geometry.row);
        marks.push(Mark::rect(0.0, top, self.width, height, Ink::Raised));
        for y in [top, top + height] {
            marks.push(Mark::line((0.0, y), (self.width, y), Ink::Line, 1.0, Dash::Solid));
        }
        let y = self.ladder.middle(at);
        let (across, down) = if phase.folded { (4.0, 4.0) } else { (4.0, -4.0) };
        let fold = match phase.folded {
            true => vec![Pen::Move(14.0, y - 4.0), Pen::Line(14.0 + across, y), Pen::Line(14.0, y + down)],
            false => vec![Pen::Move(12.0, y - 2.0), Pen::Line(12.0 + across, y - 2.0 - down), Pen::Line(20.0, y - 2.0)],
        };
        marks.push(Mark::drawn(fold, Ink::Text2, 1.5, Dash::Solid));
        let letters = Letters {
            x: 30.0,
            y: self.foot(at, 13.0),
            size: 13.0,
            bold: true,
            text: phase.title.clone(),
            rest: counts(phase),
            ..Letters::default()
        };
        marks.push(Mark::filled(Shape::Text(letters), Ink::Text));
    }

    /// A line across everything with words in its middle.
    fn across(&self, words: &str, at: u32, dash: Dash, marks: &mut Vec<Mark>) {
        let (y, middle) = (self.ladder.middle(at), self.width / 2.0);
        let half = width(words) / 2.0 + 14.0;
        marks.push(Mark::line((0.0, y), (middle - half, y), Ink::Edge, 1.5, dash));
        marks.push(Mark::line((middle + half, y), (self.width, y), Ink::Edge, 1.5, dash));
        marks.push(Mark::rect(middle - half, y - 8.0, half * 2.0, 16.0, Ink::Surface));
        let mut text = letters(middle, self.foot(at, SIZE), SIZE, words.to_owned(), Ink::Text2);
        anchor(&mut text, Anchor::Middle);
        marks.push(text);
    }

    /// An open payload: its lines with the colours that its fields have in the bytes.
    fn payload(&self, detail: &Detail, extent: Extent, role: Role, top: f64, marks: &mut Vec<Mark>) {
        let (shown, more) = lines(detail, extent);
        #[allow(clippy::cast_precision_loss)] // some hundred lines
        let height = (shown.len().max(1) + usize::from(more > 0)) as f64 * LINE + AROUND - 10.0;
        let (left, right) = (140.0, self.width - 10.0);
        marks.push(Mark {
            shape: Shape::Rect([left, top + 3.0, right - left, height, 3.0]),
            fill: Some(Ink::Raised),
            stroke: Some(Stroke { ink: Ink::Role(role), width: 1.0, dash: Dash::Solid }),
        });
        marks.push(Mark::rect(left, top + 3.0, 4.0, height, Ink::Role(role)));
        let mut y = top + 10.0;
        for line in &shown {
            let Some(item) = detail.items.get(line.item) else { continue };
            let title = detail.fields.get(item.field as usize).map(|field| field.title.clone()).unwrap_or_default();
            let foot = y + LINE / 2.0 + SIZE * FOOT;
            marks.push(letters(TITLES + f64::from(line.depth) * 12.0, foot, SIZE, title, Ink::Text2));
            let value = cut(&item.value, right - VALUES - 20.0);
            if let Some(colour) = line.colour.filter(|_| !value.is_empty()) {
                let ground = [VALUES - 4.0, y + 3.0, width(&value) + 8.0, LINE - 6.0, 3.0];
                marks.push(Mark::filled(Shape::Rect(ground), Ink::Field(colour)));
            }
            let end = VALUES + width(&value);
            marks.push(mono(VALUES, foot, value, Ink::Text, Anchor::Start));
            if let Some(means) = &item.label {
                let means = cut(means, right - end - 20.0);
                marks.push(letters(end + 12.0, foot, SIZE, means, Ink::Text2));
            }
            y += LINE;
        }
        if more > 0 {
            let words = format!("{more} more lines are not shown");
            marks.push(letters(TITLES, y + LINE / 2.0 + SIZE * FOOT, SIZE, words, Ink::Text3));
        }
    }
}

/// The heads of the lifelines, over the first part.
#[must_use]
pub fn heads(lanes: &[Lane], geometry: &Geometry, width: f64, clock: &Clock) -> Vec<Mark> {
    let mut marks = vec![Mark::rect(0.0, 0.0, width, HEADS, Ink::Raised)];
    marks.push(Mark::line((0.0, HEADS), (width, HEADS), Ink::Line, 1.0, Dash::Solid));
    marks.push(letters(12.0, 30.0, SMALL, clock.title(), Ink::Text2));
    for (lane, at) in lanes.iter().zip(0..) {
        let x = geometry.lane(at);
        let half = (geometry.step - 4.0).min(80.0) / 2.0;
        marks.push(Mark {
            shape: Shape::Rect([x - half, 5.0, half * 2.0, 38.0, 6.0]),
            fill: Some(Ink::Surface),
            stroke: Some(Stroke { ink: Ink::Line, width: 1.0, dash: Dash::Solid }),
        });
        let name = Letters {
            x,
            y: 21.0,
            anchor: Anchor::Middle,
            size: SIZE,
            bold: true,
            text: cut(&lane.name, half * 2.0 - 6.0),
            ..Letters::default()
        };
        marks.push(Mark::filled(Shape::Text(name), Ink::Role(lane.role)));
        let below = match (lane.role, lane.connections) {
            _ if lane.inferred => "inferred".to_owned(),
            (Role::Client, 1) => lane.address.clone(),
            (role, 1) => wording::role(role).to_owned(),
            (_, many) => format!("×{}", wording::count(many.into())),
        };
        let mut below = letters(x, 36.0, SMALL, cut(&below, half * 2.0 + 24.0), Ink::Text2);
        anchor(&mut below, Anchor::Middle);
        marks.push(below);
    }
    marks.push(letters(geometry.end(), 30.0, SMALL, "What it carries".to_owned(), Ink::Text2));
    let mut delay = letters(width - 12.0, 30.0, SMALL, "Answered after".to_owned(), Ink::Text2);
    anchor(&mut delay, Anchor::End);
    marks.push(delay);
    marks
}

fn is_selected(row: &Row, selected: Option<u32>) -> bool {
    matches!(&row.body, Body::Command(command) if Some(command.pdu) == selected)
}

/// A triangle with an exclamation mark.
fn warning(x: f64, y: f64) -> Mark {
    let path = vec![
        Pen::Move(x + 6.5, y - 6.0),
        Pen::Line(x + 13.0, y + 6.0),
        Pen::Line(x, y + 6.0),
        Pen::Close,
        Pen::Move(x + 6.5, y - 2.0),
        Pen::Line(x + 6.5, y + 3.5),
    ];
    Mark {
        stroke: Some(Stroke { ink: Ink::Warn, width: 1.3, dash: Dash::Solid }),
        ..Mark::drawn(path, Ink::Warn, 1.0, Dash::Solid)
    }
}

fn letters(x: f64, y: f64, size: f64, text: String, ink: Ink) -> Mark {
    Mark::filled(Shape::Text(Letters { x, y, size, text, ..Letters::default() }), ink)
}

fn mono(x: f64, y: f64, text: String, ink: Ink, anchor: Anchor) -> Mark {
    Mark::filled(Shape::Text(Letters { x, y, size: SIZE, text, anchor, mono: true, ..Letters::default() }), ink)
}

fn anchor(mark: &mut Mark, anchor: Anchor) {
    if let Shape::Text(letters) = &mut mark.shape {
        letters.anchor = anchor;
    }
}

/// About how wide a text is.
#[allow(clippy::cast_precision_loss)] // some letters
fn width(text: &str) -> f64 {
    text.chars().count() as f64 * SIZE * LETTER
}

/// As much of a text as there is room for.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates
fn cut(text: &str, room: f64) -> String {
    let room = (room / (SIZE * LETTER)).max(1.0) as usize;
    match text.char_indices().nth(room) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
