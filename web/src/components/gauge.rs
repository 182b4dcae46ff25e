//! How wide what stands beside the rail is, measured before there is anything.
//!
//! A list must know its width before it can be drawn as it will stay. Without this it would be drawn for some width, laid
//! out, and drawn again for its own: twice the work, in the first picture of a capture.

use yew::prelude::*;

use crate::hooks::size::{expect_width, use_size};

/// Nothing that is seen.
#[component]
pub fn Gauge() -> Html {
    let node = use_node_ref();
    use_size(node.clone(), Callback::from(expect_width));
    html! { <div class="gauge" aria-hidden="true" ref={node}></div> }
}
