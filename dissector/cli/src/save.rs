//! `msnp save`: chosen commands as a capture of their own, which Wireshark opens.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use msnp_dissector::analysis::Command;
use msnp_dissector::excerpt::{Excerpt, Next, Saved};
use msnp_dissector::filter::{Filter, NoIndex};

use crate::Outcome;
use crate::input::{self, Opened, SLICE, Trouble};

/// What to save, and where.
#[derive(Debug, Args)]
pub struct Options {
    /// Capture to read (pcap or pcapng, also gzip or zstd compressed); - is standard input
    file: PathBuf,
    /// Only commands for which this holds, as in `msnp commands`; without it all commands
    #[arg(long, value_name = "EXPRESSION", value_parser = crate::filter)]
    filter: Option<Filter>,
    /// File to write, of the same format as the one that is read (pcap or pcapng), uncompressed; never over another
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

/// Writes the excerpt.
pub fn run(options: &Options) -> Result<Outcome, Trouble> {
    let name = input::name(&options.file);
    let unreadable = |error| Trouble::Unreadable { name: name.clone(), error };
    let mut file = Opened::file(&options.file).and_then(Opened::again).map_err(unreadable)?;
    let filter = options.filter.as_ref();
    let excerpt = Excerpt::new(|command| filter.is_none_or(|filter| filter.matches(command, &NoIndex)));
    let unwritable = |error| Trouble::NotExtracted { name: options.output.display().to_string(), error };
    let mut output = OpenOptions::new().write(true).create_new(true).open(&options.output).map_err(unwritable)?;
    let saved = write(excerpt, &name, &mut file, &mut output, &options.output);
    let saved = saved.inspect_err(|_| drop(fs::remove_file(&options.output)))?;
    let Saved { packets, commands, lost, ending } = saved;
    input::warn_of(&ending, &name);
    eprintln!("msnp: {commands} commands, in {packets} packets, are in {}", options.output.display());
    if lost > 0 {
        eprintln!("msnp: {lost} of them will not be found again when it is opened: what they need is not in {name}");
    }
    Ok(if commands == 0 { Outcome::NothingFound } else { Outcome::Found })
}

fn write<W: FnMut(&Command<'_>) -> bool>(
    mut excerpt: Excerpt<W>,
    name: &str,
    file: &mut File,
    output: &mut File,
    path: &Path,
) -> Result<Saved, Trouble> {
    let unreadable = |error| Trouble::Unreadable { name: name.to_owned(), error };
    let unwritable = |error| Trouble::NotExtracted { name: path.display().to_string(), error };
    let refused = |refusal| Trouble::Refused { name: name.to_owned(), refusal };
    let (mut slice, mut out) = (vec![0; SLICE], Vec::new());
    loop {
        let count = match file.read(&mut slice) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(error)),
        };
        if count > 0 {
            excerpt.push(slice.get(..count).unwrap_or_default(), &mut out).map_err(refused)?;
            output.write_all(&out).map_err(unwritable)?;
            out.clear();
            continue;
        }
        match excerpt.finish().map_err(refused)? {
            Next::Done(saved) => return Ok(saved),
            Next::Read => {}
            Next::Rewrite => output.set_len(0).and_then(|()| output.rewind()).map_err(unwritable)?,
        }
        file.rewind().map_err(unreadable)?;
    }
}
