//! The HTTP gateway for networks that let nothing but HTTP out: what its requests ask and its responses say.
//!
//! Each MSNP connection is one session of the gateway. Its bytes are the bodies of `POST …/gateway/gateway.dll?…`
//! requests and of their responses; the TCP connections beneath come and go, and one may serve several sessions.
//! Source: protocol reference, sessions, section 11.

use super::http::{Head, Start, holds};

/// The media type of both sides' bodies.
const MEDIA_TYPE: &[u8] = b"application/x-msn-messenger";
/// What every request's path ends in.
const PROGRAM: &[u8] = b"gateway.dll";
/// The header of responses.
const HEADER: &str = "X-MSN-Messenger";
/// Longest value that is believed: session ids are two numbers or a GUID, the rest are host names.
const VALUE_CEILING: usize = 256;

/// What a request asks the gateway.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ask {
    /// It opens a session (`Action=open`).
    pub opens: bool,
    /// The kind of server to be connected to, as written: `NS` or `SB` (`Server=`).
    pub server: Option<String>,
    /// Host of the server to be connected to (`IP=`).
    pub host: Option<String>,
    /// The session it belongs to (`SessionID=`).
    pub session: Option<String>,
}

/// What a response says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The session it belongs to; the next request must name exactly this (`SessionID=`).
    pub session: Option<String>,
    /// Where to send the next request (`GW-IP=`).
    pub gateway: Option<String>,
    /// The session is over (`Session=close`).
    pub closes: bool,
}

impl Ask {
    /// What a request asks; `None` when it is not for the gateway.
    ///
    /// `target = [ "http://" host ] "/gateway/gateway.dll" [ "?" pair *( "&" pair ) ]`
    #[must_use]
    pub fn read(head: &Head<'_>) -> Option<Self> {
        let Start::Request { target, .. } = head.start else { return None };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if !is_program(path) && !is_msnp(head) {
            return None;
        }
        let mut ask = Self::default();
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                _ if name.eq_ignore_ascii_case("Action") => ask.opens = value.eq_ignore_ascii_case("open"),
                _ if name.eq_ignore_ascii_case("Server") => ask.server = believed(value),
                _ if name.eq_ignore_ascii_case("IP") => ask.host = believed(value),
                _ if name.eq_ignore_ascii_case("SessionID") => ask.session = believed(value),
                _ => {}
            }
        }
        Some(ask)
    }
}

impl Answer {
    /// What a response says, if anything: a response of something else than the gateway has no such header.
    ///
    /// `X-MSN-Messenger: pair *( ";" pair )`
    #[must_use]
    pub fn read(head: &Head<'_>) -> Self {
        let text = String::from_utf8_lossy(head.header(HEADER).unwrap_or_default());
        let mut answer = Self::default();
        for (name, value) in text.split(';').filter_map(|pair| pair.trim().split_once('=')) {
            match name {
                _ if name.eq_ignore_ascii_case("SessionID") => answer.session = believed(value),
                _ if name.eq_ignore_ascii_case("GW-IP") => answer.gateway = believed(value),
                _ if name.eq_ignore_ascii_case("Session") => answer.closes = value.eq_ignore_ascii_case("close"),
                _ => {}
            }
        }
        answer
    }
}

/// What stays of a session id throughout the session: the part before the dot, the other part changes with each response.
/// Present-day servers use a GUID without a dot, which stays as it is.
#[must_use]
pub fn key(session: &str) -> &str {
    session.split_once('.').map_or(session, |(key, _)| key)
}

/// Whether a message's body is said to hold MSNP.
#[must_use]
pub fn is_msnp(head: &Head<'_>) -> bool {
    head.header("Content-Type").is_some_and(|value| starts_with(value, MEDIA_TYPE))
}

/// Whether a head that is not complete yet tells of the gateway already.
#[must_use]
pub(super) fn is_told_of(bytes: &[u8]) -> bool {
    holds(bytes, MEDIA_TYPE) || holds(bytes, HEADER.as_bytes())
}

/// Whether a path, or a whole URI without its query, is the gateway's.
#[must_use]
pub(super) fn is_program(path: &str) -> bool {
    let path = path.as_bytes();
    path.len() >= PROGRAM.len() && path.split_at(path.len() - PROGRAM.len()).1.eq_ignore_ascii_case(PROGRAM)
}

fn starts_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

fn believed(value: &str) -> Option<String> {
    let value = value.trim();
    (!value.is_empty() && value.len() <= VALUE_CEILING).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tunnel::http::Kind;

    fn ask(target: &str) -> Option<Ask> {
        let head = format!("POST {target} HTTP/1.1\r\nHost: gateway.messenger.hotmail.com\r\n\r\n");
        Ask::read(&Head::read(Kind::Requests, head.as_bytes()).unwrap())
    }

    fn answer(header: &str) -> Answer {
        let head = format!("HTTP/1.1 200 OK\r\n{header}\r\n\r\n");
        Answer::read(&Head::read(Kind::Responses, head.as_bytes()).unwrap())
    }

    #[test]
    fn queries_are_read_in_any_order_and_with_or_without_a_host() {
        let open = Ask {
            opens: true,
            server: Some("NS".to_owned()),
            host: Some("messenger.hotmail.com".to_owned()),
            session: None,
        };
        let query = "Action=open&Server=NS&IP=messenger.hotmail.com";
        assert_eq!(ask(&format!("/gateway/gateway.dll?{query}")), Some(open.clone()));
        let turned =
            "http://gateway.messenger.hotmail.com/gateway/Gateway.DLL?ip=messenger.hotmail.com&server=NS&action=OPEN";
        assert_eq!(ask(turned), Some(open));
        let poll = ask("/gateway/gateway.dll?Action=poll&Lifespan=3&SessionID=1000.2001").unwrap();
        assert_eq!((poll.opens, poll.session.as_deref()), (false, Some("1000.2001")));
        assert_eq!(ask("/gateway/gateway.dll"), Some(Ask::default()));
        assert_eq!(ask("/gateway.html?SessionID=1"), None);
    }

    #[test]
    fn answers_name_the_session() {
        let told = answer("x-msn-messenger: SessionID=1000.2000; GW-IP=198.51.100.5");
        assert_eq!((told.session.as_deref(), told.gateway.as_deref()), (Some("1000.2000"), Some("198.51.100.5")));
        assert!(answer("X-MSN-Messenger: SessionID=7.8;Session=close").closes);
        assert_eq!(answer("Server: Example"), Answer::default());
    }

    #[test]
    fn the_part_before_the_dot_is_the_key() {
        assert_eq!(key("1000.2000"), "1000");
        assert_eq!(key("b1c2f3a0-0000-4000-8000-1234567890ab"), "b1c2f3a0-0000-4000-8000-1234567890ab");
    }
}
