//! HTTP/1 as a carrier: bytes of one direction of a TCP stream in, heads and bodies of messages out.
//!
//! [`Reader`] never holds more than a head, and a body passes through as it comes, with its transfer and content codings
//! undone. Cut and damaged HTTP loses no byte: what cannot be read as HTTP is handed out as [`Part::Stray`], and reading
//! goes on at the next start of a message.
//!
//! ```text
//! bytes ─▶ Reader ─(head complete)─▶ Head ─▶ Body (length, chunks, until close) ─▶ Coding (gzip, deflate) ─▶ Part
//! ```

mod body;
mod coding;
mod head;
mod reader;

pub use body::CHUNK_LINE_CEILING;
pub use coding::DECODED_CEILING;
pub(super) use head::holds;
pub use head::{HEAD_CEILING, HEADERS, Head, Kind, Start};
pub use reader::{Part, Reader, STRAY_CEILING};
