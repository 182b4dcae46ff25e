//! The inspector: the sentence, what it rests on, the fields, the bytes.

use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::compare::Compare;
use super::explanation::{explain_all, explanation};
use super::field_tree::FieldTree;
use super::hex_view::HexView;
use super::icons::{Icon, small_icon};
use super::notes::NoteField;
use super::splitter::Splitter;
use crate::clock::Clock;
use crate::protocol::{Detail, Evidence, Link, PacketFacts, Range};
use crate::state::Selection;
use crate::wording::{count, delay, role, whole};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub detail: Option<Rc<Detail>>,
    /// The command that others are compared with.
    pub marked: Option<Rc<Detail>>,
    pub selection: Selection,
    /// Its width in percent; 0 for the usual.
    pub split: u16,
    pub on_split: Callback<u16>,
    pub source: u16,
    /// Bytes that a search found.
    pub found: Option<Range>,
    pub on_select: Callback<u32>,
    pub on_item: Callback<Option<usize>>,
    /// Told a command and its note.
    pub on_note: Callback<(u32, String)>,
    /// Told that a note is about to be written.
    pub on_hold: Callback<()>,
    pub on_source: Callback<u16>,
    /// The whole packet is to be shown, or the command again.
    pub on_packet: Callback<()>,
    pub on_close: Callback<()>,
    /// Told the expression to filter by.
    pub on_filter: Callback<String>,
    /// Secrets are to be shown.
    pub on_reveal: Callback<()>,
    /// Previous (negative) or next command.
    pub on_step: Callback<i32>,
}

/// What the upper half shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Fields,
    Explain,
    Compare,
    /// Only where there is no room for bytes beside the fields.
    Bytes,
}

impl Tab {
    const fn class(self) -> &'static str {
        match self {
            Self::Fields => "on-fields",
            Self::Explain | Self::Compare => "on-explain",
            Self::Bytes => "on-bytes",
        }
    }
}

/// The inspector.
#[component]
pub fn Inspector(props: &Props) -> Html {
    let tab = use_state(|| Tab::Fields);
    let clock = use_context::<Clock>().unwrap_or_default();
    let hovered = use_state(|| None::<usize>);
    let on_hover = {
        let hovered = hovered.setter();
        Callback::from(move |item: Option<usize>| hovered.set(item))
    };
    let Some(detail) = &props.detail else {
        return html! { <aside class="pane inspector" aria-label="Inspector" aria-busy="true"></aside> };
    };
    // Until the worker has answered, the command before stays: nothing flickers, and the focus is not lost.
    let stale = !props.selection.is_of(detail);
    let about = if detail.packet.is_some() { "About this packet" } else { "About this command" };
    let marked = props.marked.as_ref().filter(|_| detail.packet.is_none());
    let item = props.selection.item.filter(|_| !stale);
    let tab_button = |own: Tab, name: &'static str, panel: &'static str| {
        let onclick = {
            let tab = tab.setter();
            Callback::from(move |_: MouseEvent| tab.set(own))
        };
        let class = (own == Tab::Bytes).then_some("narrow");
        let id = (own == Tab::Compare).then_some("compare-tab");
        html! { <button type="button" role="tab" {id} {class} aria-selected={(*tab == own).to_string()} aria-controls={panel} {onclick}>{ name }</button> }
    };
    let step = |by: i32| props.on_step.reform(move |_: MouseEvent| by);
    html! {
        <aside class={classes!("pane", "inspector", tab.class())} aria-label="Inspector" aria-busy={stale.to_string()}>
            <Splitter split={props.split} on_split={props.on_split.clone()} />
            <div class="said">
                <h2><bdi>{ &detail.sentence }</bdi></h2>
                if let Some(packet) = &detail.packet {
                    { capture(detail, packet, &clock, &props.on_select) }
                } else {
                    { evidence(detail, &clock, &props.on_select) }
                    // Of what is selected, even while the fields are still those of the command before; and of another command
                    // it is another field.
                    <NoteField key={props.selection.pdu} pdu={props.selection.pdu} on_note={props.on_note.clone()} on_hold={props.on_hold.clone()} />
                }
                <button type="button" class="button plain close" aria-label="Close the inspector" onclick={props.on_close.reform(|_| ())}>
                    { small_icon(Icon::Close) }</button>
            </div>
            <div class="tabs about">
                <div role="tablist" aria-label={about} onkeydown={Callback::from(rove)}>
                    { tab_button(Tab::Fields, "Fields", "fields") }
                    { tab_button(Tab::Explain, "Explain", "fields") }
                    if marked.is_some() { { tab_button(Tab::Compare, "Compare", "fields") } }
                    { tab_button(Tab::Bytes, "Bytes", "bytes") }
                </div>
            </div>
            if let (Tab::Compare, Some(marked)) = (*tab, marked) {
                <Compare marked={Rc::clone(marked)} selected={Rc::clone(detail)} on_select={props.on_select.clone()} />
            } else if *tab != Tab::Explain {
                <div class="fields" id="fields" role="tabpanel" aria-label="Fields">
                    <FieldTree detail={Rc::clone(detail)} selected={item} hovered={*hovered} on_item={props.on_item.clone()}
                        on_hover={on_hover.clone()} />
                    { explanation(detail, item, &props.on_reveal, &props.on_filter) }
                </div>
            } else {
                <div class="explain-all" id="fields" role="tabpanel" aria-label="Explanations" tabindex="0">{ explain_all(detail) }</div>
            }
            <HexView detail={Rc::clone(detail)} source={props.source} selected={item} hovered={*hovered} found={props.found.filter(|_| !stale)}
                on_item={props.on_item.clone()} {on_hover} on_source={props.on_source.clone()} on_packet={props.on_packet.clone()} />
            <div class="steps">
                <button type="button" class="button" onclick={step(-1)}>{ small_icon(Icon::Left) }{"Before"}</button>
                <button type="button" class="button" onclick={step(1)}>{"Next"}{ small_icon(Icon::Right) }</button>
            </div>
        </aside>
    }
}

/// Where a packet stands, and which commands end in it.
fn capture(detail: &Detail, packet: &PacketFacts, clock: &Clock, on_select: &Callback<u32>) -> Html {
    let evidence = &detail.evidence;
    let command = |(at, (pdu, name)): (usize, &(u32, String))| {
        let pdu = *pdu;
        html! { <>{ if at > 0 { ", " } else { "" } }<button type="button" class="link" onclick={on_select.reform(move |_| pdu)}>{ name }</button></> }
    };
    html! {
        <p>
            <b>{ format!("Packet {}", count(packet.number.into())) }</b>
            { home(evidence) }
            { format!(", {}", clock.alone(evidence.time)) }
            if !evidence.source.is_empty() {
                {", "}<span class="mono">{ format!("{} → {}", evidence.source, evidence.destination) }</span>
            }
            if packet.commands.is_empty() {
                {". No command ends in it."}
            } else {
                {". Here ends "}{ for packet.commands.iter().enumerate().map(command) }{"."}
            }
        </p>
    }
}

/// Where a packet is, if several captures are open.
fn home(evidence: &Evidence) -> Html {
    let Some(home) = &evidence.home else { return html! {} };
    html! { <>{" ("}<bdi>{ &home.capture }</bdi>{ format!(": {})", count(whole(home.frame))) }</> }
}

fn evidence(detail: &Detail, clock: &Clock, on_select: &Callback<u32>) -> Html {
    let evidence = &detail.evidence;
    let link = |link: &Link| {
        let pdu = link.pdu;
        html! { <button type="button" class="link" onclick={on_select.reform(move |_| pdu)}>{ &link.name }</button> }
    };
    html! {
        <p>
            if let Some(answers) = &evidence.answers {
                {"Answers "}{ link(answers) }{ format!(" after {}. ", delay(answers.delay)) }
            }
            if let Some(answered) = &evidence.answered {
                {"Answered by "}{ link(answered) }{ format!(" {} later. ", delay(answered.delay)) }
            }
            if evidence.after_gap { {"Bytes are missing right before it. "} }
            {"Evidence: "}
            <b>{ format!("packet {}", count(whole(evidence.frame))) }</b>
            { home(evidence) }
            { format!(", {}, connection {}, ", clock.alone(evidence.time), evidence.stream) }
            <span class="mono">{ format!("{} → {}", evidence.source, evidence.destination) }</span>
            { format!(" ({}).", role(evidence.role).to_lowercase()) }
        </p>
    }
}

/// Arrow keys move between tabs.
pub fn rove(event: KeyboardEvent) {
    use wasm_bindgen::JsCast;
    let Some(tab) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    let neighbour = match event.key().as_str() {
        "ArrowRight" => tab.next_element_sibling(),
        "ArrowLeft" => tab.previous_element_sibling(),
        _ => return,
    };
    event.prevent_default();
    if let Some(neighbour) = neighbour.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = neighbour.focus();
        neighbour.click();
    }
}
