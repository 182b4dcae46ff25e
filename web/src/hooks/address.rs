//! The address: what is looked at stands in its fragment, so that back, forward and links work.

use gloo::events::EventListener;
use gloo::utils::window;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::route::Route;
use crate::state::Action;

/// Keeps fragment and state equal. One entry of history per view or selection; none while nothing is open.
#[hook]
pub fn use_address(route: Route, open: bool, act: Callback<Action>) {
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
    use_effect_with((route, open), |(route, open)| {
        let fragment = route.fragment();
        if !open || window().location().hash().ok().as_ref() == Some(&fragment) {
            return;
        }
        if let Ok(history) = window().history() {
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&fragment));
        }
    });
}
