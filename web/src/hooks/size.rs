//! The size of an element, told whenever it changes.

use std::cell::Cell;

use wasm_bindgen::prelude::*;
use yew::prelude::*;

thread_local! {
    static EXPECTED: Cell<f64> = const { Cell::new(824.0) };
}

/// How wide a list is taken to be until it is known, in pixels: as wide as the page allows.
#[must_use]
pub fn expected_width() -> f64 {
    EXPECTED.get()
}

/// The page allows so many pixels.
pub fn expect_width(pixels: f64) {
    EXPECTED.set(pixels);
}

/// Whether the page is as narrow as a telephone's, for letters of a size: 1 is the usual one. The stylesheet says the same.
#[must_use]
pub fn is_narrow(size: f64) -> bool {
    let width = gloo::utils::window().inner_width().ok().and_then(|width| width.as_f64());
    width.is_some_and(|width| width < 600.0 * size)
}

/// Calls `told` with the width of the element, scroll bar included, now and after each change of its size.
#[hook]
pub fn use_size(node: NodeRef, told: Callback<f64>) {
    use_effect_with((), move |()| {
        let element = node.cast::<web_sys::HtmlElement>();
        let measured = element.clone();
        let on_change = Closure::<dyn FnMut()>::new(move || {
            if let Some(element) = &measured {
                told.emit(f64::from(element.offset_width()));
            }
        });
        let observer = web_sys::ResizeObserver::new(on_change.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(on_change);
        }
    });
}
