//! One packet: a header of either version, a chunk of data, and on a switchboard a footer.
//!
//! Comes in: the bytes of the packet, and what carries it. Goes out: what it is for ([`Role`]) and where its data stand.
//! Lengths in headers are not always true; what is there counts, and an expert says what was promised.
//!
//! Source: protocol reference, P2P 2, 3.3, 3.5, 5. Where the versions cannot be told apart by the addresses, structure
//! tells.

use nom::number::complete::be_u32;

use super::slp::{self, Slp};
use super::v1::{self, Flags};
use super::webcam::Camera;
use super::{Version, signal, v2};
use crate::msnp::token::coded_binary;
use crate::tree::{Assembly, Base, Kind, Record, Scribe, Span, Text, TextId, Value, experts, fields, lossy, texts};

fields! {
    family 52;
    /// One packet that goes from program to program: a header, a chunk of a picture, file or message, and on a switchboard four bytes more.
    PACKET: Kind::Group => "msnp.p2p", "Peer-to-peer packet";
    /// Which version of the peer-to-peer protocol the packet is in: 1 from MSNP9, 2 from MSNP16, where both ends name their devices.
    VERSION: Kind::Uint32(Base::Dec) => "msnp.p2p.version", "Peer-to-peer version";
    /// Bytes of a picture, file or other object from the program that has it; they begin at the packet’s offset in it.
    DATA: Kind::Bytes => "msnp.p2p.data", "Data", Text;
    /// Four zero bytes that the owner’s program sends before the first data of an object; they say that it will follow.
    PREPARATION: Kind::Bytes => "msnp.p2p.preparation", "Data preparation";
    /// A piece of a message between the programs that is too long for one packet; the packet that completes it shows it whole. A secret of theirs may be in it, or half of one.
    PIECE: Kind::Text => "msnp.p2p.piece", "Piece of a message", Secret;
    /// Bytes that stand in the packet although its header, as the sender’s program wrote it, does not count them.
    UNCOUNTED: Kind::Bytes => "msnp.p2p.uncounted", "Uncounted bytes", Text;
    /// Last four bytes of a packet on a switchboard, big endian: by the book the AppID of the invitation that the data belong to, and 0 for MSNSLP; programs do not keep to it.
    FOOTER: Kind::Uint32(Base::Dec) => "msnp.p2p.footer", "Footer" in slp::application::APP_IDS;
}

experts! {
    FOOTER_MISSING: Note, Malformed => "msnp.expert.p2p-footer", "expected four bytes behind the data, found the end of the packet";
    LENGTH_UNTRUE: Warn, Malformed => "msnp.expert.p2p-length", "expected {0} bytes of data, as the header counts, found {1}";
    LENGTH_ZERO: Warn, Malformed => "msnp.expert.p2p-length-zero", "expected no data, as the header counts none, found {0} bytes; they are used only where nothing else comes";
    LENGTH_ZERO_WHOLE: Note, Malformed => "msnp.expert.p2p-length-zero-whole", "expected no data, as the header counts none, found all {0} bytes of the message; they are taken";
    BEYOND_TOTAL: Warn, Malformed => "msnp.expert.p2p-beyond", "expected this chunk to end by {1}, where its message does, found that it ends at {0}";
    NO_VERSION: Error, Malformed => "msnp.expert.p2p-version", "expected a peer-to-peer header of version 1 or 2, found neither";
}

texts! {
    JOINED_SOURCE = "source.p2p", "Joined peer-to-peer message";
    MAY_BE_SECRET = "p2p.piece", "perhaps with a secret in it";
    BY_DEVICES = "p2p.version.devices", "version 2: the addresses name devices";
    BY_ADDRESS = "p2p.version.address", "version 1: the addresses name no devices";
    BY_STRUCTURE = "p2p.version.structure", "taken from the structure of the header";
}

/// What carries a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrapping {
    /// Which version the addresses around it name, if there are addresses.
    pub version: Option<Version>,
    /// Whether four bytes come behind the data.
    pub footer: bool,
    /// Whether bytes of the packet are missing at its end.
    pub cut: bool,
}

/// What a packet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// Carries nothing, or nothing that can be told.
    #[default]
    Nothing,
    /// MSNSLP.
    Signalling,
    /// Says that an object will follow.
    Preparation,
    /// Data of an object: picture, emoticon, wink, voice clip.
    Object,
    /// Data of a file.
    File,
    /// A message about a webcam, an activity or a game.
    Message,
    /// Handwriting.
    Ink,
    /// Acknowledges.
    Acknowledgement,
    /// Asks to go on from an offset.
    Reposition,
    /// Waits for an answer.
    Waiting,
    /// Reports a fault.
    Fault,
    /// The sender of the data gives up.
    Cancel,
    /// The receiver of the data gives up.
    Abort,
    /// Greets on a direct connection.
    Nonce,
}

/// Either header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Header {
    /// Version 1.
    V1(v1::Header),
    /// Version 2.
    V2(v2::Header),
}

/// One packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Its header.
    pub header: Header,
    /// What it is for.
    pub role: Role,
    /// Where its data stand, as far as they are there.
    pub data: Span,
    /// Whether the header counts them.
    pub counted: bool,
    /// The MSNSLP message that it is, or completes.
    pub slp: Option<Box<Slp>>,
    /// The webcam that its message describes.
    pub camera: Option<Box<Camera>>,
    /// For what its footer says that it is.
    pub application: Option<u32>,
}

impl Packet {
    /// How many bytes of data its header counts.
    #[must_use]
    pub fn promised(&self) -> u32 {
        match &self.header {
            Header::V1(header) => header.length,
            Header::V2(header) => {
                header.data.map_or(0, |data| header.message_length.saturating_sub(data.length.into()).into())
            }
        }
    }

    /// The session it belongs to; 0 for MSNSLP and for packets that carry nothing in version 2.
    #[must_use]
    pub fn session(&self) -> u32 {
        match &self.header {
            Header::V1(header) => header.session,
            Header::V2(header) => header.data.map_or(0, |data| data.session),
        }
    }
}

/// Reads all that is left as one packet. `completes` is the message that it completes together with packets before it.
/// `None` when there is no header.
pub fn packet(s: &mut Scribe<'_, '_>, wrapping: Wrapping, completes: Option<&Assembly>) -> Option<Packet> {
    s.group(PACKET, |s| {
        let version = version(s, wrapping)?;
        let header = match version {
            Version::One => Header::V1(v1::header(s).ok()?),
            Version::Two => Header::V2(v2::header(s).ok()?),
        };
        let mut packet = Packet {
            header,
            role: Role::Nothing,
            data: s.here(0),
            counted: true,
            slp: None,
            camera: None,
            application: None,
        };
        let layout = layout(s, &packet.header, wrapping);
        packet.counted = !layout.doubted;
        let bytes = s.rest().get(..layout.data).unwrap_or_default();
        packet.role = role(&packet.header, bytes);
        packet.data = s.here(layout.data);
        if layout.data > 0 {
            s.limit(layout.data, DATA, |s| data(s, &mut packet));
        }
        if let Some(assembly) = completes {
            s.assembled(JOINED_SOURCE.text(), assembly, |s| message(s, &mut packet));
        }
        s.limit(layout.uncounted, UNCOUNTED, |_| ());
        if layout.footer {
            let footer = coded_binary(be_u32, slp::application::app_id);
            packet.application = s.fixed(FOOTER, 4, v1::EXPECTED_HEADER, footer).ok().map(|footer| footer.0);
        }
        Some(packet)
    })
}

/// Which version it is, and why, recorded; `None` when there is no header.
fn version(s: &mut Scribe<'_, '_>, wrapping: Wrapping) -> Option<Version> {
    let bytes = s.rest();
    let (version, why) = version_of(bytes, wrapping);
    if bytes.len() < 8 || (version == Version::One && bytes.len() < v1::LENGTH_OF_HEADER && !wrapping.cut) {
        s.expert_at(NO_VERSION, s.here(bytes.len()), []);
        return None;
    }
    s.generated(VERSION, s.here(0), Value::Uint(version.number().into()), Some(why.text()));
    Some(version)
}

/// Which version it is, and why: by the addresses around it, unless the header makes no sense so.
fn version_of(bytes: &[u8], wrapping: Wrapping) -> (Version, TextId) {
    match wrapping.version {
        Some(Version::Two) => (Version::Two, BY_DEVICES),
        Some(Version::One) if looks_like_two(bytes) && absurd(bytes) => (Version::Two, BY_STRUCTURE),
        Some(Version::One) => (Version::One, BY_ADDRESS),
        // Lengths of a packet that is cut, or that ends elsewhere than what is around it says, fit neither version.
        None if (wrapping.cut || holds_two(bytes)) && looks_like_two(bytes) && absurd(bytes) => {
            (Version::Two, BY_STRUCTURE)
        }
        None => (by_structure(bytes, wrapping.footer), BY_STRUCTURE),
    }
}

/// Whether a packet may be a piece of a message between the programs, told by a few bytes of its head: data of pictures and
/// files, which most packets are, need not be read for that, nor what carries nothing.
pub(super) fn may_be_message(bytes: &[u8], wrapping: Wrapping) -> bool {
    match version_of(bytes, wrapping).0 {
        Version::One => v1::may_be_message(bytes),
        Version::Two => v2::may_be_message(bytes),
    }
}

/// A header of version 1 with these bytes could not be meant.
fn absurd(bytes: &[u8]) -> bool {
    /// No message is longer, in bytes.
    const CEILING: u64 = 1 << 40;
    match v1::header(&mut Scribe::new(bytes, crate::tree::Recording::Nothing)) {
        Ok(header) => (header.offset > header.total && !header.flags.control()) || header.total > CEILING,
        Err(_) => true,
    }
}

pub(super) fn looks_like_two(bytes: &[u8]) -> bool {
    matches!(bytes, [length, operation, ..] if *length >= 8 && length % 4 == 0 && *operation <= 3)
}

/// Whether all of a packet of version 2 is there, and perhaps more.
fn holds_two(bytes: &[u8]) -> bool {
    let [length, _, high, low, ..] = bytes else { return false };
    usize::from(*length) + usize::from(u16::from_be_bytes([*high, *low])) <= bytes.len()
}

/// Source: protocol reference, P2P 5, rule 3: lengths that fit tell version 2; version 1 begins with 0 for MSNSLP.
pub fn by_structure(bytes: &[u8], footer: bool) -> Version {
    let footer = if footer { 4 } else { 0 };
    let [length, _, high, low, ..] = bytes else { return Version::One };
    let message = usize::from(u16::from_be_bytes([*high, *low]));
    let fits = usize::from(*length).saturating_add(message).saturating_add(footer) == bytes.len();
    let one = || {
        v1::header(&mut Scribe::new(bytes, crate::tree::Recording::Nothing)).is_ok_and(|header| {
            let data = usize::try_from(header.length).unwrap_or(usize::MAX);
            v1::LENGTH_OF_HEADER.saturating_add(data).saturating_add(footer) == bytes.len()
        })
    };
    if looks_like_two(bytes) && fits && !one() { Version::Two } else { Version::One }
}

/// How the bytes behind the header divide.
struct Layout {
    data: usize,
    uncounted: usize,
    footer: bool,
    /// The header does not count the data at all.
    doubted: bool,
}

fn layout(s: &mut Scribe<'_, '_>, header: &Header, wrapping: Wrapping) -> Layout {
    let there = s.rest().len();
    let (counted, wanted, total) = match header {
        Header::V1(header) => {
            // Some programs leave the total out.
            let left = if header.total == 0 { u64::MAX } else { header.total.saturating_sub(header.offset) };
            let length = u64::from(header.length);
            let wanted = if header.flags.control() { length } else { length.min(left) };
            let end = header.offset.saturating_add(length);
            if end > header.total && !header.flags.control() && there as u64 >= length {
                s.expert_at(BEYOND_TOTAL, s.here(0), [end.into(), header.total.into()]);
            }
            (length, wanted, (!header.flags.control()).then_some(header.total))
        }
        Header::V2(header) => {
            let data = header.data.map_or(0, |data| header.message_length.saturating_sub(data.length.into()));
            (data.into(), data.into(), None)
        }
    };
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    let footer_fits = wrapping.footer && there >= 4;
    if there == wanted || wrapping.cut && there < wanted.saturating_add(4) {
        if wrapping.footer && !wrapping.cut {
            s.expert_at(FOOTER_MISSING, s.here(there), []);
        }
        let data = there.min(wanted);
        return Layout { data, uncounted: there - data, footer: false, doubted: false };
    }
    let room = if footer_fits { there - 4 } else { there };
    let mut layout = Layout { data: room.min(wanted), uncounted: 0, footer: footer_fits, doubted: false };
    layout.uncounted = room - layout.data;
    if layout.data == 0
        && counted == 0
        && layout.uncounted > 0
        && let Some(total) = total
    {
        let whole = layout.uncounted as u64 == total;
        (layout.data, layout.uncounted) = (layout.uncounted, 0);
        layout.doubted = !whole;
        let expert = if whole { LENGTH_ZERO_WHOLE } else { LENGTH_ZERO };
        s.expert_at(expert, s.here(layout.data), [layout.data.into()]);
    } else if room as u64 != counted {
        s.expert_at(LENGTH_UNTRUE, s.here(room), [counted.into(), room.into()]);
    }
    layout
}

fn role(header: &Header, data: &[u8]) -> Role {
    match header {
        Header::V1(header) => {
            let flags = header.flags;
            let by_flag = [
                (Flags::NONCE, Role::Nonce),
                (Flags::ACK, Role::Acknowledgement),
                (Flags::NAK, Role::Reposition),
                (Flags::FAULT, Role::Fault),
                (Flags::CANCEL, Role::Cancel),
                (Flags::ABORT, Role::Abort),
                (Flags::WAITING, Role::Waiting),
            ];
            if let Some((_, role)) = by_flag.iter().find(|(flag, _)| flags.has(*flag)) {
                return *role;
            }
            match (header.session, flags.has(Flags::OBJECT), flags.has(Flags::FILE)) {
                (0, ..) if header.total == 0 => Role::Nothing,
                (0, ..) => Role::Signalling,
                (_, true, true) => Role::File,
                (_, true, false) => Role::Object,
                (session, ..) => in_session(session, data),
            }
        }
        Header::V2(header) => match header.data {
            None => Role::Nothing,
            Some(head) => match (head.session, head.class()) {
                (0, _) => Role::Signalling,
                (_, 2) => Role::Object,
                (_, 3) => Role::File,
                (session, _) => in_session(session, data),
            },
        },
    }
}

/// What is not marked as data of an object or a file, in a session.
fn in_session(session: u32, data: &[u8]) -> Role {
    match data {
        [] => Role::Nothing,
        [0, 0, 0, 0] => Role::Preparation,
        _ if session == super::INK_SESSION => Role::Ink,
        _ => Role::Message,
    }
}

/// Whether a packet’s data are a whole message.
pub(super) fn is_whole(header: &Header, data: usize) -> bool {
    match header {
        Header::V1(header) => header.offset == 0 && header.total == data as u64,
        Header::V2(header) => header.data.is_some_and(|data| data.first() && data.remaining == 0),
    }
}

fn data(s: &mut Scribe<'_, '_>, packet: &mut Packet) {
    let rest = s.rest();
    match packet.role {
        Role::Preparation => drop(s.take(PREPARATION, rest.len(), rest)),
        Role::Signalling | Role::Message | Role::Ink if is_whole(&packet.header, rest.len()) => message(s, packet),
        Role::Signalling => drop(s.take(PIECE, rest.len(), Piece(rest))),
        Role::Message | Role::Ink => drop(s.take(signal::OTHER, rest.len(), rest)),
        _ => drop(s.take(DATA, rest.len(), rest)),
    }
}

/// A whole message between the programs.
fn message(s: &mut Scribe<'_, '_>, packet: &mut Packet) {
    match packet.role {
        Role::Signalling => packet.slp = Some(Box::new(s.group(slp::MESSAGE, slp::slp))),
        Role::Ink => signal::ink(s),
        _ => packet.camera = signal::signal(s).map(Box::new),
    }
}

/// Bytes of a text that may be cut anywhere.
struct Piece<'a>(&'a [u8]);

impl Record for Piece<'_> {
    fn value(&self) -> Value {
        Value::Text(lossy(self.0))
    }

    fn label(&self) -> Option<Text> {
        Some(MAY_BE_SECRET.text())
    }
}
