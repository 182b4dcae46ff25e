//! `cargo xtask dist`: what people without Rust are given: programs and libraries in an archive, the viewer as a folder and
//! as one file, and checksums of all of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::archive::{self, Archive};
use crate::notices::{self, Work};
use crate::repo::Repo;
use crate::{capi, page, policy, process, single_file, tools, wireshark};

/// Where it goes.
#[derive(Args)]
pub struct Options {
    /// Folder to write into; what is in it goes away
    #[arg(long, value_name = "DIR", default_value = "target/dist")]
    out: PathBuf,
}

/// What is in the archive, as programs and libraries of Rust.
const ARCHIVE: Work = Work {
    name: "this archive",
    own: "Our own part: see README.md.",
    packages: &["msnp-cli", "msnp-capi", "msnp-wireshark"],
    target: None,
};
/// What the viewer is made of.
const VIEWER: &str = "msnp-viewer";

/// Builds everything and lays it down.
pub fn make(repo: &Repo, options: &Options) -> Result<()> {
    wireshark::supported().context("What is given away holds the Wireshark plugin, so it can only be made there")?;
    tools::prepare(repo)?;
    let out = repo.path(&options.out);
    empty(&out)?;
    page::build(repo)?;
    single_file::make_of_page(repo, &out.join(format!("{VIEWER}.html")))?;
    viewer(repo, &out.join(VIEWER))?;
    let name = format!("msnp-{}-linux-x86_64", env!("CARGO_PKG_VERSION"));
    let built = programs(repo)?;
    let staged = repo.target("dist-staged");
    empty(&staged)?;
    stage(repo, &built, &staged)?;
    Archive { folder: &staged, name: &name, time: committed(repo)? }.write(&out.join(format!("{name}.tar.gz")))?;
    let sums = archive::checksums(&out)?;
    fs::write(out.join("SHA256SUMS"), &sums)?;
    print!("{sums}");
    println!("All of it is in {}", out.display());
    Ok(())
}

/// The folder, without anything in it.
fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("{} cannot be emptied", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))
}

/// Builds programs and libraries; names the folder that they are in. No path of this machine is in them.
fn programs(repo: &Repo) -> Result<PathBuf> {
    let target = repo.target("dist-build");
    let mut cargo = repo.cargo(["build", "--release", "--locked"]);
    cargo.args(ARCHIVE.packages.iter().flat_map(|package| ["--package", package]));
    cargo.env("CARGO_TARGET_DIR", &target).env("RUSTFLAGS", repo.nameless()?);
    process::run(&mut cargo)?;
    Ok(target.join("release"))
}

/// Lays down what the archive holds.
fn stage(repo: &Repo, built: &Path, staged: &Path) -> Result<()> {
    let put = |from: PathBuf, to: &str| {
        let to = staged.join(to);
        fs::create_dir_all(to.parent().unwrap_or(&to))?;
        fs::copy(&from, &to).map(drop).with_context(|| format!("{} cannot be copied", from.display()))
    };
    put(built.join("msnp"), "bin/msnp")?;
    put(built.join("libmsnp_wireshark.so"), &format!("wireshark/{}", wireshark::PLUGIN))?;
    put(repo.path("dissector/wireshark/colours.txt"), "wireshark/colours.txt")?;
    capi::lay(repo, built, staged)?;
    for example in ["who.c", "msnp.py", "msnp_scapy.py", "captures_to_sqlite.py"] {
        put(repo.path("dissector/capi/examples").join(example), &format!("examples/{example}"))?;
    }
    put(repo.path("CHANGELOG.md"), "CHANGELOG.md")?;
    put(repo.path("LICENSE-MIT"), "licences/MIT")?;
    put(repo.path("LICENSE-APACHE"), "licences/Apache-2.0")?;
    put(repo.path("dissector/wireshark/LICENSE"), "licences/GPL-2.0")?;
    fs::write(staged.join("licences/others.txt"), notices::of(repo, &ARCHIVE)?)?;
    let system = process::read(Command::new("getconf").arg("GNU_LIBC_VERSION"))?;
    fs::write(staged.join("README.md"), readme(system.trim()))?;
    Ok(())
}

/// The built page, with the header that its server has to send.
fn viewer(repo: &Repo, folder: &Path) -> Result<()> {
    archive::copy(&repo.dist(), folder)?;
    let page = fs::read_to_string(folder.join("index.html")).context("The page cannot be read")?;
    fs::write(folder.join("header.txt"), format!("Content-Security-Policy: {}\n", policy::of_page(&page)))?;
    Ok(())
}

/// When the newest commit was made, in seconds since the beginning of 1970: the time of all files in the archive.
fn committed(repo: &Repo) -> Result<u64> {
    let time = process::read(repo.command("git").args(["log", "-1", "--format=%ct"]))?;
    time.trim().parse().context("git does not say when the newest commit was made")
}

/// What is in the archive, for who unpacks it. Programs run with the `system` that they were linked with, and newer ones.
fn readme(system: &str) -> String {
    let (version, versions) = (env!("CARGO_PKG_VERSION"), wireshark::TESTED.join(", "));
    format!(
        "# msnp {version} for Linux on x86-64\n\n\
         Reads MSN Messenger traffic (MSNP) out of packet captures. Nothing has to be installed to try it; it runs \
         with {system} or newer.\n\n\
         | what | how |\n|---|---|\n\
         | `bin/msnp` | the command line: `bin/msnp chats CAPTURE`, `bin/msnp --help` |\n\
         | `wireshark/msnp.so` | the plugin for Wireshark and tshark {versions}: copy it to `epan` below your personal plugin \
         folder (in Wireshark: Help, About, Folders), for example \
         `install -D wireshark/msnp.so ~/.local/lib/wireshark/plugins/4.0/epan/msnp.so`. Root's Wireshark loads plugins from \
         the system's folder only |\n\
         | `wireshark/colours.txt` | colouring rules: View, Coloring Rules, Import |\n\
         | `include`, `lib` | the C library; `PKG_CONFIG_PATH=lib/pkgconfig pkg-config --cflags --libs msnp`. This folder may \
         lie anywhere |\n\
         | `examples` | programs in C and Python over it: \
         `MSNP_LIBRARY=lib/libmsnp.so.1 python3 examples/msnp.py CAPTURE`. `msnp_scapy.py` and `captures_to_sqlite.py` need \
         Scapy: `python3 -m pip install scapy` |\n\
         | `licences` | what all this may be used for |\n\n\
         The viewer for browsers is not in this archive: it is the file `{VIEWER}.html`, which opens from a disk, and the folder \
         `{VIEWER}`, for a web server. `SHA256SUMS` beside them is checked by `sha256sum --check SHA256SUMS`.\n\n\
         MIT or Apache-2.0, as you like; `wireshark/msnp.so` is GPL-2.0-or-later. Its source is that of the project in this \
         version; the exact versions of what is built into it are in `licences/others.txt`.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_names_what_is_there() {
        let text = readme("glibc 2.36");
        for part in [
            "with glibc 2.36 or newer.",
            "bin/msnp",
            "wireshark/msnp.so",
            "wireshark/colours.txt",
            "4.6",
            "lib/libmsnp.so.1",
            "examples/msnp.py",
            "msnp-viewer.html",
        ] {
            assert!(text.contains(part), "{part}");
        }
        assert!(!text.contains("  "), "a line of the source ended in the middle of a sentence");
    }
}
