//! The ladder as text: lifelines as `|`, arrows as `---VER 1-->`.

use super::words::{answered_after, counts, label, run_words};
use crate::clock::Clock;
use crate::protocol::{Body, Command, Moment, Row, Window};
use crate::wording;

/// Letters of a time.
const TIME: usize = 14;
/// Letters from lifeline to lifeline.
const STEP: usize = 16;

/// Writes the rows of a window.
pub fn write(window: &Window, clock: &Clock, out: &mut String) {
    for (row, at, before) in window.timed() {
        let line = line(window, row, at, clock, before);
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// The names of the lifelines, above the first row.
pub fn heads(window: &Window, clock: &Clock, out: &mut String) {
    let mut line: Vec<char> = padded(&clock.title(), TIME).chars().collect();
    line.resize(TIME + window.lanes.len() * STEP, ' ');
    for (lane, at) in window.lanes.iter().zip(0..) {
        let name = lane.name.chars().take(STEP - 2);
        let start = place(at).saturating_sub(lane.name.chars().count().min(STEP - 2) / 2);
        for (offset, letter) in name.enumerate() {
            put(&mut line, start + offset, letter);
        }
    }
    let line: String = line.into_iter().collect();
    out.push_str(&format!("{}What it carries", padded(line.trim_end(), drawing(window))));
    out.push('\n');
}

fn line(window: &Window, row: &Row, at: u32, clock: &Clock, before: Option<Moment>) -> String {
    match &row.body {
        Body::Command(command) => {
            let time = padded(&clock.row(row.time, before), TIME);
            let mut drawn = lifelines(window, at);
            arrow((command.from, command.to), &label(command), '-', &mut drawn);
            let drawn: String = drawn.into_iter().collect();
            format!("{time}{drawn}{}", carried(command))
        }
        Body::Phase(phase) => format!("== {}: {}", phase.title, counts(phase)),
        Body::Run(run) => {
            let drawn: String = lifelines(window, at).into_iter().collect();
            format!("{}{drawn}~ {}", padded(&clock.row(row.time, before), TIME), run_words(*run))
        }
        Body::Inferred { from, to, verb, why } => {
            let mut drawn = lifelines(window, at);
            arrow((*from, *to), verb, '.', &mut drawn);
            let drawn: String = drawn.into_iter().collect();
            format!("{}{drawn}{why}", padded(&clock.row(row.time, before), TIME))
        }
        Body::Silence { seconds } => {
            let drawn: String = lifelines(window, at).into_iter().collect();
            format!("{}{drawn}... {} without a command", " ".repeat(TIME), wording::duration(*seconds))
        }
        Body::Lost { bytes, stream, .. } => {
            let drawn: String = lifelines(window, at).into_iter().collect();
            let bytes = wording::counted(wording::whole(*bytes), "byte", "bytes");
            format!("{}{drawn}/// not captured: {bytes} on connection {stream}", " ".repeat(TIME))
        }
        Body::Finding(_) | Body::Packet(_) => String::new(),
    }
}

fn carried(command: &Command) -> String {
    let means = command.complaint.as_deref().filter(|_| command.is_error());
    let payload = command.payload.map(|payload| format!("[{} B]", payload.bytes));
    let delay = answered_after(command).map(|after| format!("({after})"));
    let carries = Some(command.carries.as_str()).filter(|text| !text.is_empty());
    let parts = [means, carries, payload.as_deref(), delay.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Where a lifeline stands among the letters of a drawing.
const fn place(lane: usize) -> usize {
    TIME + 2 + lane * STEP
}

/// Letters up to the texts.
fn drawing(window: &Window) -> usize {
    place(window.lanes.len().saturating_sub(1)) + 4
}

/// `|` while a connection is open, `.` while none is.
fn lifelines(window: &Window, row: u32) -> Vec<char> {
    let mut drawn = vec![' '; drawing(window) - TIME];
    for lane in 0..window.lanes.len() {
        let open = |bar: &crate::protocol::Bar| usize::from(bar.lane) == lane && (bar.first..=bar.last).contains(&row);
        put(&mut drawn, place(lane) - TIME, if window.bars.iter().any(open) { '|' } else { '.' });
    }
    drawn
}

/// `---VER 1-->` between two lifelines, over those that it crosses.
fn arrow((from, to): (u8, u8), label: &str, stroke: char, drawn: &mut [char]) {
    let (from, to) = (place(from.into()) - TIME, place(to.into()) - TIME);
    let (left, right) = (from.min(to), from.max(to));
    let Some(room) = right.checked_sub(left + 1).filter(|room| *room > 2) else { return };
    for at in left + 1..right {
        put(drawn, at, stroke);
    }
    let label: Vec<char> = label.chars().take(room - 2).collect();
    let start = left + 1 + (room - label.len()) / 2;
    for (offset, letter) in label.into_iter().enumerate() {
        put(drawn, start + offset, letter);
    }
    if to > from { put(drawn, right - 1, '>') } else { put(drawn, left + 1, '<') }
}

fn put(line: &mut [char], at: usize, letter: char) {
    if let Some(place) = line.get_mut(at) {
        *place = letter;
    }
}

fn padded(text: &str, to: usize) -> String {
    let missing = to.saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(missing))
}
