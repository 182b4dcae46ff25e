//! The shared reference: every framing vector and every transcript, if the folder is there.
//!
//! The reference is no part of this project. It is looked for beside the checkout (`../shared`), or where `MSNP_SHARED`
//! points; without it these tests say so and pass.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on must fail")]

mod documents;
mod framing;
mod goldens;
mod transcripts;
mod vectors;
