//! A PDU: one framed command with its payload, or bytes that could not be framed.

use super::framing;
use super::p2p::udp;
use super::{Direction, Verb};
use crate::tree::Assembly;

/// What a PDU's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PduKind {
    /// A command line, with its payload if it announces one.
    Command,
    /// Bytes passed over while looking for the next credible command.
    Skipped,
    /// More of a payload whose beginning stands in a PDU before; bytes between them are missing.
    PayloadRest,
    /// The beginning of a line whose end never came.
    Unfinished,
    /// A frame on a direct connection between two programs: four bytes of length, and a packet.
    Direct,
    /// A line or a block of an old file transfer (MSNFTP).
    FileTransfer,
    /// A frame on the connection to a relay (TURN).
    Relay,
    /// A UDP datagram between two programs, or between a program and a relay.
    Udp,
    /// A greeting or a frame on the connection that carries a webcam’s pictures.
    Webcam,
    /// Bytes of what carries the stream, such as HTTP, that are no part of it.
    Beside,
}

/// One framed command with its payload, or bytes that could not be framed.
#[derive(Debug, Clone, Copy)]
pub struct Pdu<'a> {
    /// All its bytes: line, line end, payload.
    pub bytes: &'a [u8],
    /// Length of the line in bytes, with its line end.
    pub line: usize,
    /// Length of the payload in bytes that the line promises. Fewer stand in `bytes` when some never came, or when the
    /// promise is absurd.
    pub announced: usize,
    /// What the bytes are.
    pub kind: PduKind,
    /// Bytes that it completes together with PDUs before it, as [`Connection::observe`](super::Connection::observe) says.
    pub completes: Option<&'a Assembly>,
}

impl<'a> Pdu<'a> {
    /// A command whose line, with its line end, is the first `line` bytes.
    #[must_use]
    pub fn command(bytes: &'a [u8], line: usize, direction: Direction) -> Self {
        let announced = framing::announced(bytes.get(..line).unwrap_or(bytes), direction);
        Self { bytes, line: line.min(bytes.len()), announced, kind: PduKind::Command, completes: None }
    }

    /// Bytes that are no whole command.
    #[must_use]
    pub fn stray(bytes: &'a [u8], kind: PduKind) -> Self {
        Self { bytes, line: bytes.len(), announced: 0, kind, completes: None }
    }

    /// A UDP datagram, of which so many bytes were cut off by the capture.
    #[must_use]
    pub fn datagram(bytes: &'a [u8], missing: usize) -> Self {
        let line = udp::head(bytes, bytes.len().saturating_add(missing));
        let announced = bytes.len().saturating_sub(line).saturating_add(missing);
        Self { bytes, line, announced, kind: PduKind::Udp, completes: None }
    }

    /// The same PDU, with what it completes.
    #[must_use]
    pub fn completing<'b>(self, completes: Option<&'b Assembly>) -> Pdu<'b>
    where
        'a: 'b,
    {
        Pdu { completes, ..self }
    }

    /// The line without its line end.
    #[must_use]
    pub fn line_text(&self) -> &'a [u8] {
        framing::without_line_end(self.bytes.get(..self.line).unwrap_or_default())
    }

    /// The words of the line, verb first.
    pub fn words(&self) -> impl Iterator<Item = &'a [u8]> {
        framing::words(self.line_text())
    }

    /// The first word as a verb, known or not.
    #[must_use]
    #[inline]
    pub fn verb(&self) -> Option<Verb> {
        match (self.kind, self.bytes.get(..self.line).unwrap_or_default()) {
            // As nearly every command begins, and asked for many times: no need to look for the end of the line.
            (PduKind::Command, [first @ b'A'..=b'Z', second @ b'A'..=b'Z', third @ b'A'..=b'Z', b' ', ..]) => {
                Some(Verb([*first, *second, *third]))
            }
            (PduKind::Command, _) => self.words().next().and_then(Verb::parse),
            _ => None,
        }
    }

    /// Whether it shows that MSNP is spoken: a command that is known or a numbered error, or whatever else was framed. Bytes
    /// that could not be framed show nothing.
    #[must_use]
    pub fn is_recognised(&self) -> bool {
        match self.kind {
            PduKind::Command => self.verb().is_some_and(|verb| verb.is_error() || verb.decl().is_some()),
            PduKind::Skipped | PduKind::Unfinished | PduKind::PayloadRest => false,
            _ => true,
        }
    }

    /// The payload, as far as it is there.
    #[must_use]
    pub fn payload(&self) -> &'a [u8] {
        self.bytes.get(self.line..).unwrap_or_default()
    }

    /// Bytes of the payload that are promised but not there.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.announced.saturating_sub(self.payload().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The short way to a verb finds what stands as the line's first word, wherever the line ends.
        #[test]
        fn a_verb_is_the_first_word_of_its_line(line in "[A-C1\r ]{0,5}\n?[A ]{0,3}", end in 0_usize..9) {
            let bytes = line.as_bytes();
            let pdu = Pdu { bytes, line: end.min(bytes.len()), announced: 0, kind: PduKind::Command, completes: None };
            prop_assert_eq!(pdu.verb(), pdu.words().next().and_then(Verb::parse));
        }
    }
}
