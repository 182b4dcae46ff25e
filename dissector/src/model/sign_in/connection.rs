//! One dispatch or notification connection: what is said on it about the sign-in.

use super::{Address, Client, Device, PrivacySetting, Redirect};
use crate::analysis::End;
use crate::model::evidence::{Evidence, Seen};
use crate::model::name::{device, text};
use crate::msnp::{Body, ClientVersion, Content, Details, Dialect, Server, Verb, verb};
use crate::tree::lossy;

/// What is said on one connection.
#[derive(Debug)]
pub(super) struct Connection {
    pub stream: u32,
    /// Kind of its server.
    pub server: Server,
    pub first: Evidence,
    pub last: Evidence,
    /// The beginning of a sign-in was seen, rather than its aftermath.
    pub begun: bool,
    /// Something was said that only who is signed in can say or hear.
    pub signed_in: bool,
    pub offered: Vec<Dialect>,
    pub dialect: Option<Dialect>,
    pub client: Option<Client>,
    pub auth: Option<String>,
    pub accepted: Option<Evidence>,
    pub refused: Option<(Option<u32>, Evidence)>,
    pub redirect: Option<Redirect>,
    pub address: Option<Address>,
    pub machine: Option<String>,
    pub devices: Vec<Device>,
    pub privacy: Vec<PrivacySetting>,
    /// The first word of leaving, of either side.
    pub out: Option<Out>,
    /// Another device of the account told this one to sign out.
    pub dismissed: Option<Dismissal>,
    /// The last thing the server said, when that was an error that ends the session.
    pub fatal: Option<Evidence>,
    /// The last thing the server said, when that was any error.
    pub complaint: Option<Evidence>,
    pub closed: Option<End>,
}

/// Another device of the account tells this one to sign out.
#[derive(Debug, Clone)]
pub(super) struct Dismissal {
    pub device: Option<String>,
    pub evidence: Evidence,
}

/// Somebody says `OUT`.
#[derive(Debug, Clone)]
pub(super) struct Out {
    pub from_client: bool,
    pub reason: Option<String>,
    pub evidence: Evidence,
}

impl Connection {
    pub(super) fn new(seen: &Seen<'_>) -> Self {
        Self {
            stream: seen.stream(),
            server: seen.context.server,
            first: seen.evidence,
            last: seen.evidence,
            begun: false,
            signed_in: false,
            offered: Vec::new(),
            dialect: None,
            client: None,
            auth: None,
            accepted: None,
            refused: None,
            redirect: None,
            address: None,
            machine: None,
            devices: Vec::new(),
            privacy: Vec::new(),
            out: None,
            dismissed: None,
            fatal: None,
            complaint: None,
            closed: None,
        }
    }

    /// A connection of unknown kind is a sign-in's only if somebody says so.
    pub(super) fn is_sign_in(&self) -> bool {
        self.server != Server::Unknown || self.begun
    }

    pub(super) fn observe(&mut self, seen: &Seen<'_>) {
        let evidence = seen.evidence;
        self.server = seen.context.server;
        self.last = evidence;
        self.begun |= matches!(seen.message.verb, Some(verb::VER | verb::INF | verb::CVR));
        self.signed_in |= is_aftermath(&seen.message.body) || matches!(seen.message.content, Content::Datagram(_));
        if !seen.from_client() {
            (self.fatal, self.complaint) = (None, None);
        }
        match &seen.message.body {
            Body::DialectsOffered(offered) => self.offered.clone_from(offered),
            Body::DialectChosen(Some(dialect)) => self.dialect = Some(*dialect),
            Body::DialectChosen(None) => {
                self.refused.get_or_insert((None, evidence));
                self.fatal = Some(evidence);
            }
            Body::ClientVersion(version) => {
                self.client.get_or_insert_with(|| client(version, evidence));
            }
            Body::Identity { package, .. } => {
                self.begun = true;
                self.auth = Some(text(*package));
            }
            Body::Challenge { package } if self.auth.is_none() => self.auth = Some(text(*package)),
            Body::Proof { package, machine } if package.0 != b"SHA" => {
                self.begun = true;
                self.auth.get_or_insert_with(|| text(*package));
                if let Some(machine) = machine {
                    self.this_machine(&text(*machine), evidence);
                }
            }
            Body::SignedIn { .. } => {
                self.accepted.get_or_insert(evidence);
            }
            // Of a request the server says whether it is so.
            Body::Setting(setting) if !seen.from_client() => {
                PrivacySetting::note(&mut self.privacy, PrivacySetting::new(*setting, evidence));
            }
            Body::Redirect { address } => self.redirect = Some(Redirect { address: text(*address), evidence }),
            Body::Out { reason } => {
                let reason = reason.map(text);
                self.out.get_or_insert(Out { from_client: seen.from_client(), reason, evidence });
            }
            Body::Control { account, kind: 4 } if !seen.from_client() => {
                // What this device itself asked of the others is not meant for it.
                let from = device(&lossy(account.0));
                if from.is_none() || from != self.machine {
                    self.dismissed.get_or_insert(Dismissal { device: from, evidence });
                }
            }
            Body::Error { code } => self.error(*code, seen.context.answers.map(|request| request.verb), evidence),
            _ => {}
        }
        self.payload(seen);
    }

    /// Errors that refuse the sign-in, or after which the server ends the session.
    fn error(&mut self, code: u32, answers: Option<Verb>, evidence: Evidence) {
        let signing_in = matches!(answers, Some(verb::VER | verb::INF | verb::CVR | verb::USR));
        if signing_in && self.accepted.is_none() {
            self.refused.get_or_insert((Some(code), evidence));
        }
        self.complaint = Some(evidence);
        if signing_in || matches!(answers, None | Some(verb::QRY)) {
            self.fatal = Some(evidence);
        }
    }

    fn payload(&mut self, seen: &Seen<'_>) {
        let evidence = seen.evidence;
        match (&seen.message.content, &seen.message.body) {
            (Content::Profile(fields), _) => {
                let value = |name: &str| {
                    let field = fields.iter().find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty());
                    field.map(|(_, value)| value.clone())
                };
                if let Some(host) = value("ClientIP") {
                    self.address.get_or_insert(Address { host, port: value("ClientPort"), evidence });
                }
            }
            (Content::Details(details), Body::OwnDetails) => self.own_details(details, evidence),
            // Only a document about the account itself describes devices in private.
            (Content::Details(details), Body::Details { .. })
                if details.endpoints.iter().any(|e| e.name.is_some() || e.client_type.is_some()) =>
            {
                self.devices_of(details, evidence);
            }
            (Content::Datagram(datagram), _) if seen.from_client() => {
                if let Some(machine) = device(&datagram.from) {
                    self.this_machine(&machine, evidence);
                }
                if let Content::Details(details) = &*datagram.content {
                    self.own_details(details, evidence);
                }
            }
            _ => {}
        }
    }

    fn this_machine(&mut self, id: &str, evidence: Evidence) {
        let id = id.to_ascii_lowercase();
        self.device(Device { id: id.clone(), name: None, client_type: None, evidence });
        self.machine.get_or_insert(id);
    }

    /// What the client says of its own device: without an identifier, for it is the one that speaks.
    fn own_details(&mut self, details: &Details, evidence: Evidence) {
        if let Some(machine) = details.machine.as_deref().and_then(device) {
            self.this_machine(&machine, evidence);
        }
        for endpoint in &details.endpoints {
            let Some(id) = device(&endpoint.id).or_else(|| self.machine.clone()) else { continue };
            let (name, client_type) = (endpoint.name.clone(), endpoint.client_type.clone());
            self.device(Device { id, name, client_type, evidence });
        }
    }

    fn devices_of(&mut self, details: &Details, evidence: Evidence) {
        for endpoint in &details.endpoints {
            if let Some(id) = device(&endpoint.id) {
                let (name, client_type) = (endpoint.name.clone(), endpoint.client_type.clone());
                self.device(Device { id, name, client_type, evidence });
            }
        }
    }

    fn device(&mut self, device: Device) {
        match self.devices.iter_mut().find(|known| known.id == device.id) {
            Some(known) => known.learn(&device),
            None => self.devices.push(device),
        }
    }
}

/// What only a client that is signed in says or hears.
fn is_aftermath(body: &Body<'_>) -> bool {
    matches!(
        body,
        Body::OwnStatus(_)
            | Body::Online { .. }
            | Body::Offline { .. }
            | Body::OwnDetails
            | Body::Details { .. }
            | Body::Published { .. }
            | Body::ListBegins { .. }
            | Body::Listed(_)
            | Body::MembersAdded
            | Body::MembersRemoved
            | Body::ServiceMessage
            | Body::RoomWanted
            | Body::RoomOffered { .. }
            | Body::Ring { .. }
            | Body::RelayedOut { .. }
            | Body::RelayedIn { .. }
            | Body::Page { .. }
            | Body::PingAnswer { .. }
    )
}

fn client(version: &ClientVersion<'_>, evidence: Evidence) -> Client {
    Client {
        name: text(version.name),
        version: text(version.version),
        os: format!("{} {}", text(version.os), text(version.os_version)),
        locale: text(version.locale),
        evidence,
    }
}
