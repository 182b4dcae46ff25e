//! Linux "cooked" captures: what libpcap writes for the `any` device, where there is no common link layer.
//!
//! ```text
//! v1   0 packet type (2)  2 device type (2)  4 address length (2)  6 address (8)  14 protocol (2)            16 bytes
//! v2   0 protocol (2)  2 reserved (2)  4 interface (4)  8 device type (2)  10 packet type (1)
//!      11 address length (1)  12 address (8)                                                                 20 bytes
//! ```
//! All fields are big-endian. The protocol is an EtherType, or for some device types something of their own.

use super::{Network, ethernet, ip};

/// Device type of tunnels without a link layer (`ARPHRD_NONE`), whose protocol field old kernels left 0.
const BARE: u16 = 0xfffe;

/// The protocol number of frames in 802.2 LLC (`ETH_P_802_2`).
const LLC: u16 = 4;

/// A packet with the header of version 1.
pub(super) fn v1(bytes: &[u8]) -> Network<'_> {
    let Some(([_, _, device_high, device_low, .., high, low], payload)) = bytes.split_first_chunk::<16>() else {
        return Network::Truncated;
    };
    payload_of(u16::from_be_bytes([*device_high, *device_low]), u16::from_be_bytes([*high, *low]), payload)
}

/// A packet with the header of version 2.
pub(super) fn v2(bytes: &[u8]) -> Network<'_> {
    let Some((header, payload)) = bytes.split_first_chunk::<20>() else {
        return Network::Truncated;
    };
    let [high, low, _, _, _, _, _, _, device_high, device_low, ..] = *header;
    payload_of(u16::from_be_bytes([device_high, device_low]), u16::from_be_bytes([high, low]), payload)
}

fn payload_of(device: u16, protocol: u16, payload: &[u8]) -> Network<'_> {
    match (protocol, payload.first().map(|byte| byte >> 4)) {
        (0, Some(4 | 6)) if device == BARE => ip(payload),
        (LLC, _) => ethernet::llc(payload),
        (0..0x0600, _) => Network::Link,
        (ether_type, _) => ethernet::payload_of(ether_type, payload),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_lead_to_ip() {
        let ip = [0x45, 9];
        let first = [&[0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 8, 0], &ip[..]].concat();
        assert_eq!(v1(&first), Network::Ip(&ip));
        let second = [&[8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0], &ip[..]].concat();
        assert_eq!(v2(&second), Network::Ip(&ip));
        let vlan = [&[0x81, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 0, 7, 8, 0], &ip[..]].concat();
        assert_eq!(v2(&vlan), Network::Ip(&ip));
        assert_eq!(v1(&first[..15]), Network::Truncated);
        assert_eq!(v2(&second[..19]), Network::Truncated);
    }
}
