//! The plugin's memory, as a part of `cargo xtask soak`: tshark under valgrind over the sample captures. What tshark does on
//! its own account is not ours to judge: an error or a definite leak counts when the plugin is among its callers.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::debian::Program;
use crate::repo::{Build, Repo};
use crate::totals::Tally;
use crate::wireshark::{PLUGIN, Staged};
use crate::{debian, process};

const VALGRIND: Program =
    Program { names: &["valgrind"], packages: &["valgrind"], purpose: "look at the plugin's use of memory" };

/// What is looked for, and what tshark is asked for then. Of statistics it never frees the trees, whoever fills them.
const RUNS: [(&str, &[&str]); 2] = [
    ("--leak-check=full", &["-2", "-V"]),
    (
        "--leak-check=no",
        &[
            "-q",
            "-z",
            "msnp_commands,tree",
            "-z",
            "msnp_accounts,tree",
            "-z",
            "msnp_conversations,tree",
            "-z",
            "msnp_transfers,tree",
            "-z",
            "conv,msnp",
            "-z",
            "endpoints,msnp",
        ],
    ),
];

/// Looks at one capture after the other until the time is up.
pub fn run(repo: &Repo, time: Duration) -> Result<Tally> {
    let end = Instant::now() + time;
    debian::TSHARK.ensure(repo)?;
    let valgrind = VALGRIND.ensure(repo)?;
    let staged = Staged::build(repo, Build::Release)?;
    let mut tally = Tally { passed: 0, failed: 0, skipped: 0 };
    for case in fs::read_dir(repo.path("tests/captures"))?.flatten().filter(|entry| entry.path().is_dir()) {
        if Instant::now() >= end {
            tally.skipped += 1;
            continue;
        }
        let name = case.file_name().to_string_lossy().into_owned();
        let complaints = complaints(repo, &valgrind.to_string_lossy(), &staged, &case.path())?;
        complaints.iter().for_each(|complaint| println!("{name}: {complaint}"));
        match complaints.is_empty() {
            true => tally.passed += 1,
            false => tally.failed += 1,
        }
    }
    Ok(tally)
}

/// What valgrind says of one capture, as far as it is about the plugin.
fn complaints(repo: &Repo, valgrind: &str, staged: &Staged, case: &std::path::Path) -> Result<Vec<String>> {
    let mut files = fs::read_dir(case)?.flatten().map(|file| file.path());
    let capture =
        files.find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("capture.")));
    let Some(capture) = capture else { return Ok(Vec::new()) };
    let copy = staged.lay_down(&capture)?;
    let mut complaints = Vec::new();
    for (leaks, options) in RUNS {
        let mut command = staged.under(repo, &[valgrind, leaks, "--show-leak-kinds=definite"]);
        command.args(options).args(["-n", "-r"]).arg(&copy);
        // Its own allocator hides who asked for what.
        let said = process::output(command.env("G_SLICE", "always-malloc"))?.stderr;
        let said = String::from_utf8_lossy(&said).into_owned();
        ensure!(said.contains("ERROR SUMMARY"), "valgrind did not come to an end: {said}");
        complaints.extend(about_the_plugin(&said));
    }
    Ok(complaints)
}

/// The paragraphs of valgrind's report that name the plugin.
fn about_the_plugin(said: &str) -> Vec<String> {
    let lines = said.lines().filter_map(|line| line.strip_prefix("==")?.split_once("== ").map(|(_, text)| text.trim()));
    let mut paragraphs = vec![String::new()];
    for line in lines {
        match (line.is_empty(), paragraphs.last_mut()) {
            (false, Some(last)) => *last += &format!("{line}\n"),
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs.retain(|paragraph| paragraph.contains(PLUGIN) && !paragraph.contains("Command: "));
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_names_the_plugin_counts() {
        let said = "==7== Command: tshark msnp.so\n==7== \n==7== 8 bytes in 1 blocks are definitely lost\n\
                    ==7==    by 0x1: ??? (in /usr/bin/tshark)\n==7== \n==7== Invalid read of size 4\n\
                    ==7==    at 0x2: show (in /tmp/epan/msnp.so)\n==7== \n==7== ERROR SUMMARY: 2 errors\n";
        assert_eq!(about_the_plugin(said), ["Invalid read of size 4\nat 0x2: show (in /tmp/epan/msnp.so)\n"]);
    }
}
