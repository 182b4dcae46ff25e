//! Every kind of message that `chats` tells, with the words and objects that go with it.

use crate::rehearsal::{tale_of, transcript};
use msnp_dissector::model::MissingKind;
use msnp_dissector::report::Reporter;
use msnp_dissector::tree::Catalogue;
use serde_json::json;

/// Each kind of the contract in `chats`, with the words that go with it.
#[test]
fn every_kind_of_message_is_told() {
    let control =
        |line: &str| format!("MIME-Version: 1.0\\r\\nContent-Type: text/x-msmsgscontrol\\r\\n{line}\\r\\n\\r\\n");
    let datacast = |body: &str| {
        format!("MIME-Version: 1.0\\r\\nContent-Type: text/x-msnmsgr-datacast\\r\\n\\r\\n{body}\\r\\n\\r\\n")
    };
    let typed = |kind: &str, body: &str| format!("MIME-Version: 1.0\\r\\nContent-Type: {kind}\\r\\n\\r\\n{body}");
    let object =
        "<msnobj Creator=\"bob@example.com\" Size=\"9\" Type=\"8\" Location=\"0\" Friendly=\"AAA=\" SHA1D=\"x\"/>";
    let invitation = "Application-Name: File Transfer\\r\\nInvitation-Command: INVITE\\r\\nInvitation-Cookie: 7\\r\\nApplication-File: notes.txt\\r\\nApplication-FileSize: 90\\r\\n\\r\\n";
    let said = [
        typed("text/plain; charset=UTF-8", "hello"),
        control("TypingUser: bob@example.com"),
        control("RecordingUser: bob@example.com"),
        datacast("ID: 1"),
        datacast(&format!("ID: 2\\r\\nData: {object}")),
        datacast(&format!("ID: 3\\r\\nData: {object}")),
        datacast("ID: 4\\r\\nData: waves"),
        typed("text/x-mms-emoticon", &format!(":)\t{object}\t")),
        typed("image/gif", "base64:R0lGODlhAQABAAAAACw="),
        typed("text/x-msmsgsinvite; charset=UTF-8", invitation),
    ];
    let lines = said.iter().map(|payload| format!("SB: S MSG bob@example.com Bob {{len}} | {payload}"));
    let service = format!(
        "NS: S MSG Hotmail Hotmail {{len}} | {}
         NS: S MSG Hotmail Hotmail {{len}} | {}",
        typed(
            "text/x-msmsgsoimnotification",
            "Mail-Data: <MD><M><T>11</T><RT>2005-12-15</RT><E>carol@example.org</E><N>Carol</N></M></MD>\\r\\n"
        ),
        typed("application/x-msmsgssystemmessage", "Type: 1\\r\\nArg1: 5\\r\\n"),
    );
    let dialogue = format!(
        "SB: C ANS 1 alice@example.com 1.2 5\nSB: S IRO 1 1 1 bob@example.com Bob\nSB: S ANS 1 OK\n{}\nNS: S MSG Hotmail Hotmail 0\n{service}",
        lines.collect::<Vec<_>>().join("\n")
    );
    let tale = tale_of(&transcript(&json!({}), &dialogue));
    let reporter = Reporter::default();
    let told = reporter.chats(&tale).map(|one| {
        let objects = if one.objects.is_empty() { "" } else { ", an object" };
        format!("{} {}{objects}", one.kind, one.text.as_deref().unwrap_or("–"))
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            "text hello",
            "typing –",
            "typing is recording a voice clip",
            "nudge –",
            "wink –, an object",
            "voice-clip –, an object",
            "action waves",
            "emoticon :), an object",
            "ink –",
            "system offers the file “notes.txt” (90 bytes)",
            "offline left a message while this account was offline (received 2005-12-15); its text does not come over this connection",
            "system The service goes down for maintenance in 5 minutes",
        ]
    );
}

/// What no documentation describes is no message of the chat, and the ledger says that it is there.
#[test]
fn messages_of_unknown_kinds_are_missed() {
    let typed = |kind: &str, body: &str| {
        format!(
            "SB: S MSG bob@example.com Bob {{len}} | MIME-Version: 1.0\\r\\nContent-Type: {kind}\\r\\n\\r\\n{body}\\r\\n\\r\\n"
        )
    };
    let dialogue = [
        "SB: C ANS 1 alice@example.com 1.2 5\nSB: S IRO 1 1 1 bob@example.com Bob\nSB: S ANS 1 OK".to_owned(),
        typed("text/plain; charset=\"utf-8\"", "hello"),
        typed("text/x-strange", "what"),
        typed("text/x-msnmsgr-datacast", "ID: 9"),
    ];
    let tale = tale_of(&transcript(&json!({}), &dialogue.join("\n")));
    let catalogue = Catalogue::english();
    let missing = tale.missing.iter().filter(|missing| missing.kind == MissingKind::Opaque);
    let missing = missing.map(|one| (catalogue.render(&one.text), one.conversation)).collect::<Vec<_>>();
    let [(text, conversation)] = missing.as_slice() else { panic!("{missing:?}") };
    assert!(text.starts_with("Messages of kinds that no documentation describes: 2;"), "{text}");
    assert_eq!(*conversation, Some(tale.conversations[0].number));
    assert_eq!(tale.conversations[0].messages.len(), 1);
}

/// A name that is said only later says so.
#[test]
fn a_name_from_later_is_inferred() {
    let datagram = |headers: &str, body: &str| {
        format!(
            "Routing: 1.0\\r\\nTo: 1:alice@example.com\\r\\nFrom: 1:bob@example.com\\r\\n\\r\\nReliability: 1.0\\r\\nStream: 0\\r\\n\\r\\n{headers}\\r\\n\\r\\n{body}"
        )
    };
    let text = datagram(
        "Messaging: 2.0\\r\\nMessage-Type: Text\\r\\nContent-Type: text/plain; charset=UTF-8\\r\\nContent-Length: 5",
        "hello",
    );
    let user = "<user><s n=\"PE\"><FriendlyName>Bob B</FriendlyName></s></user>";
    let named = datagram(
        &format!(
            "Notification: 1.0\\r\\nNotifNum: 1\\r\\nUri: /user\\r\\nNotifType: Full\\r\\nContent-Type: application/user+xml\\r\\nContent-Length: {}",
            user.len()
        ),
        user,
    );
    let dialogue = format!(
        "NS: C VER 1 MSNP21 CVR0\nNS: S VER 1 MSNP21\nNS: C USR 2 SSO I alice@example.com\nNS: S USR 2 OK alice@example.com 1 0
         NS: S SDG 0 {{len}} | {text}\nNS: S NFY PUT {{len}} | {named}\nNS: S SDG 0 {{len}} | {text}"
    );
    let tale = tale_of(&transcript(&json!({}), &dialogue));
    let told = tale.conversations.iter().flat_map(|one| &one.messages);
    let told = told.map(|message| (message.nick.as_deref(), message.inferred)).collect::<Vec<_>>();
    assert_eq!(told, [(Some("Bob B"), true), (Some("Bob B"), false)]);
}
