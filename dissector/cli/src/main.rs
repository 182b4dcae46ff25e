//! `msnp`: reads MSN Messenger traffic out of a packet capture. Arguments in, reports out; all understanding is in the
//! library.
//!
//! Exit status: 0 done, 1 no MSNP found (the output is valid all the same), 2 wrong usage, unreadable, not a capture, or not
//! all of what was to be written could be.

mod fields;
mod input;
mod listing;
mod opened;
mod output;
mod save;
mod story;
mod summary;
mod transfer;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use msnp_dissector::capture::Timestamp;
use msnp_dissector::filter::Filter;
use msnp_dissector::report::{LongBytes, Reporter};
use msnp_dissector::tree::Catalogue;

use crate::input::Input;
use crate::listing::Wanted;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Reads MSN Messenger (MSNP) traffic out of packet captures.
#[derive(Debug, Parser)]
#[command(name = "msnp", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// What the capture holds: connections, commands, dialects, accounts, what is missing
    Summary(Source),
    /// Every command, one a line
    Commands(Listing),
    /// Every command with its tree of fields
    Tree(Tree),
    /// Who signed in, with what, and why it ended
    Sessions(Source),
    /// Whom each account knows: lists, groups, names, and every change of them
    Contacts(ContactOptions),
    /// Who was there when: status, name, personal message, picture, devices
    Presence(Source),
    /// Who said what to whom: every chat, message by message
    Chats(ChatOptions),
    /// Pictures, files and other objects that went from program to program, and what became of them
    Transfers(transfer::Options),
    /// Which bytes of an object came in which packet
    Chunks(transfer::ChunkOptions),
    /// Chosen commands as a capture of their own, with their original packets and times
    Save(save::Options),
    /// What the capture does not show: gaps, missing beginnings, what travelled encrypted
    Gaps(Source),
    /// The fields that occur, explained; without FILE the whole field reference
    Fields(Reference),
}

#[derive(Debug, Args)]
struct Source {
    #[command(flatten)]
    input: Input,
    /// One JSON object per line, for scripts
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct ContactOptions {
    #[command(flatten)]
    source: Source,
    /// As they were at this time, as in 2004-02-11T18:30:04Z, instead of at the end of the capture
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Timestamp>,
}

#[derive(Debug, Args)]
struct ChatOptions {
    #[command(flatten)]
    source: Source,
    /// One page of HTML, which needs nothing but a browser and runs nothing
    #[arg(long, conflicts_with = "json")]
    html: bool,
}

/// RFC 3339, to the nanosecond.
fn time(text: &str) -> Result<Timestamp, String> {
    let time =
        text.parse::<jiff::Timestamp>().map_err(|error| format!("{error}; a time is like 2004-02-11T18:30:04Z"))?;
    let nanos = time.as_nanosecond();
    let second = 1_000_000_000;
    let seconds = i64::try_from(nanos.div_euclid(second)).map_err(|error| error.to_string())?;
    Ok(Timestamp::new(seconds, u64::try_from(nanos.rem_euclid(second)).unwrap_or(0), 9))
}

/// A filter; the fault under the character where it lies.
fn filter(text: &str) -> Result<Filter, String> {
    Filter::parse(text).map_err(|fault| {
        let before = text.get(..fault.at.start).unwrap_or(text).chars().count();
        let width = text.get(fault.at).map_or(0, |wrong| wrong.chars().count()).max(1);
        let sentence = Catalogue::english().render(&fault.text);
        format!("{sentence}\n\n    {text}\n    {}{}", " ".repeat(before), "^".repeat(width))
    })
}

#[derive(Debug, Args)]
struct Listing {
    #[command(flatten)]
    source: Source,
    /// Only commands for which this holds: Wireshark's display filter language on the same field names, or words to search
    /// for; with --redact, of what is shown
    #[arg(long, value_name = "EXPRESSION", value_parser = filter)]
    filter: Option<Filter>,
    /// Long byte values whole instead of length and hash
    #[arg(long)]
    bytes: bool,
}

#[derive(Debug, Args)]
struct Tree {
    #[command(flatten)]
    listing: Listing,
    /// Only the command with this number
    #[arg(long, value_name = "N")]
    pdu: Option<u32>,
}

#[derive(Debug, Args)]
struct Reference {
    /// Capture to read; - is standard input. Several are read as one
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Pseudonyms in place of what the capture tells about people
    #[arg(long)]
    redact: bool,
    /// One JSON object per line, for scripts
    #[arg(long)]
    json: bool,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Found,
    NothingFound,
    /// Done but for what standard error tells.
    Partly,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match &arguments.command {
        Command::Summary(source) => summary::run(&source.input, format(source.json)),
        Command::Commands(listing) => {
            let wanted = Wanted { filter: listing.filter.as_ref(), number: None };
            listing::commands(&listing.source.input, format(listing.source.json), reporter(listing), wanted)
        }
        Command::Tree(Tree { listing, pdu }) => {
            let wanted = Wanted { filter: listing.filter.as_ref(), number: *pdu };
            listing::trees(&listing.source.input, format(listing.source.json), reporter(listing), wanted)
        }
        Command::Sessions(source) => story::sessions(&source.input, format(source.json)),
        Command::Contacts(ContactOptions { source, at }) => story::contacts(&source.input, format(source.json), *at),
        Command::Presence(source) => story::presence(&source.input, format(source.json)),
        Command::Chats(ChatOptions { source, html: true }) => story::page(&source.input),
        Command::Chats(ChatOptions { source, .. }) => story::chats(&source.input, format(source.json)),
        Command::Transfers(options) => transfer::transfers(options),
        Command::Chunks(options) => transfer::chunks(options),
        Command::Save(options) => save::run(options),
        Command::Gaps(source) => story::gaps(&source.input, format(source.json)),
        Command::Fields(reference) => {
            let input = Input { files: reference.files.clone(), redact: reference.redact };
            fields::run(Some(&input).filter(|input| !input.files.is_empty()), format(reference.json))
        }
    };
    match result {
        Ok(Outcome::Found) => ExitCode::SUCCESS,
        Ok(Outcome::NothingFound) => ExitCode::from(1),
        Ok(Outcome::Partly) => ExitCode::from(2),
        Err(trouble) if trouble.is_closed_pipe() => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("msnp: {trouble}");
            ExitCode::from(2)
        }
    }
}

/// For people or for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
}

fn format(json: bool) -> Format {
    if json { Format::Json } else { Format::Text }
}

fn reporter(listing: &Listing) -> Reporter {
    let long_bytes = if listing.bytes { LongBytes::Whole } else { LongBytes::Hashed };
    Reporter { long_bytes, ..Reporter::default() }
}
