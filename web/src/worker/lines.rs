//! Which line stands where in a list: commands in the order of their packets, and what stands between them. A list grows
//! as commands come; one that comes late makes it go back.

use super::check::Checked;
use super::sieve::Sieve;
use super::store::{Key, Record, Store, moment};
use crate::protocol::{Form, List, Scope};

/// Seconds without a command after which a list says so.
const SILENCE: f64 = 10.0;

/// One line of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A command, by its number.
    Command(u32),
    /// A connection begins with this command.
    Opened {
        /// Index of the connection.
        stream: u32,
        /// Its first command.
        before: u32,
    },
    /// Nothing was said between these commands.
    Silence {
        /// The one before.
        after: u32,
        /// The one behind.
        before: u32,
    },
    /// Lost bytes, by the index of the gap.
    Lost(u32),
    /// An expert, by its index.
    Finding(u32),
}

/// What lines are sorted by: the command they stand at, and their order there.
type Place = (Key, u8);

impl Line {
    fn place(self, store: &Store) -> Place {
        match self {
            Self::Lost(gap) => ((store.gaps.get(gap as usize).map_or(0, |gap| gap.frame), 0), 0),
            Self::Silence { before, .. } => (store.key(before), 0),
            Self::Opened { before, .. } => (store.key(before), 1),
            Self::Command(number) => (store.key(number), 2),
            Self::Finding(index) => ((index.into(), 0), 0),
        }
    }
}

/// The lines of one list.
#[derive(Debug)]
pub struct Lines {
    /// Which list.
    pub list: List,
    lines: Vec<Line>,
    /// Commands that were looked at: so many of the store's order.
    done: usize,
    /// Gaps that were looked at.
    gaps: usize,
}

impl Lines {
    /// A list without lines.
    #[must_use]
    pub const fn new(list: List) -> Self {
        Self { list, lines: Vec::new(), done: 0, gaps: 0 }
    }

    /// How many commands were looked at.
    #[must_use]
    pub fn looked_at(&self) -> u32 {
        narrow(self.done)
    }

    /// How many lines.
    #[must_use]
    pub fn total(&self) -> u32 {
        narrow(self.lines.len())
    }

    /// The lines `first .. first + count`, as far as they exist.
    #[must_use]
    pub fn window(&self, first: u32, count: u32) -> &[Line] {
        let start = (first as usize).min(self.lines.len());
        let end = start.saturating_add(count as usize).min(self.lines.len());
        self.lines.get(start..end).unwrap_or_default()
    }

    /// The row of a command.
    #[must_use]
    pub fn row(&self, store: &Store, number: u32) -> Option<u32> {
        let place = Line::Command(number).place(store);
        self.lines.binary_search_by_key(&place, |line| line.place(store)).ok().map(narrow)
    }

    /// What a row is sorted by.
    #[must_use]
    pub fn key(&self, store: &Store, row: u32) -> Option<Key> {
        self.lines.get(row as usize).map(|line| line.place(store).0)
    }

    /// The command `by` rows further than `from`; from the beginning (or the end) when nothing is selected.
    #[must_use]
    pub fn step(&self, store: &Store, from: Option<u32>, by: i32) -> Option<u32> {
        let last = i64::from(self.total()) - 1;
        let goal = match from {
            Some(number) => i64::from(self.row_near(store, number)) + i64::from(by),
            None if by == i32::MAX || (by < 0 && by != i32::MIN) => last,
            None => 0,
        };
        let row = usize::try_from(goal.clamp(0, last.max(0))).unwrap_or(0);
        let (before, behind) = self.lines.split_at_checked(row)?;
        let forward = || behind.iter().find_map(command);
        let backward = || before.iter().rev().find_map(command);
        if by < 0 {
            behind.first().and_then(command).or_else(backward).or_else(forward)
        } else {
            forward().or_else(backward)
        }
    }

    /// The row of a command, or where it would stand.
    fn row_near(&self, store: &Store, number: u32) -> u32 {
        let place = Line::Command(number).place(store);
        let row = self.lines.partition_point(|line| line.place(store) < place);
        narrow(row.min(self.lines.len().saturating_sub(1)))
    }

    /// Forgets everything from a key on.
    pub fn go_back(&mut self, key: Key, store: &Store) {
        let done = store.position(key);
        if self.list.form != Form::Findings && done <= self.done {
            self.keep_until((key, 0), store);
            self.done = done;
            self.gaps = store.gaps.partition_point(|gap| gap.frame < key.0);
        }
    }

    /// Takes in what came since.
    ///
    /// A filter is asked about so many commands at most; [`Lines::looked_at`] says how far that went.
    pub fn extend(&mut self, store: &Store, checked: &Checked, mut sieve: Option<(&mut Sieve, u32)>) {
        if self.list.form == Form::Findings {
            self.extend_findings(store, checked);
            return;
        }
        self.forget_losses_at_the_end(store);
        let mut before =
            self.lines.iter().rev().find_map(command).and_then(|number| Some((number, *store.record(number)?)));
        for number in store.order().iter().skip(self.done).copied() {
            if let Some((sieve, left)) = &mut sieve
                && sieve.known(number).is_none()
            {
                let Some(less) = left.checked_sub(1) else { return };
                *left = less;
            }
            self.done += 1;
            let Some(record) = store.record(number).filter(|record| self.wants(store, record)) else { continue };
            if !sieve.as_mut().is_none_or(|(sieve, _)| sieve.takes(number, store, &checked.noted)) {
                continue;
            }
            if self.list.form == Form::Ladder {
                self.lost_before(record.frame, store);
                self.lead_in(before.as_ref(), number, record, store);
            }
            self.lines.push(Line::Command(number));
            before = Some((number, *record));
        }
        if self.list.form == Form::Ladder {
            self.lost_before(u64::MAX, store);
        }
    }

    /// Losses behind the last command: a command that comes now may stand before them.
    fn forget_losses_at_the_end(&mut self, store: &Store) {
        let last = self.done.checked_sub(1).and_then(|at| store.order().get(at));
        let last = last.map_or((0, 0), |number| store.key(*number));
        self.keep_until((last, u8::MAX), store);
        self.gaps = self.gaps.min(store.gaps.partition_point(|gap| gap.frame <= last.0));
    }

    fn keep_until(&mut self, place: Place, store: &Store) {
        let keep = self.lines.partition_point(|line| line.place(store) < place);
        self.lines.truncate(keep);
    }

    fn extend_findings(&mut self, store: &Store, checked: &Checked) {
        // Their order changes when the check is over; rebuilding them costs less than one frame.
        let own = |index: &u32| {
            let found = checked.found.get(*index as usize);
            found.and_then(|found| store.record(found.pdu)).is_some_and(|record| self.wants(store, record))
        };
        self.lines = (0..narrow(checked.found.len())).filter(own).map(Line::Finding).collect();
    }

    /// What stands above a command: a silence, the beginning of its connection.
    fn lead_in(&mut self, before: Option<&(u32, Record)>, number: u32, record: &Record, store: &Store) {
        // Between commands that a filter takes there may have been others.
        if let Some((after, earlier)) = before.filter(|_| self.list.filter == 0)
            && moment(record.time).since(moment(earlier.time)) >= SILENCE
        {
            self.lines.push(Line::Silence { after: *after, before: number });
        }
        if store.stream(record).is_some_and(|stream| stream.first.1 == number) {
            self.lines.push(Line::Opened { stream: record.stream, before: number });
        }
    }

    /// Losses noticed up to a packet.
    fn lost_before(&mut self, frame: u64, store: &Store) {
        while let Some(gap) = store.gaps.get(self.gaps).filter(|gap| gap.frame <= frame) {
            let own = match self.list.scope {
                Scope::All => true,
                Scope::Connection(stream) => gap.stream == stream,
            };
            if own {
                self.lines.push(Line::Lost(narrow(self.gaps)));
            }
            self.gaps += 1;
        }
    }

    fn wants(&self, store: &Store, record: &Record) -> bool {
        match self.list.scope {
            Scope::All => true,
            Scope::Connection(number) => store.stream(record).is_some_and(|stream| stream.info.stream == number),
        }
    }
}

fn command(line: &Line) -> Option<u32> {
    match line {
        Line::Command(number) => Some(*number),
        _ => None,
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
