//! Whose a packet is: which of the transfers that have the number of its session. Numbers are drawn by those who invite, so
//! that two sessions may have the same: of one pair, one in each direction, or of strangers.

use super::follow::LOOK_BACK;
use super::pair::{End, Ends};
use super::{Sighting, Transfer, Transfers};

/// Which of the two says what a packet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Who has the object, and how many bytes it says that there are.
    Sender(Option<u64>),
    /// Who gets it.
    Receiver,
    /// Either.
    Either,
}

/// Where the bytes of a transfer come from.
#[derive(Debug, Clone, Default)]
pub(super) struct Source {
    speaker: End,
    /// The latest connection, and whether its client sends.
    way: Option<(u32, bool)>,
}

impl Source {
    /// Bytes have come.
    pub fn heard(&mut self, speaker: &End, sighting: Sighting) {
        if self.speaker.account.is_none() {
            self.speaker.clone_from(speaker);
        }
        self.way = Some((sighting.stream, sighting.from_client));
    }
}

/// How well a transfer fits a packet: so well that no other one needs to be looked at.
const SURE: u8 = 4;

impl Transfers {
    /// The transfer of a session between two devices: of those with that number the one whose sender, or receiver, speaks,
    /// else the latest. On a direct connection the packets do not say who they are; its greeting did, or what came before
    /// on it. Bytes of two senders are never one object.
    pub(super) fn of_session(&self, session: u32, sighting: Sighting, ends: &Ends, part: Part) -> Option<usize> {
        let greeted = self.pairs.get(&sighting.stream);
        let pair = match greeted {
            Some((_, pair)) if *ends == Ends::default() => pair,
            _ => ends,
        };
        let mut best: Option<(u8, usize)> = None;
        for at in self.by_session.get(&session)?.iter().rev().take(LOOK_BACK).copied() {
            let Some(transfer) = self.all.get(at) else { continue };
            let theirs = Ends::of(transfer);
            if !pair.may_be(&theirs) || (*pair == Ends::default() && theirs == *pair && transfer.is_elsewhere(sighting))
            {
                continue;
            }
            let Some(likeness) = transfer.likeness(&theirs, sighting, &ends.from, part) else { continue };
            let likeness = likeness + u8::from(greeted.is_some_and(|(told, _)| *told == at));
            if best.is_none_or(|(so_far, _)| so_far < likeness) {
                best = Some((likeness, at));
            }
            if likeness >= SURE {
                break;
            }
        }
        best.map(|(_, at)| at)
    }
}

impl Transfer {
    /// Its bytes come on another connection.
    fn is_elsewhere(&self, sighting: Sighting) -> bool {
        self.source.way.is_some_and(|(stream, _)| stream != sighting.stream)
    }

    /// How likely somebody says something as this part of it; `None` where that cannot be.
    fn likeness(&self, ends: &Ends, sighting: Sighting, speaker: &End, part: Part) -> Option<u8> {
        const NEITHER: u8 = 1;
        let (wanted, turned, total) = match part {
            Part::Sender(total) => (&ends.from, false, total),
            Part::Receiver => (&ends.to, true, None),
            Part::Either => return Some(NEITHER),
        };
        let brings = !turned && self.kind.is_bytes();
        if speaker.account.is_some() && self.source.speaker.account.is_some() {
            if brings && !speaker.fits(&self.source.speaker) {
                return None;
            }
        } else if let Some((stream, from_client)) = self.source.way
            && stream == sighting.stream
        {
            return match (from_client != sighting.from_client) == turned {
                true => Some(SURE),
                false if brings => None,
                false => Some(0),
            };
        }
        Some(match speaker.is(wanted) {
            true => SURE,
            false if !speaker.fits(wanted) => 0,
            false => NEITHER + u8::from(total.is_some_and(|total| self.declared == Some(total))),
        })
    }
}
