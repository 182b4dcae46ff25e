//! Transcripts as a page of HTML: whole in one file, and inert. It asks for nothing, runs nothing, and no text of a capture
//! is more than text in it: no markup, no link.

mod faces;
mod pictures;

use std::collections::HashSet;
use std::fmt::Write as _;

use super::cues::{EMPTY, NOT_DELIVERED, NOTHING_SAID};
use super::{Cue, Transcript, When};
use crate::tree::Catalogue;
use faces::Faces;
pub use pictures::Picture;
use pictures::Pictures;

/// What stands above the conversations, and what is put into them.
#[derive(Clone, Copy, Default)]
pub struct HtmlHead<'h> {
    /// What the page is called.
    pub title: &'h str,
    /// What is to be known of all of it, sentence by sentence.
    pub about: &'h [String],
    /// Where pictures come from that stand for letters.
    pub picture: Option<Picture<'h>>,
}

const STYLE: &str = "\
:root{color-scheme:light;background:#fff;color:#1b1b1b;font:15px/1.45 system-ui,sans-serif}\
body{margin:2rem auto;max-width:48rem;padding:0 1rem}h1{font-size:1.5rem;overflow-wrap:anywhere}\
h2{font-size:1.1rem;margin:2.2rem 0 .3rem;border-top:1px solid #ccc;padding-top:1rem}h3{font-size:.85rem;color:#595959;margin:1rem 0 .2rem}\
ol,ul{list-style:none;margin:0;padding:0}li{break-inside:avoid;display:flex;gap:.8rem;padding:.15rem 0}\
time{flex:none;font-variant-numeric:tabular-nums;color:#595959;width:7.5rem}\
p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;min-width:0}.about,.span,ul{color:#595959}h2,h3{break-after:avoid}\
img{max-height:3em;max-width:12em;vertical-align:middle}.told{font-style:italic;color:#595959}\
small{color:#595959;font-weight:400}li>small{margin-left:auto;white-space:nowrap}.failed{font-weight:600;color:#a00}\
@media print{:root{font-size:10pt}body{margin:0;max-width:none;padding:0}}\n";

/// Transcripts as one page.
#[must_use]
pub fn html(head: HtmlHead<'_>, all: &[Transcript], when: When<'_>, catalogue: &Catalogue) -> String {
    let title = escaped(head.title);
    let faces = Faces::of(all.iter().flat_map(|one| &one.cues).filter_map(|cue| cue.look.as_ref()));
    let rules = faces.rules();
    let mut page = Page { faces, pictures: Pictures::new(head.picture), when, catalogue, out: String::new() };
    let _ = writeln!(
        page.out,
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n\
        <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}{rules}</style>\n<h1>{title}</h1>"
    );
    for sentence in head.about {
        let _ = writeln!(page.out, "<p class=\"about\">{}</p>", escaped(sentence));
    }
    for transcript in all {
        page.section(transcript);
    }
    if all.is_empty() {
        let _ = writeln!(page.out, "<p>{}</p>", escaped(&catalogue.render(&EMPTY.text())));
    }
    page.out.push_str("</html>\n");
    page.out
}

struct Page<'p> {
    faces: Faces<'p>,
    pictures: Pictures<'p>,
    when: When<'p>,
    catalogue: &'p Catalogue,
    out: String,
}

impl Page<'_> {
    fn section(&mut self, transcript: &Transcript) {
        let _ = writeln!(self.out, "<section>\n<h2>{}</h2>", escaped(&transcript.title));
        if let Some(span) = self.span(&transcript.cues) {
            let _ = writeln!(self.out, "<p class=\"span\">{}</p>", escaped(&span));
        }
        if !transcript.heads.is_empty() {
            self.out.push_str("<ul>\n");
            for head in &transcript.heads {
                let _ = writeln!(self.out, "<li><bdi>{}</bdi></li>", escaped(head));
            }
            self.out.push_str("</ul>\n");
        }
        if !transcript.cues.iter().any(|cue| cue.who.is_some()) {
            let _ = writeln!(self.out, "<p>{}</p>", escaped(&self.catalogue.render(&NOTHING_SAID.text())));
        }
        let (mut day, mut before) = (None, None);
        let mut met = HashSet::new();
        for cue in &transcript.cues {
            let time = cue.evidence.time;
            let (today, clock) = (self.when)(time, before);
            before = Some(time);
            if day.as_ref() != Some(&today) {
                let list = if day.is_some() { "</ol>\n" } else { "" };
                let heading = if today.is_empty() { String::new() } else { format!("<h3>{}</h3>\n", escaped(&today)) };
                let _ = writeln!(self.out, "{list}{heading}<ol>");
                day = Some(today);
            }
            let speaker = cue.account.as_ref().filter(|_| cue.who.is_some());
            let first = speaker.is_some_and(|account| met.insert(account));
            self.cue(cue, &clock, first);
        }
        self.out.push_str(if day.is_some() { "</ol>\n" } else { "" });
        if let Some(tail) = &transcript.tail {
            let _ = writeln!(self.out, "<p>{}</p>", escaped(tail));
        }
        self.out.push_str("</section>\n");
    }

    /// From when to when it goes.
    fn span(&self, cues: &[Cue]) -> Option<String> {
        let (first, last) = (cues.first()?.evidence.time, cues.last()?.evidence.time);
        let ((day, from), (last_day, to)) = ((self.when)(first, None), (self.when)(last, None));
        Some(if day == last_day {
            format!("{day} {from} – {to}")
        } else {
            format!("{day} {from} – {last_day} {to}")
        })
    }

    /// Something that happens; `first`: whoever says it has said nothing before.
    fn cue(&mut self, cue: &Cue, clock: &str, first: bool) {
        let text = self.pictures.text(&cue.lines.join("\n"), &cue.emoticons);
        let _ = write!(self.out, "<li><time>{}</time>", escaped(clock));
        let _ = match &cue.who {
            Some(who) => {
                let account = cue.account.as_deref().map(escaped);
                let title = account.as_ref().map(|account| format!(" title=\"{account}\"")).unwrap_or_default();
                let account = account.filter(|_| first).map(|account| format!(" <small><bdi>{account}</bdi></small>"));
                let (account, face) = (account.unwrap_or_default(), self.faces.attribute(cue.look.as_ref()));
                write!(self.out, "<p><b{title}><bdi>{}</bdi></b>{account}\n<bdi{face}>{text}</bdi>", escaped(who))
            }
            None => write!(self.out, "<p class=\"told\"><bdi>{text}</bdi>"),
        };
        if cue.failed {
            let failed = self.catalogue.render(&NOT_DELIVERED.text());
            let _ = write!(self.out, " <span class=\"failed\">{}</span>", escaped(&failed));
        }
        let _ = writeln!(self.out, "</p><small>#{}</small></li>", cue.evidence.frame);
    }
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
