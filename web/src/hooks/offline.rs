//! Works without a network: the browser keeps the page's files, if it can.

use gloo::utils::window;
use wasm_bindgen::JsValue;
use yew::prelude::*;

/// The script that keeps them.
const SCRIPT: &str = "offline.js";

/// Has the page kept. Where it is a single file it is kept already; a browser that keeps nothing shows it all the same.
#[hook]
pub fn use_offline() {
    use_effect_with((), |()| {
        let served = window().location().protocol().is_ok_and(|protocol| protocol.starts_with("http"));
        let keeper = window().navigator().service_worker();
        // It is there in secure contexts only.
        if served && !JsValue::from(keeper.clone()).is_undefined() {
            wasm_bindgen_futures::spawn_local(async move {
                let _ = wasm_bindgen_futures::JsFuture::from(keeper.register(SCRIPT)).await;
            });
        }
    });
}
