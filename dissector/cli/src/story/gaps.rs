//! What the capture does not show, one a line.

use std::fmt::Write as _;

use msnp_dissector::model::Tale;
use msnp_dissector::report::Reporter;

use super::words::{connection, lines, moment};

/// All of it.
pub fn text(tale: &Tale, reporter: &Reporter) -> String {
    let mut out = String::new();
    for missing in &tale.missing {
        let evidence = missing.evidence;
        let chat = missing.conversation.map(|number| format!(" (conversation {number})")).unwrap_or_default();
        let sentence = lines(&reporter.catalogue.render(&missing.text)).collect::<Vec<_>>().join(" ");
        let sentence = sentence.trim_end_matches('.');
        let _ = writeln!(
            out,
            "{}  {:<5} packet {:<6} {sentence}{chat}.",
            moment(evidence.time),
            connection(evidence.stream),
            evidence.frame
        );
    }
    if tale.missing.is_empty() {
        out.push_str("Nothing is known to be missing.\n");
    }
    out
}
