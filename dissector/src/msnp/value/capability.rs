//! Capabilities: what a client can do, as bits of a number written in decimal; from MSNP16 a second number after a colon.
//!
//! Comes in: a word of a line, or the text of an element. Goes out: each bit that is set, by name, and in the top four bits
//! of the first number the generation of the client, which is a number of its own.
//!
//! Source: protocol reference, tables 4 and 4.1. The second table rests mainly on one source.

use nom::character::complete::{char, digit1};
use nom::combinator::{all_consuming, map_opt, opt, recognize};
use nom::sequence::preceded;
use nom::{IResult, Parser};

use crate::msnp::field::ARGUMENT;
use crate::msnp::token::{CodedNumber, Word, shortened};
use crate::tree::{
    Arg, Base, ExpertId, FieldId, Kind, Names, Record, Scribe, Span, Text, TextDecl, TextId, Value, experts, fields,
    names, texts,
};

fields! {
    family 14;
    /// What the client can do, as decimal sums of bits: one number from MSNP8 on, two with a colon between them from MSNP16 on. The client sends it about itself, the server about contacts.
    CAPABILITIES: Kind::Text => "msnp.capabilities", "Capabilities";
    /// The first number: the generation of the client in the top four bits, one capability in each other bit. From
    /// MSNP8 on.
    BITS: Kind::Uint32(Base::Hex) => "msnp.capabilities.bits", "Capability bits";
    /// How new the client is: 0 before 6.0 or not an official program, 1 is MSN Messenger 6.0, 8 Windows Live Messenger 8.5, 12 the last one (2012). A number in the top four bits, not a sum.
    GENERATION: Kind::Uint32(Base::Dec) => "msnp.capabilities.generation", "Client generation" in GENERATIONS;
    /// One thing that the client can do: a bit of the first number, by its value. Only bits that are set are listed.
    /// From MSNP8 on.
    CAPABILITY: Kind::Uint32(Base::Hex) => "msnp.capabilities.bit", "Capability" in FIRST;
    /// The second number, from MSNP16 on; 0 for clients of earlier dialects.
    EXTENDED: Kind::Uint32(Base::Hex) => "msnp.capabilities.extended", "Extended capability bits";
    /// One thing more that the client can do: a bit of the second number, by its value, from MSNP16 on. Their names
    /// rest mainly on one source.
    EXTENDED_CAPABILITY: Kind::Uint32(Base::Hex) => "msnp.capabilities.extended.bit", "Extended capability" in SECOND;
}

experts! {
    NOT_CAPABILITIES: Note, Malformed => "msnp.expert.capabilities", "expected capabilities (a number below 2^32, or two with a colon), found “{0}”";
}

texts! {
    NEGATIVE = "capabilities.negative", "written as a negative number: {0}";
    NO_MEANING = "capabilities.unknown", "not documented";
    LIKE = "capabilities.like", "as {0}";
    GENERATION_0 = "generation.0", "a client before MSN Messenger 6.0, or another program";
    GENERATION_1 = "generation.1", "MSN Messenger 6.0";
    GENERATION_2 = "generation.2", "MSN Messenger 6.1";
    GENERATION_3 = "generation.3", "MSN Messenger 6.2";
    GENERATION_4 = "generation.4", "MSN Messenger 7.0";
    GENERATION_5 = "generation.5", "MSN Messenger 7.5";
    GENERATION_6 = "generation.6", "Windows Live Messenger 8.0";
    GENERATION_7 = "generation.7", "Windows Live Messenger 8.1";
    GENERATION_8 = "generation.8", "Windows Live Messenger 8.5";
    GENERATION_9 = "generation.9", "Windows Live Messenger 9.0 beta";
    GENERATION_10 = "generation.10", "Windows Live Messenger 2009 (14.0)";
    GENERATION_11 = "generation.11", "Windows Live Messenger 2011 (15)";
    GENERATION_12 = "generation.12", "Windows Live Messenger 2012 (16)";
}

macro_rules! bits {
    ( $table:ident, $texts:ident, $id:literal; $( $mask:literal $english:literal; )+ ) => {
        /// Bits, each with its name.
        static $table: Names = Names::new(&[$(
            ($mask, TextId::new(&TextDecl { id: concat!($id, stringify!($mask)), english: $english })),
        )+]);

        /// The texts declared here, in order.
        pub static $texts: &[TextId] = &[$(
            TextId::new(&TextDecl { id: concat!($id, stringify!($mask)), english: $english }),
        )+];
    };
}

bits! {
    FIRST, FIRST_TEXTS, "capability.";
    0x0000_0001 "on a mobile device";
    0x0000_0002 "MSN Explorer 8";
    0x0000_0004 "shows handwriting sent as GIF";
    0x0000_0008 "shows handwriting sent as ISF";
    0x0000_0010 "webcam or video";
    0x0000_0020 "accepts messages in several parts";
    0x0000_0040 "text messages to the phone switched on";
    0x0000_0080 "MSN Direct watch";
    0x0000_0100 "activities and games";
    0x0000_0200 "Web Messenger";
    0x0000_0400 "reached through a mobile device";
    0x0000_0800 "behind the gateway of another network";
    0x0000_1000 "has a Space (blog)";
    0x0000_2000 "Media Center";
    0x0000_4000 "direct messages";
    0x0000_8000 "winks";
    0x0001_0000 "shared search";
    0x0002_0000 "robot of the service";
    0x0004_0000 "voice clips";
    0x0008_0000 "secure channel";
    0x0010_0000 "SIP invitations";
    0x0020_0000 "SIP through the server, or media for several people (names differ)";
    0x0040_0000 "shared folders";
    0x0080_0000 "messages one at a time, without a chat room";
    0x0100_0000 "OneCare";
    0x0200_0000 "peer-to-peer data through a TURN relay";
    0x0400_0000 "peer-to-peer set-up through the notification server (UUN)";
    0x0800_0000 "uses an alias";
}

bits! {
    SECOND, SECOND_TEXTS, "capability.extended.";
    0x0000_0001 "text messages only";
    0x0000_0002 "voice over MSNP";
    0x0000_0004 "UUCP SIP stack";
    0x0000_0008 "messages between programs";
    0x0000_0010 "RTC video";
    0x0000_0020 "peer-to-peer data, version 2";
    0x0000_0040 "signed in on a web site";
    0x0000_0080 "chats with one person through a group";
    0x0000_0100 "offline messages";
    0x0000_0200 "shares video";
    0x0000_0400 "nudges";
    0x0000_0800 "voice in circles";
    0x0000_1000 "sharing switched on";
    0x0000_2000 "mobile and suspended: nothing is passed on (one source)";
    0x0000_8000 "relay that mixes peer-to-peer data";
    0x0002_0000 "file transfer in the chat window";
    0x0004_0000 "video calls in 16:9";
    0x0008_0000 "peer-to-peer data in envelopes";
    0x0040_0000 "Yahoo! messages switched off";
    0x0080_0000 "SIP through the server, version 2";
    0x0100_0000 "voice clips as WMA";
    0x0200_0000 "voice clips in circles";
    0x0400_0000 "news of friends";
    0x0800_0000 "custom emoticons";
    0x1000_0000 "moods in UTF-8";
    0x2000_0000 "FTURN relay";
    0x4000_0000 "P4 activities";
    0x8000_0000 "chats with several people";
}

/// The four bits that hold the generation.
const GENERATION_MASK: u32 = 0xf000_0000;

/// What a client can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities {
    /// The first number.
    pub bits: u32,
    /// The second number; from MSNP16.
    pub extended: Option<u32>,
}

impl Capabilities {
    /// Reads both forms, as they stand in a line or in a document.
    #[must_use]
    pub fn parse(wire: &[u8]) -> Option<Self> {
        numbers(wire).ok().map(|(_, (first, second))| Self { bits: first.number, extended: second.map(|n| n.number) })
    }

    /// How new the client is, from 0 to 15.
    #[must_use]
    pub fn generation(self) -> u32 {
        self.bits >> GENERATION_MASK.trailing_zeros()
    }

    /// The names of all bits that are set and documented, first those of the first number.
    pub fn names(self) -> impl Iterator<Item = TextId> {
        let set = |table: &'static Names, bits: u32| table.iter().filter(move |(mask, _)| mask & bits != 0);
        set(&FIRST, self.bits).chain(set(&SECOND, self.extended.unwrap_or(0))).map(|(_, name)| name)
    }
}

names! {
    /// Which client a generation stands for.
    pub GENERATIONS, generation_name;
    0 => GENERATION_0,
    1 => GENERATION_1,
    2 => GENERATION_2,
    3 => GENERATION_3,
    4 => GENERATION_4,
    5 => GENERATION_5,
    6 => GENERATION_6,
    7 => GENERATION_7,
    8 => GENERATION_8,
    9 => GENERATION_9,
    10 => GENERATION_10,
    11 => GENERATION_11,
    12 => GENERATION_12,
}

/// `capabilities = number [ ":" number ]`
///
/// Takes the next `length` bytes, whatever they are.
pub fn capabilities(s: &mut Scribe<'_, '_>, length: usize) -> Option<Capabilities> {
    let wire = s.rest().get(..length).unwrap_or(s.rest());
    let Ok((_, (first, second))) = numbers(wire) else {
        // What stands there instead may be somebody's name.
        s.take(ARGUMENT, wire.len(), Odd(wire));
        return None;
    };
    let found = Capabilities { bits: first.number, extended: second.map(|n| n.number) };
    s.group_with(CAPABILITIES, &Shown { wire, generation: found.generation() }, |s| {
        number(s, BITS, first, |s, span, bits| {
            // 0 stands for a client of which nothing is told, such as one that went offline.
            if bits != 0 {
                let generation = found.generation();
                let named = CodedNumber(generation, generation_name(generation));
                s.bits(GENERATION, span, GENERATION_MASK.into(), &named);
            }
            each_bit(s, span, CAPABILITY, &FIRST, bits & !GENERATION_MASK);
        });
        if let Some(second) = second {
            s.skip(1);
            number(s, EXTENDED, second, |s, span, bits| each_bit(s, span, EXTENDED_CAPABILITY, &SECOND, bits));
        }
    });
    Some(found)
}

/// The capabilities of a line, if it has any; as on the wire.
pub fn capabilities_arg<'a>(s: &mut Scribe<'a, '_>) -> Option<Word<'a>> {
    let word = s.peek_word();
    if word.is_empty() {
        return None;
    }
    capabilities(s, word.len());
    Some(Word(word))
}

fn number(s: &mut Scribe<'_, '_>, field: FieldId, told: Number<'_>, bits: impl FnOnce(&mut Scribe<'_, '_>, Span, u32)) {
    s.take_bits(field, told.wire.len(), told.number, |s, span| bits(s, span, told.number));
    if told.wire.starts_with(b"-") {
        s.remark(NEGATIVE.with([crate::tree::lossy(told.wire).into()]));
    }
}

fn each_bit(s: &mut Scribe<'_, '_>, span: Span, field: FieldId, table: &Names, bits: u32) {
    for mask in (0..u32::BITS).map(|place| 1 << place).filter(|mask| bits & mask != 0) {
        let name = table.of(mask).unwrap_or(NO_MEANING);
        s.bits(field, span, mask.into(), &CodedNumber(mask, Some(name)));
    }
}

/// A number, and how it is written.
#[derive(Clone, Copy)]
struct Number<'a> {
    wire: &'a [u8],
    number: u32,
}

fn numbers(input: &[u8]) -> IResult<&[u8], (Number<'_>, Option<Number<'_>>)> {
    all_consuming((one_number, opt(preceded(char(':'), one_number)))).parse(input)
}

/// `number = [ "-" ] 1*DIGIT`: 32 bits; some clients print them as a signed number.
fn one_number(input: &[u8]) -> IResult<&[u8], Number<'_>> {
    let written = recognize((opt(char('-')), digit1));
    map_opt(written, |wire: &[u8]| {
        let written = std::str::from_utf8(wire).ok()?.parse::<i64>().ok()?;
        let number = u32::try_from(written).ok().or_else(|| i32::try_from(written).ok().map(i32::cast_unsigned))?;
        Some(Number { wire, number })
    })
    .parse(input)
}

/// Both numbers as they stand.
struct Shown<'a> {
    wire: &'a [u8],
    generation: u32,
}

impl Record for Shown<'_> {
    fn value(&self) -> Value {
        Word(self.wire).value()
    }

    fn label(&self) -> Option<Text> {
        let official = generation_name(self.generation).filter(|_| self.generation > 0)?;
        Some(LIKE.with([official.text().into()]))
    }
}

/// A word that is no number.
struct Odd<'a>(&'a [u8]);

impl Record for Odd<'_> {
    fn value(&self) -> Value {
        Word(self.0).value()
    }

    fn complaint(&self) -> Option<(ExpertId, Vec<Arg>)> {
        Some((NOT_CAPABILITIES, vec![shortened(self.0).into()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_numbers_are_read_as_32_bits() {
        let read = |wire: &str| Capabilities::parse(wire.as_bytes()).map(|c| (c.bits, c.extended));
        assert_eq!(read("2253176876"), Some((0x864c_c02c, None)));
        assert_eq!(read("2789003324:00"), Some((0xa63c_d03c, Some(0))));
        assert_eq!(read("1074249760:2281833472"), Some((0x4007_c020, Some(0x8802_0400))));
        assert_eq!(read("-2041790420:-1"), Some((0x864c_c02c, Some(u32::MAX))));
        assert_eq!(read("4294967295"), Some((u32::MAX, None)));
        for wire in ["", "4294967296", "-2147483649", "1:", ":1", "1:2:3", "12a", "99999999999999999999"] {
            assert_eq!(read(wire), None, "{wire}");
        }
    }

    /// The worked examples of the reference.
    #[test]
    fn bits_have_their_names() {
        let examples = [
            (268_435_500, 1, vec![0x4, 0x8, 0x20]),
            (1_342_472_192, 5, vec![0x8000, 0x4_0000]),
            (
                2_253_176_876,
                8,
                vec![0x4, 0x8, 0x20, 0x4000, 0x8000, 0x4_0000, 0x8_0000, 0x40_0000, 0x200_0000, 0x400_0000],
            ),
        ];
        for (bits, generation, set) in examples {
            let capabilities = Capabilities { bits, extended: None };
            assert_eq!(capabilities.generation(), generation);
            let named = set.iter().map(|mask| FIRST.of(*mask).unwrap());
            assert!(capabilities.names().eq(named), "{bits}");
        }
        assert_eq!(generation_name(13), None);
        for table in [&FIRST, &SECOND] {
            assert!(table.iter().all(|(mask, _)| mask.is_power_of_two()));
        }
    }
}
