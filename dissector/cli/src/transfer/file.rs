//! The capture file, read again where chunks stand in it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use msnp_dissector::analysis::Extent;
use msnp_dissector::report::ChunkRecord;
use msnp_dissector::transfer::Bytes;
use msnp_dissector::tree::Span;
use serde::Serialize;

use crate::input::{self, Input};

/// Bytes read at a time: neighbouring chunks stand close to each other.
const WINDOW: usize = 256 * 1024;

/// A capture that can be read again, or nothing, where all bytes are kept.
pub struct Capture {
    file: Option<File>,
    window: Vec<u8>,
    /// Where in the file the window begins.
    start: u64,
}

impl Capture {
    pub fn open(input: &Input) -> io::Result<Self> {
        let file = if input::is_stdin(&input.file) { None } else { Some(File::open(&input.file)?) };
        Ok(Self { file, window: Vec::new(), start: 0 })
    }

    fn slide(&mut self, offset: u64) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.seek(SeekFrom::Start(offset))?;
        self.window.clear();
        self.start = offset;
        file.take(WINDOW as u64).read_to_end(&mut self.window)?;
        Ok(())
    }

    fn seen(&self, extent: Extent) -> Option<&[u8]> {
        let start = usize::try_from(extent.offset.checked_sub(self.start)?).ok()?;
        self.window.get(start..start.checked_add(usize::try_from(extent.length).ok()?)?)
    }
}

impl Bytes for Capture {
    fn extent(&mut self, extent: Extent, into: &mut Vec<u8>) -> bool {
        if self.seen(extent).is_none() && self.slide(extent.offset).is_err() {
            return false;
        }
        let Some(bytes) = self.seen(extent) else { return false };
        into.extend_from_slice(bytes);
        true
    }

    fn pdu(&mut self, _pdu: u32, _span: Span, _into: &mut Vec<u8>) -> bool {
        false
    }
}

/// A chunk, and whose it is.
#[derive(Serialize)]
pub struct Numbered {
    /// Number of the transfer.
    pub transfer: u32,
    #[serde(flatten)]
    pub chunk: ChunkRecord,
}
