//! Words, quoted texts and signs of an expression, each with its place.

use std::ops::Range;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::combinator::{map, value};
use nom::{IResult, Parser};

use super::fault::{Fault, SINGLE_SIGN, UNCLOSED_QUOTE, UNKNOWN_SIGN};

/// What stands in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A word without quotation marks: a field, a keyword, a value.
    Word(String),
    /// A text in quotation marks, without them.
    Quoted(String),
    /// A sign.
    Sign(Sign),
}

/// Signs with a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // their spelling says it
pub enum Sign {
    Open,
    Close,
    OpenSet,
    CloseSet,
    Comma,
    And,
    Or,
    Xor,
    Not,
    Equal,
    NotEqual,
    AllEqual,
    AnyNotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Matches,
}

/// Their spellings; a longer one stands before those that it begins with.
const SIGNS: &[(&str, Sign)] = &[
    ("!==", Sign::AnyNotEqual),
    ("===", Sign::AllEqual),
    ("==", Sign::Equal),
    ("!=", Sign::NotEqual),
    ("~=", Sign::AnyNotEqual),
    ("<=", Sign::LessEqual),
    (">=", Sign::GreaterEqual),
    ("&&", Sign::And),
    ("||", Sign::Or),
    ("^^", Sign::Xor),
    ("(", Sign::Open),
    (")", Sign::Close),
    ("{", Sign::OpenSet),
    ("}", Sign::CloseSet),
    (",", Sign::Comma),
    ("!", Sign::Not),
    ("<", Sign::Less),
    (">", Sign::Greater),
    ("~", Sign::Matches),
];

impl Sign {
    /// As it is written.
    #[must_use]
    pub fn spelling(self) -> &'static str {
        SIGNS.iter().find(|(_, sign)| *sign == self).map_or("", |(spelling, _)| spelling)
    }
}

/// A token and the bytes it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// What stands there.
    pub token: Token,
    /// Where.
    pub at: Range<usize>,
}

/// All tokens of an expression.
///
/// # Errors
/// A quotation mark that is not closed, or a sign without a meaning.
pub fn tokens(text: &str) -> Result<Vec<Spot>, Fault> {
    let (spots, fault) = read(text);
    fault.map_or(Ok(spots), Err)
}

/// The tokens up to the first that cannot be read, and why not.
fn read(text: &str) -> (Vec<Spot>, Option<Fault>) {
    let mut spots = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let start = text.len() - rest.len();
        if rest.is_empty() {
            return (spots, None);
        }
        match token(rest) {
            Ok((behind, token)) => {
                let end = text.len() - behind.len();
                spots.push(Spot { token, at: start..end });
                rest = behind;
            }
            Err(_) => return (spots, Some(unreadable(rest, start, text.len()))),
        }
    }
}

fn unreadable(rest: &str, start: usize, end: usize) -> Fault {
    let first = rest.chars().next().unwrap_or_default();
    let width = start..start + first.len_utf8();
    match first {
        '"' | '\'' => Fault::new(start..end, UNCLOSED_QUOTE, []),
        '=' | '&' | '|' | '^' => Fault::new(width, SINGLE_SIGN, [first.to_string().into()]),
        _ => Fault::new(width, UNKNOWN_SIGN, [first.to_string().into()]),
    }
}

fn token(input: &str) -> IResult<&str, Token> {
    alt((map(sign, Token::Sign), map(quoted, Token::Quoted), map(word, |word: &str| Token::Word(word.to_owned()))))
        .parse(input)
}

fn sign(input: &str) -> IResult<&str, Sign> {
    let mut last = nom::error::Error::new(input, nom::error::ErrorKind::Tag);
    for (spelling, sign) in SIGNS {
        match value(*sign, tag::<_, _, nom::error::Error<&str>>(*spelling)).parse(input) {
            Ok(found) => return Ok(found),
            Err(nom::Err::Error(error)) => last = error,
            Err(other) => return Err(other),
        }
    }
    Err(nom::Err::Error(last))
}

/// `word = 1*char`, with none of the signs, quotation marks or blanks in it.
fn word(input: &str) -> IResult<&str, &str> {
    take_while1(is_word).parse(input)
}

fn is_word(character: char) -> bool {
    !character.is_whitespace() && !"()'\"{}=!<>&|~,^".contains(character)
}

/// `quoted = DQUOTE *( char / "\" char ) DQUOTE`, or the same with single marks. After a backslash `n`, `r`, `t` and `xNN`
/// are what they are in Rust and in Wireshark, any other character is itself.
fn quoted(input: &str) -> IResult<&str, String> {
    let (mut rest, mark) = alt((tag("\""), tag("'"))).parse(input)?;
    let mut out = Vec::new();
    loop {
        let (behind, plain) = take_while(|c| c != '\\' && !mark.contains(c)).parse(rest)?;
        out.extend_from_slice(plain.as_bytes());
        let mut characters = behind.chars();
        match characters.next() {
            Some('\\') => rest = escape(characters.as_str(), &mut out),
            Some(_) => return Ok((characters.as_str(), String::from_utf8_lossy(&out).into_owned())),
            None => return Err(nom::Err::Error(nom::error::Error::new(behind, nom::error::ErrorKind::Char))),
        }
    }
}

/// Appends what stands behind a backslash; what comes after it.
fn escape<'i>(input: &'i str, out: &mut Vec<u8>) -> &'i str {
    let hex = input.strip_prefix('x').and_then(|digits| digits.split_at_checked(2));
    if let Some((byte, rest)) = hex.and_then(|(digits, rest)| Some((u8::from_str_radix(digits, 16).ok()?, rest))) {
        out.push(byte);
        return rest;
    }
    let mut characters = input.chars();
    let character = match characters.next() {
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some(other) => other,
        None => return input,
    };
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    characters.as_str()
}

/// What a piece of an expression is, for showing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A field or a fact.
    Field,
    /// A word or text: a value, or what is searched for.
    Text,
    /// A number.
    Number,
    /// A sign or keyword.
    Operator,
}

/// A piece of an expression with its class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Which bytes.
    pub at: Range<usize>,
    /// What they are.
    pub class: Class,
}

/// The pieces of an expression, as far as it can be read: for showing them while it is written.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    read(text).0.into_iter().map(|Spot { token, at }| Piece { at, class: class(&token) }).collect()
}

fn class(token: &Token) -> Class {
    match token {
        Token::Sign(_) => Class::Operator,
        Token::Quoted(_) => Class::Text,
        Token::Word(word) if super::parser::is_keyword(word) => Class::Operator,
        Token::Word(word) if super::parser::operand(word).is_some() => Class::Field,
        Token::Word(word) if word.starts_with(|c: char| c.is_ascii_digit()) => Class::Number,
        Token::Word(_) => Class::Text,
    }
}
