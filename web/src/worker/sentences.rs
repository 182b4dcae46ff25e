//! How reading ended, as sentences: what happened, why, what next.

use msnp_dissector::analysis;
use msnp_dissector::capture::{Ending, Refusal};
use msnp_dissector::tree::Catalogue;

use crate::protocol::Stage;
use crate::wording::capitalised;

/// The stage after an ending.
#[must_use]
pub fn ending(ending: &Ending, catalogue: &Catalogue) -> Stage {
    match analysis::ending(ending) {
        None => Stage::Complete,
        Some(text) => Stage::Cut { sentence: catalogue.render(&text) },
    }
}

/// Why a file is not read.
#[must_use]
pub fn refusal(refusal: &Refusal, catalogue: &Catalogue) -> String {
    let why = capitalised(&catalogue.render(&analysis::refusal(refusal)));
    format!(
        "{why}. The viewer reads pcap and pcapng files, also inside gzip or Zstandard; Wireshark and tcpdump write them."
    )
}

/// The browser would not hand over a part of the file.
#[must_use]
pub fn unreadable(reason: &str) -> String {
    // A browser's reason is a sentence of its own, or not.
    let reason = reason.trim_end_matches('.');
    format!(
        "The browser could not read the file: {reason}. It may have been moved, changed or removed since it was chosen. Choose it again."
    )
}
