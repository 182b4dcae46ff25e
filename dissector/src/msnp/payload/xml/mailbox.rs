//! The state of somebody's mailbox and the messages that wait there since they were offline: the document in the mail
//! notifications of the service.
//!
//! Source: protocol reference, messages 4.2.

use super::schema::{Node, characters, group, leaf, number};
use super::walk;
use crate::msnp::OfflineMessage;
use crate::msnp::charset::{self, encoded_words};
use crate::msnp::commands::login::{ANSWERS, yes_or_no};
use crate::msnp::token::CodedNumber;
use crate::tree::{Base, FieldId, Kind, Scribe, fields, names, texts};

fields! {
    family 26;
    /// State of the mailbox, and one entry for each message that waits there because its receiver was offline; the service sends it after sign-in and when such a message arrives, from MSNP11 on.
    MAILBOX: Kind::Group => "msnp.mailbox", "Mailbox";
    /// How much mail there is, in the inbox and in other folders; the service sends zeros to an account without one.
    /// From MSNP11 on.
    COUNTS: Kind::Group => "msnp.mailbox.counts", "Counts";
    /// How many messages the inbox holds, read and unread ones together; the server counts them. From MSNP11 on.
    INBOX: Kind::Uint32(Base::Dec) => "msnp.mailbox.inbox", "In the inbox";
    /// How many messages in the inbox nobody has opened yet; the client shows the figure beside its mail icon. From
    /// MSNP11 on.
    INBOX_UNREAD: Kind::Uint32(Base::Dec) => "msnp.mailbox.inbox_unread", "Unread in the inbox";
    /// How many messages there are in folders that the owner or the service made beside the inbox, read and unread ones
    /// together. From MSNP11 on.
    OTHERS: Kind::Uint32(Base::Dec) => "msnp.mailbox.others", "In other folders";
    /// How many messages nobody has opened yet in folders that the owner or the service made beside the inbox. The
    /// server sends it from MSNP11 on.
    OTHERS_UNREAD: Kind::Uint32(Base::Dec) => "msnp.mailbox.others_unread", "Unread in other folders";
    /// How much room the mailbox has, as two figures of the service; which stands for what is not documented. The
    /// server sends it from MSNP11 on.
    QUOTA: Kind::Group => "msnp.mailbox.quota", "Quota";
    /// First figure of the quota that the server sends from MSNP11 on, 409600 in every example; its unit is not
    /// documented.
    QUOTA_TOTAL: Kind::Uint32(Base::Dec) => "msnp.mailbox.quota.qtm", "Quota figure QTM";
    /// Second figure of the quota that the server sends from MSNP11 on, 204800 in every example; its unit is not
    /// documented.
    QUOTA_NORMAL: Kind::Uint32(Base::Dec) => "msnp.mailbox.quota.qnm", "Quota figure QNM";
    /// One message that waits since its receiver was offline. Its text is not here: the client fetches it from a web service (SOAP), from MSNP11 on.
    WAITING: Kind::Group => "msnp.offline", "Waiting offline message";
    /// What kind of entry this is: 11 is an offline message, and no other value is documented. The server sends it from
    /// MSNP11 on.
    WAITING_KIND: Kind::Uint32(Base::Dec) => "msnp.offline.kind", "Kind of entry" in WAITING_KINDS;
    /// A number from the server, MSNP11 or later, whose meaning is not documented, 6 in every example.
    WAITING_STATE: Kind::Uint32(Base::Dec) => "msnp.offline.state", "State (S)";
    /// When the service received the message: date and time in UTC, to the millisecond. From MSNP11 on.
    RECEIVED: Kind::Text => "msnp.offline.received", "Received";
    /// Whether the receiver has fetched the message already: 1 yes, 0 no. The server sends it from MSNP11 on.
    READ: Kind::Uint32(Base::Dec) => "msnp.offline.read", "Already read" in ANSWERS;
    /// Length of the message as the service keeps it, with its headers, in bytes. The server sends it from MSNP11 on.
    SIZE: Kind::Uint32(Base::Dec) => "msnp.offline.size", "Stored size";
    /// Account of whoever wrote the message, as the server tells it from MSNP11 on; the message itself is addressed to
    /// the account that is signed in.
    SENDER: Kind::Text => "msnp.offline.sender", "Written by", Account;
    /// Identifies the message at the web service, where the client asks for its text by it and deletes it: a GUID. From
    /// MSNP11 on.
    MESSAGE_ID: Kind::Text => "msnp.offline.id", "Offline message ID", Personal;
    /// Folder in which the message waits: a GUID, always the one that ends in 9. The server sends it from MSNP11 on.
    FOLDER: Kind::Text => "msnp.offline.folder", "Folder of the message";
    /// Display name of whoever wrote the message, as a mail header writes it (an encoded word of RFC 2047); shown
    /// decoded. From MSNP11 on.
    SENDER_NICK: Kind::Text => "msnp.offline.nick", "Display name of the writer", Name;
    /// What a mail would have as its subject; offline messages have none, and the server sends a blank here, from
    /// MSNP11 on.
    SUBJECT: Kind::Text => "msnp.offline.subject", "Subject line", Text;
}

texts! {
    OFFLINE_MESSAGE = "offline.kind.11", "offline message";
}

/// `mailbox = "<MD>" [ counts ] [ quota ] *message "</MD>"`: all that is left before the limit. Returns what waits.
pub fn mailbox(s: &mut Scribe<'_, '_>) -> Vec<OfflineMessage> {
    let mut waiting = Vec::new();
    walk::document(s, ROOTS, &mut waiting);
    waiting
}

type Waiting = Vec<OfflineMessage>;

static ROOTS: &[Node<Waiting>] = &[group("MD", MAILBOX).children(&[
    group("E", COUNTS).children(&[
        leaf("I", INBOX).shown(count),
        leaf("IU", INBOX_UNREAD).shown(count),
        leaf("O", OTHERS).shown(count),
        leaf("OU", OTHERS_UNREAD).shown(count),
    ]),
    group("Q", QUOTA).children(&[leaf("QTM", QUOTA_TOTAL).shown(count), leaf("QNM", QUOTA_NORMAL).shown(count)]),
    group("M", WAITING)
        .opened(|waiting: &mut Waiting| waiting.push(OfflineMessage::default()))
        .closed(|waiting: &mut Waiting, _, span| last(waiting, |message| message.span = span))
        .children(MESSAGE),
])];

names! {
    /// What waits.
    WAITING_KINDS, waiting_kind;
    11 => OFFLINE_MESSAGE,
}

static MESSAGE: &[Node<Waiting>] = &[
    leaf("T", WAITING_KIND).shown(|s, field, wire| {
        number(s, field, wire, |kind| CodedNumber(kind, waiting_kind(kind)));
    }),
    leaf("S", WAITING_STATE).shown(count),
    leaf("RT", RECEIVED).told(|waiting, text| last(waiting, |message| text.clone_into(&mut message.received))),
    leaf("RS", READ).shown(|s, field, wire| number(s, field, wire, |flag| CodedNumber(flag, yes_or_no(flag)))),
    leaf("SZ", SIZE).shown(count),
    leaf("E", SENDER).told(|waiting, text| last(waiting, |message| text.clone_into(&mut message.account))),
    leaf("I", MESSAGE_ID).told(|waiting, text| last(waiting, |message| text.clone_into(&mut message.id))),
    leaf("F", FOLDER),
    leaf("N", SENDER_NICK).shown(header_text).told(|waiting, text| {
        let nick = encoded_words(text.as_bytes()).unwrap_or_else(|| text.to_owned());
        last(waiting, |message| message.nick = nick);
    }),
    leaf("SU", SUBJECT).shown(header_text),
];

/// Tells the message that is being read.
fn last(waiting: &mut Waiting, tell: impl FnOnce(&mut OfflineMessage)) {
    if let Some(message) = waiting.last_mut() {
        tell(message);
    }
}

fn count(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    number(s, field, wire, |number| number);
}

/// Text in which encoded words may stand.
fn header_text(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    match encoded_words(wire) {
        Some(text) => drop(s.take(field, wire.len(), charset::decode(text.as_bytes(), Some(b"utf-8")))),
        None => characters(s, field, wire),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Recording;
    use crate::tree::Span;

    /// Without where they stand.
    fn read(document: &str) -> Vec<OfflineMessage> {
        let all = mailbox(&mut Scribe::new(document.as_bytes(), Recording::Nothing)).into_iter();
        all.map(|message| OfflineMessage { span: Span::default(), ..message }).collect()
    }

    #[test]
    fn each_message_that_waits_is_told() {
        let one = "<M><T>11</T><RT>2005-12-15T17:12:04.000Z</RT><E>bob@example.com</E><I>58A7</I><N>=?utf-8?B?Qm9i?=</N><SU> </SU></M>";
        let two = "<M><T>11</T><E>carol@example.com</E><N>Carol &amp; =?utf-8?Q?=C3=A9?=</N></M>";
        let bob = OfflineMessage {
            account: "bob@example.com".to_owned(),
            nick: "Bob".to_owned(),
            received: "2005-12-15T17:12:04.000Z".to_owned(),
            id: "58A7".to_owned(),
            span: Span::default(),
        };
        let carol = OfflineMessage {
            account: "carol@example.com".to_owned(),
            nick: "Carol & é".to_owned(),
            ..OfflineMessage::default()
        };
        let counts = "<E><I>884</I><IU>0</IU></E>";
        assert_eq!(read(&format!("<MD>{counts}{one}{two}</MD>")), [bob.clone(), carol]);
        assert_eq!(read(&format!("<MD>{one}")), [bob]);
        assert_eq!(read(&format!("<MD>{counts}</MD>")), []);
    }
}
