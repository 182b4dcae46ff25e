use std::fs;
use std::path::PathBuf;

use msnp_tests::scenario::{self, Transcript};

use super::session::Session;
use crate::clock::{Clock, TimeForm};
use crate::protocol::story::EntryBody;
use crate::protocol::transfers::Outcome;
use crate::protocol::{Body, Command, Export, FileForm, Folding, Form, List, Opened, Part, Role, Scope, Stage, Window};
use crate::scene::chunks::{Map, Mark};
use crate::scene::mark::Ink;

mod filter;
mod find;
mod findings;
mod ladder;
mod packets;
mod redaction;
mod saving;
mod several;
mod story;
mod transfers;
mod veil;

const LADDER: List = List { scope: Scope::All, form: Form::Ladder, filter: 0 };

fn capture(case: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/captures").join(case);
    let file = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let file =
        file.into_iter().find(|path| path.file_name().unwrap().to_string_lossy().starts_with("capture.")).unwrap();
    fs::read(file).unwrap()
}

fn session(case: &str, slice: usize) -> (Session, Stage) {
    let mut session = Session::default();
    for bytes in capture(case).chunks(slice) {
        session.feed(bytes).unwrap();
    }
    let stage = session.finish();
    while !session.check(10) {}
    (session, stage)
}

fn commands(window: &Window) -> Vec<&Command> {
    window
        .rows
        .iter()
        .filter_map(|row| if let Body::Command(command) = &row.body { Some(&**command) } else { None })
        .collect()
}

/// The same bytes with others of the same length in place of some.
fn changed(mut capture: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    for at in 0..capture.len().saturating_sub(from.len()) {
        if capture[at..].starts_with(from) {
            capture[at..at + to.len()].copy_from_slice(to);
        }
    }
    capture
}

#[test]
fn first_chat_is_a_ladder_with_its_servers() {
    let (mut session, stage) = session("msnp8-signin-chat", 1 << 20);
    assert_eq!(stage, Stage::Complete);
    let window = session.window(LADDER, 0, 1000);
    let roles: Vec<Role> = window.lanes.iter().map(|lane| lane.role).collect();
    assert_eq!(roles, [Role::Client, Role::Dispatch, Role::Notification, Role::Switchboard, Role::Client]);
    assert_eq!((window.lanes[0].name.as_str(), window.lanes[0].inferred), ("alice", false));
    assert_eq!((window.lanes[4].name.as_str(), window.lanes[4].inferred), ("guests", true));
    let commands = commands(&window);
    assert_eq!(
        (commands[0].verb.as_str(), commands[0].trid.as_deref(), commands[0].from, commands[0].to),
        ("VER", Some("1"), 0, 1)
    );
    assert_eq!(commands[1].answers.unwrap().pdu, 1);
    assert_eq!(commands[0].answered.unwrap().pdu, 2);
    assert_eq!(commands[0].answered.unwrap().row, commands[1].answers.unwrap().row + 1);
    assert!(!commands[0].carries.contains("VER"), "{}", commands[0].carries);
    let overview = session.overview();
    assert_eq!(overview.commands as usize, commands.len());
    assert_eq!(overview.dialects, ["MSNP8"]);
    assert!(overview.accounts.iter().any(|account| account.starts_with("alice@")));
}

#[test]
fn any_slicing_of_the_file_gives_the_same_rows() {
    for case in
        ["msnp12-chat-midstream", "msnp11-chat-lost-segment", "msnp8-chat-two-interfaces", "msnp15-errors-and-oddities"]
    {
        let whole = session(case, 1 << 20).0.window(LADDER, 0, 1000);
        let mut sliced = Session::default();
        for bytes in capture(case).chunks(97) {
            sliced.feed(bytes).unwrap();
            // Asking while reading makes lists grow step by step, and go back for commands that come late.
            sliced.window(LADDER, 0, 10);
        }
        sliced.finish();
        while !sliced.check(3) {}
        assert_eq!(sliced.window(LADDER, 0, 1000), whole, "{case}");
    }
}

#[test]
fn a_ladder_that_grows_is_the_one_of_what_was_read_so_far() {
    for case in ["msnp8-signin-chat", "msnp12-chat-midstream", "msnp11-chat-lost-segment", "msnp11-signed-in-elsewhere"]
    {
        let file = capture(case);
        let mut growing = Session::default();
        for (slice, end) in file.chunks(700).zip((1..).map(|slices| (slices * 700).min(file.len()))) {
            growing.feed(slice).unwrap();
            let mut whole = Session::default();
            whole.feed(&file[..end]).unwrap();
            assert_eq!(growing.window(LADDER, 0, 1000), whole.window(LADDER, 0, 1000), "{case} up to byte {end}");
        }
    }
}

#[test]
fn lost_bytes_have_a_row_between_their_neighbours() {
    let (mut session, _) = session("msnp11-chat-lost-segment", 1 << 20);
    let window = session.window(LADDER, 0, 1000);
    let lost: Vec<_> = window.rows.iter().filter(|row| matches!(row.body, Body::Lost { .. })).collect();
    assert_eq!(lost.len(), 2);
    assert_eq!(session.overview().loss_count, 2);
}

#[test]
fn scope_of_one_connection_leaves_two_lifelines() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let connection = session.overview().connections.last().unwrap().clone();
    let list = List { scope: Scope::Connection(connection.stream), form: Form::Commands, filter: 0 };
    let window = session.window(list, 0, 1000);
    assert_eq!((window.lanes.len(), window.total), (2, connection.commands));
    assert!(commands(&window).iter().all(|command| command.stream == connection.stream));
}

#[test]
fn steps_walk_over_commands_only_and_stop_at_the_ends() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let last = session.overview().commands;
    let mut at = session.step(LADDER, None, 1).unwrap().0;
    assert_eq!(at, 1);
    for expected in 2..=last {
        at = session.step(LADDER, Some(at), 1).unwrap().0;
        assert_eq!(at, expected);
    }
    assert_eq!(session.step(LADDER, Some(at), 1).unwrap().0, last);
    for expected in (1..last).rev() {
        at = session.step(LADDER, Some(at), -1).unwrap().0;
        assert_eq!(at, expected);
    }
    assert_eq!(session.step(LADDER, Some(5), i32::MAX).unwrap().0, last);
    assert_eq!(session.step(LADDER, Some(5), i32::MIN).unwrap().0, 1);
    assert_eq!(session.step(LADDER, None, i32::MAX).unwrap().0, last);
    assert_eq!(session.step(LADDER, None, i32::MIN).unwrap().0, 1);
}

#[test]
fn detail_explains_every_field() {
    let (session, _) = session("msnp8-signin-chat", 1 << 20);
    for pdu in 1..=session.commands() {
        let detail = session.detail(pdu).unwrap();
        for item in &detail.items {
            let field = &detail.fields[item.field as usize];
            assert!(!field.explanation.is_empty(), "{}", field.name);
            let source = &detail.sources[usize::from(item.range.source)];
            assert!(item.range.end as usize <= source.bytes.len(), "{} of command {pdu}", field.name);
        }
    }
    assert_eq!(session.detail(0), None);
    assert_eq!(session.detail(session.commands() + 1), None);
}

#[test]
fn ends_are_told_in_sentences() {
    let (_, stage) = session("msnp9-chat-cut-in-packet", 1 << 20);
    assert!(
        matches!(&stage, Stage::Cut { sentence } if sentence.starts_with("The file ends in the middle of packet ")),
        "{stage:?}"
    );
    let mut picture = Session::default();
    let told: Result<(), String> = picture.feed(b"\x89PNG\r\n\x1a\n and so on").and_then(|()| match picture.finish() {
        Stage::Refused { sentence } => Err(sentence),
        other => panic!("{other:?}"),
    });
    assert!(told.unwrap_err().contains("PNG"));
}

#[test]
fn capture_without_msnp_says_what_it_holds() {
    let (session, stage) = session("non-msnp-web", 1 << 20);
    let overview = session.overview();
    assert_eq!((stage, overview.commands), (Stage::Complete, 0));
    assert!(overview.packets > 0.0 && !overview.census.is_empty());
}

/// As for the command line, words that no verb is make a capture none of MSNP; they can be looked at all the same.
#[test]
fn words_that_no_verb_is_are_commands_but_not_recognised() {
    let transcript = r#"{"scenario": {"connections": {"W": {"client": "192.0.2.10:1042", "server": "198.51.100.20:1863"}}}}
{"connection": "W", "dir": "C>S", "line": "HEY a\r\nXYZ b\r\n"}
{"connection": "W", "dir": "S>C", "line": "WHO\r\n"}
"#;
    let capture = scenario::build(&Transcript::parse(transcript).unwrap()).unwrap();
    let mut words = Session::default();
    words.feed(&capture).unwrap();
    assert_eq!(words.finish(), Stage::Complete);
    let overview = words.overview();
    assert_eq!((overview.commands, overview.recognised), (3, 0));
    assert!(!overview.census.is_empty(), "what it holds instead");
    let overview = session("msnp8-signin-chat", 1 << 20).0.overview();
    assert_eq!(overview.recognised, overview.commands);
}

#[test]
fn redirects_lead_to_the_connections_they_caused() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let window = session.window(LADDER, 0, 1000);
    let led = commands(&window).into_iter().filter_map(|command| {
        let to = window.lanes.get(usize::from(command.leads_to?.lane))?;
        Some((command.verb.clone(), to.role))
    });
    let expected = [("XFR".to_owned(), Role::Notification), ("XFR".to_owned(), Role::Switchboard)];
    assert_eq!(led.collect::<Vec<_>>(), expected);
}

#[test]
fn lifelines_of_the_same_role_are_numbered() {
    let (mut session, _) = session("msnp12-chat-midstream", 1 << 20);
    let window = session.window(LADDER, 0, 1000);
    assert!(window.lanes.iter().all(|lane| lane.connections == 1));
    let names: Vec<&str> = window.lanes.iter().map(|lane| lane.name.as_str()).collect();
    assert_eq!(names[1..], ["NS", "SB 1", "SB 2"]);
}

#[test]
fn the_story_is_told_once_everything_was_looked_at() {
    let mut early = Session::default();
    early.feed(&capture("msnp8-signin-chat")).unwrap();
    assert!(early.story().is_none());

    let (session, _) = session("msnp8-signin-chat", 1 << 20);
    let story = session.story().unwrap();
    assert_eq!(story.sign_ins.len(), 1);
    let alice = &story.sign_ins[0];
    assert!(alice.who.starts_with("alice@") && alice.accepted && !alice.inferred, "{alice:?}");
    assert!(alice.facts.iter().any(|fact| fact.name == "Dialect" && fact.value == "MSNP8"));
    assert!(
        story
            .contacts
            .iter()
            .any(|contact| contact.contact.starts_with("bob@") && contact.lists.contains(&"FL".to_owned()))
    );
    let bob = story.timelines.iter().find(|line| line.contact.starts_with("bob@")).unwrap();
    assert!(!bob.own && !bob.bars.is_empty());
    // Every fact leads to a command that exists.
    let proofs = story.contacts.iter().map(|contact| contact.proof).chain(bob.bars.iter().map(|bar| bar.proof));
    for proof in proofs {
        assert!(session.detail(proof.pdu.unwrap()).is_some(), "{proof:?}");
    }

    assert!(!story.chats.is_empty());
    let chat = &story.chats[0];
    let all = session.transcript(chat.number, u32::MAX);
    assert_eq!(all.entries.len(), all.total as usize);
    let said = all.entries.iter().filter_map(|entry| match &entry.body {
        EntryBody::Said(said) => Some(said),
        EntryBody::Note { .. } => None,
    });
    assert!(said.clone().any(|said| said.own) && said.clone().any(|said| !said.own));
    assert!(all.entries.is_sorted_by_key(|entry| entry.proof.time));
    let first = session.transcript(chat.number, 2);
    assert_eq!((first.entries.as_slice(), first.total), (&all.entries[..2], all.total));
}

#[test]
fn what_the_capture_does_not_show_is_told() {
    let (session, _) = session("msnp11-chat-lost-segment", 1 << 20);
    let story = session.story().unwrap();
    let gaps = story.missing.iter().filter(|missing| missing.gap).count();
    assert_eq!((gaps, story.missing.len()), (2, 3));
    let ledger = story.missing.iter().find(|missing| !missing.gap).unwrap();
    assert!(ledger.text.starts_with("No connection of alice@example.com to a notification server"), "{ledger:?}");
    assert!(session.detail(ledger.proof.pdu.unwrap()).is_some());
}

#[test]
fn being_thrown_out_is_told_with_its_time() {
    let (session, _) = session("msnp11-signed-in-elsewhere", 1 << 20);
    let story = session.story().unwrap();
    let alarm = story.sign_ins.iter().find_map(|one| one.elsewhere.as_ref()).unwrap();
    let detail = session.detail(alarm.1.pdu.unwrap()).unwrap();
    assert_eq!(detail.verb, "OUT");
}
