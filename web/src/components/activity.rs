//! When commands were sent: one row of bars per kind of server, each to its own scale.

use yew::prelude::*;

use super::signs::{role_class, shape};
use crate::clock::Clock;
use crate::protocol::{Activity, Moment, Role};
use crate::wording::{duration, role};

/// The rows, in the order of the counts.
const ROWS: [Role; 5] = [Role::Dispatch, Role::Notification, Role::Switchboard, Role::Peer, Role::Unknown];
/// Height of a bar at full scale.
const HEIGHT: f64 = 28.0;

/// The chart.
pub fn activity(activity: &Activity, clock: &Clock) -> Html {
    let rows = ROWS.iter().zip(&activity.counts).filter(|(_, counts)| counts.iter().any(|count| *count > 0));
    #[allow(clippy::cast_precision_loss)] // some hundred intervals
    let whole = activity.step * activity.counts.first().map_or(0, Vec::len) as f64;
    let step = Clock::step(whole);
    let tick = |part: u8| {
        let seconds = whole * f64::from(part) / 4.0;
        #[allow(clippy::cast_possible_truncation)] // `as` saturates
        let time = Moment {
            seconds: activity.start.seconds.saturating_add(seconds as i64),
            nanos: 0,
            absent: activity.start.absent,
        };
        html! { <span>{ clock.tick(time, step) }</span> }
    };
    html! {
        <section class="card" aria-labelledby="when-title">
            <h2 id="when-title">{"When"}<span>{ format!("commands per {}, each row to its own scale", duration(activity.step)) }</span></h2>
            <div class="chart">
                { for rows.map(|(role, counts)| row(*role, counts)) }
                if !activity.start.absent { <div class="axis">{ for (0..5).map(tick) }</div> }
            </div>
        </section>
    }
}

fn row(of: Role, counts: &[u32]) -> Html {
    let most = counts.iter().copied().max().unwrap_or(1).max(1);
    // One path for all bars: a hundred elements fewer to lay out.
    let bar = |(count, at): (&u32, u32)| {
        let height = (f64::from(*count) / f64::from(most) * HEIGHT).max(2.0);
        format!("M{} {}v-{height:.1}h8v{height:.1}z", at * 10, HEIGHT + 4.0)
    };
    let bars: String = counts.iter().zip(0..).filter(|(count, _)| **count > 0).map(bar).collect();
    let total: u64 = counts.iter().copied().map(u64::from).sum();
    let name = format!("{}: {total} commands, at most {most} at once", role(of));
    html! {
        <>
            <span class="lane-name">{ shape(of) }<span class="word">{ role(of) }</span></span>
            <svg class={role_class(of)} viewBox={format!("0 0 {} 32", counts.len() * 10)} preserveAspectRatio="none" role="img" aria-label={name}>
                <path d={bars} />
            </svg>
        </>
    }
}
