//! Transcripts as a page of HTML: whole in one file, and inert. It asks for nothing, runs nothing, and no text of a capture
//! is more than text in it: no markup, no link.

use std::fmt::Write as _;

use super::cues::{EMPTY, NOT_DELIVERED};
use super::{Cue, Transcript, When};
use crate::tree::Catalogue;

/// What stands above the conversations.
#[derive(Debug, Clone, Copy, Default)]
pub struct HtmlHead<'h> {
    /// What the page is called.
    pub title: &'h str,
    /// What is to be known of all of it, sentence by sentence.
    pub about: &'h [String],
}

const STYLE: &str = "\
:root{color-scheme:light dark;font:15px/1.45 system-ui,sans-serif}body{margin:2rem auto;max-width:46rem;padding:0 1rem}\
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .3rem}h3{font-size:.85rem;font-weight:600;opacity:.75}\
ol,ul{list-style:none;margin:0;padding:0}li{break-inside:avoid;display:flex;gap:.8rem;padding:.15rem 0}\
time{flex:none;font-variant-numeric:tabular-nums;opacity:.75;width:7.5rem}p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}\
.told{font-style:italic}small{margin-left:auto;opacity:.75;white-space:nowrap}.failed{font-weight:600}";

/// Transcripts as one page.
#[must_use]
pub fn html(head: HtmlHead<'_>, all: &[Transcript], when: When<'_>, catalogue: &Catalogue) -> String {
    let title = escaped(head.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
        <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n<h1>{title}</h1>\n"
    );
    for sentence in head.about {
        let _ = writeln!(out, "<p>{}</p>", escaped(sentence));
    }
    for transcript in all {
        section(transcript, when, catalogue, &mut out);
    }
    if all.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", escaped(&catalogue.render(&EMPTY.text())));
    }
    out.push_str("</html>\n");
    out
}

fn section(transcript: &Transcript, when: When<'_>, catalogue: &Catalogue, out: &mut String) {
    let _ = writeln!(out, "<section>\n<h2>{}</h2>\n<ul>", escaped(&transcript.title));
    for head in &transcript.heads {
        let _ = writeln!(out, "<li><bdi>{}</bdi></li>", escaped(head));
    }
    out.push_str("</ul>\n<ol>\n");
    let (mut day, mut before) = (String::new(), None);
    for cue in &transcript.cues {
        let time = cue.evidence.time;
        let (today, clock) = when(time, before);
        before = Some(time);
        if today != day {
            let _ = writeln!(out, "</ol>\n<h3>{}</h3>\n<ol>", escaped(&today));
            day = today;
        }
        write(cue, &clock, catalogue, out);
    }
    out.push_str("</ol>\n");
    if let Some(tail) = &transcript.tail {
        let _ = writeln!(out, "<p>{}</p>", escaped(tail));
    }
    out.push_str("</section>\n");
}

fn write(cue: &Cue, clock: &str, catalogue: &Catalogue, out: &mut String) {
    let text = escaped(&cue.lines.join("\n"));
    let _ = write!(out, "<li><time>{}</time>", escaped(clock));
    let _ = match &cue.who {
        Some(who) => write!(out, "<p><b><bdi>{}</bdi></b>\n<bdi>{text}</bdi>", escaped(who)),
        None => write!(out, "<p class=\"told\"><bdi>{text}</bdi>"),
    };
    if cue.failed {
        let _ = write!(out, " <span class=\"failed\">{}</span>", escaped(&catalogue.render(&NOT_DELIVERED.text())));
    }
    let _ = writeln!(out, "</p><small>#{}</small></li>", cue.evidence.frame);
}

/// Text that is only text, also in an attribute.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
