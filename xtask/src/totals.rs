//! Counting tests: what the runners of Rust and of Node.js print, added up.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::AddAssign;

/// How many tests or checks went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Ran and held.
    pub passed: u64,
    /// Ran and did not hold, or could not be run though it should have been.
    pub failed: u64,
    /// Were left out on purpose.
    pub skipped: u64,
}

impl Tally {
    /// One check that held.
    pub const PASSED: Tally = Tally { passed: 1, failed: 0, skipped: 0 };
    /// One check that did not hold.
    pub const FAILED: Tally = Tally { passed: 0, failed: 1, skipped: 0 };
    /// One check that was left out.
    pub const SKIPPED: Tally = Tally { passed: 0, failed: 0, skipped: 1 };

    /// The tally of a runner that may have ended badly without saying which test failed, say because it crashed.
    pub fn of_runner(self, succeeded: bool) -> Tally {
        match (succeeded, self.failed) {
            (false, 0) => Tally { failed: 1, ..self },
            _ => self,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        match self.skipped {
            0 => Ok(()),
            skipped => write!(out, ", {skipped} skipped"),
        }
    }
}

/// Adds up the result lines of `cargo test`, and the words of tests that leave something out:
/// `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`
pub fn of_cargo(output: &str) -> Tally {
    let mut all = Tally::default();
    for line in output.lines().filter(|line| line.starts_with("test result: ")) {
        let count = |word: &str| {
            let part = line.split(['.', ';']).map(str::trim).find(|part| part.ends_with(word))?;
            part.split(' ').next()?.parse().ok()
        };
        all += Tally {
            passed: count(" passed").unwrap_or(0),
            failed: count(" failed").unwrap_or(0),
            skipped: count(" ignored").unwrap_or(0),
        };
    }
    let skipped = left_out(output);
    Tally { passed: all.passed.saturating_sub(skipped), skipped: all.skipped + skipped, ..all }
}

/// Tests that passed because they left out what they are about, and said so: `SKIPPED test: why`. One may say it several
/// times.
fn left_out(output: &str) -> u64 {
    let names = output.lines().filter_map(|line| line.strip_prefix("SKIPPED ")?.split_once(": "));
    names.map(|(test, _)| test).collect::<BTreeSet<_>>().len() as u64
}

/// Reads the closing lines of `node --test`: `ℹ pass 12`, or `# pass 12` in its other form.
pub fn of_node(output: &str) -> Tally {
    let count = |word: &str| {
        let mut counts = output.lines().filter_map(|line| {
            let rest = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# "))?;
            rest.strip_prefix(word)?.trim().parse::<u64>().ok()
        });
        counts.next_back().unwrap_or(0)
    };
    Tally {
        passed: count("pass "),
        failed: count("fail ") + count("cancelled "),
        skipped: count("skipped ") + count("todo "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_results_add_up() {
        let output = "running 3 tests\ntest a ... ok\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.00s\n\
            test result: FAILED. 10 passed; 4 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.25s\n";
        assert_eq!(of_cargo(output), Tally { passed: 12, failed: 4, skipped: 1 });
    }

    /// Whoever has nothing to compare with has shown nothing.
    #[test]
    fn tests_that_say_that_they_leave_out_something_have_not_passed() {
        let output = "test a ... ok\n\nSKIPPED b::c: no capture\ntest b::c ... ok\n\nSKIPPED b::c: no truth\n\
            SKIPPED d: no reference\ntest d ... ok\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        assert_eq!(of_cargo(output), Tally { passed: 1, failed: 0, skipped: 3 });
    }

    #[test]
    fn node_results_are_the_closing_ones() {
        for mark in ["ℹ", "#"] {
            let output = format!(
                "# pass the salt\n{mark} tests 9\n{mark} suites 0\n{mark} pass 5\n{mark} fail 1\n{mark} cancelled 1\n\
                 {mark} skipped 2\n{mark} todo 0\n{mark} duration_ms 5.1\n"
            );
            assert_eq!(of_node(&output), Tally { passed: 5, failed: 2, skipped: 2 });
        }
    }

    #[test]
    fn crash_counts_as_one_failure() {
        assert_eq!(Tally::PASSED.of_runner(false), Tally { passed: 1, failed: 1, skipped: 0 });
        assert_eq!(Tally::FAILED.of_runner(false), Tally::FAILED);
        assert_eq!(Tally::PASSED.of_runner(true), Tally::PASSED);
    }

    #[test]
    fn closing_line_names_skipped_only_if_there_are_any() {
        assert_eq!(Tally { passed: 3, failed: 0, skipped: 0 }.to_string(), "3 passed, 0 failed");
        assert_eq!(Tally { passed: 3, failed: 1, skipped: 2 }.to_string(), "3 passed, 1 failed, 2 skipped");
    }
}
