//! Saves the ladder: the selected rows, or all that are shown.

use yew::prelude::*;

use super::icons::{Icon, small_icon};
use crate::protocol::Picture;
use crate::wording::counted;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Rows that would be in it.
    pub rows: u32,
    /// Whether they are selected rows, not all.
    pub selected: bool,
    pub on_export: Callback<Picture>,
}

/// The forms, and what they are for.
const FORMS: [(Picture, &str, &str); 3] = [
    (Picture::Svg, "SVG", "sharp at any size"),
    (Picture::Png, "PNG", "pixels, twice the size"),
    (Picture::Text, "Text", "lifelines of letters"),
];

/// The menu.
#[component]
pub fn ExportMenu(props: &Props) -> Html {
    let open = use_state_eq(|| false);
    let turn = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
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
    let form = |(picture, name, about): (Picture, &'static str, &'static str)| {
        let (on_export, open) = (props.on_export.clone(), open.setter());
        let onclick = Callback::from(move |_: MouseEvent| {
            open.set(false);
            on_export.emit(picture);
        });
        html! { <li><button type="button" {onclick}><b>{ name }</b><span>{ about }</span></button></li> }
    };
    let rows = counted(props.rows.into(), "row", "rows");
    let which =
        if props.selected { format!("{rows} selected") } else { format!("all {rows}; Shift ↑ ↓ selects some") };
    html! {
        <div class="menu" onkeydown={close}>
            <button type="button" class="button plain" aria-expanded={open.to_string()} onclick={turn}>
                { small_icon(Icon::Save) }<span class="word">{"Export"}</span>
            </button>
            if *open {
                <div class="menu-sheet">
                    <p>{ which }</p>
                    <ul>{ for FORMS.map(form) }</ul>
                </div>
            }
        </div>
    }
}
