//! The plugin in other versions of Wireshark, as a part of `cargo xtask soak`: each in a whole system of its own, put
//! together from the packages of a distribution that has that version, in `.tools/wireshark/`.
//!
//! There the same tests run as with this system's tshark: above all, that the plugin's trees are the library's, for each
//! sample capture. A finished system stays for the next run; one that was not finished is made anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::debian::{self, Program};
use crate::notes::{self, Notes};
use crate::process;
use crate::repo::{Build, Repo};
use crate::report::Report;
use crate::totals::{self, Tally};
use crate::wireshark::{self, Staged};

/// A distribution with a version of Wireshark.
struct Other {
    /// As the table of results names it.
    title: &'static str,
    series: &'static str,
    suite: &'static str,
    /// debootstrap's recipe, where it has none under the name of the suite.
    recipe: &'static str,
    components: &'static str,
    /// With it debootstrap checks who signed the packages.
    keyring: &'static str,
}

#[rustfmt::skip]
const OTHERS: [Other; 3] = [
    Other { title: "Wireshark 4.2 (Ubuntu 24.04)", series: "4.2", suite: "noble", recipe: "gutsy", components: "main,universe", keyring: "/usr/share/keyrings/ubuntu-archive-keyring.gpg" },
    Other { title: "Wireshark 4.4 (Debian 13)", series: "4.4", suite: "trixie", recipe: "", components: "main", keyring: DEBIAN },
    Other { title: "Wireshark 4.6 (Debian unstable)", series: "4.6", suite: "sid", recipe: "", components: "main", keyring: DEBIAN },
];

const DEBIAN: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

const DEBOOTSTRAP: Program = Program {
    names: &["debootstrap"],
    packages: &["debootstrap", "debian-archive-keyring"],
    purpose: "install other systems into .tools/wireshark",
};

/// Runs the tests in each version until the time is up; what ran before with the same sources is not run again.
pub fn run(repo: &Repo, time: Duration, unchecked: bool, report: &mut Report) {
    let end = Instant::now() + time;
    for other in &OTHERS {
        report.step(other.title, || {
            if Instant::now() >= end {
                println!("SKIPPED: no time left; a longer or a further run does it");
                return Ok(Tally::SKIPPED);
            }
            other.run(repo, unchecked)
        });
    }
}

impl Other {
    fn run(&self, repo: &Repo, unchecked: bool) -> Result<Tally> {
        wireshark::supported()?;
        ensure!(debian::is_root(), "Only root can install another system into a folder and enter it.");
        let Some(system) = self.system(repo, unchecked)? else { return Ok(Tally::SKIPPED) };
        let answer = process::read(system.nobody("tshark").arg("--version"))?;
        let version = wireshark::full_version(&answer).context("`tshark --version` names no version.")?;
        if wireshark::series(&answer) != Some(self.series) {
            println!("SKIPPED: {} has Wireshark {version} now", self.suite);
            return Ok(Tally::SKIPPED);
        }
        let notes = Notes::of(repo);
        let key = json!([version, notes::sources(repo)?]);
        let mut results = notes.read(NOTES);
        if let Some(passed) = before(&results, self.series, &key) {
            println!("Wireshark {version}: {passed} tests passed in an earlier run, with the same sources");
            return Ok(Tally { passed, ..Tally::default() });
        }
        let stage =
            Staged::place(&wireshark::build(repo, Build::Release)?, self.series, &system.folder, Path::new("/tmp"))?;
        println!("Wireshark {version}, entered as an ordinary user:");
        let mut cargo = repo.cargo(["test", "--package", "msnp-tests", "--test", "tshark", "--no-fail-fast"]);
        cargo.env("MSNP_REQUIRE_TOOLS", "1").env("MSNP_PLUGIN_DIR", stage.folder());
        let (status, output) = process::watch(cargo.env("MSNP_TSHARK_ROOT", &system.folder))?;
        let tally = totals::of_cargo(&output).of_runner(status.success());
        if tally.failed == 0 {
            if !results.is_object() {
                results = json!({});
            }
            if let Some(results) = results.as_object_mut() {
                results.insert(self.series.to_owned(), json!({"with": key, "passed": tally.passed}));
            }
            notes.write(NOTES, results)?;
        }
        Ok(tally)
    }

    /// The system, made if need be; `None`, after a word why, if that is not to be done.
    fn system(&self, repo: &Repo, unchecked: bool) -> Result<Option<System>> {
        let system = System { folder: repo.tool("wireshark").join(self.series) };
        let finished = system.folder.join("finished");
        if finished.exists() {
            return Ok(Some(system));
        }
        let checked = Path::new(self.keyring).exists();
        if !checked && !unchecked {
            println!(
                "SKIPPED: {} is not there, so nobody could say who made the packages that root would install; \
                 `--unchecked` takes them all the same",
                self.keyring
            );
            return Ok(None);
        }
        DEBOOTSTRAP.ensure(repo)?;
        if system.folder.exists() {
            fs::remove_dir_all(&system.folder).context("An unfinished system cannot be removed")?;
        }
        fs::create_dir_all(repo.tool("wireshark"))?;
        let mut make = repo.command("debootstrap");
        make.args(["--variant=minbase", "--components", self.components]);
        if !checked {
            make.arg("--no-check-gpg");
        }
        // The empty word: the mirror that debootstrap's recipe names.
        process::run(make.arg(self.suite).arg(&system.folder).args(["", self.recipe]))?;
        // A mirror may lag behind the date that its lists were to be renewed; old packages serve as well here.
        let apt = ["-qq", "-o", "Acquire::Check-Valid-Until=false"];
        process::run(system.root("apt-get").args(apt).arg("update"))?;
        process::run(system.root("apt-get").args(apt).args(["install", "--yes", "--no-install-recommends", "tshark"]))?;
        fs::write(finished, "")?;
        Ok(Some(system))
    }
}

/// Where the results are kept.
const NOTES: &str = "wireshark";

/// How many tests passed when the same was tried before.
fn before(results: &Value, series: &str, key: &Value) -> Option<u64> {
    let result = results.get(series)?;
    (result.get("with") == Some(key)).then(|| result.get("passed")?.as_u64())?
}

/// A system in a folder.
struct System {
    folder: PathBuf,
}

impl System {
    fn command(&self, user: Option<&str>, program: &str) -> Command {
        let mut command = Command::new("chroot");
        if let Some(user) = user {
            command.arg(format!("--userspec={user}")).arg("--groups=");
        }
        command.arg(&self.folder).arg(program);
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command.env("HOME", "/tmp").env("LC_ALL", "C.UTF-8").env("DEBIAN_FRONTEND", "noninteractive");
        command
    }

    /// A program of that system, run by root.
    fn root(&self, program: &str) -> Command {
        self.command(None, program)
    }

    /// A program of that system, run by nobody: root's tshark is another one.
    fn nobody(&self, program: &str) -> Command {
        self.command(Some("65534:65534"), program)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_counts_for_the_same_version_and_sources_only() {
        let results = json!({"4.4": {"with": ["4.4.19", "abc"], "passed": 15}});
        assert_eq!(before(&results, "4.4", &json!(["4.4.19", "abc"])), Some(15));
        assert_eq!(before(&results, "4.4", &json!(["4.4.20", "abc"])), None);
        assert_eq!(before(&results, "4.4", &json!(["4.4.19", "abd"])), None);
        assert_eq!(before(&results, "4.6", &json!(["4.4.19", "abc"])), None);
        assert_eq!(before(&Value::Null, "4.4", &json!(["4.4.19", "abc"])), None);
    }
}
