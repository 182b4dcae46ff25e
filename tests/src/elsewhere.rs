//! What only some machines have: the protocol reference and real captures, which are no part of the project. They are looked
//! for in the folder `shared` beside the checkout, or where the environment variable `MSNP_SHARED` says.
//!
//! A test without them says so past the test runner, which keeps to itself what a test that passes prints; `cargo xtask test`
//! counts these words.

use std::fmt::Display;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, thread};

/// The folder, whether it is there or not.
#[must_use]
pub fn folder() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    std::env::var_os("MSNP_SHARED").map_or(beside, PathBuf::from)
}

/// A file of it, by its path in it; `None`, after a visible word, if it is not there.
#[must_use]
pub fn bytes(path: &str) -> Option<Vec<u8>> {
    let bytes = fs::read(folder().join(path)).ok();
    if bytes.is_none() {
        skipped(format_args!("{path} is not at hand"));
    }
    bytes
}

/// The same, as text.
#[must_use]
pub fn text(path: &str) -> Option<String> {
    bytes(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Says that the test that calls this leaves something out, and why: `SKIPPED test: why`, on a line of its own.
pub fn skipped(why: impl Display) {
    let current = thread::current();
    let test = current.name().unwrap_or("a test");
    // `println!` would be caught. Nobody is there to be told if this cannot be written.
    let _ = writeln!(std::io::stdout(), "\nSKIPPED {test}: {why}");
}
