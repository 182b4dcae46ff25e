//! The tree of transfers: how far each has come, and their sums.
//!
//! A transfer changes while packets go by, and who looks at the tree may have chosen some of them by a filter. So each tree
//! keeps what it was told of each transfer last, takes that back when it is told anew, and sets branches to their sums. Pure:
//! comes in how far a transfer has come, goes out what branches are to show.

use std::collections::{BTreeMap, BTreeSet};

use msnp_dissector::transfer::{State, Transfer};
use msnp_dissector::tree::Catalogue;

use crate::wording::visible;

/// Branches below one another.
pub const DEPTH: usize = 4;

/// In the order in which a transfer may come to them.
const STATES: [State; 5] = [State::Complete, State::Incomplete, State::Declined, State::Cancelled, State::Offered];

/// The names of branches below one another, the outermost first.
type Path = Vec<String>;

/// What is to be shown from the root to a branch: their names and numbers.
pub type Branch = Vec<(String, i32)>;

/// What a tree shows.
#[derive(Debug, Default)]
pub struct Ledger {
    /// By the places of the transfers.
    told: BTreeMap<usize, Vec<(Path, u64)>>,
    sums: BTreeMap<Path, u64>,
}

impl Ledger {
    /// Takes note of a transfer; returns the branches whose numbers are others now.
    pub fn tell(&mut self, at: usize, transfer: &Transfer) -> Vec<Branch> {
        let told = lines(transfer);
        if self.told.get(&at) == Some(&told) {
            return Vec::new();
        }
        let before = self.told.insert(at, told.clone()).unwrap_or_default();
        for (path, value) in &before {
            self.change(path, |sum| sum.saturating_sub(*value));
        }
        for (path, value) in &told {
            self.change(path, |sum| sum.saturating_add(*value));
        }
        let differs = |line: &&(Path, u64)| before.contains(line) != told.contains(line);
        let changed = before.iter().chain(&told).filter(differs).map(|(path, _)| path).collect::<BTreeSet<_>>();
        changed.into_iter().map(|path| self.branch(path)).collect()
    }

    fn change(&mut self, path: &[String], change: impl Fn(u64) -> u64) {
        for depth in 1..=path.len() {
            let sum = self.sums.entry(path.get(..depth).unwrap_or_default().to_vec()).or_default();
            *sum = change(*sum);
        }
    }

    fn branch(&self, path: &[String]) -> Branch {
        let sum = |depth: usize| self.sums.get(path.get(..depth)?).copied();
        let number = |depth: usize| i32::try_from(sum(depth).unwrap_or(0)).unwrap_or(i32::MAX);
        path.iter().zip(1..).map(|(name, depth)| (name.clone(), number(depth))).collect()
    }
}

/// What a transfer adds: itself, by its kind and how far it has come, the bytes that it was to have, and those that came.
fn lines(transfer: &Transfer) -> Vec<(Path, u64)> {
    let catalogue = Catalogue::english();
    let kind = catalogue.render(&transfer.kind.name());
    let state = transfer.state_so_far();
    let count = |one: State| {
        let path = ["Transfers", &kind, &catalogue.render(&one.name())].map(str::to_owned).to_vec();
        (path, u64::from(one == state))
    };
    let mut lines = STATES.map(count).to_vec();
    if transfer.kind.is_bytes() {
        let name = if transfer.name.is_empty() { "(without a name)" } else { &transfer.name };
        // Wireshark cannot take a branch away: people get theirs when both are known.
        let ends = transfer.from.as_ref().zip(transfer.to.as_ref()).map(|(from, to)| format!("{from} → {to}"));
        let bytes = |title: &str| -> Path {
            let path = [title.to_owned(), kind.clone(), visible(name).to_string()].into_iter();
            path.chain(ends.iter().map(|ends| visible(ends).to_string())).collect()
        };
        lines.extend(transfer.size().map(|size| (bytes("Bytes announced"), size)));
        lines.push((bytes("Bytes in the capture"), transfer.map.covered()));
    }
    lines
}
