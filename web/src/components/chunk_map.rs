//! The chunk map: every byte of an object, coloured by its arrival. Painted on a canvas; the cell at the cursor is a real
//! button that lies over it, so that it can be reached, named and pressed.

use std::rc::Rc;

use web_sys::{CanvasRenderingContext2d, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::chunk_paint::Painter;
use crate::hooks::canvas::prepare;
use crate::hooks::palette::Palette;
use crate::hooks::size::use_size;
use crate::hooks::style;
use crate::scene::chunks::cells::{Grid, cells};
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
    let cells = use_memo((Rc::clone(&props.map), *grid, props.until), |(map, grid, until)| cells(map, grid, *until));
    {
        let canvas = canvas.clone();
        let (map, palette, filter) = (Rc::clone(&props.map), Rc::clone(&props.palette), props.filter);
        use_effect_with((Rc::clone(&cells), *grid, filter, Rc::clone(&palette), *width), move |(cells, grid, ..)| {
            let brush: Option<CanvasRenderingContext2d> = prepare(&canvas, *width, grid.height().max(1.0));
            if let Some(brush) = brush {
                let receipts = filter == Some(Mark::Unacknowledged) || map.has_receipts();
                Painter { brush: &brush, palette: &palette, grid, map: &map, filter, receipts }.paint(cells);
            }
        });
    }
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
    let name = |number: u32| {
        let cell = cells.get(number as usize).copied().unwrap_or_default();
        describe(&props.map, &grid, number, &cell)
    };
    let onkeydown = {
        let (grid, on_cursor, on_open, on_key) =
            (*grid, props.on_cursor.clone(), props.on_open.clone(), props.on_key.clone());
        let cursor = props.cursor;
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            match (grid.moved(&event.key(), grid.cell_of(cursor)), event.key().as_str()) {
                (Some(next), _) => on_cursor.emit(grid.start(next)),
                (None, "Enter") => on_open.emit(cursor),
                _ => return on_key.emit(event),
            }
            event.prevent_default();
        })
    };
    let cell_of = {
        let (grid, root) = (*grid, root.clone());
        move |event: &PointerEvent| {
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
    let onpointerdown = {
        let (grid, on_cursor, on_open, button) =
            (*grid, props.on_cursor.clone(), props.on_open.clone(), button.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(cell) = cell_of(&event) else { return };
            event.prevent_default();
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
            <div class={classes!("chunk-map", grid.large.then_some("large"))} ref={root} {onpointermove} {onpointerleave} {onpointerdown}>
                <canvas ref={canvas} aria-hidden="true"></canvas>
                <button type="button" class="cell-at" ref={button} aria-label={name(current)} aria-describedby="map-keys" {onkeydown}></button>
                if let Some(number) = *hovered { <CellTip grid={*grid} {number} text={name(number)} /> }
            </div>
            <span class="unseen" id="map-keys">{"Arrow keys move from chunk to chunk, Enter selects the packet’s command, B leads to its bytes, Space plays the arrival."}</span>
            <span class="unseen" role="status">{ name(current) }</span>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct TipProps {
    grid: Grid,
    number: u32,
    text: String,
}

/// What the cell under the pointer is.
#[component]
fn CellTip(props: &TipProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((props.grid, props.number), move |(grid, number)| {
            let (left, top, width, height) = grid.place(*number);
            let room = f64::from(grid.columns) * grid.pitch.0;
            // Beside the cell on the side where there is room.
            let anchor = (left + width / 2.0).min((room - 180.0).max(100.0));
            style::set(&node, "left", &format!("{anchor}px"));
            style::set(&node, "top", &format!("{}px", top + height + 6.0));
        });
    }
    html! { <div class="tip" ref={node} aria-hidden="true">{ &props.text }</div> }
}
