//! The laws of `tests/tests/laws.rs` on far more cases than `test` can afford, as a part of `cargo xtask soak`.
//!
//! The work is cut into slices of about half a minute. Each slice has a number, which is also the seed of its random
//! cases: a later run goes on where an earlier one stopped and never repeats it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::notes::Notes;
use crate::process;
use crate::repo::Repo;
use crate::totals::{self, Tally};

/// A slice should take about this long: short enough to stop in time, long enough to outweigh starting.
const SLICE: Duration = Duration::from_secs(30);

/// What the first slice of a run tries of each law; the later ones follow the clock.
const FIRST_CASES: u64 = 1_000;

/// Where the count is kept.
const NOTES: &str = "laws";

/// Runs slices until the time is up or a law is broken.
pub fn run(repo: &Repo, time: Duration) -> Result<Tally> {
    let mut cargo = laws(repo);
    process::run(cargo.arg("--no-run"))?;
    let notes = Notes::of(repo);
    let mut progress = Progress::from_json(&notes.read(NOTES));
    println!("Before this run: {progress}");
    let (mut run, mut all) = (Progress::default(), Tally::default());
    let end = Instant::now() + time;
    let mut cases = FIRST_CASES;
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        let slice = Slice { seed: progress.slices + 1, cases };
        let (tally, took) = slice.run(repo)?;
        println!(
            "slice {}: {} tests, {cases} cases of each law, {:.1} s, {} failed",
            slice.seed,
            tally.passed + tally.failed,
            took.as_secs_f64(),
            tally.failed
        );
        all += tally;
        for count in [&mut progress, &mut run] {
            count.add(&slice, tally, took);
        }
        notes.write(NOTES, progress.to_json())?;
        if tally.failed > 0 {
            println!("Slice {} broke a law; its output is above, and it can be run again alone:\n{slice}", slice.seed);
            break;
        }
        cases = next_cases(cases, took, SLICE.min(left));
    }
    println!("In this run: {run}\nIn all:      {progress}");
    Ok(all)
}

/// How many cases to try next, so that a slice takes as long as wanted.
fn next_cases(cases: u64, took: Duration, wanted: Duration) -> u64 {
    let took = took.as_millis().max(1);
    let next = u128::from(cases) * wanted.as_millis() / took;
    // Growing in steps: the first slices are mostly start-up.
    u64::try_from(next).unwrap_or(u64::MAX).clamp(FIRST_CASES / 10, cases.saturating_mul(10))
}

fn laws(repo: &Repo) -> std::process::Command {
    repo.cargo(["test", "--release", "--package", "msnp-tests", "--test", "laws"])
}

/// One run of all laws with so many cases each.
struct Slice {
    seed: u64,
    cases: u64,
}

impl Slice {
    fn run(&self, repo: &Repo) -> Result<(Tally, Duration)> {
        let mut cargo = laws(repo);
        cargo.env("PROPTEST_CASES", self.cases.to_string()).env("PROPTEST_RNG_SEED", self.seed.to_string());
        let start = Instant::now();
        let output = cargo.output().context("`cargo test` could not be started")?;
        let took = start.elapsed();
        let text = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            println!("{text}{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok((totals::of_cargo(&text).of_runner(output.status.success()), took))
    }
}

impl std::fmt::Display for Slice {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Slice { seed, cases } = self;
        write!(out, "PROPTEST_RNG_SEED={seed} PROPTEST_CASES={cases} cargo test --release -p msnp-tests --test laws")
    }
}

/// What has been run, in this run or in all.
#[derive(Debug, Default, PartialEq)]
struct Progress {
    slices: u64,
    cases: u64,
    failures: u64,
    seconds: u64,
}

impl Progress {
    fn add(&mut self, slice: &Slice, tally: Tally, took: Duration) {
        self.slices += 1;
        self.cases += slice.cases;
        self.failures += tally.failed;
        self.seconds += took.as_secs();
    }

    fn from_json(value: &Value) -> Progress {
        let count = |key: &str| value.get(key).and_then(Value::as_u64).unwrap_or(0);
        Progress {
            slices: count("slices"),
            cases: count("cases_of_each_law"),
            failures: count("failures"),
            seconds: count("seconds"),
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "slices": self.slices,
            "cases_of_each_law": self.cases,
            "failures": self.failures,
            "seconds": self.seconds,
        })
    }
}

impl std::fmt::Display for Progress {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Progress { slices, cases, failures, seconds } = self;
        write!(out, "{slices} slices, {cases} cases of each law, {seconds} s, {failures} failures")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_survives_its_file() {
        let progress = Progress { slices: 3, cases: 40_000, failures: 1, seconds: 95 };
        assert_eq!(Progress::from_json(&progress.to_json()), progress);
        assert_eq!(Progress::from_json(&Value::Null), Progress::default());
    }

    #[test]
    fn slices_follow_the_clock() {
        let seconds = Duration::from_secs;
        // (cases, seconds they took, seconds wanted, next)
        let table = [(1_000, 10, 30, 3_000), (1_000, 1, 30, 10_000), (9_000, 30, 10, 3_000), (1_000, 30, 0, 100)];
        for (cases, took, wanted, expected) in table {
            assert_eq!(next_cases(cases, seconds(took), seconds(wanted)), expected, "{cases} in {took} s");
        }
    }
}
