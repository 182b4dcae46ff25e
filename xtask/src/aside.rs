//! A task of ours at work beside what goes on in front: the page and its tools take minutes in which one processor idles,
//! and so do the Rust tests.
//!
//! It is a program of its own, so that what it writes stays together: shown as a whole when somebody waits for it.

use std::env;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::repo::Repo;

/// A task that was started.
pub struct Aside {
    task: &'static str,
    child: Child,
    log: PathBuf,
    started: Instant,
}

impl Aside {
    /// Starts `cargo xtask TASK`.
    pub fn start(repo: &Repo, task: &'static str) -> Result<Aside> {
        let log = repo.target(format!("xtask-{task}.log"));
        let written = File::create(&log).with_context(|| format!("{} cannot be written", log.display()))?;
        let ourselves = env::current_exe().context("It is not known where this program lies.")?;
        let mut command = repo.command(&ourselves.to_string_lossy());
        command.arg(task).stdin(Stdio::null()).stdout(written.try_clone()?).stderr(written);
        let child = command.spawn().with_context(|| format!("`cargo xtask {task}` could not be started"))?;
        println!("`cargo xtask {task}` begins beside what follows; what it writes is shown when it is waited for.");
        Ok(Aside { task, child, log, started: Instant::now() })
    }

    /// Waits for its end and shows what it wrote.
    pub fn wait(mut self) -> Result<()> {
        let status = self.child.wait()?;
        println!("{}", String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()));
        if !status.success() {
            bail!("`cargo xtask {}` failed ({status}).", self.task);
        }
        println!("`cargo xtask {}` was at work for up to {:.0} s.", self.task, whole(self.started.elapsed()));
        Ok(())
    }
}

impl Drop for Aside {
    /// Nobody waits for it any more. One that has ended is not harmed.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn whole(took: Duration) -> f64 {
    took.as_secs_f64().ceil()
}
