//! What can be said, and one saying as one connection carried it.

use crate::model::evidence::Evidence;
use crate::msnp::{ChatText, Content, Emoticon, Invitation, OfflineMessage};
use crate::tree::{Text, texts};

texts! {
    INVITES = "saying.invites", "invites to “{0}”";
    OFFERS_FILE = "saying.offers-file", "offers the file “{0}”";
    OFFERS_FILE_OF = "saying.offers-file-of", "offers the file “{0}” ({1} bytes)";
    ACCEPTS = "saying.accepts", "accepts the invitation";
    CANCELS = "saying.cancels", "takes back or declines the invitation";
    ANSWERS = "saying.answers", "answers the invitation with “{0}”";
    MAINTENANCE = "saying.maintenance", "The service goes down for maintenance in {0} minutes";
    ANNOUNCES = "saying.announces", "The service announces something of kind {0} (“{1}”)";
    RECORDS = "saying.records", "is recording a voice clip";
    WAITS = "saying.waits", "left a message while this account was offline (received {0}); its text does not come over this connection";
}

/// What somebody says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saying {
    /// A text.
    Text(ChatText),
    /// A text that was stored for somebody who was offline.
    Offline(ChatText),
    /// Is typing.
    Typing,
    /// Is recording a voice clip.
    Recording,
    /// A text between the messenger and a telephone.
    Phone(String),
    /// A nudge.
    Nudge,
    /// A wink; the object, an `<msnobj>` element.
    Wink(String),
    /// A voice clip; the object, an `<msnobj>` element.
    VoiceClip(String),
    /// A line that the client prints as an action.
    Action(String),
    /// Custom emoticons that the next text uses.
    Emoticons(Vec<Emoticon>),
    /// Handwriting.
    Ink {
        /// Bytes of the drawing; `None` while parts are missing.
        length: Option<u32>,
    },
    /// An invitation of the old kind, or the answer to one.
    Invitation(Invitation),
    /// The service announces something.
    System {
        /// The kind, as it says.
        kind: String,
        /// The first argument, such as minutes.
        argument: String,
    },
    /// An offline message waits at the server; its text does not come over this connection.
    Waiting(OfflineMessage),
}

impl Saying {
    /// What a payload says; `None` for what nobody says to anybody.
    pub(super) fn of(content: &Content) -> Option<Self> {
        Some(match content {
            Content::Text(text) if text.sent.is_some() => Self::Offline(text.clone()),
            Content::Text(text) => Self::Text(text.clone()),
            Content::Typing { .. } => Self::Typing,
            Content::Recording { .. } => Self::Recording,
            Content::PhoneText { text, .. } | Content::Page { text } => Self::Phone(text.clone()),
            Content::Nudge => Self::Nudge,
            Content::Wink { object } => Self::Wink(object.clone()),
            Content::VoiceClip { object } => Self::VoiceClip(object.clone()),
            Content::Action { text } => Self::Action(text.clone()),
            Content::Emoticons(all) => Self::Emoticons(all.clone()),
            Content::Ink { length } => Self::Ink { length: *length },
            Content::Invitation(invitation) => Self::Invitation(invitation.clone()),
            Content::System { kind, argument } => Self::System { kind: kind.clone(), argument: argument.clone() },
            Content::Part { whole: Some(whole), .. } => return Self::of(whole),
            _ => return None,
        })
    }

    /// What it comes to, as a sentence, where it is not somebody's own words.
    #[must_use]
    pub fn sentence(&self) -> Option<Text> {
        match self {
            Self::Invitation(invitation) => Some(invitation_sentence(invitation)),
            Self::System { kind, argument } if kind == "1" => Some(MAINTENANCE.with([argument.as_str().into()])),
            Self::System { kind, argument } => Some(ANNOUNCES.with([kind.as_str().into(), argument.as_str().into()])),
            Self::Recording => Some(RECORDS.text()),
            Self::Waiting(message) => Some(WAITS.with([message.received.as_str().into()])),
            _ => None,
        }
    }

    /// A text that an add-on encrypted: OTR, or a plug-in of Gaim.
    pub(in crate::model) fn is_encrypted(&self) -> bool {
        let marks = ["?OTR", "*** Encrypted"];
        matches!(self, Self::Text(said) | Self::Offline(said) if marks.iter().any(|mark| said.text.starts_with(mark)))
    }

    /// Whether it counts as a message: something that its sender put into words, by hand or by voice. Nudges and winks,
    /// typing, announcements of emoticons and what programs or the service say do not.
    #[must_use]
    pub fn is_message(&self) -> bool {
        match self {
            Self::Text(_) | Self::Offline(_) | Self::Phone(_) | Self::Ink { .. } | Self::VoiceClip(_) => true,
            Self::Typing | Self::Recording | Self::Nudge | Self::Wink(_) | Self::Action(_) | Self::Emoticons(_) => {
                false
            }
            Self::Invitation(_) | Self::System { .. } | Self::Waiting(_) => false,
        }
    }

    /// Its text is not in the capture.
    pub(in crate::model) fn is_waiting(&self) -> bool {
        matches!(self, Self::Waiting(_))
    }

    /// Whether the other is a copy of this one. A server may rewrite headers on the way.
    pub(super) fn is_copy_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one) | Self::Offline(one), Self::Text(other) | Self::Offline(other)) => one.text == other.text,
            _ => self == other,
        }
    }
}

fn invitation_sentence(invitation: &Invitation) -> Text {
    match (invitation.command.as_str(), invitation.file.as_deref(), invitation.size) {
        ("INVITE", Some(file), Some(size)) => OFFERS_FILE_OF.with([file.into(), size.into()]),
        ("INVITE", Some(file), None) => OFFERS_FILE.with([file.into()]),
        ("INVITE", None, _) => INVITES.with([invitation.application.as_str().into()]),
        ("ACCEPT", ..) => ACCEPTS.text(),
        ("CANCEL", ..) => CANCELS.text(),
        (other, ..) => ANSWERS.with([other.into()]),
    }
}

/// One saying as one connection carried it.
#[derive(Debug, Clone)]
pub(super) struct Utterance {
    pub evidence: Evidence,
    /// Who; `None` is the owner of the connection.
    pub from: Option<String>,
    /// By what name, where the line says so.
    pub nick: Option<String>,
    pub what: Saying,
    /// What the server says about its arrival.
    pub receipt: Option<(bool, Evidence)>,
}
