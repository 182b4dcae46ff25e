//! Any command: the line's verb and TrID, the family that reads the rest, the payload, and what is left over.

use super::commands::{contacts, login, presence, service, switchboard};
use super::p2p::direct::direct;
use super::p2p::msnftp::file_transfer;
use super::p2p::turn::relayed;
use super::p2p::udp::datagram;
use super::p2p::webcam::webcam;
use super::token::{
    Account, CodedNumber, EXPECTED_LENGTH, EXPECTED_NICK, EXPECTED_TRID, EXPECTED_WORD, Nick, Word, nick, number, word,
};
use super::value::account::account_as;
use super::{
    Body, Content, Context, Direction, Message, Pdu, PduKind, Verb, error_code, framing, payload, sequence, verb,
};
use crate::tree::{
    Arg, Base, Dissected, Expert, Group, Kind, Read, Recording, Scribe, Stop, experts, fields, lossy, texts,
};

fields! {
    family 0;
    /// Three capital letters that name the command, or the three digits of an error. Both sides send it, in every dialect.
    VERB: Kind::Text => "msnp.verb", "Verb";
    /// Transaction id: a decimal number below 2^32 that the client chooses and the server repeats in its answer. 0
    /// means that the server started this. In every dialect.
    TRID: Kind::Uint32(Base::Dec) => "msnp.trid", "Transaction ID";
    /// Login name of a person, written like an e-mail address; client and server write it, in every dialect. From
    /// MSNP16 a device may follow after a semicolon, from MSNP18 the network's number stands in front with a colon. With a
    /// message that the client writes in a chat room (MSG) it is its own, a fact of the capture.
    ACCOUNT: Kind::Text => "msnp.account", "Account", Account;
    /// The name a person shows to others, in UTF-8; client and server send it, in every dialect. In lines blanks and
    /// some signs are percent-encoded, in documents they are character references; shown here decoded.
    NICK: Kind::Text => "msnp.nick", "Display name", Name;
    /// How many bytes of payload follow the line, in decimal; always the last argument of a command that has a payload.
    /// Client and server send it, from MSNP2 on.
    LENGTH: Kind::Uint32(Base::Dec) => "msnp.length", "Payload length";
    /// An argument whose meaning at this place is not documented, or one more than the command is known to have; from
    /// client or server, in any dialect.
    ARGUMENT: Kind::Text => "msnp.argument", "Argument", Text;
    /// The bytes that follow the line, as many as its last argument says; text, headers with a body, XML or binary
    /// data, by the verb. Both sides send it, from MSNP2 on.
    PAYLOAD: Kind::Group => "msnp.payload", "Payload";
    /// Payload of a command of either side that is text, of a kind that is not taken apart further.
    PAYLOAD_TEXT: Kind::Text => "msnp.payload.text", "Payload text", Text;
    /// Payload of a command of either side that is not text, of a kind that is not taken apart further, such as a piece
    /// of a file.
    PAYLOAD_DATA: Kind::Bytes => "msnp.payload.data", "Payload data", Text;
    /// Bytes of client or server that could not be understood at this place; a finding of the command says what was
    /// expected instead.
    UNDECODED: Kind::Bytes => "msnp.undecoded", "Not understood", Text;
    /// What went wrong, as a number of three digits, sent by the server in place of a verb, in every dialect.
    ERROR_CODE: Kind::Uint32(Base::Dec) => "msnp.error", "Error code" in error_code::CODES;
    /// The server’s word that it did what was asked, always OK. It stands where other answers have the length of a payload; in most families from MSNP13 on.
    RESULT: Kind::Text => "msnp.result", "Result";
}

experts! {
    UNKNOWN_VERB: Warn, Undecoded => "msnp.expert.unknown-verb", "expected a command of MSNP, found “{0}”";
    WRONG_DIRECTION: Warn, Protocol => "msnp.expert.wrong-direction", "expected a command that a {1} is known to send, found {0}";
    WRONG_SERVER: Note, Protocol => "msnp.expert.wrong-server", "expected a command of a {1}, for which this connection was taken, found {0}";
    EXTRA_ARGUMENT: Note, Protocol => "msnp.expert.extra-argument", "expected {1} arguments after {0}, found {2}";
    MISSING_ARGUMENT: Warn, Protocol => "msnp.expert.missing-argument", "expected arguments after {0}: at least {1}, found {2}";
    PAYLOAD_CUT: Warn, Reassemble => "msnp.expert.payload-cut", "expected {1} bytes of payload, as {0} announces, found {2}";
    ABSURD_LENGTH: Error, Malformed => "msnp.expert.absurd-length", "expected a credible length, found that {0} promises {1} bytes of payload: no real command is that long, so the number is not believed";
    SKIPPED: Warn, Reassemble => "msnp.expert.skipped", "expected the start of a command, found {0} bytes with no credible one; they are passed over";
    PAYLOAD_REST: Note, Reassemble => "msnp.expert.payload-rest", "expected a command, found {0} more bytes of the payload of the command before; what was between them is missing";
    BESIDE: Warn, Protocol => "msnp.expert.beside", "expected the HTTP gateway's messages, found {0} bytes that are no part of the conversation";
    UNFINISHED: Warn, Reassemble => "msnp.expert.unfinished", "expected the end of the line, found that of the bytes, after {0} of them";
    ERROR_ANSWER: Note, Response => "msnp.expert.error", "the server answers {0}: {1}";
    AFTER_GAP: Note, Reassemble => "msnp.expert.after-gap", "expected the bytes that come right before this command, found that they are missing";
}

texts! {
    SENDER_CLIENT = "sender.client", "client";
    SENDER_SERVER = "sender.server", "server";
    ARGUMENT_NUMBER = "argument.number", "argument {0}";
    UNASKED = "trid.0", "started by the server";
    ERROR_TO = "error.to", "{0} to {1}";
    ERROR_UNEXPLAINED = "error.unexplained", "no documentation explains this code";
}

/// A PDU taken apart.
#[derive(Debug, Clone)]
pub struct Dissection<'a> {
    /// Typed values.
    pub message: Message<'a>,
    /// The annotated tree.
    pub tree: Dissected,
}

/// Takes a PDU apart. A pure function: the same PDU and context give the same result, whenever it is asked.
#[must_use]
pub fn dissect<'a>(pdu: &Pdu<'a>, context: &Context, recording: Recording<'_>) -> Dissection<'a> {
    let mut scribe = Scribe::new(pdu.bytes, recording);
    let message = read(&mut scribe, pdu, context);
    Dissection { message, tree: scribe.finish() }
}

fn read<'a>(s: &mut Scribe<'a, '_>, pdu: &Pdu<'a>, context: &Context) -> Message<'a> {
    if context.after_gap {
        s.expert_at(AFTER_GAP, s.here(pdu.bytes.len()), []);
    }
    let stray = match pdu.kind {
        PduKind::Command => None,
        PduKind::Direct => return peers(s, pdu, direct),
        PduKind::FileTransfer => return peers(s, pdu, file_transfer),
        PduKind::Relay => return peers(s, pdu, relayed),
        PduKind::Udp => return peers(s, pdu, datagram),
        PduKind::Webcam => return peers(s, pdu, webcam),
        PduKind::Skipped => Some(SKIPPED),
        PduKind::PayloadRest => Some(PAYLOAD_REST),
        PduKind::Unfinished => Some(UNFINISHED),
        PduKind::Beside => Some(BESIDE),
    };
    if let Some(expert) = stray {
        s.expert_at(expert, s.here(pdu.bytes.len()), [pdu.bytes.len().into()]);
        s.rest_as_bytes(UNDECODED);
        return Message::default();
    }
    let text = pdu.line_text().len();
    let mut message = s.limit(text, UNDECODED, |s| line(s, context));
    s.skip(pdu.line.saturating_sub(text));
    message.content = payload_of(s, pdu, context, &message);
    message
}

/// What one program says to the other, without a server.
fn peers<'a>(s: &mut Scribe<'a, '_>, pdu: &Pdu<'a>, read: fn(&mut Scribe<'_, '_>, &Pdu<'_>) -> Content) -> Message<'a> {
    let content = read(s, pdu);
    s.rest_as_bytes(UNDECODED);
    Message { content, ..Message::default() }
}

/// `command = verb *( SP argument ) CRLF`
fn line<'a>(s: &mut Scribe<'a, '_>, context: &Context) -> Message<'a> {
    let first = s.peek_word();
    let Some(verb) = Verb::parse(first).filter(|v| v.decl().is_some() || v.is_error()) else {
        s.expert_at(UNKNOWN_VERB, s.here(first.len()), [lossy(first.get(..24).unwrap_or(first)).into()]);
        s.take(VERB, first.len(), Word(first));
        numbered(s);
        return Message { verb: Verb::parse(first), ..Message::default() };
    };
    let start = s.here(first.len());
    match verb.error_code() {
        Some(code) => error_code(s, verb, code, context),
        None => {
            s.take(VERB, first.len(), verb);
        }
    }
    let mut message = Message { verb: Some(verb), ..Message::default() };
    check_place(s, verb, context, start);
    sequence::check(s, verb, context, start);
    let words = s.rest();
    let (before, end) = (s.experts(), s.here(words.trim_ascii_end().len()).end);
    match arguments(s, verb, context, &mut message.trid) {
        Ok(body) => {
            message.body = body;
            sequence::check_offer(s, &message.body, context);
            let extra = framing::words(s.rest()).count();
            if extra > 0 {
                let found = framing::words(words).count();
                let about = [verb.to_string().into(), (found - extra).into(), found.into()];
                s.expert_at(EXTRA_ARGUMENT, s.here(s.rest().len()), about);
            }
        }
        Err(Stop) => {
            let least = verb.shape(context.direction).map_or(0, super::Shape::least);
            let found = framing::words(words).count();
            if found < least {
                // One word for one fault.
                s.withdraw(before, |expert| expert.span.start >= end && expert.id.decl().group == Group::Malformed);
                s.expert_at(MISSING_ARGUMENT, start, [verb.to_string().into(), least.into(), found.into()]);
            }
        }
    }
    numbered(s);
    message
}

fn check_place(s: &mut Scribe<'_, '_>, verb: Verb, context: &Context, span: crate::tree::Span) {
    let Some(shape) = verb.shape(context.direction) else {
        let sender = if context.direction == Direction::ToServer { SENDER_CLIENT } else { SENDER_SERVER };
        s.expert_at(WRONG_DIRECTION, span, [verb.to_string().into(), sender.text().into()]);
        return;
    };
    if !shape.fits(context.server) {
        s.expert_at(WRONG_SERVER, span, [verb.to_string().into(), context.server.name().into()]);
    }
}

fn arguments<'a>(s: &mut Scribe<'a, '_>, verb: Verb, context: &Context, trid_out: &mut Option<u32>) -> Read<Body<'a>> {
    if verb.is_error() {
        return Ok(error_arguments(s, verb, trid_out));
    }
    let shape = verb.shape(context.direction);
    if shape.is_some_and(super::Shape::has_trid) {
        *trid_out = Some(trid(s)?);
        if *trid_out == Some(0) && context.direction == Direction::ToClient {
            s.label(UNASKED);
        }
    }
    match verb {
        verb::VER | verb::INF | verb::CVR | verb::CVQ | verb::USR | verb::XFR | verb::SBS | verb::OUT | verb::QNG => {
            login::arguments(s, verb, context)
        }
        verb::CHL | verb::QRY | verb::GCF => login::arguments(s, verb, context),
        verb::CAL | verb::ANS | verb::IRO | verb::JOI | verb::BYE | verb::RNG | verb::MSG | verb::ACK | verb::NAK => {
            switchboard::arguments(s, verb, context)
        }
        verb::CHG | verb::ILN | verb::NLN | verb::FLN | verb::UBX | verb::UUX => presence::arguments(s, verb, context),
        verb::SYN
        | verb::LST
        | verb::LSG
        | verb::GTC
        | verb::BLP
        | verb::PRP
        | verb::BPR
        | verb::SBP
        | verb::ADC
        | verb::ADD
        | verb::REM
        | verb::ADG
        | verb::RMG
        | verb::REG
        | verb::REA
        | verb::ADL
        | verb::RML
        | verb::FQY => contacts::arguments(s, verb, context, trid_out),
        verb::PNG => Ok(Body::Other),
        verb::SND
        | verb::SDC
        | verb::FND
        | verb::URL
        | verb::IMS
        | verb::PAG
        | verb::PGD
        | verb::UUN
        | verb::UBN
        | verb::UUM
        | verb::UBM
        | verb::PUT
        | verb::DEL
        | verb::NFY
        | verb::SDG
        | verb::NOT
        | verb::VAS
        | verb::FSL
        | verb::IPG => service::arguments(s, verb, context),
        _ => {
            documented_elsewhere(s, shape.is_some_and(|s| s.payload));
            Ok(Body::Other)
        }
    }
}

/// The three digits, under the verb: what they mean, and which request they refuse.
fn error_code(s: &mut Scribe<'_, '_>, verb: Verb, code: u32, context: &Context) {
    let span = s.here(verb.0.len());
    let meaning = error_code::meaning(code);
    s.group_with(VERB, &verb, |s| {
        s.take(ERROR_CODE, verb.0.len(), CodedNumber(code, meaning));
        if let Some(doubt) = error_code::doubt(code) {
            s.remark(doubt);
        }
    });
    let refused: Arg = match context.answers {
        Some(request) => ERROR_TO.with([verb.to_string().into(), request.verb.to_string().into()]).into(),
        None => verb.to_string().into(),
    };
    s.expert_at(ERROR_ANSWER, span, [refused, meaning.unwrap_or(ERROR_UNEXPLAINED).text().into()]);
}

/// `error = 3DIGIT [ SP trid [ SP length / 1*( SP word ) ] ] CRLF`
///
/// The server leaves out the TrID of errors that no request caused. From MSNP13 a payload may follow; older servers were
/// allowed free text after the TrID.
fn error_arguments<'a>(s: &mut Scribe<'a, '_>, verb: Verb, trid_out: &mut Option<u32>) -> Body<'a> {
    let payload = framing::words(s.rest()).count() > 1;
    *trid_out = s.optional(TRID, number);
    documented_elsewhere(s, payload);
    verb.error_code().map_or(Body::Other, |code| Body::Error { code })
}

/// A command that is framed and named, but whose arguments are only numbered.
fn documented_elsewhere(s: &mut Scribe<'_, '_>, payload: bool) {
    let left = framing::words(s.rest()).count();
    if left == 0 {
        return;
    }
    let first = framing::words(s.behind()).count();
    for index in first..first + left {
        let last = index + 1 == first + left;
        if payload && last && s.optional(LENGTH, number).is_some() {
            return;
        }
        argument(s, index);
    }
}

/// Whatever is left of the line: arguments of which nothing is known, and blanks at the end.
fn numbered(s: &mut Scribe<'_, '_>) {
    documented_elsewhere(s, false);
    s.sp();
}

/// One argument, labelled with its place in the line: the first word after the verb, often the TrID, is 1.
fn argument(s: &mut Scribe<'_, '_>, index: usize) {
    if s.optional(ARGUMENT, word).is_some() {
        s.label(ARGUMENT_NUMBER.with([index.into()]));
    }
}

fn payload_of(s: &mut Scribe<'_, '_>, pdu: &Pdu<'_>, context: &Context, message: &Message<'_>) -> Content {
    let name = || message.verb.map(|v| v.to_string()).unwrap_or_default();
    if pdu.announced > framing::PAYLOAD_CEILING {
        s.expert_at(ABSURD_LENGTH, s.span(0, pdu.line), [name().into(), pdu.announced.into()]);
        s.rest_as_bytes(UNDECODED);
        return Content::Nothing;
    }
    let there = s.rest().len();
    if pdu.missing() > 0 {
        s.expert_at(PAYLOAD_CUT, s.here(there), [name().into(), pdu.announced.into(), there.into()]);
    }
    if there == 0 {
        return Content::Nothing;
    }
    let before = s.experts();
    let content = s.group(PAYLOAD, |s| {
        s.limit(there, UNDECODED, |s| match message.body {
            Body::Control { kind, .. } => payload::control::control(s, kind),
            _ => payload::read(s, message.verb, context, pdu),
        })
    });
    if pdu.missing() > 0 {
        s.withdraw(before, |expert| is_of_the_cut(expert, pdu.bytes.len()));
    }
    content
}

/// Whether a complaint about grammar is only due to the missing end: it is about the last bytes, about what they hold in
/// another form, or about a length that counts more.
fn is_of_the_cut(expert: &Expert, end: usize) -> bool {
    let reaches_end = expert.span.source != 0 || usize::try_from(expert.span.end) == Ok(end);
    expert.id.decl().group == Group::Malformed && (reaches_end || expert.id == payload::datagram::LENGTH_DIFFERS)
}

/// `trid = 1*10DIGIT`
///
/// # Errors
/// Stops when there is none.
pub(super) fn trid(s: &mut Scribe<'_, '_>) -> Read<u32> {
    s.arg(TRID, EXPECTED_TRID, number)
}

/// `account`, see [`Account`].
///
/// # Errors
/// Stops when there is none.
pub(super) fn account_arg<'a>(s: &mut Scribe<'a, '_>) -> Read<Account<'a>> {
    account_as(s, ACCOUNT)
}

/// `nick`, see [`Nick`].
///
/// # Errors
/// Stops when there is none.
pub(super) fn nick_arg<'a>(s: &mut Scribe<'a, '_>) -> Read<Nick<'a>> {
    s.arg(NICK, EXPECTED_NICK, nick)
}

/// `length = 1*DIGIT`: of the payload, in bytes.
///
/// # Errors
/// Stops when there is none.
pub(super) fn length(s: &mut Scribe<'_, '_>) -> Read<u32> {
    s.arg(LENGTH, EXPECTED_LENGTH, number)
}

/// Any word under a field.
///
/// # Errors
/// Stops when there is none.
pub(super) fn word_arg<'a>(s: &mut Scribe<'a, '_>, field: crate::tree::FieldId) -> Read<Word<'a>> {
    s.arg(field, EXPECTED_WORD, word)
}

#[cfg(test)]
#[path = "command_tests.rs"]
mod tests;
