//! Bytes of one direction in, parts of messages out.

use super::body::{Step, Transfer};
use super::coding::Coding;
use super::head::{HEAD_CEILING, Head, Kind, start_in};

/// Bytes that are no HTTP are gathered up to this many before they are handed out.
pub const STRAY_CEILING: usize = 64 * 1024;

/// A part of a direction, in order.
#[derive(Debug)]
pub enum Part<'a> {
    /// A message begins.
    Head(&'a Head<'a>),
    /// The next bytes of its body, unpacked; never empty.
    Body(&'a [u8]),
    /// It is over. Not `whole`: its end never came, or could not be found.
    End {
        /// Whether all that its head promised has come.
        whole: bool,
    },
    /// Bytes that cannot be read as HTTP; inside a message, bytes of its body that cannot be unpacked.
    Stray(&'a [u8]),
    /// Bytes are missing.
    Missing {
        /// How many; 0 when nobody knows.
        length: u64,
        /// Whether they all are bytes of a body that stands on the wire as it is: its reader knows where it goes on.
        in_place: bool,
    },
}

/// Reads one direction.
#[derive(Debug)]
pub struct Reader {
    kind: Kind,
    state: State,
    /// The lines of a head that is not complete yet.
    held: Vec<u8>,
    /// Where in `held` the line begins whose end has not come.
    line: usize,
    stray: Vec<u8>,
    /// What came last was no HTTP.
    astray: bool,
}

#[derive(Debug)]
enum State {
    /// Between messages or inside a head.
    Between,
    /// Inside a body.
    Body(Transfer, Coding),
}

impl Reader {
    /// A reader at the start of a direction, or anywhere in it.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, state: State::Between, held: Vec::new(), line: 0, stray: Vec::new(), astray: false }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, mut bytes: &[u8], sink: &mut dyn FnMut(Part<'_>)) {
        while !bytes.is_empty() {
            bytes = match self.state {
                State::Between => self.between(bytes, sink),
                State::Body(..) => self.body(bytes, sink),
            };
        }
    }

    /// The next `length` bytes are missing.
    pub fn gap(&mut self, length: u64, sink: &mut dyn FnMut(Part<'_>)) {
        let State::Body(transfer, coding) = &mut self.state else {
            self.let_go(sink);
            sink(Part::Missing { length, in_place: false });
            return;
        };
        let goes_on = length > 0 && transfer.lose(length);
        let in_place = goes_on && coding.is_identity();
        if !coding.is_identity() {
            *coding = Coding::Unreadable;
        }
        self.hand_out(sink);
        sink(Part::Missing { length, in_place });
        if goes_on {
            self.end_if_over(sink);
        } else {
            self.state = State::Between;
            sink(Part::End { whole: false });
        }
    }

    /// Nothing more comes.
    pub fn finish(&mut self, sink: &mut dyn FnMut(Part<'_>)) {
        self.let_go(sink);
        if let State::Body(transfer, _) = std::mem::replace(&mut self.state, State::Between) {
            sink(Part::End { whole: matches!(transfer, Transfer::UntilClose) });
        }
    }

    /// Takes a line, or the beginning of one, of a head or of what is none.
    fn between<'b>(&mut self, bytes: &'b [u8], sink: &mut dyn FnMut(Part<'_>)) -> &'b [u8] {
        let room = HEAD_CEILING.saturating_sub(self.held.len());
        let window = bytes.get(..room).unwrap_or(bytes);
        let end = memchr::memchr(b'\n', window).map_or(window.len(), |at| at + 1);
        let (part, rest) = bytes.split_at(end);
        self.held.extend_from_slice(part);
        let is_line = part.ends_with(b"\n");
        if !is_line {
            if self.held.len() >= HEAD_CEILING {
                let held = std::mem::take(&mut self.held);
                self.line = 0;
                self.cast_off(&held, sink);
            }
            return rest;
        }
        let line = self.held.get(self.line..).unwrap_or_default();
        if self.line == 0 {
            self.first_line(sink);
        } else if matches!(line, b"\r\n" | b"\n") {
            self.head(sink);
        } else {
            self.line = self.held.len();
        }
        rest
    }

    /// A line is complete where a message may start.
    fn first_line(&mut self, sink: &mut dyn FnMut(Part<'_>)) {
        // An empty line before a message belongs to none (RFC 9112, section 2.2).
        if matches!(self.held.as_slice(), b"\r\n" | b"\n") && !self.astray {
            self.held.clear();
            return;
        }
        match start_in(&self.held, self.kind) {
            Some(start) => {
                let before = self.held.drain(..start).collect::<Vec<_>>();
                self.cast_off(&before, sink);
                self.line = self.held.len();
            }
            None => {
                let line = std::mem::take(&mut self.held);
                self.cast_off(&line, sink);
            }
        }
    }

    /// The empty line behind a head has come.
    fn head(&mut self, sink: &mut dyn FnMut(Part<'_>)) {
        let held = std::mem::take(&mut self.held);
        self.line = 0;
        let Some(head) = Head::read(self.kind, &held) else {
            self.cast_off(&held, sink);
            return;
        };
        self.hand_out(sink);
        self.astray = false;
        sink(Part::Head(&head));
        match Transfer::of(&head, self.kind) {
            Some(transfer) => self.state = State::Body(transfer, Coding::of(&head)),
            None => sink(Part::End { whole: true }),
        }
    }

    fn body<'b>(&mut self, bytes: &'b [u8], sink: &mut dyn FnMut(Part<'_>)) -> &'b [u8] {
        let State::Body(transfer, coding) = &mut self.state else { return bytes };
        let (step, rest) = transfer.step(bytes);
        match step {
            Step::Content(content) => {
                let unread = coding.unpack(content, &mut |unpacked| {
                    if !unpacked.is_empty() {
                        sink(Part::Body(unpacked));
                    }
                });
                self.cast_off(unread, sink);
                self.end_if_over(sink);
            }
            Step::Structure => self.end_if_over(sink),
            Step::Broken(line) => {
                self.hand_out(sink);
                self.state = State::Between;
                sink(Part::End { whole: false });
                self.cast_off(&line, sink);
            }
        }
        rest
    }

    fn end_if_over(&mut self, sink: &mut dyn FnMut(Part<'_>)) {
        if let State::Body(transfer, _) = &self.state
            && transfer.is_over()
        {
            self.hand_out(sink);
            (self.state, self.astray) = (State::Between, false);
            sink(Part::End { whole: true });
        }
    }

    /// Gathers bytes that are no HTTP. Handed out in equal pieces, however they came.
    fn cast_off(&mut self, mut bytes: &[u8], sink: &mut dyn FnMut(Part<'_>)) {
        while !bytes.is_empty() {
            let room = STRAY_CEILING.saturating_sub(self.stray.len()).min(bytes.len());
            let (now, later) = bytes.split_at(room);
            self.stray.extend_from_slice(now);
            self.astray = true;
            bytes = later;
            if self.stray.len() >= STRAY_CEILING {
                self.hand_out(sink);
            }
        }
    }

    fn hand_out(&mut self, sink: &mut dyn FnMut(Part<'_>)) {
        let stray = std::mem::take(&mut self.stray);
        if !stray.is_empty() {
            sink(Part::Stray(&stray));
        }
    }

    /// What is held will not become a head.
    fn let_go(&mut self, sink: &mut dyn FnMut(Part<'_>)) {
        let held = std::mem::take(&mut self.held);
        self.line = 0;
        self.cast_off(&held, sink);
        self.hand_out(sink);
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
