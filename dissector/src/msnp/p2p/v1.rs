//! The header of version 1: 48 bytes, little endian, from MSNP9 on.
//!
//! ```text
//! off size
//!   0   4  session id           0 = MSNSLP, else chosen by who invites
//!   4   4  identifier           the same in all chunks of a message
//!   8   8  offset               of this chunk in its message
//!  16   8  total size           of the message
//!  24   4  chunk length         bytes in this packet, footer not counted
//!  28   4  flags
//!  32   4  acknowledged id      fresh number; in an acknowledgement the acknowledged identifier
//!  36   4  acknowledged unique  0; in an acknowledgement that message's field at 32
//!  40   8  acknowledged size    0; in an acknowledgement that message's total size
//! ```
//!
//! With the flag 0x100 the last three are a GUID, the nonce of a direct connection. Source: protocol reference, P2P 3.

use nom::number::complete::{le_u32, le_u64};

use super::guid::Guid;
use crate::msnp::token::CodedNumber;
use crate::tree::{Base, FieldId, Kind, Read, Record, Scribe, Span, Text, TextId, Value, fields, names, texts};

fields! {
    family 50;
    /// Which exchange between the two programs this belongs to: 0 for invitations and their answers (MSNSLP), else the number, of 32 bits, that the invitation names. 64 is kept for handwriting. In both versions.
    SESSION: Kind::Uint32(Base::Dec) => "msnp.p2p.session_id", "Session ID" in SESSIONS;
    /// Number of the message, the same in all its chunks; each side counts its own, from a random start, not always
    /// upwards. Version 1, from MSNP9 on.
    IDENTIFIER: Kind::Uint32(Base::Dec) => "msnp.p2p.identifier", "Identifier";
    /// Where in the message, or in the picture or file, this chunk begins, in bytes. Version 1, from MSNP9 on.
    OFFSET: Kind::Uint64(Base::Dec) => "msnp.p2p.offset", "Offset";
    /// How many bytes the whole message, picture or file has. Version 1, from MSNP9 on; in acknowledgements that of the
    /// acknowledged message, or 0.
    TOTAL: Kind::Uint64(Base::Dec) => "msnp.p2p.total_size", "Total size";
    /// How many bytes of data this packet holds, header and footer not counted; not always true. Version 1, from MSNP9
    /// on.
    LENGTH: Kind::Uint32(Base::Dec) => "msnp.p2p.chunk_length", "Chunk length";
    /// What kind of packet this is, as bits: data of a picture or of a file, acknowledgement, fault, end. Version 1,
    /// from MSNP9 on.
    FLAGS: Kind::Uint32(Base::Hex) => "msnp.p2p.flags", "Flags";
    /// A single bit that is set among the flags above it, with what it says about the packet; version 1, from MSNP9 on.
    FLAG: Kind::Uint32(Base::Hex) => "msnp.p2p.flag", "Flag" in FLAG_NAMES;
    /// In an acknowledgement the identifier of the message that has come; else a fresh number, which the
    /// acknowledgement will repeat. Version 1, from MSNP9 on.
    ACK_ID: Kind::Uint32(Base::Dec) => "msnp.p2p.ack_id", "Acknowledged identifier";
    /// In an acknowledgement the fresh number of the message that has come, from its field before this one; else 0.
    /// Version 1, from MSNP9 on.
    ACK_UID: Kind::Uint32(Base::Dec) => "msnp.p2p.ack_uid", "Acknowledged unique identifier";
    /// In an acknowledgement the total size of the message that has come, in bytes; when a chunk was missing, the
    /// offset to go on from; else 0. Version 1, from MSNP9 on.
    ACK_SIZE: Kind::Uint64(Base::Dec) => "msnp.p2p.ack_size", "Acknowledged size";
    /// The number, a GUID, by which both sides of a direct connection recognise each other; the invitation told it, or its hash. In both versions.
    NONCE: Kind::Text => "msnp.p2p.nonce", "Nonce", Secret;
}

texts! {
    EXPECTED_HEADER = "expected.p2p-header", "a peer-to-peer header";
    SESSION_SLP = "p2p.session.slp", "invitations and answers (MSNSLP)";
    SESSION_INK = "p2p.session.ink", "handwriting";
    NO_FLAGS = "p2p.flag.none", "a message between the programs";
    NAK = "p2p.flag.nak", "a chunk is missing: go on from the offset in the acknowledged size";
    ACK = "p2p.flag.ack", "acknowledgement";
    WAITING = "p2p.flag.waiting", "waiting for an answer, or asking for an acknowledgement (sources differ)";
    FAULT = "p2p.flag.fault", "fault in the binary layer";
    FILE = "p2p.flag.file", "with the next: data of a file";
    OBJECT = "p2p.flag.object", "data of a picture, emoticon, wink, voice clip or, with 0x10, of a file";
    CANCEL = "p2p.flag.cancel", "the sender of the data gives up";
    ABORT = "p2p.flag.abort", "the receiver of the data gives up";
    NONCE_FLAG = "p2p.flag.nonce", "greeting on a direct connection";
    ENCRYPTED = "p2p.flag.encrypted", "enciphered (never seen)";
    MODERN = "p2p.flag.2009", "sent by Windows Live Messenger 2009 or later to an older program";
    UNKNOWN_FLAG = "p2p.flag.unknown", "not documented";
    FILE_DATA = "p2p.kind.file", "data of a file";
    OBJECT_DATA = "p2p.kind.object", "data of a picture, emoticon, wink or voice clip";
    FRESH = "p2p.fresh", "a fresh number, which the acknowledgement repeats";
    GO_ON_FROM = "p2p.go-on-from", "go on from this offset";
}

/// Length of the header in bytes.
pub const LENGTH_OF_HEADER: usize = 48;

/// The flags, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(pub u32);

impl Flags {
    /// A chunk is missing.
    pub const NAK: u32 = 0x01;
    /// Acknowledgement.
    pub const ACK: u32 = 0x02;
    /// Waiting for an answer.
    pub const WAITING: u32 = 0x04;
    /// Fault.
    pub const FAULT: u32 = 0x08;
    /// With [`Flags::OBJECT`]: data of a file.
    pub const FILE: u32 = 0x10;
    /// Data of an object.
    pub const OBJECT: u32 = 0x20;
    /// The sender gives up.
    pub const CANCEL: u32 = 0x40;
    /// The receiver gives up.
    pub const ABORT: u32 = 0x80;
    /// Greeting on a direct connection.
    pub const NONCE: u32 = 0x100;

    /// Bits by which a packet is about others and carries nothing itself.
    const CONTROL: u32 = Self::NAK | Self::ACK | Self::WAITING | Self::FAULT | Self::CANCEL | Self::ABORT;

    /// Whether any of these bits is set.
    #[must_use]
    pub fn has(self, bits: u32) -> bool {
        self.0 & bits != 0
    }

    /// Whether the packet is about others and carries nothing itself.
    #[must_use]
    pub fn control(self) -> bool {
        self.has(Self::CONTROL)
    }
}

impl Record for Flags {
    fn value(&self) -> Value {
        Value::Uint(self.0.into())
    }

    fn label(&self) -> Option<Text> {
        let text = match self.0 & 0x1ff {
            0 => NO_FLAGS,
            bits if bits & Self::NONCE != 0 => NONCE_FLAG,
            bits if bits & Self::CONTROL != 0 => known_flag(1 << (bits & Self::CONTROL).trailing_zeros()),
            bits if bits & (Self::FILE | Self::OBJECT) == Self::FILE | Self::OBJECT => FILE_DATA,
            _ => OBJECT_DATA,
        };
        Some(text.text())
    }
}

/// The header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Header {
    /// 0 for MSNSLP.
    pub session: u32,
    /// Number of the message.
    pub identifier: u32,
    /// Where the chunk begins in the message.
    pub offset: u64,
    /// Size of the message.
    pub total: u64,
    /// Bytes in this packet, as it says.
    pub length: u32,
    /// What kind of packet it is.
    pub flags: Flags,
    /// Fresh number, or the acknowledged identifier.
    pub ack_id: u32,
    /// The acknowledged message's fresh number.
    pub ack_uid: u32,
    /// The acknowledged message's size, or the offset to go on from.
    pub ack_size: u64,
    /// The greeting on a direct connection.
    pub nonce: Option<Guid>,
}

/// `header = session identifier offset total length flags ( ack-id ack-uid ack-size / nonce )`
///
/// # Errors
/// Stops when the bytes end inside it.
pub fn header(s: &mut Scribe<'_, '_>) -> Read<Header> {
    let session = session(s, le_u32)?;
    let identifier = s.fixed(IDENTIFIER, 4, EXPECTED_HEADER, le_u32)?;
    let offset = s.fixed(OFFSET, 8, EXPECTED_HEADER, le_u64)?;
    let total = s.fixed(TOTAL, 8, EXPECTED_HEADER, le_u64)?;
    let length = s.fixed(LENGTH, 4, EXPECTED_HEADER, le_u32)?;
    let flags = flags(s)?;
    let header = Header { session, identifier, offset, total, length, flags, ..Header::default() };
    if flags.has(Flags::NONCE) {
        return Ok(Header { nonce: Some(s.fixed(NONCE, 16, EXPECTED_HEADER, Guid::parse)?), ..header });
    }
    let ack_id = s.fixed(ACK_ID, 4, EXPECTED_HEADER, le_u32)?;
    if !flags.control() {
        s.label(FRESH);
    }
    let ack_uid = s.fixed(ACK_UID, 4, EXPECTED_HEADER, le_u32)?;
    let ack_size = s.fixed(ACK_SIZE, 8, EXPECTED_HEADER, le_u64)?;
    if flags.has(Flags::NAK) {
        s.label(GO_ON_FROM);
    }
    Ok(Header { ack_id, ack_uid, ack_size, ..header })
}

/// Whether a packet may carry a message, or a piece of one, told by where its header has session and flags: not what is data
/// of an object or a file, and not what is about others.
pub(super) fn may_be_message(packet: &[u8]) -> bool {
    let number = |at: usize| packet.get(at..)?.first_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes));
    let (Some(session), Some(flags)) = (number(0), number(28).map(Flags)) else { return false };
    !flags.control() && !flags.has(Flags::NONCE) && (session == 0 || !flags.has(Flags::OBJECT))
}

/// The session's number, in the byte order of the version.
///
/// # Errors
/// Stops when the bytes end inside it.
pub fn session<'a>(s: &mut Scribe<'a, '_>, parser: impl Fn(&'a [u8]) -> nom::IResult<&'a [u8], u32>) -> Read<u32> {
    let session = s.fixed(SESSION, 4, EXPECTED_HEADER, parser)?;
    if let Some(name) = session_name(session) {
        s.label(name);
    }
    Ok(session)
}

fn flags(s: &mut Scribe<'_, '_>) -> Read<Flags> {
    let (_, bits) = s.look(4, EXPECTED_HEADER, le_u32)?;
    Ok(s.take_bits(FLAGS, 4, Flags(bits), |s, span| each_bit(s, span, FLAG, bits, known_flag)))
}

/// Records each bit that is set, with its name.
pub(super) fn each_bit(s: &mut Scribe<'_, '_>, span: Span, field: FieldId, bits: u32, name: fn(u32) -> TextId) {
    for mask in (0..u32::BITS).map(|place| 1 << place).filter(|mask| bits & mask != 0) {
        s.bits(field, span, mask.into(), &CodedNumber(mask, Some(name(mask))));
    }
}

fn known_flag(mask: u32) -> TextId {
    flag_name(mask).unwrap_or(UNKNOWN_FLAG)
}

names! {
    /// Sessions that no invitation names.
    SESSIONS, session_name;
    0 => SESSION_SLP,
    super::INK_SESSION => SESSION_INK,
}

names! {
    /// What a single flag says.
    FLAG_NAMES, flag_name;
    Flags::NAK => NAK,
    Flags::ACK => ACK,
    Flags::WAITING => WAITING,
    Flags::FAULT => FAULT,
    Flags::FILE => FILE,
    Flags::OBJECT => OBJECT,
    Flags::CANCEL => CANCEL,
    Flags::ABORT => ABORT,
    Flags::NONCE => NONCE_FLAG,
    0x200 => ENCRYPTED,
    0x0100_0000 => MODERN,
}
