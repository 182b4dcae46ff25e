//! Conversations as a script: who comes and goes, who says what. As text and as a page of HTML, in the same words.
//!
//! Comes in: the story. Goes out: a [`Transcript`] of each conversation, written by [`text`] or [`html`]. How times are
//! shown is the shell's business: it hands over a [`When`].

mod cues;
mod files;
mod html;
mod text;
mod words;

pub(crate) use cues::TEXTS;
pub use html::{HtmlHead, Picture, html};
pub use text::text;
pub use words::{connection, lines, name};

use super::Reporter;
use crate::capture::Timestamp;
use crate::model::{Evidence, Tale};
use crate::msnp::TextFormat;
use crate::transfer::{Bytes, State, Transfer};

/// Bytes of a picture that stands in a text, at most.
const PICTURE: u64 = 128 << 10;

/// What is told beside the story, and how people are called in it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Told<'t> {
    /// As they call themselves, not by their accounts.
    pub nicks: bool,
    /// Transfers, of which those of files are told.
    pub transfers: &'t [Transfer],
}

/// The day over a row of times (empty for none), and the time of a cue; the second time is that of the cue before.
pub type When<'w> = &'w dyn Fn(Timestamp, Option<Timestamp>) -> (String, String);

/// One conversation as a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// Its number and what carries it.
    pub title: String,
    /// Who takes part, and what is missing.
    pub heads: Vec<String>,
    /// What happens, in order of time.
    pub cues: Vec<Cue>,
    /// What else was in it.
    pub tail: Option<String>,
}

/// Something that happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// What proves it.
    pub evidence: Evidence,
    /// Who says it, where it is said; else it is told.
    pub who: Option<String>,
    /// Their account, where they are called otherwise.
    pub account: Option<String>,
    /// How it is written.
    pub look: Option<TextFormat>,
    /// Letters in it that stand for pictures, and the hash of each picture (`SHA1D`).
    pub emoticons: Vec<(String, String)>,
    /// What is said or told, line by line; no control characters.
    pub lines: Vec<String>,
    /// It did not arrive.
    pub failed: bool,
}

impl Reporter {
    /// Conversations as scripts: one, or all.
    #[must_use]
    pub fn transcripts(&self, tale: &Tale, number: Option<u32>, told: Told<'_>) -> Vec<Transcript> {
        let wanted = tale.conversations.iter().filter(|one| number.is_none_or(|number| one.number == number));
        wanted.map(|conversation| cues::transcript(conversation, &tale.ownership, self, told)).collect()
    }
}

/// A picture that came whole, by its hash (`SHA1D`): what a page shows in texts ([`HtmlHead::picture`]).
#[must_use]
pub fn picture(transfers: &[Transfer], hash: &str, bytes: &mut dyn Bytes) -> Option<Vec<u8>> {
    let is_it = |one: &&Transfer| {
        one.state == State::Complete && one.object.as_ref().is_some_and(|object| object.sha1d == hash)
    };
    let one = transfers.iter().find(is_it)?;
    let size = one.size().filter(|size| *size <= PICTURE)?;
    let mut all = Vec::new();
    let read = one.read_range(0, size, bytes, &mut |_, run| all.extend_from_slice(run));
    read.then_some(all)
}

#[cfg(test)]
mod tests;
