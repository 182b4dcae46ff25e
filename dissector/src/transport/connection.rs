//! One TCP connection: both directions, and how it ends.
//!
//! In come the segments of this connection, out go its events. Which connection a segment belongs to is decided in
//! [`super::connections`]; the order of bytes in [`super::direction`].

use super::connections::{PATIENCE_SECONDS, Tally};
use super::direction::{Direction, Outlet};
use super::event::{Cause, Event, How, Side};
use super::pieces::Origin;
use super::segment::{Flags, Segment};
use crate::capture::Timestamp;

/// How far, in bytes, a late answer to the SYN may be from where its direction was found to be. Beyond it begins a new
/// connection whose SYN was not captured.
const SAME_CONNECTION: u32 = 1 << 20;

/// Nanoseconds a hole is waited for.
const PATIENCE: i128 = PATIENCE_SECONDS as i128 * 1_000_000_000;

/// Nanoseconds a hole is waited for whose bytes the receiver has confirmed: it has them, so nobody will send them again,
/// and only a capture out of order could still bring them.
const SHORT_PATIENCE: i128 = 2 * 1_000_000_000;

/// Whether a hole seen first at `since` has been waited for long enough.
pub(super) fn is_overdue(since: Timestamp, now: Timestamp) -> bool {
    now.nanos_since(since) > PATIENCE
}

/// The end of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended {
    pub how: How,
    pub by: Option<Side>,
    pub at: Origin,
}

/// A connection whose bytes are wanted and that has not ended.
#[derive(Debug)]
pub(super) struct Connection {
    stream: u32,
    from_a: Direction,
    from_b: Direction,
    /// The last packet of the connection.
    last: Origin,
    /// A reset that was seen. Bytes that were on their way may still come after it, and it may be a forgery, so the
    /// connection is over only when nothing came for a while.
    reset: Option<(Side, Origin)>,
    /// Whether the queue of those waiting has an entry for the direction from A, and from B.
    queued: [bool; 2],
}

impl Connection {
    pub fn new(stream: u32, segment: &Segment<'_>) -> Self {
        Connection {
            stream,
            from_a: Direction::default(),
            from_b: Direction::default(),
            last: origin(segment),
            reset: None,
            queued: [false; 2],
        }
    }

    /// Bytes of memory held.
    pub fn weight(&self) -> usize {
        self.from_a.weight() + self.from_b.weight()
    }

    /// How the connection ends when nothing more can come: by a reset if there was one, else as `how` says.
    pub fn interrupted(&self, how: How) -> Ended {
        match self.reset {
            Some((by, at)) => Ended { how: How::Reset, by: Some(by), at },
            None => Ended { how, by: None, at: self.last },
        }
    }

    /// Takes a segment sent by `side`. Returns how the connection ended, if this ended it.
    pub fn push(
        &mut self,
        side: Side,
        segment: &Segment<'_>,
        now: Timestamp,
        tally: &mut Tally,
        sink: &mut dyn FnMut(Event<'_>),
    ) -> Option<Ended> {
        self.expire(now, sink);
        self.last = origin(segment);
        let (flags, stream) = (segment.flags, self.stream);
        if flags.has(Flags::RST) {
            self.reset.get_or_insert((side, origin(segment)));
            return self.ended(now);
        }
        if flags.has(Flags::SYN) {
            // Refused, but tried again.
            self.reset = None;
        }
        if flags.has(Flags::ACK) {
            self.direction(side.other()).acknowledge(segment.acknowledgement);
        }
        if flags.has(Flags::SYN | Flags::ACK) {
            self.restart(side, segment, sink);
        }
        let mut out = Outlet { stream, side, sink };
        let stale = self.direction(side).push(segment, now, &mut out);
        tally.repeated_bytes += stale.repeated;
        tally.bytes_before_start += stale.before_start;
        // A single byte is a keep-alive.
        if stale.before_start > 1 {
            let (len, frame, time) = (stale.before_start, segment.frame, segment.time);
            sink(Event::Unplaced { stream, side, len, frame, time });
        }
        self.ended(now)
    }

    /// Declares holes lost that were waited for long enough.
    pub fn expire(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event<'_>)) {
        for side in [Side::A, Side::B] {
            let direction = self.direction(side);
            let patience = if direction.hole_is_acknowledged() { SHORT_PATIENCE } else { PATIENCE };
            if direction.hole_since().is_some_and(|since| now.nanos_since(since) > patience) {
                self.give_up(side, now, Cause::NotCaptured, sink);
            }
        }
    }

    /// Declares the hole of one direction lost.
    pub fn give_up(&mut self, side: Side, now: Timestamp, cause: Cause, sink: &mut dyn FnMut(Event<'_>)) {
        let stream = self.stream;
        let direction = self.direction(side);
        direction.give_up(cause, &mut Outlet { stream, side, sink });
        direction.watch(now);
    }

    /// How the connection has ended by what was seen so far.
    pub fn ended(&self, now: Timestamp) -> Option<Ended> {
        let is_silent = self.reset.is_some() && is_overdue(self.last.time, now);
        if is_silent {
            return Some(self.interrupted(How::Reset));
        }
        if !(self.from_a.is_finished() && self.from_b.is_finished()) {
            return None;
        }
        let first = self.from_a.ended_by().min(self.from_b.ended_by());
        let by = if first == self.from_a.ended_by() { Side::A } else { Side::B };
        Some(Ended { by: Some(by), ..self.interrupted(How::Fin) })
    }

    /// Gives out everything still held, then says that the connection is over.
    pub fn close(&mut self, ended: Ended, sink: &mut dyn FnMut(Event<'_>)) {
        let (stream, last) = (self.stream, self.last);
        for side in [Side::A, Side::B] {
            self.direction(side).finish(last, &mut Outlet { stream, side, sink });
        }
        sink(Event::Closed { stream, how: ended.how, by: ended.by, frame: ended.at.frame, time: ended.at.time });
    }

    /// Directions that wait for something (a hole to be filled, what may come after a reset) and have no entry in the
    /// queue yet; they have one from now on.
    pub fn unqueued(&mut self) -> [Option<(Side, Timestamp)>; 2] {
        let (reset, last) = (self.reset, self.last.time);
        let mut hole = |side: Side, direction: &Direction| {
            let queued = self.queued.get_mut(side as usize)?;
            let after_reset = reset.filter(|(by, _)| *by == side).map(|_| last);
            let since = direction.hole_since().or(after_reset).filter(|_| !*queued)?;
            *queued = true;
            Some((side, since))
        };
        [hole(Side::A, &self.from_a), hole(Side::B, &self.from_b)]
    }

    /// Notes that the queue has no entry for a direction any more.
    pub fn unqueue(&mut self, side: Side) {
        if let Some(queued) = self.queued.get_mut(side as usize) {
            *queued = false;
        }
    }

    /// Begins anew when the answer to a SYN belongs to a connection whose SYN was not captured.
    fn restart(&mut self, side: Side, segment: &Segment<'_>, sink: &mut dyn FnMut(Event<'_>)) {
        // Where the SYN was not captured, its answer says with which byte the other side begins.
        self.direction(side.other()).begin(segment.acknowledgement);
        let first = segment.sequence.wrapping_add(1);
        if self.direction(side).is_near(first, SAME_CONNECTION) {
            return;
        }
        let (stream, at) = (self.stream, origin(segment));
        self.direction(side).restart(first, at, &mut Outlet { stream, side, sink });
        let side = side.other();
        self.direction(side).restart(segment.acknowledgement, at, &mut Outlet { stream, side, sink });
    }

    fn direction(&mut self, side: Side) -> &mut Direction {
        match side {
            Side::A => &mut self.from_a,
            Side::B => &mut self.from_b,
        }
    }
}

fn origin(segment: &Segment<'_>) -> Origin {
    Origin { frame: segment.frame, time: segment.time, file_offset: segment.file_offset }
}
