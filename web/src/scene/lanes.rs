//! Lifelines in the order that a reader gives them.

use std::rc::Rc;

use crate::protocol::{Body, Window};

/// An order: the places that lifelines were dealt, left to right. One for another number of lifelines holds no longer.
pub type Order = Rc<Vec<u8>>;

/// The order after the lifeline at one place was put to another, pushing aside what stands between. `count`: how many there
/// are.
#[must_use]
pub fn moved(order: &[u8], count: usize, from: u8, to: u8) -> Vec<u8> {
    let dealt = 0..u8::try_from(count).unwrap_or(u8::MAX);
    let mut order = if order.len() == count { order.to_vec() } else { dealt.collect() };
    if usize::from(from) < order.len() && usize::from(to) < order.len() {
        let lane = order.remove(from.into());
        order.insert(to.into(), lane);
    }
    order
}

/// A window with its lifelines in this order.
#[must_use]
pub fn arranged(mut window: Window, order: &[u8]) -> Window {
    let lanes: Vec<_> = order.iter().filter_map(|lane| window.lanes.get(usize::from(*lane)).cloned()).collect();
    if lanes.len() != window.lanes.len() {
        return window;
    }
    window.lanes = lanes;
    let place = |lane: &mut u8| {
        let at = order.iter().position(|dealt| dealt == lane).and_then(|at| u8::try_from(at).ok());
        *lane = at.unwrap_or(*lane);
    };
    window.bars.iter_mut().for_each(|bar| place(&mut bar.lane));
    for row in &mut window.rows {
        match &mut Rc::make_mut(row).body {
            Body::Command(command) => {
                place(&mut command.from);
                place(&mut command.to);
                command.leads_to.iter_mut().for_each(|leads| place(&mut leads.lane));
            }
            Body::Run(run) => {
                place(&mut run.from);
                place(&mut run.to);
            }
            Body::Inferred { from, to, .. } | Body::Lost { from, to, .. } => {
                place(from);
                place(to);
            }
            Body::Phase(_) | Body::Silence { .. } | Body::Finding(_) | Body::Packet(_) => {}
        }
    }
    window
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Bar, Lane, Role, Row};

    fn window() -> Window {
        let lane = |name: &str| Lane {
            role: Role::Unknown,
            name: name.to_owned(),
            address: String::new(),
            connections: 1,
            inferred: false,
        };
        let body = Body::Inferred { from: 0, to: 2, verb: "RNG".into(), why: String::new() };
        Window {
            lanes: ["Client", "NS", "SB"].map(lane).to_vec(),
            bars: vec![Bar { lane: 1, first: 0, last: 0, opened: true, closed: true }],
            rows: vec![Rc::new(Row { time: crate::protocol::Moment::default(), body })],
            ..Window::default()
        }
    }

    fn names(window: &Window) -> Vec<&str> {
        window.lanes.iter().map(|lane| lane.name.as_str()).collect()
    }

    #[test]
    fn what_runs_along_a_lifeline_goes_with_it() {
        let order = moved(&[], 3, 2, 0);
        assert_eq!(order, [2, 0, 1]);
        let shown = arranged(window(), &order);
        assert_eq!(names(&shown), ["SB", "Client", "NS"]);
        assert_eq!(shown.bars[0].lane, 2);
        assert!(matches!(shown.rows[0].body, Body::Inferred { from: 1, to: 0, .. }), "{:?}", shown.rows);
        assert_eq!(moved(&order, 3, 0, 2), [0, 1, 2]);
    }

    #[test]
    fn an_order_of_other_lifelines_changes_nothing() {
        for order in [&[][..], &[0, 1], &[0, 1, 2, 3], &[2, 1, 9]] {
            assert_eq!(arranged(window(), order), window(), "{order:?}");
        }
        assert_eq!(moved(&[1, 0], 3, 1, 2), [0, 2, 1]);
        assert_eq!(moved(&[], 3, 3, 0), [0, 1, 2]);
    }
}
