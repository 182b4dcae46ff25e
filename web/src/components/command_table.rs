//! The table of commands.

use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::signs::{role_class, shape, sign};
use super::table_head::heads;
use super::virtual_rows::{VirtualRows, use_table_extent};
use crate::clock::Clock;
use crate::protocol::{Body, Command, Row, Window};
use crate::scene::ladder::Measure;
use crate::state::Selection;
use crate::wording;

/// The columns: class and head.
const COLUMNS: [(&str, &str); 10] = [
    ("c-number", "№"),
    ("c-time", "Time"),
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
    pub measure: Measure,
    /// Selected rows.
    pub range: Option<(u32, u32)>,
    /// Rows from one to another, and the command in the last.
    pub on_range: Callback<((u32, u32), u32)>,
    pub goal: Option<(u32, u32)>,
    pub on_visible: Callback<(u32, u32)>,
    pub on_select: Callback<u32>,
    pub on_key: Callback<(KeyboardEvent, u32)>,
}

/// The table.
#[component]
pub fn CommandTable(props: &Props) -> Html {
    let window = &props.window;
    let clock = use_context::<Clock>().unwrap_or_default();
    let (extent, on_width) = use_table_extent(window.total, props.measure);
    let selected = props.selection.map(|selection| selection.pdu);
    let title = clock.title();
    let columns = COLUMNS.map(|(class, head)| (class, if class == "c-time" { title.as_str() } else { head }));
    let from = anchor(window, props.range, selected);
    let mut active = None;
    let row = |(row, index): (&Row, u32)| {
        let Body::Command(command) = &row.body else { return html! {} };
        let chosen = selected == Some(command.pdu);
        if chosen {
            active = Some(AttrValue::from(format!("row-{index}")));
        }
        let pdu = command.pdu;
        let onclick = choose(&props.on_select, &props.on_range, pdu, index, from);
        let before = index.checked_sub(window.first + 1).and_then(|at| window.rows.get(at as usize));
        let time = clock.row(row.time, before.map(|row| row.time));
        html! { <div key={index} class={classes!("row", role_class(command.role), chosen.then_some("selected"), is_in(props.range, index).then_some("ranged"))} role="row"
            id={format!("row-{index}")} aria-rowindex={(index + 2).to_string()} aria-selected={chosen.to_string()} {onclick}>
            { cells(time, command) }
        </div> }
    };
    let rows: Html = window.rows.iter().zip(window.first..).map(row).collect();
    html! {
        <div class="table">
            <VirtualRows label="Commands" role="grid" head={heads(&columns)} {extent} first={window.first} {active} goal={props.goal}
                on_visible={props.on_visible.clone()} {on_width} on_key={props.on_key.clone()}>{ rows }</VirtualRows>
        </div>
    }
}

fn cells(time: String, command: &Command) -> Html {
    html! {
        <>
            <span class="cell c-number" role="gridcell">{ wording::count(command.pdu.into()) }</span>
            <span class="cell c-time" role="gridcell">{ time }</span>
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

/// Whether a row is one of the selected ones.
pub fn is_in(range: Option<(u32, u32)>, row: u32) -> bool {
    range.is_some_and(|(a, b)| (a.min(b)..=a.max(b)).contains(&row))
}

/// Where a range of rows would begin: where it did, else at the selected command.
pub fn anchor(window: &Window, range: Option<(u32, u32)>, selected: Option<u32>) -> Option<u32> {
    let is_it = |row: &Row| matches!(&row.body, Body::Command(command) if Some(command.pdu) == selected);
    let here = window.rows.iter().zip(window.first..).find(|(row, _)| is_it(row));
    range.map(|range| range.0).or(here.map(|(_, at)| at))
}

/// A click selects a command; with Shift all rows up to it.
pub fn choose(
    on_select: &Callback<u32>,
    on_range: &Callback<((u32, u32), u32)>,
    pdu: u32,
    row: u32,
    anchor: Option<u32>,
) -> Callback<MouseEvent> {
    let (on_select, on_range) = (on_select.clone(), on_range.clone());
    Callback::from(move |event: MouseEvent| match anchor.filter(|_| event.shift_key()) {
        Some(anchor) => on_range.emit(((anchor, row), pdu)),
        None => on_select.emit(pdu),
    })
}
