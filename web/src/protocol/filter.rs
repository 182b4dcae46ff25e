//! What page and worker say to each other about filters. Places in an expression are bytes of its UTF-8.

use serde::{Deserialize, Serialize};

/// What the worker thinks of an expression.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// Number of the question.
    pub id: u32,
    /// Why it cannot be read; then the last one that could be stays in force.
    pub fault: Option<Fault>,
    /// Its pieces, as far as it can be read.
    pub pieces: Vec<Piece>,
    /// What can be written where the cursor stands.
    pub completion: Completion,
}

/// Why an expression cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// First byte that is wrong.
    pub start: u32,
    /// One past the last; the same as the first when something is missing there.
    pub end: u32,
    /// What is wrong, and what to write instead.
    pub sentence: String,
}

/// A piece of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// First byte.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// What it is.
    pub class: Class,
}

/// What a piece of an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Class {
    /// A field.
    Field,
    /// A text.
    Text,
    /// A number.
    Number,
    /// A sign or a keyword.
    Operator,
}

/// What can be written at a place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Completion {
    /// First byte that a choice takes the place of.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// The choices, best first.
    pub choices: Vec<Choice>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is written.
    pub text: String,
    /// What it means.
    pub meaning: String,
    /// How many commands were seen with it, for a value.
    pub count: Option<u32>,
}

/// How far a filter has come.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Sifted {
    /// Its number.
    pub id: u32,
    /// Commands that were asked about.
    pub done: u32,
    /// Commands there are.
    pub of: u32,
    /// Commands for which it holds.
    pub found: u32,
    /// Milliseconds of work so far.
    pub took: f64,
}

impl Sifted {
    /// Whether all commands were asked about.
    #[must_use]
    pub const fn complete(&self) -> bool {
        self.done >= self.of
    }
}
