//! One open file: feeds the analysis, keeps what it tells, answers questions. No browser.

use std::collections::{HashMap, HashSet, VecDeque};

use msnp_dissector::analysis::{Analysis, Command};
use msnp_dissector::capture::{Again, Packet};
use msnp_dissector::filter::Filter;
use msnp_dissector::model::{MissingKind, Tale};
use msnp_dissector::redaction::{Redacting, Redactor};
use msnp_dissector::report::{Reporter, TreeRecord};
use msnp_dissector::transfer::Transfer;
use msnp_dissector::tree::Catalogue;

use super::check::Checked;
use super::find::Find;
use super::go::{self, Arrival, Odd};
use super::lines::Lines;
use super::remarks::Remark;
use super::rows::{self, Shelf};
use super::several::Anchor;
use super::shown::{Folds, Shown};
use super::sieve::Sieve;
use super::spoken::{Book, ChatsFile};
use super::store::Store;
use super::transfers::Followed;
use super::{detail, export, frames, overview, packet, saving, sentences, several, spoken, veil};
use crate::clock::Clock;
use crate::protocol::find::{Found, Hit, Kind, Start, Target};
use crate::protocol::{Detail, Export, Folding, Form, List, Moment, Overview, Part, Stage, Window};

mod lists;
mod told;

/// Lists kept up to date at the same time; one asked for again later is built again.
const LISTS: usize = 4;
/// Commands that a filter is asked about before other questions get their turn: some 10 ms where they are taken apart.
const SIFTED: u32 = 4000;
/// Commands that are searched before other questions get their turn: some 20 ms where they are taken apart.
const SEARCHED: usize = 2000;
/// Filters that were read and may be asked for: somebody who writes fast is some letters ahead of the answers.
const READ: usize = 32;

/// What is said when the page asks for a file that cannot be.
const NO_FILE: &str = "There is no such file.";

/// What folding did to a list: rows under a heading before, and now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folded {
    /// The row of the heading.
    pub row: u32,
    /// Rows under it before.
    pub before: u32,
    /// Rows under it now.
    pub now: u32,
}

/// One open file.
#[derive(Debug, Default)]
pub struct Session {
    analysis: Analysis,
    /// Names of the files, where several are read as one.
    names: Vec<String>,
    /// Their hashes, where they are known.
    hashes: Vec<String>,
    /// Reading was stopped before the end.
    stopped: bool,
    /// Replaces what tells about people, where that is wanted.
    redactor: Option<Redactor>,
    /// Secrets are shown.
    revealing: bool,
    store: Store,
    checked: Checked,
    /// The story, once every command has been looked at.
    tale: Option<Tale>,
    /// The transfers, from then on too.
    followed: Option<Followed>,
    lists: Vec<Lines>,
    /// Filters that were read last and are in force if the page asks for a list with them; oldest first.
    read: VecDeque<(u32, Filter)>,
    /// The filter in force.
    sieve: Option<Sieve>,
    /// What the reader folded in each list.
    folds: HashMap<List, Folds>,
    catalogue: Catalogue,
    /// The search that goes on.
    find: Option<Find>,
    odd: Odd,
}

impl Session {
    /// Files of these names that are read as one.
    #[must_use]
    pub fn of(names: Vec<String>) -> Self {
        Self { analysis: Analysis::of(names.len()), names, ..Self::default() }
    }

    /// The same, with pseudonyms.
    #[must_use]
    pub fn redacted(self, redactor: Redactor) -> Self {
        Self { redactor: Some(redactor), ..self }
    }

    /// The file whose bytes or end come next, by its place; none when all have ended.
    #[must_use]
    pub fn asks_for(&self) -> Option<usize> {
        self.analysis.captures().asks_for()
    }

    /// The file that is asked for ends.
    pub fn end_file(&mut self) {
        let streams = self.store.streams.len();
        // How it ended is told at the end of all.
        let _ = match &self.redactor {
            Some(redactor) => self.analysis.end_file(&mut Redacting::new(redactor.clone(), &mut self.store)),
            None => self.analysis.end_file(&mut self.store),
        };
        several::place(&mut self.store, self.analysis.captures(), streams);
    }

    /// Takes in the next bytes of the file that is asked for.
    ///
    /// # Errors
    /// The sentence why the only file is not read, when it is no capture. One of several is left out.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), String> {
        let streams = self.store.streams.len();
        let pushed = match &self.redactor {
            Some(redactor) => self.analysis.push(bytes, &mut Redacting::new(redactor.clone(), &mut self.store)),
            None => self.analysis.push(bytes, &mut self.store),
        };
        if self.names.len() > 1 {
            several::place(&mut self.store, self.analysis.captures(), streams);
            return Ok(());
        }
        pushed.map_err(|refusal| sentences::refusal(&refusal, &self.catalogue))
    }

    /// Nobody wants more of the file, or it cannot be read further: what it lacks for that reason is no lack of the capture.
    pub fn stop(&mut self) {
        self.stopped = true;
        let _ = self.finish();
    }

    /// The file ends.
    pub fn finish(&mut self) -> Stage {
        let streams = self.store.streams.len();
        self.lists.iter_mut().for_each(Lines::look_again);
        let finished = match &self.redactor {
            Some(redactor) => self.analysis.finish(&mut Redacting::new(redactor.clone(), &mut self.store)),
            None => self.analysis.finish(&mut self.store),
        };
        several::place(&mut self.store, self.analysis.captures(), streams);
        match finished {
            _ if self.names.len() > 1 => {
                if !self.stopped {
                    several::ended(&mut self.checked, &self.analysis, &self.names);
                }
                several::ending(self.analysis.captures(), &self.names, &self.catalogue)
            }
            Ok(ending) => {
                if !self.stopped {
                    self.checked.file_ended(&ending, self.analysis.totals().last);
                }
                sentences::ending(&ending, &self.catalogue)
            }
            Err(refusal) => Stage::Refused { sentence: sentences::refusal(&refusal, &self.catalogue) },
        }
    }

    /// Lets the experts look at the next commands; true when they have seen all.
    pub fn check(&mut self, portion: u32) -> bool {
        self.checked.advance(&self.store, portion, &self.catalogue);
        if self.checked.complete {
            let mut tale = self.checked.tell(&self.store);
            let transfers = self.checked.take_transfers();
            if self.stopped {
                tale.missing.retain(|missing| missing.kind != MissingKind::Silence);
            } else {
                tale.lacks(transfers.iter().filter_map(Transfer::missing));
            }
            let others = tale.missing.iter().filter(|missing| !missing.is_loss()).count();
            self.checked.ledger_count = u32::try_from(others).unwrap_or(u32::MAX);
            self.checked.conclude(&self.store, Remark::of_ledger(&tale, &self.store), &self.catalogue);
            self.tale = Some(tale);
            self.followed = Some(Followed::new(transfers));
        }
        self.checked.complete
    }

    /// Secrets are shown from now on, or hidden again.
    pub fn reveal_secrets(&mut self, revealing: bool) {
        self.revealing = revealing;
    }

    /// Whether secrets are hidden. Pseudonyms are none.
    #[must_use]
    pub fn veiled(&self) -> bool {
        !self.revealing && self.redactor.is_none()
    }

    fn shelf(&self) -> Shelf<'_> {
        let (store, checked, catalogue) = (&self.store, &self.checked, &self.catalogue);
        Shelf { store, checked, catalogue, veiled: self.veiled() }
    }

    /// Commands so far.
    #[must_use]
    pub fn commands(&self) -> u32 {
        self.store.commands
    }

    /// Whether pseudonyms stand in place of what tells about people.
    #[must_use]
    pub const fn is_redacted(&self) -> bool {
        self.redactor.is_some()
    }

    /// Totals so far.
    #[must_use]
    pub fn overview(&self) -> Overview {
        let told = overview::overview(&self.store, &self.checked, self.analysis.totals(), &self.catalogue);
        if self.names.len() < 2 {
            return told;
        }
        let read = self.analysis.captures();
        let (captures, shared) = several::told(&self.store, &self.checked, read, &self.catalogue);
        Overview { captures, shared, copies: several::copies(read), ..told }
    }

    /// Where a command is, whatever is read with its capture.
    #[must_use]
    pub fn anchor(&self, pdu: u32) -> Option<Anchor> {
        several::anchor(&self.store, self.analysis.captures(), pdu)
    }

    /// The command that is there now.
    #[must_use]
    pub fn at_anchor(&self, anchor: Anchor) -> Option<u32> {
        several::find(&self.store, self.analysis.captures(), anchor)
    }

    /// A window of a list.
    pub fn window(&mut self, list: List, first: u32, count: u32) -> Window {
        if list.form == Form::Frames {
            return frames::window(self.shelf(), list, first, count);
        }
        let at = self.list(list);
        let shelf = self.shelf();
        self.lists.get(at).map(|lines| rows::window(shelf, lines, first, count)).unwrap_or_default()
    }

    /// A file that is made of what is shown.
    ///
    /// # Errors
    /// Why there is none, as a sentence.
    pub fn export(&mut self, wish: &Export) -> Result<String, String> {
        let (list, first, count) = match (wish.part, &self.tale) {
            (Part::Rows { list, first, count }, _) => (list, first, count),
            (Part::Chat(number), Some(tale)) => return Ok(spoken::written(self.book(tale), Some(number), wish)),
            (Part::Chats, Some(tale)) => return Ok(spoken::written(self.book(tale), None, wish)),
            _ => return Err(NO_FILE.to_owned()),
        };
        let at = self.list(list);
        let shelf = self.shelf();
        let lines = self.lists.get(at).ok_or_else(|| NO_FILE.to_owned())?;
        let count = count.min(lines.total().saturating_sub(first));
        export::export(shelf, lines, (first, count), wish)
    }

    /// The messages of chats as the command line reports them.
    #[must_use]
    pub fn chat_records(&self, wish: &Export) -> ChatsFile {
        let number = if let Part::Chat(number) = wish.part { Some(number) } else { None };
        ChatsFile {
            capture: wish.title.clone(),
            redacted: self.redactor.is_some(),
            secrets_hidden: self.veiled(),
            messages: self.tale.as_ref().map(|tale| spoken::records(tale, number)).unwrap_or_default(),
        }
    }

    fn book<'b>(&'b self, tale: &'b Tale) -> Book<'b> {
        Book {
            tale,
            followed: self.followed.as_ref(),
            store: &self.store,
            redacted: self.redactor.is_some(),
            captures: (&self.names, &self.hashes),
        }
    }

    /// The hashes of the files are known.
    pub fn know(&mut self, hashes: Vec<String>) {
        self.hashes = hashes;
    }

    /// The commands in a part of the capture.
    pub fn chosen(&mut self, part: Part) -> HashSet<u32> {
        let chats = |number: Option<u32>| {
            let all = self.tale.iter().flat_map(|tale| &tale.conversations);
            let wanted = all.filter(|chat| number.is_none_or(|number| chat.number == number));
            wanted.flat_map(|chat| saving::of_chat(&self.store, chat)).collect()
        };
        let (list, first, count) = match part {
            Part::Chat(number) => return chats(Some(number)),
            Part::Chats => return chats(None),
            Part::Rows { list, first, count } if list.form == Form::Frames => {
                let (first, end) = (u64::from(first) + 1, u64::from(first) + 1 + u64::from(count));
                let at = |frame: u64| self.store.position((frame, 0));
                return self.store.order().get(at(first)..at(end)).unwrap_or_default().iter().copied().collect();
            }
            Part::Rows { list, first, count } => (list, first, count),
        };
        let mut before = None;
        loop {
            let at = self.list(list);
            let Some(lines) = self.lists.get(at) else { return HashSet::new() };
            // A filter is asked to the end before; one that is not in force any more gets no further.
            let looked_at = Some(lines.looked_at());
            if std::mem::replace(&mut before, looked_at) == looked_at {
                return saving::of_rows(&self.store, &self.checked, lines, (first, first.saturating_add(count)));
            }
        }
    }

    /// Everything about a command.
    #[must_use]
    pub fn detail(&self, pdu: u32) -> Option<Detail> {
        let shelf = self.shelf();
        let mut detail = detail::detail(shelf, pdu)?;
        let frame = self.store.record(pdu)?.frame;
        detail.evidence.home = several::home(self.analysis.captures(), &self.names, frame);
        Some(detail)
    }

    /// What a packet is read again by; none if it was not read yet.
    #[must_use]
    pub fn again(&self, number: u32) -> Option<Again> {
        let number = u64::from(number);
        let captures = self.analysis.captures();
        Some(number)
            .filter(|number| (1..=self.analysis.totals().packets).contains(number))
            .and_then(|number| captures.again(number))
    }

    /// Everything about a packet; `asked` is the command that it is looked at for.
    #[must_use]
    pub fn packet(&self, packet: &Packet<'_>, asked: u32) -> Detail {
        let mut detail = packet::detail(self.shelf(), self.redactor.is_some(), packet, asked);
        detail.evidence.home = several::home(self.analysis.captures(), &self.names, packet.number);
        detail
    }

    /// The packet that is meant by a command in a list of packets.
    #[must_use]
    pub fn packet_meant(&self, list: List, pdu: u32) -> Option<u32> {
        let record = self.store.record(pdu).filter(|_| list.form.is_of_packets())?;
        u32::try_from(record.frame).ok()
    }

    /// The row of a packet in a list, or of what comes behind it.
    pub fn near(&mut self, list: List, packet: u32) -> u32 {
        if list.form == Form::Frames {
            return self.store.frames.row(packet.into()).unwrap_or(self.store.frames.total().saturating_sub(1));
        }
        let at = self.list(list);
        let row = |lines: &Lines| lines.row_from(&self.store, (packet.into(), 0)).min(lines.total().saturating_sub(1));
        self.lists.get(at).map_or(0, row)
    }

    /// The row at a time.
    pub fn seek(&mut self, list: List, time: Moment) -> u32 {
        if list.form == Form::Frames {
            return self.store.frames.row_at(time);
        }
        let at = self.list(list);
        self.lists.get(at).map_or(0, |lines| lines.row_at(&self.store, time))
    }

    /// Folds something in a list, or unfolds it.
    pub fn fold(&mut self, list: List, what: Folding) -> Option<Folded> {
        let at = self.list(list);
        let find = |lines: &Lines| {
            let folding = |row: u32| lines.at(row).and_then(Shown::folding);
            let is_it = |row: &u32| folding(*row).is_some_and(|(found, _)| found == what);
            let row = (0..lines.total()).find(is_it)?;
            Some((row, folding(row)?.1.rows))
        };
        let (row, before) = find(self.lists.get(at)?)?;
        let folds = self.folds.entry(list).or_default();
        folds.turn(what);
        let lines = self.lists.get_mut(at)?;
        lines.fold(&self.store, folds);
        let (_, now) = find(lines)?;
        Some(Folded { row, before, now })
    }

    /// Unfolds what hides a command in a list: the outermost first. None when nothing does.
    pub fn reveal(&mut self, list: List, pdu: u32) -> Option<Folded> {
        let at = self.list(list);
        let lines = self.lists.get(at)?;
        if lines.row(&self.store, pdu).is_some() {
            return None;
        }
        let row = lines.row_near(&self.store, pdu);
        let (what, stretch) = lines.at(row).and_then(Shown::folding)?;
        if stretch.folded { self.fold(list, what) } else { None }
    }

    /// Begins to search; false where nothing is written that could be found.
    pub fn find(&mut self, id: u32, list: List, kind: Kind, text: &str) -> bool {
        self.find = Find::new(id, list, kind, text);
        self.find.is_some()
    }

    /// The reader waits for a place that was found.
    pub fn wish(&mut self, start: Start) {
        if let Some(find) = &mut self.find {
            find.wish = Some(start);
        }
    }

    /// Goes on searching; how far that is, and the place that the reader waits for as soon as it is known.
    pub fn look(&mut self) -> Option<(Found, Option<Hit>)> {
        let list = self.find.as_ref()?.list;
        let at = self.list(list);
        let (find, lines) = (self.find.as_mut()?, self.lists.get(at)?);
        find.advance(&self.store, lines, SEARCHED);
        // The filter may still have to be asked about some.
        let left = self.store.order().len().saturating_sub(lines.looked_at() as usize);
        let found = find.found(lines.all().len() + left);
        Some((found, find.answer(&self.store, found.complete())))
    }

    /// The command at a place, and what is to be said of it.
    ///
    /// # Errors
    /// The sentence why there is none.
    pub fn go(&self, target: Target, clock: &Clock) -> Result<Arrival, String> {
        go::find(&self.store, target, self.analysis.totals().packets, clock)
    }

    /// The next command of a list of which something odd is said, or the one before.
    pub fn odd(&mut self, list: List, from: Option<u32>, back: bool) -> Option<u32> {
        let beside = self.odd.beside(&self.store, &self.checked, from, back);
        let at = self.list(List { form: Form::Commands, ..list });
        let lines = self.lists.get(at)?;
        beside.into_iter().find(|number| lines.row(&self.store, *number).is_some())
    }

    /// The row of a command in a list.
    pub fn locate(&mut self, list: List, pdu: u32) -> Option<u32> {
        if list.form == Form::Frames {
            return self.store.frames.row(self.store.record(pdu)?.frame);
        }
        let at = self.list(list);
        self.lists.get(at)?.row(&self.store, pdu)
    }

    /// The command so many commands further in a list, and its row.
    pub fn step(&mut self, list: List, from: Option<u32>, by: i32) -> Option<(u32, u32)> {
        let at = self.list(list);
        let lines = self.lists.get(at)?;
        let pdu = lines.step(&self.store, from, by)?;
        Some((pdu, lines.row(&self.store, pdu)?))
    }

    /// A command's tree as the CLI reports it.
    #[must_use]
    pub fn record(&self, pdu: u32) -> Option<TreeRecord> {
        let command = self.store.command(pdu)?;
        Some(veil::reported(self.veiled(), &command, |command: &Command<'_>| Reporter::default().tree(command)))
    }

    /// A command's tree as the library takes it apart.
    #[cfg(test)]
    pub fn tree(&self, pdu: u32) -> msnp_dissector::tree::Dissected {
        self.store.command(pdu).map(|command| command.dissect().tree).unwrap_or_default()
    }
}
