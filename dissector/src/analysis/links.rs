//! Links: which command answers which, both ways, which requests nobody answered, and which command makes pieces whole.
//!
//! What a command answers is known when it comes: [`Link`], with the packet of the request and the time between. What
//! answers a command only the future knows: a shell feeds [`Links`] with every command and asks it afterwards. Which verb
//! answers which is none of this room's business; `msnp` says so in the context.

use std::collections::{HashMap, VecDeque};

use crate::capture::Timestamp;
use crate::msnp::{Awaits, Context, Direction, Pdu, Verb, awaits, expected};
use crate::transport::How;
use crate::tree::{Assembly, Expert, Item, Kind, Related, Span, Text, Value, experts, fields, texts};

fields! {
    family 27;
    /// Number of the packet that completes the first answer to this command, from the server as a rule. A fact of the
    /// capture, not in the bytes; more answers may follow.
    RESPONSE_IN: Kind::FrameNumber(Related::Response) => "msnp.response_in", "Response in";
    /// Number of the packet that completed the command which this one answers: the client’s with the same TrID or its
    /// open ping, or the server’s puzzle. Not in the bytes.
    REQUEST_IN: Kind::FrameNumber(Related::Request) => "msnp.request_in", "Request in";
    /// Seconds that the other side’s answer took, from the packet that completed the request to the one that completed
    /// this answer, by the clock of the capturing machine. Not in the bytes.
    RESPONSE_TIME: Kind::RelativeTime => "msnp.response_time", "Response time";
    /// Number of the packet with whose command a message in parts, or what two programs say to each other in several
    /// packets, is put together: this command brought a piece of it. A fact of the capture, not in the bytes.
    REASSEMBLED_IN: Kind::FrameNumber(Related::Whole) => "msnp.reassembled_in", "Reassembled in";
}

texts! {
    FIRST_OF = "links.first-of", "the first of {0} answers";
    CONNECTION = "links.connection", "connection";
    CAPTURE = "links.capture", "capture";
}

experts! {
    UNANSWERED: Warn, Sequence => "msnp.expert.unanswered", "{0} is never answered: expected {1} or an error before the {2} ended, found neither";
}

/// Requests of one connection that are remembered while answers may come: more than `msnp` remembers.
const OPEN_REQUESTS: usize = 8192;

/// Nanoseconds that an answer may take, where the capture ends before the connection does.
const PATIENCE: i128 = 10_000_000_000;

/// Another command that belongs to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Its number.
    pub pdu: u32,
    /// Number of the packet that completed it.
    pub frame: u64,
    /// Nanoseconds from the request to the answer, where both times are recorded; negative when the capture's clock went
    /// back.
    pub nanos: Option<i64>,
}

impl Link {
    /// The request `pdu`, which was complete with packet `frame` at `asked`, to an answer that came at `answered`.
    #[must_use]
    pub fn new(pdu: u32, frame: u64, asked: Timestamp, answered: Timestamp) -> Self {
        let narrow = |nanos| i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX });
        let times = asked.recorded().zip(answered.recorded());
        let nanos = times.map(|(asked, answered)| narrow(answered.nanos_since(asked)));
        Self { pdu, frame, nanos }
    }

    /// What an answer says of its request, as items behind its tree.
    pub fn request_items(&self) -> impl Iterator<Item = Item> + use<> {
        let time = self.nanos.map(|nanos| generated(RESPONSE_TIME, Value::Nanos(nanos)));
        std::iter::once(generated(REQUEST_IN, Value::Uint(self.frame))).chain(time)
    }
}

/// A request that was never answered, although one may expect it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unanswered {
    /// Its connection.
    pub stream: u32,
    /// Its number.
    pub pdu: u32,
    /// Number of the packet that completed it.
    pub frame: u64,
    /// Time of that packet.
    pub time: Timestamp,
    /// Its verb.
    pub verb: Verb,
    /// Its TrID.
    pub trid: Option<u32>,
    /// Which way it travelled.
    pub direction: Direction,
    /// How its connection ended.
    pub how: How,
}

impl Unanswered {
    /// The finding in words: about the line, which is `length` bytes long.
    #[must_use]
    pub fn expert(&self, length: u32) -> Expert {
        let end: Text = if self.how == How::CaptureEnd { CAPTURE } else { CONNECTION }.text();
        let name = self.trid.map_or_else(|| self.verb.to_string(), |trid| format!("{} {trid}", self.verb));
        UNANSWERED.at(Span::pdu(0, length), [name.into(), expected(self.verb, self.direction).into(), end.into()])
    }
}

/// The answers to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answers {
    /// Number of the first one.
    pub first: u32,
    /// How many there are.
    pub count: u32,
}

impl Answers {
    /// What a request says of its answers, as an item behind its tree; `frame` is the packet of the first.
    #[must_use]
    pub fn response_item(&self, frame: u64) -> Item {
        let label = (self.count > 1).then(|| FIRST_OF.with([u64::from(self.count).into()]));
        Item { label, ..generated(RESPONSE_IN, Value::Uint(frame)) }
    }
}

/// What a piece says of the whole, as an item behind its tree; `frame` is the packet that completed that.
#[must_use]
pub fn whole_item(frame: u64) -> Item {
    generated(REASSEMBLED_IN, Value::Uint(frame))
}

/// The link table: for each request its answers, for each piece the command that completes the whole. Twelve bytes per command
/// at most, since commands are numbered densely.
#[derive(Debug, Default)]
pub struct Links {
    by_request: Vec<Answers>,
    /// 0 for what is no piece.
    by_piece: Vec<u32>,
}

impl Links {
    /// Takes note of a command, and of what it completes.
    pub fn note(&mut self, number: u32, context: &Context, completes: Option<&Assembly>) {
        let pieces = std::iter::successors(completes, |one| one.also.as_deref()).flat_map(|one| &one.pieces);
        for piece in pieces.filter_map(|piece| index(piece.pdu?)) {
            if piece >= self.by_piece.len() {
                self.by_piece.resize(index(number).unwrap_or(piece).max(piece) + 1, 0);
            }
            if let Some(whole) = self.by_piece.get_mut(piece) {
                *whole = number;
            }
        }
        let Some(request) = context.answers.and_then(|request| index(request.pdu)) else { return };
        // A request comes before its answer, so the table never outgrows the number of commands.
        if request >= self.by_request.len() {
            self.by_request.resize(index(number).unwrap_or(request).max(request) + 1, Answers::default());
        }
        if let Some(answers) = self.by_request.get_mut(request) {
            answers.first = if answers.count == 0 { number } else { answers.first.min(number) };
            answers.count = answers.count.saturating_add(1);
        }
    }

    /// What answers the command with this number.
    #[must_use]
    pub fn answers(&self, request: u32) -> Option<Answers> {
        self.by_request.get(index(request)?).copied().filter(|answers| answers.count > 0)
    }

    /// Which command completes what this one brought a piece of.
    #[must_use]
    pub fn whole(&self, piece: u32) -> Option<u32> {
        self.by_piece.get(index(piece)?).copied().filter(|whole| *whole > 0)
    }
}

fn index(number: u32) -> Option<usize> {
    number.checked_sub(1).map(|index| index as usize)
}

fn generated(field: crate::tree::FieldId, value: Value) -> Item {
    Item { field, span: Span::pdu(0, 0), depth: 0, value, label: None, remark: None, generated: true, mask: None }
}

/// The open requests of one connection, while it is read.
#[derive(Debug, Default)]
pub struct Pending {
    open: HashMap<u32, Asked>,
    order: VecDeque<u32>,
    /// Up to this command answers may have been lost.
    doubtful: u32,
    /// The last command, and when each side sent its last one.
    last: u32,
    client_heard: Option<Timestamp>,
    server_heard: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
struct Asked {
    frame: u64,
    time: Timestamp,
    verb: Verb,
    trid: Option<u32>,
    waits: bool,
    direction: Direction,
}

impl Pending {
    /// Takes note of a command; says what it answers.
    pub fn note(&mut self, number: u32, frame: u64, time: Timestamp, context: &Context, pdu: &Pdu<'_>) -> Option<Link> {
        let direction = context.direction;
        self.last = self.last.max(number);
        let heard = if direction == Direction::ToServer { &mut self.client_heard } else { &mut self.server_heard };
        *heard = Some(heard.map_or(time, |before| before.max(time)));
        let link = context.answers.and_then(|request| {
            let asked = self.open.get_mut(&request.pdu)?;
            asked.waits = false;
            Some(Link::new(request.pdu, asked.frame, asked.time, time))
        });
        let awaits = awaits(pdu, context);
        if let (Some(verb), true) = (pdu.verb(), awaits != Awaits::Nothing) {
            let trid = pdu.words().nth(1).and_then(|word| std::str::from_utf8(word).ok()?.parse().ok());
            let waits = awaits == Awaits::Answer;
            self.open.insert(number, Asked { frame, time, verb, trid, waits, direction });
            self.order.push_back(number);
        }
        if self.order.len() > OPEN_REQUESTS
            && let Some(oldest) = self.order.pop_front()
        {
            self.open.remove(&oldest);
        }
        link
    }

    /// Bytes of one direction were lost.
    pub fn lost(&mut self, direction: Direction) {
        if direction != Direction::ToServer {
            self.doubtful = self.last;
        }
    }

    /// The connection has ended: what was not answered by now never is. When it is only the capture that ended, the
    /// other side must have been heard since, after [`PATIENCE`]; and a side that was never heard was perhaps not captured.
    pub fn unanswered(&self, stream: u32, how: How) -> impl Iterator<Item = Unanswered> {
        self.order.iter().filter_map(move |pdu| self.is_unanswered(*pdu, stream, how))
    }

    /// The same of one request, at any time. Who does not see connections end says that the capture does.
    #[must_use]
    pub fn is_unanswered(&self, pdu: u32, stream: u32, how: How) -> Option<Unanswered> {
        let asked = self.open.get(&pdu).filter(|asked| asked.waits && pdu > self.doubtful)?;
        let heard = if asked.direction == Direction::ToServer { self.server_heard } else { self.client_heard };
        if heard?.nanos_since(asked.time) < PATIENCE && how == How::CaptureEnd {
            return None;
        }
        let Asked { frame, time, verb, trid, direction, .. } = *asked;
        Some(Unanswered { stream, pdu, frame, time, verb, trid, direction, how })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Piece;

    #[test]
    fn each_piece_leads_to_what_was_put_together_last() {
        let whole = |pieces: &[Option<u32>], also| {
            let pieces = pieces.iter().map(|pdu| Piece { pdu: *pdu, ..Piece::own(Span::pdu(0, 1)) }).collect();
            Assembly { pieces, also, ..Assembly::default() }
        };
        let mut links = Links::default();
        let also = Some(Box::new(whole(&[Some(2), None], None)));
        links.note(5, &Context::default(), Some(&whole(&[Some(1), Some(3), None], also)));
        links.note(9, &Context::default(), Some(&whole(&[Some(3), None], None)));
        assert_eq!([1, 2, 3, 4, 5, 9].map(|piece| links.whole(piece)), [Some(5), Some(5), Some(9), None, None, None]);
    }
}
