//! Detection: are these the first bytes of an MSNP connection, and from which side?
//!
//! Strict, because it is asked about every TCP connection on every port: a line must be a known command with fitting
//! arguments **and** hold something that other line protocols do not have (a dialect, an account in its place, a MIME
//! message). Three-digit answers and bare verbs decide nothing: FTP, SMTP and SIP have those too.

use super::framing::{self, Sync, words};
use super::{Direction, Verb};

/// Bytes of one direction that are looked at.
pub const LOOK: usize = 2048;
/// Segments of a direction at whose start a command is looked for where the beginning of a connection is missing: it may have
/// been inside a payload.
pub const AMID_SEGMENTS: usize = 16;
/// Lines that are looked at.
const LINES: usize = 6;

/// What the first bytes of one direction tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detection {
    /// MSNP, sent by a client.
    Client,
    /// MSNP, sent by a server.
    Server,
    /// MSNP, but either side could have sent it.
    Msnp,
    /// Not MSNP.
    No,
    /// Nothing decisive yet.
    NeedMore,
}

/// Looks at the first bytes of one direction of a connection.
#[must_use]
pub fn detect(first: &[u8]) -> Detection {
    let mut rest = first.get(..LOOK).unwrap_or(first);
    for _ in 0..LINES {
        let Some(end) = memchr::memchr(b'\n', rest) else {
            return if could_start_command(rest) && first.len() < LOOK { Detection::NeedMore } else { Detection::No };
        };
        let (line, after) = rest.split_at(end + 1);
        let text = framing::without_line_end(line);
        if text.iter().all(|b| *b == b' ') {
            rest = after;
            continue;
        }
        let to_server = framing::is_credible(text, Direction::ToServer);
        let to_client = framing::is_credible(text, Direction::ToClient);
        if !to_server && !to_client {
            return Detection::No;
        }
        if is_distinctive(text) {
            return match (to_server, to_client) {
                (true, true) => ambiguous_side(text),
                (true, false) => Detection::Client,
                _ => Detection::Server,
            };
        }
        rest = after;
    }
    Detection::No
}

/// Whether the first bytes of one direction on the service's own port are another protocol's all the same: the first line
/// names that protocol, or, where the beginning was captured ([`Sync::Kept`]), does not begin like a command. `None` while
/// too few are there to tell.
#[must_use]
pub fn is_foreign(first: &[u8], sync: Sync) -> Option<bool> {
    let blanks = first.iter().take_while(|b| matches!(b, b' ' | b'\r' | b'\n')).count();
    let rest = first.get(blanks..first.len().min(LOOK)).unwrap_or_default();
    let line_end = memchr::memchr(b'\n', rest);
    let text = framing::without_line_end(rest.get(..line_end.map_or(rest.len(), |end| end + 1)).unwrap_or_default());
    if names_another_protocol(text) || (sync == Sync::Kept && !begins_like_command(text)) {
        return Some(true);
    }
    (line_end.is_some() || first.len() >= LOOK).then_some(false)
}

fn names_another_protocol(text: &[u8]) -> bool {
    words(text).any(|w| [&b"SIP/"[..], b"HTTP/", b"RTSP/", b"sip:"].iter().any(|name| w.starts_with(name)))
}

/// A line begins with three capital letters or three digits, as far as it is there.
fn begins_like_command(text: &[u8]) -> bool {
    let word = text.split(|b| *b == b' ').next().unwrap_or_default();
    let alike = word.iter().all(u8::is_ascii_uppercase) || word.iter().all(u8::is_ascii_digit);
    alike && (word.len() == 3 || (word.len() < 3 && word.len() == text.len()))
}

/// A bare verb such as `PNG`, or nothing at all, may still become MSNP; anything else shows in the first bytes.
fn could_start_command(bytes: &[u8]) -> bool {
    let head = bytes.get(..4).unwrap_or(bytes);
    let letters = head.iter().take(3).all(|b| b.is_ascii_uppercase());
    let verb_known = head.get(..3).and_then(Verb::parse).is_none_or(|v| v.decl().is_some());
    letters && verb_known && head.get(3).is_none_or(|b| matches!(b, b' ' | b'\r'))
}

fn is_distinctive(text: &[u8]) -> bool {
    if names_another_protocol(text) {
        return false;
    }
    let verb = words(text).next().unwrap_or_default();
    let dialect = |w: &[u8]| w.len() > 4 && w.get(..4).is_some_and(|p| p.eq_ignore_ascii_case(b"MSNP"));
    let account = |w: &[u8]| {
        let at = memchr::memchr(b'@', w);
        at.is_some_and(|at| at > 0 && w.get(at..).is_some_and(|d| d.contains(&b'.') || d.len() > 2))
    };
    match verb {
        b"VER" => words(text).skip(2).any(|w| dialect(w) || w == b"CVR0"),
        b"CVR" => words(text).nth(2).is_some_and(|w| w.starts_with(b"0x")),
        b"XFR" => words(text).nth(2).is_some_and(|w| matches!(w, b"SB" | b"NS")),
        b"MSG" | b"CHG" | b"UUX" => true,
        b"ACK" | b"NAK" | b"PNG" | b"OUT" | b"QNG" => false,
        _ => words(text).skip(1).any(account),
    }
}

/// Some lines fit both sides; a few of them still tell.
fn ambiguous_side(text: &[u8]) -> Detection {
    let line = words(text).collect::<Vec<_>>();
    match line.as_slice() {
        [b"VER", _, _, _, ..] => Detection::Client,
        [b"VER", ..] | [b"USR", _, b"OK", ..] => Detection::Server,
        [b"MSG", ..] | [b"USR", _, _, b"I", ..] => Detection::Client,
        [b"USR", _, account, ..] if account.contains(&b'@') => Detection::Client,
        _ => Detection::Msnp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_lines_tell_protocol_and_side() {
        use Detection::{Client, Msnp, NeedMore, No, Server};
        let cases: &[(&[u8], Detection)] = &[
            (b"VER 1 MSNP15 MSNP14 CVR0\r\n", Client),
            (b"VER 1 MSNP15\r\n", Server),
            (b"ANS 1 bob@example.com 849102291.520491113 11752013\r\n", Client),
            (b"USR 1 alice@example.com 17262740.1050826919.32308\r\n", Client),
            (b"MSG bob@example.com Bob 137\r\n", Server),
            (b"MSG 4 A 137\r\n", Client),
            (b"PNG\r\nPNG\r\n", NeedMore),
            (b"PNG\r\nCHG 5 NLN 0\r\n", Msnp),
            (b"QNG 50\r\nNLN AWY bob@example.com Bob 0\r\n", Server),
            (b"VE", NeedMore),
            (b"", NeedMore),
            (b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", No),
            (b"PUT /a HTTP/1.1\r\n", No),
            (b"220 mail.example.com ESMTP\r\n", No),
            (b"200 5\r\n200 5\r\n", NeedMore),
            (b"ACK sip:bob@example.com SIP/2.0\r\n", No),
            (b"BYE sip:bob@example.com SIP/2.0\r\n", No),
            (b"CWD /pub\r\n", No),
            (b"\x16\x03\x01\x02\x00", No),
            (b"SSH-2.0-OpenSSH_9\r\n", No),
        ];
        for (bytes, want) in cases {
            assert_eq!(detect(bytes), *want, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn the_port_alone_makes_no_msnp() {
        let cases: &[(&[u8], Option<bool>, Option<bool>)] = &[
            (b"GET / HTTP/1.1\r\nHost: example.com\r\n", Some(true), Some(true)),
            (b"PUT /a HTTP/1.1\r\n", Some(true), Some(true)),
            (b"HTTP/1.1 200 OK\r\n", Some(true), Some(true)),
            (b"HT", None, None),
            (b"HTTP", Some(true), None),
            (b"\x16\x03\x01\x02\x00", Some(true), None),
            (b"a payload's rest\r\nPNG\r\n", Some(true), Some(false)),
            (b"VE", None, None),
            (b"PUT /", None, None),
            (b"", None, None),
            (b"\r\nXYZ 1\r\n", Some(false), Some(false)),
            (b"XYZ\n", Some(false), Some(false)),
            (b"217 3\r\n", Some(false), Some(false)),
        ];
        for (bytes, from_start, from_middle) in cases {
            let got = (is_foreign(bytes, Sync::Kept), is_foreign(bytes, Sync::Lost));
            assert_eq!(got, (*from_start, *from_middle), "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(is_foreign(&[b'A'; LOOK], Sync::Lost), Some(false), "a line may be long");
    }
}
