//! `msnp transfers`, `msnp chunks`: pictures, files and other objects, whole or in parts, and the map of their bytes.

mod extract;
pub mod file;
mod text;

use std::path::PathBuf;

use clap::Args;
use msnp_dissector::report::Reporter;
use msnp_dissector::transfer::{Keeping, OBJECT_BYTES, TOTAL_BYTES, Transfer, Transfers, Verdict};

use crate::input::{Fallible, Input, Trouble};
use crate::opened::Opened;
use crate::output::Output;
use crate::{Format, Outcome, Source};
use file::Capture;

/// Which transfers, and what to do with them.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    source: Source,
    /// Write the objects into this folder, which must not hold them yet, with a list of them
    #[arg(long, value_name = "DIR")]
    extract: Option<PathBuf>,
    #[command(flatten)]
    ceilings: Ceilings,
}

/// What is kept of an input that cannot be read again: standard input, or a compressed file.
#[derive(Debug, Args)]
struct Ceilings {
    /// Keep at most so many bytes of one object where the input cannot be read again (a pipe, a compressed file). Of
    /// what comes beyond, the map goes on, and the hashes as long as it comes in order; the bytes cannot be extracted
    #[arg(long, value_name = "BYTES", default_value_t = OBJECT_BYTES)]
    keep: usize,
    /// Keep at most so many bytes of all objects together, likewise
    #[arg(long, value_name = "BYTES", default_value_t = TOTAL_BYTES)]
    keep_total: usize,
}

/// Whose chunks.
#[derive(Debug, Args)]
pub struct ChunkOptions {
    #[command(flatten)]
    source: Source,
    /// Only those of the transfer with this number
    #[arg(long, value_name = "ID")]
    transfer: Option<u32>,
    #[command(flatten)]
    ceilings: Ceilings,
}

/// Prints the transfers.
pub fn transfers(options: &Options) -> Result<Outcome, Trouble> {
    if options.extract.is_some() && options.source.input.redact {
        return Err(Trouble::Contradiction);
    }
    let (mut all, mut outcome, mut capture) = follow(&options.source.input, &options.ceilings)?;
    let reporter = Reporter::default();
    let redacted = options.source.input.redact;
    let check = |transfer: &mut Transfer| {
        let verdict = transfer.check(&mut capture);
        if redacted { verdict.redacted() } else { verdict }
    };
    let checked = all.iter_mut().map(check).collect::<Vec<_>>();
    if let Some(folder) = &options.extract {
        let failed = extract::all(folder, &all, &checked, &reporter, &mut capture)?;
        failed.iter().for_each(|trouble| eprintln!("msnp: {trouble}"));
        if !failed.is_empty() {
            outcome = Outcome::Partly;
        }
    }
    let mut output = Output::new();
    match crate::format(options.source.json) {
        Format::Json => {
            for (transfer, verdict) in all.iter().zip(&checked) {
                output.json(&reporter.transfer(transfer, verdict));
            }
        }
        Format::Text => output.folded(&text::transfers(&all, &checked, &reporter)),
    }
    output.finish()?;
    Ok(outcome)
}

/// Prints the chunks of transfers.
pub fn chunks(options: &ChunkOptions) -> Result<Outcome, Trouble> {
    let (mut all, outcome, mut capture) = follow(&options.source.input, &options.ceilings)?;
    if let Some(id) = options.transfer {
        all.retain(|transfer| transfer.id == id);
        if all.is_empty() {
            return Err(Trouble::NoTransfer { id });
        }
    }
    let reporter = Reporter::default();
    let mut output = Output::new();
    for transfer in &mut all {
        transfer.compare(&mut capture);
        match crate::format(options.source.json) {
            Format::Json => {
                for record in reporter.chunk_lines(transfer) {
                    output.json(&record);
                }
            }
            Format::Text => output.cut(text::chunks(transfer, &reporter).as_bytes()),
        }
    }
    output.finish()?;
    Ok(outcome)
}

/// Reads the whole input; says where its bytes can be read again.
fn follow(input: &Input, ceilings: &Ceilings) -> Result<(Vec<Transfer>, Outcome, Capture), Trouble> {
    let Ceilings { keep, keep_total } = *ceilings;
    let mut opened = Opened::new(input)?;
    let mut transfers = Transfers::new(keeping(&opened, keep, keep_total));
    let outcome = opened.read(&mut transfers)?.outcome;
    Ok((transfers.finish(), outcome, Capture::new(opened.lasting())))
}

/// Where the bytes of objects are: in the input, if it can be read again, else in memory, so many of each and of all.
pub fn keeping(opened: &Opened, object: usize, total: usize) -> Keeping {
    if opened.lasts() { Keeping::Extents { object, total } } else { Keeping::Memory { object, total } }
}

impl Fallible for Transfers {}

/// What is known of the bytes of a transfer, in the order of the transfers.
type Checked = [Verdict];
