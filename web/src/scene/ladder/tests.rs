use super::*;
use crate::protocol::{Bar, Command, Lane, Moment, Pair, Row};

fn command(pdu: u32) -> Command {
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
        leads_to: None,
        severity: None,
        complaint: None,
    }
}

/// Rows 10, 11 … of a list; each pair is (request row, answer row).
fn window(rows: u32, pairs: &[(u32, u32)]) -> Window {
    let row = |at: u32| {
        let mut command = command(at + 100);
        let pair = |row: u32| Pair { pdu: row + 100, row, delay: 0.1 };
        command.answers = pairs.iter().find(|(_, answer)| *answer == at).map(|(request, _)| pair(*request));
        command.answered = pairs.iter().find(|(request, _)| *request == at).map(|(_, answer)| pair(*answer));
        Row { time: Moment::default(), body: Body::Command(Box::new(command)) }
    };
    let lane = |role| Lane { role, name: String::new(), address: String::new(), connections: 1 };
    Window {
        first: 10,
        total: 1000,
        rows: (10..10 + rows).map(row).collect(),
        lanes: vec![lane(Role::Client), lane(Role::Notification)],
        ..Window::default()
    }
}

fn parts(scenes: &[RowScene], row: u32) -> Vec<(u8, Part)> {
    scenes[row as usize - 10].brackets.iter().map(|b| (b.depth, b.part)).collect()
}

#[test]
fn bracket_runs_from_request_to_last_answer() {
    let scenes = scenes(&window(6, &[(10, 12), (10, 14)]), None);
    let seen: Vec<_> = (10..16).map(|row| parts(&scenes, row)).collect();
    let expected = [
        Some(Part::Request),
        Some(Part::Between),
        Some(Part::Answer),
        Some(Part::Between),
        Some(Part::LastAnswer),
        None,
    ];
    assert_eq!(seen, expected.map(|part| part.map(|part| (0, part)).into_iter().collect::<Vec<_>>()));
}

#[test]
fn nested_brackets_stand_further_left_and_end_at_three() {
    let pairs = [(10, 17), (11, 16), (12, 15), (13, 14)];
    let plain = scenes(&window(8, &pairs), None);
    assert_eq!(parts(&plain, 13), [(0, Part::Request), (1, Part::Between), (2, Part::Between)]);
    let selected = scenes(&window(8, &pairs), Some(110));
    assert!(selected[0].brackets.iter().any(|b| b.part == Part::Request && b.emphasis == Emphasis::Selected));
}

#[test]
fn bracket_leaves_the_window_at_either_end() {
    let scenes = scenes(&window(3, &[(4, 11), (12, 90)]), None);
    assert_eq!(parts(&scenes, 10), [(0, Part::Between)]);
    assert_eq!(parts(&scenes, 11), [(0, Part::LastAnswer)]);
    assert_eq!(parts(&scenes, 12), [(0, Part::Request)]);
}

#[test]
fn redirect_points_to_the_lifeline_it_leads_to() {
    let mut window = window(1, &[]);
    window.lanes.push(Lane { role: Role::Switchboard, name: String::new(), address: String::new(), connections: 1 });
    let Body::Command(command) = &mut window.rows[0].body else { unreachable!() };
    (command.from, command.to, command.leads_to) = (1, 0, Some(2));
    let expected = Some(HandOver { from: 1, to: 2, role: Role::Switchboard });
    assert_eq!(scenes(&window, None)[0].hand_over, expected);
}

#[test]
fn lifeline_begins_runs_ends_and_is_idle() {
    let mut window = window(5, &[]);
    window.bars = vec![Bar { lane: 1, first: 11, last: 13, opened: true, closed: true }];
    let life =
        |window: &Window, lane: usize| scenes(window, None).iter().map(|s| s.lifelines[lane].state).collect::<Vec<_>>();
    assert_eq!(life(&window, 1), [Life::Idle, Life::Begins, Life::Open, Life::Ends, Life::Idle]);
    assert_eq!(life(&window, 0), [Life::Idle; 5]);
    window.bars.push(Bar { lane: 1, first: 0, last: 50, opened: false, closed: false });
    assert_eq!(life(&window, 1), [Life::Open; 5]);
}

#[test]
fn geometry_keeps_lanes_apart_and_leaves_room() {
    for (width, lanes) in [(400.0, 4), (824.0, 5), (824.0, 9), (1400.0, 4)] {
        let geometry = Geometry::for_width(width, lanes);
        assert!(geometry.step >= 40.0, "{width} {lanes}");
        assert!(lanes > 8 || geometry.left + geometry.width() <= width, "{width} {lanes}");
    }
    assert_eq!(Geometry::for_width(824.0, 4).lane(3), 68.0 + 3.0 * 82.0);
}
