//! The head of a message: its first line and its headers.
//!
//! Source: protocol reference, SLP 2 to 4 and 7.

use super::application::status_meaning;
use super::line::{Form, Known, Said, limited, misplaced, no_number, nothing, unnamed};
use super::{BodyKind, Endpoint, Method, OTHER, Start};
use crate::msnp::framing::without_line_end;
use crate::msnp::payload::datagram::NOT_A_LENGTH;
use crate::msnp::payload::header::{header, take_account};
use crate::msnp::token::{Account, Coded, CodedNumber, Word, long_number, number, shortened};
use crate::tree::{Base, FieldId, Kind, Scribe, TextId, experts, fields, lossy, texts};

fields! {
    family 62;
    /// First line of an MSNSLP message: what the sender’s program wants and of whom, or its answer. From MSNP9 on.
    START: Kind::Text => "msnp.slp.start", "Start line", Account;
    /// What the sender wants of the other client: INVITE opens a session or agrees on a way for its data, BYE closes it, ACK tells something that needs no answer.
    METHOD: Kind::Text => "msnp.slp.method", "Method";
    /// Of whom a request wants it: the account, from MSNP16 on with the device.
    TARGET: Kind::Text => "msnp.slp.target", "Target", Account;
    /// Version of the protocol that the message is written in: always MSNSLP/1.0, from MSNP9 on.
    VERSION: Kind::Text => "msnp.slp.version", "Version";
    /// The answer, three decimal digits: 200 agrees, 603 declines, 500 is a client that cannot.
    STATUS: Kind::Uint32(Base::Dec) => "msnp.slp.status", "Status code" in super::application::STATUSES;
    /// The answer in words, which clients choose; the code alone counts.
    REASON: Kind::Text => "msnp.slp.reason", "Reason";
    /// For whom the message is, between <msnmsgr: and >: the account, from MSNP16 on with the device.
    TO: Kind::Text => "msnp.slp.to", "To", Account;
    /// From whom the message is, between <msnmsgr: and >: the account, from MSNP16 on with the device.
    FROM: Kind::Text => "msnp.slp.from", "From", Account;
    /// Which protocol carried the message, and the branch, a GUID, by which an answer finds its request; clients use it from MSNP9 on.
    VIA: Kind::Text => "msnp.slp.via", "Via";
    /// Protocol and transport of the way: always MSNSLP/1.0/TLP, from every program.
    VIA_PROTOCOL: Kind::Text => "msnp.slp.via.protocol", "Protocol";
    /// Ties a response to its request, a GUID: new for every request, repeated by the response. Some clients use one again.
    BRANCH: Kind::Text => "msnp.slp.branch", "Branch";
    /// Something else that the sender’s program says in the Via header, behind a semicolon; no source describes more
    /// than the branch.
    VIA_DETAIL: Kind::Text => "msnp.slp.via.detail", "Detail", Text;
    /// Number in the call: 0 in a request and 1 in a response, by the book; some clients count on.
    CSEQ: Kind::Uint32(Base::Dec) => "msnp.slp.cseq", "CSeq";
    /// Ties all messages of a call together, from the first INVITE to the BYE: a GUID that the inviter’s program
    /// chooses.
    CALL_ID: Kind::Text => "msnp.slp.call_id", "Call-ID";
    /// Through how many hands a message may go: always 0, from every program.
    MAX_FORWARDS: Kind::Uint32(Base::Dec) => "msnp.slp.max_forwards", "Max-Forwards";
    /// What body the sender’s program has put behind the headers, as a media type: application/x-msnmsgr- and a word,
    /// or null where there is none.
    CONTENT_TYPE: Kind::Text => "msnp.slp.content_type", "Content-Type";
    /// Length of the body in bytes, in decimal; most clients count the NUL that ends the message.
    CONTENT_LENGTH: Kind::Uint64(Base::Dec) => "msnp.slp.content_length", "Content-Length";
    /// On whose behalf the session is closed, in a BYE that a client sends to the account’s other devices (one source).
    ON_BEHALF: Kind::Text => "msnp.slp.on_behalf", "On-Behalf", Account;
}

experts! {
    NOT_SLP: Warn, Malformed => "msnp.expert.slp-start", "expected the first line of an MSNSLP message, found “{0}”";
}

texts! {
    INVITE = "slp.INVITE", "opens a session, or agrees on a way for its data";
    BYE = "slp.BYE", "closes the session";
    ACK = "slp.ACK", "tells something that needs no answer";
    SESSION = "slp.type.session", "a session is opened or answered";
    TRANSPORT_REQUEST = "slp.type.transport-request", "a way for the data is asked for";
    TRANSPORT_RESPONSE = "slp.type.transport-response", "a way for the data is chosen, or addresses are offered";
    CLOSE = "slp.type.close", "a session is closed";
    FAILURE = "slp.type.failure", "a way for the data is refused";
    UDP_SWITCH = "slp.type.udp", "the sender goes over to UDP";
    ADDRESS_UPDATE = "slp.type.address", "the sender’s address has changed";
    TURN_SETUP = "slp.type.turn", "a relay can be used";
    NO_BODY = "slp.type.null", "there is no body";
    IN_REQUEST = "slp.number.request", "request";
    IN_RESPONSE = "slp.number.response", "response";
}

/// Details of a way that are told one by one.
const DETAIL_CEILING: usize = 100;

/// Headers, in the order of the official client.
pub(super) static KNOWN: &[Known] = &[
    Known("To", TO, Form::Read(person), |said, value| said.slp.to = endpoint(value)),
    Known("From", FROM, Form::Read(person), |said, value| said.slp.from = endpoint(value)),
    Known("Via", VIA, Form::Read(via), nothing),
    Known("CSeq", CSEQ, Form::Number(turn), |said, value| said.slp.cseq = decimal(value)),
    Known("Call-ID", CALL_ID, Form::Word, |said, value| said.slp.call_id = guid(value)),
    Known("Max-Forwards", MAX_FORWARDS, Form::Number(unnamed), nothing),
    Known("Content-Type", CONTENT_TYPE, Form::Coded(type_meaning), |said, value| said.slp.body.kind = kind(value)),
    Known("Content-Length", CONTENT_LENGTH, Form::Read(length), nothing),
    Known("On-Behalf", ON_BEHALF, Form::Read(person), nothing),
];

/// `start-line = ( request / response ) CRLF`; where there is none, nothing is consumed unless the line is no header either.
pub(super) fn start_line(s: &mut Scribe<'_, '_>, said: &mut Said) {
    let line = s.rest().split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
    let text = without_line_end(line);
    let is_start = is_version(text) || words(text).nth(2).is_some_and(is_version) || method(first(text)).is_some();
    if !is_start {
        s.expert_at(NOT_SLP, s.here(text.len()), [shortened(text).into()]);
        if header(line).is_none() && !line.is_empty() {
            if !text.is_empty() {
                s.take(OTHER, text.len(), Word(text));
            }
            s.skip(line.len() - text.len());
        }
        return;
    }
    let start = s.group_with(START, &Word(text), |s| {
        limited(s, text.len(), |s| if is_version(text) { response(s) } else { request(s, said) })
    });
    said.slp.start = start;
    s.skip(line.len() - text.len());
}

/// `request = method SP "MSNMSGR:" target SP version`
fn request(s: &mut Scribe<'_, '_>, said: &mut Said) -> Start {
    let word = s.peek_word();
    let known = method(word);
    s.take(METHOD, word.len(), Coded(word, known.map(|(_, meaning)| meaning)));
    let target = s.peek_word();
    let scheme = scheme(target);
    s.skip(scheme);
    if target.len() > scheme {
        take_account(s, TARGET, target.len() - scheme);
        // Until the header says so.
        said.slp.to = endpoint(target);
    }
    version(s);
    Start::Request(known.map_or(Method::Other, |(method, _)| method))
}

/// `response = version SP 3DIGIT SP reason`
fn response(s: &mut Scribe<'_, '_>) -> Start {
    version(s);
    let digits = s.peek_word();
    let Ok(([], code)) = number(digits) else {
        no_number(s, "status code");
        return Start::Unknown;
    };
    s.take(STATUS, digits.len(), CodedNumber(code, status_meaning(code)));
    s.sp();
    let reason = s.rest();
    if !reason.is_empty() {
        s.take(REASON, reason.len(), Word(reason));
    }
    Start::Response { code }
}

fn version(s: &mut Scribe<'_, '_>) {
    let word = s.peek_word();
    if is_version(word) {
        s.take(VERSION, word.len(), Word(word));
    }
    s.sp();
}

/// `person = "<msnmsgr:" account [ ";" device ] ">"`
fn person(s: &mut Scribe<'_, '_>, field: FieldId, _: &mut Said) {
    let wire = s.rest();
    let account = inside(wire);
    let before = wire.len() - wire.strip_prefix(b"<").unwrap_or(wire).len();
    s.skip(before + scheme(wire.get(before..).unwrap_or_default()));
    take_account(s, field, account.len());
    s.skip(usize::from(s.rest().starts_with(b">")));
}

/// What stands between `<msnmsgr:` and `>`, either of which may be missing.
fn inside(wire: &[u8]) -> &[u8] {
    let wire = wire.strip_prefix(b"<").unwrap_or(wire);
    let wire = wire.get(scheme(wire)..).unwrap_or_default();
    wire.split(|byte| *byte == b'>').next().unwrap_or_default()
}

/// Bytes of `msnmsgr:`, if it stands here.
fn scheme(wire: &[u8]) -> usize {
    const SCHEME: &[u8] = b"msnmsgr:";
    let begins = wire.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME));
    if begins { SCHEME.len() } else { 0 }
}

fn endpoint(value: &[u8]) -> Option<Endpoint> {
    let inside = inside(value);
    let account = lossy(Account(inside).name());
    let mut details = inside.split(|byte| *byte == b';').skip(1);
    let device =
        details.find_map(|detail| detail.strip_prefix(b"epid=").or(Some(detail)).filter(|d| d.starts_with(b"{")));
    (!account.is_empty()).then(|| Endpoint { account, device: device.and_then(guid) })
}

/// `via = "MSNSLP/1.0/TLP" *WSP *( ";" [ "branch=" ] detail )`
fn via(s: &mut Scribe<'_, '_>, field: FieldId, said: &mut Said) {
    let wire = s.rest();
    s.group_with(field, &Word(wire), |s| {
        part(s, VIA_PROTOCOL);
        for _ in 0..DETAIL_CEILING {
            if !s.rest().starts_with(b";") {
                return;
            }
            s.skip(1);
            s.sp();
            let name = s.rest().get(..7).unwrap_or_default();
            if name.eq_ignore_ascii_case(b"branch=") {
                s.skip(7);
                said.slp.branch = guid(part(s, BRANCH));
            } else {
                part(s, VIA_DETAIL);
            }
        }
        let rest = s.rest();
        if !rest.is_empty() {
            s.take(VIA_DETAIL, rest.len(), Word(rest));
        }
    });
}

/// What stands before the next semicolon, without the blanks around it.
fn part<'a>(s: &mut Scribe<'a, '_>, field: FieldId) -> &'a [u8] {
    let whole = s.rest().split(|byte| *byte == b';').next().unwrap_or_default();
    let text = whole.trim_ascii_end();
    if !text.is_empty() {
        s.take(field, text.len(), Word(text));
    }
    s.skip(whole.len() - text.len());
    text
}

/// `length = 1*DIGIT`
fn length(s: &mut Scribe<'_, '_>, field: FieldId, said: &mut Said) {
    let (wire, span) = (s.rest(), s.here(s.rest().len()));
    match long_number(wire) {
        Ok(([], bytes)) => {
            s.take(field, wire.len(), bytes);
            said.length = said.length.or(Some((bytes, span)));
        }
        _ => {
            s.expert_at(NOT_A_LENGTH, span, [shortened(wire).into()]);
            misplaced(s, "Content-Length");
        }
    }
}

/// A GUID in upper case and with braces; anything else in upper case. `None` when there is nothing.
pub(super) fn guid(value: &[u8]) -> Option<String> {
    const DIGITS: usize = 36;
    let text = lossy(value.trim_ascii()).to_uppercase();
    let bare = text.len() == DIGITS && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    match text.as_str() {
        "" => None,
        _ if bare => Some(format!("{{{text}}}")),
        _ => Some(text),
    }
}

pub(super) fn decimal(value: &[u8]) -> Option<u32> {
    match number(value) {
        Ok(([], number)) => Some(number),
        _ => None,
    }
}

fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b' ').filter(|word| !word.is_empty())
}

fn first(line: &[u8]) -> &[u8] {
    words(line).next().unwrap_or_default()
}

fn is_version(word: &[u8]) -> bool {
    word.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"MSNSLP/"))
}

fn method(word: &[u8]) -> Option<(Method, TextId)> {
    Some(match word {
        b"INVITE" => (Method::Invite, INVITE),
        b"BYE" => (Method::Bye, BYE),
        b"ACK" => (Method::Ack, ACK),
        _ => return None,
    })
}

fn turn(cseq: u32) -> Option<TextId> {
    Some(match cseq {
        0 => IN_REQUEST,
        1 => IN_RESPONSE,
        _ => return None,
    })
}

fn kind(value: &[u8]) -> BodyKind {
    let lower = lossy(value).to_lowercase();
    match lower.strip_prefix("application/x-msnmsgr-").unwrap_or(&lower) {
        "sessionreqbody" => BodyKind::Session,
        "transreqbody" => BodyKind::TransportRequest,
        "transrespbody" => BodyKind::TransportResponse,
        "sessionclosebody" => BodyKind::Close,
        "session-failure-respbody" => BodyKind::Failure,
        "transudpswitch" => BodyKind::UdpSwitch,
        "transdestaddrupdate" => BodyKind::AddressUpdate,
        "turnsetup" => BodyKind::TurnSetup,
        "null" => BodyKind::Null,
        "" => BodyKind::Unsaid,
        _ => BodyKind::Other(lossy(value)),
    }
}

fn type_meaning(value: &[u8]) -> Option<TextId> {
    Some(match kind(value) {
        BodyKind::Session => SESSION,
        BodyKind::TransportRequest => TRANSPORT_REQUEST,
        BodyKind::TransportResponse => TRANSPORT_RESPONSE,
        BodyKind::Close => CLOSE,
        BodyKind::Failure => FAILURE,
        BodyKind::UdpSwitch => UDP_SWITCH,
        BodyKind::AddressUpdate => ADDRESS_UPDATE,
        BodyKind::TurnSetup => TURN_SETUP,
        BodyKind::Null => NO_BODY,
        BodyKind::Unsaid | BodyKind::Other(_) => return None,
    })
}
