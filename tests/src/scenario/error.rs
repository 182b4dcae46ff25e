//! Why a scenario cannot be built.

use std::fmt;

/// A fault in a transcript or its scenario line, told to the person who writes it.
#[derive(Debug)]
pub enum ScenarioError {
    /// A file could not be read.
    Io(String, std::io::Error),
    /// A line of the transcript is wrong: its 1-based number in the file, then what is wrong.
    Line(usize, String),
    /// The scenario asks for something impossible.
    Scenario(String),
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(name, error) => write!(f, "{name}: {error}"),
            Self::Line(number, fault) => write!(f, "transcript line {number}: {fault}"),
            Self::Scenario(fault) => write!(f, "scenario: {fault}"),
        }
    }
}

impl std::error::Error for ScenarioError {}
