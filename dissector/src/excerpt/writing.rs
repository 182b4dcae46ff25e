//! The copy: the records of the packets that belong to it, or, out of several files, the packets themselves.

use super::choosing::Reopened;
use super::numbers::Numbers;
use super::pcapng::Writer;
use crate::analysis::Analysis;
use crate::capture::{CaptureReader, Captures, Ending, Packet, Record, Refusal};

/// The copy, and what is found in it.
#[derive(Debug)]
pub(super) struct Writing {
    source: Source,
    pub analysis: Analysis,
    pub reopened: Reopened,
    pub packets: u64,
}

#[derive(Debug)]
enum Source {
    /// One file, whose records are copied as they are.
    Records { reader: CaptureReader, ended: bool },
    /// Several, whose packets are written anew.
    Packets(Captures, Writer),
}

impl Writing {
    pub fn of(files: usize) -> Self {
        let source = match files {
            1 => Source::Records { reader: CaptureReader::new(), ended: false },
            _ => Source::Packets(Captures::of(files), Writer::default()),
        };
        Self { source, analysis: Analysis::new(), reopened: Reopened::default(), packets: 0 }
    }

    pub fn asks_for(&self) -> Option<usize> {
        match &self.source {
            Source::Records { ended, .. } => Some(0).filter(|_| !ended),
            Source::Packets(captures, _) => captures.asks_for(),
        }
    }

    pub fn push(&mut self, bytes: &[u8], wanted: &Numbers, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let begin = out.len();
        let packets = &mut self.packets;
        let pushed = match &mut self.source {
            Source::Records { reader, .. } => reader.push_records(bytes, &mut |record| match record {
                Record::Head(head) => out.extend_from_slice(head),
                Record::Packet(packet, record) if wanted.contains(packet.number) => {
                    *packets += 1;
                    out.extend_from_slice(record);
                }
                Record::Packet(..) => {}
            }),
            Source::Packets(captures, writer) => captures.push(bytes, &mut writing(writer, wanted, packets, out)),
        };
        self.read_again(begin, out)?;
        pushed
    }

    pub fn end_file(&mut self, wanted: &Numbers, out: &mut Vec<u8>) -> Result<Ending, Refusal> {
        let begin = out.len();
        let ended = match &mut self.source {
            Source::Records { reader, ended } => {
                *ended = true;
                reader.finish(&mut |_| ())
            }
            Source::Packets(captures, writer) => {
                captures.end_file(&mut writing(writer, wanted, &mut self.packets, out))
            }
        };
        self.read_again(begin, out)?;
        ended
    }

    /// All files end; whatever was left of them is written.
    pub fn finish(&mut self, wanted: &Numbers, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let begin = out.len();
        if let Source::Packets(captures, writer) = &mut self.source {
            captures.finish(&mut writing(writer, wanted, &mut self.packets, out))?;
            writer.finish(out);
        }
        self.read_again(begin, out)?;
        self.analysis.finish(&mut self.reopened).map(drop)
    }

    fn read_again(&mut self, begin: usize, out: &[u8]) -> Result<(), Refusal> {
        self.analysis.push(out.get(begin..).unwrap_or_default(), &mut self.reopened)
    }
}

/// Writes the wanted packets.
fn writing<'w>(
    writer: &'w mut Writer,
    wanted: &'w Numbers,
    packets: &'w mut u64,
    out: &'w mut Vec<u8>,
) -> impl FnMut(&Packet<'_>) + 'w {
    move |packet| {
        if wanted.contains(packet.number) {
            *packets += 1;
            writer.packet(packet, out);
        }
    }
}
