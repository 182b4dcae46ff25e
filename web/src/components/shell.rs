//! The page with a capture: bars around the view.

use std::rc::Rc;

use yew::prelude::*;

use super::chats::Chats;
use super::list_view::{ListView, beside_inspector};
use super::overview::Overview;
use super::paper_head::paper_head;
use super::people::People;
use super::rail::Rail;
use super::signs::sign;
use super::status_bar::StatusBar;
use super::time_strip::TimeStrip;
use super::top_bar::TopBar;
use super::tour::Tour;
use super::transfers::TransferView;
use crate::hooks::latest::use_latest;
use crate::hooks::page::Page;
use crate::hooks::sight::Sight;
use crate::protocol::{Ask, Form, Moment, Severity, Stage};
use crate::state::{Action, Bar, Printing, Settings, State, View};
use crate::wording;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
    /// The visible rows of the list.
    pub sight: Sight,
    pub on_open: Callback<()>,
    /// A capture is to be opened beside what is open.
    pub on_add: Callback<()>,
    pub on_theme: Callback<()>,
    pub on_help: Callback<()>,
}

/// The page with a capture.
#[component]
pub fn Shell(props: &Props) -> Html {
    let page = &props.page;
    let state = &page.state;
    let on_show = use_latest(page.act.reform(Action::Show));
    let cancel = use_latest({
        let link = page.link.clone();
        Callback::from(move |()| link.ask(&Ask::Cancel))
    });
    let close = use_latest({
        let (link, act) = (page.link.clone(), page.act.clone());
        Callback::from(move |()| {
            link.ask(&Ask::Reveal { revealing: false });
            link.ask(&Ask::Close);
            // Nothing that it still tells is wanted.
            let _ = link.next_generation();
            act.emit(Action::Close);
        })
    });
    let on_time = use_latest({
        let page = page.clone();
        Callback::from(move |time| page.set(|set| Settings { time, ..set }))
    });
    let on_redact = use_latest({
        let page = page.clone();
        Callback::from(move |()| page.redact())
    });
    let on_export = use_latest({
        let page = page.clone();
        Callback::from(move |(part, form, noted)| page.export(part, form, noted))
    });
    let on_print = use_latest(page.act.reform(|()| Action::Print(Some(Printing::Asked))));
    let on_bar = use_latest({
        let page = page.clone();
        Callback::from(move |bar| page.turn_bar(bar))
    });
    let on_seek = use_latest({
        let page = page.clone();
        Callback::from(move |time| page.seek(time))
    });
    let on_range = use_latest({
        let page = page.clone();
        Callback::from(move |range| page.filter_by(page.state.filter.within(range)))
    });
    let kinds = state.progress.overview.experts.iter();
    let findings = kinds.filter(|kind| kind.severity >= Severity::Warn).map(|kind| kind.count).sum::<u32>();
    html! {
        <div class="shell">
            <TopBar files={state.files.clone()} progress={Rc::clone(&state.progress)} reading={state.is_reading()} theme={state.theme}
                on_open={props.on_open.clone()} on_close={close} on_cancel={cancel} on_theme={props.on_theme.clone()}
                on_help={props.on_help.clone()} time={state.settings.time} on_time={on_time.clone()} offers={state.offers()} noted={!state.notes.is_empty()} {on_export} {on_print} on_bar={on_bar.clone()}
                redacted={state.redacted} {on_redact} />
            <Rail view={state.view} {findings} on_show={on_show.clone()} {on_bar}
                time={state.settings.time} {on_time} on_theme={props.on_theme.clone()} on_help={props.on_help.clone()} />
            <main class="main">
                { paper_head(state, &page.clock()) }
                { banner(state) }
                if state.view != View::Overview && state.progress.overview.commands > 0 { { strip(props, on_seek, on_range) } }
                if state.view == View::Overview || state.progress.overview.commands == 0 {
                    { overview(page, &props.on_add) }
                } else if state.view == View::Chats {
                    { beside_inspector(page, html! { <Chats page={page.clone()} /> }) }
                } else if state.view == View::People {
                    { beside_inspector(page, html! { <People page={page.clone()} /> }) }
                } else if state.view == View::Transfers {
                    { beside_inspector(page, html! { <TransferView page={page.clone()} /> }) }
                } else {
                    <ListView page={page.clone()} sight={props.sight.clone()} />
                }
                if let Some(at) = state.tour { <Tour page={page.clone()} {at} /> }
            </main>
            <StatusBar files={state.files.clone()} progress={Rc::clone(&state.progress)} selection={state.selection}
                detail={state.detail.clone()} notice={state.notice.clone()} redacted={state.redacted} revealing={state.revealing} said={said(state)} {on_show} />
        </div>
    }
}

/// What is to be said where no bar says it.
fn said(state: &State) -> Option<AttrValue> {
    let seeking = &state.seeking;
    seeking.said.clone().filter(|_| seeking.bar != Some(Bar::GoTo)).map(AttrValue::from)
}

fn strip(props: &Props, on_seek: Callback<Moment>, on_range: Callback<Option<(f64, f64)>>) -> Html {
    let state = &props.page.state;
    let detail = state.detail.as_ref().filter(|detail| state.selection.is_some_and(|s| s.is_of(detail)));
    // Findings are listed by severity: what is in sight is no stretch of time.
    let window = state.list().filter(|list| list.form != Form::Findings).map(|_| Rc::clone(&state.window));
    html! {
        <TimeStrip progress={Rc::clone(&state.progress)} sight={props.sight.clone()} {window} selected={detail.map(|detail| detail.evidence.time)}
            timed={state.filter.is_timed()} {on_seek} {on_range} />
    }
}

fn overview(page: &Page, on_add: &Callback<()>) -> Html {
    let on_select = {
        let page = page.clone();
        Callback::from(move |pdu| page.go_to(pdu))
    };
    let on_scope = {
        let page = page.clone();
        Callback::from(move |scope| page.narrow(scope))
    };
    let on_leave = {
        let page = page.clone();
        Callback::from(move |at| page.leave(at))
    };
    html! {
        <Overview files={page.state.files.clone()} on_add={on_add.clone()} {on_leave} progress={Rc::clone(&page.state.progress)} story={page.state.story.clone()} on_show={page.act.reform(Action::Show)} {on_select} {on_scope} />
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
