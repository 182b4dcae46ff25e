use super::{Cue, HtmlHead, Told, Transcript, cues, html, text};
use crate::capture::Timestamp;
use crate::model::{Channel, ChatMessage, Conversation, Evidence, Ownership, Saying};
use crate::msnp::TextFormat;
use crate::report::{LongBytes, Reporter};
use crate::tree::{Catalogue, Span};

fn evidence(seconds: i64) -> Evidence {
    Evidence { pdu: Some(1), frame: 7, time: Timestamp::new(seconds, 0, 0), stream: 0, span: Span::default() }
}

fn cue(seconds: i64, who: Option<&str>, said: &[&str]) -> Cue {
    Cue {
        evidence: evidence(seconds),
        who: who.map(str::to_owned),
        account: None,
        look: None,
        emoticons: Vec::new(),
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
    let look = TextFormat { font: nasty.to_owned(), effects: nasty.to_owned(), colour: None, right_to_left: true };
    let said = Cue {
        account: Some(nasty.to_owned()),
        look: Some(look),
        emoticons: vec![(nasty.to_owned(), nasty.to_owned())],
        ..cue(2, Some(nasty), &[nasty, "more"])
    };
    let cues = vec![cue(1, None, &["Bob comes"]), said, cue(12, None, &["Bob leaves"])];
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
    let head = HtmlHead { title: nasty, about: &[nasty.to_owned()], picture: None };
    let page = html(head, &transcripts(nasty), &when, &Catalogue::english());
    for mark in ["<script", "<a ", "href=\"http", "&amp;</a>"] {
        assert!(!page.contains(mark), "{mark} in {page}");
    }
    assert_eq!(page.matches("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;").count(), 10);
    assert_eq!(page.matches("<h3>").count(), 2);
    assert!(page.contains(".f0{}\n"), "no font of such a name");
    assert_eq!(page.matches(" dir=\"rtl\"").count(), 1);
}

#[test]
fn a_chat_in_which_nothing_is_said_says_so_and_has_no_empty_list() {
    let silent = |cues| vec![Transcript { title: "Chat".into(), heads: Vec::new(), cues, tail: None }];
    let page = |cues| html(HtmlHead::default(), &silent(cues), &when, &Catalogue::english());
    let empty = page(Vec::new());
    assert!(
        empty.contains("<p>No message of it is in this capture.</p>")
            && !empty.contains("<ol")
            && !empty.contains("<ul")
    );
    let told = page(vec![cue(1, None, &["Bob comes"])]);
    assert!(told.contains("No message of it") && told.contains("<ol>\n<li>"));
    assert!(!page(vec![cue(1, Some("Bob"), &["Hi"])]).contains("No message of it"));
}

/// What is told of somebody's typing; each is who, when, and whether something is said rather than typed.
fn typing(said: &[(&str, i64, bool)]) -> Vec<String> {
    let message = |(who, seconds, speaks): &(&str, i64, bool)| ChatMessage {
        evidence: evidence(*seconds),
        copies: Vec::new(),
        from: Some((*who).to_owned()),
        nick: None,
        to: Vec::new(),
        what: if *speaks { Saying::Nudge } else { Saying::Typing },
        delivered: None,
        receipt: None,
        inferred: false,
    };
    let conversation = Conversation {
        number: 1,
        channel: Channel::Room,
        session: None,
        streams: Vec::new(),
        participants: Vec::new(),
        tickets: Vec::new(),
        invitations: Vec::new(),
        messages: said.iter().map(message).collect(),
        pieces: 0,
        start: evidence(0),
        from_start: true,
        end: None,
    };
    let reporter = Reporter { catalogue: Catalogue::english(), long_bytes: LongBytes::default() };
    let script = cues::transcript(&conversation, &Ownership::default(), &reporter, Told::default());
    let told = script.cues.into_iter().flat_map(|cue| cue.lines);
    told.filter(|line| line.contains("typing")).collect()
}

#[test]
fn typing_is_told_where_nothing_comes_of_it() {
    let lone = typing(&[("ann", 0, false), ("ann", 14_400, false)]);
    assert_eq!(lone, ["ann is typing", "ann is typing"], "hours apart");
    assert_eq!(typing(&[("ann", 0, false), ("ann", 5, false), ("ann", 10, false)]), ["ann is typing, for 10 s"]);
    assert_eq!(typing(&[("ann", 0, false), ("ann", 5, true)]), [""; 0]);
    assert_eq!(typing(&[("ann", 0, false), ("ann", 60, true)]), ["ann is typing"], "too long before");
    let both = [("bob", 0, false), ("ann", 1, false), ("bob", 5, false), ("bob", 6, true), ("ann", 8, true)];
    assert_eq!(typing(&both), [""; 0], "both at once");
    assert_eq!(typing(&both[..4]), ["ann is typing"]);
}
