//! Expressions, ready to be asked.

use std::net::IpAddr;

use regex_lite::Regex;

use super::fact::{FACTS, Fact, FactKind};
use super::search::Needle;
use crate::msnp::field;
use crate::tree::{ExpertId, FieldId, Kind};

/// A condition on a command.
#[derive(Debug, Clone)]
pub enum Expression {
    /// All of these.
    All(Vec<Self>),
    /// At least one of these.
    Any(Vec<Self>),
    /// An odd number of these.
    Odd(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// A field is like this.
    Relation(Relation),
    /// This stands somewhere in it.
    Search(Needle),
}

/// What a field is to be like.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Which field.
    pub operand: Operand,
    /// What is taken of it.
    pub function: Option<Function>,
    /// Whether one occurrence suffices.
    pub quantifier: Quantifier,
    /// What its values are to be like.
    pub test: Test,
}

/// What can be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operand {
    /// A field of the table.
    Field(FieldId),
    /// A fact of the capture.
    Fact(Fact),
    /// One kind of expert.
    Expert(ExpertId),
    /// Any expert.
    AnyExpert,
    /// How much an expert matters.
    Severity,
}

/// What values an operand has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// None.
    Presence,
    /// Texts.
    Text,
    /// Whole numbers.
    Number,
    /// Bytes.
    Bytes,
    /// Seconds with a fraction.
    Seconds,
    /// Points in time.
    Time,
    /// Addresses.
    Address,
    /// Severities of experts, which have names.
    Severity,
}

/// What is taken of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// Length of each, in characters or bytes.
    Len,
    /// How many there are.
    Count,
    /// Each in small letters.
    Lower,
    /// Each in capital letters.
    Upper,
}

/// How many occurrences have to be like that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// One of them.
    Any,
    /// All of them.
    All,
}

/// What a value is to be like.
#[derive(Debug, Clone)]
pub enum Test {
    /// There.
    Exists,
    /// Compared with another.
    Compare(Comparison, Literal),
    /// With this in it.
    Contains(Literal),
    /// As this pattern says.
    Matches(Regex),
    /// In one of these ranges, of which both ends belong to it.
    In(Vec<(Literal, Literal)>),
}

/// How two values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // their names say it
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// A value that stands in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// A text.
    Text(String),
    /// A whole number.
    Number(u64),
    /// Nanoseconds: of a span, or since 1970.
    Nanos(i128),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An address and how many of its first bits count.
    Address(IpAddr, u8),
}

/// What has to be recorded to decide.
#[derive(Debug, Default)]
pub struct Needs {
    /// These fields.
    pub fields: Vec<FieldId>,
    /// All texts.
    pub texts: bool,
}

impl Expression {
    /// What has to be recorded to decide.
    #[must_use]
    pub fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        self.gather(&mut needs);
        needs
    }

    fn gather(&self, needs: &mut Needs) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::Odd(parts) => parts.iter().for_each(|part| part.gather(needs)),
            Self::Not(inner) => inner.gather(needs),
            Self::Search(_) => needs.texts = true,
            Self::Relation(relation) => {
                if let Operand::Field(field) = relation.operand
                    && !needs.fields.contains(&field)
                {
                    needs.fields.push(field);
                }
            }
        }
    }
}

impl Operand {
    /// Its name in filters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Field(field) => field.name(),
            Self::Fact(fact) => FACTS.iter().find(|row| row.fact == fact).map_or("", |row| row.name),
            Self::Expert(expert) => expert.decl().id,
            Self::AnyExpert => super::parser::ANY_EXPERT,
            Self::Severity => super::parser::SEVERITY,
        }
    }

    /// What values it has.
    #[must_use]
    pub fn kind(self) -> ValueKind {
        match self {
            Self::Field(field) => match field.field().kind {
                Kind::Group => ValueKind::Presence,
                Kind::Text => ValueKind::Text,
                Kind::Uint32(_) | Kind::Uint64(_) | Kind::FrameNumber(_) => ValueKind::Number,
                Kind::Bytes => ValueKind::Bytes,
                Kind::RelativeTime => ValueKind::Seconds,
            },
            Self::Fact(fact) => match FACTS.iter().find(|row| row.fact == fact).map(|row| row.kind) {
                Some(FactKind::Number) => ValueKind::Number,
                Some(FactKind::Time) => ValueKind::Time,
                Some(FactKind::Seconds) => ValueKind::Seconds,
                Some(FactKind::Address) => ValueKind::Address,
                Some(FactKind::Presence) | None => ValueKind::Presence,
            },
            Self::Expert(_) | Self::AnyExpert => ValueKind::Presence,
            Self::Severity => ValueKind::Severity,
        }
    }

    /// Whether it is the verb, which every command shows without being taken apart.
    #[must_use]
    pub fn is_verb(self) -> bool {
        self == Self::Field(field::VERB)
    }
}
