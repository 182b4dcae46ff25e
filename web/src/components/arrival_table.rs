//! The arrivals as a table: what the map and the chart draw, for keyboards and screen readers.

use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::finding_table::moved;
use super::table_head::heads;
use super::virtual_rows::{VirtualRows, use_table_extent};
use crate::protocol::transfers::Arrival;
use crate::scene::chunks::{Map, Mark, Marks};
use crate::scene::extent::BEYOND;
use crate::scene::ladder::Measure;
use crate::wording::{capitalised, count, counted};

/// Holes that are named above the table.
const HOLES: usize = 12;

/// The columns: class and head.
const COLUMNS: [(&str, &str); 7] = [
    ("c-number", "№"),
    ("c-offset", "Offset"),
    ("c-bytes", "Bytes"),
    ("c-after", "After"),
    ("grow", "What is to be said"),
    ("c-carrier", "Through"),
    ("c-frame", "Packet"),
];

#[derive(Properties, PartialEq)]
pub struct Props {
    pub map: Rc<Map>,
    /// The selected command.
    pub selected: Option<u32>,
    pub on_arrival: Callback<u32>,
    pub on_inspect: Callback<()>,
}

/// The table.
#[component]
pub fn ArrivalTable(props: &Props) -> Html {
    let map = &props.map;
    let measure = use_context::<Measure>().unwrap_or_default();
    let visible = use_state_eq(|| (0_u32, BEYOND));
    let at = use_state_eq(|| None::<u32>);
    let goal = use_state_eq(|| None::<(u32, u32)>);
    let total = u32::try_from(map.arrivals.len()).unwrap_or(u32::MAX);
    let (extent, on_width) = use_table_extent(total, measure);
    let first = visible.0.saturating_sub(BEYOND);
    let end = visible.0.saturating_add(visible.1).saturating_add(BEYOND).min(total);
    // Where none was acknowledged it is said once.
    let receipts = map.has_receipts();
    let mut active = None;
    let row = |number: u32| {
        let Some(arrival) = map.arrival(number) else { return html! {} };
        // One command may carry several chunks, so the row is what the keyboard walks on.
        let chosen = props.selected == Some(arrival.pdu)
            && at.is_none_or(|at| at == number || map.arrival(at).is_none_or(|other| other.pdu != arrival.pdu));
        if chosen {
            active = Some(AttrValue::from(format!("arrival-{number}")));
        }
        let onclick = {
            let (at, on_arrival) = (at.setter(), props.on_arrival.clone());
            Callback::from(move |_: MouseEvent| {
                at.set(Some(number));
                on_arrival.emit(number);
            })
        };
        html! { <div key={number} class={classes!("row", chosen.then_some("selected"))} role="row" id={format!("arrival-{number}")}
        aria-rowindex={(number + 2).to_string()} aria-selected={chosen.to_string()} {onclick}>{ cells(map, number, arrival, receipts) }</div> }
    };
    let rows: Html = (first..end).map(row).collect();
    let on_key = {
        let (map, at, goal) = (Rc::clone(map), at.clone(), goal.clone());
        let (on_arrival, on_inspect, selected) = (props.on_arrival.clone(), props.on_inspect.clone(), props.selected);
        Callback::from(move |(event, page): (KeyboardEvent, u32)| {
            let from = at.or_else(|| {
                let found = map.arrivals.iter().position(|arrival| Some(arrival.pdu) == selected)?;
                u32::try_from(found).ok()
            });
            let Some(next) = moved(&event.key(), from, page, total) else {
                if event.key() == "Enter" {
                    on_inspect.emit(());
                }
                return;
            };
            event.prevent_default();
            at.set(Some(next));
            goal.set(Some((next, goal.map_or(0, |(_, wish)| wish.wrapping_add(1)))));
            on_arrival.emit(next);
        })
    };
    let on_visible = {
        let visible = visible.setter();
        Callback::from(move |seen| visible.set(seen))
    };
    html! {
        <div class="table arrivals">
            if !map.gaps.is_empty() { <p class="holes">{ holes(map) }</p> }
            if !receipts { <p class="quiet said-once">{"No acknowledgement of any of these is in the capture."}</p> }
            <VirtualRows label="Arrivals" role="grid" head={heads(&COLUMNS)} {extent} {first} {active} goal={*goal} {on_visible} {on_width} {on_key}>{ rows }</VirtualRows>
        </div>
    }
}

fn holes(map: &Map) -> String {
    let named =
        map.gaps.iter().take(HOLES).map(|(from, to)| format!("{}–{}", count(*from), count(to.saturating_sub(1))));
    let named = named.collect::<Vec<_>>().join(", ");
    let more = map.gaps.len().saturating_sub(HOLES);
    let more = if more > 0 { format!(" and {} more", counted(more as u64, "hole", "holes")) } else { String::new() };
    format!("Missing: {named}{more}; {} in all.", counted(map.missing(), "byte", "bytes"))
}

fn cells(map: &Map, number: u32, arrival: &Arrival, receipts: bool) -> Html {
    let carrier =
        map.carriers.get(usize::from(arrival.carrier)).map(|carrier| carrier.name.clone()).unwrap_or_default();
    let marks = Marks::of(arrival);
    let marks = if receipts { marks } else { marks.without(Mark::Unacknowledged) };
    let words = capitalised(&marks.words());
    html! {
        <>
            <span class="cell c-number" role="gridcell">{ count(u64::from(number) + 1) }</span>
            <span class="cell c-offset" role="gridcell">{ count(arrival.offset) }</span>
            <span class="cell c-bytes" role="gridcell">{ count(arrival.length.into()) }</span>
            <span class="cell c-after" role="gridcell">{ format!("{:.3} s", arrival.time) }</span>
            <span class="cell grow" role="gridcell" title={words.clone()}>{ words }</span>
            <span class="cell c-carrier" role="gridcell">{ carrier }</span>
            <span class="cell c-frame" role="gridcell">{ count(arrival.frame) }</span>
        </>
    }
}
