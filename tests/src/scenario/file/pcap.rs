//! The classic pcap format.
//!
//! | off | size | file header | record header |
//! |---|---|---|---|
//! | 0 | 4 | magic `a1b2c3d4` (µs) or `a1b23c4d` (ns), gives the byte order | seconds |
//! | 4 | 2+2 / 4 | version 2.4 | µs or ns |
//! | 8 | 4 | zone, 0 | captured length |
//! | 12 | 4 | accuracy, 0 | length on the wire |
//! | 16 | 4 | snaplen | |
//! | 20 | 4 | link type | |

use super::{Frame, in_memory};
use crate::scenario::error::ScenarioError;
use crate::scenario::options::{ByteOrder, Interface, Resolution, Scenario};
use std::io::{self, Write};

/// Writes a pcap file record by record, to anything.
#[derive(Debug)]
pub struct PcapWriter<W> {
    out: W,
    order: ByteOrder,
    resolution: Resolution,
    snaplen: u32,
}

impl<W: Write> PcapWriter<W> {
    /// Writes the file header. A pcap file cannot say [`Resolution::Binary`]; it becomes microseconds.
    ///
    /// # Errors
    /// When `out` does not take the bytes.
    pub fn new(out: W, order: ByteOrder, interface: &Interface) -> io::Result<Self> {
        let (resolution, magic) = match interface.resolution {
            Resolution::Nano => (Resolution::Nano, 0xa1b2_3c4d),
            Resolution::Micro | Resolution::Binary => (Resolution::Micro, 0xa1b2_c3d4),
        };
        let mut writer = Self { out, order, resolution, snaplen: interface.snaplen };
        let versions = match order {
            ByteOrder::Little => 0x0004_0002,
            ByteOrder::Big => 0x0002_0004,
        };
        let link = u32::from(interface.link.number());
        writer.words([magic, versions, 0, 0, interface.snaplen, link])?;
        Ok(writer)
    }

    /// Writes one record.
    ///
    /// # Errors
    /// When `out` does not take the bytes.
    pub fn write(&mut self, frame: &Frame) -> io::Result<()> {
        let kept = frame.kept(self.snaplen);
        let (seconds, rest) = self.resolution.split(frame.time);
        let word = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
        let captured = u32::try_from(kept.len()).unwrap_or(u32::MAX);
        self.words([word(seconds), word(rest), captured, frame.length()])?;
        self.out.write_all(kept)
    }

    /// Gives back what was written to.
    pub fn into_inner(self) -> W {
        self.out
    }

    fn words<const N: usize>(&mut self, words: [u32; N]) -> io::Result<()> {
        for word in words {
            self.out.write_all(&match self.order {
                ByteOrder::Little => word.to_le_bytes(),
                ByteOrder::Big => word.to_be_bytes(),
            })?;
        }
        Ok(())
    }
}

pub(super) fn encode(frames: &[Frame], scenario: &Scenario) -> Result<Vec<u8>, ScenarioError> {
    let interface = scenario.interface(0)?;
    let mut writer =
        PcapWriter::new(Vec::new(), scenario.file.byte_order, interface).map_err(|error| in_memory(&error))?;
    for frame in frames {
        writer.write(frame).map_err(|error| in_memory(&error))?;
    }
    Ok(writer.into_inner())
}
