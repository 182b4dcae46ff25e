//! The chunk map: every byte of an object, coloured by its arrival. Painted on a canvas; the cell at the cursor is a real
//! button that lies over it, so that it can be reached, named and pressed.

use std::rc::Rc;

use web_sys::{HtmlElement, KeyboardEvent, MouseEvent, PointerEvent};
use yew::prelude::*;

use super::announced::Announced;
use super::chunk_paint::Painter;
use super::tip::Tip;
use crate::hooks::canvas::{brush_of, prepare};
use crate::hooks::focus::use_focus_seen;
use crate::hooks::palette::Palette;
use crate::hooks::size::use_size;
use crate::hooks::style;
use crate::scene::chunks::cells::Grid;
use crate::scene::chunks::film::Film;
use crate::scene::chunks::words::{describe, legend};
use crate::scene::chunks::{Map, Mark};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub map: Rc<Map>,
    /// Seconds up to which the replay has come; all of it at the end.
    pub until: f64,
    /// The byte at the cursor.
    pub cursor: u64,
    /// Only cells with this mark are of interest.
    pub filter: Option<Mark>,
    pub palette: Rc<Palette>,
    /// The cursor moves to a byte.
    pub on_cursor: Callback<u64>,
    /// The packet of this byte is wanted.
    pub on_open: Callback<u64>,
    /// Keys that are not about moving.
    pub on_key: Callback<KeyboardEvent>,
}

/// The map.
#[component]
pub fn ChunkMap(props: &Props) -> Html {
    let root = use_node_ref();
    let canvas = use_node_ref();
    let button = use_node_ref();
    let width = use_state_eq(|| 0.0);
    let hovered = use_state_eq(|| None::<u32>);
    use_size(root.clone(), {
        let width = width.setter();
        Callback::from(move |pixels: f64| width.set(pixels))
    });
    let grid = use_memo((Rc::clone(&props.map), *width), |(map, width)| Grid::new(map, *width));
    let film = use_memo((Rc::clone(&props.map), *grid), |(map, grid)| Film::new(map, grid));
    use_painting(&canvas, props, &grid, &film, *width);
    let current = grid.cell_of(props.cursor);
    {
        let button = button.clone();
        use_effect_with((current, *grid), move |(current, grid)| {
            let (left, top, width, height) = grid.place(*current);
            for (property, pixels) in [("left", left), ("top", top), ("width", width), ("height", height)] {
                style::set(&button, property, &format!("{pixels}px"));
            }
        });
    }
    let name = |number: u32| describe(&props.map, &grid, number, &film.cell(number, props.until));
    let focus = use_focus_seen();
    let onkeydown = {
        let (grid, on_cursor, on_key) = (*grid, props.on_cursor.clone(), props.on_key.clone());
        let (cursor, on_typed) = (props.cursor, focus.on_key.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            on_typed.emit(());
            // Enter is a click, by the browser's own doing.
            let Some(next) = grid.moved(&event.key(), grid.cell_of(cursor)) else { return on_key.emit(event) };
            on_cursor.emit(grid.start(next));
            event.prevent_default();
        })
    };
    let onpressed = {
        let (on_open, cursor) = (props.on_open.clone(), props.cursor);
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            on_open.emit(cursor);
        })
    };
    let cell_of = {
        let (grid, root) = (*grid, root.clone());
        move |event: &MouseEvent| {
            let place = root.cast::<HtmlElement>()?.get_bounding_client_rect();
            grid.at(f64::from(event.client_x()) - place.left(), f64::from(event.client_y()) - place.top())
        }
    };
    let onpointermove = {
        let (hovered, cell_of) = (hovered.setter(), cell_of.clone());
        Callback::from(move |event: PointerEvent| hovered.set(cell_of(&event)))
    };
    let onpointerleave = {
        let hovered = hovered.setter();
        Callback::from(move |_: PointerEvent| hovered.set(None))
    };
    let onclick = {
        let (grid, on_cursor, on_open, button) =
            (*grid, props.on_cursor.clone(), props.on_open.clone(), button.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(cell) = cell_of(&event) else { return };
            on_cursor.emit(grid.start(cell));
            on_open.emit(grid.start(cell));
            if let Some(button) = button.cast::<HtmlElement>() {
                let _ = button.focus();
            }
        })
    };
    html! {
        <div class="map-frame">
            <div class="map-head">
                <h3>{"Every byte, in its place"}</h3>
                <span class="quiet">{ legend(&props.map, &grid) }</span>
                <span class="gap"></span>
                <span class="scale" aria-hidden="true">{"first"}<i></i>{"last"}</span>
            </div>
            <div class={classes!("chunk-map", grid.large.then_some("large"))} ref={root} {onpointermove} {onpointerleave} {onclick}>
                <canvas ref={canvas} aria-hidden="true"></canvas>
                <button type="button" class="cell-at" ref={button} aria-label={name(current)} aria-describedby="map-keys" {onkeydown}
                    onclick={onpressed} onfocus={focus.on_focus} onblur={focus.on_blur}></button>
                if let Some(number) = hovered.or(focus.seen.then_some(current)) {
                    <Tip place={grid.place(number)} room={f64::from(grid.columns) * grid.pitch.0} text={name(number)} />
                }
            </div>
            <span class="unseen" id="map-keys">{"Arrow keys move from chunk to chunk, Enter selects the packet’s command, B leads to its bytes, Space plays the arrival."}</span>
            <Announced text={name(current)} />
        </div>
    }
}

/// Paints the cells: all of them, or, while only the time goes on, those that change.
#[hook]
fn use_painting(canvas: &NodeRef, props: &Props, grid: &Grid, film: &Rc<Film>, width: f64) {
    let canvas = canvas.clone();
    let (map, grid, until) = (Rc::clone(&props.map), *grid, props.until);
    // All that the cells look like, but for the time.
    let look = (Rc::clone(film), props.filter, Rc::clone(&props.palette), width);
    let painted = use_mut_ref(|| None);
    use_effect_with((look, until), move |(look, _)| {
        let (film, filter, palette, width) = look;
        let receipts = *filter == Some(Mark::Unacknowledged) || map.has_receipts();
        let before = painted.borrow().as_ref().filter(|(before, _)| before == look).map(|(_, until)| *until);
        let brush = match before {
            Some(_) => brush_of(&canvas),
            None => prepare(&canvas, *width, grid.height().max(1.0)),
        };
        let Some(brush) = brush else { return };
        let painter = Painter { brush: &brush, palette, grid: &grid, map: &map, filter: *filter, receipts };
        match before {
            Some(before) => painter.repaint(film, &film.changed(before, until), until),
            None => painter.paint(film, until),
        }
        *painted.borrow_mut() = Some((look.clone(), until));
    });
}
