//! Connections that stay undecided.

use super::*;
use std::net::SocketAddr;

use crate::analysis::{Command, Sink, Totals};
use crate::capture::Timestamp;
use crate::transport::How;

const TIME: Timestamp = Timestamp { seconds: 0, nanos: 0, digits: 6, absent: false };

struct Nobody;

impl Sink for Nobody {
    fn command(&mut self, _command: &Command<'_>) {}
}

fn tell(stream: &mut Stream, event: &Event<'_>) {
    let mut out = Outlet { totals: &mut Totals::default(), sink: &mut Nobody };
    stream.event(event, &mut Sessions::default(), &mut out);
}

fn undecided() -> Stream {
    let (a, b) = (SocketAddr::from(([10, 0, 0, 1], 40000)), SocketAddr::from(([10, 0, 0, 2], 5555)));
    Stream::new(StreamOpened { stream: 0, a, b, handshake: Handshake::Seen, frame: 1, time: TIME })
}

#[test]
fn headers_alone_are_not_held_for_ever() {
    let mut stream = undecided();
    let cut = Cause::CutBySnaplen;
    let gap = Event::Gap { stream: 0, side: Side::A, len: 1, frame: 2, time: TIME, cause: cut, acknowledged: true };
    let held = (0..10_000).take_while(|_| {
        tell(&mut stream, &gap);
        !stream.is_done()
    });
    assert!(held.count() < 1000);
    assert!(stream.is_other_protocol());
}

#[test]
fn who_was_refused_may_try_again() {
    let mut stream = undecided();
    let closed = Event::Closed { stream: 0, how: How::Reset, by: Some(Side::B), frame: 2, time: TIME };
    tell(&mut stream, &closed);
    assert!(stream.is_done() && !stream.is_other_protocol());
}
