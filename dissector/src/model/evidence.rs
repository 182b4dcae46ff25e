//! Where a fact comes from, and one message as the parts of the story see it.

use crate::analysis::{Command, End, Gap};
use crate::capture::Timestamp;
use crate::msnp::{Context, Direction, Message, PduKind, Server};
use crate::tree::Span;

/// Where a fact comes from. Every fact of the story keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Number of the PDU; `None` where the connection itself is the evidence, such as its end.
    pub pdu: Option<u32>,
    /// Number of the packet.
    pub frame: u64,
    /// Time of that packet.
    pub time: Timestamp,
    /// The connection.
    pub stream: u32,
    /// The bytes of the PDU that say so: of a document with many entries, the entry; else all of it.
    pub span: Span,
}

impl Evidence {
    /// The same, with the bytes that say it where they are known more closely.
    pub(super) fn within(self, span: Span) -> Self {
        if span.is_empty() { self } else { Self { span, ..self } }
    }

    /// What to put facts in order of: time, then packet, then command.
    #[must_use]
    pub fn order(&self) -> (Timestamp, u64, u32) {
        (self.time, self.frame, self.pdu.unwrap_or(u32::MAX))
    }

    pub(super) fn of_gap(gap: &Gap) -> Self {
        let Gap { frame, time, stream, .. } = *gap;
        Self { pdu: None, frame, time, stream, span: Span::pdu(0, 0) }
    }

    pub(super) fn of_end(end: &End) -> Self {
        let End { frame, time, stream, .. } = *end;
        Self { pdu: None, frame, time, stream, span: Span::pdu(0, 0) }
    }
}

/// Where a fact stands among the others: its evidence's order, and a hole right after the last command before it, although
/// its packet may hold further commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(Timestamp, u64, u32, bool);

impl Place {
    pub(super) fn of(evidence: Evidence) -> Self {
        let (time, frame, pdu) = evidence.order();
        Self(time, frame, pdu, false)
    }

    pub(super) fn of_gap(gap: &Gap) -> Self {
        Self(gap.time, gap.frame, gap.after, true)
    }
}

/// One message, and what is known around it. No bytes: what a part of the story needs, the message says.
#[derive(Debug)]
pub struct Seen<'s> {
    /// Line and payload as typed values.
    pub message: &'s Message<'s>,
    /// Direction, kind of server, dialect, and the request that this answers.
    pub context: Context,
    /// Whether it is a command at all, rather than bytes passed over.
    pub kind: PduKind,
    /// Where it stands.
    pub evidence: Evidence,
}

impl<'s> Seen<'s> {
    pub(super) fn new(command: &Command<'s>, message: &'s Message<'s>) -> Self {
        let length = u32::try_from(command.pdu.bytes.len()).unwrap_or(u32::MAX);
        let evidence = Evidence {
            pdu: Some(command.number),
            frame: command.frame,
            time: command.time,
            stream: command.stream,
            span: Span::pdu(0, length),
        };
        Self { message, context: command.context, kind: command.pdu.kind, evidence }
    }

    /// The connection it travelled on.
    #[must_use]
    pub fn stream(&self) -> u32 {
        self.evidence.stream
    }

    /// The client sent it.
    #[must_use]
    pub fn from_client(&self) -> bool {
        self.context.direction == Direction::ToServer
    }

    /// It travelled in a chat room.
    #[must_use]
    pub fn in_room(&self) -> bool {
        self.context.server == Server::Switchboard
    }
}
