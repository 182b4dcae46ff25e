//! `msnp save`: chosen commands as a capture of their own, which Wireshark opens.

use std::fs::{self, File, OpenOptions};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use msnp_dissector::analysis::Command;
use msnp_dissector::excerpt::{Excerpt, Next, Saved};
use msnp_dissector::filter::{Filter, NoIndex};

use crate::Outcome;
use crate::input::{self, Trouble};
use crate::opened::Opened;

/// What to save, and where.
#[derive(Debug, Args)]
pub struct Options {
    /// Capture to read (pcap or pcapng, also gzip or zstd compressed); - is standard input. Several are read as one
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Only commands for which this holds, as in `msnp commands`; without it all commands
    #[arg(long, value_name = "EXPRESSION", value_parser = crate::filter)]
    filter: Option<Filter>,
    /// File to write, of the same format as the one that is read (pcap or pcapng), or pcapng where several are; uncompressed,
    /// never over another
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

/// Writes the excerpt.
pub fn run(options: &Options) -> Result<Outcome, Trouble> {
    let mut opened = Opened::all(&options.files)?;
    opened.spool()?;
    let filter = options.filter.as_ref();
    let wanted = |command: &Command<'_>| filter.is_none_or(|filter| filter.matches(command, &NoIndex));
    let mut excerpt = Excerpt::of(options.files.len(), wanted);
    let unwritable = |error| Trouble::NotExtracted { name: options.output.display().to_string(), error };
    let mut output = OpenOptions::new().write(true).create_new(true).open(&options.output).map_err(unwritable)?;
    let saved = write(&mut excerpt, &mut opened, &mut output, &options.output);
    let saved = saved.inspect_err(|_| drop(fs::remove_file(&options.output)))?;
    let Saved { packets, commands, lost } = saved;
    let name = input::names(&options.files);
    for (ended, file) in excerpt.endings().iter().zip(&options.files) {
        if let Ok(ending) = ended {
            input::warn_of(ending, &input::name(file));
        }
    }
    eprintln!("msnp: {commands} commands, in {packets} packets, are in {}", options.output.display());
    if lost > 0 {
        eprintln!("msnp: {lost} of them will not be found again when it is opened: what they need is not in {name}");
    }
    Ok(if commands == 0 { Outcome::NothingFound } else { Outcome::Found })
}

fn write<W: FnMut(&Command<'_>) -> bool>(
    excerpt: &mut Excerpt<W>,
    opened: &mut Opened,
    output: &mut File,
    path: &Path,
) -> Result<Saved, Trouble> {
    let unwritable = |error| Trouble::NotExtracted { name: path.display().to_string(), error };
    let (mut slice, mut out) = (Vec::new(), Vec::new());
    loop {
        while let Some(at) = excerpt.asks_for() {
            let read = match opened.slice(at, &mut slice)? {
                [] => excerpt.end_file(&mut out).map(drop),
                bytes => excerpt.push(bytes, &mut out),
            };
            read.map_err(|refusal| Trouble::Refused { name: opened.name(at), refusal })?;
            output.write_all(&out).map_err(unwritable)?;
            out.clear();
        }
        let next = excerpt.finish(&mut out).map_err(|refusal| Trouble::Refused { name: opened.name(0), refusal })?;
        output.write_all(&out).map_err(unwritable)?;
        out.clear();
        match next {
            Next::Done(saved) => return Ok(saved),
            Next::Read => {}
            Next::Rewrite => output.set_len(0).and_then(|()| output.rewind()).map_err(unwritable)?,
        }
        opened.rewind()?;
    }
}
