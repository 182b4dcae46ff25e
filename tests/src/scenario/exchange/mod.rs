//! Whole dialogues between two programs from a short description: pictures and files that are offered, accepted, sent in
//! chunks, acknowledged and ended, in either version, on a switchboard or in datagrams, on a connection of their own or
//! through a relay, or first on one and then on the other.
//!
//! In comes an [`Exchange`], which a transcript writes as one line `{"exchange": {…}}`. Out come the lines that the wire
//! carries, and [`Sent`]: what was sent in which of them, the truth that a dissector must find.
//!
//! Source: protocol reference, P2P and transfers. Shapes of third-party clients are asked for by name.

mod description;
mod drawing;
mod flow;
mod ftp;
mod one;
mod running;
mod script;
mod slp;
mod stage;
mod turn;
mod two;
mod udp;

pub use description::{Answer, Direct, Ending, Exchange, Over, Person, Side, Transfer, Way, What};
pub use drawing::Drawing;
pub use script::{Bytes, Change, Chunk, Event};
pub use slp::file_context;

use super::packet::Direction;
use super::random::Random;
use super::transcript::Line;
use running::Running;
use stage::Stage;
use std::path::Path;

/// What carries a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carrier {
    /// The room.
    Switchboard,
    /// A connection of their own.
    Direct,
    /// The connection of an old file transfer.
    Old,
    /// UDP.
    Udp,
    /// A relay.
    Turn,
    /// Datagrams through the notification server.
    Datagrams,
}

/// One object as it was sent: what a dissector must find of it.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Account of who has it.
    pub from: String,
    /// Account of who gets it.
    pub to: String,
    /// What it is.
    pub what: What,
    /// Its name.
    pub name: String,
    /// Its bytes, all of them, whether they were sent or not.
    pub data: Vec<u8>,
    /// The small picture in its invitation.
    pub preview: Option<Vec<u8>>,
    /// The size that is claimed for it.
    pub size: u64,
    /// Arrivals that the capture shows, in order.
    pub arrivals: Vec<Arrival>,
}

/// A chunk that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// 1-based number of the transcript's line.
    pub line: usize,
    /// Where its header says that it begins.
    pub offset: u64,
    /// How many bytes its header says that it has; `None` where no header says so otherwise than by the packet's length.
    pub counted: Option<u32>,
    /// The bytes that are there.
    pub bytes: Vec<u8>,
    /// What carried it.
    pub carrier: Carrier,
    /// Number of the line that acknowledged it.
    pub acknowledged_by: Option<usize>,
}

impl Arrival {
    /// Which bytes of the object it brings, as far as its header counts them.
    fn counted_range(&self) -> (u64, u64) {
        let there = self.bytes.len() as u64;
        (self.offset, self.offset.saturating_add(self.counted.map_or(there, |counted| there.min(counted.into()))))
    }
}

impl Exchange {
    /// The lines, which are numbered from `first` on, and what was sent in them. `folder` is where files lie.
    ///
    /// # Errors
    /// When the description asks for something impossible, told in words.
    pub fn expand(&self, first: usize, folder: Option<&Path>) -> Result<(Vec<Line>, Vec<Sent>), String> {
        let mut random = Random::named(self.seed, "exchange");
        let mut stage = Stage::new(self, first);
        let mut transfers = Vec::new();
        for (place, transfer) in self.transfers.iter().enumerate() {
            let data = transfer.data.read(self.seed.wrapping_add(place as u64), folder)?;
            let events = script::events(transfer, data.len(), self.way)?;
            transfers.push(Running::new(transfer, (data, events), self, &mut random, place));
        }
        let mut programs = match self.way {
            Way::One => Programs::One(one::Programs::new(&mut random)),
            Way::Two => Programs::Two(Box::new(two::Programs::new(&mut random))),
            Way::Old => Programs::Old,
        };
        for running in &mut transfers {
            programs.open(&mut stage, running)?;
        }
        while transfers.iter().any(Running::goes_on) {
            for running in transfers.iter_mut().filter(|running| running.goes_on()) {
                programs.next(&mut stage, running)?;
            }
        }
        for running in &mut transfers {
            programs.close(&mut stage, running)?;
        }
        stage.settle();
        if let Programs::Two(programs) = &programs {
            for arrival in transfers.iter_mut().flat_map(|running| &mut running.arrivals) {
                arrival.acknowledged_by = programs.confirmation(&stage, arrival.line);
            }
        }
        let sent = transfers.into_iter().map(|running| running.sent(self)).collect();
        Ok((stage.lines, sent))
    }

    const fn person(&self, side: Side) -> &Person {
        match side {
            Side::Me => &self.me,
            Side::Friend => &self.friend,
        }
    }
}

/// Who speaks for both, in the way they talk.
enum Programs {
    One(one::Programs),
    Two(Box<two::Programs>),
    Old,
}

impl Programs {
    fn open(&mut self, stage: &mut Stage<'_>, running: &mut Running<'_>) -> Result<(), String> {
        match self {
            Self::One(programs) => flow::open(programs, stage, running),
            Self::Two(programs) => flow::open(&mut **programs, stage, running),
            Self::Old => ftp::open(stage, running),
        }
    }

    /// The next event of a transfer.
    fn next(&mut self, stage: &mut Stage<'_>, running: &mut Running<'_>) -> Result<(), String> {
        let Some(event) = running.events.get(running.done).cloned() else { return Ok(()) };
        let pause = running.done.is_multiple_of(running.transfer.group.max(1)).then_some(running.transfer.pace_ms);
        running.done += 1;
        match self {
            Self::One(programs) => programs.event(stage, running, &event, pause),
            Self::Two(programs) => programs.event(stage, running, &event, pause),
            Self::Old => ftp::event(stage, running, &event, pause),
        }
    }

    fn close(&mut self, stage: &mut Stage<'_>, running: &mut Running<'_>) -> Result<(), String> {
        match self {
            Self::One(programs) => programs.close(stage, running),
            Self::Two(programs) => programs.close(stage, running),
            Self::Old => ftp::close(stage, running),
        }
    }
}

/// Which way it goes on a connection that this side opened.
const fn from_opener(speaker: Side, opener: Side) -> Direction {
    match (speaker, opener) {
        (Side::Me, Side::Me) | (Side::Friend, Side::Friend) => Direction::ToServer,
        _ => Direction::ToClient,
    }
}
