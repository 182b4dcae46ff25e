//! Control messages between devices and people: the payload of `UUN` and `UBN`, from MSNP13 on.
//!
//! Comes in: the type from the line, which alone says what the payload is. Goes out: its fields, and the words that sign
//! a device out as typed values.
//!
//! Source: protocol reference, messages 7.4, tables 8, commands 7.5; SLP 8. Types 3 and 10 may carry MSNSLP, which is read
//! elsewhere. Whether type 8 signs devices out like type 4 the sources disagree on; such words are named
//! under either.

use std::ops::Range;

use super::{plain, xml};
use crate::msnp::Content;
use crate::msnp::coding::base64;
use crate::msnp::field::ACCOUNT;
use crate::msnp::framing::without_line_end;
use crate::msnp::p2p::slp;
use crate::msnp::token::{Coded, Word, account};
use crate::msnp::value::account as accounts;
use crate::tree::{Kind, Scribe, TextId, experts, fields, lossy, texts};

fields! {
    family 41;
    /// Words by which a client signs out other devices of its account: it says goawyplzthxbye to one of them, gtfo to
    /// all others. From MSNP16 on.
    SIGN_OUT: Kind::Text => "msnp.control.sign_out", "Sign-out";
    /// The chat whose window was closed on another device: an account, or the number of a chat room. A client tells the
    /// other devices of its account (UUN and UBN of type 5).
    CLOSED_CHAT: Kind::Text => "msnp.control.chat", "Closed chat", Account;
    /// A host name behind the chat that was closed on another device (UUN and UBN of type 5); a client sends it, its
    /// role is not documented.
    CLOSED_HOST: Kind::Text => "msnp.control.host", "Host";
    /// A number behind the account whose contact request was answered on another device, whose client sends it; its
    /// meaning is not documented.
    ANSWER: Kind::Text => "msnp.control.answer", "Number of the answer";
    /// Peer-to-peer signalling through the notification server that is no MSNSLP text (UUN and UBN of type 3), from
    /// MSNP13 on.
    PEER_TO_PEER: Kind::Bytes => "msnp.control.p2p", "Peer-to-peer signalling", Text;
    /// What clients say to each other about a TURN relay for calls, when it is no MSNSLP text (UUN and UBN of type 10);
    /// its form is not documented.
    TURN: Kind::Text => "msnp.control.turn", "TURN relay", Personal;
    /// A SIP message by which one program calls another for talk or video, in base64 as it stands; what it says is a source of its
    /// own. Either program sends it, from MSNP13 on.
    SIP_ENCODED: Kind::Text => "msnp.sip.encoded", "SIP message in base64", Personal;
    /// First line of a SIP message by which one program calls another, from MSNP13 on: what is asked, of whom, or the
    /// answer with its code of three digits.
    SIP_START: Kind::Text => "msnp.sip.start", "SIP start line", Personal;
    /// A header of a SIP message by which one program calls another, from MSNP13 on, name and value as they stand; RFC
    /// 3261 explains them.
    SIP_HEADER: Kind::Text => "msnp.sip.header", "SIP header", Header;
    /// A line of the body of a SIP message, from the program that calls or answers: one letter, an equals sign and a
    /// value, such as a network address to call.
    SIP_LINE: Kind::Text => "msnp.sip.session", "Session description", Personal;
}

experts! {
    NO_WORD: Note, Protocol => "msnp.expert.sign-out-word", "expected goawyplzthxbye or gtfo, found “{0}”";
}

texts! {
    LEAVE = "control.word.leave", "this device is to sign out";
    DECODED = "source.sip", "Decoded SIP message";
    LEAVE_ALONE = "control.word.leave-alone", "this device is to sign out, and to allow no second one";
    OTHERS_LEAVE = "control.word.others", "all other devices are to sign out";
}

/// Lines of a SIP message that are looked at.
const LINE_CEILING: usize = 1000;

/// Reads a payload of this type.
pub fn control(s: &mut Scribe<'_, '_>, kind: u32) -> Content {
    match kind {
        1 => xml::set_up(s),
        2 | 11 | 12 => call(s),
        3 | 10 if slp::is_slp(s.rest()) => return slp::content(s),
        3 => s.rest_as_bytes(PEER_TO_PEER),
        4 => return sign_out(s),
        8 if word_name(s.rest().trim_ascii()).is_some() => return sign_out(s),
        5 => closed(s),
        7 => answered(s),
        10 => rest(s, TURN),
        _ => plain(s),
    }
    Content::Nothing
}

fn rest(s: &mut Scribe<'_, '_>, field: crate::tree::FieldId) {
    let rest = s.rest();
    if !rest.is_empty() {
        s.take(field, rest.len(), Word(rest));
    }
}

/// `sign-out = "goawyplzthxbye" [ "-nomorempop" ] / "gtfo"`
fn sign_out(s: &mut Scribe<'_, '_>) -> Content {
    let words = s.rest();
    let meaning = word_name(words.trim_ascii());
    if meaning.is_none() {
        s.expert_at(NO_WORD, s.here(words.len()), [lossy(words.get(..24).unwrap_or(words)).into()]);
    }
    s.take(SIGN_OUT, words.len(), Coded(words, meaning));
    Content::Control { text: lossy(words.trim_ascii()) }
}

fn word_name(word: &[u8]) -> Option<TextId> {
    Some(match word {
        b"goawyplzthxbye" => LEAVE,
        b"goawyplzthxbye-nomorempop" => LEAVE_ALONE,
        b"gtfo" => OTHERS_LEAVE,
        _ => return None,
    })
}

/// `closed = ( account / session ) ";" host`
fn closed(s: &mut Scribe<'_, '_>) {
    let end = memchr::memchr(b';', s.rest()).unwrap_or(s.rest().len());
    let chat = s.rest().get(..end).unwrap_or_default();
    if !chat.is_empty() {
        s.take(CLOSED_CHAT, end, Word(chat));
    }
    s.skip(1.min(s.rest().len()));
    rest(s, CLOSED_HOST);
}

/// `answered = account SP number`
fn answered(s: &mut Scribe<'_, '_>) {
    let word = s.peek_word();
    if let Ok((_, found)) = account(word) {
        accounts::record(s, ACCOUNT, found);
        s.sp();
    }
    rest(s, ANSWER);
}

/// `call = sip / BASE64(sip) / XML in which BASE64(sip) stands`
fn call(s: &mut Scribe<'_, '_>) {
    let (rest, start) = (s.rest(), s.position());
    let encoded = |place: Range<usize>| {
        let decoded = base64(rest.get(place.clone())?.trim_ascii()).filter(|decoded| is_sip(decoded))?;
        Some((place, decoded))
    };
    let found = if rest.trim_ascii_start().starts_with(b"<") {
        let found = texts_in(rest).find_map(encoded);
        xml::document(s);
        found
    } else {
        let found = encoded(0..rest.len());
        match &found {
            Some(_) => drop(s.take(SIP_ENCODED, rest.len(), Word(rest))),
            None => sip(s),
        }
        found
    };
    if let Some((place, decoded)) = found {
        let span = s.span(start + place.start, start + place.end);
        s.within(DECODED.text(), span, decoded, sip);
    }
}

/// Where in a document the texts between its tags stand.
fn texts_in(document: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + memchr::memchr(b'>', document.get(at..)?)? + 1;
        at = start + memchr::memchr(b'<', document.get(start..)?)?;
        Some(start..at)
    })
}

/// Whether this looks like a SIP message: three words in a line, and behind them a header. Not by its words, which may be
/// pseudonyms.
fn is_sip(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let readable = |line: &[u8]| line.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
    let words = first.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).count();
    words >= 3 && readable(first) && readable(second) && memchr::memchr(b':', second).is_some()
}

/// `sip = start-line CRLF *( header CRLF ) [ CRLF *( line CRLF ) ]`
fn sip(s: &mut Scribe<'_, '_>) {
    let mut field = SIP_START;
    for _ in 0..LINE_CEILING {
        let Some(line) = s.rest().split_inclusive(|byte| *byte == b'\n').next() else { return };
        let text = without_line_end(line);
        if text.is_empty() {
            field = if field == SIP_START { SIP_START } else { SIP_LINE };
        } else {
            s.take(field, text.len(), Word(text));
            field = if field == SIP_START { SIP_HEADER } else { field };
        }
        s.skip(line.len() - text.len());
    }
    plain(s);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Recording;

    #[test]
    fn only_words_that_sign_out_are_told() {
        let read = |kind: u32, payload: &str| control(&mut Scribe::new(payload.as_bytes(), Recording::Nothing), kind);
        let said = |text: &str| Content::Control { text: text.to_owned() };
        assert_eq!(read(4, "goawyplzthxbye"), said("goawyplzthxbye"));
        assert_eq!(read(4, "gtfo\r\n"), said("gtfo"));
        assert_eq!(read(4, "please"), said("please"));
        assert_eq!(read(8, "gtfo"), said("gtfo"));
        assert_eq!(read(8, "please"), Content::Nothing);
        assert_eq!(read(6, "gtfo"), Content::Nothing);
    }
}
