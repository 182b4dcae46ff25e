//! What is odd about a transfer as a whole. Oddities of a packet's bytes are experts of its PDU.
//!
//! Source: protocol reference, transfers 2.4 and 9; P2P 3.5.

use super::map::{Mark, Overlap};
use super::{Carrier, Chunk, State, Transfer, Unread, Verdict, What};
use crate::model::Evidence;
use crate::model::name::bare_text;
use crate::tree::{Severity, Span, Text, TextId, texts};

texts! {
    SIZE_DIFFERS = "transfer.note.size", "the invitation says {0} bytes, the packets say {1}";
    DISBELIEVED = "transfer.note.disbelieved", "packets that say another size than the others bear out: {0}; the first of them says {1} bytes";
    HASH_DIFFERS = "transfer.note.hash", "the bytes are not those that were announced: their SHA-1 is another one";
    DESCRIPTION_DIFFERS = "transfer.note.description", "the description’s own hash is not right; programs compute it in several ways, so this says little";
    CONFLICTS = "transfer.note.conflicts", "chunks that came again with other bytes: {0}; the bytes that came first are shown";
    UNCOUNTED_DIFFER = "transfer.note.uncounted-differ", "chunks that their own headers do not count, with other bytes than those that are counted: {0}; the counted ones are shown";
    NOT_COMPARED = "transfer.note.not-compared", "chunks that came again and could not be compared, since their bytes are no longer at hand: {0}";
    AFTER_THE_END = "transfer.note.after-end", "chunks that came after the session was closed: {0}";
    SECOND_MESSAGE = "transfer.note.second-message", "the data came in {0} messages; one is usual";
    NO_DATA = "transfer.note.no-data", "it was accepted, and no data is in the capture";
    OTHER_CREATOR = "transfer.note.creator", "the object was made by {0}, not by who sent it";
    UNCOUNTED = "transfer.note.uncounted", "chunks that their own headers do not count: {0}; some programs send such chunks, and a file sent so never becomes whole";
    UNPLACED = "transfer.note.unplaced", "packets with data whose place in it is not known: {0}; the one that tells the size is not in the capture";
    UNPLACED_LEFT = "transfer.note.unplaced-left", "packets with data whose place in it is not known: {0}; they say that more is still to come than it has";
    UNPLACED_BLOCKS = "transfer.note.unplaced-blocks", "blocks whose place in it is not known: {0}; how much is missing before them does not tell how many blocks that were";
    MISCOUNTED = "transfer.note.miscounted", "acknowledgements of another number of bytes than it has: {0}; they count for so many";
    BEYOND = "transfer.note.beyond", "bytes that came behind its end: {0}; it was to have {1}";
    MISNAMED = "transfer.note.misnamed", "the name’s ending promises another kind of content than the bytes are: {0}";
    PASSED = "transfer.note.passed", "its bytes were too many to be kept; they were hashed as they passed";
    NOT_KEPT = "transfer.note.not-kept", "its bytes were too many to be kept, so its hash is not known";
    UNACKNOWLEDGED = "transfer.note.unacknowledged", "chunks that ask for an acknowledgement, and none is in the capture: {0}";
    ABOUT = "transfer.note.about", "{0}: {1}";
    NOT_READ = "transfer.note.not-read", "its bytes could not be read a second time, so its hash is not known";
}

/// Something odd about a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// How much it matters.
    pub severity: Severity,
    /// What, as a sentence without its end.
    pub text: Text,
    /// What shows it: the first packet of which it is true, else where the transfer was first heard of.
    pub evidence: Evidence,
}

impl Transfer {
    /// What is odd about it.
    #[must_use]
    pub fn notes(&self, verdict: &Verdict) -> Vec<Note> {
        use Severity::{Chat, Note as Remark, Warn};
        let begun = self.began().unwrap_or_default().evidence(Span::default());
        let mut notes = Vec::new();
        let mut note = |condition: bool, severity: Severity, text: Text, evidence: Option<Evidence>| {
            if condition {
                notes.push(Note { severity, text, evidence: evidence.unwrap_or(begun) });
            }
        };
        let chunks = &self.map.chunks;
        if let (Some(declared), Some(announced)) = (self.declared, self.announced) {
            note(declared != announced, Remark, SIZE_DIFFERS.with([declared.into(), announced.into()]), None);
        }
        if let Some((packets, claim)) = self.disbelieved() {
            note(true, Remark, DISBELIEVED.with([packets.into(), claim.into()]), None);
        }
        note(verdict.sha1d_ok == Some(false), Warn, HASH_DIFFERS.text(), None);
        note(verdict.sha1c_ok == Some(false), Chat, DESCRIPTION_DIFFERS.text(), None);
        let closed = self.steps.iter().find(|step| step.what == What::Closed).map(|step| step.sighting.moment());
        let of_chunks: [(Severity, TextId, Wanted<'_>); 5] = [
            (Warn, CONFLICTS, &|chunk| chunk.overlap == Overlap::Different && chunk.counted),
            (Remark, UNCOUNTED_DIFFER, &|chunk| chunk.overlap == Overlap::Different && !chunk.counted),
            (Chat, NOT_COMPARED, &|chunk| chunk.overlap == Overlap::Unchecked),
            (Remark, AFTER_THE_END, &|chunk| closed.is_some_and(|closed| chunk.sighting.moment() > closed)),
            (Remark, UNACKNOWLEDGED, &|chunk| self.state != State::Cancelled && chunk.is_unacknowledged()),
        ];
        for (severity, text, wanted) in of_chunks {
            let (count, first) = count(chunks, wanted);
            note(count > 0, severity, text.with([count.into()]), first);
        }
        let messages = self.messages();
        note(messages > 1, Remark, SECOND_MESSAGE.with([messages.into()]), None);
        let accepted = self.steps.iter().any(|step| step.what == What::Accepted);
        let wants_data = self.kind.is_bytes() && self.size().is_none_or(|size| size > 0);
        note(accepted && wants_data && chunks.is_empty() && self.unplaced == 0, Chat, NO_DATA.text(), None);
        let creator = self.object.as_ref().map(|object| bare_text(&object.creator)).filter(|name| !name.is_empty());
        if let (Some(creator), Some(from)) = (creator, &self.from) {
            note(creator != *from, Chat, OTHER_CREATOR.with([creator.into()]), None);
        }
        let (uncounted, first) = count(chunks, &|chunk| !chunk.counted);
        note(uncounted > 0, Remark, UNCOUNTED.with([uncounted.into()]), first);
        note(self.unplaced > 0, Chat, self.unplaced_note(), None);
        note(self.miscounted > 0, Remark, MISCOUNTED.with([self.miscounted.into()]), None);
        if let Some(size) = self.size() {
            let beyond = self.map.furthest().saturating_sub(size);
            let (_, first) = count(chunks, &|chunk| chunk.end() > size);
            note(beyond > 0, Remark, BEYOND.with([beyond.into(), size.into()]), first);
        }
        note(verdict.misnamed, Warn, MISNAMED.with([verdict.content_type.unwrap_or_default().into()]), None);
        let let_go = verdict.unread == Some(Unread::LetGo);
        note(let_go && verdict.sha1.is_none(), Chat, NOT_KEPT.text(), None);
        note(let_go && verdict.sha1.is_some(), Chat, PASSED.text(), None);
        note(verdict.unread == Some(Unread::Refused), Chat, NOT_READ.text(), None);
        notes
    }

    /// The same where it is told among other things: with what it is about.
    #[must_use]
    pub fn named(&self, note: &Note) -> Text {
        ABOUT.with([self.what().into(), note.text.clone().into()])
    }

    /// That packets came whose place is not known, and why that is so.
    pub(super) fn unplaced_note(&self) -> Text {
        let unplaced = match self.size() {
            _ if self.carriers.contains(&Carrier::Msnftp) => UNPLACED_BLOCKS,
            Some(_) => UNPLACED_LEFT,
            None => UNPLACED,
        };
        unplaced.with([self.unplaced.into()])
    }

    /// Messages of version 1 that its data came in.
    fn messages(&self) -> usize {
        let mut known = Vec::new();
        for chunk in &self.map.chunks {
            if let Mark::Identifier(identifier) = chunk.mark
                && !known.contains(&identifier)
                && known.len() < 100
            {
                known.push(identifier);
            }
        }
        known.len()
    }
}

/// Which chunks.
type Wanted<'w> = &'w dyn Fn(&Chunk) -> bool;

/// How many chunks are so, and the first of them.
fn count(chunks: &[Chunk], wanted: Wanted<'_>) -> (usize, Option<Evidence>) {
    let mut found = chunks.iter().filter(|chunk| wanted(chunk));
    let first = found.next().map(Chunk::evidence);
    (first.map_or(0, |_| 1 + found.count()), first)
}
