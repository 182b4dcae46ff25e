//! A transfer under way: how far it came, and what was sent of it.

use super::script::{Chunk, Event};
use super::{Answer, Arrival, Carrier, Exchange, Sent, Side, Transfer, What, slp};
use crate::scenario::random::Random;

/// A transfer under way.
pub(super) struct Running<'t> {
    pub transfer: &'t Transfer,
    /// Account of who has it.
    pub owner: String,
    pub data: Vec<u8>,
    pub size: u64,
    pub events: Vec<Event>,
    /// Events that are done.
    pub done: usize,
    /// What carries what is said in the room.
    pub room: Carrier,
    /// Number of the session.
    pub session: u32,
    /// GUIDs of call and branches, and the nonces of both.
    pub names: slp::Names,
    /// Identifier and fresh number of its data; version 1.
    pub message: Option<(u32, u32)>,
    /// The two have connected.
    pub connected: bool,
    pub accepted: bool,
    pub arrivals: Vec<Arrival>,
}

impl<'t> Running<'t> {
    pub fn new(
        transfer: &'t Transfer,
        (data, events): (Vec<u8>, Vec<Event>),
        exchange: &Exchange,
        random: &mut Random,
        place: usize,
    ) -> Self {
        let drawn = (random.word() >> 4).max(65);
        let session = transfer.session.unwrap_or(drawn);
        let size = transfer.claims.unwrap_or(data.len() as u64);
        let accepted = transfer.answer == Answer::Accept;
        let names = slp::Names::new(random, exchange.way, place);
        let message = None;
        let room = if exchange.datagrams { Carrier::Datagrams } else { Carrier::Switchboard };
        let owner = exchange.person(transfer.from).account.clone();
        let (done, connected, arrivals) = (0, false, Vec::new());
        Self { transfer, owner, data, size, events, done, room, session, names, message, connected, accepted, arrivals }
    }

    pub fn goes_on(&self) -> bool {
        let last = self.transfer.stop_after.unwrap_or(usize::MAX).min(self.events.len());
        self.accepted && self.done < last
    }

    /// Whether it ends in the middle.
    pub fn stopped(&self) -> bool {
        self.done < self.events.len()
    }

    /// Who invites: who wants an object asks for it, who has a file offers it.
    pub fn inviter(&self) -> Side {
        match self.transfer.what {
            What::File => self.transfer.from,
            What::Picture | What::Emoticon => self.transfer.from.other(),
        }
    }

    pub const fn receiver(&self) -> Side {
        self.transfer.from.other()
    }

    pub fn is_object(&self) -> bool {
        self.transfer.what != What::File
    }

    /// Whether all of it has come, as far as headers count.
    pub fn complete(&self) -> bool {
        let mut ranges: Vec<(u64, u64)> = self.arrivals.iter().map(Arrival::counted_range).collect();
        ranges.sort_unstable();
        let reached =
            ranges.iter().fold(0, |reached, (from, to)| if *from <= reached { reached.max(*to) } else { reached });
        !self.stopped() && !ranges.is_empty() && reached >= self.size
    }

    /// The bytes of a chunk as they are sent.
    pub fn bytes(&self, chunk: &Chunk) -> Result<Vec<u8>, String> {
        let start = usize::try_from(chunk.holds.unwrap_or(chunk.offset)).map_err(|error| error.to_string())?;
        let bytes = self.data.get(start..start.saturating_add(chunk.bytes));
        let mut bytes = bytes.ok_or_else(|| format!("{} has no such chunk: {chunk:?}", self.transfer.name))?.to_vec();
        if chunk.other {
            for byte in &mut bytes {
                *byte ^= 0x5a;
            }
        }
        Ok(bytes)
    }

    /// All chunks so far are acknowledged by this line.
    pub fn acknowledge(&mut self, line: usize, which: impl Fn(&Arrival) -> bool) {
        for arrival in self.arrivals.iter_mut().filter(|arrival| which(arrival)) {
            arrival.acknowledged_by.get_or_insert(line);
        }
    }

    pub fn sent(self, exchange: &Exchange) -> Sent {
        Sent {
            from: exchange.person(self.transfer.from).account.clone(),
            to: exchange.person(self.receiver()).account.clone(),
            what: self.transfer.what,
            name: self.transfer.name.clone(),
            data: self.data,
            preview: self.transfer.preview.map(|drawing| drawing.png()),
            size: self.size,
            arrivals: self.arrivals,
        }
    }
}
