//! Everything that was read: commands with their bytes and contexts, connections, gaps, and who answers whom.
//!
//! Commands are numbered as the analysis completes them, which after a loss is later than they were sent. People read
//! them in the order of their packets: [`Key`].

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, SocketAddr};

use msnp_dissector::analysis::{self, End, Gap, Link, Links, Sink, StreamInfo, Unanswered};
use msnp_dissector::capture::Timestamp;
use msnp_dissector::msnp::{Context, Direction, Pdu, PduKind, Server, Verb, verb};
use msnp_dissector::transport::{Handshake, How};
use msnp_dissector::tree::Assembly;

use super::arena::{Arena, Place};
use super::milestones::{Milestones, Owners, quiet};
use crate::protocol::{Moment, Quiet, Role, Scope};

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

    fn put(&mut self, number: u32, record: Record) {
        let Some(at) = index(number) else { return };
        if at >= self.records.len() {
            self.records.resize(at + 1, None);
        }
        if let Some(slot) = self.records.get_mut(at) {
            *slot = Some(record);
        }
        let key = (record.frame, number);
        if self.order.last().is_none_or(|last| self.key(*last) < key) {
            self.order.push(number);
        } else {
            // Commands come late by little: what has to move is short.
            self.order.insert(self.position(key), number);
            self.note_late(key);
        }
    }

    /// It is known from now on whose connections a machine's are: lists of one account's commands go back for them.
    fn note_owner(&mut self, client: IpAddr) {
        let own = self.streams.iter().filter(|stream| stream.commands > 0 && stream.info.client.ip() == client);
        if let Some(first) = own.map(|stream| stream.first).min() {
            self.note_late(first);
        }
    }

    fn note_late(&mut self, key: Key) {
        self.late = Some(self.late.map_or(key, |late| late.min(key)));
    }
}

impl Sink for Store {
    fn stream(&mut self, info: &StreamInfo) {
        self.by_number.insert(info.stream, self.streams.len());
        self.streams.push(Stream {
            info: info.clone(),
            capture: 0,
            role: Role::Unknown,
            first: Key::default(),
            last: Key::default(),
            commands: 0,
            bytes: 0,
            lost: 0,
            span: (info.time, info.time),
            closed: false,
            ended: None,
            milestones: Milestones::default(),
        });
    }

    fn command(&mut self, command: &analysis::Command<'_>) {
        let Some(stream) = self.stream_index(command.stream) else { return };
        self.begin = command.begin;
        let bytes = command.pdu.bytes;
        let from_client = match command.context.direction {
            Direction::ToServer => true,
            Direction::ToClient => false,
            Direction::Unknown => self.streams.get(stream as usize).is_some_and(|s| s.info.client == command.source),
        };
        let completes = command.pdu.completes.map_or(0, |assembly| {
            self.assemblies.push(assembly.clone());
            u32::try_from(self.assemblies.len()).unwrap_or(0)
        });
        let (source, destination) = (command.source, command.destination);
        self.ends.insert(command.tcp_stream, if from_client { (source, destination) } else { (destination, source) });
        let record = Record {
            frame: command.frame,
            time: command.time,
            stream,
            tcp_stream: command.tcp_stream,
            context: command.context,
            kind: command.pdu.kind,
            place: self.arena.keep(bytes),
            line: u32::try_from(command.pdu.line).unwrap_or(u32::MAX),
            announced: command.pdu.announced,
            from_client,
            completes,
            quiet: quiet(&command.pdu),
        };
        if let Some(stream) = self.streams.get_mut(stream as usize) {
            stream.note(command, Self::role(&command.context));
            stream.milestones.note(command.number, &command.pdu, from_client);
            let client = stream.info.client.ip();
            if self.owners.note(&stream.info, &command.pdu, from_client) {
                self.note_owner(client);
            }
        }
        self.commands = self.commands.saturating_add(1);
        self.command_bytes = self.command_bytes.saturating_add(bytes.len() as u64);
        if command.pdu.verb() == Some(verb::RNG) {
            self.rung.extend(command.pdu.words().nth(1).map(<[u8]>::to_vec));
        }
        let verb = self.verbs.entry(command.pdu.verb()).or_insert((0, command.number));
        *verb = (verb.0.saturating_add(1), verb.1.min(command.number));
        self.links.note(command.number, &command.context);
        self.put(command.number, record);
    }

    fn gap(&mut self, gap: &Gap) {
        if let Some(stream) = self.by_number.get(&gap.stream).and_then(|index| self.streams.get_mut(*index)) {
            stream.lost = stream.lost.saturating_add(gap.length);
        }
        let at = self.gaps.partition_point(|earlier| earlier.frame <= gap.frame);
        self.gaps.insert(at, *gap);
        self.note_late((gap.frame, 0));
    }

    fn unanswered(&mut self, request: &Unanswered) {
        self.unanswered.push(*request);
        self.unanswered_numbers.insert(request.pdu);
    }

    fn end(&mut self, end: &End) {
        self.ended.push(*end);
        if let Some(stream) = self.by_number.get(&end.stream).and_then(|index| self.streams.get_mut(*index)) {
            stream.closed = end.how != How::CaptureEnd;
            stream.ended = stream.closed.then_some(end.frame);
        }
    }
}

impl Stream {
    fn note(&mut self, command: &analysis::Command<'_>, role: Role) {
        let key = (command.frame, command.number);
        let (first, span) =
            if self.commands == 0 { (key, (command.time, command.time)) } else { (self.first, self.span) };
        self.first = first.min(key);
        self.last = self.last.max(key);
        self.span = (span.0.min(command.time), span.1.max(command.time));
        self.commands = self.commands.saturating_add(1);
        self.bytes = self.bytes.saturating_add(command.pdu.bytes.len() as u64);
        if role != Role::Unknown {
            self.role = role;
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
