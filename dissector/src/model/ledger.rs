//! What the capture does not show, so that silence is never taken for absence.

use std::collections::{BTreeMap, BTreeSet};

use super::conversation::{Channel, Conversation, Unopened};
use super::evidence::{Evidence, Seen};
use super::owner::Ownership;
use super::sign_in::{EndedBy, Outcome, SignIn};
use crate::analysis::{End, Gap, StreamInfo};
use crate::capture::Timestamp;
use crate::msnp::{Body, Content, Direction, PduKind, Server};
use crate::sorting::sort_by_key;
use crate::transport::{Cause, Handshake, How};
use crate::tree::{Span, Text, texts};

texts! {
    GAP = "missing.gap", "{0} bytes that the {1} sent are missing: {2}. What they said is not known";
    NOT_CAPTURED = "missing.cause.not-captured", "no packet with them came in time";
    SNAPLEN = "missing.cause.snaplen", "the capture kept only the beginning of each packet";
    BEFORE = "missing.cause.before", "they came behind bytes that follow them, and the beginning of the connection, which would tell their place, was not captured";
    CEILING = "missing.cause.ceiling", "they came too late to be put in order";
    RESTART = "missing.restart", "What the {0} sends goes on at another place in the stream; how much is missing before is not known";
    ONLY_CLIENT = "missing.only-client", "Only what the client sent was captured; the server’s answers, and what others said, are not there";
    ONLY_SERVER = "missing.only-server", "Only what the server sent was captured; what the client itself said is not there";
    NO_BEGINNING = "missing.no-beginning", "The capture begins in the middle of this connection to a {0}; what was said before is not known";
    NO_SIGN_IN = "missing.no-sign-in", "The sign-in is not in the capture: {0} not known";
    CLIENT_AND_LIST = "missing.sign-in.client-and-list", "the client and the list of contacts are";
    DIALECT_AND_LIST = "missing.sign-in.dialect-and-list", "the dialect and the list of contacts are";
    ALL_OF_IT = "missing.sign-in.all", "client, dialect and the list of contacts are";
    THE_LIST = "missing.sign-in.list", "how it was accepted, and what the server told then, is";
    NO_SIGN_IN_AT_ALL = "missing.no-notification", "No connection of {0} to a notification server is in the capture: neither the sign-in nor contacts and presence are known";
    ROOM_BEGINNING = "missing.room-beginning", "The beginning of this chat is not in the capture: who was invited, who was there and what was said before is not known";
    ROOM_OFFERED = "missing.room-offered", "The client was given a chat room at {0}, but no connection to it is in the capture";
    ROOM_RUNG = "missing.room-rung", "{0} was invited to a chat by {1}, but no connection to that chat is in the capture: it was declined, or not captured";
    SOMEBODY = "missing.somebody", "The client";
    REDIRECT = "missing.redirect", "The client was sent on to {0}, but no connection there is in the capture";
    OTHER_SIGN_IN = "missing.other-sign-in", "{0} was signed in from somewhere else at this moment; the other sign-in is not in the capture";
    ADDRESS_BOOK = "missing.address-book", "Names and groups of the contacts came over an encrypted connection beside this one (from MSNP13 on); only the accounts on the lists are shown";
    OFFLINE_TEXT = "missing.offline-text", "An offline message from {0} waits; its text came over an encrypted connection, or never";
    OFFLINE_TEXT_OF_NOBODY = "missing.offline-text.nobody", "An offline message waits; its text came over an encrypted connection, or never";
    ENCRYPTED_TEXT = "missing.encrypted-text", "Messages of this chat that an add-on has encrypted: {0}; only their ciphertext is shown";
    UNKNOWN_KIND = "missing.unknown-kind", "Messages of kinds that no documentation describes: {0}; they are shown as bytes, and what they say is not known";
    OPAQUE = "missing.opaque", "{0} bytes could not be understood as commands";
    PARTS = "missing.parts", "A message came in parts, and some of them are missing";
    SILENCE = "missing.silence", "The server expected a sign of life within {0} seconds, but nothing more came on this connection for {1} seconds: it was probably lost, or its end was not captured";
    CUT = "missing.cut", "The capture file itself is not complete: {0}";
    CUT_ONE = "missing.cut.one", "The capture “{0}” itself is not complete: {1}";
    CLIENT = "missing.client", "client";
    SERVER = "missing.server", "server";
}

/// Of what kind something missing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingKind {
    /// Bytes are missing in the middle.
    Gap,
    /// One side of a connection was not captured.
    OneSided,
    /// A connection, a sign-in or a chat without its beginning.
    NoBeginning,
    /// Something that is spoken of and not captured: a chat room, a redirect, another sign-in.
    NotCaptured,
    /// It is known to have travelled encrypted.
    Encrypted,
    /// It is there, but could not be understood.
    Opaque,
    /// A connection falls silent and has no end.
    Silence,
    /// The file is cut.
    Cut,
    /// Bytes of a picture, a file or another object.
    Transfer,
}

/// Something that the capture does not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Of what kind.
    pub kind: MissingKind,
    /// What is missing and what follows from it, as a sentence.
    pub text: Text,
    /// What shows that it is missing.
    pub evidence: Evidence,
    /// How many bytes, where that is known.
    pub bytes: Option<u64>,
    /// The conversation that it concerns.
    pub conversation: Option<u32>,
}

/// What is known of one connection.
#[derive(Debug)]
struct Line {
    info: StreamInfo,
    server: Server,
    /// First command.
    first: Option<Evidence>,
    from_client: u64,
    from_server: u64,
    /// Bytes that are no command, and the first of them.
    opaque: Option<(u64, Evidence)>,
    /// Messages of unknown kinds, and the first of them.
    unknown: Option<(u64, Evidence)>,
    last: Option<Evidence>,
    /// Seconds within which the server expects the next sign of life.
    expected: Option<u32>,
    closed: bool,
}

#[derive(Debug, Default)]
pub(super) struct Ledger {
    lines: BTreeMap<u32, Line>,
    gaps: Vec<Gap>,
    /// The latest time that anything is known of.
    latest: Timestamp,
    /// Files that are cut.
    cut: Vec<(Text, Evidence)>,
}

/// What the other parts of the story know.
pub(super) struct Known<'k> {
    pub ownership: &'k Ownership,
    pub sign_ins: &'k [SignIn],
    pub conversations: &'k [Conversation],
    pub unopened: Vec<Unopened<'k>>,
    pub parts: Vec<Evidence>,
}

impl Ledger {
    pub(super) fn stream(&mut self, info: &StreamInfo) {
        let line = Line {
            info: info.clone(),
            server: Server::Unknown,
            first: None,
            from_client: 0,
            from_server: 0,
            opaque: None,
            unknown: None,
            last: None,
            expected: None,
            closed: false,
        };
        self.lines.insert(info.stream, line);
    }

    pub(super) fn observe(&mut self, seen: &Seen<'_>) {
        let Some(line) = self.lines.get_mut(&seen.stream()) else { return };
        line.server = seen.context.server;
        line.first.get_or_insert(seen.evidence);
        line.last = Some(seen.evidence);
        match seen.message.body {
            Body::PingAnswer { seconds } => line.expected = seconds,
            Body::Out { .. } => line.closed = true,
            _ => {}
        }
        self.latest = self.latest.max(seen.evidence.time);
        match seen.context.direction {
            Direction::ToServer => line.from_client = line.from_client.saturating_add(1),
            Direction::ToClient => line.from_server = line.from_server.saturating_add(1),
            Direction::Unknown => {}
        }
        let unknown = match &seen.message.content {
            Content::Unknown => true,
            Content::Datagram(datagram) => matches!(*datagram.content, Content::Unknown),
            _ => false,
        };
        if unknown {
            let (count, _) = line.unknown.get_or_insert((0, seen.evidence));
            *count = count.saturating_add(1);
        }
        // What programs say to each other is no command, and understood.
        let understood =
            [PduKind::Command, PduKind::Direct, PduKind::FileTransfer, PduKind::Relay, PduKind::Webcam, PduKind::Udp];
        if !understood.contains(&seen.kind) {
            let (bytes, _) = line.opaque.get_or_insert((0, seen.evidence));
            *bytes = bytes.saturating_add(seen.evidence.span.len().into());
        }
    }

    /// A hole with no command between its parts is one.
    pub(super) fn gap(&mut self, gap: &Gap) {
        let goes_on = |last: &&mut Gap| {
            (last.stream, last.source, last.cause, last.after) == (gap.stream, gap.source, gap.cause, gap.after)
        };
        match self.gaps.last_mut().filter(goes_on) {
            Some(last) => last.length = last.length.saturating_add(gap.length),
            None => self.gaps.push(*gap),
        }
    }

    pub(super) fn end(&mut self, end: &End) {
        self.latest = self.latest.max(end.time);
        if let Some(line) = self.lines.get_mut(&end.stream) {
            line.closed |= end.how != How::CaptureEnd;
        }
    }

    /// The time of the last packet, MSNP or not.
    pub(super) fn until(&mut self, time: Timestamp) {
        self.latest = self.latest.max(time);
    }

    /// A file is cut; it has a name where there are several.
    pub(super) fn cut(&mut self, name: Option<&str>, why: Text, evidence: Evidence) {
        let text = match name {
            Some(name) => CUT_ONE.with([name.into(), why.into()]),
            None => CUT.with([why.into()]),
        };
        self.cut.push((text, evidence));
    }

    pub(super) fn finish(&self, known: &Known<'_>) -> Vec<Missing> {
        let mut all = Vec::new();
        self.gaps.iter().for_each(|gap| all.push(self.of_gap(gap)));
        self.lines.values().for_each(|line| of_line(line, &mut all));
        self.lines.values().for_each(|line| all.extend(of_silence(line, self.latest)));
        known.sign_ins.iter().for_each(|sign_in| of_sign_in(sign_in, &mut all));
        known.conversations.iter().for_each(|conversation| of_conversation(conversation, &mut all));
        of_rooms_without_sign_in(known, &mut all);
        for room in &known.unopened {
            let (text, evidence) = match room {
                Unopened::Offered(address, evidence) => (ROOM_OFFERED.with([(*address).into()]), *evidence),
                Unopened::Rung(ring) => {
                    let whom = known.ownership.account(ring.evidence.stream).map_or(SOMEBODY.text().into(), Into::into);
                    (ROOM_RUNG.with([whom, ring.from.as_str().into()]), ring.evidence)
                }
            };
            all.push(Missing::new(MissingKind::NotCaptured, text, evidence));
        }
        all.extend(known.parts.iter().map(|evidence| Missing::new(MissingKind::Gap, PARTS.text(), *evidence)));
        let cut = self.cut.iter();
        all.extend(cut.map(|(text, evidence)| Missing::new(MissingKind::Cut, text.clone(), *evidence)));
        let rooms = rooms(known.conversations);
        // What is not in the capture at all is missing everywhere.
        for missing in all.iter_mut().filter(|missing| missing.kind != MissingKind::NotCaptured) {
            missing.conversation = missing.conversation.or_else(|| rooms.get(&missing.evidence.stream).copied());
        }
        sort_by_key(&mut all, |missing| missing.evidence.order());
        all
    }

    fn of_gap(&self, gap: &Gap) -> Missing {
        let from_client = self.lines.get(&gap.stream).is_some_and(|line| line.info.client == gap.source);
        let side = if from_client { CLIENT.text() } else { SERVER.text() };
        let cause = match gap.cause {
            Cause::NotCaptured => NOT_CAPTURED,
            Cause::CutBySnaplen => SNAPLEN,
            Cause::OverCeiling => CEILING,
            Cause::BeforeBeginning => BEFORE,
        };
        let text = match gap.length {
            0 => RESTART.with([side.into()]),
            length => GAP.with([length.into(), side.into(), cause.text().into()]),
        };
        let span = Span::default();
        let evidence = Evidence { pdu: None, frame: gap.frame, time: gap.time, stream: gap.stream, span };
        let bytes = Some(gap.length).filter(|length| *length > 0);
        Missing { bytes, ..Missing::new(MissingKind::Gap, text, evidence) }
    }
}

impl Missing {
    /// Whether it is bytes that were lost on a connection.
    #[must_use]
    pub fn is_loss(&self) -> bool {
        self.kind == MissingKind::Gap && self.bytes.is_some()
    }

    fn new(kind: MissingKind, text: Text, evidence: Evidence) -> Self {
        Self { kind, text, evidence, bytes: None, conversation: None }
    }
}

/// The chat that each connection to a switchboard carries: what it lacks is missing there.
fn rooms(conversations: &[Conversation]) -> BTreeMap<u32, u32> {
    let rooms = conversations.iter().filter(|conversation| conversation.channel == Channel::Room);
    rooms.flat_map(|room| room.streams.iter().map(|stream| (*stream, room.number))).collect()
}

/// How many times longer than expected a silence is before it says something.
const MUCH_LONGER: u64 = 3;

/// Commands of one side alone after which a connection with its handshake counts as one-sided.
const ALONE: u64 = 3;

fn of_line(line: &Line, all: &mut Vec<Missing>) {
    let Some(first) = line.first else { return };
    let midstream = line.info.handshake == Handshake::Missing;
    let alone = if midstream { 1 } else { ALONE };
    if line.from_server == 0 && line.from_client >= alone {
        all.push(Missing::new(MissingKind::OneSided, ONLY_CLIENT.text(), first));
    }
    if line.from_client == 0 && line.from_server >= alone {
        all.push(Missing::new(MissingKind::OneSided, ONLY_SERVER.text(), first));
    }
    if midstream && matches!(line.server, Server::Unknown | Server::Dispatch) {
        all.push(Missing::new(MissingKind::NoBeginning, NO_BEGINNING.with([line.server.name().into()]), first));
    }
    if let Some((count, evidence)) = line.unknown {
        all.push(Missing::new(MissingKind::Opaque, UNKNOWN_KIND.with([count.into()]), evidence));
    }
    if let Some((bytes, evidence)) = line.opaque {
        let opaque = Missing::new(MissingKind::Opaque, OPAQUE.with([bytes.into()]), evidence);
        all.push(Missing { bytes: Some(bytes), ..opaque });
    }
}

/// A connection that falls silent for much longer than the server would have it.
fn of_silence(line: &Line, latest: Timestamp) -> Option<Missing> {
    let (last, expected) = (line.last.filter(|_| !line.closed)?, line.expected?);
    let silent = u64::try_from(latest.nanos_since(last.time) / 1_000_000_000).ok()?;
    let text = SILENCE.with([expected.into(), silent.into()]);
    (silent > u64::from(expected) * MUCH_LONGER).then(|| Missing::new(MissingKind::Silence, text, last))
}

fn of_sign_in(sign_in: &SignIn, all: &mut Vec<Missing>) {
    if sign_in.outcome == Outcome::NotCaptured {
        let lacking = match (sign_in.client.is_some(), sign_in.dialect.is_some()) {
            (true, true) => THE_LIST,
            (true, false) => DIALECT_AND_LIST,
            (false, true) => CLIENT_AND_LIST,
            (false, false) => ALL_OF_IT,
        };
        let text = NO_SIGN_IN.with([lacking.text().into()]);
        all.push(Missing::new(MissingKind::NoBeginning, text, sign_in.start));
    }
    if let Some(redirect) = sign_in.redirects.get(sign_in.streams.len().saturating_sub(1)) {
        let text = REDIRECT.with([redirect.address.as_str().into()]);
        all.push(Missing::new(MissingKind::NotCaptured, text, redirect.evidence));
    }
    let thrown_out = sign_in.end.as_ref().filter(|end| end.by == EndedBy::Elsewhere && end.by_device.is_none());
    if let (Some(elsewhere), Some(_)) = (&sign_in.elsewhere, thrown_out)
        && elsewhere.other.is_none()
    {
        let who = sign_in.account.as_deref().map_or(SOMEBODY.text().into(), Into::into);
        let text = OTHER_SIGN_IN.with([who]);
        all.push(Missing::new(MissingKind::NotCaptured, text, elsewhere.evidence));
    }
    if let (Some(accepted), true) = (sign_in.accepted, sign_in.dialect.is_some_and(|dialect| dialect.0 >= 13)) {
        all.push(Missing::new(MissingKind::Encrypted, ADDRESS_BOOK.text(), accepted));
    }
}

fn of_conversation(conversation: &Conversation, all: &mut Vec<Missing>) {
    let mut add = |kind, text, evidence| {
        all.push(Missing { conversation: Some(conversation.number), ..Missing::new(kind, text, evidence) });
    };
    if conversation.channel == Channel::Room && !conversation.from_start {
        add(MissingKind::NoBeginning, ROOM_BEGINNING.text(), conversation.start);
    }
    let mut encrypted = conversation.messages.iter().filter(|message| message.what.is_encrypted());
    if let Some(first) = encrypted.next() {
        let count = encrypted.count().saturating_add(1);
        add(MissingKind::Encrypted, ENCRYPTED_TEXT.with([count.into()]), first.evidence);
    }
    for message in conversation.messages.iter().filter(|message| message.what.is_waiting()) {
        let text = match message.from.as_deref() {
            Some(from) => OFFLINE_TEXT.with([from.into()]),
            None => OFFLINE_TEXT_OF_NOBODY.text(),
        };
        add(MissingKind::Encrypted, text, message.evidence);
    }
}

/// Accounts that only chat: whose notification connection is not in the capture.
fn of_rooms_without_sign_in(known: &Known<'_>, all: &mut Vec<Missing>) {
    let signed_in = known.sign_ins.iter().filter_map(|sign_in| sign_in.account.as_deref());
    let signed_in = signed_in.collect::<BTreeSet<_>>();
    let mut told = BTreeSet::new();
    for conversation in known.conversations.iter().filter(|one| one.channel == Channel::Room) {
        for stream in &conversation.streams {
            let Some(account) = known.ownership.account(*stream) else { continue };
            if !signed_in.contains(account) && told.insert(account) {
                let text = NO_SIGN_IN_AT_ALL.with([account.into()]);
                all.push(Missing::new(MissingKind::NotCaptured, text, conversation.start));
            }
        }
    }
}
