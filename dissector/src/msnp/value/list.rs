//! Lists of contacts: two letters where a command is about one, a sum of bits where it is about all that somebody stands on.
//!
//! Source: protocol reference, tables 2.

use nom::IResult;

use crate::msnp::commands::contacts::LIST_BIT;
use crate::msnp::token::{Coded, CodedNumber, capitals};
use crate::tree::{Arg, FieldId, Record, Scribe, Text, TextId, Value, names, texts};

texts! {
    LIST_FL = "list.FL", "forward: people one sees";
    LIST_AL = "list.AL", "allow: people who may see one";
    LIST_BL = "list.BL", "block: people who may not see one";
    LIST_RL = "list.RL", "reverse: people who have one on their list";
    LIST_PL = "list.PL", "pending: people who wait for an answer";
    BIT_FL = "list.bit.FL", "forward";
    BIT_AL = "list.bit.AL", "allow";
    BIT_BL = "list.bit.BL", "block";
    BIT_RL = "list.bit.RL", "reverse";
    BIT_PL = "list.bit.PL", "pending";
    BIT_OTHER = "list.bit.other", "not documented";
    AND = "list.and", "{0}, {1}";
    NO_LIST = "list.none", "on no list";
}

/// `list = "FL" / "AL" / "BL" / "RL" / "PL"`: two capital letters.
///
/// # Errors
/// nom's, when the word is not two capital letters.
pub fn coded_list(input: &[u8]) -> IResult<&[u8], Coded<'_>> {
    capitals(2, list_meaning)(input)
}

/// The bit of a list, as in a sum of lists.
#[must_use]
pub fn list_bit(list: &[u8]) -> Option<u32> {
    Some(match list {
        b"FL" => 1,
        b"AL" => 2,
        b"BL" => 4,
        b"RL" => 8,
        b"PL" => 16,
        _ => return None,
    })
}

fn list_meaning(list: &[u8]) -> Option<TextId> {
    match list {
        b"FL" => Some(LIST_FL),
        b"AL" => Some(LIST_AL),
        b"BL" => Some(LIST_BL),
        b"RL" => Some(LIST_RL),
        b"PL" => Some(LIST_PL),
        _ => None,
    }
}

names! {
    /// What one bit of a sum stands for.
    pub BITS, bit_name;
    1 => BIT_FL,
    2 => BIT_AL,
    4 => BIT_BL,
    8 => BIT_RL,
    16 => BIT_PL,
}

fn known_bit(bit: u32) -> TextId {
    bit_name(bit).unwrap_or(BIT_OTHER)
}

/// A sum of list bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListBits(pub u32);

impl ListBits {
    fn each(self) -> impl Iterator<Item = u32> {
        (0..u32::BITS).map(|place| 1 << place).filter(move |bit| self.0 & bit != 0)
    }

    /// Records the next `count` bytes as this sum, with its bits under it.
    pub fn record(self, s: &mut Scribe<'_, '_>, field: FieldId, count: usize) {
        s.take_bits(field, count, self, |s, span| {
            for bit in self.each() {
                s.bits(LIST_BIT, span, bit.into(), &CodedNumber(bit, Some(known_bit(bit))));
            }
        });
    }
}

impl Record for ListBits {
    fn value(&self) -> Value {
        Value::Uint(self.0.into())
    }

    fn label(&self) -> Option<Text> {
        let names = self.each().map(|bit| known_bit(bit).text());
        names.reduce(|a, b| AND.with([Arg::from(a), b.into()])).or_else(|| Some(NO_LIST.text()))
    }
}
