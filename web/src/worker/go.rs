//! Going to a place: which command or packet stands there, or the sentence why none does.

use super::check::Checked;
use super::store::{Store, moment};
use crate::clock::Clock;
use crate::protocol::find::Target;
use crate::protocol::{Moment, Severity};
use crate::wording::{count, whole};
use msnp_dissector::sorting::sort_by_key;

/// A place that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The command; 0 where a packet is meant in which none ends.
    pub pdu: u32,
    /// The packet, if that is meant.
    pub packet: Option<u32>,
}

impl Arrival {
    const fn at(pdu: u32) -> Self {
        Self { pdu, packet: None }
    }
}

/// What is at a place; `packets` are those of the capture.
///
/// # Errors
/// The sentence why there is none.
pub fn find(store: &Store, target: Target, packets: u64, clock: &Clock) -> Result<Arrival, String> {
    match target {
        Target::Command(number) => command(store, number),
        Target::Packet(number) => {
            let found = packet(store, whole(number), packets)?;
            Ok(if found.pdu > 0 { Arrival::at(found.pdu) } else { found })
        }
        Target::Frame(number) => packet(store, whole(number), packets),
        Target::Time(time) => at(store, time, clock),
    }
}

fn command(store: &Store, number: u32) -> Result<Arrival, String> {
    match (number, store.record(number)) {
        (_, Some(_)) => Ok(Arrival::at(number)),
        (0, None) => Err("Commands are counted from 1.".to_owned()),
        (_, None) if store.commands == 0 => Err("There are no commands.".to_owned()),
        (_, None) => {
            let last = count(store.last_number().into());
            Err(format!("There is no command {}; the last is {last}.", count(number.into())))
        }
    }
}

fn packet(store: &Store, frame: u64, packets: u64) -> Result<Arrival, String> {
    if frame == 0 {
        return Err("Packets are counted from 1.".to_owned());
    }
    if frame > packets {
        return Err(format!("There is no packet {}; the last is {}.", count(frame), count(packets)));
    }
    let packet = u32::try_from(frame).map_err(|_| "Packets behind this number cannot be looked at.".to_owned())?;
    Ok(Arrival { pdu: store.at_packet(frame).next().unwrap_or(0), packet: Some(packet) })
}

/// The first command at a time or behind it. Packets are very nearly in order of time.
fn at(store: &Store, time: Moment, clock: &Clock) -> Result<Arrival, String> {
    let when = |number: &u32| store.record(*number).map(|record| moment(record.time));
    let early = |number: &u32| when(number).is_some_and(|there| there < time);
    if let Some(number) = store.order().get(store.order().partition_point(early)) {
        return Ok(Arrival::at(*number));
    }
    match store.order().last().and_then(when) {
        Some(last) => {
            let (time, last) = (clock.alone(time), clock.alone(last));
            Err(format!("There is no command at {time} or later; the last is at {last}."))
        }
        None => Err("There are no commands.".to_owned()),
    }
}

/// Commands of which something odd is said, in order; made when it is asked for.
#[derive(Debug, Default)]
pub struct Odd {
    known: usize,
    commands: Vec<u32>,
}

impl Odd {
    /// The commands before (nearest first) or behind a command.
    pub fn beside(&mut self, store: &Store, checked: &Checked, from: Option<u32>, back: bool) -> Vec<u32> {
        if self.known != checked.found.len() {
            self.known = checked.found.len();
            let odd = checked.found.iter().filter(|found| found.severity > Severity::Chat && checked.is_exact(found));
            self.commands = odd.map(|found| found.pdu).collect();
            sort_by_key(&mut self.commands, |number| store.key(*number));
            self.commands.dedup();
        }
        let key = |number: u32| store.key(number);
        let before = from.map(|from| self.commands.partition_point(|odd| key(*odd) < key(from)));
        if back {
            let end = before.unwrap_or(self.commands.len());
            return self.commands.iter().take(end).rev().copied().collect();
        }
        self.commands.iter().skip(before.unwrap_or(0)).copied().filter(|odd| Some(*odd) != from).collect()
    }
}
