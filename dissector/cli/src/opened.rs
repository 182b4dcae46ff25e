//! Files and standard input that are open: read slice by slice into an analysis, several as one; with pseudonyms if the user
//! wants to show it around.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use msnp_dissector::analysis::Analysis;
use msnp_dissector::redaction::{Key, Redacting, Redactor};
use sha2::{Digest, Sha256};

use crate::input::{self, Fallible, Input, Trouble, Whole};

/// Bytes read at a time: what the processor's cache holds beside everything else.
const SLICE: usize = 1 << 18;
/// The same of each of several files, whose packets wait for one another.
const SHARE: usize = 1 << 16;

/// What is open.
pub struct Opened {
    files: Vec<PathBuf>,
    redact: bool,
    sources: Vec<Source>,
}

enum Source {
    /// A file, which can be read as often as one likes.
    File(File),
    /// A pipe, a terminal or the like, whose bytes come once.
    Stream(Box<dyn Read>),
}

impl Opened {
    pub fn new(input: &Input) -> Result<Self, Trouble> {
        Self::all(&input.files).map(|opened| Self { redact: input.redact, ..opened })
    }

    /// Opens files, to be told as they are.
    pub fn all(files: &[PathBuf]) -> Result<Self, Trouble> {
        if files.iter().filter(|file| input::is_stdin(file)).count() > 1 {
            return Err(Trouble::StandardInputTwice);
        }
        let open =
            |file: &PathBuf| Source::open(file).map_err(|error| Trouble::Unreadable { name: input::name(file), error });
        let sources = files.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { files: files.to_vec(), redact: false, sources })
    }

    /// What comes only once is copied into a file that goes away by itself.
    pub fn spool(&mut self) -> Result<(), Trouble> {
        for (source, file) in self.sources.iter_mut().zip(&self.files) {
            if let Source::Stream(stream) = source {
                let spooled = spooled(stream).map_err(|error| Trouble::Unreadable { name: input::name(file), error });
                *source = Source::File(spooled?);
            }
        }
        Ok(())
    }

    /// Goes back to the beginning of each file.
    pub fn rewind(&mut self) -> Result<(), Trouble> {
        for (source, file) in self.sources.iter_mut().zip(&self.files) {
            if let Source::File(open) = source {
                open.rewind().map_err(|error| Trouble::Unreadable { name: input::name(file), error })?;
            }
        }
        Ok(())
    }

    /// The file, if there is but one, which can be read again.
    pub fn lasting(self) -> Option<File> {
        let lasts = self.lasts();
        match self.sources.into_iter().next() {
            Some(Source::File(file)) if lasts => Some(file),
            _ => None,
        }
    }

    /// Whether it is one file that can be read again.
    pub fn lasts(&self) -> bool {
        matches!(&*self.sources, [Source::File(_)])
    }

    /// The next bytes of a file; none at its end.
    pub fn slice<'s>(&mut self, at: usize, slice: &'s mut Vec<u8>) -> Result<&'s [u8], Trouble> {
        let length = if self.sources.len() == 1 { SLICE } else { SHARE };
        slice.resize(length, 0);
        let Some(source) = self.sources.get_mut(at) else { return Ok(&[]) };
        loop {
            match source.read(slice) {
                Ok(count) => return Ok(slice.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Trouble::Unreadable { name: self.name(at), error }),
            }
        }
    }

    /// What to call a file.
    pub fn name(&self, at: usize) -> String {
        self.files.get(at).map(|file| input::name(file)).unwrap_or_default()
    }

    /// Feeds all of it to `sink`; says on standard error when a capture ends before its end.
    pub fn read(&mut self, sink: &mut impl Fallible) -> Result<Whole, Trouble> {
        if !self.redact {
            return self.feed(sink);
        }
        // Read twice: pseudonyms depend on the whole capture, so that they do not depend on where in it a name comes first.
        self.spool()?;
        let key = self.key()?;
        self.rewind()?;
        self.feed(&mut Redacting::new(Redactor::new(key), sink))
    }

    fn key(&mut self) -> Result<Key, Trouble> {
        let (mut slice, mut hashes) = (Vec::new(), Vec::<[u8; 32]>::new());
        for at in 0..self.sources.len() {
            let mut hash = Sha256::new();
            loop {
                match self.slice(at, &mut slice)? {
                    [] => break,
                    bytes => hash.update(bytes),
                }
            }
            hashes.push(hash.finalize().into());
        }
        Ok(Key::of_captures(&hashes))
    }

    fn feed(&mut self, sink: &mut impl Fallible) -> Result<Whole, Trouble> {
        let (mut reading, mut slice) = (Analysis::of(self.sources.len()), Vec::new());
        while let Some(at) = reading.captures().asks_for() {
            let read = match self.slice(at, &mut slice)? {
                [] => reading.end_file(sink).map(drop),
                bytes => reading.push(bytes, sink),
            };
            read.map_err(|refusal| Trouble::Refused { name: self.name(at), refusal })?;
            if let Some(error) = sink.trouble() {
                return Err(error.into());
            }
        }
        let name = input::names(&self.files);
        let ending = reading.finish(sink).map_err(|refusal| Trouble::Refused { name, refusal })?;
        if let Some(error) = sink.trouble() {
            return Err(error.into());
        }
        for (ended, file) in reading.captures().endings().zip(&self.files) {
            if let Some(Ok(ending)) = ended {
                input::warn_of(&ending, &input::name(file));
            }
        }
        let totals = reading.totals().clone();
        let outcome = input::outcome(&totals, &self.files);
        Ok(Whole { outcome, totals, ending })
    }
}

impl Source {
    fn open(path: &Path) -> io::Result<Self> {
        if input::is_stdin(path) {
            return Ok(Self::Stream(Box::new(io::stdin().lock())));
        }
        let file = File::open(path)?;
        let lasts = file.metadata()?.is_file();
        Ok(if lasts { Self::File(file) } else { Self::Stream(Box::new(file)) })
    }
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(into),
            Self::Stream(stream) => stream.read(into),
        }
    }
}

/// All of a stream, in a file that goes away by itself.
fn spooled(stream: &mut impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(stream, &mut file)?;
    file.rewind()?;
    Ok(file)
}
