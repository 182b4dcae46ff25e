//! The map of an object: its arrivals and what they brought, as the page asks for it. Pure: no browser, no colours.

pub mod cells;
pub mod chart;
mod find;
pub mod words;

pub use find::{Found, find};

use crate::protocol::Moment;
use crate::protocol::story::Happening;
use crate::protocol::transfers::{Arrival, Carrier, Chunks, Run};

/// What is to be said about bytes besides when they came, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// They never came.
    Missing,
    /// They came again, and were different.
    Different,
    /// Nobody acknowledged them.
    Unacknowledged,
    /// They came again; the same, or not compared yet.
    Twice,
    /// They came before bytes that stand before them, or after bytes that stand behind them.
    OutOfOrder,
}

impl Mark {
    /// All marks, the worst first.
    pub const ALL: [Self; 5] = [Self::Missing, Self::Different, Self::Unacknowledged, Self::Twice, Self::OutOfOrder];

    /// In the legend.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Different => "came twice, bytes differ",
            Self::Unacknowledged => "never acknowledged",
            Self::Twice => "came twice, same bytes",
            Self::OutOfOrder => "out of order",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Some marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks(u8);

impl Marks {
    /// The marks of an arrival.
    #[must_use]
    pub fn of(arrival: &Arrival) -> Self {
        let mut marks = Self::default();
        if arrival.is(Arrival::DIFFERENT) {
            marks.set(Mark::Different);
        } else if arrival.is(Arrival::TWICE) {
            marks.set(Mark::Twice);
        }
        if arrival.is_unacknowledged() {
            marks.set(Mark::Unacknowledged);
        }
        if arrival.is(Arrival::OUT_OF_ORDER) {
            marks.set(Mark::OutOfOrder);
        }
        marks
    }

    /// Sets one.
    pub const fn set(&mut self, mark: Mark) {
        self.0 |= mark.bit();
    }

    /// Whether one is set.
    #[must_use]
    pub const fn has(self, mark: Mark) -> bool {
        self.0 & mark.bit() != 0
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// All but one.
    #[must_use]
    pub const fn without(self, mark: Mark) -> Self {
        Self(self.0 & !mark.bit())
    }

    /// The worst one.
    #[must_use]
    pub fn worst(self) -> Option<Mark> {
        Mark::ALL.into_iter().find(|mark| self.has(*mark))
    }

    /// In words; empty when there is nothing to say.
    #[must_use]
    pub fn words(self) -> String {
        let set = Mark::ALL.into_iter().filter(|mark| self.has(*mark)).map(Mark::title);
        set.collect::<Vec<_>>().join(", ")
    }
}

/// The map.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Map {
    /// Which transfer.
    pub id: u32,
    /// Bytes of the object.
    pub size: u64,
    /// When the first chunk came.
    pub origin: Moment,
    /// Arrivals, in their order.
    pub arrivals: Vec<Arrival>,
    /// What brought each byte, in the order of the object.
    pub runs: Vec<Run>,
    /// What is missing: first byte, and the one behind the last.
    pub gaps: Vec<(u64, u64)>,
    /// Seconds from the first to the last arrival.
    pub duration: f64,
    /// The ways the packets took.
    pub carriers: Vec<Carrier>,
    /// What was agreed and done.
    pub steps: Vec<Happening>,
    /// A small picture of a file, from its invitation.
    pub preview: Vec<u8>,
}

impl From<Chunks> for Map {
    fn from(chunks: Chunks) -> Self {
        let (arrivals, runs) = (chunks.arrivals(), chunks.runs());
        let furthest = runs.last().map_or(0, |run| run.end);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates
        let size = (chunks.size as u64).max(furthest);
        let mut at = 0;
        let mut gaps = Vec::new();
        for run in &runs {
            if run.start > at {
                gaps.push((at, run.start));
            }
            at = at.max(run.end);
        }
        if at < size {
            gaps.push((at, size));
        }
        Self {
            id: chunks.id,
            size,
            origin: chunks.origin,
            duration: arrivals.iter().map(|arrival| arrival.time).fold(0.0, f64::max),
            arrivals,
            runs,
            gaps,
            carriers: chunks.carriers,
            steps: chunks.steps,
            preview: chunks.preview,
        }
    }
}

impl Map {
    /// Bytes that are missing.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.gaps.iter().map(|(from, to)| to - from).sum()
    }

    /// How many arrivals have a mark; for missing ones, how many holes there are.
    #[must_use]
    pub fn count(&self, mark: Mark) -> usize {
        match mark {
            Mark::Missing => self.gaps.len(),
            _ => self.arrivals.iter().filter(|arrival| Marks::of(arrival).has(mark)).count(),
        }
    }

    /// Whether any arrival was acknowledged: where none was, saying so of each is saying nothing.
    #[must_use]
    pub fn has_receipts(&self) -> bool {
        self.arrivals.iter().any(|arrival| arrival.acknowledged_by > 0)
    }

    /// The usual length of a chunk: the one that most arrivals have.
    #[must_use]
    pub fn usual(&self) -> u64 {
        let mut lengths =
            self.arrivals.iter().map(|arrival| arrival.length).filter(|length| *length > 0).collect::<Vec<_>>();
        lengths.sort_unstable();
        let most = lengths.chunk_by(|a, b| a == b).max_by_key(|same| same.len());
        most.and_then(|same| same.first()).map_or(1024, |length| u64::from(*length))
    }

    /// The run that holds a byte.
    #[must_use]
    pub fn run_at(&self, offset: u64) -> Option<Run> {
        let at = self.runs.partition_point(|run| run.end <= offset);
        self.runs.get(at).copied().filter(|run| run.start <= offset)
    }

    /// The hole that holds a byte.
    #[must_use]
    pub fn gap_at(&self, offset: u64) -> Option<(u64, u64)> {
        self.gaps.iter().copied().find(|(from, to)| (*from..*to).contains(&offset))
    }

    /// All arrivals that brought a byte, the first of them first: its run's, then those that came again.
    #[must_use]
    pub fn arrivals_at(&self, offset: u64) -> Vec<u32> {
        let first = self.run_at(offset).map(|run| run.arrival);
        let again =
            self.arrivals.iter().zip(0_u32..).filter(|(arrival, number)| {
                arrival.offset <= offset && offset < arrival.end() && Some(*number) != first
            });
        first.into_iter().chain(again.map(|(_, number)| number)).collect()
    }

    /// One arrival.
    #[must_use]
    pub fn arrival(&self, number: u32) -> Option<&Arrival> {
        self.arrivals.get(number as usize)
    }

    /// The number of the last arrival up to a time, plus one: how many have come.
    #[must_use]
    pub fn come(&self, until: f64) -> usize {
        self.arrivals.iter().take_while(|arrival| arrival.time <= until).count()
    }

    /// When the arrival of this number comes; the end of all for numbers beyond.
    #[must_use]
    pub fn time_of(&self, number: usize) -> f64 {
        self.arrivals.get(number).map_or(self.duration, |arrival| arrival.time)
    }

    /// The first hole at a time: how many bytes from the beginning have come.
    #[must_use]
    pub fn beginning(&self, until: f64) -> u64 {
        let mut at = 0;
        for run in &self.runs {
            if run.start > at || self.arrival(run.arrival).is_none_or(|arrival| arrival.time > until) {
                break;
            }
            at = run.end;
        }
        at
    }

    /// The bytes of the object as they were at a time: what had not come is 0xff.
    #[must_use]
    pub fn as_it_was(&self, bytes: &[u8], until: f64) -> Vec<u8> {
        let mut was = vec![0xff; bytes.len()];
        for run in &self.runs {
            let (start, end) = (usize::try_from(run.start), usize::try_from(run.end));
            let (Ok(start), Ok(end)) = (start, end) else { break };
            let end = end.min(bytes.len());
            let come = self.arrival(run.arrival).is_some_and(|arrival| arrival.time <= until);
            if let (true, Some(from), Some(to)) = (come, bytes.get(start..end), was.get_mut(start..end)) {
                to.copy_from_slice(from);
            }
        }
        was
    }

    /// When a time is between the first arrival (0) and the last (1).
    #[must_use]
    pub fn share(&self, time: f64) -> f64 {
        if self.duration > 0.0 { (time / self.duration).clamp(0.0, 1.0) } else { 0.0 }
    }
}

#[cfg(test)]
pub(crate) mod tests;
