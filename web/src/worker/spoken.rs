//! Chats as files: the library's transcripts, with times as the page shows them.

use msnp_dissector::capture::Timestamp;
use msnp_dissector::model::Tale;
use msnp_dissector::report::transcript::{HtmlHead, html, text};
use msnp_dissector::report::{ChatRecord, Reporter};

use super::store::moment;
use crate::clock::{Clock, TimeForm};
use crate::protocol::{Export, FileForm};
use crate::wording::visible;

/// One chat, or all, as text or as a page.
#[must_use]
pub fn written(tale: &Tale, number: Option<u32>, wish: &Export, redacted: bool) -> String {
    let reporter = Reporter::default();
    let mut all = reporter.transcripts(tale, number);
    for cue in all.iter_mut().flat_map(|transcript| &mut transcript.cues) {
        let noted = wish.notes.iter().filter(|note| cue.evidence.pdu == Some(note.pdu));
        cue.lines.extend(noted.map(|note| format!("[Note: {}]", visible(&note.text))));
    }
    let clock = wish.clock;
    let when = |time: Timestamp, before: Option<Timestamp>| (clock.day(moment(time)), time_of(&clock, time, before));
    if wish.form == FileForm::Text {
        return text(&all, &when, &reporter.catalogue);
    }
    let times = match clock.form {
        TimeForm::Start => "Times are counted from the first packet of the capture.".to_owned(),
        TimeForm::Row => "Times are counted from the line before.".to_owned(),
        _ => "Numbers behind a line are those of its packet.".to_owned(),
    };
    let hidden = redacted.then(|| "Redacted: accounts, names, texts and secrets are pseudonyms.".to_owned());
    let about = hidden.into_iter().chain([times]).collect::<Vec<_>>();
    let title = format!("Chats in {}", wish.title);
    html(HtmlHead { title: &title, about: &about }, &all, &when, &reporter.catalogue)
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
