//! Ethernet II and 802.3, with VLAN tags (802.1Q, QinQ in all its EtherTypes), MPLS and PPPoE in front of IP.
//!
//! ```text
//! 0 destination (6)  6 source (6)  12 EtherType (2), or a length up to 1500 followed by LLC
//! VLAN tag           0 tag (2)  2 EtherType (2)
//! LLC with SNAP      0 AA AA 03  3 organisation (3)  6 EtherType (2)
//! ```

use super::{Network, ip, ppp};

const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
const VLAN: u16 = 0x8100;
const QINQ: u16 = 0x88a8;
/// QinQ before it was standardised.
const QINQ_OLD: u16 = 0x9100;
const QINQ_OLDER: u16 = 0x9200;
const MPLS: u16 = 0x8847;
const MPLS_MULTICAST: u16 = 0x8848;
const PPPOE_SESSION: u16 = 0x8864;
/// Smallest EtherType; below it the field is the length of an LLC frame.
const FIRST_ETHERTYPE: u16 = 0x0600;
/// Tags and labels believed in one frame.
const MAX_TAGS: usize = 8;

/// An Ethernet frame, from its destination address.
pub(super) fn frame(bytes: &[u8]) -> Network<'_> {
    let Some((_, rest)) = bytes.split_first_chunk::<12>() else {
        return Network::Truncated;
    };
    let Some((ether_type, payload)) = rest.split_first_chunk() else {
        return Network::Truncated;
    };
    payload_of(u16::from_be_bytes(*ether_type), payload)
}

/// What an EtherType announces, behind any tags.
pub(super) fn payload_of(mut ether_type: u16, mut payload: &[u8]) -> Network<'_> {
    for _ in 0..MAX_TAGS {
        match ether_type {
            IPV4 | IPV6 => return ip(payload),
            VLAN | QINQ | QINQ_OLD | QINQ_OLDER => {
                let Some(([_, _, high, low], rest)) = payload.split_first_chunk() else {
                    return Network::Truncated;
                };
                (ether_type, payload) = (u16::from_be_bytes([*high, *low]), rest);
            }
            MPLS | MPLS_MULTICAST => return mpls(payload),
            PPPOE_SESSION => return ppp::session(payload),
            0..FIRST_ETHERTYPE => return llc(payload),
            other => return Network::Other(other),
        }
    }
    Network::Other(ether_type)
}

/// The payload of an 802.2 LLC header: IP when it is a SNAP header with an EtherType.
pub(super) fn llc(bytes: &[u8]) -> Network<'_> {
    let Some((head, payload)) = bytes.split_first_chunk() else {
        return Network::Truncated;
    };
    match head {
        [0xaa, 0xaa, 0x03, 0, 0, 0 | 0xf8, high, low] => match u16::from_be_bytes([*high, *low]) {
            0..FIRST_ETHERTYPE => Network::Link,
            ether_type => payload_of(ether_type, payload),
        },
        _ => Network::Link,
    }
}

/// A stack of MPLS labels, 4 bytes each, the last one marked; behind it usually IP, which its version tells.
fn mpls(mut bytes: &[u8]) -> Network<'_> {
    for _ in 0..MAX_TAGS {
        let Some(([_, _, bottom, _], rest)) = bytes.split_first_chunk() else {
            return Network::Truncated;
        };
        bytes = rest;
        if bottom & 1 == 1 {
            return match bytes.first().map(|byte| byte >> 4) {
                Some(4 | 6) => Network::Ip(bytes),
                Some(_) => Network::Other(MPLS),
                None => Network::Truncated,
            };
        }
    }
    Network::Other(MPLS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tagged(tags: &[u8], payload: &[u8]) -> Vec<u8> {
        [&[0u8; 12], tags, payload].concat()
    }

    #[test]
    fn ip_is_found_behind_any_tags() {
        let ip = [0x45, 1, 2, 3];
        for tags in [
            &[0x08, 0x00][..],
            &[0x81, 0, 0, 5, 0x08, 0],
            &[0x88, 0xa8, 0, 5, 0x81, 0, 0, 6, 0x08, 0],
            &[0x91, 0, 0, 5, 0x81, 0, 0, 6, 0x86, 0xdd],
            &[0x88, 0x47, 0, 1, 0x00, 64, 0, 2, 0x01, 64],
            &[0x00, 0x0c, 0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0],
            &[0x88, 0x64, 0x11, 0, 0, 1, 0, 6, 0x00, 0x21],
        ] {
            assert_eq!(frame(&tagged(tags, &ip)), Network::Ip(&ip), "{tags:02x?}");
        }
    }

    #[test]
    fn other_frames_are_named() {
        assert_eq!(frame(&tagged(&[0x08, 0x06], &[0; 28])), Network::Other(0x0806));
        assert_eq!(frame(&tagged(&[0x00, 0x26], &[0x42, 0x42, 3, 0, 0, 0, 0, 0])), Network::Link);
        assert_eq!(frame(&tagged(&[0x81, 0, 0], &[])), Network::Truncated);
        assert_eq!(frame(&[0; 13]), Network::Truncated);
    }
}
