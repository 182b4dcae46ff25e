//! Chats and pictures as the page shows them.

use super::*;
use crate::protocol::Moment;
use crate::protocol::story::{Person, Said, Standing};
use crate::protocol::transfers::Transfers;
use crate::scene::portraits::{portraits, shown_at};

const CHAT: &str = "msnp12-chat-emoticons";

fn said(session: &Session) -> Vec<(Moment, Said)> {
    let transcript = session.transcript(1, 1000);
    let said = transcript.entries.into_iter().filter_map(|entry| match entry.body {
        EntryBody::Said(said) => Some((entry.proof.time, said)),
        EntryBody::Note { .. } => None,
    });
    said.collect()
}

#[test]
fn words_come_with_their_looks_and_the_pictures_that_their_sender_announced() {
    let (session, _) = session(CHAT, 1 << 20);
    let said = said(&session);
    let looks =
        said.iter().map(|(_, said)| (said.font.as_str(), said.effects.as_str(), said.colour)).collect::<Vec<_>>();
    let expected = [
        ("Comic Sans MS", "B", Some([0xb5, 0x18, 0x2f])),
        ("Verdana", "I", Some([0x2e, 0x5c, 0x1e])),
        ("Comic Sans MS", "", Some([0xff, 0xf0, 0xc0])),
        ("Verdana", "", None),
        ("Tahoma", "U", Some([0, 0, 0])),
    ];
    assert_eq!(looks, expected);
    let shortcuts = |said: &Said| said.emoticons.iter().map(|one| one.shortcut.clone()).collect::<Vec<_>>();
    let used = said.iter().map(|(_, said)| shortcuts(said)).collect::<Vec<_>>();
    // Alice writes the same letters, but Bob announced the picture.
    assert_eq!(used, [vec![], vec!["(grin)".to_owned(), ":ship:".to_owned()], vec![], vec![], vec![]]);
}

#[test]
fn pictures_that_people_showed_are_known_by_hash_even_when_they_never_travelled() {
    let (session, _) = session(CHAT, 1 << 20);
    let (story, transfers) = (session.story().unwrap(), session.transfers().unwrap());
    let people = portraits(&story, &transfers);
    let [bob] = people.as_slice() else { panic!("{people:?}") };
    assert_eq!((bob.account.as_str(), bob.nick.as_str()), ("bob@example.com", "Bob"));
    let shown =
        bob.shown.iter().map(|one| (one.object.as_deref().unwrap_or_default(), one.transfer)).collect::<Vec<_>>();
    let [(_, Some(1)), (never, None)] = shown.as_slice() else { panic!("{shown:?}") };
    assert!(never.starts_with("9dxvvNpe"), "{never}");
    let said = said(&session);
    let then = said.iter().map(|(time, said)| shown_at(&people, &said.account, *time).map(|one| one.transfer));
    assert_eq!(then.collect::<Vec<_>>(), [None, Some(Some(1)), None, Some(None), None]);
    assert_eq!(shown_at(&people, "bob@example.com", Moment::default()), None, "nobody had heard of one");
}

#[test]
fn a_picture_that_only_its_transfer_tells_of_is_known_from_then_on() {
    let (session, _) = session(CHAT, 1 << 20);
    let (mut story, transfers) = (session.story().unwrap(), session.transfers().unwrap());
    story.timelines.clear();
    let people = portraits(&story, &transfers);
    let [bob] = people.as_slice() else { panic!("{people:?}") };
    let [only] = bob.shown.as_slice() else { panic!("{bob:?}") };
    assert_eq!((only.transfer, only.proof, only.object.clone()), (Some(1), None, transfers.all[0].object.clone()));
    assert!(portraits(&story, &Transfers::default()).is_empty());
}

#[test]
fn chats_are_searched_by_words_and_names() {
    let (session, _) = session(CHAT, 1 << 20);
    let find = |text: &str| session.search_chats(text).chats.iter().map(|one| one.entries).collect::<Vec<_>>();
    assert_eq!(find("GRIN"), [3], "Bob announces it, and both say it");
    assert_eq!(find("painted last"), [1]);
    assert_eq!(find("nobody says this"), [0_u32; 0]);
    let found = session.search_chats("nothing new");
    let transcript = session.transcript(1, found.chats[0].until);
    assert!(transcript.entries.last().is_some_and(|entry| entry.has("nothing new yet")));
}

/// Everybody who does something, with what they are to whose capture it is.
#[test]
fn people_are_told_with_their_standing_and_what_they_wrote_and_sent() {
    let (session, _) = session(CHAT, 1 << 20);
    let story = session.story().unwrap();
    let told = |one: &Person| (one.account.clone(), one.standing, one.messages, one.sent);
    let people = story.people.iter().map(told).collect::<Vec<_>>();
    let own = ("alice@example.com".to_owned(), Standing::Own);
    assert_eq!((people[0].0.clone(), people[0].1), own, "{people:?}");
    let bob = story.people.iter().find(|one| one.account == "bob@example.com").unwrap();
    assert_eq!((bob.nick.as_str(), bob.standing, bob.sent), ("Bob", Standing::Unknown, 2), "a picture and an emoticon");
    let written = said(&session).len();
    assert_eq!(story.people.iter().map(|one| one.messages as usize).sum::<usize>(), written);
    assert!(story.people.iter().all(|one| one.proof.frame >= 1.0), "{:?}", story.people);
    assert_eq!((story.people_count as usize, story.transfer_count, story.partial_count), (people.len(), 2, 0));
}

#[test]
fn whoever_is_not_on_a_whole_list_is_on_none() {
    let all = |name| session(name, 1 << 20).0.story().unwrap().people;
    let unlisted = changed(capture("msnp8-signin-chat"), b"LST carol@", b"LST cyril@");
    let mut session = Session::default();
    session.feed(&unlisted).unwrap();
    session.finish();
    while !session.check(10) {}
    let carol = session.story().unwrap().people.into_iter().find(|one| one.account.starts_with("carol@")).unwrap();
    assert_eq!(carol.standing, Standing::Stranger);
    let standings = |name| all(name).into_iter().map(|one| one.standing).collect::<Vec<_>>();
    assert!(standings("msnp8-signin-chat").contains(&Standing::Contact));
    assert!(standings("msnp9-file-p2p-lossy").iter().all(|one| *one != Standing::Stranger), "its lists are not there");
}

/// One definition: what people wrote, each message once, though the capture may show both ends.
#[test]
fn messages_are_counted_alike_everywhere() {
    for name in ["msnp12-chat-emoticons", "msnp8-signin-chat", "msnp8-chat-two-interfaces", "msnp21-datagrams"] {
        let (session, _) = session(name, 1 << 20);
        let story = session.story().unwrap();
        let in_chats = story.chats.iter().map(|chat| chat.messages).sum::<u32>();
        let by_people = story.people.iter().map(|one| one.messages).sum::<u32>();
        assert_eq!((session.overview().texts, by_people), (in_chats, in_chats), "{name}");
        assert!(in_chats > 0, "{name}");
    }
    let (session, _) = session("msnp12-chat-emoticons", 1 << 20);
    assert_eq!(session.overview().texts as usize, said(&session).len(), "an announcement is no message");
}

#[test]
fn a_page_of_a_chat_shows_it_as_it_was_seen() {
    let (mut session, _) = session(CHAT, 1 << 20);
    session.know(vec!["ab".repeat(32)]);
    let page = session.export(&redaction::wish(Part::Chats, FileForm::Html, Clock::default())).unwrap();
    for part in [
        ".f0{font-family:\"Comic Sans MS\",sans-serif;font-weight:700;color:#b5182f}",
        // Light yellow is not for reading.
        ".f2::before{content:\"\";",
        "<b title=\"bob@example.com\"><bdi>Bob</bdi></b> <small><bdi>bob@example.com</bdi></small>",
        "<img src=\"data:image/",
        "alt=\"(grin)\"",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert_eq!(page.matches("<small><bdi>bob@example.com").count(), 1, "where he speaks first");
    // Alice writes the same letters, but Bob announced the picture.
    assert!(page.contains("I see nothing new yet (grin)</bdi>"));
    assert!(!page.contains("SHA-256"), "a session that was not told a name");
}

#[test]
fn a_page_of_chats_tells_of_files_and_of_their_fate() {
    for case in ["msnp11-file-declined", "msnp9-file-p2p-lossy"] {
        let (mut session, _) = session(case, 1 << 20);
        let page = session.export(&redaction::wish(Part::Chats, FileForm::Html, Clock::default())).unwrap();
        let files = session.transfers().unwrap();
        let files = files.all.iter().filter(|one| one.kind == "file").collect::<Vec<_>>();
        assert!(!files.is_empty(), "{case}");
        for file in files {
            assert!(page.contains(&format!("offers the file “{}”", file.name)), "{page}");
            assert!(page.contains(&format!("The file “{}”: {}", file.name, file.state)), "{page}");
        }
        assert!(!page.contains("<ol>\n</ol>"));
    }
}
