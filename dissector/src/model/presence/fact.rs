//! What one message says about somebody's presence, before it is compared with what is known.

use super::event::Picture;
use crate::analysis::Gap;
use crate::model::evidence::Place;
use crate::model::name::{bare, bare_text, nick, text};
use crate::model::roster::Standing;
use crate::model::{Evidence, Seen};
use crate::msnp::token::{Nick, Status};
use crate::msnp::{Body, Content, Datagram, Details, Endpoint, Presence, verb};

/// One entry of the journal.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub place: Place,
    pub evidence: Evidence,
    pub standing: Standing,
    pub initial: bool,
    pub happening: Happening,
}

/// What happened.
#[derive(Debug, Clone)]
pub(super) enum Happening {
    /// Somebody's presence was told.
    Told(Whom, Box<Said>),
    /// Bytes of the server are missing.
    Lost,
    /// The connection is over for the client.
    Over(Fate),
}

/// What becomes of the account itself when its connection is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is offline.
    Over,
    /// It is online elsewhere.
    Elsewhere,
}

/// Whose presence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whom {
    /// That of the account itself.
    Own,
    /// That of somebody.
    Somebody(String),
    /// That of the account itself if this is it; else nobody's.
    OwnIf(String),
}

/// What is said. What is `None` was not said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub status: Option<Status>,
    pub nick: Option<String>,
    pub personal_message: Option<String>,
    pub media: Option<String>,
    pub picture: Option<Option<Picture>>,
    pub capabilities: Option<String>,
    pub devices: Devices,
}

/// What is said about devices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Devices {
    /// Nothing.
    #[default]
    Unsaid,
    /// These are all there are.
    All(Vec<Endpoint>),
    /// These are among them.
    Among(Vec<Endpoint>),
    /// These are gone.
    Gone(Vec<Endpoint>),
}

impl Fact {
    fn new(evidence: Evidence, happening: Happening) -> Self {
        Self { place: Place::of(evidence), evidence, standing: Standing::Told, initial: false, happening }
    }

    pub(super) fn told(seen: &Seen<'_>, whom: Whom, said: Said, asked: Option<Evidence>) -> Self {
        let initial = matches!(seen.message.body, Body::Online { initial: true, .. });
        let standing = if asked.is_some() { Standing::Confirmed } else { Standing::Told };
        Self { initial, standing, ..Self::new(seen.evidence, Happening::Told(whom, Box::new(said))) }
    }

    pub(super) fn own(evidence: Evidence, said: Said) -> Self {
        Self::new(evidence, Happening::Told(Whom::Own, Box::new(said)))
    }

    pub(super) fn confirmed(self) -> Self {
        Self { standing: Standing::Confirmed, ..self }
    }

    pub(super) fn unconfirmed(self) -> Self {
        Self { standing: Standing::Unconfirmed, ..self }
    }

    pub(super) fn gap(gap: &Gap) -> Self {
        Self { place: Place::of_gap(gap), ..Self::new(Evidence::of_gap(gap), Happening::Lost) }
    }

    pub(super) fn over(evidence: Evidence, fate: Fate) -> Self {
        Self::new(evidence, Happening::Over(fate))
    }
}

/// What a message says about whose presence.
pub(super) fn said(seen: &Seen<'_>) -> Option<(Whom, Said)> {
    let from_client = seen.from_client();
    Some(match &seen.message.body {
        Body::OwnStatus(presence) => (Whom::Own, Said::of_presence(presence)),
        Body::Online { account, nick: name, presence, .. } => {
            (Whom::Somebody(bare(*account)), Said { nick: Some(nick(name)), ..Said::of_presence(presence) })
        }
        Body::Offline { account, .. } => {
            (Whom::Somebody(bare(*account)), Said { status: Some(Status(*b"FLN")), ..Said::default() })
        }
        Body::Details { account, cleared: true, .. } => {
            let nothing = Some(String::new());
            let said = Said { personal_message: nothing.clone(), media: nothing, ..Said::default() };
            (Whom::Somebody(bare(*account)), said)
        }
        Body::Details { account, .. } => {
            let Content::Details(details) = &seen.message.content else { return None };
            (Whom::Somebody(bare(*account)), Said::of_details(details, Devices::All))
        }
        Body::OwnDetails if from_client => {
            let Content::Details(details) = &seen.message.content else { return None };
            (Whom::Own, Said::of_details(details, Devices::Among))
        }
        Body::SignedIn { nick: Some(name), .. } => (Whom::Own, Said::named(name)),
        Body::Property { code, value: Some(name), .. } if seen.message.verb == Some(verb::PRP) && code.0 == b"MFN" => {
            (Whom::Own, Said::named(name))
        }
        Body::Renamed { account, nick: name } if !from_client => (Whom::OwnIf(bare(*account)), Said::named(name)),
        Body::Published { gone } => published(seen, *gone)?,
        _ if from_client && seen.message.verb == Some(verb::PUT) => {
            let Content::Datagram(Datagram { content, .. }) = &seen.message.content else { return None };
            let Content::Details(details) = &**content else { return None };
            (Whom::Own, Said::of_details(details, Devices::Among))
        }
        _ => return None,
    })
}

/// `NFY` about a user: the document holds what changed, or what is gone.
fn published(seen: &Seen<'_>, gone: bool) -> Option<(Whom, Said)> {
    let Content::Datagram(Datagram { from, content, .. }) = &seen.message.content else { return None };
    let Content::Details(details) = &**content else { return None };
    let said = match gone {
        false => Said::of_details(details, Devices::Among),
        true => {
            let offline = details.endpoints.is_empty() || details.services.iter().any(|service| service == "IM");
            let status = Some(Status(*b"FLN")).filter(|_| offline);
            let named = |device: &Endpoint| Endpoint { id: identifier(&device.id), ..device.clone() };
            let endpoints = details.endpoints.iter().map(named).collect();
            Said { status, devices: Devices::Gone(endpoints), ..Said::default() }
        }
    };
    Some((Whom::Somebody(bare_text(from)), said))
}

impl Said {
    fn named(name: &Nick<'_>) -> Self {
        Self { nick: Some(nick(name)), ..Self::default() }
    }

    fn of_presence(presence: &Presence<'_>) -> Self {
        let picture = presence.picture.as_ref().map(|object| Picture::of(&nick(object)));
        let capabilities = presence.capabilities.map(text);
        Self { status: Some(presence.status), picture, capabilities, ..Self::default() }
    }

    /// `devices` says what the devices in the document are: all there are, or some.
    fn of_details(details: &Details, devices: fn(Vec<Endpoint>) -> Devices) -> Self {
        let mut endpoints = details.endpoints.clone();
        endpoints.iter_mut().for_each(|endpoint| endpoint.id = identifier(&endpoint.id));
        if let Some(machine) = details.machine.as_ref().filter(|id| endpoints.is_empty() && !id.is_empty()) {
            endpoints.push(Endpoint { id: identifier(machine), ..Endpoint::default() });
        }
        Self {
            status: details.status.as_deref().and_then(|letters| letters.as_bytes().try_into().ok()).map(Status),
            nick: details.nick.clone(),
            personal_message: details.personal_message.clone(),
            media: details.media.clone(),
            picture: details.picture.as_deref().map(Picture::of),
            capabilities: None,
            devices: if endpoints.is_empty() { Devices::Unsaid } else { devices(endpoints) },
        }
    }
}

/// A device's identifier in one form: with braces, in small letters. Empty for a client's own device without one.
fn identifier(id: &str) -> String {
    let bare = id.trim_matches(['{', '}']).to_ascii_lowercase();
    if bare.is_empty() { bare } else { format!("{{{bare}}}") }
}
