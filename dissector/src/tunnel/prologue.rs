//! What client and proxy say to each other before the client's own bytes go through.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::detection::Detection;
use super::http::{Head, Kind, Start};
use super::socks::{Half, Proxy, ProxyKind, client4, client5, proxy4, proxy5};

/// Bytes that one side may say to the proxy; with more, it is something else.
pub const HELD_CEILING: usize = 16 << 10;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Who asks.
    Client,
    /// Who is asked.
    Proxy,
}

/// What became of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passed {
    /// They belong to the conversation with the proxy.
    Kept,
    /// These go through: they belong to the stream inside.
    Through(Vec<u8>),
    /// This is no such conversation, or the proxy refuses.
    Refused,
}

/// A conversation with a proxy.
#[derive(Debug)]
pub struct Prologue {
    kind: ProxyKind,
    /// What each side said so far; `None` when it has said all.
    client: Option<Vec<u8>>,
    proxy: Option<Vec<u8>>,
    asked: Option<Proxy>,
}

impl Prologue {
    /// The conversation that a detection announces; `None` when it announces something else.
    #[must_use]
    pub fn of(detection: Detection) -> Option<Self> {
        let kind = match detection {
            Detection::Socks4 => ProxyKind::Socks4,
            Detection::Socks5 => ProxyKind::Socks5,
            Detection::Connect => ProxyKind::Http,
            _ => return None,
        };
        Some(Self { kind, client: Some(Vec::new()), proxy: Some(Vec::new()), asked: None })
    }

    /// Takes the next bytes of one side.
    pub fn push(&mut self, end: End, bytes: &[u8]) -> Passed {
        let said = match end {
            End::Client => &mut self.client,
            End::Proxy => &mut self.proxy,
        };
        let Some(held) = said else { return Passed::Through(bytes.to_vec()) };
        held.extend_from_slice(bytes);
        let half = match (end, self.kind) {
            (End::Client, ProxyKind::Socks4) => with(client4(held), &mut self.asked),
            (End::Client, ProxyKind::Socks5) => with(client5(held), &mut self.asked),
            (End::Client, ProxyKind::Http) => with(http_client(held), &mut self.asked),
            (End::Proxy, ProxyKind::Socks4) => proxy4(held),
            (End::Proxy, ProxyKind::Socks5) => proxy5(held),
            (End::Proxy, ProxyKind::Http) => http_proxy(held),
        };
        match half {
            Half::Over(count, ()) => {
                let rest = held.split_off(count.min(held.len()));
                *said = None;
                Passed::Through(rest)
            }
            Half::More if held.len() <= HELD_CEILING => Passed::Kept,
            Half::More | Half::Refused => Passed::Refused,
        }
    }

    /// Whether both sides have said all.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.client.is_none() && self.proxy.is_none()
    }

    /// What the client asked for, once it has.
    #[must_use]
    pub fn asked(&self) -> Option<&Proxy> {
        self.asked.as_ref()
    }
}

fn with<T>(half: Half<T>, found: &mut Option<T>) -> Half<()> {
    match half {
        Half::More => Half::More,
        Half::Refused => Half::Refused,
        Half::Over(count, value) => {
            *found = Some(value);
            Half::Over(count, ())
        }
    }
}

/// `1*( "CONNECT" SP host ":" port SP version CRLF *( header CRLF ) CRLF )`
///
/// A proxy that wants to know who asks refuses at first, and the client asks again. So only what follows tells that it is
/// over: nothing does, or something else.
fn http_client(bytes: &[u8]) -> Half<Proxy> {
    const METHOD: &[u8] = b"CONNECT ";
    let (mut at, mut asked) = (0, None);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let looks_like = rest.iter().zip(METHOD).all(|(a, b)| a == b);
        let Some(count) = head_length(rest).filter(|_| looks_like) else {
            return match asked {
                _ if looks_like => Half::More,
                Some(proxy) => Half::Over(at, proxy),
                None => Half::Refused,
            };
        };
        let head = Head::read(Kind::Requests, rest.get(..count).unwrap_or_default());
        let Some(head) = head else { return Half::Refused };
        let Start::Request { target, .. } = head.start else { return Half::Refused };
        let Some((host, port)) = target.rsplit_once(':') else { return Half::Refused };
        let Ok(port) = port.parse() else { return Half::Refused };
        let host = host.trim_matches(['[', ']']).to_owned();
        asked = Some(Proxy { kind: ProxyKind::Http, host, port, user: user_of(&head) });
        at += count;
    }
}

/// `Proxy-Authorization: Basic base64( user ":" password )`; other schemes hide the user.
fn user_of(head: &Head<'_>) -> Option<String> {
    let (scheme, proof) = std::str::from_utf8(head.header("Proxy-Authorization")?).ok()?.split_once(' ')?;
    let proof = BASE64_STANDARD.decode(proof.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("Basic"))?;
    let user = proof.split(|byte| *byte == b':').next().unwrap_or_default();
    Some(String::from_utf8_lossy(user).into_owned())
}

/// `*( refusal body ) version SP 2xx … CRLF *( header CRLF ) CRLF`
fn http_proxy(bytes: &[u8]) -> Half<()> {
    let mut at = 0usize;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(count) = head_length(rest) else { return Half::More };
        let Some(head) = Head::read(Kind::Responses, rest.get(..count).unwrap_or_default()) else {
            return Half::Refused;
        };
        at = at.saturating_add(count);
        match head.start {
            Start::Response { code: 200..=299 } => return Half::Over(at, ()),
            Start::Response { code: 100..=199 } => {}
            _ => {
                let length = head.length().and_then(|length| usize::try_from(length).ok());
                let Some(length) = length else { return Half::Refused };
                at = at.saturating_add(length);
                if at > bytes.len() {
                    return Half::More;
                }
            }
        }
    }
}

/// Bytes of a head with its empty line, if it is all there.
fn head_length(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', bytes).find_map(|at| match bytes.get(at + 1..)? {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(detection: Detection, end: End, pieces: &[&[u8]]) -> (Vec<Passed>, Option<Proxy>) {
        let mut prologue = Prologue::of(detection).unwrap();
        let passed = pieces.iter().map(|piece| prologue.push(end, piece)).collect();
        (passed, prologue.asked().cloned())
    }

    #[test]
    fn what_follows_goes_through() {
        use Passed::{Kept, Refused, Through};
        let (passed, asked) = pass(
            Detection::Socks4,
            End::Client,
            &[b"\x04\x01\x07\x47\xc6\x33\x64\x24", b"\0VER 1 MSNP8 CVR0\r\n", b"OUT\r\n"],
        );
        assert_eq!(passed, [Kept, Through(b"VER 1 MSNP8 CVR0\r\n".to_vec()), Through(b"OUT\r\n".to_vec())]);
        assert_eq!(asked.map(|proxy| (proxy.host, proxy.port)), Some(("198.51.100.36".to_owned(), 1863)));
        let (passed, _) = pass(Detection::Socks4, End::Proxy, &[b"HTTP/1.1 200 OK\r\n\r\n"]);
        assert_eq!(passed, [Refused]);
    }

    #[test]
    fn an_http_proxy_may_ask_who_it_is() {
        use Passed::{Kept, Through};
        let ask = b"CONNECT messenger.hotmail.com:1863 HTTP/1.0\r\n\r\n";
        let (passed, asked) = pass(
            Detection::Connect,
            End::Client,
            &[
                ask,
                b"CONN",
                b"ECT 198.51.100.36:80 HTTP/1.0\r\nproxy-authorization: basic YWxpY2U6c2VjcmV0\r\n\r\n",
                b"VER",
            ],
        );
        assert_eq!(passed, [Kept, Kept, Kept, Through(b"VER".to_vec())]);
        let asked = asked.unwrap();
        assert_eq!((asked.host.as_str(), asked.port, asked.user.as_deref()), ("198.51.100.36", 80, Some("alice")));
        let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 3\r\n\r\nwho";
        let (passed, _) =
            pass(Detection::Connect, End::Proxy, &[refusal, b"HTTP/1.1 200 Connection established\r\n\r\nVER 1"]);
        assert_eq!(passed, [Kept, Through(b"VER 1".to_vec())]);
    }
}
