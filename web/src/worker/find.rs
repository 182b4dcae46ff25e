//! The search that is going on: through the commands of one list, some at a time.

use msnp_dissector::filter::Search;

use super::lines::{Line, Lines};
use super::store::Store;
use crate::protocol::find::{Found, Hit, Kind, Start};
use crate::protocol::{Form, List, Range};

/// Places kept; the count goes on.
const PLACES: usize = 1_000_000;

/// A search, and what it has found so far.
#[derive(Debug)]
pub struct Find {
    /// Its number.
    pub id: u32,
    /// The list whose commands are looked at.
    pub list: List,
    search: Search,
    /// Lines that were looked at.
    done: usize,
    count: u32,
    places: Vec<(u32, Range)>,
    /// What the reader waits for.
    pub wish: Option<Start>,
}

impl Find {
    /// A search that has not begun; none where nothing is written, or no bytes.
    #[must_use]
    pub fn new(id: u32, list: List, kind: Kind, text: &str) -> Option<Self> {
        let search = match kind {
            Kind::Text => Search::text(text),
            Kind::Bytes => Search::bytes(text),
        }?;
        let list = List { form: Form::Commands, ..list };
        Some(Self { id, list, search, done: 0, count: 0, places: Vec::new(), wish: None })
    }

    /// Looks at the next commands, at so many at most.
    pub fn advance(&mut self, store: &Store, lines: &Lines, portion: usize) {
        let next = lines.all().iter().skip(self.done).take(portion);
        for line in next {
            self.done += 1;
            let Line::Command(number) = *line else { continue };
            let Some(command) = store.command(number) else { continue };
            for place in self.search.places(&command) {
                self.count = self.count.saturating_add(1);
                if self.places.len() < PLACES {
                    let range = Range { source: place.source, start: place.start, end: place.end };
                    self.places.push((number, range));
                }
            }
        }
    }

    /// The list is another now: a command came late.
    pub fn begin_again(&mut self) {
        (self.done, self.count) = (0, 0);
        self.places.clear();
    }

    /// How far it has come; `of` are the commands that the filter has still to be asked about, too.
    #[must_use]
    pub fn found(&self, of: usize) -> Found {
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Found { id: self.id, done: narrow(self.done), of: narrow(of), count: self.count }
    }

    /// The place that the reader waits for, if that is known yet. It goes round at both ends.
    pub fn answer(&mut self, store: &Store, complete: bool) -> Option<Hit> {
        let from = self.wish?;
        let here = (from.pdu.map_or((0, 0), |pdu| store.key(pdu)), from.known);
        let place = |(number, range): &(u32, Range)| (store.key(*number), *range);
        let order = |range: Range| (range.source, range.start);
        let before = self.places.partition_point(|found| {
            let (key, range) = place(found);
            (key, order(range)) < (here.0, here.1.map_or((0, 0), order))
        });
        let known = here.1.is_some_and(|known| {
            self.places.get(before).is_some_and(|(pdu, range)| (Some(*pdu), *range) == (from.pdu, known))
        });
        let last = self.places.len().checked_sub(1);
        let nth = match from.back {
            true => before.checked_sub(1).or(last.filter(|_| complete)),
            false => {
                let next = before + usize::from(known);
                Some(next).filter(|next| *next < self.places.len()).or(last.map(|_| 0).filter(|_| complete))
            }
        };
        let hit = nth.and_then(|nth| self.places.get(nth).zip(u32::try_from(nth).ok()));
        if hit.is_some() || complete {
            self.wish = None;
        }
        hit.map(|((pdu, range), nth)| Hit { id: self.id, nth, pdu: *pdu, range: *range, place: from.place })
    }
}
