//! Builds the page: Trunk with our tools, then the security policy.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::repo::Repo;
use crate::{notices, offline, policy, process, scripts, sheets, single_file, tools};

/// Where cargo looks for flags for what the page is compiled to.
const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// Builds the page into `dist/`. The tools must be ready.
pub fn build(repo: &Repo) -> Result<()> {
    process::run(trunk(repo, "build").env(FLAGS, repo.nameless()?))?;
    finish(repo, &repo.dist())
}

/// The page with everything it needs, and the same as a single file.
pub fn build_whole(repo: &Repo) -> Result<()> {
    tools::prepare(repo)?;
    build(repo)?;
    single_file::make_of_page(repo, &single_file::usual(repo))
}

/// Finishes a built page. Doing it twice does no harm.
pub fn finish(repo: &Repo, folder: &Path) -> Result<()> {
    sheets::join(folder)?;
    scripts::shorten(repo, folder)?;
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
