//! Where things lie: the checkout, its tools, its build results. Everything that starts a program of ours begins here,
//! so that all of them see the same search path.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// The checkout this program is at work in.
pub struct Repo {
    root: PathBuf,
    target: PathBuf,
}

/// How something of ours is built.
#[derive(Clone, Copy)]
pub enum Build {
    /// As it is given to users.
    Release,
    /// As tests are: nothing is built twice, sums that overflow and broken promises are found.
    Dev,
}

impl Build {
    /// Builds a package and names the folder of what comes of it.
    pub fn package(self, repo: &Repo, package: &str) -> Result<PathBuf> {
        let (options, folder) = match self {
            Build::Release => (&["--release"][..], "release"),
            Build::Dev => (&[][..], "debug"),
        };
        process::run(repo.cargo(["build", "--package", package]).args(options))?;
        Ok(repo.target(folder))
    }
}

impl Repo {
    /// Finds the checkout and asks cargo where it builds.
    pub fn locate() -> Result<Repo> {
        // `cargo run` tells where the crate lies. What was true at compile time may not be, with one target folder for
        // several checkouts.
        let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
        let root = Path::new(&manifest).parent().context("The xtask crate has no parent folder.")?;
        let mut cargo = Command::new("cargo");
        cargo.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root);
        let metadata: serde_json::Value = serde_json::from_str(&process::read(&mut cargo)?)?;
        let target = metadata.get("target_directory").and_then(serde_json::Value::as_str);
        let target = target.context("`cargo metadata` names no target folder.")?;
        Ok(Repo { root: root.to_owned(), target: PathBuf::from(target) })
    }

    /// A path in the checkout.
    pub fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.root.join(below)
    }

    /// A path among the installed tools, which git ignores.
    pub fn tool(&self, below: impl AsRef<Path>) -> PathBuf {
        self.root.join(".tools").join(below)
    }

    /// A path in cargo's target folder.
    pub fn target(&self, below: impl AsRef<Path>) -> PathBuf {
        self.target.join(below)
    }

    /// Flags for `rustc` that take the folders of this machine out of messages of panics.
    pub fn nameless(&self) -> Result<String> {
        let sysroot = process::read(Command::new("rustc").args(["--print", "sysroot"]))?;
        let home = env::var_os("CARGO_HOME").map(PathBuf::from);
        let home =
            home.or_else(|| env::home_dir().map(|home| home.join(".cargo"))).context("There is no CARGO_HOME.")?;
        let folders = [(self.path(""), "msnp"), (home, "cargo"), (PathBuf::from(sysroot.trim()), "rust")];
        // Flags are told apart by blanks: a folder with one in its name stays.
        let plain = |folder: &PathBuf| !folder.to_string_lossy().contains(char::is_whitespace);
        let flags = folders
            .iter()
            .filter(|(folder, _)| plain(folder))
            .map(|(folder, name)| format!("--remap-path-prefix={}=/{name}", folder.display()));
        Ok(flags.collect::<Vec<_>>().join(" "))
    }

    /// The finished page.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// A command that runs in the checkout and finds our tools before the system's.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", self.search_path());
        command
    }

    /// `cargo`, run in the checkout.
    pub fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments);
        command
    }

    /// The program of that name our commands would start, if there is one.
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        let file = format!("{program}{}", env::consts::EXE_SUFFIX);
        env::split_paths(&self.search_path()).map(|folder| folder.join(&file)).find(|path| path.is_file())
    }

    fn search_path(&self) -> OsString {
        let ours = [
            self.tool("bin"),
            self.tool("node/node_modules/.bin"),
            // Only there if the system's Node.js was missing or too old.
            self.tool("node-runtime/node_modules/node/bin"),
        ];
        let system = env::var_os("PATH").unwrap_or_default();
        let all = ours.into_iter().chain(env::split_paths(&system));
        // A folder with the separator in its name cannot be searched anyway.
        env::join_paths(all).unwrap_or(system)
    }
}
