use std::io::Write as _;

use proptest::prelude::*;

use super::super::coding::DECODED_CEILING;
use super::*;

/// What a reader told, bodies and strays in one piece each.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Told {
    Head(Vec<u8>),
    Body(Vec<u8>),
    Stray(Vec<u8>),
    End(bool),
    Missing(u64, bool),
}

#[derive(Default)]
struct Listener(Vec<Told>);

impl Listener {
    fn part(&mut self, part: &Part<'_>) {
        match (part, self.0.last_mut()) {
            (Part::Body(bytes), Some(Told::Body(before))) | (Part::Stray(bytes), Some(Told::Stray(before))) => {
                before.extend_from_slice(bytes);
            }
            (Part::Head(head), _) => self.0.push(Told::Head(head.bytes.to_vec())),
            (Part::Body(bytes), _) => self.0.push(Told::Body(bytes.to_vec())),
            (Part::Stray(bytes), _) => self.0.push(Told::Stray(bytes.to_vec())),
            (Part::End { whole }, _) => self.0.push(Told::End(*whole)),
            (Part::Missing { length, in_place }, _) => self.0.push(Told::Missing(*length, *in_place)),
        }
    }
}

/// Feeds pieces; `None` is a gap of three bytes.
fn told(kind: Kind, pieces: &[Option<&[u8]>]) -> Vec<Told> {
    let mut reader = Reader::new(kind);
    let mut listener = Listener::default();
    let mut sink = |part: Part<'_>| listener.part(&part);
    for piece in pieces {
        match piece {
            Some(bytes) => reader.push(bytes, &mut sink),
            None => reader.gap(3, &mut sink),
        }
    }
    reader.finish(&mut sink);
    listener.0
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn with_length(coding: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{coding}Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn lively() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        Just(with_length("", b"VER 1 MSNP8\r\n")),
        Just(with_length("", b"")),
        Just(with_length("Content-Encoding: gzip\r\n", &gzip(b"MSG bob@example.com Bob 5\r\nhello"))),
        Just(with_length("content-encoding: deflate\r\n", &zlib(b"QNG 50\r\n"))),
        Just(with_length("Content-Encoding: br\r\n", b"what is this")),
        Just(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nQNG 5\r\n3\r\n0\r\n\r\n0\r\nTrailer: 1\r\n\r\n".to_vec()),
        Just(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nQNG".to_vec()),
        Just(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec()),
        Just(b"HTTP/1.0 304 Not Modified\r\nContent-Length: 12\r\n\r\n".to_vec()),
        Just(b"HTTP/1.1 200 OK\nContent-Length: 99\n\nshort".to_vec()),
        Just(b"HTTP/1.0 200 OK\r\n\r\nuntil the end ".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"HTTP/1.1 nonsense\r\n\r\n".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..20),
    ];
    proptest::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_split_gives_the_same_parts(bytes in lively(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let mut at = cuts.iter().map(|c| c.index(bytes.len() + 1)).collect::<Vec<_>>();
        at.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in at.into_iter().chain([bytes.len()]) {
            pieces.push(Some(&bytes[from..cut]));
            from = cut;
        }
        prop_assert_eq!(told(Kind::Responses, &[Some(&bytes)]), told(Kind::Responses, &pieces));
        let single = bytes.chunks(1).map(Some).collect::<Vec<_>>();
        prop_assert_eq!(told(Kind::Responses, &[Some(&bytes)]), told(Kind::Responses, &single));
    }

    #[test]
    fn no_byte_is_lost_but_those_between_chunks(parts in lively(), requests: bool) {
        let kind = if requests { Kind::Requests } else { Kind::Responses };
        let plain = !parts.windows(8).any(|w| w.eq_ignore_ascii_case(b"encoding"));
        let kept = told(kind, &[Some(&parts)]);
        let bytes = kept.iter().flat_map(|told| match told {
            Told::Head(bytes) | Told::Body(bytes) | Told::Stray(bytes) => bytes.as_slice(),
            Told::End(_) | Told::Missing(..) => &[],
        });
        let blank = |b: &&u8| !matches!(**b, b'\r' | b'\n');
        if plain {
            prop_assert!(bytes.filter(blank).eq(parts.iter().filter(blank)));
        }
    }
}

#[test]
fn bodies_come_unpacked_and_without_their_chunks() {
    let packed = gzip(b"QNG 50\r\nQNG 51\r\n");
    let (front, back) = packed.split_at(7);
    let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for chunk in [front, back, b""] {
        bytes.extend_from_slice(format!("{:X}\r\n", chunk.len()).as_bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
    }
    let [Told::Head(_), Told::Body(body), Told::End(true)] = &told(Kind::Responses, &[Some(&bytes)])[..] else {
        panic!("{:?}", told(Kind::Responses, &[Some(&bytes)]))
    };
    assert_eq!(body, b"QNG 50\r\nQNG 51\r\n");
}

#[test]
fn a_hole_in_a_body_does_not_cost_the_place() {
    let before = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nab";
    let after = b"fghHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let parts = told(Kind::Responses, &[Some(before), None, Some(after)]);
    let [_, Told::Body(ab), Told::Missing(3, true), Told::Body(fgh), Told::End(true), _, Told::End(true)] = &parts[..]
    else {
        panic!("{parts:?}")
    };
    assert_eq!((ab.as_slice(), fgh.as_slice()), (&b"ab"[..], &b"fgh"[..]));
}

#[test]
fn after_a_larger_hole_reading_goes_on_at_the_next_message() {
    let pieces: [Option<&[u8]>; 3] = [
        Some(b"POST /gateway/gateway.dll HTTP/1.1\r\nContent-Length: 2\r\n\r\nO"),
        None,
        Some(b"tail of a body\r\nwith linesPOST /gateway/gateway.dll HTTP/1.1\r\nContent-Length: 5\r\n\r\nOUT\r\n"),
    ];
    let parts = told(Kind::Requests, &pieces);
    let [
        _,
        Told::Body(_),
        Told::Missing(3, false),
        Told::End(false),
        Told::Stray(stray),
        Told::Head(_),
        Told::Body(out),
        Told::End(true),
    ] = &parts[..]
    else {
        panic!("{parts:?}")
    };
    assert_eq!((stray.as_slice(), out.as_slice()), (&b"tail of a body\r\nwith lines"[..], &b"OUT\r\n"[..]));
}

#[test]
fn what_cannot_be_unpacked_is_handed_out_packed() {
    let mut packed = gzip(&[b'x'; 300]);
    let damaged = packed.len() / 2;
    packed[damaged] ^= 0xff;
    packed.truncate(damaged + 4);
    packed.extend_from_slice(&[0xff; 40]);
    let parts = told(Kind::Responses, &[Some(&with_length("Content-Encoding: gzip\r\n", &packed))]);
    assert!(matches!(parts[..], [Told::Head(_), .., Told::Stray(_), Told::End(true)]), "{parts:?}");
    let parts = told(Kind::Responses, &[Some(&with_length("Content-Encoding: br\r\n", b"packed"))]);
    assert_eq!(parts[1..], [Told::Stray(b"packed".to_vec()), Told::End(true)]);
}

#[test]
fn a_bomb_is_not_unpacked_to_its_end() {
    let packed = gzip(&vec![0; DECODED_CEILING * 4]);
    assert!(packed.len() < DECODED_CEILING / 100);
    let parts = told(Kind::Responses, &[Some(&with_length("Content-Encoding: gzip\r\n", &packed))]);
    let [Told::Head(_), Told::Body(body), Told::Stray(_), Told::End(true)] = &parts[..] else { panic!("no bomb") };
    assert!((DECODED_CEILING..DECODED_CEILING + (64 << 10)).contains(&body.len()), "{} bytes", body.len());
}

#[test]
fn promises_are_no_allocations() {
    let heads: [&[u8]; 3] = [
        b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nhello",
    ];
    for bytes in heads {
        let parts = told(Kind::Responses, &[Some(bytes)]);
        assert!(parts.contains(&Told::Body(b"hello".to_vec())), "{parts:?}");
    }
    let endless = [b"HTTP/1.1 200 OK\r\n".to_vec(), b"X: y\r\n".repeat(HEAD_CEILING / 4)].concat();
    let parts = told(Kind::Responses, &[Some(&endless)]);
    assert!(parts == [Told::Stray(endless)], "{} parts", parts.len());
}
