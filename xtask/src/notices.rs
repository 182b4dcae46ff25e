//! The licences of what others made and we give away: one text file beside the page, and one in the archive.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::repo::Repo;
use crate::{process, tools};

/// What the file is called.
pub const FILE: &str = "licences.txt";

/// What is given away.
pub struct Work {
    /// What to call it.
    pub name: &'static str,
    /// Under which licence our own part of it is.
    pub own: &'static str,
    /// Our packages in it.
    pub packages: &'static [&'static str],
    /// What they are built for, if not for this machine.
    pub target: Option<&'static str>,
}

/// The page.
const PAGE: Work = Work {
    name: "this page",
    own: "The viewer itself: MIT OR Apache-2.0.",
    packages: &["msnp-web"],
    target: Some(tools::WASM),
};

/// A crate in it: name, version, licence expression.
type Crate = (String, String, String);

/// Writes the page's file into a folder.
pub fn write(repo: &Repo, folder: &Path) -> Result<()> {
    fs::write(folder.join(FILE), of(repo, &PAGE)?).with_context(|| format!("{FILE} cannot be written"))
}

/// What there is to say of others' work in ours.
pub fn of(repo: &Repo, work: &Work) -> Result<String> {
    let crates = crates(repo, work)?;
    ensure!(crates.len() > 10, "Cargo names hardly any crate of {}.", work.name);
    let places = places(repo)?;
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, version, _) in &crates {
        let place = places.get(&(name.clone(), version.clone()));
        let text = place.and_then(|place| text(place)).unwrap_or_default();
        texts.entry(text).or_default().push(format!("{name} {version}"));
    }
    Ok(file(work, &crates, &texts))
}

fn file(work: &Work, crates: &[Crate], texts: &BTreeMap<String, Vec<String>>) -> String {
    let mut out = format!(
        "What others made and {} holds, with the licences under which they allow it.\n\
         {} The standard library of Rust: MIT OR Apache-2.0.\n\n",
        work.name, work.own
    );
    for (name, version, licence) in crates {
        out += &format!("{name} {version}: {licence}\n");
    }
    for (text, names) in texts.iter().filter(|(text, _)| !text.is_empty()) {
        out += &format!("\n\n== {} ==\n\n{text}\n", names.join(", "));
    }
    out
}

/// The crates of others in it, those left out that work only while it is built.
fn crates(repo: &Repo, work: &Work) -> Result<Vec<Crate>> {
    let mut tree = repo.cargo(["tree", "--edges", "normal,no-proc-macro", "--prefix", "none"]);
    tree.args(work.packages.iter().flat_map(|package| ["--package", package]));
    tree.args(work.target.iter().flat_map(|target| ["--target", target]));
    tree.args(["--no-dedupe", "--format", "{p}|{l}"]);
    let listing = process::read(&mut tree)?;
    let mut crates: Vec<Crate> = listing.lines().filter_map(read).collect();
    crates.sort();
    crates.dedup();
    Ok(crates)
}

/// Of a line `name vVERSION|licence` its parts; none for a crate of ours, behind which its folder stands.
fn read(line: &str) -> Option<Crate> {
    let (package, licence) = line.split_once('|')?;
    let (name, version) = package.split_once(" v")?;
    (!version.contains(' ')).then(|| (name.to_owned(), version.to_owned(), licence.replace('/', " OR ")))
}

/// Where the sources of each crate lie.
fn places(repo: &Repo) -> Result<BTreeMap<(String, String), PathBuf>> {
    let metadata = process::read(&mut repo.cargo(["metadata", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata.get("packages").and_then(Value::as_array).context("Cargo lists no packages")?;
    let place = |package: &Value| {
        let text = |key: &str| package.get(key)?.as_str().map(str::to_owned);
        let folder = PathBuf::from(text("manifest_path")?).parent()?.to_owned();
        Some(((text("name")?, text("version")?), folder))
    };
    Ok(packages.iter().filter_map(place).collect())
}

/// The text of a crate's licence: that of MIT where it is among several.
fn text(place: &Path) -> Option<String> {
    let names = fs::read_dir(place).ok()?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names
        .filter(|name| {
            let upper = name.to_uppercase();
            upper.starts_with("LICEN") || upper.starts_with("COPYING") || upper.starts_with("UNLICENSE")
        })
        .collect();
    names.sort_by_key(|name| (!name.to_uppercase().contains("MIT"), name.clone()));
    let text = fs::read_to_string(place.join(names.first()?)).ok()?;
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    Some(lines.join("\n").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_of_others_are_named_with_their_licence() {
        let named = |name: &str, licence: &str| Some((name.to_owned(), "1.2.0".to_owned(), licence.to_owned()));
        assert_eq!(read("memchr v1.2.0|Unlicense OR MIT"), named("memchr", "Unlicense OR MIT"));
        assert_eq!(read("old v1.2.0|MIT/Apache-2.0"), named("old", "MIT OR Apache-2.0"));
        assert_eq!(read("msnp-web v0.1.0 (/somewhere/web)|MIT OR Apache-2.0"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn a_text_that_several_share_stands_there_once() {
        let crates = ["a", "b"].map(|name| (name.to_owned(), "1.0.0".to_owned(), "MIT".to_owned()));
        let texts = [("Permission is granted".to_owned(), vec!["a 1.0.0".to_owned(), "b 1.0.0".to_owned()])];
        let file = file(&PAGE, &crates, &texts.into());
        assert_eq!(file.matches("Permission").count(), 1);
        assert!(file.contains("b 1.0.0: MIT\n") && file.contains("== a 1.0.0, b 1.0.0 =="));
    }
}
