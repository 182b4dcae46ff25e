//! All packets of the capture, of whatever protocol: what a list shows of each, kept as they come.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::rc::Rc;

use msnp_dissector::analysis::PacketInfo;
use msnp_dissector::capture::Timestamp;
use msnp_dissector::transport::Flags;

use super::rows::{self, Shelf, WINDOW, float};
use super::store::{Store, moment};
use crate::protocol::{Body, List, Moment, Packet as Shown, Role, Row, Window};

/// Packets that are listed: beyond, they are only counted.
pub const LISTED: usize = 1 << 20;
/// Pairs of ends that are known: more make no list that anybody reads.
const PAIRS: usize = 1 << 16;

/// All packets.
#[derive(Debug, Default)]
pub struct Frames {
    all: Vec<Frame>,
    pairs: Vec<(SocketAddr, SocketAddr)>,
    by_pair: HashMap<(SocketAddr, SocketAddr), u32>,
}

/// One packet.
#[derive(Debug, Clone, Copy)]
struct Frame {
    time: Timestamp,
    /// Place of its ends among the pairs.
    ends: u32,
    /// Bytes that its headers carry.
    payload: u32,
    flags: Flags,
    kind: &'static str,
}

impl Frames {
    /// Takes in the next packet.
    pub fn note(&mut self, packet: &PacketInfo) {
        if self.all.len() >= LISTED {
            return;
        }
        let ends = packet.ends.map_or(u32::MAX, |ends| self.pair(ends));
        let PacketInfo { time, kind, flags, payload, .. } = *packet;
        self.all.push(Frame { time, ends, payload, flags, kind });
    }

    fn pair(&mut self, ends: (SocketAddr, SocketAddr)) -> u32 {
        let next = u32::try_from(self.pairs.len()).unwrap_or(u32::MAX);
        match self.by_pair.get(&ends) {
            Some(known) => *known,
            None if self.pairs.len() >= PAIRS => u32::MAX,
            None => {
                self.pairs.push(ends);
                self.by_pair.insert(ends, next);
                next
            }
        }
    }

    /// How many are listed.
    #[must_use]
    pub fn total(&self) -> u32 {
        u32::try_from(self.all.len()).unwrap_or(u32::MAX)
    }

    /// The row of a packet, if it is listed.
    #[must_use]
    pub fn row(&self, frame: u64) -> Option<u32> {
        u32::try_from(frame.checked_sub(1)?).ok().filter(|row| *row < self.total())
    }

    /// The first row at a time or behind it. Packets are very nearly in order of time.
    #[must_use]
    pub fn row_at(&self, time: Moment) -> u32 {
        let row = self.all.partition_point(|frame| moment(frame.time) < time);
        u32::try_from(row).unwrap_or(u32::MAX).min(self.total().saturating_sub(1))
    }

    fn shown(&self, row: u32, store: &Store) -> Option<Row> {
        let frame = self.all.get(row as usize)?;
        let number = u64::from(row) + 1;
        if let Some(first) = store.at_packet(number).next() {
            return rows::packet(store, first);
        }
        let ends = self.pairs.get(frame.ends as usize);
        let role = ends.and_then(|(from, to)| {
            let between = |one: &SocketAddr, other: &SocketAddr| {
                store.streams.iter().rev().find(|stream| stream.info.client == *one && stream.info.server == *other)
            };
            between(from, to).or_else(|| between(to, from))
        });
        let end = |end: Option<&SocketAddr>| end.map_or_else(String::new, ToString::to_string);
        let packet = Shown {
            frame: float(number),
            role: role.map_or(Role::Unknown, |stream| stream.role),
            source: end(ends.map(|(from, _)| from)),
            destination: end(ends.map(|(_, to)| to)),
            state: String::new(),
            bytes: f64::from(frame.payload),
            pdus: Vec::new(),
            commands: format!("{} {}", frame.kind, frame.flags.names()).trim_end().to_owned(),
        };
        Some(Row { time: moment(frame.time), body: Body::Packet(Box::new(packet)) })
    }
}

/// The rows `first .. first + count`.
#[must_use]
pub fn window(shelf: Shelf<'_>, list: List, first: u32, count: u32) -> Window {
    let frames = &shelf.store.frames;
    let first = first.min(frames.total());
    let end = first.saturating_add(count.min(WINDOW)).min(frames.total());
    let rows = (first..end).filter_map(|row| frames.shown(row, shelf.store)).map(Rc::new).collect();
    let before = first.checked_sub(1).and_then(|row| frames.shown(row, shelf.store)).map(|row| row.time);
    Window { list, first, total: frames.total(), rows, before, ..Window::default() }
}
