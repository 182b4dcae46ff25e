//! The context of a file transfer: name, size, and perhaps a small picture of the file.
//!
//! ```text
//!   0   4  length of the structure: 574 in version 2, 638 in version 3; some clients count the preview
//!   4   4  version
//!   8   8  length of the file
//!  16   4  kind
//!  20 520  name, UTF-16, NUL behind it and zeros to the end
//! 540  30  zeros, or not known
//! 570   4  ff ff ff ff, with a background fe ff ff ff
//! 574  64  zeros, in version 3 only
//!          preview, a PNG file
//! ```
//!
//! All numbers have the lowest byte first. Neither the length nor the version can be trusted: the preview begins where
//! the first signature of a PNG file stands.
//!
//! Source: protocol reference, SLP 11.2.

use super::Context;
use super::context::up_to_nul;
use crate::msnp::coding::utf16;
use crate::msnp::token::{CodedNumber, Word};
use crate::tree::{Base, FieldId, Kind, Record, Scribe, Text, TextId, Value, experts, fields, names, texts};

fields! {
    family 66;
    /// Length of the structure that describes a file, in bytes: 574 or 638; official clients do not count the preview.
    LENGTH: Kind::Uint32(Base::Dec) => "msnp.slp.file.length", "Length of the structure";
    /// Version of the structure that describes a file: 2 or 3, with old clients 0 or 1.
    VERSION: Kind::Uint32(Base::Dec) => "msnp.slp.file.version", "Version of the structure";
    /// How many bytes the offered file has; 64 bits, little endian, from the program that offers it.
    SIZE: Kind::Uint64(Base::Dec) => "msnp.slp.file.size", "File size";
    /// What the inviter’s program offers, and whether a preview follows: 0 file with preview, 1 file without, 4
    /// background.
    KIND: Kind::Uint32(Base::Dec) => "msnp.slp.file.kind", "Kind of file" in KINDS;
    /// Name of the file that the sender’s program offers, in UTF-16, at most 259 characters. It may hold signs that are
    /// not safe in names.
    NAME: Kind::Text => "msnp.slp.file.name", "File name", Text;
    /// Bytes of the structure that describes a file whose meaning is not documented: the sender’s program writes zeros,
    /// usually.
    UNKNOWN: Kind::Bytes => "msnp.slp.file.unknown", "Not documented", Text;
    /// A mark in the structure that describes a file: ffffffff, or fffffffe for a background; some clients leave it zero.
    MARK: Kind::Uint32(Base::Hex) => "msnp.slp.file.mark", "Mark" in MARKS;
    /// A small picture of the file that the sender’s program offers, a PNG file, 96 by 96 points usually.
    PREVIEW: Kind::Bytes => "msnp.slp.file.preview", "Preview";
    /// The first eight bytes of every PNG file, sent by the program that offers the file; they tell where in the
    /// context the small picture of the offered file begins.
    PREVIEW_SIGNATURE: Kind::Bytes => "msnp.slp.file.preview.signature", "Signature";
    /// A small picture of what the sender’s program offers, usually 96 by 96 pixels, behind the signature that PNG
    /// files begin with.
    PREVIEW_PICTURE: Kind::Bytes => "msnp.slp.file.preview.picture", "Picture", Text;
}

experts! {
    TOO_SHORT: Note, Malformed => "msnp.expert.slp-file", "expected at least {0} bytes that describe a file, found {1}";
}

texts! {
    WITH_PREVIEW = "slp.file.0", "file, a preview follows";
    WITHOUT_PREVIEW = "slp.file.1", "file, without preview";
    BACKGROUND = "slp.file.4", "background";
    NOT_DOCUMENTED = "slp.file.8", "not known";
    OF_A_FILE = "slp.file.mark", "file";
    OF_A_BACKGROUND = "slp.file.mark-background", "background";
    PNG = "slp.file.png", "PNG, {0} bytes";
}

/// Bytes up to the end of the name: less describes no file.
const NAMED: usize = 540;
const NAME_ROOM: usize = 520;
/// From the end of the name to the mark.
const BEFORE_MARK: usize = 30;
const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";

/// All that is left as the structure that describes a file. Consumes nothing if it is too short for one.
pub(super) fn file(s: &mut Scribe<'_, '_>) -> Option<Context> {
    let there = s.rest().len();
    if there < NAMED {
        s.expert_at(TOO_SHORT, s.here(there), [NAMED.into(), there.into()]);
        return None;
    }
    number(s, LENGTH, |_| None);
    number(s, VERSION, |_| None);
    let size = u64::from_le_bytes(next(s));
    s.take(SIZE, 8, size);
    let kind = number(s, KIND, kind);
    let name = s.limit(NAME_ROOM, UNKNOWN, name);
    unknown(s, BEFORE_MARK);
    if s.rest().len() >= 4 {
        number(s, MARK, mark);
    }
    let start = memchr::memmem::find(s.rest(), SIGNATURE).unwrap_or(s.rest().len());
    unknown(s, start);
    let preview = s.rest();
    if !preview.is_empty() {
        s.group_with(PREVIEW, &Picture(preview), |s| {
            s.take(PREVIEW_SIGNATURE, SIGNATURE.len(), &SIGNATURE[..]);
            s.rest_as_bytes(PREVIEW_PICTURE);
        });
    }
    Some(Context::File { name, size, kind, preview: (!preview.is_empty()).then(|| preview.to_vec()) })
}

/// A small picture.
struct Picture<'a>(&'a [u8]);

impl Record for Picture<'_> {
    fn value(&self) -> Value {
        Value::Bytes(self.0.to_vec())
    }

    fn label(&self) -> Option<Text> {
        Some(PNG.with([self.0.len().into()]))
    }
}

fn name(s: &mut Scribe<'_, '_>) -> String {
    let text = utf16(s.rest());
    s.take(NAME, up_to_nul(s.rest()), Word(text.as_bytes()));
    unknown(s, s.rest().len());
    text
}

/// The next bytes, which are zero and say nothing, or are not understood.
fn unknown(s: &mut Scribe<'_, '_>, length: usize) {
    let bytes = s.rest().get(..length).unwrap_or(s.rest());
    if bytes.iter().all(|byte| *byte == 0) {
        s.skip(bytes.len());
    } else {
        s.take(UNKNOWN, bytes.len(), bytes);
    }
}

fn number(s: &mut Scribe<'_, '_>, field: FieldId, meaning: fn(u32) -> Option<TextId>) -> u32 {
    let number = u32::from_le_bytes(next(s));
    s.take(field, 4, CodedNumber(number, meaning(number)));
    number
}

/// The next bytes, without consuming them; zeros where there are none.
fn next<const N: usize>(s: &Scribe<'_, '_>) -> [u8; N] {
    s.rest().first_chunk().copied().unwrap_or([0; N])
}

names! {
    /// What is offered.
    KINDS, kind;
    0 => WITH_PREVIEW,
    1 => WITHOUT_PREVIEW,
    4 => BACKGROUND,
    8 => NOT_DOCUMENTED,
}

names! {
    /// What the mark says.
    MARKS, mark;
    0xffff_fffe => OF_A_BACKGROUND,
    0xffff_ffff => OF_A_FILE,
}
