//! The framer: pieces of one direction of a stream in, PDUs out.
//!
//! It holds the bytes of an unfinished command and nothing else; its ceiling is that of one line and one payload. Each
//! PDU comes with the mark of the piece that completed it. A mark is whatever the shell wants to know again, such as a
//! packet's number and time.

use super::framing::{self, Frame, Sync};
use super::{Dialogue, Direction, Pdu, PduKind};

/// A PDU and the mark of the piece that completed it.
#[derive(Debug)]
pub struct Framed<'a, M> {
    /// The PDU.
    pub pdu: Pdu<'a>,
    /// Mark of the piece that holds its last byte.
    pub mark: M,
    /// The pieces that it came in.
    pub pieces: Pieces<'a, M>,
}

/// The pieces that a PDU came in, each with its mark. The first may begin before the PDU, the last end behind it.
#[derive(Debug)]
pub struct Pieces<'a, M> {
    /// Where each piece ends, in the bytes that the PDU was cut out of.
    marks: &'a [(usize, M)],
    /// Where the PDU begins there.
    start: usize,
}

impl<M> Clone for Pieces<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Pieces<'_, M> {}

impl<M> Default for Pieces<'_, M> {
    fn default() -> Self {
        Self { marks: &[], start: 0 }
    }
}

impl<'a, M: Copy> Pieces<'a, M> {
    /// Pieces of a PDU that is kept on its own: where each ends, from the PDU's first byte.
    #[must_use]
    pub fn of(marks: &'a [(usize, M)]) -> Self {
        Self { marks, start: 0 }
    }

    /// The pieces of a PDU of so many bytes, to be kept.
    #[must_use]
    pub fn within(&self, length: usize) -> Vec<(usize, M)> {
        let mut begins = 0;
        self.iter().take_while(|(end, _)| std::mem::replace(&mut begins, *end) < length).collect()
    }

    /// Each piece: where it ends, from the PDU's first byte, and its mark.
    pub fn iter(&self) -> impl Iterator<Item = (usize, M)> + use<'a, M> {
        let start = self.start;
        let first = self.marks.partition_point(|(end, _)| *end <= start);
        self.marks.get(first..).unwrap_or_default().iter().map(move |(end, mark)| (end - start, *mark))
    }
}

/// Cuts one direction of a stream into PDUs.
#[derive(Debug)]
pub struct Framer<M> {
    direction: Direction,
    dialogue: Dialogue,
    sync: Sync,
    held: Vec<u8>,
    /// Where in `held` each piece ends, with its mark.
    marks: Vec<(usize, M)>,
    /// What must come before it is worth looking again.
    wanted: Wanted,
    /// Bytes at the start of `held` that are no command and wait to be told in one piece.
    passed_over: usize,
    /// Where in `held` the line ends that told that they are no command: that piece, not the one with their last byte,
    /// completes them.
    told_by: usize,
    /// Bytes of a payload still to come after a gap inside it.
    owed: u64,
}

/// What a framer waits for. Without it, every tiny piece would have all that is held looked at anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// So many bytes, from the start of what is held.
    Bytes(usize),
    /// The end of a line, or its ceiling.
    LineEnd,
}

impl<M: Copy> Framer<M> {
    /// A framer at the start of a direction. `sync` is [`Sync::Lost`] when the start of the stream was not captured.
    #[must_use]
    pub fn new(direction: Direction, sync: Sync) -> Self {
        Self::speaking(Dialogue::Service, direction, sync)
    }

    /// The same, of another dialogue.
    #[must_use]
    pub fn speaking(dialogue: Dialogue, direction: Direction, sync: Sync) -> Self {
        Self {
            direction,
            dialogue,
            sync,
            held: Vec::new(),
            marks: Vec::new(),
            wanted: Wanted::Bytes(0),
            passed_over: 0,
            told_by: 0,
            owed: 0,
        }
    }

    /// Feeds the next bytes.
    pub fn push(&mut self, bytes: &[u8], mark: M, sink: &mut dyn FnMut(Framed<'_, M>)) {
        if self.held.is_empty() && self.owed == 0 {
            let used = self.run(bytes, &[(bytes.len(), mark)], sink);
            let rest = bytes.get(used..).unwrap_or_default();
            if !rest.is_empty() {
                self.held.extend_from_slice(rest);
                self.marks.push((rest.len(), mark));
            }
            return;
        }
        self.held.extend_from_slice(bytes);
        self.marks.push((self.held.len(), mark));
        let worth_looking = match self.wanted {
            Wanted::Bytes(count) => self.held.len() >= count,
            Wanted::LineEnd => {
                memchr::memchr(b'\n', bytes).is_some() || self.held.len() >= self.passed_over + framing::LINE_CEILING
            }
        };
        if worth_looking {
            self.drain(sink);
        }
    }

    /// `length` bytes are missing here. A hole that ends inside a payload, or right after it, does not cost the place in
    /// the stream.
    pub fn gap(&mut self, length: u64, sink: &mut dyn FnMut(Framed<'_, M>)) {
        let missing = self.missing_of_payload();
        self.flush(sink);
        (self.owed, self.sync) = match missing.and_then(|missing| missing.checked_sub(length)) {
            Some(owed) => (owed, Sync::Kept),
            None => (0, Sync::Lost),
        };
    }

    /// Bytes still to come of the payload that what is held ends in; `None` when it does not end in one.
    fn missing_of_payload(&self) -> Option<u64> {
        let held = self.held.len() as u64;
        if self.owed > 0 {
            return self.owed.checked_sub(held);
        }
        let rest = self.held.get(self.passed_over..).unwrap_or_default();
        match self.dialogue.frame(rest, self.direction, self.sync) {
            // A block that is not yet believed has no payload.
            _ if matches!(self.dialogue, Dialogue::FileTransfer { .. }) && self.sync == Sync::Lost => None,
            Frame::Needs(Some(total)) => (total as u64).checked_sub(rest.len() as u64),
            _ => None,
        }
    }

    /// The stream ends: what is held is handed out as far as it goes.
    pub fn finish(&mut self, sink: &mut dyn FnMut(Framed<'_, M>)) {
        self.flush(sink);
    }

    fn flush(&mut self, sink: &mut dyn FnMut(Framed<'_, M>)) {
        let held = std::mem::take(&mut self.held);
        let marks = std::mem::take(&mut self.marks);
        let passed_over = std::mem::take(&mut self.passed_over);
        let owed = std::mem::take(&mut self.owed) > 0;
        self.wanted = Wanted::Bytes(0);
        let Some((_, mark)) = marks.last().copied() else { return };
        // Between programs no line end tells where something credible begins: what is left is of one kind.
        if self.dialogue.is_between_peers() && self.sync == Sync::Lost {
            let pieces = Pieces { marks: &marks, start: 0 };
            return sink(Framed { pdu: Pdu::stray(&held, PduKind::Skipped), mark, pieces });
        }
        if passed_over > 0 {
            let skipped = held.get(..passed_over).unwrap_or_default();
            let mark = mark_at(&marks, self.told_by, mark);
            let pieces = Pieces { marks: &marks, start: 0 };
            sink(Framed { pdu: Pdu::stray(skipped, PduKind::Skipped), mark, pieces });
        }
        let rest = held.get(passed_over..).unwrap_or_default();
        if rest.is_empty() {
            return;
        }
        let head = self.dialogue.head(rest);
        let pdu = match (self.dialogue.frame(rest, self.direction, self.sync), head) {
            _ if owed => Pdu::stray(rest, PduKind::PayloadRest),
            (Frame::Needs(Some(_)), Some(head)) => self.dialogue.pdu(rest, head, self.direction),
            _ if self.sync == Sync::Kept => Pdu::stray(rest, PduKind::Unfinished),
            _ => Pdu::stray(rest, PduKind::Skipped),
        };
        sink(Framed { pdu, mark, pieces: Pieces { marks: &marks, start: passed_over } });
    }

    fn drain(&mut self, sink: &mut dyn FnMut(Framed<'_, M>)) {
        let mut held = std::mem::take(&mut self.held);
        let mut marks = std::mem::take(&mut self.marks);
        let used = self.run(&held, &marks, sink);
        if used > 0 {
            held.drain(..used);
            marks.retain(|(end, _)| *end > used);
            for (end, _) in &mut marks {
                *end -= used;
            }
        }
        self.held = held;
        self.marks = marks;
    }

    /// Frames as much of `bytes` as there is; says how many bytes are done with.
    fn run(&mut self, bytes: &[u8], marks: &[(usize, M)], sink: &mut dyn FnMut(Framed<'_, M>)) -> usize {
        let Some((_, last)) = marks.last().copied() else { return 0 };
        let mut start = 0;
        if self.owed > 0 {
            let owed = usize::try_from(self.owed).unwrap_or(usize::MAX);
            if bytes.len() < owed {
                self.wanted = Wanted::Bytes(owed);
                return 0;
            }
            let rest = bytes.get(..owed).unwrap_or_default();
            let mark = mark_at(marks, owed, last);
            sink(Framed { pdu: Pdu::stray(rest, PduKind::PayloadRest), mark, pieces: Pieces { marks, start: 0 } });
            self.owed = 0;
            start = owed;
        }
        loop {
            let rest = bytes.get(start + self.passed_over..).unwrap_or_default();
            match self.dialogue.frame(rest, self.direction, self.sync) {
                Frame::Needs(total) => {
                    self.wanted = total.map_or(Wanted::LineEnd, |total| Wanted::Bytes(self.passed_over + total));
                    return start;
                }
                Frame::Skip(count) => {
                    let line = rest.get(..framing::LINE_CEILING).unwrap_or(rest);
                    let line_end = memchr::memchr(b'\n', line).map_or(count, |line_feed| line_feed + 1);
                    self.told_by = self.passed_over + line_end;
                    self.passed_over += count;
                    self.sync = Sync::Lost;
                    if self.passed_over >= framing::LINE_CEILING {
                        start = self.tell_passed_over(bytes, start, marks, last, sink);
                    }
                }
                Frame::Blank(count) if self.passed_over > 0 => {
                    self.passed_over += count;
                    self.told_by = self.passed_over;
                }
                Frame::Blank(count) => start += count,
                Frame::Command { line, payload } => {
                    start = self.tell_passed_over(bytes, start, marks, last, sink);
                    let end = start + line + payload;
                    let pdu = self.dialogue.pdu(bytes.get(start..end).unwrap_or_default(), line, self.direction);
                    self.dialogue = self.dialogue.after(&pdu);
                    self.sync = if pdu.announced > framing::PAYLOAD_CEILING { Sync::Lost } else { Sync::Kept };
                    sink(Framed { pdu, mark: mark_at(marks, end, last), pieces: Pieces { marks, start } });
                    start = end;
                }
            }
        }
    }

    fn tell_passed_over(
        &mut self,
        bytes: &[u8],
        start: usize,
        marks: &[(usize, M)],
        last: M,
        sink: &mut dyn FnMut(Framed<'_, M>),
    ) -> usize {
        let end = start + std::mem::take(&mut self.passed_over);
        if end > start {
            let skipped = bytes.get(start..end).unwrap_or_default();
            sink(Framed {
                pdu: Pdu::stray(skipped, PduKind::Skipped),
                mark: mark_at(marks, start + self.told_by, last),
                pieces: Pieces { marks, start },
            });
        }
        end
    }
}

/// The mark of the piece that holds the byte before `end`.
fn mark_at<M: Copy>(marks: &[(usize, M)], end: usize, last: M) -> M {
    let index = marks.partition_point(|(piece_end, _)| *piece_end < end);
    marks.get(index).map_or(last, |(_, mark)| *mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(pieces: &[&[u8]], sync: Sync) -> Vec<(PduKind, Vec<u8>)> {
        let mut framer = Framer::new(Direction::ToClient, sync);
        let mut out = Vec::new();
        let mut sink = |f: Framed<'_, usize>| out.push((f.pdu.kind, f.pdu.bytes.to_vec()));
        for (index, piece) in pieces.iter().enumerate() {
            framer.push(piece, index, &mut sink);
        }
        framer.finish(&mut sink);
        out
    }

    fn lively() -> impl Strategy<Value = Vec<u8>> {
        let part = prop_oneof![
            Just(b"MSG bob@example.com Bob 5\r\nhello".to_vec()),
            Just(b"QNG 50\r\n".to_vec()),
            Just(b"\r\n".to_vec()),
            Just(b"NLN AWY bob@example.com Bob 0\n".to_vec()),
            Just(b"UBX bob@example.com 70\r\nshort".to_vec()),
            Just(b"ubx x 5\r\n".to_vec()),
            Just(b"217 3\r\n".to_vec()),
            proptest::collection::vec(any::<u8>(), 0..20),
        ];
        proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_pdus(bytes in lively(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..6), lost: bool) {
            let sync = if lost { Sync::Lost } else { Sync::Kept };
            let mut at = cuts.iter().map(|c| c.index(bytes.len() + 1)).collect::<Vec<_>>();
            at.sort_unstable();
            let mut pieces = Vec::new();
            let mut from = 0;
            for cut in at.into_iter().chain([bytes.len()]) {
                pieces.push(&bytes[from..cut]);
                from = cut;
            }
            let whole = told(&[&bytes], sync);
            prop_assert_eq!(&whole, &told(&pieces, sync));
            let blank = |b: &u8| matches!(b, b'\r' | b'\n' | b' ');
            let kept = whole.iter().flat_map(|(_, b)| b.iter().copied()).filter(|b| !blank(b)).collect::<Vec<_>>();
            let given = bytes.iter().copied().filter(|b| !blank(b)).collect::<Vec<_>>();
            prop_assert_eq!(kept, given, "no byte but those of empty lines is lost");
        }
    }

    #[test]
    fn a_hole_inside_a_payload_does_not_cost_the_place() {
        let mut framer = Framer::new(Direction::ToClient, Sync::Kept);
        let mut out = Vec::new();
        let mut sink = |f: Framed<'_, u8>| {
            out.push((f.pdu.kind, String::from_utf8_lossy(f.pdu.bytes).into_owned(), f.pdu.missing(), f.mark))
        };
        framer.push(b"MSG bob@example.com Bob 10\r\nhe", 1, &mut sink);
        framer.gap(3, &mut sink);
        framer.push(b"AA BB", 2, &mut sink);
        framer.push(b"QNG 50\r\n", 3, &mut sink);
        framer.gap(9, &mut sink);
        framer.push(b"rest of a line\r\nQNG 51\r\n", 4, &mut sink);
        let want = [
            (PduKind::Command, "MSG bob@example.com Bob 10\r\nhe".to_owned(), 8, 1),
            (PduKind::PayloadRest, "AA BB".to_owned(), 0, 2),
            (PduKind::Command, "QNG 50\r\n".to_owned(), 0, 3),
            (PduKind::Skipped, "rest of a line\r\n".to_owned(), 0, 4),
            (PduKind::Command, "QNG 51\r\n".to_owned(), 0, 4),
        ];
        assert_eq!(out, want);
    }

    #[test]
    fn several_holes_in_one_payload_do_not_cost_the_place() {
        let mut framer = Framer::new(Direction::ToClient, Sync::Lost);
        let mut out = Vec::new();
        let mut sink = |f: Framed<'_, u8>| out.push((f.pdu.kind, String::from_utf8_lossy(f.pdu.bytes).into_owned()));
        framer.push(b"lloMSG bob@example.com Bob 10\r\nab", 1, &mut sink);
        framer.gap(2, &mut sink);
        framer.push(b"ef", 2, &mut sink);
        framer.gap(2, &mut sink);
        framer.push(b"ijodd line\r\n", 3, &mut sink);
        framer.finish(&mut sink);
        let want = [
            (PduKind::Skipped, "llo"),
            (PduKind::Command, "MSG bob@example.com Bob 10\r\nab"),
            (PduKind::PayloadRest, "ef"),
            (PduKind::PayloadRest, "ij"),
            (PduKind::Command, "odd line\r\n"),
        ];
        assert_eq!(out, want.map(|(kind, bytes)| (kind, bytes.to_owned())));
    }
}
