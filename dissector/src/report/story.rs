//! The story as records: messages, and what is missing, in the words of the CLI's contract.

use serde::Serialize;

use super::Reporter;
use crate::model::{Channel, ChatMessage, Conversation, Evidence, Missing, MissingKind, Saying, Tale};
use crate::msnp::{Invitation, TextFormat};

/// Where a fact comes from.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceRecord {
    /// Time of the packet.
    pub time: Option<String>,
    /// Number of the packet.
    pub frame: u64,
    /// Number of the PDU; none where the connection itself is the evidence.
    pub pdu: Option<u32>,
    /// Wireshark's `tcp.stream`.
    pub stream: u32,
    /// First byte in the PDU that says so.
    pub start: u32,
    /// Behind the last one.
    pub end: u32,
}

/// One line of `msnp chats --json`.
#[derive(Debug, Serialize)]
pub struct ChatRecord {
    /// Time of its packet.
    pub time: Option<String>,
    /// Number of the packet.
    pub frame: u64,
    /// Number of the PDU.
    pub pdu: u32,
    /// Number of the conversation, from 1.
    pub conversation: u32,
    /// Who; none when nothing tells, or when the service itself speaks.
    pub from: Option<String>,
    /// What they called themselves at the time.
    pub nick: Option<String>,
    /// Who was there to hear it.
    pub to: Vec<String>,
    /// `text`, `typing` (recording a voice clip counts as that, and has a text), `nudge`, `ink`, `wink`, `voice-clip`, `action`, `emoticon`, `offline` or `system`.
    pub kind: &'static str,
    /// What was said, where it was said in words.
    pub text: Option<String>,
    /// How it looks.
    pub format: Option<FormatRecord>,
    /// It arrived; none when nothing tells.
    pub delivered: Option<bool>,
    /// Sender or receivers are inferred.
    pub inferred: bool,
    /// `room`, `relay`, `datagrams` or `service`.
    pub channel: &'static str,
    /// Wireshark's `tcp.stream`.
    pub stream: u32,
    /// What tells whether it arrived.
    pub receipt: Option<PlaceRecord>,
    /// The same message on other connections.
    pub copies: Vec<PlaceRecord>,
    /// A name that the message asks to be shown in place of the sender's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_name: Option<String>,
    /// When a stored message was sent, as on the wire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<String>,
    /// The object of a wink or voice clip, those of emoticons; `<msnobj>` elements.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<String>,
    /// An invitation of the old kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation: Option<InvitationRecord>,
}

/// How a text looks.
#[derive(Debug, Serialize)]
pub struct FormatRecord {
    /// Name of the font.
    pub font: String,
    /// Letters B, I, U, S.
    pub effects: String,
    /// As `#rrggbb`.
    pub colour: Option<String>,
    /// Written from right to left.
    pub right_to_left: bool,
}

/// An invitation of the old kind, or the answer to one.
#[derive(Debug, Serialize)]
pub struct InvitationRecord {
    /// `INVITE`, `ACCEPT` or `CANCEL`.
    pub command: String,
    /// What all its messages share.
    pub cookie: String,
    /// What it is about.
    pub application: String,
    /// The file offered.
    pub file: Option<String>,
    /// Its size.
    pub size: Option<u64>,
}

/// One line of `msnp gaps --json`.
#[derive(Debug, Serialize)]
pub struct MissingRecord {
    /// `gap`, `one-sided`, `no-beginning`, `not-captured`, `encrypted`, `opaque`, `silence`, `cut` or `transfer`.
    pub kind: &'static str,
    /// What is missing and what follows from it.
    pub text: String,
    /// How many bytes, where that is known.
    pub bytes: Option<u64>,
    /// The conversation that it concerns.
    pub conversation: Option<u32>,
    /// What shows that it is missing.
    #[serde(flatten)]
    pub at: PlaceRecord,
}

impl From<Evidence> for PlaceRecord {
    fn from(evidence: Evidence) -> Self {
        let Evidence { pdu, frame, time, stream, span } = evidence;
        Self { time: super::time(time), frame, pdu, stream, start: span.start, end: span.end }
    }
}

impl Reporter {
    /// The messages of a story, in order of time.
    pub fn chats<'t>(&self, tale: &'t Tale) -> impl Iterator<Item = ChatRecord> + use<'t, '_> {
        tale.messages().into_iter().map(|(conversation, message)| self.chat(conversation, message))
    }

    /// A message of a conversation.
    #[must_use]
    pub fn chat(&self, conversation: &Conversation, message: &ChatMessage) -> ChatRecord {
        let said = match &message.what {
            Saying::Text(said) | Saying::Offline(said) => Some(said),
            _ => None,
        };
        let place = PlaceRecord::from(message.evidence);
        ChatRecord {
            time: place.time,
            frame: place.frame,
            pdu: place.pdu.unwrap_or_default(),
            conversation: conversation.number,
            from: message.from.clone(),
            nick: message.nick.clone(),
            to: message.to.clone(),
            kind: kind(&message.what),
            text: self.words(&message.what),
            format: said.and_then(|said| said.format.as_ref()).map(FormatRecord::from),
            delivered: message.delivered,
            inferred: message.inferred,
            channel: channel(conversation.channel),
            stream: place.stream,
            receipt: message.receipt.map(PlaceRecord::from),
            copies: message.copies.iter().copied().map(PlaceRecord::from).collect(),
            shown_name: said.and_then(|said| said.shown_name.clone()),
            sent: said.and_then(|said| said.sent.clone()),
            objects: objects(&message.what),
            invitation: match &message.what {
                Saying::Invitation(invitation) => Some(invitation.into()),
                _ => None,
            },
        }
    }

    /// What was said, where it comes to words.
    #[must_use]
    pub fn words(&self, what: &Saying) -> Option<String> {
        match what {
            Saying::Text(said) | Saying::Offline(said) => Some(said.text.clone()),
            Saying::Action(text) | Saying::Phone(text) => Some(text.clone()),
            Saying::Emoticons(all) => {
                let shortcuts = all.iter().map(|one| one.shortcut.as_str()).collect::<Vec<_>>();
                Some(shortcuts.join(" "))
            }
            other => other.sentence().map(|text| self.catalogue.render(&text)),
        }
    }

    /// What a capture does not show, in order of time.
    pub fn missing<'t>(&self, tale: &'t Tale) -> impl Iterator<Item = MissingRecord> + use<'t, '_> {
        tale.missing.iter().map(|missing: &Missing| MissingRecord {
            kind: missing_kind(missing.kind),
            text: self.catalogue.render(&missing.text),
            bytes: missing.bytes,
            conversation: missing.conversation,
            at: missing.evidence.into(),
        })
    }
}

impl From<&TextFormat> for FormatRecord {
    fn from(format: &TextFormat) -> Self {
        Self {
            font: format.font.clone(),
            effects: format.effects.clone(),
            colour: format.colour.map(|[red, green, blue]| format!("#{red:02x}{green:02x}{blue:02x}")),
            right_to_left: format.right_to_left,
        }
    }
}

impl From<&Invitation> for InvitationRecord {
    fn from(invitation: &Invitation) -> Self {
        let Invitation { command, cookie, application, file, size, .. } = invitation.clone();
        Self { command, cookie, application, file, size }
    }
}

fn objects(what: &Saying) -> Vec<String> {
    match what {
        Saying::Wink(object) | Saying::VoiceClip(object) => vec![object.clone()],
        Saying::Emoticons(all) => all.iter().map(|one| one.object.clone()).collect(),
        _ => Vec::new(),
    }
}

/// What kind of message it is, in the contract's word.
#[must_use]
pub fn kind(what: &Saying) -> &'static str {
    match what {
        Saying::Text(_) | Saying::Phone(_) => "text",
        Saying::Offline(_) | Saying::Waiting(_) => "offline",
        Saying::Typing | Saying::Recording => "typing",
        Saying::Nudge => "nudge",
        Saying::Wink(_) => "wink",
        Saying::VoiceClip(_) => "voice-clip",
        Saying::Action(_) => "action",
        Saying::Emoticons(_) => "emoticon",
        Saying::Ink { .. } => "ink",
        Saying::Invitation(_) | Saying::System { .. } => "system",
    }
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Room => "room",
        Channel::Relay => "relay",
        Channel::Datagrams => "datagrams",
        Channel::Service => "service",
    }
}

/// Of what kind something missing is, in the contract's word.
#[must_use]
pub fn missing_kind(kind: MissingKind) -> &'static str {
    match kind {
        MissingKind::Gap => "gap",
        MissingKind::OneSided => "one-sided",
        MissingKind::NoBeginning => "no-beginning",
        MissingKind::NotCaptured => "not-captured",
        MissingKind::Encrypted => "encrypted",
        MissingKind::Opaque => "opaque",
        MissingKind::Silence => "silence",
        MissingKind::Cut => "cut",
        MissingKind::Transfer => "transfer",
    }
}
