//! The table of packets: which commands each completes. A click shows the whole packet.

use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::signs::{role_class, shape};
use super::table_head::heads;
use super::virtual_rows::{VirtualRows, row_id, use_table_extent};
use crate::clock::Clock;
use crate::protocol::{Body, Moment, Packet, Row, Window};
use crate::scene::ladder::Measure;
use crate::state::Selection;
use crate::wording;

/// The columns: class and head.
const COLUMNS: [(&str, &str); 7] = [
    ("c-packet", "№"),
    ("c-time", "Time"),
    ("c-address", "Source"),
    ("c-address", "Destination"),
    ("c-state", "State"),
    ("c-bytes", "Bytes"),
    ("grow", "Commands in it"),
];

#[derive(Properties, PartialEq)]
pub struct Props {
    pub window: Rc<Window>,
    pub selection: Option<Selection>,
    pub measure: Measure,
    pub goal: Option<(u32, u32)>,
    pub on_visible: Callback<(u32, u32)>,
    /// Told the first command and the packet.
    pub on_packet: Callback<(u32, u32)>,
    pub on_key: Callback<(KeyboardEvent, u32)>,
}

/// The table.
#[component]
pub fn PacketTable(props: &Props) -> Html {
    let window = &props.window;
    let clock = use_context::<Clock>().unwrap_or_default();
    let (extent, on_width) = use_table_extent(window.total, props.measure);
    let title = clock.title();
    let columns = COLUMNS.map(|(class, head)| (class, if class == "c-time" { title.as_str() } else { head }));
    let mut active = None;
    let row = |(row, index, before): (&Rc<Row>, u32, Option<Moment>)| {
        let Body::Packet(packet) = &row.body else { return html! {} };
        let time = clock.row(row.time, before);
        let chosen = props.selection.is_some_and(|selection| match selection.packet {
            Some(number) => f64::from(number) == packet.frame,
            None => packet.pdus.contains(&selection.pdu),
        });
        if chosen {
            active = Some(index);
        }
        let first = packet.pdus.first().copied().unwrap_or(0);
        let number = u32::try_from(wording::whole(packet.frame)).unwrap_or(u32::MAX);
        let onclick = props.on_packet.reform(move |_: MouseEvent| (first, number));
        html! { <div key={index} class={classes!("row", role_class(packet.role), chosen.then_some("selected"))} role="row"
            id={row_id(index)} aria-rowindex={(index + 2).to_string()} aria-selected={chosen.to_string()} {onclick}>
            { cells(time, packet) }
        </div> }
    };
    let rows: Html = window.timed().map(row).collect();
    html! {
        <div class="table packets">
            <VirtualRows label="Packets" role="grid" head={heads(&columns)} {extent} first={window.first} active={active.map(row_id)} kept={active} goal={props.goal}
                on_visible={props.on_visible.clone()} {on_width} on_key={props.on_key.clone()}>{ rows }</VirtualRows>
        </div>
    }
}

fn cells(time: String, packet: &Packet) -> Html {
    html! {
        <>
            <span class="cell c-packet" role="gridcell">{ wording::count(wording::whole(packet.frame)) }</span>
            <span class="cell c-time" role="gridcell">{ time }</span>
            <span class="cell c-address" role="gridcell">{ &packet.source }</span>
            <span class="cell c-address" role="gridcell">{ &packet.destination }</span>
            <span class="cell c-state" role="gridcell">{ &packet.state }</span>
            <span class="cell c-bytes" role="gridcell">{ wording::count(wording::whole(packet.bytes)) }</span>
            <span class="cell grow c-wire" role="gridcell">
                { shape(packet.role) }{" "}
                // Where there is no room for its column.
                if !packet.state.is_empty() { <span class="near">{ format!("{} ", packet.state) }</span> }
                { &packet.commands }
            </span>
        </>
    }
}
