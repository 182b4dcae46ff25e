//! `cargo xtask test`: all that decides whether a change may land.
//!
//! Test programs learn by environment variables what they may use:
//!
//! | variable | for | meaning |
//! | --- | --- | --- |
//! | `MSNP_REQUIRE_TOOLS=1` | all | a missing program is a failure; without it, a test may say that it is skipped, and pass |
//! | `MSNP_SHARED` | Rust | where the protocol reference and real captures are, if not in `../shared`; without them tests are skipped |
//! | `MSNP_PLUGIN_DIR` | Rust | a folder for `WIRESHARK_PLUGIN_DIR`, with the plugin inside, readable by every user |
//! | `MSNP_CAPI` | Rust | a folder where the C library is installed |
//! | `MSNP_PYTHON` | Rust | a Python that has Scapy |
//! | `MSNP_TSHARK_ROOT` | Rust | a folder with another system whose tshark is to be used; `soak` sets it, for root alone |
//! | `MSNP_PAGE_URL` | browser | where the built page is served, with its security headers |
//! | `MSNP_CHROMIUM` | browser | the browser to start |
//! | `MSNP_CLI` | browser | the command line program `msnp` |

use std::process::{Command, ExitCode};

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

use crate::aside::Aside;
use crate::repo::{Build, Repo};
use crate::report::Report;
use crate::totals::Tally;
use crate::wireshark::{self, Staged};
use crate::{browser, capi, debian, licences, process, python, tools, totals};

/// What to run.
#[derive(Args)]
pub struct Options {
    /// Only these parts, in the usual order [default: all]
    parts: Vec<Part>,
}

/// A part of the whole that can be asked for alone.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Formatting
    Format,
    /// Clippy with warnings as errors, and the licences in the plugin
    Lints,
    /// All Rust tests, with tshark and the plugin
    Rust,
    /// The page, and its tests in a browser
    Page,
}

/// Runs the parts, prints the totals last, and answers whether all is well.
pub fn test(repo: &Repo, options: &Options) -> Result<ExitCode> {
    let wanted = |part: Part| options.parts.is_empty() || options.parts.contains(&part);
    let mut report = Report::default();
    let mut page = None;
    if wanted(Part::Lints) || wanted(Part::Page) {
        report.step("Target of the page", || tools::prepare_target().map(|()| Tally::default()));
    }
    if wanted(Part::Page) {
        report.step("Beginning of the page", || {
            page = Some(Aside::start(repo, "page")?);
            Ok(Tally::default())
        });
    }
    if wanted(Part::Format) {
        report.step("Formatting", || check(&mut repo.cargo(["fmt", "--all", "--check"])));
    }
    if wanted(Part::Lints) {
        let native = ["clippy", "--workspace", "--exclude", "msnp-web", "--all-targets", "--", "-D", "warnings"];
        report.step("Lints", || check(&mut repo.cargo(native)));
        let wasm = ["clippy", "-p", "msnp-web", "--target", tools::WASM, "--", "-D", "warnings"];
        report.step("Lints of the page", || check(&mut repo.cargo(wasm)));
        report.step("Licences in the plugin", || licences::check(repo).map(|()| Tally::PASSED));
    }
    if wanted(Part::Rust) {
        rust(repo, &mut report);
    }
    if let Some(page) = page {
        report.step("Page", || page.wait().map(|()| Tally::PASSED));
        report.step("Page in a browser", || browser::test(repo));
    }
    report.print();
    Ok(if report.total().failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn rust(repo: &Repo, report: &mut Report) {
    let mut staged = None;
    report.step("Wireshark plugin", || {
        if let Err(reason) = wireshark::supported() {
            println!("SKIPPED: {reason}");
            return Ok(Tally::SKIPPED);
        }
        debian::TSHARK.ensure(repo)?;
        let stage = Staged::build(repo, Build::Dev)?;
        ensure!(stage.loads(repo)?, "tshark does not list msnp.so among its plugins.");
        staged = Some(stage);
        Ok(Tally::PASSED)
    });
    let (mut library, mut scapy) = (None, None);
    report.step("C library", || {
        debian::PKG_CONFIG.ensure(repo)?;
        debian::CXX.ensure(repo)?;
        let folder = repo.target("capi");
        capi::install(repo, Build::Dev, &folder)?;
        library = Some(folder);
        Ok(Tally::PASSED)
    });
    report.step("Python with Scapy", || {
        scapy = Some(python::ensure(repo)?);
        Ok(Tally::PASSED)
    });
    report.step("Rust tests", || {
        let mut cargo = repo.cargo(["test", "--workspace", "--exclude", "msnp-wireshark", "--no-fail-fast"]);
        if wireshark::supported().is_ok() {
            cargo.env("MSNP_REQUIRE_TOOLS", "1");
        }
        if let Some(stage) = &staged {
            cargo.env("MSNP_PLUGIN_DIR", stage.folder());
        }
        cargo.envs(library.iter().map(|folder| ("MSNP_CAPI", folder)));
        cargo.envs(scapy.iter().map(|python| ("MSNP_PYTHON", python)));
        let (status, output) = process::watch(&mut cargo)?;
        Ok(totals::of_cargo(&output).of_runner(status.success()))
    });
}

fn check(command: &mut Command) -> Result<Tally> {
    process::run(command).map(|()| Tally::PASSED)
}
