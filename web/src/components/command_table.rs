//! The table of commands.

use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::signs::{role_class, shape, sign};
use super::table_head::heads;
use super::virtual_rows::{VirtualRows, row_height};
use crate::protocol::{Body, Command, Row, Window};
use crate::scene::extent::Extent;
use crate::state::Selection;
use crate::wording;

/// The columns: class and head.
const COLUMNS: [(&str, &str); 10] = [
    ("c-number", "№"),
    ("c-time", "Time, UTC"),
    ("c-address", "From"),
    ("c-address", "To"),
    ("c-role", "Server"),
    ("c-verb", "Verb"),
    ("c-trid", "TrID"),
    ("grow", "What it carries"),
    ("c-bytes", "Bytes"),
    ("c-frame", "Packet"),
];

#[derive(Properties, PartialEq)]
pub struct Props {
    pub window: Rc<Window>,
    pub selection: Option<Selection>,
    pub goal: Option<(u32, u32)>,
    pub on_visible: Callback<(u32, u32)>,
    pub on_select: Callback<u32>,
    pub on_key: Callback<(KeyboardEvent, u32)>,
}

/// The table.
#[component]
pub fn CommandTable(props: &Props) -> Html {
    let window = &props.window;
    let width = use_state(|| 824.0);
    let on_width = {
        let width = width.setter();
        Callback::from(move |pixels: f64| width.set(pixels))
    };
    let extent = use_memo((window.total, row_height(*width)), |(rows, row)| Extent {
        rows: *rows,
        row: *row,
        taller: Vec::new(),
    });
    let selected = props.selection.map(|selection| selection.pdu);
    let mut active = None;
    let row = |(row, index): (&Row, u32)| {
        let Body::Command(command) = &row.body else { return html! {} };
        let chosen = selected == Some(command.pdu);
        if chosen {
            active = Some(AttrValue::from(format!("row-{index}")));
        }
        let pdu = command.pdu;
        let onclick = props.on_select.reform(move |_| pdu);
        html! { <div key={index} class={classes!("row", role_class(command.role), chosen.then_some("selected"))} role="row"
            id={format!("row-{index}")} aria-rowindex={(index + 2).to_string()} aria-selected={chosen.to_string()} {onclick}>
            { cells(row, command) }
        </div> }
    };
    let rows: Html = window.rows.iter().zip(window.first..).map(row).collect();
    html! {
        <div class="table">
            <VirtualRows label="Commands" role="grid" head={heads(&COLUMNS)} {extent} first={window.first} {active} goal={props.goal}
                on_visible={props.on_visible.clone()} {on_width} on_key={props.on_key.clone()}>{ rows }</VirtualRows>
        </div>
    }
}

fn cells(row: &Row, command: &Command) -> Html {
    html! {
        <>
            <span class="cell c-number" role="gridcell">{ wording::count(command.pdu.into()) }</span>
            <span class="cell c-time" role="gridcell">{ wording::clock(row.time) }</span>
            <span class="cell c-address" role="gridcell">{ &command.source }</span>
            <span class="cell c-address" role="gridcell">{ &command.destination }</span>
            <span class="cell c-role" role="gridcell">
                { shape(command.role) }<span class="letters">{ wording::role_letters(command.role) }</span>
            </span>
            <span class="cell c-verb" role="gridcell">{ &command.verb }</span>
            <span class="cell c-trid" role="gridcell">{ command.trid.as_deref().unwrap_or_default() }</span>
            <span class="cell grow c-wire" role="gridcell">
                if let Some(severity) = command.severity { { sign(severity) }{" "} }
                <bdi>{ &command.carries }</bdi>
            </span>
            <span class="cell c-bytes" role="gridcell">{ wording::count(command.bytes.into()) }</span>
            <span class="cell c-frame" role="gridcell">{ wording::count(wording::whole(command.frame)) }</span>
        </>
    }
}
