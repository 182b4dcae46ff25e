//! The size of an element, told whenever it changes.

use wasm_bindgen::prelude::*;
use yew::prelude::*;

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
