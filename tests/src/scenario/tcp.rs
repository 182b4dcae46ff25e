//! One TCP connection as the capture sees it: handshake, segments, acknowledgements, end.
//!
//! In come bursts of bytes with times, out come packets in order of time. What an end knows lags behind what the capture has
//! seen by that end's share of the round trip: a server cannot acknowledge what has only just passed the client's card.

use super::options::{Closing, Opening};
use super::packet::{Checksum, Direction, Packet, Segment, Transport, flag};
use super::random::Random;
use super::timestamp::MILLISECOND;
use std::ops::Range;

/// Bytes that a program wrote at once.
#[derive(Debug, Clone)]
pub struct Burst {
    /// Nanoseconds since 1970.
    pub time: u64,
    /// Which way.
    pub direction: Direction,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Offsets at which a segment must end.
    pub cuts: Vec<usize>,
}

/// Everything about a connection that does not change.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Number of its route.
    pub connection: usize,
    /// When it opens, nanoseconds since 1970.
    pub open: u64,
    /// How it begins.
    pub opening: Opening,
    /// How it ends.
    pub closing: Closing,
    /// Pause before the end, in nanoseconds.
    pub closing_after: u64,
    /// Largest payload.
    pub mss: u16,
    /// Initial sequence numbers of client and server.
    pub isn: [u32; 2],
    /// Time from the capture to the client and back, to the server and back.
    pub lag: [u64; 2],
}

/// Time that a full segment takes on the sender's line, for client and server.
const SEGMENT_TIME: [u64; 2] = [MILLISECOND / 8, MILLISECOND * 5 / 4];
/// Pause before a piece that was cut off on purpose.
const CUT_PAUSE: u64 = 7 * MILLISECOND;
/// How long a receiver waits for a second segment before it acknowledges one.
const DELAYED_ACK: Range<u64> = 120 * MILLISECOND..190 * MILLISECOND;

/// One end: what it sent and when, as the capture saw it.
#[derive(Debug, Default)]
struct End {
    /// Bytes sent; a FIN counts as one.
    sent: u64,
    /// Time and `sent` after each packet with data.
    log: Vec<(u64, u64)>,
    /// What it has acknowledged of the other end's bytes.
    acked: u64,
    /// When it will acknowledge at the latest.
    timer: Option<u64>,
    /// Segments it has had since it last acknowledged.
    waiting: u32,
}

struct Exchange<'a> {
    shape: &'a Shape,
    random: &'a mut Random,
    ends: [End; 2],
    packets: Vec<Packet>,
}

/// Index of the end that sends this way.
const fn sender(direction: Direction) -> usize {
    match direction {
        Direction::ToServer => 0,
        Direction::ToClient => 1,
    }
}

fn of<T: Copy>(pair: &[T; 2], direction: Direction) -> T {
    let [client, server] = *pair;
    match direction {
        Direction::ToServer => client,
        Direction::ToClient => server,
    }
}

/// The packets of a connection.
pub fn packets(shape: &Shape, bursts: &[Burst], random: &mut Random) -> Vec<Packet> {
    let mut exchange = Exchange { shape, random, ends: [End::default(), End::default()], packets: Vec::new() };
    if shape.opening == Opening::Handshake {
        exchange.handshake();
    }
    let mut last = shape.open;
    for burst in bursts {
        last = exchange.burst(burst, last);
    }
    exchange.close(last + shape.closing_after, bursts.last().map(|burst| burst.direction));
    exchange.packets
}

/// When the first byte can follow, after the time the connection opens.
pub const fn handshake_time(shape: &Shape) -> u64 {
    let [client, server] = shape.lag;
    match shape.opening {
        Opening::Handshake => client + server + MILLISECOND / 5,
        Opening::Midstream => 0,
    }
}

impl Exchange<'_> {
    fn end(&mut self, direction: Direction) -> &mut End {
        let [client, server] = &mut self.ends;
        match direction {
            Direction::ToServer => client,
            Direction::ToClient => server,
        }
    }

    /// How much of the other end's bytes the sender in this direction knows of.
    fn heard(&self, direction: Direction, time: u64) -> u64 {
        let known = time.saturating_sub(of(&self.shape.lag, direction));
        let other = self.ends.get(sender(direction.reverse()));
        other.and_then(|end| end.log.iter().rev().find(|(at, _)| *at <= known)).map_or(0, |(_, sent)| *sent)
    }

    fn emit(&mut self, time: u64, direction: Direction, flags: u8, payload: Vec<u8>, stream: Range<u64>) {
        let heard = self.heard(direction, time);
        let isn = of(&self.shape.isn, direction);
        let other_isn = of(&self.shape.isn, direction.reverse());
        let sent_by_other = self.ends.get(sender(direction.reverse())).map_or(0, |end| end.sent);
        let end = self.end(direction);
        let ack = heard.max(end.acked);
        end.acked = ack;
        if ack == sent_by_other {
            end.timer = None;
            end.waiting = 0;
        }
        let segment = Segment {
            seq: wrapped(isn, stream.start + 1),
            ack: wrapped(other_isn, ack + 1),
            flags: flags | flag::ACK,
            window: of(&[65_535, 32_768], direction),
            mss: None,
        };
        self.push(time, direction, segment, payload, stream);
    }

    fn push(&mut self, time: u64, direction: Direction, segment: Segment, payload: Vec<u8>, stream: Range<u64>) {
        self.packets.push(Packet {
            time,
            connection: self.shape.connection,
            direction,
            transport: Transport::Tcp(segment),
            payload,
            stream,
            ip_id: 0,
            captured: None,
            checksum: Checksum::Right,
            fragments: None,
        });
    }

    fn handshake(&mut self) {
        let [client_isn, server_isn] = self.shape.isn;
        let [client_lag, server_lag] = self.shape.lag;
        let mss = Some(self.shape.mss);
        let syn = Segment { seq: client_isn, ack: 0, flags: flag::SYN, window: 65_535, mss };
        let syn_ack =
            Segment { seq: server_isn, ack: wrapped(client_isn, 1), flags: flag::SYN | flag::ACK, window: 32_768, mss };
        let answered = self.shape.open + server_lag + self.random.between(20_000, 90_000);
        self.push(self.shape.open, Direction::ToServer, syn, Vec::new(), 0..0);
        self.push(answered, Direction::ToClient, syn_ack, Vec::new(), 0..0);
        self.emit(answered + client_lag + 15_000, Direction::ToServer, 0, Vec::new(), 0..0);
    }

    /// Sends a burst not before `last`; says when its last segment went.
    fn burst(&mut self, burst: &Burst, last: u64) -> u64 {
        let mut time = burst.time.max(last + 20_000);
        let mut edges = burst.cuts.clone();
        edges.push(burst.bytes.len());
        let mut from = 0;
        for edge in edges {
            let piece = burst.bytes.get(from..edge).unwrap_or_default();
            let count = piece.len().div_ceil(usize::from(self.shape.mss).max(1));
            for (number, part) in piece.chunks(usize::from(self.shape.mss).max(1)).enumerate() {
                let pushed = if number + 1 == count { flag::PSH } else { 0 };
                self.data(time, burst.direction, pushed, part);
                time += of(&SEGMENT_TIME, burst.direction) + self.random.between(0, 40_000);
            }
            from = edge;
            time += CUT_PAUSE;
        }
        self.ends.get(sender(burst.direction)).and_then(|end| end.log.last()).map_or(time, |(at, _)| *at)
    }

    fn data(&mut self, time: u64, direction: Direction, flags: u8, bytes: &[u8]) {
        self.acknowledge_until(time);
        let start = self.end(direction).sent;
        let stop = start + u64::try_from(bytes.len()).unwrap_or(0);
        self.emit(time, direction, flags, bytes.to_vec(), start..stop);
        let end = self.end(direction);
        end.sent = stop;
        end.log.push((time, stop));
        let receiver = direction.reverse();
        let ready = time + of(&self.shape.lag, receiver) + 30_000;
        let delayed = ready + self.random.between(DELAYED_ACK.start, DELAYED_ACK.end);
        let end = self.end(receiver);
        end.waiting += 1;
        let wanted = if end.waiting >= 2 { ready } else { delayed };
        end.timer = Some(end.timer.map_or(wanted, |timer| timer.min(wanted)));
    }

    /// Sends the pure acknowledgements that are due before this time.
    fn acknowledge_until(&mut self, time: u64) {
        loop {
            let due = [Direction::ToServer, Direction::ToClient].into_iter();
            let due = due.filter_map(|direction| {
                let timer = self.ends.get(sender(direction))?.timer?;
                (timer < time).then_some((timer, direction))
            });
            let Some((timer, direction)) = due.min() else { return };
            let (heard, lag) = (self.heard(direction, timer), of(&self.shape.lag, direction));
            let newest =
                self.ends.get(sender(direction.reverse())).and_then(|end| end.log.last()).map_or(0, |(at, _)| *at);
            let end = self.end(direction);
            end.timer = None;
            end.waiting = 0;
            if heard <= end.acked {
                end.timer = Some(newest + lag + 30_000).filter(|at| *at > timer);
                continue;
            }
            let sent = end.sent;
            self.emit(timer, direction, 0, Vec::new(), sent..sent);
            if newest + lag > timer {
                self.end(direction).timer = Some(newest + lag + 30_000);
            }
        }
    }

    /// Ends the connection at this time, or later when who ends it must first hear the last word.
    fn close(&mut self, time: u64, last_word: Option<Direction>) {
        let (first, flags) = match self.shape.closing {
            Closing::ClientFin => (Direction::ToServer, flag::FIN),
            Closing::ServerFin => (Direction::ToClient, flag::FIN),
            Closing::ClientRst => (Direction::ToServer, flag::RST),
            Closing::ServerRst => (Direction::ToClient, flag::RST),
            Closing::Open => return self.acknowledge_until(u64::MAX),
        };
        let heard_late = last_word.is_some_and(|direction| direction != first);
        let time = if heard_late { time + of(&self.shape.lag, first) } else { time };
        self.acknowledge_until(time);
        self.last(time, first, flags);
        if flags == flag::RST {
            return;
        }
        let second = first.reverse();
        let answer = time + of(&self.shape.lag, second) + self.random.between(30_000, 400_000);
        self.acknowledge_until(answer);
        self.last(answer, second, flags);
        let end = self.end(first);
        let sent = end.sent;
        self.emit(answer + of(&self.shape.lag, first) + 40_000, first, 0, Vec::new(), sent..sent);
    }

    fn last(&mut self, time: u64, direction: Direction, flags: u8) {
        let sent = self.end(direction).sent;
        self.emit(time, direction, flags, Vec::new(), sent..sent);
        if flags == flag::FIN {
            let end = self.end(direction);
            end.sent += 1;
            end.log.push((time, sent + 1));
        }
        self.end(direction).timer = None;
    }
}

/// Sequence numbers count modulo 2^32.
fn wrapped(isn: u32, offset: u64) -> u32 {
    let [a, b, c, d, ..] = offset.to_le_bytes();
    isn.wrapping_add(u32::from_le_bytes([a, b, c, d]))
}
