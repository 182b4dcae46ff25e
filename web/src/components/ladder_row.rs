//! One row of the ladder: time, drawing, what it carries, how long the answer took.

use std::rc::Rc;

use yew::prelude::*;

use super::command_table::{Choice, choose};
use super::ladder_heading::{Wishes, other_row};
use super::notes::{Notes, noted, spoken};
use super::signs::{role_class, sign};
use super::virtual_rows::row_id;
use crate::protocol::{Body, Command, Row};
use crate::scene::ladder::words::answered_after;
use crate::wording;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Index of the row in the list.
    pub index: u32,
    pub row: Rc<Row>,
    /// Its time as it is shown.
    pub time: String,
    /// Whether it is one of the selected rows.
    pub ranged: bool,
    /// Whether its text stands under its arrow.
    pub narrow: bool,
    pub selected: bool,
    /// The open payload, if it is open.
    #[prop_or_default]
    pub payload: Option<Html>,
    pub on_choose: Callback<Choice>,
    /// Command and row whose payload is to be opened or closed.
    pub on_fold: Callback<(u32, u32)>,
    pub wishes: Wishes,
}

/// The row.
#[component]
pub fn LadderRow(props: &Props) -> Html {
    let notes = use_context::<Notes>();
    // Narrow rows have no room for the hour: it stands in the head.
    let time = if props.narrow { wording::without_hour(&props.time) } else { &props.time };
    match &props.row.body {
        Body::Command(command) => command_row(props, command, time, notes.as_ref()),
        _ => other_row(&props.row, time, props.index, &props.wishes),
    }
}

fn command_row(props: &Props, command: &Command, time: &str, notes: Option<&Notes>) -> Html {
    let Props { index, selected, .. } = *props;
    let open = props.payload.is_some();
    let pdu = command.pdu;
    let onclick = choose(&props.on_choose, pdu, index);
    let classes = classes!(
        "row",
        role_class(command.role),
        selected.then_some("selected"),
        props.ranged.then_some("ranged"),
        open.then_some("open")
    );
    html! {
        <div class={classes} role="row" id={row_id(index)} aria-rowindex={(index + 1).to_string()}
            aria-selected={selected.to_string()} aria-label={format!("{}{}", name(command, props), spoken(notes, pdu))} {onclick}>
            <span class="when" role="gridcell">{ time.to_owned() }</span>
            <span class={classes!("plate", format!("m{}", u16::from(command.from) + u16::from(command.to)))} role="gridcell">
                <span class="verb">{ &command.verb }
                    if let Some(trid) = &command.trid { <span class="trid">{ trid }</span> }
                </span>
            </span>
            <span class="carries" role="gridcell">
                <span>
                    if let Some(severity) = command.severity { { sign(severity) }{" "} }
                    if let Some(means) = command.complaint.as_ref().filter(|_| command.is_error()) {
                        <b class="means">{ means }</b>{" "}
                    }
                    <bdi>{ &command.carries }</bdi>
                </span>
            </span>
            { fold(command, open, index, &props.on_fold) }
            { noted(notes, pdu) }
            { delay(command) }
            { props.payload.clone().unwrap_or_default() }
        </div>
    }
}

/// What a row is called for those who do not see it.
fn name(command: &Command, props: &Props) -> String {
    let time = wording::clock(props.row.time);
    let trid = command.trid.as_deref().map(|trid| format!(" {trid}")).unwrap_or_default();
    let complaint = command.complaint.as_deref().map(|text| format!(" {text}.")).unwrap_or_default();
    format!("{time}, {}{trid}. {}{complaint}", command.verb, command.sentence)
}

fn fold(command: &Command, open: bool, row: u32, on_fold: &Callback<(u32, u32)>) -> Html {
    let Some(payload) = command.payload else { return html! {} };
    let pdu = command.pdu;
    let onclick = on_fold.reform(move |event: MouseEvent| {
        event.stop_propagation();
        (pdu, row)
    });
    let bytes = wording::count(payload.bytes.into());
    let words = match (open, payload.bytes < payload.announced) {
        (_, true) => {
            format!("[{} {bytes} of {} B]", if open { "-" } else { "…" }, wording::count(payload.announced.into()))
        }
        (true, false) => format!("[- {bytes} B]"),
        (false, false) => format!("[… {bytes} B]"),
    };
    html! {
        <span role="gridcell">
            <button type="button" class="fold-payload" tabindex="-1" {onclick} aria-expanded={open.to_string()}>
                <span class="unseen">{"Payload "}</span>{ words }
            </button>
        </span>
    }
}

fn delay(command: &Command) -> Html {
    let long = command.answers.is_some_and(|answer| answer.delay > 1.0).then_some("long");
    let none = (command.unanswered && command.answers.is_none()).then_some("none");
    html! { <span class={classes!("delay", long, none)} role="gridcell">{ answered_after(command) }</span> }
}
