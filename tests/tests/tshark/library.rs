//! The library's answer, in the form in which both answers are compared.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use msnp_dissector::analysis::{Analysis, Command, Gap, Links, Pending, Sink, StreamInfo, whole_item};
use msnp_dissector::msnp::Direction;
use msnp_dissector::transfer::{Keeping, Transfer, Transfers};
use msnp_dissector::transport::How;
use msnp_dissector::tree::{self, Catalogue, Expert, Item, Kind, TextId, Value, value_text};

/// One PDU, as either side tells it.
#[derive(Debug, Clone)]
pub struct Pdu {
    /// Packet that completed it.
    pub frame: u64,
    /// Number of bytes.
    pub length: usize,
    /// First line, for a person.
    pub title: String,
    /// The fields in preorder.
    pub fields: Vec<Field>,
    /// What is odd, sorted.
    pub experts: Vec<Odd>,
}

/// One field, found at one place.
#[derive(Debug, Clone)]
pub struct Field {
    /// Filter name.
    pub name: String,
    /// Depth below the PDU.
    pub depth: usize,
    /// Position: from the start of the PDU, or of derived bytes.
    pub start: Start,
    /// Number of bytes.
    pub length: usize,
    /// The value as text; numbers and bytes as Wireshark writes them.
    pub value: String,
    /// The library: label and remark, or, where the label is the name of the value, name, value and remark. tshark: the
    /// whole line, which ends in them.
    pub note: String,
}

/// Where a field starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// In the PDU.
    Pdu(usize),
    /// In bytes derived from it.
    Derived(usize),
    /// tshark: in one or the other. PDML counts from the start of the packet, and, in derived bytes, from where the field
    /// above starts if that number is the larger one.
    Shown {
        /// As PDML counts.
        position: usize,
        /// The start of the PDU, counted so.
        pdu: usize,
        /// The start of the field above, counted so.
        above: usize,
    },
}

impl Start {
    /// Whether tshark's answer can mean this place.
    pub fn is_shown_as(self, shown: Self) -> bool {
        let Self::Shown { position, pdu, above } = shown else { return false };
        match self {
            Self::Pdu(start) => position == pdu + start,
            Self::Derived(start) => position == start || position == above + start,
            Self::Shown { .. } => false,
        }
    }
}

/// One expert.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Odd {
    /// Filter name.
    pub name: String,
    /// `chat`, `note`, `warn` or `error`.
    pub severity: &'static str,
    /// The sentence.
    pub text: String,
    /// The innermost field that holds the bytes it is about; empty for the PDU itself.
    pub on: String,
    /// Position of that field from the start of the PDU.
    pub start: usize,
    /// Length of that field.
    pub length: usize,
}

impl Pdu {
    /// An expert about its line, which is so long.
    fn odd_on_line(&self, expert: &Expert, line: u32) -> Odd {
        let holds = |field: &&Field| {
            field.start == Start::Pdu(0) && field.length > 0 && field.length >= usize::try_from(line).unwrap()
        };
        let odd = odd_at(expert, None, self.length, &Catalogue::english());
        match self.fields.iter().filter(holds).max_by_key(|field| field.depth) {
            Some(field) => Odd { on: field.name.clone(), length: field.length, ..odd },
            None => odd,
        }
    }
}

/// Every PDU of a capture, in order.
pub fn pdus(capture: &Path) -> Vec<Pdu> {
    let bytes = std::fs::read(capture).unwrap();
    let mut collector = Collector::new();
    let mut analysis = Analysis::new();
    analysis.push(&bytes, &mut collector).unwrap();
    analysis.finish(&mut collector).unwrap();
    let mut pdus = collector.with_responses();
    pdus.sort_by_key(|(frame, number, _)| (*frame, *number));
    pdus.into_iter().map(|(_, _, pdu)| pdu).collect()
}

struct Collector {
    transfers: Transfers,
    pdus: Vec<(u64, u32, Pdu)>,
    links: Links,
    streams: HashMap<u32, StreamInfo>,
    pending: HashMap<u32, Pending>,
    /// Of each command its connection and the length of its line.
    lines: HashMap<u32, (u32, u32)>,
}

impl Collector {
    fn new() -> Self {
        let (pdus, links, streams, pending, lines) = Default::default();
        Self { transfers: Transfers::new(Keeping::Elsewhere), pdus, links, streams, pending, lines }
    }

    /// What only the whole capture tells, as Wireshark's second pass does: in which packet each request is answered, or
    /// that it never is, and which transfers did not come whole. Wireshark does not see connections end, so that only a long silence counts.
    fn with_responses(self) -> Vec<(u64, u32, Pdu)> {
        let frames = self.pdus.iter().map(|(frame, number, _)| (*number, *frame)).collect::<BTreeMap<_, _>>();
        let mut pdus = self.pdus;
        for (_, number, pdu) in &mut pdus {
            let item = self.links.answers(*number).map(|answers| answers.response_item(frames[&answers.first]));
            let whole = self.links.whole(*number).map(|whole| whole_item(frames[&whole]));
            pdu.fields.extend(item.into_iter().chain(whole).map(|item| field(&item, &Catalogue::english())));
            let (stream, line) = self.lines[number];
            let request = self.pending[&stream].is_unanswered(*number, stream, How::CaptureEnd);
            let last = |one: &&Transfer| one.ended().is_some_and(|ended| ended.pdu == *number);
            let ended = self.transfers.all().iter().filter(last).filter_map(|transfer| transfer.finding(line));
            let experts = ended.chain(request.map(|request| request.expert(line)));
            let experts = experts.map(|expert| pdu.odd_on_line(&expert, line)).collect::<Vec<_>>();
            pdu.experts.extend(experts);
            pdu.experts.sort();
        }
        pdus
    }
}

impl Sink for Collector {
    fn stream(&mut self, info: &StreamInfo) {
        self.streams.insert(info.stream, info.clone());
    }

    fn gap(&mut self, gap: &Gap) {
        let from_server = self.streams[&gap.stream].server == gap.source;
        let direction = if from_server { Direction::ToClient } else { Direction::ToServer };
        self.pending.entry(gap.stream).or_default().lost(direction);
    }

    fn command(&mut self, command: &Command<'_>) {
        let Command { number, frame, time, context, pdu, stream, .. } = command;
        self.pending.entry(*stream).or_default().note(*number, *frame, *time, context, pdu);
        self.lines.insert(*number, (*stream, u32::try_from(pdu.line).unwrap()));
        self.links.note(command.number, &command.context, command.pdu.completes);
        let dissection = command.dissect();
        self.transfers.observe(command, &dissection.message);
        let tree = &dissection.tree;
        let catalogue = Catalogue::english();
        let mut experts = tree.experts.iter().map(|expert| odd(expert, tree, command, &catalogue)).collect::<Vec<_>>();
        experts.sort();
        let title = String::from_utf8_lossy(command.pdu.line_text()).into_owned();
        let length = command.pdu.bytes.len();
        let fields = tree.items.iter().map(|item| field(item, &catalogue)).collect();
        let pdu = Pdu { frame: command.frame, length, title, fields, experts };
        self.pdus.push((command.frame, command.number, pdu));
    }
}

fn field(item: &Item, catalogue: &Catalogue) -> Field {
    let value = match &item.value {
        Value::Bytes(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":"),
        _ => value_text(item).into_owned(),
    };
    let label = item.label.as_ref().map(|text| match name_of(item) {
        Some((name, told)) if text == &name.text() => format!(": {told} ({value})"),
        _ => format!(" ({})", catalogue.render(text)),
    });
    let remark = item.remark.as_ref().map(|text| format!(" — {}", catalogue.render(text)));
    Field {
        name: item.field.name().to_owned(),
        depth: item.depth.into(),
        start: match item.span.source {
            0 => Start::Pdu(item.span.start as usize),
            _ => Start::Derived(item.span.start as usize),
        },
        length: item.span.len() as usize,
        value,
        note: label.unwrap_or_default() + &remark.unwrap_or_default(),
    }
}

/// What the value of an item is called, and how Wireshark tells it from the names of others.
fn name_of(item: &Item) -> Option<(TextId, Cow<'static, str>)> {
    let Value::Uint(number) = item.value else { return None };
    let (number, field) = (u32::try_from(number).ok()?, item.field.field());
    Some((field.names?.of(number)?, value_names(field)?.remove(&number)?))
}

/// The names of a field's values, as Wireshark is told them.
pub fn value_names(field: &tree::Field) -> Option<BTreeMap<u32, Cow<'static, str>>> {
    let Kind::Uint32(base) = field.kind else { return None };
    Some(field.names?.distinct(base).collect())
}

fn odd(expert: &Expert, tree: &tree::Dissected, command: &Command<'_>, catalogue: &Catalogue) -> Odd {
    let holds = |item: &&Item| {
        let (outer, inner) = (item.span, expert.span);
        outer.source == inner.source && outer.start <= inner.start && inner.end <= outer.end && !item.generated
    };
    let home = tree.items.iter().filter(holds).max_by_key(|item| item.depth);
    odd_at(expert, home, command.pdu.bytes.len(), catalogue)
}

/// An expert on an item, or on the PDU of this length.
fn odd_at(expert: &Expert, home: Option<&Item>, length: usize, catalogue: &Catalogue) -> Odd {
    Odd {
        name: expert.id.decl().id.to_owned(),
        severity: match expert.id.decl().severity {
            tree::Severity::Chat => "chat",
            tree::Severity::Note => "note",
            tree::Severity::Warn => "warn",
            tree::Severity::Error => "error",
        },
        text: catalogue.render(&expert.text),
        on: home.map(|item| item.field.name().to_owned()).unwrap_or_default(),
        start: home.map_or(0, |item| item.span.start as usize),
        length: home.map_or(length, |item| item.span.len() as usize),
    }
}
