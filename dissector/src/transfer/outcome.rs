//! That a transfer did not come whole, and why. One rule and one sentence for all who tell of it: Wireshark as an expert of
//! the PDU in which it was last heard of; `msnp gaps`, the C library and the page in the ledger, where the capture lost bytes.

use std::borrow::Cow;

use super::{Chunk, ChunkMap, Sighting, State, Transfer, What};
use crate::model::{Evidence, Missing, MissingKind};
use crate::tree::{Expert, Span, Text, TextId, experts, texts};

texts! {
    LACKS = "transfer.outcome.lacks", "bytes are missing";
    LACKS_AT = "transfer.outcome.lacks-at", "bytes are missing ({0})";
    ENDED_AND_LACKS = "transfer.outcome.ended-lacks", "{0}, and of what was sent bytes are missing ({1})";
    NO_DATA = "transfer.outcome.no-data", "accepted, and none of its data is there, which may have gone another way";
    NO_PLACE = "transfer.outcome.no-place", "packets with its data have no known place in it ({0})";
    NO_SIZE = "transfer.outcome.no-size", "how long it is was not captured";
    RANGE = "transfer.outcome.range", "{0}–{1}";
    NEXT_RANGE = "transfer.outcome.next-range", "{0}, {1}";
    MORE_RANGES = "transfer.outcome.more-ranges", "{0} and {1} more";
    BYTES = "transfer.outcome.bytes", "{0} bytes";
    OPEN = "transfer.outcome.open", "a packet that tells its size";
    IN_TRANSFERS = "missing.transfer", "a transfer did not come whole: bytes of it are not in the capture, or nobody can say where in it they belong";
    WHAT = "missing.transfer.what", "The {0} from {1} to {2}";
    NAMED = "missing.transfer.named", "The {0} “{1}” from {2} to {3}";
    SOMEBODY = "missing.transfer.somebody", "somebody";
}

experts! {
    INCOMPLETE: Warn, Reassemble => "msnp.expert.transfer-incomplete", "{0} did not come whole, {1}: expected {2}, found {3} bytes in the capture";
    NOT_SENT: Note, Sequence => "msnp.expert.transfer-ended", "{0} was not transferred to its end, {1}: expected {2}, found {3} bytes in the capture";
}

/// Holes that are named; of more only the number is.
const NAMED_HOLES: usize = 3;

/// That a transfer did not come whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// The sentence. The bytes it is about are for who shows it to say.
    pub expert: Expert,
    /// What shows it.
    pub evidence: Evidence,
    /// How many bytes were sent and are not in the capture, where that is known.
    pub bytes: Option<u64>,
}

impl Shortage {
    /// Whether the capture lacks what was sent; else nobody sent the rest.
    #[must_use]
    pub fn is_loss(&self) -> bool {
        self.expert.id == INCOMPLETE
    }
}

/// Why bytes are lost, what shows it, and how many they are.
type Loss = (Text, Evidence, Option<u64>);

impl Transfer {
    /// How far it has come by now, as it would be told if nothing more came, without what no header counts.
    #[must_use]
    pub fn state_so_far(&self) -> State {
        State::after(self, &self.map, self.happened.iter().copied())
    }

    /// That it did not come whole, and why, as it is told when nothing more comes; `None` of one that did, and of what is no
    /// bytes. What nobody sent any more is not lost: of a transfer that was given up only holes before its furthest byte are.
    #[must_use]
    pub fn shortage(&self) -> Option<Shortage> {
        let map = self.settled();
        let state = State::after(self, &map, self.happened.iter().copied());
        if !self.kind.is_bytes() || state == State::Complete {
            return None;
        }
        let loss = self.nothing_came(&map).or_else(|| self.no_place()).or_else(|| self.holes(state, &map));
        let last = || self.ended().unwrap_or_default().evidence(Span::default());
        let (id, (why, evidence, bytes)) = match loss {
            Some(loss) => (INCOMPLETE, loss),
            None if state == State::Incomplete => (INCOMPLETE, (self.unnamed().text(), last(), None)),
            None => (NOT_SENT, (self.ended_by(state), last(), None)),
        };
        let promised = self.size().map_or_else(|| OPEN.text(), |size| BYTES.with([size.into()]));
        let words = [self.what().into(), why.into(), promised.into(), map.covered().into()];
        Some(Shortage { expert: id.at(Span::default(), words), evidence, bytes })
    }

    /// The same as an expert of the PDU in which it was last heard of, whose line has `line` bytes.
    #[must_use]
    pub fn finding(&self, line: u32) -> Option<Expert> {
        self.shortage().map(|shortage| Expert { span: Span::pdu(0, line), ..shortage.expert })
    }

    /// The same as an entry of the ledger, if the capture lacks what was sent.
    #[must_use]
    pub fn missing(&self) -> Option<Missing> {
        let Shortage { expert, evidence, bytes } = self.shortage().filter(Shortage::is_loss)?;
        Some(Missing { kind: MissingKind::Transfer, text: expert.text, evidence, bytes, conversation: None })
    }

    /// Its map with what no header counts, which is used where nothing else came.
    fn settled(&self) -> Cow<'_, ChunkMap> {
        if self.map.chunks.iter().all(|chunk| chunk.counted) {
            return Cow::Borrowed(&self.map);
        }
        let mut map = self.map.clone();
        map.settle();
        Cow::Owned(map)
    }

    /// It was accepted, nobody gave up, and no data came.
    fn nothing_came(&self, map: &ChunkMap) -> Option<Loss> {
        use What::{CancelledByReceiver, CancelledBySender, Declined, Fault, Refused};
        let gives_up = |what| matches!(what, CancelledBySender | CancelledByReceiver | Declined | Fault | Refused(_));
        if !map.chunks.is_empty() || self.unplaced > 0 || self.happened.iter().any(|what| gives_up(*what)) {
            return None;
        }
        let accepted = self.steps.iter().find(|step| step.what == What::Accepted)?;
        Some((NO_DATA.text(), accepted.sighting.evidence(Span::default()), None))
    }

    /// Data came whose place in it is not known.
    fn no_place(&self) -> Option<Loss> {
        let begun = self.began().filter(|_| self.unplaced > 0)?;
        Some((NO_PLACE.with([self.unplaced.into()]), begun.evidence(Span::default()), None))
    }

    /// Bytes that no chunk brought. Where some came that no header counts, nobody can say which are missing.
    fn holes(&self, state: State, map: &ChunkMap) -> Option<Loss> {
        let last = map.chunks.last()?;
        if map.chunks.iter().any(|chunk| !chunk.counted) {
            return None;
        }
        let furthest = map.furthest();
        let size = match state {
            State::Incomplete => self.size().unwrap_or(furthest),
            _ => self.size().map_or(furthest, |size| size.min(furthest)),
        };
        let gaps = map.gaps(size);
        let (from, _) = *gaps.first()?;
        let bytes = gaps.iter().fold(0_u64, |sum, (from, to)| sum.saturating_add(to.saturating_sub(*from)));
        let behind = map.chunks.iter().find(|chunk| chunk.offset > from).unwrap_or(last);
        let holes = ranges(&gaps)?.into();
        let why = match state {
            State::Incomplete => LACKS_AT.with([holes]),
            _ => ENDED_AND_LACKS.with([self.ended_by(state).into(), holes]),
        };
        Some((why, behind.evidence(), Some(bytes)))
    }

    /// What is wrong where no hole can be named.
    fn unnamed(&self) -> TextId {
        if self.size().is_some() { LACKS } else { NO_SIZE }
    }

    /// What ended it, in words.
    fn ended_by(&self, state: State) -> Text {
        use What::{CancelledByReceiver, CancelledBySender, Declined, Fault, Refused};
        let first = |wanted: &dyn Fn(What) -> bool| self.happened.iter().find(|what| wanted(**what));
        let step = match state {
            State::Declined => first(&|what| matches!(what, Declined | Refused(_))),
            State::Cancelled => first(&|what| matches!(what, CancelledBySender | CancelledByReceiver | Fault))
                .or_else(|| first(&|what| what == What::Closed)),
            State::Offered | State::Incomplete | State::Complete => None,
        };
        step.map_or_else(|| state.name(), |what| what.name())
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

/// Holes as ranges of bytes, the first and the last: some of them, and how many more there are.
fn ranges(gaps: &[(u64, u64)]) -> Option<Text> {
    let named = gaps.iter().take(NAMED_HOLES);
    let named = named.map(|(from, to)| RANGE.with([(*from).into(), to.saturating_sub(1).into()]));
    let named = named.reduce(|before, next| NEXT_RANGE.with([before.into(), next.into()]))?;
    Some(match gaps.len().saturating_sub(NAMED_HOLES) {
        0 => named,
        more => MORE_RANGES.with([named.into(), more.into()]),
    })
}

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
    use super::super::{Carrier, held, map};
    use super::*;
    use crate::transfer::Kind;
    use crate::tree::Catalogue;

    /// A file of which this happened, in the PDUs from 7 on.
    fn file(size: Option<u64>, happened: &[What]) -> Transfer {
        let from = Some("alice@example.test".to_owned());
        let named = Transfer { kind: Kind::File, name: "a.txt".to_owned(), from, ..Transfer::default() };
        let mut transfer = Transfer { declared: size, ..named };
        for (what, pdu) in happened.iter().zip(7..) {
            transfer.happen(*what, Sighting { pdu, ..Sighting::default() });
        }
        transfer
    }

    /// The same with chunks, in the PDUs from 1 on.
    fn with_chunks(mut transfer: Transfer, places: &[(u64, u32)], counted: bool) -> Transfer {
        for ((offset, length), pdu) in places.iter().zip(1..) {
            let span = Span::pdu(100, 100 + length);
            let (carrier, mark) = (Carrier::Switchboard, map::Mark::Whole);
            let arrival = map::Arrival { offset: *offset, span, lacks: 0, carrier, counted, asks: false, mark };
            let sighting = Sighting { pdu, frame: u64::from(pdu) * 10, ..Sighting::default() };
            transfer.map.push(arrival.chunk(sighting, held::Held::Elsewhere));
        }
        transfer
    }

    /// What is told of one, without its names and its end; whether bytes are lost, how many, and which PDU shows it.
    fn told(transfer: &Transfer) -> Option<(String, bool, Option<u64>, Option<u32>)> {
        let shortage = transfer.shortage()?;
        let text = Catalogue::english().render(&shortage.expert.text);
        let whole = text.strip_prefix("The file “a.txt” from alice@example.test to somebody ").unwrap();
        let text = whole.strip_suffix(" bytes in the capture").unwrap().to_owned();
        assert_eq!(transfer.finding(20).map(|expert| expert.text), Some(shortage.expert.text.clone()));
        let missing = transfer.missing();
        assert_eq!(missing.is_some(), shortage.is_loss());
        assert!(missing.is_none_or(|missing| missing.text == shortage.expert.text), "the same words");
        Some((text, shortage.is_loss(), shortage.bytes, shortage.evidence.pdu))
    }

    #[track_caller]
    fn check(transfer: &Transfer, sentence: &str, bytes: Option<u64>, pdu: u32) {
        let lost = sentence.starts_with("did not come whole");
        assert_eq!(told(transfer), Some((sentence.to_owned(), lost, bytes, Some(pdu))));
    }

    #[test]
    fn what_was_not_sent_to_its_end_says_why() {
        use What::{Accepted, CancelledByReceiver, Closed, Declined, Offered, Refused};
        let ended = |happened: &[What], why: &str, pdu| {
            let sentence = format!("was not transferred to its end, {why}: expected 9 bytes, found 0");
            check(&file(Some(9), happened), &sentence, None, pdu);
        };
        ended(&[Offered, Declined], "declined", 8);
        ended(&[Offered, Refused(500)], "refused by the program (500)", 8);
        ended(&[Offered, Accepted, CancelledByReceiver, Closed], "given up by the receiver", 10);
        ended(&[Offered, Closed], "closed", 8);
        ended(&[Offered], "offered, without an answer", 7);
        for gives_up in [What::CancelledBySender, What::Fault, Declined, Refused(500)] {
            assert_eq!(told(&file(Some(9), &[Accepted, gives_up])).map(|told| told.1), Some(false), "{gives_up:?}");
        }
        assert_eq!(told(&file(Some(0), &[Offered, Accepted])), None, "there is nothing in it");
        assert_eq!(told(&Transfer { kind: Kind::Webcam, ..Transfer::default() }), None, "no bytes");
    }

    #[test]
    fn data_that_never_came_are_missing() {
        let why = "did not come whole, accepted, and none of its data is there, which may have gone another way";
        let sentence = format!("{why}: expected 9 bytes, found 0");
        check(&file(Some(9), &[What::Accepted]), &sentence, None, 7);
        check(&file(Some(9), &[What::Offered, What::Accepted, What::Closed]), &sentence, None, 8);
        let lost = Transfer { unplaced: 3, ..file(None, &[What::Offered]) };
        let sentence = "did not come whole, packets with its data have no known place in it (3): \
                        expected a packet that tells its size, found 0";
        check(&lost, sentence, None, 7);
        // Of which nothing else was heard, neither invitation nor a packet that has a place.
        let mut alone = file(None, &[]);
        [4, 6].into_iter().for_each(|pdu| alone.misplace(Sighting { pdu, frame: pdu.into(), ..Sighting::default() }));
        let sentence = sentence.replace("(3)", "(2)");
        check(&alone, &sentence, None, 4);
        assert_eq!([alone.began(), alone.ended()].map(|at| at.map(|at| at.pdu)), [Some(4), Some(6)]);
        // What came may be what seems to be missing.
        let some = with_chunks(Transfer { declared: Some(500), ..lost }, &[(100, 100)], true);
        assert_eq!(told(&some).map(|(_, lost, bytes, _)| (lost, bytes)), Some((true, None)));
        check(
            &with_chunks(file(None, &[]), &[(0, 100)], true),
            "did not come whole, how long it is was not captured: expected a packet that tells its size, found 100",
            None,
            1,
        );
    }

    #[test]
    fn the_first_holes_are_named_and_the_chunk_behind_the_first_shows_them() {
        let holes = with_chunks(file(Some(500), &[]), &[(0, 100), (200, 100)], true);
        let sentence = "did not come whole, bytes are missing (100–199, 300–499): expected 500 bytes, found 200";
        check(&holes, sentence, Some(300), 2);
        assert_eq!(holes.missing().unwrap().evidence.span, Span::pdu(100, 200));
        assert_eq!(told(&with_chunks(file(Some(500), &[]), &[(0, 300), (300, 200)], true)), None, "whole");
        let many = (0..1000).map(|place| (place * 100, 50)).collect::<Vec<_>>();
        let many = with_chunks(file(Some(100_000), &[]), &many, true);
        let sentence = "did not come whole, bytes are missing (50–99, 150–199, 250–299 and 997 more): \
                        expected 100000 bytes, found 50000";
        check(&many, sentence, Some(50_000), 2);
    }

    #[test]
    fn what_was_given_up_lacks_only_what_was_sent() {
        let given_up = |places: &[(u64, u32)]| with_chunks(file(Some(500), &[What::CancelledBySender]), places, true);
        let sentence = "was not transferred to its end, given up by the sender: expected 500 bytes, found 100";
        assert_eq!(told(&given_up(&[(0, 100)])).map(|told| told.0).as_deref(), Some(sentence));
        let sentence = "did not come whole, given up by the sender, and of what was sent bytes are missing (0–99): \
                        expected 500 bytes, found 100";
        check(&given_up(&[(100, 100)]), sentence, Some(100), 1);
        let stray = told(&given_up(&[(0, 100), (10_000, 100)])).unwrap();
        assert_eq!(stray.2, Some(400), "what lies behind its end makes no hole: {}", stray.0);
        assert_eq!(told(&with_chunks(file(Some(500), &[]), &[(0, 500), (10_000, 100)], true)), None);
    }

    /// It counts before the end of the capture as it does then.
    #[test]
    fn what_no_header_counts_comes_too_and_names_no_hole() {
        let whole = with_chunks(file(Some(500), &[]), &[(0, 300), (300, 200)], false);
        assert_eq!((told(&whole), whole.map.covered()), (None, 0));
        let sentence = "did not come whole, bytes are missing: expected 500 bytes, found 300";
        let mut some = with_chunks(file(Some(500), &[]), &[(0, 200), (300, 100)], false);
        check(&some, sentence, None, 2);
        some.map.settle();
        check(&some, sentence, None, 2);
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
