//! The headers of version 2: a transport header and, if anything follows, a data header; big endian, from MSNP16 on.
//!
//! ```text
//! off size                              off size
//!   0   1  header length                  0   1  data header length
//!   1   1  operation (bits)               1   1  type, first chunk in bit 0
//!   2   2  message length                 2   2  package number
//!   4   4  sequence number                4   4  session id
//!   8  ..  TLVs, padded to 4              8  ..  TLVs, padded to 4
//! ```
//!
//! A TLV is a type, a length, a value; a zero byte in place of a type is padding. Source: protocol reference, P2P 4.
//! The peer-info TLV alone is little endian inside (captures settle what sources disagree on).

use nom::number::complete::{be_u8, be_u16, be_u32, be_u64, le_u16, le_u32};

use super::v1::{each_bit, session};
use crate::msnp::field::UNDECODED;
use crate::msnp::token::CodedNumber;
use crate::tree::{Base, FieldId, Kind, Read, Scribe, TextId, experts, fields, names, texts};

fields! {
    family 51;
    /// How long the transport header is, in bytes: 8 to 252, a multiple of 4, its TLVs included. Version 2, from MSNP16.
    HEADER_LENGTH: Kind::Uint32(Base::Dec) => "msnp.p2p.header_length", "Transport header length";
    /// What the packet does beside carrying data: begin an exchange (1), ask for an acknowledgement (2), both (3).
    /// Version 2, from MSNP16 on.
    OPERATION: Kind::Uint32(Base::Hex) => "msnp.p2p.operation", "Operation" in OPERATIONS;
    /// A single bit that is set in the byte above it: 1 begins an exchange, 2 asks the other program to confirm;
    /// version 2, from MSNP16 on.
    OPERATION_BIT: Kind::Uint32(Base::Hex) => "msnp.p2p.operation_bit", "Operation bit" in OPERATION_BITS;
    /// How many bytes follow the transport header, data header included, footer not; 0 when the packet carries nothing.
    /// Version 2, from MSNP16 on.
    MESSAGE_LENGTH: Kind::Uint32(Base::Dec) => "msnp.p2p.message_length", "Message length";
    /// Counts the bytes sent: the next packet’s number is this one plus the message length, from a random start, for
    /// each direction and each way between the two programs. Version 2, from MSNP16 on.
    SEQUENCE: Kind::Uint32(Base::Dec) => "msnp.p2p.sequence", "Sequence number";
    /// An extra of a header: one byte that says what, one that says how long, a value. Version 2, from MSNP16 on.
    TLV: Kind::Group => "msnp.p2p.tlv", "Extra (TLV)";
    /// What the extra is: in the transport header 1 facts about the program, 2 acknowledgement, 3 refusal; in the data header 1 bytes still to come.
    TLV_TYPE: Kind::Uint32(Base::Dec) => "msnp.p2p.tlv.type", "Type of the extra";
    /// How many bytes the value behind it has, 0 to 255, as one byte; version 2, from MSNP16 on.
    TLV_LENGTH: Kind::Uint32(Base::Dec) => "msnp.p2p.tlv.length", "Length of the extra";
    /// What an extra says whose type no source describes, as the bytes stand; version 2, from MSNP16 on.
    TLV_VALUE: Kind::Bytes => "msnp.p2p.tlv.value", "Value of the extra";
    /// All bytes below this sequence number have come: the acknowledged packet’s sequence number plus its message
    /// length. Version 2, from MSNP16 on.
    ACK_SEQUENCE: Kind::Uint32(Base::Dec) => "msnp.p2p.ack_sequence", "Acknowledged sequence number";
    /// A packet did not come as it should; which bytes are meant the sources do not settle. Version 2, from MSNP16 on.
    NAK_SEQUENCE: Kind::Uint32(Base::Dec) => "msnp.p2p.nak_sequence", "Refused sequence number";
    /// Version of the peer-to-peer protocol, usually 0x0200; sent when two programs first meet on a way.
    PEER_PROTOCOL: Kind::Uint32(Base::Hex) => "msnp.p2p.peer.protocol", "Protocol version";
    /// Which implementation of the protocol the other program has, as a number of 16 bits; usually 0.
    PEER_IMPLEMENTATION: Kind::Uint32(Base::Dec) => "msnp.p2p.peer.implementation", "Implementation";
    /// Version of the program, usually 0x0e00 (14.0, Windows Live Messenger 2009).
    PEER_VERSION: Kind::Uint32(Base::Hex) => "msnp.p2p.peer.version", "Program version";
    /// Two bytes that are kept for later; programs often leave arbitrary bytes in them.
    PEER_RESERVED: Kind::Uint32(Base::Hex) => "msnp.p2p.peer.reserved", "Reserved";
    /// What the program can do between programs, as bits whose meaning is not documented; usually 0x0000010f.
    PEER_CAPABILITIES: Kind::Uint32(Base::Hex) => "msnp.p2p.peer.capabilities", "Peer capabilities";
    /// How long the data header is, in bytes: 8, or 20 when it says how many bytes are still to come. Version 2, from
    /// MSNP16 on.
    DATA_HEADER_LENGTH: Kind::Uint32(Base::Dec) => "msnp.p2p.data_header_length", "Data header length";
    /// What the data is: 0 messages, 4 an object, 6 a file; 1 more when the chunk is the first of its message. Version
    /// 2, from MSNP16 on.
    DATA_TYPE: Kind::Uint32(Base::Hex) => "msnp.p2p.data_type", "Data type" in DATA_TYPES;
    /// Number that the chunks of a message may share; 0 as often. Version 2, from MSNP16 on.
    PACKAGE: Kind::Uint32(Base::Dec) => "msnp.p2p.package", "Package number";
    /// How many bytes of the message are still to come after this chunk; without it, none. Version 2, from MSNP16 on.
    REMAINING: Kind::Uint64(Base::Dec) => "msnp.p2p.remaining", "Remaining bytes";
}

experts! {
    HEADER_TOO_LONG: Error, Malformed => "msnp.expert.p2p-header-length", "expected a header of at least 8 bytes that fits into the packet, found a length of {0}";
    TLV_TOO_LONG: Warn, Malformed => "msnp.expert.p2p-tlv", "expected an extra of {0} bytes, found the end of the header after {1}";
}

texts! {
    EXPECTED_TRANSPORT = "expected.p2p-transport", "a transport header";
    EXPECTED_DATA = "expected.p2p-data-header", "a data header";
    NEITHER = "p2p.operation.none", "no more than to carry what follows";
    SYN = "p2p.operation.syn", "begins an exchange";
    RAK = "p2p.operation.rak", "asks for an acknowledgement";
    BOTH = "p2p.operation.both", "begins an exchange and asks for an acknowledgement";
    UNKNOWN_BIT = "p2p.operation.unknown", "not documented";
    TLV_PEER = "p2p.tlv.peer", "facts about the program";
    TLV_ACK = "p2p.tlv.ack", "acknowledgement";
    TLV_NAK = "p2p.tlv.nak", "refusal";
    TLV_REMAINING = "p2p.tlv.remaining", "bytes still to come";
    MESSAGES = "p2p.type.messages", "messages between the programs";
    MESSAGES_FIRST = "p2p.type.messages-first", "messages between the programs, first chunk";
    OBJECT = "p2p.type.object", "object";
    OBJECT_FIRST = "p2p.type.object-first", "object, first chunk";
    FILE = "p2p.type.file", "file";
    FILE_FIRST = "p2p.type.file-first", "file, first chunk";
}

/// The shortest header of either kind, in bytes.
const LEAST: usize = 8;

/// Both headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Header {
    /// Length of the transport header.
    pub length: u8,
    /// Operation, as bits.
    pub operation: u8,
    /// Bytes that follow the transport header.
    pub message_length: u16,
    /// Sequence number.
    pub sequence: u32,
    /// Acknowledged sequence number.
    pub ack: Option<u32>,
    /// What the data is, where there is some.
    pub data: Option<Data>,
}

impl Header {
    /// Bit of the operation: begins an exchange.
    pub const SYN: u8 = 1;
    /// Bit of the operation: asks for an acknowledgement.
    pub const RAK: u8 = 2;
}

/// The data header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Data {
    /// Its length.
    pub length: u8,
    /// Type, and whether the chunk is the first of its message.
    pub kind: u8,
    /// Package number.
    pub package: u16,
    /// Session, 0 for MSNSLP.
    pub session: u32,
    /// Bytes still to come.
    pub remaining: u64,
}

impl Data {
    /// Whether the chunk is the first of its message.
    #[must_use]
    pub fn first(self) -> bool {
        self.kind & 1 != 0
    }

    /// Whether its type says that it is of an object or of a file.
    #[must_use]
    pub fn is_object_or_file(self) -> bool {
        matches!(self.class(), 2 | 3)
    }

    /// The type without that: 0 messages, 2 object, 3 file.
    #[must_use]
    pub fn class(self) -> u8 {
        self.kind >> 1
    }
}

/// `header = length operation message-length sequence *tlv [ data-header ]`
///
/// # Errors
/// Stops when the bytes end inside it, or its length is absurd.
pub fn header(s: &mut Scribe<'_, '_>) -> Read<Header> {
    let start = s.position();
    let there = s.rest().len();
    let length = header_length(s, HEADER_LENGTH, there)?;
    let (_, operation) = s.look(1, EXPECTED_TRANSPORT, be_u8)?;
    s.take_bits(OPERATION, 1, CodedNumber(operation.into(), operation_name(operation.into())), |s, span| {
        each_bit(s, span, OPERATION_BIT, operation.into(), |bit| bit_name(bit).unwrap_or(UNKNOWN_BIT));
    });
    let message_length = s.fixed(MESSAGE_LENGTH, 2, EXPECTED_TRANSPORT, be_u16)?;
    let sequence = s.fixed(SEQUENCE, 4, EXPECTED_TRANSPORT, be_u32)?;
    let mut header = Header { length, operation, message_length, sequence, ..Header::default() };
    let extras = usize::from(length).saturating_sub(s.position().saturating_sub(start));
    let mut value = |s: &mut Scribe<'_, '_>, kind, length| transport_value(s, kind, length, &mut header);
    s.limit(extras, UNDECODED, |s| tlvs(s, transport_name, &mut value));
    if message_length > 0 {
        header.data = Some(data_header(s)?);
    }
    Ok(header)
}

/// Whether a packet may carry a message, or a piece of one, told by where its headers say so: what is data of an object or
/// a file has a session and its type.
pub(super) fn may_be_message(packet: &[u8]) -> bool {
    let [length, _, high, low, ..] = packet else { return false };
    let data = packet.get(usize::from(*length)..).unwrap_or_default();
    match data {
        _ if [*high, *low] == [0, 0] => false,
        [_, kind, _, _, session @ ..] => {
            let session = session.first_chunk::<4>().copied().unwrap_or_default();
            session == [0; 4] || !Data { kind: *kind, ..Data::default() }.is_object_or_file()
        }
        _ => false,
    }
}

fn data_header(s: &mut Scribe<'_, '_>) -> Read<Data> {
    let start = s.position();
    let there = s.rest().len();
    let length = header_length(s, DATA_HEADER_LENGTH, there)?;
    let (_, kind) = s.look(1, EXPECTED_DATA, be_u8)?;
    s.take(DATA_TYPE, 1, CodedNumber(kind.into(), type_name(kind.into())));
    let package = s.fixed(PACKAGE, 2, EXPECTED_DATA, be_u16)?;
    let session = session(s, be_u32)?;
    let mut remaining = 0;
    let extras = usize::from(length).saturating_sub(s.position().saturating_sub(start));
    let mut value = |s: &mut Scribe<'_, '_>, kind, length| match (kind, length) {
        (1, 8) => s.fixed(REMAINING, 8, EXPECTED_DATA, be_u64).map(|bytes| remaining = bytes),
        _ => other_value(s, length),
    };
    s.limit(extras, UNDECODED, |s| tlvs(s, data_name, &mut value));
    Ok(Data { length, kind, package, session, remaining })
}

fn header_length(s: &mut Scribe<'_, '_>, field: FieldId, there: usize) -> Read<u8> {
    let (_, length) = s.look(1, EXPECTED_TRANSPORT, be_u8)?;
    let span = s.here(1);
    s.take(field, 1, length);
    if usize::from(length) < LEAST || usize::from(length) > there {
        s.expert_at(HEADER_TOO_LONG, span, [u32::from(length).into()]);
        return Err(crate::tree::Stop);
    }
    Ok(length)
}

/// `tlv = type length value / %x00`
fn tlvs(
    s: &mut Scribe<'_, '_>,
    name: fn(u8) -> Option<TextId>,
    value: &mut dyn FnMut(&mut Scribe<'_, '_>, u8, usize) -> Read<()>,
) {
    loop {
        let padding = s.rest().iter().take_while(|byte| **byte == 0).count();
        s.skip(padding);
        let (kind, length) = match s.rest() {
            [] | [_] => return,
            [kind, length, ..] => (*kind, usize::from(*length)),
        };
        let whole = s.rest().len().saturating_sub(2);
        if length > whole {
            s.expert_at(TLV_TOO_LONG, s.here(2), [length.into(), whole.into()]);
            return;
        }
        s.group(TLV, |s| {
            s.take(TLV_TYPE, 1, CodedNumber(kind.into(), name(kind)));
            s.take(TLV_LENGTH, 1, u32::try_from(length).unwrap_or(u32::MAX));
            // What a value leaves is recorded by the limit.
            s.limit(length, TLV_VALUE, |s| value(s, kind, length).unwrap_or_default());
        });
    }
}

fn transport_value(s: &mut Scribe<'_, '_>, kind: u8, length: usize, header: &mut Header) -> Read<()> {
    match (kind, length) {
        (1, 12) => peer_info(s)?,
        (2, 4) => header.ack = Some(s.fixed(ACK_SEQUENCE, 4, EXPECTED_TRANSPORT, be_u32)?),
        (3, 4) => drop(s.fixed(NAK_SEQUENCE, 4, EXPECTED_TRANSPORT, be_u32)?),
        _ => other_value(s, length)?,
    }
    Ok(())
}

/// `peer-info = protocol implementation version reserved capabilities`, little endian
fn peer_info(s: &mut Scribe<'_, '_>) -> Read<()> {
    s.fixed(PEER_PROTOCOL, 2, EXPECTED_TRANSPORT, le_u16)?;
    s.fixed(PEER_IMPLEMENTATION, 2, EXPECTED_TRANSPORT, le_u16)?;
    s.fixed(PEER_VERSION, 2, EXPECTED_TRANSPORT, le_u16)?;
    s.fixed(PEER_RESERVED, 2, EXPECTED_TRANSPORT, le_u16)?;
    s.fixed(PEER_CAPABILITIES, 4, EXPECTED_TRANSPORT, le_u32)?;
    Ok(())
}

fn other_value(s: &mut Scribe<'_, '_>, length: usize) -> Read<()> {
    if length > 0 {
        s.rest_as_bytes(TLV_VALUE);
    }
    Ok(())
}

names! {
    /// What the byte of the operation says as a whole.
    OPERATIONS, operation_name;
    0 => NEITHER,
    1 => SYN,
    2 => RAK,
    3 => BOTH,
}

fn transport_name(kind: u8) -> Option<TextId> {
    match kind {
        1 => Some(TLV_PEER),
        2 => Some(TLV_ACK),
        3 => Some(TLV_NAK),
        _ => None,
    }
}

fn data_name(kind: u8) -> Option<TextId> {
    (kind == 1).then_some(TLV_REMAINING)
}

names! {
    /// What a bit of the operation says.
    OPERATION_BITS, bit_name;
    1 => SYN,
    2 => RAK,
}

names! {
    /// What the data are.
    DATA_TYPES, type_name;
    0 => MESSAGES,
    1 => MESSAGES_FIRST,
    4 => OBJECT,
    5 => OBJECT_FIRST,
    6 => FILE,
    7 => FILE_FIRST,
}
