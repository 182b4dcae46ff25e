//! The page in headless Chromium: the tests in `tests/browser/` against the built page.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::repo::Repo;
use crate::server::{Port, Server};
use crate::totals::{self, Tally};
use crate::{debian, process, single_file};

/// Runs the browser tests. The page must be built.
pub fn test(repo: &Repo) -> Result<Tally> {
    let chromium = debian::CHROMIUM.ensure(repo)?;
    let files = test_files(repo)?;
    ensure!(!files.is_empty(), "There are no tests in tests/browser/ (files that end in .test.mjs).");
    process::run(&mut repo.cargo(["build", "--package", "msnp-cli"]))?;
    // The served page is the real thing: the same server, the same headers as under `cargo xtask serve`.
    let server = Server::start(&repo.dist(), Port::Any)?;
    let mut node = repo.command("node");
    // Two files at a time: each waits for its browser half of the time.
    node.args(["--test", "--test-concurrency=2", "--test-reporter=spec"]).args(files);
    node.env("MSNP_REQUIRE_TOOLS", "1");
    node.env("MSNP_PAGE_URL", server.url());
    node.env("MSNP_DIST", repo.dist());
    node.env("MSNP_SINGLE_FILE", single_file::usual(repo));
    node.env("MSNP_CHROMIUM", chromium);
    node.env("MSNP_CLI", repo.target("debug").join(format!("msnp{}", std::env::consts::EXE_SUFFIX)));
    let (status, output) = process::watch(&mut node)?;
    Ok(totals::of_node(&output).of_runner(status.success()))
}

fn test_files(repo: &Repo) -> Result<Vec<PathBuf>> {
    let folder = repo.path("tests/browser");
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).context("tests/browser/ cannot be read")? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
