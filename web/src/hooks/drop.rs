//! Files dropped anywhere on the page: on its right half instead of what is open, on its left half beside it.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use web_sys::DragEvent;
use yew::prelude::*;

use super::latest::use_latest;
use super::session::Wish;

/// Where something is being dragged over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// The left half.
    Left,
    /// The right half.
    Right,
}

impl Over {
    fn of(event: &DragEvent) -> Self {
        let width = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(0.0);
        if f64::from(event.client_x()) < width / 2.0 { Self::Left } else { Self::Right }
    }
}

/// Where something is being dragged over the page; `dropped` gets the files.
#[hook]
pub fn use_file_drop(dropped: Callback<Wish>) -> Option<Over> {
    let over = use_state_eq(|| None);
    let flag = over.setter();
    let dropped = use_latest(dropped);
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listen = |kind: &'static str, act: Box<dyn Fn(&DragEvent)>| {
            EventListener::new_with_options(&document(), kind, options, move |event| {
                if let Some(event) = event.dyn_ref::<DragEvent>() {
                    event.prevent_default();
                    act(event);
                }
            })
        };
        let enters = flag.clone();
        let leaves = flag.clone();
        let listeners = [
            listen("dragover", Box::new(move |event| enters.set(Some(Over::of(event))))),
            listen(
                "dragleave",
                // Leaving a child is not leaving the page: then there is somewhere to go.
                Box::new(move |event| {
                    if event.related_target().is_none() {
                        leaves.set(None);
                    }
                }),
            ),
            listen(
                "drop",
                Box::new(move |event| {
                    flag.set(None);
                    let list = event.data_transfer().and_then(|data| data.files());
                    let files = list.map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect::<Vec<_>>());
                    if let Some(files) = files.filter(|files| !files.is_empty()) {
                        dropped.emit(Wish { files, beside: Over::of(event) == Over::Left });
                    }
                }),
            ),
        ];
        move || drop(listeners)
    });
    *over
}
