//! The browser's `File`s, read in slices: they are never copied as a whole.
//!
//! The next slice is asked for before the last one is worked on, so that the browser reads meanwhile.

use js_sys::Array;
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::rows::float;

/// Bytes of the first slice: small, so that the first rows are there at once.
const FIRST: f64 = 256.0 * 1024.0;
/// Bytes of every further slice.
const SLICE: f64 = 4.0 * 1024.0 * 1024.0;
/// The same of each of several files.
const SHARE: f64 = 1024.0 * 1024.0;
/// Bytes worked on at a time of each of several files: what they hold waits for the others, and can be a thousand times as
/// long where it is compressed.
const PORTION: usize = 64 * 1024;

/// Files that are being read, each as it is asked for.
#[derive(Debug)]
pub struct Readers {
    all: Vec<Reader>,
}

impl Readers {
    /// Readers at the beginning of each file.
    ///
    /// # Errors
    /// The browser's words, when it refuses.
    pub fn new(files: &[File]) -> Result<Self, String> {
        Self::up_to(files, &[])
    }

    /// The same, of which no more is read than so many bytes of each.
    ///
    /// # Errors
    /// The browser's words, when it refuses.
    pub fn up_to(files: &[File], limits: &[f64]) -> Result<Self, String> {
        let longest = if files.len() == 1 { SLICE } else { SHARE };
        let limits = limits.iter().copied().chain(std::iter::repeat(f64::INFINITY));
        let all = files.iter().zip(limits).map(|(file, limit)| Reader::new(file.clone(), longest, 0.0, limit));
        Ok(Self { all: all.collect::<Result<_, _>>()? })
    }

    /// A reader of one file, from a byte of it on.
    ///
    /// # Errors
    /// The browser's words, when it refuses.
    pub fn behind(file: &File, offset: u64) -> Result<Self, String> {
        Ok(Self { all: vec![Reader::new(file.clone(), SLICE, float(offset), f64::INFINITY)?] })
    }

    /// The next bytes of a file; none at its end.
    ///
    /// # Errors
    /// The browser's words, when it cannot read.
    pub async fn next(&mut self, at: usize) -> Result<Option<&[u8]>, String> {
        let portion = if self.all.len() == 1 { usize::MAX } else { PORTION };
        match self.all.get_mut(at) {
            Some(reader) => reader.next(portion).await,
            None => Ok(None),
        }
    }

    /// How many bytes of each were handed on.
    pub fn read(&self) -> impl Iterator<Item = f64> {
        self.all.iter().map(|reader| reader.read)
    }
}

/// A file that is being read.
#[derive(Debug)]
struct Reader {
    file: File,
    /// Bytes of it that are to be read.
    size: f64,
    longest: f64,
    /// The first of them.
    begin: f64,
    /// Bytes that the browser was asked for.
    asked: f64,
    /// The slice that it is reading.
    coming: Option<JsFuture>,
    slice: Vec<u8>,
    /// Bytes of the slice that were handed on, and of the whole file.
    handed: usize,
    read: f64,
}

impl Reader {
    fn new(file: File, longest: f64, begin: f64, limit: f64) -> Result<Self, String> {
        let size = file.size().min(limit);
        let (asked, slice, handed, read) = (begin, Vec::new(), 0, begin);
        let mut reader = Self { file, size, longest, begin, asked, coming: None, slice, handed, read };
        reader.ask()?;
        Ok(reader)
    }

    /// Has the browser read the next slice.
    fn ask(&mut self) -> Result<(), String> {
        if self.asked >= self.size {
            return Ok(());
        }
        let length = if self.asked > self.begin { self.longest } else { FIRST };
        let end = (self.asked + length).min(self.size);
        let slice = self.file.slice_with_f64_and_f64(self.asked, end).map_err(|error| words(&error))?;
        self.asked = end;
        self.coming = Some(JsFuture::from(slice.array_buffer()));
        Ok(())
    }

    #[allow(clippy::cast_precision_loss)] // slices are far shorter than 2⁵³
    async fn next(&mut self, portion: usize) -> Result<Option<&[u8]>, String> {
        if self.handed >= self.slice.len() {
            let Some(coming) = self.coming.take() else { return Ok(None) };
            let bytes = js_sys::Uint8Array::new(&coming.await.map_err(|error| words(&error))?);
            // The browser reads on while these bytes are worked on.
            self.ask()?;
            self.slice.resize(bytes.length() as usize, 0);
            bytes.copy_to(&mut self.slice);
            self.handed = 0;
        }
        let rest = self.slice.get(self.handed..).unwrap_or_default();
        let bytes = rest.get(..portion).unwrap_or(rest);
        self.handed += bytes.len();
        self.read += bytes.len() as f64;
        Ok(Some(bytes))
    }
}

/// Files out of a list of the browser's.
///
/// # Errors
/// A few words, when something in it is no file.
pub fn files(list: &Array) -> Result<Vec<File>, String> {
    list.iter().map(|file| file.dyn_into().map_err(|_| "it is not a file".to_owned())).collect()
}

/// The SHA-256 of each file.
///
/// # Errors
/// The browser's words, when it cannot read.
pub async fn hashes_of(files: &[File]) -> Result<Vec<[u8; 32]>, String> {
    let mut hashes = Vec::new();
    for file in files {
        let (mut readers, mut hash) = (Readers::new(std::slice::from_ref(file))?, Sha256::new());
        while let Some(bytes) = readers.next(0).await? {
            hash.update(bytes);
        }
        hashes.push(hash.finalize().into());
    }
    Ok(hashes)
}

fn words(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| "no reason given".to_owned(), |error| String::from(error.message()))
}
