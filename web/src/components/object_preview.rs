//! What arrived, to be looked at: a picture as far as it came, or bytes. Nothing is ever run or fetched.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use yew::prelude::*;

use super::icons::{Icon, small_icon};
use super::object_hex::ObjectHex;
use super::replay_bar::moment;
use super::signs::sign;
use crate::clock::Clock;
use crate::hooks::blob::{beginning, blob_of, length, save, use_address_of, use_bytes};
use crate::protocol::Severity;
use crate::protocol::transfers::{Outcome, Transfer};
use crate::scene::chunks::Map;
use crate::wording::{count, counted, size};

/// Objects up to so many bytes are shown without being asked for.
pub const SHOWN_AT_ONCE: f64 = 4e6;
/// The kind of picture that stores its points as they are: what is missing leaves a hole and nothing more.
const RAW: &str = "image/bmp";

#[derive(Properties, PartialEq)]
pub struct Props {
    pub transfer: Transfer,
    pub map: Rc<Map>,
    pub until: f64,
    pub cursor: u64,
    /// Its bytes, once they are there.
    pub blob: Option<JsValue>,
    /// The bytes are wanted.
    pub on_ask: Callback<()>,
}

/// The preview.
#[component]
pub fn ObjectPreview(props: &Props) -> Html {
    let (transfer, map) = (&props.transfer, &props.map);
    let heading = |text: &'static str| html! { <h3>{ text }</h3> };
    if transfer.received <= 0.0 {
        if map.preview.is_empty() {
            return html! {};
        }
        return html! { <section class="preview">{ heading("The picture in the invitation") }<Offered id={transfer.id} map={Rc::clone(map)} /></section> };
    }
    let Some(blob) = &props.blob else {
        let wait = transfer.received <= SHOWN_AT_ONCE;
        let onclick = props.on_ask.reform(|_: MouseEvent| ());
        return html! {
            <section class="preview">
                { heading("What arrived") }
                if wait { <p class="quiet">{"Being put together."}</p> } else {
                    <button type="button" class="button" {onclick}>{ format!("Show the {}", size(transfer.received)) }</button>
                }
            </section>
        };
    };
    let kept = length(blob);
    let shown = match transfer.picture() {
        Some(kind) => html! {
            <>
                { heading(if transfer.outcome == Outcome::Complete && props.until >= map.duration { "The picture" } else { "The picture so far" }) }
                <Picture transfer={transfer.clone()} map={Rc::clone(map)} until={props.until} blob={blob.clone()} kind={kind.to_owned()} />
            </>
        },
        None => html! {
            <>
                { heading("Its bytes") }
                <ObjectHex blob={blob.clone()} size={map.furthest().min(kept)} map={Rc::clone(map)} cursor={props.cursor} />
            </>
        },
    };
    html! {
        <section class="preview">
            { shown }
            if kept < map.furthest() {
                <p class="hole-words">{ format!("Cut at byte {}: what came of the bytes behind it stands too far off to be shown or saved here.", count(kept)) }</p>
            } else if map.furthest() < map.size && transfer.picture().is_none() {
                <p class="hole-words">{ format!("The last {} never came.", counted(map.size - map.furthest(), "byte", "bytes")) }</p>
            }
            if transfer.outcome != Outcome::Complete && !map.preview.is_empty() {
                { heading("The picture in the invitation") }
                <Offered id={transfer.id} map={Rc::clone(map)} />
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct PictureProps {
    transfer: Transfer,
    map: Rc<Map>,
    until: f64,
    blob: JsValue,
    kind: String,
}

/// A picture as far as it had come.
#[component]
fn Picture(props: &PictureProps) -> Html {
    let clock = use_context::<Clock>().unwrap_or_default();
    let map = &props.map;
    #[allow(clippy::cast_precision_loss)] // a size to be compared
    let raw = props.kind == RAW && map.size as f64 <= SHOWN_AT_ONCE;
    let end = map.beginning(props.until);
    let whole = end >= map.size;
    let bytes = use_bytes(props.blob.clone(), 0, if raw && !whole { map.size } else { 0 });
    let come = if raw && !whole { map.come(props.until) as u64 } else { 0 };
    let shown = use_memo((Rc::clone(&bytes), end, come, props.kind.clone(), props.blob.clone()), |(bytes, end, ..)| {
        if raw && !whole {
            return blob_of(&map.as_it_was(&bytes.1, props.until), &props.kind);
        }
        beginning(&props.blob, *end, &props.kind)
    });
    let address = use_address_of((*shown).clone());
    let broken = use_state_eq(|| false);
    let told = |is: bool| {
        let broken = broken.setter();
        Callback::from(move |_: Event| broken.set(is))
    };
    let played = props.until < map.duration;
    let words = match (played, whole, raw) {
        (true, ..) => format!("Filled to {}.", moment(map, props.until, &clock)),
        (false, true, _) => String::new(),
        (false, false, true) => {
            "White where bytes are missing. A BMP is stored from its lowest row upwards.".to_owned()
        }
        (false, false, false) => format!("Drawn up to byte {}, the first that is missing.", count(end)),
    };
    let alt = format!("{}, {}", props.transfer.kind, props.transfer.title());
    let missing = map.missing();
    let partial = missing > 0;
    let alt = if partial { format!("{alt}, bytes of it are missing") } else { alt };
    html! {
        <>
            if partial {
                <p class="partial-word severity-warning">{ sign(Severity::Warn) }<span><b>{"Partial"}</b>{ format!(": {} missing", counted(missing, "byte", "bytes")) }</span></p>
            }
            <div class={classes!("picture", broken.then_some("broken"), partial.then_some("partial"))}>
                if let Some(address) = address {
                    <img src={address} {alt} onload={told(false)} onerror={told(true)} />
                }
            </div>
            if *broken { <p class="quiet">{"Too little of it is there to draw anything."}</p> }
            if !words.is_empty() { <p class="quiet">{ words }</p> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct OfferedProps {
    id: u32,
    map: Rc<Map>,
}

/// The small picture that came with an invitation.
#[component]
fn Offered(props: &OfferedProps) -> Html {
    let shown = use_memo(Rc::clone(&props.map), |map| blob_of(&map.preview, "image/png"));
    let address = use_address_of((*shown).clone());
    let on_save = {
        let (shown, name) = (Rc::clone(&shown), format!("{:04}-preview.png", props.id));
        Callback::from(move |_: MouseEvent| {
            if let Some(blob) = &*shown {
                save(blob, &name);
            }
        })
    };
    html! {
        <>
            <div class="picture">if let Some(address) = address { <img src={address} alt="the picture in the invitation" /> }</div>
            <button type="button" class="button" onclick={on_save}>{ small_icon(Icon::Save) }{"Save the small picture"}</button>
        </>
    }
}

/// What the check of the hashes said, in sentences.
pub fn verdict(transfer: &Transfer) -> Html {
    let Some(verdict) = &transfer.verdict else {
        return html! { <p><b>{"Hash: "}</b>{"not checked yet."}</p> };
    };
    let missing = transfer.size.map_or(0.0, |size| size - transfer.received);
    let sentence = match (verdict.announced, transfer.outcome) {
        (Some(true), _) => "the bytes are those that were announced (SHA-1).",
        (Some(false), _) => "the bytes are not those that were announced: the SHA-1 differs.",
        // Of what stands in place of other bytes no hash is told.
        (None, Outcome::Complete) if verdict.sha1.is_none() => "not told while names and secrets are redacted.",
        (None, Outcome::Complete) => "the invitation carries none to compare with.",
        (None, _) if missing > 0.0 => "not checked, bytes are missing.",
        (None, _) => "not checked.",
    };
    let row = |name: &'static str, value: &Option<String>| {
        value.as_ref().map(|value| html! { <><dt>{ name }</dt><dd class="mono hash">{ value }</dd></> })
    };
    html! {
        <>
            <p class={classes!("verdict", (verdict.announced == Some(false)).then_some("bad"))}><b>{"Hash: "}</b>{ sentence }</p>
            if verdict.description == Some(false) { <p class="verdict bad">{"The announcement’s own hash (SHA1C) is wrong."}</p> }
            if transfer.is_program() { <p class="verdict bad">{"It is a program: it runs when it is opened."}</p> }
            if verdict.misnamed { <p class="verdict bad">{ format!("The name says otherwise: by its first bytes it is {}.", verdict.content_type.as_deref().unwrap_or("something else")) }</p> }
            <dl class="hashes">{ row("SHA-1", &verdict.sha1) }{ row("SHA-256", &verdict.sha256) }{ row("Kind", &verdict.content_type) }</dl>
        </>
    }
}
