//! Node.js and the packages of `xtask/package.json`: `wasm-opt` and `terser` for the build, Playwright and axe for the browser tests.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::repo::Repo;
use crate::{debian, process};

/// Playwright asks for this version or newer.
const OLDEST_NODE: u32 = 20;

/// Installs the packages, unless those of the lock file are there already.
pub fn prepare(repo: &Repo) -> Result<()> {
    prepare_runtime(repo)?;
    let folder = repo.tool("node");
    let lock = fs::read(repo.path("xtask/package-lock.json")).context("xtask/package-lock.json cannot be read")?;
    let installed = folder.join("node_modules/.package-lock.json").exists();
    if !installed || fs::read(folder.join("package-lock.json")).ok().as_deref() != Some(lock.as_slice()) {
        eprintln!("Installing the npm packages of xtask/package.json into .tools/node.");
        fs::create_dir_all(&folder)?;
        fs::copy(repo.path("xtask/package.json"), folder.join("package.json"))?;
        let mut npm = repo.command("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&folder);
        // npm wants the lock file beside package.json; it is put last in place, so that it vouches for a finished run.
        fs::write(folder.join("package-lock.json"), &lock)?;
        process::run(&mut npm).inspect_err(|_| drop(fs::remove_file(folder.join("package-lock.json"))))?;
    }
    link(&repo.path("node_modules"), Path::new(".tools/node/node_modules"))
}

/// The leading number of `v20.1.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

fn prepare_runtime(repo: &Repo) -> Result<()> {
    if recent_node(repo) {
        return Ok(());
    }
    if repo.find("npm").is_none() {
        debian::install("node", &["nodejs", "npm"], "build the page and to run its tests")?;
    }
    if recent_node(repo) {
        return Ok(());
    }
    eprintln!("The system's Node.js is older than {OLDEST_NODE}; installing one into .tools/node-runtime.");
    let folder = repo.tool("node-runtime");
    fs::create_dir_all(&folder)?;
    let mut npm = repo.command("npm");
    npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).arg("node@22");
    process::run(&mut npm)
        .with_context(|| format!("Node.js {OLDEST_NODE} or newer is needed; install it from your system or nodejs.org"))
}

fn recent_node(repo: &Repo) -> bool {
    let version = process::read(repo.command("node").arg("--version"));
    version.ok().and_then(|text| major(&text)).is_some_and(|major| major >= OLDEST_NODE) && repo.find("npm").is_some()
}

/// Browser tests name packages without a path; Node.js then looks for `node_modules` upwards from the test.
#[cfg(unix)]
fn link(place: &Path, goal: &Path) -> Result<()> {
    if fs::read_link(place).is_ok_and(|present| present == goal) {
        return Ok(());
    }
    // A real folder is the user's own and does the same service.
    if place.exists() {
        return Ok(());
    }
    let _ = fs::remove_file(place);
    std::os::unix::fs::symlink(goal, place).with_context(|| format!("{} cannot be made", place.display()))
}

#[cfg(not(unix))]
fn link(_place: &Path, _goal: &Path) -> Result<()> {
    eprintln!("Links are not made on this system: run `npm ci` in xtask/ and move node_modules to the top folder.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn major_of_versions() {
        let cases = [("v20.20.2\n", Some(20)), ("22.1.0", Some(22)), ("v9", Some(9)), ("", None), ("node", None)];
        for (text, expected) in cases {
            assert_eq!(major(text), expected, "{text:?}");
        }
    }
}
