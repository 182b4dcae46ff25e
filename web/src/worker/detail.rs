//! Everything about one command, for the inspector.

use msnp_dissector::analysis::{self, whole_item};
use msnp_dissector::filter;
use msnp_dissector::msnp::{dissect, sentence};
use msnp_dissector::tree::{self, Catalogue, FieldId, Item, Piece, Recording, Value, value_text};

use super::check::severity;
use super::rows::{Shelf, float, trid, verb_of};
use super::store::{Record, Store, moment};
use super::veil;
use crate::protocol::{Detail, Evidence, ExpertView, FieldInfo, FieldItem, Link, Origin, Range, SourceBytes};
use crate::wording;

/// Characters of a value that are sent; the bytes are all there in the hex view.
const VALUE_SHOWN: usize = 4000;

/// Everything about a command, if there is one of that number.
#[must_use]
pub fn detail(shelf: Shelf<'_>, number: u32) -> Option<Detail> {
    let Shelf { store, catalogue, veiled, .. } = shelf;
    let record = store.record(number)?;
    let pdu = store.pdu(record);
    let command = store.command(number)?;
    let mut dissection = command.dissect();
    // What is said of a command does not tell its secrets; its fields and bytes do.
    let sentence = sentence(&pdu, &record.context, &dissection, catalogue);
    let own = dissection.tree.experts.iter().map(|expert| expert_view(expert, catalogue));
    let experts = own.chain(remarks(shelf, number, record)).collect();
    let trid = trid(&pdu, dissection.message.trid);
    let veil = veil::over(veiled, &pdu, &record.context, &dissection);
    let pdu = veil.as_ref().map_or(pdu, |veil| veil.pdu(&pdu));
    if veil.is_some() {
        dissection = analysis::Command { pdu, ..command }.dissect();
    }
    let answers = store.links.answers(number);
    let first = answers.and_then(|answers| Some(answers.response_item(store.record(answers.first)?.frame)));
    let whole = store.links.whole(number).and_then(|whole| Some(whole_item(store.record(whole)?.frame)));
    dissection.tree.items.extend(first.into_iter().chain(whole));
    let mut fields = Glossary::default();
    let hides = |item: &Item| veiled && veil::is_secret(item);
    let item = |item: &Item| field_item(item, hides(item), &mut fields, catalogue);
    let items = dissection.tree.items.iter().map(item).collect();
    let own = SourceBytes { name: "Command".to_owned(), bytes: pdu.bytes.to_vec(), from: Vec::new() };
    let derived = dissection.tree.sources.iter().map(|source| SourceBytes {
        name: wording::visible(&catalogue.render(&source.name)),
        bytes: source.bytes.clone(),
        from: source.from.iter().map(origin).collect(),
    });
    Some(Detail {
        pdu: number,
        verb: verb_of(&pdu),
        trid,
        sentence: wording::visible(&sentence),
        evidence: evidence(store, number, record)?,
        line: u32::try_from(pdu.line).unwrap_or(u32::MAX),
        items,
        fields: fields.infos,
        experts,
        sources: std::iter::once(own).chain(derived).collect(),
        packet: None,
    })
}

/// What findings say of it that it does not tell by itself.
fn remarks<'s>(shelf: Shelf<'s>, number: u32, record: &'s Record) -> impl Iterator<Item = ExpertView> + use<'s> {
    let Shelf { store, checked, catalogue, .. } = shelf;
    let unanswered = store.unanswered.iter().filter(move |request| request.pdu == number && checked.complete);
    let unanswered = unanswered.map(|request| expert_view(&request.expert(record.line()), catalogue));
    let exact = checked.remarks.iter().filter(move |remark| remark.evidence.pdu == Some(number));
    unanswered.chain(exact.map(|remark| {
        let decl = remark.kind.id.decl();
        let span = remark.evidence.span;
        ExpertView {
            range: range(if span.is_empty() { tree::Span::pdu(0, record.line()) } else { span }),
            severity: remark.severity,
            group: decl.id.split('.').next().unwrap_or_default().to_owned(),
            id: decl.id.to_owned(),
            text: wording::visible(catalogue.render(&remark.text).trim_end_matches('.')),
        }
    }))
}

fn evidence(store: &Store, number: u32, record: &Record) -> Option<Evidence> {
    let stream = store.stream(record)?;
    let (source, destination) = store.ends(record)?;
    Some(Evidence {
        frame: float(record.frame),
        home: None,
        time: moment(record.time),
        stream: stream.info.stream,
        role: stream.role,
        source: source.to_string(),
        destination: destination.to_string(),
        answers: store.request(record).and_then(|request| link(store, record, request.pdu)),
        answered: store.links.answers(number).and_then(|answers| link(store, record, answers.first)),
        after_gap: record.context.after_gap,
    })
}

/// What a command is called: its verb and its transaction number.
#[must_use]
pub fn name_of(store: &Store, number: u32) -> Option<String> {
    let record = store.record(number)?;
    let pdu = store.pdu(record);
    let message = dissect(&pdu, &record.context, Recording::Nothing).message;
    Some(match trid(&pdu, message.trid) {
        Some(trid) => format!("{} {trid}", verb_of(&pdu)),
        None => verb_of(&pdu),
    })
}

fn link(store: &Store, from: &Record, number: u32) -> Option<Link> {
    let other = store.record(number)?;
    Some(Link { pdu: number, name: name_of(store, number)?, delay: moment(other.time).since(moment(from.time)).abs() })
}

/// Fields that occur, each once.
#[derive(Debug, Default)]
struct Glossary {
    ids: Vec<FieldId>,
    infos: Vec<FieldInfo>,
}

impl Glossary {
    fn index(&mut self, field: FieldId, catalogue: &Catalogue) -> u32 {
        let at = self.ids.iter().position(|known| *known == field).unwrap_or_else(|| {
            let declared = field.field();
            self.ids.push(field);
            self.infos.push(FieldInfo {
                name: declared.name.to_owned(),
                title: catalogue.phrase(declared.name, declared.title).into_owned(),
                explanation: declared.explanation_line(),
            });
            self.ids.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }
}

fn field_item(item: &Item, hidden: bool, fields: &mut Glossary, catalogue: &Catalogue) -> FieldItem {
    let value = if hidden { veil::HIDDEN.into() } else { value_text(item) };
    let value = match value.char_indices().nth(VALUE_SHOWN) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.into_owned(),
    };
    FieldItem {
        field: fields.index(item.field, catalogue),
        range: range(item.span),
        depth: item.depth,
        value: wording::visible(&value),
        label: item.label.as_ref().map(|text| wording::visible(&catalogue.render(text))),
        remark: item.remark.as_ref().map(|text| wording::visible(&catalogue.render(text))),
        generated: item.generated,
        group: item.value == Value::None,
        hidden,
        filter: Some(filter::expression_of(item)).filter(|text| !hidden && filter::Filter::parse(text).is_ok()),
    }
}

fn origin(piece: &Piece) -> Origin {
    Origin { pdu: piece.pdu, range: range(piece.span), offset: piece.offset }
}

fn expert_view(expert: &tree::Expert, catalogue: &Catalogue) -> ExpertView {
    let decl = expert.id.decl();
    ExpertView {
        range: range(expert.span),
        severity: severity(decl.severity),
        group: format!("{:?}", decl.group).to_lowercase(),
        id: decl.id.to_owned(),
        text: wording::visible(&catalogue.render(&expert.text)),
    }
}

const fn range(span: tree::Span) -> Range {
    Range { source: span.source, start: span.start, end: span.end }
}
