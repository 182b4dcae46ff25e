//! Error codes: what the three digits mean that a server sends in place of a verb.
//!
//! Comes in: the number. Goes out: a text, or nothing for a number that no source explains. This file knows numbers only:
//! not who was refused, nor which request it was.
//!
//! Source: protocol reference, tables 5. Where sources disagree about a code, the text says both, and [`doubt`] that they do.

use crate::tree::{Names, TextDecl, TextId, texts};

macro_rules! codes {
    ( $( $code:literal $english:literal; )+ ) => {
        /// The codes, each with its meaning.
        pub static CODES: Names = Names::new(&[$(
            ($code, TextId::new(&TextDecl { id: concat!("error.", $code), english: $english })),
        )+]);

        /// The texts of the codes, in order.
        pub static MEANINGS: &[TextId] = &[$(
            TextId::new(&TextDecl { id: concat!("error.", $code), english: $english }),
        )+];
    };
}

/// What a code means; `None` when no source explains it.
#[must_use]
pub fn meaning(code: u32) -> Option<TextId> {
    CODES.of(code)
}

texts! {
    ONE_SOURCE = "error.one-source", "one source alone explains this code";
    DISAGREE = "error.disagree", "sources disagree about this code";
    OTHER_WAY = "error.other-way", "one source has it the other way round";
    SAME_AS_707 = "error.700-or-707", "one source has 700 for this, others 707";
}

/// How sure a code's meaning is: who explains it, and whether they agree; `None` when two or more sources do.
#[must_use]
pub fn doubt(code: u32) -> Option<TextId> {
    Some(match code {
        213 | 511 | 711 | 715 | 921 | 927 => DISAGREE,
        216 => OTHER_WAY,
        700 | 707 => SAME_AS_707,
        212
        | 227
        | 231
        | 283
        | 285
        | 290
        | 301
        | 413..=415
        | 417..=420
        | 503
        | 504
        | 508
        | 550..=552
        | 580
        | 590..=598
        | 606
        | 718
        | 719
        | 726
        | 733
        | 734
        | 912
        | 914..=919
        | 922
        | 926
        | 933
        | 935 => ONE_SOURCE,
        _ => return None,
    })
}

codes! {
    200 "the command is unknown or badly written";
    201 "an argument is not valid";
    203 "the user of the other network is not valid";
    204 "the contact’s network cannot be reached, or is the wrong one";
    205 "there is no such user (up to MSNP9; later 208)";
    206 "the domain is missing from the address";
    207 "this user is already signed in";
    208 "there is no such account, or its name is not valid";
    209 "the display name is refused, or the account’s address was never verified";
    210 "the list is full";
    212 "not expected here";
    213 "the new name is not valid, or the user does not exist";
    215 "the person is already on the list, or already in the chat room";
    216 "the person is not on the list";
    217 "the person is not online, or accepts no messages";
    218 "the setting already has this value";
    219 "the person is on the opposite list (allowed against blocked)";
    220 "the person accepts no messages to the phone";
    223 "there are too many groups";
    224 "the group is not valid";
    225 "the person is not in this group";
    227 "the group is not empty";
    228 "a group of this name exists already";
    229 "the group’s name is too long";
    230 "group 0 cannot be removed";
    231 "there is no such group";
    232 "the phone number is not valid";
    233 "the phone number is not known";
    234 "the domain of the mobile mail address is not known";
    240 "a domain in the contact document is empty";
    241 "the contact document, or a membership in it, is not valid; the payload repeats it";
    280 "the switchboard failed";
    281 "the transfer to a switchboard failed";
    282 "the message does not hold proper peer-to-peer data";
    283 "the type of the control message is not known";
    285 "the message is too long";
    290 "text message: the credit has just run out";
    300 "a required value is missing";
    301 "the search finds too many people";
    302 "not signed in";
    402 "the contact list could not be read or changed";
    403 "the contact list could not be read or changed";
    413 "text message: a subscription is required";
    414 "text message: switched off";
    415 "text message: no credit left";
    416 "text message: not available in this country";
    417 "text message: switched off everywhere";
    418 "text message: to be tried again later";
    419 "text message: the market does not exist";
    420 "the account has no permission for this";
    500 "the server failed inside";
    501 "the server’s database failed";
    502 "the command is switched off";
    503 "the invitation by e-mail was refused";
    504 "the service for phones is down";
    508 "the partner network reports an error; the payload says more";
    509 "the message to another network or phone failed; the payload says more";
    510 "a file could not be read or written at the server";
    511 "the account is banned, or the payload says more";
    520 "the server is out of memory";
    540 "the answer to the challenge is wrong";
    550 "text message: the account is muted";
    551 "text message: the account is disabled";
    552 "text message: the account has reached its limit";
    580 "text message: the service failed inside";
    590 "text message: the carrier is not valid";
    591 "text message: there is no way to the carrier; the payload says more";
    592 "text message: the carrier failed";
    593 "text message: the carrier’s table of numbers is full";
    594 "text message: the carrier is in another country";
    595 "text message: the carrier’s store is full";
    596 "text message: the form is not valid";
    597 "text message: the text is not valid";
    598 "text message: the text is too long";
    600 "the server is busy";
    601 "the server is not available";
    602 "the contact’s notification server is down";
    603 "the server’s database cannot be reached";
    604 "the server is about to go down";
    605 "the server is not available";
    606 "the service for phones is not available";
    700 "the connection could not be made";
    707 "the connection could not be made";
    710 "the client describes itself wrongly (CVR)";
    711 "the connection is blocked, or the session is restricted";
    712 "the session is overloaded";
    713 "the client invites too fast";
    714 "the account has too many sessions";
    715 "not expected, the account’s address was never verified, or the personal message is odd";
    717 "the server’s record of the contacts is damaged";
    718 "the user is restricted";
    719 "the session belongs to another network";
    726 "the user belongs to another network";
    731 "not expected at this point of the sign-in (CVR)";
    733 "the roaming session was signed out";
    734 "the account is signed in on too many devices";
    800 "the client changes things too fast";
    801 "the datagram was not delivered; the payload repeats it";
    910 "the server is too busy";
    911 "the proof of identity is wrong";
    912 "the server is too busy";
    913 "not allowed while hidden or offline";
    914 "the server is not available";
    915 "the server is not available";
    916 "the server is not available";
    917 "the proof of identity is wrong";
    918 "the server is too busy";
    919 "the server is too busy";
    920 "the server takes no new users";
    921 "the server is too busy, or the time is up";
    922 "the server is too busy";
    923 "a child’s account without a parent’s consent";
    924 "the account’s address was never verified";
    926 "a child’s account on a client that is not allowed for it";
    927 "the account is suspended, or a managed one, such as a child’s, that may not sign in";
    928 "the ticket is not valid";
    931 "the account is not on this server, or its domain is reserved";
    933 "the membership of the circle is not valid";
    935 "the signature is not valid";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found() {
        for (code, text) in CODES.iter() {
            assert_eq!(meaning(code), Some(text));
            assert_eq!(text.decl().id, format!("error.{code}"));
        }
        assert_eq!(meaning(217).unwrap().decl().english, "the person is not online, or accepts no messages");
        assert_eq!(meaning(999), None);
    }
}
