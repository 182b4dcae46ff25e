//! The lists of a session: which filter is in force, which are kept, and what they take in.

use super::{LISTS, READ, SIFTED, Session};
use crate::protocol::List;
use crate::protocol::filter::{Reading, Sifted};
use crate::worker::find::Find;
use crate::worker::lines::Lines;
use crate::worker::sieve::{self, Sieve};

impl Session {
    /// Reads an expression; if it is one, lists can be asked for with its number.
    pub fn filter(&mut self, id: u32, text: &str, cursor: u32) -> Reading {
        let (reading, filter) = sieve::read((id, text, cursor), self.shelf());
        if let Some(filter) = filter {
            self.read.push_back((id, filter));
            if self.read.len() > READ {
                self.read.pop_front();
            }
        }
        reading
    }

    /// Puts a filter in force that was read; lists of the one before are forgotten.
    fn enforce(&mut self, id: u32) {
        if id == 0 || self.sieve.as_ref().is_some_and(|sieve| sieve.id == id) {
            return;
        }
        if let Some(at) = self.read.iter().position(|(read, _)| *read == id) {
            self.sieve = self.read.remove(at).map(|(id, filter)| Sieve::new(id, filter));
            self.lists.retain(|lines| lines.list.filter == 0);
            self.folds.retain(|list, _| list.filter == 0);
        }
    }

    /// Goes on asking the filter, for the list that was asked for last with it; how far that is. None if there is no such.
    pub fn sift(&mut self) -> Option<Sifted> {
        let id = self.sieve.as_ref()?.id;
        let at = self.lists.iter().rposition(|lines| lines.list.filter == id)?;
        let list = self.lists.get(at)?.list;
        let at = self.list(list).min(at);
        let (sieve, lines) = (self.sieve.as_ref()?, self.lists.get(at)?);
        let of = u32::try_from(self.store.order().len()).unwrap_or(u32::MAX);
        Some(Sifted { id, done: lines.looked_at(), of, found: sieve.found, took: 0.0 })
    }

    /// Takes into a list what came since it was asked for last.
    fn extend(&mut self, at: usize, list: List) {
        let Some(lines) = self.lists.get_mut(at) else { return };
        let sieve = self.sieve.as_mut().filter(|sieve| sieve.id == list.filter);
        if list.filter != 0 && sieve.is_none() {
            return;
        }
        let news = lines.extend(&self.store, &self.checked, sieve.map(|sieve| (sieve, SIFTED)));
        if news || lines.is_new() {
            lines.arrange(&self.store, self.folds.entry(list).or_default());
        }
    }

    /// Index of a list that is up to date.
    pub(super) fn list(&mut self, list: List) -> usize {
        self.enforce(list.filter);
        if let Some(late) = self.store.take_late() {
            for lines in &mut self.lists {
                lines.go_back(late, &self.store);
            }
            self.find.iter_mut().for_each(Find::begin_again);
        }
        let at = self.lists.iter().position(|lines| lines.list == list).unwrap_or_else(|| {
            if self.lists.len() >= LISTS {
                self.lists.remove(0);
            }
            self.lists.push(Lines::new(list));
            self.lists.len() - 1
        });
        self.extend(at, list);
        at
    }
}
