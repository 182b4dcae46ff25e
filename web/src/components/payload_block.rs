//! A payload, folded open in its row: the same fields and colours as in the inspector.

use std::rc::Rc;

use yew::prelude::*;

use super::signs::field_class;
use crate::protocol::{Detail, Range};
use crate::scene::payload::{Line, lines, said};
use crate::state::Extent;

/// The block, with so many letters in a line of a text. A click on a line selects the field.
pub fn payload_block(
    detail: &Rc<Detail>,
    extent: Extent,
    letters: usize,
    on_item: &Callback<(u32, Range)>,
    on_extend: &Callback<u32>,
) -> Html {
    let (shown, more) = lines(detail, extent);
    let pdu = detail.pdu;
    let all = on_extend.reform(move |event: MouseEvent| {
        event.stop_propagation();
        pdu
    });
    html! {
        <div class="payload" role="gridcell">
            if shown.is_empty() { <div class="line faint">{"nothing of it was captured"}</div> }
            { for shown.iter().map(|line| payload_line(detail, line, letters, on_item)) }
            if more > 0 {
                <div class="foot">
                    <button type="button" class="link" tabindex="-1" onclick={all}>{ format!("Show all, {more} more") }</button>
                </div>
            }
        </div>
    }
}

fn payload_line(detail: &Detail, line: &Line, letters: usize, on_item: &Callback<(u32, Range)>) -> Html {
    let Some(item) = detail.items.get(line.item) else { return html! {} };
    let Some(field) = detail.fields.get(item.field as usize) else { return html! {} };
    let (pdu, range) = (detail.pdu, item.range);
    let onclick = on_item.reform(move |event: MouseEvent| {
        event.stop_propagation();
        (pdu, range)
    });
    let indent = match line.depth {
        0 => None,
        1 => Some("d1"),
        _ => Some("d2"),
    };
    let said = said(detail, line, letters);
    let value = if let Some(lines) = said {
        html! { <span class={classes!("value", "said", format!("lines{lines}"))}><bdi>{ &item.value }</bdi></span> }
    } else {
        html! { <span class={classes!("value", field_class(line.colour))}><bdi>{ &item.value }</bdi></span> }
    };
    html! {
        <button type="button" class="line" tabindex="-1" {onclick}>
            <span class={classes!("title", indent)}>{ &field.title }</span>
            if !item.value.is_empty() { { value } }
            if let Some(label) = item.label.as_ref().filter(|_| said.is_none()) { <span class="means"><bdi>{ label }</bdi></span> }
        </button>
    }
}
