//! Addresses: host and TCP port of a server.
//!
//! Source: protocol reference, commands 7.1 (XFR): `host:port`, or in old versions the host alone, which means 1863.

use crate::msnp::commands::login::{HOST, PORT};
use crate::msnp::field::UNDECODED;
use crate::msnp::token::{EXPECTED_WORD, Word, number, word};
use crate::tree::{FieldId, Read, Scribe, Value, texts};

texts! {
    NO_PORT = "address.no-port", "none is written; 1863 is meant";
    STAY = "address.stay", "start again on this connection (one source)";
}

/// The port of a server whose address names none.
const USUAL_PORT: u64 = 1863;

/// `address = host [ ":" port ] / "0"`
///
/// # Errors
/// Stops when the line ends.
pub fn address_as<'a>(s: &mut Scribe<'a, '_>, field: FieldId) -> Read<Word<'a>> {
    let found = s.peek_as(EXPECTED_WORD, word)?;
    record(s, field, found);
    Ok(found)
}

fn record<'a>(s: &mut Scribe<'a, '_>, field: FieldId, found: Word<'a>) {
    if found.0 == b"0" {
        s.take(field, 1, found);
        s.label(STAY);
        return;
    }
    let (host, port) = parts(found.0);
    s.group_with(field, &found, |s| {
        s.limit(found.0.len(), UNDECODED, |s| {
            s.take(HOST, host.len(), Word(host));
            match port {
                Some(port) => {
                    s.skip(1);
                    s.take(PORT, s.rest().len(), port);
                }
                None if names_port(host) => {}
                None => s.generated(PORT, s.here(0), Value::Uint(USUAL_PORT), Some(NO_PORT.text())),
            }
        });
    });
}

/// Host and port; the port is a number after the last colon, unless that stands inside an IPv6 address.
fn parts(address: &[u8]) -> (&[u8], Option<u32>) {
    let Some(colon) = memchr::memrchr(b':', address) else { return (address, None) };
    let host = address.get(..colon).unwrap_or_default();
    let port = address.get(colon + 1..).unwrap_or_default();
    let apart = !host.is_empty() && (!host.contains(&b':') || host.ends_with(b"]"));
    match number(port) {
        Ok(([], port)) if apart && port <= 65535 => (host, Some(port)),
        _ => (address, None),
    }
}

/// Whether something stands where a port would, whatever it is.
fn names_port(address: &[u8]) -> bool {
    let colons = memchr::memchr_iter(b':', address).count();
    colons == 1 || memchr::memmem::find(address, b"]:").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_stands_behind_the_last_colon() {
        let cases: [(&str, (&str, Option<u32>)); 8] = [
            ("198.51.100.77:1863", ("198.51.100.77", Some(1863))),
            ("sb.example.com:1864", ("sb.example.com", Some(1864))),
            ("sb.example.com", ("sb.example.com", None)),
            ("[2001:db8::1]:1863", ("[2001:db8::1]", Some(1863))),
            ("2001:db8::1", ("2001:db8::1", None)),
            ("host:70000", ("host:70000", None)),
            ("host:", ("host:", None)),
            (":80", (":80", None)),
        ];
        for (wire, (host, port)) in cases {
            assert_eq!(parts(wire.as_bytes()), (host.as_bytes(), port), "{wire}");
        }
    }
    #[test]
    fn no_port_is_meant_where_something_is_written() {
        for (address, written) in [
            ("198.51.100.77", false),
            ("2001:db8::1", false),
            ("[2001:db8::1]", false),
            ("999.1.2.3:99999", true),
            ("host:", true),
            ("[2001:db8::1]:x", true),
        ] {
            assert_eq!(names_port(address.as_bytes()), written, "{address}");
        }
    }
}
