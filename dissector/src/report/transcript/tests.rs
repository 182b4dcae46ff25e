use super::{Cue, HtmlHead, Transcript, html, text};
use crate::capture::Timestamp;
use crate::model::Evidence;
use crate::tree::{Catalogue, Span};

fn cue(seconds: i64, who: Option<&str>, said: &[&str]) -> Cue {
    let time = Timestamp::new(seconds, 0, 0);
    let evidence = Evidence { pdu: Some(1), frame: 7, time, stream: 0, span: Span::default() };
    Cue {
        evidence,
        who: who.map(str::to_owned),
        lines: said.iter().map(|line| (*line).to_owned()).collect(),
        failed: who.is_some(),
    }
}

fn when(time: Timestamp, before: Option<Timestamp>) -> (String, String) {
    (
        format!("day {}", time.seconds / 10),
        before.map_or_else(|| "first".to_owned(), |before| before.seconds.to_string()),
    )
}

fn transcripts(nasty: &str) -> Vec<Transcript> {
    let cues =
        vec![cue(1, None, &["Bob comes"]), cue(2, Some(nasty), &[nasty, "more"]), cue(12, None, &["Bob leaves"])];
    vec![Transcript { title: nasty.to_owned(), heads: vec![nasty.to_owned()], cues, tail: Some(nasty.to_owned()) }]
}

#[test]
fn text_has_a_day_over_its_times() {
    let told = text(&transcripts("Bob"), &when, &Catalogue::english());
    let expected = "Bob\n  Bob\n  day 0\n    first         * Bob comes\n    1             Bob: Bob  [not delivered]\n                    more\n  day 1\n    2             * Bob leaves\n    Bob\n";
    assert_eq!(told, expected);
    assert_eq!(text(&[], &when, &Catalogue::english()), "No conversation is in this capture.\n");
}

#[test]
fn text_of_a_capture_is_never_markup() {
    let nasty = "<script>alert('1')</script><a href=\"http://evil.example\">&amp;</a>";
    let head = HtmlHead { title: nasty, about: &[nasty.to_owned()] };
    let page = html(head, &transcripts(nasty), &when, &Catalogue::english());
    for mark in ["<script", "<a ", "href=\"http", "&amp;</a>"] {
        assert!(!page.contains(mark), "{mark} in {page}");
    }
    assert_eq!(page.matches("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;").count(), 8);
    assert_eq!(page.matches("<h3>").count(), 2);
}
