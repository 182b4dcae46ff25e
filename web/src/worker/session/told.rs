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
        self.tale.as_ref().map(|tale| story::story(tale, span, &self.catalogue))
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

    /// Goes on checking the bytes of transfers, for about so many bytes; what was found out.
    pub fn verify(&mut self, portion: u64) -> Vec<(u32, Verdict)> {
        let mut found = self.followed.as_mut().map(|followed| followed.check(&self.store, portion)).unwrap_or_default();
        if self.redactor.is_some() {
            // What stands in place of the bytes has hashes that say nothing about them.
            found.iter_mut().for_each(|(_, verdict)| *verdict = Verdict::default());
        }
        found
    }

    /// Whether transfers wait to be checked.
    #[must_use]
    pub fn unverified(&self) -> bool {
        self.followed.as_ref().is_some_and(Followed::waits)
    }
}
