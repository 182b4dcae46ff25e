//! Which lines of the library the tests reach, as a part of `cargo xtask soak`, measured by cargo-llvm-cov.
//!
//! One package's tests after another; what was measured of the same sources stays and is not measured again.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::notes::{self, Notes};
use crate::repo::Repo;
use crate::totals::{self, Tally};
use crate::{process, tools};

/// The version that is installed into `.tools/`.
const VERSION: &str = "0.9.1";

/// Whose tests are run, the quickest first.
const PACKAGES: [&str; 3] = ["msnp-dissector", "msnp-tests", "msnp-cli"];

/// What is to be reached by them.
const LIBRARY: &str = "dissector/src/";

/// Where it is kept what was measured.
const NOTES: &str = "coverage";

/// How many of the least covered files are listed.
const WORST: usize = 15;

/// Runs the packages' tests until the time is up, and tells what they reach.
pub fn run(repo: &Repo, time: Duration) -> Result<Tally> {
    // It needs the programs that belong to the compiler's own version of LLVM.
    process::run(Command::new("rustup").args(["component", "add", "llvm-tools"]))
        .context("Coverage needs the component llvm-tools of the Rust toolchain: install it with rustup")?;
    tools::install(repo, "cargo-llvm-cov", "cargo-llvm-cov", VERSION, &[])?;
    let end = Instant::now() + time;
    let notes = Notes::of(repo);
    let sources = notes::sources(repo)?;
    let known = notes.read(NOTES);
    let mut measured: BTreeMap<String, u64> = match known.get("sources").and_then(Value::as_str) {
        Some(before) if before == sources => serde_json::from_value(known.get("passed").cloned().unwrap_or_default())?,
        _ => {
            process::run(&mut llvm_cov(repo, &["clean", "--workspace"]))?;
            BTreeMap::new()
        }
    };
    let mut all = Tally::default();
    for package in PACKAGES {
        if let Some(passed) = measured.get(package) {
            println!("{package}: {passed} tests passed in an earlier run, with the same sources");
            all.passed += passed;
            continue;
        }
        if Instant::now() >= end {
            println!("SKIPPED: no time left for {package}; a longer or a further run does it");
            all.skipped += 1;
            continue;
        }
        let (status, output) = process::watch(&mut llvm_cov(repo, &["--no-report", "--package", package]))?;
        let tally = totals::of_cargo(&output).of_runner(status.success());
        all += tally;
        if tally.failed == 0 {
            measured.insert(package.to_owned(), tally.passed);
            notes.write(NOTES, json!({"sources": sources, "passed": measured}))?;
        }
    }
    if !measured.is_empty() {
        let report = process::read(&mut llvm_cov(repo, &["report", "--json", "--summary-only"]))?;
        let names = measured.keys().map(String::as_str).collect::<Vec<_>>();
        println!("\nLines of {LIBRARY} reached by the tests of {}:", names.join(", "));
        print(&lines(&serde_json::from_str(&report)?));
    }
    Ok(all)
}

fn llvm_cov(repo: &Repo, arguments: &[&str]) -> Command {
    let mut command = repo.cargo(["llvm-cov"]);
    command.args(arguments).env("CARGO_TARGET_DIR", repo.target("coverage"));
    command
}

/// Lines of a file or room: how many there are, and how many were reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Lines {
    all: u64,
    reached: u64,
}

impl Lines {
    fn missed(self) -> u64 {
        self.all.saturating_sub(self.reached)
    }
}

impl std::fmt::Display for Lines {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let per_mille = self.reached * 1000 / self.all.max(1);
        write!(out, "{:>3}.{} %  {:>6} of {:>6}", per_mille / 10, per_mille % 10, self.reached, self.all)
    }
}

/// The library's files in a report of cargo-llvm-cov, by their path below the library.
fn lines(report: &Value) -> BTreeMap<String, Lines> {
    let files = report.pointer("/data/0/files").and_then(Value::as_array).into_iter().flatten();
    let file = |file: &Value| {
        let path = file.get("filename")?.as_str()?.replace('\\', "/");
        let below = path.split_once(LIBRARY)?.1.to_owned();
        let count = |name: &str| file.pointer(&format!("/summary/lines/{name}"))?.as_u64();
        Some((below, Lines { all: count("count")?, reached: count("covered")? }))
    };
    files.filter_map(file).collect()
}

fn print(files: &BTreeMap<String, Lines>) {
    let mut rooms: BTreeMap<&str, Lines> = BTreeMap::new();
    let mut total = Lines::default();
    for (path, lines) in files {
        let room = path.split_once('/').map_or(path.as_str(), |(room, _)| room);
        for sum in [rooms.entry(room).or_default(), &mut total] {
            sum.all += lines.all;
            sum.reached += lines.reached;
        }
    }
    rooms.iter().for_each(|(room, lines)| println!("  {lines}  {room}"));
    println!("  {total}  all\nFiles with most lines that no test reaches:");
    let mut worst = files.iter().filter(|(_, lines)| lines.missed() > 0).collect::<Vec<_>>();
    worst.sort_by_key(|(_, lines)| std::cmp::Reverse(lines.missed()));
    for (path, lines) in worst.iter().take(WORST) {
        println!("  {lines}  {path}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_library_is_counted() {
        let file = |name: &str, count: u64, covered: u64| json!({"filename": name, "summary": {"lines": {"count": count, "covered": covered, "percent": 1.5}}});
        let files = [file("/x/dissector/src/msnp/verb.rs", 40, 30), file("/x/dissector/cli/src/main.rs", 9, 9)];
        let found = lines(&json!({"data": [{"files": files}]}));
        assert_eq!(found, BTreeMap::from([("msnp/verb.rs".to_owned(), Lines { all: 40, reached: 30 })]));
        assert_eq!(Lines { all: 40, reached: 30 }.to_string(), " 75.0 %      30 of     40");
        assert_eq!(Lines::default().to_string(), "  0.0 %       0 of      0");
    }
}
