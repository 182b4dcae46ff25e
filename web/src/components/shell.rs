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
use super::time_strip::TimeStrip;
use super::top_bar::TopBar;
use super::tour::Tour;
use super::transfers::TransferView;
use crate::hooks::page::Page;
use crate::protocol::{Ask, Moment, Severity, Stage};
use crate::state::{Action, Settings, State, View};
use crate::wording;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
    /// The visible rows of the list: first, count.
    pub visible: (u32, u32),
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
    let on_time = {
        let page = page.clone();
        Callback::from(move |time| page.set(|set| Settings { time, ..set }))
    };
    let on_export = {
        let page = page.clone();
        Callback::from(move |(part, form)| page.export(part, form))
    };
    let kinds = state.progress.overview.experts.iter();
    let findings = kinds.filter(|kind| kind.severity >= Severity::Warn).map(|kind| kind.count).sum::<u32>();
    html! {
        <div class="shell">
            <TopBar file={file.clone()} progress={Rc::clone(&state.progress)} reading={state.is_reading()} theme={state.theme}
                on_open={props.on_open.clone()} on_close={close} on_cancel={cancel} on_theme={props.on_theme.clone()}
                on_help={props.on_help.clone()} time={state.settings.time} {on_time} offers={state.offers()} {on_export} />
            <Rail view={state.view} {findings} on_show={on_show.clone()} />
            <main class="main">
                { banner(state) }
                if state.view != View::Overview && state.progress.overview.commands > 0 { { strip(page, props.visible) } }
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
                detail={state.detail.clone()} notice={state.notice.clone()} {on_show} />
            if let Some(at) = state.tour { <Tour page={page.clone()} {at} /> }
        </div>
    }
}

fn strip(page: &Page, visible: (u32, u32)) -> Html {
    let state = &page.state;
    let detail = state.detail.as_ref().filter(|detail| state.selection.is_some_and(|s| s.pdu == detail.pdu));
    let on_seek = {
        let page = page.clone();
        Callback::from(move |time| page.seek(time))
    };
    let on_range = {
        let page = page.clone();
        Callback::from(move |range| page.filter_by(page.state.filter.within(range)))
    };
    html! {
        <TimeStrip progress={Rc::clone(&state.progress)} visible={seen(state, visible)} selected={detail.map(|detail| detail.evidence.time)}
            timed={state.filter.is_timed()} {on_seek} {on_range} />
    }
}

/// When the visible rows were sent.
fn seen(state: &State, (first, count): (u32, u32)) -> Option<(Moment, Moment)> {
    let window = &state.window;
    let at = |row: u32| window.rows.get(row.checked_sub(window.first)? as usize).map(|row| row.time);
    let last = first.saturating_add(count.saturating_sub(1)).min(window.total.saturating_sub(1));
    state.list().and(at(first)).zip(at(last))
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
