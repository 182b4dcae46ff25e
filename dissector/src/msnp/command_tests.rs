use super::*;
use crate::tree::value_text;

fn ids(pdu: &Pdu<'_>, direction: Direction) -> Vec<&'static str> {
    let context = Context { direction, ..Context::default() };
    dissect(pdu, &context, Recording::Everything).tree.experts.iter().map(|expert| expert.id.decl().id).collect()
}

#[test]
fn a_payload_that_is_cut_is_called_cut_and_not_malformed() {
    let cuts = [
        "MSG bob@example.com Bob 288\r\nMIME-Version: 1.0\r\nContent-Ty",
        "MSG bob@example.com Bob 288\r\nMIME-Version: 1.0\r\n",
        "SDG 0 288\r\nRouting: 1.0\r\nTo: 1:alice@example.com\r\nFro",
        "SDG 0 288\r\nRouting: 1.0\r\n\r\nMessaging: 2.0\r\nContent-Length: 200\r\n\r\nHel",
    ];
    for bytes in cuts {
        let line = bytes.find('\n').unwrap() + 1;
        let whole = Pdu::command(bytes.as_bytes(), line, Direction::ToClient);
        let cut = Pdu { announced: 288, ..whole };
        assert_eq!(ids(&cut, Direction::ToClient), ["msnp.expert.payload-cut"], "{bytes}");
        let whole = Pdu { announced: bytes.len() - line, ..whole };
        assert!(!ids(&whole, Direction::ToClient).is_empty(), "{bytes}");
    }
    let bad = b"MSG bob@example.com Bob 288\r\nno header here\r\nMIME-Version: 1.0\r\nConten";
    let cut = Pdu { announced: 288, ..Pdu::command(bad, 29, Direction::ToClient) };
    assert_eq!(ids(&cut, Direction::ToClient), ["msnp.expert.payload-cut", "msnp.expert.not-a-header"]);
}

#[test]
fn a_missing_argument_is_told_once() {
    let line = b"CHL 0 \r\n";
    let pdu = Pdu::command(line, line.len(), Direction::ToClient);
    assert_eq!(ids(&pdu, Direction::ToClient), ["msnp.expert.missing-argument"]);
}

#[test]
fn a_datagram_to_people_names_its_sender_as_messages_do() {
    let block = "Routing: 1.0\r\nTo: 1:alice@example.com\r\nFrom: 1:bob@example.com;epid={b0b0}\r\n\r\n";
    let accounts = |verb: &str| {
        let bytes = format!("{verb} {}\r\n{block}", block.len());
        let line = bytes.find('\n').unwrap() + 1;
        let pdu = Pdu::command(bytes.as_bytes(), line, Direction::ToClient);
        let context = Context { direction: Direction::ToClient, ..Context::default() };
        let items = dissect(&pdu, &context, Recording::Everything).tree.items;
        let told =
            items.iter().filter(|item| item.generated && [super::super::field::SENDER, ACCOUNT].contains(&item.field));
        told.map(|item| value_text(item).into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(accounts("SDG 0"), ["bob@example.com", "bob@example.com"]);
    assert_eq!(accounts("NFY PUT"), [""; 0]);
}

#[test]
fn what_is_no_number_stays_readable_under_its_name() {
    let told = |body: &str| {
        let payload = format!("Content-Type: text/x-msmsgsinitialemailnotification\r\n\r\n{body}");
        let bytes = format!("MSG Hotmail Hotmail {}\r\n{payload}", payload.len());
        let line = bytes.find('\n').unwrap() + 1;
        let pdu = Pdu::command(bytes.as_bytes(), line, Direction::ToClient);
        let context = Context { direction: Direction::ToClient, ..Context::default() };
        let tree = dissect(&pdu, &context, Recording::Everything).tree;
        let last = tree.items.last().map(|item| format!("{} {}", item.field.name(), value_text(item)));
        (last.unwrap_or_default(), tree.experts.iter().map(|expert| expert.id.decl().id).collect::<Vec<_>>())
    };
    let (number, expert) = ("msnp.mail.inbox_unread", "msnp.expert.header-number");
    assert_eq!(told("Inbox-Unread: 2\r\n"), (format!("{number} 2"), vec![]));
    assert_eq!(told("Inbox-Unread: 007 \r\n"), (format!("{number} 7"), vec![]));
    let kind = "msnp.mime.content_type text/x-msmsgsinitialemailnotification";
    assert_eq!(told("Inbox-Unread: \r\n"), (kind.to_owned(), vec![]));
    for other in ["-1", "many", "4294967296", "2 of 3"] {
        let line = format!("msnp.mime.body_field Inbox-Unread: {other}");
        assert_eq!(told(&format!("Inbox-Unread: {other}\r\n")), (line, vec![expert]), "{other}");
    }
}
