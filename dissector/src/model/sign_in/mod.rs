//! Sign-ins: one account on one client, from start to end, and why it ended.
//!
//! Comes in: what is said on dispatch and notification connections. Goes out: one [`SignIn`] per account and client, with
//! the connections it went over: a dispatch server sends the client on, and a notification server may do so too.

mod connection;
mod ending;
mod joining;
mod privacy;

use std::collections::BTreeMap;

pub(super) use ending::TEXTS;
pub use ending::{EndedBy, Ending};
pub(super) use privacy::TEXTS as PRIVACY_TEXTS;
pub use privacy::{PrivacyKind, PrivacySetting};

use self::connection::Connection;
use super::evidence::{Evidence, Seen};
use super::nick::Names;
use super::owner::Ownership;
use crate::analysis::{End, StreamInfo};
use crate::msnp::{Dialect, Server};
use crate::sorting::sort_by_key;

/// One account on one client, from start to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The account; `None` when nothing tells.
    pub account: Option<String>,
    /// No command says whose it is.
    pub inferred: bool,
    /// What the account called itself at the end.
    pub nick: Option<String>,
    /// Dialects that the client offered, best first.
    pub offered: Vec<Dialect>,
    /// The dialect that the server chose.
    pub dialect: Option<Dialect>,
    /// What the client says of itself.
    pub client: Option<Client>,
    /// How the client proves who it is, such as `TWN`.
    pub auth: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// First word of it in the capture.
    pub start: Evidence,
    /// Where the server accepted the client.
    pub accepted: Option<Evidence>,
    /// How it ended; `None` while it goes on.
    pub end: Option<Ending>,
    /// Dispatch and notification connections, in order.
    pub streams: Vec<u32>,
    /// Chat rooms it led to.
    pub rooms: Vec<u32>,
    /// Where the server sent the client on to, in order.
    pub redirects: Vec<Redirect>,
    /// The client's address as the server saw it.
    pub address: Option<Address>,
    /// This device, a GUID with braces; MSNP16 and later.
    pub machine: Option<String>,
    /// The account's devices, this one included; MSNP16 and later.
    pub devices: Vec<Device>,
    /// What others may do, in order of time; a setting that is changed stands here again.
    pub privacy: Vec<PrivacySetting>,
    /// The tripwire: the account signed in somewhere else, and the server ended this session.
    pub elsewhere: Option<Elsewhere>,
}

/// What came of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The server accepted it.
    Accepted,
    /// The server refused it, with an error where it says which.
    Refused {
        /// Three decimal digits.
        code: Option<u32>,
        /// The refusal.
        evidence: Evidence,
    },
    /// A server sent the client on, and the connection to the next is not in the capture.
    Redirected,
    /// It was broken off before the server answered.
    Unfinished,
    /// The client is signed in, but how that came about is not in the capture.
    NotCaptured,
}

/// How a client describes itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Name of the program.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Operating system and its version.
    pub os: String,
    /// Language, a hexadecimal Windows locale number.
    pub locale: String,
    /// Where it says so.
    pub evidence: Evidence,
}

/// A redirect to another server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// Host and port.
    pub address: String,
    /// Where it stands.
    pub evidence: Evidence,
}

/// The client's address as the server saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// IP address.
    pub host: String,
    /// TCP port, as the server wrote it; some wrote its two bytes in reverse.
    pub port: Option<String>,
    /// Where it stands.
    pub evidence: Evidence,
}

/// One device of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// A GUID with braces, in small letters.
    pub id: String,
    /// What its owner calls it.
    pub name: Option<String>,
    /// 1 computer, 2 web site, 3 mobile, 4 games console.
    pub client_type: Option<String>,
    /// Where it is first named.
    pub evidence: Evidence,
}

/// The account signed in somewhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// Where the server says so, with its exact time.
    pub evidence: Evidence,
    /// The other sign-in, as its place in the list; `None` when it is not in the capture.
    pub other: Option<usize>,
}

/// What has been said on each connection.
#[derive(Debug, Default)]
pub(super) struct SignIns {
    connections: BTreeMap<u32, Connection>,
}

impl SignIns {
    pub(super) fn observe(&mut self, seen: &Seen<'_>) {
        if seen.context.server == Server::Switchboard {
            return;
        }
        self.connections.entry(seen.stream()).or_insert_with(|| Connection::new(seen)).observe(seen);
    }

    pub(super) fn end(&mut self, end: &End) {
        if let Some(connection) = self.connections.get_mut(&end.stream) {
            connection.closed = Some(*end);
        }
    }

    pub(super) fn finish(
        &self,
        streams: &BTreeMap<u32, StreamInfo>,
        ownership: &Ownership,
        names: &Names,
    ) -> Vec<SignIn> {
        let chains = joining::chains(&self.connections, streams, ownership);
        let mut sign_ins: Vec<SignIn> = chains.iter().map(|chain| sign_in(chain, ownership, names)).collect();
        sort_by_key(&mut sign_ins, |sign_in| sign_in.start.order());
        ending::elsewhere(&mut sign_ins);
        sign_ins
    }
}

/// One sign-in, out of its connections in order.
fn sign_in(chain: &[&Connection], ownership: &Ownership, names: &Names) -> SignIn {
    // Later connections know more: the notification server after the dispatch server.
    let latest = || chain.iter().rev();
    let start = chain.iter().map(|connection| connection.first).min_by_key(Evidence::order).unwrap_or_default();
    let end = chain.last().and_then(|connection| ending::ending(connection));
    let owner = latest().find_map(|connection| ownership.of(connection.stream));
    let account = owner.map(|owner| owner.account.clone());
    let until = end.as_ref().map_or_else(|| chain.last().map_or(start, |c| c.last), |end| end.evidence);
    let nick = account.as_deref().and_then(|account| names.at(account, until)).map(str::to_owned);
    let mut devices: Vec<Device> = Vec::new();
    for device in chain.iter().flat_map(|connection| &connection.devices) {
        match devices.iter_mut().find(|known| known.id == device.id) {
            Some(known) => known.learn(device),
            None => devices.push(device.clone()),
        }
    }
    SignIn {
        inferred: owner.is_none_or(|owner| owner.inferred),
        account,
        nick,
        offered: latest().map(|c| &c.offered).find(|offered| !offered.is_empty()).cloned().unwrap_or_default(),
        dialect: latest().find_map(|connection| connection.dialect),
        client: latest().find_map(|connection| connection.client.clone()),
        auth: latest().find_map(|connection| connection.auth.clone()),
        outcome: outcome(chain),
        start,
        accepted: chain.iter().find_map(|connection| connection.accepted),
        end,
        streams: chain.iter().map(|connection| connection.stream).collect(),
        rooms: chain.iter().flat_map(|connection| ownership.rooms(connection.stream)).copied().collect(),
        redirects: chain.iter().filter_map(|connection| connection.redirect.clone()).collect(),
        address: latest().find_map(|connection| connection.address.clone()),
        machine: latest().find_map(|connection| connection.machine.clone()),
        devices,
        privacy: privacy(chain),
        elsewhere: None,
    }
}

fn privacy(chain: &[&Connection]) -> Vec<PrivacySetting> {
    let mut all = Vec::new();
    for setting in chain.iter().flat_map(|connection| &connection.privacy) {
        PrivacySetting::note(&mut all, setting.clone());
    }
    all
}

fn outcome(chain: &[&Connection]) -> Outcome {
    let Some(last) = chain.last() else { return Outcome::NotCaptured };
    if chain.iter().any(|connection| connection.accepted.is_some()) {
        return Outcome::Accepted;
    }
    if let Some((code, evidence)) = last.refused {
        return Outcome::Refused { code, evidence };
    }
    match &last.redirect {
        Some(_) => Outcome::Redirected,
        None if last.begun && !last.signed_in => Outcome::Unfinished,
        None => Outcome::NotCaptured,
    }
}

impl Device {
    fn learn(&mut self, other: &Device) {
        if other.name.is_some() {
            self.name.clone_from(&other.name);
        }
        if other.client_type.is_some() {
            self.client_type.clone_from(&other.client_type);
        }
    }
}
