//! The fuzz target over the whole pipeline, as a part of `cargo xtask soak`: built with coverage instrumentation by the
//! stable compiler, seeded with the sample captures, its corpus kept in `.tools/fuzz/` so that a later run goes on.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::process;
use crate::repo::Repo;

/// What libFuzzer needs to be told by the code it runs: which edges were taken, what was compared.
const INSTRUMENTATION: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";

/// The only target that was tried.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Builds the target and lets it run for so long. An input that breaks something stays in `.tools/fuzz/`.
pub fn run(repo: &Repo, time: Duration) -> Result<()> {
    let target = repo.target("fuzz");
    let mut build =
        repo.cargo(["build", "--release", "--manifest-path", "dissector/fuzz/Cargo.toml", "--target", TARGET]);
    build.env("RUSTFLAGS", INSTRUMENTATION).env("CARGO_TARGET_DIR", &target);
    process::run(&mut build)?;
    let corpus = seeded(repo)?;
    let folder = repo.tool("fuzz");
    let before = count(&corpus)?;
    let program = target.join(TARGET).join("release/pipeline");
    let mut fuzz = repo.command(&program.to_string_lossy());
    fuzz.arg(&corpus).arg(format!("-max_total_time={}", time.as_secs().max(1))).current_dir(&folder);
    fuzz.args(["-max_len=20000", "-timeout=20", "-print_final_stats=1", "-verbosity=0"]);
    let (status, _) = process::watch(&mut fuzz)?;
    println!("Corpus: {before} inputs before, {} after.", count(&corpus)?);
    ensure!(status.success(), "The fuzz target found an input that breaks the library; it lies in .tools/fuzz/.");
    Ok(())
}

/// The folder of inputs, with every sample capture in it.
fn seeded(repo: &Repo) -> Result<PathBuf> {
    let corpus = repo.tool("fuzz/corpus");
    fs::create_dir_all(&corpus)?;
    for case in fs::read_dir(repo.path("tests/captures"))?.flatten().filter(|entry| entry.path().is_dir()) {
        for file in fs::read_dir(case.path())?.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if name.starts_with("capture.") {
                let seed = corpus.join(case.file_name());
                fs::copy(file.path(), &seed).with_context(|| format!("{name} cannot be copied"))?;
            }
        }
    }
    Ok(corpus)
}

fn count(folder: &PathBuf) -> Result<usize> {
    Ok(fs::read_dir(folder)?.count())
}
