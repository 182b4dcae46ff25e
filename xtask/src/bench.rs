//! `cargo xtask bench`: our programs against others on the same file in the same run, and the page in a browser.
//!
//! It prints what it measured, beside what it is meant to be, and fails for no number: those of a shared machine make poor
//! tests.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::measure::{self, Cost};
use crate::repo::{Build, Repo};
use crate::server::{Port, Server};
use crate::wireshark::{self, Staged};
use crate::{debian, page, process, target, tools};

/// What to measure.
#[derive(Args)]
pub struct Options {
    /// Size of each generated capture, in megabytes
    #[arg(long, value_name = "MB", default_value_t = 100)]
    size: u32,
    /// Leave out the page and its browser
    #[arg(long)]
    no_page: bool,
}

/// The captures `msnp-scenario bulk` makes: chat-heavy and full of file transfers.
const KINDS: [&str; 2] = ["chat", P2P];
/// The latter.
const P2P: &str = "p2p";

/// Generates the captures and measures everything on them.
pub fn bench(repo: &Repo, options: &Options) -> Result<()> {
    let captures = generate(repo, options.size)?;
    process::run(&mut repo.cargo(["build", "--release", "--package", "msnp-cli"]))?;
    let rivals = Rivals::gather(repo)?;
    for (kind, file) in &captures {
        println!("\n== {kind}, {} MB ==", megabytes(fs::metadata(file)?.len()));
        programs(repo, &rivals, kind, file)?;
    }
    if !options.no_page {
        tools::prepare(repo)?;
        page::build(repo)?;
        measure_page(repo, &captures)?;
    }
    Ok(())
}

fn generate(repo: &Repo, size: u32) -> Result<Vec<(&'static str, PathBuf)>> {
    process::run(&mut repo.cargo(["build", "--release", "--package", "msnp-tests", "--bin", "msnp-scenario"]))?;
    fs::create_dir_all(repo.target("bench"))?;
    let mut captures = Vec::new();
    for kind in KINDS {
        let file = repo.target(format!("bench/{kind}-{size}.pcap"));
        // Made anew each time: the generator is part of what changes.
        let mut scenario = Command::new(repo.target("release/msnp-scenario"));
        process::run(scenario.args(["bulk", kind, &size.to_string()]).arg(&file))?;
        captures.push((kind, file));
    }
    Ok(captures)
}

/// Programs by others, as far as they are to be had here.
struct Rivals {
    tshark: Option<PathBuf>,
    plugin: Option<Staged>,
    msgsnarf: Option<PathBuf>,
}

impl Rivals {
    fn gather(repo: &Repo) -> Result<Rivals> {
        let tshark = present(debian::TSHARK.ensure(repo));
        let plugin = tshark.is_some() && wireshark::supported().is_ok();
        let plugin = plugin.then(|| Staged::build(repo, Build::Release)).transpose()?;
        Ok(Rivals { tshark, plugin, msgsnarf: present(debian::MSGSNARF.ensure(repo)) })
    }
}

/// A missing rival leaves a gap in the table, with a word why.
fn present(program: Result<PathBuf>) -> Option<PathBuf> {
    program.inspect_err(|error| eprintln!("Left out: {error:#}")).ok()
}

fn programs(repo: &Repo, rivals: &Rivals, kind: &str, file: &Path) -> Result<()> {
    // Read once, so that the first program does not pay for the disk.
    io::copy(&mut File::open(file)?, &mut io::sink())?;
    let program = repo.target("release/msnp");
    let mut table = Table::new(fs::metadata(file)?.len());
    let msnp = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.args(arguments).arg(file);
        command
    };
    let ours = table.row("msnp commands --json", msnp(&["commands", "--json"]))?;
    table.row("msnp summary", msnp(&["summary"]))?;
    let reading = |mut tshark: Command, form: &[&str]| {
        tshark.arg("-nr").arg(file).args(form);
        tshark
    };
    let (mut list, mut reached) = (None, Vec::new());
    if let Some(tshark) = &rivals.tshark {
        list = Some(table.row("tshark", reading(Command::new(tshark), &[]))?);
        let json = table.row("tshark -T json", reading(Command::new(tshark), &["-T", "json"]))?;
        reached.push(target::JSON.beside(json / ours));
    }
    if let Some(plugin) = &rivals.plugin {
        let with_plugin = table.row("tshark with our plugin", reading(plugin.tshark(repo), &[]))?;
        reached.extend(list.filter(|_| kind == P2P).map(|list| target::LIST.beside(with_plugin / list)));
        table.row("tshark with our plugin -T json", reading(plugin.tshark(repo), &["-T", "json"]))?;
    }
    if let Some(msgsnarf) = &rivals.msgsnarf {
        let mut command = Command::new(msgsnarf);
        command.arg("-p").arg(file);
        // It shows chat messages only, and none where it missed the start of a connection: say what it was worth.
        let messages = measure::lines(&mut command)?;
        table.row(&format!("msgsnarf -p ({messages} messages)"), command)?;
    }
    reached.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// Prints a line per program, each compared with the first one.
struct Table {
    bytes: u64,
    first: Option<Cost>,
}

impl Table {
    fn new(bytes: u64) -> Table {
        println!("{:32} {:>9} {:>9} {:>9} {:>9} {:>9}", "", "seconds", "MB/s", "times", "peak MB", "times");
        Table { bytes, first: None }
    }

    /// Runs a program; returns its seconds.
    fn row(&mut self, name: &str, mut command: Command) -> Result<f64> {
        let cost = measure::best(&mut command)?;
        let first = self.first.as_ref().unwrap_or(&cost);
        let seconds = cost.wall.as_secs_f64();
        println!(
            "{name:32} {seconds:>9.3} {:>9.1} {:>9.1} {:>9.1} {:>9.1}{}",
            self.bytes as f64 / 1e6 / seconds,
            seconds / first.wall.as_secs_f64(),
            cost.peak as f64 / 1e6,
            cost.peak as f64 / first.peak as f64,
            if cost.status.success() { String::new() } else { format!("  ended with {}", cost.status) },
        );
        if self.first.is_none() {
            self.first = Some(cost);
        }
        Ok(seconds)
    }
}

fn measure_page(repo: &Repo, captures: &[(&str, PathBuf)]) -> Result<()> {
    println!("\n== page ==");
    let chromium = debian::CHROMIUM.ensure(repo).context("The page is measured in Chromium")?;
    let server = Server::start(&repo.dist(), Port::Any)?;
    let script = |name: &str| {
        let mut node = repo.command("node");
        node.arg(repo.path(name)).arg(server.url()).env("MSNP_CHROMIUM", &chromium);
        node
    };
    let mut load = script("xtask/page-load.mjs");
    process::run(load.arg(repo.dist()).args(captures.iter().map(|(_, file)| file)))?;
    println!();
    process::run(&mut script("xtask/page-scroll.mjs"))?;
    println!();
    process::run(&mut script("xtask/page-replay.mjs"))
}

fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}
