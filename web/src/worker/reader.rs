//! The browser's `File`, read in slices: it is never copied as a whole.
//!
//! The next slice is asked for before the last one is worked on, so that the browser reads meanwhile.

use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Bytes of the first slice: small, so that the first rows are there at once.
const FIRST: f64 = 256.0 * 1024.0;
/// Bytes of every further slice.
const SLICE: f64 = 4.0 * 1024.0 * 1024.0;

/// A file that is being read.
#[derive(Debug)]
pub struct Reader {
    file: web_sys::File,
    asked: f64,
    /// Bytes of the whole file.
    pub size: f64,
}

/// A slice that the browser is reading.
#[derive(Debug)]
pub struct Slice {
    bytes: JsFuture,
    /// Where it ends in the file.
    pub end: f64,
}

impl Reader {
    /// A reader at the beginning of `file`.
    ///
    /// # Errors
    /// A few words, when `file` is no file.
    pub fn new(file: JsValue) -> Result<Self, String> {
        let file: web_sys::File = file.dyn_into().map_err(|_| "it is not a file".to_owned())?;
        let size = file.size();
        Ok(Self { file, asked: 0.0, size })
    }

    /// Has the browser read the next slice; none at the end.
    ///
    /// # Errors
    /// The browser's words, when it refuses.
    pub fn ask(&mut self) -> Result<Option<Slice>, String> {
        if self.asked >= self.size {
            return Ok(None);
        }
        let length = if self.asked > 0.0 { SLICE } else { FIRST };
        let end = (self.asked + length).min(self.size);
        let slice = self.file.slice_with_f64_and_f64(self.asked, end).map_err(|error| words(&error))?;
        self.asked = end;
        Ok(Some(Slice { bytes: JsFuture::from(slice.array_buffer()), end }))
    }
}

/// The SHA-256 of a file.
///
/// # Errors
/// The browser's words, when it cannot read.
pub async fn hash_of(file: JsValue) -> Result<[u8; 32], String> {
    let (mut reader, mut buffer, mut hash) = (Reader::new(file)?, Vec::new(), Sha256::new());
    while let Some(slice) = reader.ask()? {
        slice.read_into(&mut buffer).await?;
        hash.update(&buffer);
    }
    Ok(hash.finalize().into())
}

impl Slice {
    /// Waits for the bytes and copies them into `buffer`.
    ///
    /// # Errors
    /// The browser's words, when it cannot read.
    pub async fn read_into(self, buffer: &mut Vec<u8>) -> Result<(), String> {
        let bytes = self.bytes.await.map_err(|error| words(&error))?;
        let bytes = js_sys::Uint8Array::new(&bytes);
        buffer.resize(bytes.length() as usize, 0);
        bytes.copy_to(buffer);
        Ok(())
    }
}

fn words(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| "no reason given".to_owned(), |error| String::from(error.message()))
}
