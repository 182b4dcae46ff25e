//! Excerpts: some commands of a capture as a capture of their own, with the original packets and times.
//!
//! Comes in: the capture, several times over, and which commands are wanted. Goes out: the bytes of a capture of the same
//! kind (pcap or pcapng, uncompressed) in which the same commands are found again: every packet that brought a byte of
//! them or of what they complete, and the handshakes of their connections, record for record as they stood in the file.
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

use crate::analysis::{Analysis, Command};
use crate::capture::{CaptureReader, Ending, Record, Refusal};
use choosing::{Chosen, Reopened};
use completing::Completing;
use numbers::Numbers;

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
///     match excerpt.finish()? {
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
    pass: Pass,
    chosen: Chosen,
    /// Numbers of the packets that are copied.
    packets: Numbers,
    /// All packets of some connections were added.
    widened: bool,
    ending: Ending,
}

#[derive(Debug)]
enum Pass {
    Choosing(Box<Analysis>),
    Completing(Box<Completing>),
    Writing(Box<Writing>),
}

/// The copy, and what is found in it.
#[derive(Debug, Default)]
struct Writing {
    reader: CaptureReader,
    analysis: Analysis,
    reopened: Reopened,
    packets: u64,
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
    /// How the capture ended that it was taken from.
    pub ending: Ending,
}

impl<W: FnMut(&Command<'_>) -> bool> Excerpt<W> {
    /// An excerpt of the commands for which `wanted` says so. It is asked about each command, and may be asked again.
    pub fn new(wanted: W) -> Self {
        Self {
            wanted,
            pass: Pass::Choosing(Box::default()),
            chosen: Chosen::default(),
            packets: Numbers::default(),
            widened: false,
            ending: Ending::Complete,
        }
    }

    /// The next bytes of the file; appends to `out` what is to be written.
    ///
    /// # Errors
    /// When the file is no capture.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        match &mut self.pass {
            Pass::Choosing(analysis) => {
                analysis.push(bytes, &mut self.chosen.choosing(&mut self.wanted, &mut self.packets))
            }
            Pass::Completing(completing) => completing.push(bytes, &self.chosen, &mut self.packets),
            Pass::Writing(writing) => writing.push(bytes, &self.packets, out),
        }
    }

    /// The file ends.
    ///
    /// # Errors
    /// When it is no capture.
    pub fn finish(&mut self) -> Result<Next, Refusal> {
        match &mut self.pass {
            Pass::Choosing(analysis) => {
                self.ending = analysis.finish(&mut self.chosen.choosing(&mut self.wanted, &mut self.packets))?;
                self.pass = match self.chosen.all_told() {
                    true => Pass::Completing(Box::default()),
                    false => Pass::Choosing(Box::default()),
                };
                Ok(Next::Read)
            }
            Pass::Completing(_) => {
                self.pass = Pass::Writing(Box::default());
                Ok(Next::Rewrite)
            }
            Pass::Writing(writing) => {
                writing.analysis.finish(&mut writing.reopened)?;
                let lost = self.chosen.lost(&writing.reopened);
                if lost.is_empty() || self.widened {
                    let lost = u32::try_from(lost.len()).unwrap_or(u32::MAX);
                    let (packets, commands, ending) = (writing.packets, self.chosen.commands, self.ending);
                    return Ok(Next::Done(Saved { packets, commands, lost, ending }));
                }
                self.chosen.widen(&lost);
                self.widened = true;
                self.pass = Pass::Completing(Box::default());
                Ok(Next::Rewrite)
            }
        }
    }
}

impl Writing {
    fn push(&mut self, bytes: &[u8], wanted: &Numbers, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let begin = out.len();
        let packets = &mut self.packets;
        self.reader.push_records(bytes, &mut |record| match record {
            Record::Head(head) => out.extend_from_slice(head),
            Record::Packet(packet, record) if wanted.contains(packet.number) => {
                *packets += 1;
                out.extend_from_slice(record);
            }
            Record::Packet(..) => {}
        })?;
        self.analysis.push(out.get(begin..).unwrap_or_default(), &mut self.reopened)
    }
}

#[cfg(test)]
mod tests;
