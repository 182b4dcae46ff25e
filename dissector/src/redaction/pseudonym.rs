//! Pseudonyms: another character of the same kind for each character, drawn from a keyed hash of the whole value.

use core::net::{Ipv4Addr, Ipv6Addr};
use core::ops::Range;

use sha2::{Digest, Sha256};

use crate::tree::Privacy;

/// What pseudonyms depend on beside the value: 32 bytes, from the hash of a capture.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

/// The key is as private as what it hides.
impl core::fmt::Debug for Key {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// The key of a capture whose SHA-256 is `hash`. Who has the capture can compute it; who has not, cannot.
    #[must_use]
    pub fn of_capture(hash: &[u8; 32]) -> Self {
        Self(Sha256::new().chain_update(b"msnp pseudonyms 1").chain_update(hash).finalize().into())
    }

    /// The key of captures that are read as one, by the SHA-256 of each, in their order; of one alone, its own key.
    #[must_use]
    pub fn of_captures(hashes: &[[u8; 32]]) -> Self {
        match hashes {
            [only] => Self::of_capture(only),
            _ => Self::of_capture(&Sha256::digest(hashes.as_flattened()).into()),
        }
    }

    /// A substitute for each character of a value. What looks like an account has the pseudonym of that account wherever it
    /// stands, in what is public too; secrets are hidden whole.
    pub(super) fn substitutes(&self, privacy: Privacy, value: &[char]) -> Vec<char> {
        let mut all = self.of_kind(privacy, value);
        if !matches!(privacy, Privacy::Account | Privacy::Secret) {
            for place in accounts(value) {
                if let (Some(told), Some(account)) = (all.get_mut(place.clone()), value.get(place)) {
                    told.copy_from_slice(&self.account(account));
                }
            }
        }
        all
    }

    fn of_kind(&self, privacy: Privacy, value: &[char]) -> Vec<char> {
        match privacy {
            Privacy::Public => value.to_vec(),
            Privacy::Account => self.account(value),
            Privacy::Personal => self.personal(value),
            Privacy::Header => {
                let name = value.iter().position(|c| *c == ':').map_or(0, |colon| colon + 1);
                let (name, private) = value.split_at_checked(name).unwrap_or((&[], value));
                [name.to_vec(), self.whole(Privacy::Text, private)].concat()
            }
            _ => self.whole(privacy, value),
        }
    }

    /// Each label of an account by itself, so that a name and its domain are recognised where they stand apart; what is
    /// not a label (a device's identifier, a network's number) counts as one too.
    fn account(&self, value: &[char]) -> Vec<char> {
        let is_label = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+');
        let pieces = value.chunk_by(|a, b| is_label(a) == is_label(b));
        let replaced = pieces.map(|piece| {
            let text = piece.iter().collect::<String>().to_lowercase();
            match piece.first() {
                Some(c) if is_label(c) && !PUBLIC_LABELS.contains(&text.as_str()) && !is_small_number(piece) => {
                    self.whole(Privacy::Account, piece)
                }
                _ => piece.to_vec(),
            }
        });
        replaced.flatten().collect()
    }

    /// Addresses stay addresses, identifiers stay hexadecimal; all else like any text.
    fn personal(&self, value: &[char]) -> Vec<char> {
        let hexadecimal = |c: &char| c.is_ascii_hexdigit() || matches!(c, '{' | '}' | '-');
        if value.len() >= 32 && value.iter().all(hexadecimal) {
            let drawn = self.stream(Privacy::Personal, value);
            return value.iter().zip(drawn).map(|(c, random)| hex_digit(*c, random)).collect();
        }
        let text = value.iter().collect::<String>();
        let drawn = self.stream(Privacy::Personal, value);
        if text.parse::<Ipv4Addr>().is_ok() {
            return text.split('.').zip(drawn).map(octet).collect::<Vec<_>>().join(".").chars().collect();
        }
        if text.parse::<Ipv6Addr>().is_ok() {
            return value.iter().zip(drawn).map(|(c, random)| hex_digit(*c, random)).collect();
        }
        self.whole(Privacy::Personal, value)
    }

    fn whole(&self, privacy: Privacy, value: &[char]) -> Vec<char> {
        let drawn = self.stream(privacy, value);
        value.iter().zip(drawn).map(|(c, random)| substitute(*c, random)).collect()
    }

    /// Numbers that depend on key and value alone; letters in either case count the same.
    fn stream(&self, privacy: Privacy, value: &[char]) -> impl Iterator<Item = u16> {
        let class = match privacy {
            Privacy::Public => 0u8,
            Privacy::Account => 1,
            Privacy::Name => 2,
            Privacy::Text | Privacy::Header => 3,
            Privacy::Personal => 4,
            Privacy::Secret => 5,
        };
        let folded = value.iter().flat_map(|c| c.to_lowercase()).collect::<String>();
        let start = Sha256::new().chain_update(self.0).chain_update([class]).chain_update(folded);
        (0u64..).flat_map(move |block| {
            let bytes: [u8; 32] = start.clone().chain_update(block.to_le_bytes()).finalize().into();
            let pairs: [u16; 16] = std::array::from_fn(|i| {
                u16::from_le_bytes([
                    bytes.get(2 * i).copied().unwrap_or_default(),
                    bytes.get(2 * i + 1).copied().unwrap_or_default(),
                ])
            });
            pairs
        })
    }

    /// Overwrites letters, digits and all that is not plain text with what says nothing.
    pub(super) fn mask(&self, bytes: &mut [u8]) {
        for byte in bytes {
            match *byte {
                b'0'..=b'9' => *byte = b'0',
                b'a'..=b'z' => *byte = b'x',
                b'A'..=b'Z' => *byte = b'X',
                0x80.. => *byte = b'?',
                _ => {}
            }
        }
    }
}

/// Labels of addresses that say nothing about a person.
const PUBLIC_LABELS: &[&str] = &["com", "net", "org", "edu", "tel", "via", "epid", "path", "im"];

/// Networks have numbers below 100.
fn is_small_number(piece: &[char]) -> bool {
    piece.len() <= 2 && piece.iter().all(char::is_ascii_digit)
}

/// Another part of an IPv4 address, with as many digits.
fn octet((part, random): (&str, u16)) -> String {
    let (first, count) = match part.len() {
        1 => (0, 10),
        2 => (10, 90),
        _ => (100, 156),
    };
    (first + random % count).to_string()
}

fn hex_digit(c: char, random: u16) -> char {
    let pick = |alphabet: &[u8]| {
        let index = usize::from(random) % alphabet.len().max(1);
        alphabet.get(index).map_or(c, |byte| char::from(*byte))
    };
    match c {
        '0'..='9' => pick(b"0123456789"),
        'a'..='f' => pick(b"abcdef"),
        'A'..='F' => pick(b"ABCDEF"),
        _ => c,
    }
}

/// Another character that is as long in UTF-8, in UTF-16, and as a number of a character reference. Signs stay.
fn substitute(c: char, random: u16) -> char {
    let from = |first: u32, count: u32| char::from_u32(first + u32::from(random) % count).unwrap_or(c);
    match c {
        'a'..='z' => from(0x61, 26),
        'A'..='Z' => from(0x41, 26),
        '0'..='9' => from(0x30, 10),
        '\0'..='\u{9f}' => c,
        // Two bytes, two hexadecimal digits, three decimal ones.
        '\u{a0}'..='\u{ff}' => from(0xe0, 22),
        // Two bytes, three hexadecimal digits, three decimal ones.
        '\u{100}'..='\u{3e7}' => from(0x100, 0x80),
        // Two bytes, three hexadecimal digits, four decimal ones.
        '\u{3e8}'..='\u{7ff}' => from(0x430, 32),
        // Three bytes, three hexadecimal digits, four decimal ones.
        '\u{800}'..='\u{fff}' => from(0x905, 32),
        // Three bytes, four hexadecimal digits, four decimal ones; marks such as the long dash are among them.
        '\u{1000}'..='\u{270f}' if c.is_alphanumeric() => from(0x10d0, 32),
        '\u{1000}'..='\u{270f}' => c,
        // Three bytes, four hexadecimal digits, five decimal ones.
        '\u{2710}'..='\u{ffff}' => from(0x4e00, 0x2000),
        // Four bytes, two units of UTF-16, five hexadecimal digits.
        '\u{10000}'..='\u{1869f}' => from(0x1_0400, 40),
        '\u{186a0}'..='\u{f423f}' => from(0x1_f600, 64),
        // Seven decimal digits.
        '\u{f4240}'..='\u{fffff}' => from(0xf_5000, 64),
        '\u{100000}'..='\u{10ffff}' => from(0x10_0000, 64),
    }
}

/// Where in a value accounts stand: `name@domain`.
fn accounts(value: &[char]) -> Vec<Range<usize>> {
    let is_part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '\'');
    let at_signs = value.iter().enumerate().filter(|(_, c)| **c == '@').map(|(place, _)| place);
    let account = |at: usize| {
        let before = value.get(..at)?.iter().rev().take_while(|c| is_part(c)).count();
        let behind = value.get(at + 1..)?.iter().take_while(|c| is_part(c)).count();
        (before > 0 && behind > 0).then_some(at - before..at + 1 + behind)
    };
    at_signs.filter_map(account).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::of_capture(&[7; 32])
    }

    fn told(privacy: Privacy, value: &str) -> String {
        key().substitutes(privacy, &value.chars().collect::<Vec<_>>()).into_iter().collect()
    }

    #[test]
    fn a_name_and_its_domain_are_known_where_they_stand_apart() {
        let whole = told(Privacy::Account, "1:alice@example.com;via=9:room@live.com");
        let (name, domain) = (told(Privacy::Account, "alice"), told(Privacy::Account, "example.com"));
        assert!(whole.starts_with(&format!("1:{name}@{domain};via=9:")), "{whole}");
        assert!(!whole.contains("alice") && !whole.contains("example") && !whole.contains("room"));
        assert_eq!(told(Privacy::Account, "ALICE").to_lowercase(), name);
    }

    #[test]
    fn a_substitute_is_as_long_in_every_coding() {
        // Letters of ASCII may differ in decimal (99 and 100); nobody writes them so.
        let decimal = |c: char| if c.is_ascii() { 0 } else { u32::from(c).to_string().len() };
        let digits = |c: char| (format!("{:x}", u32::from(c)).len(), decimal(c));
        for c in ('\0'..=char::MAX).step_by(7) {
            for random in [0, 1, 255, 4095, u16::MAX] {
                let other = substitute(c, random);
                assert_eq!(
                    (other.len_utf8(), other.len_utf16(), digits(other)),
                    (c.len_utf8(), c.len_utf16(), digits(c)),
                    "{c:?} {other:?}"
                );
            }
        }
    }

    #[test]
    fn addresses_stay_addresses() {
        for address in ["192.0.2.10", "8.8.8.8", "255.255.255.255", "10.99.100.0", "2001:db8::1", "fe80::a:b"] {
            let other = told(Privacy::Personal, address);
            assert_ne!(other, address);
            assert_eq!(other.len(), address.len());
            let kind = address.parse::<core::net::IpAddr>().unwrap().is_ipv4();
            assert_eq!(other.parse::<core::net::IpAddr>().map(|other| other.is_ipv4()), Ok(kind), "{other}");
        }
    }

    #[test]
    fn pseudonyms_depend_on_the_capture() {
        let other = Key::of_capture(&[8; 32]);
        let value = "Azzurro".chars().collect::<Vec<_>>();
        assert_ne!(key().substitutes(Privacy::Text, &value), other.substitutes(Privacy::Text, &value));
        assert_eq!(told(Privacy::Text, "Azzurro"), told(Privacy::Text, "Azzurro"));
        assert_ne!(told(Privacy::Text, "Azzurro"), "Azzurro");
        assert_eq!(Key::of_captures(&[[7; 32]]), key());
        assert_ne!(Key::of_captures(&[[7; 32], [8; 32]]), key());
        assert_ne!(Key::of_captures(&[[7; 32], [8; 32]]), Key::of_captures(&[[8; 32], [7; 32]]));
    }
}
