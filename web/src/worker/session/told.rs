//! What a session tells of people and transfers, once every command has been looked at.

use super::Session;
use crate::protocol::story::{ChatsFound, Story, Transcript};
use crate::protocol::transfers::{Chunks, Transfers, Verdict};
use crate::worker::store::moment;
use crate::worker::story;
use crate::worker::transfers::Followed;

impl Session {
    /// The story but for what was said; none while commands are still to be looked at.
    #[must_use]
    pub fn story(&self) -> Option<Story> {
        let totals = self.analysis.totals();
        let span = totals.first.zip(totals.last).map(|(first, last)| (moment(first), moment(last)));
        let transfers = self.followed.as_ref().map(Followed::all).unwrap_or_default();
        self.tale.as_ref().map(|tale| story::story(tale, transfers, span, &self.catalogue))
    }

    /// The first entries of a chat.
    #[must_use]
    pub fn transcript(&self, number: u32, count: u32) -> Transcript {
        let told = self.tale.as_ref().map(|tale| story::transcript(tale, number, count, &self.catalogue));
        told.unwrap_or_else(|| Transcript { number, ..Transcript::default() })
    }

    /// The chats that have a text; none before the story is told.
    #[must_use]
    pub fn search_chats(&self, text: &str) -> ChatsFound {
        let none = || ChatsFound { text: text.to_owned(), chats: Vec::new() };
        self.tale.as_ref().map_or_else(none, |tale| story::search(tale, text, &self.catalogue))
    }

    /// The transfers; none while commands are still to be looked at.
    #[must_use]
    pub fn transfers(&self) -> Option<Transfers> {
        self.followed.as_ref().map(|followed| followed.list(&self.catalogue))
    }

    /// The arrivals of a transfer.
    #[must_use]
    pub fn chunks(&self, id: u32) -> Option<Chunks> {
        self.followed.as_ref()?.chunks(id, &self.store, &self.catalogue)
    }

    /// The transfer that a command belongs to.
    #[must_use]
    pub fn transfer_of(&self, pdu: u32) -> Option<u32> {
        self.followed.as_ref()?.of(pdu)
    }

    /// Appends bytes of a transfer's object, with zeros for missing ones; where to go on, if anywhere.
    pub fn object(&self, id: u32, from: u64, to: u64, into: &mut Vec<u8>) -> Option<u64> {
        self.followed.as_ref()?.read(id, from, to, &self.store, into)
    }

    /// Goes on checking the bytes of transfers, for about so many bytes; what was found out, and whether it makes findings.
    pub fn verify(&mut self, portion: u64) -> (Vec<(u32, Verdict)>, bool) {
        let Some(followed) = &mut self.followed else { return (Vec::new(), false) };
        let judged = followed.check(&self.store, portion, self.redactor.is_some());
        let remarks = judged.iter().flat_map(|(id, verdict)| followed.remarks(*id, verdict));
        let odd = self.checked.conclude(&self.store, remarks, &self.catalogue);
        let spoken = judged.iter().filter_map(|(id, verdict)| Some((*id, followed.spoken(*id, verdict)?)));
        (spoken.collect(), odd)
    }

    /// Whether transfers wait to be checked.
    #[must_use]
    pub fn unverified(&self) -> bool {
        self.followed.as_ref().is_some_and(Followed::waits)
    }
}
