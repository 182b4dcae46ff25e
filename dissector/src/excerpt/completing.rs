//! What belongs to an excerpt beside the packets of its commands: handshakes, all of some connections, and fragments.

use std::collections::HashMap;

use super::choosing::{Chosen, Ends, ends};
use super::numbers::Numbers;
use crate::capture::{Captures, Ending, Packet, Refusal};
use crate::transport::{Flags, Peeled, Peeler, Segment};

/// Looks at all packets once.
#[derive(Debug)]
pub(super) struct Completing {
    pub captures: Captures,
    looking: Looking,
}

#[derive(Debug, Default)]
struct Looking {
    peeler: Peeler,
    handshakes: HashMap<Ends, Handshake>,
}

/// A handshake that belongs to the excerpt.
#[derive(Debug)]
struct Handshake {
    /// Sequence number of the SYN.
    sequence: u32,
    answered: bool,
}

impl Completing {
    pub fn of(files: usize) -> Self {
        Self { captures: Captures::of(files), looking: Looking::default() }
    }

    pub fn push(&mut self, bytes: &[u8], chosen: &Chosen, packets: &mut Numbers) -> Result<(), Refusal> {
        let Self { captures, looking } = self;
        captures.push(bytes, &mut |packet| looking.look(packet, chosen, packets))
    }

    pub fn end_file(&mut self, chosen: &Chosen, packets: &mut Numbers) -> Result<Ending, Refusal> {
        let Self { captures, looking } = self;
        captures.end_file(&mut |packet| looking.look(packet, chosen, packets))
    }

    pub fn finish(&mut self, chosen: &Chosen, packets: &mut Numbers) -> Result<Ending, Refusal> {
        let Self { captures, looking } = self;
        captures.finish(&mut |packet| looking.look(packet, chosen, packets))
    }
}

impl Looking {
    fn look(&mut self, packet: &Packet<'_>, chosen: &Chosen, packets: &mut Numbers) {
        let Self { peeler, handshakes } = self;
        let mut takes = packets.contains(packet.number);
        peeler.each(packet, &mut |peeled| {
            takes |= match peeled {
                Peeled::Tcp(segment) => {
                    chosen.whole.contains(&ends(segment.source, segment.destination))
                        || is_opening(handshakes, segment, chosen)
                }
                Peeled::Udp(datagram) => chosen.whole.contains(&ends(datagram.source, datagram.destination)),
                _ => false,
            }
        });
        if takes {
            packets.insert(packet.number);
            peeler.gathered().iter().for_each(|fragment| packets.insert(*fragment));
        }
    }
}

/// Whether a segment is part of the handshake of a chosen connection: the SYN, its answer, and what confirms that.
fn is_opening(handshakes: &mut HashMap<Ends, Handshake>, segment: &Segment<'_>, chosen: &Chosen) -> bool {
    let ends = ends(segment.source, segment.destination);
    let (syn, answers) = (segment.flags.has(Flags::SYN), segment.flags.has(Flags::ACK));
    if chosen.opened.contains(&segment.frame) && syn {
        handshakes.insert(ends, Handshake { sequence: segment.sequence, answered: answers });
        return true;
    }
    let Some(handshake) = handshakes.get_mut(&ends) else { return false };
    match (syn, answers) {
        (true, true) => handshake.answered = true,
        (true, false) if segment.sequence == handshake.sequence => {}
        (false, true) if handshake.answered && segment.payload.is_empty() => {
            handshakes.remove(&ends);
        }
        // Its work is done, or another connection begins.
        _ => {
            handshakes.remove(&ends);
            return false;
        }
    }
    true
}
