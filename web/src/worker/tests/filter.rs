//! Filters: what they leave, and what is proposed while one is written.

use super::*;

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
    // An answer that the filter leaves out is in no row: no bracket leads to its neighbour.
    let mut hidden = 0;
    for (row, at) in ladder.rows.iter().zip(0_u32..) {
        let Body::Command(command) = &row.body else { continue };
        for pair in command.answers.iter().chain(&command.answered) {
            let Body::Command(there) = &ladder.rows[pair.row as usize].body else { panic!("{pair:?}") };
            assert!(there.pdu == pair.pdu || pair.row == at, "{pair:?}");
            hidden += u32::from(there.pdu != pair.pdu);
        }
    }
    assert!(hidden > 3, "{hidden}");

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
fn a_filter_that_takes_everything_changes_no_row() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let rows = session.window(LADDER, 0, 1000).rows;
    assert_eq!(rows.iter().filter(|row| matches!(row.body, Body::Silence { .. })).count(), 3);
    // Who writes `msnp.verb` has written `msnp` on the way; what cannot be read leaves it in force.
    assert_eq!(session.filter(1, "msnp", 4).fault, None);
    assert!(session.filter(2, "msnp.ver", 8).fault.is_some());
    let list = List { filter: 1, ..LADDER };
    assert_eq!(session.window(list, 0, 1000).rows, rows);
    // Where it leaves something out, nobody knows of a silence.
    sifted(&mut session, 3, r#"msnp.verb in {"CHG", "OUT"}"#);
    let few = session.window(List { filter: 3, ..LADDER }, 0, 1000);
    assert!(few.rows.iter().filter(|row| matches!(row.body, Body::Silence { .. })).count() == 0, "{few:?}");
}

#[test]
fn a_connection_ends_where_its_last_command_stands() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let bars = |window: &Window| {
        let server = window.bars.iter().filter(|bar| window.lanes[usize::from(bar.lane)].role == Role::Dispatch);
        server.map(|bar| (bar.opened, bar.closed)).collect::<Vec<_>>()
    };
    assert_eq!(bars(&session.window(LADDER, 0, 1000)), [(true, true)]);
    // The first command of the redirect passes, the last does not; and the other way round.
    for (id, verb, expected) in [(7, "VER", (true, false)), (8, "XFR", (false, true)), (9, "CVR", (false, false))] {
        sifted(&mut session, id, &format!("msnp.verb == \"{verb}\""));
        assert_eq!(bars(&session.window(List { filter: id, ..LADDER }, 0, 1000)), [expected], "{verb}");
    }
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
