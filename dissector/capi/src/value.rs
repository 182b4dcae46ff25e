//! Texts, bytes and times as C sees them.

use std::ffi::c_char;

use msnp_dissector::capture::Timestamp;
use msnp_dissector::report::json_line;
use serde::Serialize;

use crate::gate::gate;
use crate::status::msnp_status;

/// A text in UTF-8 that belongs to the handle it came from and lives as long as that, if nothing else is said. No NUL ends it.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct msnp_text {
    /// Its first byte; NULL where there is no text. An empty text has a place.
    pub data: *const c_char,
    /// How many bytes it has.
    pub length: usize,
}

impl msnp_text {
    pub(crate) const NOTHING: Self = Self { data: std::ptr::null(), length: 0 };
}

impl From<&str> for msnp_text {
    fn from(text: &str) -> Self {
        Self { data: text.as_ptr().cast(), length: text.len() }
    }
}

impl From<Option<&str>> for msnp_text {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::NOTHING, Self::from)
    }
}

impl From<&Option<String>> for msnp_text {
    fn from(text: &Option<String>) -> Self {
        text.as_deref().into()
    }
}

/// Bytes that belong to the handle they came from and live as long as that.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct msnp_bytes {
    /// The first one; NULL where there are none to be had. No bytes may have a place.
    pub data: *const u8,
    /// How many they are.
    pub length: usize,
}

impl msnp_bytes {
    pub(crate) const NOTHING: Self = Self { data: std::ptr::null(), length: 0 };
}

impl From<&[u8]> for msnp_bytes {
    fn from(bytes: &[u8]) -> Self {
        Self { data: bytes.as_ptr(), length: bytes.len() }
    }
}

/// A point in time, UTC.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default)]
pub struct msnp_time {
    /// Whole seconds since the beginning of 1970; negative before.
    pub seconds: i64,
    /// Nanoseconds after these, below 1,000,000,000: a function that is given more answers `MSNP_STATUS_ARGUMENT`.
    pub nanos: u32,
    /// Decimal digits of a second that are known: 6 for microseconds; at most 9, and a function that is given more answers
    /// `MSNP_STATUS_ARGUMENT`. Texts show as many.
    pub digits: u8,
    /// Whether the time is known. If not, the rest says nothing.
    pub known: bool,
}

impl From<Timestamp> for msnp_time {
    fn from(time: Timestamp) -> Self {
        let Timestamp { seconds, nanos, digits, absent } = time;
        if absent { Self::default() } else { Self { seconds, nanos, digits, known: true } }
    }
}

impl msnp_time {
    /// The time, or that of what came before it, marked as such.
    pub(crate) fn after(self, before: Timestamp) -> Result<Timestamp, msnp_status> {
        let Self { seconds, nanos, digits, known } = self;
        match known {
            false => Ok(Timestamp { absent: true, ..before }),
            true if nanos < 1_000_000_000 && digits <= 9 => Ok(Timestamp::new(seconds, nanos.into(), digits)),
            true => Err(msnp_status::Argument),
        }
    }
}

/// A text that the caller owns, to be freed by `msnp_string_free`.
#[derive(Debug, Default)]
pub struct msnp_string(String);

impl msnp_string {
    /// Lines of JSON, one a record.
    pub(crate) fn of_records<R: Serialize>(records: impl IntoIterator<Item = R>) -> Self {
        let mut lines = Vec::new();
        records.into_iter().for_each(|record| json_line(&mut lines, &record));
        // What serde writes is UTF-8.
        Self(String::from_utf8(lines).unwrap_or_default())
    }
}

impl From<String> for msnp_string {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// The text of a string, in UTF-8. It lives as long as the string.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_string_text(string: Option<&msnp_string>) -> msnp_text {
    gate(msnp_text::NOTHING, || string.map(|string| string.0.as_str()).into())
}

/// Frees a string; NULL is passed over.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_string_free(string: Option<Box<msnp_string>>) {
    gate((), || drop(string));
}
