//! What a command says, as typed values: for those who follow the conversation rather than look at its bytes.
//!
//! A [`Message`] has two halves: [`Body`] is what the line says, [`Content`] what the payload says. A dissect function
//! returns the values that it has just recorded, so that nothing is read twice. Line values borrow from the PDU; payload
//! values are owned, since they are decoded.

use super::p2p::slp::Slp;
use super::p2p::{FileTransfer, Guid, Peer};
use super::token::{Account, Nick, Status, Word};
use super::{Dialect, Verb};

/// What a command says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message<'a> {
    /// The verb, known or not.
    pub verb: Option<Verb>,
    /// The TrID.
    pub trid: Option<u32>,
    /// What the line says beyond them.
    pub body: Body<'a>,
    /// What the payload says.
    pub content: Content,
}

/// What the line of a command says beyond verb and TrID. What nobody needs is [`Body::Other`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Body<'a> {
    /// The client offers dialects (`VER`), best first.
    DialectsOffered(Vec<Dialect>),
    /// The server chooses one (`VER`); `None` when none fits.
    DialectChosen(Option<Dialect>),
    /// The client describes itself (`CVR`).
    ClientVersion(ClientVersion<'a>),
    /// The client names the account that it wants to sign in as (`USR … I`).
    Identity {
        /// How it will prove it, such as `TWN`.
        package: Word<'a>,
        /// As whom.
        account: Account<'a>,
    },
    /// The server asks for a proof (`USR … S`).
    Challenge {
        /// Of which kind.
        package: Word<'a>,
    },
    /// The client proves who it is (`USR … S`), or that it belongs to circles (`USR SHA A`).
    Proof {
        /// Of which kind.
        package: Word<'a>,
        /// The device, a GUID with braces; from MSNP16.
        machine: Option<Word<'a>>,
    },
    /// The server accepts who the client is (`USR OK`), on a notification server or a switchboard.
    SignedIn {
        /// Who.
        account: Account<'a>,
        /// The display name, where the line has one.
        nick: Option<Nick<'a>>,
    },
    /// The server sends the client to another notification server (`XFR … NS`).
    Redirect {
        /// Host and port.
        address: Word<'a>,
    },
    /// The client asks for a chat room (`XFR … SB`).
    RoomWanted,
    /// The server says where the chat room is (`XFR … SB`).
    RoomOffered {
        /// Host and port.
        address: Word<'a>,
        /// What lets the client in; the room's `USR` repeats it.
        cookie: Option<Word<'a>>,
    },
    /// Somebody invites the client into a chat room (`RNG`).
    Ring {
        /// Which room.
        session: Word<'a>,
        /// Host and port.
        address: Word<'a>,
        /// What lets the client in; the room's `ANS` repeats it.
        cookie: Word<'a>,
        /// Who invites.
        account: Account<'a>,
        /// By what name.
        nick: Nick<'a>,
    },
    /// The client enters a chat room: one it asked for (`USR`), or one it was called to (`ANS`, with a session).
    RoomEntry {
        /// Who.
        account: Account<'a>,
        /// What lets it in.
        cookie: Word<'a>,
        /// Which room; `ANS` alone says so.
        session: Option<Word<'a>>,
    },
    /// The room lets the called client in, the roster is complete (`ANS OK`).
    RoomEntered,
    /// The client invites somebody into the room (`CAL`).
    Call {
        /// Whom.
        account: Account<'a>,
    },
    /// The room is calling somebody (`CAL RINGING`).
    Ringing {
        /// Which room it is.
        session: Word<'a>,
    },
    /// Somebody is in the room already (`IRO`) or enters it now (`JOI`).
    Joined(Joined<'a>),
    /// Somebody left the room (`BYE`).
    Left {
        /// Who.
        account: Account<'a>,
        /// The room was closed because nobody had said anything for a while.
        idle: bool,
    },
    /// The client sends a message into the room (`MSG`, with a TrID).
    MessageOut {
        /// Which confirmation it wants: one of the letters U, N, A, D, S.
        mode: Word<'a>,
    },
    /// A message of somebody in the room (`MSG`).
    MessageIn {
        /// Whose.
        account: Account<'a>,
        /// By what name.
        nick: Nick<'a>,
    },
    /// A message of the service itself (`MSG Hotmail`).
    ServiceMessage,
    /// The client sends a message through the notification server (`UUM`).
    RelayedOut {
        /// To whom.
        recipient: Account<'a>,
        /// On which network the recipient is.
        network: Option<u32>,
    },
    /// A message through the notification server (`UBM`).
    RelayedIn {
        /// From whom.
        account: Account<'a>,
        /// On which network the sender is.
        network: Option<u32>,
        /// To whom.
        recipient: Account<'a>,
    },
    /// The client sends a text to somebody's phone (`PAG`, `PGD`).
    Page {
        /// Whose, or `tel:` and a number.
        account: Account<'a>,
    },
    /// What others may do, or are to be told (`BLP`, `GTC`): the client asks for it, or the server says how it is.
    Setting(Setting<'a>),
    /// The server answers a ping (`QNG`).
    PingAnswer {
        /// Until when it expects the next sign of life.
        seconds: Option<u32>,
    },
    /// The room has delivered a message (`ACK`).
    Delivered,
    /// The room could not deliver a message to everybody (`NAK`).
    NotDelivered,
    /// The client sets its own status, or the server confirms it (`CHG`).
    OwnStatus(Presence<'a>),
    /// A contact is online (`ILN`, `NLN`).
    Online {
        /// Who.
        account: Account<'a>,
        /// On which network, where a word of its own says so.
        network: Option<u32>,
        /// By what name.
        nick: Nick<'a>,
        /// With what.
        presence: Presence<'a>,
        /// It was so before (`ILN`), rather than changed now (`NLN`).
        initial: bool,
    },
    /// A contact went offline (`FLN`).
    Offline {
        /// Who.
        account: Account<'a>,
        /// On which network, where a word of its own says so.
        network: Option<u32>,
    },
    /// The client publishes a document about itself (`UUX`); none of its own for the server's answer.
    OwnDetails,
    /// A document about a contact (`UBX`).
    Details {
        /// Who.
        account: Account<'a>,
        /// On which network, where a word of its own says so.
        network: Option<u32>,
        /// There is no document: personal message and music are cleared.
        cleared: bool,
    },
    /// A block of published data follows (`NFY`).
    Published {
        /// It is gone (`DEL`), rather than new or changed (`PUT`).
        gone: bool,
    },
    /// The list of contacts begins (`SYN`, from the server).
    ListBegins {
        /// Contacts that follow, where it says so.
        contacts: Option<u32>,
        /// Groups that follow, where it says so.
        groups: Option<u32>,
    },
    /// One contact of the list (`LST`).
    Listed(Contact<'a>),
    /// One group of the list (`LSG`), or one that was created (`ADG`) or renamed (`REG`).
    GroupNamed {
        /// Number or GUID; the client does not know it when it creates a group.
        id: Option<Word<'a>>,
        /// What it is called.
        name: Nick<'a>,
    },
    /// A group is deleted (`RMG`).
    GroupRemoved {
        /// Which.
        id: Word<'a>,
    },
    /// A contact is put on a list or into a group (`ADD`, `ADC`).
    Added(Contact<'a>),
    /// A contact is taken from a list or out of a group (`REM`).
    Removed(Contact<'a>),
    /// A display name is changed: one's own, or the one kept for a contact (`REA`).
    Renamed {
        /// Whose.
        account: Account<'a>,
        /// To what.
        nick: Nick<'a>,
    },
    /// A property is reported or set: one's own (`PRP`), or a contact's (`BPR`, `SBP`).
    Property {
        /// Whose, where the line says so; `BPR` may speak of the contact of the last `LST`.
        account: Option<Account<'a>>,
        /// The same by the service's identifier (`SBP`).
        contact: Option<Word<'a>>,
        /// Three letters.
        code: Word<'a>,
        /// Set to what, decoded; nothing clears it.
        value: Option<Nick<'a>>,
    },
    /// Contacts are put on lists, as a document (`ADL`).
    MembersAdded,
    /// Contacts are taken from lists, as a document (`RML`).
    MembersRemoved,
    /// The client signs out, or the server ends the session (`OUT`).
    Out {
        /// Why, such as `OTH`.
        reason: Option<Word<'a>>,
    },
    /// A control message between devices or people (`UUN`, `UBN`).
    Control {
        /// To whom (`UUN`), or from whom (`UBN`).
        account: Account<'a>,
        /// What it is about; the reference's table of types.
        kind: u32,
    },
    /// The server refuses a request or reports a problem.
    Error {
        /// Three decimal digits.
        code: u32,
    },
    /// Anything else.
    #[default]
    Other,
}

/// A setting of the account that concerns others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting<'a> {
    /// What people on no list may do: `AL` or `BL` (`BLP`).
    Strangers(Word<'a>),
    /// What the client does when somebody adds the account: `A` or `N` (`GTC`, up to MSNP12).
    WhenAdded(Word<'a>),
}

/// How a client describes itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientVersion<'a> {
    /// Language, a hexadecimal Windows locale number.
    pub locale: Word<'a>,
    /// Operating system.
    pub os: Word<'a>,
    /// Its version.
    pub os_version: Word<'a>,
    /// Name of the program.
    pub name: Word<'a>,
    /// Its version.
    pub version: Word<'a>,
    /// Whose client it is; from MSNP8.
    pub account: Option<Account<'a>>,
}

/// Somebody in a chat room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined<'a> {
    /// Who; from MSNP16 also with the device.
    pub account: Account<'a>,
    /// By what name.
    pub nick: Nick<'a>,
    /// What the client can do, as on the wire; from MSNP12.
    pub capabilities: Option<Word<'a>>,
    /// It was in the room already (`IRO`), rather than coming in now (`JOI`).
    pub already: bool,
}

/// How available somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence<'a> {
    /// Three letters.
    pub status: Status,
    /// What the client can do, as on the wire; from MSNP8.
    pub capabilities: Option<Word<'a>>,
    /// The display picture, a percent-encoded element; `0` for none. From MSNP9.
    pub picture: Option<Nick<'a>>,
}

/// A contact, as far as a line tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact<'a> {
    /// Who; sometimes only the identifier is given.
    pub account: Option<Account<'a>>,
    /// By what name.
    pub nick: Option<Nick<'a>>,
    /// The service's identifier, a GUID; MSNP10–12.
    pub id: Option<Word<'a>>,
    /// On which lists: 1 FL, 2 AL, 4 BL, 8 RL, 16 PL. `None` when the line does not say.
    pub lists: Option<u32>,
    /// In which groups.
    pub groups: Vec<Word<'a>>,
}

/// What the payload of a command says, decoded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Content {
    /// Nothing, or nothing that anybody follows.
    #[default]
    Nothing,
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
