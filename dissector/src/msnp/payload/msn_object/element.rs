//! The element as text: where its attributes stand, what they say together, and whether their hash is right.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use nom::bytes::complete::{tag, tag_no_case, take_till, take_while, take_while1};
use nom::character::complete::one_of;
use nom::sequence::{preceded, terminated};
use nom::{IResult, Offset, Parser};
use sha1::{Digest as _, Sha1};
use std::ops::Range;

use crate::msnp::coding::{Coding, Decoded, base64, utf16};
use crate::tree::lossy;

/// What an `<msnobj …/>` element says. What it does not say is empty or `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MsnObject {
    /// Account of the owner.
    pub creator: String,
    /// Bytes of the object.
    pub size: Option<u64>,
    /// Kind of object, as in the reference's table; see [`super::kind_name`].
    pub kind: Option<u32>,
    /// File name at the owner.
    pub location: String,
    /// Name, decoded.
    pub name: String,
    /// SHA-1 of the object's bytes, in base64 as on the wire: what links an announcement to a transfer.
    pub sha1d: String,
    /// Whether the hash of the attributes is right; `None` when there is none, or not enough to compute it.
    pub attributes_match: Option<bool>,
}

impl MsnObject {
    /// Reads an element as text, no longer encoded. `None` when it is none, or says nothing: there is no object.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        Self::of(text, &element(text).attributes)
    }

    /// The SHA-1 of the object's bytes, decoded. `None` when it is missing, or no such hash.
    #[must_use]
    pub fn sha1d_bytes(&self) -> Option<[u8; 20]> {
        base64(self.sha1d.as_bytes())?.try_into().ok()
    }

    pub(super) fn of(text: &[u8], attributes: &[Attribute]) -> Option<Self> {
        if attributes.is_empty() {
            return None;
        }
        let value = |name: &str| lossy(&value_of(text, attributes, name).unwrap_or_default());
        let friendly = base64(value("Friendly").as_bytes()).unwrap_or_default();
        Some(Self {
            creator: value("Creator"),
            size: value("Size").parse().ok(),
            kind: value("Type").parse().ok(),
            location: value("Location"),
            name: utf16(&friendly),
            sha1d: value("SHA1D"),
            attributes_match: attributes_match(text, attributes),
        })
    }
}

/// An element, as places in its decoded text.
pub(super) struct Element {
    /// Where the first attribute may stand; `None` when it does not start as it should.
    pub(super) start: Option<usize>,
    pub(super) attributes: Vec<Attribute>,
    /// Where the element ends; `None` when it does not.
    pub(super) end: Option<usize>,
}

/// An attribute: name and value, without equals sign and quotes.
pub(super) struct Attribute {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
}

/// `element = *WSP "<msnobj" *attribute *WSP ( "/>" / ">" *WSP "</msnobj>" ) *( WSP / %x00 )`; a NUL follows in
/// peer-to-peer invitations.
pub(super) fn element(text: &[u8]) -> Element {
    let Ok((mut left, _)) = opening(text) else {
        return Element { start: None, attributes: Vec::new(), end: None };
    };
    let start = Some(text.offset(left));
    let mut attributes = Vec::new();
    while let Ok((after, (name, value))) = attribute(left) {
        let place = |part: &[u8]| text.offset(part)..text.offset(part) + part.len();
        attributes.push(Attribute { name: place(name), value: place(value) });
        left = after;
    }
    let end = closing(left).ok().map(|(left, ())| text.offset(left));
    Element { start, attributes, end }
}

fn opening(input: &[u8]) -> IResult<&[u8], &[u8]> {
    preceded(take_while(is_blank), tag_no_case(&b"<msnobj"[..])).parse(input)
}

/// `attribute = 1*WSP name *WSP "=" *WSP ( DQUOTE value DQUOTE / "'" value "'" )`; blanks before it may be missing.
fn attribute(input: &[u8]) -> IResult<&[u8], (&[u8], &[u8])> {
    let named = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b':' | b'.');
    let name = preceded(take_while(is_blank), take_while1(named));
    let equals = (take_while(is_blank), tag(&b"="[..]), take_while(is_blank));
    let (left, (name, quote)) = (terminated(name, equals), one_of("\"'")).parse(input)?;
    let quote = if quote == '"' { b'"' } else { b'\'' };
    let (left, value) = terminated(take_till(|byte| byte == quote), tag(&[quote][..])).parse(left)?;
    Ok((left, (name, value)))
}

fn closing(input: &[u8]) -> IResult<&[u8], ()> {
    let (input, _) = take_while(is_blank).parse(input)?;
    let (input, end) = nom::branch::alt((tag(&b"/>"[..]), tag(&b">"[..]))).parse(input)?;
    let (input, _) = match end {
        b">" => (take_while(is_blank), tag_no_case(&b"</msnobj>"[..])).parse(input)?,
        _ => (input, (end, end)),
    };
    take_while(|byte| is_blank(byte) || byte == 0).parse(input).map(|(left, _)| (left, ()))
}

fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

/// The value of an attribute, with its references resolved; names are compared without regard to case.
fn value_of(text: &[u8], attributes: &[Attribute], name: &str) -> Option<Vec<u8>> {
    raw_value_of(text, attributes, name).map(|value| Decoded::new(value, Coding::References).bytes)
}

fn raw_value_of<'t>(text: &'t [u8], attributes: &[Attribute], name: &str) -> Option<&'t [u8]> {
    let named = |a: &&Attribute| text.get(a.name.clone()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()));
    attributes.iter().find(named).and_then(|attribute| text.get(attribute.value.clone()))
}

/// What `SHA1C` is to be, in base64, of an element as its text stands; `None` when an attribute is missing.
#[must_use]
pub fn sha1c(text: &[u8]) -> Option<String> {
    let hash = hash_of(text, &element(text).attributes, <[u8]>::to_vec)?;
    Some(STANDARD.encode(hash))
}

/// The hash of all attributes but itself, names and values run together in this order.
fn hash_of(text: &[u8], attributes: &[Attribute], said: impl Fn(&[u8]) -> Vec<u8>) -> Option<[u8; 20]> {
    const ORDER: [&str; 6] = ["Creator", "Size", "Type", "Location", "Friendly", "SHA1D"];
    let mut hash = Sha1::new();
    for name in ORDER {
        hash.update(name);
        hash.update(said(raw_value_of(text, attributes, name)?));
    }
    Some(hash.finalize().into())
}

/// Whether `SHA1C` is the hash of the other attributes, names and values run together in this order. Whether references
/// in them are resolved before is not documented: either is right.
fn attributes_match(text: &[u8], attributes: &[Attribute]) -> Option<bool> {
    let told = base64(raw_value_of(text, attributes, "SHA1C")?)?;
    let raw = hash_of(text, attributes, <[u8]>::to_vec)?;
    let resolved = hash_of(text, attributes, |value| Decoded::new(value, Coding::References).bytes)?;
    Some([raw, resolved].iter().any(|hash| hash[..] == told[..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLISHED: &str = r#"<msnobj Creator="buddy1@hotmail.com" Size="24539" Type="3" Location="TFR2C.tmp" Friendly="AAA=" SHA1D="trC8SlFx2sWQxZMIBAWSEnXc8oQ=" SHA1C="U32o6bosZzluJq82eAtMpx5dIEI="/>"#;

    #[test]
    fn the_hash_of_the_attributes_is_checked_whatever_their_order() {
        let object = MsnObject::parse(PUBLISHED.as_bytes()).unwrap();
        assert_eq!((object.size, object.kind, object.attributes_match), (Some(24539), Some(3), Some(true)));
        let moved = PUBLISHED.replace(r#" Type="3""#, "").replace("<msnobj", r#"<msnobj Type='3' url="x""#);
        assert_eq!(MsnObject::parse(moved.as_bytes()).unwrap().attributes_match, Some(true));
        let edited = PUBLISHED.replace("buddy1", "buddy2");
        assert_eq!(MsnObject::parse(edited.as_bytes()).unwrap().attributes_match, Some(false));
        let fewer = PUBLISHED.replace(r#" Location="TFR2C.tmp""#, "");
        assert_eq!(MsnObject::parse(fewer.as_bytes()).unwrap().attributes_match, None);
    }

    #[test]
    fn names_are_decoded() {
        let name = |friendly: &str| MsnObject::parse(PUBLISHED.replace("AAA=", friendly).as_bytes()).unwrap().name;
        assert_eq!(name("MQAAAA=="), "1");
        assert_eq!(name("VAB1AGwAaQBwAHMAAAA"), "Tulips");
        assert_eq!(name("AAA="), "");
        assert_eq!(name("?"), "");
    }

    #[test]
    fn nothing_stands_for_no_object() {
        for text in ["<msnobj/>", "<msnobj></msnobj>", "0", "", "msnobj", "<ms"] {
            assert_eq!(MsnObject::parse(text.as_bytes()), None, "{text}");
        }
    }
}
