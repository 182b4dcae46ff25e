//! How the store is filled: what the analysis tells, as it comes.

use std::net::IpAddr;

use msnp_dissector::analysis::{self, End, Gap, PacketInfo, Rooms, Sink, StreamInfo, Unanswered};
use msnp_dissector::msnp::{Direction, verb};
use msnp_dissector::transport::How;

use super::{Key, Record, Store, Stream, index};
use crate::protocol::Role;
use crate::worker::milestones::{Milestones, quiet};

impl Store {
    fn put(&mut self, number: u32, record: Record) {
        let Some(at) = index(number) else { return };
        if at >= self.records.len() {
            self.records.resize(at + 1, None);
        }
        if let Some(slot) = self.records.get_mut(at) {
            *slot = Some(record);
        }
        let key = (record.frame, number);
        if self.order.last().is_none_or(|last| self.key(*last) < key) {
            self.order.push(number);
        } else {
            // Commands come late by little: what has to move is short.
            self.order.insert(self.position(key), number);
            self.note_late(key);
        }
    }

    /// It is known from now on whose connections a machine's are: lists of one account's commands go back for them.
    fn note_owner(&mut self, client: IpAddr) {
        let own = self.streams.iter().filter(|stream| stream.commands > 0 && stream.info.client.ip() == client);
        if let Some(first) = own.map(|stream| stream.first).min() {
            self.note_late(first);
        }
    }

    fn note_late(&mut self, key: Key) {
        self.late = Some(self.late.map_or(key, |late| late.min(key)));
    }
}

impl Sink for Store {
    fn packet(&mut self, packet: &PacketInfo) {
        self.frames.note(packet);
    }

    fn stream(&mut self, info: &StreamInfo) {
        self.by_number.insert(info.stream, self.streams.len());
        self.streams.push(Stream {
            info: info.clone(),
            capture: 0,
            role: Role::Unknown,
            first: Key::default(),
            last: Key::default(),
            commands: 0,
            bytes: 0,
            lost: 0,
            span: (info.time, info.time),
            closed: false,
            ended: None,
            milestones: Milestones::default(),
            rooms: Rooms::default(),
        });
    }

    fn command(&mut self, command: &analysis::Command<'_>) {
        let Some(stream) = self.stream_index(command.stream) else { return };
        self.begin = command.begin;
        let bytes = command.pdu.bytes;
        let from_client = match command.context.direction {
            Direction::ToServer => true,
            Direction::ToClient => false,
            Direction::Unknown => self.streams.get(stream as usize).is_some_and(|s| s.info.client == command.source),
        };
        let completes = command.pdu.completes.map_or(0, |assembly| {
            self.assemblies.push(assembly.clone());
            u32::try_from(self.assemblies.len()).unwrap_or(0)
        });
        let (source, destination) = (command.source, command.destination);
        self.ends.insert(command.tcp_stream, if from_client { (source, destination) } else { (destination, source) });
        let record = Record {
            frame: command.frame,
            time: command.time,
            stream,
            tcp_stream: command.tcp_stream,
            context: command.context,
            kind: command.pdu.kind,
            place: self.arena.keep(bytes),
            line: u32::try_from(command.pdu.line).unwrap_or(u32::MAX),
            announced: command.pdu.announced,
            from_client,
            completes,
            quiet: quiet(&command.pdu),
        };
        if let Some(stream) = self.streams.get_mut(stream as usize) {
            stream.note(command, Self::role(&command.context));
            stream.rooms.note(command.number, &command.pdu, &command.context);
            stream.milestones.note(command.number, &command.pdu, from_client);
            let client = stream.info.client.ip();
            if self.owners.note(&stream.info, &command.pdu, from_client) {
                self.note_owner(client);
            }
        }
        self.commands = self.commands.saturating_add(1);
        self.command_bytes = self.command_bytes.saturating_add(bytes.len() as u64);
        if command.pdu.verb() == Some(verb::RNG) {
            self.rung.extend(command.pdu.words().nth(1).map(<[u8]>::to_vec));
        }
        let verb = self.verbs.entry(command.pdu.verb()).or_insert((0, command.number));
        *verb = (verb.0.saturating_add(1), verb.1.min(command.number));
        self.links.note(command.number, &command.context, command.pdu.completes);
        self.put(command.number, record);
    }

    fn gap(&mut self, gap: &Gap) {
        if let Some(stream) = self.by_number.get(&gap.stream).and_then(|index| self.streams.get_mut(*index)) {
            stream.lost = stream.lost.saturating_add(gap.length);
        }
        let at = self.gaps.partition_point(|earlier| earlier.frame <= gap.frame);
        self.gaps.insert(at, *gap);
        self.note_late((gap.frame, 0));
    }

    fn unanswered(&mut self, request: &Unanswered) {
        self.unanswered.push(*request);
        self.unanswered_numbers.insert(request.pdu);
    }

    fn end(&mut self, end: &End) {
        self.ended.push(*end);
        if let Some(stream) = self.by_number.get(&end.stream).and_then(|index| self.streams.get_mut(*index)) {
            stream.closed = end.how != How::CaptureEnd;
            stream.ended = stream.closed.then_some(end.frame);
        }
    }
}

impl Stream {
    fn note(&mut self, command: &analysis::Command<'_>, role: Role) {
        let key = (command.frame, command.number);
        let (first, span) =
            if self.commands == 0 { (key, (command.time, command.time)) } else { (self.first, self.span) };
        self.first = first.min(key);
        self.last = self.last.max(key);
        self.span = (span.0.min(command.time), span.1.max(command.time));
        self.commands = self.commands.saturating_add(1);
        self.bytes = self.bytes.saturating_add(command.pdu.bytes.len() as u64);
        if role != Role::Unknown {
            self.role = role;
        }
    }
}
