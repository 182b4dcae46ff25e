//! What the thing under the pointer, or in focus, is: a few words beside it.

use yew::prelude::*;

use crate::hooks::style;

/// Pixels of the widest tip, about.
const WIDE: f64 = 180.0;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Left, top, width and height of the thing.
    pub place: (f64, f64, f64, f64),
    /// Pixels across that there are.
    pub room: f64,
    pub text: String,
}

/// The tip. The thing itself has the same words as its name.
#[component]
pub fn Tip(props: &Props) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((props.place, props.room), move |((left, top, width, height), room)| {
            // Beside the thing on the side where there is room.
            let anchor = (left + width / 2.0).min((room - WIDE).max(100.0));
            style::set(&node, "left", &format!("{anchor}px"));
            style::set(&node, "top", &format!("{}px", top + height + 6.0));
        });
    }
    html! { <div class="tip" ref={node} aria-hidden="true">{ &props.text }</div> }
}
