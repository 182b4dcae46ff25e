//! Tokens: what one word of a line can be. Plain nom functions on bytes, and the typed values they give.
//!
//! They know nothing of scribes; each value says by [`Record`] what it is called in the tree.

use nom::bytes::complete::{tag, tag_no_case, take_while1};
use nom::combinator::{all_consuming, map, map_res, rest, verify};
use nom::sequence::preceded;
use nom::{IResult, Parser};

use super::Dialect;
use super::coding::{Coding, Decoded, digit};
use crate::tree::{Arg, ExpertId, Record, Text, TextId, Value, experts, lossy, texts};

experts! {
    BAD_UTF8: Warn, Malformed => "msnp.expert.bad-utf8", "expected UTF-8 text, found bytes that are not (“{0}”)";
    BAD_ESCAPE: Note, Malformed => "msnp.expert.bad-escape", "expected two hexadecimal digits after “%”, found “{0}”";
}

texts! {
    EXPECTED_NUMBER = "expected.number", "a decimal number";
    EXPECTED_WORD = "expected.word", "a word";
    EXPECTED_ACCOUNT = "expected.account", "an account (name@domain)";
    EXPECTED_NICK = "expected.nick", "a display name";
    EXPECTED_STATUS = "expected.status", "a status of three capital letters";
    EXPECTED_DIALECT = "expected.dialect", "a dialect (MSNP and a number)";
    EXPECTED_LENGTH = "expected.length", "the payload’s length in bytes";
    EXPECTED_TRID = "expected.trid", "a transaction id";
    STATUS_NLN = "status.NLN", "online";
    STATUS_BSY = "status.BSY", "busy";
    STATUS_IDL = "status.IDL", "idle";
    STATUS_BRB = "status.BRB", "be right back";
    STATUS_AWY = "status.AWY", "away";
    STATUS_PHN = "status.PHN", "on the phone";
    STATUS_LUN = "status.LUN", "out to lunch";
    STATUS_HDN = "status.HDN", "appearing offline";
    STATUS_FLN = "status.FLN", "offline";
    ON_DEVICE = "account.device", "{0} on one device";
}

/// A word as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a>(pub &'a [u8]);

impl Record for Word<'_> {
    fn value(&self) -> Value {
        Value::Text(lossy(self.0))
    }

    fn complaint(&self) -> Option<(ExpertId, Vec<Arg>)> {
        if self.0.is_ascii() {
            return None;
        }
        std::str::from_utf8(self.0).err().map(|_| (BAD_UTF8, vec![shortened(self.0).into()]))
    }
}

/// `word = 1*OCTET`
///
/// # Errors
/// nom's, on empty input.
pub fn word(input: &[u8]) -> IResult<&[u8], Word<'_>> {
    map(verify(rest, |w: &[u8]| !w.is_empty()), Word).parse(input)
}

/// One fixed word.
pub fn exactly<'a>(expected: &'static str) -> impl Fn(&'a [u8]) -> IResult<&'a [u8], Word<'a>> {
    move |input| map(all_consuming(tag(expected.as_bytes())), Word).parse(input)
}

/// A word out of a small set, such as a letter that stands for a setting. Words outside the set are shown as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coded<'a>(pub &'a [u8], pub Option<TextId>);

impl Record for Coded<'_> {
    fn value(&self) -> Value {
        Value::Text(lossy(self.0))
    }

    fn label(&self) -> Option<Text> {
        self.1.map(TextId::text)
    }

    fn complaint(&self) -> Option<(ExpertId, Vec<Arg>)> {
        Word(self.0).complaint()
    }
}

/// A [`Coded`] word; `meaning` is the set.
pub fn coded<'a>(meaning: impl Fn(&[u8]) -> Option<TextId>) -> impl Fn(&'a [u8]) -> IResult<&'a [u8], Coded<'a>> {
    move |input| word(input).map(|(left, w)| (left, Coded(w.0, meaning(w.0))))
}

/// A [`Coded`] word of so many capital letters.
pub fn capitals<'a>(
    count: usize,
    meaning: impl Fn(&[u8]) -> Option<TextId>,
) -> impl Fn(&'a [u8]) -> IResult<&'a [u8], Coded<'a>> {
    move |input| {
        let letters = verify(rest, |w: &[u8]| w.len() == count && w.iter().all(u8::is_ascii_uppercase));
        map(letters, |w| Coded(w, meaning(w))).parse(input)
    }
}

/// A number out of a small set. Numbers outside the set are shown as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodedNumber(pub u32, pub Option<TextId>);

impl Record for CodedNumber {
    fn value(&self) -> Value {
        Value::Uint(self.0.into())
    }

    fn label(&self) -> Option<Text> {
        self.1.map(TextId::text)
    }
}

/// A [`CodedNumber`] that stands in binary: as `parser` reads it, with what it means.
pub fn coded_binary<'a, N: Into<u32>>(
    parser: impl Fn(&'a [u8]) -> IResult<&'a [u8], N>,
    meaning: impl Fn(u32) -> Option<TextId>,
) -> impl Fn(&'a [u8]) -> IResult<&'a [u8], CodedNumber> {
    move |input| {
        let (left, number) = parser(input)?;
        let number = number.into();
        Ok((left, CodedNumber(number, meaning(number))))
    }
}

/// A [`CodedNumber`]; `meaning` is the set.
pub fn coded_number<'a>(
    meaning: impl Fn(u32) -> Option<TextId>,
) -> impl Fn(&'a [u8]) -> IResult<&'a [u8], CodedNumber> {
    move |input| number(input).map(|(left, n)| (left, CodedNumber(n, meaning(n))))
}

/// A name as the line carries it: UTF-8 with percent-encoded and raw bytes mixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nick<'a> {
    /// As on the wire.
    pub wire: &'a [u8],
    /// Percent-decoded bytes.
    pub decoded: Vec<u8>,
}

impl Record for Nick<'_> {
    fn value(&self) -> Value {
        Value::Text(lossy(&self.decoded))
    }

    fn complaint(&self) -> Option<(ExpertId, Vec<Arg>)> {
        if std::str::from_utf8(&self.decoded).is_err() {
            return Some((BAD_UTF8, vec![shortened(&self.decoded).into()]));
        }
        let stray = bad_escape(self.wire)?;
        Some((BAD_ESCAPE, vec![shortened(stray).into()]))
    }
}

/// `nick = *( %xx / OCTET )`: percent-decoded to bytes first, then read as UTF-8.
///
/// # Errors
/// nom's, on empty input.
pub fn nick(input: &[u8]) -> IResult<&[u8], Nick<'_>> {
    map(verify(rest, |w: &[u8]| !w.is_empty()), |wire: &[u8]| Nick { wire, decoded: percent_decoded(wire) })
        .parse(input)
}

/// Percent-decoding; a `%` without two hexadecimal digits stays as it is.
#[must_use]
pub fn percent_decoded(wire: &[u8]) -> Vec<u8> {
    if memchr::memchr(b'%', wire).is_none() {
        return wire.to_vec();
    }
    Decoded::new(wire, Coding::Percent).bytes
}

fn bad_escape(wire: &[u8]) -> Option<&[u8]> {
    let starts = wire.iter().enumerate().filter(|(_, b)| **b == b'%').map(|(i, _)| i);
    let mut tails = starts.filter_map(|i| wire.get(i..));
    tails.find(|t| !matches!(t, [_, h, l, ..] if digit(*h).is_some() && digit(*l).is_some()))
}

/// The beginning of bytes that an expert quotes.
pub(super) fn shortened(bytes: &[u8]) -> String {
    lossy(bytes.get(..24).unwrap_or(bytes))
}

/// `number = 1*DIGIT`, at most 32 bits.
///
/// # Errors
/// nom's, when the word is not a number or too large.
pub fn number(input: &[u8]) -> IResult<&[u8], u32> {
    map_res(digits, |d| std::str::from_utf8(d).unwrap_or_default().parse::<u32>()).parse(input)
}

/// `number = 1*DIGIT`, at most 64 bits.
///
/// # Errors
/// nom's, when the word is not a number or too large.
pub fn long_number(input: &[u8]) -> IResult<&[u8], u64> {
    map_res(digits, |d| std::str::from_utf8(d).unwrap_or_default().parse::<u64>()).parse(input)
}

fn digits(input: &[u8]) -> IResult<&[u8], &[u8]> {
    take_while1(|b: u8| b.is_ascii_digit()).parse(input)
}

/// A login name; from MSNP16 with the device (`account;{guid}`), from MSNP18 with the network (`1:account`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account<'a>(pub &'a [u8]);

impl<'a> Account<'a> {
    /// The name alone: without network prefix and device.
    #[must_use]
    pub fn name(self) -> &'a [u8] {
        let bare = self.0.split(|b| *b == b';').next().unwrap_or_default();
        match memchr::memchr(b':', bare) {
            Some(colon) if bare.get(..colon).is_some_and(|p| !p.is_empty() && p.iter().all(u8::is_ascii_digit)) => {
                bare.get(colon + 1..).unwrap_or_default()
            }
            _ => bare,
        }
    }
}

impl Record for Account<'_> {
    fn value(&self) -> Value {
        Value::Text(lossy(self.0))
    }

    fn label(&self) -> Option<Text> {
        let device = self.0.windows(2).any(|w| w == b";{");
        device.then(|| ON_DEVICE.with([lossy(self.name()).into()]))
    }

    fn complaint(&self) -> Option<(ExpertId, Vec<Arg>)> {
        Word(self.0).complaint()
    }
}

/// `account = name "@" domain`, or `tel:` and a number, or prefixed by a network id.
///
/// # Errors
/// nom's, when there is neither `@` nor `:` in the word.
pub fn account(input: &[u8]) -> IResult<&[u8], Account<'_>> {
    map(verify(rest, |w: &[u8]| w.contains(&b'@') || w.contains(&b':')), Account).parse(input)
}

/// A status of three capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Status(pub [u8; 3]);

impl Record for Status {
    fn value(&self) -> Value {
        Value::Text(lossy(&self.0))
    }

    fn label(&self) -> Option<Text> {
        let name: TextId = match &self.0 {
            b"NLN" => STATUS_NLN,
            b"BSY" => STATUS_BSY,
            b"IDL" => STATUS_IDL,
            b"BRB" => STATUS_BRB,
            b"AWY" => STATUS_AWY,
            b"PHN" => STATUS_PHN,
            b"LUN" => STATUS_LUN,
            b"HDN" => STATUS_HDN,
            b"FLN" => STATUS_FLN,
            _ => return None,
        };
        Some(name.text())
    }
}

/// `status = 3UPALPHA`
///
/// # Errors
/// nom's, when the word is not three capital letters.
pub fn status(input: &[u8]) -> IResult<&[u8], Status> {
    map_res(verify(rest, |w: &[u8]| w.iter().all(u8::is_ascii_uppercase)), |w: &[u8]| w.try_into().map(Status))
        .parse(input)
}

/// `dialect = "MSNP" 1*DIGIT`, in any case.
///
/// # Errors
/// nom's, for anything else.
pub fn dialect(input: &[u8]) -> IResult<&[u8], Dialect> {
    let number = map_res(digits, |d| std::str::from_utf8(d).unwrap_or_default().parse::<u8>());
    map(preceded(tag_no_case(&b"MSNP"[..]), number), Dialect).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mix_encoded_and_raw_bytes() {
        let (_, got) = nick("Bö%20b%C3%B6%zz".as_bytes()).unwrap();
        assert_eq!(got.value(), Value::Text("Bö bö%zz".to_owned()));
        assert_eq!(got.complaint().unwrap().0, BAD_ESCAPE);
        assert_eq!(nick(b"a%ff").unwrap().1.complaint().unwrap().0, BAD_UTF8);
    }

    #[test]
    fn an_account_is_known_under_its_bare_name() {
        for wire in [
            "alice@example.com",
            "1:alice@example.com",
            "alice@example.com;{c0ffee00}",
            "1:alice@example.com;via=9:x@live.com",
        ] {
            assert_eq!(account(wire.as_bytes()).unwrap().1.name(), b"alice@example.com", "{wire}");
        }
        assert_eq!(account(b"tel:+15551234567").unwrap().1.name(), b"tel:+15551234567");
        assert!(account(b"RINGING").is_err());
    }

    #[test]
    fn numbers_do_not_overflow() {
        assert_eq!(number(b"4294967295").unwrap().1, u32::MAX);
        assert!(number(b"4294967296").is_err());
        assert!(long_number(b"99999999999999999999").is_err());
        assert_eq!(dialect(b"msnp15").unwrap().1, Dialect(15));
        assert!(dialect(b"MSNP999").is_err());
    }
}
