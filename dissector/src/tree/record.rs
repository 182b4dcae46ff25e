//! What can be recorded: any value that knows what its bytes say, what they mean, and what is odd about them.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{Arg, ExpertId, Text, Value};

/// A value that can be recorded: what the bytes say, what they mean, and what is odd about them.
pub trait Record {
    /// What the bytes say.
    fn value(&self) -> Value;

    /// What they mean, where that is more than what they say.
    fn label(&self) -> Option<Text> {
        None
    }

    /// What is odd about them.
    fn complaint(&self) -> Option<(ExpertId, Vec<Arg>)> {
        None
    }
}

impl Record for u8 {
    fn value(&self) -> Value {
        Value::Uint((*self).into())
    }
}

impl Record for u16 {
    fn value(&self) -> Value {
        Value::Uint((*self).into())
    }
}

impl Record for u32 {
    fn value(&self) -> Value {
        Value::Uint((*self).into())
    }
}

impl Record for u64 {
    fn value(&self) -> Value {
        Value::Uint(*self)
    }
}

impl Record for &[u8] {
    fn value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

/// Bytes as text: borrowed if it is UTF-8 as it stands, else as [`lossy`] says.
#[must_use]
pub fn readable(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if memchr::memchr(0, bytes).is_none() => Cow::Borrowed(text),
        _ => Cow::Owned(made_visible(bytes)),
    }
}

/// Bytes as text: UTF-8, with each byte that is not written as `\xNN` so that none is lost, and U+2400 for NUL (which
/// Wireshark's strings cannot hold).
#[must_use]
pub fn lossy(bytes: &[u8]) -> String {
    readable(bytes).into_owned()
}

fn made_visible(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    if out.contains('\0') { out.replace('\0', "\u{2400}") } else { out }
}
