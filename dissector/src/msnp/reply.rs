//! Replies: which commands answer a command, and how sure it is that one comes.
//!
//! The verb table names them per verb; what depends on more than the verb (the mode of a message, the kind of server) is
//! decided here. Source: protocol reference, commands, "Reply" of each verb, and sessions, section 8.1.

use super::{Context, Direction, Pdu, PduKind, Server, Verb};

/// What answers a command.
#[derive(Debug, Clone, Copy)]
pub struct Replies {
    expected: Expected,
    /// Verbs that answer it. Errors may answer anything that has a TrID.
    pub verbs: &'static [Verb],
}

/// How sure it is that an answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// It always comes.
    Always,
    /// Silence means that all went well, or nobody knows.
    OnTrouble,
    /// The acknowledgement mode decides.
    ByMode,
    /// A notification server answers, others need not.
    ByServer,
    /// There is none.
    Never,
}

impl Replies {
    /// Nothing answers.
    pub(crate) const NEVER: Self = Self { expected: Expected::Never, verbs: &[] };

    pub(crate) const fn always(verbs: &'static [Verb]) -> Self {
        Self { expected: Expected::Always, verbs }
    }

    pub(crate) const fn on_trouble(verbs: &'static [Verb]) -> Self {
        Self { expected: Expected::OnTrouble, verbs }
    }

    pub(crate) const fn by_mode(verbs: &'static [Verb]) -> Self {
        Self { expected: Expected::ByMode, verbs }
    }

    pub(crate) const fn by_server(verbs: &'static [Verb]) -> Self {
        Self { expected: Expected::ByServer, verbs }
    }

    pub(crate) const fn never(verbs: &'static [Verb]) -> Self {
        Self { expected: Expected::Never, verbs }
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        match self.expected {
            Expected::Never => other,
            _ => self,
        }
    }

    /// True when a command with this verb answers.
    #[must_use]
    pub fn include(&self, verb: Verb) -> bool {
        verb.is_error() || self.verbs.contains(&verb)
    }
}

/// Whether a command waits for an answer on the same connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaits {
    /// One must come: where none does, something is missing.
    Answer,
    /// One may come; silence is an answer too.
    Perhaps,
    /// None comes.
    Nothing,
}

/// Whether `pdu` waits for an answer.
#[must_use]
pub fn awaits(pdu: &Pdu<'_>, context: &Context) -> Awaits {
    let Some(verb) = pdu.verb().filter(|_| pdu.kind == PduKind::Command) else { return Awaits::Nothing };
    let Some(shape) = verb.shape(context.direction) else {
        return if context.direction == Direction::ToServer { Awaits::Perhaps } else { Awaits::Nothing };
    };
    match shape.replies.expected {
        Expected::Always => Awaits::Answer,
        Expected::OnTrouble => Awaits::Perhaps,
        Expected::ByMode => match pdu.words().nth(2) {
            // S: only what has arrived is confirmed. U and N: only what has not, if that.
            Some(b"A" | b"D") => Awaits::Answer,
            _ => Awaits::Perhaps,
        },
        Expected::ByServer if context.server == Server::Notification => Awaits::Answer,
        Expected::ByServer => Awaits::Perhaps,
        Expected::Never if shape.has_trid() && context.direction == Direction::ToServer => Awaits::Perhaps,
        Expected::Never => Awaits::Nothing,
    }
}

/// True when a command with `verb` answers one with `request` that travelled in `direction`. What answers an unknown
/// command, nobody knows: anything may.
pub(super) fn answers(verb: Verb, request: Verb, direction: Direction) -> bool {
    request.shape(direction).is_none_or(|shape| shape.replies.include(verb))
}

/// The verbs that answer a `request` that travelled in `direction`, for a sentence: `ANS, IRO`.
#[must_use]
pub fn expected(request: Verb, direction: Direction) -> String {
    let verbs = request.shape(direction).map(|shape| shape.replies.verbs).unwrap_or_default();
    verbs.iter().map(Verb::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::msnp::verb;

    fn wait(line: &[u8], server: Server) -> Awaits {
        let pdu = Pdu::command(line, line.len(), Direction::ToServer);
        awaits(&pdu, &Context { direction: Direction::ToServer, server, ..Context::default() })
    }

    #[test]
    fn the_mode_of_a_message_decides() {
        let modes = [("A", Awaits::Answer), ("D", Awaits::Answer), ("N", Awaits::Perhaps), ("S", Awaits::Perhaps)];
        for (mode, want) in modes {
            assert_eq!(wait(format!("MSG 4 {mode} 0\r\n").as_bytes(), Server::Switchboard), want, "{mode}");
        }
    }

    #[test]
    fn a_ping_is_answered_by_a_notification_server() {
        assert_eq!(wait(b"PNG\r\n", Server::Notification), Awaits::Answer);
        assert_eq!(wait(b"PNG\r\n", Server::Switchboard), Awaits::Perhaps);
        assert_eq!(wait(b"OUT\r\n", Server::Notification), Awaits::Nothing);
    }

    #[test]
    fn every_reply_travels_the_other_way() {
        for decl in verb::VERBS {
            let ways = [(&decl.to_server, Direction::ToClient), (&decl.to_client, Direction::ToServer)];
            for (shape, back) in ways {
                for reply in shape.iter().flat_map(|shape| shape.replies.verbs) {
                    assert!(reply.shape(back).is_some(), "{reply} to {:?}", Verb(*decl.code));
                }
            }
        }
    }
}
