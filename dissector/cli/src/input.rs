//! Reading a file or standard input, slice by slice, into an analysis.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use msnp_dissector::analysis::{self, Analysis, Sink, Totals, holdings};
use msnp_dissector::capture::Refusal;
use msnp_dissector::tree::Catalogue;

use crate::Outcome;

/// Bytes read at a time.
const SLICE: usize = 1 << 20;

/// Why a run failed.
#[derive(Debug)]
pub enum Trouble {
    /// The input cannot be read.
    Unreadable { name: String, error: io::Error },
    /// The input is not a capture.
    Refused { name: String, refusal: Refusal },
    /// The output cannot be written.
    Unwritable(io::Error),
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
    /// What went wrong since the last call.
    fn trouble(&mut self) -> Option<io::Error>;
}

/// Feeds the whole input to `sink`; says on standard error when the capture ends before its end.
pub fn read(path: &Path, sink: &mut impl Fallible) -> Result<(Outcome, Totals), Trouble> {
    let name = name(path);
    let unreadable = |error| Trouble::Unreadable { name: name.clone(), error };
    let refused = |refusal| Trouble::Refused { name: name.clone(), refusal };
    let mut input: Box<dyn Read> =
        if is_stdin(path) { Box::new(io::stdin().lock()) } else { Box::new(File::open(path).map_err(unreadable)?) };
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
    if let Some(verdict) = analysis::ending(&ending) {
        eprintln!("msnp: {name}: {}", Catalogue::english().render(&verdict));
    }
    let totals = reading.totals().clone();
    let outcome = if totals.commands > 0 { Outcome::Found } else { Outcome::NothingFound };
    if outcome == Outcome::NothingFound {
        eprintln!("msnp: {name} holds no MSNP{}", instead(&totals));
    }
    Ok((outcome, totals))
}

/// What to call the input.
pub fn name(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

fn is_stdin(path: &Path) -> bool {
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
