//! Objects as files: under names that are safe, never over others, never to be run, with a list of what each is.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use msnp_dissector::report::{Reporter, TransferRecord};
use msnp_dissector::transfer::{State, Transfer, content_type};
use serde::Serialize;

use super::Checked;
use super::file::Capture;
use crate::input::Trouble;
use crate::output::json_line;

/// An object of which parts are missing is written up to here: offsets are claims of the wire.
const PARTS_CEILING: u64 = 4 << 30;
/// The list.
const MANIFEST: &str = "manifest.jsonl";

/// What a file of the folder is.
#[derive(Serialize)]
struct Entry<'r> {
    file: &'r str,
    /// `object`, `parts` (missing bytes are zeros) or `preview`.
    holds: &'static str,
    transfer: &'r TransferRecord,
}

/// Writes all objects of which there are bytes.
pub fn all(
    folder: &Path,
    transfers: &[Transfer],
    checked: &Checked,
    reporter: &Reporter,
    capture: &mut Capture,
) -> Result<(), Trouble> {
    let failed = |path: &Path, error: io::Error| Trouble::NotExtracted { name: path.display().to_string(), error };
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    let list = folder.join(MANIFEST);
    let mut manifest = new_file(&list).map_err(|error| failed(&list, error))?;
    let mut note = |file: &str, holds, record: &TransferRecord| {
        let entry = Entry { file, holds, transfer: record };
        let mut line = Vec::new();
        json_line(&mut line, &entry);
        manifest.write_all(&line).map_err(|error| failed(&list, error))
    };
    for (transfer, verdict) in transfers.iter().zip(checked) {
        let record = reporter.transfer(transfer, verdict);
        if let Some(preview) = &transfer.preview {
            let ending = content_type(preview).map_or("bin", |(_, ending)| ending);
            let name = format!("{:04}-preview.{ending}", transfer.id);
            let path = folder.join(&name);
            new_file(&path).and_then(|mut file| file.write_all(preview)).map_err(|error| failed(&path, error))?;
            note(&name, "preview", &record)?;
        }
        let empty = transfer.state == State::Complete && transfer.size() == Some(0);
        if !transfer.kind.is_bytes() || (transfer.map.covered() == 0 && !empty) {
            continue;
        }
        // What is complete may have been too much to be kept.
        let whole = transfer.state == State::Complete && !verdict.unread;
        let ending = if whole { "" } else { ".part" };
        let name = format!("{}{ending}", transfer.file_name(capture));
        let path = folder.join(&name);
        write(&path, transfer, capture).map_err(|error| failed(&path, error))?;
        note(&name, if whole { "object" } else { "parts" }, &record)?;
    }
    Ok(())
}

fn write(path: &Path, transfer: &Transfer, capture: &mut Capture) -> io::Result<()> {
    let mut file = new_file(path)?;
    let mut trouble = Ok(());
    transfer.read_range(0, PARTS_CEILING, capture, &mut |offset, bytes| {
        if trouble.is_ok() {
            trouble = file.seek(SeekFrom::Start(offset)).and_then(|_| file.write_all(bytes));
        }
    });
    trouble
}

/// A file that was not there, and that cannot be run.
fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o644);
    options.open(path)
}
