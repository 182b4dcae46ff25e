//! Who signed in, whom each account knows, who was there when, who said what to whom: short dialogues of every dialect, what
//! the reference's dialogues add up to, and real traffic with its truth.

// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod contacts;
mod conversations;
mod kinds;
mod laws;
mod lecture;
mod presence;
mod reference;
mod rehearsal;
mod script;
mod sign_ins;
mod traffic;
mod truth;
