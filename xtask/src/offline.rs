//! Which files of the built page a browser keeps for when there is no network, and which build they are of.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use sha2::{Digest as _, Sha256};

/// The script that keeps them.
const SCRIPT: &str = "offline.js";
/// What stands in it where its version and the files will be.
const PLACEHOLDERS: [&str; 2] = ["{version}", "\"{files}\""];

/// Writes into the script what a folder holds. Doing it twice does no harm.
pub fn prepare(folder: &Path) -> Result<()> {
    let path = folder.join(SCRIPT);
    let script = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let [version, files] = PLACEHOLDERS;
    if !script.contains(version) {
        return Ok(());
    }
    ensure!(script.contains(files), "{SCRIPT} has no place for the names of the files.");
    let mut names = Vec::new();
    list(folder, "", &mut names)?;
    names.sort();
    let mut hash = Sha256::new();
    for name in &names {
        hash.update(name.as_bytes());
        hash.update(fs::read(folder.join(name)).with_context(|| format!("{name} cannot be read"))?);
    }
    let digest = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>();
    let list = names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    // The page is asked for by the folder's name, too.
    let script = script.replacen(version, &digest, 1).replacen(files, &format!("\"./\", {list}"), 1);
    fs::write(&path, script).with_context(|| format!("{} cannot be written", path.display()))
}

/// The names of all files below a folder but for the script itself, with `/` between their parts.
fn list(folder: &Path, below: &str, names: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        match entry.file_type()?.is_dir() {
            true => list(&entry.path(), &format!("{name}/"), names)?,
            false if name != SCRIPT && !name.starts_with('.') => names.push(name),
            false => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_names_every_file_and_another_build_is_another_version() {
        let folder = std::env::temp_dir().join(format!("msnp-offline-{}", std::process::id()));
        fs::create_dir_all(folder.join("samples")).unwrap();
        let script = folder.join(SCRIPT);
        let prepared = |page: &str| {
            fs::write(folder.join("index.html"), page).unwrap();
            fs::write(folder.join("samples/a.pcap"), "x").unwrap();
            fs::write(&script, "const VERSION = \"{version}\";\nconst FILES = [\"{files}\"];\n").unwrap();
            prepare(&folder).unwrap();
            let once = fs::read_to_string(&script).unwrap();
            prepare(&folder).unwrap();
            assert_eq!(fs::read_to_string(&script).unwrap(), once);
            once
        };
        let (one, other) = (prepared("one"), prepared("other"));
        assert!(one.contains(r#"["./", "index.html", "samples/a.pcap"]"#), "{one}");
        assert_ne!(one.lines().next(), other.lines().next());
        fs::remove_dir_all(&folder).unwrap();
    }
}
