use std::rc::Rc;

use super::*;
use crate::protocol::{Bar, Command, Lane, LeadsTo, Moment, Pair, Row};
use crate::scene::mark::Stroke;

pub fn command(pdu: u32) -> Command {
    Command {
        pdu,
        frame: f64::from(pdu),
        stream: 0,
        role: Role::Notification,
        from: 0,
        to: 1,
        source: String::new(),
        destination: String::new(),
        verb: "VER".into(),
        trid: Some("1".into()),
        carries: String::new(),
        sentence: String::new(),
        payload: None,
        bytes: 9,
        answers: None,
        answered: None,
        unanswered: false,
        leads_to: None,
        severity: None,
        complaint: None,
    }
}

/// Rows 10, 11 … of a list; each pair is (request row, answer row).
pub fn window(rows: u32, pairs: &[(u32, u32)]) -> Window {
    let row = |at: u32| {
        let mut command = command(at + 100);
        let pair = |row: u32| Pair { pdu: row + 100, row, delay: 0.1 };
        command.answers = pairs.iter().find(|(_, answer)| *answer == at).map(|(request, _)| pair(*request));
        command.answered = pairs.iter().find(|(request, _)| *request == at).map(|(_, answer)| pair(*answer));
        Row { time: Moment::default(), body: Body::Command(Box::new(command)) }
    };
    let lane = |role| Lane { role, name: String::new(), address: String::new(), connections: 1, inferred: false };
    Window {
        first: 10,
        total: 1000,
        rows: (10..10 + rows).map(|at| Rc::new(row(at))).collect(),
        lanes: vec![lane(Role::Client), lane(Role::Notification)],
        ..Window::default()
    }
}

const ROW: f64 = 24.0;

fn strokes(window: &Window, selected: Option<u32>) -> Vec<Mark> {
    let extent = Extent { rows: window.total, row: ROW, taller: Vec::new() };
    let geometry = Geometry::for_width(824.0, window.lanes.len(), Measure::default());
    Ladder { window, extent: &extent, geometry, selected }.strokes()
}

/// Top and bottom of everything upright that is drawn in a colour, in rows of the list.
fn uprights(marks: &[Mark], ink: Ink) -> Vec<(f64, f64)> {
    let row = |y: f64| ((10.0 + y / ROW) * 100.0).round() / 100.0;
    let upright = |mark: &Mark| match (&mark.shape, mark.stroke) {
        (Shape::Path(path), Some(Stroke { ink: drawn, .. })) if drawn == ink => {
            let ends = path.iter().filter_map(|pen| match pen {
                Pen::Move(_, y) | Pen::Line(_, y) | Pen::Bend(.., y) => Some(*y),
                Pen::Close => None,
            });
            let (top, bottom) = ends.fold((f64::MAX, f64::MIN), |(top, bottom), y| (top.min(y), bottom.max(y)));
            (bottom > top).then(|| (row(top), row(bottom)))
        }
        _ => None,
    };
    marks.iter().filter_map(upright).collect()
}

#[test]
fn bracket_runs_from_request_to_last_answer() {
    let found = brackets(&window(6, &[(10, 12), (10, 14)]), None);
    let answers: Vec<_> = found.iter().map(|b| (b.request, b.answers.clone(), b.last(), b.depth)).collect();
    assert_eq!(answers, [(10, vec![12, 14], 14, 0)]);
}

#[test]
fn nested_brackets_stand_further_left_and_end_at_three() {
    let window = window(8, &[(10, 17), (11, 16), (12, 15), (13, 14)]);
    let depths = |selected| {
        let mut depths: Vec<_> = brackets(&window, selected).iter().map(|b| (b.request, b.depth, b.chosen)).collect();
        depths.sort_unstable();
        depths
    };
    assert_eq!(depths(None), [(11, 2, false), (12, 1, false), (13, 0, false)]);
    assert_eq!(depths(Some(110))[0], (10, 2, true), "the selected pair is always there");
    let geometry = Geometry::for_width(824.0, 2, Measure::default());
    assert_eq!(geometry.bracket(0) - geometry.bracket(1), 7.0);
}

#[test]
fn the_selected_bracket_is_blue_and_lies_above_the_others() {
    let marks = strokes(&window(4, &[(10, 13), (11, 12)]), Some(113));
    assert_eq!(uprights(&marks, Ink::Select), [(10.5, 13.5)]);
    let last = marks.iter().rposition(|mark| mark.stroke.is_some_and(|stroke| stroke.ink == Ink::Edge)).unwrap();
    let blue = marks.iter().position(|mark| mark.stroke.is_some_and(|stroke| stroke.ink == Ink::Select)).unwrap();
    assert!(blue > last);
}

#[test]
fn bracket_leaves_the_window_at_either_end() {
    let plain = |window: &Window| {
        let edge = uprights(&strokes(window, None), Ink::Edge);
        edge.into_iter().filter(|(top, bottom)| (bottom - top) * ROW != 3.0 * ROW).collect::<Vec<_>>()
    };
    assert_eq!(plain(&window(3, &[(4, 11), (12, 90)])), [(10.0, 11.5), (12.5, 13.0)]);
}

#[test]
fn redirect_leads_down_to_the_beginning_of_its_connection() {
    let mut window = window(4, &[]);
    window.lanes.push(Lane {
        role: Role::Switchboard,
        name: String::new(),
        address: String::new(),
        connections: 1,
        inferred: false,
    });
    let Body::Command(command) = &mut Rc::make_mut(&mut window.rows[0]).body else { unreachable!() };
    (command.from, command.to, command.leads_to) = (1, 0, Some(LeadsTo { lane: 2, row: 13 }));
    let marks = strokes(&window, None);
    let curve = marks.iter().find(|mark| mark.stroke.is_some_and(|stroke| stroke.dash == Dash::Dotted)).unwrap();
    let Shape::Path(path) = &curve.shape else { panic!("{curve:?}") };
    let geometry = Geometry::for_width(824.0, 3, Measure::default());
    assert_eq!(path.last(), Some(&Pen::Line(geometry.lane(2), 3.0 * ROW + 12.0 - lifelines::ABOVE)));
    assert_eq!(curve.stroke.unwrap().ink, Ink::Role(Role::Switchboard));
}

#[test]
fn a_bar_is_open_ended_where_an_end_was_not_captured() {
    let mut window = window(5, &[]);
    let bar = |opened, closed| Bar { lane: 1, first: 11, last: 13, opened, closed };
    let ends = |window: &Window| uprights(&strokes(window, None), Ink::Role(Role::Notification));
    window.bars = vec![bar(true, true)];
    // The bar, and the cross at its end.
    assert_eq!(ends(&window), [(11.17, 13.83), (13.67, 14.0)]);
    window.bars = vec![bar(false, false)];
    assert_eq!(ends(&window), [(11.0, 14.0)]);
    window.bars = vec![Bar { lane: 1, first: 0, last: 50, opened: true, closed: true }];
    assert_eq!(ends(&window), [(10.0, 15.0)], "both ends lie outside");
}

#[test]
fn connections_that_share_a_lifeline_are_one_bar_where_they_overlap() {
    let mut window = window(6, &[]);
    let bar = |first, last| Bar { lane: 0, first, last, opened: false, closed: true };
    window.bars = vec![bar(10, 12), bar(11, 11), bar(12, 13), bar(15, 15)];
    assert_eq!(uprights(&strokes(&window, None), Ink::Role(Role::Client)), [(10.0, 13.83), (15.0, 15.83)]);
}

#[test]
fn lost_bytes_hatch_the_lifelines_of_their_connection() {
    let mut window = window(2, &[]);
    Rc::make_mut(&mut window.rows[1]).body = Body::Lost { stream: 0, from: 0, to: 1, bytes: 40.0 };
    let hatched = uprights(&strokes(&window, None), Ink::Warn);
    assert_eq!(hatched.len(), 2);
    assert!(hatched.iter().all(|(top, bottom)| *top >= 11.0 && *bottom <= 12.0), "{hatched:?}");
}

#[test]
fn geometry_keeps_lanes_apart_and_leaves_room() {
    for (width, lanes) in [(400.0, 4), (824.0, 5), (824.0, 9), (1400.0, 4)] {
        let geometry = Geometry::for_width(width, lanes, Measure::default());
        assert!(geometry.step >= 40.0, "{width} {lanes}");
        assert!(lanes > 8 || geometry.end() <= width, "{width} {lanes}");
    }
    assert_eq!(Geometry::for_width(824.0, 4, Measure::default()).lane(3), 164.0 + 3.0 * 82.0);
    assert_eq!(Geometry::for_width(640.0, 5, Measure::default()).step, 82.0, "the list is scrolled sideways");
}

#[test]
fn larger_letters_act_as_a_narrower_list() {
    let of = |width, text| Geometry::for_width(width, 5, Measure { text, ..Measure::default() });
    assert!(!of(1204.0, 1.5).is_narrow() && of(890.0, 1.5).is_narrow() && !of(480.0, 0.77).is_narrow());
    for (width, text) in [(1204.0, 1.5), (800.0, 2.0), (400.0, 1.0)] {
        let (large, usual) = (of(width, text), of(width / text, 1.0));
        assert_eq!(large.is_narrow(), usual.is_narrow(), "{width}");
        assert!(large.step >= usual.step * text * 0.9, "{width}: {} against {}", large.step, usual.step);
    }
    assert_eq!(of(400.0, 2.0).row, 88.0);
}
