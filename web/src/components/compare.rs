//! The marked command and the selected one side by side.

use std::rc::Rc;

use yew::prelude::*;

use crate::protocol::Detail;
use crate::scene::compare::{Pair, Pairing, equal_ends, pairs};
use crate::wording::{count, counted};

/// Bytes shown of what differs.
const SHOWN: usize = 96;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub marked: Rc<Detail>,
    pub selected: Rc<Detail>,
    pub on_select: Callback<u32>,
}

/// The comparison.
#[component]
pub fn Compare(props: &Props) -> Html {
    let (marked, selected) = (&props.marked, &props.selected);
    let all = use_memo((Rc::clone(marked), Rc::clone(selected)), |(marked, selected)| pairs(marked, selected));
    let different = all.iter().filter(|pair| pair.pairing != Pairing::Same).count() as u64;
    let pdu = marked.pdu;
    let said = match different {
        0 => "All fields are equal.".to_owned(),
        many => format!("{} of {} differ.", counted(many, "field", "fields"), count(all.len() as u64)),
    };
    html! {
        <div class="compare" id="fields" role="tabpanel" aria-label="Compare" tabindex="0">
            <p>{ said }</p>
            <table>
                <thead><tr>
                    <th scope="col">{"Field"}</th>
                    <th scope="col">{"Marked: "}<button type="button" class="link" onclick={props.on_select.reform(move |_| pdu)}>{ named(marked) }</button></th>
                    <th scope="col">{"Selected: "}{ named(selected) }</th>
                    <th scope="col" class="how">{"Compared"}</th>
                </tr></thead>
                <tbody>{ for all.iter().map(|pair| row(*pair, marked, selected)) }</tbody>
            </table>
            { bytes(marked, selected) }
        </div>
    }
}

fn named(detail: &Detail) -> String {
    let trid = detail.trid.as_ref().map(|trid| format!(" {trid}")).unwrap_or_default();
    format!("{}{trid}, command {}", detail.verb, count(detail.pdu.into()))
}

fn row(pair: Pair, marked: &Detail, selected: &Detail) -> Html {
    let (class, word) = match pair.pairing {
        Pairing::Same => ("same", "equal"),
        Pairing::Different => ("different", "differs"),
        Pairing::OnlyMarked => ("only", "marked only"),
        Pairing::OnlySelected => ("only", "selected only"),
    };
    let side = |detail: &Detail, at: Option<usize>| {
        let item = at.and_then(|at| detail.items.get(at));
        let label = item.and_then(|item| item.label.clone()).map(|label| format!(" ({label})")).unwrap_or_default();
        item.map_or_else(String::new, |item| format!("{}{label}", item.value))
    };
    let (of, at) = if pair.marked.is_some() { (marked, pair.marked) } else { (selected, pair.selected) };
    let item = at.and_then(|at| of.items.get(at));
    let title = item.and_then(|item| of.fields.get(item.field as usize)).map(|field| field.title.clone());
    let depth = item.map_or(0, |item| item.depth.min(6));
    html! {
        <tr {class}>
            <th scope="row" class={format!("d{depth}")}>{ title.unwrap_or_default() }</th>
            <td><bdi>{ side(marked, pair.marked) }</bdi></td>
            <td><bdi>{ side(selected, pair.selected) }</bdi></td>
            <td class="how">{ word }</td>
        </tr>
    }
}

/// Where the bytes part, and where they meet again.
fn bytes(marked: &Detail, selected: &Detail) -> Html {
    let of = |detail: &Detail| detail.sources.first().map(|source| source.bytes.clone()).unwrap_or_default();
    let (one, other) = (of(marked), of(selected));
    if one == other {
        return html! { <p>{ format!("All {} are equal.", counted(one.len() as u64, "byte", "bytes")) }</p> };
    }
    let (begin, end) = equal_ends(&one, &other);
    let middle = |bytes: &[u8]| {
        let differing = bytes.get(begin..bytes.len().saturating_sub(end)).unwrap_or_default();
        let shown = differing.iter().take(SHOWN).map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
        let more = differing.len().saturating_sub(SHOWN);
        if more > 0 { format!("{shown} … {} more", count(more as u64)) } else { shown }
    };
    let ends = format!(
        "The first {} and the last {} are equal; between them:",
        counted(begin as u64, "byte", "bytes"),
        count(end as u64)
    );
    html! {
        <>
            <p>{ ends }</p>
            <dl><dt>{"marked"}</dt><dd class="mono">{ middle(&one) }</dd><dt>{"selected"}</dt><dd class="mono">{ middle(&other) }</dd></dl>
        </>
    }
}
