//! A list and the inspector beside it.

use std::rc::Rc;

use yew::prelude::*;

use super::bindings::list_keys;
use super::command_table::CommandTable;
use super::field_tree::focus;
use super::filter_bar::FilterBar;
use super::finding_table::FindingTable;
use super::inspector::Inspector;
use super::ladder::Ladder;
use super::ladder_heading::Wishes;
use super::packet_table::PacketTable;
use super::scope_picker::ScopePicker;
use crate::hooks::page::Page;
use crate::protocol::Scope;
use crate::state::{Action, Selection, Settings, State, View};
use crate::wording::counted;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
    /// Told which rows of the list are visible.
    pub on_visible: Callback<(u32, u32)>,
}

/// List and inspector.
#[component]
pub fn ListView(props: &Props) -> Html {
    let page = &props.page;
    let state = &page.state;
    html! {
        <div class={classes!("split", state.selection.is_none().then_some("alone"))}>
            <section class="pane" aria-label={state.view.title()}>
                <div class="pane-head">
                    <h2>{ state.view.title() }</h2>
                    <ScopePicker progress={Rc::clone(&state.progress)} scope={state.scope} on_scope={page.act.reform(Action::Narrow)} />
                    <span class="gap"></span>
                    <span class="quiet">{ subtitle(state) }</span>
                </div>
                if state.view != View::Findings {
                    <FilterBar filter={Rc::clone(&state.filter)} on_write={page.act.reform(|(text, cursor)| Action::Filter(text, cursor))} />
                }
                { list(props) }
            </section>
            if let Some(selection) = state.selection { { inspector(page, selection) } }
        </div>
    }
}

fn subtitle(state: &State) -> String {
    let so_far = if state.is_reading() { " so far" } else { "" };
    let total = state.window.total.into();
    match state.view {
        View::Findings if !state.progress.overview.checked => "not checked yet".to_owned(),
        View::Findings => counted(total, "finding", "findings") + so_far,
        View::Commands => counted(total, "command", "commands") + so_far,
        View::Packets => counted(total, "packet with commands", "packets with commands") + so_far,
        _ => counted(total, "row", "rows") + so_far,
    }
}

fn list(props: &Props) -> Html {
    let page = &props.page;
    let state = &page.state;
    let (window, selection, goal) = (Rc::clone(&state.window), state.selection, state.goal);
    let on_visible = props.on_visible.clone();
    let on_select = page.act.reform(|pdu| Action::Select(pdu, None));
    let on_key = list_keys(page);
    let on_range = page.act.reform(|(range, pdu)| Action::Range(range, pdu));
    // A list starts at its beginning: another list is another element.
    let key = format!("{:?}", state.list());
    match state.view {
        View::Ladder => {
            let wishes = Wishes {
                on_turn: page.turn(),
                on_connection: page.act.reform(|stream| Action::Narrow(Scope::Connection(stream))),
            };
            let on_item = page.act.reform(|(pdu, range)| Action::Select(pdu, Some(range)));
            html! {
                <Ladder {key} {window} {selection} opened={Rc::clone(&state.opened)} {goal} {on_visible} {on_select} {on_item} {on_key}
                    on_fold={page.act.reform(|(pdu, row)| Action::Fold { pdu, row })} on_extend={page.act.reform(Action::Extend)}
                    {wishes} theme={state.theme} measure={state.settings.measure()} range={state.range} on_range={on_range.clone()} />
            }
        }
        View::Findings => html! {
            <FindingTable {key} {window} {selection} measure={state.settings.measure()} checked={state.progress.overview.checked} {on_visible}
                on_select={page.act.reform(|(pdu, range)| Action::Select(pdu, Some(range)))} />
        },
        View::Packets => html! {
            <PacketTable {key} {window} {selection} {goal} {on_visible} {on_select} {on_key} measure={state.settings.measure()} />
        },
        _ => html! {
            <CommandTable {key} {window} {selection} {goal} {on_visible} {on_select} {on_key} measure={state.settings.measure()} range={state.range} {on_range} />
        },
    }
}

/// Something other than a list, and the inspector beside it when a command is selected.
pub fn beside_inspector(page: &Page, view: Html) -> Html {
    let selection = page.state.selection;
    html! {
        <div class={classes!("split", selection.is_none().then_some("alone"))}>
            <div class="pane">{ view }</div>
            if let Some(selection) = selection { { inspector(page, selection) } }
        </div>
    }
}

fn inspector(page: &Page, selection: Selection) -> Html {
    let state = &page.state;
    let on_step = {
        let page = page.clone();
        Callback::from(move |by| page.step(by))
    };
    let on_select = {
        let page = page.clone();
        Callback::from(move |pdu| page.go_to(pdu))
    };
    let on_filter = {
        let page = page.clone();
        Callback::from(move |expression| page.filter_by(expression))
    };
    let on_close = page.act.reform(|()| {
        focus(".split .rows");
        Action::Deselect
    });
    let on_split = {
        let page = page.clone();
        Callback::from(move |split| page.set(|set| Settings { split, ..set }))
    };
    html! {
        <Inspector split={state.settings.split} {on_split} detail={state.detail.clone()} {selection} source={state.source} {on_step} {on_close} {on_select} {on_filter}
            on_item={page.act.reform(Action::SelectItem)} on_source={page.act.reform(Action::ShowSource)} />
    }
}
