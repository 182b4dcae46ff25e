//! Around the bytes: the place, which can be gone to; copying; what the bytes there could mean.

use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use crate::hooks::clipboard::copy;
use crate::scene::inspect::{Copied, FORMS, copied, place, readings};

#[derive(Properties, PartialEq)]
pub struct OffsetProps {
    /// The byte at the cursor.
    pub cursor: u32,
    /// Bytes there are.
    pub length: u32,
    pub on_place: Callback<u32>,
}

/// The place of the cursor: what is written there is gone to.
#[component]
pub fn OffsetField(props: &OffsetProps) -> Html {
    let field = use_node_ref();
    let faulty = use_state_eq(|| false);
    {
        let field = field.clone();
        use_effect_with(props.cursor, move |cursor| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.set_value(&format!("0x{cursor:04x}"));
            }
        });
    }
    let go = {
        let (on_place, faulty, cursor, length) = (props.on_place.clone(), faulty.setter(), props.cursor, props.length);
        move |text: &str| {
            let found = place(text, cursor, length);
            faulty.set(found.is_none());
            found.into_iter().for_each(|found| on_place.emit(found));
        }
    };
    let onkeydown = {
        let go = go.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                go(&event.target_unchecked_into::<HtmlInputElement>().value());
            }
        })
    };
    let onchange = Callback::from(move |event: Event| go(&event.target_unchecked_into::<HtmlInputElement>().value()));
    html! {
        <label class="offset-field">{"Offset "}
            <input type="text" class={classes!("mono", faulty.then_some("faulty"))} ref={field} {onkeydown} {onchange} size="8"
                title="Decimal, 0x…, or relative: +16, -0x10" aria-invalid={faulty.to_string()} spellcheck="false" autocomplete="off" />
        </label>
    }
}

/// Copies bytes, or the expression that finds the field.
pub fn copies(bytes: &[u8], filter: Option<&str>) -> Html {
    let button = |words: &'static str, text: String| {
        let onclick = Callback::from(move |_: MouseEvent| copy(&text));
        html! { <button type="button" class="link" {onclick}>{ words }</button> }
    };
    let form = |(form, words): (Copied, &'static str)| button(words, copied(bytes, form));
    html! {
        <div class="copies" role="group" aria-label="Copy the selected bytes">
            <span>{"Copy"}</span>
            { for FORMS.map(form) }
            if let Some(filter) = filter { { button("Filter", filter.to_owned()) } }
        </div>
    }
}

/// The bytes at the cursor as numbers, text, bits and times.
pub fn values(bytes: &[u8], cursor: u32) -> Html {
    let value = |(name, value): &(&'static str, String)| html! { <span>{ *name }{" "}<b>{ value }</b></span> };
    let readings = readings(bytes, cursor);
    if readings.is_empty() {
        return html! {};
    }
    html! {
        <div class="byte-values" aria-label="Values at the cursor" role="group">{ for readings.iter().map(value) }</div>
    }
}
