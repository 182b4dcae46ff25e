//! Notes of the reader on commands: in rows, and where they are written.

use std::collections::BTreeMap;
use std::rc::Rc;

use web_sys::{HtmlTextAreaElement, InputEvent, KeyboardEvent};
use yew::prelude::*;

use super::field_tree::focus;

/// All notes, for whoever shows a command.
pub type Notes = Rc<BTreeMap<u32, String>>;

/// The note on a command, in its row beside what it carries.
pub fn noted(notes: Option<&Notes>, pdu: u32) -> Html {
    let note = notes.and_then(|notes| notes.get(&pdu));
    note.map_or_else(
        || html! {},
        |note| html! { <span class="noted" title={note.clone()}><span class="unseen">{"Note: "}</span><bdi>{ note }</bdi></span> },
    )
}

/// The same for those who hear the row.
pub fn spoken(notes: Option<&Notes>, pdu: u32) -> String {
    let note = notes.and_then(|notes| notes.get(&pdu));
    note.map(|note| format!(" Note: {note}")).unwrap_or_default()
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub pdu: u32,
    pub on_note: Callback<(u32, String)>,
    /// Somebody begins to write.
    pub on_hold: Callback<()>,
}

/// Where the note on a command is written.
#[component]
pub fn NoteField(props: &Props) -> Html {
    let notes = use_context::<Notes>().unwrap_or_default();
    let pdu = props.pdu;
    let oninput = props.on_note.reform(move |event: InputEvent| {
        (pdu, event.target_dyn_into::<HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default())
    });
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        // With Shift, Enter begins a line.
        if event.key() == "Escape" || (event.key() == "Enter" && !event.shift_key()) {
            event.prevent_default();
            event.stop_propagation();
            focus(".split .rows");
        }
    });
    let value = notes.get(&pdu).cloned().unwrap_or_default();
    let rows = lines(&value).to_string();
    html! {
        <textarea class="note-field" id="note" {rows} aria-label="Note" placeholder="Note (N)" autocomplete="off" maxlength="500"
            {value} {oninput} {onkeydown} onfocus={props.on_hold.reform(|_| ())} />
    }
}

/// How many lines a field has for a note, for browsers that do not fit it to its text.
fn lines(note: &str) -> usize {
    note.split('\n').map(|line| line.chars().count().div_ceil(60).max(1)).sum::<usize>().min(5)
}
