//! The tree of a PDU: its items in preorder, the bytes that were derived from it, and what is odd.

use std::mem::MaybeUninit;

use msnp_dissector::analysis::Command;
use msnp_dissector::tree::{Catalogue, Expert, Group, Item, Severity, Span, Value, value_text};

use crate::gate::{answer, gate, gate_status, there};
use crate::pdu::msnp_pdu;
use crate::status::msnp_status;
use crate::value::{msnp_bytes, msnp_text};

/// What the value of an item is.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum msnp_value {
    /// It has none: it is a heading over the items below it.
    Nothing = 0,
    /// A number: `number`.
    Number = 1,
    /// A span of time in nanoseconds: `nanos`.
    Nanos = 2,
    /// A text: `text`.
    Text = 3,
    /// Bytes: `bytes`, and in hexadecimal `text`.
    Bytes = 4,
}

/// Where something stands.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct msnp_span {
    /// 0 for the bytes of the PDU itself, else the number of a source: see `msnp_pdu_source`.
    pub source: u32,
    /// The first byte, from 0.
    pub start: u32,
    /// The one behind the last.
    pub end: u32,
}

/// One field, found at one place.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct msnp_item {
    /// Its field's name in filters, such as `msnp.verb`. This text and the next live as long as the library.
    pub field: msnp_text,
    /// Its field's title.
    pub title: msnp_text,
    /// How deep it stands in the tree: 0 at the top. Items below an item follow it, one deeper.
    pub depth: u32,
    /// Where it stands.
    pub span: msnp_span,
    /// What its value is.
    pub kind: msnp_value,
    /// The value, if it is a number; else 0.
    pub number: u64,
    /// The value, if it is a span of time: how many nanoseconds it lasted, below 0 where the capture's clock went back; else 0.
    pub nanos: i64,
    /// The value, if it is bytes; else none.
    pub bytes: msnp_bytes,
    /// The value as Wireshark shows it, whatever it is; none for a heading.
    pub text: msnp_text,
    /// What the value means, such as “Away”; none where it says so itself.
    pub label: msnp_text,
    /// A sentence about this occurrence; mostly none.
    pub remark: msnp_text,
    /// Whether it is a fact that is not in the bytes. What only later packets tell is never among these: of an answer it is said
    /// which request it answers (`msnp.request_in`), of a request not who answers it (`msnp.response_in`).
    pub generated: bool,
}

/// What is odd about bytes.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct msnp_expert {
    /// Its name in filters, such as `msnp.expert.unknown-verb`: `msnp_expert_kinds_at` lists all. This text and the next two live
    /// as long as the library.
    pub name: msnp_text,
    /// How much it matters, in Wireshark's words: `chat`, `note`, `warn` or `error`.
    pub severity: msnp_text,
    /// What it is about, in Wireshark's words: `sequence`, `response`, `undecoded`, `reassemble`, `malformed`, `protocol` or
    /// `security`.
    pub group: msnp_text,
    /// What was expected, what was found.
    pub text: msnp_text,
    /// The bytes that it is about.
    pub span: msnp_span,
}

/// A PDU taken apart, with its texts in English.
#[derive(Debug)]
pub(crate) struct Tree {
    items: Vec<Spoken<Item>>,
    experts: Vec<(Expert, String)>,
    /// The name and the bytes of each source.
    sources: Vec<(String, Vec<u8>)>,
}

/// Something with its texts.
#[derive(Debug)]
struct Spoken<T> {
    of: T,
    value: Option<String>,
    label: Option<String>,
    remark: Option<String>,
}

impl Tree {
    pub(crate) fn of(command: &Command<'_>) -> Self {
        let english = Catalogue::english();
        let tree = command.dissect().tree;
        let spoken = |item: Item| {
            // A text need not be there twice.
            let shown = !matches!(item.value, Value::None | Value::Text(_));
            let value = shown.then(|| value_text(&item).into_owned());
            let [label, remark] =
                [&item.label, &item.remark].map(|text| text.as_ref().map(|text| english.render(text)));
            Spoken { value, label, remark, of: item }
        };
        Self {
            items: tree.items.into_iter().map(spoken).collect(),
            experts: tree.experts.into_iter().map(|expert| (expert.clone(), english.render(&expert.text))).collect(),
            sources: tree.sources.into_iter().map(|source| (english.render(&source.name), source.bytes)).collect(),
        }
    }
}

impl From<Span> for msnp_span {
    fn from(span: Span) -> Self {
        Self { source: span.source.into(), start: span.start, end: span.end }
    }
}

impl From<&Spoken<Item>> for msnp_item {
    fn from(spoken: &Spoken<Item>) -> Self {
        let Spoken { of: item, value, label, remark } = spoken;
        let (kind, number, nanos) = match item.value {
            Value::None => (msnp_value::Nothing, 0, 0),
            Value::Uint(number) => (msnp_value::Number, number, 0),
            Value::Nanos(nanos) => (msnp_value::Nanos, 0, nanos),
            Value::Text(_) => (msnp_value::Text, 0, 0),
            Value::Bytes(_) => (msnp_value::Bytes, 0, 0),
        };
        Self {
            field: item.field.name().into(),
            title: item.field.field().title.into(),
            depth: item.depth.into(),
            span: item.span.into(),
            kind,
            number,
            nanos,
            bytes: if let Value::Bytes(bytes) = &item.value { bytes.as_slice().into() } else { msnp_bytes::NOTHING },
            text: if let Value::Text(text) = &item.value { text.as_str().into() } else { value.into() },
            label: label.into(),
            remark: remark.into(),
            generated: item.generated,
        }
    }
}

/// How many items the tree of a PDU has; 0 for NULL. The PDU is taken apart when its tree is first asked for.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_pdu_item_count(pdu: Option<&msnp_pdu>) -> usize {
    gate(0, || pdu.map_or(0, |pdu| pdu.tree().items.len()))
}

/// Writes the item at a place, from 0, in preorder; `MSNP_STATUS_NONE` behind the last. Texts and bytes live as long as the PDU.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_pdu_item(
    pdu: Option<&msnp_pdu>,
    index: usize,
    item: Option<&mut MaybeUninit<msnp_item>>,
) -> msnp_status {
    gate_status(|| answer(item, || Ok(there(pdu)?.tree().items.get(index).ok_or(msnp_status::None)?.into())))
}

/// How many things are odd about a PDU; 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_pdu_expert_count(pdu: Option<&msnp_pdu>) -> usize {
    gate(0, || pdu.map_or(0, |pdu| pdu.tree().experts.len()))
}

/// Writes the odd thing at a place, from 0; `MSNP_STATUS_NONE` behind the last. Texts live as long as the PDU.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_pdu_expert(
    pdu: Option<&msnp_pdu>,
    index: usize,
    expert: Option<&mut MaybeUninit<msnp_expert>>,
) -> msnp_status {
    gate_status(|| {
        answer(expert, || {
            let (found, text) = there(pdu)?.tree().experts.get(index).ok_or(msnp_status::None)?;
            let decl = found.id.decl();
            Ok(msnp_expert {
                name: decl.id.into(),
                severity: severity(decl.severity).into(),
                group: group(decl.group).into(),
                text: text.as_str().into(),
                span: found.span.into(),
            })
        })
    })
}

/// Writes the name and the bytes of a source, by its number from 1: bytes that were derived from the PDU, decoded or put
/// together, in which items stand. `MSNP_STATUS_NONE` behind the last. Both live as long as the PDU.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_pdu_source(
    pdu: Option<&msnp_pdu>,
    number: u32,
    name: Option<&mut MaybeUninit<msnp_text>>,
    bytes: Option<&mut MaybeUninit<msnp_bytes>>,
) -> msnp_status {
    gate_status(|| {
        let (pdu, name) = (there(pdu)?, there(name)?);
        answer(bytes, || {
            let index = number.checked_sub(1).and_then(|index| usize::try_from(index).ok());
            let source = index.and_then(|index| pdu.tree().sources.get(index));
            let (known_as, content) = source.ok_or(msnp_status::None)?;
            name.write(known_as.as_str().into());
            Ok(content.as_slice().into())
        })
    })
}

/// The word that the JSON has for it.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Chat => "chat",
        Severity::Note => "note",
        Severity::Warn => "warn",
        Severity::Error => "error",
    }
}

/// The word that the JSON has for it.
pub(crate) fn group(group: Group) -> &'static str {
    match group {
        Group::Sequence => "sequence",
        Group::Response => "response",
        Group::Undecoded => "undecoded",
        Group::Reassemble => "reassemble",
        Group::Malformed => "malformed",
        Group::Protocol => "protocol",
        Group::Security => "security",
    }
}
