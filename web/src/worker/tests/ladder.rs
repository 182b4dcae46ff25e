//! The ladder: phases, runs, folding, what is inferred, and its pictures.

use super::*;
use crate::scene::ladder::words::counts;

#[test]
fn what_must_have_happened_unseen_has_rows_that_say_so() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let inferred = |window: &Window| {
        let why = |row: &std::rc::Rc<crate::protocol::Row>| match &row.body {
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
    let row = |row: &std::rc::Rc<crate::protocol::Row>| match &row.body {
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
        "Chat room 11752013 with Bob and Carol ☕ · 40 · ",
        "Sign-in as alice@example.com goes on · 9 · ",
    ];
    assert_eq!(outline(&window), expected);
    assert_eq!(commands(&window).len(), session.overview().commands as usize, "too few pings to fold");
}

/// The headings of phases as they are shown.
fn headings(window: &Window) -> Vec<String> {
    let row = |row: &std::rc::Rc<crate::protocol::Row>| match &row.body {
        Body::Phase(phase) => Some(format!("{}: {}", phase.title, counts(phase))),
        _ => None,
    };
    window.rows.iter().filter_map(row).collect()
}

#[test]
fn a_heading_tells_of_its_own_connection() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let room = "Chat room 11752013 with Bob and Carol ☕: \
        40 commands, 10 that repeat, 5 of others · 1 min 25 s";
    assert_eq!(headings(&session.window(LADDER, 0, 1000))[2], room);
    let connection = session.overview().connections.last().unwrap().clone();
    assert_eq!(connection.commands, 40);
}

#[test]
fn a_phase_goes_on_under_a_heading_of_its_own_behind_another() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let window = session.window(LADDER, 0, 1000);
    let on = "Sign-in as alice@example.com goes on: 9 commands, 4 that repeat · 1 min 12 s";
    assert_eq!(headings(&window)[3], on);
    let part = |window: &Window, nth: usize| {
        let mut phases =
            window.rows.iter().filter_map(|row| if let Body::Phase(one) = &row.body { Some(one) } else { None });
        phases.nth(nth).cloned().unwrap()
    };
    let (first, second) = (part(&window, 1), part(&window, 3));
    assert!(first.stream == second.stream && first.id != second.id);
    // It folds alone, and stays at the top while one is in it.
    let folded = session.fold(LADDER, Folding::Phase(second.id)).unwrap();
    assert_eq!((folded.before, folded.now), (second.rows, 0));
    assert!(!part(&session.window(LADDER, 0, 1000), 1).folded);
    session.fold(LADDER, Folding::Phase(second.id)).unwrap();
    assert_eq!(session.window(LADDER, window.total - 2, 10).above.unwrap().1, *second);
    // Of one connection alone nothing lies between.
    let list = List { scope: Scope::Connection(first.stream), ..LADDER };
    assert_eq!(headings(&session.window(list, 0, 1000)).len(), 1);
    // Where a filter leaves out the end of the room, it is over all the same.
    assert!(session.filter(1, r#"msnp.verb != "OUT""#, 0).fault.is_none());
    let filtered = session.window(List { filter: 1, ..LADDER }, 0, 1000);
    assert_eq!(headings(&filtered)[3], "Sign-in as alice@example.com goes on: 8 commands, 4 that repeat · 1 min 5 s");
}

#[test]
fn a_row_is_timed_from_the_command_before_it() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let commands = List { form: Form::Commands, ..LADDER };
    let since = |window: &Window, pdu: u32| {
        let own = |(row, ..): &(&std::rc::Rc<crate::protocol::Row>, u32, _)| match &row.body {
            Body::Command(command) => command.pdu == pdu,
            _ => false,
        };
        let (row, _, before) = window.timed().find(own).unwrap();
        before.map(|before| format!("{:.3}", row.time.since(before)))
    };
    // Behind a heading, and where the window begins with it.
    let ladder = session.window(LADDER, 0, 1000);
    let row = session.locate(LADDER, 7).unwrap();
    for window in [
        ladder,
        session.window(LADDER, row, 5),
        session.window(LADDER, row - 1, 5),
        session.window(commands, 0, 100),
        session.window(commands, 6, 5),
    ] {
        assert_eq!(since(&window, 7).as_deref(), Some("0.138"));
    }
    assert_eq!(since(&session.window(commands, 0, 5), 1), None);
}

#[test]
fn an_error_says_once_what_it_means() {
    let (mut session, _) = session("msnp15-errors-and-oddities", 1 << 20);
    let window = session.window(LADDER, 0, 1000);
    let errors = commands(&window).into_iter().filter(|command| command.is_error()).collect::<Vec<_>>();
    assert!(!errors.is_empty());
    for error in errors {
        let complaint = error.complaint.as_deref().unwrap();
        let (_, meaning) = complaint.split_once(": ").unwrap();
        assert!(!error.carries.contains(meaning), "{complaint} · {}", error.carries);
    }
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

fn export(session: &mut Session, form: FileForm) -> Result<String, String> {
    let start = session.overview().span.unwrap().0;
    let row = session.locate(LADDER, 49).unwrap();
    session.export(&Export {
        part: Part::Rows { list: LADDER, first: 0, count: u32::MAX },
        form,
        title: "capture.pcap <Ladder>".into(),
        clock: Clock { form: TimeForm::Start, start, ahead: 0 },
        selected: Some(7),
        opened: vec![Opened { pdu: 49, row, whole: false }],
        notes: Vec::new(),
        lanes: Vec::new(),
        colours: Ink::all().into_iter().map(Ink::token).collect(),
    })
}

#[test]
fn a_ladder_as_text_equals_the_one_that_was_looked_at() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let text = export(&mut session, FileForm::Text).unwrap();
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/worker/first-chat.ladder.txt");
    if std::env::var_os("MSNP_BLESS").is_some() {
        fs::write(&golden, &text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(golden).unwrap());
}

#[test]
fn a_ladder_as_svg_can_be_parsed_and_shows_every_row() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let svg = export(&mut session, FileForm::Svg).unwrap();
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
    assert!(export(&mut session, FileForm::Png).is_ok());
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
                    part: Part::Rows { list: LADDER, first: 0, count: total },
                    form: FileForm::Png,
                    title: String::new(),
                    clock: Clock::default(),
                    selected: None,
                    opened: Vec::new(),
                    notes: Vec::new(),
                    lanes: Vec::new(),
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
