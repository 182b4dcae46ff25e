//! The heads of the lifelines, above the ladder.

use yew::prelude::*;

use super::signs::shape;
use crate::clock::{Clock, TimeForm};
use crate::protocol::{Lane, Moment, Role};
use crate::wording;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub clock: Clock,
    pub lanes: Vec<Lane>,
    /// Time of the first visible row: its hour stands here where rows have no room for it.
    pub time: Option<Moment>,
}

/// Time, lifelines, what the columns are called.
#[component]
pub fn LaneHeads(props: &Props) -> Html {
    html! {
        <div class="heads">
            <span class="c-when">
                <span class="wide">{ props.clock.title() }</span>
                <span class="narrow">{ props.clock.form.title() }<br />{ props.time.map(|time| hour(props.clock, time)) }</span>
            </span>
            <div class="drawing">{ for props.lanes.iter().map(head) }</div>
            <span class="c-carries">{"What it carries"}</span>
            <span class="c-delay">{"Answered after"}</span>
        </div>
    }
}

/// The hour, for rows that have no room for it.
fn hour(clock: Clock, time: Moment) -> String {
    if !matches!(clock.form, TimeForm::Utc | TimeForm::Local) {
        return String::new();
    }
    format!("{}:…", wording::clock_minutes(clock.shifted(time)).chars().take(2).collect::<String>())
}

fn head(lane: &Lane) -> Html {
    let below = match (lane.role, lane.connections) {
        _ if lane.inferred => "inferred".to_owned(),
        (Role::Client, 1) => lane.address.clone(),
        (_, 1) => wording::role(lane.role).to_owned(),
        (_, many) => format!("×{}", wording::count(many.into())),
    };
    let title = match (lane.role, lane.connections) {
        _ if lane.inferred => "Nothing of this side was captured: what stands here is inferred".to_owned(),
        (role, 1) => format!("{}, {}", wording::role(role), lane.address),
        (Role::Client, many) => format!("{} clients share this lifeline", wording::count(many.into())),
        (role, many) => {
            format!("{}: {} connections share this lifeline", wording::role(role), wording::count(many.into()))
        }
    };
    html! {
        <div class={classes!("head", lane.inferred.then_some("inferred"))} {title}>
            <span class="name">{ shape(lane.role) }<bdi>{ &lane.name }</bdi></span>
            <span class="of">{ below }</span>
        </div>
    }
}
