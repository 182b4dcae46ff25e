//! `cargo xtask capi install`: the C library where C compilers and pkg-config find it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};

use crate::repo::{Build, Repo};

/// What to do about the C library.
#[derive(Subcommand)]
pub enum Task {
    /// Build the C library and lay down header, shared and static library, and a file for pkg-config
    Install(Place),
}

/// Where it goes.
#[derive(Args)]
pub struct Place {
    /// Folder that gets include/ and lib/, such as /usr/local
    #[arg(long, value_name = "DIR")]
    prefix: PathBuf,
}

/// Does it.
pub fn perform(repo: &Repo, task: &Task) -> Result<()> {
    let Task::Install(Place { prefix }) = task;
    let prefix = std::path::absolute(prefix)?;
    for file in install(repo, Build::Release, &prefix)? {
        println!("{}", file.display());
    }
    let config = prefix.join(PKG_CONFIG);
    println!("`pkg-config --cflags --libs msnp` names them, if PKG_CONFIG_PATH holds {}", config.display());
    Ok(())
}

/// Where the file for pkg-config goes.
const PKG_CONFIG: &str = "lib/pkgconfig";

/// What a program needs beside the static library, on Linux.
const BESIDE: &str = "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc";

/// Builds the library and lays it down; names the files.
pub fn install(repo: &Repo, build: Build, prefix: &Path) -> Result<Vec<PathBuf>> {
    lay(repo, &build.package(repo, "msnp-capi")?, prefix)
}

/// Lays down what was built.
pub fn lay(repo: &Repo, built: &Path, prefix: &Path) -> Result<Vec<PathBuf>> {
    let header = repo.path("dissector/capi/include/msnp.h");
    let text = fs::read_to_string(&header).context("The header of the C library cannot be read")?;
    let abi = abi(&text).context("The header of the C library names no ABI.")?;
    let (include, lib) = (prefix.join("include"), prefix.join("lib"));
    let config = prefix.join(PKG_CONFIG);
    for folder in [&include, &config] {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let mut laid =
        vec![copy(&header, &include.join("msnp.h"))?, copy(&built.join("libmsnp.a"), &lib.join("libmsnp.a"))?];
    laid.extend(shared(built, &lib, abi)?);
    let description = config.join("msnp.pc");
    fs::write(&description, pkg_config())?;
    laid.push(description);
    Ok(laid)
}

/// The shared library under the name that programs ask for at run time, and under the one that linkers look for.
#[cfg(target_os = "linux")]
fn shared(built: &Path, lib: &Path, abi: u32) -> Result<Vec<PathBuf>> {
    let name = format!("libmsnp.so.{abi}");
    let link = lib.join("libmsnp.so");
    let file = copy(&built.join("libmsnp.so"), &lib.join(&name))?;
    let _ = fs::remove_file(&link);
    std::os::unix::fs::symlink(name, &link).with_context(|| format!("{} cannot be made", link.display()))?;
    Ok(vec![file, link])
}

#[cfg(not(target_os = "linux"))]
fn shared(built: &Path, lib: &Path, _abi: u32) -> Result<Vec<PathBuf>> {
    let name = format!("{}msnp{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    Ok(vec![copy(&built.join(&name), &lib.join(&name))?])
}

/// Puts a file in place as a whole: a running program has the old one mapped into its memory and keeps it.
fn copy(from: &Path, to: &Path) -> Result<PathBuf> {
    let fresh = to.with_extension("new");
    fs::copy(from, &fresh)
        .and_then(|_| fs::rename(&fresh, to))
        .with_context(|| format!("{} cannot be copied to {}", from.display(), to.display()))?;
    Ok(to.to_owned())
}

/// The number of the ABI, as a header defines it.
fn abi(header: &str) -> Option<u32> {
    header.lines().find_map(|line| line.strip_prefix("#define MSNP_ABI_MAJOR "))?.trim().parse().ok()
}

/// What pkg-config is told. Paths are those from the file itself, so that the folder may be moved.
fn pkg_config() -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "prefix=${{pcfiledir}}/../..\nincludedir=${{prefix}}/include\nlibdir=${{prefix}}/lib\n\n\
         Name: msnp\nDescription: Reads MSN Messenger traffic (MSNP)\nVersion: {version}\n\
         Cflags: -I${{includedir}}\nLibs: -L${{libdir}} -lmsnp\nLibs.private: {BESIDE}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_abi_is_the_headers() {
        let header = "// MSNP_ABI_MAJOR 9\n#define MSNP_ABI_MINOR 4\n#define MSNP_ABI_MAJOR 3\n";
        assert_eq!(abi(header), Some(3));
        assert_eq!(abi(""), None);
    }

    #[test]
    fn all_paths_follow_the_folder() {
        let text = pkg_config();
        assert!(
            text.starts_with("prefix=${pcfiledir}/../..\n") && text.contains("\nLibs: -L${libdir} -lmsnp\n"),
            "{text}"
        );
    }
}
