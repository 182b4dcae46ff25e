//! Which request belongs to which answer: brackets in the gutter.

use std::collections::BTreeMap;

use crate::protocol::{Body, Window};

/// Brackets nested deeper than this are drawn only for the selection.
const GUTTER_LANES: u8 = 3;

/// From a request to its answers, in rows of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bracket {
    /// Row of the request.
    pub request: u32,
    /// Rows of the answers.
    pub answers: Vec<u32>,
    /// How deep it is nested: deeper ones stand further left.
    pub depth: u8,
    /// Whether its request or one of its answers is selected.
    pub chosen: bool,
}

impl Bracket {
    /// Row of the last answer.
    #[must_use]
    pub fn last(&self) -> u32 {
        self.answers.iter().copied().max().unwrap_or(self.request)
    }
}

/// The brackets that touch a window, the chosen ones last.
#[must_use]
pub fn brackets(window: &Window, selected: Option<u32>) -> Vec<Bracket> {
    let mut brackets = found(window, selected);
    // Short ones stand nearest to the lifelines, so that nested ones do not cross.
    brackets.sort_by_key(|bracket| (bracket.last() - bracket.request, bracket.request));
    let mut placed: Vec<Bracket> = Vec::with_capacity(brackets.len());
    for mut bracket in brackets {
        let taken = |depth: u8| {
            let same = placed.iter().filter(|other| other.depth == depth);
            same.clone().any(|other| other.request <= bracket.last() && bracket.request <= other.last())
        };
        let free = (0..GUTTER_LANES).find(|depth| !taken(*depth));
        match (free, bracket.chosen) {
            (Some(depth), _) => bracket.depth = depth,
            (None, true) => bracket.depth = GUTTER_LANES - 1,
            (None, false) => continue,
        }
        placed.push(bracket);
    }
    placed.sort_by_key(|bracket| bracket.chosen);
    placed
}

fn found(window: &Window, selected: Option<u32>) -> Vec<Bracket> {
    let mut found: BTreeMap<u32, Bracket> = BTreeMap::new();
    let mut note = |request: u32, answer: u32, chosen: bool| {
        let bracket =
            found.entry(request).or_insert_with(|| Bracket { request, answers: Vec::new(), depth: 0, chosen: false });
        if !bracket.answers.contains(&answer) {
            bracket.answers.push(answer);
        }
        bracket.chosen |= chosen;
    };
    for (row, at) in window.rows.iter().zip(window.first..) {
        let Body::Command(command) = &row.body else { continue };
        let chosen = selected == Some(command.pdu);
        if let Some(pair) = command.answers.filter(|pair| pair.row < at) {
            note(pair.row, at, chosen || selected == Some(pair.pdu));
        }
        if let Some(pair) = command.answered.filter(|pair| pair.row > at) {
            note(at, pair.row, chosen || selected == Some(pair.pdu));
        }
    }
    found.into_values().collect()
}
