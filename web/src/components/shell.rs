//! The page with a capture: bars around the view.

use std::rc::Rc;

use yew::prelude::*;

use super::chats::Chats;
use super::list_view::{ListView, beside_inspector};
use super::overview::Overview;
use super::people::People;
use super::rail::Rail;
use super::signs::sign;
use super::status_bar::StatusBar;
use super::top_bar::TopBar;
use super::transfers::TransferView;
use crate::hooks::page::Page;
use crate::protocol::{Ask, Severity, Stage};
use crate::state::{Action, State, View};
use crate::wording;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
    /// Told which rows of the list are visible.
    pub on_visible: Callback<(u32, u32)>,
    pub on_open: Callback<()>,
    pub on_theme: Callback<()>,
    pub on_help: Callback<()>,
}

/// The page with a capture.
#[component]
pub fn Shell(props: &Props) -> Html {
    let page = &props.page;
    let state = &page.state;
    let Some(file) = &state.file else { return html! {} };
    let on_show = page.act.reform(Action::Show);
    let cancel = {
        let link = page.link.clone();
        Callback::from(move |()| link.ask(&Ask::Cancel))
    };
    let close = {
        let (link, act) = (page.link.clone(), page.act.clone());
        Callback::from(move |()| {
            link.ask(&Ask::Cancel);
            act.emit(Action::Close);
        })
    };
    let kinds = state.progress.overview.experts.iter();
    let findings = kinds.filter(|kind| kind.severity >= Severity::Warn).map(|kind| kind.count).sum::<u32>();
    html! {
        <div class="shell">
            <TopBar file={file.clone()} progress={Rc::clone(&state.progress)} reading={state.is_reading()} theme={state.theme}
                on_open={props.on_open.clone()} on_close={close} on_cancel={cancel} on_theme={props.on_theme.clone()}
                on_help={props.on_help.clone()} />
            <Rail view={state.view} {findings} on_show={on_show.clone()} />
            <main class="main">
                { banner(state) }
                if state.view == View::Overview || state.progress.overview.commands == 0 {
                    { overview(page) }
                } else if state.view == View::Chats {
                    { beside_inspector(page, html! { <Chats page={page.clone()} /> }) }
                } else if state.view == View::People {
                    { beside_inspector(page, html! { <People page={page.clone()} /> }) }
                } else if state.view == View::Transfers {
                    { beside_inspector(page, html! { <TransferView page={page.clone()} /> }) }
                } else {
                    <ListView page={page.clone()} on_visible={props.on_visible.clone()} />
                }
            </main>
            <StatusBar file={file.clone()} progress={Rc::clone(&state.progress)} selection={state.selection}
                detail={state.detail.clone()} {on_show} />
        </div>
    }
}

fn overview(page: &Page) -> Html {
    let on_select = {
        let page = page.clone();
        Callback::from(move |pdu| page.go_to(pdu))
    };
    let on_scope = {
        let page = page.clone();
        Callback::from(move |scope| page.narrow(scope))
    };
    html! {
        <Overview progress={Rc::clone(&page.state.progress)} story={page.state.story.clone()} on_show={page.act.reform(Action::Show)} {on_select} {on_scope} />
    }
}

/// What went wrong while reading, above everything that was read.
fn banner(state: &State) -> Html {
    let sentence = match (&state.progress.stage, &state.trouble) {
        (_, Some(trouble)) => trouble.clone(),
        (Stage::Cut { sentence }, None) => sentence.clone(),
        (Stage::Cancelled, None) => format!(
            "Reading was stopped at {}. What was read until then is shown.",
            wording::part_of(state.progress.read, state.progress.size)
        ),
        _ => return html! {},
    };
    html! { <div class="banner" role="status">{ sign(Severity::Warn) }<p>{ sentence }</p></div> }
}
