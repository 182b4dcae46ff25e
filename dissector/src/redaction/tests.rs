use super::*;
use crate::msnp::Direction;

fn redactor() -> Redactor {
    Redactor::new(Key::of_capture(&[1; 32]))
}

fn redacted(bytes: &[u8], direction: Direction) -> Vec<u8> {
    let line = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
    let pdu = Pdu::command(bytes, line, direction);
    let context = Context { direction, ..Context::default() };
    redactor().redact(&pdu, &context).bytes
}

fn said(bytes: &[u8], direction: Direction) -> String {
    String::from_utf8(redacted(bytes, direction)).unwrap()
}

#[test]
fn the_protocol_stays_and_the_people_go() {
    let wire = "NLN AWY bob@example.com J%C3%B6rg%20Bob 268435500\r\n";
    let got = said(wire.as_bytes(), Direction::ToClient);
    assert_eq!(got.len(), wire.len());
    assert!(got.starts_with("NLN AWY ") && got.ends_with(" 268435500\r\n"), "{got}");
    assert!(!got.contains("bob") && !got.contains("example") && !got.contains("Bob"), "{got}");
    assert!(got.contains(".com ") && got.contains("%20"), "{got}");
}

#[test]
fn one_person_is_one_person_in_every_command() {
    let (joins, asks) = ("JOI bob@example.com Bob\r\n", "CAL 3 bob@example.com\r\n");
    let joined = said(joins.as_bytes(), Direction::ToClient);
    let asked = said(asks.as_bytes(), Direction::ToServer);
    let account = joined.split(' ').nth(1).unwrap();
    assert_eq!(asked, format!("CAL 3 {account}\r\n"));
}

#[test]
fn one_name_has_one_pseudonym_in_every_coding() {
    let value = |bytes: &[u8]| {
        let redacted = redacted(bytes, Direction::ToClient);
        let line = memchr::memchr(b'\n', &redacted).map_or(redacted.len(), |at| at + 1);
        let pdu = Pdu::command(&redacted, line, Direction::ToClient);
        let context = Context { direction: Direction::ToClient, ..Context::default() };
        let tree = dissect(&pdu, &context, Recording::Only(&[crate::msnp::field::NICK])).tree;
        tree.items.first().unwrap().value.clone()
    };
    let encoded = value(b"JOI b@example.com J%C3%B6rg\r\n");
    assert_eq!(value("JOI b@example.com J\u{f6}rg\r\n".as_bytes()), encoded);
    assert_ne!(encoded, Value::Text("J\u{f6}rg".to_owned()));
}

#[test]
fn bytes_that_are_not_understood_say_nothing() {
    let got = said(b"HELLO secret words 123\r\n", Direction::ToServer);
    assert!(!got.contains("secret") && !got.contains("words"), "{got}");
}

#[test]
fn message_in_parts_has_pseudonyms_in_its_parts_and_as_a_whole() {
    let first =
        "MSG bob@example.com Bob 75\r\nContent-Type: text/plain\r\nMessage-ID: {1}\r\nChunks: 2\r\n\r\nMy secret wor";
    let last = "MSG bob@example.com Bob 38\r\nMessage-ID: {1}\r\nChunk: 1\r\n\r\nd is cabbage";
    let mut connection = crate::msnp::Connection::new();
    let mut told = Vec::new();
    for (wire, number) in [(first, 1), (last, 2)] {
        let line = memchr::memchr(b'\n', wire.as_bytes()).unwrap() + 1;
        let pdu = Pdu::command(wire.as_bytes(), line, Direction::ToClient);
        let context = connection.context_for(&pdu, Direction::ToClient);
        let completes = connection.observe(number, &pdu, &context);
        told.push(redactor().redact(&pdu.completing(completes.as_ref()), &context));
    }
    let whole = told[1].completes.as_ref().unwrap();
    assert_eq!(whole.bytes.len(), "Content-Type: text/plain\r\nMessage-ID: {1}\r\nChunks: 2\r\n\r\n".len() + 25);
    assert!(whole.bytes.starts_with(b"Content-Type: text/plain\r\n"));
    for bytes in told.iter().map(|redacted| &redacted.bytes).chain([&whole.bytes]) {
        let said = String::from_utf8_lossy(bytes);
        assert!(!said.contains("secret") && !said.contains("cabbage"), "{said}");
    }
}
