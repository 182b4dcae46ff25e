//! Starting programs: four ways, all of which say which command failed. Programs never read our standard input.

use std::io::{Read, Write};
use std::process::{Command, ExitStatus, Output, Stdio};

use anyhow::{Context, Result, bail};

/// Runs a command in front of the user, printing it first.
pub fn run(command: &mut Command) -> Result<()> {
    eprintln!("$ {}", shown(command));
    let status = command.stdin(Stdio::null()).status().with_context(|| cannot_start(command))?;
    check(command, status)
}

/// Runs a command quietly and returns what it wrote to standard output.
pub fn read(command: &mut Command) -> Result<String> {
    let output = output(command)?;
    if !output.status.success() {
        bail!("`{}` failed ({}): {}", shown(command), output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command quietly and returns all that came of it; a failure is a result here.
pub fn output(command: &mut Command) -> Result<Output> {
    command.stdin(Stdio::null()).output().with_context(|| cannot_start(command))
}

/// Runs a command in front of the user and also returns what it wrote to standard output; a failure is a result here.
pub fn watch(command: &mut Command) -> Result<(ExitStatus, String)> {
    eprintln!("$ {}", shown(command));
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().with_context(|| cannot_start(command))?;
    let mut seen = Vec::new();
    if let Some(mut pipe) = child.stdout.take() {
        let mut buffer = [0; 8192];
        loop {
            let count = pipe.read(&mut buffer)?;
            let Some(fresh) = buffer.get(..count).filter(|fresh| !fresh.is_empty()) else { break };
            std::io::stdout().write_all(fresh)?;
            std::io::stdout().flush()?;
            seen.extend_from_slice(fresh);
        }
    }
    Ok((child.wait()?, String::from_utf8_lossy(&seen).into_owned()))
}

/// The command as one would type it, without its folder and environment.
pub fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

fn cannot_start(command: &Command) -> String {
    format!("`{}` could not be started", shown(command))
}

fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    bail!("`{}` failed ({status}).", shown(command))
}
