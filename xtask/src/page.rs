//! Builds the page: Trunk with our tools, then the security policy.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::repo::Repo;
use crate::{notices, offline, policy, process};

/// Builds the page into `dist/`. The tools must be ready.
pub fn build(repo: &Repo) -> Result<()> {
    process::run(&mut trunk(repo, "build"))?;
    finish(repo, &repo.dist())
}

/// Finishes a built page. Doing it twice does no harm.
pub fn finish(repo: &Repo, folder: &Path) -> Result<()> {
    policy::seal(folder)?;
    notices::write(repo, folder)?;
    // The last: it names all files.
    offline::prepare(folder)
}

fn trunk(repo: &Repo, task: &str) -> Command {
    let mut trunk = repo.command("trunk");
    trunk.args([task, "--release", "--cargo-profile", "wasm"]);
    // Trunk asks a server whether it is the newest Trunk, and does not understand `NO_COLOR=1`.
    trunk.env("TRUNK_SKIP_VERSION_CHECK", "true").env_remove("NO_COLOR");
    trunk
}
