//! What an MSNP connection travels through, where it is not plain TCP: facts for people, each under a declared field.

use crate::tree::{FieldId, Kind, Text, fields, texts};
use crate::tunnel::{Proxy, ProxyKind};

fields! {
    family 25;
    /// Name of the HTTP gateway's session that carries an MSNP connection: what the gateway puts before the dot of a session id, or the whole id where it has no dot (a GUID, on present-day servers). Chosen by the gateway in its first response.
    SESSION: Kind::Text => "msnp.tunnel.session", "Gateway session", Secret;
    /// NS for a notification or dispatch server, SB for a switchboard: what the client asks the HTTP gateway to connect it to when it opens a session.
    SERVER_KIND: Kind::Text => "msnp.tunnel.server_kind", "Server asked for";
    /// Host name or address, without a port, of the server that the client asks the HTTP gateway to connect it to.
    HOST: Kind::Text => "msnp.tunnel.host", "Host asked for";
    /// Address to which the HTTP gateway wants the next requests of the session sent, from its first response.
    GATEWAY: Kind::Text => "msnp.tunnel.gateway", "Gateway address";
    /// How the client speaks to a proxy before its own bytes go through: socks4 (also 4a), socks5 or http (CONNECT).
    PROXY: Kind::Text => "msnp.tunnel.proxy", "Proxy";
    /// Host and port that the client asks the proxy to connect it to: the server that the proxy's address hides.
    DESTINATION: Kind::Text => "msnp.tunnel.destination", "Real destination";
    /// Name under which the client asks a SOCKS proxy, or an HTTP proxy by the Basic scheme, where it gives one. The password beside it is not kept.
    USER: Kind::Text => "msnp.tunnel.user", "Proxy user", Account;
}

texts! {
    GATEWAY_ROUTE = "tunnel.gateway", "through the HTTP gateway";
    SOCKS4_ROUTE = "tunnel.socks4", "through a SOCKS 4 proxy to {0}";
    SOCKS5_ROUTE = "tunnel.socks5", "through a SOCKS 5 proxy to {0}";
    CONNECT_ROUTE = "tunnel.connect", "through an HTTP proxy to {0}";
}

/// What an MSNP connection travels through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tunnel {
    /// Proxies, the one that the client speaks to first.
    pub proxies: Vec<Proxy>,
    /// The session of the HTTP gateway, if it travels in one.
    pub gateway: Option<Gateway>,
}

/// A session of the HTTP gateway.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gateway {
    /// The part of its id that stays; `None` when no message with it was captured.
    pub session: Option<String>,
    /// The kind of server that the client asked for, as written: `NS` or `SB`.
    pub server: Option<String>,
    /// The server that the client asked for.
    pub host: Option<String>,
    /// Where the gateway wants requests sent.
    pub gateway: Option<String>,
}

/// How the HTTP gateway carried an MSNP connection, in figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carried {
    /// Requests.
    pub requests: u64,
    /// Requests without a body, by which the client asks whether there is something for it.
    pub polls: u64,
    /// TCP connections that brought any of them.
    pub connections: u32,
}

impl Tunnel {
    /// What is known, under the fields that explain it, outermost first.
    #[must_use]
    pub fn facts(&self) -> Vec<(FieldId, String)> {
        let mut facts = Vec::new();
        for proxy in &self.proxies {
            facts.push((PROXY, proxy_name(proxy.kind).to_owned()));
            facts.push((DESTINATION, destination(proxy)));
            facts.extend(proxy.user.clone().map(|user| (USER, user)));
        }
        if let Some(Gateway { session, server, host, gateway }) = &self.gateway {
            let told = [(SESSION, session), (SERVER_KIND, server), (HOST, host), (GATEWAY, gateway)];
            facts.extend(told.into_iter().filter_map(|(field, value)| Some((field, value.clone()?))));
        }
        facts
    }

    /// The values that may tell about people, under the fields that say what.
    pub fn values(&mut self) -> impl Iterator<Item = (FieldId, &mut String)> {
        let users = self.proxies.iter_mut().filter_map(|proxy| Some((USER, proxy.user.as_mut()?)));
        let session = self.gateway.as_mut().and_then(|gateway| gateway.session.as_mut());
        users.chain(session.map(|session| (SESSION, session)))
    }

    /// What it travels through, outermost first.
    #[must_use]
    pub fn routes(&self) -> Vec<Text> {
        let proxies = self.proxies.iter().map(|proxy| {
            let route = match proxy.kind {
                ProxyKind::Socks4 => SOCKS4_ROUTE,
                ProxyKind::Socks5 => SOCKS5_ROUTE,
                ProxyKind::Http => CONNECT_ROUTE,
            };
            route.with([destination(proxy).into()])
        });
        proxies.chain(self.gateway.as_ref().map(|_| GATEWAY_ROUTE.text())).collect()
    }
}

/// The kind of a proxy, in the contract's word.
#[must_use]
pub fn proxy_name(kind: ProxyKind) -> &'static str {
    match kind {
        ProxyKind::Socks4 => "socks4",
        ProxyKind::Socks5 => "socks5",
        ProxyKind::Http => "http",
    }
}

/// Host and port that a proxy was asked for.
#[must_use]
pub fn destination(proxy: &Proxy) -> String {
    let Proxy { host, port, .. } = proxy;
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}
