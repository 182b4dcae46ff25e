//! One letter in each font that the page with a capture uses and the empty page does not.
//!
//! The first use of a font makes the browser's page process ask another process and wait for it: a tenth of a second
//! for all of them, on a busy machine more. So it asks while nobody waits, before the first file is chosen. The fonts are
//! listed in `base.css`; a browser test compares them with those in use.

use yew::prelude::*;

/// How many there are.
const FONTS: usize = 7;

/// Letters nobody sees.
pub fn fonts() -> Html {
    html! { <div class="fonts" aria-hidden="true">{ for (0..FONTS).map(|_| html! { <span>{"x"}</span> }) }</div> }
}
