//! `cargo xtask serve`: everything between a fresh checkout and the viewer in a browser.

use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use clap::Args;

use crate::repo::Repo;
use crate::server::{Port, Server};
use crate::{page, policy, tools};

/// Where the viewer is served when nothing else is asked for.
const USUAL_PORT: u16 = 8063;

/// How to serve.
#[derive(Args)]
pub struct Options {
    /// Port to listen on [default: 8063, or the next that is free]
    #[arg(long)]
    port: Option<u16>,
    /// Serve the viewer as it was built last
    #[arg(long)]
    no_build: bool,
    /// Show the viewer in the default browser
    #[arg(long)]
    open: bool,
}

/// Makes the tools ready, builds the viewer and serves it until the user ends the program.
pub fn serve(repo: &Repo, options: &Options) -> Result<()> {
    if !options.no_build {
        tools::prepare(repo)?;
        page::build(repo)?;
    }
    let server = Server::start(&repo.dist(), options.port.map_or(Port::From(USUAL_PORT), Port::Exactly))?;
    let url = server.url();
    println!("\nThe viewer:                 {url}");
    println!("With a sample capture open: {url}#sample");
    println!("Nothing you open there leaves this machine. Ctrl-C ends it.");
    let page = fs::read_to_string(repo.dist().join("index.html")).context("The page cannot be read")?;
    println!("\nA host of your own has to send this with every file of dist/:");
    println!("Content-Security-Policy: {}", policy::of_page(&page));
    if options.open {
        open(&url);
    }
    server.wait();
    Ok(())
}

/// Asks the desktop to show an address. Where there is no desktop, the printed address has to do.
fn open(url: &str) {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/c", "start"]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(program);
    command.args(arguments).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _ = command.spawn();
}
