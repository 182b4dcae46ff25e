//! The rail: the views.

use yew::prelude::*;

use super::icons::{Icon, icon};
use crate::state::{Bar, View};
use crate::wording;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub view: View,
    /// Findings to look at.
    pub findings: u32,
    pub on_show: Callback<View>,
    pub on_bar: Callback<Bar>,
}

/// The views, one of them current. Where there is no room for all, some wait behind a button.
#[component]
pub fn Rail(props: &Props) -> Html {
    let open = use_state_eq(|| false);
    let button = |view: View| {
        let onclick = {
            let (on_show, open) = (props.on_show.clone(), open.setter());
            Callback::from(move |_: MouseEvent| {
                open.set(false);
                on_show.emit(view);
            })
        };
        html! {
            <li key={view.slug()} class={(!is_first(view)).then_some("further")}>
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
    let buttons = View::ALL.map(button);
    // Where the top bar has no room for them.
    let tool = |(bar, picture, name): (Bar, Icon, &'static str)| {
        let (on_bar, open) = (props.on_bar.clone(), open.setter());
        let onclick = Callback::from(move |_: MouseEvent| {
            open.set(false);
            on_bar.emit(bar);
        });
        html! { <li class="further tool"><button type="button" {onclick}>{ icon(picture) }{ name }</button></li> }
    };
    let tools = [(Bar::Find, Icon::Find, "Find"), (Bar::GoTo, Icon::GoTo, "Go to")].map(tool);
    let onclick = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    html! {
        <nav class={classes!("rail", open.then_some("open"))} aria-label="Views">
            <ul>
                { for buttons }
                { for tools }
                <li class="more">
                    <button type="button" {onclick} aria-expanded={open.to_string()} class={(!is_first(props.view)).then_some("current")}>
                        { icon(Icon::Commands) }{"More"}
                        if props.findings > 0 { <span class="badge" aria-hidden="true">{"!"}</span> }
                    </button>
                </li>
            </ul>
        </nav>
    }
}

/// Whether a view stands on the narrowest rail.
const fn is_first(view: View) -> bool {
    matches!(view, View::Overview | View::Ladder | View::Chats | View::Transfers)
}

const fn picture(view: View) -> Icon {
    match view {
        View::Overview => Icon::Overview,
        View::Ladder => Icon::Ladder,
        View::Commands => Icon::Commands,
        View::Chats => Icon::Chats,
        View::People => Icon::People,
        View::Transfers => Icon::Transfers,
        View::Findings => Icon::Findings,
        View::Packets => Icon::Packets,
    }
}
