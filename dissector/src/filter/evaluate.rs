//! Asking an expression about a command.
//!
//! An expression is asked twice at most: first of what is known without taking the command apart, when the answer may be
//! “not known”; then of the command taken apart.

use std::cmp::Ordering;
use std::net::IpAddr;

use super::expression::{Comparison, Expression, Function, Literal, Operand, Quantifier, Relation, Test};
use super::literal::SEVERITIES;
use super::search::Needle;
use crate::analysis::Command;
use crate::msnp::{PduKind, dissect};
use crate::tree::{Dissected, FieldId, Item, Recording, Value, lossy};

/// Values that somebody has noted of commands seen before, so that these need not be taken apart again.
pub trait Index {
    /// Calls `each` with every value of a text field in the command of this number; false if this index does not know.
    fn values(&self, pdu: u32, field: FieldId, each: &mut dyn FnMut(&str)) -> bool;
}

/// An index that knows nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoIndex;

impl Index for NoIndex {
    fn values(&self, _: u32, _: FieldId, _: &mut dyn FnMut(&str)) -> bool {
        false
    }
}

/// A value of a field or fact.
#[derive(Debug, Clone, Copy)]
pub enum Datum<'v> {
    /// It is there, and that is all.
    Present,
    /// A text.
    Text(&'v str),
    /// A whole number.
    Number(u64),
    /// Nanoseconds.
    Nanos(i128),
    /// Bytes.
    Bytes(&'v [u8]),
    /// An address.
    Address(IpAddr),
}

/// Somebody who knows the values of a command's fields.
pub trait Witness {
    /// Calls `each` with every value; false if they are not known.
    fn values(&self, operand: Operand, each: &mut dyn FnMut(Datum<'_>)) -> bool;

    /// Whether a word stands in the command, if that is known.
    fn holds(&self, needle: &Needle) -> Option<bool>;
}

/// What is known of a command without taking it apart.
#[derive(Clone, Copy)]
pub struct Facts<'c, 'a> {
    /// The command.
    pub command: &'c Command<'a>,
    /// What somebody has noted of it.
    pub index: &'c dyn Index,
}

impl Witness for Facts<'_, '_> {
    fn values(&self, operand: Operand, each: &mut dyn FnMut(Datum<'_>)) -> bool {
        match operand {
            Operand::Fact(fact) => fact.values(self.command, each),
            _ if operand.is_verb() => {
                if self.command.pdu.kind == PduKind::Command {
                    each(Datum::Text(&lossy(self.command.pdu.words().next().unwrap_or_default())));
                }
            }
            Operand::Field(field) => {
                return self.index.values(self.command.number, field, &mut |text| each(Datum::Text(text)));
            }
            Operand::Expert(_) | Operand::AnyExpert | Operand::Severity => return false,
        }
        true
    }

    fn holds(&self, needle: &Needle) -> Option<bool> {
        needle.is_in_bytes(self.command.pdu.bytes).then_some(true)
    }
}

/// A command taken apart.
pub struct Whole<'c, 'a> {
    facts: Facts<'c, 'a>,
    tree: Dissected,
    /// What the capture tells beside: no text that is searched.
    told: Vec<Item>,
}

impl<'c, 'a> Whole<'c, 'a> {
    /// Takes it apart, as far as `recording` says.
    pub fn new(facts: Facts<'c, 'a>, recording: Recording<'_>) -> Self {
        let command = facts.command;
        let tree = dissect(&command.pdu, &command.context, recording).tree;
        let told = command.facts().filter(|item| recording.wants(item.field)).collect();
        Self { facts, tree, told }
    }
}

impl Witness for Whole<'_, '_> {
    fn values(&self, operand: Operand, each: &mut dyn FnMut(Datum<'_>)) -> bool {
        let experts = &self.tree.experts;
        match operand {
            Operand::Fact(fact) => fact.values(self.facts.command, each),
            Operand::Field(field) => {
                let items = self.tree.items.iter().chain(&self.told);
                items.filter(|item| item.field == field).for_each(|item| each(datum(item)));
            }
            Operand::Expert(id) => experts.iter().filter(|expert| expert.id == id).for_each(|_| each(Datum::Present)),
            Operand::AnyExpert => experts.iter().for_each(|_| each(Datum::Present)),
            Operand::Severity => experts.iter().for_each(|expert| {
                let severity = SEVERITIES.get(expert.id.decl().severity as usize);
                each(Datum::Number(severity.map_or(0, |(number, _)| *number)));
            }),
        }
        true
    }

    fn holds(&self, needle: &Needle) -> Option<bool> {
        let texts = || {
            self.tree
                .items
                .iter()
                .filter_map(|item| if let Value::Text(text) = &item.value { Some(text) } else { None })
        };
        Some(self.facts.holds(needle).unwrap_or_else(|| texts().any(|text| needle.is_in(text))))
    }
}

fn datum(item: &Item) -> Datum<'_> {
    match &item.value {
        Value::None => Datum::Present,
        Value::Uint(number) => Datum::Number(*number),
        Value::Nanos(nanos) => Datum::Nanos((*nanos).into()),
        Value::Text(text) => Datum::Text(text),
        Value::Bytes(bytes) => Datum::Bytes(bytes),
    }
}

impl Expression {
    /// Whether it holds, if the witness knows.
    pub fn holds(&self, witness: &dyn Witness) -> Option<bool> {
        match self {
            Self::All(parts) => join(parts, witness, false),
            Self::Any(parts) => join(parts, witness, true),
            Self::Odd(parts) => parts.iter().try_fold(false, |odd, part| Some(odd ^ part.holds(witness)?)),
            Self::Not(inner) => inner.holds(witness).map(|holds| !holds),
            Self::Search(needle) => witness.holds(needle),
            Self::Relation(relation) => relation.holds(witness),
        }
    }
}

/// Parts of which one that is `decisive` decides for all.
fn join(parts: &[Expression], witness: &dyn Witness, decisive: bool) -> Option<bool> {
    let mut known = true;
    for part in parts {
        match part.holds(witness) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!decisive)
}

impl Relation {
    fn holds(&self, witness: &dyn Witness) -> Option<bool> {
        let (mut count, mut like) = (0_u64, 0_u64);
        let known = witness.values(self.operand, &mut |datum| {
            count += 1;
            like += u64::from(self.is_like(datum));
        });
        let holds = match (self.function, self.quantifier) {
            (Some(Function::Count), _) => count > 0 && self.test.accepts(Datum::Number(count)),
            (_, Quantifier::Any) => like > 0,
            (_, Quantifier::All) => count > 0 && like == count,
        };
        known.then_some(holds)
    }

    fn is_like(&self, datum: Datum<'_>) -> bool {
        match (self.function, datum) {
            (Some(Function::Len), Datum::Text(text)) => self.test.accepts(Datum::Number(text.chars().count() as u64)),
            (Some(Function::Len), Datum::Bytes(bytes)) => self.test.accepts(Datum::Number(bytes.len() as u64)),
            (Some(Function::Lower), Datum::Text(text)) => self.test.accepts(Datum::Text(&text.to_lowercase())),
            (Some(Function::Upper), Datum::Text(text)) => self.test.accepts(Datum::Text(&text.to_uppercase())),
            (Some(Function::Count), _) => true,
            _ => self.test.accepts(datum),
        }
    }
}

impl Test {
    fn accepts(&self, datum: Datum<'_>) -> bool {
        match self {
            Self::Exists => true,
            Self::Compare(comparison, literal) => match order(datum, literal) {
                Some(order) => comparison.accepts(order),
                None => *comparison == Comparison::NotEqual,
            },
            Self::Contains(literal) => contains(datum, literal),
            Self::Matches(pattern) => match datum {
                Datum::Text(text) => pattern.is_match(text),
                Datum::Bytes(bytes) => pattern.is_match(&String::from_utf8_lossy(bytes)),
                _ => false,
            },
            Self::In(ranges) => ranges.iter().any(|(from, to)| {
                order(datum, from).is_some_and(Ordering::is_ge) && order(datum, to).is_some_and(Ordering::is_le)
            }),
        }
    }
}

impl Comparison {
    const fn accepts(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterEqual => order.is_ge(),
        }
    }
}

/// How a value stands to a literal of the same kind.
fn order(datum: Datum<'_>, literal: &Literal) -> Option<Ordering> {
    Some(match (datum, literal) {
        (Datum::Text(text), Literal::Text(other)) => text.cmp(other.as_str()),
        (Datum::Number(number), Literal::Number(other)) => number.cmp(other),
        (Datum::Nanos(nanos), Literal::Nanos(other)) => nanos.cmp(other),
        (Datum::Bytes(bytes), Literal::Bytes(other)) => bytes.cmp(other.as_slice()),
        (Datum::Address(address), Literal::Address(other, bits)) => {
            masked(address, *bits)?.cmp(&masked(*other, *bits)?)
        }
        _ => return None,
    })
}

/// The first bits of an address; families do not compare.
fn masked(address: IpAddr, bits: u8) -> Option<(bool, u128)> {
    let (v6, number, width) = match address {
        IpAddr::V4(address) => (false, u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (true, address.to_bits(), 128),
    };
    let dropped = u32::from(width - bits.min(width));
    Some((v6, number.checked_shr(dropped).unwrap_or(0)))
}

fn contains(datum: Datum<'_>, literal: &Literal) -> bool {
    let (bytes, wanted) = match (datum, literal) {
        (Datum::Text(text), Literal::Text(wanted)) => (text.as_bytes(), wanted.as_bytes()),
        (Datum::Bytes(bytes), Literal::Bytes(wanted)) => (bytes, wanted.as_slice()),
        _ => return false,
    };
    memchr::memmem::find(bytes, wanted).is_some()
}
