//! The heads of the lifelines, above the ladder.

use yew::prelude::*;

use super::signs::shape;
use crate::protocol::{Lane, Moment, Role};
use crate::wording;

#[derive(Properties, PartialEq)]
pub struct Props {
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
                <span class="wide">{"Time, UTC"}</span>
                <span class="narrow">{"UTC"}<br />{ props.time.map(hour) }</span>
            </span>
            <div class="drawing">{ for props.lanes.iter().map(head) }</div>
            <span class="c-carries">{"What it carries"}</span>
            <span class="c-delay">{"Answered after"}</span>
        </div>
    }
}

/// The hour, for rows that have no room for it.
fn hour(time: Moment) -> String {
    format!("{}:…", wording::clock_minutes(time).chars().take(2).collect::<String>())
}

fn head(lane: &Lane) -> Html {
    let below = match (lane.role, lane.connections) {
        (Role::Client, _) => lane.address.clone(),
        (_, 1) => wording::role(lane.role).to_owned(),
        (_, many) => format!("{many} in turn"),
    };
    let title = format!("{}, {}", wording::role(lane.role), lane.address);
    html! {
        <div class="head" {title}>
            <span class="name">{ shape(lane.role) }<bdi>{ &lane.name }</bdi></span>
            <span class="of">{ below }</span>
        </div>
    }
}
