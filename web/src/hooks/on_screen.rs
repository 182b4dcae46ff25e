//! Whether an element is on screen: what nobody sees needs no bytes.

use wasm_bindgen::prelude::*;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};
use yew::prelude::*;

/// Whether the element is on screen now, not scrolled away.
#[hook]
pub fn use_on_screen(node: &NodeRef) -> bool {
    let seen = use_state_eq(|| false);
    {
        let (node, seen) = (node.clone(), seen.setter());
        use_effect_with((), move |()| {
            let on_change = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
                // The last one is the newest.
                let newest = entries.pop().dyn_into::<IntersectionObserverEntry>();
                seen.set(newest.is_ok_and(|entry| entry.is_intersecting()));
            });
            let observer = IntersectionObserver::new(on_change.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(element)) = (&observer, node.cast::<Element>()) {
                observer.observe(&element);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(on_change);
            }
        });
    }
    *seen
}
