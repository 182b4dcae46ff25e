//! A list and the inspector beside it.

use std::rc::Rc;

use gloo::utils::document;
use web_sys::{KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition};
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
use super::seek_bar::SeekBar;
use crate::hooks::latest::use_latest;
use crate::hooks::page::Page;
use crate::hooks::sight::{Rows, Sight};
use crate::protocol::{Form, Range, Scope};
use crate::state::{Action, Selection, Settings, State, View};
use crate::wording::counted;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
    /// Told which rows of the list are visible.
    pub sight: Sight,
}

/// List and inspector.
#[component]
pub fn ListView(props: &Props) -> Html {
    let page = &props.page;
    let state = &page.state;
    let wishes = use_wishes(page, &props.sight);
    let on_scope = use_latest(page.act.reform(Action::Narrow));
    let on_write = use_latest(page.act.reform(|(text, cursor)| Action::Filter(text, cursor)));
    html! {
        <div class={classes!("split", state.selection.is_none().then_some("alone"))}>
            <section class="pane" aria-label={state.view.title()}>
                <div class="pane-head">
                    <h2>{ state.view.title() }</h2>
                    <ScopePicker files={state.files.clone()} progress={Rc::clone(&state.progress)} scope={state.scope} {on_scope} />
                    if state.view == View::Packets { { all_packets(state, page.act.clone()) } }
                    <span class="gap"></span>
                    <span class="quiet">{ subtitle(state) }</span>
                </div>
                if state.view != View::Findings {
                    <FilterBar filter={Rc::clone(&state.filter)} on_write={on_write.clone()} />
                }
                // Not a component that is empty: what comes before it would look for its place beside a list that is gone.
                if state.seeking.bar.is_some() { <SeekBar page={page.clone()} /> }
                if state.filter.leaves_nothing() && state.view != View::Findings {
                    <div class="teach">
                        <h2>{"No command passes the filter"}</h2>
                        <p><button type="button" class="link" onclick={on_write.reform(|_| (String::new(), 0))}>{"Clear the filter"}</button></p>
                    </div>
                } else {
                    { list(state, wishes) }
                }
            </section>
            if let Some(selection) = state.selection { <Beside page={page.clone()} {selection} /> }
        </div>
    }
}

/// Whether packets are listed in which no command ends. A filter is about commands, and so is a connection.
fn all_packets(state: &State, act: Callback<Action>) -> Html {
    let (all, free) = (state.frames, state.filter.applied == 0 && state.scope == Scope::All);
    html! {
        <button type="button" class="button" aria-pressed={(all && free).to_string()} disabled={!free} onclick={act.reform(move |_: MouseEvent| Action::Frames(!all))}
            title="Handshakes, acknowledgements and other protocols too; not under a filter">{"All packets"}</button>
    }
}

fn subtitle(state: &State) -> String {
    let so_far = if state.is_reading() { " so far" } else { "" };
    let total = state.window.total.into();
    match state.view {
        View::Findings if !state.progress.overview.checked => "not checked yet".to_owned(),
        View::Findings => counted(total, "finding", "findings") + so_far,
        View::Commands => counted(total, "command", "commands") + so_far,
        View::Packets if state.window.list.form == Form::Frames => {
            let packets = state.progress.overview.packets;
            let first = if f64::from(state.window.total) < packets && !state.is_reading() { "the first " } else { "" };
            format!("{first}{}{so_far}", counted(total, "packet", "packets"))
        }
        View::Packets => counted(total, "packet with commands", "packets with commands") + so_far,
        _ => counted(total, "row", "rows") + so_far,
    }
}

/// What can be asked for in a list. None of these changes while the list is there, so rows need not be drawn anew.
struct ListWishes {
    on_visible: Callback<Rows>,
    on_select: Callback<u32>,
    on_packet: Callback<(u32, u32)>,
    on_bytes: Callback<(u32, Range)>,
    on_range: Callback<((u32, u32), u32)>,
    on_fold: Callback<(u32, u32)>,
    on_extend: Callback<u32>,
    on_key: Callback<(KeyboardEvent, u32)>,
    ladder: Wishes,
}

#[hook]
fn use_wishes(page: &Page, sight: &Sight) -> ListWishes {
    let on_visible = {
        let sight = sight.clone();
        Callback::from(move |rows| sight.see(rows))
    };
    ListWishes {
        on_visible: use_latest(on_visible),
        on_select: use_latest(page.act.reform(|pdu| Action::Select(pdu, None))),
        on_packet: use_latest(page.act.reform(|(pdu, packet)| Action::Packet(pdu, packet))),
        on_bytes: use_latest(page.act.reform(|(pdu, range)| Action::Select(pdu, Some(range)))),
        on_range: use_latest(page.act.reform(|(range, pdu)| Action::Range(range, pdu))),
        on_fold: use_latest(page.act.reform(|(pdu, row)| Action::Fold { pdu, row })),
        on_extend: use_latest(page.act.reform(Action::Extend)),
        on_key: use_latest(list_keys(page)),
        ladder: Wishes {
            on_turn: use_latest(page.turn()),
            on_connection: use_latest(page.act.reform(|stream| Action::Narrow(Scope::Connection(stream)))),
            on_lane: use_latest(page.act.reform(|(from, to)| Action::Lane { from, to })),
        },
    }
}

fn list(state: &State, wishes: ListWishes) -> Html {
    let (window, selection, goal) = (Rc::clone(&state.window), state.selection, state.goal);
    let ListWishes { on_visible, on_select, on_packet, on_bytes, on_range, on_fold, on_extend, on_key, ladder } =
        wishes;
    // A list starts at its beginning: another list is another element.
    let key = format!("{:?}", state.list());
    match state.view {
        View::Ladder => html! {
            <Ladder {key} {window} {selection} opened={Rc::clone(&state.opened)} {goal} {on_visible} {on_select} on_item={on_bytes}
                {on_key} {on_fold} {on_extend} wishes={ladder} printing={state.is_on_paper()} theme={state.paint()} measure={state.settings.measure()} range={state.range} {on_range} />
        },
        View::Findings => html! {
            <FindingTable {key} {window} {selection} measure={state.settings.measure()} checked={state.progress.overview.checked} {on_visible} on_select={on_bytes} />
        },
        View::Packets => html! {
            <PacketTable {key} {window} {selection} {goal} {on_visible} {on_packet} {on_key} measure={state.settings.measure()} />
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
            if let Some(selection) = selection { <Beside page={page.clone()} {selection} /> }
        </div>
    }
}

/// Scrolls as little as shows what is selected beside the inspector. Virtual rows see to that themselves: their elements may
/// not be where they belong yet.
fn bring_selected() {
    let selected =
        document().query_selector(".split > .pane:first-child :is(.row, .talk *, .bar).selected:not(.slab *)");
    if let Ok(Some(selected)) = selected {
        let least = ScrollIntoViewOptions::new();
        least.set_block(ScrollLogicalPosition::Nearest);
        least.set_inline(ScrollLogicalPosition::Nearest);
        selected.scroll_into_view_with_scroll_into_view_options(&least);
    }
}

#[derive(Properties, PartialEq)]
struct BesideProps {
    page: Page,
    selection: Selection,
}

/// The inspector, told what it needs of the page and no more: it is drawn anew only when that changes.
#[component]
fn Beside(props: &BesideProps) -> Html {
    let (page, selection) = (&props.page, props.selection);
    let state = &page.state;
    // Where the inspector takes room from the list, what was selected is not to be lost under it. When the inspector comes,
    // the list is not drawn yet; when what it shows comes, it is.
    use_effect_with((selection.pdu, state.detail.as_ref().map(|detail| detail.pdu)), |_| bring_selected());
    let on_step = {
        let page = page.clone();
        Callback::from(move |by| match page.state.selection.and_then(|selection| selection.packet) {
            Some(packet) => page.step_packet(packet, by),
            None => page.step(by),
        })
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
    let (on_step, on_select, on_filter) = (use_latest(on_step), use_latest(on_select), use_latest(on_filter));
    let (on_close, on_split) = (use_latest(on_close), use_latest(on_split));
    let on_item = use_latest(page.act.reform(Action::SelectItem));
    let on_source = use_latest(page.act.reform(Action::ShowSource));
    let on_packet = use_latest({
        let page = page.clone();
        Callback::from(move |()| page.turn_to_packet())
    });
    let on_note = use_latest(page.act.reform(|(pdu, text)| Action::Note(pdu, text)));
    let on_hold = use_latest(page.act.reform(|()| Action::Hold));
    let on_reveal = use_latest({
        let page = page.clone();
        Callback::from(move |()| page.reveal())
    });
    html! {
        <Inspector split={state.settings.split} {on_split} detail={state.detail.clone()} marked={state.marked.clone()} {selection} source={state.source}
            found={state.found_bytes()} {on_step} {on_close} {on_select} {on_filter} {on_reveal} {on_note} {on_hold} {on_item} {on_source} {on_packet} />
    }
}
