//! That a transfer did not come whole, and why: an expert of the PDU in which it was last heard of.

use super::{State, Transfer, What};
use crate::tree::{Expert, Span, Text, experts, texts};

texts! {
    LACKS = "transfer.outcome.lacks", "bytes are missing";
    SO_FAR = "transfer.outcome.so-far", "{0}; of its {1} bytes {2} are in the capture";
    OPEN = "transfer.outcome.open", "{0}; {1} bytes of it are in the capture, and how long it is was not captured";
}

experts! {
    INCOMPLETE: Warn, Reassemble => "msnp.expert.transfer-incomplete", "{0} did not come whole: {1}";
    NOT_SENT: Note, Sequence => "msnp.expert.transfer-ended", "{0} was not transferred to its end: {1}";
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
        let came = self.map.covered().into();
        let why = self.why(state).into();
        let how_far = match self.size() {
            Some(size) => SO_FAR.with([why, size.into(), came]),
            None => OPEN.with([why, came]),
        };
        let expert = if state == State::Incomplete { INCOMPLETE } else { NOT_SENT };
        Some(expert.at(Span::pdu(0, line), [self.what().into(), how_far.into()]))
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
        let file = |rest: &str| Some(format!("The file “a.txt” from somebody to somebody {rest}"));
        let ended = |why: &str| file(&format!("was not transferred to its end: {why}"));
        use What::{Accepted, CancelledByReceiver, Closed, Declined, Offered, Refused};
        let so_far = "of its 9 bytes 0 are in the capture";
        assert_eq!(told(&[Offered, Declined], Some(9), 0), ended(&format!("declined; {so_far}")));
        assert_eq!(
            told(&[Offered, Refused(500)], Some(9), 0),
            ended(&format!("refused by the program (500); {so_far}"))
        );
        let gave_up = [Offered, Accepted, CancelledByReceiver, Closed];
        assert_eq!(told(&gave_up, Some(9), 0), ended(&format!("given up by the receiver; {so_far}")));
        assert_eq!(told(&[Offered, Accepted, Closed], Some(9), 0), ended(&format!("closed; {so_far}")));
        assert_eq!(told(&[Offered], Some(9), 0), ended(&format!("offered, without an answer; {so_far}")));
        let lacks = "did not come whole: bytes are missing; ";
        assert_eq!(told(&[Offered, Accepted], Some(9), 0), file(&format!("{lacks}{so_far}")));
        let open = "0 bytes of it are in the capture, and how long it is was not captured";
        assert_eq!(told(&[], None, 2), file(&format!("{lacks}{open}")));
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
