//! Programs that come from the system. On Debian as root they are installed; anywhere else we say what to install.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::repo::Repo;

/// A program the system has to provide.
pub struct Program {
    /// Names under which it may be found, most usual first.
    pub names: &'static [&'static str],
    /// The Debian packages that bring it.
    pub packages: &'static [&'static str],
    /// What it is wanted for; ends "… is needed to".
    pub purpose: &'static str,
}

/// Reads captures with our plugin.
pub const TSHARK: Program = Program { names: &["tshark"], packages: &["tshark"], purpose: "try the Wireshark plugin" };

/// Tells C compilers where the C library is.
pub const PKG_CONFIG: Program =
    Program { names: &["pkg-config"], packages: &["pkg-config"], purpose: "build C programs with the C library" };

/// Compiles the header of the C library as C++.
pub const CXX: Program =
    Program { names: &["c++"], packages: &["g++"], purpose: "try whether C++ programs can use the C library" };

/// Shows the page in tests.
pub const CHROMIUM: Program = Program {
    names: &["chromium", "chromium-browser", "google-chrome"],
    packages: &["chromium", "fonts-dejavu-core", "fonts-noto-color-emoji"],
    purpose: "try the page",
};

/// The classic MSN sniffer the bench compares with.
pub const MSGSNARF: Program =
    Program { names: &["msgsnarf"], packages: &["dsniff"], purpose: "compare speeds with msgsnarf" };

impl Program {
    /// The program, installed if need be.
    pub fn ensure(&self, repo: &Repo) -> Result<PathBuf> {
        if let Some(found) = self.find(repo) {
            return Ok(found);
        }
        let name = self.names.first().copied().unwrap_or_default();
        install(name, self.packages, self.purpose)?;
        self.find(repo).with_context(|| format!("`{name}` is still missing after installing {:?}.", self.packages))
    }

    /// The program, if it is there.
    pub fn find(&self, repo: &Repo) -> Option<PathBuf> {
        self.names.iter().find_map(|name| repo.find(name))
    }
}

/// Installs Debian packages as root, or fails with the sentence that says what to install.
pub fn install(name: &str, packages: &[&str], purpose: &str) -> Result<()> {
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!("`{name}` is needed to {purpose}, and is not installed. Install it the way your system does.");
    }
    if !is_root() {
        bail!("`{name}` is needed to {purpose}. Install it with: sudo apt-get install {}", packages.join(" "));
    }
    eprintln!("`{name}` is needed to {purpose}; installing {}.", packages.join(" "));
    let mut install = apt();
    // Another installation may be under way.
    let patient = ["-o", "DPkg::Lock::Timeout=600"];
    install.args(patient).args(["install", "--yes", "-qq", "--no-install-recommends"]).args(packages);
    if process::run(&mut install).is_ok() {
        return Ok(());
    }
    // The package lists of a fresh machine are empty or stale; somebody else may be about to mend that.
    let mut attempts = 0;
    while let Err(error) = process::run(apt().args(["update", "-qq"])) {
        attempts += 1;
        if attempts >= 10 {
            return Err(error);
        }
        std::thread::sleep(Duration::from_secs(6));
    }
    process::run(&mut install)
}

/// Whether this process runs as the superuser.
pub fn is_root() -> bool {
    process::read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
