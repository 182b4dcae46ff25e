//! `msnp-scenario`: makes a capture from a case's transcript, or one of any size for benchmarks.

use msnp_tests::bulk::{self, Kind};
use msnp_tests::scenario::{self, Transcript};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: msnp-scenario build CASE_DIR OUT
       msnp-scenario bulk chat|p2p SIZE_MB OUT [--seed N]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["build", case, out] => build(Path::new(case), Path::new(out)),
        ["bulk", kind, size, out] => bulk(kind, size, Path::new(out), "1"),
        ["bulk", kind, size, out, "--seed", seed] => bulk(kind, size, Path::new(out), seed),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::from(2)
        }
    }
}

fn build(case: &Path, out: &Path) -> Result<(), String> {
    let transcript = Transcript::read(case).map_err(|fault| fault.to_string())?;
    let bytes = scenario::build(&transcript).map_err(|fault| fault.to_string())?;
    std::fs::write(out, bytes).map_err(|error| format!("{}: {error}", out.display()))
}

fn bulk(kind: &str, size: &str, out: &Path, seed: &str) -> Result<(), String> {
    let kind = Kind::named(kind).ok_or(USAGE)?;
    let size = size.parse().map_err(|_| format!("{size} is not a number of megabytes"))?;
    let seed = seed.parse().map_err(|_| format!("{seed} is not a seed"))?;
    let file = File::create(out).map_err(|error| format!("{}: {error}", out.display()))?;
    bulk::write(kind, size, seed, BufWriter::with_capacity(1 << 20, file)).map_err(|fault| fault.to_string())
}
