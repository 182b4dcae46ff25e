//! The tools that build the page, each of one version: the wasm target, Trunk, wasm-bindgen and wasm-opt.
//!
//! They are kept in `.tools/`, which git ignores. Trunk would fetch its own, but from a place not everybody reaches.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::repo::Repo;
use crate::{node, process};

/// What the page is compiled to.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Later ones want a newer compiler than the workspace does.
const TRUNK: &str = "0.21.14";

/// Makes all of them ready; takes minutes the first time and a second afterwards.
pub fn prepare(repo: &Repo) -> Result<()> {
    prepare_target()?;
    // Without its features: encrypted connections and asking for updates, a third of its time to build.
    install(repo, "trunk", "trunk", TRUNK, &["--no-default-features"])?;
    // The tool and the library in the page speak a private language that changes with every version.
    let lock = fs::read_to_string(repo.path("Cargo.lock")).context("Cargo.lock cannot be read")?;
    let bindgen = locked(&lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen; does web/ depend on it?")?;
    install(repo, "wasm-bindgen", "wasm-bindgen-cli", bindgen, &["--bin", "wasm-bindgen"])?;
    // Only now: both share most of what they are made of, and a failed build can go on where it stopped.
    if repo.tool("build").exists() {
        fs::remove_dir_all(repo.tool("build")).context(".tools/build cannot be removed")?;
    }
    node::prepare(repo)?;
    eprintln!("Tools: trunk {TRUNK}, wasm-bindgen {bindgen}, {WASM} and the npm packages are ready.");
    Ok(())
}

/// The version of a package in the text of a `Cargo.lock`.
fn locked<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// Adds the target to the toolchain.
pub fn prepare_target() -> Result<()> {
    let sysroot = process::read(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).exists() {
        return Ok(());
    }
    eprintln!("Adding the target {WASM} to the Rust toolchain.");
    process::run(Command::new("rustup").args(["target", "add", WASM]))
        .with_context(|| format!("The page needs Rust's standard library for {WASM}: install it with rustup"))
}

/// Builds a program of exactly that version into `.tools/bin`, if it is not there yet.
pub fn install(repo: &Repo, program: &str, package: &str, version: &str, options: &[&str]) -> Result<()> {
    if installed(repo, program, version) {
        return Ok(());
    }
    eprintln!("Building {package} {version} into .tools/bin. This takes two to five minutes, once.");
    let attempt = |locked: &[&str]| {
        let mut cargo = repo.cargo(["install", "--force"]);
        cargo.args(locked).args(options).arg(format!("{package}@{version}")).arg("--root").arg(repo.tool(""));
        cargo.env("CARGO_TARGET_DIR", repo.tool("build"));
        // A third of the time to build, and a second slower at most when they run.
        cargo.env("CARGO_PROFILE_RELEASE_LTO", "off");
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
        cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        process::run(&mut cargo)
    };
    attempt(&["--locked"]).or_else(|_| {
        // A mirror of the registry may lag behind the versions the package was locked to.
        eprintln!("That failed with the package's own lock file; trying without.");
        attempt(&[])
    })?;
    if !installed(repo, program, version) {
        bail!("{package} was installed, but `{program} --version` does not answer {version}.");
    }
    Ok(())
}

fn installed(repo: &Repo, program: &str, version: &str) -> bool {
    let mut ask = repo.command(program);
    // A program that cargo calls by a word of its own wants to hear that word first.
    ask.args(program.strip_prefix("cargo-"));
    let answer = process::read(ask.arg("--version"));
    answer.is_ok_and(|text| text.split_whitespace().any(|word| word == version))
}

#[cfg(test)]
mod tests {
    use super::locked;

    #[test]
    fn locked_version_is_of_that_package_only() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(lock, "wasm"), None);
    }
}
