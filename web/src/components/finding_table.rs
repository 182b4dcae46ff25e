//! What is odd: the experts' remarks, worst first, each with the bytes it is about.

use std::rc::Rc;

use yew::prelude::*;

use super::signs::{severity_class, sign};
use super::virtual_rows::VirtualRows;
use crate::protocol::{Body, Finding, Range, Row, Window};
use crate::scene::extent::Extent;
use crate::state::Selection;
use crate::wording;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub window: Rc<Window>,
    pub selection: Option<Selection>,
    /// Height of a row in pixels.
    pub row: f64,
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
    let extent =
        use_memo((window.total, props.row), |(rows, row)| Extent { rows: *rows, row: *row, taller: Vec::new() });
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
    let row = |(row, index): (&Row, u32)| {
        let Body::Finding(finding) = &row.body else { return html! {} };
        let chosen = props.selection.is_some_and(|selection| selection.pdu == finding.pdu);
        if chosen {
            active = Some(AttrValue::from(format!("row-{index}")));
        }
        let wish = (finding.pdu, Range { source: finding.source, start: finding.start, end: finding.end });
        let onclick = props.on_select.reform(move |_| wish);
        html! { <div key={index} class={classes!("row", severity_class(finding.severity), chosen.then_some("selected"))}
            role="row" id={format!("row-{index}")} aria-rowindex={(index + 1).to_string()} aria-selected={chosen.to_string()} {onclick}>
            { cells(row, finding) }
        </div> }
    };
    let rows: Html = window.rows.iter().zip(window.first..).map(row).collect();
    html! {
        <div class="table findings">
            <div class="table-head" aria-hidden="true">
                <span class="cell c-severity">{"Severity"}</span>
                <span class="cell c-time">{"Time, UTC"}</span>
                <span class="cell c-verb">{"Verb"}</span>
                <span class="cell grow">{"What is odd"}</span>
                <span class="cell c-frame">{"Command"}</span>
            </div>
            <VirtualRows label="Findings" role="grid" {extent} first={window.first} {active}
                on_visible={props.on_visible.clone()}>{ rows }</VirtualRows>
        </div>
    }
}

fn cells(row: &Row, finding: &Finding) -> Html {
    html! {
        <>
            <span class="cell c-severity" role="gridcell">
                { sign(finding.severity) }<span class="word">{ wording::severity(finding.severity) }</span>
            </span>
            <span class="cell c-time" role="gridcell">{ wording::clock(row.time) }</span>
            <span class="cell c-verb mono" role="gridcell">{ &finding.verb }</span>
            <span class="cell grow" role="gridcell" title={finding.text.clone()}><bdi>{ wording::capitalised(&finding.text) }</bdi></span>
            <span class="cell c-frame" role="gridcell">{ wording::count(finding.pdu.into()) }</span>
        </>
    }
}
