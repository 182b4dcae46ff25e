//! Names as the story keys people by.

use crate::msnp::token::{Account, Nick, Word};
use crate::tree::lossy;

/// Who an account is: without network and device, in small letters, since the service does not tell capitals apart.
#[must_use]
pub fn bare(account: Account<'_>) -> String {
    let mut name = lossy(account.name());
    name.make_ascii_lowercase();
    name
}

/// The same of an address in text, such as a datagram's `1:alice@example.com;epid={…}`.
#[must_use]
pub fn bare_text(account: &str) -> String {
    bare(Account(account.as_bytes()))
}

/// The device in an account of MSNP16 and later: a GUID with braces, in small letters.
#[must_use]
pub fn device(account: &str) -> Option<String> {
    let start = account.find('{')?;
    let end = account.get(start..)?.find('}')?.checked_add(start)?;
    account.get(start..=end).map(str::to_ascii_lowercase)
}

/// Who made an object: the `Creator` of an `<msnobj>` element.
#[must_use]
pub fn creator(object: &str) -> Option<String> {
    let (_, after) = object.split_once("Creator=\"")?;
    let (account, _) = after.split_once('"')?;
    account.contains('@').then(|| bare_text(account))
}

/// A word as text.
#[must_use]
pub fn text(word: Word<'_>) -> String {
    lossy(word.0)
}

/// A display name, decoded.
#[must_use]
pub fn nick(nick: &Nick<'_>) -> String {
    lossy(&nick.decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_one_name() {
        for wire in ["Alice@Example.com", "1:alice@example.com", "alice@example.com;{C0FFEE00-1234}"] {
            assert_eq!(bare_text(wire), "alice@example.com", "{wire}");
        }
        assert_eq!(device("1:alice@example.com;epid={C0FFEE00-1234}").as_deref(), Some("{c0ffee00-1234}"));
        assert_eq!(device("alice@example.com"), None);
        assert_eq!(device("}alice{"), None);
        let object = r#"<msnobj Size="1" Creator="Alice@example.com" Type="3"/>"#;
        assert_eq!(creator(object).as_deref(), Some("alice@example.com"));
        assert_eq!(creator("<msnobj/>"), None);
    }
}
