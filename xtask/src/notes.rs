//! What `cargo xtask soak` remembers between runs, in `.tools/soak.json`: a section for each part.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::process;
use crate::repo::Repo;

/// The file of notes.
pub struct Notes {
    file: PathBuf,
}

impl Notes {
    /// Those of the checkout.
    pub fn of(repo: &Repo) -> Notes {
        Notes { file: repo.tool("soak.json") }
    }

    /// What a part wrote; nothing if there is no file, or one that cannot be understood: then it begins anew.
    pub fn read(&self, part: &str) -> Value {
        self.sections().remove(part).unwrap_or_default()
    }

    /// Keeps what a part has to say, in place of what it said before.
    pub fn write(&self, part: &str, value: Value) -> Result<()> {
        let mut sections = self.sections();
        sections.insert(part.to_owned(), value);
        fs::create_dir_all(self.file.parent().unwrap_or(&self.file))?;
        // As a whole: whoever is interrupted while writing must not lose what was known.
        let fresh = self.file.with_extension("new");
        fs::write(&fresh, format!("{:#}\n", Value::Object(sections)))?;
        fs::rename(&fresh, &self.file).with_context(|| format!("{} cannot be written", self.file.display()))
    }

    fn sections(&self) -> Map<String, Value> {
        let text = fs::read_to_string(&self.file).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }
}

/// A name for what is being tried: the library with its shells, its tests, and what is not yet committed of them.
pub fn sources(repo: &Repo) -> Result<String> {
    let parts = ["dissector", "tests", "Cargo.lock"];
    let mut trees = repo.command("git");
    trees.arg("rev-parse").args(parts.map(|part| format!("HEAD:{part}")));
    let committed = process::read(&mut trees).context("`soak` asks git what it tries")?;
    let mut changes = repo.command("git");
    let Output { status, stdout, .. } = process::output(changes.args(["diff", "HEAD", "--"]).args(parts))?;
    ensure!(status.success(), "`git diff` failed.");
    let hash = Sha256::new().chain_update(&committed).chain_update(&stdout).finalize();
    let name = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect::<String>();
    Ok(if stdout.is_empty() { name } else { format!("{name} (with uncommitted changes)") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_section_leaves_the_others_alone() {
        let folder = std::env::temp_dir().join(format!("msnp-notes-{}", std::process::id()));
        let notes = Notes { file: folder.join("soak.json") };
        assert_eq!(notes.read("laws"), Value::Null);
        notes.write("laws", json!({"slices": 3})).unwrap();
        notes.write("mutants", json!([1])).unwrap();
        notes.write("mutants", json!([2])).unwrap();
        assert_eq!((notes.read("laws"), notes.read("mutants")), (json!({"slices": 3}), json!([2])));
        fs::write(&notes.file, "no JSON").unwrap();
        assert_eq!(notes.read("laws"), Value::Null);
        fs::remove_dir_all(folder).unwrap();
    }
}
