//! What a connection travels through, as records.

use serde::Serialize;

use crate::analysis::{Carried, Tunnel, destination, proxy_name};
use crate::tree::Catalogue;

/// What a connection travels through.
#[derive(Debug, Clone, Serialize)]
pub struct TunnelRecord {
    /// In words, outermost first.
    pub through: Vec<String>,
    /// Proxies, the one that the client speaks to first.
    pub proxies: Vec<ProxyRecord>,
    /// The session of the HTTP gateway.
    pub gateway: Option<GatewayRecord>,
}

/// What a client asked a proxy for.
#[derive(Debug, Clone, Serialize)]
pub struct ProxyRecord {
    /// `socks4`, `socks5` or `http`.
    pub kind: &'static str,
    /// Host and port to be connected to.
    pub destination: String,
    /// Who asks, where the client says so.
    pub user: Option<String>,
}

/// A session of the HTTP gateway.
#[derive(Debug, Clone, Serialize)]
pub struct GatewayRecord {
    /// The part of its id that stays.
    pub session: Option<String>,
    /// `NS` or `SB`, as the client asked.
    pub server: Option<String>,
    /// Host of the server that the client asked for.
    pub host: Option<String>,
    /// Where the gateway wants requests sent.
    pub address: Option<String>,
    /// Requests.
    pub requests: u64,
    /// Requests without a body.
    pub polls: u64,
    /// TCP connections that brought any of them.
    pub tcp_connections: u32,
}

impl TunnelRecord {
    /// The record of a tunnel; its figures come when the connection has ended.
    #[must_use]
    pub fn new(tunnel: &Tunnel) -> Self {
        let catalogue = Catalogue::english();
        Self {
            through: tunnel.routes().iter().map(|route| catalogue.render(route)).collect(),
            proxies: tunnel
                .proxies
                .iter()
                .map(|proxy| ProxyRecord {
                    kind: proxy_name(proxy.kind),
                    destination: destination(proxy),
                    user: proxy.user.clone(),
                })
                .collect(),
            gateway: tunnel.gateway.clone().map(|gateway| GatewayRecord {
                session: gateway.session,
                server: gateway.server,
                host: gateway.host,
                address: gateway.gateway,
                requests: 0,
                polls: 0,
                tcp_connections: 0,
            }),
        }
    }

    /// Takes in how the gateway carried the connection.
    pub fn ended(&mut self, carried: Carried) {
        if let Some(gateway) = &mut self.gateway {
            let Carried { requests, polls, connections } = carried;
            (gateway.requests, gateway.polls, gateway.tcp_connections) = (requests, polls, connections);
        }
    }
}

/// What a connection travels through, in the contract's words, outermost first.
#[must_use]
pub fn via(tunnel: &Tunnel) -> Vec<&'static str> {
    let gateway = tunnel.gateway.as_ref().map(|_| "http-gateway");
    tunnel.proxies.iter().map(|proxy| proxy_name(proxy.kind)).chain(gateway).collect()
}
