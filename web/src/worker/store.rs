//! Everything that was read: commands with their bytes and contexts, connections, gaps, and who answers whom.
//!
//! Commands are numbered as the analysis completes them, which after a loss is later than they were sent. People read
//! them in the order of their packets: [`Key`].

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;

use msnp_dissector::analysis::{self, End, Gap, Link, Links, Rooms, StreamInfo, Unanswered};
use msnp_dissector::capture::Timestamp;
use msnp_dissector::msnp::{Context, Pdu, PduKind, Server, Verb};
use msnp_dissector::transport::Handshake;
use msnp_dissector::tree::Assembly;

use super::arena::{Arena, Place};
use super::frames::Frames;
use super::milestones::{Milestones, Owners};
use crate::protocol::{Moment, Quiet, Role, Scope};

mod filling;

/// What commands are ordered by: the packet that completed them, then their number.
pub type Key = (u64, u32);

/// One command.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    /// Packet that completed it.
    pub frame: u64,
    /// Time of that packet.
    pub time: Timestamp,
    /// Index into [`Store::streams`].
    pub stream: u32,
    /// The TCP connection of that packet.
    pub tcp_stream: u32,
    /// What dissection needs to know of the past.
    pub context: Context,
    kind: PduKind,
    place: Place,
    line: u32,
    announced: usize,
    from_client: bool,
    /// Number of what it completes in [`Store::assemblies`], from 1; 0 for nothing.
    completes: u32,
    /// Whether it is one of those that repeat for hours.
    pub quiet: Option<Quiet>,
}

impl Record {
    /// Its length in bytes.
    #[must_use]
    pub const fn len(&self) -> u32 {
        self.place.len()
    }

    /// Length of its line.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }

    /// True when it has no bytes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.place.is_empty()
    }

    /// Whether the client sent it.
    #[must_use]
    pub const fn from_client(&self) -> bool {
        self.from_client
    }
}

/// One connection.
#[derive(Debug, Clone)]
pub struct Stream {
    /// What is known of it.
    pub info: StreamInfo,
    /// The capture that it begins in, by its place among several.
    pub capture: u32,
    /// What kind of server it talks to.
    pub role: Role,
    /// Its first command.
    pub first: Key,
    /// Its last command so far.
    pub last: Key,
    /// Commands so far.
    pub commands: u32,
    /// Bytes in them.
    pub bytes: u64,
    /// Bytes lost.
    pub lost: u64,
    /// Time of the first and of the last command.
    pub span: (Timestamp, Timestamp),
    /// Whether its end was captured.
    pub closed: bool,
    /// The packet that ended it, if that was captured.
    pub ended: Option<u64>,
    /// Commands that tell how it went.
    pub milestones: Milestones,
    /// What its commands say of its chat room.
    pub rooms: Rooms,
}

impl Stream {
    /// Whether its beginning was captured.
    #[must_use]
    pub fn opened(&self) -> bool {
        self.info.handshake == Handshake::Seen
    }

    /// Where it begins: with its first packet.
    #[must_use]
    pub fn begin(&self) -> Key {
        self.first.min((self.info.frame, 0))
    }

    /// Where it ends, if that was captured.
    #[must_use]
    pub fn end(&self) -> Option<Key> {
        self.ended.map(|frame| self.last.max((frame, u32::MAX)))
    }
}

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Store {
    records: Vec<Option<Record>>,
    /// Numbers of all commands, in the order of their keys.
    order: Vec<u32>,
    arena: Arena,
    /// Messages that commands complete.
    assemblies: Vec<Assembly>,
    /// All packets.
    pub frames: Frames,
    /// Connections, in the order in which they turned out to carry MSNP.
    pub streams: Vec<Stream>,
    by_number: HashMap<u32, usize>,
    /// Who answers whom.
    pub links: Links,
    /// Requests that nobody answered, by connection.
    pub unanswered: Vec<Unanswered>,
    unanswered_numbers: HashSet<u32>,
    /// Client and server of each TCP connection.
    ends: HashMap<u32, (SocketAddr, SocketAddr)>,
    /// Bytes that were not captured, in order.
    pub gaps: Vec<Gap>,
    /// Ends of connections.
    pub ended: Vec<End>,
    /// Time of the capture's first packet.
    begin: Timestamp,
    /// Commands per verb, and the first with it.
    pub verbs: HashMap<Option<Verb>, (u32, u32)>,
    /// Whose connections they are.
    pub owners: Owners,
    /// Rooms to which somebody was seen being invited.
    rung: HashSet<Vec<u8>>,
    /// Commands that are here.
    pub commands: u32,
    /// Bytes in them.
    pub command_bytes: u64,
    /// Lowest key that came after a higher one since somebody last asked: lists that are past it must go back.
    late: Option<Key>,
}

impl Store {
    /// The highest number of a command.
    #[must_use]
    pub fn last_number(&self) -> u32 {
        u32::try_from(self.records.len()).unwrap_or(u32::MAX)
    }

    /// A command, by its number.
    #[must_use]
    pub fn record(&self, number: u32) -> Option<&Record> {
        self.records.get(index(number)?)?.as_ref()
    }

    /// A command with its bytes, as the library wants it.
    #[must_use]
    pub fn pdu(&self, record: &Record) -> Pdu<'_> {
        let bytes = self.arena.bytes(record.place);
        let completes = index(record.completes).and_then(|at| self.assemblies.get(at));
        Pdu { bytes, line: record.line as usize, announced: record.announced, kind: record.kind, completes }
    }

    /// A command as the analysis told it.
    #[must_use]
    pub fn command(&self, number: u32) -> Option<analysis::Command<'_>> {
        let record = self.record(number)?;
        let (source, destination) = self.ends(record)?;
        let info = &self.stream(record)?.info;
        Some(analysis::Command {
            number,
            frame: record.frame,
            time: record.time,
            begin: self.begin,
            stream: info.stream,
            tcp_stream: record.tcp_stream,
            tunnel: info.tunnel.as_deref(),
            source,
            destination,
            context: record.context,
            request: self.request(record),
            room: self.stream(record)?.rooms.at(number),
            pdu: self.pdu(record),
            // The bytes are here: nobody has to read them from the file.
            place: analysis::Place::default(),
        })
    }

    /// The command that one answers.
    #[must_use]
    pub fn request(&self, record: &Record) -> Option<Link> {
        let number = record.context.answers?.pdu;
        let asked = self.record(number)?;
        Some(Link::new(number, asked.frame, asked.time, record.time))
    }

    /// Whether a command is a request that nobody answered.
    #[must_use]
    pub fn stays_unanswered(&self, number: u32) -> bool {
        self.unanswered_numbers.contains(&number)
    }

    /// The connection of a command.
    #[must_use]
    pub fn stream(&self, record: &Record) -> Option<&Stream> {
        self.streams.get(record.stream as usize)
    }

    /// Who sent a command, and to whom.
    #[must_use]
    pub fn ends(&self, record: &Record) -> Option<(SocketAddr, SocketAddr)> {
        let (client, server) = *self.ends.get(&record.tcp_stream)?;
        Some(if record.from_client { (client, server) } else { (server, client) })
    }

    /// Index of a connection, by its number in the capture.
    #[must_use]
    pub fn stream_index(&self, number: u32) -> Option<u32> {
        self.by_number.get(&number).and_then(|index| u32::try_from(*index).ok())
    }

    /// Numbers of all commands, in the order of their packets.
    #[must_use]
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// The commands that a packet completes, by the first of them.
    pub fn of_packet(&self, number: u32) -> impl Iterator<Item = u32> {
        self.at_packet(self.key(number).0)
    }

    /// Commands that a packet completes.
    pub fn at_packet(&self, frame: u64) -> impl Iterator<Item = u32> {
        let rest = self.order.get(self.position((frame, 0))..).unwrap_or_default();
        rest.iter().copied().take_while(move |number| self.key(*number).0 == frame)
    }

    /// Commands that end behind a packet, in the order of their packets.
    pub fn behind(&self, frame: u64) -> impl Iterator<Item = u32> {
        self.order.get(self.position((frame.saturating_add(1), 0))..).unwrap_or_default().iter().copied()
    }

    /// The key of a command.
    #[must_use]
    pub fn key(&self, number: u32) -> Key {
        (self.record(number).map_or(u64::MAX, |record| record.frame), number)
    }

    /// How many commands come before a key.
    #[must_use]
    pub fn position(&self, key: Key) -> usize {
        self.order.partition_point(|number| self.key(*number) < key)
    }

    /// Whether a command says that somebody is being called of whose side nothing was captured.
    #[must_use]
    pub fn rings_unseen(&self, number: u32, record: &Record) -> bool {
        let rings = self.stream(record).is_some_and(|stream| stream.milestones.ringing.contains(&number));
        rings && self.pdu(record).words().nth(3).is_some_and(|room| !self.rung.contains(room))
    }

    /// Whom a command says that is being called.
    #[must_use]
    pub fn called(&self, record: &Record) -> Option<String> {
        let asked = self.record(record.context.answers?.pdu)?;
        self.pdu(asked).words().nth(2).map(msnp_dissector::tree::lossy)
    }

    /// Whether a connection is one of those that a list is about.
    #[must_use]
    pub fn is_in(&self, stream: &Stream, scope: Scope) -> bool {
        match scope {
            Scope::All => true,
            Scope::Connection(number) => stream.info.stream == number,
            Scope::Account(owner) => self.owners.of(&stream.info) == Some(owner),
            Scope::Capture(at) => stream.capture == at,
        }
    }

    /// The lowest key that came late since the last call.
    pub fn take_late(&mut self) -> Option<Key> {
        self.late.take()
    }

    /// The server's role in a context.
    #[must_use]
    pub const fn role(context: &Context) -> Role {
        match context.server {
            _ if context.between_peers => Role::Peer,
            Server::Dispatch => Role::Dispatch,
            Server::Notification => Role::Notification,
            Server::Switchboard => Role::Switchboard,
            Server::Unknown => Role::Unknown,
        }
    }
}

/// A time as the page knows it.
#[must_use]
pub const fn moment(time: Timestamp) -> Moment {
    Moment { seconds: time.seconds, nanos: time.nanos, absent: time.absent }
}

fn index(number: u32) -> Option<usize> {
    number.checked_sub(1).map(|index| index as usize)
}
