//! Which commands are wanted, what packets brought them, and whether they are found again.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;

use super::numbers::Numbers;
use crate::analysis::{Command, Sink, StreamInfo};
use crate::transport::Handshake;

/// Both ends of a connection, the smaller one first.
pub(super) type Ends = (SocketAddr, SocketAddr);

pub(super) fn ends(one: SocketAddr, other: SocketAddr) -> Ends {
    (one.min(other), one.max(other))
}

/// What was chosen.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// Commands that were wanted.
    pub commands: u32,
    /// The connections of wanted commands, by what those are known by again.
    told: HashMap<u64, Vec<u32>>,
    /// First packets of connections whose handshakes belong to it.
    pub opened: HashSet<u64>,
    /// Connections of which everything belongs to it.
    pub whole: HashSet<Ends>,
    /// First packet of each connection that begins in the capture.
    first: HashMap<u32, u64>,
    /// What each connection travels on.
    ends: HashMap<u32, BTreeSet<Ends>>,
    /// Commands with pieces of what a wanted one completes.
    pieces: HashSet<u32>,
    /// The capture is told once more, for the packets of these.
    again: bool,
}

impl Chosen {
    /// Whoever is told of the commands.
    pub fn choosing<'c, W>(&'c mut self, wanted: &'c mut W, packets: &'c mut Numbers) -> Choosing<'c, W> {
        Choosing { chosen: self, wanted, packets }
    }

    /// The capture ends: whether the packets of all commands that belong to it are known. If not, it is told once more.
    pub fn all_told(&mut self) -> bool {
        if self.again || self.pieces.is_empty() {
            return true;
        }
        (self.again, self.commands) = (true, 0);
        self.told.clear();
        false
    }

    /// The connections of commands that were not found again, once for each.
    pub fn lost(&self, reopened: &Reopened) -> Vec<u32> {
        let lost = self.told.iter().flat_map(|(known_by, streams)| {
            let found = reopened.found.get(known_by).copied().unwrap_or(0);
            streams.iter().skip(found).copied()
        });
        lost.collect()
    }

    /// Everything of these connections belongs to it.
    pub fn widen(&mut self, streams: &[u32]) {
        let ends = streams.iter().filter_map(|stream| self.ends.get(stream)).flatten();
        self.whole.extend(ends.copied());
    }
}

/// Notes what is wanted while the capture is read.
pub(super) struct Choosing<'c, W> {
    chosen: &'c mut Chosen,
    wanted: &'c mut W,
    packets: &'c mut Numbers,
}

impl<W: FnMut(&Command<'_>) -> bool> Sink for Choosing<'_, W> {
    fn stream(&mut self, info: &StreamInfo) {
        if info.handshake == Handshake::Seen {
            self.chosen.first.insert(info.stream, info.frame);
        }
    }

    fn command(&mut self, command: &Command<'_>) {
        let Chosen { commands, told, opened, first, ends: travels, pieces, .. } = &mut *self.chosen;
        travels.entry(command.stream).or_default().insert(ends(command.source, command.destination));
        let wanted = (self.wanted)(command);
        if !wanted && !pieces.contains(&command.number) {
            return;
        }
        opened.extend(first.get(&command.stream));
        command.packets().for_each(|packet| self.packets.insert(packet));
        if wanted {
            *commands = commands.saturating_add(1);
            told.entry(known_by(command)).or_default().push(command.stream);
            let completed = std::iter::successors(command.pdu.completes, |one| one.also.as_deref());
            pieces.extend(completed.flat_map(|one| &one.pieces).filter_map(|piece| piece.pdu));
        }
    }
}

/// What is found in the copy.
#[derive(Debug, Default)]
pub(super) struct Reopened {
    found: HashMap<u64, usize>,
}

impl Sink for Reopened {
    fn command(&mut self, command: &Command<'_>) {
        *self.found.entry(known_by(command)).or_default() += 1;
    }
}

/// What a command is known by again: its bytes and what they are, who sent them, and when.
fn known_by(command: &Command<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    let time = command.time.recorded().map(|time| (time.seconds, time.nanos));
    (command.pdu.bytes, command.pdu.kind, command.source, command.destination, time).hash(&mut hasher);
    hasher.finish()
}
