//! Set-up and everyday commands. `cargo xtask serve` opens the viewer, `cargo xtask test` decides whether a change may
//! land; the others are what those two are made of, and the long runs nobody waits for.
//!
//! This crate knows where things lie and which programs to call. It knows nothing of the product itself.

mod archive;
mod aside;
mod bench;
mod browser;
mod capi;
mod coverage;
mod debian;
mod dist;
mod fuzz;
mod laws;
mod licences;
mod measure;
mod miri;
mod mutants;
mod node;
mod notes;
mod notices;
mod offline;
mod page;
mod plugin;
mod policy;
mod process;
mod python;
mod repo;
mod report;
mod scripts;
mod serve;
mod server;
mod sheets;
mod single_file;
mod soak;
mod target;
mod test;
mod tools;
mod totals;
mod valgrind;
mod wireshark;
mod wiresharks;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::repo::Repo;

/// Set-up and everyday commands of the project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the viewer and serve it on this machine, installing what is missing
    Serve(serve::Options),
    /// Run everything that decides whether a change may land
    Test(test::Options),
    /// Install the build tools of the viewer into .tools/
    Tools,
    /// Build the viewer into dist/, and as one HTML file, installing what is missing
    Page,
    /// Install, remove or look at the Wireshark plugin
    #[command(subcommand)]
    Plugin(plugin::Task),
    /// Install the C library
    #[command(subcommand)]
    Capi(capi::Task),
    /// Make what people without Rust are given: an archive of programs and libraries, the viewer, checksums
    Dist(dist::Options),
    /// Measure our programs against tshark and msgsnarf, and the page in a browser
    Bench(bench::Options),
    /// Run for as long as you like what `test` cannot afford: more cases, other Wiresharks, coverage, mutants
    Soak(soak::Options),
    /// Build the viewer as one HTML file that opens from a disk, without a server
    SingleFile(single_file::Options),
    /// Finish a built page: licences, files to keep, hashes of inline scripts in its security policy (Trunk calls this)
    Seal {
        /// Folder with the built index.html; Trunk names it in TRUNK_STAGING_DIR
        #[arg(env = "TRUNK_STAGING_DIR")]
        folder: PathBuf,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match perform(arguments.task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<ExitCode> {
    let repo = Repo::locate()?;
    match task {
        Task::Serve(options) => serve::serve(&repo, &options)?,
        Task::Test(options) => return test::test(&repo, &options),
        Task::Tools => tools::prepare(&repo)?,
        Task::Page => page::build_whole(&repo)?,
        Task::Plugin(task) => plugin::perform(&repo, &task)?,
        Task::Capi(task) => capi::perform(&repo, &task)?,
        Task::Dist(options) => dist::make(&repo, &options)?,
        Task::Bench(options) => bench::bench(&repo, &options)?,
        Task::Soak(options) => return soak::soak(&repo, &options),
        Task::SingleFile(options) => single_file::write(&repo, &options)?,
        Task::Seal { folder } => page::finish(&repo, &folder)?,
    }
    Ok(ExitCode::SUCCESS)
}
