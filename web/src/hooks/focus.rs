//! Whether a thing has the focus of somebody who uses the keyboard: then what a pointer would show is shown too.

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// The focus of one element, and what to tell of it.
#[derive(Clone, PartialEq)]
pub struct Focus {
    /// The element has the focus, and it is seen.
    pub seen: bool,
    /// The element got it.
    pub on_focus: Callback<FocusEvent>,
    /// The element lost it.
    pub on_blur: Callback<FocusEvent>,
    /// A key was pressed in it.
    pub on_key: Callback<()>,
}

/// Follows the focus of an element.
#[hook]
pub fn use_focus_seen() -> Focus {
    let seen = use_state_eq(|| false);
    let setter = seen.setter();
    Focus {
        seen: *seen,
        on_focus: {
            let seen = setter.clone();
            Callback::from(move |event: FocusEvent| {
                let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                // After a click it is the browser that knows whether the focus is to be seen.
                seen.set(element.is_some_and(|element| element.matches(":focus-visible").unwrap_or(false)));
            })
        },
        on_blur: {
            let seen = setter.clone();
            Callback::from(move |_: FocusEvent| seen.set(false))
        },
        on_key: Callback::from(move |()| setter.set(true)),
    }
}
