//! The heads of the lifelines, above the ladder. A head that is dragged, or moved by a key, takes its lifeline along.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::signs::shape;
use crate::clock::{Clock, TimeForm};
use crate::hooks::drag::{Drag, use_drag};
use crate::protocol::{Lane, Moment, Role};
use crate::wording;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub clock: Clock,
    pub lanes: Vec<Lane>,
    /// Time of the first visible row: its hour stands here where rows have no room for it.
    pub time: Option<Moment>,
    /// A lifeline is to be put from one place to another.
    pub on_move: Callback<(u8, u8)>,
}

/// A head that is being dragged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dragged {
    from: u8,
    /// Where it would be put now.
    to: u8,
}

impl Dragged {
    /// How a head shows it.
    fn mark(self, at: u8) -> Option<&'static str> {
        match self {
            Self { from, to } if from == to => None,
            Self { from, .. } if at == from => Some("lifted"),
            Self { from, to } if at == to => Some(if to < from { "before" } else { "behind" }),
            Self { .. } => None,
        }
    }
}

/// Time, lifelines, what the columns are called.
#[component]
pub fn LaneHeads(props: &Props) -> Html {
    let dragged = use_state_eq(|| None::<Dragged>);
    // Of the heads, one can be reached with the tab key; from there the arrow keys lead on.
    let reached = use_state_eq(|| 0_u8);
    let last = u32::try_from(props.lanes.len().saturating_sub(1)).unwrap_or(0);
    let root = use_node_ref();
    let onkeydown = {
        let (root, reached, on_move) = (root.clone(), reached.setter(), props.on_move.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(heads) = root.cast::<Element>().map(|root| root.children()) else { return };
            let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let Some(now) = (0..heads.length()).find(|at| heads.item(*at) == pressed) else { return };
            let to = match event.key().as_str() {
                "ArrowLeft" => now.checked_sub(1),
                "ArrowRight" => Some(now + 1),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            let Some((to, head)) = to.and_then(|to| Some((to, heads.item(to)?))) else { return };
            if event.shift_key() {
                on_move.emit((narrow(now), narrow(to)));
            }
            reached.set(narrow(to));
            if let Ok(head) = head.dyn_into::<HtmlElement>() {
                let _ = head.focus();
            }
        })
    };
    let on_pointer = {
        let (root, dragged, on_move) = (root.clone(), dragged.setter(), props.on_move.clone());
        Callback::from(move |drag| {
            let places = |from, to| Some(Dragged { from: nearest(&root, from)?, to: nearest(&root, to)? });
            match drag {
                Drag::Held(from, to) => return dragged.set(places(from, to)),
                Drag::Done(from, to) => {
                    if let Some(Dragged { from, to }) = places(from, to).filter(|moved| moved.from != moved.to) {
                        on_move.emit((from, to));
                    }
                }
                Drag::GivenUp => {}
            }
            dragged.set(None);
        })
    };
    let on_pointer = use_drag(&root, on_pointer);
    let head = |(lane, at): (&Lane, u8)| {
        let tabindex = if at == (*reached).min(narrow(last)) { "0" } else { "-1" };
        let Words { below, title } = words(lane);
        html! {
            <div class={classes!("head", lane.inferred.then_some("inferred"), dragged.and_then(|now| now.mark(at)))} {tabindex} role="button"
                aria-roledescription="lifeline"
                title={format!("{}: {title}\nDrag to move the lifeline, or Shift with ← →", lane.name)} aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight">
                <span class="name">{ shape(lane.role) }<bdi>{ &lane.name }</bdi></span>
                <span class="of">{ below }</span>
            </div>
        }
    };
    html! {
        <div class="heads">
            <span class="c-when">
                <span class="wide">{ props.clock.title() }</span>
                <span class="narrow">{ props.clock.form.title() }<br />{ props.time.map(|time| hour(props.clock, time)) }</span>
            </span>
            <div class="drawing" role="group" aria-label="Lifelines" ref={root.clone()} {onkeydown}
                onpointerdown={&on_pointer} onpointermove={&on_pointer} onpointerup={&on_pointer} onpointercancel={&on_pointer}>{ for props.lanes.iter().zip(0..).map(head) }</div>
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

/// The number of a head.
fn narrow(at: u32) -> u8 {
    u8::try_from(at).unwrap_or(u8::MAX)
}

/// The head whose middle is nearest to a place across the page.
fn nearest(heads: &NodeRef, across: f64) -> Option<u8> {
    let heads = heads.cast::<Element>()?.children();
    let away = |at: u32| {
        let place = heads.item(at)?.get_bounding_client_rect();
        Some((place.left() + place.width() / 2.0 - across).abs())
    };
    let near = (0..heads.length()).filter_map(|at| Some((at, away(at)?))).min_by(|(_, a), (_, b)| a.total_cmp(b));
    near.map(|(at, _)| narrow(at))
}

/// What a head says of its lifeline.
struct Words {
    below: String,
    title: String,
}

fn words(lane: &Lane) -> Words {
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
    Words { below, title }
}
