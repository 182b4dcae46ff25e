//! `msnp sessions`, `msnp contacts`, `msnp presence`, `msnp chats`, `msnp gaps`: the story of a capture, for people and for scripts.

mod contacts;
mod gaps;
mod presence;
mod sessions;
mod timetable;
pub mod words;

use std::cell::RefCell;

use msnp_dissector::analysis::{Command, End, Gap, Sink, StreamInfo};
use msnp_dissector::capture::Timestamp;
use msnp_dissector::model::{Story, Tale};
use msnp_dissector::report::Reporter;
use msnp_dissector::report::transcript::{self, HtmlHead, Told};
use msnp_dissector::transfer::{Keeping, OBJECT_BYTES, TOTAL_BYTES, Transfer, Transfers};
use serde::Serialize;

use crate::input::{self, Fallible, Input, Trouble};
use crate::opened::Opened;
use crate::output::Output;
use crate::transfer::{self, file::Capture};
use crate::{Format, Outcome};

/// Prints who signed in.
pub fn sessions(input: &Input, format: Format) -> Result<Outcome, Trouble> {
    run(input, |tale, reporter, output| match format {
        Format::Json => lines(reporter.sessions(tale), output),
        Format::Text => output.folded(&sessions::text(tale, reporter)),
    })
}

/// Prints whom each account knows.
pub fn contacts(input: &Input, format: Format, at: Option<Timestamp>) -> Result<Outcome, Trouble> {
    run(input, |tale, reporter, output| match format {
        Format::Json => lines(reporter.contacts(tale, at), output),
        Format::Text => output.folded(&contacts::text(tale, reporter, at)),
    })
}

/// Prints who was there when.
pub fn presence(input: &Input, format: Format) -> Result<Outcome, Trouble> {
    run(input, |tale, reporter, output| match format {
        Format::Json => lines(reporter.presence(tale), output),
        Format::Text => output.folded(&presence::text(tale, reporter)),
    })
}

/// Prints who said what to whom.
pub fn chats(input: &Input, format: Format) -> Result<Outcome, Trouble> {
    run(input, |tale, reporter, output| match format {
        Format::Json => lines(reporter.chats(tale), output),
        Format::Text => {
            let all = reporter.transcripts(tale, None, Told::default());
            output.folded(&transcript::text(&all, &when, &reporter.catalogue));
        }
    })
}

/// Prints the same as a page of HTML, with the emoticons that came whole and what became of files.
pub fn page(input: &Input) -> Result<Outcome, Trouble> {
    let mut opened = Opened::new(input)?;
    // Nobody is to be known by a picture.
    let keeping = if input.redact { NOTHING_KEPT } else { transfer::keeping(&opened, OBJECT_BYTES, TOTAL_BYTES) };
    let mut whole = Whole { story: Story::new(), transfers: Transfers::new(keeping) };
    let read = opened.read(&mut whole)?;
    let Whole { mut story, transfers } = whole;
    story.file_ended(&read.ending, read.totals.last);
    let (tale, transfers, reporter) = (story.tell(), transfers.finish(), Reporter::default());
    let all = reporter.transcripts(&tale, None, Told { nicks: true, transfers: &transfers });
    let mut about = vec!["Times are UTC; numbers behind a line are those of its packet.".to_owned()];
    if input.redact {
        about.push("Accounts, names and texts have been replaced by pseudonyms.".to_owned());
    }
    let title = format!("Chats in {}", input::names(&input.files));
    let capture = RefCell::new(Capture::new(opened.lasting()));
    let picture = |hash: &str| {
        let mut capture = capture.try_borrow_mut().ok().filter(|_| !input.redact)?;
        transcript::picture(&transfers, hash, &mut *capture)
    };
    let head = HtmlHead { title: &title, about: &about, picture: Some(&picture) };
    let mut output = Output::new();
    output.raw(transcript::html(head, &all, &when, &reporter.catalogue).as_bytes());
    output.finish()?;
    Ok(read.outcome)
}

/// The day over a row of times, and a time of day.
fn when(time: Timestamp, _before: Option<Timestamp>) -> (String, String) {
    (format!("{} UTC", words::date(time)), words::clock(time))
}

/// Prints what the capture does not show.
pub fn gaps(input: &Input, format: Format) -> Result<Outcome, Trouble> {
    let mut whole = Whole { story: Story::new(), transfers: Transfers::new(NOTHING_KEPT) };
    let read = input::read_whole(input, &mut whole)?;
    let Whole { mut story, transfers } = whole;
    story.file_ended(&read.ending, read.totals.last);
    let mut tale = story.tell();
    tale.lacks(transfers.finish().iter().filter_map(Transfer::missing));
    let (reporter, mut output) = (Reporter::default(), Output::new());
    match format {
        Format::Json => lines(reporter.missing(&tale), &mut output),
        Format::Text => output.folded(&gaps::text(&tale, &reporter)),
    }
    output.finish()?;
    Ok(read.outcome)
}

/// Which bytes of an object came is known without them.
const NOTHING_KEPT: Keeping = Keeping::Memory { object: 0, total: 0 };

/// The story and the transfers: what either lacks is in the ledger.
struct Whole {
    story: Story,
    transfers: Transfers,
}

impl Fallible for Whole {}

impl Sink for Whole {
    fn stream(&mut self, info: &StreamInfo) {
        self.story.stream(info);
    }

    fn command(&mut self, command: &Command<'_>) {
        let message = command.message();
        self.story.told(command, &message);
        self.transfers.observe(command, &message);
    }

    fn gap(&mut self, gap: &Gap) {
        self.story.gap(gap);
        self.transfers.gap(gap);
    }

    fn end(&mut self, end: &End) {
        self.story.end(end);
    }
}

fn lines<R: Serialize>(records: impl IntoIterator<Item = R>, output: &mut Output) {
    for record in records {
        output.json(&record);
    }
}

fn run(input: &Input, print: impl FnOnce(&Tale, &Reporter, &mut Output)) -> Result<Outcome, Trouble> {
    let mut story = Story::new();
    let read = input::read_whole(input, &mut story)?;
    story.file_ended(&read.ending, read.totals.last);
    let mut output = Output::new();
    let tale = story.tell();
    // The facts behind the tale take as much memory as the tale.
    drop(story);
    print(&tale, &Reporter::default(), &mut output);
    output.finish()?;
    Ok(read.outcome)
}

impl Fallible for Story {}
