//! Transcripts as text.

use std::fmt::Write as _;

use super::cues::{EMPTY, NOT_DELIVERED};
use super::{Transcript, When};
use crate::tree::Catalogue;

/// Transcripts as text, one below the other.
#[must_use]
pub fn text(all: &[Transcript], when: When<'_>, catalogue: &Catalogue) -> String {
    let mut out = String::new();
    for transcript in all {
        if !out.is_empty() {
            out.push('\n');
        }
        write(transcript, when, catalogue, &mut out);
    }
    if all.is_empty() {
        let _ = writeln!(out, "{}", catalogue.render(&EMPTY.text()));
    }
    out
}

fn write(transcript: &Transcript, when: When<'_>, catalogue: &Catalogue, out: &mut String) {
    let _ = writeln!(out, "{}", transcript.title);
    for head in &transcript.heads {
        let _ = writeln!(out, "  {head}");
    }
    let (mut day, mut before) = (String::new(), None);
    for cue in &transcript.cues {
        let time = cue.evidence.time;
        let (today, clock) = when(time, before);
        before = Some(time);
        if today != day {
            let _ = writeln!(out, "  {today}");
            day = today;
        }
        let mut lines = cue.lines.iter();
        let first = lines.next().map_or("", String::as_str);
        let who = cue.who.as_ref().map_or_else(|| "* ".to_owned(), |who| format!("{who}: "));
        let failed = match cue.failed {
            true => format!("  [{}]", catalogue.render(&NOT_DELIVERED.text())),
            false => String::new(),
        };
        let _ = writeln!(out, "    {clock:<12}  {who}{first}{failed}");
        for line in lines {
            let _ = writeln!(out, "                    {line}");
        }
    }
    if let Some(tail) = &transcript.tail {
        let _ = writeln!(out, "    {tail}");
    }
}
