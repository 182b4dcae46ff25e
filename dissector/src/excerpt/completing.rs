//! What belongs to an excerpt beside the packets of its commands: handshakes, all of some connections, and fragments.

use std::collections::HashMap;

use super::choosing::{Chosen, Ends, ends};
use super::numbers::Numbers;
use crate::capture::{CaptureReader, Refusal};
use crate::transport::{Flags, Peeled, Peeler, Segment};

/// Looks at all packets once.
#[derive(Debug, Default)]
pub(super) struct Completing {
    reader: CaptureReader,
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
    pub fn push(&mut self, bytes: &[u8], chosen: &Chosen, packets: &mut Numbers) -> Result<(), Refusal> {
        let Self { reader, peeler, handshakes } = self;
        reader.push(bytes, &mut |packet| {
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
        })
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
