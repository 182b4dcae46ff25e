//! What the notification server does besides lists and presence: invitations by e-mail, directory, web addresses, messages
//! to phones and other networks, control messages between devices, and the datagrams of MSNP18 and later.
//!
//! Source: protocol reference, commands 7.2, 7.5 and 7.6, and tables 8.

use super::contacts::is_number;
use super::login::{CLIENT_ID, LOCALE};
use super::presence::network;
use crate::msnp::command::{account_arg, length, nick_arg, word_arg};
use crate::msnp::field::RESULT;
use crate::msnp::token::{Account, EXPECTED_NUMBER, EXPECTED_WORD, coded, coded_number, exactly, number, word};
use crate::msnp::value::account::account_as;
use crate::msnp::value::locale::{self, locale_as};
use crate::msnp::{Body, Context, Direction, Verb, verb};
use crate::tree::{Base, Kind, Read, Scribe, TextId, fields, names, texts};

fields! {
    family 8;
    /// Name of the collection from which the server takes the wording of an e-mail, in practice MSMSGS; the client sends it, MSNP3 to MSNP12.
    INVITE_LIBRARY: Kind::Text => "msnp.invite.library", "Wording";
    /// A word that is always the letter X and has no known meaning; the client sends it twice, MSNP5 to MSNP12.
    INVITE_UNUSED: Kind::Text => "msnp.invite.unused", "Unused value";
    /// One thing to search the member directory for, or one thing found, as “key=value”; * stands for anything. Client
    /// and server send it, MSNP2 to MSNP7.
    FIND_TERM: Kind::Text => "msnp.find.term", "Search term", Personal;
    /// Which entry of the search result this is, counted from 1; the server sends it, MSNP2 to MSNP7.
    FIND_INDEX: Kind::Uint32(Base::Dec) => "msnp.find.index", "Entry";
    /// How many entries the search found; the server sends it, MSNP2 to MSNP7.
    FIND_TOTAL: Kind::Uint32(Base::Dec) => "msnp.find.total", "Entries";
    /// Which service’s web address the client wants: INBOX, COMPOSE, PERSON, PROFILE and so on. MSNP2 to MSNP20.
    URL_SERVICE: Kind::Text => "msnp.url.service", "Service";
    /// What the web address is to point at, such as a language for the inbox or an account for a profile; the client
    /// sends it, MSNP2 to MSNP20.
    URL_PARAMETER: Kind::Text => "msnp.url.parameter", "Parameter";
    /// Path of the page on the service’s web site, without a host; the server sends it in its answer to URL, MSNP2 to
    /// MSNP20.
    URL_PAGE: Kind::Text => "msnp.url.page", "Page";
    /// Web address of the sign-in page that leads to the page which was asked for; the server sends it in its answer to
    /// URL, MSNP2 to MSNP20.
    URL_LOGIN: Kind::Text => "msnp.url.login", "Sign-in address";
    /// Number of the web site for the ticket, such as 2; the server sends it in its answer to URL, MSNP2 to MSNP20. Not
    /// a length, although it looks like one.
    URL_SITE: Kind::Uint32(Base::Dec) => "msnp.url.site", "Site ID";
    /// Whether a television client takes part in chats: ON or OFF; the client sets it, the server confirms it, MSNP3 to
    /// MSNP8.
    INVITATIONS: Kind::Text => "msnp.settings.invitations", "Invitations";
    /// A number before the setting that the server sends as 0 and that has no known meaning; MSNP3 to MSNP8.
    INVITATIONS_ZERO: Kind::Text => "msnp.settings.invitations.unused", "Unused value";
    /// Which of a contact’s devices is to get the text message: 1 is the phone, other numbers are not documented. The client sends it from MSNP9 on.
    PAGE_DEVICE: Kind::Uint32(Base::Dec) => "msnp.page.device", "Device" in DEVICES;
    /// What a control message is about: 1 call set-up, 2 SIP, 3 peer-to-peer, 4 sign out another device, and so on.
    /// Decides the form of the payload. Client and server send it, from MSNP13 on.
    CONTROL_TYPE: Kind::Uint32(Base::Dec) => "msnp.control.type", "Control type" in CONTROLS;
    /// What kind of message this is: 1 text, 2 typing, 3 nudge. Client and server send it with messages through the
    /// notification server, from MSNP14 on.
    MESSAGE_TYPE: Kind::Uint32(Base::Dec) => "msnp.message.type", "Message type" in MESSAGES;
    /// To whom a message through the notification server is addressed: the account that receives it. From MSNP14 on.
    RECIPIENT: Kind::Text => "msnp.recipient", "Recipient", Account;
    /// Which network the recipient belongs to; the numbers are those of a contact’s network. From MSNP14 on.
    RECIPIENT_NETWORK: Kind::Uint32(Base::Dec) => "msnp.recipient.network", "Recipient’s network" in super::presence::NETWORKS;
    /// A value of the report whose meaning is not documented; the client sends two of them, MSNP18 to MSNP20 (one source).
    REPORT_VALUE: Kind::Text => "msnp.report.value", "Report value", Text;
    /// A value, 579 in the only example, that a phone client sends right after sign-in; its meaning is not documented. MSNP21.
    PHONE_SETTING: Kind::Text => "msnp.phone.setting", "Phone setting";
    /// What happened to the data that follows: PUT it is new or changed, DEL it is gone. The server sends it from MSNP18 on.
    NOTIFY_ACTION: Kind::Text => "msnp.notify.action", "Action";
}

texts! {
    CONTROL_1 = "control.1", "call set-up";
    CONTROL_2 = "control.2", "SIP invitation";
    CONTROL_3 = "control.3", "peer-to-peer set-up";
    CONTROL_4 = "control.4", "sign out another device";
    CONTROL_5 = "control.5", "a chat window was closed on another device";
    CONTROL_6 = "control.6", "fetch the address book again";
    CONTROL_7 = "control.7", "a contact request was answered on another device";
    CONTROL_8 = "control.8", "pass on to one’s other devices";
    CONTROL_9 = "control.9", "reserved (unconfirmed)";
    CONTROL_10 = "control.10", "TURN relay";
    CONTROL_11 = "control.11", "facts about a call";
    CONTROL_12 = "control.12", "SIP through the server";
    MESSAGE_1 = "message.1", "text";
    MESSAGE_2 = "message.2", "typing";
    MESSAGE_3 = "message.3", "nudge";
    ACTION_PUT = "notify.PUT", "new or changed";
    ACTION_DEL = "notify.DEL", "gone";
    PHONE = "page.device.1", "phone";
    INVITATIONS_ON = "invitations.ON", "chat invitations are accepted";
    INVITATIONS_OFF = "invitations.OFF", "chat invitations are refused";
    FIND_FIRST_NAME = "find.fname", "first name";
    FIND_LAST_NAME = "find.lname", "last name";
    FIND_CITY = "find.city", "city";
    FIND_STATE = "find.state", "state";
    FIND_COUNTRY = "find.country", "country";
    URL_PASSWORD = "url.PASSWORD", "changing the password";
    URL_INBOX = "url.INBOX", "mail inbox";
    URL_COMPOSE = "url.COMPOSE", "writing a mail";
    URL_MESSAGE = "url.MESSAGE", "one mail";
    URL_FOLDERS = "url.FOLDERS", "mail folders";
    URL_PERSON = "url.PERSON", "the account’s own data";
    URL_MOBILE = "url.MOBILE", "the phone";
    URL_CHGMOB = "url.CHGMOB", "changing the phone";
    URL_PROFILE = "url.PROFILE", "profile of a person";
    URL_CHAT = "url.CHAT", "chat rooms on the web";
    URL_ADDRBOOK = "url.ADDRBOOK", "address book";
    URL_ADVSEARCH = "url.ADVSEARCH", "advanced search";
    URL_INTSEARCH = "url.INTSEARCH", "search by interests";
}

/// Reads what follows verb and TrID.
///
/// # Errors
/// Stops at the first argument that is not what the grammar says.
pub fn arguments<'a>(s: &mut Scribe<'a, '_>, verb: Verb, context: &Context) -> Read<Body<'a>> {
    let to_server = context.direction == Direction::ToServer;
    match verb {
        verb::SND if to_server => invitation(s)?,
        verb::SDC if to_server => invitation_with_note(s)?,
        verb::SND | verb::SDC => result(s)?,
        verb::FND => find(s, to_server)?,
        verb::URL if to_server => service_address(s)?,
        verb::URL => service_address_answer(s)?,
        verb::IMS => invitations(s, to_server)?,
        verb::PAG => return page(s),
        verb::PGD => return page_device(s),
        verb::UUN if !to_server => result_or_length(s)?,
        verb::UUN | verb::UBN => return control(s),
        verb::UUM => {
            let (recipient, network) = message_out(s)?;
            return Ok(Body::RelayedOut { recipient, network });
        }
        verb::UBM => return message_in(s),
        verb::PUT | verb::DEL if !to_server => result_and_length(s)?,
        verb::NFY => return notify(s),
        verb::VAS => report(s)?,
        verb::FSL if to_server => phone_setting(s)?,
        verb::FSL => result_and_length(s)?,
        _ => length(s).map(|_| ())?,
    }
    Ok(Body::Other)
}

/// `SND = "SND" SP trid SP account [ SP lcid [ SP library [ SP client-id ] ] ] CRLF`, from the client; MSNP3 added language
/// and library, MSNP4 the client.
fn invitation(s: &mut Scribe<'_, '_>) -> Read<()> {
    account_arg(s)?;
    let _ = s.optional(LOCALE, coded(locale::name_of));
    let _ = s.optional(INVITE_LIBRARY, word);
    let _ = s.optional(CLIENT_ID, word);
    Ok(())
}

/// `SDC = "SDC" SP trid SP account SP lcid SP library SP client-id SP "X" SP "X" SP nick SP length CRLF payload`, from the
/// client.
fn invitation_with_note(s: &mut Scribe<'_, '_>) -> Read<()> {
    account_arg(s)?;
    locale_as(s, LOCALE)?;
    for field in [INVITE_LIBRARY, CLIENT_ID, INVITE_UNUSED, INVITE_UNUSED] {
        word_arg(s, field)?;
    }
    nick_arg(s)?;
    length(s)?;
    Ok(())
}

/// `result = "OK"`
fn result(s: &mut Scribe<'_, '_>) -> Read<()> {
    s.arg(RESULT, EXPECTED_WORD, exactly("OK")).map(|_| ())
}

/// `( "OK" / length )`: the answer to a command with a payload, or a document of the server's own.
fn result_or_length(s: &mut Scribe<'_, '_>) -> Read<()> {
    if s.optional(RESULT, exactly("OK")).is_none() {
        length(s)?;
    }
    Ok(())
}

/// `[ "OK" SP ] length`: unlike other answers, that to `PUT` and `DEL` has a payload although it says OK.
fn result_and_length(s: &mut Scribe<'_, '_>) -> Read<()> {
    let _ = s.optional(RESULT, exactly("OK"));
    length(s).map(|_| ())
}

/// `FND = "FND" SP trid [ SP index SP total ] *( SP key "=" value ) CRLF`; the server counts.
fn find(s: &mut Scribe<'_, '_>, to_server: bool) -> Read<()> {
    if !to_server && is_number(s.peek_word()) {
        s.arg(FIND_INDEX, EXPECTED_NUMBER, number)?;
        s.arg(FIND_TOTAL, EXPECTED_NUMBER, number)?;
    }
    let meaning = |term: &[u8]| match term.split(|byte| *byte == b'=').next()? {
        b"fname" => Some(FIND_FIRST_NAME),
        b"lname" => Some(FIND_LAST_NAME),
        b"city" => Some(FIND_CITY),
        b"state" => Some(FIND_STATE),
        b"country" => Some(FIND_COUNTRY),
        _ => None,
    };
    while s.optional(FIND_TERM, coded(meaning)).is_some() {}
    Ok(())
}

/// `URL = "URL" SP trid SP service [ SP parameter ] CRLF`, from the client.
fn service_address(s: &mut Scribe<'_, '_>) -> Read<()> {
    s.arg(URL_SERVICE, EXPECTED_WORD, coded(service_meaning))?;
    let _ = s.optional(URL_PARAMETER, word);
    Ok(())
}

/// `URL = "URL" SP trid SP page SP login-url [ SP site-id ] CRLF`, from the server.
fn service_address_answer(s: &mut Scribe<'_, '_>) -> Read<()> {
    word_arg(s, URL_PAGE)?;
    word_arg(s, URL_LOGIN)?;
    let _ = s.optional(URL_SITE, number);
    Ok(())
}

/// `IMS = "IMS" SP trid [ SP "0" ] SP ( "ON" / "OFF" ) CRLF`; the server adds the 0.
fn invitations(s: &mut Scribe<'_, '_>, to_server: bool) -> Read<()> {
    if !to_server && is_number(s.peek_word()) {
        word_arg(s, INVITATIONS_ZERO)?;
    }
    let meaning = |switch: &[u8]| match switch {
        b"ON" => Some(INVITATIONS_ON),
        b"OFF" => Some(INVITATIONS_OFF),
        _ => None,
    };
    s.arg(INVITATIONS, EXPECTED_WORD, coded(meaning)).map(|_| ())
}

/// `PAG = "PAG" SP trid SP account SP length CRLF payload`, from the client; MSNP5–8.
fn page<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let account = account_arg(s)?;
    length(s)?;
    Ok(Body::Page { account })
}

/// `PGD = "PGD" SP trid SP account SP device SP length CRLF payload`, from the client; MSNP9 and later.
fn page_device<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let account = account_arg(s)?;
    s.arg(PAGE_DEVICE, EXPECTED_NUMBER, coded_number(device_name))?;
    length(s)?;
    Ok(Body::Page { account })
}

/// `UUN = "UUN" SP trid SP account SP type SP length CRLF payload`, from the client; `UBN` is the same without a TrID.
fn control<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let account = account_arg(s)?;
    let kind = s.arg(CONTROL_TYPE, EXPECTED_NUMBER, coded_number(control_meaning))?.0;
    length(s)?;
    Ok(Body::Control { account, kind })
}

/// `UUM = "UUM" SP trid SP account SP network SP type SP length CRLF payload`, from the client.
fn message_out<'a>(s: &mut Scribe<'a, '_>) -> Read<(Account<'a>, Option<u32>)> {
    let recipient = account_as(s, RECIPIENT)?;
    let network = network(s, RECIPIENT_NETWORK);
    s.arg(MESSAGE_TYPE, EXPECTED_NUMBER, coded_number(message_meaning))?;
    length(s)?;
    Ok((recipient, network))
}

/// `UBM = "UBM" SP sender SP network SP recipient SP network SP type SP length CRLF payload`, from the server.
fn message_in<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let account = account_arg(s)?;
    let network = network(s, super::presence::NETWORK);
    let (recipient, _) = message_out(s)?;
    Ok(Body::RelayedIn { account, network, recipient })
}

/// `NFY = "NFY" SP ( "PUT" / "DEL" ) SP length CRLF payload`, from the server.
fn notify<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let action = s.arg(NOTIFY_ACTION, EXPECTED_WORD, coded(action_meaning))?;
    length(s)?;
    Ok(Body::Published { gone: action.0 == b"DEL" })
}

/// `VAS = "VAS" SP trid SP account SP value SP value SP length CRLF payload`, from the client (one source).
fn report(s: &mut Scribe<'_, '_>) -> Read<()> {
    account_arg(s)?;
    word_arg(s, REPORT_VALUE)?;
    word_arg(s, REPORT_VALUE)?;
    length(s).map(|_| ())
}

/// `FSL = "FSL" SP trid SP value SP length CRLF payload`, from a phone client (one source; that the last word is a length
/// is an assumption).
fn phone_setting(s: &mut Scribe<'_, '_>) -> Read<()> {
    word_arg(s, PHONE_SETTING)?;
    length(s).map(|_| ())
}

fn service_meaning(service: &[u8]) -> Option<TextId> {
    Some(match service {
        b"PASSWORD" => URL_PASSWORD,
        b"INBOX" => URL_INBOX,
        b"COMPOSE" => URL_COMPOSE,
        b"MESSAGE" => URL_MESSAGE,
        b"FOLDERS" => URL_FOLDERS,
        b"PERSON" => URL_PERSON,
        b"MOBILE" => URL_MOBILE,
        b"CHGMOB" => URL_CHGMOB,
        b"PROFILE" => URL_PROFILE,
        b"CHAT" => URL_CHAT,
        b"ADDRBOOK" => URL_ADDRBOOK,
        b"ADVSEARCH" => URL_ADVSEARCH,
        b"INTSEARCH" => URL_INTSEARCH,
        _ => return None,
    })
}

names! {
    /// Which device is meant.
    DEVICES, device_name;
    1 => PHONE,
}

names! {
    /// What a control message is about.
    CONTROLS, control_meaning;
    1 => CONTROL_1,
    2 => CONTROL_2,
    3 => CONTROL_3,
    4 => CONTROL_4,
    5 => CONTROL_5,
    6 => CONTROL_6,
    7 => CONTROL_7,
    8 => CONTROL_8,
    9 => CONTROL_9,
    10 => CONTROL_10,
    11 => CONTROL_11,
    12 => CONTROL_12,
}

names! {
    /// What kind of message it is.
    MESSAGES, message_meaning;
    1 => MESSAGE_1,
    2 => MESSAGE_2,
    3 => MESSAGE_3,
}

fn action_meaning(action: &[u8]) -> Option<TextId> {
    match action {
        b"PUT" => Some(ACTION_PUT),
        b"DEL" => Some(ACTION_DEL),
        _ => None,
    }
}
