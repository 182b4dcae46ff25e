//! The table of commands.

use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::notes::{Notes, noted};
use super::signs::{role_class, shape, sign};
use super::table_head::heads;
use super::virtual_rows::{VirtualRows, row_id, use_table_extent};
use crate::clock::Clock;
use crate::hooks::latest::use_latest;
use crate::protocol::{Body, Command, Moment, Row, Window};
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
    let notes = use_context::<Notes>();
    let (extent, on_width) = use_table_extent(window.total, props.measure);
    let selected = props.selection.map(|selection| selection.pdu);
    let title = clock.title();
    let columns = COLUMNS.map(|(class, head)| (class, if class == "c-time" { title.as_str() } else { head }));
    let on_choose = use_choice((window, props.range, selected), &props.on_select, &props.on_range);
    let mut active = None;
    let row = |(row, index, before): (&Rc<Row>, u32, Option<Moment>)| {
        let Body::Command(command) = &row.body else { return html! {} };
        let chosen = selected == Some(command.pdu);
        if chosen {
            active = Some(index);
        }
        let time = clock.row(row.time, before);
        let note = noted(notes.as_ref(), command.pdu);
        html! {
            <CommandRow key={window.slot(index)} {index} {time} {note} row={Rc::clone(row)} selected={chosen} ranged={is_in(props.range, index)} on_choose={on_choose.clone()} />
        }
    };
    let rows: Html = window.timed().map(row).collect();
    html! {
        <div class="table">
            <VirtualRows label="Commands" role="grid" head={heads(&columns)} {extent} first={window.first} active={active.map(row_id)} kept={active} goal={props.goal}
                on_visible={props.on_visible.clone()} {on_width} on_key={props.on_key.clone()}>{ rows }</VirtualRows>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    /// Index of the row in the list.
    index: u32,
    row: Rc<Row>,
    /// Its time as it is shown.
    time: String,
    /// The note on it.
    note: Html,
    selected: bool,
    /// Whether it is one of the selected rows.
    ranged: bool,
    on_choose: Callback<Choice>,
}

#[component]
fn CommandRow(props: &RowProps) -> Html {
    let RowProps { index, selected, ranged, .. } = *props;
    let Body::Command(command) = &props.row.body else { return html! {} };
    let onclick = choose(&props.on_choose, command.pdu, index);
    html! {
        <div class={classes!("row", role_class(command.role), selected.then_some("selected"), ranged.then_some("ranged"))} role="row"
            id={row_id(index)} aria-rowindex={(index + 2).to_string()} aria-selected={selected.to_string()} {onclick}>
            { cells(&props.time, command, &props.note) }
        </div>
    }
}

fn cells(time: &str, command: &Command, note: &Html) -> Html {
    html! {
        <>
            <span class="cell c-number" role="gridcell">{ wording::count(command.pdu.into()) }</span>
            <span class="cell c-time" role="gridcell">{ time.to_owned() }</span>
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
                { note.clone() }
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

/// A row was clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Its command.
    pub pdu: u32,
    /// Its index.
    pub row: u32,
    /// All rows up to it are meant.
    pub further: bool,
}

/// A click selects a command; with Shift all rows up to it, from where a range began or else from the selected command.
#[hook]
pub fn use_choice(
    list: (&Rc<Window>, Option<(u32, u32)>, Option<u32>),
    on_select: &Callback<u32>,
    on_range: &Callback<((u32, u32), u32)>,
) -> Callback<Choice> {
    let (window, range, selected) = list;
    let (window, on_select, on_range) = (Rc::clone(window), on_select.clone(), on_range.clone());
    use_latest(Callback::from(move |Choice { pdu, row, further }| {
        let is_it = |row: &Row| matches!(&row.body, Body::Command(command) if Some(command.pdu) == selected);
        let here = || window.rows.iter().zip(window.first..).find(|(row, _)| is_it(row)).map(|(_, at)| at);
        match range.map(|range| range.0).or_else(here).filter(|_| further) {
            Some(anchor) => on_range.emit(((anchor, row), pdu)),
            None => on_select.emit(pdu),
        }
    }))
}

/// What a click on a row tells.
pub fn choose(on_choose: &Callback<Choice>, pdu: u32, row: u32) -> Callback<MouseEvent> {
    on_choose.reform(move |event: MouseEvent| Choice { pdu, row, further: event.shift_key() })
}
