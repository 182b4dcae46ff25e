//! The `scenario` line: everything about a capture that is not the conversation itself.
//!
//! Every key has a default, so the shortest scenario is `{"scenario":{}}`. An unknown key is an error: a typing mistake must
//! not make a clean capture out of a damaged one.

mod damage;
mod file;
mod tunnel;

pub use damage::{Damage, FragmentOrder, Shape, Target};
pub use file::{Block, ByteOrder, Compression, Container, FileForm, Interface, Link, Padding, Resolution};

pub use tunnel::{Gateway, Proxy, ProxyKind};

use super::error::ScenarioError;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

/// What to build around the transcript's commands.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// What the capture shows, in a few words.
    pub title: String,
    /// Time of the first packet, RFC 3339 in UTC.
    pub start: String,
    /// Seed of every value that looks random: initial sequence numbers, jitter, noise bytes.
    pub seed: u64,
    /// Form of the file.
    pub file: FileForm,
    /// Where packets were captured; a pcap file has only the first.
    pub interfaces: Vec<Interface>,
    /// On which side of the round trip the capture was made.
    pub seen_at: SeenAt,
    /// Time from one end to the other and back, in milliseconds.
    pub round_trip_ms: u64,
    /// Largest TCP payload, in bytes.
    pub mss: u16,
    /// The connections by name; one that is missing gets addresses of its own and the defaults.
    pub connections: BTreeMap<String, Connection>,
    /// DNS questions and their answers.
    pub lookups: Vec<Lookup>,
    /// What to break once the clean packets are there, in this order.
    pub damage: Vec<Damage>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            title: String::new(),
            start: "2004-02-11T18:30:00Z".to_owned(),
            seed: 1,
            file: FileForm::default(),
            interfaces: vec![Interface::default()],
            seen_at: SeenAt::default(),
            round_trip_ms: 38,
            mss: 1460,
            connections: BTreeMap::new(),
            lookups: Vec::new(),
            damage: Vec::new(),
        }
    }
}

impl Scenario {
    /// The interface with this number.
    pub(super) fn interface(&self, number: usize) -> Result<&Interface, ScenarioError> {
        self.interfaces.get(number).ok_or_else(|| ScenarioError::Scenario(format!("there is no interface {number}")))
    }

    /// Name of the file the scenario makes: `capture.pcap`, `capture.pcapng.gz` …
    #[must_use]
    pub fn file_name(&self) -> String {
        let container = match self.file.container {
            Container::Pcap => "pcap",
            Container::Pcapng => "pcapng",
        };
        let wrapping = match self.file.compression {
            Compression::None => "",
            Compression::Gzip => ".gz",
            Compression::Zstd => ".zst",
        };
        format!("capture.{container}{wrapping}")
    }
}

/// Where the capture was made; decides how long each side's answers take to show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SeenAt {
    /// On the client's machine.
    #[default]
    Client,
    /// On the server.
    Server,
    /// Half-way.
    Middle,
}

/// One connection of the transcript.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Connection {
    /// Address and port of the client; documentation ranges only.
    pub client: Option<SocketAddr>,
    /// Address and port of the server.
    pub server: Option<SocketAddr>,
    /// TCP or UDP (each line one datagram).
    pub transport: Transport,
    /// MSNP, or other traffic that the truth leaves out.
    pub carries: Carries,
    /// The HTTP gateway's session that carries it, rather than a TCP connection of its own.
    pub gateway: Option<Gateway>,
    /// The proxy that is asked first.
    pub proxy: Option<Proxy>,
    /// With its handshake, or caught in the middle.
    pub opening: Opening,
    /// How it ends.
    pub closing: Closing,
    /// Pause between the last line and the end, in milliseconds.
    pub closing_after_ms: u64,
    /// Whose packets were captured.
    pub captured: Captured,
    /// VLAN numbers, outermost first; two make QinQ.
    pub vlan: Vec<u16>,
    /// IPv6 extension headers in front of TCP.
    pub extensions: Vec<Extension>,
    /// Initial sequence number of the client; one near 2^32 shows the wrap.
    pub client_isn: Option<u32>,
    /// Initial sequence number of the server.
    pub server_isn: Option<u32>,
    /// Number of the interface that captured it.
    pub interface: usize,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            client: None,
            server: None,
            transport: Transport::default(),
            carries: Carries::default(),
            gateway: None,
            proxy: None,
            opening: Opening::default(),
            closing: Closing::default(),
            closing_after_ms: 4,
            captured: Captured::default(),
            vlan: Vec::new(),
            extensions: Vec::new(),
            client_isn: None,
            server_isn: None,
            interface: 0,
        }
    }
}

/// Transport below the lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// A TCP connection.
    #[default]
    Tcp,
    /// UDP, each line one datagram.
    Udp,
}

/// What the lines are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Carries {
    /// MSNP commands.
    #[default]
    Msnp,
    /// Anything else: noise.
    Other,
}

/// How a connection begins in the capture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Opening {
    /// SYN, SYN-ACK, ACK.
    #[default]
    Handshake,
    /// The capture began later.
    Midstream,
}

/// How a connection ends in the capture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Closing {
    /// The client sends FIN first.
    #[default]
    ClientFin,
    /// The server sends FIN first.
    ServerFin,
    /// The client resets.
    ClientRst,
    /// The server resets.
    ServerRst,
    /// It is still open when the capture ends.
    Open,
}

/// Whose packets of a connection the capture holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Captured {
    /// Both sides.
    #[default]
    Both,
    /// Only what the client sent.
    FromClient,
    /// Only what the server sent.
    FromServer,
}

/// IPv6 extension headers, filled with padding options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extension {
    /// Hop-by-hop options.
    HopByHop,
    /// Destination options.
    Destination,
}

/// One DNS question over UDP and its answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// When it is asked, in milliseconds after the start.
    pub at_ms: u64,
    /// The name asked for.
    pub name: String,
    /// The answer.
    pub address: IpAddr,
    /// Who asks.
    pub client: SocketAddr,
    /// Who answers, usually port 53.
    pub server: SocketAddr,
    /// Number of the interface that captured it.
    #[serde(default)]
    pub interface: usize,
}
