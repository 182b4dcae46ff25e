//! `cargo xtask soak`: the long runs nobody waits for, each for its share of the time, and each going on where it stopped.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::repo::Repo;
use crate::report::Report;
use crate::totals::Tally;
use crate::{coverage, fuzz, laws, miri, mutants, valgrind, wiresharks};

/// What to run, and for how long.
#[derive(Args)]
pub struct Options {
    /// Time to spend, shared among the parts; each stops at the first step that ends after its share. What must be compiled
    /// or installed first comes on top
    #[arg(long, value_name = "N")]
    minutes: u64,
    /// What to run, in this order [default: laws fuzz]
    parts: Vec<Part>,
    /// For `mutants`: files to change, as a pattern; may be given several times
    #[arg(long = "mutate", value_name = "PATTERN", default_value = "dissector/src/**/*.rs")]
    patterns: Vec<String>,
    /// For `wireshark`: install another system also where the signature of its packages cannot be checked here
    #[arg(long)]
    unchecked: bool,
}

/// A kind of long run.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The laws, on more cases
    Laws,
    /// The fuzz target over the whole pipeline
    Fuzz,
    /// The tests of the plugin in Wireshark 4.2, 4.4 and 4.6, each in a system of its own (as root)
    Wireshark,
    /// The plugin's use of memory in tshark, under valgrind
    Valgrind,
    /// Which lines of the library the tests reach
    Coverage,
    /// Which changes of the library no test notices
    Mutants,
    /// The C ABI in an interpreter that knows undefined behaviour (needs a nightly compiler); runs to its end
    Miri,
}

/// Runs the parts, and prints last what was really run.
pub fn soak(repo: &Repo, options: &Options) -> Result<ExitCode> {
    let parts = if options.parts.is_empty() { &[Part::Laws, Part::Fuzz][..] } else { &options.parts };
    let whole = Duration::from_secs(options.minutes * 60);
    let end = Instant::now() + whole;
    let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
    let mut report = Report::default();
    for (number, part) in (0..).zip(parts) {
        // What an earlier part left of its time is shared by the later ones. What it took too much, say because it had to
        // be compiled first, is not taken from them.
        let left = end.saturating_duration_since(Instant::now()) / count.saturating_sub(number).max(1);
        let time = left.max(whole / count.max(1));
        match part {
            Part::Laws => report.step("Laws", || laws::run(repo, time)),
            Part::Fuzz => report.step("Fuzzing the whole pipeline", || fuzz::run(repo, time).map(|()| Tally::PASSED)),
            Part::Wireshark => wiresharks::run(repo, time, options.unchecked, &mut report),
            Part::Valgrind => report.step("The plugin under valgrind", || valgrind::run(repo, time)),
            Part::Coverage => report.step("Coverage", || coverage::run(repo, time)),
            Part::Miri => report.step("C ABI under Miri", || miri::run(repo)),
            Part::Mutants => report.step("Mutants", || mutants::run(repo, time, &options.patterns)),
        }
    }
    report.print();
    Ok(if report.total().failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
