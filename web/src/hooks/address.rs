//! The address: what is looked at stands in its fragment, so that back, forward and links work.

use gloo::events::EventListener;
use gloo::utils::window;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::route::Route;
use crate::state::Action;

/// Keeps fragment and state equal. One entry of history per view or selection; none while nothing is open, nor for what
/// somebody only passes.
#[hook]
pub fn use_address(route: Route, open: bool, passing: bool, act: Callback<Action>) {
    {
        let act = act.clone();
        use_effect_with((), move |()| {
            let read = move || Route::parse(&window().location().hash().unwrap_or_default());
            if let Some(route) = read() {
                act.emit(Action::Navigate(route));
            }
            let listener = EventListener::new(&window(), "popstate", move |_| {
                if let Some(route) = read() {
                    act.emit(Action::Navigate(route));
                }
            });
            move || drop(listener)
        });
    }
    use_effect_with((route, open), move |(route, open)| {
        let fragment = route.fragment();
        let present = window().location().hash().unwrap_or_default();
        if !open || present == fragment {
            return;
        }
        let elsewhere = !passing && Route::parse(&present).is_none_or(|present| route.is_elsewhere(&present));
        if let Ok(history) = window().history() {
            let _ = match elsewhere {
                true => history.push_state_with_url(&JsValue::NULL, "", Some(&fragment)),
                false => history.replace_state_with_url(&JsValue::NULL, "", Some(&fragment)),
            };
        }
    });
}
