//! What can stand where somebody is writing.

use std::ops::Range;

use super::lexer::{Sign, Spot, Token, tokens};
use super::parser::{begins_test, is_keyword, names, operand};
use super::{FACTS, quote};
use crate::sorting::sort_by_key;
use crate::tree::FieldId;

/// What is being written, and what could become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The bytes that what is chosen takes the place of.
    pub at: Range<usize>,
    /// What is wanted there.
    pub wish: Wish,
}

/// What is wanted at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// One of these fields, best first: name and title.
    Field(Vec<(&'static str, &'static str)>),
    /// A value of this field that begins with or holds this.
    Value(FieldId, String),
    /// Nothing that can be proposed.
    Nothing,
}

impl Wish {
    /// A value as it is to stand in the expression.
    #[must_use]
    pub fn spelling(field: FieldId, value: &str) -> String {
        match field.field().kind {
            crate::tree::Kind::Text => quote::quoted(value),
            _ => value.to_owned(),
        }
    }
}

/// What can stand at the byte `cursor` of an expression.
#[must_use]
pub fn completion(text: &str, cursor: usize) -> Completion {
    let before = text.get(..cursor).unwrap_or(text);
    // An open quotation mark at the end is a value that is being written.
    let closed = tokens(before).or_else(|fault| {
        let mark = before.get(fault.at.start..fault.at.start + 1).unwrap_or_default();
        tokens(&format!("{before}{mark}"))
    });
    let Ok(spots) = closed else { return Completion { at: cursor..cursor, wish: Wish::Nothing } };
    let (last, earlier) = match spots.split_last() {
        Some((last, earlier)) if last.at.end >= before.len() && !matches!(last.token, Token::Sign(_)) => {
            (Some(last), earlier)
        }
        _ => (None, spots.as_slice()),
    };
    let start = last.map_or(before.len(), |spot| spot.at.start);
    let at = start..cursor.min(text.len());
    let part = match last.map(|spot| &spot.token) {
        Some(Token::Word(part) | Token::Quoted(part)) => part.as_str(),
        _ => "",
    };
    if let Some(field) = compared(earlier) {
        return Completion { at, wish: field.map_or(Wish::Nothing, |field| Wish::Value(field, part.to_owned())) };
    }
    let quoted = matches!(last.map(|spot| &spot.token), Some(Token::Quoted(_)));
    let wish = if part.is_empty() || quoted { Wish::Nothing } else { Wish::Field(fields_like(part)) };
    Completion { at, wish }
}

/// The field with which what comes next is compared; `None` if nothing is.
fn compared(spots: &[Spot]) -> Option<Option<FieldId>> {
    let in_set = spots
        .iter()
        .rposition(|spot| spot.token == Token::Sign(Sign::OpenSet))
        .filter(|open| spots.iter().skip(*open).all(|spot| spot.token != Token::Sign(Sign::CloseSet)));
    let tested = in_set.unwrap_or(spots.len().checked_sub(1)?);
    let relation = if in_set.is_some() { tested.checked_sub(1)? } else { tested };
    let tests = begins_test(&spots.get(relation)?.token);
    let name = spots.get(..relation)?.iter().rev().find_map(|spot| match &spot.token {
        Token::Word(word) if !is_keyword(word) => Some(word),
        _ => None,
    });
    tests.then(|| match operand(name?)? {
        super::expression::Operand::Field(field) => Some(field),
        _ => None,
    })
}

/// Names that begin with a part of theirs, then those that hold it, then those whose title does.
fn fields_like(part: &str) -> Vec<(&'static str, &'static str)> {
    let part = part.to_lowercase();
    let title = |name: &'static str| {
        let fact = FACTS.iter().find(|row| row.name == name).map(|row| row.title);
        let field = || crate::fields().find(|field| field.name == name).map(|field| field.title);
        fact.or_else(field).unwrap_or("")
    };
    let rank = |name: &str, title: &str| match name {
        name if name.starts_with(&part) => Some(0),
        name if name.rsplit('.').next().is_some_and(|last| last.starts_with(&part)) => Some(1),
        name if name.contains(&part) => Some(2),
        _ if title.to_lowercase().contains(&part) => Some(3),
        _ => None,
    };
    let mut found = names()
        .map(|name| (name, title(name)))
        .filter_map(|(name, title)| Some((rank(name, title)?, name, title)))
        .collect::<Vec<_>>();
    sort_by_key(&mut found, |(rank, name, _)| (*rank, name.len()));
    found.into_iter().map(|(_, name, title)| (name, title)).collect()
}
