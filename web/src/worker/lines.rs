//! Which line stands where in a list: commands in the order of their packets, and what stands between them. A list grows
//! as commands come; one that comes late makes it go back.

use super::check::Checked;
use super::shown::{Arranged, Folds, Shown};
use super::sieve::Sieve;
use super::store::{Key, Record, Store, moment};
use crate::protocol::{Form, List, Moment, Scope};

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
    /// A packet, by the first command that it completes.
    Packet(u32),
}

/// What lines are sorted by: the command they stand at, and their order there.
type Place = (Key, u8);

impl Line {
    fn place(self, store: &Store) -> Place {
        match self {
            Self::Lost(gap) => ((store.gaps.get(gap as usize).map_or(0, |gap| gap.frame), 0), 0),
            Self::Silence { before, .. } => (store.key(before), 0),
            Self::Opened { before, .. } => (store.key(before), 1),
            Self::Command(number) | Self::Packet(number) => (store.key(number), 2),
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
    /// Ends of connections that were looked at: phases end with them.
    ended: usize,
    /// What of it is shown, in a ladder; every other list shows all its lines.
    shown: Option<Arranged>,
    /// The first line that is not as it was when the rows were arranged.
    changed: u32,
}

impl Lines {
    /// A list without lines.
    #[must_use]
    pub const fn new(list: List) -> Self {
        Self { list, lines: Vec::new(), done: 0, gaps: 0, ended: 0, shown: None, changed: 0 }
    }

    /// How many commands were looked at.
    #[must_use]
    pub fn looked_at(&self) -> u32 {
        narrow(self.done)
    }

    /// All lines, folded or not.
    #[must_use]
    pub fn all(&self) -> &[Line] {
        &self.lines
    }

    /// How many rows.
    #[must_use]
    pub fn total(&self) -> u32 {
        narrow(self.shown.as_ref().map_or(self.lines.len(), |shown| shown.rows().len()))
    }

    /// What stands in a row.
    #[must_use]
    pub fn at(&self, row: u32) -> Option<Shown> {
        match &self.shown {
            Some(shown) => shown.rows().get(row as usize).copied(),
            None => (row < self.total()).then_some(Shown::Line(row)),
        }
    }

    /// The row of a command; none when it is folded away.
    #[must_use]
    pub fn row(&self, store: &Store, number: u32) -> Option<u32> {
        let place = Line::Command(number).place(store);
        if self.list.form == Form::Packets {
            // A packet may complete several commands; its line stands at the first.
            let line = self.lines.partition_point(|line| line.place(store) <= place).checked_sub(1)?;
            let first = store.record(self.lines.get(line).and_then(command)?)?;
            return (first.frame == place.0.0).then(|| narrow(line));
        }
        let line = narrow(self.lines.binary_search_by_key(&place, |line| line.place(store)).ok()?);
        let row = self.row_of(line);
        (self.at(row)? == Shown::Line(line)).then_some(row)
    }

    /// The row of a line; where it is folded away, that of its heading.
    fn row_of(&self, line: u32) -> u32 {
        match &self.shown {
            Some(shown) => {
                let shown = shown.rows();
                let row = shown.partition_point(|shown| shown.first() <= line).saturating_sub(1);
                let inferred = matches!(shown.get(row), Some(Shown::Inferred(_)));
                narrow(row.saturating_sub(usize::from(inferred)))
            }
            None => line,
        }
    }

    /// Whether a command is in the list, folded away or not.
    #[must_use]
    pub fn has(&self, store: &Store, number: u32) -> bool {
        let place = Line::Command(number).place(store);
        self.lines.binary_search_by_key(&place, |line| line.place(store)).is_ok()
    }

    /// The row of a command, or where it would stand.
    #[must_use]
    pub fn row_near(&self, store: &Store, number: u32) -> u32 {
        if let Some(row) = self.row(store, number) {
            return row;
        }
        let place = Line::Command(number).place(store);
        let line = self.lines.partition_point(|line| line.place(store) < place);
        self.row_of(narrow(line)).min(self.total().saturating_sub(1))
    }

    /// The first row with something from a key on.
    #[must_use]
    pub fn row_from(&self, store: &Store, key: Key) -> u32 {
        let line = narrow(self.lines.partition_point(|line| line.place(store) < (key, 0)));
        if line as usize >= self.lines.len() { self.total() } else { self.row_of(self.command_from(line)) }
    }

    /// The last row with something up to a key.
    #[must_use]
    pub fn row_until(&self, store: &Store, key: Key) -> u32 {
        let line = self.lines.partition_point(|line| line.place(store) <= (key, u8::MAX));
        self.row_of(narrow(line.saturating_sub(1)))
    }

    /// The first row at or after a time.
    #[must_use]
    pub fn row_at(&self, store: &Store, time: Moment) -> u32 {
        // Packets are very nearly in order of time.
        let early = |number: &u32| store.record(*number).is_some_and(|record| moment(record.time) < time);
        let at = store.order().partition_point(early);
        let key = store.order().get(at).map_or((u64::MAX, 0), |number| store.key(*number));
        self.row_from(store, key).min(self.total().saturating_sub(1))
    }

    /// From a line on, the first that is a row of its own.
    fn command_from(&self, line: u32) -> u32 {
        let here = self.lines.get(line as usize..).unwrap_or_default();
        let markers = here.iter().take_while(|line| matches!(line, Line::Opened { .. })).count();
        line.saturating_add(narrow(markers)).min(narrow(self.lines.len()).saturating_sub(1))
    }

    /// What a row is sorted by.
    #[must_use]
    pub fn key(&self, store: &Store, row: u32) -> Option<Key> {
        self.lines.get(self.at(row)?.first() as usize).map(|line| line.place(store).0)
    }

    /// The command in a row.
    fn command_at(&self, row: u32) -> Option<u32> {
        match self.at(row)? {
            Shown::Line(line) => self.lines.get(line as usize).and_then(command),
            _ => None,
        }
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
        let row = u32::try_from(goal.clamp(0, last.max(0))).unwrap_or(0);
        let forward = || (row..self.total()).find_map(|row| self.command_at(row));
        let backward = || (0..row).rev().find_map(|row| self.command_at(row));
        if by < 0 { self.command_at(row).or_else(backward).or_else(forward) } else { forward().or_else(backward) }
    }

    /// Whether it was never arranged.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.list.form == Form::Ladder && self.shown.is_none()
    }

    /// Arranges what is shown anew, after folds changed.
    pub fn fold(&mut self, store: &Store, folds: &Folds) {
        self.changed = 0;
        self.arrange(store, folds);
    }

    /// Arranges what is shown, after lines changed.
    pub fn arrange(&mut self, store: &Store, folds: &Folds) {
        if self.list.form == Form::Ladder {
            // Where one connection is looked at alone, nobody else is there.
            let infers = !matches!(self.list.scope, Scope::Connection(_));
            let shown = self.shown.get_or_insert_default();
            shown.arrange(store, &self.lines, folds, infers, self.changed);
            self.changed = narrow(self.lines.len());
        }
    }

    /// All is read now: what only the end tells may stand anywhere.
    pub const fn look_again(&mut self) {
        self.changed = 0;
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

    /// Takes in what came since; true when there was something.
    ///
    /// A filter is asked about so many commands at most; [`Lines::looked_at`] says how far that went.
    pub fn extend(&mut self, store: &Store, checked: &Checked, mut sieve: Option<(&mut Sieve, u32)>) -> bool {
        if self.list.form == Form::Frames {
            // They are counted elsewhere.
            return false;
        }
        if self.list.form == Form::Findings {
            self.extend_findings(store, checked);
            return true;
        }
        let ended = std::mem::replace(&mut self.ended, store.ended.len());
        self.note_ends(ended, store);
        if self.done == store.order().len() && self.gaps == store.gaps.len() {
            return ended != self.ended || self.changed < narrow(self.lines.len());
        }
        self.forget_losses_at_the_end(store);
        let mut before =
            self.lines.iter().rev().find_map(command).and_then(|number| Some((number, *store.record(number)?)));
        for number in store.order().iter().skip(self.done).copied() {
            if let Some((sieve, left)) = &mut sieve
                && sieve.known(number).is_none()
            {
                let Some(less) = left.checked_sub(1) else { return true };
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
            let same = |(_, before): &(u32, Record)| before.frame == record.frame;
            match self.list.form {
                Form::Packets if before.as_ref().is_some_and(same) => {}
                Form::Packets => self.lines.push(Line::Packet(number)),
                _ => self.lines.push(Line::Command(number)),
            }
            before = Some((number, *record));
        }
        if self.list.form == Form::Ladder {
            self.lost_before(u64::MAX, store);
        }
        true
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
        self.changed = self.changed.min(narrow(keep));
    }

    /// Where a connection ended, its phase ends too.
    fn note_ends(&mut self, known: usize, store: &Store) {
        let ends = store.ended.iter().skip(known).filter_map(|end| store.stream_index(end.stream));
        let last = ends.filter_map(|index| store.streams.get(index as usize)).map(|stream| stream.last).min();
        if let Some(last) = last {
            let line = self.lines.partition_point(|line| line.place(store) < (last, 0));
            self.changed = self.changed.min(narrow(line));
        }
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
        if let Some((after, earlier)) = before
            && moment(record.time).since(moment(earlier.time)) >= SILENCE
            && (self.list.filter == 0 || !self.leaves_out((*after, number), store))
        {
            self.lines.push(Line::Silence { after: *after, before: number });
        }
        if store.stream(record).is_some_and(|stream| stream.first.1 == number) {
            self.lines.push(Line::Opened { stream: record.stream, before: number });
        }
    }

    /// Whether the filter leaves out commands between two that it takes.
    fn leaves_out(&self, (after, before): (u32, u32), store: &Store) -> bool {
        let between = store.position(store.key(after)) + 1..store.position(store.key(before));
        let between = store.order().get(between).unwrap_or_default();
        between.iter().filter_map(|number| store.record(*number)).any(|record| self.wants(store, record))
    }

    /// Losses noticed up to a packet.
    fn lost_before(&mut self, frame: u64, store: &Store) {
        while let Some(gap) = store.gaps.get(self.gaps).filter(|gap| gap.frame <= frame) {
            let stream = store.stream_index(gap.stream).and_then(|index| store.streams.get(index as usize));
            let own = stream.is_some_and(|stream| store.is_in(stream, self.list.scope));
            if own {
                self.lines.push(Line::Lost(narrow(self.gaps)));
            }
            self.gaps += 1;
        }
    }

    fn wants(&self, store: &Store, record: &Record) -> bool {
        store.stream(record).is_some_and(|stream| store.is_in(stream, self.list.scope))
    }
}

fn command(line: &Line) -> Option<u32> {
    match line {
        Line::Command(number) | Line::Packet(number) => Some(*number),
        _ => None,
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
