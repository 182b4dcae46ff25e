//! The MIME envelope of messages: headers, a blank line, a body whose kind the Content-Type names.
//!
//! Source: protocol reference, messages 1. Header names are matched without regard to case; third-party clients write
//! bare LF; the profile of early dialects has no blank line, then all is headers.

use super::{notice, part, plain, profile, text};
use crate::msnp::token::Word;
use crate::msnp::{Content, Context, framing};
use crate::tree::{Assembly, FieldId, Kind, Scribe, Text, experts, fields, lossy, texts};

fields! {
    family 5;
    /// Version of the MIME rules, always 1.0; normally the first header of a message, sometimes missing.
    MIME_VERSION: Kind::Text => "msnp.mime.version", "MIME-Version";
    /// What kind of message this is, and the character set of its text. Sent with nearly every message.
    CONTENT_TYPE: Kind::Text => "msnp.mime.content_type", "Content-Type";
    /// Any other header of a message, name and value as they stand.
    HEADER: Kind::Text => "msnp.mime.header", "Header", Text;
    /// A line “name: value” in the body of a message whose kind keeps its fields there.
    BODY_FIELD: Kind::Text => "msnp.mime.body_field", "Body field", Text;
    /// Account of the person who is typing right now; sent every five seconds or so while they do.
    TYPING_USER: Kind::Text => "msnp.typing.account", "Typing user", Account;
    /// Account of the person who is recording a voice clip right now.
    RECORDING_USER: Kind::Text => "msnp.recording.account", "Recording user", Account;
    /// Name and version of a third-party client.
    USER_AGENT: Kind::Text => "msnp.mime.user_agent", "User-Agent";
    /// A name to show for this message in place of the sender's display name; from Messenger 7.5.
    SHOWN_NAME: Kind::Text => "msnp.mime.p4_context", "P4-Context", Name;
    /// Identifier, a GUID, that the parts of a message share which is too long for one.
    MESSAGE_ID: Kind::Text => "msnp.mime.message_id", "Message-ID";
    /// How many parts a message has; stands in its first part.
    CHUNKS: Kind::Text => "msnp.mime.chunks", "Chunks";
    /// Which part this is, counted from 0; stands in the second and later parts.
    CHUNK: Kind::Text => "msnp.mime.chunk", "Chunk";
    /// To whom peer-to-peer data is addressed: an account, from MSNP16 with the device.
    P2P_DEST: Kind::Text => "msnp.p2p.to", "P2P-Dest", Account;
    /// From whom peer-to-peer data comes: account and device; from MSNP16.
    P2P_SRC: Kind::Text => "msnp.p2p.from", "P2P-Src", Account;
}

experts! {
    NO_BLANK_LINE: Note, Malformed => "msnp.expert.no-blank-line", "expected a blank line after the headers, found the end of the payload";
    NOT_A_HEADER: Note, Malformed => "msnp.expert.not-a-header", "expected a header (name: value), found “{0}”";
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
    TYPE_KEEPALIVE = "type.keepalive", "keeps the chat room open";
    TYPE_INK = "type.ink", "handwriting";
}

/// Content type of the account's own profile.
const PROFILE: &[u8] = b"text/x-msmsgsprofile";

/// Where the value of one header lies.
pub(super) struct Header<'a> {
    pub(super) name: &'a [u8],
    /// Blanks and colon between name and value.
    separator: usize,
    pub(super) value: &'a [u8],
    line_end: usize,
}

/// `message = *( header CRLF ) CRLF ( body / piece )`; a message in parts has a piece of its body in each.
pub fn message(s: &mut Scribe<'_, '_>, context: &Context, completes: Option<&Assembly>) -> Content {
    let part = part::part(s.rest());
    match (headers(s), part) {
        (_, Some(part)) => part::piece(s, &part, context, completes),
        (Some(kind), None) => body(s, &kind),
        (None, None) => Content::Nothing,
    }
}

/// A message that was put together from its parts.
pub fn whole(s: &mut Scribe<'_, '_>) -> Content {
    match headers(s) {
        Some(kind) => body(s, &kind),
        None => Content::Nothing,
    }
}

/// `*( header CRLF ) CRLF`: the type that they give; `None` when no blank line ends them.
fn headers(s: &mut Scribe<'_, '_>) -> Option<Vec<u8>> {
    let mut content_type = Vec::new();
    loop {
        let rest = s.rest();
        if rest.is_empty() {
            // The profile of early dialects is all headers.
            if content_type != PROFILE {
                s.expert_at(NO_BLANK_LINE, s.here(0), []);
            }
            return None;
        }
        if let Some(end) = line_end_at(rest) {
            s.skip(end);
            return Some(content_type);
        }
        let Some(header) = header(rest) else {
            not_a_header(s);
            continue;
        };
        if header.name.eq_ignore_ascii_case(b"Content-Type") {
            content_type = kind_of(header.value);
        }
        record(s, &header);
    }
}

/// A line that is no header, to its end. Consumes at least one byte, even of a lone CR that ends the payload.
fn not_a_header(s: &mut Scribe<'_, '_>) {
    let line = s.rest().split_inclusive(|b| *b == b'\n').next().unwrap_or_default();
    let text = framing::without_line_end(line);
    s.expert_at(NOT_A_HEADER, s.here(text.len()), [lossy(text.get(..24).unwrap_or(text)).into()]);
    if !text.is_empty() {
        s.take(HEADER, text.len(), Word(text));
    }
    s.skip(line.len() - text.len());
}

/// The type without its parameters, in lower case.
fn kind_of(value: &[u8]) -> Vec<u8> {
    let kind = value.split(|b| *b == b';').next().unwrap_or_default();
    kind.trim_ascii().to_ascii_lowercase()
}

fn record(s: &mut Scribe<'_, '_>, header: &Header<'_>) {
    let Some(field) = field_of(header.name).or_else(|| profile::field_of(header.name)) else {
        let whole = header.name.len() + header.separator + header.value.len();
        let line = s.rest().get(..whole).unwrap_or_default();
        s.take(HEADER, line.len(), Word(line));
        s.skip(header.line_end);
        return;
    };
    s.skip(header.name.len() + header.separator);
    if field == text::FORMAT {
        text::format(s, header.value.len());
    } else {
        s.take(field, header.value.len(), Word(header.value));
        if field == CONTENT_TYPE
            && let Some(meaning) = meaning(&kind_of(header.value))
        {
            s.label(meaning);
        }
    }
    s.skip(header.line_end);
}

fn field_of(name: &[u8]) -> Option<FieldId> {
    let known: &[(&str, FieldId)] = &[
        ("MIME-Version", MIME_VERSION),
        ("Content-Type", CONTENT_TYPE),
        ("X-MMS-IM-Format", text::FORMAT),
        ("TypingUser", TYPING_USER),
        ("RecordingUser", RECORDING_USER),
        ("User-Agent", USER_AGENT),
        ("P4-Context", SHOWN_NAME),
        ("Message-ID", MESSAGE_ID),
        ("Chunks", CHUNKS),
        ("Chunk", CHUNK),
        ("P2P-Dest", P2P_DEST),
        ("P2P-Src", P2P_SRC),
    ];
    known.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes())).map(|(_, field)| *field)
}

fn meaning(kind: &[u8]) -> Option<Text> {
    let text = match kind {
        b"text/plain" => TYPE_TEXT,
        b"text/x-msmsgscontrol" => TYPE_CONTROL,
        b"text/x-msnmsgr-datacast" => TYPE_DATACAST,
        b"text/x-mms-emoticon" | b"text/x-mms-animemoticon" => TYPE_EMOTICON,
        b"application/x-msnmsgrp2p" => TYPE_P2P,
        b"text/x-msmsgsinvite" | b"text/x-msmmsginvite" => TYPE_INVITE,
        b"text/x-clientcaps" | b"text/x-clientinfo" => TYPE_CAPS,
        PROFILE => TYPE_PROFILE,
        b"text/x-msmsgsinitialemailnotification"
        | b"text/x-msmsgsinitialmdatanotification"
        | b"text/x-msmsgsoimnotification"
        | b"text/x-msmsgsemailnotification"
        | b"text/x-msmsgsactivemailnotification" => TYPE_MAIL,
        b"application/x-msmsgssystemmessage" => TYPE_SYSTEM,
        b"text/x-keepalive" => TYPE_KEEPALIVE,
        b"image/gif" | b"application/x-ms-ink" => TYPE_INK,
        _ => return None,
    };
    Some(text.text())
}

fn body(s: &mut Scribe<'_, '_>, kind: &[u8]) -> Content {
    match kind {
        b"text/plain" => return text::text(s),
        b"text/x-msnmsgr-datacast"
        | b"text/x-clientcaps"
        | b"text/x-clientinfo"
        | b"text/x-msmsgsinvite"
        | b"text/x-msmmsginvite"
        | PROFILE
        | b"text/x-msmsgsinitialemailnotification"
        | b"text/x-msmsgsinitialmdatanotification"
        | b"text/x-msmsgsoimnotification"
        | b"text/x-msmsgsemailnotification"
        | b"text/x-msmsgsactivemailnotification"
        | b"application/x-msmsgssystemmessage" => field_lines(s, kind),
        b"text/x-msmsgscontrol" | b"text/x-keepalive" => blank_lines(s),
        _ => {}
    }
    plain(s);
    Content::Nothing
}

/// Bodies that are nothing but line ends.
fn blank_lines(s: &mut Scribe<'_, '_>) {
    while let Some(end) = line_end_at(s.rest()) {
        s.skip(end);
    }
}

/// `body = *( name ":" *SP value CRLF / CRLF )`: bodies that keep their fields in lines like headers.
fn field_lines(s: &mut Scribe<'_, '_>, kind: &[u8]) {
    loop {
        blank_lines(s);
        let Some(line) = header(s.rest()) else { return };
        let before_value = line.name.len() + line.separator;
        match notice::field_of(kind, line.name) {
            Some(field) => {
                s.skip(before_value);
                s.take(field, line.value.len(), Word(line.value));
                if let Some(meaning) = notice::meaning(field, line.value) {
                    s.label(meaning);
                }
            }
            None => {
                let whole = s.rest().get(..before_value + line.value.len()).unwrap_or_default();
                s.take(BODY_FIELD, whole.len(), Word(whole));
            }
        }
        s.skip(line.line_end);
    }
}

/// `header = name ":" *SP value [ CR ] LF`; the last one of a payload may lack its line end.
pub(super) fn header(rest: &[u8]) -> Option<Header<'_>> {
    let line_feed = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let line = rest.get(..line_feed)?;
    let text = line.strip_suffix(b"\r").unwrap_or(line);
    let colon = memchr::memchr(b':', text)?;
    let name = text.get(..colon)?;
    if name.is_empty() || !name.iter().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    let after = text.get(colon + 1..)?;
    let blanks = after.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let end = (line_feed + 1).min(rest.len());
    Some(Header { name, separator: 1 + blanks, value: after.get(blanks..)?, line_end: end - text.len() })
}

/// Length of a line end standing right here.
pub(super) fn line_end_at(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'\r', b'\n', ..] => Some(2),
        [b'\n', ..] => Some(1),
        _ => None,
    }
}
