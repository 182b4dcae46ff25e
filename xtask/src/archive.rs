//! Archives and checksums that are the same whoever makes them: sorted by name, with one time, owned by nobody.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use sha2::{Digest as _, Sha256};
use tar::{Builder, EntryType, Header};

/// A folder to be put into an archive.
pub struct Archive<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// What it is called in the archive.
    pub name: &'a str,
    /// The time of everything in it, in seconds since the beginning of 1970.
    pub time: u64,
}

impl Archive<'_> {
    /// Writes the archive.
    pub fn write(&self, out: &Path) -> Result<()> {
        let file = File::create(out).with_context(|| format!("{} cannot be written", out.display()))?;
        self.pack(file)?;
        Ok(())
    }

    fn pack<W: Write>(&self, out: W) -> Result<W> {
        let gzip: GzEncoder<W> = GzBuilder::new().mtime(0).write(out, Compression::best());
        let mut tar = Builder::new(gzip);
        for path in all(self.folder)? {
            let name = Path::new(self.name).join(path.strip_prefix(self.folder)?);
            self.add(&mut tar, &path, &name).with_context(|| format!("{} cannot be packed", path.display()))?;
        }
        Ok(tar.into_inner()?.finish()?)
    }

    fn add<W: Write>(&self, tar: &mut Builder<W>, path: &Path, name: &Path) -> Result<()> {
        let found = fs::symlink_metadata(path)?;
        let mut header = Header::new_gnu();
        header.set_mtime(self.time);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mode(if found.is_dir() || is_program(&found) { 0o755 } else { 0o644 });
        header.set_size(0);
        if found.is_symlink() {
            header.set_entry_type(EntryType::Symlink);
            header.set_mode(0o777);
            tar.append_link(&mut header, name, fs::read_link(path)?)?;
        } else if found.is_dir() {
            header.set_entry_type(EntryType::Directory);
            tar.append_data(&mut header, name, io::empty())?;
        } else {
            header.set_size(found.len());
            tar.append_data(&mut header, name, File::open(path)?)?;
        }
        Ok(())
    }
}

/// Checksums of all files in a folder, as `sha256sum --check` reads them.
pub fn checksums(folder: &Path) -> Result<String> {
    let mut out = String::new();
    for path in all(folder)?.into_iter().filter(|path| path.is_file()) {
        let bytes = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let hash = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        out += &format!("{hash}  {}\n", path.strip_prefix(folder)?.display());
    }
    Ok(out)
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for path in all(from)? {
        let copy = to.join(path.strip_prefix(from)?);
        if path.is_dir() {
            fs::create_dir_all(&copy)?;
        } else {
            fs::copy(&path, &copy).with_context(|| format!("{} cannot be copied", path.display()))?;
        }
    }
    Ok(())
}

/// All that is in a folder, each folder before what is in it, sorted by name. Links are not followed.
fn all(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            }
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(unix)]
fn is_program(found: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(found) & 0o100 != 0
}

#[cfg(not(unix))]
fn is_program(_found: &fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::time::{Duration, SystemTime};

    /// A folder with the same in it, made in this order and changed at this time.
    fn folder(name: &str, files: [&str; 3], time: u64) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("msnp-archive-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("bin")).unwrap();
        for file in files {
            fs::write(folder.join(file), file).unwrap();
            let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(time);
            File::options().write(true).open(folder.join(file)).unwrap().set_modified(changed).unwrap();
        }
        fs::set_permissions(folder.join("bin/b"), fs::Permissions::from_mode(0o700)).unwrap();
        symlink("a", folder.join("z")).unwrap();
        folder
    }

    fn packed(folder: &Path) -> Vec<u8> {
        Archive { folder, name: "one", time: 77 }.pack(Vec::new()).unwrap()
    }

    #[test]
    fn an_archive_is_the_same_whenever_and_in_whatever_order_it_is_made() {
        let one = folder("1", ["bin/b", "a", "c"], 1_000);
        let other = folder("2", ["c", "a", "bin/b"], 2_000_000);
        let archive = packed(&one);
        assert!(archive == packed(&other));
        assert_eq!(checksums(&one).unwrap(), checksums(&other).unwrap());
        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(&*archive));
        let entries = tar.entries().unwrap().map(|entry| {
            let entry = entry.unwrap();
            let header = entry.header();
            assert_eq!((header.mtime().unwrap(), header.uid().unwrap(), header.gid().unwrap()), (77, 0, 0));
            (entry.path().unwrap().to_string_lossy().into_owned(), header.mode().unwrap())
        });
        let expected = [("one/a", 0o644), ("one/bin", 0o755), ("one/bin/b", 0o755), ("one/c", 0o644), ("one/z", 0o777)];
        let entries = entries.collect::<Vec<_>>();
        let entries = entries.iter().map(|(name, mode)| (name.trim_end_matches('/'), *mode)).collect::<Vec<_>>();
        assert_eq!(entries, expected);
        [one, other].iter().for_each(|folder| fs::remove_dir_all(folder).unwrap());
    }

    #[test]
    fn checksums_are_those_of_sha256sum() {
        let folder = folder("3", ["a", "c", "bin/b"], 1);
        let sums = checksums(&folder).unwrap();
        let first = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a\n";
        assert!(sums.starts_with(first) && sums.contains("  bin/b\n"), "{sums}");
        fs::remove_dir_all(folder).unwrap();
    }
}
