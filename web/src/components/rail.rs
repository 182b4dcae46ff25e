//! The rail: the views.

use yew::prelude::*;

use super::icons::{Icon, icon};
use crate::clock::TimeForm;
use crate::state::{Bar, View};
use crate::wording;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub view: View,
    /// Findings to look at.
    pub findings: u32,
    pub on_show: Callback<View>,
    pub on_bar: Callback<Bar>,
    /// What times are counted from.
    pub time: TimeForm,
    pub on_time: Callback<TimeForm>,
    pub on_theme: Callback<()>,
    pub on_help: Callback<()>,
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
                    <span class="label" title={view.title()}>{ view.title() }</span>
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
    let tool = |(name, picture, wish): (&'static str, Icon, Callback<MouseEvent>)| {
        html! { <li class="further tool"><button type="button" onclick={wish}>{ icon(picture) }<span class="label">{ name }</span></button></li> }
    };
    let bar = |bar: Bar| {
        let (on_bar, open) = (props.on_bar.clone(), open.setter());
        Callback::from(move |_: MouseEvent| {
            open.set(false);
            on_bar.emit(bar);
        })
    };
    let next = props.time.next();
    let tools = [
        ("Find", Icon::Find, bar(Bar::Find)),
        ("Go to", Icon::GoTo, bar(Bar::GoTo)),
        (props.time.title(), Icon::Clock, props.on_time.reform(move |_| next)),
        ("Colours", Icon::System, props.on_theme.reform(|_| ())),
        ("Keys", Icon::Commands, props.on_help.reform(|_| ())),
    ]
    .map(tool);
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
                        { icon(Icon::Commands) }<span class="label">{"More"}</span>
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
