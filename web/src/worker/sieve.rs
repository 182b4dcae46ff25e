//! The filter in force: which commands it takes, each asked once.

use msnp_dissector::filter::{self, Filter, Index};
use msnp_dissector::msnp::{dissect, field};
use msnp_dissector::tree::{Catalogue, FieldId, Privacy, Recording, value_text};

use super::noted::Noted;
use super::rows::Shelf;
use super::store::Store;
use crate::protocol::filter::{Choice, Class, Completion, Fault, Piece, Reading};
use msnp_dissector::sorting::sort_by;

/// Choices offered at most.
const CHOICES: usize = 12;
/// Commands looked at for values of a field of which no index is kept.
const SAMPLE: usize = 3000;

/// A filter and what it said of the commands so far.
#[derive(Debug)]
pub struct Sieve {
    /// Number of the question that brought it.
    pub id: u32,
    /// Commands that it takes.
    pub found: u32,
    /// Commands asked about.
    pub asked: u32,
    filter: Filter,
    /// Per command, by its number: not asked, left out, taken.
    verdicts: Vec<Verdict>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Verdict {
    #[default]
    NotAsked,
    LeftOut,
    Taken,
}

impl Sieve {
    /// A filter that was asked about nothing yet.
    #[must_use]
    pub const fn new(id: u32, filter: Filter) -> Self {
        Self { id, found: 0, asked: 0, filter, verdicts: Vec::new() }
    }

    /// Whether it takes a command, if that was asked before.
    #[must_use]
    pub fn known(&self, number: u32) -> Option<bool> {
        match self.verdicts.get(number as usize)? {
            Verdict::NotAsked => None,
            Verdict::LeftOut => Some(false),
            Verdict::Taken => Some(true),
        }
    }

    /// Whether it takes a command.
    pub fn takes(&mut self, number: u32, store: &Store, noted: &Noted) -> bool {
        if let Some(known) = self.known(number) {
            return known;
        }
        let Some(command) = store.command(number) else { return false };
        let takes = self.filter.matches(&command, noted);
        let at = number as usize;
        if self.verdicts.len() <= at {
            self.verdicts.resize(at + 1, Verdict::NotAsked);
        }
        if let Some(verdict) = self.verdicts.get_mut(at) {
            *verdict = if takes { Verdict::Taken } else { Verdict::LeftOut };
        }
        self.asked = self.asked.saturating_add(1);
        self.found = self.found.saturating_add(u32::from(takes));
        takes
    }
}

/// What there is to say of an expression while it is written, and the filter if it is one.
pub fn read((id, text, cursor): (u32, &str, u32), shelf: Shelf<'_>) -> (Reading, Option<Filter>) {
    let catalogue = shelf.catalogue;
    let parsed = if text.trim().is_empty() { None } else { Some(Filter::parse(text)) };
    let (filter, fault) = match parsed {
        None => (None, None),
        Some(Ok(filter)) => (Some(filter), None),
        Some(Err(fault)) => {
            let sentence = catalogue.render(&fault.text);
            (None, Some(Fault { start: narrow(fault.at.start), end: narrow(fault.at.end), sentence }))
        }
    };
    let pieces = filter::pieces(text).into_iter().map(|piece| Piece {
        start: narrow(piece.at.start),
        end: narrow(piece.at.end),
        class: match piece.class {
            filter::Class::Field => Class::Field,
            filter::Class::Text => Class::Text,
            filter::Class::Number => Class::Number,
            filter::Class::Operator => Class::Operator,
        },
    });
    let pieces = pieces.collect();
    let filter::Completion { at, wish } = filter::completion(text, cursor as usize);
    let choices = match wish {
        filter::Wish::Nothing => Vec::new(),
        filter::Wish::Field(fields) => fields.into_iter().take(CHOICES).map(named).collect(),
        // What is hidden is not offered either.
        filter::Wish::Value(field, _) if shelf.veiled && field.field().privacy == Privacy::Secret => Vec::new(),
        filter::Wish::Value(field, part) => values(field, &part, shelf),
    };
    let completion = Completion { start: narrow(at.start), end: narrow(at.end), choices };
    (Reading { id, fault, pieces, completion }, filter)
}

fn named((name, title): (&'static str, &'static str)) -> Choice {
    Choice { text: name.to_owned(), meaning: title.to_owned(), count: None }
}

/// Values of a field that begin with or hold a part, the most frequent first.
fn values(field: FieldId, part: &str, shelf: Shelf<'_>) -> Vec<Choice> {
    let Shelf { store, checked, catalogue, .. } = shelf;
    let mut seen = if field == field::ACCOUNT { checked.noted.counted() } else { sampled(field, store, catalogue) };
    let part = part.to_lowercase();
    seen.retain(|(value, ..)| value.to_lowercase().contains(&part));
    sort_by(&mut seen, |(one, _, seldom), (other, _, often)| often.cmp(seldom).then_with(|| one.cmp(other)));
    let choice = |(value, meaning, count): (String, String, u32)| Choice {
        text: filter::Wish::spelling(field, &value),
        meaning,
        count: Some(count),
    };
    seen.into_iter().take(CHOICES).map(choice).collect()
}

/// Values of a field in the first commands, with their meaning and how often they stand there.
fn sampled(field: FieldId, store: &Store, catalogue: &Catalogue) -> Vec<(String, String, u32)> {
    let mut seen = std::collections::HashMap::<String, (String, u32)>::new();
    for number in store.order().iter().take(SAMPLE) {
        let Some(record) = store.record(*number) else { continue };
        let tree = dissect(&store.pdu(record), &record.context, Recording::Only(&[field])).tree;
        for item in tree.items.iter().filter(|item| item.field == field) {
            let value = value_text(item).into_owned();
            let label = || item.label.as_ref().map(|label| catalogue.render(label)).unwrap_or_default();
            seen.entry(value).or_insert_with(|| (label(), 0)).1 += 1;
        }
    }
    seen.into_iter().map(|(value, (meaning, count))| (value, meaning, count)).collect()
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Index for Noted {
    fn values(&self, pdu: u32, field: FieldId, each: &mut dyn FnMut(&str)) -> bool {
        field == field::ACCOUNT && self.accounts(pdu, each)
    }
}
