//! What is odd about a transfer as a whole. Oddities of a packet's bytes are experts of its PDU.
//!
//! Source: protocol reference, transfers 2.4 and 9; P2P 3.5.

use super::map::{Mark, Overlap};
use super::{Carrier, Transfer, Unread, Verdict, What};
use crate::model::name::bare_text;
use crate::tree::{Text, texts};

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
    NOT_READ = "transfer.note.not-read", "its bytes could not be read a second time, so its hash is not known";
}

impl Transfer {
    /// What is odd about it, as sentences.
    #[must_use]
    pub fn notes(&self, verdict: &Verdict) -> Vec<Text> {
        let mut notes = Vec::new();
        let mut note = |condition: bool, text: Text| {
            if condition {
                notes.push(text);
            }
        };
        let chunks = &self.map.chunks;
        let count = |wanted: &dyn Fn(&super::Chunk) -> bool| chunks.iter().filter(|chunk| wanted(chunk)).count();
        if let (Some(declared), Some(announced)) = (self.declared, self.announced) {
            note(declared != announced, SIZE_DIFFERS.with([declared.into(), announced.into()]));
        }
        if let Some((packets, claim)) = self.disbelieved() {
            note(true, DISBELIEVED.with([packets.into(), claim.into()]));
        }
        note(verdict.sha1d_ok == Some(false), HASH_DIFFERS.text());
        note(verdict.sha1c_ok == Some(false), DESCRIPTION_DIFFERS.text());
        let conflicts = count(&|chunk| chunk.overlap == Overlap::Different && chunk.counted);
        note(conflicts > 0, CONFLICTS.with([conflicts.into()]));
        let doubted = count(&|chunk| chunk.overlap == Overlap::Different && !chunk.counted);
        note(doubted > 0, UNCOUNTED_DIFFER.with([doubted.into()]));
        let unchecked = count(&|chunk| chunk.overlap == Overlap::Unchecked);
        note(unchecked > 0, NOT_COMPARED.with([unchecked.into()]));
        let closed = self.steps.iter().find(|step| step.what == What::Closed).map(|step| step.sighting.pdu);
        let late = closed.map_or(0, |closed| count(&|chunk| chunk.sighting.pdu > closed));
        note(late > 0, AFTER_THE_END.with([late.into()]));
        let messages = self.messages();
        note(messages > 1, SECOND_MESSAGE.with([messages.into()]));
        let accepted = self.steps.iter().any(|step| step.what == What::Accepted);
        let wants_data = self.kind.is_bytes() && self.size().is_none_or(|size| size > 0);
        note(accepted && wants_data && chunks.is_empty() && self.unplaced == 0, NO_DATA.text());
        let creator = self.object.as_ref().map(|object| bare_text(&object.creator)).filter(|name| !name.is_empty());
        if let (Some(creator), Some(from)) = (creator, &self.from) {
            note(creator != *from, OTHER_CREATOR.with([creator.into()]));
        }
        let uncounted = count(&|chunk| !chunk.counted);
        note(uncounted > 0, UNCOUNTED.with([uncounted.into()]));
        let blocks = self.carriers.contains(&Carrier::Msnftp);
        let unplaced = match self.size() {
            _ if blocks => UNPLACED_BLOCKS,
            Some(_) => UNPLACED_LEFT,
            None => UNPLACED,
        };
        note(self.unplaced > 0, unplaced.with([self.unplaced.into()]));
        note(self.miscounted > 0, MISCOUNTED.with([self.miscounted.into()]));
        if let Some(size) = self.size() {
            let beyond = self.map.furthest().saturating_sub(size);
            note(beyond > 0, BEYOND.with([beyond.into(), size.into()]));
        }
        note(verdict.misnamed, MISNAMED.with([verdict.content_type.unwrap_or_default().into()]));
        let let_go = verdict.unread == Some(Unread::LetGo);
        note(let_go && verdict.sha1.is_none(), NOT_KEPT.text());
        note(let_go && verdict.sha1.is_some(), PASSED.text());
        note(verdict.unread == Some(Unread::Refused), NOT_READ.text());
        notes
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
