//! Accounts with what later dialects put around them: the network in front, a device or a way behind.
//!
//! Comes in: a word of a line or the value of a header. Goes out: the account, and its parts as items under it where it
//! has any. An account that is nothing but a name stays one item.
//!
//! Source: protocol reference, commands 2 (argument types) and sessions 13; from MSNP16 `account;{guid}`, from MSNP18
//! `network:account` with `;via=network:address`, `;epid={guid}` or `;path=IM`.

use crate::msnp::commands::presence::network_name;
use crate::msnp::token::{Account, EXPECTED_ACCOUNT, Word, account, coded_number};
use crate::tree::{Base, FieldId, Kind, Read, Scribe, fields, texts};

fields! {
    family 15;
    /// Which network an account belongs to, as a number and a colon in front of it: 1 Messenger, 4 telephone, 9 circle, 10 group, 32 Yahoo!. Both sides write it from MSNP18 on.
    NETWORK: Kind::Uint32(Base::Dec) => "msnp.account.network", "Network of the account" in crate::msnp::commands::presence::NETWORKS;
    /// The account alone, from client or server, when a network, a device or a way stands around it.
    NAME: Kind::Text => "msnp.account.name", "Account alone", Account;
    /// Which of the account’s devices is meant, a GUID in braces; client and server write it from MSNP16 on. Upper and
    /// lower case are the same device.
    DEVICE: Kind::Text => "msnp.account.device", "Device", Personal;
    /// Network of the circle or group through which a person is met, the number before its address; client and server
    /// write it from MSNP18 on.
    VIA_NETWORK: Kind::Uint32(Base::Dec) => "msnp.account.via.network", "Network of the way" in crate::msnp::commands::presence::NETWORKS;
    /// Address of the circle or group through which a person is met; client and server write it from MSNP18 on.
    VIA: Kind::Text => "msnp.account.via", "By way of", Account;
    /// Which roster of a group is meant: IM is that of its chat; client and server write it, MSNP21.
    PATH: Kind::Text => "msnp.account.path", "Roster";
    /// Something else that client or server writes behind an account after a semicolon, which no documentation
    /// describes.
    DETAIL: Kind::Text => "msnp.account.detail", "Account detail", Personal;
}

texts! {
    CHAT_ROSTER = "account.path.IM", "the chat";
}

/// The next word as an account.
///
/// # Errors
/// Stops when there is none, or it is something else.
pub fn account_as<'a>(s: &mut Scribe<'a, '_>, field: FieldId) -> Read<Account<'a>> {
    let found = s.peek_as(EXPECTED_ACCOUNT, account)?;
    record(s, field, found);
    Ok(found)
}

/// The next word as an account, if it is one.
pub fn optional_account<'a>(s: &mut Scribe<'a, '_>, field: FieldId) -> Option<Account<'a>> {
    let found = account(s.peek_word()).ok()?.1;
    record(s, field, found);
    Some(found)
}

/// Records an account, whose bytes are the next ones.
pub fn record<'a>(s: &mut Scribe<'a, '_>, field: FieldId, found: Account<'a>) {
    if found.name().len() == found.0.len() {
        s.take(field, found.0.len(), found);
    } else {
        s.group_with(field, &found, |s| s.limit(found.0.len(), DETAIL, parts));
    }
}

/// `account = [ network ":" ] name *( ";" detail )`
fn parts(s: &mut Scribe<'_, '_>) {
    address(s, NETWORK, NAME);
    while s.rest().starts_with(b";") {
        s.skip(1);
        detail(s);
    }
}

/// `detail = "{" guid "}" / "epid={" guid "}" / "via=" network ":" address / "path=" roster / 1*OCTET`
fn detail(s: &mut Scribe<'_, '_>) {
    let detail = up_to_semicolon(s.rest());
    let (name, value) = match memchr::memchr(b'=', detail) {
        Some(equals) => (detail.get(..=equals).unwrap_or_default(), detail.get(equals + 1..).unwrap_or_default()),
        None => (&b""[..], detail),
    };
    match (name, value) {
        (_, b"") => word(s, DETAIL, detail),
        (b"via=", _) => {
            s.skip(name.len());
            address(s, VIA_NETWORK, VIA);
        }
        (b"" | b"epid=", [b'{', ..]) => {
            s.skip(name.len());
            word(s, DEVICE, value);
        }
        (b"path=", _) => {
            s.skip(name.len());
            word(s, PATH, value);
            if value == b"IM" {
                s.label(CHAT_ROSTER);
            }
        }
        _ => word(s, DETAIL, detail),
    }
}

/// `address = [ network ":" ] name`
fn address(s: &mut Scribe<'_, '_>, network: FieldId, name: FieldId) {
    let whole = up_to_semicolon(s.rest());
    let digits = whole.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let prefix = whole.get(..digits).filter(|_| whole.get(digits) == Some(&b':')).unwrap_or_default();
    if let Ok((_, number)) = coded_number(network_name)(prefix) {
        s.take(network, digits, number);
        s.skip(1);
    }
    word(s, name, up_to_semicolon(s.rest()));
}

fn word(s: &mut Scribe<'_, '_>, field: FieldId, bytes: &[u8]) {
    if !bytes.is_empty() {
        s.take(field, bytes.len(), Word(bytes));
    }
}

fn up_to_semicolon(rest: &[u8]) -> &[u8] {
    rest.split(|byte| *byte == b';').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::msnp::field::ACCOUNT;
    use crate::tree::{Recording, Value, value_text};

    fn told(wire: &str) -> Vec<(&'static str, String)> {
        let mut s = Scribe::new(wire.as_bytes(), Recording::Everything);
        assert!(account_as(&mut s, ACCOUNT).is_ok() && s.is_empty());
        let items = s.finish().items;
        assert_eq!(items[0].value, Value::Text(wire.to_owned()));
        items.iter().skip(1).map(|item| (item.field.name(), value_text(item).into_owned())).collect()
    }

    #[test]
    fn what_stands_around_an_account_has_a_name_of_its_own() {
        let (name, via) = ("msnp.account.name", "msnp.account.via");
        let bob = || (name, "bob@example.com".to_owned());
        assert_eq!(told("bob@example.com"), []);
        assert_eq!(told("tel:+15551234567"), []);
        assert_eq!(told("bob@example.com;{C0}"), [bob(), ("msnp.account.device", "{C0}".to_owned())]);
        assert_eq!(
            told("1:bob@example.com;via=9:0-9@live.com"),
            [
                ("msnp.account.network", "1".to_owned()),
                bob(),
                ("msnp.account.via.network", "9".to_owned()),
                (via, "0-9@live.com".to_owned())
            ]
        );
        assert_eq!(told("bob@example.com;via=x@y"), [bob(), (via, "x@y".to_owned())]);
        assert_eq!(
            told("bob@example.com;path=IM;;odd=1")[1..],
            [("msnp.account.path", "IM".to_owned()), ("msnp.account.detail", "odd=1".to_owned())]
        );
        assert_eq!(told("4294967296:bob@x"), [(name, "4294967296:bob@x".to_owned())]);
    }
}
