//! Which server a connection leads to: the other end of its TCP connection, or behind that what a tunnel was asked for.

use crate::analysis::StreamInfo;

/// The port of MSNP servers, which addresses may leave out.
const USUAL_PORT: u16 = 1863;

/// A server, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Destination {
    /// Name or address, in small letters.
    pub host: String,
    /// `None` where nobody says: the gateway is asked for a host alone.
    port: Option<u16>,
}

impl Destination {
    /// Where a connection leads; `None` when it goes through a gateway and its beginning, which says so, was not captured.
    pub(super) fn of(info: &StreamInfo) -> Option<Self> {
        let tunnel = info.tunnel.as_deref();
        if let Some(gateway) = tunnel.and_then(|tunnel| tunnel.gateway.as_ref()) {
            let host = gateway.host.as_deref()?;
            return Some(Self { host: host.to_ascii_lowercase(), port: None });
        }
        Some(match tunnel.and_then(|tunnel| tunnel.proxies.last()) {
            Some(proxy) => Self { host: proxy.host.to_ascii_lowercase(), port: Some(proxy.port) },
            None => Self { host: info.server.ip().to_string(), port: Some(info.server.port()) },
        })
    }

    /// An address as the service writes it: `host [ ":" port ]`, an IPv6 address in brackets.
    pub(super) fn written(address: &str) -> Self {
        let (host, port) = match address.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, port.parse().ok()),
            _ => (address, Some(USUAL_PORT)),
        };
        Self { host: host.trim_matches(['[', ']']).to_ascii_lowercase(), port: Some(port.unwrap_or_default()) }
    }

    /// Both may be the same server.
    pub(super) fn fits(&self, other: &Self) -> bool {
        self.host == other.host && (self.port.is_none() || other.port.is_none() || self.port == other.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_the_service_writes_them() {
        let read = |address: &str| {
            let Destination { host, port } = Destination::written(address);
            (host, port)
        };
        let cases = [
            ("198.51.100.36:1863", "198.51.100.36", 1863),
            ("198.51.100.36", "198.51.100.36", 1863),
            ("BAYM-SB7.example:443", "baym-sb7.example", 443),
            ("[2001:db8::7]:1863", "2001:db8::7", 1863),
            ("2001:db8::7", "2001:db8::7", 1863),
            ("198.51.100.36:x", "198.51.100.36", 0),
        ];
        for (address, host, port) in cases {
            assert_eq!(read(address), (host.to_owned(), Some(port)), "{address}");
        }
    }

    #[test]
    fn a_gateway_names_no_port() {
        let asked = Destination { host: "198.51.100.36".to_owned(), port: None };
        assert!(asked.fits(&Destination::written("198.51.100.36:1863")));
        assert!(!asked.fits(&Destination::written("198.51.100.37:1863")));
        assert!(!Destination::written("198.51.100.36:80").fits(&Destination::written("198.51.100.36")));
    }
}
