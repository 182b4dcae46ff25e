//! Objects as files: under names that are safe, never over others, never to be run, with a list of what each is.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use msnp_dissector::report::{Reporter, TransferRecord, json_line};
use msnp_dissector::transfer::{State, Transfer};
use serde::Serialize;

use super::Checked;
use super::file::Capture;
use crate::input::Trouble;

/// Missing bytes of an object for which zeros are written. Offsets are claims of the wire: what stands behind more missing
/// bytes than that is not written. Bytes that have come are, however many.
const ZEROS: u64 = 4 << 30;
/// Bytes written at a time.
const SLICE: usize = 128 * 1024;
/// The list.
const MANIFEST: &str = "manifest.jsonl";

/// What a file of the folder is.
#[derive(Serialize)]
struct Entry<'r> {
    file: &'r str,
    /// `object`, `parts` (missing bytes are zeros) or `preview`.
    holds: &'static str,
    /// Bytes that came and are not in the file: first and the one behind the last. A ceiling did not let them be kept, or
    /// they stand too far off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unwritten: Vec<(u64, u64)>,
    transfer: &'r TransferRecord,
}

/// Writes all objects of which there are bytes; what cannot be written does not keep the others from it, and is returned.
pub fn all(
    folder: &Path,
    transfers: &[Transfer],
    checked: &Checked,
    reporter: &Reporter,
    capture: &mut Capture,
) -> Result<Vec<Trouble>, Trouble> {
    let failed = |path: &Path, error: io::Error| Trouble::NotExtracted { name: path.display().to_string(), error };
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    let list = folder.join(MANIFEST);
    let mut manifest = new_file(&list).map_err(|error| failed(&list, error))?;
    let mut note = |file: &str, holds, unwritten, record: &TransferRecord| {
        let entry = Entry { file, holds, unwritten, transfer: record };
        let mut line = Vec::new();
        json_line(&mut line, &entry);
        manifest.write_all(&line).map_err(|error| failed(&list, error))
    };
    let mut troubles = Vec::new();
    for (transfer, verdict) in transfers.iter().zip(checked) {
        let record = reporter.transfer(transfer, verdict);
        if let Some((preview, name)) = transfer.preview.as_ref().zip(transfer.preview_name()) {
            let path = folder.join(&name);
            match write(&path, |file| file.write_all(preview)) {
                Ok(()) => note(&name, "preview", Vec::new(), &record)?,
                Err(error) => troubles.push(failed(&path, error)),
            }
        }
        let empty = transfer.state == State::Complete && transfer.size() == Some(0);
        if !transfer.kind.is_bytes() || (transfer.map.covered() == 0 && !empty) {
            continue;
        }
        // What is complete may have been too much to be kept.
        let whole = transfer.state == State::Complete && verdict.unread.is_none();
        let ending = if whole { "" } else { ".part" };
        let name = format!("{}{ending}", transfer.file_name(capture));
        let path = folder.join(&name);
        let until = transfer.end_before(ZEROS);
        let mut unwritten = Vec::new();
        let content = |file: &mut File| {
            unwritten = object(file, transfer, until, capture)?;
            // It was read before, to be hashed.
            let lost = whole && !unwritten.is_empty();
            if lost { Err(io::Error::other("the capture could not be read a second time")) } else { Ok(()) }
        };
        match write(&path, content) {
            Ok(()) => note(&name, if whole { "object" } else { "parts" }, unwritten, &record)?,
            Err(error) => troubles.push(failed(&path, error)),
        }
        if until < transfer.map.furthest() {
            troubles.push(Trouble::TooFar { name: path.display().to_string(), until });
        }
    }
    Ok(troubles)
}

/// Writes what is there of an object, up to before `until`; what has come and is not written.
fn object(file: &mut File, transfer: &Transfer, until: u64, capture: &mut Capture) -> io::Result<Vec<(u64, u64)>> {
    let mut file = BufWriter::with_capacity(SLICE, file);
    let mut at = 0;
    let mut trouble = Ok(());
    // Where the runs begin that are written, in order.
    let mut written = Vec::new();
    transfer.read_range(0, until, capture, &mut |offset, bytes| {
        if trouble.is_ok() {
            let there = if offset == at { Ok(()) } else { file.seek(SeekFrom::Start(offset)).map(drop) };
            trouble = there.and_then(|()| file.write_all(bytes));
            at = offset.saturating_add(bytes.len() as u64);
            written.push(offset);
        }
    });
    trouble.and_then(|()| file.flush())?;
    let mut unwritten: Vec<(u64, u64)> = Vec::new();
    for run in transfer.map.runs().filter(|run| written.binary_search(&run.start).is_err()) {
        match unwritten.last_mut() {
            Some((_, end)) if *end == run.start => *end = run.end,
            _ => unwritten.push((run.start, run.end)),
        }
    }
    Ok(unwritten)
}

/// A new file with what `content` writes. What could not be written whole does not stay.
fn write(path: &Path, content: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let mut file = new_file(path)?;
    content(&mut file).inspect_err(|_| drop(fs::remove_file(path)))
}

/// A file that was not there, and that cannot be run.
fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o644);
    options.open(path)
}
