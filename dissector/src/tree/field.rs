//! Fields: the one declaration from which Wireshark's registration, the page's explanations, the CLI and the field
//! reference are all made.

use super::Names;

/// How a field's value is held and shown. Maps one to one to Wireshark's field types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// No value of its own: a heading over the items below it (Wireshark `FT_NONE`).
    Group,
    /// Text as the wire carries it, decoded from UTF-8 with invalid bytes made visible (Wireshark `FT_STRING`).
    Text,
    /// A number of at most 32 bits (Wireshark `FT_UINT32`).
    Uint32(Base),
    /// A number of at most 64 bits (Wireshark `FT_UINT64`).
    Uint64(Base),
    /// Bytes, shown as lower-case hexadecimal (Wireshark `FT_BYTES`).
    Bytes,
    /// Number of a packet of the capture (Wireshark `FT_FRAMENUM`).
    FrameNumber(Related),
    /// A span of time, shown in seconds (Wireshark `FT_RELATIVE_TIME`).
    RelativeTime,
}

/// What another packet is to a command's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Related {
    /// It holds the request.
    Request,
    /// It holds the answer.
    Response,
    /// It holds the last of several pieces, this command among them.
    Whole,
}

/// The number base in which a field is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Decimal.
    Dec,
    /// Hexadecimal with `0x` and leading zeros to the width of the type.
    Hex,
}

/// What a field's values tell about people: the reason to hide them when a capture is shown to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Privacy {
    /// Nothing: numbers, words of the protocol.
    #[default]
    Public,
    /// A login name, perhaps with network and device around it.
    Account,
    /// A display name, or what somebody calls a group or a device.
    Name,
    /// What somebody wrote: a message, a personal message, a file's name.
    Text,
    /// A name, a colon, and what somebody wrote.
    Header,
    /// Facts about a person: telephone numbers, birthday, place, network address.
    Personal,
    /// What lets its holder in: tickets, cookies, proofs. Hidden unless somebody asks for it.
    Secret,
}

/// One row of the field table.
#[derive(Debug)]
pub struct Field {
    /// Family in the high byte, position within the family in the low byte: unique, fixed before any packet is seen.
    pub number: u16,
    /// Filter name, `msnp.<area>.<field>`; never renamed once released.
    pub name: &'static str,
    /// Short English title.
    pub title: &'static str,
    /// Type and display.
    pub kind: Kind,
    /// What must be hidden when a capture is shown to others.
    pub privacy: Privacy,
    /// What its values are called, where they have names; of numbers of at most 32 bits alone.
    pub names: Option<&'static Names>,
    /// English explanation in one or two sentences: who sends it, unit or value range, since which dialect.
    pub explanation: &'static str,
}

impl Privacy {
    /// The one that a declaration names, or [`Privacy::Public`].
    pub(crate) const fn declared(named: &[Self]) -> Self {
        match named {
            [privacy, ..] => *privacy,
            [] => Self::Public,
        }
    }
}

impl Field {
    /// The explanation on one line, without the line breaks of the source file.
    #[must_use]
    pub fn explanation_line(&self) -> String {
        self.explanation.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A declared field: a handle that is cheap to copy and compare.
#[derive(Clone, Copy)]
pub struct FieldId(&'static Field);

impl FieldId {
    /// Wraps a row of a field table; used by the `fields!` macro.
    #[must_use]
    pub const fn new(field: &'static Field) -> Self {
        Self(field)
    }

    /// The declaration.
    #[must_use]
    pub const fn field(self) -> &'static Field {
        self.0
    }

    /// The filter name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }
}

impl PartialEq for FieldId {
    fn eq(&self, other: &Self) -> bool {
        self.0.number == other.0.number
    }
}

impl Eq for FieldId {}

impl core::fmt::Debug for FieldId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.0.name)
    }
}

/// Many fields, of which one may ask in no time whether a field is among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldSet {
    /// One bit per number.
    words: Vec<u64>,
}

impl FieldSet {
    /// Whether it is one of them.
    #[must_use]
    pub fn contains(&self, field: FieldId) -> bool {
        let (word, bit) = place(field);
        self.words.get(word).is_some_and(|bits| bits & bit != 0)
    }
}

impl FromIterator<FieldId> for FieldSet {
    fn from_iter<I: IntoIterator<Item = FieldId>>(fields: I) -> Self {
        let mut set = Self::default();
        for (word, bit) in fields.into_iter().map(place) {
            if word >= set.words.len() {
                set.words.resize(word + 1, 0);
            }
            if let Some(bits) = set.words.get_mut(word) {
                *bits |= bit;
            }
        }
        set
    }
}

/// Which word a field's bit is in, and which bit of it.
fn place(field: FieldId) -> (usize, u64) {
    let number = field.field().number;
    (usize::from(number / 64), 1 << (number % 64))
}

/// Declares the fields of one family: a constant [`FieldId`] each, and the family's table `FIELDS`.
///
/// The doc comment is the explanation that users read. A [`Privacy`](crate::tree::Privacy) may stand behind the title, and
/// last, after `in`, the [`Names`] of the values. Family numbers are places in `msnp::FAMILIES`.
macro_rules! fields {
    (
        family $family:literal;
        $( $(#[doc = $doc:literal])+ $name:ident : $kind:expr => $filter:literal, $title:literal $(, $privacy:ident)? $(in $names:path)?; )+
    ) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum FieldIndex { $( $name, )+ }
        $(
            $(#[doc = $doc])+
            #[allow(clippy::indexing_slicing)] // evaluated by the compiler, which would refuse an index beyond the table
            pub const $name: $crate::tree::FieldId = $crate::tree::FieldId::new(&FIELDS[FieldIndex::$name as usize]);
        )+
        /// The fields of this family, in order of declaration.
        pub static FIELDS: [$crate::tree::Field; [$( FieldIndex::$name as usize, )+].len()] = [
            $( $crate::tree::Field {
                number: ($family << 8) | FieldIndex::$name as u16,
                name: $filter,
                title: $title,
                kind: $kind,
                privacy: $crate::tree::Privacy::declared(&[$($crate::tree::Privacy::$privacy)?]),
                names: $crate::tree::Names::declared(&[$(&$names)?]),
                explanation: concat!($($doc, "\n"),+),
            }, )+
        ];
    };
}
pub(crate) use fields;
