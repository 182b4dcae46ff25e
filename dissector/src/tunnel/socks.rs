//! SOCKS (RFC 1928, RFC 1929, and the older version 4 with its extension 4a): what client and proxy say to each other
//! before the proxy lets the client's own bytes through. Each side is read by itself: a capture may hold only one.
//!
//! ```text
//! 4   client  04 01 port (2) address (4) user 00 [ host 00, when the address is 0.0.0.x ]
//!     proxy   00 code (5A granted) port (2) address (4)
//! 5   client  05 count methods (count)   [ 01 length user length password ]   05 01 00 kind address port (2)
//!     proxy   05 method (FF none)        [ 01 status ]                        05 code (00 granted) 00 kind address port (2)
//!     address, by kind: 01 four bytes, 03 length and host name, 04 sixteen bytes        all numbers big-endian
//! ```

use std::net::{Ipv4Addr, Ipv6Addr};

// Streaming parsers: the bytes come piece by piece, and only these tell a beginning from something else.
use nom::bytes::streaming::{tag, take, take_until};
use nom::multi::length_data;
use nom::number::streaming::{be_u8, be_u16, be_u32, be_u128};
use nom::{IResult, Parser};

/// The kind of a proxy, by how it is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProxyKind {
    /// SOCKS version 4, or 4a where the proxy looks the host up.
    Socks4,
    /// SOCKS version 5.
    Socks5,
    /// An HTTP proxy, asked by `CONNECT`.
    Http,
}

/// What a client asked a proxy for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    /// The kind of the proxy.
    pub kind: ProxyKind,
    /// The host to be connected to: a name, or an address.
    pub host: String,
    /// The port to be connected to.
    pub port: u16,
    /// Who asks, where the client says so.
    pub user: Option<String>,
}

/// How far one side's part of the conversation with the proxy has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Half<T> {
    /// More bytes are needed.
    More,
    /// Something else, or a refusal: nothing will go through.
    Refused,
    /// It is over after so many bytes.
    Over(usize, T),
}

/// What a client of version 4 asks.
pub(super) fn client4(bytes: &[u8]) -> Half<Proxy> {
    half(bytes, |rest| {
        let (rest, (_, port, address)) = (tag(&b"\x04\x01"[..]), be_u16, be_u32).parse(rest)?;
        let (rest, user) = zero_ended(rest)?;
        let by_name = (1..=255).contains(&address);
        let (rest, host) = match by_name {
            true => zero_ended(rest).map(|(rest, name)| (rest, text(name)))?,
            false => (rest, Ipv4Addr::from(address).to_string()),
        };
        let user = (!user.is_empty()).then(|| text(user));
        Ok((rest, Some(Proxy { kind: ProxyKind::Socks4, host, port, user })))
    })
}

/// What a proxy of version 4 answers.
pub(super) fn proxy4(bytes: &[u8]) -> Half<()> {
    half(bytes, |rest| {
        let (rest, (_, code, _)) = (tag(&b"\0"[..]), be_u8, take(6usize)).parse(rest)?;
        Ok((rest, (code == 0x5a).then_some(())))
    })
}

/// What a client of version 5 asks.
pub(super) fn client5(bytes: &[u8]) -> Half<Proxy> {
    half(bytes, |rest| {
        let (rest, _methods) = (tag(&b"\x05"[..]), length_data(be_u8)).parse(rest)?;
        let (rest, user) = match rest.first() {
            Some(1) => {
                let (rest, (_, user, _password)) =
                    (tag(&b"\x01"[..]), length_data(be_u8), length_data(be_u8)).parse(rest)?;
                (rest, (!user.is_empty()).then(|| text(user)))
            }
            _ => (rest, None),
        };
        let (rest, (_, host, port)) = (tag(&b"\x05\x01\0"[..]), address5, be_u16).parse(rest)?;
        Ok((rest, Some(Proxy { kind: ProxyKind::Socks5, host, port, user })))
    })
}

/// What a proxy of version 5 answers.
pub(super) fn proxy5(bytes: &[u8]) -> Half<()> {
    half(bytes, |rest| {
        let (rest, (_, method)) = (tag(&b"\x05"[..]), be_u8).parse(rest)?;
        let (rest, let_in) = match method {
            0 => (rest, true),
            2 => (tag(&b"\x01"[..]), be_u8).parse(rest).map(|(rest, (_, status))| (rest, status == 0))?,
            // Nobody's method, or one that wraps all that follows (GSSAPI).
            _ => (rest, false),
        };
        if !let_in {
            return Ok((rest, None));
        }
        let (rest, (_, code, _)) = (tag(&b"\x05"[..]), be_u8, tag(&b"\0"[..])).parse(rest)?;
        if code != 0 {
            return Ok((rest, None));
        }
        let (rest, _) = (address5, be_u16).parse(rest)?;
        Ok((rest, Some(())))
    })
}

fn address5(rest: &[u8]) -> IResult<&[u8], String> {
    let (rest, kind) = be_u8(rest)?;
    match kind {
        1 => be_u32(rest).map(|(rest, address)| (rest, Ipv4Addr::from(address).to_string())),
        3 => length_data(be_u8).parse(rest).map(|(rest, name): (_, &[u8])| (rest, text(name))),
        4 => be_u128(rest).map(|(rest, address)| (rest, Ipv6Addr::from(address).to_string())),
        _ => Err(nom::Err::Error(nom::error::Error::new(rest, nom::error::ErrorKind::Tag))),
    }
}

fn zero_ended(rest: &[u8]) -> IResult<&[u8], &[u8]> {
    let (rest, text) = take_until(&b"\0"[..]).parse(rest)?;
    take(1usize).parse(rest).map(|(rest, _): (_, &[u8])| (rest, text))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a grammar over what has come so far. It says `None` for a refusal.
fn half<'b, T>(bytes: &'b [u8], grammar: impl Fn(&'b [u8]) -> IResult<&'b [u8], Option<T>>) -> Half<T> {
    match grammar(bytes) {
        Ok((rest, Some(found))) => Half::Over(bytes.len().saturating_sub(rest.len()), found),
        Err(nom::Err::Incomplete(_)) => Half::More,
        Ok((_, None)) | Err(_) => Half::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every beginning of a whole side wants more, and what follows is left alone.
    fn check<T: Clone + PartialEq + std::fmt::Debug>(side: fn(&[u8]) -> Half<T>, bytes: &[u8], want: &T) {
        for count in 0..bytes.len() {
            assert_eq!(side(&bytes[..count]), Half::More, "{count} of {}", bytes.escape_ascii());
        }
        for after in [&b""[..], b"VER 1 MSNP8 CVR0\r\n"] {
            assert_eq!(side(&[bytes, after].concat()), Half::Over(bytes.len(), want.clone()));
        }
    }

    fn proxy(kind: ProxyKind, host: &str, user: Option<&str>) -> Proxy {
        Proxy { kind, host: host.to_owned(), port: 1863, user: user.map(str::to_owned) }
    }

    #[test]
    fn version_4_names_an_address_or_a_host() {
        use ProxyKind::Socks4;
        check(client4, b"\x04\x01\x07\x47\xc6\x33\x64\x24alice\0", &proxy(Socks4, "198.51.100.36", Some("alice")));
        let by_name = b"\x04\x01\x07\x47\0\0\0\x01\0messenger.hotmail.com\0";
        check(client4, by_name, &proxy(Socks4, "messenger.hotmail.com", None));
        check(proxy4, b"\0\x5a\x07\x47\xc6\x33\x64\x24", &());
        assert_eq!(proxy4(b"\0\x5b\0\0\0\0\0\0"), Half::Refused);
        assert_eq!(client4(b"\x04\x02\x07\x47\xc6\x33\x64\x24\0"), Half::Refused, "BIND carries no MSNP");
    }

    #[test]
    fn version_5_asks_for_a_user_first_or_does_not() {
        use ProxyKind::Socks5;
        let named = b"\x05\x01\x02\x01\x05alice\x06secret\x05\x01\0\x03\x15messenger.hotmail.com\x07\x47";
        check(client5, named, &proxy(Socks5, "messenger.hotmail.com", Some("alice")));
        check(client5, b"\x05\x02\0\x02\x05\x01\0\x01\xc6\x33\x64\x24\x07\x47", &proxy(Socks5, "198.51.100.36", None));
        let six = [&b"\x05\x01\0\x05\x01\0\x04"[..], &[0x20, 1, 0x0d, 0xb8], &[0; 11], &[0x24, 7, 0x47]].concat();
        check(client5, &six, &proxy(Socks5, "2001:db8::24", None));
        check(proxy5, b"\x05\x02\x01\0\x05\0\0\x01\xc0\0\x02\x01\x04\x38", &());
        check(proxy5, b"\x05\0\x05\0\0\x03\x05proxy\x04\x38", &());
        for refusal in [&b"\x05\xff"[..], b"\x05\x02\x01\x01", b"\x05\0\x05\x05\0\x01\0\0\0\0\0\0"] {
            assert_eq!(proxy5(refusal), Half::Refused);
        }
    }
}
