//! Tokens to expressions; the grammar stands in the room's text.

use std::ops::Range;

use super::expression::{Comparison, Expression, Function, Operand, Quantifier, Relation, Test, ValueKind};
use super::fact::FACTS;
use super::fault::{
    EXPECTED_CONDITION, EXPECTED_FIELD, EXPECTED_SYMBOL, EXPECTED_VALUE, Fault, LATER_FIELD, LATER_WHOLE,
    MISSPELT_FIELD, NO_VALUE, ONLY_TEXT, QUOTED, THE_END, TOO_DEEP, TOO_LONG, UNEXPECTED, UNKNOWN_FIELD,
};
use super::lexer::{Sign, Spot, Token, tokens};
use super::literal::{self, Word};
use super::search::Needle;
use crate::analysis::{REASSEMBLED_IN, RESPONSE_IN};
use crate::tree::{FieldId, Text};

/// Parentheses and negations that may stand inside one another.
const DEPTH_CEILING: usize = 100;
/// Length of an expression, in bytes.
const LENGTH_CEILING: usize = 16 * 1024;
/// Wireshark's name for “some expert”.
pub(super) const ANY_EXPERT: &str = "_ws.expert";
/// Wireshark's name for how much an expert matters.
pub(super) const SEVERITY: &str = "_ws.expert.severity";
/// What field names begin with. A word that does so and is no field is a mistake, not a word to search for.
const PROTOCOLS: &[&str] = &["msnp.", "frame.", "tcp.", "udp.", "ip.", "ipv6.", "_ws."];
/// Words that are no values and are not searched for, unless in quotation marks.
const KEYWORDS: &[&str] = &[
    "and", "or", "xor", "not", "in", "contains", "matches", "eq", "ne", "lt", "le", "gt", "ge", "any_eq", "all_eq",
    "any_ne", "all_ne",
];
const FUNCTIONS: &[(&str, Function)] =
    &[("len", Function::Len), ("count", Function::Count), ("lower", Function::Lower), ("upper", Function::Upper)];

/// Reads an expression.
pub fn parse(text: &str) -> Result<Expression, Fault> {
    if text.len() > LENGTH_CEILING {
        return Err(Fault::new(0..text.len(), TOO_LONG, [LENGTH_CEILING.into()]));
    }
    let spots = tokens(text)?;
    let mut parser = Parser { spots: &spots, next: 0, end: text.len(), depth: 0 };
    let expression = parser.any()?;
    match parser.peek() {
        None => Ok(expression),
        Some(_) => Err(parser.fault(UNEXPECTED)),
    }
}

/// Whether a word is a keyword.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Whether what comes next is compared with what stands before.
pub fn begins_test(token: &Token) -> bool {
    match token {
        Token::Sign(sign) => *sign == Sign::Matches || comparison(*sign).is_some(),
        Token::Word(word) => !matches!(word.as_str(), "and" | "or" | "xor" | "not") && is_keyword(word),
        Token::Quoted(_) => false,
    }
}

/// The operand of this name.
pub fn operand(name: &str) -> Option<Operand> {
    let fact = || FACTS.iter().find(|row| row.name == name).map(|row| Operand::Fact(row.fact));
    let field = || crate::fields().find(|field| field.name == name).map(|field| Operand::Field(FieldId::new(field)));
    let expert = || crate::experts().find(|expert| expert.decl().id == name).map(Operand::Expert);
    match name {
        ANY_EXPERT => Some(Operand::AnyExpert),
        SEVERITY => Some(Operand::Severity),
        _ => fact().or_else(field).or_else(expert),
    }
}

/// Names of all operands.
pub fn names() -> impl Iterator<Item = &'static str> {
    let facts = FACTS.iter().map(|row| row.name);
    let experts = crate::experts().map(|expert| expert.decl().id);
    facts.chain(crate::fields().map(|field| field.name)).chain(experts).chain([ANY_EXPERT, SEVERITY])
}

struct Parser<'s> {
    spots: &'s [Spot],
    next: usize,
    end: usize,
    depth: usize,
}

impl<'s> Parser<'s> {
    fn peek(&self) -> Option<&'s Spot> {
        self.spots.get(self.next)
    }

    fn take(&mut self) -> Option<&'s Spot> {
        let spot = self.peek();
        self.next += usize::from(spot.is_some());
        spot
    }

    /// Takes the next token if it is this sign or this keyword.
    fn takes(&mut self, sign: Sign, keyword: &str) -> bool {
        let found = match self.peek().map(|spot| &spot.token) {
            Some(Token::Sign(found)) => *found == sign,
            Some(Token::Word(word)) => word == keyword,
            _ => false,
        };
        self.next += usize::from(found);
        found
    }

    fn here(&self) -> Range<usize> {
        self.peek().map_or(self.end..self.end, |spot| spot.at.clone())
    }

    /// What stands here, as a fault names it.
    fn found(&self) -> Text {
        match self.peek().map(|spot| &spot.token) {
            None => THE_END.text(),
            Some(Token::Word(text) | Token::Quoted(text)) => QUOTED.with([text.as_str().into()]),
            Some(Token::Sign(sign)) => QUOTED.with([sign.spelling().into()]),
        }
    }

    fn fault(&self, text: crate::tree::TextId) -> Fault {
        Fault::new(self.here(), text, [self.found().into()])
    }

    fn expect(&mut self, sign: Sign) -> Result<(), Fault> {
        if self.takes(sign, "") {
            return Ok(());
        }
        Err(Fault::new(self.here(), EXPECTED_SYMBOL, [sign.spelling().into(), self.found().into()]))
    }

    fn any(&mut self) -> Result<Expression, Fault> {
        let mut parts = vec![self.odd()?];
        while self.takes(Sign::Or, "or") {
            parts.push(self.odd()?);
        }
        Ok(joined(parts, Expression::Any))
    }

    fn odd(&mut self) -> Result<Expression, Fault> {
        let mut parts = vec![self.all()?];
        while self.takes(Sign::Xor, "xor") {
            parts.push(self.all()?);
        }
        Ok(joined(parts, Expression::Odd))
    }

    fn all(&mut self) -> Result<Expression, Fault> {
        let mut parts = vec![self.negation()?];
        while self.takes(Sign::And, "and") || self.searches_on(parts.last()) {
            parts.push(self.negation()?);
        }
        Ok(joined(parts, Expression::All))
    }

    /// Whether another word to search for follows one.
    fn searches_on(&self, last: Option<&Expression>) -> bool {
        matches!(last, Some(Expression::Search(_)))
            && match self.peek().map(|spot| &spot.token) {
                Some(Token::Quoted(_)) => true,
                Some(Token::Word(word)) => !is_keyword(word) && operand(word).is_none(),
                _ => false,
            }
    }

    fn negation(&mut self) -> Result<Expression, Fault> {
        let at = self.here();
        if self.takes(Sign::Not, "not") {
            let inner = self.within(at, Self::negation)?;
            return Ok(Expression::Not(Box::new(inner)));
        }
        if self.takes(Sign::Open, "") {
            let inner = self.within(at, Self::any)?;
            self.expect(Sign::Close)?;
            return Ok(inner);
        }
        self.condition()
    }

    fn within<T>(&mut self, at: Range<usize>, body: fn(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth >= DEPTH_CEILING {
            return Err(Fault::new(at, TOO_DEEP, [DEPTH_CEILING.into()]));
        }
        self.depth += 1;
        let result = body(self);
        self.depth -= 1;
        result
    }

    fn condition(&mut self) -> Result<Expression, Fault> {
        let fault = self.fault(EXPECTED_CONDITION);
        let Some(spot) = self.take() else { return Err(fault) };
        match &spot.token {
            Token::Quoted(text) if !text.is_empty() => Ok(Expression::Search(Needle::new(text))),
            Token::Word(word) if is_keyword(word) => Err(fault),
            Token::Word(word) => {
                let opens = matches!(self.peek().map(|spot| &spot.token), Some(Token::Sign(Sign::Open)));
                if let Some((_, function)) = FUNCTIONS.iter().find(|(name, _)| name == word).filter(|_| opens) {
                    self.expect(Sign::Open)?;
                    let (operand, at) = self.field()?;
                    self.expect(Sign::Close)?;
                    return self.relation(operand, at, Some(*function));
                }
                match known(word, &spot.at)? {
                    Some(operand) => self.relation(operand, spot.at.clone(), None),
                    None if self.compares() => Err(unknown(word, &spot.at)),
                    None => Ok(Expression::Search(Needle::new(word))),
                }
            }
            Token::Quoted(_) | Token::Sign(_) => Err(fault),
        }
    }

    fn field(&mut self) -> Result<(Operand, Range<usize>), Fault> {
        let fault = self.fault(EXPECTED_FIELD);
        match self.take() {
            Some(Spot { token: Token::Word(word), at }) => match known(word, at)? {
                Some(operand) => Ok((operand, at.clone())),
                None => Err(unknown(word, at)),
            },
            _ => Err(fault),
        }
    }

    /// Whether a test follows: then what stands before it was meant to be a field.
    fn compares(&self) -> bool {
        self.peek().is_some_and(|spot| begins_test(&spot.token))
    }

    fn relation(
        &mut self,
        operand: Operand,
        at: Range<usize>,
        function: Option<Function>,
    ) -> Result<Expression, Fault> {
        let kind = match function {
            Some(Function::Len | Function::Count) => ValueKind::Number,
            Some(Function::Lower | Function::Upper) | None => operand.kind(),
        };
        if matches!(function, Some(Function::Len | Function::Lower | Function::Upper))
            && !matches!(operand.kind(), ValueKind::Text | ValueKind::Bytes)
        {
            return Err(Fault::new(at, ONLY_TEXT, [operand.name().into()]));
        }
        let tests = self.compares() || self.not_in();
        if tests && kind == ValueKind::Presence {
            return Err(Fault::new(at, NO_VALUE, [operand.name().into()]));
        }
        let negated = tests && self.not_in();
        self.next += usize::from(negated);
        let (quantifier, test) = if tests { self.test(operand, kind)? } else { (Quantifier::Any, Test::Exists) };
        let relation = Expression::Relation(Relation { operand, function, quantifier, test });
        Ok(if negated { Expression::Not(Box::new(relation)) } else { relation })
    }

    /// Whether `not in` follows.
    fn not_in(&self) -> bool {
        let word = |ahead: usize| match self.spots.get(self.next + ahead).map(|spot| &spot.token) {
            Some(Token::Word(word)) => Some(word.as_str()),
            _ => None,
        };
        word(0) == Some("not") && word(1) == Some("in")
    }

    fn test(&mut self, operand: Operand, kind: ValueKind) -> Result<(Quantifier, Test), Fault> {
        let fault = self.fault(UNEXPECTED);
        let Some(spot) = self.take() else { return Err(fault) };
        let sign = match &spot.token {
            Token::Sign(sign) => Some(*sign),
            Token::Word(word) => match word.as_str() {
                "contains" => return Ok((Quantifier::Any, Test::Contains(self.searched(operand, kind, spot)?))),
                "matches" => Some(Sign::Matches),
                "in" => return Ok((Quantifier::Any, Test::In(self.set(operand, kind)?))),
                word => SPELT.iter().find(|(spelling, _)| *spelling == word).map(|(_, sign)| *sign),
            },
            Token::Quoted(_) => None,
        };
        if sign == Some(Sign::Matches) {
            only_text(operand, kind, spot)?;
            let (text, at) = self.value()?;
            return Ok((Quantifier::Any, Test::Matches(literal::pattern(text.text(), at)?)));
        }
        let Some((quantifier, comparison)) = sign.and_then(comparison) else { return Err(fault) };
        let (word, at) = self.value()?;
        Ok((quantifier, Test::Compare(comparison, literal::of(word, at, operand, kind)?)))
    }

    fn searched(
        &mut self,
        operand: Operand,
        kind: ValueKind,
        spot: &Spot,
    ) -> Result<super::expression::Literal, Fault> {
        only_text(operand, kind, spot)?;
        let (word, at) = self.value()?;
        literal::of(word, at, operand, kind)
    }

    fn value(&mut self) -> Result<(Word<'s>, Range<usize>), Fault> {
        let fault = self.fault(EXPECTED_VALUE);
        match self.take() {
            Some(Spot { token: Token::Word(word), at }) => Ok((Word::Bare(word), at.clone())),
            Some(Spot { token: Token::Quoted(text), at }) => Ok((Word::Quoted(text), at.clone())),
            _ => Err(fault),
        }
    }

    /// `"{" range *( "," range ) "}"`; blanks may stand in place of commas.
    fn set(&mut self, operand: Operand, kind: ValueKind) -> Result<Vec<literal::Range>, Fault> {
        self.expect(Sign::OpenSet)?;
        let mut ranges = Vec::new();
        loop {
            let (first, at) = self.value()?;
            // A word may hold the dots: `1..5`, or stand beside them: `"a" .. "b"`.
            if let Word::Bare(both) = first
                && let Some((from, to)) = both.split_once("..").filter(|(from, to)| !from.is_empty() && !to.is_empty())
            {
                let middle = at.start + from.len();
                let from = literal::of(Word::Bare(from), at.start..middle, operand, kind)?;
                ranges.push((from, literal::of(Word::Bare(to), middle + 2..at.end, operand, kind)?));
            } else {
                let from = literal::of(first, at, operand, kind)?;
                let to = if self.takes_word("..") {
                    let (last, at) = self.value()?;
                    literal::of(last, at, operand, kind)?
                } else {
                    from.clone()
                };
                ranges.push((from, to));
            }
            self.takes(Sign::Comma, "");
            if self.takes(Sign::CloseSet, "") {
                return Ok(ranges);
            }
        }
    }

    /// Takes the next token if it is this word.
    fn takes_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek().map(|spot| &spot.token), Some(Token::Word(found)) if found == word);
        self.next += usize::from(found);
        found
    }
}

fn only_text(operand: Operand, kind: ValueKind, spot: &Spot) -> Result<(), Fault> {
    if matches!(kind, ValueKind::Text | ValueKind::Bytes) {
        return Ok(());
    }
    Err(Fault::new(spot.at.clone(), ONLY_TEXT, [operand.name().into()]))
}

fn joined(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.len() {
        1 => parts.remove(0),
        _ => join(parts),
    }
}

/// The operand of this name; an error if it is meant to be one and is none.
fn known(word: &str, at: &Range<usize>) -> Result<Option<Operand>, Fault> {
    match operand(word) {
        Some(Operand::Field(field)) if field == RESPONSE_IN => Err(Fault::new(at.clone(), LATER_FIELD, [word.into()])),
        Some(Operand::Field(field)) if field == REASSEMBLED_IN => {
            Err(Fault::new(at.clone(), LATER_WHOLE, [word.into()]))
        }
        Some(operand) => Ok(Some(operand)),
        None if PROTOCOLS.iter().any(|protocol| word.starts_with(protocol)) => Err(unknown(word, at)),
        None => Ok(None),
    }
}

/// The least likeness of a name that is proposed for another.
const LIKENESS: f64 = 0.75;

fn unknown(word: &str, at: &Range<usize>) -> Fault {
    let like = |name: &'static str| (strsim::normalized_damerau_levenshtein(word, name), name);
    let nearest = names().map(like).max_by(|(one, _), (other, _)| one.total_cmp(other));
    match nearest.filter(|(likeness, _)| *likeness >= LIKENESS) {
        Some((_, name)) => Fault::new(at.clone(), MISSPELT_FIELD, [word.into(), name.into()]),
        None => Fault::new(at.clone(), UNKNOWN_FIELD, [word.into()]),
    }
}

/// Comparisons spelt in letters.
const SPELT: &[(&str, Sign)] = &[
    ("eq", Sign::Equal),
    ("any_eq", Sign::Equal),
    ("all_eq", Sign::AllEqual),
    ("ne", Sign::NotEqual),
    ("all_ne", Sign::NotEqual),
    ("any_ne", Sign::AnyNotEqual),
    ("lt", Sign::Less),
    ("le", Sign::LessEqual),
    ("gt", Sign::Greater),
    ("ge", Sign::GreaterEqual),
];

/// What a sign compares, and of how many occurrences.
const fn comparison(sign: Sign) -> Option<(Quantifier, Comparison)> {
    Some(match sign {
        Sign::Equal => (Quantifier::Any, Comparison::Equal),
        Sign::AllEqual => (Quantifier::All, Comparison::Equal),
        Sign::NotEqual => (Quantifier::All, Comparison::NotEqual),
        Sign::AnyNotEqual => (Quantifier::Any, Comparison::NotEqual),
        Sign::Less => (Quantifier::Any, Comparison::Less),
        Sign::LessEqual => (Quantifier::Any, Comparison::LessEqual),
        Sign::Greater => (Quantifier::Any, Comparison::Greater),
        Sign::GreaterEqual => (Quantifier::Any, Comparison::GreaterEqual),
        _ => return None,
    })
}
