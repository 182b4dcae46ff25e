//! Messages that keep their fields in the body: nudges and the like, which program somebody uses, news about mail, words
//! from the service.
//!
//! Comes in: the name of a line of the body. Goes out: the field to record its value under, and what the value means. How
//! the lines are read is the business of [`super::mime`].
//!
//! Source: protocol reference, messages 2.3, 2.6, 4.2 and 4.3.

use crate::tree::{FieldId, Kind, TextId, fields, texts};

fields! {
    family 11;
    /// What a datacast is: 1 nudge, 2 wink, 3 voice clip, 4 action. From Messenger 7.0 on.
    DATACAST: Kind::Text => "msnp.datacast.id", "Datacast";
    /// What goes with a datacast: the MSN object of a wink or voice clip, or the text of an action.
    DATACAST_DATA: Kind::Text => "msnp.datacast.data", "Datacast data", Text;
    /// Name and version of the sender’s program; third-party clients send it when somebody enters the chat room.
    CAPS_CLIENT: Kind::Text => "msnp.caps.client", "Client name";
    /// Whether the sender’s program keeps a log of the chat: Y or N.
    CAPS_LOGGING: Kind::Text => "msnp.caps.logging", "Chat logging";
    /// Operating system of the sender’s computer.
    CAPS_SYSTEM: Kind::Text => "msnp.caps.system", "Operating system";
    /// Counts of mail, quota and waiting offline messages as an XML document, or “too-large” when the client must ask elsewhere. From MSNP11 on.
    MAIL_DATA: Kind::Text => "msnp.mail.data", "Mail data", Text;
    /// How many messages in the inbox are unread.
    MAIL_INBOX: Kind::Text => "msnp.mail.inbox_unread", "Unread in the inbox";
    /// How many messages in other folders are unread.
    MAIL_FOLDERS: Kind::Text => "msnp.mail.folders_unread", "Unread in other folders";
    /// Path of the inbox’s web page.
    MAIL_INBOX_URL: Kind::Text => "msnp.mail.inbox_url", "Inbox page";
    /// Path of the web page of the folders.
    MAIL_FOLDERS_URL: Kind::Text => "msnp.mail.folders_url", "Folders page";
    /// Web address to which the client sends the sign-in form that leads to the mail.
    MAIL_POST_URL: Kind::Text => "msnp.mail.post_url", "Sign-in address";
    /// Name of the person who sent the new mail, as a mail header writes it.
    MAIL_FROM: Kind::Text => "msnp.mail.from", "From", Name;
    /// E-mail address of the person who sent the new mail.
    MAIL_FROM_ADDRESS: Kind::Text => "msnp.mail.from_address", "From address", Account;
    /// Subject of the new mail, as a mail header writes it.
    MAIL_SUBJECT: Kind::Text => "msnp.mail.subject", "Subject", Text;
    /// Path of the new mail’s web page.
    MAIL_MESSAGE_URL: Kind::Text => "msnp.mail.message_url", "Message page";
    /// Folder in which mail has arrived; ACTIVE is the inbox.
    MAIL_TO_FOLDER: Kind::Text => "msnp.mail.to_folder", "To folder";
    /// Folder from which mail has gone.
    MAIL_FROM_FOLDER: Kind::Text => "msnp.mail.from_folder", "From folder";
    /// By how many the count of unread messages has fallen.
    MAIL_DELTA: Kind::Text => "msnp.mail.delta", "No longer unread";
    /// Number of the web site for the mail’s ticket.
    MAIL_SITE: Kind::Text => "msnp.mail.site", "Site ID";
    /// What the service wants to say: 1 means that it goes down for maintenance.
    SYSTEM_TYPE: Kind::Text => "msnp.system.type", "System message";
    /// Minutes until the service goes down.
    SYSTEM_MINUTES: Kind::Text => "msnp.system.minutes", "Minutes";
}

texts! {
    DATACAST_1 = "datacast.1", "nudge";
    DATACAST_2 = "datacast.2", "wink";
    DATACAST_3 = "datacast.3", "voice clip";
    DATACAST_4 = "datacast.4", "action";
    SYSTEM_1 = "system.1", "the service goes down for maintenance";
}

/// The field of a line, by the kind of message and the line’s name, without regard to case.
#[must_use]
pub fn field_of(kind: &[u8], name: &[u8]) -> Option<FieldId> {
    let known: &[(&str, FieldId)] = match kind {
        b"text/x-msnmsgr-datacast" => &[("ID", DATACAST), ("Data", DATACAST_DATA)],
        b"text/x-clientcaps" | b"text/x-clientinfo" => {
            &[("Client-Name", CAPS_CLIENT), ("Chat-Logging", CAPS_LOGGING), ("Operating-System", CAPS_SYSTEM)]
        }
        b"application/x-msmsgssystemmessage" => &[("Type", SYSTEM_TYPE), ("Arg1", SYSTEM_MINUTES)],
        b"text/x-msmsgsinitialemailnotification"
        | b"text/x-msmsgsinitialmdatanotification"
        | b"text/x-msmsgsoimnotification"
        | b"text/x-msmsgsemailnotification"
        | b"text/x-msmsgsactivemailnotification" => &[
            ("Mail-Data", MAIL_DATA),
            ("Inbox-Unread", MAIL_INBOX),
            ("Folders-Unread", MAIL_FOLDERS),
            ("Inbox-URL", MAIL_INBOX_URL),
            ("Folders-URL", MAIL_FOLDERS_URL),
            ("Post-URL", MAIL_POST_URL),
            ("From", MAIL_FROM),
            ("From-Addr", MAIL_FROM_ADDRESS),
            ("Subject", MAIL_SUBJECT),
            ("Message-URL", MAIL_MESSAGE_URL),
            ("Dest-Folder", MAIL_TO_FOLDER),
            ("Src-Folder", MAIL_FROM_FOLDER),
            ("Message-Delta", MAIL_DELTA),
            ("id", MAIL_SITE),
        ],
        _ => &[],
    };
    known.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes())).map(|(_, field)| *field)
}

/// What the value of a line means, where that is more than what it says.
#[must_use]
pub fn meaning(field: FieldId, value: &[u8]) -> Option<TextId> {
    let meanings: &[(FieldId, &[u8], TextId)] = &[
        (DATACAST, b"1", DATACAST_1),
        (DATACAST, b"2", DATACAST_2),
        (DATACAST, b"3", DATACAST_3),
        (DATACAST, b"4", DATACAST_4),
        (SYSTEM_TYPE, b"1", SYSTEM_1),
    ];
    let value = value.trim_ascii();
    meanings.iter().find(|(of, word, _)| *of == field && *word == value).map(|(_, _, meaning)| *meaning)
}
