//! The clipboard: only written, and only when somebody asks for it.

use gloo::utils::window;

/// Puts a text on the clipboard. A browser that has none, or forbids it, does nothing.
pub fn copy(text: &str) {
    let clipboard = window().navigator().clipboard();
    // It is there in secure contexts only.
    if !wasm_bindgen::JsValue::from(clipboard.clone()).is_undefined() {
        let _ = clipboard.write_text(text);
    }
}
