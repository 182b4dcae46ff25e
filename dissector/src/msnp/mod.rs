//! MSNP itself: framing, verbs, what each command's fields are, and what one command needs to know of the past.
//!
//! Comes in: bytes of one direction of a connection. Goes out: PDUs, and for each a message and an annotated tree.
//! This room never sees a packet, a port, a file or a time.

pub mod charset;
pub mod coding;
mod command;
mod commands;
mod connection;
mod context;
pub mod detection;
mod dialogue;
mod error_code;
mod framer;
pub mod framing;
mod message;
pub mod p2p;
mod pairing;
mod parts;
mod payload;
mod pdu;
mod reply;
mod sentence;
mod sequence;
pub mod token;
pub mod value;
pub mod verb;

pub use command::{Dissection, dissect};
pub use commands::presence::network_name;
pub use commands::setting::property_name;
pub use connection::{Connection, LOOK_AHEAD_BYTES, LOOK_AHEAD_COMMANDS};
pub use context::{Context, Dialect, Direction, Misfit, Offer, Request, Server};
pub use dialogue::Dialogue;
pub use error_code::meaning as error_meaning;
pub use framer::{Framed, Framer, Pieces};
pub use message::{
    Body, ChatText, ClientVersion, Contact, Content, Datagram, Details, Emoticon, Endpoint, Invitation, Joined, Member,
    Message, OfflineMessage, Presence, Setting, TextFormat,
};
pub use parts::{Fate, Progress};
pub(crate) use payload::msn_object;
pub use payload::msn_object::{MsnObject, kind_name as object_kind_name};
pub use pdu::{Pdu, PduKind};
pub use reply::{Awaits, Replies, awaits, expected};
pub use sentence::{INFO_FIELDS, headline, info, sentence, sentence_fields, write_headline};
pub use verb::{Shape, Verb, VerbDecl};

use crate::tree::{ExpertId, Field, TextId};

/// Fields that others ask for by name: those of every command, and where else an account stands.
pub mod field {
    pub use super::command::{
        ACCOUNT, ARGUMENT, ERROR_CODE, LENGTH, NICK, PAYLOAD, PAYLOAD_DATA, PAYLOAD_TEXT, RESULT, TRID, UNDECODED, VERB,
    };
    pub use super::commands::service::RECIPIENT;
    pub use super::commands::switchboard::{SENDER, SESSION};
    pub use super::payload::text::TEXT;
}

/// The field tables of this room, by family number.
pub(crate) static FAMILIES: &[&[Field]] = &[
    &command::FIELDS,
    &commands::login::FIELDS,
    &commands::switchboard::FIELDS,
    &commands::presence::FIELDS,
    &commands::contacts::FIELDS,
    &payload::mime::FIELDS,
    &payload::text::FIELDS,
    &payload::xml::FIELDS,
    &payload::control::FIELDS,
    &payload::xml::mailbox::FIELDS,
    &payload::xml::membership::FIELDS,
    &payload::xml::notification::FIELDS,
    &payload::xml::policy::FIELDS,
    &payload::xml::presence::FIELDS,
    &commands::service::FIELDS,
    &commands::setting::FIELDS,
    &payload::profile::FIELDS,
    &payload::notice::FIELDS,
    &msn_object::FIELDS,
    &value::capability::FIELDS,
    &value::account::FIELDS,
    &value::proof::FIELDS,
    &payload::ink::FIELDS,
    &payload::invitation::FIELDS,
    &payload::datagram::FIELDS,
    &payload::emoticon::FIELDS,
    &p2p::slp::line::FIELDS,
    &p2p::slp::FIELDS,
    &p2p::slp::head::FIELDS,
    &p2p::slp::session::FIELDS,
    &p2p::slp::transport::FIELDS,
    &p2p::slp::context::FIELDS,
    &p2p::slp::file::FIELDS,
    &p2p::v1::FIELDS,
    &p2p::v2::FIELDS,
    &p2p::packet::FIELDS,
    &p2p::direct::FIELDS,
    &p2p::msnftp::FIELDS,
    &p2p::signal::FIELDS,
    &p2p::turn::FIELDS,
    &p2p::udp::FIELDS,
    &p2p::webcam::FIELDS,
];

/// The expert tables of this room.
pub(crate) static EXPERTS: &[&[ExpertId]] = &[
    command::EXPERTS,
    token::EXPERTS,
    payload::mime::EXPERTS,
    payload::control::EXPERTS,
    payload::xml::EXPERTS,
    msn_object::EXPERTS,
    payload::part::EXPERTS,
    payload::header::EXPERTS,
    payload::text::EXPERTS,
    payload::ink::EXPERTS,
    payload::invitation::EXPERTS,
    payload::datagram::EXPERTS,
    payload::emoticon::EXPERTS,
    p2p::slp::line::EXPERTS,
    p2p::slp::EXPERTS,
    p2p::slp::head::EXPERTS,
    p2p::slp::session::EXPERTS,
    p2p::slp::context::EXPERTS,
    p2p::slp::file::EXPERTS,
    charset::EXPERTS,
    commands::login::EXPERTS,
    sequence::EXPERTS,
    value::capability::EXPERTS,
    value::challenge::EXPERTS,
    value::proof::EXPERTS,
    p2p::v2::EXPERTS,
    p2p::packet::EXPERTS,
    p2p::signal::EXPERTS,
    p2p::webcam::EXPERTS,
];

/// The text tables of this room.
pub(crate) static TEXTS: &[&[TextId]] = &[
    command::TEXTS,
    error_code::TEXTS,
    error_code::MEANINGS,
    commands::contacts::TEXTS,
    commands::login::TEXTS,
    commands::presence::TEXTS,
    commands::service::TEXTS,
    commands::setting::TEXTS,
    commands::switchboard::TEXTS,
    context::TEXTS,
    payload::mime::TEXTS,
    msn_object::TEXTS,
    payload::notice::TEXTS,
    payload::part::TEXTS,
    payload::profile::TEXTS,
    payload::ink::TEXTS,
    payload::invitation::TEXTS,
    payload::datagram::TEXTS,
    p2p::slp::line::TEXTS,
    p2p::slp::head::TEXTS,
    p2p::slp::application::TEXTS,
    p2p::slp::session::TEXTS,
    p2p::slp::transport::TEXTS,
    p2p::slp::context::TEXTS,
    p2p::slp::file::TEXTS,
    charset::TEXTS,
    payload::text::TEXTS,
    payload::xml::TEXTS,
    payload::control::TEXTS,
    payload::xml::mailbox::TEXTS,
    payload::xml::membership::TEXTS,
    payload::xml::notification::TEXTS,
    payload::xml::policy::TEXTS,
    payload::xml::presence::TEXTS,
    sentence::TEXTS,
    sentence::content::TEXTS,
    sentence::line::TEXTS,
    sentence::slp::TEXTS,
    sentence::pattern::TEXTS,
    sentence::peer::TEXTS,
    token::TEXTS,
    value::account::TEXTS,
    value::address::TEXTS,
    value::application::TEXTS,
    value::capability::TEXTS,
    value::capability::FIRST_TEXTS,
    value::capability::SECOND_TEXTS,
    value::challenge::TEXTS,
    value::list::TEXTS,
    value::locale::TEXTS,
    value::proof::TEXTS,
    p2p::v1::TEXTS,
    p2p::v2::TEXTS,
    p2p::packet::TEXTS,
    p2p::direct::TEXTS,
    p2p::msnftp::TEXTS,
    p2p::signal::TEXTS,
    p2p::turn::TEXTS,
    p2p::udp::TEXTS,
    p2p::webcam::TEXTS,
];
