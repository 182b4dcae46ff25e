//! Messages in parts: what is too long for one command comes in several, and is put together again here.
//!
//! Comes in: every PDU of a connection, in order. Goes out: how far the message of a part has come before it
//! ([`Progress`], for its context), and the whole message at the part that completes it ([`Assembly`]). What parts say is
//! the business of the dissection.
//!
//! Source: protocol reference, messages 5: parts are joined by connection, sender and Message-ID in the order of their
//! numbers; the first part alone has headers that say what the message is.

use std::collections::BTreeMap;

use super::payload::part::{Part, part};
use super::{Direction, Pdu, verb};
use crate::tree::{Assembly, Piece, Span};

/// Unfinished messages of a connection that are remembered; beyond, the oldest is let go.
pub(super) const OPEN_MESSAGES: usize = 8;
/// Parts of a message that are joined.
pub(super) const PARTS: u32 = 1024;
/// Bytes of a message that are held.
pub(super) const BYTES: usize = 512 * 1024;
/// Bytes of a Message-ID; a longer one is not believed.
const ID_BYTES: usize = 256;

/// How far the message of a part had come when the part came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many parts the message has; `None` while the first part, which says so, has not come.
    pub total: Option<u32>,
    /// How many of them came before.
    pub came: u32,
    /// What becomes of this one.
    pub fate: Fate,
    /// Parts of an older, unfinished message that are let go of to make room for this one.
    pub let_go: u32,
}

/// What becomes of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It takes its place.
    Joins,
    /// A part of this number came before; that one stays.
    Repeats,
    /// It has no place among the parts that were announced.
    Strays,
    /// The message is longer than what is held.
    TooLong,
}

/// The unfinished messages of a connection.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Oldest first.
    open: Vec<Open>,
}

#[derive(Debug)]
struct Open {
    direction: Direction,
    sender: Vec<u8>,
    id: Vec<u8>,
    total: Option<u32>,
    held: BTreeMap<u32, Held>,
    bytes: usize,
    given_up: bool,
}

/// One part: the first with its headers, the others their bodies alone.
#[derive(Debug)]
struct Held {
    pdu: u32,
    start: usize,
    bytes: Vec<u8>,
}

impl Parts {
    /// How far the message of `pdu` has come, if it is a part of one.
    pub(super) fn progress(&self, pdu: &Pdu<'_>, direction: Direction) -> Option<Progress> {
        let part = part_of(pdu)?;
        let Some(open) = self.open.iter().find(|open| open.is(pdu, direction, &part)) else {
            let let_go = if self.open.len() < OPEN_MESSAGES { 0 } else { self.open.first().map_or(0, Open::came) };
            let fate = if part.total.unwrap_or(0) > PARTS { Fate::TooLong } else { Fate::Joins };
            return Some(Progress { total: part.total, came: 0, fate, let_go });
        };
        let total = open.total.or(part.total);
        let fate = if open.given_up || total.unwrap_or(0) > PARTS || open.bytes + pdu.payload().len() > BYTES {
            Fate::TooLong
        } else if open.held.contains_key(&part.index) {
            Fate::Repeats
        } else if total.is_some_and(|total| part.index >= total) {
            Fate::Strays
        } else {
            Fate::Joins
        };
        Some(Progress { total, came: open.came(), fate, let_go: 0 })
    }

    /// Takes a PDU, which the shell calls `number`; says what it completes.
    pub(super) fn take(
        &mut self,
        number: u32,
        pdu: &Pdu<'_>,
        direction: Direction,
        progress: Progress,
    ) -> Option<Assembly> {
        let part = part_of(pdu)?;
        let at = self.open.iter().position(|open| open.is(pdu, direction, &part)).unwrap_or_else(|| {
            if self.open.len() >= OPEN_MESSAGES {
                self.open.remove(0);
            }
            self.open.push(Open::new(pdu, direction, &part));
            self.open.len() - 1
        });
        let open = self.open.get_mut(at)?;
        match progress.fate {
            Fate::Repeats | Fate::Strays => return None,
            Fate::TooLong => {
                open.give_up();
                return None;
            }
            Fate::Joins => open.hold(number, pdu, &part),
        }
        let assembly = open.joined(part.index)?;
        if assembly.missing == 0 {
            self.open.remove(at);
        }
        Some(assembly)
    }
}

#[cfg(test)]
impl Parts {
    pub(super) fn held(&self) -> usize {
        self.open.iter().map(|open| open.bytes).sum()
    }
}

impl Open {
    fn new(pdu: &Pdu<'_>, direction: Direction, part: &Part<'_>) -> Self {
        Self {
            direction,
            sender: sender(pdu).to_vec(),
            id: part.id.to_vec(),
            total: None,
            held: BTreeMap::new(),
            bytes: 0,
            given_up: false,
        }
    }

    fn is(&self, pdu: &Pdu<'_>, direction: Direction, part: &Part<'_>) -> bool {
        self.id == part.id && self.direction == direction && self.sender == sender(pdu)
    }

    fn came(&self) -> u32 {
        u32::try_from(self.held.len()).unwrap_or(u32::MAX)
    }

    fn hold(&mut self, number: u32, pdu: &Pdu<'_>, part: &Part<'_>) {
        self.total = self.total.or(part.total);
        let start = if part.index == 0 { 0 } else { part.body };
        let bytes = pdu.payload().get(start..).unwrap_or_default().to_vec();
        self.bytes = self.bytes.saturating_add(bytes.len());
        self.held.insert(part.index, Held { pdu: number, start: pdu.line.saturating_add(start), bytes });
    }

    fn give_up(&mut self) {
        self.given_up = true;
        self.held.clear();
        self.bytes = 0;
    }

    /// All parts, when the one of number `last` completes them, or what is there of them, when it should have.
    fn joined(&self, last: u32) -> Option<Assembly> {
        let total = self.total?;
        let held = self.held.range(..total);
        let missing = total.saturating_sub(u32::try_from(held.clone().count()).unwrap_or(u32::MAX));
        if !self.held.contains_key(&0) || (missing > 0 && last.saturating_add(1) != total) {
            return None;
        }
        let mut assembly = Assembly { missing, ..Assembly::default() };
        for (index, Held { pdu, start, bytes }) in held {
            let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
            let span = Span::pdu(narrow(*start), narrow(start.saturating_add(bytes.len())));
            let pdu = (*index != last).then_some(*pdu);
            assembly.pieces.push(Piece { pdu, span, offset: narrow(assembly.bytes.len()) });
            assembly.bytes.extend_from_slice(bytes);
        }
        Some(assembly)
    }
}

fn part_of<'a>(pdu: &Pdu<'a>) -> Option<Part<'a>> {
    let carries = matches!(pdu.verb(), Some(verb::MSG | verb::UUM | verb::UBM));
    let part = if carries { part(pdu.payload())? } else { return None };
    (part.id.len() <= ID_BYTES).then_some(part)
}

/// Who sends it, where the line says so; a client’s own lines do not.
fn sender<'a>(pdu: &Pdu<'a>) -> &'a [u8] {
    pdu.words().nth(1).filter(|word| word.contains(&b'@')).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::msnp::{Connection, Context};

    fn wire(sender: &str, headers: &str, body: &str) -> Vec<u8> {
        let payload = format!("{headers}\r\n\r\n{body}");
        format!("MSG {sender} X {}\r\n{payload}", payload.len()).into_bytes()
    }

    fn observe(connection: &mut Connection, number: u32, bytes: &[u8]) -> (Context, Option<Assembly>) {
        let line = memchr::memchr(b'\n', bytes).unwrap() + 1;
        let pdu = Pdu::command(bytes, line, Direction::ToClient);
        let context = connection.context_for(&pdu, Direction::ToClient);
        (context, connection.observe(number, &pdu, &context))
    }

    /// Parts of a message of three, by their numbers: the bodies put together at each, and what becomes of it.
    fn told(parts: &[u32]) -> Vec<(Option<String>, Fate)> {
        let mut connection = Connection::new();
        let one = |(index, number): (&u32, u32)| {
            let headers = match index {
                0 => "Content-Type: text/plain\r\nMessage-ID: {1}\r\nChunks: 3".to_owned(),
                other => format!("Message-ID: {{1}}\r\nChunk: {other}"),
            };
            let bytes = wire("bob@example.com", &headers, &format!("<{index}>"));
            let (context, whole) = observe(&mut connection, number, &bytes);
            let body = whole.map(|a| String::from_utf8(a.bytes).unwrap().rsplit("\r\n").next().unwrap().to_owned());
            (body, context.progress.unwrap().fate)
        };
        parts.iter().zip(1..).map(one).collect()
    }

    #[test]
    fn parts_are_joined_in_the_order_of_their_numbers() {
        let joined = |parts: &[u32]| told(parts).last().unwrap().0.clone();
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            assert_eq!(joined(&order).as_deref(), Some("<0><1><2>"), "{order:?}");
        }
        assert_eq!(joined(&[0, 1]), None);
        assert_eq!(joined(&[0, 2]).as_deref(), Some("<0><2>"), "the last one shows what there is");
        assert_eq!(joined(&[0, 2, 1]).as_deref(), Some("<0><1><2>"), "what comes late after all completes it");
        assert_eq!(joined(&[1, 2]), None, "nobody knows what it is");
        let repeated = told(&[0, 1, 1, 7, 2]);
        assert_eq!(repeated[2], (None, Fate::Repeats));
        assert_eq!(repeated[3], (None, Fate::Strays));
        assert_eq!(repeated[4].0.as_deref(), Some("<0><1><2>"));
    }

    #[test]
    fn pieces_say_where_each_byte_came_from() {
        let mut connection = Connection::new();
        let first = wire("bob@example.com", "Message-ID: {1}\r\nChunks: 2", "Hel");
        let second = wire("bob@example.com", "Message-ID: {1}\r\nChunk: 1", "lo");
        observe(&mut connection, 7, &first);
        let whole = observe(&mut connection, 9, &second).1.unwrap();
        let pieces = whole.pieces.iter().map(|p| (p.pdu, p.offset)).collect::<Vec<_>>();
        let headers = whole.bytes.len() - "Hello".len();
        assert_eq!(pieces, [(Some(7), 0), (None, u32::try_from(headers + 3).unwrap())]);
        let span = whole.pieces[1].span;
        assert_eq!(&second[span.start as usize..span.end as usize], b"lo");
    }

    #[test]
    fn senders_do_not_mix() {
        let mut connection = Connection::new();
        for (sender, number) in [("bob@example.com", 1), ("carol@example.org", 2)] {
            let bytes = wire(sender, "Message-ID: {1}\r\nChunks: 2", sender);
            assert!(observe(&mut connection, number, &bytes).1.is_none());
        }
        let last = wire("carol@example.org", "Message-ID: {1}\r\nChunk: 1", "!");
        assert!(observe(&mut connection, 3, &last).1.unwrap().bytes.ends_with(b"carol@example.org!"));
    }

    #[test]
    fn what_is_held_has_a_ceiling() {
        let mut connection = Connection::new();
        let first = |id: usize| wire("a@b", &format!("Message-ID: {{{id}}}\r\nChunks: 1000"), "x");
        for id in 0..OPEN_MESSAGES {
            assert_eq!(observe(&mut connection, 1, &first(id)).0.progress.unwrap().let_go, 0);
        }
        assert_eq!(observe(&mut connection, 2, &first(99)).0.progress.unwrap().let_go, 1, "the oldest goes");
        let long = "x".repeat(BYTES / 4);
        let fates = (1..6).map(|chunk| {
            let bytes = wire("a@b", &format!("Message-ID: {{99}}\r\nChunk: {chunk}"), &long);
            observe(&mut connection, 3, &bytes).0.progress.unwrap().fate
        });
        let fates = fates.collect::<Vec<_>>();
        assert_eq!(fates, [Fate::Joins, Fate::Joins, Fate::Joins, Fate::TooLong, Fate::TooLong]);
        assert!(connection.parts_held() < BYTES);
        let many = wire("a@b", "Message-ID: {many}\r\nChunks: 4000000000", "x");
        assert_eq!(observe(&mut connection, 4, &many).0.progress.unwrap().fate, Fate::TooLong);
    }
}
