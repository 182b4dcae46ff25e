use super::*;
use crate::msnp::{dissect, framing};
use crate::tree::Recording;
use Direction::{ToClient, ToServer};

fn said(bytes: &[u8], direction: Direction) -> String {
    let line = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
    let pdu = Pdu::command(bytes, line, direction);
    assert!(framing::announced(&bytes[..line], direction) > 0);
    let context = Context { direction, ..Context::default() };
    let dissection = dissect(&pdu, &context, Recording::Among(&sentence_fields()));
    sentence(&pdu, &context, &dissection, &Catalogue::english())
}

#[test]
fn who_writes_is_who_sent_it() {
    let body = "Content-Type: text/plain\r\n\r\nHello";
    let message = |line: &str| format!("{line} {}\r\n{body}", body.len());
    let cases = [
        ("MSG bob@example.com Bob", ToClient, "Bob writes: “Hello”"),
        ("MSG 4 A", ToServer, "The client writes: “Hello”"),
        ("UBM erin@example.com 32 alice@example.com 1 1", ToClient, "erin@example.com writes: “Hello”"),
        ("UUM 16 erin@example.com 32 1", ToServer, "The client writes: “Hello”"),
    ];
    for (line, direction, want) in cases {
        assert_eq!(said(message(line).as_bytes(), direction), want);
    }
}

#[test]
fn bytes_that_are_no_whole_command_say_what_they_are() {
    let told_of = |bytes: &[u8], kind| {
        let pdu = Pdu::stray(bytes, kind);
        let dissection = dissect(&pdu, &Context::default(), Recording::Everything);
        info(&pdu, &Context::default(), &dissection, &Catalogue::english())
    };
    let told = |kind| told_of(b"CVR 2 0x0409", kind);
    assert_eq!(told_of(b"C", PduKind::Skipped), "1 byte that is no command");
    assert_eq!(told_of(b"C", PduKind::PayloadRest), "1 more byte of a payload");
    assert_eq!(told(PduKind::Skipped), "12 bytes that are no command");
    assert_eq!(told(PduKind::PayloadRest), "12 more bytes of a payload");
    assert_eq!(told(PduKind::Unfinished), "CVR 2 0x0409 · the line is cut off here");
}
