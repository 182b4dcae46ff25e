//! What a payload says, decoded and owned.

use crate::msnp::p2p::slp::Slp;
use crate::msnp::p2p::{Camera, FileTransfer, Guid, Peer};
use crate::tree::Span;

/// What the payload of a command says, decoded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Content {
    /// Nothing, or nothing that anybody follows.
    #[default]
    Nothing,
    /// A message of a kind that no documentation describes.
    Unknown,
    /// A chat text.
    Text(ChatText),
    /// Somebody is typing.
    Typing {
        /// Who, as the payload says.
        account: String,
    },
    /// Somebody is recording a voice clip.
    Recording {
        /// Who, as the payload says.
        account: String,
    },
    /// A text between the messenger and a telephone, from there (`IPG`).
    PhoneText {
        /// `tel:` and the number.
        from: String,
        /// The text.
        text: String,
    },
    /// A text for a telephone (`PAG`, `PGD`).
    Page {
        /// The text.
        text: String,
    },
    /// A text for a telephone could not be sent (`IPG`).
    PageFailed {
        /// The TrID of the `PAG` or `PGD`.
        trid: u32,
    },
    /// A nudge.
    Nudge,
    /// A wink: an animation.
    Wink {
        /// The object, an `<msnobj>` element.
        object: String,
    },
    /// A voice clip.
    VoiceClip {
        /// The object, an `<msnobj>` element.
        object: String,
    },
    /// A line that the client prints as an action.
    Action {
        /// The line.
        text: String,
    },
    /// Custom emoticons that the next text uses.
    Emoticons(Vec<Emoticon>),
    /// Handwriting.
    Ink {
        /// Bytes of the drawing, decoded; `None` while parts are missing.
        length: Option<u32>,
    },
    /// Which program somebody uses.
    ClientCaps {
        /// Its name, as it says.
        client: String,
    },
    /// An invitation of the old kind, or the answer to one.
    Invitation(Invitation),
    /// A message by which two clients agree on a peer-to-peer session.
    Slp(Box<Slp>),
    /// Packets between two programs: pieces of pictures and files, and what is agreed about them.
    PeerToPeer(Peer),
    /// A direct connection begins.
    Greeting,
    /// What a side of a direct connection says to be recognised.
    Nonce(Guid),
    /// Who connects to a webcam, or to its viewer, says which one it wants.
    Camera(Camera),
    /// A line or a block of an old file transfer.
    FileTransfer(FileTransfer),
    /// The account's own profile.
    Profile(Vec<(String, String)>),
    /// Mail and offline messages that wait.
    Mail(Vec<OfflineMessage>),
    /// A word from the service, such as a shutdown in so many minutes.
    System {
        /// The kind, as it says.
        kind: String,
        /// The first argument, such as minutes.
        argument: String,
    },
    /// One part of a message that is too long for one command.
    Part {
        /// What all parts share.
        id: String,
        /// Which part, from 0.
        index: u32,
        /// Parts that had not come when the last one came.
        missing: u32,
        /// What all parts together say: at the part that completes them, or at the last one when some are missing.
        whole: Option<Box<Content>>,
    },
    /// Facts about somebody: personal message, music, picture, devices.
    Details(Details),
    /// Contacts with the lists they are put on or taken from.
    Members(Vec<Member>),
    /// A datagram between people (`SDG`), or published data (`PUT`, `DEL`, `NFY`).
    Datagram(Datagram),
    /// A control message as plain text, such as `goawyplzthxbye`.
    Control {
        /// The text.
        text: String,
    },
}

/// A chat text with its looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChatText {
    /// The text.
    pub text: String,
    /// How it looks; `None` when nothing says so.
    pub format: Option<TextFormat>,
    /// A name to show in place of the sender's.
    pub shown_name: Option<String>,
    /// When it was sent, for a message that was stored for the receiver; as on the wire.
    pub sent: Option<String>,
    /// The text is enciphered.
    pub encrypted: bool,
}

/// How a chat text looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextFormat {
    /// Name of the font.
    pub font: String,
    /// Letters B, I, U, S.
    pub effects: String,
    /// Red, green, blue.
    pub colour: Option<[u8; 3]>,
    /// Written from right to left.
    pub right_to_left: bool,
}

/// One custom emoticon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emoticon {
    /// The text that it replaces.
    pub shortcut: String,
    /// The object, an `<msnobj>` element.
    pub object: String,
}

/// An invitation of the old kind, or an answer to one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Invitation {
    /// `INVITE`, `ACCEPT` or `CANCEL`.
    pub command: String,
    /// What all its messages share.
    pub cookie: String,
    /// What kind of thing it is about, as the asker's program calls it.
    pub application: String,
    /// Name of the file that is offered.
    pub file: Option<String>,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// What the receiver of the file says on the connection to its sender.
    pub auth_cookie: Option<String>,
    /// Why it is refused or taken back.
    pub cancel_code: Option<String>,
}

/// An offline message that waits at the server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OfflineMessage {
    /// From whom.
    pub account: String,
    /// By what name.
    pub nick: String,
    /// When the server received it, as on the wire.
    pub received: String,
    /// The service's identifier.
    pub id: String,
    /// The bytes of the PDU that say all this.
    pub span: Span,
}

/// Facts about somebody. What is `None` was not said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// The status, three letters; documents have it from MSNP18.
    pub status: Option<String>,
    /// The display name; documents have it from MSNP18.
    pub nick: Option<String>,
    /// The personal message.
    pub personal_message: Option<String>,
    /// What is playing, as it is to be shown; empty when nothing is.
    pub media: Option<String>,
    /// The display picture or scene, an `<msnobj>` element.
    pub picture: Option<String>,
    /// The device that says so.
    pub machine: Option<String>,
    /// Devices.
    pub endpoints: Vec<Endpoint>,
    /// Which services the document speaks of: IM presence and chat, PE profile; MSNP21.
    pub services: Vec<String>,
}

/// One device of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Endpoint {
    /// A GUID with braces.
    pub id: String,
    /// What its owner calls it.
    pub name: Option<String>,
    /// What it can do, as on the wire.
    pub capabilities: Option<String>,
    /// Its status, three letters.
    pub status: Option<String>,
    /// 1 computer, 2 web site, 3 mobile, 4 games console.
    pub client_type: Option<String>,
    /// It is not in use.
    pub idle: Option<bool>,
}

/// A contact in a document of memberships.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Member {
    /// Who: `name@domain`, or `tel:` and a number.
    pub account: String,
    /// On which network.
    pub network: Option<u32>,
    /// On which lists: 1 FL, 2 AL, 4 BL, 8 RL, 16 PL.
    pub lists: Option<u32>,
    /// By what name; the server alone says so.
    pub nick: Option<String>,
    /// The bytes of the PDU that say all this.
    pub span: Span,
}

/// A payload in blocks of headers: who to whom, and what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Datagram {
    /// From whom: network, colon, address.
    pub from: String,
    /// To whom.
    pub to: String,
    /// What is published or what changed, such as `/user`.
    pub uri: Option<String>,
    /// What it carries.
    pub content: Box<Content>,
}
