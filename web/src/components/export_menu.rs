//! Saves a part of what is shown: what, and as which file.

use yew::prelude::*;

use super::icons::{Icon, small_icon};
use crate::protocol::{FileForm, Part};
use crate::state::Offer;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// What can be saved, the likeliest first.
    pub offers: Vec<Offer>,
    /// Whether there are notes that could go with it.
    pub noted: bool,
    /// Pseudonyms stand in place of what tells about people.
    pub redacted: bool,
    pub on_export: Callback<(Part, FileForm, bool)>,
    pub on_print: Callback<()>,
}

/// What a form is called, and what it is for.
const fn about(part: Part, form: FileForm) -> (&'static str, &'static str) {
    match form {
        FileForm::Svg => ("SVG", "sharp at any size"),
        FileForm::Png => ("PNG", "pixels, twice the size"),
        FileForm::Text if matches!(part, Part::Rows { .. }) => ("Text", "lifelines of letters"),
        FileForm::Text => ("Text", "line by line, as a script"),
        FileForm::Html => ("HTML", "a page to read, print and hand on"),
        FileForm::Json => ("JSON", "records for scripts, times in UTC"),
        FileForm::Capture => ("Capture", "the original packets, for Wireshark"),
    }
}

/// The menu.
#[component]
pub fn ExportMenu(props: &Props) -> Html {
    let open = use_state_eq(|| false);
    // By its place: after something else is selected the likeliest is meant again.
    let chosen = use_state_eq(|| 0);
    let noted = use_state_eq(|| true);
    let on_noted = {
        let noted = noted.clone();
        Callback::from(move |_: Event| noted.set(!*noted))
    };
    let with_notes = props.noted && *noted;
    let turn = {
        let (open, chosen) = (open.clone(), chosen.setter());
        Callback::from(move |_: MouseEvent| {
            chosen.set(0);
            open.set(!*open);
        })
    };
    let close = {
        let open = open.setter();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                open.set(false);
            }
        })
    };
    let offer = |(at, offer): (usize, &Offer)| {
        let onchange = {
            let chosen = chosen.setter();
            Callback::from(move |_: Event| chosen.set(at))
        };
        html! {
            <li><label><input type="radio" name="part" checked={*chosen == at} {onchange} /><span>{ &offer.title }</span></label></li>
        }
    };
    let current = props.offers.get(*chosen).or(props.offers.first());
    let form = |part: Part, form: FileForm| {
        let (on_export, open) = (props.on_export.clone(), open.setter());
        let onclick = Callback::from(move |_: MouseEvent| {
            open.set(false);
            on_export.emit((part, form, with_notes));
        });
        let (name, about) = about(part, form);
        // A capture would hold what was really sent.
        let refused = props.redacted && form == FileForm::Capture;
        let about = if refused { "not while redacted: it holds what was sent" } else { about };
        html! { <li><button type="button" disabled={refused} {onclick}><b>{ name }</b><span>{ about }</span></button></li> }
    };
    let print = {
        let (on_print, open) = (props.on_print.clone(), open.setter());
        Callback::from(move |_: MouseEvent| {
            open.set(false);
            on_print.emit(());
        })
    };
    html! {
        <div class="menu" onkeydown={close}>
            <button type="button" class="button plain" id="export" aria-expanded={open.to_string()} onclick={turn}>
                { small_icon(Icon::Save) }<span class="word">{"Export"}</span><kbd class="word" aria-hidden="true">{"E"}</kbd>
            </button>
            if let Some(current) = current.filter(|_| *open) {
                <div class="menu-sheet">
                    <ul role="radiogroup" aria-label="What to save">{ for props.offers.iter().enumerate().map(offer) }</ul>
                    <ul>
                        { for current.forms.iter().map(|kind| form(current.part, *kind)) }
                        <li><button type="button" onclick={print}><b>{"Print"}</b><span>{"what is shown, up to 1,000 rows"}</span></button></li>
                    </ul>
                    if props.noted {
                        <label><input type="checkbox" checked={*noted} onchange={on_noted} /><span>{"with notes (not in captures)"}</span></label>
                    }
                    if props.offers.len() > 1 && current.forms.contains(&FileForm::Svg) {
                        <p>{"Shift ↑ ↓ selects rows."}</p>
                    }
                </div>
            }
        </div>
    }
}
