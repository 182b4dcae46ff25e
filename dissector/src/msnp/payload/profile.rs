//! The profile: what the service tells an account about itself, right after sign-in.
//!
//! Comes in: the name of a header. Goes out: the field to record its value under. How headers are read is the business of
//! [`super::mime`].
//!
//! Source: protocol reference, messages 4.1. Values are often empty. MSNP2 sends the time alone; the list grew since.

use crate::tree::{FieldId, Kind, fields};

fields! {
    family 10;
    /// When the account signed in, in seconds since the beginning of 1970 by the server’s clock.
    LOGIN_TIME: Kind::Text => "msnp.profile.login_time", "Sign-in time";
    /// Whether the account has a mailbox at the service: 1 or 0.
    MAILBOX: Kind::Text => "msnp.profile.mailbox", "Has a mailbox";
    /// Upper half of the 64-bit number of the account, in decimal; some servers print it as a negative number.
    MEMBER_HIGH: Kind::Text => "msnp.profile.member_high", "Member ID, upper half", Personal;
    /// Lower half of the 64-bit number of the account, in decimal; some servers print it as a negative number.
    MEMBER_LOW: Kind::Text => "msnp.profile.member_low", "Member ID, lower half", Personal;
    /// Language of the account as a decimal Windows locale number: 1033 is English (US), 1040 Italian.
    LANGUAGE: Kind::Text => "msnp.profile.language", "Language";
    /// E-mail address that the account’s owner prefers.
    EMAIL: Kind::Text => "msnp.profile.email", "Preferred e-mail", Account;
    /// Country of the account’s owner, two letters.
    COUNTRY: Kind::Text => "msnp.profile.country", "Country";
    /// Postal code of the account’s owner.
    POSTAL_CODE: Kind::Text => "msnp.profile.postal_code", "Postal code", Personal;
    /// Gender of the account’s owner, one letter.
    GENDER: Kind::Text => "msnp.profile.gender", "Gender", Personal;
    /// Whether the account is a child’s: 1 or 0.
    CHILD: Kind::Text => "msnp.profile.child", "Child’s account";
    /// Age of the account’s owner in years.
    AGE: Kind::Text => "msnp.profile.age", "Age", Personal;
    /// How exact the birthday is; the values are not documented.
    BIRTHDAY_PRECISION: Kind::Text => "msnp.profile.birthday_precision", "Birthday precision";
    /// Birthday of the account’s owner; the form is not documented.
    BIRTHDAY: Kind::Text => "msnp.profile.birthday", "Birthday", Personal;
    /// Whether the account’s owner used the service’s wallet for payments.
    WALLET: Kind::Text => "msnp.profile.wallet", "Wallet";
    /// A number of bits about the account whose meanings are not documented.
    FLAGS: Kind::Text => "msnp.profile.flags", "Flags";
    /// Number of the web site for which the ticket is made; 507 is Messenger.
    SITE: Kind::Text => "msnp.profile.site", "Site ID";
    /// Version of the key with which the ticket is encrypted.
    KEY_VERSION: Kind::Text => "msnp.profile.key_version", "Key version";
    /// Ticket that signs the account in to web pages of the service. Whoever had it could use it, so it is a secret.
    TICKET: Kind::Text => "msnp.profile.ticket", "Ticket", Secret;
    /// The client’s address as the server sees it.
    CLIENT_ADDRESS: Kind::Text => "msnp.profile.client_address", "Client’s address", Personal;
    /// The client’s TCP port as the server sees it; some servers swap its two bytes. 0 through the HTTP gateway.
    CLIENT_PORT: Kind::Text => "msnp.profile.client_port", "Client’s port";
    /// Whether the contact list has moved to the web address book: 1 or 0.
    ADDRESS_BOOK: Kind::Text => "msnp.profile.address_book", "Contacts in the address book";
    /// Display name of the account; from MSNP10 on, not always sent.
    NICKNAME: Kind::Text => "msnp.profile.nickname", "Nickname", Name;
    /// Whether the account may be signed in on several devices at once: 1 or 0.
    SEVERAL_DEVICES: Kind::Text => "msnp.profile.several_devices", "Several devices";
    /// Whether the account’s owner must accept the terms of use first.
    TERMS: Kind::Text => "msnp.profile.terms", "Terms to accept";
}

/// The field of a header, by its name without regard to case.
#[must_use]
pub fn field_of(name: &[u8]) -> Option<FieldId> {
    let known: &[(&str, FieldId)] = &[
        ("LoginTime", LOGIN_TIME),
        ("EmailEnabled", MAILBOX),
        ("MemberIdHigh", MEMBER_HIGH),
        ("MemberIdLow", MEMBER_LOW),
        ("lang_preference", LANGUAGE),
        ("preferredEmail", EMAIL),
        ("country", COUNTRY),
        ("PostalCode", POSTAL_CODE),
        ("Gender", GENDER),
        ("Kid", CHILD),
        ("Age", AGE),
        ("BDayPre", BIRTHDAY_PRECISION),
        ("Birthday", BIRTHDAY),
        ("Wallet", WALLET),
        ("Flags", FLAGS),
        ("sid", SITE),
        ("kv", KEY_VERSION),
        ("MSPAuth", TICKET),
        ("ClientIP", CLIENT_ADDRESS),
        ("ClientPort", CLIENT_PORT),
        ("ABCHMigrated", ADDRESS_BOOK),
        ("Nickname", NICKNAME),
        ("MPOPEnabled", SEVERAL_DEVICES),
        ("TOUNeeded", TERMS),
    ];
    known.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes())).map(|(_, field)| *field)
}
