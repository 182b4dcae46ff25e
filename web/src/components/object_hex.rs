//! The bytes of an object that is no picture: read from the browser's copy as far as they are seen.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use yew::prelude::*;

use super::virtual_rows::VirtualRows;
use crate::hooks::blob::use_bytes;
use crate::scene::chunks::Map;
use crate::scene::extent::{BEYOND, Extent};
use crate::scene::hex::with_holes;
use crate::scene::ladder::Measure;
use crate::wording::count;

/// Pixels of a row; the stylesheet says the same.
const ROW: f64 = 20.0;
/// Bytes of a row.
const PER_ROW: u32 = 8;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub blob: JsValue,
    /// Bytes there are, with holes among them.
    pub size: u64,
    pub map: Rc<Map>,
    /// The byte at the cursor.
    pub cursor: u64,
}

/// The bytes.
#[component]
pub fn ObjectHex(props: &Props) -> Html {
    let visible = use_state_eq(|| (0_u32, BEYOND));
    let goal = use_state_eq(|| None::<(u32, u32)>);
    let rows = u32::try_from(props.size.div_ceil(PER_ROW.into())).unwrap_or(u32::MAX);
    let size = use_context::<Measure>().unwrap_or_default().size;
    let extent = use_memo((rows, ROW * size), |(rows, row)| Extent { rows: *rows, row: *row, taller: Vec::new() });
    {
        let goal = goal.clone();
        use_effect_with(props.cursor, move |cursor| {
            let row = u32::try_from(cursor / u64::from(PER_ROW)).unwrap_or(u32::MAX);
            goal.set(Some((row, goal.map_or(0, |(_, wish)| wish.wrapping_add(1)))));
        });
    }
    let first = visible.0.saturating_sub(BEYOND);
    let end = visible.0.saturating_add(visible.1).saturating_add(BEYOND).min(rows);
    let bytes =
        use_bytes(props.blob.clone(), u64::from(first) * u64::from(PER_ROW), u64::from(end) * u64::from(PER_ROW));
    let row = |line: u32| {
        let start = u64::from(line) * u64::from(PER_ROW);
        let at = start.checked_sub(bytes.0).and_then(|at| usize::try_from(at).ok());
        let shown = at.and_then(|at| bytes.1.get(at..(at + PER_ROW as usize).min(bytes.1.len()))).unwrap_or_default();
        let is_missing = |at: usize| props.map.gap_at(start.saturating_add(at as u64)).is_some();
        let (digits, text) = with_holes(shown, is_missing);
        let here = props.cursor / u64::from(PER_ROW) == u64::from(line);
        html! {
            <div class={classes!("row", here.then_some("selected"))} key={line} role="row" aria-rowindex={(u64::from(line) + 1).to_string()}>
                <span class="offset" role="rowheader">{ format!("{start:06x}") }</span>
                <span class="plain-digits" role="gridcell">{ digits }</span>
                <span class="plain-text" role="gridcell">{ text }</span>
            </div>
        }
    };
    let drawn: Html = (first..end).map(row).collect();
    let on_visible = {
        let visible = visible.setter();
        Callback::from(move |seen| visible.set(seen))
    };
    let missing = props.map.missing_before(props.size);
    html! {
        <>
            if missing > 0 {
                <p class="hole-words">{ format!("·· marks a byte that is missing: {} of them.", count(missing)) }</p>
            }
            <VirtualRows label="Bytes of the object" role="grid" class="hex object-hex" extent={Rc::clone(&extent)} {first} goal={*goal} {on_visible}>{ drawn }</VirtualRows>
        </>
    }
}
