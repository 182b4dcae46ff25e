//! Sign-ins as records, in the words of the CLI's contract.

use serde::Serialize;

use super::{PlaceRecord, Reporter, time};
use crate::model::{Device, EndedBy, Outcome, PrivacyKind, PrivacySetting, Redirect, SignIn, Tale};
use crate::msnp::error_meaning;

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
    pub start: Option<String>,
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
            start: time(sign_in.start.time),
            end: end.and_then(|end| time(end.evidence.time)),
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
