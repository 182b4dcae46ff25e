//! What a field is, in plain English.

use yew::prelude::*;

use super::icons::{Icon, small_icon};
use super::signs::{field_class, sign};
use crate::protocol::{Detail, FieldItem, Range};
use crate::scene::tree::colours;
use crate::wording::capitalised;

/// The selected field, or the whole command's remarks. `on_reveal`: secrets are to be shown; `on_filter`: told the expression
/// to filter by.
pub fn explanation(
    detail: &Detail,
    item: Option<usize>,
    on_reveal: &Callback<()>,
    on_filter: &Callback<String>,
) -> Html {
    let Some(item) = item.and_then(|at| detail.items.get(at)) else {
        return html! {
            <div class="explanation">
                { experts(detail, None) }
                <p class="quiet hint">{"Select a field or a byte: what it is stands here."}</p>
            </div>
        };
    };
    let Some(field) = detail.fields.get(item.field as usize) else { return html! {} };
    html! {
        <div class="explanation" role="region" aria-label="Explanation" aria-live="polite">
            <h3>{ &field.title }<code>{ &field.name }</code></h3>
            <p>{ &field.explanation }</p>
            if item.hidden {
                <p class="hidden-secret">{ small_icon(Icon::Lock) }{"A secret: stars stand in place of its bytes. "}
                    <button type="button" class="link" onclick={on_reveal.reform(|_| ())}>{"Show secrets"}</button></p>
            }
            if let Some(label) = &item.label { <p>{"Here it means: "}<b><bdi>{ label }</bdi></b></p> }
            if let Some(remark) = &item.remark { <p><bdi>{ remark }</bdi></p> }
            { experts(detail, Some(item.range)) }
            if let Some(filter) = &item.filter {
                <button type="button" class="link" title={filter.clone()} onclick={on_filter.reform({
                    let filter = filter.clone();
                    move |_: MouseEvent| filter.clone()
                })}>{"Use as filter"}</button>
            }
        </div>
    }
}

/// The remarks about a range of bytes, or about the whole command.
fn experts(detail: &Detail, range: Option<Range>) -> Html {
    let about = detail.experts.iter().filter(|expert| range.is_none_or(|range| touches(expert.range, range)));
    about
        .take(20)
        .map(|expert| html! { <p class="expert">{ sign(expert.severity) }<span><bdi>{ capitalised(&expert.text) }{"."}</bdi></span></p> })
        .collect()
}

fn touches(expert: Range, item: Range) -> bool {
    expert == item || (expert.source == item.source && expert.start >= item.start && expert.end <= item.end)
}

/// Every field of the command with its explanation, each once.
pub fn explain_all(detail: &Detail) -> Html {
    let colours = colours(&detail.items);
    let entry = |(field, number): (&crate::protocol::FieldInfo, u32)| {
        let of_field = detail.items.iter().enumerate().filter(|(_, item)| item.field == number);
        let found: Vec<(usize, &FieldItem)> = of_field.take(3).collect();
        let values = found.iter().filter(|(_, item)| !item.value.is_empty()).map(|(at, item)| {
            html! { <span class={classes!("mono", field_class(colours.get(*at).copied().flatten()))}><bdi>{ short(&item.value) }</bdi></span> }
        });
        html! {
            <>
                <dt><b>{ &field.title }</b>{ for values }</dt>
                <dd>
                    { &field.explanation }
                    { for found.iter().filter_map(|(_, item)| item.label.as_ref()).take(1).map(|label| html! { <>{" Here: "}<bdi>{ label }</bdi>{"."}</> }) }
                </dd>
            </>
        }
    };
    html! { <dl>{ for detail.fields.iter().zip(0..).map(entry) }</dl> }
}

fn short(value: &str) -> String {
    match value.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    }
}
