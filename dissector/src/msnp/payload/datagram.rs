//! Datagrams: blocks of headers, then a body. So people talk in MSNP21 (`SDG`), and so presence and circles are published
//! (`PUT`, `DEL`) and told (`NFY`), from MSNP18 on.
//!
//! Comes in: the payload. Goes out: who to whom, and what the body says, whichever kind it is of.
//!
//! Source: protocol reference, messages 8. The first line of a block names it. The order of headers varies, the third block
//! may be absent, and one client writes Service-Channel in the third block.

use std::ops::Range;

use super::header::{Form, Headers, Known, blank_lines, header, line_end_at, not_a_header, take_account};
use super::mime::{self, NO_BLANK_LINE};
use super::{emoticon, invitation, notice, plain, text, xml};
use crate::msnp::field::{ACCOUNT, SENDER, UNDECODED};
use crate::msnp::p2p::slp;
use crate::msnp::p2p::{Peer, Wrapping, packet};
use crate::msnp::token::{Account, Word, long_number};
use crate::msnp::{Content, Datagram, Pdu, charset, verb};
use crate::tree::{Base, FieldId, Kind, Recording, Scribe, Span, TextId, Value, experts, fields, lossy, texts};

fields! {
    family 23;
    /// Who sends a datagram to whom, and by which channel: the first block of headers. Both sides send it, from MSNP18 on.
    ROUTING: Kind::Group => "msnp.datagram.routing", "Routing";
    /// The order of datagrams and pieces of a dialogue: the second block of headers. Both sides send it, from MSNP18
    /// on.
    RELIABILITY: Kind::Group => "msnp.datagram.reliability", "Reliability";
    /// What a message to people is and says: the third block of headers, in SDG. From MSNP18 on.
    MESSAGING: Kind::Group => "msnp.datagram.messaging", "Messaging";
    /// What the client publishes about itself or a group: the third block of headers, in PUT and DEL. From MSNP18 on.
    PUBLICATION: Kind::Group => "msnp.datagram.publication", "Publication";
    /// What has changed with somebody or in a group: the third block of headers, in NFY. The server sends it, from MSNP18 on.
    NOTIFICATION: Kind::Group => "msnp.datagram.notification", "Notification";
    /// A block of headers whose name is none of the five that are known; from client or server, MSNP18 or later.
    BLOCK: Kind::Group => "msnp.datagram.block", "Block of unknown kind";
    /// Version of a block’s headers, from client and server alike: 1.0, or 2.0 for messages of MSNP21.
    VERSION: Kind::Text => "msnp.datagram.version", "Version";
    /// To whom the datagram goes, as client or server writes it from MSNP18 on: network, colon, address; then perhaps
    /// one device (epid), the roster of a group (path) or the circle on the way (via).
    TO: Kind::Text => "msnp.datagram.to", "To", Account;
    /// From whom the datagram is, as client or server writes it from MSNP18 on: network, colon, address; then perhaps
    /// the device (epid) or the circle on the way (via).
    FROM: Kind::Text => "msnp.datagram.from", "From", Account;
    /// Circle through which the datagram came, from MSNP18 on: network 9, colon, address.
    VIA: Kind::Text => "msnp.datagram.via", "Via", Account;
    /// A number in the first block whose meaning is not documented; 0 has been seen. From MSNP18 on (one source).
    OPTIONS: Kind::Uint32(Base::Dec) => "msnp.datagram.options", "Options";
    /// For which service the datagram is, and whether it is kept for a receiver who is away. From MSNP18 on.
    SERVICE_CHANNEL: Kind::Text => "msnp.datagram.channel", "Service-Channel";
    /// Number of the dialogue that a datagram belongs to, chosen by its sender, often 0. From MSNP18 on.
    STREAM: Kind::Uint32(Base::Dec) => "msnp.datagram.stream", "Stream";
    /// Place of the datagram in its dialogue, a number that its sender counts up, from MSNP18 on.
    SEGMENT: Kind::Uint32(Base::Dec) => "msnp.datagram.segment", "Segment";
    /// What the sender wants beyond delivery, as a word; ACK has been seen (one source). From MSNP18 on.
    FLAGS: Kind::Text => "msnp.datagram.flags", "Flags";
    /// What kind of message the sender’s program sends, from MSNP18 on; together with the Content-Type it says how the
    /// body is to be read.
    MESSAGE_TYPE: Kind::Text => "msnp.datagram.type", "Message-Type";
    /// What kind of control message this is, in the way of MSNP18: Typing beside the type Control.
    MESSAGE_SUBTYPE: Kind::Text => "msnp.datagram.subtype", "Message-Subtype";
    /// Which way peer-to-peer data takes between two programs: a number that the sender chooses. MSNP21.
    PIPE: Kind::Uint32(Base::Dec) => "msnp.datagram.pipe", "Pipe";
    /// Where in the body the pieces of peer-to-peer data begin, in bytes, with commas between them. The sender writes
    /// it, MSNP21.
    OFFSETS: Kind::Text => "msnp.datagram.offsets", "Bridging-Offsets";
    /// When a message that the server kept was sent, UTC; MSNP21 (one source).
    ARRIVAL_TIME: Kind::Text => "msnp.datagram.arrival_time", "Original-Arrival-Time";
    /// What the client publishes, or of what the server says that it has changed, from MSNP18 on: /user is a person,
    /// /circle a group, /circle/roster(IM)/user(…) a member of one.
    URI: Kind::Text => "msnp.datagram.uri", "Uri";
    /// Running number of a notification (NFY), counted by the server for each client, from MSNP18 on.
    NOTIFICATION_NUMBER: Kind::Uint32(Base::Dec) => "msnp.datagram.number", "NotifNum";
    /// How much of the document the server tells, from MSNP18 on: Full, Partial (what it leaves out is unchanged) or
    /// Sync.
    NOTIFICATION_TYPE: Kind::Text => "msnp.datagram.notification_type", "NotifType";
    /// Length of the body behind the blocks of headers in bytes, in decimal; it should be all that is left. Client and
    /// server write it, from MSNP18 on.
    CONTENT_LENGTH: Kind::Uint64(Base::Dec) => "msnp.datagram.length", "Content-Length";
    /// Member of a group that has come or gone, as the address of the server’s notification names them, from MSNP18 on.
    URI_MEMBER: Kind::Text => "msnp.datagram.uri.member", "Member", Account;
    /// A header of a block that no source describes, name and value as client or server wrote them, MSNP18 or later.
    OTHER: Kind::Text => "msnp.datagram.header", "Header of a block", Text;
    /// The body of a client’s message, from MSNP18 on, that sets something up or tells one’s other devices something,
    /// as text.
    SIGNAL: Kind::Text => "msnp.datagram.signal", "Signal", Text;
}

experts! {
    LENGTH_DIFFERS: Warn, Malformed => "msnp.expert.content-length", "expected {0} bytes of body, as Content-Length promises, found {1}";
    NOT_A_LENGTH: Warn, Malformed => "msnp.expert.content-length-number", "expected the length of the body as a decimal number, found “{0}”";
    UNKNOWN_MESSAGE: Note, Undecoded => "msnp.expert.message-type", "expected a type of message that some documentation describes, found “{0}”";
    NOT_A_BLOCK: Note, Malformed => "msnp.expert.block", "expected a block Routing, Reliability, Messaging, Publication or Notification, found “{0}”";
}

texts! {
    CHANNEL_ONLINE = "channel.IM/Online", "chat, while the receiver is there";
    CHANNEL_OFFLINE = "channel.IM/Offline", "chat, kept if the receiver is away";
    CHANNEL_PD = "channel.PD", "private device data";
    CHANNEL_PE = "channel.PE", "profile";
    TEXT = "datagram.Text", "a chat text";
    NUDGE = "datagram.Nudge", "a nudge";
    WINK = "datagram.Wink", "a wink";
    VOICE = "datagram.Voice", "a voice clip";
    EMOTICON = "datagram.CustomEmoticon", "emoticons of the sender’s own";
    CONTROL = "datagram.Control", "a typing or recording notice";
    TYPING = "datagram.Control/Typing", "a typing notice";
    RECORDING = "datagram.Control/Recording", "a notice that a voice clip is being recorded";
    INVITE = "datagram.Invite", "an invitation";
    DATA = "datagram.Data", "peer-to-peer data";
    SIGNAL_P2P = "datagram.Signal/P2P", "the set-up of a peer-to-peer session";
    SIGNAL_ADDRESS_BOOK = "datagram.Signal/ForceAbchSync", "the wish that the address book be loaded again";
    SIGNAL_CLOSED = "datagram.Signal/CloseIMWindow", "word that a chat window was closed on another device";
    SIGNAL_READ = "datagram.Signal/MarkIMWindowRead", "word that a chat was read on another device";
    SIGNAL_CALL = "datagram.Signal/call", "the set-up of a call";
    NOTIFIES_ALL = "notification.Full", "everything";
    NOTIFIES_PART = "notification.Partial", "what has changed";
    NOTIFIES_SYNC = "notification.Sync", "the state to start from";
}

static KNOWN: &[Known] = &[
    Known("To", TO, Form::Account),
    Known("From", FROM, Form::Account),
    Known("Via", VIA, Form::Account),
    Known("Options", OPTIONS, Form::Number),
    Known("Service-Channel", SERVICE_CHANNEL, Form::Coded(channel)),
    Known("Stream", STREAM, Form::Number),
    Known("Segment", SEGMENT, Form::Number),
    Known("Flags", FLAGS, Form::Word),
    Known("Message-Type", MESSAGE_TYPE, Form::Coded(message)),
    Known("Message-Subtype", MESSAGE_SUBTYPE, Form::Word),
    Known("Pipe", PIPE, Form::Number),
    Known("Bridging-Offsets", OFFSETS, Form::Word),
    Known("Original-Arrival-Time", ARRIVAL_TIME, Form::Word),
    Known("Uri", URI, Form::Read(uri)),
    Known("NotifNum", NOTIFICATION_NUMBER, Form::Number),
    Known("NotifType", NOTIFICATION_TYPE, Form::Coded(notification)),
    Known("Content-Length", CONTENT_LENGTH, Form::Read(length)),
];

/// The type of messages that carry packets between programs.
const DATA_TYPE: &[u8] = b"Data";

/// Names of blocks; behind one of the last three comes the body.
static BLOCKS: &[(&str, FieldId)] = &[
    ("Routing", ROUTING),
    ("Reliability", RELIABILITY),
    ("Messaging", MESSAGING),
    ("Publication", PUBLICATION),
    ("Notification", NOTIFICATION),
];

/// Whether a payload is a datagram: what an error repeats may be one.
#[must_use]
pub fn is_datagram(payload: &[u8]) -> bool {
    header(payload).is_some_and(|line| block_of(line.name).is_some())
}

/// `datagram = 1*block body`
pub fn datagram(s: &mut Scribe<'_, '_>, pdu: &Pdu<'_>) -> Content {
    let (found, length_at) = blocks(s, pdu.verb() == Some(verb::SDG));
    if found.value(TO).is_none() && found.value(FROM).is_none() && !s.is_empty() && length_at.is_none() {
        let line = s.rest().split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
        s.expert_at(NOT_A_BLOCK, s.here(line.len()), [lossy(line.get(..24).unwrap_or(line)).into()]);
    }
    let content = Box::new(limited_body(s, &found, length_at, pdu));
    Content::Datagram(Datagram {
        from: found.text(FROM).unwrap_or_default(),
        to: found.text(TO).unwrap_or_default(),
        uri: found.text(URI),
        content,
    })
}

/// All blocks, and where the length of the body is said. Of a message to people, `From` is its sender.
fn blocks<'a>(s: &mut Scribe<'a, '_>, to_people: bool) -> (Headers<'a>, Option<Span>) {
    let mut found = Headers::default();
    let mut length_at = None;
    while let Some(next) = next_block(s.rest()) {
        let ended = s.group(next, |s| block(s, to_people, &mut found, &mut length_at));
        if matches!(ended, End::Payload) {
            s.expert_at(NO_BLANK_LINE, s.here(0), []);
        }
        if length_at.is_some() || [MESSAGING, PUBLICATION, NOTIFICATION].contains(&next) {
            break;
        }
    }
    (found, length_at)
}

/// The block that begins here, if one does: of a known name, or a line of another name that looks like the head of one.
fn next_block(rest: &[u8]) -> Option<FieldId> {
    let line = header(rest)?;
    let version = |value: &[u8]| matches!(value, [a, b'.', b] if a.is_ascii_digit() && b.is_ascii_digit());
    block_of(line.name).or_else(|| version(line.value.trim_ascii()).then_some(BLOCK))
}

fn block_of(name: &[u8]) -> Option<FieldId> {
    BLOCKS.iter().find(|(block, _)| name.eq_ignore_ascii_case(block.as_bytes())).map(|(_, field)| *field)
}

enum End {
    BlankLine,
    Payload,
}

/// `block = name ":" SP version CRLF *( header CRLF ) CRLF`
fn block<'a>(s: &mut Scribe<'a, '_>, to_people: bool, found: &mut Headers<'a>, length_at: &mut Option<Span>) -> End {
    if let Some(first) = header(s.rest()) {
        first.value(s, |s, value| s.take(VERSION, value.len(), Word(value)));
    }
    loop {
        if let Some(end) = line_end_at(s.rest()) {
            s.skip(end);
            return End::BlankLine;
        }
        if s.is_empty() {
            return End::Payload;
        }
        let Some(line) = header(s.rest()) else {
            not_a_header(s);
            continue;
        };
        let start = s.position() + line.before_value();
        let span = s.span(start, start + line.value.len());
        if line.is("Content-Length") && length_at.is_none() {
            *length_at = Some(span);
        }
        match line.known(KNOWN) {
            Some(known) => line.record(s, known, OTHER, found),
            None if line.known(mime::KNOWN).is_some() => mime::record(s, &line, found),
            None => line.whole(s, OTHER),
        }
        if to_people && line.is("From") {
            sender(s, line.value.trim_ascii(), span);
        }
    }
}

/// Who sends a message, as `MSG` names them: a fact beside the header.
fn sender(s: &mut Scribe<'_, '_>, from: &[u8], span: Span) {
    let account = lossy(Account(from).name());
    if !account.is_empty() {
        s.generated(SENDER, span, Value::Text(account.clone()), None);
        s.generated(ACCOUNT, span, Value::Text(account), None);
    }
}

/// The body, as long as its header says; what stands behind it is not understood.
fn limited_body(s: &mut Scribe<'_, '_>, found: &Headers<'_>, length_at: Option<Span>, pdu: &Pdu<'_>) -> Content {
    let there = s.rest().len();
    let promised = found.value(CONTENT_LENGTH).and_then(number);
    let (Some(promised), Some(span)) = (promised, length_at) else { return body(s, found, pdu) };
    if promised != there as u64 {
        s.expert_at(LENGTH_DIFFERS, span, [promised.into(), there.into()]);
    }
    let length = usize::try_from(promised).unwrap_or(there).min(there);
    let content = s.limit(length, UNDECODED, |s| body(s, found, pdu));
    s.rest_as_bytes(UNDECODED);
    content
}

/// What the body is says the Message-Type, where there is one, else the Content-Type.
fn body(s: &mut Scribe<'_, '_>, found: &Headers<'_>, pdu: &Pdu<'_>) -> Content {
    let kind = found.value(MESSAGE_TYPE).unwrap_or_default();
    let subtype = found.value(MESSAGE_SUBTYPE).unwrap_or_default();
    let account = || found.text(FROM).map(|from| lossy(Account(from.as_bytes()).name())).unwrap_or_default();
    let content = match (kind, subtype) {
        (b"Text", _) => text::text(s, found),
        (b"Nudge", _) if s.is_empty() => Content::Nudge,
        (b"Nudge" | b"Wink" | b"Voice", _) => notice::datacast(s, found),
        (b"CustomEmoticon", _) => emoticon::emoticons(s, mime::charset(found)),
        (b"Control/Typing", _) | (b"Control", b"Typing") => {
            blank_lines(s);
            Content::Typing { account: account() }
        }
        (b"Control/Recording", _) | (b"Control", b"Recording") => {
            blank_lines(s);
            Content::Recording { account: account() }
        }
        (b"Invite", _) => invitation::invitation(s, mime::charset(found)),
        (DATA_TYPE, _) => pieces(s, found, pdu),
        (b"", _) => published(s, found),
        (b"Signal/P2P", _) if slp::is_slp(s.rest()) => return slp::content(s),
        (signal, _) if signal.starts_with(b"Signal/") => {
            let length = s.rest().len();
            if length > 0 {
                charset::take(s, SIGNAL, length, mime::charset(found));
            }
            Content::Nothing
        }
        (other, _) => {
            let span = s.here(s.rest().len());
            s.expert_at(UNKNOWN_MESSAGE, span, [lossy(other.get(..64).unwrap_or(other)).into()]);
            mime::body(s, found)
        }
    };
    plain(s);
    content
}

/// `pieces = 1*( packet footer )`: each begins where the header says.
///
/// Source: protocol reference, P2P 2.6 (one source).
fn pieces(s: &mut Scribe<'_, '_>, found: &Headers<'_>, pdu: &Pdu<'_>) -> Content {
    let mut packets = Vec::new();
    let start = s.position();
    for place in places(found, s.rest().len()) {
        let span = s.span(start + place.start, start + place.end);
        let completes = pdu.completes.and_then(|assembly| assembly.ending_within(span));
        let cut = pdu.missing() > 0 && start + place.end == pdu.bytes.len();
        let wrapping = Wrapping { version: None, footer: true, cut };
        packets.extend(s.limit(place.len(), UNDECODED, |s| packet(s, wrapping, completes)));
    }
    Content::PeerToPeer(Peer { to: found.text(TO).unwrap_or_default(), from: found.text(FROM), packets })
}

/// Where in a body of so many bytes the pieces stand.
fn places(found: &Headers<'_>, whole: usize) -> Vec<Range<usize>> {
    let offsets = found.value(OFFSETS).unwrap_or_default().split(|byte| *byte == b',');
    let ends = offsets.filter_map(|offset| usize::try_from(number(offset.trim_ascii())?).ok()).chain([whole]);
    let mut at = 0;
    let places = ends.filter_map(|end| {
        let place = at..end.min(whole);
        at = at.max(place.end);
        (!place.is_empty()).then_some(place)
    });
    places.collect()
}

/// A datagram that carries peer-to-peer data.
pub struct Packed<'a> {
    /// To whom.
    pub to: &'a [u8],
    /// From whom.
    pub from: &'a [u8],
    /// Where in the payload the packets stand.
    pub places: Vec<Range<usize>>,
}

/// Where in the payload of a datagram packets stand, without reading them; `None` when it carries something else.
#[must_use]
pub fn packed(payload: &[u8]) -> Option<Packed<'_>> {
    let mut s = Scribe::new(payload, Recording::Nothing);
    let (found, _) = blocks(&mut s, false);
    if found.value(MESSAGE_TYPE) != Some(DATA_TYPE) {
        return None;
    }
    let there = s.rest().len();
    let promised = found.value(CONTENT_LENGTH).and_then(number).and_then(|length| usize::try_from(length).ok());
    let start = s.position();
    let places = places(&found, promised.unwrap_or(there).min(there)).into_iter();
    Some(Packed {
        to: found.value(TO).unwrap_or_default(),
        from: found.value(FROM).unwrap_or_default(),
        places: places.map(|place| start + place.start..start + place.end).collect(),
    })
}

/// Documents about people and groups, or whatever the Content-Type says.
fn published(s: &mut Scribe<'_, '_>, found: &Headers<'_>) -> Content {
    if s.is_empty() {
        return Content::Nothing;
    }
    match &*mime::kind(found) {
        b"application/user+xml" => xml::presence(s),
        b"application/circles+xml" | b"application/multiparty+xml" => xml::memberships(s),
        b"application/network+xml" => {
            xml::document(s);
            Content::Nothing
        }
        b"" if s.rest().starts_with(b"<") => {
            xml::document(s);
            Content::Nothing
        }
        b"" => Content::Nothing,
        _ => mime::body(s, found),
    }
}

/// `uri = "/user" / "/circle" [ "/roster(IM)/user(" account ")" ]`
fn uri(s: &mut Scribe<'_, '_>, field: FieldId, length: usize) {
    let wire = s.rest().get(..length).unwrap_or_default();
    let member = memchr::memmem::find(wire, b"user(").and_then(|at| {
        let start = at + b"user(".len();
        let end = memchr::memchr(b')', wire.get(start..)?)?;
        Some((start, wire.get(start..start + end).filter(|member| !member.is_empty())?))
    });
    let Some((start, member)) = member else {
        s.take(field, length, Word(wire));
        return;
    };
    s.group_with(field, &Word(wire), |s| {
        s.skip(start);
        take_account(s, URI_MEMBER, member.len());
        s.skip(length - start - member.len());
    });
}

/// `length = 1*DIGIT`
fn length(s: &mut Scribe<'_, '_>, field: FieldId, length: usize) {
    let wire = s.rest().get(..length).unwrap_or_default();
    match number(wire.trim_ascii_end()) {
        Some(bytes) => drop(s.take(field, length, bytes)),
        None => {
            s.expert_at(NOT_A_LENGTH, s.here(length), [lossy(wire.get(..24).unwrap_or(wire)).into()]);
            if length > 0 {
                s.take(OTHER, length, Word(wire));
            }
        }
    }
}

fn number(digits: &[u8]) -> Option<u64> {
    match long_number(digits) {
        Ok(([], number)) => Some(number),
        _ => None,
    }
}

fn channel(name: &[u8]) -> Option<TextId> {
    Some(match name {
        b"IM/Online" => CHANNEL_ONLINE,
        b"IM/Offline" => CHANNEL_OFFLINE,
        b"PD" => CHANNEL_PD,
        b"PE" => CHANNEL_PE,
        _ => return None,
    })
}

fn message(kind: &[u8]) -> Option<TextId> {
    Some(match kind {
        b"Text" => TEXT,
        b"Nudge" => NUDGE,
        b"Wink" => WINK,
        b"Voice" => VOICE,
        b"CustomEmoticon" => EMOTICON,
        b"Control" => CONTROL,
        b"Control/Typing" => TYPING,
        b"Control/Recording" => RECORDING,
        b"Invite" => INVITE,
        b"Data" => DATA,
        b"Signal/P2P" => SIGNAL_P2P,
        b"Signal/ForceAbchSync" => SIGNAL_ADDRESS_BOOK,
        b"Signal/CloseIMWindow" => SIGNAL_CLOSED,
        b"Signal/MarkIMWindowRead" => SIGNAL_READ,
        b"Signal/Turn" | b"Signal/AudioMeta" | b"Signal/AudioTunnel" => SIGNAL_CALL,
        _ => return None,
    })
}

fn notification(kind: &[u8]) -> Option<TextId> {
    Some(match kind {
        b"Full" => NOTIFIES_ALL,
        b"Partial" => NOTIFIES_PART,
        b"Sync" => NOTIFIES_SYNC,
        _ => return None,
    })
}
