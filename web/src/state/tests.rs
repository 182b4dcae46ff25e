use super::*;
use crate::protocol::transfers::Transfer;
use crate::protocol::transfers::{Arrival, Chunks, Verdict};
use crate::protocol::{Evidence, Fate, FieldItem, Moment, Range, Role, Tell};

fn open(generation: u32) -> Action {
    Action::Open { generation, files: vec![FileInfo { name: "a.pcap".into(), size: 10.0 }], beside: false }
}

fn opened() -> State {
    let state = State::default();
    state.after(open(1)).after(Action::Show(View::Ladder))
}

fn item(start: u32, end: u32, depth: u8) -> FieldItem {
    FieldItem {
        field: 0,
        range: Range { source: 0, start, end },
        depth,
        value: String::new(),
        label: None,
        remark: None,
        generated: false,
        group: false,
        hidden: false,
        filter: None,
    }
}

pub(super) fn detail(pdu: u32) -> Box<Detail> {
    Box::new(Detail {
        pdu,
        verb: "VER".into(),
        trid: None,
        sentence: String::new(),
        evidence: Evidence {
            home: None,
            frame: 1.0,
            time: Moment::default(),
            stream: 0,
            role: Role::Unknown,
            source: String::new(),
            destination: String::new(),
            answers: None,
            answered: None,
            after_gap: false,
        },
        line: 9,
        items: vec![item(0, 9, 0), item(0, 3, 1), item(4, 5, 1)],
        fields: Vec::new(),
        experts: Vec::new(),
        sources: Vec::new(),
        packet: None,
    })
}

#[test]
fn progress_of_another_file_is_dropped() {
    let state = opened();
    let old = Progress { generation: state.generation - 1, read: 5.0, ..Progress::default() };
    assert_eq!(state.after(Action::Told(Tell::Progress(Box::new(old)))), state);
    let new = Progress { generation: state.generation, read: 5.0, ..Progress::default() };
    assert_eq!(state.after(Action::Told(Tell::Progress(Box::new(new)))).progress.read, 5.0);
}

#[test]
fn window_of_another_list_is_dropped() {
    let state = opened();
    let list = List { scope: Scope::Connection(3), form: Form::Ladder, filter: 0 };
    let window = Window { list, total: 7, ..Window::default() };
    assert_eq!(state.after(Action::Told(Tell::Window(Box::new(window.clone())))), state);
    let narrowed =
        state.after(Action::Narrow(Scope::Connection(3))).after(Action::Told(Tell::Window(Box::new(window))));
    assert_eq!(narrowed.window.total, 7);
}

#[test]
fn detail_belongs_to_the_selection() {
    let state = opened().after(Action::Select(2, None));
    assert_eq!(state.after(Action::Told(Tell::Detail(Some(detail(1))))).detail, None);
    assert_eq!(state.after(Action::Told(Tell::Detail(Some(detail(2))))).detail.map(|d| d.pdu), Some(2));
}

#[test]
fn wanted_bytes_become_a_field_when_fields_arrive() {
    let wanted = Range { source: 0, start: 4, end: 5 };
    let state = opened().after(Action::Select(2, Some(wanted))).after(Action::Told(Tell::Detail(Some(detail(2)))));
    assert_eq!(state.selection.unwrap(), Selection { pdu: 2, packet: None, item: Some(2), wanted: None });
    let again = state.after(Action::Select(2, Some(Range { source: 0, start: 1, end: 2 })));
    assert_eq!(again.selection.unwrap().item, Some(1));
}

#[test]
fn payload_folds_open_and_closed_and_is_forgotten_with_its_rows() {
    let open = opened().after(Action::Fold { pdu: 2, row: 5 }).after(Action::Told(Tell::Detail(Some(detail(2)))));
    assert_eq!(open.opened[&2].detail.as_ref().unwrap().pdu, 2);
    assert!(open.after(Action::Fold { pdu: 2, row: 5 }).opened.is_empty());
    assert!(open.after(Action::Show(View::Commands)).opened.is_empty());
    assert_eq!(open.after(Action::Show(View::Ladder)).opened.len(), 1);
}

#[test]
fn a_step_selects_and_its_row_is_a_goal_every_time() {
    let state = opened();
    let (shown, place) = (state.list(), state.place);
    let tell = |place| Action::Told(Tell::Stepped { place, anchor: None, shown, pdu: 9, row: Some(40), packet: None });
    let once = state.after(tell(place));
    assert_eq!((once.selection.unwrap().pdu, once.goal.unwrap().0, once.steps), (9, 40, 1));
    assert_ne!(once.after(tell(place)).goal, once.goal, "who is led somewhere has not gone elsewhere");
    let view = once.after(Action::Show(View::Chats));
    assert_eq!(view.after(tell(place)).goal, None, "another view is shown by now");
    let clicked = state.after(Action::Select(4, None)).after(tell(place));
    assert_eq!((clicked.selection.unwrap().pdu, clicked.steps), (4, 1), "another command was selected in between");
    let back = clicked.after(Action::Deselect).after(tell(place));
    assert_eq!(back.selection, None, "nor does it count that nothing is selected again");
    let writing = state.after(Action::Hold).after(tell(place));
    assert_eq!(writing.selection, None, "a note is being written");
}

#[test]
fn rows_are_selected_up_to_where_a_step_leads() {
    let state = opened().after(Action::Select(2, None));
    let tell = |anchor, row| Tell::Stepped {
        place: state.place,
        anchor,
        shown: state.list(),
        pdu: row,
        row: Some(row),
        packet: None,
    };
    let twice = state.after(Action::Told(tell(Some(5), 6))).after(Action::Told(tell(Some(5), 7)));
    assert_eq!(twice.range, Some((5, 7)));
    assert_eq!(twice.after(Action::Told(tell(None, 8))).range, None);
}

#[test]
fn what_may_show_secrets_is_not_heard_once_they_are_hidden() {
    let state = opened().after(Action::Select(2, None)).after(Action::Reveal(true));
    let state = state.after(Action::Told(Tell::Revealed { revealing: true })).after(Action::Reveal(false));
    let late = state.after(Action::Told(Tell::Detail(Some(detail(2)))));
    assert_eq!(late.detail, None);
    let hidden = late.after(Action::Told(Tell::Revealed { revealing: false }));
    assert!(hidden.after(Action::Told(Tell::Detail(Some(detail(2))))).detail.is_some());
}

/// Where the command before stood may become known when another one is selected already.
#[test]
fn a_row_that_is_brought_selects_nothing() {
    let state = opened().after(Action::Packet(9, 4));
    let brought = state.after(Action::Told(Tell::Sought { list: state.list().unwrap(), row: 40, pdu: Some(9) }));
    assert_eq!((brought.selection, brought.goal.unwrap().0), (state.selection, 40));
    let elsewhere = state.after(Action::Select(7, None));
    let late = elsewhere.after(Action::Told(Tell::Sought { list: state.list().unwrap(), row: 40, pdu: Some(9) }));
    assert_eq!(late.goal, None, "where another one stands is of no interest any more");
}

#[test]
fn opening_forgets_the_last_file_but_not_the_reader() {
    let state = opened().after(Action::Paint(Theme::Dark)).after(Action::Select(2, None));
    let next = state.after(open(2));
    assert_eq!((next.view, next.theme, next.selection), (View::Ladder, Theme::Dark, None));
    assert!(next.generation > state.generation);
}

#[test]
fn address_leads_to_a_command_and_back() {
    let state = opened().after(Action::Navigate(Route { view: View::Commands, pdu: Some(4), ..Route::default() }));
    assert_eq!(state.route(), Route { view: View::Commands, pdu: Some(4), ..Route::default() });
    assert_eq!(state.after(Action::Navigate(Route { view: View::Ladder, ..Route::default() })).selection, None);
}

#[test]
fn field_of_the_command_before_is_not_selected() {
    let first = opened().after(Action::Select(2, None)).after(Action::Told(Tell::Detail(Some(detail(2)))));
    assert_eq!(first.after(Action::SelectItem(Some(1))).selection.unwrap().item, Some(1));
    let second = first.after(Action::Select(3, None));
    assert_eq!(second.after(Action::SelectItem(Some(1))).selection.unwrap().item, None);
}

fn transfer(id: u32) -> Transfer {
    Transfer {
        id,
        kind: "file".into(),
        from: String::new(),
        to: String::new(),
        name: String::new(),
        size: Some(10.0),
        received: 10.0,
        outcome: crate::protocol::transfers::Outcome::Complete,
        state: "complete".into(),
        kept: true,
        carriers: Vec::new(),
        span: None,
        chunks: 1,
        duplicates: 0,
        unplaced: 0,
        gaps: 0,
        beginning: 10.0,
        object: None,
        portrait: false,
        throughput: None,
        verdict: None,
    }
}

fn with_transfers() -> State {
    let all = vec![transfer(1), transfer(2)];
    let told = Tell::Transfers(Some(Box::new(Transfers { all, count: 2 })));
    opened().after(Action::Show(View::Transfers)).after(Action::Told(told))
}

fn chunks(id: u32) -> Action {
    let chunks = Chunks { id, size: 10.0, ..Default::default() };
    Action::Told(Tell::Chunks(Some(Box::new(chunks))))
}

#[test]
fn the_first_transfer_is_shown_until_one_is_chosen() {
    let state = with_transfers();
    assert_eq!(state.shown_transfer().map(|one| one.id), Some(1));
    let state = state.after(chunks(1));
    assert_eq!(state.map.as_ref().map(|map| map.id), Some(1));
    assert_eq!(state.route().transfer, None);
    let state = state.after(Action::Transfer(2));
    assert_eq!((state.shown_transfer().map(|one| one.id), state.map_wanted()), (Some(2), Some(2)));
    // The answer to an older question comes too late.
    assert_eq!(state.after(chunks(1)).map_wanted(), Some(2));
    assert_eq!(state.after(chunks(2)).map_wanted(), None);
}

#[test]
fn the_chosen_transfer_is_in_the_address() {
    let route = |fragment: &str| Route::parse(fragment).unwrap();
    let state = with_transfers().after(Action::Transfer(2));
    assert_eq!(state.route().fragment(), "#transfers?transfer=2");
    let back = state.after(Action::Navigate(route("#transfers")));
    assert_eq!(back.shown_transfer().map(|one| one.id), Some(1));
    let forward = back.after(Action::Navigate(state.route()));
    assert_eq!((forward.shown_transfer().map(|one| one.id), forward.route()), (Some(2), state.route()));
    // What the address asks for is kept until a file is open, and not for the next one.
    let reloaded = State::default().after(Action::Navigate(route("#transfers/9?transfer=2")));
    let files = vec![FileInfo::default()];
    let open = reloaded.after(Action::Open { generation: 1, files: files.clone(), beside: false });
    assert_eq!(open.route(), reloaded.route());
    assert_eq!(open.after(Action::Open { generation: 2, files, beside: false }).route().fragment(), "#transfers");
    // Elsewhere it is kept in mind, not in the address.
    assert_eq!(state.after(Action::Show(View::Chats)).route().fragment(), "#chats");
}

#[test]
fn arrivals_are_asked_for_again_when_they_are_compared() {
    let arrival = Arrival { length: 10, flags: Arrival::TWICE | Arrival::UNCHECKED, ..Arrival::default() };
    let mut chunks = Chunks { id: 1, size: 10.0, ..Chunks::default() };
    arrival.pack(&mut chunks.arrivals);
    let state = with_transfers();
    assert_eq!(state.map_wanted(), Some(1));
    let state = state.after(Action::Told(Tell::Chunks(Some(Box::new(chunks)))));
    assert_eq!(state.map_wanted(), None);
    let verdicts = vec![(1, Verdict::default())];
    let state = state.after(Action::Told(Tell::Verdicts { generation: state.generation, verdicts }));
    assert_eq!(state.map_wanted(), Some(1));
    assert_eq!(state.after(Action::Show(View::Ladder)).map_wanted(), None);
}

#[test]
fn verdicts_are_about_transfers_of_the_open_file() {
    let state = with_transfers();
    let verdict = Verdict { misnamed: true, ..Verdict::default() };
    let tell = |generation| {
        Action::Told(Tell::Verdicts { generation, verdicts: vec![(2, verdict.clone()), (7, verdict.clone())] })
    };
    assert_eq!(state.after(tell(state.generation + 1)), state);
    let state = state.after(tell(state.generation));
    let known = state.transfers.unwrap().all.iter().map(|one| one.verdict.is_some()).collect::<Vec<_>>();
    assert_eq!(known, [false, true]);
}

#[test]
fn a_command_selected_elsewhere_brings_its_transfer_each_time() {
    let tell = |pdu, id| Action::Told(Tell::TransferOf { pdu, id });
    let shown = |state: &State| state.shown_transfer().map(|one| one.id);
    let elsewhere = |state: &State, pdu| {
        state.after(Action::Show(View::Ladder)).after(Action::Select(pdu, None)).after(Action::Show(View::Transfers))
    };
    let state = elsewhere(&with_transfers().after(Action::Transfer(1)), 9);
    assert_eq!(state.owner_wanted(), Some(9));
    assert_eq!(shown(&state.after(tell(8, Some(2)))), Some(1));
    assert_eq!(state.after(tell(8, Some(2))).owner_wanted(), Some(9));
    assert_eq!(shown(&state.after(tell(9, None))), Some(1));
    let state = state.after(tell(9, Some(2)));
    assert_eq!((shown(&state), state.owner_wanted()), (Some(2), None));
    // The worker's answer is no step that Back would undo.
    assert_eq!(state.route().fragment(), "#transfers/9");
    let state = elsewhere(&state, 10);
    assert_eq!(state.owner_wanted(), Some(10));
    assert_eq!(shown(&state.after(tell(10, Some(1)))), Some(1));
}

#[test]
fn a_command_selected_in_a_transfer_leaves_it_in_place() {
    let state = with_transfers().after(Action::Transfer(2)).after(Action::Select(9, None));
    assert_eq!((state.owner_wanted(), state.route().fragment()), (None, "#transfers/9?transfer=2".to_owned()));
    let first = with_transfers().after(Action::Select(9, None));
    assert_eq!((first.owner_wanted(), first.route().fragment()), (None, "#transfers/9?transfer=1".to_owned()));
}

#[test]
fn the_tour_goes_from_view_to_view_and_outlives_the_opening_of_its_sample() {
    let first = State::default().after(Action::Tour(Some(0)));
    let opened = first.after(Action::Open { generation: 1, files: vec![FileInfo::default()], beside: false });
    assert_eq!((opened.tour, opened.view), (Some(0), STOPS[0].view));
    for (at, stop) in STOPS.iter().enumerate() {
        assert_eq!(opened.after(Action::Tour(Some(at))).view, stop.view);
    }
    let left = opened.after(Action::Tour(Some(1))).after(Action::Tour(None));
    assert_eq!((left.tour, left.view), (None, STOPS[1].view), "one stays where one is");
    assert_eq!(opened.after(Action::Close).tour, None);
}

#[test]
fn redaction_keeps_the_place_and_forgets_what_was_told() {
    let state = with_transfers().after(Action::Select(9, None)).after(Action::Show(View::Ladder));
    let redacted = state.after(Action::Redact { generation: 5, redacted: true });
    assert!(redacted.redacted && redacted.transfers.is_none() && redacted.detail.is_none());
    assert_eq!((redacted.generation, redacted.selection.map(|s| s.pdu), redacted.view), (5, Some(9), View::Ladder));
    assert_eq!(redacted.files, state.files);
    assert!(redacted.filter.id > state.filter.id, "the filter is asked again, of what is shown");
    let back = redacted.after(Action::Redact { generation: 6, redacted: false });
    assert!(!back.redacted);
    let other = redacted.after(Action::Open { generation: 7, files: vec![FileInfo::default()], beside: false });
    assert!(!other.redacted, "another capture is shown as it is");
}

#[test]
fn a_marked_command_stays_until_another_capture_is_opened() {
    let state = opened().after(Action::Select(4, None)).after(Action::Told(Tell::Detail(Some(detail(4)))));
    let marked = state.after(Action::Mark);
    assert_eq!(marked.marked.as_ref().map(|detail| detail.pdu), Some(4));
    let other = marked.after(Action::Select(5, None));
    assert_eq!(other.after(Action::Mark).marked.as_ref().map(|detail| detail.pdu), Some(4), "its fields are not there");
    assert!(other.after(Action::Redact { generation: 9, redacted: true }).marked.is_none(), "it tells who people are");
}

#[test]
fn notes_stay_with_the_capture_and_empty_ones_go() {
    let state = opened().after(Action::Note(4, "look".into())).after(Action::Note(7, "odd".into()));
    let state = state.after(Action::Note(4, "  ".into()));
    assert_eq!(state.notes.iter().collect::<Vec<_>>(), [(&7, &"odd".to_owned())]);
    assert_eq!(state.after(Action::Redact { generation: 9, redacted: true }).notes, state.notes);
    assert!(state.after(open(3)).notes.is_empty());
}

#[test]
fn saved_work_brings_back_place_filter_and_notes() {
    let mut state = opened().after(Action::Note(7, "odd".into())).after(Action::Select(7, None));
    state = state.after(Action::Filter("msnp.text".into(), 9)).after(Action::Narrow(Scope::Connection(2)));
    let work = state.work();
    assert_eq!((work.captures[0].name.as_str(), work.route.as_str()), ("a.pcap", "#ladder/7?filter=msnp.text"));
    // Dropped onto the empty page it waits for its capture.
    let waiting = State::default().after(Action::Restore(Rc::new(work.clone())));
    assert!(waiting.notice.as_ref().is_some_and(|notice| notice.contains("a.pcap")), "{:?}", waiting.notice);
    for restored in [waiting.after(open(1)), opened().after(Action::Restore(Rc::new(work.clone())))] {
        assert_eq!((restored.view, restored.scope), (View::Ladder, Scope::Connection(2)));
        assert_eq!(restored.selection.map(|s| s.pdu), Some(7));
        assert_eq!((restored.filter.text.as_str(), &restored.notes), ("msnp.text", &state.notes));
        assert!(restored.trouble.is_none());
    }
    let files = vec![FileInfo { name: "a.pcap".into(), size: 11.0 }];
    let other = State::default()
        .after(Action::Open { generation: 1, files, beside: false })
        .after(Action::Restore(Rc::new(work)));
    assert!(other.trouble.as_ref().is_some_and(|said| said.contains("another capture")), "{:?}", other.trouble);
}

#[test]
fn files_beside_move_notes_and_selection_to_their_new_numbers() {
    let state = opened().after(Action::Note(4, "look".into())).after(Action::Note(7, "odd".into()));
    let state = state.after(Action::Select(7, None)).after(Action::Redact { generation: 2, redacted: true });
    let (_, keep) = state.keeping();
    assert_eq!(keep, [(1, 4), (2, 7), (3, 7)]);
    let beside = |state: &State, generation| {
        let files = vec![FileInfo { name: "b.pcap".into(), size: 5.0 }];
        state.after(Action::Open { generation, files, beside: true })
    };
    let more = beside(&state, 3);
    assert_eq!((more.files.name().as_str(), more.files.size()), ("a.pcap and b.pcap", 15.0));
    assert!(more.redacted && more.notes.is_empty() && more.selection.is_none());
    let moved = |fates: &[(u32, Fate)]| Action::Told(Tell::Moved(fates.to_vec()));
    let there = more.after(moved(&[(1, Fate::At(14)), (2, Fate::At(17)), (3, Fate::At(17))]));
    assert_eq!(there.notes.iter().collect::<Vec<_>>(), [(&14, &"look".to_owned()), (&17, &"odd".to_owned())]);
    assert_eq!((there.selection.map(|s| s.pdu), there.waiting_notes(), &there.notice), (Some(17), 0, &None));
    // A note that is written while others still wait is kept with them.
    let fewer = more.after(Action::Note(2, "new".into())).after(Action::Leave { generation: 4, at: 1 });
    assert_eq!(more.after(Action::Note(2, "new".into())).keeping().1, [(4, 2)], "the others are on their way");
    let all = [(1, Fate::At(4)), (2, Fate::Absent), (3, Fate::At(7)), (4, Fate::Gone)];
    let told = fewer.after(moved(&all));
    assert_eq!(told.notes.iter().collect::<Vec<_>>(), [(&4, &"look".to_owned())]);
    assert!(told.notice.as_ref().is_some_and(|notice| notice.starts_with("1 note was about")), "{:?}", told.notice);
    // What was not found waits for the next opening.
    assert_eq!(told.waiting_notes(), 1);
    let again = beside(&told, 5).after(moved(&[(2, Fate::At(9)), (5, Fate::At(4)), (6, Fate::At(7))]));
    assert_eq!(again.notes.iter().collect::<Vec<_>>(), [(&4, &"look".to_owned()), (&9, &"odd".to_owned())]);
    // Numbers are never given twice, and what nobody tells of waits.
    let later = beside(&again, 6);
    assert_eq!(later.keeping().1, []);
    assert_eq!((again.keeping().1, again.waiting_notes()), (vec![(7, 4), (8, 9), (9, 7)], 0));
    assert_eq!(later.after(moved(&[(7, Fate::At(1))])).waiting_notes(), 1);
}

#[test]
fn an_opening_without_notes_leaves_nothing_behind_that_later_ones_would_take_for_all() {
    let files = || vec![FileInfo::default()];
    let two = opened().after(Action::Open { generation: 3, files: files(), beside: true });
    let two = two.after(Action::Told(Tell::Moved(Vec::new()))).after(Action::Note(4, "look".into()));
    let three = two.after(Action::Open { generation: 4, files: files(), beside: true });
    let there = three.after(Action::Told(Tell::Moved(vec![(1, Fate::At(40))])));
    assert_eq!(there.notes.get(&40).map(String::as_str), Some("look"));
}

#[test]
fn work_about_two_captures_waits_for_both() {
    let file = |name: &str| vec![FileInfo { name: name.into(), size: 10.0 }];
    let open = |state: &State, generation, name| {
        state.after(Action::Open { generation, files: file(name), beside: generation > 1 })
    };
    let both = open(&open(&State::default(), 1, "a.pcap"), 2, "b.pcap").after(Action::Note(7, "odd".into()));
    let work = Rc::new(both.work());
    assert_eq!(work.captures.len(), 2);
    let waiting = open(&State::default(), 1, "a.pcap").after(Action::Restore(Rc::clone(&work)));
    assert!(waiting.notes.is_empty() && waiting.notice.is_some_and(|notice| notice.contains("open them too")));
    let first = open(&State::default().after(Action::Restore(work)), 1, "a.pcap");
    assert!(first.notes.is_empty());
    assert_eq!(open(&first, 2, "b.pcap").notes.get(&7).map(String::as_str), Some("odd"));
}

#[test]
fn a_file_beside_nothing_is_opened_like_any_other() {
    let files = vec![FileInfo::default()];
    let first = State::default().after(Action::Open { generation: 1, files, beside: true });
    assert!(!first.files.are_several() && first.moving.is_none());
}
