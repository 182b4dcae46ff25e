//! Messages that keep their fields in the body: nudges and the like, which program somebody uses, news about mail, words
//! from the service.
//!
//! Comes in: the body. Goes out: its lines, each value under its field, and what they say together.
//!
//! Source: protocol reference, messages 2.3, 2.6, 4.2 and 4.3.

use super::header::{Form, Headers, Known, lines};
use super::mime::{self, BODY_FIELD};
use super::msn_object::msn_object;
use super::xml;
use crate::msnp::coding::Coding;
use crate::msnp::field::UNDECODED;
use crate::msnp::token::{Coded, Word};
use crate::msnp::{Content, OfflineMessage, charset};
use crate::tree::{Base, FieldId, Kind, Names, Scribe, TextId, fields, lossy, texts};

fields! {
    family 11;
    /// What a datacast is: 1 nudge, 2 wink, 3 voice clip, 4 action. The sender’s client sends it, from Messenger 7.0
    /// on.
    DATACAST: Kind::Uint32(Base::Dec) => "msnp.datacast.id", "Datacast" in DATACAST_NAMES;
    /// What goes with a datacast: the MSN object of a wink or voice clip, or the text of an action. The sender’s client
    /// sends it, from Messenger 7.0 on.
    DATACAST_DATA: Kind::Text => "msnp.datacast.data", "Datacast data", Text;
    /// Name and version of the sender’s program; third-party clients send it when somebody enters the chat room.
    CAPS_CLIENT: Kind::Text => "msnp.caps.client", "Client name";
    /// Whether the sender’s program keeps a log of the chat on its disk: Y or N; third-party clients tell it.
    CAPS_LOGGING: Kind::Text => "msnp.caps.logging", "Chat logging";
    /// Operating system of the sender’s computer, as a free text; third-party clients tell it when somebody enters the room.
    CAPS_SYSTEM: Kind::Text => "msnp.caps.system", "Operating system";
    /// Counts of mail, quota and waiting offline messages as an XML document, or “too-large” when there are more than about 25 and the client must ask a web service. The server sends it after sign-in, from MSNP11 on.
    MAIL_DATA: Kind::Text => "msnp.mail.data", "Mail data", Text;
    /// How many messages in the inbox nobody has opened yet, in decimal; the server sends it after sign-in.
    MAIL_INBOX: Kind::Uint32(Base::Dec) => "msnp.mail.inbox_unread", "Unread in the inbox";
    /// How many messages in folders other than the inbox nobody has opened yet, in decimal; the server sends it after
    /// sign-in.
    MAIL_FOLDERS: Kind::Uint32(Base::Dec) => "msnp.mail.folders_unread", "Unread in other folders";
    /// Path of the inbox’s web page at the mail service, without a host; the client opens it when the mail icon is clicked.
    MAIL_INBOX_URL: Kind::Text => "msnp.mail.inbox_url", "Inbox page";
    /// Path of the web page that lists the mail folders, at the mail service and without a host. The server sends it
    /// after sign-in.
    MAIL_FOLDERS_URL: Kind::Text => "msnp.mail.folders_url", "Folders page";
    /// Web address to which the client sends the sign-in form that leads to the mail pages whose paths stand beside it.
    MAIL_POST_URL: Kind::Text => "msnp.mail.post_url", "Sign-in address";
    /// Name of the person who sent the new mail, as a mail header writes it (encoded words of RFC 2047); shown decoded.
    /// The server sends it.
    MAIL_FROM: Kind::Text => "msnp.mail.from", "From", Name;
    /// E-mail address of the person who sent the mail that has just arrived; the server tells it in a notification.
    MAIL_FROM_ADDRESS: Kind::Text => "msnp.mail.from_address", "From address", Account;
    /// Subject of the new mail, as a mail header writes it (encoded words of RFC 2047); shown decoded. The server sends
    /// it.
    MAIL_SUBJECT: Kind::Text => "msnp.mail.subject", "Subject", Text;
    /// Path of the new mail’s web page at the mail service, without a host; the client opens it from the notification.
    MAIL_MESSAGE_URL: Kind::Text => "msnp.mail.message_url", "Message page";
    /// Folder in which mail has arrived, or to which it was moved; ACTIVE is the inbox, .!!trAsH the deleted mail. The
    /// server sends it.
    MAIL_TO_FOLDER: Kind::Text => "msnp.mail.to_folder", "To folder";
    /// Folder that mail was moved out of or deleted from; .!!OIM holds the offline messages. The server sends it.
    MAIL_FROM_FOLDER: Kind::Text => "msnp.mail.from_folder", "From folder";
    /// By how many messages the count of unread ones has fallen, in decimal, because they were read, moved or deleted.
    /// The server sends it.
    MAIL_DELTA: Kind::Uint32(Base::Dec) => "msnp.mail.delta", "No longer unread";
    /// Number of the web site for the ticket that opens the mail’s page, in decimal, such as 2. The server sends it.
    MAIL_SITE: Kind::Uint32(Base::Dec) => "msnp.mail.site", "Site ID";
    /// What the server wants to say to its clients, a number: 1 means that it goes down for maintenance. No other value
    /// is documented.
    SYSTEM_TYPE: Kind::Uint32(Base::Dec) => "msnp.system.type", "System message" in SYSTEM_NAMES;
    /// In how many minutes the service goes down for maintenance, in decimal. The server sends it.
    SYSTEM_MINUTES: Kind::Uint32(Base::Dec) => "msnp.system.minutes", "Minutes";
}

texts! {
    DATACAST_1 = "datacast.1", "nudge";
    DATACAST_2 = "datacast.2", "wink";
    DATACAST_3 = "datacast.3", "voice clip";
    DATACAST_4 = "datacast.4", "action";
    LOGS = "caps.logging.Y", "keeps a log";
    LOGS_NOT = "caps.logging.N", "keeps no log";
    SYSTEM_1 = "system.1", "the service goes down for maintenance";
    FOLDER_INBOX = "mail.folder.inbox", "the inbox";
    FOLDER_OFFLINE = "mail.folder.offline", "offline messages";
    FOLDER_TRASH = "mail.folder.trash", "deleted mail";
    MAIL_TOO_LARGE = "mail.too-large", "more offline messages than fit; the client asks the web service for the list";
}

static DATACASTS: &[Known] = &[Known("ID", DATACAST, Form::Number), Known("Data", DATACAST_DATA, Form::Word)];

static OBJECTS: &[Known] = &[Known("ID", DATACAST, Form::Number), Known("Data", DATACAST_DATA, Form::Read(object))];

static CAPS: &[Known] = &[
    Known("Client-Name", CAPS_CLIENT, Form::Word),
    Known("Chat-Logging", CAPS_LOGGING, Form::Coded(logging)),
    Known("Operating-System", CAPS_SYSTEM, Form::Word),
];

static MAIL: &[Known] = &[
    Known("Mail-Data", MAIL_DATA, Form::Mailbox),
    Known("Inbox-Unread", MAIL_INBOX, Form::Number),
    Known("Folders-Unread", MAIL_FOLDERS, Form::Number),
    Known("Inbox-URL", MAIL_INBOX_URL, Form::Word),
    Known("Folders-URL", MAIL_FOLDERS_URL, Form::Word),
    Known("Post-URL", MAIL_POST_URL, Form::Word),
    Known("From", MAIL_FROM, Form::Encoded),
    Known("From-Addr", MAIL_FROM_ADDRESS, Form::Account),
    Known("Subject", MAIL_SUBJECT, Form::Encoded),
    Known("Message-URL", MAIL_MESSAGE_URL, Form::Word),
    Known("Dest-Folder", MAIL_TO_FOLDER, Form::Coded(folder)),
    Known("Src-Folder", MAIL_FROM_FOLDER, Form::Coded(folder)),
    Known("Message-Delta", MAIL_DELTA, Form::Number),
    Known("id", MAIL_SITE, Form::Number),
];

static SYSTEM: &[Known] = &[Known("Type", SYSTEM_TYPE, Form::Number), Known("Arg1", SYSTEM_MINUTES, Form::Number)];

/// `datacast = "ID:" SP number CRLF [ "Data:" SP value CRLF ] CRLF`; the value of a wink or voice clip is an MSN object.
pub fn datacast(s: &mut Scribe<'_, '_>, found: &Headers<'_>) -> Content {
    let is_object = memchr::memmem::find(s.rest(), b"<msnobj").is_some();
    let said = lines(s, if is_object { OBJECTS } else { DATACASTS }, BODY_FIELD);
    let data = said.value(DATACAST_DATA).unwrap_or_default();
    match said.value(DATACAST) {
        Some(b"1") => Content::Nudge,
        Some(b"2") => Content::Wink { object: lossy(data) },
        Some(b"3") => Content::VoiceClip { object: lossy(data) },
        Some(b"4") => Content::Action { text: charset::decode(data, mime::charset(found)).text },
        _ => Content::Unknown,
    }
}

fn object(s: &mut Scribe<'_, '_>, field: FieldId, length: usize) {
    let wire = s.rest().get(..length).unwrap_or_default();
    s.group_with(field, &Word(wire), |s| msn_object(s, length, Coding::of_element(wire)));
}

/// Which program the sender uses.
pub fn caps(s: &mut Scribe<'_, '_>) -> Content {
    let said = lines(s, CAPS, BODY_FIELD);
    said.text(CAPS_CLIENT).map_or(Content::Nothing, |client| Content::ClientCaps { client })
}

/// News about mail and offline messages. Blank lines begin a further group of lines.
pub fn mail(s: &mut Scribe<'_, '_>) -> Content {
    Content::Mail(lines(s, MAIL, BODY_FIELD).waiting)
}

/// `mail-data = document / "too-large"`: what waits, according to it.
pub fn mail_data(s: &mut Scribe<'_, '_>, field: FieldId, length: usize) -> Vec<OfflineMessage> {
    let wire = s.rest().get(..length).unwrap_or_default();
    if wire.trim_ascii_start().starts_with(b"<") {
        return s.group_with(field, &Word(wire), |s| s.limit(length, UNDECODED, xml::mailbox));
    }
    let too_large = wire.trim_ascii() == b"too-large";
    s.take(field, length, Coded(wire, too_large.then_some(MAIL_TOO_LARGE)));
    Vec::new()
}

/// A word from the service.
pub fn system(s: &mut Scribe<'_, '_>) -> Content {
    let said = lines(s, SYSTEM, BODY_FIELD);
    let text = |field| said.text(field).unwrap_or_default();
    Content::System { kind: text(SYSTEM_TYPE), argument: text(SYSTEM_MINUTES) }
}

/// What a datacast is.
static DATACAST_NAMES: Names = Names::new(&[(1, DATACAST_1), (2, DATACAST_2), (3, DATACAST_3), (4, DATACAST_4)]);

/// What the service has to say.
static SYSTEM_NAMES: Names = Names::new(&[(1, SYSTEM_1)]);

fn logging(flag: &[u8]) -> Option<TextId> {
    match flag {
        b"Y" => Some(LOGS),
        b"N" => Some(LOGS_NOT),
        _ => None,
    }
}

fn folder(name: &[u8]) -> Option<TextId> {
    match name {
        b"ACTIVE" => Some(FOLDER_INBOX),
        b".!!OIM" => Some(FOLDER_OFFLINE),
        b".!!trAsH" => Some(FOLDER_TRASH),
        _ => None,
    }
}
