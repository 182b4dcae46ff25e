//! Files dropped anywhere on the page.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File};
use yew::prelude::*;

/// Whether something is being dragged over the page; `dropped` gets the file.
#[hook]
pub fn use_file_drop(dropped: Callback<File>) -> bool {
    let over = use_state(|| false);
    let flag = over.setter();
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
            listen("dragover", Box::new(move |_| enters.set(true))),
            listen(
                "dragleave",
                // Leaving a child is not leaving the page: then there is somewhere to go.
                Box::new(move |event| {
                    if event.related_target().is_none() {
                        leaves.set(false);
                    }
                }),
            ),
            listen(
                "drop",
                Box::new(move |event| {
                    flag.set(false);
                    let files = event.data_transfer().and_then(|data| data.files());
                    if let Some(file) = files.and_then(|files| files.get(0)) {
                        dropped.emit(file);
                    }
                }),
            ),
        ];
        move || drop(listeners)
    });
    *over
}
