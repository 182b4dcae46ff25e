//! Packets that several captures hold: where they were taken at the same time, at two places of the same way or twice.
//!
//! In come the packets of all of them in the order of their times. Out goes, for each two captures, how many packets stand in
//! both. A datagram is known again by what no router changes on its way: all but the class of service, the routers it may still
//! pass, and checksums, which its sender's network card may fill in behind the capture. The identification of IPv4 tells a copy from
//! what was sent twice; where a sender does not count, the n-th in one capture goes with the n-th in the other.
//!
//! A datagram whose addresses were translated on the way, or of which the captures kept different lengths, is not known again.

use std::hash::{DefaultHasher, Hasher};

use super::Packet;
use super::link::{Network, network};

/// Captures that are compared: one bit each. Those behind them are not.
const COMPARED: usize = 64;
/// Seconds that two clocks may differ.
const APART: u64 = 5;
/// Datagrams remembered: 8 each under 8,192 remainders of their hashes, in 1.5 MB. Of more within [`APART`] the oldest are
/// forgotten, and fewer copies are told.
const SETS: usize = 1 << 13;
const WAYS: usize = 8;

const TCP: u8 = 6;
const UDP: u8 = 17;

/// Datagrams of the last seconds, and what was counted.
#[derive(Debug, Default)]
pub(super) struct Copies {
    slots: Vec<Slot>,
    /// For each capture, one behind the other, how many it shares with each.
    pairs: Vec<u64>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u64,
    seconds: i64,
    /// The captures in which it was seen; none where the slot is free.
    files: u64,
}

impl Copies {
    /// The next packet is of this file.
    pub fn note(&mut self, file: usize, packet: &Packet<'_>) {
        let Some(time) = packet.time.recorded().filter(|_| file < COMPARED) else { return };
        let Network::Ip(ip) = network(packet) else { return };
        let Some(hash) = hash(ip) else { return };
        if self.slots.is_empty() {
            self.slots = vec![Slot::default(); SETS * WAYS];
            self.pairs = vec![0; COMPARED * COMPARED];
        }
        let set = usize::try_from(hash % SETS as u64).unwrap_or(0) * WAYS;
        let Some(set) = self.slots.get_mut(set..set + WAYS) else { return };
        let own = 1 << file;
        let is_it = |slot: &&mut Slot| {
            slot.hash == hash
                && slot.files & own == 0
                && slot.files != 0
                && time.seconds.abs_diff(slot.seconds) <= APART
        };
        if let Some(slot) = set.iter_mut().find(is_it) {
            let others = (0..COMPARED).filter(|other| slot.files >> other & 1 == 1);
            for other in others {
                let pair = file.min(other) * COMPARED + file.max(other);
                self.pairs.get_mut(pair).into_iter().for_each(|count| *count += 1);
            }
            slot.files |= own;
        } else if let Some(oldest) = set.iter_mut().min_by_key(|slot| (slot.files != 0, slot.seconds)) {
            *oldest = Slot { hash, seconds: time.seconds, files: own };
        }
    }

    /// Each two captures that share packets, by their indices, and how many.
    pub fn counts(&self) -> impl Iterator<Item = (usize, usize, u64)> {
        let told = self.pairs.iter().enumerate().filter(|(_, count)| **count > 0);
        told.map(|(at, count)| (at / COMPARED, at % COMPARED, *count))
    }
}

/// A hash of what no router changes in a datagram; none where its header is not whole.
fn hash(ip: &[u8]) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    let (protocol, start, end) = match ip.first()? >> 4 {
        4 => {
            let start = usize::from(ip.first()? & 15) * 4;
            let total = u16::from_be_bytes([*ip.get(2)?, *ip.get(3)?]);
            // Length, identification and place of the fragment; then protocol and addresses.
            hasher.write(ip.get(2..8)?);
            hasher.write(ip.get(9..10)?);
            hasher.write(ip.get(12..20)?);
            let first = ip.get(6)? & 0x1f == 0 && *ip.get(7)? == 0;
            (ip.get(9).copied().filter(|_| first), start, if total == 0 { ip.len() } else { total.into() })
        }
        6 => {
            let carried = u16::from_be_bytes([*ip.get(4)?, *ip.get(5)?]);
            // Length and next header; then the addresses.
            hasher.write(ip.get(4..7)?);
            hasher.write(ip.get(8..40)?);
            (ip.get(6).copied(), 40, if carried == 0 { ip.len() } else { 40 + usize::from(carried) })
        }
        _ => return None,
    };
    let carried = ip.get(start..end.min(ip.len()))?;
    let checksum = match protocol {
        Some(TCP) => 16..18,
        Some(UDP) => 6..8,
        _ => 0..0,
    };
    hasher.write(carried.get(..checksum.start).unwrap_or(carried));
    hasher.write(carried.get(checksum.end..).unwrap_or_default());
    Some(hasher.finish())
}

#[cfg(test)]
#[path = "copies_tests.rs"]
mod tests;
