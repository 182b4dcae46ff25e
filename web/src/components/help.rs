//! The key sheet.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::icons::{Icon, icon};
use super::licences::Licences;
use crate::state::Settings;

/// Some keys, and what they do.
type Entry = (&'static [&'static str], &'static str);

/// Keys by where they work; only those that exist.
const KEYS: &[(&str, &[Entry])] = &[
    (
        "Everywhere",
        &[
            (&["1", "…", "8"], "Overview, Ladder, Commands, Chats, People, Transfers, Findings, Packets"),
            (&["O"], "open a file, or several as one"),
            (&["Shift O"], "add a file to what is open"),
            (&["E"], "export: what is selected, filtered or all, as picture, text or capture"),
            (&["R"], "redact: pseudonyms in place of accounts, names, texts and secrets, in all views and exports"),
            (&["D"], "colours: system, light, dark"),
            (&["T"], "times: UTC, local, since the start, since the row before"),
            (&["M"], "rows: compact, normal, comfortable, projector"),
            (&["+", "-", "0"], "text larger, smaller, as usual"),
            (&["/"], "to the filter"),
            (&["Ctrl F"], "find a text or bytes; once more: the browser’s own"),
            (&["F3", "Shift F3"], "next, previous place found"),
            (&["H"], "show or hide secrets: tickets, cookies, passwords"),
            (&["G"], "go to a command, # packet, 0x offset, time"),
            (&[",", "."], "previous, next command of which something odd is said"),
            (&["F6", "Shift F6"], "next, previous region of the page"),
            (&["Y"], "copy the link to what is looked at"),
            (&["F"], "use the selected field as filter"),
            (&["P"], "to the paired command: from request to answer and back"),
            (&["N"], "note on the selected command"),
            (&["Ctrl P"], "print what is shown, up to 1,000 rows"),
            (&["Ctrl S"], "save notes, filter and selection as a file; drop it here to have them back"),
            (&["C", "Shift C"], "mark the selected command; compare another with it"),
            (&["[", "]"], "previous, next command of the same connection"),
            (&["Esc"], "close the sheet; close the inspector"),
            (&["?"], "this sheet"),
            (&["Alt ←", "Alt →"], "back, forward"),
        ],
    ),
    (
        "Lists and ladder",
        &[
            (&["↑", "↓"], "previous, next"),
            (&["PgUp", "PgDn"], "one page"),
            (&["Home", "End"], "first, last"),
            (&["Shift ↑", "Shift ↓"], "select a range of rows, to be saved"),
            (&["→", "←"], "open, close the payload; on a head of a lifeline: the next, the one before"),
            (&["Shift →", "Shift ←"], "on a head of a lifeline: move it"),
            (&["Enter"], "to the inspector"),
        ],
    ),
    (
        "Chunk map",
        &[
            (&["←", "→", "↑", "↓"], "previous, next chunk; row"),
            (&["Enter"], "select the packet’s command"),
            (&["B"], "to its bytes"),
            (&["Space"], "play, stop"),
            (&["<", ">"], "slower, faster"),
            (&["Home", "End"], "before the first chunk, after the last"),
        ],
    ),
    (
        "Fields and bytes",
        &[
            (&["↑", "↓"], "previous, next field; in bytes: row"),
            (&["→", "←"], "open, close, to the parent; in bytes: byte"),
            (&["Backspace"], "back to the list"),
        ],
    ),
];

#[derive(Properties, PartialEq)]
pub struct Props {
    pub settings: Settings,
    pub on_set: Callback<Settings>,
    pub on_close: Callback<()>,
}

/// The sheet, over everything until it is closed.
#[component]
pub fn Help(props: &Props) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                let _ = dialog.show_modal();
            }
        });
    }
    let section = |(title, keys): &(&'static str, &'static [Entry])| {
        html! {
            <>
                <h3>{ *title }</h3>
                <dl>
                    { for keys.iter().map(|(keys, does)| html! {
                        <>
                            <dt>{ for keys.iter().map(|key| html! { <><kbd>{ *key }</kbd>{" "}</> }) }</dt>
                            <dd>{ *does }</dd>
                        </>
                    }) }
                </dl>
            </>
        }
    };
    html! {
        <dialog class="sheet" ref={dialog} aria-labelledby="keys-title" onclose={props.on_close.reform(|_| ())}>
            <header>
                <h2 id="keys-title">{"Keys"}</h2>
                <button type="button" class="button plain" onclick={props.on_close.reform(|_| ())} aria-label="Close">
                    { icon(Icon::Close) }
                </button>
            </header>
            { for KEYS.iter().map(section) }
            { sizes(props.settings, &props.on_set) }
            { single_keys(props.settings, &props.on_set) }
            <Licences />
        </dialog>
    }
}

/// Sizes of text and rows, for those who have no keys at hand.
fn sizes(settings: Settings, on_set: &Callback<Settings>) -> Html {
    let button = |name: &str, set: Settings| {
        html! { <button type="button" class="button" onclick={on_set.reform(move |_: MouseEvent| set)}>{ name.to_owned() }</button> }
    };
    let next = Settings { density: settings.density.next(), ..settings };
    html! {
        <div class="single-keys">
            <span>{ format!("Text {} %", settings.size) }</span>
            { button("Smaller", settings.sized(-1)) }
            { button("Larger", settings.sized(1)) }
            { button(&format!("Rows: {}", settings.density.title()), next) }
        </div>
    }
}

/// Single keys get in the way of speech input and of unsteady hands: they can be switched off.
fn single_keys(settings: Settings, on_set: &Callback<Settings>) -> Html {
    let keys = !settings.keys;
    let onchange = on_set.reform(move |_: Event| Settings { keys, ..settings });
    html! {
        <label class="single-keys"><input type="checkbox" checked={settings.keys} {onchange} />
            {" Single keys work (letters, digits, signs)"}</label>
    }
}
