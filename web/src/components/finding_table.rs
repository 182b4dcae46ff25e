//! What is odd: the experts' remarks, worst first, each with the bytes it is about.

use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::field_tree::focus;
use super::signs::{severity_class, sign};
use super::table_head::heads;
use super::virtual_rows::{VirtualRows, row_id, use_taller_extent};
use crate::clock::Clock;
use crate::protocol::{Body, Finding, Range, Row, Window};
use crate::scene::ladder::Measure;
use crate::state::Selection;
use crate::wording;

/// The columns: class and head.
const COLUMNS: [(&str, &str); 5] = [
    ("c-severity", "Severity"),
    ("grow", "What is odd or missing"),
    ("c-account", "Account"),
    ("c-time", "Time"),
    ("c-evidence", "Evidence"),
];

/// Pixels of a row for further lines of words, and where the page is narrow; the stylesheet says the same.
const FURTHER: (f64, f64) = (16.0, 22.0);

#[derive(Properties, PartialEq)]
pub struct Props {
    pub window: Rc<Window>,
    pub selection: Option<Selection>,
    pub measure: Measure,
    /// Whether all commands were looked at.
    pub checked: bool,
    pub on_visible: Callback<(u32, u32)>,
    /// Command, and the bytes.
    pub on_select: Callback<(u32, Range)>,
}

/// The list.
#[component]
pub fn FindingTable(props: &Props) -> Html {
    let window = &props.window;
    let clock = use_context::<Clock>().unwrap_or_default();
    let (extent, on_width) = use_taller_extent(window.total, props.measure, FURTHER);
    // One command may have several findings, so the row is what the keyboard walks on.
    let at = use_state(|| None::<(u32, Option<Rc<Row>>)>);
    let goal = use_state(|| None::<(u32, u32)>);
    if window.total == 0 {
        return html! {
            <div class="teach">
                if props.checked {
                    <h2>{"Nothing odd in these commands"}</h2>
                    <p>{"Remarks appear here when bytes break the grammar, when something is missing, when a server refuses a request, or when a secret travels in the clear."}</p>
                } else {
                    <h2>{"Not checked yet"}</h2>
                    <p>{"The commands are looked at as soon as the whole file is read."}</p>
                }
            </div>
        };
    }
    let mut active = None;
    let row = |(row, index): (&Rc<Row>, u32)| {
        let Body::Finding(finding) = &row.body else { return html! {} };
        let chosen = props.selection.is_some_and(|selection| selection.pdu == finding.pdu)
            && at.as_ref().and_then(|(_, at)| at.as_ref()).is_none_or(|at| at == row || !is_about(at, finding.pdu));
        if chosen {
            active = Some(index);
        }
        let wish = wish(finding);
        let onclick = {
            let (at, on_select, row) = (at.setter(), props.on_select.clone(), Rc::clone(row));
            Callback::from(move |_: MouseEvent| {
                at.set(Some((index, Some(Rc::clone(&row)))));
                on_select.emit(wish);
            })
        };
        html! { <div key={index} class={classes!("row", severity_class(finding.severity), chosen.then_some("selected"))}
            role="row" id={row_id(index)} aria-rowindex={(index + 2).to_string()} aria-selected={chosen.to_string()} {onclick}>
            { cells(clock.alone(row.time), finding) }
        </div> }
    };
    let rows: Html = window.rows.iter().zip(window.first..).map(row).collect();
    let on_key = {
        let (window, on_select) = (Rc::clone(window), props.on_select.clone());
        let (at, goal) = (at.clone(), goal.clone());
        Callback::from(move |(event, page): (KeyboardEvent, u32)| {
            // Findings that came since may have moved it.
            let place = |(index, row): &(u32, Option<Rc<Row>>)| {
                let here = window.rows.iter().zip(window.first..).find(|(other, _)| Some(*other) == row.as_ref());
                here.map_or(*index, |(_, index)| index)
            };
            let Some(next) = moved(&event.key(), at.as_ref().map(place), page, window.total) else {
                if event.key() == "Enter" {
                    focus(".inspector .rows");
                }
                return;
            };
            event.prevent_default();
            goal.set(Some((next, goal.map_or(0, |(_, wish)| wish.wrapping_add(1)))));
            let row = next.checked_sub(window.first).and_then(|row| window.rows.get(row as usize));
            at.set(Some((next, row.cloned())));
            if let Some(Body::Finding(finding)) = row.map(|row| &row.body) {
                on_select.emit(wish(finding));
            }
        })
    };
    html! {
        <div class="table findings">
            <VirtualRows label="Findings" role="grid" head={heads(&COLUMNS)} {extent} first={window.first} active={active.map(row_id)} kept={active}
                goal={*goal} {on_width} {on_key} on_visible={props.on_visible.clone()}>{ rows }</VirtualRows>
        </div>
    }
}

fn is_about(row: &Row, pdu: u32) -> bool {
    matches!(&row.body, Body::Finding(finding) if finding.pdu == pdu)
}

/// The command, and the bytes.
fn wish(finding: &Finding) -> (u32, Range) {
    (finding.pdu, Range { source: finding.source, start: finding.start, end: finding.end })
}

/// Where a key leads in a list.
pub fn moved(key: &str, at: Option<u32>, page: u32, total: u32) -> Option<u32> {
    let last = total.checked_sub(1)?;
    let next = match (key, at) {
        ("ArrowDown" | "PageDown", None) | ("Home", _) => 0,
        ("ArrowDown", Some(row)) => row + 1,
        ("ArrowUp", Some(row)) => row.saturating_sub(1),
        ("PageDown", Some(row)) => row.saturating_add(page),
        ("PageUp", Some(row)) => row.saturating_sub(page),
        ("End", _) => last,
        _ => return None,
    };
    Some(next.min(last))
}

fn cells(time: String, finding: &Finding) -> Html {
    html! {
        <>
            <span class="cell c-severity" role="gridcell">
                { sign(finding.severity) }<span class="word">{ wording::severity(finding.severity) }</span>
            </span>
            <span class="cell grow" role="gridcell" title={finding.text.clone()}><span class="words">
                // Where there is no room for the evidence.
                if !finding.exact { <span class="near">{format!("near № {number}: ", number = wording::count(finding.pdu.into()))}</span> }
                <bdi>{ wording::capitalised(&finding.text) }</bdi>
            </span></span>
            <span class="cell c-account" role="gridcell" title={finding.account.clone()}><bdi>{ &finding.account }</bdi></span>
            <span class="cell c-time" role="gridcell">{ time }</span>
            <span class="cell c-evidence" role="gridcell">{ evidence(finding) }</span>
        </>
    }
}

/// What shows it: the command, or the packet and a command nearby.
fn evidence(finding: &Finding) -> String {
    let (number, packet) = (wording::count(finding.pdu.into()), wording::count(wording::whole(finding.frame)));
    let beside = if finding.exact { "" } else { "near " };
    format!("{beside}{} № {number} · packet {packet}", finding.verb)
}
