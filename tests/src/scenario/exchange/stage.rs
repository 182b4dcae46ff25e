//! Lines as they are said: numbered, with the server's acknowledgements, and again at the other end where that is shown.

use super::{Exchange, Side, from_opener};
use crate::scenario::packet::Direction;
use crate::scenario::transcript::Line;
use std::collections::BTreeMap;

/// Messages after which the server acknowledges those before.
const UNACKNOWLEDGED: usize = 8;

/// Where lines are said.
pub(super) struct Stage<'e> {
    pub exchange: &'e Exchange,
    pub lines: Vec<Line>,
    first: usize,
    trid: u32,
    /// The friend's own transaction number, where the friend's connection is shown.
    other_trid: u32,
    /// Lines that are seen again at the other end: the first and the other.
    pub copies: BTreeMap<usize, usize>,
    /// Messages of the room's client that the server has not acknowledged, and of the friend's.
    waiting: [Vec<u32>; 2],
}

/// A message in the room.
pub(super) struct Message<'m> {
    pub speaker: Side,
    /// How it is to be acknowledged by the server: `D`, `N` …
    pub acknowledgement: char,
    pub payload: &'m [u8],
    pub after_ms: Option<u64>,
}

impl<'e> Stage<'e> {
    pub fn new(exchange: &'e Exchange, first: usize) -> Self {
        let waiting = [Vec::new(), Vec::new()];
        Self {
            exchange,
            lines: Vec::new(),
            first,
            trid: exchange.trid,
            other_trid: 21,
            copies: BTreeMap::new(),
            waiting,
        }
    }

    /// Says something in the room; gives the number of the line that is seen first.
    pub fn message(&mut self, message: &Message<'_>) -> usize {
        let room = self.exchange.room.as_str();
        let other = self.exchange.other_room.as_deref();
        let mine = message.speaker == Side::Me;
        if !mine {
            self.settle_room(0);
        }
        match (mine, other) {
            _ if self.exchange.overheard => self.down(room, message, message.after_ms),
            (true, None) => self.up(room, message),
            (false, None) => self.down(room, message, message.after_ms),
            (true, Some(other)) => {
                let line = self.up(room, message);
                let copy = self.down(other, message, None);
                self.copies.insert(line, copy);
                line
            }
            (false, Some(other)) => {
                let line = self.up(other, message);
                let copy = self.down(room, message, None);
                self.copies.insert(line, copy);
                line
            }
        }
    }

    /// To the server, from a client of either.
    fn up(&mut self, connection: &str, message: &Message<'_>) -> usize {
        let which = usize::from(message.speaker == Side::Friend);
        let trid = if which == 0 { &mut self.trid } else { &mut self.other_trid };
        let number = *trid;
        *trid += 1;
        let length = message.payload.len();
        let head = match self.exchange.datagrams {
            true => format!("SDG {number} {length}\r\n"),
            false => format!("MSG {number} {} {length}\r\n", message.acknowledgement),
        };
        let line = self.line(connection, Direction::ToServer, head.into_bytes(), message.payload, message.after_ms);
        if message.acknowledgement != 'N'
            && !self.exchange.datagrams
            && let Some(waiting) = self.waiting.get_mut(which)
        {
            waiting.push(number);
            if waiting.len() >= UNACKNOWLEDGED {
                self.settle_room(which);
            }
        }
        line
    }

    /// From the server, to the other's client.
    fn down(&mut self, connection: &str, message: &Message<'_>, after_ms: Option<u64>) -> usize {
        let person = self.exchange.person(message.speaker);
        let length = message.payload.len();
        let head = match self.exchange.datagrams {
            true => format!("SDG 0 {length}\r\n"),
            false => format!("MSG {} {} {length}\r\n", person.account, person.nick),
        };
        self.line(connection, Direction::ToClient, head.into_bytes(), message.payload, after_ms)
    }

    /// The server acknowledges what it has.
    pub fn settle(&mut self) {
        self.settle_room(0);
        self.settle_room(1);
    }

    fn settle_room(&mut self, which: usize) {
        let waiting = self.waiting.get_mut(which).map(std::mem::take).unwrap_or_default();
        let connection = if which == 0 { Some(&self.exchange.room) } else { self.exchange.other_room.as_ref() };
        let Some(connection) = connection else { return };
        for trid in waiting {
            self.line(connection, Direction::ToClient, format!("ACK {trid}\r\n").into_bytes(), &[], None);
        }
    }

    /// The line, or the one that shows it at the other end, that stands on the same connection as another line.
    pub fn beside(&self, line: usize, other: usize) -> usize {
        let connection = |number: usize| {
            number.checked_sub(self.first).and_then(|at| self.lines.get(at)).map(|line| &line.connection)
        };
        let copy = self.copies.get(&line).copied();
        copy.filter(|copy| connection(*copy) == connection(other)).unwrap_or(line)
    }

    /// How many lines a connection has.
    pub fn count(&self, connection: &str) -> usize {
        self.lines.iter().filter(|line| line.connection == connection).count()
    }

    /// Says something on a connection of their own, which `opener` opened.
    pub fn aside(
        &mut self,
        connection: &str,
        (speaker, opener): (Side, Side),
        line: Vec<u8>,
        payload: &[u8],
        after_ms: Option<u64>,
    ) -> usize {
        self.settle();
        self.line(connection, from_opener(speaker, opener), line, payload, after_ms)
    }

    fn line(
        &mut self,
        connection: &str,
        direction: Direction,
        line: Vec<u8>,
        payload: &[u8],
        after_ms: Option<u64>,
    ) -> usize {
        let number = self.first + self.lines.len();
        self.lines.push(Line {
            number,
            connection: connection.to_owned(),
            direction,
            line,
            payload: payload.to_vec(),
            after_ms,
            split_at: Vec::new(),
            defect: None,
        });
        number
    }
}
