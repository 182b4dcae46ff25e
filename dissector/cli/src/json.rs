//! Records as compact JSON, byte for byte as `serde_json` writes them.
//!
//! `serde_json` writes numbers and texts in which something must be escaped. All else is done here: it looks at each byte
//! of each text by itself, and the output of `msnp commands` is short texts for the most part.

use serde::ser::{Error as _, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple};
use serde::{Serialize, Serializer};
use serde_json::{Error, Result};

/// Appends `record`.
pub fn write(out: &mut Vec<u8>, record: &(impl Serialize + ?Sized)) -> Result<()> {
    record.serialize(Json(out))
}

/// Appends text in quotation marks.
fn text(out: &mut Vec<u8>, text: &str) -> Result<()> {
    // Without an early exit, so that many bytes are looked at together.
    let escapes = text.bytes().fold(false, |any, byte| any | (byte < b' ' || byte == b'"' || byte == b'\\'));
    if escapes {
        return serde_json::to_writer(out, text);
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    Ok(())
}

/// One value.
struct Json<'o>(&'o mut Vec<u8>);

/// The elements of an array, or the members of an object.
struct Parts<'o> {
    out: &'o mut Vec<u8>,
    first: bool,
    closing: u8,
}

impl<'o> Json<'o> {
    fn open(self, opening: u8, closing: u8) -> Parts<'o> {
        self.0.push(opening);
        Parts { out: self.0, first: true, closing }
    }

    fn null(self) {
        self.0.extend_from_slice(b"null");
    }
}

impl Parts<'_> {
    fn next(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
    }

    fn element(&mut self, value: &(impl Serialize + ?Sized)) -> Result<()> {
        self.next();
        write(self.out, value)
    }

    fn close(self) {
        self.out.push(self.closing);
    }
}

/// What `serde_json` writes by itself.
macro_rules! as_they_are {
    ($($method:ident: $kind:ty),+) => {
        $(fn $method(self, value: $kind) -> Result<()> {
            serde_json::to_writer(self.0, &value)
        })+
    };
}

/// What no record is: variants of an enumeration with a value.
fn no_variants<T>() -> Result<T> {
    Err(Error::custom("records are structs, lists and texts"))
}

impl<'o> Serializer for Json<'o> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'o>;
    type SerializeTuple = Parts<'o>;
    type SerializeMap = Parts<'o>;
    type SerializeStruct = Parts<'o>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    as_they_are! {
        serialize_bool: bool, serialize_char: char, serialize_bytes: &[u8], serialize_f32: f32, serialize_f64: f64,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    }

    fn serialize_str(self, value: &str) -> Result<()> {
        text(self.0, value)
    }

    fn serialize_none(self) -> Result<()> {
        self.null();
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        self.null();
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<()> {
        self.null();
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<()> {
        text(self.0, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<()> {
        no_variants()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'o>> {
        Ok(self.open(b'[', b']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'o>> {
        Ok(self.open(b'[', b']'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'o>> {
        Ok(self.open(b'{', b'}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'o>> {
        Ok(self.open(b'{', b'}'))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct> {
        no_variants()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        no_variants()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant> {
        no_variants()
    }
}

impl SerializeSeq for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.element(value)
    }

    fn end(self) -> Result<()> {
        self.close();
        Ok(())
    }
}

impl SerializeTuple for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.element(value)
    }

    fn end(self) -> Result<()> {
        self.close();
        Ok(())
    }
}

/// Keys are texts: of a record's maps, and of structs that stand flat in others.
impl SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.element(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.out.push(b':');
        write(self.out, value)
    }

    fn end(self) -> Result<()> {
        self.close();
        Ok(())
    }
}

impl SerializeStruct for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<()> {
        SerializeMap::serialize_entry(self, key, value)
    }

    fn end(self) -> Result<()> {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Serialize)]
    struct Place {
        frame: u64,
        pdu: Option<u32>,
    }

    #[derive(Serialize)]
    enum Kind {
        #[serde(rename = "plain kind")]
        Plain,
    }

    #[derive(Serialize)]
    struct Record {
        texts: Vec<&'static str>,
        none: Option<&'static str>,
        delay: Option<f64>,
        small: f64,
        below: i64,
        flag: bool,
        kind: Kind,
        pair: (u8, char),
        empty: Vec<u8>,
        map: BTreeMap<&'static str, Vec<u16>>,
        #[serde(flatten)]
        place: Place,
    }

    #[test]
    fn records_are_written_as_serde_json_writes_them() {
        let texts = vec!["", "plain", "a\"b", "back\\slash", "line\r\n\u{0}\u{1f}", "\u{7f} größer – 日本", "/"];
        let map = BTreeMap::from([("one", vec![1]), ("more", vec![2, 3]), ("", Vec::new())]);
        let record = Record {
            texts,
            none: None,
            delay: Some(0.009_011),
            small: 1e-7,
            below: -7,
            flag: true,
            kind: Kind::Plain,
            pair: (1, '"'),
            empty: Vec::new(),
            map,
            place: Place { frame: u64::MAX, pdu: None },
        };
        let mut out = Vec::new();
        write(&mut out, &record).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(&record).unwrap());
    }
}
