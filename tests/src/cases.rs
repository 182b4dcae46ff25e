//! The committed sample captures: one folder each under `tests/captures/`, holding `transcript.jsonl` (the source),
//! the capture made from it and `about.md` (what it shows, what is damaged).

use crate::scenario::{ScenarioError, Transcript};
use std::path::{Path, PathBuf};

/// The folder of all cases.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures")
}

/// The folders that hold a `transcript.jsonl`, sorted by name.
///
/// # Errors
/// When the folder of cases cannot be listed.
pub fn all() -> std::io::Result<Vec<PathBuf>> {
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(folder())? {
        let path = entry?.path();
        if path.join("transcript.jsonl").is_file() {
            cases.push(path);
        }
    }
    cases.sort();
    Ok(cases)
}

/// The case of this name, for example `msnp8-signin-chat`.
///
/// # Errors
/// When there is no such case or its transcript has a fault.
pub fn named(name: &str) -> Result<Transcript, ScenarioError> {
    Transcript::read(&folder().join(name))
}
