//! The story as records: sign-ins, messages, and what is missing, in the words of the CLI's contract.

use serde::Serialize;

use super::Reporter;
use crate::model::{
    Channel, ChatMessage, Conversation, Device, EndedBy, Evidence, Missing, MissingKind, Outcome, PrivacyKind,
    PrivacySetting, Redirect, Saying, SignIn, Tale,
};
use crate::msnp::{Invitation, TextFormat, error_meaning};

/// Where a fact comes from.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceRecord {
    /// Time of the packet.
    pub time: String,
    /// Number of the packet.
    pub frame: u64,
    /// Number of the PDU; none where the connection itself is the evidence.
    pub pdu: Option<u32>,
    /// Wireshark's `tcp.stream`.
    pub stream: u32,
}

/// One line of `msnp sessions --json`.
#[derive(Debug, Serialize)]
pub struct SessionRecord {
    /// The account; none when nothing tells.
    pub account: Option<String>,
    /// What it called itself at the end.
    pub nick: Option<String>,
    /// The dialect chosen.
    pub dialect: Option<String>,
    /// The dialects offered, best first.
    pub offered: Vec<String>,
    /// Program and version.
    pub client: Option<String>,
    /// Operating system and version.
    pub os: Option<String>,
    /// Language, a hexadecimal Windows locale number.
    pub locale: Option<String>,
    /// How the client proves who it is.
    pub auth: Option<String>,
    /// `ok`, `refused`, `redirected`, `unfinished` or `not-captured`.
    pub outcome: &'static str,
    /// Why it was refused.
    pub error: Option<ErrorRecord>,
    /// Time of the first command.
    pub start: String,
    /// Time of the end; at the capture's end that of the last packet.
    pub end: Option<String>,
    /// `client`, `elsewhere`, `server-shutdown`, `error`, `reset` or `capture-end`; none while it goes on.
    pub ended_by: Option<&'static str>,
    /// The same as a sentence.
    pub ended_how: Option<String>,
    /// Dispatch and notification connections.
    pub streams: Vec<u32>,
    /// Chat rooms it led to.
    pub switchboards: Vec<u32>,
    /// No command says whose it is.
    pub inferred: bool,
    /// The client's address as the server saw it.
    pub address: Option<AddressRecord>,
    /// Where the server sent the client on to.
    pub redirects: Vec<RedirectRecord>,
    /// This device.
    pub machine: Option<String>,
    /// The account's devices.
    pub devices: Vec<DeviceRecord>,
    /// What others may do, in order of time.
    pub privacy: Vec<PrivacyRecord>,
    /// The account signed in somewhere else.
    pub elsewhere: Option<ElsewhereRecord>,
    /// Where it begins.
    pub began: PlaceRecord,
    /// Where the server accepted it.
    pub accepted: Option<PlaceRecord>,
    /// Where it ended.
    pub ended: Option<PlaceRecord>,
}

/// An error of the server.
#[derive(Debug, Serialize)]
pub struct ErrorRecord {
    /// Three decimal digits; none when the server refused without a number.
    pub code: Option<u32>,
    /// What it means.
    pub text: Option<String>,
    /// Where it stands.
    #[serde(flatten)]
    pub at: PlaceRecord,
}

/// The client's address as the server saw it.
#[derive(Debug, Serialize)]
pub struct AddressRecord {
    /// IP address.
    pub host: String,
    /// TCP port as the server wrote it.
    pub port: Option<String>,
    /// Where it stands.
    #[serde(flatten)]
    pub at: PlaceRecord,
}

/// A redirect.
#[derive(Debug, Serialize)]
pub struct RedirectRecord {
    /// Host and port.
    pub address: String,
    /// Where it stands.
    #[serde(flatten)]
    pub at: PlaceRecord,
}

/// A privacy setting.
#[derive(Debug, Serialize)]
pub struct PrivacyRecord {
    /// `strangers` or `when-added`.
    pub setting: &'static str,
    /// The letters: `AL` or `BL`, `A` or `N`.
    pub value: String,
    /// The same as a sentence.
    pub text: String,
    /// Where it stands.
    #[serde(flatten)]
    pub at: PlaceRecord,
}

/// One device of an account.
#[derive(Debug, Serialize)]
pub struct DeviceRecord {
    /// A GUID with braces.
    pub id: String,
    /// What its owner calls it.
    pub name: Option<String>,
    /// 1 computer, 2 web site, 3 mobile, 4 games console.
    pub client_type: Option<String>,
    /// Where it is first named.
    #[serde(flatten)]
    pub at: PlaceRecord,
}

/// The tripwire.
#[derive(Debug, Serialize)]
pub struct ElsewhereRecord {
    /// Streams of the other sign-in; none when it is not in the capture.
    pub other: Option<Vec<u32>>,
    /// Where the server says so.
    #[serde(flatten)]
    pub at: PlaceRecord,
}

/// One line of `msnp chats --json`.
#[derive(Debug, Serialize)]
pub struct ChatRecord {
    /// Time of its packet.
    pub time: String,
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
    /// `gap`, `one-sided`, `no-beginning`, `not-captured`, `encrypted`, `opaque`, `silence` or `cut`.
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
        let Evidence { pdu, frame, time, stream, .. } = evidence;
        Self { time: time.rfc3339(), frame, pdu, stream }
    }
}

impl Reporter {
    /// The sign-ins of a story.
    pub fn sessions<'t>(&self, tale: &'t Tale) -> impl Iterator<Item = SessionRecord> + use<'t, '_> {
        tale.sign_ins.iter().map(|sign_in| self.session(sign_in, tale))
    }

    fn session(&self, sign_in: &SignIn, tale: &Tale) -> SessionRecord {
        let client = sign_in.client.as_ref();
        let end = sign_in.end.as_ref();
        SessionRecord {
            account: sign_in.account.clone(),
            nick: sign_in.nick.clone(),
            dialect: sign_in.dialect.map(|dialect| dialect.to_string()),
            offered: sign_in.offered.iter().map(ToString::to_string).collect(),
            client: client.map(|client| format!("{} {}", client.name, client.version)),
            os: client.map(|client| client.os.clone()),
            locale: client.map(|client| client.locale.clone()),
            auth: sign_in.auth.clone(),
            outcome: outcome(sign_in.outcome),
            error: self.error(sign_in.outcome),
            start: sign_in.start.time.rfc3339(),
            end: end.map(|end| end.evidence.time.rfc3339()),
            ended_by: end.map(|end| ended_by(end.by)),
            ended_how: end.map(|end| self.catalogue.render(&end.how)),
            streams: sign_in.streams.clone(),
            switchboards: sign_in.rooms.clone(),
            inferred: sign_in.inferred,
            address: sign_in.address.as_ref().map(|address| AddressRecord {
                host: address.host.clone(),
                port: address.port.clone(),
                at: address.evidence.into(),
            }),
            redirects: sign_in.redirects.iter().map(RedirectRecord::from).collect(),
            machine: sign_in.machine.clone(),
            devices: sign_in.devices.iter().map(DeviceRecord::from).collect(),
            privacy: sign_in.privacy.iter().map(|setting| self.privacy(setting)).collect(),
            elsewhere: sign_in.elsewhere.as_ref().map(|elsewhere| ElsewhereRecord {
                other: elsewhere.other.and_then(|other| tale.sign_ins.get(other)).map(|other| other.streams.clone()),
                at: elsewhere.evidence.into(),
            }),
            began: sign_in.start.into(),
            accepted: sign_in.accepted.map(PlaceRecord::from),
            ended: end.map(|end| end.evidence.into()),
        }
    }

    fn privacy(&self, setting: &PrivacySetting) -> PrivacyRecord {
        PrivacyRecord {
            setting: match setting.kind {
                PrivacyKind::Strangers => "strangers",
                PrivacyKind::WhenAdded => "when-added",
            },
            value: setting.value.clone(),
            text: self.catalogue.render(&setting.text()),
            at: setting.evidence.into(),
        }
    }

    fn error(&self, outcome: Outcome) -> Option<ErrorRecord> {
        let Outcome::Refused { code, evidence } = outcome else { return None };
        let text = code.and_then(error_meaning).map(|text| self.catalogue.render(&text.text()));
        Some(ErrorRecord { code, text, at: evidence.into() })
    }

    /// The messages of a story, in order of time.
    pub fn chats<'t>(&self, tale: &'t Tale) -> impl Iterator<Item = ChatRecord> + use<'t, '_> {
        let all = tale.conversations.iter().flat_map(|one| one.messages.iter().map(move |message| (one, message)));
        let mut all: Vec<(&Conversation, &ChatMessage)> = all.collect();
        all.sort_by_key(|(_, message)| message.evidence.order());
        all.into_iter().map(|(conversation, message)| self.chat(conversation, message))
    }

    fn chat(&self, conversation: &Conversation, message: &ChatMessage) -> ChatRecord {
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

impl From<&Redirect> for RedirectRecord {
    fn from(redirect: &Redirect) -> Self {
        Self { address: redirect.address.clone(), at: redirect.evidence.into() }
    }
}

impl From<&Device> for DeviceRecord {
    fn from(device: &Device) -> Self {
        let Device { id, name, client_type, evidence } = device.clone();
        Self { id, name, client_type, at: evidence.into() }
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

/// What came of a sign-in, in the contract's word.
#[must_use]
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "ok",
        Outcome::Refused { .. } => "refused",
        Outcome::Redirected => "redirected",
        Outcome::Unfinished => "unfinished",
        Outcome::NotCaptured => "not-captured",
    }
}

/// Who ended a sign-in, in the contract's word.
#[must_use]
pub fn ended_by(by: EndedBy) -> &'static str {
    match by {
        EndedBy::Client => "client",
        EndedBy::Elsewhere => "elsewhere",
        EndedBy::ServerShutdown => "server-shutdown",
        EndedBy::Error => "error",
        EndedBy::Reset => "reset",
        EndedBy::CaptureEnd => "capture-end",
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

fn missing_kind(kind: MissingKind) -> &'static str {
    match kind {
        MissingKind::Gap => "gap",
        MissingKind::OneSided => "one-sided",
        MissingKind::NoBeginning => "no-beginning",
        MissingKind::NotCaptured => "not-captured",
        MissingKind::Encrypted => "encrypted",
        MissingKind::Opaque => "opaque",
        MissingKind::Silence => "silence",
        MissingKind::Cut => "cut",
    }
}
