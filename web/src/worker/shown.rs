//! Which rows of a ladder are shown: phases under their headings, again where one goes on behind another, runs of pings and
//! typing notices folded into one row.
//!
//! Comes in: all lines of a list, and what the reader folded. Goes out: the rows. One pass over the lines; when lines come or
//! change behind a phase that is over, over those behind it.

use std::collections::BTreeSet;

use msnp_dissector::msnp::verb;

use super::lines::Line;
use super::store::{Key, Record, Store};
use crate::protocol::{Folding, Quiet, Role};

/// The lines before that of a connection that may belong to its phase.
const ASKED: u32 = 2;
/// So many commands of a kind that repeats are a run.
const RUN: u32 = 3;

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A line, by its index.
    Line(u32),
    /// What must have happened after a line, by its index.
    Inferred(u32),
    /// The heading of a phase.
    Phase(Stretch),
    /// The heading of a run, and its kind.
    Run(Stretch, Quiet),
}

/// Lines `first .. end` that are told together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The command that names it.
    pub id: u32,
    /// First line.
    pub first: u32,
    /// One past the last line.
    pub end: u32,
    /// Rows under its heading, as they are folded now.
    pub rows: u32,
    /// Whether they are folded away.
    pub folded: bool,
}

impl Shown {
    /// The first of its lines.
    #[must_use]
    pub const fn first(self) -> u32 {
        match self {
            Self::Line(line) | Self::Inferred(line) => line,
            Self::Phase(stretch) | Self::Run(stretch, _) => stretch.first,
        }
    }

    /// Its name, if it can be folded.
    #[must_use]
    pub const fn folding(self) -> Option<(Folding, Stretch)> {
        match self {
            Self::Line(_) | Self::Inferred(_) => None,
            Self::Phase(stretch) => Some((Folding::Phase(stretch.id), stretch)),
            Self::Run(stretch, _) => Some((Folding::Run(stretch.id), stretch)),
        }
    }
}

/// What the reader folded and unfolded. Phases begin unfolded, runs folded.
#[derive(Debug, Clone, Default)]
pub struct Folds {
    turned: BTreeSet<Folding>,
}

impl Folds {
    /// Folds, or unfolds.
    pub fn turn(&mut self, what: Folding) {
        if !self.turned.remove(&what) {
            self.turned.insert(what);
        }
    }

    fn folded(&self, what: Folding) -> bool {
        self.turned.contains(&what) != matches!(what, Folding::Run(_))
    }
}

/// The rows of a ladder.
#[derive(Debug, Default)]
pub struct Arranged {
    rows: Vec<Shown>,
    /// Where phases are over; what stands before one depends on nothing behind it but its first lines.
    marks: Vec<Mark>,
}

/// So many lines, in so many rows.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    lines: u32,
    rows: usize,
    /// The connection whose phase was over last, if no other has begun since.
    over: Option<u32>,
}

impl Arranged {
    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[Shown] {
        &self.rows
    }

    /// Arranges the lines from `changed` on; all before it are as they were the last time.
    pub fn arrange(&mut self, store: &Store, lines: &[Line], folds: &Folds, infers: bool, changed: u32) {
        let settled = |mark: &Mark| mark.lines.saturating_add(ASKED) < changed;
        self.marks.truncate(self.marks.partition_point(settled));
        let Mark { lines: mut done, rows, mut over } = self.marks.last().copied().unwrap_or_default();
        self.rows.truncate(rows);
        let mut rows = Rows { store, lines, folds, infers, shown: std::mem::take(&mut self.rows) };
        let mut phase: Option<Phase> = None;
        // Lines up to one are done: of a phase, or of none.
        let mut close = |phase: &mut Option<Phase>, done: &mut u32, end: u32, over: Option<u32>| {
            rows.close(phase.take(), *done, end);
            *done = end;
            self.marks.push(Mark { lines: end, rows: rows.shown.len(), over });
        };
        for (line, at) in lines.iter().zip(0_u32..).skip(done as usize) {
            match *line {
                Line::Opened { stream, before } => {
                    let first = asked_for(store, lines, at, stream).max(done);
                    over = None;
                    close(&mut phase, &mut done, first, over);
                    phase = Some(Phase { stream, id: before, first });
                }
                Line::Command(number) => {
                    let Some(record) = store.record(number) else { continue };
                    let key = store.key(number);
                    let goal = |phase: &Phase| goal(store, phase).map(|goal| (goal, phase.stream));
                    // A filter may leave out the command with which it is over.
                    if let Some((_, stream)) = phase.as_ref().and_then(goal).filter(|(goal, _)| *goal < key) {
                        over = Some(stream);
                        close(&mut phase, &mut done, at, over);
                    }
                    if phase.is_none() && over.is_some_and(|over| over != record.stream) {
                        close(&mut phase, &mut done, at, over);
                        phase = Some(Phase { stream: record.stream, id: number, first: at });
                    }
                    if let Some((_, stream)) = phase.as_ref().and_then(goal).filter(|(goal, _)| *goal == key) {
                        over = Some(stream);
                        close(&mut phase, &mut done, at + 1, over);
                    }
                }
                _ => {}
            }
        }
        rows.close(phase, done, u32::try_from(lines.len()).unwrap_or(u32::MAX));
        self.rows = rows.shown;
    }
}

/// A phase that is not over yet.
#[derive(Debug, Clone, Copy)]
struct Phase {
    stream: u32,
    /// The first command of the connection; where the phase goes on behind another's, the first from there on.
    id: u32,
    first: u32,
}

/// The command with which a phase is over, as far as that is known: signing in with the first presence, all else with its
/// connection.
fn goal(store: &Store, phase: &Phase) -> Option<Key> {
    let stream = store.streams.get(phase.stream as usize)?;
    let settled = stream.milestones.settled.filter(|_| stream.role == Role::Notification);
    let settled = settled.map(|number| store.key(number)).filter(|settled| *settled >= store.key(phase.id));
    settled.or_else(|| stream.closed.then_some(stream.last))
}

/// Where the phase of a connection that begins at a line begins: with the request for a switchboard, or the invitation
/// into one, if nothing else stands between.
fn asked_for(store: &Store, lines: &[Line], at: u32, stream: u32) -> u32 {
    let role = store.streams.get(stream as usize).map(|stream| stream.role);
    let command = |back: u32| match lines.get(at.checked_sub(back)? as usize)? {
        Line::Command(number) => Some((*number, *store.record(*number)?)),
        _ => None,
    };
    let server = |record: &Record| !record.from_client() && Store::role(&record.context) == Role::Notification;
    let Some((_, answer)) = command(1).filter(|(_, record)| role == Some(Role::Switchboard) && server(record)) else {
        return at;
    };
    match store.pdu(&answer).verb() {
        Some(verb::RNG) => at - 1,
        Some(verb::XFR) => {
            let request = answer.context.answers.map(|request| request.pdu);
            if request.is_some() && command(2).map(|(number, _)| number) == request { at - 2 } else { at - 1 }
        }
        _ => at,
    }
}

/// Rows while they are put together.
struct Rows<'a> {
    store: &'a Store,
    lines: &'a [Line],
    folds: &'a Folds,
    infers: bool,
    shown: Vec<Shown>,
}

impl Rows<'_> {
    /// Lines up to `end`: of a phase, or of none.
    fn close(&mut self, phase: Option<Phase>, first: u32, end: u32) {
        let Some(Phase { id, first, .. }) = phase else { return self.lines(first, end) };
        if first >= end {
            // What would have gone on asks for the next phase.
            return;
        }
        let folded = self.folds.folded(Folding::Phase(id));
        let heading = self.shown.len();
        let stretch = Stretch { id, first, end, rows: 0, folded };
        self.shown.push(Shown::Phase(stretch));
        if !folded {
            self.lines(first, end);
        }
        let rows = u32::try_from(self.shown.len() - heading - 1).unwrap_or(u32::MAX);
        if let Some(shown) = self.shown.get_mut(heading) {
            *shown = Shown::Phase(Stretch { rows, ..stretch });
        }
    }

    fn lines(&mut self, first: u32, end: u32) {
        let mut at = first;
        while at < end {
            at = match self.run(at, end) {
                Some((stretch, kind)) => {
                    self.shown.push(Shown::Run(stretch, kind));
                    if !stretch.folded {
                        self.plain(stretch.first, stretch.end);
                    }
                    stretch.end
                }
                None => {
                    self.plain(at, at + 1);
                    at + 1
                }
            };
        }
    }

    fn plain(&mut self, first: u32, end: u32) {
        for at in first..end {
            match self.lines.get(at as usize) {
                None | Some(Line::Opened { .. }) => continue,
                Some(Line::Command(number)) if self.infers => {
                    self.shown.push(Shown::Line(at));
                    let record = self.store.record(*number);
                    if record.is_some_and(|record| self.store.rings_unseen(*number, record)) {
                        self.shown.push(Shown::Inferred(at));
                    }
                }
                Some(_) => self.shown.push(Shown::Line(at)),
            }
        }
    }

    /// The run that begins at a line, if one does.
    fn run(&self, first: u32, limit: u32) -> Option<(Stretch, Quiet)> {
        let quiet = |line: u32| match self.lines.get(line as usize)? {
            Line::Command(number) => Some((*number, self.store.record(*number)?.quiet?)),
            _ => None,
        };
        let (id, kind) = quiet(first)?;
        let (mut commands, mut end, mut at) = (1, first + 1, first + 1);
        while at < limit {
            match self.lines.get(at as usize) {
                // A silence belongs to the run if the run goes on behind it.
                Some(Line::Silence { .. }) => {}
                Some(Line::Command(_)) if quiet(at).is_some_and(|(_, other)| other == kind) => {
                    commands += 1;
                    end = at + 1;
                }
                _ => break,
            }
            at += 1;
        }
        let folded = self.folds.folded(Folding::Run(id));
        let rows = if folded { 0 } else { end - first };
        (commands >= RUN).then_some((Stretch { id, first, end, rows, folded }, kind))
    }
}
