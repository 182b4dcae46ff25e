//! The scripts of a built page without what only people read, and names without digits that nothing can pack.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha384};

use crate::process;
use crate::repo::Repo;

/// What wasm-bindgen writes: modules around the two programs.
const MODULES: [&str; 2] = ["app.js", "worker.js"];

/// The two programs.
const PROGRAMS: [&str; 2] = ["app_bg.wasm", "worker_bg.wasm"];

/// How the names begin by which a program and its script know one another; they end in sixteen digits of a hash.
const NAME: &[u8] = b"__wbg_";
const DIGITS: usize = 16;
/// Digits that are kept: names differ without them already.
const KEPT: usize = 4;

/// Shortens the scripts, and has the page name new hashes. Doing it twice does no harm; without the tool the scripts keep
/// their blanks.
pub fn shorten(repo: &Repo, folder: &Path) -> Result<()> {
    let tool = repo.find("terser").is_some();
    if !tool {
        eprintln!("terser is not there (cargo xtask tools installs it): the scripts keep their blanks.");
    }
    for name in MODULES.into_iter().chain(PROGRAMS) {
        let path = folder.join(name);
        let long = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        fs::write(&path, plain_names(&long)?)?;
        if tool && MODULES.contains(&name) && !is_short(&long) {
            let mut terser = repo.command("terser");
            process::run(terser.args(["--module", "--compress", "--mangle", "--output"]).arg(&path).arg(&path))?;
        }
        let index = folder.join("index.html");
        let html = fs::read_to_string(&index).with_context(|| format!("{} cannot be read", index.display()))?;
        fs::write(&index, html.replace(&integrity(&long), &integrity(&fs::read(&path)?)))?;
    }
    Ok(())
}

/// A program or its script with most digits of the hashes in names made zero: nothing can pack digits that are random. Names
/// keep their lengths, so that nothing else in a program changes.
///
/// # Errors
/// When two names become one.
pub fn plain_names(file: &[u8]) -> Result<Vec<u8>> {
    let (mut out, mut known, mut rest) = (Vec::with_capacity(file.len()), BTreeMap::new(), file);
    while let Some(at) = rest.windows(NAME.len()).position(|window| window == NAME) {
        let (before, from) = rest.split_at(at);
        let length = from.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let (long, after) = from.split_at(length);
        let short = plain_name(long);
        out.extend_from_slice(before);
        out.extend_from_slice(&short);
        if known.insert(short, long).is_some_and(|other| other != long) {
            bail!("two names of wasm-bindgen differ only in their hashes: {}", String::from_utf8_lossy(long));
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    Ok(out)
}

fn plain_name(long: &[u8]) -> Vec<u8> {
    let (name, digits) = long.split_at(long.len().saturating_sub(DIGITS));
    let hashed = name.ends_with(b"_") && digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    match digits.split_at_checked(KEPT).filter(|_| hashed) {
        Some((kept, lost)) => [name, kept, &vec![b'0'; lost.len()]].concat(),
        None => long.to_vec(),
    }
}

/// Nobody indents what only machines read.
fn is_short(script: &[u8]) -> bool {
    !script.windows(5).any(|bytes| bytes == b"\n    ")
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
        assert!(!is_short(b"function a() {\n    return 1;\n}\n"));
        assert!(is_short(b"function a(){return 1}\nexport{a};"));
    }

    #[test]
    fn names_keep_their_lengths_and_some_digits() {
        let script = b"\x13__wbg_new_208446807d0d1e30\0\x01__wbg_set_wasm __wbg_new_30884468f7d0d1e0(";
        let plain = plain_names(script).unwrap();
        assert_eq!(plain, b"\x13__wbg_new_2084000000000000\0\x01__wbg_set_wasm __wbg_new_3088000000000000(");
        assert_eq!(plain_names(&plain).unwrap(), plain);
        assert!(plain_names(b"__wbg_new_208446807d0d1e30 __wbg_new_2084888888888888").is_err());
    }

    #[test]
    fn a_hash_is_written_as_browsers_read_it() {
        // FIPS 180-4's example "abc".
        let known = "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn";
        assert_eq!(integrity(b"abc"), known);
    }
}
