//! GUIDs as 16 bytes: the first three parts little endian, the last eight bytes in order.

use nom::bytes::complete::take;
use nom::combinator::map_res;
use nom::{IResult, Parser};

use sha1::{Digest, Sha1};

use crate::tree::{Record, Value};

/// A GUID, as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Guid(pub [u8; 16]);

impl Guid {
    /// `guid = 16OCTET`
    ///
    /// # Errors
    /// nom's, on fewer than 16 bytes.
    pub fn parse(input: &[u8]) -> IResult<&[u8], Self> {
        map_res(take(16_usize), |bytes: &[u8]| bytes.try_into().map(Self)).parse(input)
    }

    /// What an invitation tells in place of the nonce: the first 16 bytes of its SHA-1.
    #[must_use]
    pub fn hashed(self) -> Self {
        let hash: [u8; 20] = Sha1::digest(self.0).into();
        let mut first = [0; 16];
        first.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        Self(first)
    }
}

impl core::fmt::Display for Guid {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let [a, b, c, d, e, g, h, i, tail @ ..] = self.0;
        write!(f, "{{{d:02X}{c:02X}{b:02X}{a:02X}-{g:02X}{e:02X}-{i:02X}{h:02X}-")?;
        for (place, byte) in tail.iter().enumerate() {
            write!(f, "{}{byte:02X}", if place == 2 { "-" } else { "" })?;
        }
        f.write_str("}")
    }
}

impl Record for Guid {
    fn value(&self) -> Value {
        Value::Text(self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vector V27 of the reference.
    #[test]
    fn first_three_parts_are_little_endian() {
        let wire = [0x37, 0x29, 0x2d, 0x12, 0x86, 0x5c, 0x7b, 0x4c, 0x81, 0xf5, 0x0e, 0x05, 0x01, 0x78, 0x80, 0xc2];
        assert_eq!(Guid(wire).to_string(), "{122D2937-5C86-4C7B-81F5-0E05017880C2}");
        assert_eq!(Guid(wire).hashed().to_string(), "{2B95F56D-9CA0-9A64-82CE-ADC1F3C55845}");
    }
}
