//! The list of transfers: what each is, how far it came, and a small picture of it.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use yew::prelude::*;

use super::icons::{Icon, icon, small_icon};
use super::signs::sign;
use super::thumb::Thumb;
use crate::hooks::style;
use crate::protocol::Severity;
use crate::protocol::transfers::{Outcome, Transfer, Transfers};
use crate::state::Objects;
use crate::wording::{count, counted, whole};

/// Transfers shown at a time.
const PORTION: usize = 200;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub transfers: Rc<Transfers>,
    pub chosen: u32,
    pub objects: Rc<Objects>,
    pub on_choose: Callback<u32>,
    /// The bytes of this one are wanted.
    pub on_ask: Callback<u32>,
}

/// Bytes from which on a size is rounded.
const LARGE: f64 = 1e6;

/// The list.
#[component]
pub fn TransferList(props: &Props) -> Html {
    let shown = use_state_eq(|| PORTION);
    let all = props.transfers.all.iter().take(*shown);
    let row = |one: &Transfer| {
        let id = one.id;
        html! { <TransferRow key={id} transfer={one.clone()} current={id == props.chosen} blob={props.objects.get(id).cloned()}
        on_choose={props.on_choose.reform(move |()| id)} on_ask={props.on_ask.clone()} /> }
    };
    let left = props.transfers.all.len().saturating_sub(*shown);
    let unsent = props.transfers.count.saturating_sub(u32::try_from(props.transfers.all.len()).unwrap_or(u32::MAX));
    let more = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown + PORTION))
    };
    html! {
        <nav class="transfer-list" aria-label="Transfers">
            <div class="pane-head"><h2>{ counted(props.transfers.count.into(), "transfer", "transfers") }</h2><span class="quiet">{ tally(&props.transfers) }</span></div>
            <ul>
                { for all.map(row) }
                if left > 0 { <li><button type="button" class="button" onclick={more}>{ format!("Show more ({} left)", count(left as u64)) }</button></li> }
                if left == 0 && unsent > 0 { <li class="quiet">{ format!("{} more are not listed here; the command line lists all.", count(unsent.into())) }</li> }
                <li class="note quiet">{"Complete means that every byte is covered, not that the last chunk arrived."}</li>
            </ul>
        </nav>
    }
}

/// "4 complete, 1 incomplete".
fn tally(transfers: &Transfers) -> String {
    let kinds = [
        (Outcome::Complete, "complete"),
        (Outcome::Incomplete, "incomplete"),
        (Outcome::Cancelled, "given up"),
        (Outcome::Declined, "declined"),
        (Outcome::Offered, "without an answer"),
    ];
    let counts = kinds.into_iter().filter_map(|(outcome, word)| {
        let number = transfers.all.iter().filter(|one| one.outcome == outcome).count() as u64;
        (number > 0).then(|| format!("{} {word}", count(number)))
    });
    counts.collect::<Vec<_>>().join(", ")
}

#[derive(Properties, PartialEq)]
struct RowProps {
    transfer: Transfer,
    current: bool,
    blob: Option<JsValue>,
    on_choose: Callback<()>,
    /// Its bytes are wanted.
    on_ask: Callback<u32>,
}

/// One transfer.
#[component]
fn TransferRow(props: &RowProps) -> Html {
    let one = &props.transfer;
    let bar = use_node_ref();
    {
        let bar = bar.clone();
        use_effect_with(one.progress(), move |part| style::set(&bar, "--part", &format!("{:.1}%", part * 100.0)));
    }
    let partial = !matches!(one.outcome, Outcome::Complete | Outcome::Declined) && one.received > 0.0;
    html! {
        <li>
            <button type="button" class="transfer-row" aria-current={props.current.then_some("true")} onclick={props.on_choose.reform(|_: MouseEvent| ())}>
                <Thumb transfer={one.clone()} blob={props.blob.clone()} on_ask={props.on_ask.clone()}>{ icon(Icon::File) }</Thumb>
                <span class="about">
                    <b><bdi>{ one.title() }</bdi>
                        if one.verdict.as_ref().is_some_and(|verdict| verdict.misnamed) { <span class="tag alarm">{"misnamed"}</span> }
                        if one.is_program() { <span class="tag alarm">{"executable"}</span> }
                    </b>
                    <span class="quiet"><bdi>{ people(one) }</bdi></span>
                    <span class="state">{ state(one) }<span>{ amount(one) }</span></span>
                </span>
                if partial { <span class="part" ref={bar} aria-hidden="true"></span> }
            </button>
        </li>
    }
}

/// "file · alice → bob".
fn people(one: &Transfer) -> String {
    let short = |account: &str| match account {
        "" => "somebody".to_owned(),
        account => account.split('@').next().unwrap_or(account).to_owned(),
    };
    let kind = if one.name.is_empty() { String::new() } else { format!("{} · ", one.kind) };
    format!("{kind}{} → {}", short(&one.from), short(&one.to))
}

/// How far it came: a word and a shape.
pub fn state(one: &Transfer) -> Html {
    let (class, shape) = match one.outcome {
        Outcome::Complete => ("complete", small_icon(Icon::Check)),
        Outcome::Incomplete => ("incomplete severity-warning", sign(Severity::Warn)),
        Outcome::Declined => ("declined", small_icon(Icon::Close)),
        Outcome::Cancelled => ("cancelled severity-notice", sign(Severity::Note)),
        Outcome::Offered => ("offered", small_icon(Icon::Clock)),
    };
    html! { <b class={classes!("outcome", class)}><span aria-hidden="true">{ shape }</span>{ &one.state }</b> }
}

/// How much of it there is, and what its bytes tell.
fn amount(one: &Transfer) -> String {
    let bytes = |number: f64| count(whole(number)).replace(',', "\u{202f}");
    let mut words = match (one.outcome, one.size) {
        (Outcome::Complete, _) if one.kept => format!("{} B", bytes(one.received)),
        _ if !one.kept && one.received == 0.0 => String::new(),
        (_, Some(size)) if one.received > 0.0 && size >= LARGE => match size - one.received {
            missing if missing * 100.0 < size => {
                format!("{}, {} B missing", crate::wording::size(size), bytes(missing))
            }
            _ => crate::wording::part_of(one.received, size),
        },
        (_, Some(size)) if one.received > 0.0 => format!("{} of {} B", bytes(one.received), bytes(size)),
        (_, Some(size)) => format!("{} B, nothing came", bytes(size)),
        (_, None) => format!("{} B so far", bytes(one.received)),
    };
    let verdict = one.verdict.as_ref();
    let said = match verdict {
        Some(verdict) if verdict.announced == Some(true) => "SHA-1 matches",
        Some(verdict) if verdict.announced == Some(false) => "SHA-1 differs",
        None if one.outcome == Outcome::Complete && one.kept => "not checked yet",
        _ => "",
    };
    if !said.is_empty() {
        words.push_str(" · ");
        words.push_str(said);
    }
    words
}
