use std::fs;
use std::path::PathBuf;

use msnp_tests::scenario::{self, Transcript};

use super::session::Session;
use crate::clock::{Clock, TimeForm};
use crate::protocol::story::EntryBody;
use crate::protocol::transfers::Outcome;
use crate::protocol::{Body, Command, Export, Folding, Form, List, Opened, Picture, Role, Scope, Stage, Window};
use crate::scene::chunks::{Map, Mark};
use crate::scene::mark::Ink;

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
fn findings_stand_worst_first_and_name_their_bytes() {
    let (mut session, _) = session("msnp15-errors-and-oddities", 1 << 20);
    let window = session.window(List { scope: Scope::All, form: Form::Findings, filter: 0 }, 0, 1000);
    let severities: Vec<_> = window
        .rows
        .iter()
        .map(|row| match &row.body {
            Body::Finding(finding) => finding.severity,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(severities.len() > 5 && severities.is_sorted_by(|a, b| a >= b), "{severities:?}");
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
    assert_eq!((gaps, story.missing_count), (2, 3));
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

#[test]
fn a_picture_is_put_together_and_checked_in_portions() {
    let (mut session, _) = session("msnp11-pictures-p2p", 1 << 20);
    let list = session.transfers().unwrap();
    let told = list.all.iter().map(|one| (one.kind.as_str(), one.outcome, one.verdict.clone())).collect::<Vec<_>>();
    assert_eq!(told, [("display picture", Outcome::Complete, None), ("file", Outcome::Declined, None)]);

    let mut verdicts = Vec::new();
    while session.unverified() {
        verdicts.extend(session.verify(100));
    }
    // The smallest first: nothing came of the file.
    assert_eq!(verdicts.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [2, 1]);
    let (_, picture) = verdicts.pop().unwrap();
    assert_eq!((picture.announced, picture.content_type.as_deref()), (Some(true), Some("image/png")));
    assert_eq!(session.transfers().unwrap().all[0].verdict, Some(picture));

    let mut bytes = Vec::new();
    let mut at = Some(0);
    while let Some(from) = at {
        let mut part = Vec::new();
        at = session.object(1, from, from + 1000, &mut part);
        bytes.extend(part);
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/captures/msnp11-pictures-p2p");
    assert_eq!(bytes, fs::read(folder.join("bob.png")).unwrap());
}

#[test]
fn arrivals_say_where_their_bytes_are() {
    let (session, _) = session("msnp11-pictures-p2p", 1 << 20);
    let map = Map::from(session.chunks(1).unwrap());
    assert_eq!((map.size, map.arrivals.len(), map.runs.len(), map.gaps.len()), (4086, 4, 4, 0));
    assert_eq!(map.count(Mark::Unacknowledged), 0);
    assert_eq!(map.steps.len(), 5);
    for arrival in &map.arrivals {
        let detail = session.detail(arrival.pdu).unwrap();
        let (source, start, end) = arrival.bytes;
        let found = detail
            .items
            .iter()
            .find(|item| (item.range.source, item.range.start, item.range.end) == (source, start, end));
        assert!(found.is_some(), "no field has exactly the bytes of {arrival:?}");
        let mut bytes = Vec::new();
        session.object(1, arrival.offset, arrival.end(), &mut bytes);
        assert_eq!(detail.sources[usize::from(source)].bytes[start as usize..end as usize], bytes);
        assert_eq!(session.transfer_of(arrival.pdu), Some(1));
    }
    assert_eq!((session.transfer_of(1), session.chunks(9)), (None, None));
}

#[test]
fn what_came_twice_is_told_as_not_compared_until_it_is() {
    let (mut session, _) = session("msnp9-file-p2p-lossy", 1 << 20);
    let counts = |session: &Session| {
        let map = Map::from(session.chunks(1).unwrap());
        [Mark::Unchecked, Mark::Twice, Mark::Different].map(|mark| map.count(mark))
    };
    assert_eq!(counts(&session), [2, 0, 0]);
    while session.unverified() {
        session.verify(1 << 20);
    }
    assert_eq!(counts(&session), [0, 1, 1]);
}

#[test]
fn a_list_tells_where_the_first_hole_is() {
    let (session, _) = session("msnp9-file-p2p-lossy", 1 << 20);
    let one = session.transfers().unwrap().all.remove(0);
    assert_eq!((one.gaps, one.beginning, one.is_partial()), (2, 3606.0, true));
    let whole = super::tests::session("msnp11-picture-p2p", 1 << 20).0.transfers().unwrap().all.remove(0);
    assert_eq!((whole.gaps, whole.beginning, whole.is_partial()), (0, 27812.0, false));
}

/// The filter's list once it is complete.
fn sifted(session: &mut Session, id: u32, text: &str) -> (Window, crate::protocol::filter::Sifted) {
    let reading = session.filter(id, text, 0);
    assert_eq!((reading.id, reading.fault), (id, None));
    let list = List { scope: Scope::All, form: Form::Commands, filter: id };
    session.window(list, 0, 10);
    let sifted = std::iter::from_fn(|| session.sift()).find(|sifted| sifted.complete()).unwrap();
    (session.window(list, 0, 1000), sifted)
}

#[test]
fn a_filter_leaves_its_commands() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let all = session.window(List { form: Form::Commands, ..LADDER }, 0, 1000);
    let expected = commands(&all).into_iter().filter(|command| command.verb == "MSG").map(|command| command.pdu);
    let expected = expected.collect::<Vec<_>>();
    let (window, sifted) = sifted(&mut session, 7, "msnp.verb == \"MSG\"");
    assert_eq!(commands(&window).iter().map(|command| command.pdu).collect::<Vec<_>>(), expected);
    assert_eq!((sifted.found as usize, sifted.of), (expected.len(), all.total));
    let ladder = session.window(List { filter: 7, ..LADDER }, 0, 1000);
    assert_eq!(commands(&ladder).len(), expected.len());

    session.filter(8, "msnp.verb == \"MSG\" ", 15);
    assert_eq!(
        commands(&session.window(List { filter: 7, ..LADDER }, 0, 1000)).len(),
        expected.len(),
        "still in force"
    );
    let fault = session.filter(8, "msnp.verbs == 5", 15).fault.unwrap();
    assert_eq!((fault.start, fault.end), (0, 10));
    assert!(!commands(&session.window(List { filter: 7, ..LADDER }, 0, 1000)).is_empty(), "the last one stays");
}

#[test]
fn accounts_are_proposed_with_their_counts_and_found_by_what_was_noted() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let text = "msnp.account == \"ali";
    let reading = session.filter(1, text, u32::try_from(text.len()).unwrap());
    let choice = &reading.completion.choices[0];
    assert!(choice.text.starts_with("\"alice@") && choice.count > Some(1), "{choice:?}");
    let (window, _) = sifted(&mut session, 2, &format!("msnp.account == {}", choice.text));
    assert!(window.total > 1);
}

#[test]
fn what_must_have_happened_unseen_has_rows_that_say_so() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let inferred = |window: &Window| {
        let why = |row: &crate::protocol::Row| match &row.body {
            Body::Inferred { why, from, to, .. } => Some((*from, *to, why.clone())),
            _ => None,
        };
        window.rows.iter().filter_map(why).collect::<Vec<_>>()
    };
    let all = inferred(&session.window(LADDER, 0, 1000));
    assert_eq!((all.len(), all[0].0, all[0].1), (2, 2, 4));
    assert!(all[0].2.contains("bob@example.com was not captured"), "{}", all[0].2);
    // Of one connection alone nothing is inferred, and where the invitation was captured there is nothing to infer.
    let stream = session.overview().connections.last().unwrap().stream;
    assert_eq!(inferred(&session.window(List { scope: Scope::Connection(stream), ..LADDER }, 0, 1000)), []);
}

/// Headings of phases with the commands they count, runs by what they hold.
fn outline(window: &Window) -> Vec<String> {
    let row = |row: &crate::protocol::Row| match &row.body {
        Body::Phase(phase) => Some(format!("{} · {} · {}", phase.title, phase.commands, phase.outcome)),
        Body::Run(run) => Some(format!("{:?} {}", run.kind, run.commands)),
        _ => None,
    };
    window.rows.iter().filter_map(row).collect()
}

#[test]
fn a_ladder_has_phases_and_folded_runs() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let window = session.window(LADDER, 0, 1000);
    let expected = [
        "Redirect · 6 · ",
        "Sign-in as alice@example.com · 26 · signed in · MSNP8",
        "Chat room 11752013 with Bob and Carol ☕ · 45 · ",
    ];
    assert_eq!(outline(&window), expected);
    assert_eq!(commands(&window).len(), session.overview().commands as usize, "too few pings to fold");
}

#[test]
fn pings_and_typing_notices_fold_into_one_row() {
    let (mut session, _) = session("msnp11-signed-in-elsewhere", 1 << 20);
    let window = session.window(LADDER, 0, 1000);
    let expected = ["Sign-in as alice@example.com · 27 · signed in · MSNP11", "Pings 6"];
    assert_eq!(outline(&window)[..2], expected);
    let (row, run) = window
        .rows
        .iter()
        .zip(0..)
        .find_map(|(row, at)| match &row.body {
            Body::Run(run) => Some((at, *run)),
            _ => None,
        })
        .unwrap();
    assert!(run.every.unwrap() > 10.0, "silences between pings belong to the run: {run:?}");
    let unfolded = session.fold(LADDER, Folding::Run(run.id)).unwrap();
    assert_eq!((unfolded.row, unfolded.before), (row, 0));
    assert!(unfolded.now > run.commands, "with its silences");
}

#[test]
fn folding_hides_rows_and_brings_them_back() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let before = session.window(LADDER, 0, 1000);
    let (row, phase) = before
        .rows
        .iter()
        .zip(0..)
        .find_map(|(row, at)| match &row.body {
            Body::Phase(phase) if phase.role == Role::Notification => Some((at, phase.clone())),
            _ => None,
        })
        .unwrap();
    let folded = session.fold(LADDER, Folding::Phase(phase.id)).unwrap();
    assert_eq!((folded.row, folded.before, folded.now), (row, phase.rows, 0));
    let after = session.window(LADDER, 0, 1000);
    assert_eq!(after.total, before.total - phase.rows);
    assert_eq!(session.locate(LADDER, phase.id), None, "it is folded away");
    assert!(session.step(LADDER, Some(1), 1).is_some());
    // What is to be shown is unfolded.
    assert_eq!(session.reveal(LADDER, phase.id).unwrap().now, phase.rows);
    assert_eq!(session.reveal(LADDER, phase.id), None);
    assert_eq!(session.window(LADDER, 0, 1000), before);
}

#[test]
fn one_accounts_story_has_all_its_connections() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let owners = session.overview().owners;
    assert_eq!(owners.iter().map(|owner| owner.account.as_str()).collect::<Vec<_>>(), ["alice@example.com"]);
    let list = |scope| List { scope, form: Form::Commands, filter: 0 };
    let own = session.window(list(Scope::Account(0)), 0, 1000).total;
    assert_eq!(own, session.window(list(Scope::All), 0, 1000).total);
    assert_eq!(session.window(list(Scope::Account(1)), 0, 1000).total, 0);
}

fn export(session: &mut Session, picture: Picture) -> Result<String, String> {
    let start = session.overview().span.unwrap().0;
    let row = session.locate(LADDER, 49).unwrap();
    session.export(&Export {
        list: LADDER,
        first: 0,
        count: u32::MAX,
        picture,
        title: "capture.pcap <Ladder>".into(),
        clock: Clock { form: TimeForm::Start, start, ahead: 0 },
        selected: Some(7),
        opened: vec![Opened { pdu: 49, row, whole: false }],
        colours: Ink::all().into_iter().map(Ink::token).collect(),
    })
}

#[test]
fn a_ladder_as_text_equals_the_one_that_was_looked_at() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let text = export(&mut session, Picture::Text).unwrap();
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/worker/first-chat.ladder.txt");
    if std::env::var_os("MSNP_BLESS").is_some() {
        fs::write(&golden, &text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(golden).unwrap());
}

#[test]
fn a_ladder_as_svg_can_be_parsed_and_shows_every_row() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let svg = export(&mut session, Picture::Svg).unwrap();
    let mut reader = quick_xml::Reader::from_str(&svg);
    reader.config_mut().check_end_names = true;
    let (mut texts, mut open) = (Vec::new(), false);
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(tag) => open = matches!(tag.name().as_ref(), "text" | "title"),
            quick_xml::events::Event::Text(text) if open => {
                texts.push(text.to_string());
                open = false;
            }
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    let window = session.window(LADDER, 0, 1000);
    for command in commands(&window) {
        assert!(texts.contains(&command.verb), "{}", command.verb);
    }
    assert!(texts.iter().any(|text| text.starts_with("Chat room 11752013")));
    assert!(texts.iter().any(|text| text.contains("text/plain")), "the open payload");
    assert!(!svg.contains("style="), "attributes only");
}

#[test]
fn what_no_file_can_hold_is_refused_in_a_sentence() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    assert!(export(&mut session, Picture::Png).is_ok());
    let mut room = Session::default();
    for bytes in capture("msnp15-lecture-session").chunks(1 << 16) {
        room.feed(bytes).unwrap();
    }
    room.finish();
    let total = room.window(LADDER, 0, 1).total;
    assert!(
        total < 330
            || room
                .export(&Export {
                    list: LADDER,
                    first: 0,
                    count: total,
                    picture: Picture::Png,
                    title: String::new(),
                    clock: Clock::default(),
                    selected: None,
                    opened: Vec::new(),
                    colours: Vec::new(),
                })
                .unwrap_err()
                .contains("export SVG")
    );
}

#[test]
fn packets_hold_the_commands_that_they_complete() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let list = List { form: Form::Packets, ..LADDER };
    let window = session.window(list, 0, 1000);
    let packets: Vec<_> = window
        .rows
        .iter()
        .map(|row| if let Body::Packet(packet) = &row.body { &**packet } else { panic!("{row:?}") })
        .collect();
    let pdus: Vec<u32> = packets.iter().flat_map(|packet| packet.pdus.clone()).collect();
    assert_eq!(pdus, (1..=session.overview().commands).collect::<Vec<_>>(), "each command in one packet");
    let full = packets.iter().position(|packet| packet.pdus.len() > 3).unwrap();
    assert!(packets[full].commands.starts_with("SYN 8, GTC"), "{}", packets[full].commands);
    // Each of its commands leads to it, and a step goes to the next packet.
    let row = u32::try_from(full).unwrap();
    assert!(packets[full].pdus.iter().all(|pdu| session.locate(list, *pdu) == Some(row)));
    let last = *packets[full].pdus.last().unwrap();
    assert_eq!(session.step(list, Some(last), 1).unwrap(), (last + 1, row + 1));
    assert_eq!(session.step(list, Some(last), -1).unwrap().1, row - 1);
}
