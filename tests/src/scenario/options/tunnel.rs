//! Options of connections that do not travel by themselves: through the HTTP gateway, or past a proxy.

use serde::Deserialize;

/// A session of the HTTP gateway that carries a connection.
///
/// Lines that follow each other without a pause are one body; an offset in `split_at` ends a body. Where the server speaks
/// unasked, a poll comes before it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gateway {
    /// Connections that carry its messages, in turn.
    pub on: Vec<String>,
    /// The session's id in the first response. A number behind a dot grows with each response.
    pub id: String,
    /// What `Server=` says.
    pub server: String,
    /// What `IP=` says.
    pub host: String,
    /// What `GW-IP=` says.
    pub address: String,
    /// Whether request lines have a whole URI.
    pub absolute: bool,
    /// Whether the opening request was captured.
    pub opens: bool,
    /// Whether the last response ends the session.
    pub closes: bool,
    /// Largest chunk of a response's body, in bytes; 0 means that responses have a length instead.
    pub chunk: usize,
    /// Whether the bodies of responses are packed.
    pub gzip: bool,
    /// Whether a `100 Continue` comes before each response.
    pub continues: bool,
    /// Milliseconds of silence after which an empty poll is sent; 0 means never.
    pub poll_ms: u64,
    /// Further header lines of requests.
    pub request_headers: Vec<String>,
    /// Further header lines of responses.
    pub response_headers: Vec<String>,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            on: Vec::new(),
            id: "1000.2000".to_owned(),
            server: "NS".to_owned(),
            host: "messenger.hotmail.com".to_owned(),
            address: "198.51.100.5".to_owned(),
            absolute: false,
            opens: true,
            closes: false,
            chunk: 0,
            gzip: false,
            continues: false,
            poll_ms: 0,
            request_headers: Vec::new(),
            response_headers: Vec::new(),
        }
    }
}

/// A proxy that is asked before a connection's own bytes go through.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proxy {
    /// How it is asked.
    pub kind: ProxyKind,
    /// Host or address to be connected to.
    pub host: String,
    /// Port to be connected to.
    pub port: u16,
    /// Who asks.
    #[serde(default)]
    pub user: Option<String>,
    /// The user's password.
    #[serde(default)]
    pub password: String,
}

/// Kinds of proxies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProxyKind {
    /// SOCKS version 4, by address.
    Socks4,
    /// SOCKS version 4a, by name.
    Socks4a,
    /// SOCKS version 5.
    Socks5,
    /// HTTP, by `CONNECT`. With a user it refuses at first.
    Http,
}
