//! A sentence for screen readers, told once it has rested.

use yew::prelude::*;

use crate::hooks::rest::use_rested;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub text: String,
}

/// Tells it, and shows nothing.
#[component]
pub fn Announced(props: &Props) -> Html {
    let rested = use_rested(props.text.clone());
    html! { <span class="unseen" role="status">{ rested }</span> }
}
