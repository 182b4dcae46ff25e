//! One direction of a TCP connection: segments in any order in, each byte once and in order out.
//!
//! In come positions already mapped from sequence numbers, out go [`Event::Data`] and [`Event::Gap`]. In order and with
//! nothing waiting, bytes go straight through without a copy. What comes too early is held in [`Pieces`], within
//! [`HELD_BYTES`] and [`HELD_PIECES`]; the hole before it is declared lost when the ceiling is met, or when the caller
//! says that patience is at an end.

use super::event::{Cause, Event, Side};
use super::pieces::{Content, Origin, Piece, Pieces};
use super::segment::{Flags, Segment};
use crate::capture::Timestamp;

/// Bytes one direction may hold while it waits for a hole to be filled, bookkeeping included.
pub const HELD_BYTES: usize = 256 << 10;
/// Pieces one direction may hold.
pub const HELD_PIECES: usize = 1024;

/// Where events go, and of which direction they speak.
pub(super) struct Outlet<'s> {
    pub stream: u32,
    pub side: Side,
    pub sink: &'s mut dyn FnMut(Event<'_>),
}

/// What became of the payload of a segment that was not news.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stale {
    /// Bytes that had been delivered before.
    pub repeated: u64,
    /// Bytes from before the first segment seen of a direction without SYN.
    pub before_start: u64,
}

/// The end of a direction, announced by FIN.
#[derive(Clone, Copy, Debug)]
struct End {
    position: u64,
    origin: Origin,
}

/// The state of one direction.
#[derive(Debug, Default)]
pub(super) struct Direction {
    /// Sequence number of the next byte to deliver; `None` until a segment was seen.
    next: Option<u32>,
    /// Bytes delivered or declared lost so far. The next byte's position; positions count from the first byte.
    position: u64,
    held: Pieces,
    end: Option<End>,
    /// Since when the bytes at `position` have been waited for while later ones (or the end) were known.
    hole_since: Option<Timestamp>,
    /// The largest frame delivered so far, with its time.
    latest: Option<(u64, Timestamp)>,
    /// Highest acknowledgement the other side sent.
    acknowledged: Option<u32>,
}

impl Direction {
    /// Bytes of memory held.
    pub fn weight(&self) -> usize {
        self.held.weight()
    }

    /// Since when there is a hole, if there is one.
    pub fn hole_since(&self) -> Option<Timestamp> {
        self.hole_since
    }

    /// Whether the receiver confirmed having the bytes of the hole.
    pub fn hole_is_acknowledged(&self) -> bool {
        let (Some(next), Some(acknowledged), Some((start, _))) = (self.next, self.acknowledged, self.held.first())
        else {
            return false;
        };
        i64::from(distance(next, acknowledged))
            >= i64::try_from(start.saturating_sub(self.position)).unwrap_or(i64::MAX)
    }

    /// Whether the sender is done and everything was delivered or declared lost.
    pub fn is_finished(&self) -> bool {
        self.end.is_some_and(|end| self.position >= end.position)
    }

    /// Packet and time of the FIN.
    pub fn ended_by(&self) -> Option<(u64, Timestamp)> {
        self.end.map(|end| (end.origin.frame, end.origin.time))
    }

    /// Whether `sequence` is within `tolerance` of the next byte; also when that is not known.
    pub fn is_near(&self, sequence: u32, tolerance: u32) -> bool {
        self.next.is_none_or(|next| distance(next, sequence).unsigned_abs() <= tolerance)
    }

    /// The first byte has this sequence number, unless a segment was seen already.
    pub fn begin(&mut self, sequence: u32) {
        self.next.get_or_insert(sequence);
    }

    /// Notes an acknowledgement of this direction's bytes.
    pub fn acknowledge(&mut self, sequence: u32) {
        if self.acknowledged.is_none_or(|highest| distance(highest, sequence) > 0) {
            self.acknowledged = Some(sequence);
        }
    }

    /// Begins anew at the sequence number after a SYN unlike the one known. What is held is given out first.
    pub fn restart(&mut self, sequence: u32, origin: Origin, out: &mut Outlet<'_>) {
        while !self.held.is_empty() {
            self.give_up(Cause::NotCaptured, out);
        }
        let had_bytes = self.position > 0;
        self.next = Some(sequence);
        self.acknowledged = None;
        self.end = None;
        self.hole_since = None;
        if had_bytes {
            self.gap(0, Cause::NotCaptured, false, origin, out);
        }
    }

    /// Takes a segment of this direction. `now` is the latest time seen in the capture.
    pub fn push(&mut self, segment: &Segment<'_>, now: Timestamp, out: &mut Outlet<'_>) -> Stale {
        let sequence = segment.sequence.wrapping_add(u32::from(segment.flags.has(Flags::SYN)));
        let next = *self.next.get_or_insert(sequence);
        let ahead = distance(next, sequence);
        let origin = Origin { frame: segment.frame, time: segment.time, file_offset: segment.file_offset };
        let captured = segment.payload.len() as u64;
        let length = captured + u64::from(segment.missing);

        // Bytes of the segment that lie before `position`.
        let old = if ahead < 0 { u64::from(ahead.unsigned_abs()).min(length) } else { 0 };
        let before_start = u64::from(ahead.min(0).unsigned_abs()).saturating_sub(self.position).min(old);
        let stale = Stale { repeated: old - before_start, before_start };
        let start = self.position + u64::from(ahead.max(0).unsigned_abs());
        if segment.flags.has(Flags::FIN) && self.end.is_none() {
            let position = match u64::from(ahead.min(0).unsigned_abs()) {
                0 => start + length,
                behind => (self.position + length).saturating_sub(behind),
            };
            self.end = Some(End { position, origin });
        }
        if length > old {
            let bytes = usize::try_from(old).ok().and_then(|old| segment.payload.get(old..)).unwrap_or_default();
            let missing = length - old - bytes.len() as u64;
            self.accept(start, bytes, missing, origin.after(old), out);
        }
        self.watch(now);
        stale
    }

    /// Declares the hole lost that is being waited for, up to the first held piece or the announced end.
    pub fn give_up(&mut self, cause: Cause, out: &mut Outlet<'_>) {
        let (to, origin) = match (self.held.first(), self.end) {
            (Some((start, origin)), _) => (start, origin),
            (None, Some(end)) => (end.position, end.origin),
            (None, None) => return,
        };
        self.lose(to, cause, origin, out);
        self.drain(out);
        self.hole_since = None;
    }

    /// Gives out everything held, and what the other side acknowledged beyond it as lost. `last` is the packet on which
    /// the connection ended.
    pub fn finish(&mut self, last: Origin, out: &mut Outlet<'_>) {
        while !self.held.is_empty() || self.end.is_some_and(|end| end.position > self.position) {
            self.give_up(Cause::NotCaptured, out);
        }
        // A single byte beyond may be the sequence number of a FIN that was not captured.
        if let (None, Some(next), Some(acknowledged)) = (self.end, self.next, self.acknowledged) {
            let unseen = distance(next, acknowledged);
            if unseen > 1 {
                let to = self.position + u64::from(unseen.unsigned_abs());
                self.lose(to, Cause::NotCaptured, last, out);
            }
        }
        self.held = Pieces::default();
    }

    /// Takes payload at `start`, of which `missing` bytes at its end were cut off.
    fn accept(&mut self, start: u64, bytes: &[u8], missing: u64, origin: Origin, out: &mut Outlet<'_>) {
        if start == self.position && self.held.is_empty() {
            self.deliver(bytes, origin, out);
            if missing > 0 {
                self.lose(self.position + missing, Cause::CutBySnaplen, origin, out);
            }
            return;
        }
        self.held.insert(start, bytes, origin);
        if missing > 0 {
            let captured = bytes.len() as u64;
            self.held.insert_void(start + captured, missing, origin.after(captured));
        }
        self.drain(out);
        while self.held.weight() > HELD_BYTES || self.held.len() > HELD_PIECES {
            self.give_up(Cause::OverCeiling, out);
        }
    }

    /// Delivers what is held and has come to its turn.
    fn drain(&mut self, out: &mut Outlet<'_>) {
        while let Some(Piece { origin, content }) = self.held.take_at(self.position) {
            match content {
                Content::Bytes(bytes) => self.deliver(&bytes, origin, out),
                Content::Void(len) => self.lose(self.position + len, Cause::CutBySnaplen, origin, out),
            }
        }
    }

    fn deliver(&mut self, bytes: &[u8], origin: Origin, out: &mut Outlet<'_>) {
        if bytes.is_empty() {
            return;
        }
        let (frame, time) = self.note(origin);
        self.advance(bytes.len() as u64);
        (out.sink)(Event::Data {
            stream: out.stream,
            side: out.side,
            bytes,
            frame,
            own_frame: origin.frame,
            time,
            file_offset: origin.file_offset,
        });
    }

    /// Declares the bytes up to position `to` lost.
    fn lose(&mut self, to: u64, cause: Cause, origin: Origin, out: &mut Outlet<'_>) {
        let len = to.saturating_sub(self.position);
        if len == 0 {
            return;
        }
        self.advance(len);
        let acknowledged = match (self.next, self.acknowledged) {
            (Some(next), Some(acknowledged)) => distance(next, acknowledged) >= 0,
            _ => false,
        };
        self.gap(len, cause, acknowledged, origin, out);
    }

    fn gap(&mut self, len: u64, cause: Cause, acknowledged: bool, origin: Origin, out: &mut Outlet<'_>) {
        let (frame, time) = self.note(origin);
        (out.sink)(Event::Gap { stream: out.stream, side: out.side, len, frame, time, cause, acknowledged });
    }

    /// The running maximum of frames, with `origin` in it.
    fn note(&mut self, origin: Origin) -> (u64, Timestamp) {
        let latest = match self.latest {
            Some(latest) if latest.0 >= origin.frame => latest,
            _ => (origin.frame, origin.time),
        };
        self.latest = Some(latest);
        latest
    }

    /// Moves on by `count` bytes. The hole after them, if any, is a new one.
    fn advance(&mut self, count: u64) {
        self.position += count;
        // Sequence numbers count modulo 2^32: the lower half of the count is what matters.
        let low = u32::try_from(count & u64::from(u32::MAX)).unwrap_or_default();
        self.next = self.next.map(|next| next.wrapping_add(low));
        self.hole_since = None;
    }

    /// Notes since when there is a hole.
    pub fn watch(&mut self, now: Timestamp) {
        let waiting = !self.held.is_empty() || self.end.is_some_and(|end| end.position > self.position);
        match (waiting, self.hole_since) {
            (true, None) => self.hole_since = Some(now),
            (false, Some(_)) => self.hole_since = None,
            _ => {}
        }
    }
}

/// How far `to` is ahead of `from` in sequence numbers, which wrap around; negative when it is behind.
fn distance(from: u32, to: u32) -> i32 {
    to.wrapping_sub(from).cast_signed()
}
