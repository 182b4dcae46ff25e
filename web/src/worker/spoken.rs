//! Chats as files: the library's transcripts, with times as the page shows them.

use msnp_dissector::capture::Timestamp;
use msnp_dissector::model::Tale;
use msnp_dissector::report::transcript::{HtmlHead, Told, html, text};
use msnp_dissector::report::{ChatRecord, Reporter};
use serde::Serialize;

use super::store::{Store, moment};
use super::transfers::Followed;
use crate::clock::{Clock, TimeForm};
use crate::protocol::{Export, FileForm};
use crate::wording::visible;

/// What chats are written from.
#[derive(Clone, Copy)]
pub struct Book<'b> {
    /// The story.
    pub tale: &'b Tale,
    /// The transfers, whose files are told and whose pictures stand in the texts.
    pub followed: Option<&'b Followed>,
    /// The commands.
    pub store: &'b Store,
    /// Pseudonyms stand in place of what tells about people.
    pub redacted: bool,
    /// Names of the files, and their hashes as far as they are known.
    pub captures: (&'b [String], &'b [String]),
}

/// Messages as records, and what is to be known of them.
#[derive(Debug, Serialize)]
pub struct ChatsFile {
    /// The capture.
    pub capture: String,
    /// Accounts, names, texts and secrets are pseudonyms.
    pub redacted: bool,
    /// Secrets are left out.
    pub secrets_hidden: bool,
    /// The messages, as the command line reports them.
    pub messages: Vec<ChatRecord>,
}

/// One chat, or all, as text or as a page.
#[must_use]
pub fn written(book: Book<'_>, number: Option<u32>, wish: &Export) -> String {
    let reporter = Reporter::default();
    let is_page = wish.form != FileForm::Text;
    let transfers = book.followed.map(Followed::all).unwrap_or_default();
    let mut all = reporter.transcripts(book.tale, number, Told { nicks: is_page, transfers });
    for cue in all.iter_mut().flat_map(|transcript| &mut transcript.cues) {
        let noted = wish.notes.iter().filter(|note| cue.evidence.pdu == Some(note.pdu));
        cue.lines.extend(noted.map(|note| format!("[Note: {}]", visible(&note.text))));
    }
    let clock = wish.clock;
    let when = |time: Timestamp, before: Option<Timestamp>| (clock.day(moment(time)), time_of(&clock, time, before));
    if !is_page {
        return text(&all, &when, &reporter.catalogue);
    }
    let title = format!("Chats in {}", wish.title);
    // Nobody is to be known by a picture.
    let picture = |hash: &str| book.followed.filter(|_| !book.redacted)?.picture(hash, book.store);
    let head = HtmlHead { title: &title, about: &about(book, &clock), picture: Some(&picture) };
    html(head, &all, &when, &reporter.catalogue)
}

/// What stands above a page of chats.
fn about(book: Book<'_>, clock: &Clock) -> Vec<String> {
    let (names, hashes) = book.captures;
    let captures = names.iter().zip(hashes).map(|(name, hash)| format!("{}: SHA-256 {hash}", visible(name)));
    let hidden = book.redacted.then(|| "Redacted: accounts, names, texts and secrets are pseudonyms.".to_owned());
    let times = match clock.form {
        TimeForm::Start => "Times are counted from the first packet of the capture.",
        TimeForm::Row => "Times are counted from the line before.",
        _ => "Numbers behind a line are those of its packet.",
    };
    captures.chain(hidden).chain([times.to_owned()]).collect()
}

/// The time of a line; where there is no line before it, the clock.
fn time_of(clock: &Clock, time: Timestamp, before: Option<Timestamp>) -> String {
    let told = clock.row(moment(time), before.map(moment));
    if told.is_empty() { Clock { form: TimeForm::Utc, ..*clock }.row(moment(time), None) } else { told }
}

/// The messages of one chat, or of all, as the command line reports them.
pub fn records(tale: &Tale, number: Option<u32>) -> Vec<ChatRecord> {
    let reporter = Reporter::default();
    reporter.chats(tale).filter(|record| number.is_none_or(|number| record.conversation == number)).collect()
}
