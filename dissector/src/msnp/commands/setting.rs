//! Settings and properties: what an account has chosen or stored about itself, and about its contacts.
//!
//! Comes in: the words after the verb of `GTC`, `BLP`, `PRP` and `BPR`, and the tail of `SBP`. The server reports all of
//! them during `SYN` without a TrID (MSNP8 and later), and confirms changes with one.
//!
//! Source: protocol reference, commands 7.2, and tables 9, 10.

use super::contacts::{LIST_VERSION, is_number};
use crate::msnp::command::{account_arg, trid, word_arg};
use crate::msnp::field::NICK;
use crate::msnp::token::{Coded, EXPECTED_WORD, Nick, Word, capitals, coded, nick};
use crate::msnp::{Body, Dialect, Setting, Verb, framing, verb};
use crate::tree::{FieldId, Kind, Read, Scribe, TextId, fields, texts};

fields! {
    family 9;
    /// Which state of the settings this is: the time of the last change, or 0; client and server send it in SYN, MSNP10
    /// to MSNP12. The list has a version of its own.
    SETTINGS_VERSION: Kind::Text => "msnp.settings.version", "Settings version";
    /// What the client is to do when somebody adds it: A ask, N say nothing. Stored at the server up to MSNP12, obeyed by the client.
    WHEN_ADDED: Kind::Text => "msnp.settings.when_added", "When somebody adds one";
    /// What people on no list may do: AL see and write, BL neither. Both sides send it, MSNP2 to MSNP20.
    STRANGERS: Kind::Text => "msnp.settings.strangers", "People on no list";
    /// Which property a command is about, three letters: PHH, PHW and PHM are phone numbers, MOB and MBE concern
    /// messages to the phone, WWE the watch, MFN is the display name, HSB the blog. Client and server send it, from
    /// MSNP5 on.
    PROPERTY: Kind::Text => "msnp.property", "Property";
    /// What the property is set to; nothing means that it was cleared. Client and server send it, from MSNP5 on. On the
    /// wire percent-encoded UTF-8; shown here decoded.
    PROPERTY_VALUE: Kind::Text => "msnp.property.value", "Property value", Personal;
}

texts! {
    EXPECTED_PROPERTY = "expected.property", "a property of three capital letters";
    ADDED_ASK = "when_added.A", "ask";
    ADDED_SILENT = "when_added.N", "say nothing";
    STRANGERS_ALLOWED = "strangers.AL", "allowed";
    STRANGERS_BLOCKED = "strangers.BL", "blocked";
    PROPERTY_PHH = "property.PHH", "phone at home";
    PROPERTY_PHW = "property.PHW", "phone at work";
    PROPERTY_PHM = "property.PHM", "mobile phone";
    PROPERTY_MOB = "property.MOB", "others may write to the mobile phone";
    PROPERTY_MBE = "property.MBE", "mobile phone set up for messages";
    PROPERTY_WWE = "property.WWE", "MSN Direct watch";
    PROPERTY_MFN = "property.MFN", "display name";
    PROPERTY_HSB = "property.HSB", "has a blog";
    NO_TRID = "property.version-alone", "taken as the list version; sources disagree whether a transaction id stands before it up to MSNP7";
    YES = "property.Y", "yes";
    NO = "property.N", "no";
}

/// `GTC = "GTC" SP trid SP setting CRLF` from the client; `BLP` is the same.
///
/// From the server the TrID may be missing (during `SYN`, MSNP8 and later), or be followed by the list version (MSNP2–7).
///
/// # Errors
/// Stops when there is no setting.
pub(super) fn switch<'a>(
    s: &mut Scribe<'a, '_>,
    verb: Verb,
    to_server: bool,
    trid_out: &mut Option<u32>,
) -> Read<Body<'a>> {
    let words = framing::words(s.rest()).count();
    if !to_server && words >= 2 {
        *trid_out = Some(trid(s)?);
    }
    if words >= 3 {
        word_arg(s, LIST_VERSION)?;
    }
    Ok(Body::Setting(match verb {
        verb::GTC => Setting::WhenAdded(Word(s.arg(WHEN_ADDED, EXPECTED_WORD, coded(added_meaning))?.0)),
        _ => Setting::Strangers(Word(s.arg(STRANGERS, EXPECTED_WORD, coded(strangers_meaning))?.0)),
    }))
}

/// `PRP = "PRP" SP trid SP property [ SP value ] CRLF`, from the client.
///
/// # Errors
/// Stops when there is no property.
pub(super) fn own_property<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let code = property(s)?;
    let field = if code.0 == b"MFN" { NICK } else { PROPERTY_VALUE };
    Ok(Body::Property { account: None, contact: None, code: Word(code.0), value: value(s, field, code.0) })
}

/// `PRP = "PRP" [ SP trid ] [ SP list-version ] SP property [ SP value ] CRLF`, from the server.
///
/// Two numbers are TrID and version (MSNP5–9, and perhaps during `SYN` up to MSNP7). One number is the TrID, except that
/// some sources have the version alone during `SYN` up to MSNP7. None: during `SYN`, from MSNP8 on.
///
/// # Errors
/// Stops when there is no property.
pub(super) fn reported_property<'a>(
    s: &mut Scribe<'a, '_>,
    dialect: Option<Dialect>,
    trid_out: &mut Option<u32>,
) -> Read<Body<'a>> {
    let numbers = framing::words(s.rest()).take_while(|word| is_number(word)).count();
    let version_alone = numbers == 1 && dialect.is_some_and(|d| d <= Dialect(7));
    if numbers >= 1 && !version_alone {
        *trid_out = Some(trid(s)?);
    }
    if numbers >= 2 || version_alone {
        word_arg(s, LIST_VERSION)?;
    }
    if version_alone {
        s.remark(NO_TRID);
    }
    own_property(s)
}

/// `BPR = "BPR" [ SP list-version ] [ SP account ] SP property [ SP value ] CRLF`, from the server, MSNP5–12.
///
/// Without an account it is about the contact of the `LST` before it.
///
/// # Errors
/// Stops when there is no property.
pub(super) fn contact_property<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    if is_number(s.peek_word()) {
        word_arg(s, LIST_VERSION)?;
    }
    let named = s.peek_word().contains(&b'@') || s.peek_word().contains(&b':');
    let account = if named { Some(account_arg(s)?) } else { None };
    let code = property(s)?;
    Ok(Body::Property { account, contact: None, code: Word(code.0), value: value(s, PROPERTY_VALUE, code.0) })
}

/// `property = 3UPALPHA`
///
/// # Errors
/// Stops when there is none.
pub(super) fn property<'a>(s: &mut Scribe<'a, '_>) -> Read<Coded<'a>> {
    s.arg(PROPERTY, EXPECTED_PROPERTY, capitals(3, property_name))
}

/// The value of a property, if there is one.
pub(super) fn value<'a>(s: &mut Scribe<'a, '_>, field: FieldId, code: &[u8]) -> Option<Nick<'a>> {
    let value = s.optional(field, nick)?;
    let meaning = match (code, value.wire) {
        (b"MOB" | b"MBE", b"Y") | (b"HSB", b"1") => Some(YES),
        (b"MOB" | b"MBE", b"N") | (b"HSB", b"0") => Some(NO),
        _ => None,
    };
    if let Some(meaning) = meaning {
        s.label(meaning);
    }
    Some(value)
}

fn added_meaning(setting: &[u8]) -> Option<TextId> {
    match setting {
        b"A" => Some(ADDED_ASK),
        b"N" => Some(ADDED_SILENT),
        _ => None,
    }
}

fn strangers_meaning(setting: &[u8]) -> Option<TextId> {
    match setting {
        b"AL" => Some(STRANGERS_ALLOWED),
        b"BL" => Some(STRANGERS_BLOCKED),
        _ => None,
    }
}

/// What a property is about, by its three letters.
#[must_use]
pub fn property_name(code: &[u8]) -> Option<TextId> {
    Some(match code {
        b"PHH" => PROPERTY_PHH,
        b"PHW" => PROPERTY_PHW,
        b"PHM" => PROPERTY_PHM,
        b"MOB" => PROPERTY_MOB,
        b"MBE" => PROPERTY_MBE,
        b"WWE" => PROPERTY_WWE,
        b"MFN" => PROPERTY_MFN,
        b"HSB" => PROPERTY_HSB,
        _ => return None,
    })
}
