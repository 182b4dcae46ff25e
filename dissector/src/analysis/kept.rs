//! A command that outlives its telling.

use std::net::SocketAddr;
use std::sync::Arc;

use super::links::Link;
use super::room::Room;
use super::tunnel::Tunnel;
use super::{Command, Place};
use crate::capture::Timestamp;
use crate::msnp::{Context, Pdu, PduKind};
use crate::tree::Assembly;

/// A command with its bytes. Where these stand in the file is not kept.
#[derive(Debug, Clone)]
pub struct Kept {
    number: u32,
    frame: u64,
    time: Timestamp,
    begin: Timestamp,
    stream: u32,
    tcp_stream: u32,
    tunnel: Option<Tunnel>,
    source: SocketAddr,
    destination: SocketAddr,
    context: Context,
    request: Option<Link>,
    room: Option<Arc<Room>>,
    bytes: Vec<u8>,
    line: usize,
    announced: usize,
    kind: PduKind,
    completes: Option<Assembly>,
}

impl Kept {
    /// Keeps a command.
    #[must_use]
    pub fn of(command: &Command<'_>) -> Self {
        let Command { number, frame, time, begin, stream, tcp_stream, tunnel, .. } = *command;
        let Command { source, destination, context, request, room, pdu, place: _, .. } = *command;
        let Pdu { bytes, line, announced, kind, completes } = pdu;
        Self {
            number,
            frame,
            time,
            begin,
            stream,
            tcp_stream,
            tunnel: tunnel.cloned(),
            source,
            destination,
            context,
            request,
            room: room.cloned(),
            bytes: bytes.to_vec(),
            line,
            announced,
            kind,
            completes: completes.cloned(),
        }
    }

    /// The command again.
    #[must_use]
    pub fn command(&self) -> Command<'_> {
        let Self { number, frame, time, begin, stream, tcp_stream, source, destination, context, request, .. } = *self;
        let Self { line, announced, kind, .. } = *self;
        Command {
            number,
            frame,
            time,
            begin,
            stream,
            tcp_stream,
            tunnel: self.tunnel.as_ref(),
            source,
            destination,
            context,
            request,
            room: self.room.as_ref(),
            pdu: Pdu { bytes: &self.bytes, line, announced, kind, completes: self.completes.as_ref() },
            place: Place::default(),
        }
    }

    /// The bytes of the command and of what it completes, in memory.
    #[must_use]
    pub fn size(&self) -> usize {
        let all = std::iter::successors(self.completes.as_ref(), |one| one.also.as_deref());
        all.fold(self.bytes.len(), |sum, one| sum.saturating_add(one.bytes.len()))
    }
}
