//! MSN objects: pictures, emoticons, winks and sounds, announced by an `<msnobj …/>` element that names owner, size and hash.
//!
//! Comes in: an element as a line carries it (percent-encoded), as text of an XML document (with references), or literal.
//! Goes out: its attributes, each over its bytes on the wire, and a typed [`MsnObject`]. How the object itself travels is
//! no business of this file.
//!
//! Source: protocol reference, tables 11, transfers 9, SLP 11.1. The order of attributes varies, and any may be missing.

mod element;

use std::ops::Range;

use crate::msnp::coding::{Coding, Decoded, base64, utf16};
use crate::msnp::field::UNDECODED;
use crate::msnp::token::{Word, coded_number, long_number, shortened};
use crate::tree::{
    Arg, Base, ExpertId, FieldId, Kind, Record, Scribe, Span, Text, TextId, Value, experts, fields, lossy, names, texts,
};
use element::{Attribute, Element, element};
pub use element::{MsnObject, sha1c};

fields! {
    family 13;
    /// A picture, emoticon, wink or sound, as an XML element that names its owner, size and SHA-1 hash; the owner’s
    /// client announces it, whoever wants the object asks the owner for it. Percent-encoded in lines, from MSNP9 on.
    /// Shown decoded.
    MSN_OBJECT: Kind::Text => "msnp.msnobj", "MSN object", Text;
    /// What stands in the place of an object where there is none: 0, or an element without attributes. Both sides send it, from MSNP9 on.
    NO_OBJECT: Kind::Text => "msnp.msnobj.none", "No MSN object";
    /// Account that owns the object and has its bytes; present in every object. The owner’s client writes it, from
    /// MSNP9 on.
    CREATOR: Kind::Text => "msnp.msnobj.creator", "Creator", Account;
    /// Length of the object’s data in bytes, in decimal, from MSNP9 on; whoever fetches the object gets as many.
    SIZE: Kind::Uint64(Base::Dec) => "msnp.msnobj.size", "Size";
    /// What kind of object the owner’s client announces, from MSNP9 on: 2 custom emoticon, 3 display picture, 8 wink,
    /// 11 voice clip, 16 scene, and so on.
    TYPE: Kind::Uint32(Base::Dec) => "msnp.msnobj.type", "Type" in KINDS;
    /// File name that the owner’s client gives the object, from MSNP9 on, such as TFR2C.tmp; 0 for the newer kinds of
    /// object.
    LOCATION: Kind::Text => "msnp.msnobj.location", "Location", Text;
    /// The object’s name as its owner’s client shows it, from MSNP9 on, in UTF-16 (little-endian, with a NUL at the
    /// end) and base64; AAA= is an empty name.
    FRIENDLY: Kind::Text => "msnp.msnobj.friendly", "Friendly name";
    /// The friendly name of the object, decoded from base64 and UTF-16: what its owner’s client calls it. From MSNP9
    /// on.
    NAME: Kind::Text => "msnp.msnobj.name", "Name", Text;
    /// SHA-1 hash of the object’s bytes, in base64: 20 bytes, 28 characters. The same object has the same hash wherever
    /// a client announces it, from MSNP9 on.
    SHA1D: Kind::Text => "msnp.msnobj.sha1d", "Hash of the data";
    /// SHA-1 hash of the other attributes, in base64, from MSNP9 on; clients from 8.0 on leave it out. Whoever guesses
    /// the owner’s account can prove it by this hash.
    SHA1C: Kind::Text => "msnp.msnobj.sha1c", "Hash of the attributes", Personal;
    /// Kind of store content, for objects that were bought or given away: D is a dynamic picture. Clients leave it
    /// empty otherwise.
    CONTENT_TYPE: Kind::Text => "msnp.msnobj.content_type", "Store content";
    /// Number of the product in the store that the object belongs to (contentid); clients leave it empty for what
    /// people made themselves.
    CONTENT_ID: Kind::Text => "msnp.msnobj.content_id", "Store product";
    /// Who made the object that the store sold, as the store’s own word for its partner (partnerid); the owner’s client
    /// repeats it.
    PARTNER: Kind::Text => "msnp.msnobj.partner", "Store partner";
    /// Signature of the store over an object that it sold, such as a wink of a pack; clients repeat it as it is.
    STAMP: Kind::Text => "msnp.msnobj.stamp", "Store signature";
    /// Number of the avatar in the store (avatarid), as clients repeat it with signed objects of the store; how it is
    /// used is not documented.
    AVATAR: Kind::Text => "msnp.msnobj.avatar", "Store avatar";
    /// Number of the avatar’s content in the store (avatarcontentid), as clients repeat it with signed objects; how it
    /// is used is not documented.
    AVATAR_CONTENT: Kind::Text => "msnp.msnobj.avatar_content", "Store avatar content";
    /// Where the object can be fetched on the web, for the few that can; most are asked for at their owner’s client.
    URL: Kind::Text => "msnp.msnobj.url", "Web address", Text;
    /// An attribute that no documentation names, or one whose value is not of its kind; name and value as the owner’s
    /// client wrote them, decoded.
    ATTRIBUTE: Kind::Text => "msnp.msnobj.attribute", "Attribute", Text;
}

experts! {
    NOT_AN_OBJECT: Warn, Malformed => "msnp.expert.msnobj", "expected {0} in an <msnobj …/> element, found “{1}”";
    NOT_A_NUMBER: Warn, Malformed => "msnp.expert.msnobj-number", "expected a decimal number as {0} of the object, found “{1}”";
    NOT_A_HASH: Warn, Malformed => "msnp.expert.msnobj-hash", "expected a SHA-1 hash of 20 bytes in base64, found {0}";
    NOT_A_NAME: Note, Malformed => "msnp.expert.msnobj-name", "expected text in base64 and UTF-16, found “{0}”";
    ATTRIBUTES_DIFFER: Note, Protocol => "msnp.expert.msnobj-sha1c", "expected the hash of the attributes that stand here, found another: they were changed, or hashed in another way";
}

texts! {
    NO_PICTURE = "msnobj.none", "there is none";
    NO_NAME = "msnobj.no-name", "no name";
    NAME_SOURCE = "msnobj.name-source", "Decoded name";
    NAMED = "msnobj.named", "{0} “{1}”";
    MATCHES = "msnobj.sha1c.matches", "matches the attributes";
    DIFFERS = "msnobj.sha1c.differs", "does not match the attributes";
    UNCHECKED = "msnobj.sha1c.unchecked", "not checked: an attribute that it is computed over is missing";
    THE_START = "msnobj.expected.start", "the start";
    AN_ATTRIBUTE = "msnobj.expected.attribute", "an attribute or the end";
    BYTES = "msnobj.bytes", "{0} bytes";
    QUOTED = "msnobj.quoted", "“{0}”";
    TYPE_1 = "msnobj.type.1", "avatar";
    TYPE_2 = "msnobj.type.2", "custom emoticon";
    TYPE_3 = "msnobj.type.3", "display picture";
    TYPE_4 = "msnobj.type.4", "shared file";
    TYPE_5 = "msnobj.type.5", "background";
    TYPE_6 = "msnobj.type.6", "history";
    TYPE_7 = "msnobj.type.7", "dynamic display picture";
    TYPE_8 = "msnobj.type.8", "wink";
    TYPE_9 = "msnobj.type.9", "map file";
    TYPE_10 = "msnobj.type.10", "dynamic background";
    TYPE_11 = "msnobj.type.11", "voice clip";
    TYPE_12 = "msnobj.type.12", "state of a plug-in";
    TYPE_13 = "msnobj.type.13", "roaming object";
    TYPE_14 = "msnobj.type.14", "signature sound";
    TYPE_16 = "msnobj.type.16", "scene";
}

names! {
    /// What a kind of object is called.
    pub KINDS, kind_name;
    1 => TYPE_1,
    2 => TYPE_2,
    3 => TYPE_3,
    4 => TYPE_4,
    5 => TYPE_5,
    6 => TYPE_6,
    7 => TYPE_7,
    8 => TYPE_8,
    9 => TYPE_9,
    10 => TYPE_10,
    11 => TYPE_11,
    12 => TYPE_12,
    13 => TYPE_13,
    14 => TYPE_14,
    16 => TYPE_16,
}

/// `msn-object = "0" / "<msnobj" *( SP attribute ) [ SP ] "/>"`, in the coding given.
///
/// Takes the next `length` bytes, whatever they are. `None` when there is no object, or nothing of it can be read.
pub fn msn_object(s: &mut Scribe<'_, '_>, length: usize, coding: Coding) -> Option<MsnObject> {
    let wire = s.rest().get(..length).unwrap_or(s.rest());
    let decoded = Decoded::new(wire, coding);
    let element = element(&decoded.bytes);
    let object = MsnObject::of(&decoded.bytes, &element.attributes);
    if decoded.bytes == b"0" || (object.is_none() && element.end == Some(decoded.bytes.len())) {
        s.take(NO_OBJECT, wire.len(), Word(&decoded.bytes));
        s.label(NO_PICTURE);
        return None;
    }
    let shown = Shown { text: &decoded.bytes, object: object.as_ref() };
    s.group_with(MSN_OBJECT, &shown, |s| {
        s.limit(wire.len(), UNDECODED, |s| {
            Walk { decoded: &decoded, at: 0 }.element(s, &element, object.as_ref());
        });
    });
    object
}

/// The whole element, decoded.
struct Shown<'o> {
    text: &'o [u8],
    object: Option<&'o MsnObject>,
}

impl Record for Shown<'_> {
    fn value(&self) -> Value {
        Value::Text(lossy(self.text))
    }

    fn label(&self) -> Option<Text> {
        let object = self.object?;
        let kind = kind_name(object.kind?)?;
        Some(match object.name.as_str() {
            "" => kind.text(),
            name => NAMED.with([kind.text().into(), name.into()]),
        })
    }

    fn complaint(&self) -> Option<(ExpertId, Vec<Arg>)> {
        Word(self.text).complaint()
    }
}

/// The field of an attribute that is text, by its name in lower case.
fn text_field(name: &[u8]) -> Option<FieldId> {
    Some(match name {
        b"creator" => CREATOR,
        b"location" => LOCATION,
        b"contenttype" => CONTENT_TYPE,
        b"contentid" => CONTENT_ID,
        b"partnerid" => PARTNER,
        b"stamp" => STAMP,
        b"avatarid" => AVATAR,
        b"avatarcontentid" => AVATAR_CONTENT,
        b"url" | b"url1" => URL,
        _ => return None,
    })
}

/// Walks over the decoded text and records over the bytes of the wire.
struct Walk<'d> {
    decoded: &'d Decoded,
    at: usize,
}

impl Walk<'_> {
    fn element(mut self, s: &mut Scribe<'_, '_>, element: &Element, object: Option<&MsnObject>) {
        let Some(start) = element.start else {
            self.complain(s, THE_START);
            return;
        };
        self.skip_to(s, start);
        for attribute in &element.attributes {
            self.attribute(s, attribute, object);
        }
        if let Some(end) = element.end {
            self.skip_to(s, end);
        }
        if element.end.is_none() || self.at < self.decoded.bytes.len() {
            self.complain(s, AN_ATTRIBUTE);
        }
    }

    fn attribute(&mut self, s: &mut Scribe<'_, '_>, attribute: &Attribute, object: Option<&MsnObject>) {
        let text = |place: &Range<usize>| self.decoded.bytes.get(place.clone()).unwrap_or_default();
        let name = text(&attribute.name).to_ascii_lowercase();
        let value = Decoded::new(text(&attribute.value), Coding::References).bytes;
        match name.as_slice() {
            b"size" => match long_number(&value) {
                Ok(([], size)) => drop(self.take(s, SIZE, attribute, size)),
                _ => self.no_number(s, attribute, &value),
            },
            b"type" => match coded_number(kind_name)(&value) {
                Ok(([], kind)) => drop(self.take(s, TYPE, attribute, kind)),
                _ => self.no_number(s, attribute, &value),
            },
            b"friendly" => self.friendly(s, attribute, &value),
            b"sha1d" => drop(self.take(s, SHA1D, attribute, Hash(&value))),
            b"sha1c" => {
                let span = self.take(s, SHA1C, attribute, Hash(&value));
                Self::verdict(s, span, object.and_then(|object| object.attributes_match));
            }
            name => match text_field(name) {
                Some(field) => drop(self.take(s, field, attribute, Word(&value))),
                None => drop(self.whole(s, attribute)),
            },
        }
    }

    fn no_number(&mut self, s: &mut Scribe<'_, '_>, attribute: &Attribute, value: &[u8]) {
        let name = lossy(self.decoded.bytes.get(attribute.name.clone()).unwrap_or_default());
        let span = self.whole(s, attribute);
        s.expert_at(NOT_A_NUMBER, span, [name.into(), shortened(value).into()]);
    }

    /// Says beside the hash of the attributes whether it is right.
    fn verdict(s: &mut Scribe<'_, '_>, span: Span, attributes_match: Option<bool>) {
        match attributes_match {
            Some(true) => s.label(MATCHES),
            Some(false) => {
                s.label(DIFFERS);
                s.expert_at(ATTRIBUTES_DIFFER, span, []);
            }
            None => s.label(UNCHECKED),
        }
    }

    /// `friendly = base64 of UTF-16`: the name stands in decoded bytes of its own.
    fn friendly(&mut self, s: &mut Scribe<'_, '_>, attribute: &Attribute, value: &[u8]) {
        let Some(bytes) = base64(value) else {
            let span = self.whole(s, attribute);
            s.expert_at(NOT_A_NAME, span, [shortened(value).into()]);
            return;
        };
        let span = self.take(s, FRIENDLY, attribute, Word(value));
        let name = utf16(&bytes);
        if name.is_empty() {
            s.label(NO_NAME);
            return;
        }
        s.within(NAME_SOURCE.text(), span, bytes, |s| s.take(NAME, s.rest().len(), Name(name)));
    }

    /// Records an attribute's value.
    fn take<T: Record>(&mut self, s: &mut Scribe<'_, '_>, field: FieldId, attribute: &Attribute, value: T) -> Span {
        self.skip_to(s, attribute.value.start);
        self.record(s, attribute.value.end, field, value)
    }

    /// Records an attribute as it stands, with its name and quotes.
    fn whole(&mut self, s: &mut Scribe<'_, '_>, attribute: &Attribute) -> Span {
        self.skip_to(s, attribute.name.start);
        let end = attribute.value.end + 1;
        let text = self.decoded.bytes.get(attribute.name.start..end).unwrap_or_default();
        self.record(s, end, ATTRIBUTE, Word(text))
    }

    fn record<T: Record>(&mut self, s: &mut Scribe<'_, '_>, end: usize, field: FieldId, value: T) -> Span {
        let length = self.on_the_wire(end);
        let span = s.here(length);
        s.take(field, length, value);
        self.at = end;
        span
    }

    fn skip_to(&mut self, s: &mut Scribe<'_, '_>, end: usize) {
        s.skip(self.on_the_wire(end));
        self.at = end;
    }

    /// Bytes of the wire up to a place further on in the decoded text.
    fn on_the_wire(&self, end: usize) -> usize {
        self.decoded.origin(end).saturating_sub(self.decoded.origin(self.at))
    }

    /// Says what was expected here; the caller records the bytes that are left.
    fn complain(&self, s: &mut Scribe<'_, '_>, expected: TextId) {
        let found = shortened(self.decoded.bytes.get(self.at..).unwrap_or_default());
        s.expert_at(NOT_AN_OBJECT, s.here(s.rest().len()), [expected.text().into(), found.into()]);
    }
}

/// A decoded name.
struct Name(String);

impl Record for Name {
    fn value(&self) -> Value {
        Value::Text(lossy(self.0.as_bytes()))
    }
}

/// A SHA-1 hash in base64.
struct Hash<'a>(&'a [u8]);

impl Record for Hash<'_> {
    fn value(&self) -> Value {
        Value::Text(lossy(self.0))
    }

    fn complaint(&self) -> Option<(ExpertId, Vec<Arg>)> {
        let found = match base64(self.0) {
            Some(bytes) if bytes.len() == 20 => return None,
            Some(bytes) => BYTES.with([bytes.len().into()]),
            None => QUOTED.with([shortened(self.0).into()]),
        };
        Some((NOT_A_HASH, vec![found.into()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Recording;

    const PUBLISHED: &str = r#"<msnobj Creator="buddy1@hotmail.com" Size="24539" Type="3" Location="TFR2C.tmp" Friendly="AAA=" SHA1D="trC8SlFx2sWQxZMIBAWSEnXc8oQ=" SHA1C="U32o6bosZzluJq82eAtMpx5dIEI="/>"#;

    /// Every coding says the same, and of a spoilt element what could be read stays.
    #[test]
    fn the_same_element_in_every_coding() {
        let escaped = PUBLISHED.replace('<', "&lt;").replace('>', "&gt;").replace('"', "&#x22;");
        let percent = PUBLISHED.replace('<', "%3C").replace(' ', "%20").replace('"', "%22").replace('=', "%3D");
        let cut = &PUBLISHED[..60];
        let cases = [
            (PUBLISHED, Coding::Literal, 7, 0),
            (&escaped, Coding::References, 7, 0),
            (&percent, Coding::Percent, 7, 0),
            (cut, Coding::Literal, 3, 1),
            ("nonsense", Coding::Literal, 0, 1),
            (&format!("{PUBLISHED}x"), Coding::Literal, 7, 1),
        ];
        for (wire, coding, attributes, experts) in cases {
            assert_eq!(Coding::of_element(wire.as_bytes()), coding);
            let mut s = Scribe::new(wire.as_bytes(), Recording::Everything);
            msn_object(&mut s, wire.len(), coding);
            assert!(s.is_empty());
            let tree = s.finish();
            let told = tree.items.iter().filter(|item| item.depth == 1 && item.field != UNDECODED);
            assert_eq!((told.count(), tree.experts.len()), (attributes, experts), "{wire}");
        }
    }
}
