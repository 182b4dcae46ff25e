use super::*;

fn window(first: u32, count: u32) -> Window {
    let row = |at: u32| {
        let time = Moment { seconds: at.into(), ..Moment::default() };
        Rc::new(Row { time, body: Body::Silence { seconds: 0.0 } })
    };
    Window { first, total: 1000, rows: (first..first + count).map(row).collect(), ..Window::default() }
}

#[test]
fn rows_have_slots_of_their_own_and_keep_them_while_they_are_there() {
    let (before, after) = (window(40, 30), window(55, 30));
    let slots: std::collections::BTreeSet<u32> = (55..85).map(|row| after.slot(row)).collect();
    assert_eq!(slots.len(), 30);
    assert!((55..70).all(|row| before.slot(row) == after.slot(row)));
    assert_eq!(Window::default().slot(7), 0);
}

#[test]
fn times_are_those_of_the_first_and_last_row_that_are_asked_for() {
    let times = |rows| window(40, 30).times(rows).map(|(from, to)| (from.seconds, to.seconds));
    assert_eq!(times((45, 10)), Some((45, 54)));
    assert_eq!(times((39, 10)), None);
    assert_eq!(times((65, 10)), None, "the last ones are not there (yet)");
}
