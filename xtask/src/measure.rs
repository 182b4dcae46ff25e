//! How long a program takes and how much memory it held at most.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use wait4::Wait4 as _;

use crate::process;

/// What one run cost.
pub struct Cost {
    /// From start to end, by the clock on the wall.
    pub wall: Duration,
    /// Most memory held at one time, in bytes. Never less than this program itself held when it started the other: the
    /// system counts from there. So nothing here may read a whole file or output.
    pub peak: u64,
    /// How the program ended.
    pub status: ExitStatus,
}

/// Runs a program with all its output thrown away.
pub fn once(command: &mut Command) -> Result<Cost> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let mut child = command.spawn().with_context(|| format!("`{}` could not be started", process::shown(command)))?;
    let used = child.wait4()?;
    Ok(Cost { wall: start.elapsed(), peak: used.rusage.maxrss, status: used.status })
}

/// The quickest of several runs; a slow program is not made to run again.
pub fn best(command: &mut Command) -> Result<Cost> {
    const RUNS: usize = 3;
    const SLOW: Duration = Duration::from_secs(10);
    let mut best = once(command)?;
    for _ in 1..RUNS {
        if best.wall > SLOW {
            break;
        }
        let next = once(command)?;
        best = if next.wall < best.wall { next } else { best };
    }
    Ok(best)
}

/// Runs a program and counts the lines it writes.
pub fn lines(command: &mut Command) -> Result<usize> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().with_context(|| format!("`{}` could not be started", process::shown(command)))?;
    let output = child.stdout.take().context("The program has no output.")?;
    let count = BufReader::new(output).split(b'\n').count();
    child.wait()?;
    Ok(count)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn cost_is_of_the_program_itself() {
        let cost = once(Command::new("sh").args(["-c", "sleep 0.2; exit 3"])).unwrap();
        assert!(cost.wall >= Duration::from_millis(200), "{:?}", cost.wall);
        assert!(cost.peak > 100_000, "{} bytes", cost.peak);
        assert_eq!(cost.status.code(), Some(3));
    }
}
