//! What is saved as a capture: the commands of rows, of what is folded away, of a chat.

use super::*;

fn rows(list: List, first: u32, count: u32) -> Part {
    Part::Rows { list, first, count }
}

#[test]
fn all_rows_are_all_commands_folded_or_not() {
    let (mut session, _) = session("msnp11-signed-in-elsewhere", 1 << 20);
    let all = session.commands() as usize;
    for form in [Form::Ladder, Form::Commands, Form::Packets] {
        assert_eq!(session.chosen(rows(List { form, ..LADDER }, 0, u32::MAX)).len(), all, "{form:?}");
    }
    let phase = session.window(LADDER, 0, 1000).rows.iter().find_map(|row| match &row.body {
        Body::Phase(phase) => Some(phase.clone()),
        _ => None,
    });
    let phase = phase.unwrap();
    session.fold(LADDER, Folding::Phase(phase.id)).unwrap();
    assert_eq!(session.chosen(rows(LADDER, 0, u32::MAX)).len(), all);
    let folded = session.chosen(rows(LADDER, 0, 1));
    assert_eq!(folded.len(), phase.commands as usize, "a folded phase stands for its commands");
    session.fold(LADDER, Folding::Phase(phase.id)).unwrap();
    assert_eq!(session.chosen(rows(LADDER, 0, 1)).len(), 0, "an open one is a heading");
}

#[test]
fn a_filter_is_asked_to_the_end_before_its_commands_are_saved() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    session.filter(7, "msnp.verb == \"USR\"", 0);
    let chosen = session.chosen(rows(List { filter: 7, ..LADDER }, 0, u32::MAX));
    assert!(chosen.len() > 4);
    assert!(chosen.iter().all(|pdu| session.detail(*pdu).unwrap().verb == "USR"));
    // One that was never read takes nothing, and is not waited for.
    assert!(session.chosen(rows(List { filter: 99, ..LADDER }, 0, u32::MAX)).is_empty());
}

#[test]
fn a_chat_room_is_saved_with_how_people_got_into_it() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let story = session.story().unwrap();
    let chosen = session.chosen(Part::Chat(story.chats[0].number));
    let verbs = chosen.iter().map(|pdu| session.detail(*pdu).unwrap().verb).collect::<std::collections::BTreeSet<_>>();
    for verb in ["XFR", "CAL", "JOI", "MSG", "ACK", "BYE"] {
        assert!(verbs.contains(verb), "{verb} is not among {verbs:?}");
    }
    assert!(!verbs.contains("LST"));
    assert_eq!(session.chosen(Part::Chats), chosen, "there is one chat");
    assert_eq!(session.chosen(Part::Chat(99)).len(), 0);
}
