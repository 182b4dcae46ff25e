//! Switchboards: being called, calling, entering, who is there, messages and their acknowledgement.
//!
//! Source: protocol reference, commands 7.5 and 7.7, and sessions 8.

use super::login::{COOKIE, scheme, switchboard_tail};
use crate::msnp::command::{account_arg, length, nick_arg, word_arg};
use crate::msnp::field::TRID;
use crate::msnp::token::{EXPECTED_NUMBER, EXPECTED_WORD, Word, coded_number, exactly, number, word};
use crate::msnp::value::address::address_as;
use crate::msnp::value::capability::capabilities_arg;
use crate::msnp::{Body, Context, Direction, Joined, Verb, verb};
use crate::tree::{Base, Kind, Read, Record, Scribe, Text, Value, fields, lossy, names, texts};

fields! {
    family 2;
    /// Identifies a chat room on all its members' connections; the server chooses it, MSNP2 to MSNP20: decimal on the
    /// old service, hexadecimal text on present ones. Links RNG, ANS and CAL; with other commands of the room it is a fact
    /// of the capture, once one of these has named it.
    SESSION: Kind::Text => "msnp.sb.session", "Chat room";
    /// Host and TCP port of the switchboard that waits for the invited client; sent by the notification server in RNG,
    /// port 1863 where none is written. MSNP2 to MSNP20.
    SB_ADDRESS: Kind::Text => "msnp.sb.address", "Switchboard address";
    /// The switchboard’s answer to an invitation (CAL), MSNP2 to MSNP20: RINGING while the invited person is being
    /// called.
    CALL_STATUS: Kind::Text => "msnp.sb.call_status", "Call status";
    /// OK: the switchboard’s word that the client is in the room; it answers USR of the one who asked for the room and
    /// ANS of the one who was invited, MSNP2 to MSNP20.
    ENTERED: Kind::Text => "msnp.sb.entered", "Entered";
    /// Which line of the room’s roster (IRO) this is, counted from 1; the switchboard sends one for each person who is
    /// there already, MSNP2 to MSNP20.
    INDEX: Kind::Uint32(Base::Dec) => "msnp.sb.index", "Index";
    /// How many lines the roster has, as the switchboard counts them; from MSNP16 lines count devices, not people.
    TOTAL: Kind::Uint32(Base::Dec) => "msnp.sb.total", "Total";
    /// Why somebody left: 1 means that the room was closed because nobody had said anything for a while. The
    /// switchboard sends it, MSNP2 to MSNP20.
    IDLE: Kind::Uint32(Base::Dec) => "msnp.sb.idle", "Closed for idleness" in REASONS;
    /// Which confirmation the sender of a message wants: U none, N only of failure, A and D of both, S only of success.
    /// The client sends it with MSG; D from MSNP9 on.
    MODE: Kind::Text => "msnp.msg.mode", "Acknowledgement mode";
    /// Who sends a message (MSG): the account that the server names, in every dialect, or “Hotmail” for the service
    /// itself; of the client’s own messages the account with which it entered the chat room, a fact of the capture. Of a
    /// datagram (SDG) the account in its header From.
    SENDER: Kind::Text => "msnp.msg.sender", "Sender";
}

texts! {
    MODE_U = "mode.U", "wants no confirmation";
    MODE_N = "mode.N", "wants to know if it fails";
    MODE_A = "mode.A", "wants to know whether it arrived";
    MODE_D = "mode.D", "wants to know whether it arrived; peer-to-peer data";
    MODE_S = "mode.S", "wants to know if it arrived";
    CLOSED_IDLE = "bye.1", "nobody had said anything for a while";
    RINGING = "call.ringing", "the person is being called";
    SERVICE = "sender.service", "the service itself";
}

/// An acknowledgement mode.
struct Mode<'a>(&'a [u8]);

impl Record for Mode<'_> {
    fn value(&self) -> Value {
        Value::Text(lossy(self.0))
    }

    fn label(&self) -> Option<Text> {
        let text = match self.0 {
            b"U" => MODE_U,
            b"N" => MODE_N,
            b"A" => MODE_A,
            b"D" => MODE_D,
            b"S" => MODE_S,
            _ => return None,
        };
        Some(text.text())
    }
}

/// Reads what follows the verb, and the TrID where there is one.
///
/// # Errors
/// Stops at the first argument that is not what the grammar says.
pub fn arguments<'a>(s: &mut Scribe<'a, '_>, verb: Verb, context: &Context) -> Read<Body<'a>> {
    match (verb, context.direction) {
        (verb::RNG, _) => ring(s),
        (verb::CAL, Direction::ToServer) => account_arg(s).map(|account| Body::Call { account }),
        (verb::CAL, _) => call_status(s),
        (verb::ANS, Direction::ToServer) => answer(s),
        (verb::ANS, _) => s.arg(ENTERED, EXPECTED_WORD, exactly("OK")).map(|_| Body::RoomEntered),
        (verb::IRO, _) => roster(s),
        (verb::JOI, _) => join(s, false),
        (verb::BYE, _) => bye(s),
        (verb::MSG, Direction::ToServer) => message_out(s),
        (verb::MSG, Direction::ToClient) => message_in(s),
        (verb::MSG, Direction::Unknown) => message_either(s),
        (verb::ACK, _) => Ok(Body::Delivered),
        (verb::NAK, _) => Ok(Body::NotDelivered),
        _ => Ok(Body::Other),
    }
}

/// `RNG = "RNG" SP session SP address SP scheme SP cookie SP account SP nick [ SP transport SP domain [ SP direct ] ] CRLF`
fn ring<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let (session, address) = (word_arg(s, SESSION)?, address_as(s, SB_ADDRESS)?);
    scheme(s)?;
    let (cookie, account, nick) = (word_arg(s, COOKIE)?, account_arg(s)?, nick_arg(s)?);
    switchboard_tail(s);
    Ok(Body::Ring { session, address, cookie, account, nick })
}

/// `CAL = "CAL" SP trid SP "RINGING" SP session CRLF`, from the server.
fn call_status<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    if word_arg(s, CALL_STATUS)?.0 == b"RINGING" {
        s.label(RINGING);
    }
    Ok(Body::Ringing { session: word_arg(s, SESSION)? })
}

/// `ANS = "ANS" SP trid SP account SP cookie SP session CRLF`, from the client.
fn answer<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let account = account_arg(s)?;
    let (cookie, session) = (word_arg(s, COOKIE)?, word_arg(s, SESSION)?);
    Ok(Body::RoomEntry { account, cookie, session: Some(session) })
}

/// `IRO = "IRO" SP trid SP index SP total SP account SP nick [ SP capabilities ] CRLF`
fn roster<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    s.arg(INDEX, EXPECTED_NUMBER, number)?;
    s.arg(TOTAL, EXPECTED_NUMBER, number)?;
    join(s, true)
}

/// `JOI = "JOI" SP account SP nick [ SP capabilities ] CRLF`
fn join<'a>(s: &mut Scribe<'a, '_>, already: bool) -> Read<Body<'a>> {
    let (account, nick) = (account_arg(s)?, nick_arg(s)?);
    let capabilities = capabilities_arg(s);
    Ok(Body::Joined(Joined { account, nick, capabilities, already }))
}

names! {
    /// Why somebody left.
    REASONS, reason;
    1 => CLOSED_IDLE,
}

/// `BYE = "BYE" SP account [ SP idle ] CRLF`
fn bye<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let account = account_arg(s)?;
    let idle = s.optional(IDLE, coded_number(reason)).is_some();
    Ok(Body::Left { account, idle })
}

/// `MSG = "MSG" SP trid SP mode SP length CRLF payload`, from the client; the TrID is already read.
fn message_out<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let mode = s.arg(MODE, EXPECTED_WORD, |input| word(input).map(|(left, w)| (left, Mode(w.0))))?;
    length(s)?;
    Ok(Body::MessageOut { mode: Word(mode.0) })
}

/// `MSG = "MSG" SP sender SP nick SP length CRLF payload`, from the server.
fn message_in<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    if !s.peek_word().contains(&b'@') {
        word_arg(s, SENDER)?;
        s.label(SERVICE);
        nick_arg(s)?;
        length(s)?;
        return Ok(Body::ServiceMessage);
    }
    let account = account_arg(s)?;
    let span = s.span(s.position().saturating_sub(account.0.len()), s.position());
    s.generated(SENDER, span, Value::Text(lossy(account.name())), None);
    let nick = nick_arg(s)?;
    length(s)?;
    Ok(Body::MessageIn { account, nick })
}

/// Without a direction, a number and a single capital letter after the verb mean a client.
fn message_either<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    if s.peek_word().iter().all(u8::is_ascii_digit) {
        s.attempt(|s| {
            let _ = s.optional(TRID, number);
            message_out(s)
        })
    } else {
        message_in(s)
    }
}
