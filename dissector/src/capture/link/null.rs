//! BSD loopback: four bytes of address family, then the packet.
//!
//! Type 0 ("null") has the family in the byte order of the machine that captured, type 108 ("loop") in big-endian. As
//! all families are below 256 the one non-zero byte tells. IPv6 has a number of its own on every BSD.

use super::{Network, ip};

/// A packet behind its address family.
pub(super) fn frame(bytes: &[u8]) -> Network<'_> {
    let Some((family, payload)) = bytes.split_first_chunk::<4>() else {
        return Network::Truncated;
    };
    let family = match *family {
        [family, 0, 0, 0] | [0, 0, 0, family] => family,
        _ => return Network::Link,
    };
    match family {
        // AF_INET; AF_INET6 of Linux and Windows (10, 23), NetBSD and OpenBSD (24), FreeBSD (28), macOS (30).
        2 | 10 | 23 | 24 | 28 | 30 => ip(payload),
        _ => Network::Link,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_byte_order_is_read() {
        assert_eq!(frame(&[2, 0, 0, 0, 0x45]), Network::Ip(&[0x45]));
        assert_eq!(frame(&[0, 0, 0, 30, 0x60]), Network::Ip(&[0x60]));
        assert_eq!(frame(&[7, 0, 0, 0, 0x45]), Network::Link);
        assert_eq!(frame(&[2, 0, 0]), Network::Truncated);
    }
}
