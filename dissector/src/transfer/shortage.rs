//! What the capture does not show of a transfer: an entry of the ledger.

use super::{Chunk, Sighting, State, Transfer, What};
use crate::model::{Evidence, Missing, MissingKind};
use crate::tree::{Span, Text, texts};

texts! {
    HOLES = "missing.transfer.holes", "{0}: of its {1} bytes {2} are not in the capture; holes: {3}, the first from byte {4} on";
    OPEN_HOLES = "missing.transfer.open-holes", "{0}: {1} bytes of it are not in the capture; holes: {2}, the first from byte {3} on; how long it is was not captured either";
    NOTHING = "missing.transfer.nothing", "{0} was accepted, and none of its data is in the capture; it may have gone another way";
    NO_PLACE = "missing.transfer.no-place", "{0}: {1}";
    IN_TRANSFERS = "missing.transfer", "bytes of a transfer are not in the capture, or nobody can say where in it they belong";
    WHAT = "missing.transfer.what", "The {0} from {1} to {2}";
    NAMED = "missing.transfer.named", "The {0} “{1}” from {2} to {3}";
    SOMEBODY = "missing.transfer.somebody", "somebody";
}

impl Transfer {
    /// What the capture does not show of it, if that is so: bytes, all of them, or their places. What nobody sent any more
    /// is not missing: of a transfer that was given up only holes before its furthest byte count.
    #[must_use]
    pub fn missing(&self) -> Option<Missing> {
        if !self.kind.is_bytes() {
            return None;
        }
        let (text, evidence, bytes) = self.nothing_came().or_else(|| self.holes()).or_else(|| self.no_place())?;
        Some(Missing { kind: MissingKind::Transfer, text, evidence, bytes, conversation: None })
    }

    /// It was accepted, and no data came.
    fn nothing_came(&self) -> Option<Shortage> {
        let accepted = self.steps.iter().find(|step| step.what == What::Accepted)?;
        use What::{CancelledByReceiver, CancelledBySender, Declined, Fault, Refused};
        let gives_up = |what| matches!(what, CancelledBySender | CancelledByReceiver | Declined | Fault | Refused(_));
        let given_up = self.steps.iter().any(|step| gives_up(step.what));
        let came = !self.map.chunks.is_empty() || self.unplaced > 0 || self.size() == Some(0);
        let whole = Span::default();
        let told = || (NOTHING.with([self.what().into()]), accepted.sighting.evidence(whole), None);
        (!came && !given_up).then(told)
    }

    /// Bytes that no chunk brought. Where others came whose place is not known, or that no header counts, nobody can say
    /// which are missing: the notes tell of these.
    fn holes(&self) -> Option<Shortage> {
        let last = self.map.chunks.last()?;
        if self.state == State::Complete || self.unplaced > 0 || self.map.chunks.iter().any(|chunk| !chunk.counted) {
            return None;
        }
        let furthest = self.map.furthest();
        let size = match self.state {
            State::Incomplete => self.size().unwrap_or(furthest),
            _ => self.size().map_or(furthest, |size| size.min(furthest)),
        };
        let gaps = self.map.gaps(size);
        let (from, _) = *gaps.first()?;
        let bytes = gaps.iter().fold(0_u64, |sum, (from, to)| sum.saturating_add(to.saturating_sub(*from)));
        let evidence = self.map.chunks.iter().find(|chunk| chunk.offset > from).unwrap_or(last).evidence();
        let (what, holes) = (self.what().into(), gaps.len().into());
        let text = match self.size() {
            Some(size) => HOLES.with([what, size.into(), bytes.into(), holes, from.into()]),
            None => OPEN_HOLES.with([what, bytes.into(), holes, from.into()]),
        };
        Some((text, evidence, Some(bytes)))
    }

    fn no_place(&self) -> Option<Shortage> {
        let begun = self.began().filter(|_| self.unplaced > 0)?;
        let text = NO_PLACE.with([self.what().into(), self.unplaced_note().into()]);
        Some((text, begun.evidence(Span::default()), None))
    }

    /// What it is, and from whom to whom.
    pub(super) fn what(&self) -> Text {
        let person = |account: &Option<String>| match account {
            Some(account) => account.as_str().into(),
            None => SOMEBODY.text().into(),
        };
        let (kind, from, to) = (self.kind.name().into(), person(&self.from), person(&self.to));
        match self.name.as_str() {
            "" => WHAT.with([kind, from, to]),
            name => NAMED.with([kind, name.into(), from, to]),
        }
    }
}

/// The sentence, what shows it, and how many bytes.
type Shortage = (Text, Evidence, Option<u64>);

impl Sighting {
    /// The same as evidence: these bytes of the PDU.
    pub(super) fn evidence(self, span: Span) -> Evidence {
        Evidence { pdu: Some(self.pdu), frame: self.frame, time: self.time, stream: self.stream, span }
    }
}

impl Chunk {
    /// Where it stands, as evidence.
    pub(super) fn evidence(&self) -> Evidence {
        self.sighting.evidence(self.span)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Carrier, Step, held, map};
    use super::*;
    use crate::transfer::Kind;
    use crate::tree::Catalogue;

    fn with_chunks(transfer: Transfer, places: &[(u64, u32)]) -> Transfer {
        let mut transfer = Transfer { kind: Kind::File, ..transfer };
        for ((offset, length), pdu) in places.iter().zip(1..) {
            let span = Span::pdu(100, 100 + length);
            let (carrier, mark) = (Carrier::Switchboard, map::Mark::Whole);
            let arrival = map::Arrival { offset: *offset, span, lacks: 0, carrier, counted: true, asks: false, mark };
            let sighting = Sighting { pdu, frame: u64::from(pdu) * 10, ..Sighting::default() };
            transfer.map.push(arrival.chunk(sighting, held::Held::Elsewhere));
        }
        transfer.state = State::of(&transfer);
        transfer
    }

    fn told(transfer: &Transfer) -> Option<(String, Option<u64>, Option<u32>)> {
        let missing = transfer.missing()?;
        assert_eq!(missing.kind, MissingKind::Transfer);
        Some((Catalogue::english().render(&missing.text), missing.bytes, missing.evidence.pdu))
    }

    fn step(what: What) -> Step {
        Step { what, sighting: Sighting { pdu: 7, ..Sighting::default() } }
    }

    #[test]
    fn holes_are_counted_and_the_chunk_behind_the_first_shows_it() {
        let from = Some("alice@example.test".to_owned());
        let transfer = Transfer { announced: Some(500), name: "a.txt".to_owned(), from, ..Transfer::default() };
        let holes = with_chunks(transfer.clone(), &[(0, 100), (200, 100)]);
        let sentence = "The file “a.txt” from alice@example.test to somebody: of its 500 bytes 300 are not in the capture; \
                        holes: 2, the first from byte 100 on";
        assert_eq!(told(&holes), Some((sentence.to_owned(), Some(300), Some(2))));
        assert_eq!(holes.missing().unwrap().evidence.span, Span::pdu(100, 200));
        assert_eq!(told(&with_chunks(transfer, &[(0, 300), (300, 200)])), None, "whole");
    }

    #[test]
    fn what_was_given_up_lacks_only_what_was_sent() {
        let given_up =
            Transfer { announced: Some(500), steps: vec![step(What::CancelledBySender)], ..Transfer::default() };
        assert_eq!(told(&with_chunks(given_up.clone(), &[(0, 100)])), None);
        assert_eq!(told(&with_chunks(given_up, &[(100, 100)])).map(|(_, bytes, _)| bytes), Some(Some(100)));
    }

    #[test]
    fn data_that_never_came_are_missing_unless_somebody_gave_up() {
        let steps = |what: &[What]| what.iter().copied().map(step).collect::<Vec<_>>();
        let accepted =
            Transfer { declared: Some(9), steps: steps(&[What::Accepted, What::Closed]), ..Transfer::default() };
        let (text, bytes, pdu) = told(&with_chunks(accepted.clone(), &[])).unwrap();
        assert!(text.contains("none of its data"), "{text}");
        assert_eq!((bytes, pdu), (None, Some(7)), "how many were sent is not known");
        for gives_up in [What::CancelledByReceiver, What::CancelledBySender, What::Fault, What::Refused(500)] {
            let given_up = Transfer { steps: steps(&[What::Accepted, gives_up]), ..accepted.clone() };
            assert_eq!(told(&with_chunks(given_up, &[])), None, "{gives_up:?}");
        }
        assert_eq!(told(&with_chunks(Transfer { declared: Some(0), ..accepted }, &[])), None, "there is nothing in it");
        assert_eq!(told(&with_chunks(Transfer { steps: steps(&[What::Offered]), ..Transfer::default() }, &[])), None);
        let lost = Transfer { unplaced: 3, steps: steps(&[What::Offered]), ..Transfer::default() };
        let no_place = told(&with_chunks(lost.clone(), &[])).unwrap().0;
        assert!(no_place.contains("whose place in it is not known: 3"), "{no_place}");
        // What came may be what seems to be missing.
        let some = Transfer { declared: Some(500), ..lost };
        assert_eq!(told(&with_chunks(some, &[(100, 100)])).map(|(_, bytes, _)| bytes), Some(None));
    }

    #[test]
    fn what_lies_behind_the_end_makes_no_hole() {
        let whole = Transfer { announced: Some(500), ..Transfer::default() };
        assert_eq!(told(&with_chunks(whole.clone(), &[(0, 500), (10_000, 100)])), None);
        let given_up = Transfer { steps: vec![step(What::CancelledBySender)], ..whole };
        let stray = told(&with_chunks(given_up, &[(0, 100), (10_000, 100)])).unwrap();
        assert_eq!(stray.1, Some(400), "{}", stray.0);
    }
}
