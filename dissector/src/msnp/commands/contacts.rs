//! Contact lists up to MSNP12: synchronising, contacts, groups, settings, properties, adding and removing; and the three
//! commands that replace most of them from MSNP13 on.
//!
//! The dialect is often unknown and the sources disagree in places, so the shape of the words decides where it can: a
//! number before an account is a list version, a word with hyphens in the right places is a GUID.
//!
//! Source: protocol reference, commands 7.2 and 7.3, and tables 2, 9, 10.

use super::setting::{self, property, value};
use crate::msnp::command::{account_arg, length, nick_arg, trid, word_arg};
use crate::msnp::field::{NICK, RESULT};
use crate::msnp::token::{EXPECTED_NICK, EXPECTED_NUMBER, Nick, Word, exactly, nick, number, word};
use crate::msnp::value::list::{ListBits, coded_list, list_bit};
use crate::msnp::{Body, Contact, Context, Dialect, Direction, Verb, framing, verb};
use crate::tree::{Base, Kind, Read, Scribe, fields, names, texts};

fields! {
    family 4;
    /// Which list a command is about: FL the people one sees, AL those who may see one, BL those who may not, RL those who have one on their list, PL those who wait for an answer. Both sides send it, up to MSNP12.
    LIST: Kind::Text => "msnp.list", "List";
    /// On which lists a contact stands, as a sum of bits: 1 FL, 2 AL, 4 BL, 8 RL, 16 PL. The server sends it from MSNP8
    /// on, the client from MSNP13 on.
    LIST_BITS: Kind::Uint32(Base::Dec) => "msnp.list.bits", "Lists";
    /// One of the lists that a contact stands on: a bit of the sum by its value, 1, 2, 4, 8 or 16. The server sends the
    /// sum from MSNP8 on, the client from MSNP13 on.
    LIST_BIT: Kind::Uint32(Base::Dec) => "msnp.list.bit", "On the list" in crate::msnp::value::list::BITS;
    /// Which state of the contact list this is: up to MSNP9 a number that grows with every change, from MSNP10 on the time of the last change. 0 from a client means that it has no copy.
    LIST_VERSION: Kind::Text => "msnp.list.version", "List version";
    /// Place of this contact among those that the server sends, counted from 1; up to MSNP7.
    LIST_INDEX: Kind::Uint32(Base::Dec) => "msnp.list.index", "Line of the list";
    /// How many lines the list has; the server sends it up to MSNP7. 0 stands for an empty list.
    LIST_TOTAL: Kind::Uint32(Base::Dec) => "msnp.list.total", "Lines of the list";
    /// How many contact lines (LST) follow; the server sends it from MSNP8 to MSNP12.
    CONTACT_COUNT: Kind::Uint32(Base::Dec) => "msnp.contact.count", "Contacts that follow";
    /// How many group lines (LSG) follow; the server sends it from MSNP8 to MSNP12.
    GROUP_COUNT: Kind::Uint32(Base::Dec) => "msnp.group.count", "Groups that follow";
    /// The service's own identifier of a contact, a GUID, from MSNP10 on. People who are on the reverse list alone have none.
    CONTACT_ID: Kind::Text => "msnp.contact.id", "Contact ID";
    /// What kind of contact this is: 1 is a person with a Messenger account. In MSNP12 alone; the server sends it.
    CONTACT_TYPE: Kind::Uint32(Base::Dec) => "msnp.contact.type", "Contact type" in CONTACT_TYPES;
    /// Identifies a contact group to client and server, from MSNP7 on: a number up to MSNP9, where 0 is the default
    /// group, a GUID from MSNP10 on.
    GROUP_ID: Kind::Text => "msnp.group.id", "Group ID";
    /// What a contact group is called. On the wire percent-encoded UTF-8; shown here decoded. Client and server send
    /// it, MSNP7 to MSNP12.
    GROUP_NAME: Kind::Text => "msnp.group.name", "Group name", Name;
    /// A value after a group's name that is always 0 and has no known meaning; MSNP7 to MSNP9 and some servers later.
    GROUP_RESERVED: Kind::Text => "msnp.group.reserved", "Unused value";
}

texts! {
    EXPECTED_LIST = "expected.list", "a list (FL, AL, BL, RL or PL)";
    EXPECTED_GROUP = "expected.group", "a group (a number or a GUID)";
    NO_COPY = "list.version.0", "the client has no copy";
    DEFAULT_GROUP = "group.0", "the default group";
    VERSION_FIRST = "group.version-first", "taken as the list version: one server puts a number here, one client reads none";
    NAME_BEFORE_ID = "group.name-first", "taken from its form: one server puts the name first, one client reads the group first";
    TYPE_MESSENGER = "contact.type.1", "Messenger";
}

names! {
    /// What a contact is.
    CONTACT_TYPES, type_name;
    1 => TYPE_MESSENGER,
}

/// Reads what follows the verb, and the TrID where there is one.
///
/// # Errors
/// Stops at the first argument that is not what the grammar says.
pub fn arguments<'a>(
    s: &mut Scribe<'a, '_>,
    verb: Verb,
    context: &Context,
    trid_out: &mut Option<u32>,
) -> Read<Body<'a>> {
    let to_server = context.direction == Direction::ToServer;
    match verb {
        verb::SYN => synchronise(s, to_server),
        verb::LST if to_server => list(s),
        verb::LST => contact(s, context.dialect, trid_out),
        verb::LSG if to_server => Ok(Body::Other),
        verb::LSG => group_line(s, context.dialect, trid_out),
        verb::GTC | verb::BLP => setting::switch(s, verb, to_server, trid_out),
        verb::PRP if to_server => setting::own_property(s),
        verb::PRP => setting::reported_property(s, context.dialect, trid_out),
        verb::BPR => setting::contact_property(s),
        verb::SBP => contact_note(s),
        verb::ADD => add(s),
        verb::ADC => add_contact(s),
        verb::REM => remove(s),
        verb::ADG => add_group(s),
        verb::RMG => remove_group(s),
        verb::REG => rename_group(s),
        verb::REA => rename(s),
        _ => document(s, verb),
    }
}

/// `SYN = "SYN" SP trid SP list-version [ SP settings-version ] CRLF` from the client; the server adds
/// `SP contact-count SP group-count` from MSNP8 on, unless the client's copy is current.
fn synchronise<'a>(s: &mut Scribe<'a, '_>, to_server: bool) -> Read<Body<'a>> {
    let words = framing::words(s.rest()).count();
    let version = word_arg(s, LIST_VERSION)?;
    if to_server && version.0 == b"0" {
        s.label(NO_COPY);
    }
    let counts_alone = !to_server && words == 3;
    if words >= 2 && !counts_alone {
        word_arg(s, setting::SETTINGS_VERSION)?;
    }
    let mut counts = (None, None);
    if words >= 3 {
        counts.0 = Some(s.arg(CONTACT_COUNT, EXPECTED_NUMBER, number)?);
        counts.1 = Some(s.arg(GROUP_COUNT, EXPECTED_NUMBER, number)?);
    }
    Ok(if to_server { Body::Other } else { Body::ListBegins { contacts: counts.0, groups: counts.1 } })
}

/// `LST = "LST" SP trid SP list CRLF`, from the client, up to MSNP9.
fn list<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    s.arg(LIST, EXPECTED_LIST, coded_list)?;
    Ok(Body::Other)
}

/// `LST`, from the server:
///
/// - MSNP2–7 `SP trid SP list SP list-version SP index SP total [ SP account SP nick [ SP groups ] ]`
/// - MSNP8–9 `SP account SP nick SP list-bits [ SP groups ]`
/// - MSNP10–11 `SP "N=" account [ SP "F=" nick ] [ SP "C=" contact-id ] SP list-bits [ SP groups ]`
/// - MSNP12 the same with the contact type before the groups.
fn contact<'a>(s: &mut Scribe<'a, '_>, dialect: Option<Dialect>, trid_out: &mut Option<u32>) -> Read<Body<'a>> {
    let first = s.peek_word();
    if is_number(first) {
        return listed(s, trid_out);
    }
    let mut contact = if is_tagged(first) && dialect.is_none_or(|d| d >= Dialect(10)) {
        tagged(s)?
    } else {
        Contact { account: Some(account_arg(s)?), nick: Some(nick_arg(s)?), ..Contact::default() }
    };
    let bits = s.peek_as(EXPECTED_NUMBER, number)?;
    let digits = s.peek_word().len();
    ListBits(bits).record(s, LIST_BITS, digits);
    contact.lists = Some(bits);
    let numbers_are_groups = dialect.is_some_and(|d| d < Dialect(10)) || !is_tagged(first);
    if !numbers_are_groups && is_number(s.peek_word()) {
        let kind = s.arg(CONTACT_TYPE, EXPECTED_NUMBER, number)?;
        if let Some(name) = type_name(kind) {
            s.label(name);
        }
    }
    contact.groups = groups(s);
    Ok(Body::Listed(contact))
}

/// The `LST` of MSNP2–7, which carries the TrID of the `SYN` or `LST` that it answers.
fn listed<'a>(s: &mut Scribe<'a, '_>, trid_out: &mut Option<u32>) -> Read<Body<'a>> {
    *trid_out = Some(trid(s)?);
    let lists = list_bit(s.arg(LIST, EXPECTED_LIST, coded_list)?.0);
    word_arg(s, LIST_VERSION)?;
    s.arg(LIST_INDEX, EXPECTED_NUMBER, number)?;
    s.arg(LIST_TOTAL, EXPECTED_NUMBER, number)?;
    if s.peek_word().is_empty() {
        return Ok(Body::Other);
    }
    let (account, nick, groups) = (Some(account_arg(s)?), Some(nick_arg(s)?), groups(s));
    Ok(Body::Listed(Contact { account, nick, lists, groups, ..Contact::default() }))
}

/// `LSG`, from the server:
///
/// - MSNP7 `SP trid SP list-version SP index SP total SP group-id SP group-name SP "0"`
/// - MSNP8–9 `SP group-id SP group-name SP "0"`
/// - MSNP10–12 `SP group-name SP group-guid`
fn group_line<'a>(s: &mut Scribe<'a, '_>, dialect: Option<Dialect>, trid_out: &mut Option<u32>) -> Read<Body<'a>> {
    let words = framing::words(s.rest()).collect::<Vec<_>>();
    let ends_in_guid = words.len() == 2 && words.last().is_some_and(|w| is_guid(w));
    if ends_in_guid || (words.len() == 2 && dialect.is_some_and(|d| d >= Dialect(10))) {
        let name = group_name(s)?;
        return Ok(Body::GroupNamed { id: Some(group_id(s)?), name });
    }
    if words.len() >= 4 {
        *trid_out = Some(trid(s)?);
        word_arg(s, LIST_VERSION)?;
        s.arg(LIST_INDEX, EXPECTED_NUMBER, number)?;
        s.arg(LIST_TOTAL, EXPECTED_NUMBER, number)?;
    }
    if s.peek_word().is_empty() {
        return Ok(Body::Other);
    }
    let (id, name) = (Some(group_id(s)?), group_name(s)?);
    let _ = s.optional(GROUP_RESERVED, word);
    Ok(Body::GroupNamed { id, name })
}

/// `SBP = "SBP" SP trid SP contact-id SP property SP value CRLF`, both ways; MSNP10–12.
fn contact_note<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let contact = Some(word_arg(s, CONTACT_ID)?);
    let code = Word(property(s)?.0);
    let field = if code.0 == b"MFN" { NICK } else { setting::PROPERTY_VALUE };
    Ok(Body::Property { account: None, contact, code, value: value(s, field, code.0) })
}

/// `ADD = "ADD" SP trid SP list [ SP list-version ] SP account SP nick [ SP group-id ] CRLF`; MSNP2–9, the server adds the
/// list version.
fn add<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let lists = list_bit(s.arg(LIST, EXPECTED_LIST, coded_list)?.0);
    version_if_number(s);
    let (account, nick, groups) = (Some(account_arg(s)?), Some(nick_arg(s)?), groups(s));
    Ok(Body::Added(Contact { account, nick, lists, groups, ..Contact::default() }))
}

/// `ADC = "ADC" SP trid SP list 1*( SP "N=" account / SP "F=" nick / SP "C=" contact-id ) [ SP group-guid ] CRLF`; MSNP10–12.
fn add_contact<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let lists = list_bit(s.arg(LIST, EXPECTED_LIST, coded_list)?.0);
    let contact = tagged(s)?;
    Ok(Body::Added(Contact { lists, groups: groups(s), ..contact }))
}

/// `REM = "REM" SP trid SP list [ SP list-version ] SP ( account / contact-id ) [ SP group ] CRLF`
///
/// Up to MSNP9 the server adds the list version; from MSNP10 on contacts of the forward list go by their GUIDs.
fn remove<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let lists = list_bit(s.arg(LIST, EXPECTED_LIST, coded_list)?.0);
    let mut contact = Contact { lists, ..Contact::default() };
    version_if_number(s);
    if is_guid(s.peek_word()) {
        contact.id = Some(word_arg(s, CONTACT_ID)?);
    } else {
        contact.account = Some(account_arg(s)?);
    }
    contact.groups = groups(s);
    Ok(Body::Removed(contact))
}

/// `ADG`: the client sends `SP trid SP group-name [ SP "0" ]`; the server answers
/// `SP trid SP list-version SP group-name SP group-id SP "0"` (MSNP7–9) or `SP trid SP group-name SP group-guid [ SP "0" ]`.
fn add_group<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let words = framing::words(s.rest()).collect::<Vec<_>>();
    let guid_follows = words.get(1).is_some_and(|w| is_guid(w));
    if !guid_follows && words.len() >= 4 {
        version_if_number(s);
    }
    let name = group_name(s)?;
    let id = if guid_follows || words.len() >= 3 { Some(group_id(s)?) } else { None };
    let _ = s.optional(GROUP_RESERVED, word);
    Ok(Body::GroupNamed { id, name })
}

/// `RMG = "RMG" SP trid [ SP list-version ] SP group CRLF`; the server adds the version up to MSNP9, some later too.
fn remove_group<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let words = framing::words(s.rest()).collect::<Vec<_>>();
    if words.len() >= 2 {
        version_if_number(s);
        if words.get(1).is_some_and(|word| is_guid(word)) {
            s.remark(VERSION_FIRST);
        }
    }
    Ok(Body::GroupRemoved { id: group_id(s)? })
}

/// `REG`: the client sends `SP trid SP group SP group-name [ SP "0" ]`; the server answers
/// `SP trid SP list-version SP group-id SP group-name SP "0"` (MSNP7–9). After that one server sends
/// `SP trid SP "1" SP group-name SP group-guid SP "0"`, and one client reads `SP trid SP group-guid SP group-name`.
fn rename_group<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let words = framing::words(s.rest()).collect::<Vec<_>>();
    let name_first = words.get(2).is_some_and(|w| is_guid(w));
    if name_first || words.len() >= 4 {
        version_if_number(s);
    }
    let (id, name) = if name_first {
        let name = group_name(s)?;
        let id = group_id(s)?;
        s.remark(NAME_BEFORE_ID);
        (id, name)
    } else {
        (group_id(s)?, group_name(s)?)
    };
    let _ = s.optional(GROUP_RESERVED, word);
    Ok(Body::GroupNamed { id: Some(id), name })
}

/// `REA = "REA" SP trid [ SP list-version ] SP account SP nick CRLF`; MSNP2–9, the server adds the list version.
fn rename<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    version_if_number(s);
    Ok(Body::Renamed { account: account_arg(s)?, nick: nick_arg(s)? })
}

/// `ADL = "ADL" SP trid SP ( "OK" / length ) CRLF [ payload ]`; `RML` and `FQY` are the same. MSNP13 and later.
fn document<'a>(s: &mut Scribe<'a, '_>, verb: Verb) -> Read<Body<'a>> {
    if s.optional(RESULT, exactly("OK")).is_some() {
        return Ok(Body::Other);
    }
    length(s)?;
    Ok(match verb {
        verb::ADL => Body::MembersAdded,
        verb::RML => Body::MembersRemoved,
        _ => Body::Other,
    })
}

/// `1*( SP tag "=" value )`, in any order; an empty value stands for none.
fn tagged<'a>(s: &mut Scribe<'a, '_>) -> Read<Contact<'a>> {
    let mut contact = Contact::default();
    if !is_tagged(s.peek_word()) {
        contact.account = Some(account_arg(s)?);
        return Ok(contact);
    }
    while let [tag @ (b'N' | b'F' | b'C'), b'=', value @ ..] = s.peek_word() {
        s.skip(2);
        match (value.is_empty(), tag) {
            (true, _) => {}
            (false, b'N') => contact.account = Some(account_arg(s)?),
            (false, b'F') => contact.nick = Some(s.arg(NICK, EXPECTED_NICK, nick)?),
            (false, _) => contact.id = Some(word_arg(s, CONTACT_ID)?),
        }
    }
    Ok(contact)
}

/// `groups = [ SP group *( "," group ) ]`
fn groups<'a>(s: &mut Scribe<'a, '_>) -> Vec<Word<'a>> {
    let word = s.peek_word();
    let mut groups = Vec::new();
    for (index, id) in word.split(|b| *b == b',').enumerate() {
        s.skip(usize::from(index > 0));
        if !id.is_empty() {
            groups.push(s.take(GROUP_ID, id.len(), Word(id)));
            name_default_group(s, id);
        }
    }
    groups
}

fn group_id<'a>(s: &mut Scribe<'a, '_>) -> Read<Word<'a>> {
    let id = s.arg(GROUP_ID, EXPECTED_GROUP, word)?;
    name_default_group(s, id.0);
    Ok(id)
}

/// Groups are numbered up to MSNP9, and the first of them is always there.
fn name_default_group(s: &mut Scribe<'_, '_>, id: &[u8]) {
    if id == b"0" {
        s.label(DEFAULT_GROUP);
    }
}

fn group_name<'a>(s: &mut Scribe<'a, '_>) -> Read<Nick<'a>> {
    s.arg(GROUP_NAME, EXPECTED_NICK, nick)
}

fn version_if_number(s: &mut Scribe<'_, '_>) {
    if is_number(s.peek_word()) {
        let _ = s.optional(LIST_VERSION, word);
    }
}

fn is_tagged(word: &[u8]) -> bool {
    matches!(word, [b'N' | b'F' | b'C', b'=', ..])
}

/// True for a word of digits.
pub(super) fn is_number(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(u8::is_ascii_digit)
}

/// `guid = 8HEXDIG "-" 4HEXDIG "-" 4HEXDIG "-" 4HEXDIG "-" 12HEXDIG`
fn is_guid(word: &[u8]) -> bool {
    let parts = word.split(|b| *b == b'-');
    let hexadecimal = |part: &[u8]| part.iter().all(u8::is_ascii_hexdigit);
    parts.clone().map(<[u8]>::len).eq([8, 4, 4, 4, 12]) && parts.into_iter().all(hexadecimal)
}
