//! What a command says, as typed values: for those who follow the conversation rather than look at its bytes.
//!
//! A [`Message`] has two halves: [`Body`] is what the line says, [`Content`] what the payload says. A dissect function
//! returns the values that it has just recorded, so that nothing is read twice. Line values borrow from the PDU; payload
//! values are owned, since they are decoded.

mod content;

pub use content::{
    ChatText, Content, Datagram, Details, Emoticon, Endpoint, Invitation, Member, OfflineMessage, TextFormat,
};

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
