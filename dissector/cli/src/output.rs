//! Standard output, buffered, as text or as one JSON object per line.

use std::io::{self, BufWriter, StdoutLock, Write};

use serde::Serialize;

/// Buffered standard output.
pub struct Output {
    writer: BufWriter<StdoutLock<'static>>,
    error: Option<io::Error>,
}

impl Output {
    pub fn new() -> Self {
        Self { writer: BufWriter::with_capacity(1 << 18, io::stdout().lock()), error: None }
    }

    /// Writes text as it is.
    pub fn text(&mut self, text: &[u8]) {
        if self.error.is_none() {
            self.error = self.writer.write_all(text).err();
        }
    }

    /// What went wrong since the last call.
    pub fn trouble(&mut self) -> Option<io::Error> {
        self.error.take()
    }

    /// Writes what is buffered.
    pub fn finish(mut self) -> io::Result<()> {
        match self.error.take() {
            Some(error) => Err(error),
            None => self.writer.flush(),
        }
    }
}

/// One line of JSON.
pub fn json_line(record: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(record).unwrap_or_default();
    line.push(b'\n');
    line
}
