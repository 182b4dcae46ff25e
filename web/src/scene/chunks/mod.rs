//! The map of an object: its arrivals and what they brought, as the page asks for it. Pure: no browser, no colours.

pub mod cells;
pub mod chart;
pub mod film;
mod find;
mod order;
pub mod words;

pub use find::{Found, find};
use order::Order;

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
    /// They came again, and nobody has looked yet whether they were the same.
    Unchecked,
    /// They came again, and were the same.
    Twice,
    /// They came before bytes that stand before them, or after bytes that stand behind them.
    OutOfOrder,
}

impl Mark {
    /// All marks, the worst first.
    pub const ALL: [Self; 6] =
        [Self::Missing, Self::Different, Self::Unacknowledged, Self::Unchecked, Self::Twice, Self::OutOfOrder];

    /// In the legend.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Different => "came twice, bytes differ",
            Self::Unacknowledged => "never acknowledged",
            Self::Unchecked => "came twice, not yet compared",
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
        } else if arrival.is(Arrival::UNCHECKED) {
            marks.set(Mark::Unchecked);
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
    /// What is asked for each picture of a replay.
    order: Order,
    /// The ways the packets took.
    pub carriers: Vec<Carrier>,
    /// What was agreed and done.
    pub steps: Vec<Happening>,
    /// A small picture of a file, from its invitation.
    pub preview: Vec<u8>,
}

/// No time in it is "not a number". So two pointers to one map are the same at a glance, however many chunks it has: that
/// is asked for each picture of a replay.
impl Eq for Map {}

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
            order: Order::new(&arrivals, &runs),
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
        self.missing_before(self.size)
    }

    /// Bytes before a place that are missing.
    #[must_use]
    pub fn missing_before(&self, end: u64) -> u64 {
        self.gaps.iter().map(|(from, to)| (*to).min(end).saturating_sub(*from)).sum()
    }

    /// Behind the furthest byte that came.
    #[must_use]
    pub fn furthest(&self) -> u64 {
        self.runs.last().map_or(0, |run| run.end)
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
        self.order.receipts
    }

    /// Whether bytes came twice that nobody has compared yet.
    #[must_use]
    pub fn is_unchecked(&self) -> bool {
        self.count(Mark::Unchecked) > 0
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
        let at = self.gaps.partition_point(|(_, to)| *to <= offset);
        self.gaps.get(at).copied().filter(|(from, _)| *from <= offset)
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

    /// The first byte that a command brought.
    #[must_use]
    pub fn place_of(&self, pdu: u32) -> Option<u64> {
        self.arrivals.iter().find(|arrival| arrival.pdu == pdu).map(|arrival| arrival.offset)
    }

    /// How many arrivals have come up to a time.
    #[must_use]
    pub fn come(&self, until: f64) -> usize {
        self.order.times.partition_point(|(time, _)| *time <= until)
    }

    /// How many chunks have not come yet at a time, of those that come: repeats are none.
    #[must_use]
    pub fn awaited(&self, until: f64) -> usize {
        self.order.firsts.len() - self.order.firsts.partition_point(|time| *time <= until)
    }

    /// When so many arrivals have come and one more; the end of all for numbers beyond.
    #[must_use]
    pub fn time_of(&self, number: usize) -> f64 {
        self.order.times.get(number).map_or(self.duration, |(time, _)| *time)
    }

    /// The arrivals between two times, both included, in the order of time.
    pub fn between(&self, from: f64, to: f64) -> impl Iterator<Item = u32> + '_ {
        let first = self.order.times.partition_point(|(time, _)| *time < from);
        self.order.times.iter().skip(first).take_while(move |(time, _)| *time <= to).map(|(_, number)| *number)
    }

    /// The arrival so many further in the order of time; the first or last one for steps beyond.
    #[must_use]
    pub fn neighbour(&self, number: u32, by: isize) -> u32 {
        let time = self.arrival(number).map_or(0.0, |arrival| arrival.time);
        let from = self.order.times.partition_point(|(other, _)| *other < time);
        let at = self.order.times.iter().skip(from).position(|(_, other)| *other == number).unwrap_or(0);
        let last = self.order.times.len().saturating_sub(1);
        let to = from.saturating_add(at).saturating_add_signed(by).min(last);
        self.order.times.get(to).map_or(number, |(_, number)| *number)
    }

    /// The first hole at a time: how many bytes from the beginning have come.
    #[must_use]
    pub fn beginning(&self, until: f64) -> u64 {
        let at = self.order.reach.partition_point(|(time, _)| *time <= until);
        at.checked_sub(1).and_then(|at| self.order.reach.get(at)).map_or(0, |(_, end)| *end)
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
