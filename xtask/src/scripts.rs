//! The scripts of a built page without what only people read: half of what they weigh on the way.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha384};

use crate::process;
use crate::repo::Repo;

/// What wasm-bindgen writes: modules around the two programs.
const MODULES: [&str; 2] = ["app.js", "worker.js"];

/// Shortens the scripts, and has the page name their new hashes. Doing it twice does no harm; without the tool they stay.
pub fn shorten(repo: &Repo, folder: &Path) -> Result<()> {
    if repo.find("terser").is_none() {
        eprintln!("terser is not there (cargo xtask tools installs it): the scripts stay as they are.");
        return Ok(());
    }
    let index = folder.join("index.html");
    for name in MODULES {
        let path = folder.join(name);
        let long = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        if is_short(&long) {
            continue;
        }
        let mut terser = repo.command("terser");
        process::run(terser.args(["--module", "--compress", "--mangle", "--output"]).arg(&path).arg(&path))?;
        let html = fs::read_to_string(&index).with_context(|| format!("{} cannot be read", index.display()))?;
        fs::write(&index, html.replace(&integrity(long.as_bytes()), &integrity(&fs::read(&path)?)))?;
    }
    Ok(())
}

/// Nobody indents what only machines read.
fn is_short(script: &str) -> bool {
    !script.contains("\n    ")
}

/// How a page says which file it means.
fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_for_people_are_told_from_short_ones() {
        assert!(!is_short("function a() {\n    return 1;\n}\n"));
        assert!(is_short("function a(){return 1}\nexport{a};"));
    }

    #[test]
    fn a_hash_is_written_as_browsers_read_it() {
        // FIPS 180-4's example "abc".
        let known = "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn";
        assert_eq!(integrity(b"abc"), known);
    }
}
