//! Packets × offset: time across, offset up. Steep is fast, flat is a stall, a step down is a packet that came again.
//! Painted on a canvas; the packet at the cursor is a real button that lies over it.

use std::rc::Rc;

use web_sys::{HtmlElement, KeyboardEvent, MouseEvent, PointerEvent};
use yew::prelude::*;

use super::announced::Announced;
use super::arrival_paint::Painter;
use super::tip::Tip;
use crate::hooks::canvas::{Layer, prepare};
use crate::hooks::focus::use_focus_seen;
use crate::hooks::palette::Palette;
use crate::hooks::size::use_size;
use crate::hooks::style;
use crate::scene::chunks::Map;
use crate::scene::chunks::chart::{across, chart, down, nearest};
use crate::scene::chunks::words::describe_arrival;

/// Pixels left of the chart, for offsets.
pub const LEFT: f64 = 62.0;
/// Pixels above it, for carriers.
pub const TOP: f64 = 24.0;
/// Pixels of the chart itself.
pub const HEIGHT: f64 = 250.0;
/// Pixels below it, for times.
const BOTTOM: f64 = 20.0;
/// Pixels right of it.
pub const RIGHT: f64 = 10.0;
/// Packets that a page has.
const PAGE: isize = 20;
/// Pixels of the smallest thing that is pointed out.
const SMALLEST: f64 = 10.0;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub map: Rc<Map>,
    /// Seconds up to which the replay has come.
    pub until: f64,
    /// The byte at the cursor.
    pub cursor: u64,
    /// The arrival that was chosen last, if any was.
    pub chosen: Option<u32>,
    pub palette: Rc<Palette>,
    /// The cursor moves to an arrival.
    pub on_move: Callback<u32>,
    /// This arrival is wanted.
    pub on_arrival: Callback<u32>,
    /// Keys that are not about moving.
    pub on_key: Callback<KeyboardEvent>,
}

/// The chart.
#[component]
pub fn ArrivalChart(props: &Props) -> Html {
    let map = &props.map;
    let root = use_node_ref();
    let canvas = use_node_ref();
    let button = use_node_ref();
    let width = use_state_eq(|| 0.0);
    let hovered = use_state_eq(|| None::<u32>);
    let focus = use_focus_seen();
    use_size(root.clone(), {
        let width = width.setter();
        Callback::from(move |pixels: f64| width.set(pixels))
    });
    let room = (*width - LEFT - RIGHT).max(40.0);
    use_painting(&canvas, props, room);
    let current = current(map, props.cursor, props.chosen);
    let here = current.map(|number| place(map, number, room));
    {
        let button = button.clone();
        use_effect_with(here, move |here| {
            let Some((left, top, width, height)) = *here else { return };
            for (property, pixels) in [("left", left), ("top", top), ("width", width), ("height", height)] {
                style::set(&button, property, &format!("{pixels}px"));
            }
        });
    }
    let at = {
        let (map, root) = (Rc::clone(map), root.clone());
        move |event: &MouseEvent| {
            let place = root.cast::<HtmlElement>()?.get_bounding_client_rect();
            let x = f64::from(event.client_x()) - place.left() - LEFT;
            let y = f64::from(event.client_y()) - place.top() - TOP;
            nearest(&map, (x, y), (room, HEIGHT))
        }
    };
    let onpointermove = {
        let (hovered, at) = (hovered.setter(), at.clone());
        Callback::from(move |event: PointerEvent| hovered.set(at(&event)))
    };
    let onpointerleave = {
        let hovered = hovered.setter();
        Callback::from(move |_: PointerEvent| hovered.set(None))
    };
    let onclick = {
        let (on_arrival, button) = (props.on_arrival.clone(), button.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(arrival) = at(&event) else { return };
            on_arrival.emit(arrival);
            if let Some(button) = button.cast::<HtmlElement>() {
                let _ = button.focus();
            }
        })
    };
    let onpressed = {
        let on_arrival = props.on_arrival.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            if let Some(number) = current {
                on_arrival.emit(number);
            }
        })
    };
    let onkeydown = {
        let (map, on_move, on_key, on_typed) =
            (Rc::clone(map), props.on_move.clone(), props.on_key.clone(), focus.on_key.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            on_typed.emit(());
            let by = match event.key().as_str() {
                "ArrowRight" | "ArrowUp" => 1,
                "ArrowLeft" | "ArrowDown" => -1,
                "PageUp" => PAGE,
                "PageDown" => -PAGE,
                _ => return on_key.emit(event),
            };
            if let Some(number) = current {
                on_move.emit(map.neighbour(number, by));
            }
            event.prevent_default();
        })
    };
    let name = current.map(|number| describe_arrival(map, number)).unwrap_or_default();
    html! {
        <div class="map-frame">
            <div class="map-head">
                <h3>{"Packets over time"}</h3>
                <span class="quiet">{"time across, offset up; steep is fast, flat is a stall"}</span>
            </div>
            <div class="arrival-chart" ref={root} {onpointermove} {onpointerleave} {onclick}>
                <canvas ref={canvas} aria-hidden="true"></canvas>
                if current.is_some() {
                    <button type="button" class="cell-at" ref={button} aria-label={name.clone()} aria-describedby="chart-keys" {onkeydown}
                        onclick={onpressed} onfocus={focus.on_focus} onblur={focus.on_blur}></button>
                }
                if let Some(number) = hovered.or(current.filter(|_| focus.seen)) {
                    <Tip place={place(map, number, room)} room={LEFT + room} text={describe_arrival(map, number)} />
                }
            </div>
            <span class="unseen" id="chart-keys">{"Arrow keys move from packet to packet in the order of time, Enter selects the packet’s command, Space plays the arrival."}</span>
            if focus.seen { <Announced text={name} /> }
        </div>
    }
}

/// Paints what never changes into layers, and of them as much as the time demands.
#[hook]
fn use_painting(canvas: &NodeRef, props: &Props, room: f64) {
    let (width, height) = (LEFT + room + RIGHT, TOP + HEIGHT + BOTTOM);
    let layers = use_memo((Rc::clone(&props.map), Rc::clone(&props.palette), room), |(map, palette, room)| {
        let drawn = chart(map, *room, HEIGHT);
        [true, false].map(|come| {
            Layer::paint(width, height, |brush| Painter { brush, palette, map, room: *room }.paint(&drawn, come))
        })
    });
    let canvas = canvas.clone();
    let (map, palette) = (Rc::clone(&props.map), Rc::clone(&props.palette));
    use_effect_with((layers, props.until, props.cursor), move |(layers, until, cursor)| {
        let (Some(brush), [Some(come), Some(awaited)]) = (prepare(&canvas, width, height), &**layers) else { return };
        let head = if *until >= map.duration { width } else { (LEFT + across(&map, *until, room) + 1.0).round() };
        come.copy(&brush, 0.0, head);
        awaited.copy(&brush, head, width);
        Painter { brush: &brush, palette: &palette, map: &map, room }.heads(*until, *cursor);
    });
}

/// The arrival at the cursor: the chosen one if it brings that byte, else the one that brought it first.
fn current(map: &Map, cursor: u64, chosen: Option<u32>) -> Option<u32> {
    let holds = |number: &u32| map.arrival(*number).is_some_and(|one| (one.offset..one.end()).contains(&cursor));
    chosen.filter(holds).or_else(|| map.run_at(cursor).map(|run| run.arrival))
}

/// Where an arrival is drawn: left, top, width, height.
fn place(map: &Map, number: u32, room: f64) -> (f64, f64, f64, f64) {
    let Some(arrival) = map.arrival(number) else { return (LEFT, TOP, SMALLEST, SMALLEST) };
    let (top, bottom) = (down(map, arrival.end(), HEIGHT), down(map, arrival.offset, HEIGHT));
    let (middle, height) = (f64::midpoint(top, bottom), (bottom - top).max(SMALLEST));
    let left = LEFT + across(map, arrival.time, room) + 1.0 - SMALLEST / 2.0;
    (left, TOP + middle - height / 2.0, SMALLEST, height)
}
