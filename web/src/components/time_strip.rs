//! The time strip: when what was sent, what of it is visible, where the selection is. A click goes there; a drag selects
//! a range of time.

use std::rc::Rc;

use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::signs::role_class;
use crate::clock::Clock;
use crate::hooks::drag::{Drag, use_drag};
use crate::hooks::sight::{Sight, use_sight};
use crate::hooks::style;
use crate::protocol::{Activity, Moment, Progress, Role, Window};
use crate::scene::strip::{LANE, Span, Ticks, bars};

/// The lanes, in the order of the counts.
const LANES: [Role; 5] = [Role::Dispatch, Role::Notification, Role::Switchboard, Role::Peer, Role::Unknown];
/// Units from edge to edge.
const WIDTH: f64 = 1200.0;
/// A drag shorter than this share of the strip is a click.
const CLICK: f64 = 0.004;
/// Times below, at most.
const TICKS: f64 = 12.0;
/// The last place where the words of a tick find room.
const LAST_WORDS: f64 = 0.95;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub progress: Rc<Progress>,
    /// The visible rows …
    pub sight: Sight,
    /// … and the rows that are there, where the view is a list.
    pub window: Option<Rc<Window>>,
    /// When the selected command was sent.
    pub selected: Option<Moment>,
    /// Whether a range of time is filtered by.
    pub timed: bool,
    pub on_seek: Callback<Moment>,
    /// A range in seconds since 1970, or none any more.
    pub on_range: Callback<Option<(f64, f64)>>,
}

/// The strip.
#[component]
pub fn TimeStrip(props: &Props) -> Html {
    let clock = use_context::<Clock>().unwrap_or_default();
    let area = use_node_ref();
    let (brush, line, drag) = (use_node_ref(), use_node_ref(), use_node_ref());
    let dragged = use_state(|| None::<(f64, f64)>);
    let activity = &props.progress.overview.activity;
    let intervals = activity.counts.first().map_or(0, Vec::len);
    #[allow(clippy::cast_precision_loss)] // some hundred intervals
    let span = Span { start: activity.start, length: (activity.step * intervals as f64).max(0.001) };
    {
        let (line, drag) = (line.clone(), drag.clone());
        let places = (props.selected, *dragged, span);
        use_effect_with(places, move |(selected, dragged, span)| {
            place(&drag, *dragged);
            place(&line, selected.map(|at| (span.share(at), span.share(at))));
        });
    }
    // Follows the rows without being drawn anew.
    let now = use_mut_ref(|| 0.0);
    let follow = {
        let (window, now, area, brush) = (props.window.clone(), Rc::clone(&now), area.clone(), brush.clone());
        Callback::from(move |rows| {
            let times = window.as_ref().and_then(|window| window.times(rows));
            place(&brush, times.map(|(from, to)| (span.share(from), span.share(to))));
            let share = times.map_or(0.0, |(from, _)| span.share(from));
            *now.borrow_mut() = share;
            if let Some(area) = area.cast::<Element>() {
                let _ = area.set_attribute("aria-valuenow", &format!("{:.0}", share * 100.0));
                let _ = area.set_attribute("aria-valuetext", &clock.alone(span.at(share)));
            }
        })
    };
    use_sight(&props.sight, (props.window.clone(), span, clock), follow);
    let lanes = use_memo(Rc::clone(&props.progress), |progress| lanes(&progress.overview.activity));
    let on_pointer = {
        let (area, dragged) = (area.clone(), dragged.setter());
        let (on_seek, on_range) = (props.on_seek.clone(), props.on_range.clone());
        Callback::from(move |drag| {
            let Some(place) = area.cast::<Element>().map(|area| area.get_bounding_client_rect()) else { return };
            let share = |across: f64| ((across - place.left()) / place.width().max(1.0)).clamp(0.0, 1.0);
            match drag {
                Drag::Held(from, to) => return dragged.set(Some((share(from), share(to)))),
                Drag::Done(from, to) if (share(to) - share(from)).abs() < CLICK => on_seek.emit(span.at(share(to))),
                Drag::Done(from, to) => {
                    on_range.emit(Some((span.epoch(share(from.min(to))), span.epoch(share(from.max(to))))));
                }
                Drag::GivenUp => {}
            }
            dragged.set(None);
        })
    };
    let on_pointer = use_drag(&area, on_pointer);
    if intervals == 0 {
        return html! {};
    }
    let onkeydown = {
        let (on_seek, on_range, timed) = (props.on_seek.clone(), props.on_range.clone(), props.timed);
        Callback::from(move |event: KeyboardEvent| {
            let now = *now.borrow();
            let to = match event.key().as_str() {
                "ArrowLeft" => now - 0.02,
                "ArrowRight" => now + 0.02,
                "Home" => 0.0,
                "End" => 1.0,
                "Escape" if timed => {
                    event.prevent_default();
                    return on_range.emit(None);
                }
                _ => return,
            };
            event.prevent_default();
            on_seek.emit(span.at(to));
        })
    };
    let overview = &props.progress.overview;
    #[allow(clippy::cast_precision_loss)] // five lanes
    let height = LANE * lanes.len().max(1) as f64 + 2.0;
    let lane = |((role, path), at): (&(Role, String), u8)| {
        html! { <path class={classes!("lane", role_class(*role))} d={path.clone()} transform={format!("translate(0 {})", f64::from(at) * LANE + 1.0)} /> }
    };
    let gap = |time: Moment| {
        let x = span.share(time) * WIDTH;
        html! { <path class="gap" d={format!("M{:.1} {height}L{:.1} 0M{:.1} {height}L{:.1} 0", x - 6.0, x, x, x + 6.0)} /> }
    };
    let ticks = Ticks::new(&span, clock.origin(), TICKS);
    let tick = |(share, moment): &(f64, Moment)| {
        let x = format!("{:.3}%", share * 100.0);
        let words = (*share < LAST_WORDS).then(|| clock.tick(*moment, ticks.step));
        html! { <><line x1={x.clone()} x2={x.clone()} y1="0" y2="3" /><text {x} dx="3" y="11">{ words }</text></> }
    };
    html! {
        <div class="strip">
            <div class="strip-area" ref={area} role="slider" tabindex="0" aria-label="Time of the first visible row" aria-valuemin="0"
                aria-valuemax="100"
                onpointerdown={&on_pointer} onpointermove={&on_pointer} onpointerup={&on_pointer} onpointercancel={&on_pointer} {onkeydown}>
                <svg viewBox={format!("0 0 {WIDTH} {height}")} preserveAspectRatio="none" aria-hidden="true">
                    { for lanes.iter().zip(0..).map(lane) }
                    { for overview.losses.iter().map(|loss| gap(loss.time)) }
                </svg>
                <div class="brush" ref={brush}></div>
                <div class="drag" ref={drag}></div>
                <div class="selection-line" ref={line}></div>
            </div>
            <svg class="strip-ticks" aria-hidden="true">{ for ticks.places.iter().map(tick) }</svg>
            if props.timed {
                <button type="button" class="button all-time" onclick={props.on_range.reform(|_| None)}>{"All times"}</button>
            }
        </div>
    }
}

/// The lanes with something in them, each as one path.
fn lanes(activity: &Activity) -> Vec<(Role, String)> {
    let intervals = activity.counts.first().map_or(0, Vec::len).max(1);
    #[allow(clippy::cast_precision_loss)] // some hundred intervals
    let width = WIDTH / intervals as f64;
    let paths = LANES.into_iter().enumerate().map(|(at, role)| (role, bars(activity, at, width)));
    paths.filter(|(_, path)| !path.is_empty()).collect()
}

/// Places something over a range of the strip; out of sight without one.
fn place(node: &NodeRef, range: Option<(f64, f64)>) {
    let (from, to) = range.map_or((-1.0, -1.0), |(a, b)| (a.min(b), a.max(b)));
    style::set(node, "left", &format!("{}%", from * 100.0));
    style::set(node, "width", &format!("{}%", (to - from) * 100.0));
    style::set(node, "display", if range.is_some() { "block" } else { "none" });
}
