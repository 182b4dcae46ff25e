//! The MIME envelope of messages: headers, a blank line, a body whose kind the Content-Type names.
//!
//! Comes in: the payload of a message, or the body of a datagram with its headers. Goes out: what it says. The kinds have
//! files of their own; here they are told apart.
//!
//! Source: protocol reference, messages 1 and 2. `MIME-Version` may be missing, and so may the blank line: the profile of
//! early dialects has none, then all is headers.

use std::borrow::Cow;

use super::header::{Form, Header, Headers, Known, blank_lines, header, line_end_at, not_a_header};
use super::{emoticon, ink, invitation, notice, part, plain, profile, text};
use crate::msnp::coding::base64;
use crate::msnp::p2p::carried::TYPE;
use crate::msnp::p2p::{Peer, Version, Wrapping, packet};
use crate::msnp::{ChatText, Content, Context, Pdu, PduKind, charset};
use crate::tree::{Base, Kind, Scribe, TextId, experts, fields, lossy, texts};

fields! {
    family 5;
    /// Version of the MIME rules, always 1.0; normally the first header of a message, sometimes missing. Clients and
    /// servers write it, in every dialect.
    MIME_VERSION: Kind::Text => "msnp.mime.version", "MIME-Version";
    /// What kind of message this is, and the character set of its text. Sent with nearly every message, in every
    /// dialect.
    CONTENT_TYPE: Kind::Text => "msnp.mime.content_type", "Content-Type";
    /// Any other header of a message, name and value as they stand; nobody documents it, so clients of third parties may have added it.
    HEADER: Kind::Text => "msnp.mime.header", "Header", Header;
    /// A line “name: value” in the body of a message whose kind keeps its fields there; from the sender’s program or
    /// the server.
    BODY_FIELD: Kind::Text => "msnp.mime.body_field", "Body field", Header;
    /// Account of the person who is typing right now; sent by their client every five seconds or so while they do.
    TYPING_USER: Kind::Text => "msnp.typing.account", "Typing user", Account;
    /// Account of the person who is recording a voice clip right now; sent by their client in a chat room as a typing
    /// notice is.
    RECORDING_USER: Kind::Text => "msnp.recording.account", "Recording user", Account;
    /// Name and version of a third-party client, as a free text; official programs do not send this header.
    USER_AGENT: Kind::Text => "msnp.mime.user_agent", "User-Agent";
    /// A name to show for this message in place of the sender's display name; the sender’s client writes it, from
    /// Messenger 7.5 on.
    SHOWN_NAME: Kind::Text => "msnp.mime.p4_context", "P4-Context", Name;
    /// Identifier, a GUID, that the sender’s program gives to all parts of a message which is too long for one.
    MESSAGE_ID: Kind::Text => "msnp.mime.message_id", "Message-ID";
    /// Into how many parts the sender’s program has cut a message that is too long for one command, in decimal; stands
    /// in its first part alone.
    CHUNKS: Kind::Uint32(Base::Dec) => "msnp.mime.chunks", "Chunks";
    /// Which part this is, counted from 0 by the sender’s program; stands in the second and later parts.
    CHUNK: Kind::Uint32(Base::Dec) => "msnp.mime.chunk", "Chunk";
    /// To whom peer-to-peer data is addressed: an account, from MSNP16 with the device.
    P2P_DEST: Kind::Text => "msnp.p2p.to", "P2P-Dest", Account;
    /// From whom peer-to-peer data comes: account and device; from MSNP16.
    P2P_SRC: Kind::Text => "msnp.p2p.from", "P2P-Src", Account;
    /// Accounts of the people in a chat of several, as the sender’s program lists them; known from one source only.
    ROSTER: Kind::Text => "msnp.mime.roster", "Roster", Account;
    /// What kind of program a text sent through the notification server is for: client, or perhaps mobile; MSNP15 to 18.
    DEST_AGENT: Kind::Text => "msnp.mime.dest_agent", "Dest-Agent";
    /// Kind of a message that the server kept while its receiver was away: OfflineMessage. Sent with such messages in MSNP18.
    OIM_TYPE: Kind::Text => "msnp.oim.type", "X-OIM-Message-Type";
    /// Which run of offline messages this one belongs to: a GUID that the sender’s client chooses for a conversation.
    /// MSNP18.
    OIM_RUN: Kind::Text => "msnp.oim.run", "X-OIM-Run-Id";
    /// Place of an offline message in its run, counted from 1 by the sender’s client. MSNP18.
    OIM_NUMBER: Kind::Uint32(Base::Dec) => "msnp.oim.number", "X-OIM-Sequence-Num";
    /// Another header of an offline message, name and value as the sender’s client wrote them in MSNP18; no source
    /// describes it.
    OIM_HEADER: Kind::Text => "msnp.oim.header", "Offline message header", Header;
    /// How the sender’s program writes the body: 7bit or binary as it stands, or base64.
    TRANSFER_ENCODING: Kind::Text => "msnp.mime.transfer_encoding", "Content-Transfer-Encoding";
    /// A body that the sender’s program writes in base64; its decoded bytes are taken apart below it.
    ENCODED_BODY: Kind::Bytes => "msnp.mime.encoded_body", "Body in base64", Text;
    /// The body of a page in HTML, which some bots send in place of a text; official programs do not show it.
    HTML: Kind::Text => "msnp.html", "HTML text", Text;
    /// The piece of a message that its sender’s program put into this command: the first part holds the beginning of
    /// the message’s body, each later one goes on where the one before ended, even inside a character.
    PART_BODY: Kind::Text => "msnp.part.body", "Piece of a message", Text;
    /// The whole message as its sender’s program had it before cutting it, put together from the pieces of all its
    /// parts in the order of their numbers, under the headers of the first.
    JOINED: Kind::Group => "msnp.part.joined", "Message joined from its parts";
}

experts! {
    NO_BLANK_LINE: Note, Malformed => "msnp.expert.no-blank-line", "expected a blank line after the headers, found the end of the payload";
    UNKNOWN_TYPE: Note, Undecoded => "msnp.expert.unknown-type", "expected a type of message that some documentation describes, found “{0}”";
    NO_TYPE: Note, Malformed => "msnp.expert.no-type", "expected a Content-Type, which says what this message is, found none";
    NOT_BASE64: Note, Malformed => "msnp.expert.body-base64", "expected a body in base64, as its header says, found something else";
}

texts! {
    TYPE_TEXT = "type.text", "a chat text";
    TYPE_CONTROL = "type.control", "somebody is typing";
    TYPE_DATACAST = "type.datacast", "a nudge, wink or voice clip";
    TYPE_EMOTICON = "type.emoticon", "emoticons of the sender’s own";
    TYPE_P2P = "type.p2p", "peer-to-peer data: a piece of a picture or file";
    TYPE_INVITE = "type.invite", "an invitation";
    TYPE_CAPS = "type.caps", "which program the sender uses";
    TYPE_PROFILE = "type.profile", "the account’s own profile";
    TYPE_MAIL = "type.mail", "news about mail and offline messages";
    TYPE_SYSTEM = "type.system", "a word from the service";
    TYPE_KEEPALIVE = "type.keepalive", "a sign of life, which keeps the chat room open";
    TYPE_INK = "type.ink", "handwriting";
    TYPE_HTML = "type.html", "a text in HTML";
    TYPE_PERSON = "type.person", "a document about a person";
    TYPE_CIRCLE = "type.circle", "a document about a circle";
    TYPE_GROUP = "type.group", "a document about a group";
    TYPE_NETWORK = "type.network", "a document about another network";
    DECODED_BODY = "source.body", "Decoded body";
    AGENT_CLIENT = "agent.client", "a Messenger program";
    AGENT_MOBILE = "agent.mobile", "a telephone";
    OFFLINE_MESSAGE = "oim.message", "kept by the server until the receiver signed in";
}

/// The most frequent ones first.
pub(super) static KNOWN: &[Known] = &[
    Known("MIME-Version", MIME_VERSION, Form::Word),
    Known("Content-Type", CONTENT_TYPE, Form::Coded(type_name)),
    Known("P2P-Dest", P2P_DEST, Form::Account),
    Known("P2P-Src", P2P_SRC, Form::Account),
    Known("Content-Transfer-Encoding", TRANSFER_ENCODING, Form::Word),
    Known("X-MMS-IM-Format", text::FORMAT, Form::Looks),
    Known("TypingUser", TYPING_USER, Form::Account),
    Known("RecordingUser", RECORDING_USER, Form::Account),
    Known("User-Agent", USER_AGENT, Form::Word),
    Known("P4-Context", SHOWN_NAME, Form::Word),
    Known("Message-ID", MESSAGE_ID, Form::Word),
    Known("Chunks", CHUNKS, Form::Number),
    Known("Chunk", CHUNK, Form::Number),
    Known("Roster", ROSTER, Form::Word),
    Known("Dest-Agent", DEST_AGENT, Form::Coded(agent)),
    Known("X-OIM-Message-Type", OIM_TYPE, Form::Coded(offline_kind)),
    Known("X-OIM-Run-Id", OIM_RUN, Form::Word),
    Known("X-OIM-Sequence-Num", OIM_NUMBER, Form::Number),
];

/// `message = *( header CRLF ) CRLF ( body / piece )`; a message in parts has a piece of its body in each.
pub fn message(s: &mut Scribe<'_, '_>, context: &Context, pdu: &Pdu<'_>) -> Content {
    let payload = s.rest();
    let (found, ended) = headers(s);
    // All parts of a message share an identifier.
    let part = found.value(MESSAGE_ID).and_then(|_| part::part(payload));
    match part {
        Some(part) => part::piece(s, &part, context, pdu.completes),
        None if ended == End::BlankLine && kind(&found) == TYPE => peer(s, &found, pdu),
        None => body_after(s, &found, ended),
    }
}

/// A message that was put together from its parts.
pub fn whole(s: &mut Scribe<'_, '_>) -> Content {
    let (found, ended) = headers(s);
    body_after(s, &found, ended)
}

fn body_after(s: &mut Scribe<'_, '_>, found: &Headers<'_>, ended: End) -> Content {
    match ended {
        End::BlankLine => body(s, found),
        // The profile of early dialects is all headers.
        End::Payload if kind(found) == profile::TYPE => body(s, found),
        End::Payload => {
            s.expert_at(NO_BLANK_LINE, s.here(0), []);
            Content::Nothing
        }
    }
}

/// What the headers end with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    BlankLine,
    Payload,
}

/// `*( header CRLF ) CRLF`
fn headers<'a>(s: &mut Scribe<'a, '_>) -> (Headers<'a>, End) {
    let mut found = Headers::default();
    loop {
        let rest = s.rest();
        if rest.is_empty() {
            return (found, End::Payload);
        }
        if let Some(end) = line_end_at(rest) {
            s.skip(end);
            return (found, End::BlankLine);
        }
        match header(rest) {
            Some(line) => record(s, &line, &mut found),
            None => not_a_header(s),
        }
    }
}

/// Records one header of a message.
pub fn record<'a>(s: &mut Scribe<'a, '_>, line: &Header<'a>, found: &mut Headers<'a>) {
    if let Some(known) = line.known(KNOWN) {
        line.record(s, known, HEADER, found);
    } else if let Some(known) = line.known(profile::KNOWN) {
        profile::record(s, line, known, found);
    } else {
        let offline = line.name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case(b"X-OIM-"));
        line.whole(s, if offline { OIM_HEADER } else { HEADER });
    }
}

/// The type without its parameters, in lower case.
#[must_use]
pub fn kind<'a>(found: &Headers<'a>) -> Cow<'a, [u8]> {
    bare(found.value(CONTENT_TYPE).unwrap_or_default())
}

fn bare(content_type: &[u8]) -> Cow<'_, [u8]> {
    let end = memchr::memchr(b';', content_type).unwrap_or(content_type.len());
    let kind = content_type.get(..end).unwrap_or_default().trim_ascii();
    if kind.iter().any(u8::is_ascii_uppercase) { Cow::Owned(kind.to_ascii_lowercase()) } else { Cow::Borrowed(kind) }
}

/// The character set that the type names.
#[must_use]
pub fn charset<'a>(found: &Headers<'a>) -> Option<&'a [u8]> {
    let mut parameters = found.value(CONTENT_TYPE)?.split(|b| *b == b';').skip(1).map(<[u8]>::trim_ascii);
    parameters.find_map(|parameter| {
        let (name, value) = parameter.split_at_checked(b"charset=".len())?;
        let value = value.trim_ascii();
        let quoted = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
        name.eq_ignore_ascii_case(b"charset=").then_some(quoted.unwrap_or(value))
    })
}

fn type_name(content_type: &[u8]) -> Option<TextId> {
    let text = match &*bare(content_type) {
        b"text/plain" => TYPE_TEXT,
        b"text/x-msmsgscontrol" => TYPE_CONTROL,
        b"text/x-msnmsgr-datacast" => TYPE_DATACAST,
        b"text/x-mms-emoticon" | b"text/x-mms-animemoticon" => TYPE_EMOTICON,
        TYPE => TYPE_P2P,
        b"text/x-msmsgsinvite" | b"text/x-msmmsginvite" => TYPE_INVITE,
        b"text/x-clientcaps" | b"text/x-clientinfo" => TYPE_CAPS,
        profile::TYPE => TYPE_PROFILE,
        b"text/x-msmsgsinitialemailnotification"
        | b"text/x-msmsgsinitialmdatanotification"
        | b"text/x-msmsgsoimnotification"
        | b"text/x-msmsgsemailnotification"
        | b"text/x-msmsgsactivemailnotification" => TYPE_MAIL,
        b"application/x-msmsgssystemmessage" | b"text/x-msmsgssystemmessage" => TYPE_SYSTEM,
        b"text/x-keepalive" => TYPE_KEEPALIVE,
        b"image/gif" | b"application/x-ms-ink" => TYPE_INK,
        b"text/html" => TYPE_HTML,
        b"application/user+xml" => TYPE_PERSON,
        b"application/circles+xml" => TYPE_CIRCLE,
        b"application/multiparty+xml" => TYPE_GROUP,
        b"application/network+xml" => TYPE_NETWORK,
        _ => return None,
    };
    Some(text)
}

fn agent(agent: &[u8]) -> Option<TextId> {
    match agent {
        b"client" => Some(AGENT_CLIENT),
        b"mobile" => Some(AGENT_MOBILE),
        _ => None,
    }
}

fn offline_kind(kind: &[u8]) -> Option<TextId> {
    (kind == b"OfflineMessage").then_some(OFFLINE_MESSAGE)
}

/// The body, as the headers describe it. Some kinds keep their fields in the headers; then the body is blank.
pub fn body(s: &mut Scribe<'_, '_>, found: &Headers<'_>) -> Content {
    let encoding = found.value(TRANSFER_ENCODING).unwrap_or_default();
    if !encoding.eq_ignore_ascii_case(b"base64") || s.is_empty() {
        return plain_body(s, found);
    }
    let rest = s.rest();
    let span = s.here(rest.len());
    let Some(decoded) = base64(rest) else {
        s.expert_at(NOT_BASE64, span, []);
        return plain_body(s, found);
    };
    s.take(ENCODED_BODY, rest.len(), rest);
    s.within(DECODED_BODY.text(), span, decoded, |s| plain_body(s, found))
}

fn plain_body(s: &mut Scribe<'_, '_>, found: &Headers<'_>) -> Content {
    let kind = kind(found);
    let content = match &*kind {
        b"text/plain" => text::text(s, found),
        b"text/html" => html(s, found),
        b"text/x-msmsgscontrol" => control(s, found),
        b"text/x-keepalive" => {
            blank_lines(s);
            Content::Nothing
        }
        b"text/x-msnmsgr-datacast" => notice::datacast(s, found),
        b"text/x-clientcaps" | b"text/x-clientinfo" => notice::caps(s),
        b"application/x-msmsgssystemmessage" | b"text/x-msmsgssystemmessage" => notice::system(s),
        b"text/x-msmsgsinitialemailnotification"
        | b"text/x-msmsgsinitialmdatanotification"
        | b"text/x-msmsgsoimnotification"
        | b"text/x-msmsgsemailnotification"
        | b"text/x-msmsgsactivemailnotification" => notice::mail(s),
        b"text/x-mms-emoticon" | b"text/x-mms-animemoticon" => emoticon::emoticons(s, charset(found)),
        b"image/gif" | b"application/x-ms-ink" => ink::ink(s),
        b"text/x-msmsgsinvite" | b"text/x-msmmsginvite" => invitation::invitation(s, charset(found)),
        // Inside something else nothing can complete it.
        TYPE => peer(s, found, &Pdu::stray(b"", PduKind::Command)),
        profile::TYPE => profile::profile(s, found),
        b"" => {
            s.expert_at(NO_TYPE, s.here(0), []);
            Content::Nothing
        }
        other => {
            s.expert_at(UNKNOWN_TYPE, s.here(s.rest().len()), [lossy(other.get(..64).unwrap_or(other)).into()]);
            Content::Unknown
        }
    };
    plain(s);
    content
}

/// Typing and recording: the header says who, the body is blank.
fn control(s: &mut Scribe<'_, '_>, found: &Headers<'_>) -> Content {
    blank_lines(s);
    match (found.text(TYPING_USER), found.text(RECORDING_USER)) {
        (Some(account), _) => Content::Typing { account },
        (None, Some(account)) => Content::Recording { account },
        (None, None) => Content::Nothing,
    }
}

/// Text that some bots write in HTML.
fn html(s: &mut Scribe<'_, '_>, found: &Headers<'_>) -> Content {
    let length = s.rest().len();
    if length == 0 {
        return Content::Nothing;
    }
    let text = charset::take(s, HTML, length, charset(found)).text;
    Content::Text(ChatText { text, ..text::said_by(found) })
}

/// A packet between two programs.
pub fn peer(s: &mut Scribe<'_, '_>, found: &Headers<'_>, pdu: &Pdu<'_>) -> Content {
    let version = Version::of_addresses(found.value(P2P_DEST).unwrap_or_default(), found.value(P2P_SRC));
    let wrapping = Wrapping { version: Some(version), footer: true, cut: pdu.missing() > 0 };
    let packets = packet(s, wrapping, pdu.completes).into_iter().collect();
    Content::PeerToPeer(Peer { to: found.text(P2P_DEST).unwrap_or_default(), from: found.text(P2P_SRC), packets })
}
