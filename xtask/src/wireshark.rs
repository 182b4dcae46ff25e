//! tshark and our plugin: which versions fit, where a plugin belongs, and a folder with one inside for tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::repo::{Build, Repo};
use crate::{debian, process};

/// The file as Wireshark finds it.
pub const PLUGIN: &str = "msnp.so";

/// Wireshark's versions whose memory layouts the plugin knows; it refuses to load into others.
pub const TESTED: [&str; 4] = ["4.0", "4.2", "4.4", "4.6"];

/// An error with the reason if the plugin cannot run on this system at all.
pub fn supported() -> Result<()> {
    let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
    if (system, processor) != ("linux", "x86_64") {
        bail!("The plugin is made for Linux on x86-64; this is {system} on {processor}.");
    }
    Ok(())
}

/// Builds the plugin and names the finished file.
pub fn build(repo: &Repo, build: Build) -> Result<PathBuf> {
    Ok(build.package(repo, "msnp-wireshark")?.join("libmsnp_wireshark.so"))
}

/// tshark's version without its last number, if the plugin fits it.
pub fn version(repo: &Repo) -> Result<String> {
    let answer = process::read(repo.command("tshark").arg("--version"))?;
    let version = series(&answer).context("`tshark --version` names no version.")?;
    ensure!(TESTED.contains(&version), "This is Wireshark {version}; the plugin is tested with {}.", TESTED.join(", "));
    Ok(version.to_owned())
}

/// The folders of plugins as `tshark -G folders` prints them: the user's own, or the one for everybody.
pub fn folder(listing: &str, title: &str) -> Option<PathBuf> {
    let rest = listing.lines().find_map(|line| line.strip_prefix(title)?.strip_prefix(':'))?;
    Some(PathBuf::from(rest.trim()).join("epan"))
}

/// `4.0.17` of `TShark (Wireshark) 4.0.17 (Git …)`.
pub fn full_version(answer: &str) -> Option<&str> {
    let is_version = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit());
    Some(answer.lines().next()?.split(' ').find(is_version)?.trim_end_matches('.'))
}

/// `4.0` of that.
pub fn series(answer: &str) -> Option<&str> {
    let full = full_version(answer)?;
    let (end, _) = full.match_indices('.').nth(1)?;
    full.get(..end)
}

/// A plugin folder of its own for a run of tests: any user may read it, and nothing under a home folder is touched.
pub struct Staged {
    /// As tshark sees it.
    folder: PathBuf,
    /// As we see it.
    outside: PathBuf,
}

impl Staged {
    /// Builds the plugin and puts it where `WIRESHARK_PLUGIN_DIR` is to point.
    pub fn build(repo: &Repo, build: Build) -> Result<Staged> {
        let (library, version) = (self::build(repo, build)?, version(repo)?);
        Staged::place(&library, &version, Path::new("/"), &std::env::temp_dir())
    }

    /// Puts the finished plugin into a temporary folder of a system that lies in the folder `root`.
    pub fn place(library: &Path, version: &str, root: &Path, temporary: &Path) -> Result<Staged> {
        let folder = temporary.join(format!("msnp-plugin-{}", std::process::id()));
        let staged = Staged { outside: root.join(folder.strip_prefix("/").unwrap_or(&folder)), folder };
        // Must be new: another user could have put something of theirs at a place they can foretell.
        fs::create_dir(&staged.outside).with_context(|| format!("{} cannot be made", staged.outside.display()))?;
        let home = staged.outside.join(version).join("epan");
        fs::create_dir_all(&home)?;
        fs::copy(library, home.join(PLUGIN))?;
        for path in [staged.outside.as_path(), home.parent().unwrap_or(&home), home.as_path(), &home.join(PLUGIN)] {
            readable(path)?;
        }
        Ok(staged)
    }

    /// The folder for `WIRESHARK_PLUGIN_DIR`.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// tshark as an ordinary user with this plugin. Root's tshark ignores `WIRESHARK_PLUGIN_DIR` without a word.
    pub fn tshark(&self, repo: &Repo) -> Command {
        self.under(repo, &[])
    }

    /// The same, run by another program: that program with its arguments.
    pub fn under(&self, repo: &Repo, around: &[&str]) -> Command {
        let as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"];
        let user = if debian::is_root() { &as_nobody[..] } else { &[] };
        let mut words = user.iter().chain(around).chain(&["tshark"]);
        let mut command = repo.command(words.next().unwrap_or(&"tshark"));
        command.args(words);
        command.env("WIRESHARK_PLUGIN_DIR", &self.folder).env("HOME", &self.folder).current_dir(&self.folder);
        command
    }

    /// Copies a capture to where that user may read it, as it sees it; the one before goes.
    pub fn lay_down(&self, capture: &Path) -> Result<PathBuf> {
        let name = "capture";
        fs::copy(capture, self.outside.join(name))?;
        readable(&self.outside.join(name))?;
        Ok(self.folder.join(name))
    }

    /// Whether tshark lists the plugin.
    pub fn loads(&self, repo: &Repo) -> Result<bool> {
        let plugins = process::read(self.tshark(repo).args(["-G", "plugins"]))?;
        Ok(plugins.lines().any(|line| line.starts_with(PLUGIN)))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.outside);
    }
}

#[cfg(unix)]
fn readable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(0o755))?)
}

#[cfg(not(unix))]
fn readable(_path: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_is_the_first_two_numbers() {
        let cases = [
            ("TShark (Wireshark) 4.0.17 (Git v4.0.17 packaged as 4.0.17-0+deb12u3).\nmore 1.2.3", Some("4.0")),
            ("TShark (Wireshark) 4.10.0.\n", Some("4.10")),
            ("TShark (Wireshark) 4.6.9", Some("4.6")),
            ("", None),
            ("tshark", None),
        ];
        for (answer, expected) in cases {
            assert_eq!(series(answer), expected, "{answer:?}");
        }
        assert_eq!(full_version("TShark (Wireshark) 4.4.19.\n"), Some("4.4.19"));
    }

    #[test]
    fn folders_are_found_by_their_title() {
        let listing = "Program:             \t/usr/bin\n\
            Personal Plugins:    \t/home/me/.local/lib/wireshark/plugins/4.0\n\
            Global Plugins:      \t/usr/lib/wireshark/plugins/4.0\n\
            Personal Lua Plugins:\t/home/me/.local/lib/wireshark/plugins\n";
        let personal = folder(listing, "Personal Plugins");
        assert_eq!(personal, Some(PathBuf::from("/home/me/.local/lib/wireshark/plugins/4.0/epan")));
        assert_eq!(folder(listing, "Global Plugins"), Some(PathBuf::from("/usr/lib/wireshark/plugins/4.0/epan")));
        assert_eq!(folder(listing, "Extcap path"), None);
    }
}
