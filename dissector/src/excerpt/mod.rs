//! Excerpts: some commands of a capture as a capture of their own, with the original packets and times.
//!
//! Comes in: the capture, several times over, and which commands are wanted. Goes out: the bytes of a capture of the same
//! kind (pcap or pcapng, uncompressed) in which the same commands are found again: every packet that brought a byte of
//! them or of what they complete, and the handshakes of their connections, record for record as they stood in the file.
//! Of several captures that are read as one the excerpt is a pcapng file.
//!
//! ```text
//! Choosing ─▶ Completing ─▶ Writing ─┬─▶ all found again: done
//!  commands     handshakes,   copies,  │
//!  and their    fragments,    and reads └─▶ some are not: once more, with all packets of their connections
//!  packets      connections   the copy
//! ```
//!
//! What a command needs beside its own packets to be found again (a head of HTTP, the greeting of a direct connection, a
//! proxy's answer, a command before it in the same packet) is not reckoned here: the copy is read, and tells.

mod choosing;
mod completing;
mod numbers;
mod pcapng;
mod writing;

use crate::analysis::{Analysis, Command};
use crate::capture::{Ending, Refusal};
use choosing::Chosen;
use completing::Completing;
use numbers::Numbers;
use writing::Writing;

/// An excerpt being made. Push the whole file, [`finish`](Excerpt::finish), and begin anew for as long as that says so.
///
/// ```
/// use msnp_dissector::excerpt::{Excerpt, Next};
///
/// # fn example(file: &[u8]) -> Result<Vec<u8>, msnp_dissector::capture::Refusal> {
/// let mut excerpt = Excerpt::new(|command| command.number < 10);
/// let mut out = Vec::new();
/// loop {
///     excerpt.push(file, &mut out)?;
///     match excerpt.finish(&mut out)? {
///         Next::Read => {}
///         Next::Rewrite => out.clear(),
///         Next::Done(_) => return Ok(out),
///     }
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Excerpt<W> {
    wanted: W,
    files: usize,
    pass: Pass,
    chosen: Chosen,
    /// Numbers of the packets that are copied.
    packets: Numbers,
    /// All packets of some connections were added.
    widened: bool,
    endings: Vec<Result<Ending, Refusal>>,
}

#[derive(Debug)]
enum Pass {
    Choosing(Box<Analysis>),
    Completing(Box<Completing>),
    Writing(Box<Writing>),
}

/// What comes after the end of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The file, from its beginning.
    Read,
    /// The file, from its beginning; what was written is to be forgotten.
    Rewrite,
    /// Nothing: what was written is the excerpt.
    Done(Saved),
}

/// What an excerpt holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved {
    /// Packets.
    pub packets: u64,
    /// Commands that were wanted.
    pub commands: u32,
    /// Of these, commands that are not found again where the excerpt is opened.
    pub lost: u32,
}

impl<W: FnMut(&Command<'_>) -> bool> Excerpt<W> {
    /// An excerpt of the commands for which `wanted` says so. It is asked about each command, and may be asked again.
    pub fn new(wanted: W) -> Self {
        Self::of(1, wanted)
    }

    /// The same of so many captures that are read as one ([`Captures`](crate::capture::Captures)).
    pub fn of(files: usize, wanted: W) -> Self {
        Self {
            wanted,
            files,
            pass: Pass::Choosing(Box::new(Analysis::of(files))),
            chosen: Chosen::default(),
            packets: Numbers::default(),
            widened: false,
            endings: Vec::new(),
        }
    }

    /// The file, by its index, whose bytes or end come next; none when all have ended and [`Excerpt::finish`] is due.
    #[must_use]
    pub fn asks_for(&self) -> Option<usize> {
        match &self.pass {
            Pass::Choosing(analysis) => analysis.captures().asks_for(),
            Pass::Completing(completing) => completing.captures.asks_for(),
            Pass::Writing(writing) => writing.asks_for(),
        }
    }

    /// How each file ended that it is taken from, once [`Excerpt::finish`] was called.
    pub fn endings(&self) -> &[Result<Ending, Refusal>] {
        &self.endings
    }

    /// The next bytes of the file, or of that one of several that is asked for; appends to `out` what is to be written.
    ///
    /// # Errors
    /// When the file is no capture; others of several go on.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        match &mut self.pass {
            Pass::Choosing(analysis) => {
                analysis.push(bytes, &mut self.chosen.choosing(&mut self.wanted, &mut self.packets))
            }
            Pass::Completing(completing) => completing.push(bytes, &self.chosen, &mut self.packets),
            Pass::Writing(writing) => writing.push(bytes, &self.packets, out),
        }
    }

    /// The file that is asked for ends.
    ///
    /// # Errors
    /// When it is no capture; others go on.
    pub fn end_file(&mut self, out: &mut Vec<u8>) -> Result<Ending, Refusal> {
        match &mut self.pass {
            Pass::Choosing(analysis) => {
                analysis.end_file(&mut self.chosen.choosing(&mut self.wanted, &mut self.packets))
            }
            Pass::Completing(completing) => completing.end_file(&self.chosen, &mut self.packets),
            Pass::Writing(writing) => writing.end_file(&self.packets, out),
        }
    }

    /// All files end; appends to `out` what is to be written, before what the answer says of it.
    ///
    /// # Errors
    /// When it is no capture; of several, when none of them is.
    pub fn finish(&mut self, out: &mut Vec<u8>) -> Result<Next, Refusal> {
        let files = self.files;
        match &mut self.pass {
            Pass::Choosing(analysis) => {
                analysis.finish(&mut self.chosen.choosing(&mut self.wanted, &mut self.packets))?;
                self.endings = analysis.captures().endings().flatten().collect();
                self.pass = match self.chosen.all_told() {
                    true => Pass::Completing(Box::new(Completing::of(files))),
                    false => Pass::Choosing(Box::new(Analysis::of(files))),
                };
                Ok(Next::Read)
            }
            Pass::Completing(completing) => {
                completing.finish(&self.chosen, &mut self.packets)?;
                self.pass = Pass::Writing(Box::new(Writing::of(files)));
                Ok(Next::Rewrite)
            }
            Pass::Writing(writing) => {
                writing.finish(&self.packets, out)?;
                let lost = self.chosen.lost(&writing.reopened);
                if lost.is_empty() || self.widened {
                    let lost = u32::try_from(lost.len()).unwrap_or(u32::MAX);
                    let (packets, commands) = (writing.packets, self.chosen.commands);
                    return Ok(Next::Done(Saved { packets, commands, lost }));
                }
                self.chosen.widen(&lost);
                self.widened = true;
                self.pass = Pass::Completing(Box::new(Completing::of(files)));
                Ok(Next::Rewrite)
            }
        }
    }
}

#[cfg(test)]
mod tests;
