//! The plan of a call: what Wireshark is to be told, as copyable steps that own nothing.
//!
//! Comes in: dissections of the library. Goes out: [`Step`]s in the order of drawing, and one block of bytes that holds
//! their texts (NUL-terminated) and derived data. Pure: no Wireshark function is called here.

use std::borrow::Cow;
use std::ffi::c_int;

use msnp_dissector::msnp::{Context, Dissection, Pdu, headline, info, write_headline};
use msnp_dissector::tree::{Catalogue, Dissected, Expert, Item, Kind, Recording, Value, value_text};

use crate::counting::{Count, Statistic};
use crate::epan::Nstime;
use crate::preferences::hides_secrets;
use crate::registration::Registered;
use crate::statistics::DEPTH;
use crate::veil::{Veil, is_secret};
use crate::wording::{note, number, visible};

/// Experts of one PDU that are hung on the item they are about; further ones hang on the PDU.
const EXPERTS_PLACED: usize = 256;

/// What separates the PDUs of a packet in the Info column.
pub const SEPARATOR: &str = " | ";

/// What stands in place of a secret.
const HIDDEN: &str = "(hidden)";

/// Bytes of the Info column (`COL_MAX_INFO_LEN`); Wireshark cuts it there.
const INFO_CEILING: usize = 4096;

/// Bytes of a room that is used for the next plan again.
const ROOM: usize = 1 << 16;

/// Where a text or some bytes stand in [`Plan::block`].
#[derive(Debug, Clone, Copy)]
pub struct Place(pub u32);

/// Bytes of a source: 0 is what TCP handed over, others are the plan's derived sources from 1.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// Which source.
    pub source: u32,
    /// First byte.
    pub start: i32,
    /// Number of bytes.
    pub length: i32,
}

/// A value as Wireshark takes it.
#[derive(Debug, Clone, Copy)]
pub enum Plain {
    /// None, or the bytes of the range themselves.
    Bytes,
    /// As many zeros as the secret has bytes.
    Hidden(Place, i32),
    /// A text.
    Text(Place),
    /// A number of at most 32 bits.
    Uint32(u32),
    /// A number of at most 64 bits.
    Uint64(u64),
    /// A span of time.
    Time(Nstime),
}

/// Whether a fact is in the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It is.
    Wire,
    /// It is not: Wireshark shows it in brackets.
    Generated,
}

/// One thing to tell Wireshark.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// A PDU begins: everything up to the next one hangs below it.
    Pdu {
        /// Its bytes.
        range: Range,
        /// What follows the protocol's name in the tree.
        title: Option<Place>,
    },
    /// Derived bytes; they get the next number.
    Source {
        /// What to call them.
        name: Place,
        /// Where they stand in the block.
        data: Place,
        /// How many.
        length: u32,
    },
    /// A field.
    Item {
        /// Row of the field table.
        row: u16,
        /// Where.
        range: Range,
        /// Depth below the PDU, from 0.
        depth: u8,
        /// What the bytes say.
        value: Plain,
        /// What is appended to the line: label and remark.
        note: Option<Place>,
        /// In the bytes or not.
        origin: Origin,
    },
    /// An expert on the item before, or on the PDU when there is none before.
    Expert {
        /// Row of the expert table.
        row: u16,
        /// The sentence.
        text: Place,
    },
}

/// Who will see the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Nobody, as while Wireshark opens a file: it only wants to know of experts.
    Nobody,
    /// Only the packet list: no fields.
    List,
    /// A tree, a filter or a column of fields.
    Tree,
}

impl Audience {
    /// What is to be recorded for it.
    pub fn recording(self, registered: &Registered) -> Recording<'_> {
        match self {
            Self::Nobody => Recording::Nothing,
            Self::List => Recording::Among(&registered.sentence_fields),
            Self::Tree => Recording::Everything,
        }
    }
}

/// A PDU, and all there is to tell of it.
pub struct Told<'a> {
    /// Its bytes.
    pub pdu: &'a Pdu<'a>,
    /// What it needs to know of the past.
    pub context: &'a Context,
    /// What it says.
    pub dissection: Dissection<'a>,
    /// Requests and answers, behind its tree.
    pub facts: Vec<Item>,
    /// What only the rest of the capture tells: that nobody answered it, that a transfer did not come whole.
    pub findings: Vec<Expert>,
}

/// What Wireshark is to be told about one call.
#[derive(Debug, Default)]
pub struct Plan {
    /// In the order of drawing.
    pub steps: Vec<Step>,
    /// Texts and derived data.
    pub block: Vec<u8>,
    /// Number of derived sources.
    pub sources: u32,
    /// What the Info column is to say, once [`Plan::finish`] has put it into the block.
    pub info: Option<Place>,
    /// What is added to the statistics.
    pub counts: Vec<Placed>,
    sentences: String,
}

/// A [`Count`] whose names stand in the block.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    /// In which tree.
    pub statistic: Statistic,
    /// How much.
    pub value: i32,
    /// The branches.
    pub path: [Option<Place>; DEPTH],
}

impl Plan {
    /// Adds a PDU that starts `offset` bytes into what TCP handed over.
    pub fn add(&mut self, registered: &Registered, offset: usize, audience: Audience, told: Told<'_>) {
        let catalogue = Catalogue::english();
        let Told { pdu, context, mut dissection, facts, findings } = told;
        dissection.tree.items.extend(facts);
        dissection.tree.experts.extend(findings);
        if audience != Audience::Nobody && self.sentences.len() < INFO_CEILING {
            let separator = if self.sentences.is_empty() { "" } else { SEPARATOR };
            self.sentences.push_str(separator);
            let start = self.sentences.len();
            write_headline(pdu, context, &dissection, &catalogue, &mut self.sentences);
            if let Cow::Owned(clean) = visible(self.sentences.get(start..).unwrap_or_default()) {
                self.sentences.truncate(start);
                self.sentences.push_str(&clean);
            }
        }
        let hides = hides_secrets();
        // The line as it stands may hold secrets, what is said of it does not.
        let say = if hides { headline } else { info };
        let title = (audience == Audience::Tree)
            .then(|| self.text(&format!(", {}", visible(&say(pdu, context, &dissection, &catalogue)))));
        let range = Range { source: 0, start: narrow(offset), length: narrow(pdu.bytes.len()) };
        self.steps.push(Step::Pdu { range, title });

        let tree = &dissection.tree;
        let veil = (hides && audience == Audience::Tree).then(|| Veil::over(&tree.items));
        let writing = Writing { registered, catalogue: &catalogue, tree, offset, first_source: self.sources, veil };
        match audience {
            Audience::Nobody | Audience::List => {
                tree.experts.iter().for_each(|expert| self.add_expert(&writing, expert))
            }
            Audience::Tree => self.add_tree(&writing),
        }
    }

    /// Adds something to the statistics.
    pub fn count(&mut self, count: &Count) {
        let mut path = [None; DEPTH];
        for (place, name) in path.iter_mut().zip(&count.path) {
            *place = Some(self.text(&visible(name)));
        }
        self.counts.push(Placed { statistic: count.statistic, value: count.value, path });
    }

    /// Nothing more is added.
    pub fn finish(mut self) -> Self {
        let sentences = std::mem::take(&mut self.sentences);
        self.info = (!sentences.is_empty()).then(|| self.text(&sentences));
        self.sentences = sentences;
        self
    }

    /// An empty plan with the room of this one, unless that is more than plans need as a rule.
    pub fn emptied(mut self) -> Self {
        empty(&mut self.steps);
        empty(&mut self.block);
        empty(&mut self.counts);
        self.sentences.clear();
        self.sentences.shrink_to(ROOM);
        Self { sources: 0, info: None, ..self }
    }

    fn add_tree(&mut self, writing: &Writing<'_>) {
        let tree = writing.tree;
        for source in &tree.sources {
            let name = self.text(&visible(&writing.catalogue.render(&source.name)));
            let data = self.place();
            self.block.extend_from_slice(&source.bytes);
            let length = u32::try_from(source.bytes.len()).unwrap_or(u32::MAX);
            self.steps.push(Step::Source { name, data, length });
            self.sources = self.sources.saturating_add(1);
        }
        let mut homes = tree.experts.iter().enumerate().map(|(n, e)| (home(e, n, &tree.items), e)).collect::<Vec<_>>();
        homes.sort_by_key(|(home, _)| *home);
        let mut homes = homes.into_iter().peekable();
        while let Some((_, expert)) = homes.next_if(|(home, _)| home.is_none()) {
            self.add_expert(writing, expert);
        }
        for (index, item) in tree.items.iter().enumerate() {
            self.add_item(writing, item);
            while let Some((_, expert)) = homes.next_if(|(home, _)| *home == Some(index)) {
                self.add_expert(writing, expert);
            }
        }
    }

    fn add_item(&mut self, writing: &Writing<'_>, item: &Item) {
        let Some(row) = writing.registered.row(item.field) else { return };
        let hidden = writing.veil.is_some() && is_secret(item);
        let value = match item.field.field().kind {
            Kind::Text if hidden => Plain::Text(self.text(HIDDEN)),
            Kind::Bytes if hidden => {
                let (zeros, length) = (self.place(), usize::try_from(item.span.len()).unwrap_or(0));
                self.block.resize(self.block.len().saturating_add(length), 0);
                Plain::Hidden(zeros, narrow(length))
            }
            Kind::Group | Kind::Bytes => Plain::Bytes,
            Kind::Text => Plain::Text(self.text(&value_text(item))),
            Kind::RelativeTime => Plain::Time(span_of_time(item)),
            Kind::Uint32(_) | Kind::FrameNumber(_) => Plain::Uint32(u32::try_from(number(item)).unwrap_or(u32::MAX)),
            Kind::Uint64(_) => Plain::Uint64(number(item)),
        };
        let note = note(item, writing.catalogue).map(|note| self.text(&visible(&note)));
        let range = writing.range(item);
        let origin = if item.generated { Origin::Generated } else { Origin::Wire };
        self.steps.push(Step::Item { row, range, depth: item.depth, value, note, origin });
    }

    fn add_expert(&mut self, writing: &Writing<'_>, expert: &Expert) {
        let Some(row) = writing.registered.expert_row(expert.id) else { return };
        let text = self.text(&visible(&writing.catalogue.render(&expert.text)));
        self.steps.push(Step::Expert { row, text });
    }

    /// Puts a text into the block, NUL-terminated; a NUL inside becomes its picture U+2400.
    fn text(&mut self, text: &str) -> Place {
        let place = self.place();
        self.block.reserve(text.len() + 1);
        if text.bytes().fold(false, |found, byte| found | (byte == 0)) {
            self.block.extend_from_slice(text.replace('\0', "\u{2400}").as_bytes());
        } else {
            self.block.extend_from_slice(text.as_bytes());
        }
        self.block.push(0);
        place
    }

    fn place(&self) -> Place {
        Place(u32::try_from(self.block.len()).unwrap_or(u32::MAX))
    }
}

/// Empties a list, and gives room back beyond what is kept.
fn empty<T>(list: &mut Vec<T>) {
    list.clear();
    list.shrink_to(ROOM / size_of::<T>());
}

/// What the items of one PDU have in common.
struct Writing<'a> {
    registered: &'a Registered,
    catalogue: &'a Catalogue,
    tree: &'a Dissected,
    offset: usize,
    first_source: u32,
    /// Where secrets lie, if they are not to be shown.
    veil: Option<Veil>,
}

impl Writing<'_> {
    /// Where Wireshark is to find an item: at its place, but without bytes if some of them are a hidden secret's.
    fn range(&self, item: &Item) -> Range {
        let (source, offset) = match item.span.source {
            0 => (0, self.offset),
            number => (self.first_source.saturating_add(number.into()), 0),
        };
        let start = usize::try_from(item.span.start).unwrap_or(usize::MAX).saturating_add(offset);
        let veiled = self.veil.as_ref().is_some_and(|veil| veil.touches(item.span));
        let length = if veiled { 0 } else { usize::try_from(item.span.len()).unwrap_or(usize::MAX) };
        Range { source, start: narrow(start), length: narrow(length) }
    }
}

/// The innermost item that holds all bytes of an expert; bits of a number are none.
fn home(expert: &Expert, number: usize, items: &[Item]) -> Option<usize> {
    if number >= EXPERTS_PLACED {
        return None;
    }
    let span = expert.span;
    let holds = |item: &Item| {
        let on_the_wire = !item.generated && item.mask.is_none();
        on_the_wire && item.span.source == span.source && item.span.start <= span.start && span.end <= item.span.end
    };
    items.iter().enumerate().filter(|(_, item)| holds(item)).max_by_key(|(_, item)| item.depth).map(|(index, _)| index)
}

fn span_of_time(item: &Item) -> Nstime {
    let Value::Nanos(nanos) = item.value else { return Nstime { seconds: 0, nanos: 0 } };
    let second = 1_000_000_000;
    Nstime { seconds: nanos / second, nanos: c_int::try_from(nanos % second).unwrap_or(0) }
}

fn narrow(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}
