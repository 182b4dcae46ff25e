//! The rail: the views.

use yew::prelude::*;

use super::icons::{Icon, icon};
use crate::state::View;
use crate::wording;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub view: View,
    /// Findings to look at.
    pub findings: u32,
    pub on_show: Callback<View>,
}

/// The views, one of them current.
#[component]
pub fn Rail(props: &Props) -> Html {
    let button = |view: View| {
        let onclick = props.on_show.reform(move |_| view);
        html! {
            <li key={view.slug()}>
                <button type="button" {onclick} aria-current={(view == props.view).then_some("page")}>
                    { icon(picture(view)) }
                    { view.title() }
                    if view == View::Findings && props.findings > 0 {
                        <span class="badge">
                            { if props.findings > 99 { "99+".to_owned() } else { wording::count(props.findings.into()) } }
                            <span class="unseen">{" to look at"}</span>
                        </span>
                    }
                </button>
            </li>
        }
    };
    html! { <nav class="rail" aria-label="Views"><ul>{ for View::ALL.map(button) }</ul></nav> }
}

const fn picture(view: View) -> Icon {
    match view {
        View::Overview => Icon::Overview,
        View::Ladder => Icon::Ladder,
        View::Commands => Icon::Commands,
        View::Chats => Icon::Chats,
        View::People => Icon::People,
        View::Findings => Icon::Findings,
    }
}
