//! `cargo xtask plugin`: puts the Wireshark plugin where Wireshark finds it, takes it away, or shows how things stand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};

use crate::repo::{Build, Repo};
use crate::wireshark::PLUGIN;
use crate::{debian, process, wireshark};

/// What to do about the plugin.
#[derive(Subcommand)]
pub enum Task {
    /// Build the plugin and copy it where Wireshark looks for plugins
    Install(Place),
    /// Remove the plugin again
    Uninstall(Place),
    /// Show where the plugin is and whether tshark loads it
    Status,
}

/// For whom the plugin is.
#[derive(Args)]
pub struct Place {
    /// For every user of this machine instead of only the present one
    #[arg(long)]
    global: bool,
}

/// Does it.
pub fn perform(repo: &Repo, task: &Task) -> Result<()> {
    wireshark::supported()?;
    if repo.find("tshark").is_none() {
        bail!("`tshark` is not installed; with it we find out where plugins belong. On Debian: apt-get install tshark");
    }
    let folders = Folders::ask(repo)?;
    match task {
        Task::Install(place) => install(repo, &folders, place),
        Task::Uninstall(place) => uninstall(&folders, place),
        Task::Status => status(repo, &folders),
    }
}

/// Where Wireshark looks for plugins.
struct Folders {
    personal: PathBuf,
    global: PathBuf,
}

impl Folders {
    fn ask(repo: &Repo) -> Result<Folders> {
        let listing = process::read(repo.command("tshark").args(["-G", "folders"]))?;
        let named = |title| {
            wireshark::folder(&listing, title)
                .with_context(|| format!("`tshark -G folders` does not name \"{title}\"."))
        };
        Ok(Folders { personal: named("Personal Plugins")?, global: named("Global Plugins")? })
    }

    fn choose(&self, place: &Place) -> &Path {
        match place.global {
            true => &self.global,
            false => &self.personal,
        }
    }
}

fn install(repo: &Repo, folders: &Folders, place: &Place) -> Result<()> {
    if debian::is_root() && !place.global {
        bail!(
            "Root's Wireshark ignores personal plugins: it counts being root as having special privileges, and then \
             loads plugins from the system's folder only, without a word. Either run this as an ordinary user, or \
             install for every user: cargo xtask plugin install --global"
        );
    }
    let version = wireshark::version(repo)?;
    let library = wireshark::build(repo, Build::Release)?;
    let goal = folders.choose(place).join(PLUGIN);
    replace(&library, &goal).with_context(|| match place.global {
        true => format!(
            "{} cannot be written; that needs root. The plugin is built, so only this is left:\n\
             `sudo install -D -m 644 {} {}`\nThe reason",
            goal.display(),
            library.display(),
            goal.display()
        ),
        false => format!("{} cannot be written", goal.display()),
    })?;
    println!("The plugin for Wireshark {version} is installed: {}", goal.display());
    status(repo, folders)
}

/// Puts a file in place as a whole: a running Wireshark has the old one mapped into its memory and keeps it.
fn replace(library: &Path, goal: &Path) -> Result<()> {
    let folder = goal.parent().context("The place has no folder.")?;
    fs::create_dir_all(folder)?;
    let fresh = folder.join(".msnp.so.new");
    fs::copy(library, &fresh)?;
    Ok(fs::rename(&fresh, goal)?)
}

fn uninstall(folders: &Folders, place: &Place) -> Result<()> {
    let file = folders.choose(place).join(PLUGIN);
    if !file.exists() {
        println!("There is no plugin at {}", file.display());
        let other = Place { global: !place.global };
        let elsewhere = folders.choose(&other).join(PLUGIN);
        if elsewhere.exists() {
            let option = if other.global { " --global" } else { "" };
            println!("There is one at {}: cargo xtask plugin uninstall{option}", elsewhere.display());
        }
        return Ok(());
    }
    fs::remove_file(&file).with_context(|| match place.global {
        true => format!("{0} cannot be removed; that needs root: `sudo rm {0}`. The reason", file.display()),
        false => format!("{} cannot be removed", file.display()),
    })?;
    println!("Removed {}", file.display());
    if !place.global {
        remove_empty(&file);
    }
    Ok(())
}

/// Removes the folders that `install` may have made for a personal plugin, as far as nothing else is in them:
/// `wireshark/plugins/4.0/epan`.
fn remove_empty(file: &Path) {
    for folder in file.ancestors().skip(1).take(4) {
        // A folder with something in it is not removed, and then neither are those around it.
        if fs::remove_dir(folder).is_err() {
            return;
        }
    }
}

fn status(repo: &Repo, folders: &Folders) -> Result<()> {
    let mut there = 0;
    for (title, folder) in [("personal", &folders.personal), ("global", &folders.global)] {
        let place = folder.join(PLUGIN);
        let state = if place.exists() { "there" } else { "not there" };
        there += usize::from(place.exists());
        println!("{title:>8}: {state:9}  {}", place.display());
    }
    if debian::is_root() {
        println!("          As root, Wireshark loads the global one only.");
    } else if there == 2 {
        println!("          Wireshark loads the global one, whichever is newer, and complains that there are two.");
        println!("          Remove one of them: cargo xtask plugin uninstall, or with --global as root");
    }
    let Output { stdout, stderr, .. } = process::output(repo.command("tshark").args(["-G", "plugins"]))?;
    let (plugins, complaint) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    match plugins.lines().find(|line| line.starts_with(PLUGIN)) {
        Some(line) => println!("  tshark: loads it: {}", line.split_whitespace().collect::<Vec<_>>().join(" ")),
        None => println!("  tshark: does not load it (`tshark -G plugins` does not list it)"),
    }
    for line in complaint.lines().filter(|line| line.contains(PLUGIN)) {
        println!("  tshark: says: {line}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_a_personal_plugin_go_with_it_unless_they_hold_more() {
        let root = std::env::temp_dir().join(format!("msnp-uninstall-{}", std::process::id()));
        let home = root.join("lib/wireshark/plugins/4.0/epan");
        fs::create_dir_all(&home).unwrap();
        fs::create_dir_all(root.join("lib/wireshark/plugins/4.2")).unwrap();
        remove_empty(&home.join(PLUGIN));
        assert!(!root.join("lib/wireshark/plugins/4.0").exists());
        assert!(root.join("lib/wireshark/plugins/4.2").exists());
        fs::create_dir_all(&home).unwrap();
        fs::remove_dir(root.join("lib/wireshark/plugins/4.2")).unwrap();
        remove_empty(&home.join(PLUGIN));
        assert!(root.join("lib").exists() && !root.join("lib/wireshark").exists());
        fs::remove_dir_all(root).unwrap();
    }
}
