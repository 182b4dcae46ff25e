//! The redaction switch: other people in the same story, in every view and in what is saved.

use msnp_dissector::redaction::{Key, Redactor};

use super::*;

fn redacted(case: &str) -> Session {
    let mut session = Session::default().redacted(Redactor::new(Key::of_capture(&[7; 32])));
    session.feed(&capture(case)).unwrap();
    session.finish();
    while !session.check(10) {}
    session
}

#[test]
fn a_redacted_story_names_nobody_and_has_the_same_commands() {
    let (mut plain, _) = session("msnp8-signin-chat", 1 << 20);
    let mut hidden = redacted("msnp8-signin-chat");
    plain.reveal_secrets(true);
    assert!(hidden.is_redacted() && !plain.is_redacted());
    let (shown, masked) = (plain.window(LADDER, 0, 1000), hidden.window(LADDER, 0, 1000));
    let verbs = |window: &Window| commands(window).iter().map(|c| (c.pdu, c.verb.clone(), c.bytes)).collect::<Vec<_>>();
    assert_eq!(verbs(&shown), verbs(&masked));
    let told = |session: &Session, window: &Window| {
        let story = session.story().unwrap();
        let chat = session.transcript(story.chats[0].number, u32::MAX);
        let details = (1..=session.commands()).map(|pdu| format!("{:?}", session.detail(pdu).unwrap().sentence));
        format!("{story:?} {chat:?} {window:?} {:?} {}", session.overview(), details.collect::<String>())
    };
    let (open, closed) = (told(&plain, &shown), told(&hidden, &masked));
    for secret in ["alice@example.com", "Bob", "Are you there?", "5InventedTicketOfAlice"] {
        assert!(open.contains(secret), "{secret} is in the capture");
        assert!(!closed.contains(secret), "{secret} is told");
    }
}

#[test]
fn a_filter_is_asked_of_what_is_shown() {
    let mut hidden = redacted("msnp8-signin-chat");
    let mut holds = |id, text: &str| {
        hidden.filter(id, text, 0);
        hidden.chosen(Part::Rows { list: List { filter: id, ..LADDER }, first: 0, count: u32::MAX }).len()
    };
    assert_eq!(holds(1, "alice@example.com"), 0);
    assert!(holds(2, "msnp.text") > 3);
}

pub(super) fn wish(part: Part, form: FileForm, clock: Clock) -> Export {
    let (title, opened, colours) = ("first.pcap".to_owned(), Vec::new(), Vec::new());
    Export { part, form, title, clock, selected: None, opened, notes: Vec::new(), lanes: Vec::new(), colours }
}

#[test]
fn chats_are_saved_with_times_as_the_page_shows_them() {
    let (mut plain, _) = session("msnp8-signin-chat", 1 << 20);
    let number = plain.story().unwrap().chats[0].number;
    let start = plain.overview().span.unwrap().0;
    let mut saved = |form, time| {
        let clock = Clock { form: time, start, ahead: 60 };
        plain.export(&wish(Part::Chat(number), form, clock)).unwrap()
    };
    let utc = saved(FileForm::Text, TimeForm::Utc);
    assert!(
        utc.contains("  11 February 2004, UTC\n") && utc.contains("18:30:23.331  alice@example.com: Hi Bob!"),
        "{utc}"
    );
    assert!(saved(FileForm::Text, TimeForm::Local).contains("19:30:23.331  alice@example.com: Hi Bob!"));
    assert!(saved(FileForm::Text, TimeForm::Start).contains("alice@example.com: Hi Bob!"));
    let page = saved(FileForm::Html, TimeForm::Utc);
    assert!(page.contains("<h1>Chats in first.pcap</h1>") && page.contains("Hi Bob! Are you there?"));
    assert_eq!(saved(FileForm::Html, TimeForm::Row).matches("<time>18:30:").count(), 1, "then from line to line");
    assert!(!page.contains("Redacted"));
    let mut hidden = redacted("msnp8-signin-chat");
    let page = hidden.export(&wish(Part::Chats, FileForm::Html, Clock::default())).unwrap();
    assert!(page.contains("Redacted: ") && !page.contains("alice@example.com"));
    let json = |part| wish(part, FileForm::Json, Clock::default());
    let (theirs, ours) = (hidden.chat_records(&json(Part::Chats)), plain.chat_records(&json(Part::Chat(number))));
    assert_eq!(theirs.messages.len(), ours.messages.len());
    assert_eq!((theirs.redacted, ours.redacted, ours.secrets_hidden), (true, false, true));
    plain.reveal_secrets(true);
    assert!(!plain.chat_records(&json(Part::Chats)).secrets_hidden);
}
