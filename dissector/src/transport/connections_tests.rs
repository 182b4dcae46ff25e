//! Connections made of segments written by hand.

use super::*;
use crate::transport::{HELD_BYTES, HELD_PIECES};

#[path = "connections_laws.rs"]
mod laws;

const ISN_A: u32 = 0xffff_fff0;
const ISN_B: u32 = 500;

/// What came out, per side: `Err` is a gap.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    bytes: [Vec<u8>; 2],
    gaps: Vec<(Side, u64, u64, Cause, bool)>,
    frames: Vec<(u64, u64)>,
    unplaced: Vec<(Side, u64, u64)>,
    opened: Vec<u32>,
    closed: Vec<(u32, How, Option<Side>, u64)>,
}

struct Tape {
    connections: Connections,
    told: Told,
    frame: u64,
    nanos: u64,
}

/// One segment of the connection under test, its sequence number relative to the side's initial one.
#[derive(Clone, Debug)]
struct Shot {
    from: Side,
    sequence: u32,
    flags: Flags,
    payload: Vec<u8>,
    missing: u32,
    acknowledgement: u32,
}

fn shot(from: Side, sequence: u32, flags: Flags, payload: &[u8]) -> Shot {
    Shot { from, sequence, flags: flags | Flags::ACK, payload: payload.to_vec(), missing: 0, acknowledgement: 0 }
}

fn data(from: Side, sequence: u32, payload: &str) -> Shot {
    shot(from, sequence, Flags::PSH, payload.as_bytes())
}

fn address(side: Side) -> SocketAddr {
    match side {
        Side::A => SocketAddr::from(([10, 0, 0, 2], 1050)),
        Side::B => SocketAddr::from(([10, 0, 0, 1], 1863)),
    }
}

impl Tape {
    fn new() -> Self {
        Tape { connections: Connections::new(), told: Told::default(), frame: 0, nanos: 0 }
    }

    /// A connection whose handshake was seen.
    fn connected() -> Self {
        let mut tape = Tape::new();
        let mut syn = shot(Side::A, 0, Flags::SYN, b"");
        syn.flags = Flags::SYN;
        tape.play(&syn);
        tape.play(&shot(Side::B, 0, Flags::SYN, b""));
        tape.play(&shot(Side::A, 1, Flags::ACK, b""));
        tape
    }

    fn play(&mut self, shot: &Shot) {
        self.frame += 1;
        self.nanos += 1000;
        let (own, other) = if shot.from == Side::A { (ISN_A, ISN_B) } else { (ISN_B, ISN_A) };
        let segment = Segment {
            frame: self.frame,
            time: Timestamp::new(0, self.nanos, 9),
            source: address(shot.from),
            destination: address(shot.from.other()),
            sequence: own.wrapping_add(shot.sequence),
            acknowledgement: other.wrapping_add(1).wrapping_add(shot.acknowledgement),
            flags: shot.flags,
            payload: &shot.payload,
            missing: shot.missing,
            file_offset: Some(self.frame * 1000),
        };
        let told = &mut self.told;
        self.connections.push(&segment, &mut |event| told.hear(event));
    }

    fn wait(&mut self, seconds: u64) {
        self.nanos += seconds * 1_000_000_000;
    }

    fn end(mut self) -> Told {
        let told = &mut self.told;
        self.connections.finish(&mut |event| told.hear(event));
        assert_eq!(self.connections.held(), 0);
        self.told
    }
}

impl Told {
    fn hear(&mut self, event: Event<'_>) {
        match event {
            Event::Opened { stream, .. } => self.opened.push(stream),
            Event::Unplaced { side, len, frame, .. } => self.unplaced.push((side, len, frame)),
            Event::Closed { stream, how, by, frame, .. } => self.closed.push((stream, how, by, frame)),
            Event::Gap { side, len, frame, cause, acknowledged, .. } => {
                self.gaps.push((side, len, frame, cause, acknowledged));
            }
            Event::Data { side, bytes, frame, own_frame, file_offset, .. } => {
                assert!(!bytes.is_empty());
                assert_eq!(file_offset.unwrap() / 1000, own_frame);
                self.bytes[side as usize].extend_from_slice(bytes);
                self.frames.push((frame, own_frame));
            }
        }
    }

    fn text(&self, side: Side) -> &str {
        std::str::from_utf8(&self.bytes[side as usize]).unwrap()
    }
}

#[test]
fn bytes_come_once_and_in_order() {
    let mut tape = Tape::connected();
    // Sequence numbers of A wrap around after 15 bytes.
    for (sequence, text) in
        [(1, "VER 1 "), (13, "CVR0\r\n"), (7, "MSNP8 "), (4, "xxx"), (10, "xxxxxxxxxCVR"), (22, "!")]
    {
        tape.play(&data(Side::A, sequence, text));
    }
    // A keep-alive repeats one byte before the next with whatever it likes.
    tape.play(&data(Side::A, 22, "?"));
    assert_eq!(tape.connections.tally().repeated_bytes, 3 + 9 + 1);
    let told = tape.end();
    assert_eq!(told.text(Side::A), "VER 1 MSNP8 CVR0\r\nCVR!");
    // The last piece was in packet 5, but the packet that made it deliverable was 6.
    assert_eq!(told.frames, [(4, 4), (6, 6), (6, 5), (8, 8), (9, 9)]);
    assert!(told.gaps.is_empty());
}

/// The SYN was not captured: its answer tells where the other side's bytes begin, so that they may come in any order.
#[test]
fn an_answer_to_a_syn_tells_where_the_bytes_begin() {
    let mut tape = Tape::new();
    tape.play(&shot(Side::B, 0, Flags::SYN, b""));
    tape.play(&data(Side::A, 7, "MSNP8\r\n"));
    tape.play(&data(Side::A, 1, "VER 1 "));
    let told = tape.end();
    assert_eq!((told.text(Side::A), told.gaps.len()), ("VER 1 MSNP8\r\n", 0));
}

#[test]
fn data_with_the_syn_counts() {
    let mut tape = Tape::new();
    let mut syn = shot(Side::A, 0, Flags::SYN, b"VER");
    syn.flags = Flags::SYN;
    tape.play(&syn);
    tape.play(&data(Side::A, 4, " 1"));
    assert_eq!(tape.end().text(Side::A), "VER 1");
}

#[test]
fn without_a_handshake_each_direction_begins_where_it_is_first_seen() {
    let mut tape = Tape::new();
    tape.play(&data(Side::B, 100, "bcd"));
    tape.play(&data(Side::B, 97, "xyzb"));
    tape.play(&data(Side::A, 900, "A"));
    tape.play(&data(Side::B, 103, "e"));
    assert_eq!(tape.connections.tally().bytes_before_start, 3);
    let told = tape.end();
    assert_eq!(told.unplaced, [(Side::A, 3, 2)], "what has no place is told");
    // Side A is whoever came first.
    assert_eq!((told.text(Side::A), told.text(Side::B)), ("bcde", "A"));
}

#[test]
fn the_answer_to_an_unseen_syn_tells_who_initiated() {
    let mut tape = Tape::new();
    tape.play(&shot(Side::B, 0, Flags::SYN, b""));
    tape.play(&data(Side::A, 1, "VER"));
    assert_eq!(tape.end().text(Side::A), "VER");
}

#[test]
fn a_hole_is_waited_for_thirty_seconds() {
    for silent in [false, true] {
        let mut tape = Tape::connected();
        tape.play(&data(Side::A, 1, "ab"));
        tape.play(&data(Side::A, 5, "ef"));
        tape.wait(29);
        tape.play(&data(Side::B, 1, "x"));
        assert!(tape.told.gaps.is_empty());
        tape.wait(2);
        if silent {
            // A packet of another connection is what shows that time went by.
            let elsewhere = SocketAddr::from(([10, 0, 0, 9], 9));
            let time = Timestamp::new(0, tape.nanos, 9);
            let other = Segment {
                frame: 7,
                time,
                source: elsewhere,
                destination: address(Side::B),
                sequence: 0,
                acknowledgement: 0,
                flags: Flags::ACK,
                payload: b"",
                missing: 0,
                file_offset: None,
            };
            let told = &mut tape.told;
            tape.connections.push(&other, &mut |event| told.hear(event));
        } else {
            tape.play(&data(Side::B, 2, "y"));
        }
        // The packet after the hole, number 5, is the one that shows it.
        assert_eq!(tape.told.gaps, [(Side::A, 2, 5, Cause::NotCaptured, false)]);
        tape.play(&data(Side::A, 3, "cd"));
        assert_eq!(tape.end().text(Side::A), "abef");
    }
}

#[test]
fn a_hole_that_was_acknowledged_says_so() {
    let mut tape = Tape::connected();
    tape.play(&data(Side::A, 3, "cd"));
    let mut confirmation = shot(Side::B, 1, Flags::ACK, b"");
    confirmation.acknowledgement = 6;
    tape.play(&confirmation);
    let told = tape.end();
    // Four bytes are there, six are confirmed: two at the end are missing as well.
    assert_eq!(told.gaps, [(Side::A, 2, 4, Cause::NotCaptured, true), (Side::A, 2, 5, Cause::NotCaptured, true)]);
}

#[test]
fn what_waits_for_a_hole_is_bounded() {
    let big = vec![b'x'; 60_000];
    let mut tape = Tape::connected();
    for index in 0..5 {
        tape.play(&shot(Side::A, 11 + index * 60_000, Flags::PSH, &big));
        assert!(tape.connections.held() <= HELD_BYTES);
    }
    assert_eq!(tape.told.gaps, [(Side::A, 10, 4, Cause::OverCeiling, false)]);
    assert_eq!(tape.end().bytes[0].len(), 300_000);

    let mut tape = Tape::connected();
    for index in 0..2000 {
        tape.play(&data(Side::A, 3 + index * 2, "x"));
    }
    assert_eq!(tape.told.gaps.len(), 2000 - HELD_PIECES);
}

#[test]
fn all_connections_together_are_bounded() {
    let big = vec![b'x'; 60_000];
    let (mut connections, mut gaps) = (Connections::new(), 0);
    for (count, port) in (2000..2400).flat_map(|port| [port; 5]).enumerate() {
        let segment = Segment {
            frame: count as u64,
            time: Timestamp::default(),
            source: SocketAddr::from(([10, 0, 0, 2], port)),
            destination: address(Side::B),
            sequence: u32::try_from(count % 5).unwrap() * 60_000,
            acknowledgement: 0,
            flags: Flags::PSH,
            payload: match count % 5 {
                0 => b"",
                _ => &big,
            },
            missing: 0,
            file_offset: None,
        };
        connections.push(&segment, &mut |event| gaps += u32::from(matches!(event, Event::Gap { .. })));
        assert!(connections.held() <= GLOBAL_CEILING);
    }
    assert_eq!(gaps, 400 - u32::try_from(GLOBAL_CEILING / (4 * 60_096)).unwrap());
}

#[test]
fn a_cut_payload_is_delivered_as_far_as_it_goes() {
    let mut tape = Tape::connected();
    let mut cut = data(Side::A, 1, "MSG");
    cut.missing = 7;
    let mut held = data(Side::A, 13, "PNG");
    held.missing = 2;
    tape.play(&held);
    tape.play(&cut);
    tape.play(&data(Side::A, 11, "\r\n"));
    tape.play(&data(Side::A, 18, "OUT"));
    let told = tape.end();
    assert_eq!(told.text(Side::A), "MSG\r\nPNGOUT");
    assert_eq!(told.gaps, [(Side::A, 7, 5, Cause::CutBySnaplen, false), (Side::A, 2, 6, Cause::CutBySnaplen, false)]);
}

#[test]
fn a_connection_ends_when_both_sides_have_said_all() {
    let mut tape = Tape::connected();
    tape.play(&shot(Side::A, 3, Flags::FIN, b"c"));
    tape.play(&shot(Side::B, 1, Flags::FIN, b""));
    assert!(tape.told.closed.is_empty(), "two bytes of A are missing");
    tape.play(&data(Side::A, 1, "ab"));
    assert_eq!(tape.told.closed, [(0, How::Fin, Some(Side::A), 6)]);
    tape.play(&data(Side::A, 4, "ghost"));
    assert_eq!(tape.connections.tally().bytes_after_end, 5);
    assert_eq!(tape.end().text(Side::A), "abc");
}

#[test]
fn a_fin_without_its_data_is_waited_for_as_well() {
    let mut tape = Tape::connected();
    tape.play(&shot(Side::A, 5, Flags::FIN, b""));
    tape.play(&shot(Side::B, 1, Flags::FIN, b""));
    tape.wait(31);
    tape.play(&shot(Side::B, 2, Flags::ACK, b""));
    assert_eq!(tape.told.gaps, [(Side::A, 4, 4, Cause::NotCaptured, false)]);
    assert_eq!(tape.told.closed, [(0, How::Fin, Some(Side::A), 5)]);
}

#[test]
fn what_was_on_its_way_may_come_after_a_reset() {
    let mut tape = Tape::connected();
    tape.play(&shot(Side::A, 3, Flags::RST, b""));
    tape.play(&data(Side::A, 1, "ab"));
    tape.play(&data(Side::B, 1, "cd"));
    tape.wait(31);
    assert!(tape.told.closed.is_empty());
    tape.play(&data(Side::B, 3, "ghost"));
    assert_eq!(tape.told.closed, [(0, How::Reset, Some(Side::A), 4)]);
    let told = tape.end();
    assert_eq!((told.text(Side::A), told.text(Side::B)), ("ab", "cd"));

    // Refused: the answer to the SYN is a reset with sequence number 0.
    let mut tape = Tape::new();
    let mut syn = shot(Side::A, 0, Flags::SYN, b"");
    syn.flags = Flags::SYN;
    tape.play(&syn);
    tape.play(&shot(Side::B, 0_u32.wrapping_sub(ISN_B), Flags::RST, b""));
    // The client tries again, is refused again, tries much later and is let in.
    tape.play(&syn);
    tape.play(&shot(Side::B, 0_u32.wrapping_sub(ISN_B), Flags::RST, b""));
    tape.wait(31);
    tape.play(&syn);
    assert_eq!(tape.told.closed, [(0, How::Reset, Some(Side::B), 4)]);
    tape.play(&data(Side::A, 1, "VER"));
    let told = tape.end();
    assert_eq!((told.text(Side::A), &told.opened[..]), ("VER", &[0, 0][..]));
    assert_eq!(told.closed[1], (0, How::CaptureEnd, None, 6));
}

#[test]
fn a_syn_with_another_number_is_a_new_connection() {
    let mut tape = Tape::connected();
    tape.play(&data(Side::A, 3, "cd"));
    let mut syn = shot(Side::A, 77_000, Flags::SYN, b"");
    syn.flags = Flags::SYN;
    tape.play(&syn);
    tape.play(&syn);
    tape.play(&data(Side::A, 77_001, "VER"));
    assert_eq!(tape.told.closed, [(0, How::PortReused, None, 4)]);
    assert_eq!(tape.told.gaps, [(Side::A, 2, 4, Cause::NotCaptured, false)]);
    let told = tape.end();
    assert_eq!((told.text(Side::A), &told.opened[..]), ("cdVER", &[0, 1][..]));
}

#[test]
fn an_ignored_connection_holds_and_says_nothing() {
    let mut tape = Tape::connected();
    tape.play(&data(Side::A, 9, "late"));
    assert!(tape.connections.held() > 0);
    tape.connections.ignore(0);
    assert_eq!(tape.connections.held(), 0);
    tape.play(&data(Side::A, 1, "VER"));
    let mut syn = shot(Side::A, 77_000, Flags::SYN, b"");
    syn.flags = Flags::SYN;
    tape.play(&syn);
    let told = tape.end();
    assert_eq!((told.text(Side::A), told.closed.len(), &told.opened[..]), ("", 1, &[0, 1][..]));
}
