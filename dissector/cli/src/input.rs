//! Reading a file or standard input, slice by slice, into an analysis; with pseudonyms if the user wants to show it around.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use clap::Args;
use msnp_dissector::analysis::{self, Analysis, Sink, Totals, holdings};
use msnp_dissector::capture::{Ending, Refusal};
use msnp_dissector::redaction::{Key, Redacting, Redactor};
use msnp_dissector::tree::Catalogue;

use sha2::{Digest, Sha256};

use crate::Outcome;

/// Bytes read at a time: what the processor's cache holds beside everything else.
pub const SLICE: usize = 1 << 18;

/// What to read, and how it is to be shown.
#[derive(Debug, Clone, Args)]
pub struct Input {
    /// Capture to read (pcap or pcapng, also gzip or zstd compressed); - is standard input
    pub file: PathBuf,
    /// Pseudonyms in place of accounts, names, texts, personal facts and secrets
    #[arg(long)]
    pub redact: bool,
}

/// Why a run failed.
#[derive(Debug)]
pub enum Trouble {
    /// The input cannot be read.
    Unreadable { name: String, error: io::Error },
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

/// Feeds the whole input to `sink`, as [`read_whole`] does.
pub fn read(input: &Input, sink: &mut impl Fallible) -> Result<(Outcome, Totals), Trouble> {
    read_whole(input, sink).map(|whole| (whole.outcome, whole.totals))
}

/// Feeds the whole input to `sink`; says on standard error when the capture ends before its end.
pub fn read_whole(input: &Input, sink: &mut impl Fallible) -> Result<Whole, Trouble> {
    Opened::new(input)?.read(sink)
}

/// An input that is open.
pub struct Opened {
    name: String,
    redact: bool,
    source: Source,
}

enum Source {
    /// A file, which can be read as often as one likes.
    File(File),
    /// A pipe, a terminal or the like, whose bytes come once.
    Stream(Box<dyn Read>),
}

impl Opened {
    pub fn new(input: &Input) -> Result<Self, Trouble> {
        match Self::file(&input.file) {
            Ok(opened) => Ok(Self { redact: input.redact, ..opened }),
            Err(error) => Err(Trouble::Unreadable { name: name(&input.file), error }),
        }
    }

    /// Opens what stands at a path, to be told as it is.
    pub fn file(path: &Path) -> io::Result<Self> {
        let opened = |source| Ok(Self { name: name(path), redact: false, source });
        if is_stdin(path) {
            return opened(Source::Stream(Box::new(io::stdin().lock())));
        }
        let file = File::open(path)?;
        let lasts = file.metadata()?.is_file();
        opened(if lasts { Source::File(file) } else { Source::Stream(Box::new(file)) })
    }

    /// A file that can be read as often as one likes: what comes only once is copied into one that goes away by itself.
    pub fn again(self) -> io::Result<File> {
        match self.source {
            Source::File(file) => Ok(file),
            Source::Stream(stream) => spooled(stream),
        }
    }

    /// The file, if it can be read again.
    pub fn lasting(self) -> Option<File> {
        match self.source {
            Source::File(file) => Some(file),
            Source::Stream(_) => None,
        }
    }

    /// Whether it can be read again.
    pub fn lasts(&self) -> bool {
        matches!(self.source, Source::File(_))
    }

    /// Feeds all of it to `sink`; says on standard error when the capture ends before its end.
    pub fn read(&mut self, sink: &mut impl Fallible) -> Result<Whole, Trouble> {
        let Self { name, redact, source } = self;
        if !*redact {
            return match source {
                Source::File(file) => feed(name, file, sink),
                Source::Stream(stream) => feed(name, stream, sink),
            };
        }
        // Read twice: pseudonyms depend on the whole capture, so that they do not depend on where in it a name comes first.
        let unreadable = |error| Trouble::Unreadable { name: name.clone(), error };
        let mut spool;
        let file = match source {
            Source::File(file) => file,
            Source::Stream(stream) => {
                spool = spooled(stream).map_err(unreadable)?;
                &mut spool
            }
        };
        let key = key(file).map_err(unreadable)?;
        feed(name, file, &mut Redacting::new(Redactor::new(key), sink))
    }
}

/// The key of a capture; the file stands at its beginning again.
fn key(file: &mut File) -> io::Result<Key> {
    let mut hash = Sha256::new();
    let mut slice = vec![0; SLICE];
    loop {
        match file.read(&mut slice) {
            Ok(0) => break,
            Ok(count) => hash.update(slice.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    file.rewind()?;
    Ok(Key::of_capture(&hash.finalize().into()))
}

/// All of a stream, in a file that goes away by itself.
fn spooled(mut stream: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut stream, &mut file)?;
    file.rewind()?;
    Ok(file)
}

fn feed(name: &str, input: &mut impl Read, sink: &mut impl Fallible) -> Result<Whole, Trouble> {
    let unreadable = |error| Trouble::Unreadable { name: name.to_owned(), error };
    let refused = |refusal| Trouble::Refused { name: name.to_owned(), refusal };
    let mut reading = Analysis::new();
    let mut slice = vec![0; SLICE];
    loop {
        let count = match input.read(&mut slice) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(error)),
        };
        reading.push(slice.get(..count).unwrap_or_default(), sink).map_err(refused)?;
        if let Some(error) = sink.trouble() {
            return Err(error.into());
        }
    }
    let ending = reading.finish(sink).map_err(refused)?;
    if let Some(error) = sink.trouble() {
        return Err(error.into());
    }
    warn_of(&ending, name);
    let totals = reading.totals().clone();
    let outcome = if totals.recognised > 0 { Outcome::Found } else { Outcome::NothingFound };
    if outcome == Outcome::NothingFound {
        eprintln!("msnp: {name} holds no MSNP{}", instead(&totals));
    }
    Ok(Whole { outcome, totals, ending })
}

/// Says so where a capture stops before its end.
pub fn warn_of(ending: &Ending, name: &str) {
    if let Some(verdict) = analysis::ending(ending) {
        eprintln!("msnp: {name}: {}", Catalogue::english().render(&verdict));
    }
}

/// What to call the input.
pub fn name(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Whether standard input is meant.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What a capture holds in place of MSNP, the most frequent first.
fn instead(totals: &Totals) -> String {
    if totals.packets == 0 {
        return ", for it holds no packets".to_owned();
    }
    let english = Catalogue::english();
    let named = holdings(totals)
        .iter()
        .take(5)
        .map(|holding| format!("{} {}", english.render(&holding.what), holding.packets))
        .collect::<Vec<_>>();
    format!(". Its {} packets: {}", totals.packets, named.join(", "))
}
