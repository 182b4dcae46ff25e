//! Which changes of the library no test notices, as a part of `cargo xtask soak`, found by cargo-mutants.
//!
//! It changes one place of the library at a time, in a copy of what is committed, and runs the tests: one should fail. The
//! changes are dealt out into small hands, each with some of every file; a run plays one hand after another until its time
//! is up, and a later run with the same sources goes on with the next. So any time gives a fair sample, and enough time
//! all of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::notes::Notes;
use crate::repo::Repo;
use crate::totals::Tally;
use crate::{process, tools};

/// The version that is installed into `.tools/`.
const VERSION: &str = "27.1.0";

/// How many changes a hand has: each costs a compilation and up to a run of the tests, a minute or so.
const HAND: usize = 4;

/// Whose tests are to notice.
const JUDGES: &str = "msnp-dissector,msnp-tests";

/// Where it is kept what was found.
const NOTES: &str = "mutants";

/// Plays hands until the time is up. A change that nobody notices is listed, and not counted as a failure.
pub fn run(repo: &Repo, time: Duration, patterns: &[String]) -> Result<Tally> {
    tools::install(repo, "cargo-mutants", "cargo-mutants", VERSION, &[])?;
    let bench = Bench::prepare(repo, patterns)?;
    let count = bench.count()?;
    ensure!(count > 0, "There is nothing to change in {}.", patterns.join(", "));
    let hands = count.div_ceil(HAND);
    let notes = Notes::of(repo);
    let about = json!([bench.sources, patterns]);
    let mut found = Found::read(&notes.read(NOTES), &about);
    println!("{count} changes in {hands} hands; before this run: {found}");
    let before = found.clone();
    if found.hands < hands {
        let timeout = bench.baseline()?;
        let end = Instant::now() + time;
        while found.hands < hands && Instant::now() < end {
            bench.play(found.hands, hands, timeout, &mut found)?;
            notes.write(NOTES, found.to_json(&about))?;
        }
    }
    println!("In all: {found}");
    if !found.missed.is_empty() {
        println!("No test notices:\n  {}", found.missed.join("\n  "));
    }
    let skipped = u64::try_from(hands.saturating_sub(found.hands))?;
    if skipped > 0 {
        println!("SKIPPED: {skipped} of {hands} hands, for a further run");
    }
    Ok(Tally { passed: u64::try_from(found.hands - before.hands)?, failed: 0, skipped })
}

/// The copy in which things are changed.
struct Bench<'r> {
    repo: &'r Repo,
    patterns: &'r [String],
    copy: PathBuf,
    /// A name for what is committed of the library and its tests.
    sources: String,
}

impl<'r> Bench<'r> {
    fn prepare(repo: &'r Repo, patterns: &'r [String]) -> Result<Bench<'r>> {
        let copy = repo.tool("mutants/source");
        let ask = |what: &[&str]| process::read(repo.command("git").arg("rev-parse").args(what));
        let commit = ask(&["HEAD"])?.trim().to_owned();
        let sources = ask(&["HEAD:dissector", "HEAD:tests"])?;
        if !copy.join(".git").exists() {
            process::run(repo.command("git").args(["clone", "--quiet", "--no-checkout", "."]).arg(&copy))?;
        }
        let git = |arguments: &[&str]| process::run(repo.command("git").arg("-C").arg(&copy).args(arguments));
        git(&["fetch", "--quiet", "origin", &commit])?;
        // An interrupted run leaves its change behind.
        git(&["checkout", "--quiet", "--force", "--detach", &commit])?;
        println!("Changing a copy of {}; what is not committed is not in it.", commit.get(..9).unwrap_or(&commit));
        Ok(Bench { repo, patterns, copy, sources })
    }

    fn mutants(&self) -> Command {
        let mut command = self.cargo("mutants");
        command.args(["--package", "msnp-dissector", "--colors=never", "--dir"]).arg(&self.copy);
        command.args(self.patterns.iter().flat_map(|pattern| ["--file", pattern]));
        command
    }

    fn cargo(&self, word: &str) -> Command {
        let mut command = self.repo.cargo([word]);
        command.current_dir(&self.copy).env("CARGO_TARGET_DIR", self.repo.target("mutants"));
        // The same random cases each time, and few of them: there are thousands of runs.
        command.env("PROPTEST_RNG_SEED", "1").env("PROPTEST_CASES", "64");
        command
    }

    fn count(&self) -> Result<usize> {
        Ok(process::read(self.mutants().arg("--list"))?.lines().count())
    }

    /// Runs the tests on what is not changed, and answers how many seconds they may take on what is.
    fn baseline(&self) -> Result<u64> {
        let tests = |last: &str| {
            let mut cargo = self.cargo("test");
            cargo.args(JUDGES.split(',').flat_map(|judge| ["--package", judge])).args(["--tests", last]);
            process::read(&mut cargo).context("The tests fail although nothing is changed")
        };
        tests("--no-run")?;
        let start = Instant::now();
        tests("--quiet")?;
        let took = start.elapsed();
        println!("The tests take {:.1} s without any change.", took.as_secs_f64());
        Ok((took * 4).as_secs().max(60))
    }

    fn play(&self, hand: usize, hands: usize, timeout: u64, found: &mut Found) -> Result<()> {
        let output = self.repo.tool("mutants");
        let mut command = self.mutants();
        command.args(["--in-place", "--baseline=skip", "--sharding=round-robin", "--test-package", JUDGES]);
        command.args(["--shard", &format!("{hand}/{hands}"), "--timeout", &timeout.to_string(), "--output"]);
        let (status, _) = process::watch(command.arg(&output).args(["--", "--tests"]))?;
        // 2: some change was missed; 3: some made the tests run on.
        ensure!(matches!(status.code(), Some(0 | 2 | 3)), "cargo-mutants could not do its work ({status}).");
        found.add(&output.join("mutants.out"))?;
        found.hands += 1;
        Ok(())
    }
}

/// What came of the hands that were played.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Found {
    hands: usize,
    caught: usize,
    /// Those that make the tests run for ever are noticed too.
    timeouts: usize,
    /// The compiler noticed.
    unviable: usize,
    missed: Vec<String>,
}

impl Found {
    /// Adds what cargo-mutants wrote about one hand.
    fn add(&mut self, folder: &Path) -> Result<()> {
        let lines = |name: &str| -> Result<Vec<String>> {
            let text =
                fs::read_to_string(folder.join(name)).with_context(|| format!("cargo-mutants wrote no {name}"))?;
            Ok(text.lines().map(str::to_owned).collect())
        };
        self.caught += lines("caught.txt")?.len();
        self.timeouts += lines("timeout.txt")?.len();
        self.unviable += lines("unviable.txt")?.len();
        self.missed.extend(lines("missed.txt")?);
        Ok(())
    }

    /// What an earlier run found; nothing if it was about something else.
    fn read(notes: &Value, about: &Value) -> Found {
        if notes.get("about") != Some(about) {
            return Found::default();
        }
        let count = |key: &str| notes.get(key).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok());
        let missed = notes.get("missed").and_then(Value::as_array).into_iter().flatten();
        Found {
            hands: count("hands").unwrap_or(0),
            caught: count("caught").unwrap_or(0),
            timeouts: count("timeouts").unwrap_or(0),
            unviable: count("unviable").unwrap_or(0),
            missed: missed.filter_map(Value::as_str).map(str::to_owned).collect(),
        }
    }

    fn to_json(&self, about: &Value) -> Value {
        let Found { hands, caught, timeouts, unviable, missed } = self;
        json!({
            "about": about,
            "hands": hands,
            "caught": caught,
            "timeouts": timeouts,
            "unviable": unviable,
            "missed": missed,
        })
    }
}

impl std::fmt::Display for Found {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Found { hands, caught, timeouts, unviable, missed } = self;
        let missed = missed.len();
        write!(
            out,
            "{hands} hands, {caught} noticed by a test, {timeouts} by running on, {unviable} by the compiler, "
        )?;
        write!(out, "{missed} by nobody")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_survive_their_file_but_not_other_sources() {
        let found = Found { hands: 3, caught: 9, timeouts: 1, unviable: 0, missed: vec!["a.rs:1: b".to_owned()] };
        let about = json!(["abc", ["src/**"]]);
        assert_eq!(Found::read(&found.to_json(&about), &about), found);
        assert_eq!(Found::read(&found.to_json(&about), &json!(["abd", ["src/**"]])), Found::default());
        assert_eq!(Found::read(&Value::Null, &about), Found::default());
    }
}
