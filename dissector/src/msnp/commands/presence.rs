//! Presence: one's own status, that of contacts, and the extended presence of MSNP11 and later.
//!
//! Source: protocol reference, commands 7.4, and tables 1, 3, 4, 11.

use crate::msnp::coding::Coding;
use crate::msnp::command::{account_arg, length, nick_arg};
use crate::msnp::payload::msn_object::msn_object;
use crate::msnp::token::{EXPECTED_STATUS, Status, coded_number, nick, status, word};
use crate::msnp::value::capability::capabilities_arg;
use crate::msnp::{Body, Context, Dialect, Direction, Presence, Verb, framing, verb};
use crate::tree::{Base, FieldId, Kind, Read, Scribe, fields, names, texts};

fields! {
    family 3;
    /// How available somebody is, three letters: NLN online, BSY busy, IDL idle, BRB be right back, AWY away, PHN on
    /// the phone, LUN out to lunch, HDN hidden (own status only), FLN offline. Client and server send it, in every
    /// dialect.
    STATUS: Kind::Text => "msnp.status", "Status";
    /// Which network an account belongs to: 1 Messenger, 2 Office Communications Server, 4 telephone, 9 circle, 32
    /// Yahoo!. Client and server send it, from MSNP14 on.
    NETWORK: Kind::Uint32(Base::Dec) => "msnp.network", "Network" in NETWORKS;
    /// Web address of the icon that marks a contact of another network; the server sends it at the end of a status line, MSNP14 to MSNP20.
    ICON: Kind::Text => "msnp.icon", "Icon address", Personal;
}

texts! {
    BY_SHAPE = "network.by-shape", "taken for a network, since the dialect is not known and the words look so";
    NETWORK_NONE = "network.0", "unknown";
    NETWORK_MESSENGER = "network.1", "Messenger";
    NETWORK_OFFICE = "network.2", "Office Communications Server";
    NETWORK_PHONE = "network.4", "telephone";
    NETWORK_MOBILE = "network.8", "mobile network";
    NETWORK_CIRCLE = "network.9", "circle";
    NETWORK_GROUP = "network.10", "temporary group";
    NETWORK_CID = "network.11", "contact ID (one source)";
    NETWORK_CONNECT = "network.13", "Connect (Facebook and similar)";
    NETWORK_REMOTE = "network.14", "remote network";
    NETWORK_MAIL = "network.16", "e-mail";
    NETWORK_YAHOO = "network.32", "Yahoo!";
}

/// Reads what follows the verb, and the TrID where there is one.
///
/// # Errors
/// Stops at the first argument that is not what the grammar says.
pub fn arguments<'a>(s: &mut Scribe<'a, '_>, verb: Verb, context: &Context) -> Read<Body<'a>> {
    match verb {
        verb::CHG => change(s),
        verb::ILN | verb::NLN => online(s, context.dialect, verb == verb::ILN),
        verb::FLN => offline(s),
        verb::UBX => details(s),
        _ => {
            length(s)?;
            Ok(if context.direction == Direction::ToServer { Body::OwnDetails } else { Body::Other })
        }
    }
}

/// `UBX = "UBX" SP account [ SP network ] SP length CRLF payload`; MSNP14–17 have the network as a word of its own.
fn details<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let account = account_arg(s)?;
    let network = if framing::words(s.rest()).count() > 1 { network(s, NETWORK) } else { None };
    let cleared = length(s)? == 0;
    Ok(Body::Details { account, network, cleared })
}

/// `CHG = "CHG" SP trid SP status [ SP capabilities [ SP msn-object ] ] CRLF`; MSNP8 added the capabilities, MSNP9 the object.
fn change<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let status = s.arg(STATUS, EXPECTED_STATUS, status)?;
    Ok(Body::OwnStatus(presence(s, status)))
}

/// `NLN = "NLN" SP status SP account [ SP network ] SP nick [ SP capabilities [ SP msn-object [ SP icon ] ] ] CRLF`
///
/// `ILN` is the same with a TrID. MSNP14–17 have the network as a word of its own. Without the dialect, the shape tells:
/// the word after the account is the number of a network, and the word after the name is a number too. Capabilities may be
/// negative: some programs send them as signed numbers.
fn online<'a>(s: &mut Scribe<'a, '_>, dialect: Option<Dialect>, initial: bool) -> Read<Body<'a>> {
    let status = s.arg(STATUS, EXPECTED_STATUS, status)?;
    let account = account_arg(s)?;
    let words = framing::words(s.rest()).collect::<Vec<_>>();
    let number = |word: &[u8]| std::str::from_utf8(word).ok().and_then(|word| word.parse::<u32>().ok());
    let first = words.first().and_then(|word| number(word));
    let is_network = match dialect {
        Some(dialect) => (Dialect(14)..=Dialect(17)).contains(&dialect) && first.is_some() && words.len() > 1,
        None => {
            let digits = |word: &[u8]| word.iter().all(|byte| byte.is_ascii_digit() || *byte == b':');
            let capable = words.get(2).is_some_and(|word| digits(word.strip_prefix(b"-").unwrap_or(word)));
            capable && first.and_then(network_name).is_some()
        }
    };
    let network = if is_network { network(s, NETWORK) } else { None };
    if network.is_some() && dialect.is_none() {
        s.remark(BY_SHAPE);
    }
    let nick = nick_arg(s)?;
    let presence = presence(s, status);
    let _ = s.optional(ICON, word);
    Ok(Body::Online { account, network, nick, presence, initial })
}

/// `FLN = "FLN" SP account [ SP network ] [ SP capabilities ] [ SP icon ] CRLF`
///
/// MSNP14–17 have the network as a word of its own; from MSNP18 it stands in the account.
fn offline<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let account = account_arg(s)?;
    let network = if account.name().len() == account.0.len() { network(s, NETWORK) } else { None };
    let _ = capabilities_arg(s);
    let _ = s.optional(ICON, word);
    Ok(Body::Offline { account, network })
}

/// `[ SP capabilities [ SP msn-object ] ]`, after the status.
fn presence<'a>(s: &mut Scribe<'a, '_>, status: Status) -> Presence<'a> {
    let capabilities = capabilities_arg(s);
    let word = s.peek_word();
    let picture = nick(word).ok().map(|(_, wire)| wire);
    if picture.is_some() {
        msn_object(s, word.len(), Coding::Percent);
    }
    Presence { status, capabilities, picture }
}

/// `network = 1*DIGIT`, if there is one.
pub fn network(s: &mut Scribe<'_, '_>, field: FieldId) -> Option<u32> {
    s.optional(field, coded_number(network_name)).map(|number| number.0)
}

names! {
    /// What a network is called.
    pub NETWORKS, network_name;
    0 => NETWORK_NONE,
    1 => NETWORK_MESSENGER,
    2 => NETWORK_OFFICE,
    4 => NETWORK_PHONE,
    8 => NETWORK_MOBILE,
    9 => NETWORK_CIRCLE,
    10 => NETWORK_GROUP,
    11 => NETWORK_CID,
    13 => NETWORK_CONNECT,
    14 => NETWORK_REMOTE,
    16 => NETWORK_MAIL,
    32 => NETWORK_YAHOO,
}
