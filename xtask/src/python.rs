//! Python with Scapy, for the examples of the C library: in `.tools/python`, which git ignores.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::repo::Repo;
use crate::{debian, process};

/// The packages, each of one version and content.
const PACKAGES: &str = "xtask/requirements.txt";

/// Names the Python that has the packages, installed if need be.
pub fn ensure(repo: &Repo) -> Result<PathBuf> {
    let folder = repo.tool("python");
    let python = folder.join("bin/python3");
    let wanted = fs::read(repo.path(PACKAGES)).with_context(|| format!("{PACKAGES} cannot be read"))?;
    // Written last, so that it vouches for a finished run.
    let note = folder.join("installed.txt");
    if python.exists() && fs::read(&note).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    eprintln!("Installing the Python packages of {PACKAGES} into .tools/python.");
    if process::read(repo.command("python3").args(["-c", "import ensurepip, venv"])).is_err() {
        debian::install("python3", &["python3", "python3-venv"], "try the examples of the C library")?;
    }
    process::run(repo.command("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = repo.command(&python.to_string_lossy());
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
        "-r",
        PACKAGES,
    ]);
    process::run(&mut pip)
        .context("The examples of the C library need Scapy; install what that file names with pip")?;
    fs::write(&note, wanted)?;
    Ok(python)
}
