//! P2P version 2: headers of variable length, big endian; every direction of every carrier counts its bytes.
//!
//! ```text
//! header length, operation, message length (2), sequence number (4), TLVs, padding
//! data header length, type and first-bit, package (2), session (4), TLVs, padding, data
//! ```
//!
//! Source: protocol reference, P2P 4, transfers 2.2, 5; vectors V16 to V26.

use std::collections::BTreeMap;

use super::flow::{self, Version};
use super::script::Event;
use super::slp::{self, Said};
use super::stage::Stage;
use super::{Arrival, Carrier, Ending, Running, Side, Way};
use crate::scenario::random::Random;

/// Data bytes of a full packet of signalling.
const FULL: usize = 1178;
/// `SYN` and `RAK`: who speaks begins to count, and wants to be acknowledged.
const BEGINS: u8 = 0x03;
const WANTS: u8 = 0x02;
const PLAIN: u8 = 0x00;
/// Versions and capabilities of the program.
const PEER: [u8; 14] = [1, 12, 0x00, 0x02, 0, 0, 0x00, 0x0e, 0, 0, 0x0f, 0x01, 0, 0];

/// What the two programs count.
pub(super) struct Programs {
    /// The next sequence number of each side on each carrier.
    next: BTreeMap<(Side, Carrier), u32>,
    /// Sequence numbers of chunks that were sent: by side, session, carrier and offset. They come again under the same number.
    sent: BTreeMap<(Side, u32, Carrier, u64), u32>,
    /// Lines with data of an object, and where these end in the count of their side and carrier.
    ends: Vec<(Side, Carrier, usize, u32)>,
    /// Lines that acknowledge what a side sent on a carrier, and up to where.
    confirmed: Vec<(Side, Carrier, usize, u32)>,
    random: Random,
    begun: bool,
}

/// A packet of one side.
struct Packet<'p> {
    speaker: Side,
    operation: u8,
    /// TLVs of the first header.
    tlvs: &'p [u8],
    data: Option<Data<'p>>,
    /// Its sequence number, when it was used before.
    sequence: Option<u32>,
    carrier: Carrier,
    after_ms: Option<u64>,
}

/// What a packet carries.
#[derive(Clone, Copy)]
struct Data<'p> {
    session: u32,
    /// 0 signalling and preparation, 2 object, 3 file.
    class: u8,
    first: bool,
    package: u16,
    remaining: u64,
    bytes: &'p [u8],
}

impl Programs {
    pub fn new(random: &mut Random) -> Self {
        Self {
            next: BTreeMap::new(),
            sent: BTreeMap::new(),
            ends: Vec::new(),
            confirmed: Vec::new(),
            random: random.clone(),
            begun: false,
        }
    }

    pub fn event(
        &mut self,
        stage: &mut Stage<'_>,
        running: &mut Running<'_>,
        event: &Event,
        after_ms: Option<u64>,
    ) -> Result<(), String> {
        let sender = running.transfer.from;
        match event {
            Event::Chunk(chunk) => {
                if chunk.direct && !running.connected {
                    flow::connect(self, stage, running)?;
                }
                let carrier = flow::carrier(running, chunk.direct);
                let bytes = running.bytes(chunk)?;
                let remaining = running.size.saturating_sub(chunk.offset).saturating_sub(bytes.len() as u64);
                let class = if running.is_object() { 2 } else { 3 };
                let (session, first, package) = (running.session, chunk.offset == 0, 1);
                let data = Data { session, class, first, package, remaining, bytes: &bytes };
                let key = (sender, session, carrier, chunk.offset);
                let known = self.sent.get(&key).copied();
                let sequence = known.unwrap_or_else(|| self.count(sender, carrier, &data));
                self.sent.insert(key, sequence);
                if chunk.lost {
                    return Ok(());
                }
                let (operation, tlvs, data, sequence) = (PLAIN, &[][..], Some(data), Some(sequence));
                let packet = Packet { speaker: sender, operation, tlvs, data, sequence, carrier, after_ms };
                let (line, end) = self.packet(stage, running, &packet)?;
                self.ends.push((sender, carrier, line, end));
                let offset = chunk.offset;
                running.arrivals.push(Arrival { line, offset, counted: None, bytes, carrier, acknowledged_by: None });
                Ok(())
            }
            // Version 2 has no such thing but a number that nobody understands.
            Event::Resume(_) => Err("version 2 cannot ask for data from an offset on".to_owned()),
            Event::Acknowledge => self.acknowledged(stage, running),
        }
    }

    pub fn close(&mut self, stage: &mut Stage<'_>, running: &mut Running<'_>) -> Result<(), String> {
        if !running.accepted {
            return Ok(());
        }
        let scripted = running.transfer.script.is_some();
        if running.complete() && !scripted && running.transfer.acknowledged {
            self.acknowledged(stage, running)?;
        }
        let first = match running.transfer.ending {
            Ending::Bye if running.stopped() => return Ok(()),
            Ending::Nothing => return Ok(()),
            Ending::Bye | Ending::CancelBySender => running.transfer.from,
            Ending::CancelByReceiver => running.receiver(),
        };
        self.say(stage, running, first, Said::Bye, Some(30))?;
        self.say(stage, running, first.other(), Said::Bye, Some(20))
    }

    /// The sender wants to be acknowledged, on the carrier that is in use, and is.
    fn acknowledged(&mut self, stage: &mut Stage<'_>, running: &mut Running<'_>) -> Result<(), String> {
        let carrier = flow::carrier(running, running.connected);
        let speaker = running.transfer.from;
        let ask = Packet { speaker, operation: WANTS, tlvs: &[], data: None, sequence: None, carrier, after_ms: None };
        let (_, reached) = self.packet(stage, running, &ask)?;
        self.confirm(stage, running, speaker.other(), reached, carrier)?;
        Ok(())
    }

    fn confirm(
        &mut self,
        stage: &mut Stage<'_>,
        running: &Running<'_>,
        speaker: Side,
        reached: u32,
        carrier: Carrier,
    ) -> Result<(), String> {
        let tlvs = acknowledgement(reached);
        let packet =
            Packet { speaker, operation: PLAIN, tlvs: &tlvs, data: None, sequence: None, carrier, after_ms: None };
        let (line, _) = self.packet(stage, running, &packet)?;
        self.confirmed.push((speaker.other(), carrier, line, reached));
        Ok(())
    }

    /// What acknowledges a line with data: the first acknowledgement behind it that reaches its end, whosever it was meant
    /// for, as it is seen on the same connection.
    pub fn confirmation(&self, stage: &Stage<'_>, line: usize) -> Option<usize> {
        let (side, carrier, _, end) = self.ends.iter().find(|(_, _, number, _)| *number == line)?;
        let found = self.confirmed.iter().find(|(of, on, number, reached)| {
            (of, on) == (side, carrier) && *number > line && reached.wrapping_sub(*end) < 1 << 31
        });
        found.map(|(_, _, number, _)| stage.beside(*number, line))
    }

    /// The sequence number of a packet with these data; the next one is behind it.
    fn count(&mut self, speaker: Side, carrier: Carrier, data: &Data<'_>) -> u32 {
        let next = self.next(speaker, carrier);
        let sequence = *next;
        *next = next.wrapping_add(u32::try_from(data.length()).unwrap_or(0));
        sequence
    }

    fn next(&mut self, speaker: Side, carrier: Carrier) -> &mut u32 {
        let random = &mut self.random;
        self.next.entry((speaker, carrier)).or_insert_with(|| random.word())
    }

    /// Sends a packet; gives the number of its line and what acknowledges it.
    fn packet(
        &mut self,
        stage: &mut Stage<'_>,
        running: &Running<'_>,
        packet: &Packet<'_>,
    ) -> Result<(usize, u32), String> {
        let Packet { speaker, operation, tlvs, data, sequence, carrier, after_ms } = packet;
        let length = data.as_ref().map_or(0, Data::length);
        let sequence = match (sequence, data) {
            (Some(sequence), _) => *sequence,
            (None, Some(data)) => self.count(*speaker, *carrier, data),
            (None, None) => *self.next(*speaker, *carrier),
        };
        let reached = sequence.wrapping_add(u32::try_from(length).unwrap_or(0));
        let header_length = 8 + tlvs.len().next_multiple_of(4);
        let mut bytes = vec![u8::try_from(header_length).map_err(|error| error.to_string())?, *operation];
        bytes.extend_from_slice(&u16::try_from(length).map_err(|error| error.to_string())?.to_be_bytes());
        bytes.extend_from_slice(&sequence.to_be_bytes());
        bytes.extend_from_slice(tlvs);
        bytes.resize(header_length, 0);
        if let Some(data) = data {
            data.write(&mut bytes);
        }
        let line = flow::send(stage, running, (*speaker, *carrier), (Way::Two, 0), &bytes, *after_ms)?;
        Ok((line, reached))
    }
}

impl Version for Programs {
    /// The first one begins the count of both.
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
        let begins = !self.begun;
        self.begun = true;
        let mut left = text.len();
        let mut reached = 0;
        let mut after_ms = after_ms;
        let package = if text.len() > FULL { 2 } else { 0 };
        let carrier = running.room;
        for (number, part) in text.chunks(FULL).enumerate() {
            left -= part.len();
            let data = Data { session: 0, class: 0, first: number == 0, package, remaining: left as u64, bytes: part };
            let (operation, tlvs) = if begins && number == 0 { (BEGINS, &PEER[..]) } else { (PLAIN, &[][..]) };
            let (data, sequence, after_ms) = (Some(data), None, after_ms.take());
            let packet = Packet { speaker, operation, tlvs, data, sequence, carrier, after_ms };
            (_, reached) = self.packet(stage, running, &packet)?;
        }
        if begins {
            let tlvs = [&acknowledgement(reached)[..], &PEER].concat();
            let (speaker, operation, sequence) = (speaker.other(), BEGINS, None);
            let reply = Packet { speaker, operation, tlvs: &tlvs, data: None, sequence, carrier, after_ms: None };
            let (_, reached) = self.packet(stage, running, &reply)?;
            self.confirm(stage, running, speaker.other(), reached, carrier)?;
        }
        Ok(())
    }

    fn prepare(&mut self, stage: &mut Stage<'_>, running: &Running<'_>, carrier: Carrier) -> Result<(), String> {
        let (session, bytes) = (running.session, &[0; 4][..]);
        let data = Some(Data { session, class: 0, first: true, package: 0, remaining: 0, bytes });
        let (speaker, after_ms) = (running.transfer.from, Some(60));
        let packet = Packet { speaker, operation: PLAIN, tlvs: &[], data, sequence: None, carrier, after_ms };
        self.packet(stage, running, &packet)?;
        Ok(())
    }

    fn greeting(&mut self, _speaker: Side, nonce: [u8; 16]) -> Vec<u8> {
        nonce.to_vec()
    }
}

impl Data<'_> {
    const fn header(&self) -> usize {
        if self.remaining > 0 { 20 } else { 8 }
    }

    const fn length(&self) -> usize {
        self.header() + self.bytes.len()
    }

    fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.push(if self.remaining > 0 { 20 } else { 8 });
        out.push(self.class << 1 | u8::from(self.first));
        out.extend_from_slice(&self.package.to_be_bytes());
        out.extend_from_slice(&self.session.to_be_bytes());
        if self.remaining > 0 {
            out.extend_from_slice(&[1, 8]);
            out.extend_from_slice(&self.remaining.to_be_bytes());
        }
        out.resize(start + self.header(), 0);
        out.extend_from_slice(self.bytes);
    }
}

fn acknowledgement(reached: u32) -> Vec<u8> {
    [&[2, 4][..], &reached.to_be_bytes()].concat()
}
