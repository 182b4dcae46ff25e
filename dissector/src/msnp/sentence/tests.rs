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

#[test]
fn a_message_of_which_only_the_beginning_came_says_who_sends_it() {
    let cut = |bytes: &[u8], line: usize| {
        let mut pdu = Pdu::command(bytes, line, ToClient);
        pdu.announced = 88;
        let context = Context { direction: ToClient, ..Context::default() };
        let dissection = dissect(&pdu, &context, Recording::Among(&sentence_fields()));
        sentence(&pdu, &context, &dissection, &Catalogue::english())
    };
    assert_eq!(cut(b"MSG bob@example.com Bob 88\r\nMIME-Version: ", 28), "Bob (bob@example.com) sends a message.");
    assert_eq!(cut(b"MSG Hotmail Hotmail 88\r\nMIME-Version: ", 24), "The service sends the client a message.");
}

#[test]
fn nothing_is_said_of_a_server_that_is_not_known() {
    let line = |bytes: &[u8], direction, server| {
        let pdu = Pdu::command(bytes, bytes.len(), direction);
        let context = Context { direction, server, ..Context::default() };
        let dissection = dissect(&pdu, &context, Recording::Among(&sentence_fields()));
        sentence(&pdu, &context, &dissection, &Catalogue::english())
    };
    use crate::msnp::Server::{Notification, Switchboard, Unknown};
    let accepted = |server| line(b"USR 1 OK alice@example.com Alice\r\n", ToClient, server);
    assert_eq!(accepted(Unknown), "The server accepts the client as Alice (alice@example.com).");
    assert_eq!(accepted(Notification), "The server accepts the client as Alice (alice@example.com): it is signed in.");
    assert_eq!(accepted(Switchboard), "The chat room lets Alice (alice@example.com) in.");
    assert_eq!(line(b"OUT\r\n", ToServer, Unknown), "The client leaves.");
    assert_eq!(line(b"OUT\r\n", ToServer, Notification), "The client signs out.");
    let status = line(b"NLN NLN bob@example.com Bob 0\r\n", ToClient, Notification);
    assert_eq!(status, "The status of Bob (bob@example.com): online.");
    let blanks = line(b"JOI bob@example.com %20%20%C2%A0\r\n", ToClient, Switchboard);
    assert_eq!(blanks, "bob@example.com enters the chat room.");
}

#[test]
fn who_offers_a_file_tells_later_where_to_fetch_it() {
    let message = |body: &str| {
        let body = format!("Content-Type: text/x-msmsgsinvite\r\n\r\n{body}\r\n");
        said(format!("MSG 4 N {}\r\n{body}", body.len()).as_bytes(), ToServer)
    };
    let offer = "Invitation-Command: INVITE\r\nApplication-File: cat.jpg\r\n";
    assert_eq!(message(offer), "The client offers the file “cat.jpg”.");
    assert_eq!(
        message(&format!("{offer}Application-FileSize: 8100\r\n")),
        "The client offers the file “cat.jpg” (8100 bytes)."
    );
    let accept = "Invitation-Command: ACCEPT\r\n";
    assert_eq!(message(&format!("{accept}Request-Data: IP-Address:\r\n")), "The client accepts the invitation.");
    let place = "IP-Address: 192.0.2.10\r\nPort: 6891\r\nAuthCookie: 93301\r\n";
    assert_eq!(message(&format!("{accept}{place}")), "The client tells where to fetch the file.");
}

#[test]
fn facts_about_a_device_are_no_count_of_devices() {
    let facts = "<EndpointData><Capabilities>2788999228:48</Capabilities></EndpointData>";
    let published = said(format!("UUX 9 {}\r\n{facts}", facts.len()).as_bytes(), ToServer);
    assert_eq!(published, "The client publishes facts about its device.");
}
