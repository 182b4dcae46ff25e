//! What is to be read and how it is to be shown, what can go wrong with it, and what there is to say of it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use msnp_dissector::analysis::{self, Sink, Totals, holdings};
use msnp_dissector::capture::{Ending, Refusal};
use msnp_dissector::redaction::Redacting;
use msnp_dissector::tree::Catalogue;

use crate::Outcome;
use crate::opened::Opened;

/// What to read, and how it is to be shown.
#[derive(Debug, Clone, Args)]
pub struct Input {
    /// Capture to read (pcap or pcapng, also gzip or zstd compressed); - is standard input. Several are read as one, their
    /// packets in the order of their times and numbered as after mergecap
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Pseudonyms in place of accounts, names, texts, personal facts and secrets
    #[arg(long)]
    pub redact: bool,
}

/// Why a run failed.
#[derive(Debug)]
pub enum Trouble {
    /// The input cannot be read.
    Unreadable { name: String, error: io::Error },
    /// Standard input is named more than once.
    StandardInputTwice,
    /// The input is not a capture.
    Refused { name: String, refusal: Refusal },
    /// The output cannot be written.
    Unwritable(io::Error),
    /// An object cannot be written.
    NotExtracted { name: String, error: io::Error },
    /// An object claims to go on so far behind what is missing that the rest is not written.
    TooFar { name: String, until: u64 },
    /// Objects with pseudonyms in place of their bytes are asked for.
    Contradiction,
    /// There is no transfer of this number.
    NoTransfer { id: u32 },
}

impl Trouble {
    /// The reader of our output has gone, as `head` does: no reason to complain.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Unwritable(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { name, error } => write!(f, "{name} cannot be read: {error}"),
            Self::Refused { name, refusal } => {
                write!(f, "{name}: {}", Catalogue::english().render(&analysis::refusal(refusal)))
            }
            Self::StandardInputTwice => f.write_str("standard input (-) can be read but once"),
            Self::Unwritable(error) => write!(f, "the output cannot be written: {error}"),
            Self::NotExtracted { name, error } => write!(f, "{name} cannot be written: {error}"),
            Self::TooFar { name, until } => {
                write!(
                    f,
                    "{name} is written up to byte {until}: behind it too much is missing for the rest to be believed"
                )
            }
            Self::Contradiction => f.write_str(
                "--extract writes what was sent, and --redact hides it: give one of the two. \
                 What else is to be told of the transfers, --redact tells without --extract",
            ),
            Self::NoTransfer { id } => write!(f, "no transfer has the number {id}"),
        }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Unwritable(error)
    }
}

/// A sink that can fail to write.
pub trait Fallible: Sink {
    /// What went wrong since the last call; nothing ever does where nothing is written.
    fn trouble(&mut self) -> Option<io::Error> {
        None
    }
}

impl<S: Fallible> Fallible for &mut S {
    fn trouble(&mut self) -> Option<io::Error> {
        (**self).trouble()
    }
}

impl<S: Fallible> Fallible for Redacting<S> {
    fn trouble(&mut self) -> Option<io::Error> {
        self.inner.trouble()
    }
}

/// What there is to say of an input that was read.
pub struct Whole {
    /// Whether there was MSNP in it.
    pub outcome: Outcome,
    /// Its figures.
    pub totals: Totals,
    /// How it ended.
    pub ending: Ending,
}

/// Feeds the whole input to `sink`; says on standard error when a capture ends before its end.
pub fn read(input: &Input, sink: &mut impl Fallible) -> Result<(Outcome, Totals), Trouble> {
    Opened::new(input)?.read(sink).map(|whole| (whole.outcome, whole.totals))
}

/// The same, with all that there is to say of it.
pub fn read_whole(input: &Input, sink: &mut impl Fallible) -> Result<Whole, Trouble> {
    Opened::new(input)?.read(sink)
}

/// Says so where a capture stops before its end.
pub fn warn_of(ending: &Ending, name: &str) {
    if let Some(verdict) = analysis::ending(ending) {
        eprintln!("msnp: {name}: {}", Catalogue::english().render(&verdict));
    }
}

/// Says so where no MSNP was found.
pub fn outcome(totals: &Totals, files: &[PathBuf]) -> Outcome {
    if totals.recognised > 0 {
        return Outcome::Found;
    }
    let hold = if files.len() == 1 { "holds" } else { "hold" };
    eprintln!("msnp: {} {hold} no MSNP{}", names(files), instead(totals, files.len()));
    Outcome::NothingFound
}

/// What to call a file.
pub fn name(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// What to call all of them.
pub fn names(files: &[PathBuf]) -> String {
    let named = files.iter().map(|file| name(file)).collect::<Vec<_>>();
    match &*named {
        [] => String::new(),
        [only] => only.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// Whether standard input is meant.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What captures hold in place of MSNP, the most frequent first.
fn instead(totals: &Totals, files: usize) -> String {
    let (they, their) = if files == 1 { ("it holds", "Its") } else { ("they hold", "Their") };
    if totals.packets == 0 {
        return format!(", for {they} no packets");
    }
    let english = Catalogue::english();
    let named = holdings(totals)
        .iter()
        .take(5)
        .map(|holding| format!("{} {}", english.render(&holding.what), holding.packets))
        .collect::<Vec<_>>();
    format!(". {their} {} packets: {}", totals.packets, named.join(", "))
}
