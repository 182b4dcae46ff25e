//! P2P version 1: 48 bytes of header, one identifier for all chunks of a message, one acknowledgement for each message.
//!
//! Source: protocol reference, P2P 3, transfers 2.1, 3.1, 5; vectors V26 to V28.

use super::flow::{self, Version};
use super::script::Event;
use super::slp::{self, Said};
use super::stage::Stage;
use super::{Arrival, Carrier, Ending, Running, Side, Way, What};
use crate::scenario::p2p::Header;
use crate::scenario::random::Random;

/// Data bytes of a full chunk in the room.
const FULL: usize = 1202;
const ACKNOWLEDGES: u32 = 0x02;
const RESUMES: u32 = 0x01;
const OBJECT: u32 = 0x20;
const FILE: u32 = 0x0100_0030;
const SENDER_GIVES_UP: u32 = 0x40;
const RECEIVER_GIVES_UP: u32 = 0x80;
const NONCE: u32 = 0x100;

/// What the two programs count.
pub(super) struct Programs {
    /// Of me, of the friend.
    identifiers: [u32; 2],
    fresh: u32,
}

/// A packet of one side, and how it goes.
struct Packet<'p> {
    speaker: Side,
    header: Header,
    data: &'p [u8],
    footer: u32,
    carrier: Carrier,
    after_ms: Option<u64>,
}

impl Programs {
    pub fn new(random: &mut Random) -> Self {
        Self { identifiers: [random.word() >> 2, random.word() >> 2], fresh: random.word() >> 1 }
    }

    pub fn event(
        &mut self,
        stage: &mut Stage<'_>,
        running: &mut Running<'_>,
        event: &Event,
        after_ms: Option<u64>,
    ) -> Result<(), String> {
        let sender = running.transfer.from;
        let (identifier, ack_id) = match running.message {
            Some(message) => message,
            None => {
                let Header { identifier, ack_id, .. } = self.fresh_header(sender);
                *running.message.insert((identifier, ack_id))
            }
        };
        let flags = if running.is_object() { OBJECT } else { FILE };
        let of_data =
            Header { session: running.session, identifier, total: running.size, flags, ack_id, ..Header::default() };
        let carrier = flow::carrier(running, running.connected);
        match event {
            Event::Chunk(chunk) => {
                if chunk.direct && !running.connected {
                    flow::connect(self, stage, running)?;
                }
                if chunk.lost {
                    return Ok(());
                }
                let carrier = flow::carrier(running, chunk.direct);
                let data = running.bytes(chunk)?;
                let counted = u32::try_from(data.len()).map_err(|error| error.to_string())?;
                let header = Header { offset: chunk.offset, length: chunk.claims.unwrap_or(counted), ..of_data };
                let footer = footer(running);
                let packet = Packet { speaker: sender, header, data: &data, footer, carrier, after_ms };
                let line = self.packet(stage, running, &packet)?;
                if !data.is_empty() {
                    let counted = Some(header.length);
                    let (offset, bytes, acknowledged_by) = (chunk.offset, data, None);
                    running.arrivals.push(Arrival { line, offset, counted, bytes, carrier, acknowledged_by });
                }
            }
            Event::Resume(offset) => {
                let header = Header {
                    flags: RESUMES,
                    ack_id: identifier,
                    ack_size: *offset,
                    ..self.fresh_header(sender.other())
                };
                let header = Header { session: running.session, ..header };
                let speaker = sender.other();
                self.packet(
                    stage,
                    running,
                    &Packet { speaker, header, data: &[], footer: 0, carrier, after_ms: Some(30) },
                )?;
            }
            Event::Acknowledge => {
                let line = self.acknowledge(stage, running, sender.other(), &of_data, carrier)?;
                running.acknowledge(line, |_| true);
            }
        }
        Ok(())
    }

    pub fn close(&mut self, stage: &mut Stage<'_>, running: &mut Running<'_>) -> Result<(), String> {
        if !running.accepted {
            return Ok(());
        }
        let (sender, receiver) = (running.transfer.from, running.receiver());
        let scripted = running.transfer.script.is_some();
        if running.complete() && !scripted && running.transfer.acknowledged {
            self.event(stage, running, &Event::Acknowledge, None)?;
        }
        let (speaker, flags) = match running.transfer.ending {
            Ending::Bye if running.stopped() => return Ok(()),
            // Who asked for an object says the last word, and who offered a file.
            Ending::Bye => {
                let last = running.inviter();
                return self.say(stage, running, last, Said::Bye, Some(30));
            }
            Ending::Nothing => return Ok(()),
            Ending::CancelBySender => (sender, SENDER_GIVES_UP),
            Ending::CancelByReceiver => (receiver, RECEIVER_GIVES_UP),
        };
        let carrier = flow::carrier(running, running.connected);
        let header = Header { session: running.session, flags, ..self.fresh_header(speaker) };
        let header = match running.message {
            Some((identifier, _)) => Header { ack_id: identifier, ..header },
            None => header,
        };
        self.packet(stage, running, &Packet { speaker, header, data: &[], footer: 0, carrier, after_ms: Some(400) })?;
        self.say(stage, running, speaker, Said::Bye, Some(10))
    }

    fn acknowledge(
        &mut self,
        stage: &mut Stage<'_>,
        running: &Running<'_>,
        speaker: Side,
        what: &Header,
        carrier: Carrier,
    ) -> Result<usize, String> {
        let header = self.acknowledgement(speaker, what);
        self.packet(stage, running, &Packet { speaker, header, data: &[], footer: 0, carrier, after_ms: None })
    }

    fn acknowledgement(&mut self, speaker: Side, what: &Header) -> Header {
        Header {
            session: what.session,
            identifier: self.fresh_header(speaker).identifier,
            total: what.total,
            flags: ACKNOWLEDGES,
            ack_id: what.identifier,
            ack_uid: what.ack_id,
            ack_size: what.total,
            ..Header::default()
        }
    }

    fn packet(&mut self, stage: &mut Stage<'_>, running: &Running<'_>, packet: &Packet<'_>) -> Result<usize, String> {
        let Packet { speaker, header, data, footer, carrier, after_ms } = packet;
        let mut bytes = Vec::new();
        header.write(&mut bytes);
        bytes.extend_from_slice(data);
        flow::send(stage, running, (*speaker, *carrier), (Way::One, *footer), &bytes, *after_ms)
    }

    /// A header with a number that was not used before.
    fn fresh_header(&mut self, speaker: Side) -> Header {
        let [me, friend] = &mut self.identifiers;
        let counter = if speaker == Side::Me { me } else { friend };
        *counter = counter.wrapping_add(1);
        self.fresh = self.fresh.wrapping_add(0x0001_0001);
        Header { identifier: *counter, ack_id: self.fresh, ..Header::default() }
    }
}

impl Version for Programs {
    fn say(
        &mut self,
        stage: &mut Stage<'_>,
        running: &Running<'_>,
        speaker: Side,
        said: Said,
        after_ms: Option<u64>,
    ) -> Result<(), String> {
        let exchange = stage.exchange;
        let text = slp::text(said, running, exchange.person(speaker), exchange.person(speaker.other()));
        let of_message = Header { total: text.len() as u64, ..self.fresh_header(speaker) };
        let (mut after_ms, carrier) = (after_ms, running.room);
        for (number, data) in text.chunks(FULL).enumerate() {
            let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
            let header = Header { offset: (number * FULL) as u64, length, ..of_message };
            let after_ms = after_ms.take();
            self.packet(stage, running, &Packet { speaker, header, data, footer: 0, carrier, after_ms })?;
        }
        self.acknowledge(stage, running, speaker.other(), &of_message, carrier)?;
        Ok(())
    }

    fn prepare(&mut self, stage: &mut Stage<'_>, running: &Running<'_>, carrier: Carrier) -> Result<(), String> {
        let speaker = running.transfer.from;
        let header = Header { session: running.session, total: 4, length: 4, ..self.fresh_header(speaker) };
        let footer = footer(running);
        let packet = Packet { speaker, header, data: &[0; 4], footer, carrier, after_ms: Some(60) };
        self.packet(stage, running, &packet)?;
        if running.transfer.acknowledged {
            self.acknowledge(stage, running, speaker.other(), &header, carrier)?;
        }
        Ok(())
    }

    fn greeting(&mut self, speaker: Side, nonce: [u8; 16]) -> Vec<u8> {
        let Header { identifier, .. } = self.fresh_header(speaker);
        let mut bytes = Vec::new();
        Header { identifier, flags: NONCE, ..Header::default() }.write(&mut bytes);
        bytes.truncate(32);
        bytes.extend_from_slice(&nonce);
        bytes
    }
}

/// The AppID of the invitation, as the book wants it.
fn footer(running: &Running<'_>) -> u32 {
    match running.transfer.what {
        What::Picture => 12,
        What::Emoticon => 11,
        What::File => 2,
    }
}
