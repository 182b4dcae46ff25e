//! `cargo xtask plugin`: puts the Wireshark plugin where Wireshark finds it, takes it away, or shows how things stand.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};

use crate::repo::Repo;
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
        Task::Uninstall(place) => uninstall(folders.choose(place)),
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
    let library = wireshark::build(repo)?;
    let goal = folders.choose(place).join(PLUGIN);
    replace(&library, &goal).with_context(|| match place.global {
        true => format!(
            "{} cannot be written; that needs root (the plugin is built, so only copying is left)",
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

fn uninstall(folder: &Path) -> Result<()> {
    let place = folder.join(PLUGIN);
    if !place.exists() {
        println!("There is no plugin at {}", place.display());
        return Ok(());
    }
    fs::remove_file(&place).with_context(|| format!("{} cannot be removed", place.display()))?;
    println!("Removed {}", place.display());
    Ok(())
}

fn status(repo: &Repo, folders: &Folders) -> Result<()> {
    for (title, folder) in [("personal", &folders.personal), ("global", &folders.global)] {
        let place = folder.join(PLUGIN);
        let state = if place.exists() { "there" } else { "not there" };
        println!("{title:>8}: {state:9}  {}", place.display());
    }
    if debian::is_root() {
        println!("          As root, Wireshark loads the global one only.");
    }
    let plugins = process::read(repo.command("tshark").args(["-G", "plugins"]))?;
    match plugins.lines().find(|line| line.starts_with(PLUGIN)) {
        Some(line) => println!("  tshark: loads it: {}", line.split_whitespace().collect::<Vec<_>>().join(" ")),
        None => println!("  tshark: does not load it (`tshark -G plugins` does not list it)"),
    }
    Ok(())
}
