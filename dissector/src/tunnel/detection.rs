//! Is there anything in this direction that may carry MSNP? Asked about the first bytes of every TCP connection, so
//! ordinary web traffic is told apart by its first words.

use super::gateway;

/// Bytes of one direction that are looked at.
pub const LOOK: usize = 2048;
/// A client of SOCKS 4 names itself, and perhaps a host, within so many bytes.
const SOCKS4_LOOK: usize = 520;

/// What the first bytes of one direction are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detection {
    /// A client speaks to a SOCKS proxy of version 4.
    Socks4,
    /// A client speaks to a SOCKS proxy of version 5.
    Socks5,
    /// A client asks an HTTP proxy for a connection.
    Connect,
    /// HTTP requests that go to the gateway, or by way of a proxy, so that some may go there.
    Requests,
    /// HTTP responses of the gateway.
    Responses,
    /// Nothing of the kind.
    No,
    /// Nothing decisive yet.
    NeedMore,
}

/// Looks at the first bytes of one direction. They tell only when they are the first of a message; those of SOCKS only when
/// they are the first of the connection.
#[must_use]
pub fn detect(first: &[u8]) -> Detection {
    let first = first.get(..LOOK).unwrap_or(first);
    match first {
        [] => Detection::NeedMore,
        [4, ..] => socks4(first),
        [5, ..] => socks5(first),
        [b'A'..=b'Z', ..] => http(first),
        _ => Detection::No,
    }
}

fn socks4(first: &[u8]) -> Detection {
    let (command, user) = (first.get(1), first.get(8..).unwrap_or_default());
    match command {
        None => Detection::NeedMore,
        Some(1) if user.contains(&0) => Detection::Socks4,
        Some(1) if first.len() < SOCKS4_LOOK => Detection::NeedMore,
        Some(_) => Detection::No,
    }
}

fn socks5(first: &[u8]) -> Detection {
    let Some(count) = first.get(1).copied().map(usize::from) else { return Detection::NeedMore };
    let methods = first.get(2..).unwrap_or_default();
    match methods.get(..count) {
        // Then a user, or at once what is wanted.
        Some(_) if count > 0 && matches!(methods.get(count), None | Some(1 | 5)) => Detection::Socks5,
        None => Detection::NeedMore,
        Some(_) => Detection::No,
    }
}

fn http(first: &[u8]) -> Detection {
    for start in [&b"POST "[..], b"GET ", b"CONNECT ", b"HEAD ", b"HTTP/1."] {
        let is_short = first.len() < start.len();
        if is_short && start.starts_with(first) {
            return Detection::NeedMore;
        }
        if !first.starts_with(start) {
            continue;
        }
        return match start {
            b"CONNECT " => Detection::Connect,
            b"HTTP/1." => told_in_head(first, Detection::Responses),
            _ => request(first, start.len()),
        };
    }
    Detection::No
}

/// `method SP target SP version CRLF *( header CRLF ) CRLF`
fn request(first: &[u8], method: usize) -> Detection {
    let after = first.get(method..).unwrap_or_default();
    if after.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"http://")) {
        return Detection::Requests;
    }
    let Some(end) = memchr::memchr2(b' ', b'\n', after) else {
        return if first.len() < LOOK { Detection::NeedMore } else { Detection::No };
    };
    let target = String::from_utf8_lossy(after.get(..end).unwrap_or_default());
    let path = target.split('?').next().unwrap_or_default();
    if gateway::is_program(path) {
        return Detection::Requests;
    }
    // Nothing but a POST brings a body.
    if first.starts_with(b"POST ") { told_in_head(first, Detection::Requests) } else { Detection::No }
}

fn told_in_head(first: &[u8], found: Detection) -> Detection {
    let end = [&b"\r\n\r\n"[..], b"\n\n"].into_iter().filter_map(|blank| memchr::memmem::find(first, blank)).min();
    if gateway::is_told_of(first.get(..end.unwrap_or(first.len())).unwrap_or(first)) {
        return found;
    }
    if end.is_some() || first.len() >= LOOK { Detection::No } else { Detection::NeedMore }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell_what_carries() {
        use Detection::{Connect, NeedMore, No, Requests, Responses, Socks4, Socks5};
        let cases: &[(&[u8], Detection)] = &[
            (b"POST /gateway/gateway.dll?Action=open HTTP/1.1\r\n", Requests),
            (b"POST http://gateway.example/gateway/gateway.dll?Sess", Requests),
            (b"GET http://www.example.org/ HTTP/1.1\r\n", Requests),
            (b"POST /x HTTP/1.1\r\nContent-type: APPLICATION/x-msn-messenger\r\n", Requests),
            (b"POST /x HTTP/1.1\r\nContent-Type: text/xml\r\n", NeedMore),
            (b"POST /x HTTP/1.1\r\nContent-Type: text/xml\r\n\r\napplication/x-msn-messenger", No),
            (b"POST /gateway/gatew", NeedMore),
            (b"GET / HTTP/1.1\r\n", No),
            (b"GE", NeedMore),
            (b"HTTP/1.0 200 OK\r\nX-MSN-Messenger: SessionID=1.2", Responses),
            (b"HTTP/1.1 200 OK\r\nServer: x\r\n", NeedMore),
            (b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", No),
            (b"CONNECT messenger.hotmail.com:1863 HTTP/1.0\r\n", Connect),
            (b"VER 1 MSNP8 CVR0\r\n", No),
            (b"\x05", NeedMore),
            (b"\x05\x01\0", Socks5),
            (b"\x05\x02\0\x02", Socks5),
            (b"\x05\x01\0\x05\x01\0", Socks5),
            (b"\x05\x01\0hello", No),
            (b"\x05\0", No),
            (b"\x04\x01\x07\x47\xc6\x33\x64\x24", NeedMore),
            (b"\x04\x01\x07\x47\xc6\x33\x64\x24alice\0", Socks4),
            (b"\x04\x17", No),
            (b"\x16\x03\x01", No),
            (b"", NeedMore),
        ];
        for (bytes, want) in cases {
            assert_eq!(detect(bytes), *want, "{}", bytes.escape_ascii());
        }
    }
}
