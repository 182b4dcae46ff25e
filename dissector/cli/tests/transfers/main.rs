//! `msnp transfers` and `msnp chunks`: what was sent comes out again, as files that do no harm; what they print of the
//! sample captures is as reviewed. `MSNP_BLESS=1` writes it anew.

// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod extracting;
mod support;
mod telling;
