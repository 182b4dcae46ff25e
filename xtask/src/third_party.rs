//! The licences of what others have written and we give away: each text once, with the packages that it is of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;
use crate::repo::Repo;

/// How files with licences begin.
const NAMES: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

/// The licences of all that is built into these packages of ours, for this target.
pub fn texts(repo: &Repo, packages: &[&str], target: Option<&str>) -> Result<String> {
    let mut tree = repo.cargo(["tree", "--locked", "--edges", "normal", "--prefix", "none", "--no-dedupe"]);
    tree.args(["--format", "{p}"]).args(packages.iter().flat_map(|package| ["--package", package]));
    tree.args(target.iter().flat_map(|target| ["--target", target]));
    let listing = process::read(&mut tree)?;
    let wanted = listing.lines().filter_map(package).collect::<BTreeSet<_>>();
    let metadata = process::read(&mut repo.cargo(["metadata", "--locked", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let all = metadata.get("packages").and_then(Value::as_array).context("`cargo metadata` names no packages.")?;
    let mut notices = Notices::default();
    for package in all {
        let text = |key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default();
        // Ours have no source.
        if wanted.contains(&(text("name"), text("version"))) && !text("source").is_empty() {
            let manifest = Path::new(text("manifest_path"));
            notices.add(&format!("{} {}", text("name"), text("version")), text("license"), manifest.parent())?;
        }
    }
    Ok(notices.to_string())
}

/// `("nom", "8.0.0")` of `nom v8.0.0`, with whatever follows.
fn package(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split(' ');
    Some((words.next()?, words.next()?.strip_prefix('v')?))
}

/// What there is to say of others' work.
#[derive(Default)]
struct Notices {
    /// Packages, with the licence as they name it.
    packages: BTreeSet<String>,
    /// The packages that have a text, by the text.
    of_text: BTreeMap<String, BTreeSet<String>>,
}

impl Notices {
    fn add(&mut self, package: &str, licence: &str, folder: Option<&Path>) -> Result<()> {
        self.packages.insert(format!("{package}: {licence}"));
        let folder = folder.context("A package has no folder.")?;
        for file in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?.flatten() {
            let name = file.file_name().to_string_lossy().to_uppercase();
            if NAMES.iter().any(|beginning| name.starts_with(beginning)) && file.path().is_file() {
                let text = String::from_utf8_lossy(&fs::read(file.path())?).replace("\r\n", "\n");
                self.of_text.entry(text.trim().to_owned()).or_default().insert(package.to_owned());
            }
        }
        Ok(())
    }
}

impl std::fmt::Display for Notices {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(out, "This is made with the work of others, under the licences that they name:\n")?;
        writeln!(out, "The standard library of Rust: MIT OR Apache-2.0")?;
        self.packages.iter().try_for_each(|package| writeln!(out, "{package}"))?;
        for (text, packages) in &self.of_text {
            let packages = packages.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            writeln!(out, "\n{}\n{packages}\n\n{text}", "=".repeat(80))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_named_by_their_lines() {
        assert_eq!(package("nom v8.0.0"), Some(("nom", "8.0.0")));
        assert_eq!(package("serde_derive v1.0.229 (proc-macro)"), Some(("serde_derive", "1.0.229")));
        assert_eq!(package(""), None);
    }

    #[test]
    fn a_text_stands_once_with_all_whose_it_is() {
        let mut notices = Notices::default();
        for package in ["b 2", "a 1"] {
            notices.packages.insert(format!("{package}: MIT"));
            notices.of_text.entry("Permission".to_owned()).or_default().insert(package.to_owned());
        }
        let text = notices.to_string();
        assert!(text.contains("a 1: MIT\nb 2: MIT\n") && text.ends_with("\na 1, b 2\n\nPermission\n"), "{text}");
    }
}
