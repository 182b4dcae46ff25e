//! Keys that work everywhere on the page, outside of text fields.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::latest::use_latest;

/// Calls `pressed` for every key that no text field, no list and no modifier claims; without `single` only for keys that
/// write nothing.
#[hook]
pub fn use_keys(pressed: Callback<KeyboardEvent>, single: bool) {
    use_effect_with((pressed, single), |(pressed, single)| {
        let single = *single;
        let pressed = pressed.clone();
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&document(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() || types(event) {
                return;
            }
            // Whoever speaks to the machine, or shakes, can do without keys that act alone.
            if single || !matches!(event.key().chars().count(), 1) {
                pressed.emit(event.clone());
            }
        });
        move || drop(listener)
    });
}

/// Calls `pressed` for keys that work everywhere, in text fields too.
#[hook]
pub fn use_chords(pressed: Callback<KeyboardEvent>) {
    let pressed = use_latest(pressed);
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&document(), "keydown", options, move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>().filter(|event| !event.default_prevented()) {
                pressed.emit(event.clone());
            }
        });
        move || drop(listener)
    });
}

fn types(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}
