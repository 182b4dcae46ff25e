//! PPP: with or without HDLC's address and control bytes, with the protocol in two bytes or compressed to one, and the
//! session header of PPP over Ethernet.
//!
//! ```text
//! HDLC framing   0 address FF (1)  1 control 03 (1), both often left out   protocol (1 or 2: odd first byte is whole)
//! PPPoE session  0 version and type 0x11 (1)  1 code 0 (1)  2 session (2)  4 length (2)  6 protocol …
//! ```

use super::{Network, ip};

const IPV4: u16 = 0x0021;
const IPV6: u16 = 0x0057;

/// A PPP frame, from its address byte if it has one.
pub(super) fn frame(bytes: &[u8]) -> Network<'_> {
    let bytes = match bytes {
        // 0x0F and 0x8F are Cisco's HDLC for unicast and multicast: an EtherType follows.
        [0x0f | 0x8f, 0, high, low, rest @ ..] => {
            return super::ethernet::payload_of(u16::from_be_bytes([*high, *low]), rest);
        }
        [0xff, 0x03, rest @ ..] => rest,
        _ => bytes,
    };
    let (protocol, payload) = match bytes {
        [first, rest @ ..] if first & 1 == 1 => (u16::from(*first), rest),
        [first, second, rest @ ..] => (u16::from_be_bytes([*first, *second]), rest),
        _ => return Network::Truncated,
    };
    match protocol {
        IPV4 | IPV6 => ip(payload),
        _ => Network::Link,
    }
}

/// A PPPoE session packet, from its version.
pub(super) fn session(bytes: &[u8]) -> Network<'_> {
    match bytes.split_first_chunk::<6>() {
        Some(([0x11, 0, ..], ppp)) => frame(ppp),
        Some(_) => Network::Link,
        None => Network::Truncated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_header_is_read() {
        for head in [&[0xff, 3, 0, 0x21][..], &[0xff, 3, 0x21], &[0, 0x21], &[0x21], &[0, 0x57], &[0x0f, 0, 8, 0]] {
            assert_eq!(frame(&[head, &[0x45, 7]].concat()), Network::Ip(&[0x45, 7]), "{head:02x?}");
        }
        assert_eq!(frame(&[0xff, 3, 0xc0, 0x21, 1]), Network::Link);
        assert_eq!(frame(&[0xff, 3, 0]), Network::Truncated);
        assert_eq!(session(&[0x11, 0, 0, 1, 0, 3]), Network::Truncated);
    }
}
