//! The profile: what the service tells an account about itself, right after sign-in.
//!
//! Comes in: headers. Goes out: each value under its field, with what it means, and all of them by their names.
//!
//! Source: protocol reference, messages 4.1. Values are often empty. MSNP2 sends the time alone; the list grew since.

use super::header::{Form, Header, Headers, Known, blank_lines};
use super::mime::HEADER;
use crate::msnp::Content;
use crate::msnp::commands::login::ANSWERS;
use crate::msnp::token::Word;
use crate::msnp::value::locale;
use crate::tree::{Base, FieldId, Kind, Names, Privacy, Scribe, Text, Value, fields, lossy, texts};

fields! {
    family 10;
    /// When the account signed in, in seconds since the beginning of 1970 by the server’s clock. The server sends it at
    /// sign-in, in every dialect.
    LOGIN_TIME: Kind::Uint64(Base::Dec) => "msnp.profile.login_time", "Sign-in time";
    /// Whether the account has a mailbox at the service (Hotmail): 1 or 0; the server sends it with the profile at sign-in.
    MAILBOX: Kind::Uint32(Base::Dec) => "msnp.profile.mailbox", "Has a mailbox" in ANSWERS;
    /// Upper half of the 64-bit number of the account, in decimal; some servers print it as a negative number.
    MEMBER_HIGH: Kind::Text => "msnp.profile.member_high", "Member ID, upper half", Personal;
    /// Lower half of the 64-bit number of the account, in decimal; some servers print it as a negative number.
    MEMBER_LOW: Kind::Text => "msnp.profile.member_low", "Member ID, lower half", Personal;
    /// Language of the account as a decimal Windows locale number: 1033 is English (US), 1040 Italian. The server sends
    /// it at sign-in.
    LANGUAGE: Kind::Uint32(Base::Dec) => "msnp.profile.language", "Language" in locale::LOCALES;
    /// E-mail address that the account’s owner prefers, from the Passport profile; often empty. The server sends it at sign-in.
    EMAIL: Kind::Text => "msnp.profile.email", "Preferred e-mail", Account;
    /// Country of the account’s owner, two letters such as IT, from the Passport profile; often empty. The server sends it at sign-in.
    COUNTRY: Kind::Text => "msnp.profile.country", "Country";
    /// Postal code of the place where the account’s owner lives, from the Passport profile; often empty. The server
    /// sends it at sign-in.
    POSTAL_CODE: Kind::Text => "msnp.profile.postal_code", "Postal code", Personal;
    /// Gender of the account’s owner, one letter such as M or F, from the Passport profile; often empty. The server
    /// sends it at sign-in.
    GENDER: Kind::Text => "msnp.profile.gender", "Gender", Personal;
    /// Whether the account is a child’s: 1 or 0; the server sends it with the profile at sign-in, where it is called Kid.
    CHILD: Kind::Uint32(Base::Dec) => "msnp.profile.child", "Child’s account" in ANSWERS;
    /// Age of the account’s owner in years, from the Passport profile; often empty. The server sends it at sign-in.
    AGE: Kind::Uint32(Base::Dec) => "msnp.profile.age", "Age", Personal;
    /// How exact the birthday in the profile is that the server sends at sign-in, a number; its values are not
    /// documented, and it is often empty.
    BIRTHDAY_PRECISION: Kind::Uint32(Base::Dec) => "msnp.profile.birthday_precision", "Birthday precision";
    /// Birthday of the account’s owner, from the Passport profile, sent by the server at sign-in; the form is not
    /// documented, and it is often empty.
    BIRTHDAY: Kind::Text => "msnp.profile.birthday", "Birthday", Personal;
    /// Whether the account’s owner used the service’s wallet for payments on the web; a number, often empty. The server
    /// sends it at sign-in.
    WALLET: Kind::Uint32(Base::Dec) => "msnp.profile.wallet", "Wallet";
    /// A number of bits about the account that the server sends at sign-in and whose meanings are not documented.
    FLAGS: Kind::Uint32(Base::Dec) => "msnp.profile.flags", "Flags";
    /// Number of the web site for which the ticket is made; 507 is Messenger. The server sends it at sign-in.
    SITE: Kind::Uint32(Base::Dec) => "msnp.profile.site", "Site ID" in SITES;
    /// Version of the key with which the ticket beside it is encrypted, a small number; web servers need it, the client does not.
    KEY_VERSION: Kind::Uint32(Base::Dec) => "msnp.profile.key_version", "Key version";
    /// Ticket from the server, sent at sign-in, that signs the account in to web pages of the service. Whoever had it
    /// could use it, so it is a secret.
    TICKET: Kind::Text => "msnp.profile.ticket", "Ticket", Secret;
    /// The client’s public IP address as the server sees it: behind a router, the router’s. The server sends it at sign-in.
    CLIENT_ADDRESS: Kind::Text => "msnp.profile.client_address", "Client’s address", Personal;
    /// The client’s TCP port as the server sees it; some servers swap its two bytes. 0 through the HTTP gateway.
    CLIENT_PORT: Kind::Uint32(Base::Dec) => "msnp.profile.client_port", "Client’s port" in PORTS;
    /// Whether the contact list has moved to the web service that keeps the address book (SOAP): 1 or 0. The server
    /// sends it at sign-in.
    ADDRESS_BOOK: Kind::Uint32(Base::Dec) => "msnp.profile.address_book", "Contacts in the address book" in ANSWERS;
    /// Display name of the account; the server sends it from MSNP10 on, though not always.
    NICKNAME: Kind::Text => "msnp.profile.nickname", "Nickname", Name;
    /// Whether the account may be signed in on several devices at once: 1 or 0. The server sends it at sign-in, from
    /// MSNP16 on; a 0 is seen earlier too.
    SEVERAL_DEVICES: Kind::Uint32(Base::Dec) => "msnp.profile.several_devices", "Several devices" in ANSWERS;
    /// Whether the account’s owner must accept the terms of use before going on; the server sends it at sign-in. Known
    /// from one source only.
    TERMS: Kind::Uint32(Base::Dec) => "msnp.profile.terms", "Terms to accept" in ANSWERS;
    /// The 64-bit number under which the service knows the account, put together from the two halves that the server
    /// sends; notifications write the same number in hexadecimal.
    PUID: Kind::Uint64(Base::Hex) => "msnp.profile.puid", "Member ID", Personal;
}

texts! {
    MESSENGER = "profile.site.507", "Messenger";
    AT = "profile.time", "{0}";
    BY_GATEWAY = "profile.port.0", "through the HTTP gateway";
    SWAPPED = "profile.port.swapped", "{0} if this server swaps the two bytes, as some do";
}

/// Content type of the profile.
pub const TYPE: &[u8] = b"text/x-msmsgsprofile";

/// The headers of a profile.
pub static KNOWN: &[Known] = &[
    Known("LoginTime", LOGIN_TIME, Form::Number),
    Known("EmailEnabled", MAILBOX, Form::Number),
    Known("MemberIdHigh", MEMBER_HIGH, Form::Word),
    Known("MemberIdLow", MEMBER_LOW, Form::Word),
    Known("lang_preference", LANGUAGE, Form::Number),
    Known("preferredEmail", EMAIL, Form::Account),
    Known("country", COUNTRY, Form::Word),
    Known("PostalCode", POSTAL_CODE, Form::Word),
    Known("Gender", GENDER, Form::Word),
    Known("Kid", CHILD, Form::Number),
    Known("Age", AGE, Form::Number),
    Known("BDayPre", BIRTHDAY_PRECISION, Form::Number),
    Known("Birthday", BIRTHDAY, Form::Word),
    Known("Wallet", WALLET, Form::Number),
    Known("Flags", FLAGS, Form::Number),
    Known("sid", SITE, Form::Number),
    Known("kv", KEY_VERSION, Form::Number),
    Known("MSPAuth", TICKET, Form::Word),
    Known("ClientIP", CLIENT_ADDRESS, Form::Word),
    Known("ClientPort", CLIENT_PORT, Form::Number),
    Known("ABCHMigrated", ADDRESS_BOOK, Form::Number),
    Known("Nickname", NICKNAME, Form::Word),
    Known("MPOPEnabled", SEVERAL_DEVICES, Form::Number),
    Known("TOUNeeded", TERMS, Form::Number),
];

/// Records one header of a profile.
pub fn record<'a>(s: &mut Scribe<'a, '_>, line: &Header<'a>, known: &'static Known, found: &mut Headers<'a>) {
    let Known(_, field, _) = *known;
    let value = line.value.trim_ascii();
    if field == MEMBER_LOW {
        line.value(s, |s, wire| {
            let span = s.here(wire.len());
            s.take(field, wire.len(), Word(wire));
            if let Some(number) = puid(found.value(MEMBER_HIGH), value) {
                s.generated(PUID, span, Value::Uint(number), None);
            }
        });
        found.remember(field, line.value);
    } else {
        line.record(s, known, HEADER, found);
        match number(value) {
            Some(seconds @ 0..) if field == LOGIN_TIME => s.label(AT.with([crate::tree::Arg::Moment(seconds)])),
            Some(port @ 1..) if field == CLIENT_PORT => swapped(port).into_iter().for_each(|remark| s.remark(remark)),
            _ => {}
        }
    }
}

/// The profile, after its headers: the body is blank.
pub fn profile(s: &mut Scribe<'_, '_>, found: &Headers<'_>) -> Content {
    blank_lines(s);
    // What lets its holder in is nobody's business who follows the conversation.
    let open = |field: &FieldId| field.field().privacy != Privacy::Secret;
    let named = |(field, value): (FieldId, &[u8])| {
        let Known(name, ..) = KNOWN.iter().find(|Known(_, of, _)| *of == field)?;
        open(&field).then(|| ((*name).to_owned(), lossy(value.trim_ascii())))
    };
    Content::Profile(found.values().filter_map(named).collect())
}

/// The two halves as one number; a negative half is the same 32 bits, read with a sign. Bits beyond do not count.
fn puid(high: Option<&[u8]>, low: &[u8]) -> Option<u64> {
    let half = |wire: &[u8]| Some(number(wire)?.cast_unsigned() & 0xffff_ffff);
    Some(half(high?)? << 32 | half(low)?)
}

fn number(wire: &[u8]) -> Option<i64> {
    std::str::from_utf8(wire).ok()?.parse().ok()
}

fn swapped(port: i64) -> Option<Text> {
    let port = u16::try_from(port).ok()?;
    Some(SWAPPED.with([u32::from(port.swap_bytes()).into()]))
}

/// Sites for which a ticket is made.
static SITES: Names = Names::new(&[(507, MESSENGER)]);

/// Ports that are none.
static PORTS: Names = Names::new(&[(0, BY_GATEWAY)]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_put_together_whatever_their_signs() {
        let put = |high: &str, low: &str| puid(Some(high.as_bytes()), low.as_bytes());
        assert_eq!(put("393216", "-1619998182"), Some(0x0006_0000_9f70_ca1a));
        assert_eq!(put("393216", "2674969114"), Some(0x0006_0000_9f70_ca1a));
        assert_eq!(put("-1", "-1"), Some(u64::MAX));
        assert_eq!(put("1", "4294967297"), Some(0x0000_0001_0000_0001));
        assert_eq!(put("1", "one"), None);
        assert_eq!(put("", "1"), None);
        assert_eq!(puid(None, b"1"), None);
    }

    #[test]
    fn a_port_may_be_written_the_other_way_round() {
        let other = |port| swapped(port).map(|text| text.args);
        assert_eq!(other(41989), Some(vec![1444u32.into()]));
        assert_eq!(other(70000), None);
    }
}
