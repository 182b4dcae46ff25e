//! The tests of the C ABI under Miri, as a part of `cargo xtask soak`: it finds what is undefined in the few places that
//! believe a pointer. Miri comes with nightly compilers only; where none can be had, that is said.

use std::process::Command;

use anyhow::Result;

use crate::process;
use crate::repo::Repo;
use crate::totals::{self, Tally};

/// Runs the tests that Miri can run: not those that compile or start other programs.
pub fn run(repo: &Repo) -> Result<Tally> {
    if let Err(reason) = ready() {
        println!("SKIPPED: no nightly compiler with Miri can be had here: {reason:#}");
        return Ok(Tally::SKIPPED);
    }
    let mut cargo = repo.command("rustup");
    cargo.args(["run", "nightly", "cargo", "miri", "test", "--package", "msnp-capi", "--lib", "--test", "abi"]);
    // The sample captures are files.
    cargo.env("MIRIFLAGS", "-Zmiri-disable-isolation").env("CARGO_TARGET_DIR", repo.target("miri"));
    let (status, output) = process::watch(&mut cargo)?;
    Ok(totals::of_cargo(&output).of_runner(status.success()))
}

/// Installs what is missing.
fn ready() -> Result<()> {
    let there = || process::read(Command::new("rustup").args(["run", "nightly", "cargo", "miri", "--version"]));
    if there().is_err() {
        let mut rustup = Command::new("rustup");
        rustup.args(["toolchain", "install", "nightly", "--profile", "minimal", "--component", "miri,rust-src"]);
        process::run(&mut rustup)?;
        there()?;
    }
    Ok(())
}
