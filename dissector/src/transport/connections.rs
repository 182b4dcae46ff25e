//! All TCP connections of a capture: which one a segment belongs to, and what they may hold together.
//!
//! In come segments in capture order, out go [`Event`]s. Connections are numbered as Wireshark numbers `tcp.stream`:
//! from 0 in the order of their first packets; a SYN begins a new one between the same ports when its sequence number
//! is not the one known (seen with Wireshark 4.0). A SYN repeated with the number known after the connection was over,
//! as by a client that was refused and tries again, opens it again under its old number.
//!
//! A connection that ended or that the caller does not care for keeps a few bytes of index and no data.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, SocketAddr};

use super::connection::{Connection, Ended, is_overdue};
use super::event::{Cause, Event, Handshake, How, Side};
use super::segment::{Flags, Segment};
use crate::capture::Timestamp;

/// Seconds of capture time after which a hole is declared lost; two are enough when its bytes were acknowledged.
pub const PATIENCE_SECONDS: u32 = 30;
/// Bytes all connections together may hold while they wait for holes to be filled.
pub const GLOBAL_CEILING: usize = 64 << 20;

/// Address and port; an IPv4 address as the IPv6 address that stands for it, which is never on the wire itself.
type End = (u128, u16);

/// Both ends of a connection, the smaller one first.
type Key = (End, End);

/// Counts over all connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Segments taken, of ignored connections as well.
    pub segments: u64,
    /// Payload bytes, as captured, of all segments.
    pub payload_bytes: u64,
    /// Payload bytes that had come before: retransmissions and keep-alives.
    pub repeated_bytes: u64,
    /// Payload bytes dropped because they came late and lie before the first segment seen of a direction without SYN.
    pub bytes_before_start: u64,
    /// Payload bytes dropped because their connection had ended.
    pub bytes_after_end: u64,
}

#[derive(Debug)]
enum State {
    Open(Box<Connection>),
    Ignored,
    Over,
}

/// What is kept of every connection.
#[derive(Debug)]
struct Entry {
    /// Initial sequence numbers by which a new SYN is told from a repeated one: of the smaller end, and of the greater.
    base: [Option<u32>; 2],
    /// Whether side A is the smaller end.
    a_is_smaller: bool,
    state: State,
}

/// A direction that waits for something. The queue of them is in the order of `since`, nearly: one that goes back into it
/// is looked at a little late.
#[derive(Debug)]
struct Hole {
    since: Timestamp,
    stream: u32,
    side: Side,
}

/// Sorts segments into connections and delivers their bytes in order.
#[derive(Debug, Default)]
pub struct Connections {
    by_ends: HashMap<Key, u32>,
    entries: Vec<Entry>,
    /// The connection of the last segment, which is usually that of the next.
    recent: Option<(Key, u32)>,
    /// The latest time seen.
    now: Timestamp,
    /// Bytes held by all connections.
    held: usize,
    holes: VecDeque<Hole>,
    tally: Tally,
}

impl Connections {
    /// No connections yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts so far.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// How many connections were seen so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// Bytes held at the moment while waiting for holes to be filled.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held
    }

    /// Takes the next segment and calls `sink` with everything that follows from it.
    pub fn push(&mut self, segment: &Segment<'_>, sink: &mut dyn FnMut(Event<'_>)) {
        self.tally.segments += 1;
        self.tally.payload_bytes += segment.payload.len() as u64;
        self.now = self.now.max(segment.time);
        self.expire(sink);

        let (key, from_smaller) = key(segment);
        let stream = self.find(key, from_smaller, segment, sink);
        let Some(entry) = self.entries.get_mut(stream as usize) else {
            return;
        };
        entry.note(from_smaller, segment);
        let side = if entry.a_is_smaller == from_smaller { Side::A } else { Side::B };
        let connection = match &mut entry.state {
            State::Ignored => return,
            State::Over => {
                self.tally.bytes_after_end += segment.payload.len() as u64;
                return;
            }
            State::Open(connection) => connection,
        };
        let before = connection.weight();
        let ended = connection.push(side, segment, self.now, &mut self.tally, sink);
        self.held = self.held - before + connection.weight();
        if let Some(ended) = ended {
            return self.close(stream, ended, sink);
        }
        for (side, since) in connection.unqueued().into_iter().flatten() {
            self.holes.push_back(Hole { since, stream, side });
        }
        while self.held > GLOBAL_CEILING {
            let Some(hole) = self.holes.pop_front() else {
                return;
            };
            self.give_up(&hole, Cause::OverCeiling, sink);
        }
    }

    /// Ends the capture: gives out everything still held and closes every connection.
    pub fn finish(&mut self, sink: &mut dyn FnMut(Event<'_>)) {
        for index in 0..self.entries.len() {
            let Some(Entry { state: State::Open(connection), .. }) = self.entries.get(index) else {
                continue;
            };
            let ended = connection.interrupted(How::CaptureEnd);
            self.close(u32::try_from(index).unwrap_or(u32::MAX), ended, sink);
        }
        self.holes.clear();
    }

    /// Says that a connection is of no interest: nothing is held for it and no events come of it any more.
    pub fn ignore(&mut self, stream: u32) {
        if let Some(entry) = self.entries.get_mut(stream as usize) {
            if let State::Open(connection) = &entry.state {
                self.held -= connection.weight();
            }
            entry.state = State::Ignored;
        }
    }

    /// The connection of a segment, opened now if it is new.
    fn find(&mut self, key: Key, from_smaller: bool, segment: &Segment<'_>, sink: &mut dyn FnMut(Event<'_>)) -> u32 {
        let known = match self.recent {
            Some((recent, stream)) if recent == key => Some(stream),
            _ => self.by_ends.get(&key).copied(),
        };
        let stream = match known {
            Some(stream) if !is_first(segment) => stream,
            Some(stream) => self.find_for_syn(stream, key, from_smaller, segment, sink),
            None => self.open(key, from_smaller, segment, sink),
        };
        self.recent = Some((key, stream));
        stream
    }

    /// The connection of a SYN between ends that had the connection `stream`.
    fn find_for_syn(
        &mut self,
        stream: u32,
        key: Key,
        from_smaller: bool,
        segment: &Segment<'_>,
        sink: &mut dyn FnMut(Event<'_>),
    ) -> u32 {
        let Some(entry) = self.entries.get(stream as usize) else {
            return stream;
        };
        let [smaller, greater] = entry.base;
        let base = if from_smaller { smaller } else { greater };
        let is_new = base.is_some_and(|base| base != segment.sequence);
        match &entry.state {
            State::Open(connection) if is_new => {
                let ended = connection.interrupted(How::PortReused);
                self.close(stream, ended, sink);
                self.open(key, from_smaller, segment, sink)
            }
            _ if is_new => self.open(key, from_smaller, segment, sink),
            State::Over => {
                let entry = Entry::new(stream, from_smaller, segment, sink);
                if let Some(slot) = self.entries.get_mut(stream as usize) {
                    *slot = entry;
                }
                stream
            }
            State::Open(_) | State::Ignored => stream,
        }
    }

    fn open(&mut self, key: Key, from_smaller: bool, segment: &Segment<'_>, sink: &mut dyn FnMut(Event<'_>)) -> u32 {
        let stream = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.entries.push(Entry::new(stream, from_smaller, segment, sink));
        self.by_ends.insert(key, stream);
        stream
    }

    fn close(&mut self, stream: u32, ended: Ended, sink: &mut dyn FnMut(Event<'_>)) {
        let Some(entry) = self.entries.get_mut(stream as usize) else {
            return;
        };
        if let State::Open(mut connection) = std::mem::replace(&mut entry.state, State::Over) {
            self.held -= connection.weight();
            connection.close(ended, sink);
        }
    }

    /// Gives up the holes that were waited for long enough, on connections that have fallen silent.
    fn expire(&mut self, sink: &mut dyn FnMut(Event<'_>)) {
        while self.holes.front().is_some_and(|hole| is_overdue(hole.since, self.now)) {
            if let Some(hole) = self.holes.pop_front() {
                self.give_up(&hole, Cause::NotCaptured, sink);
            }
        }
    }

    /// Gives up the hole of an entry taken from the queue. One that began later than the entry says goes back into the
    /// queue, unless the ceiling is the reason.
    fn give_up(&mut self, hole: &Hole, cause: Cause, sink: &mut dyn FnMut(Event<'_>)) {
        let Some(Entry { state: State::Open(connection), .. }) = self.entries.get_mut(hole.stream as usize) else {
            return;
        };
        let before = connection.weight();
        connection.unqueue(hole.side);
        match cause {
            Cause::OverCeiling => connection.give_up(hole.side, self.now, cause, sink),
            _ => connection.expire(self.now, sink),
        }
        self.held = self.held - before + connection.weight();
        if let Some(ended) = connection.ended(self.now) {
            return self.close(hole.stream, ended, sink);
        }
        for (side, since) in connection.unqueued().into_iter().flatten() {
            self.holes.push_back(Hole { since, stream: hole.stream, side });
        }
    }
}

impl Entry {
    /// Opens a connection with its first segment.
    fn new(stream: u32, from_smaller: bool, segment: &Segment<'_>, sink: &mut dyn FnMut(Event<'_>)) -> Self {
        let syn = segment.flags.has(Flags::SYN);
        // The answer to a SYN comes from the side that did not initiate.
        let is_answer = syn && segment.flags.has(Flags::ACK);
        let (a, b) = match is_answer {
            false => (segment.source, segment.destination),
            true => (segment.destination, segment.source),
        };
        let handshake = if syn { Handshake::Seen } else { Handshake::Missing };
        sink(Event::Opened { stream, a, b, time: segment.time, frame: segment.frame, handshake });
        let state = State::Open(Box::new(Connection::new(stream, segment)));
        Entry { base: [None; 2], a_is_smaller: from_smaller != is_answer, state }
    }

    /// Notes what later decides whether a SYN begins a new connection.
    fn note(&mut self, from_smaller: bool, segment: &Segment<'_>) {
        let [smaller, greater] = &mut self.base;
        let (own, other) = if from_smaller { (smaller, greater) } else { (greater, smaller) };
        if own.is_none() {
            let syn = segment.flags.has(Flags::SYN);
            *own = Some(if syn { segment.sequence } else { segment.sequence.wrapping_sub(1) });
        }
        if other.is_none() && segment.flags.has(Flags::ACK) {
            *other = Some(segment.acknowledgement.wrapping_sub(1));
        }
    }
}

/// Whether a segment is the first of a connection as its initiator sends it.
fn is_first(segment: &Segment<'_>) -> bool {
    segment.flags.has(Flags::SYN) && !segment.flags.has(Flags::ACK)
}

/// The key of a segment's connection, and whether the smaller end sent it.
fn key(segment: &Segment<'_>) -> (Key, bool) {
    let (source, destination) = (end(segment.source), end(segment.destination));
    match source <= destination {
        true => ((source, destination), true),
        false => ((destination, source), false),
    }
}

fn end(address: SocketAddr) -> End {
    let ip = match address.ip() {
        IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        IpAddr::V6(ip) => ip,
    };
    (ip.to_bits(), address.port())
}

#[cfg(test)]
#[path = "connections_tests.rs"]
mod tests;
