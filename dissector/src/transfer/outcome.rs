//! That a transfer did not come whole, and why: an expert of the PDU in which it was last heard of.

use super::{State, Transfer, What};
use crate::tree::{Expert, Span, Text, experts, texts};

texts! {
    LACKS = "transfer.outcome.lacks", "bytes are missing";
    BYTES = "transfer.outcome.bytes", "{0} bytes";
    OPEN = "transfer.outcome.open", "a packet that tells its size";
}

experts! {
    INCOMPLETE: Warn, Reassemble => "msnp.expert.transfer-incomplete", "{0} did not come whole, {1}: expected {2}, found {3} bytes in the capture";
    NOT_SENT: Note, Sequence => "msnp.expert.transfer-ended", "{0} was not transferred to its end, {1}: expected {2}, found {3} bytes in the capture";
}

impl Transfer {
    /// How far it has come by now, as it would be told if nothing more came, without what no header counts.
    #[must_use]
    pub fn state_so_far(&self) -> State {
        State::after(self, self.happened.iter().copied())
    }

    /// That it did not come whole, and why; `None` of one that did, and of what is no bytes. About the line of the PDU in which
    /// it was last heard of, which is `line` bytes long.
    #[must_use]
    pub fn finding(&self, line: u32) -> Option<Expert> {
        let state = self.state_so_far();
        if !self.kind.is_bytes() || state == State::Complete {
            return None;
        }
        let promised = self.size().map_or_else(|| OPEN.text(), |size| BYTES.with([size.into()]));
        let expert = if state == State::Incomplete { INCOMPLETE } else { NOT_SENT };
        let (why, came) = (self.why(state), self.map.covered());
        Some(expert.at(Span::pdu(0, line), [self.what().into(), why.into(), promised.into(), came.into()]))
    }

    /// What ended it, in words.
    fn why(&self, state: State) -> Text {
        use What::{CancelledByReceiver, CancelledBySender, Declined, Fault, Refused};
        let first = |wanted: &dyn Fn(What) -> bool| self.happened.iter().find(|what| wanted(**what));
        let step = match state {
            State::Declined => first(&|what| matches!(what, Declined | Refused(_))),
            State::Cancelled => first(&|what| matches!(what, CancelledBySender | CancelledByReceiver | Fault))
                .or_else(|| first(&|what| what == What::Closed)),
            State::Incomplete => return LACKS.text(),
            State::Offered | State::Complete => None,
        };
        step.map_or_else(|| state.name(), |what| what.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::{Kind, Sighting};
    use crate::tree::Catalogue;

    fn told(happened: &[What], declared: Option<u64>, unplaced: u32) -> Option<String> {
        let mut transfer =
            Transfer { kind: Kind::File, name: "a.txt".to_owned(), declared, unplaced, ..Transfer::default() };
        happened.iter().for_each(|what| transfer.happen(*what, Sighting::default()));
        transfer.finding(20).map(|expert| Catalogue::english().render(&expert.text))
    }

    #[test]
    fn what_did_not_come_whole_says_why() {
        use What::{Accepted, CancelledByReceiver, Closed, Declined, Offered, Refused};
        let file =
            |rest: String| Some(format!("The file “a.txt” from somebody to somebody {rest} bytes in the capture"));
        let ended = |why: &str| file(format!("was not transferred to its end, {why}: expected 9 bytes, found 0"));
        assert_eq!(told(&[Offered, Declined], Some(9), 0), ended("declined"));
        assert_eq!(told(&[Offered, Refused(500)], Some(9), 0), ended("refused by the program (500)"));
        let gave_up = [Offered, Accepted, CancelledByReceiver, Closed];
        assert_eq!(told(&gave_up, Some(9), 0), ended("given up by the receiver"));
        assert_eq!(told(&[Offered, Accepted, Closed], Some(9), 0), ended("closed"));
        assert_eq!(told(&[Offered], Some(9), 0), ended("offered, without an answer"));
        let lacks =
            |promised: &str| file(format!("did not come whole, bytes are missing: expected {promised}, found 0"));
        assert_eq!(told(&[Offered, Accepted], Some(9), 0), lacks("9 bytes"));
        assert_eq!(told(&[], None, 2), lacks("a packet that tells its size"));
        assert_eq!(told(&[Offered, Accepted], Some(0), 0), None, "there is nothing in it");
    }

    /// However many acknowledgements there are, what happened is a short list.
    #[test]
    fn what_happened_is_kept_once() {
        let mut transfer = Transfer::default();
        (0..1000).for_each(|_| transfer.happen(What::Acknowledged, Sighting::default()));
        (0..1000).for_each(|offset| transfer.happen(What::Resume(offset), Sighting::default()));
        assert_eq!((transfer.steps.len(), transfer.happened.len()), (2000, 2));
    }
}
