//! What an MSNSLP message says, as typed values.
//!
//! GUIDs stand in upper case and with braces, whatever the sender wrote, so that they can be compared. All texts are
//! copies of parts of the message, so that together they are as long as it is (bytes that are no text stand as `\xNN`).

// Addresses as values: nothing here opens a socket.
use core::net::SocketAddr;

use crate::msnp::MsnObject;

/// A message. What it does not say is `None`, empty or the default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slp {
    /// What its first line says.
    pub start: Start,
    /// To whom.
    pub to: Option<Endpoint>,
    /// From whom.
    pub from: Option<Endpoint>,
    /// What a response has in common with its request.
    pub branch: Option<String>,
    /// What all messages of a call have in common.
    pub call_id: Option<String>,
    /// 0 in requests, 1 in responses, by the book.
    pub cseq: Option<u32>,
    /// What stands behind the headers.
    pub body: Body,
}

/// What the first line of a message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Start {
    /// The sender wants something.
    Request(Method),
    /// The sender answers.
    Response {
        /// Three decimal digits: 200, 603 and so on.
        code: u32,
    },
    /// Neither: no line of MSNSLP.
    #[default]
    Unknown,
}

/// What a request wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Method {
    /// To open a session, or to agree on a way for its data.
    Invite,
    /// To close a session.
    Bye,
    /// To tell something that needs no answer.
    Ack,
    /// Something that no source describes.
    #[default]
    Other,
}

/// A person, perhaps on one device.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Endpoint {
    /// Who.
    pub account: String,
    /// Which device; from MSNP16.
    pub device: Option<String>,
}

/// What stands behind the headers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// What the `Content-Type` says.
    pub kind: BodyKind,
    /// What the session is for, by its EUF-GUID.
    pub application: Option<Application>,
    /// Number of the session; of wider numbers the low 32 bits.
    pub session: Option<u32>,
    /// What exactly is asked for or offered.
    pub context: Context,
    /// Ways for the data: those offered, best first, or the one chosen.
    pub bridges: Vec<String>,
    /// Whether the sender has opened a port.
    pub listening: Option<bool>,
    /// What both sides say first on a direct connection.
    pub nonce: Option<String>,
    /// The hash of what the sender says first on a direct connection.
    pub hashed_nonce: Option<String>,
    /// All addresses that are announced, with their ports: external ones, internal ones, IPv6.
    pub addresses: Vec<SocketAddr>,
    /// The TURN server that relays, as written.
    pub relay: Option<String>,
    /// Why a session is closed (`BYE`), from its context.
    pub reason: Option<u32>,
    /// Which of one's own devices accepted (`BYE` to the others).
    pub accepted_by: Option<String>,
    /// Which of one's own devices declined (`BYE` to the others).
    pub declined_by: Option<String>,
}

/// What a body is, by the `Content-Type`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum BodyKind {
    /// No header says so.
    #[default]
    Unsaid,
    /// There is none (`null`).
    Null,
    /// A session is opened, or the answer to that (`sessionreqbody`).
    Session,
    /// A way for the data is asked for (`transreqbody`).
    TransportRequest,
    /// A way for the data is chosen, or addresses are offered (`transrespbody`).
    TransportResponse,
    /// A session is closed (`sessionclosebody`).
    Close,
    /// A way for the data is refused (`session-failure-respbody`).
    Failure,
    /// The sender goes over to UDP (`transudpswitch`).
    UdpSwitch,
    /// The sender's address has changed (`transdestaddrupdate`).
    AddressUpdate,
    /// A relay can be used (`turnsetup`).
    TurnSetup,
    /// Another one, as written.
    Other(String),
}

/// What a session is for, by its EUF-GUID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Application {
    /// A picture, emoticon, wink or sound is fetched.
    Object,
    /// A file is sent.
    File,
    /// The inviter shows its camera; also a video conversation.
    WebcamSend,
    /// The inviter wants to see the other's camera.
    WebcamReceive,
    /// A wink is offered.
    Wink,
    /// An activity or a game.
    Activity,
    /// Photos are shown.
    PhotoShare,
    /// A shared folder.
    SharedFolder,
    /// Another one: its GUID.
    Unknown(String),
}

/// What exactly a session is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Context {
    /// There is none.
    #[default]
    None,
    /// The object that is fetched.
    Object(Box<MsnObject>),
    /// The file that is offered.
    File {
        /// Its name as its sender wrote it: not safe as the name of a file.
        name: String,
        /// Its length in bytes.
        size: u64,
        /// 0 with preview, 1 without, 4 background.
        kind: u32,
        /// A small picture of it, a PNG file.
        preview: Option<Vec<u8>>,
    },
    /// A camera.
    Webcam,
    /// A video conversation.
    Video,
    /// An activity or a game.
    Activity {
        /// Its number.
        id: String,
        /// What it is called.
        name: String,
    },
    /// Something else, decoded from base64.
    Other(Vec<u8>),
}
