//! What a session follows: receives the commands, and keeps what it was made to tell of.

use std::collections::VecDeque;

use msnp_dissector::analysis::{Command, End, Gap, Kept, Order, Sink, StreamInfo, Unanswered};
use msnp_dissector::model::Story;
use msnp_dissector::report::{Occurrences, Summariser};
use msnp_dissector::transfer::{Keeping, OBJECT_BYTES, TOTAL_BYTES, Transfers};

use crate::status::msnp_status;

/// A bit for `msnp_session_new`: PDUs, for `msnp_session_pdu`. They wait in memory until they are asked for.
pub const MSNP_FOLLOW_PDUS: u32 = 1;
/// A bit for `msnp_session_new`: who signed in, whom they know, who was there, who said what, and what is missing, for
/// `msnp_session_messages` and the documents of `msnp sessions`, `contacts`, `presence`, `chats` and `gaps`.
pub const MSNP_FOLLOW_STORY: u32 = 2;
/// A bit for `msnp_session_new`: pictures, files and other objects, for `msnp_session_transfers` and the documents of
/// `msnp transfers` and `chunks`.
pub const MSNP_FOLLOW_TRANSFERS: u32 = 4;
/// A bit for `msnp_session_new`: figures, for the document of `msnp summary`.
pub const MSNP_FOLLOW_SUMMARY: u32 = 8;
/// A bit for `msnp_session_new`: which fields occur, for the document of `msnp fields`.
pub const MSNP_FOLLOW_FIELDS: u32 = 16;

/// Everything that is followed.
#[derive(Debug, Default)]
pub struct Following {
    pub pdus: Option<Queue>,
    pub story: Option<Story>,
    pub transfers: Option<Transfers>,
    pub summary: Option<Summariser>,
    pub fields: Option<Occurrences>,
}

impl Following {
    /// What these bits stand for.
    pub fn new(bits: u32) -> Result<Self, msnp_status> {
        let known =
            MSNP_FOLLOW_PDUS | MSNP_FOLLOW_STORY | MSNP_FOLLOW_TRANSFERS | MSNP_FOLLOW_SUMMARY | MSNP_FOLLOW_FIELDS;
        if bits & !known != 0 {
            return Err(msnp_status::Argument);
        }
        let has = |bit: u32| bits & bit != 0;
        Ok(Self {
            pdus: has(MSNP_FOLLOW_PDUS).then(Queue::default),
            story: has(MSNP_FOLLOW_STORY).then(Story::default),
            transfers: has(MSNP_FOLLOW_TRANSFERS).then(|| keeping(OBJECT_BYTES, TOTAL_BYTES)),
            summary: has(MSNP_FOLLOW_SUMMARY).then(Summariser::default),
            fields: has(MSNP_FOLLOW_FIELDS).then(Occurrences::default),
        })
    }
}

/// Transfers of which so many bytes are kept.
pub fn keeping(object: usize, total: usize) -> Transfers {
    Transfers::new(Keeping::Memory { object, total })
}

/// PDUs on their way out, in the order of their numbers.
#[derive(Debug, Default)]
pub struct Queue {
    order: Order<Kept>,
    ready: VecDeque<Kept>,
}

impl Queue {
    fn push(&mut self, command: &Command<'_>) {
        let Self { order, ready } = self;
        let kept = Kept::of(command);
        let size = kept.size();
        order.push(command.number, kept, size, |kept| ready.push_back(kept));
    }

    /// Nothing more comes: none waits any longer for those before it.
    pub fn finish(&mut self) {
        std::mem::take(&mut self.order).finish(|kept| self.ready.push_back(kept));
    }

    /// The next one whose turn it is.
    pub fn next(&mut self) -> Option<Kept> {
        self.ready.pop_front()
    }
}

impl Sink for Following {
    fn stream(&mut self, info: &StreamInfo) {
        let Self { story, summary, .. } = self;
        story.iter_mut().for_each(|story| story.stream(info));
        summary.iter_mut().for_each(|summary| summary.stream(info));
    }

    fn command(&mut self, command: &Command<'_>) {
        let Self { pdus, story, transfers, summary, fields } = self;
        pdus.iter_mut().for_each(|pdus| pdus.push(command));
        if story.is_some() || transfers.is_some() {
            let message = command.message();
            story.iter_mut().for_each(|story| story.told(command, &message));
            transfers.iter_mut().for_each(|transfers| transfers.observe(command, &message));
        }
        summary.iter_mut().for_each(|summary| summary.command(command));
        fields.iter_mut().for_each(|fields| fields.command(command));
    }

    fn gap(&mut self, gap: &Gap) {
        let Self { story, transfers, summary, .. } = self;
        story.iter_mut().for_each(|story| story.gap(gap));
        transfers.iter_mut().for_each(|transfers| transfers.gap(gap));
        summary.iter_mut().for_each(|summary| summary.gap(gap));
    }

    fn unanswered(&mut self, request: &Unanswered) {
        self.summary.iter_mut().for_each(|summary| summary.unanswered(request));
    }

    fn end(&mut self, end: &End) {
        let Self { story, summary, .. } = self;
        story.iter_mut().for_each(|story| story.end(end));
        summary.iter_mut().for_each(|summary| summary.end(end));
    }
}
