//! Whom each account knows, and who was there when: short dialogues of every dialect, what the reference's dialogues add up
//! to, and real traffic with its truth.

// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod contacts;
mod presence;
mod reference;
mod rehearsal;
mod truth;
