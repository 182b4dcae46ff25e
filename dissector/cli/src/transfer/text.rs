//! Transfers and chunks for people.

use std::fmt::Write as _;

use msnp_dissector::report::Reporter;
use msnp_dissector::transfer::{Chunk, Overlap, Transfer, Verdict};
use msnp_dissector::tree::hex;

use super::Checked;
use crate::story::words::{clock, moment, name};

/// Gaps that are listed.
const GAPS_SHOWN: usize = 8;

/// All transfers, one paragraph each.
pub fn transfers(all: &[Transfer], checked: &Checked, reporter: &Reporter) -> String {
    if all.is_empty() {
        return "No transfer of a picture, file or other object is in this capture.\n".to_owned();
    }
    let paragraphs = all.iter().zip(checked).map(|(transfer, verdict)| paragraph(transfer, verdict, reporter));
    paragraphs.collect::<Vec<_>>().join("\n")
}

fn paragraph(transfer: &Transfer, verdict: &Verdict, reporter: &Reporter) -> String {
    let word = |text| reporter.catalogue.render(&text);
    let called = if transfer.name.is_empty() { String::new() } else { format!(" “{}”", name(&transfer.name)) };
    let person = |who: &Option<String>| who.as_deref().map_or_else(|| "somebody".to_owned(), name);
    let (from, to) = (person(&transfer.from), person(&transfer.to));
    let mut out = format!("{} {}{called}, from {from} to {to}\n", transfer.id, word(transfer.kind.name()));
    let mut row = |title: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(out, "  {title:<11}{value}");
        }
    };
    row("State", state(transfer, reporter));
    if transfer.kind.is_bytes() {
        row("Size", size(transfer));
        row("Missing", gaps(transfer));
    }
    row("Chunks", arrivals(transfer));
    row("Carried by", transfer.carriers.iter().map(|carrier| word(carrier.name())).collect::<Vec<_>>().join(", "));
    for step in &transfer.steps {
        let at = step.sighting;
        row("", format!("{}  {} (packet {}, command {})", clock(at.time), word(step.what.name()), at.frame, at.pdu));
    }
    row("Content", content(verdict));
    if let Some(sha1) = verdict.sha1 {
        row("SHA-1", format!("{}{}", hex(&sha1), announced(verdict)));
    }
    if let Some(sha256) = verdict.sha256 {
        row("SHA-256", hex(&sha256));
    }
    if let Some(preview) = &transfer.preview {
        row("Preview", format!("a small picture of {} bytes in the invitation", preview.len()));
    }
    for note in transfer.notes(verdict) {
        row("Note", word(note.text));
    }
    out
}

fn state(transfer: &Transfer, reporter: &Reporter) -> String {
    let mut state = reporter.catalogue.render(&transfer.state.name());
    if let (Some(first), Some(last)) = (transfer.began(), transfer.ended()) {
        let times = match first.time.recorded().and(last.time.recorded()) {
            Some(_) => format!("{} to {} UTC", moment(first.time), clock(last.time)),
            None => "no times recorded".to_owned(),
        };
        let _ = write!(state, ", {times}, packets {} to {}", first.frame, last.frame);
    }
    state
}

fn size(transfer: &Transfer) -> String {
    let covered = transfer.map.covered();
    let mut text = match transfer.size() {
        Some(size) if size == covered => format!("{size} bytes"),
        Some(size) => format!("{covered} of {size} bytes"),
        None => format!("{covered} bytes, of an object whose size is not known"),
    };
    if let Some(rate) = transfer.throughput() {
        let _ = write!(text, ", {rate:.0} bytes a second");
    }
    text
}

fn gaps(transfer: &Transfer) -> String {
    let gaps = transfer.gaps();
    let shown = gaps.iter().take(GAPS_SHOWN).map(|(from, to)| format!("{from}–{}", to.saturating_sub(1)));
    let mut text = shown.collect::<Vec<_>>().join(", ");
    if gaps.len() > GAPS_SHOWN {
        let _ = write!(text, " and {} more", gaps.len() - GAPS_SHOWN);
    }
    if text.is_empty() { text } else { format!("bytes {text}") }
}

fn arrivals(transfer: &Transfer) -> String {
    let chunks = &transfer.map.chunks;
    if chunks.is_empty() {
        return String::new();
    }
    let count = |wanted: &dyn Fn(&Chunk) -> bool| chunks.iter().filter(|chunk| wanted(chunk)).count();
    let mut parts = vec![format!("{}", chunks.len())];
    let mut say = |count: usize, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    say(count(&Chunk::is_duplicate), "came again");
    say(count(&|chunk| chunk.overlap == Overlap::Different), "with other bytes than before");
    say(count(&|chunk| chunk.out_of_order), "out of order");
    say(count(&|chunk| !chunk.counted), "not counted by their headers");
    say(transfer.relayed as usize, "seen at both ends");
    say(transfer.unplaced as usize, "of unknown place");
    let unacknowledged = count(&Chunk::is_unacknowledged);
    if chunks.iter().any(|chunk| chunk.acknowledged_by.is_some()) {
        say(unacknowledged, "not acknowledged");
    } else if unacknowledged > 0 {
        parts.push("none acknowledged".to_owned());
    }
    parts.join(", ")
}

fn content(verdict: &Verdict) -> String {
    let Some(kind) = verdict.content_type else { return String::new() };
    kind.to_owned()
}

fn announced(verdict: &Verdict) -> &'static str {
    match verdict.sha1d_ok {
        Some(true) => ", as announced",
        Some(false) => ", another one was announced",
        None => "",
    }
}

/// The chunks of one transfer, one a line.
pub fn chunks(transfer: &Transfer, reporter: &Reporter) -> String {
    let mut out = format!("Transfer {}, chunks: {}\n", transfer.id, transfer.map.chunks.len());
    let _ = writeln!(out, "{:>12} {:>7} {:>8} {:>8}  {:<12}  notes", "offset", "length", "packet", "command", "time");
    for chunk in &transfer.map.chunks {
        let at = chunk.sighting;
        let notes = notes(chunk, reporter).join(", ");
        let line = format!(
            "{:>12} {:>7} {:>8} {:>8}  {:<12}  {notes}",
            chunk.offset,
            chunk.length,
            at.frame,
            at.pdu,
            clock(at.time)
        );
        out.push_str(line.trim_end());
        out.push('\n');
    }
    let missing = gaps(transfer);
    if !missing.is_empty() {
        let _ = writeln!(out, "missing: {missing}");
    }
    out
}

fn notes(chunk: &Chunk, reporter: &Reporter) -> Vec<String> {
    let mut notes = vec![reporter.catalogue.render(&chunk.carrier.name())];
    if chunk.is_duplicate() {
        notes.push("came before".to_owned());
    }
    match chunk.overlap {
        Overlap::Different => notes.push("bytes differ from those before".to_owned()),
        Overlap::Unchecked => notes.push("not compared".to_owned()),
        Overlap::Same | Overlap::None => {}
    }
    if chunk.out_of_order {
        notes.push("out of order".to_owned());
    }
    if !chunk.counted {
        notes.push("not counted by its header".to_owned());
    }
    if let Some(pdu) = chunk.acknowledged_by {
        notes.push(format!("acknowledged by command {pdu}"));
    }
    notes
}
