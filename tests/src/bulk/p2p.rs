//! Files and pictures over switchboards, P2P version 1: chunks of 1202 bytes one after the other, cut into full TCP segments
//! wherever these end.

use super::recorder::{Link, MSS, Recorder};
use super::signin::sign_in;
use super::words::Person;
use crate::scenario::exchange::file_context;
use crate::scenario::p2p::Header;
use crate::scenario::{Direction, Random, ScenarioError};
use base64::Engine;
use std::io::Write;

/// Rooms with a transfer in each.
const ROOMS: u64 = 6;
/// Data bytes of a full chunk.
const CHUNK: u64 = 1_202;
/// Chunks a room sends before the next has its turn.
const CHUNKS_PER_TURN: usize = 24;
/// Makes the fresh number of a message from its identifier.
const FRESH: u32 = 0x5eed;
/// Footer of file data and of signalling.
const FILE: u32 = 2;
const SIGNALLING: u32 = 0;

/// One room: a transfer runs in one direction until it is complete, then the next begins.
struct Room {
    link: Link,
    /// Which way the data go.
    direction: Direction,
    me: Person,
    friend: Person,
    trid: u32,
    identifier: u32,
    session: u32,
    total: u64,
    offset: u64,
    /// What client and server have yet to send.
    pending: [Vec<u8>; 2],
    /// Messages of the client that the server has yet to acknowledge.
    unanswered: Vec<u32>,
}

/// Fills the capture.
pub fn run<W: Write>(recorder: &mut Recorder<W>, random: &mut Random) -> Result<(), ScenarioError> {
    let mut rooms = Vec::new();
    let mut sessions = Vec::new();
    for number in 0..ROOMS {
        let mut session = sign_in(recorder, random, number)?;
        session.ask(recorder, "PNG\r\n")?;
        session.tell(recorder, "QNG 47\r\n")?;
        rooms.push(Room::enter(recorder, random, session.host, number)?);
        sessions.push(session);
    }
    while !recorder.is_full() {
        for room in &mut rooms {
            recorder.pass(random.between(100_000, 2_000_000));
            if room.offset == room.total {
                room.begin(recorder, random)?;
            }
            room.stream(recorder, random)?;
        }
    }
    for mut room in rooms {
        room.send(recorder, Direction::ToClient, Amount::All)?;
        room.send(recorder, Direction::ToServer, Amount::All)?;
        recorder.send(&mut room.link, Direction::ToServer, b"OUT\r\n")?;
        recorder.close(room.link)?;
    }
    for mut session in sessions {
        session.ask(recorder, "OUT\r\n")?;
        recorder.close(session.link)?;
    }
    Ok(())
}

/// How much of what waits is sent.
#[derive(Clone, Copy)]
enum Amount {
    /// Full segments; the rest waits for more.
    Segments,
    /// Everything.
    All,
}

impl Room {
    fn enter<W: Write>(
        recorder: &mut Recorder<W>,
        random: &mut Random,
        host: u8,
        number: u64,
    ) -> Result<Self, ScenarioError> {
        let (me, friend) = (Person::numbered(number), Person::numbered(5_000 + number));
        let mut link = recorder.open(host, 90, random)?;
        let (cookie, id) = (random.word(), random.word());
        let ask = format!("ANS 1 {} {cookie} {id}\r\n", me.account);
        recorder.send(&mut link, Direction::ToServer, ask.as_bytes())?;
        let answer = format!("IRO 1 1 1 {} {}\r\nANS 1 OK\r\n", friend.account, friend.nick);
        recorder.send(&mut link, Direction::ToClient, answer.as_bytes())?;
        let direction = if number.is_multiple_of(2) { Direction::ToClient } else { Direction::ToServer };
        let (identifier, session) = (random.word() >> 1, random.word() >> 1);
        let pending = [Vec::new(), Vec::new()];
        let unanswered = Vec::new();
        Ok(Self { link, direction, me, friend, trid: 2, identifier, session, total: 0, offset: 0, pending, unanswered })
    }

    /// Ends the transfer before, if there was one, and agrees on the next.
    fn begin<W: Write>(&mut self, recorder: &mut Recorder<W>, random: &mut Random) -> Result<(), ScenarioError> {
        let (sender, receiver) = (self.direction, self.direction.reverse());
        if self.total > 0 {
            self.send(recorder, sender, Amount::All)?;
            self.acknowledge(receiver, self.session, self.total);
            self.send(recorder, receiver, Amount::All)?;
            self.signal(recorder, sender, "BYE MSNMSGR:", "sessionclosebody", "")?;
        }
        self.session += 1;
        self.total = random.between(40_000, 4_000_000);
        self.offset = 0;
        let body = format!(
            "EUF-GUID: {{5D3E02AB-6190-11D3-BBBB-00C04F795683}}\r\nSessionID: {}\r\nAppID: 2\r\nContext: {}\r\n",
            self.session,
            context(self.total)
        );
        self.signal(recorder, sender, "INVITE MSNMSGR:", "sessionreqbody", &body)?;
        let session = format!("SessionID: {}\r\n", self.session);
        self.signal(recorder, receiver, "MSNSLP/1.0 200 OK", "sessionreqbody", &session)?;
        self.identifier += 1;
        Ok(())
    }

    /// Sends some chunks and keeps what does not fill a segment.
    fn stream<W: Write>(&mut self, recorder: &mut Recorder<W>, random: &mut Random) -> Result<(), ScenarioError> {
        let mut data = Vec::new();
        for _ in 0..CHUNKS_PER_TURN {
            let length = CHUNK.min(self.total - self.offset);
            if length == 0 {
                break;
            }
            data.clear();
            random.fill(&mut data, usize::try_from(length).unwrap_or(0));
            let header = Header {
                session: self.session,
                identifier: self.identifier,
                offset: self.offset,
                total: self.total,
                length: u32::try_from(length).unwrap_or(0),
                flags: 0x0100_0030,
                ack_id: self.identifier ^ FRESH,
                ..Header::default()
            };
            self.packet(self.direction, &header, &data, FILE);
            self.offset += length;
        }
        self.send(recorder, self.direction, Amount::Segments)
    }

    /// A signalling message, the server's acknowledgement if it is the client's, and the peer's.
    fn signal<W: Write>(
        &mut self,
        recorder: &mut Recorder<W>,
        direction: Direction,
        start: &str,
        kind: &str,
        body: &str,
    ) -> Result<(), ScenarioError> {
        let (from, to) = match direction {
            Direction::ToServer => (&self.me.account, &self.friend.account),
            Direction::ToClient => (&self.friend.account, &self.me.account),
        };
        let (start, turn) = match start.strip_suffix(':') {
            Some(request) => (format!("{request}:{to} MSNSLP/1.0"), 0),
            None => (start.to_owned(), 1),
        };
        let text = format!(
            "{start}\r\nTo: <msnmsgr:{to}>\r\nFrom: <msnmsgr:{from}>\r\n\
             Via: MSNSLP/1.0/TLP ;branch={{5EED0001-0000-4000-8000-0000{session:08X}}}\r\nCSeq: {turn} \r\n\
             Call-ID: {{5EED0002-0000-4000-8000-0000{session:08X}}}\r\nMax-Forwards: 0\r\n\
             Content-Type: application/x-msnmsgr-{kind}\r\nContent-Length: {length}\r\n\r\n{body}\r\n\0",
            session = self.session,
            length = body.len() + 3,
        );
        self.identifier += 1;
        let size = u64::try_from(text.len()).unwrap_or(0);
        let chunk = usize::try_from(CHUNK).unwrap_or(usize::MAX);
        for (number, part) in text.as_bytes().chunks(chunk).enumerate() {
            let header = Header {
                identifier: self.identifier,
                offset: u64::try_from(number * chunk).unwrap_or(0),
                total: size,
                length: u32::try_from(part.len()).unwrap_or(0),
                ack_id: self.identifier ^ FRESH,
                ..Header::default()
            };
            self.packet(direction, &header, part, SIGNALLING);
        }
        self.send(recorder, direction, Amount::All)?;
        self.acknowledge(direction.reverse(), 0, size);
        self.send(recorder, direction.reverse(), Amount::All)
    }

    /// The peer's acknowledgement of the message with the current identifier.
    fn acknowledge(&mut self, direction: Direction, session: u32, size: u64) {
        let header = Header {
            session,
            identifier: self.identifier ^ 0x0040_0000,
            total: size,
            flags: 2,
            ack_id: self.identifier,
            ack_uid: self.identifier ^ FRESH,
            ack_size: size,
            ..Header::default()
        };
        self.packet(direction, &header, &[], SIGNALLING);
    }

    /// Queues one MSG with a P2P packet in it.
    fn packet(&mut self, direction: Direction, header: &Header, data: &[u8], footer: u32) {
        let [to_server, to_client] = &mut self.pending;
        let (out, head, receiver) = match direction {
            Direction::ToServer => (to_server, format!("{} D", self.trid), &self.friend),
            Direction::ToClient => (to_client, format!("{} {}", self.friend.account, self.friend.nick), &self.me),
        };
        let mime = format!(
            "MIME-Version: 1.0\r\nContent-Type: application/x-msnmsgrp2p\r\nP2P-Dest: {}\r\n\r\n",
            receiver.account
        );
        let length = mime.len() + 48 + data.len() + 4;
        out.extend_from_slice(format!("MSG {head} {length}\r\n{mime}").as_bytes());
        header.write(out);
        out.extend_from_slice(data);
        out.extend_from_slice(&footer.to_be_bytes());
        if direction == Direction::ToServer {
            self.unanswered.push(self.trid);
            self.trid += 1;
        }
    }

    /// Sends what waits in one direction; the server then acknowledges the client's messages that are complete.
    fn send<W: Write>(
        &mut self,
        recorder: &mut Recorder<W>,
        direction: Direction,
        amount: Amount,
    ) -> Result<(), ScenarioError> {
        recorder.pass(1_000_000);
        let [to_server, to_client] = &mut self.pending;
        let waiting = match direction {
            Direction::ToServer => to_server,
            Direction::ToClient => to_client,
        };
        let rest = match amount {
            Amount::Segments => waiting.split_off(waiting.len() / MSS * MSS),
            Amount::All => Vec::new(),
        };
        recorder.send(&mut self.link, direction, waiting)?;
        *waiting = rest;
        if direction == Direction::ToClient {
            return Ok(());
        }
        let [to_server, to_client] = &mut self.pending;
        // The last message may still wait for its end.
        let complete = self.unanswered.len() - usize::from(!to_server.is_empty()).min(self.unanswered.len());
        for trid in self.unanswered.drain(..complete) {
            to_client.extend_from_slice(format!("ACK {trid}\r\n").as_bytes());
        }
        match self.direction {
            // Data of the friend's wait in the same stream: the acknowledgements go with them.
            Direction::ToClient => Ok(()),
            Direction::ToServer => self.send(recorder, Direction::ToClient, Amount::All),
        }
    }
}

/// Base64 of a file description without preview.
fn context(size: u64) -> String {
    base64::engine::general_purpose::STANDARD.encode(file_context("measured.bin", size, None))
}
