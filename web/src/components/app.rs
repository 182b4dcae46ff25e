//! The whole page: state, worker, keys, files; with a capture or without.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::bindings::{Elsewhere, bindings, chords};
use super::empty::Empty;
use super::fonts::fonts;
use super::help::Help;
use super::notes::Notes;
use super::shell::Shell;
use crate::clock::Clock;
use crate::hooks::address::use_address;
use crate::hooks::drop::{Over, use_file_drop};
use crate::hooks::files::{SAMPLES, Sample};
use crate::hooks::keys::{use_chords, use_keys};
use crate::hooks::latest::use_latest;
use crate::hooks::offline::use_offline;
use crate::hooks::page::Page;
use crate::hooks::palette::use_palette;
use crate::hooks::print::use_printing;
use crate::hooks::saved::use_saved;
use crate::hooks::search::use_search;
use crate::hooks::session::{Wish, use_marks, use_open, use_questions, use_sample, use_title};
use crate::hooks::sight::Sight;
use crate::hooks::size::{expect_width, use_size};
use crate::hooks::work::{use_checking, use_open_either, use_saving};
use crate::hooks::worker::use_worker;
use crate::hooks::{settings, theme};
use crate::scene::ladder::Measure;
use crate::state::{Action, State};

/// The page.
#[component]
pub fn App() -> Html {
    let state =
        use_reducer(|| State { theme: theme::remembered(), settings: settings::remembered(), ..State::default() });
    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let link = use_worker(act.clone());
    let page = Page { state, act, link };
    let sight = (*use_memo((), |()| Sight::default())).clone();
    let help = use_state(|| false);
    // A list must know its width before it can be drawn as it will stay: without this it would be drawn for some width, laid
    // out, and drawn again for its own, in the first picture of a capture.
    let gauge = use_node_ref();
    use_size(gauge.clone(), Callback::from(expect_width));
    let picker = use_node_ref();
    // What is chosen next is to be opened beside what is open.
    let beside = use_mut_ref(|| false);

    let open = use_open(&page);
    let on_sample = use_sample(&page, open.clone());
    let open = use_open_either(&page, open);
    use_saving(&page);
    use_checking(&page);
    let dragging = use_file_drop(open.clone());
    let shown = !page.state.files.is_empty() && page.state.refusal().is_none();
    use_address(page.state.route(), shown, page.state.is_passing(), page.act.clone());
    use_questions(&page, &sight);
    use_offline();
    use_search(&page);
    use_marks(&page);
    // Read before there is much on the page.
    let _ = use_palette(page.state.paint());
    use_effect_with(page.state.theme, |chosen| theme::remember(*chosen));
    use_printing(&page);
    use_effect_with(page.state.settings, settings::apply);
    use_saved(
        page.state.exported.clone(),
        saved_name(
            page.state.files.iter().next().map(|file| file.name.as_str()).filter(|_| shown),
            page.state.redacted,
        ),
        page.act.clone(),
    );
    use_title(Some(page.state.files.name()).filter(|_| shown));

    let pick = |adding: bool| {
        let (picker, beside) = (picker.clone(), beside.clone());
        Callback::from(move |()| {
            *beside.borrow_mut() = adding;
            pick(&picker);
        })
    };
    let (on_open, on_add) = (use_latest(pick(false)), use_latest(pick(true)));
    let on_theme = use_latest(page.act.reform({
        let chosen = page.state.theme;
        move |()| Action::Paint(chosen.next())
    }));
    let on_help = use_latest({
        let help = help.clone();
        Callback::from(move |()| help.set(!*help))
    });
    let elsewhere = Elsewhere {
        on_open: on_open.clone(),
        on_add: on_add.clone(),
        on_theme: on_theme.clone(),
        on_help: on_help.clone(),
    };
    use_keys(bindings(&page, &elsewhere), page.state.settings.keys);
    use_chords(chords(&page));
    let clock = settings::clock(&page.state);

    let onchange = picked(&picker, beside, open);
    html! {
        <div class="app">
            <input type="file" class="unseen" ref={picker} {onchange} multiple=true tabindex="-1" aria-label="Capture file" aria-hidden="true"
                accept=".pcap,.pcapng,.cap,.dmp,.gz,.zst,.json,application/vnd.tcpdump.pcap" />
            if shown {
                <ContextProvider<Notes> context={page.state.notes.clone()}><ContextProvider<Clock> context={clock}><ContextProvider<Measure> context={page.state.settings.measure()}>
                    <Shell page={page.clone()} {sight} {on_open} {on_add} {on_theme} {on_help} />
                </ContextProvider<Measure>></ContextProvider<Clock>></ContextProvider<Notes>>
            } else {
                { empty(&page, on_open, on_sample, on_theme, on_help) }
            }
            { fonts() }
            <div class="gauge" aria-hidden="true" ref={gauge}></div>
            if let Some(over) = dragging { { veil(over, shown) } }
            if *help {
                <Help settings={page.state.settings} on_set={page.act.reform(Action::Set)}
                    on_close={let help = help.setter(); Callback::from(move |()| help.set(false))} />
            }
        </div>
    }
}

/// What to call a saved part: as the capture, without what tells its kind.
fn saved_name(file: Option<&str>, redacted: bool) -> String {
    let stem = file.and_then(|name| name.split('.').next()).filter(|stem| !stem.is_empty());
    let redacted = if redacted { "-redacted" } else { "" };
    crate::wording::safe_name(&format!("{}{redacted}", stem.unwrap_or("capture")), 0, true)
}

fn empty(
    page: &Page,
    on_open: Callback<()>,
    on_sample: Callback<Sample>,
    on_theme: Callback<()>,
    on_help: Callback<()>,
) -> Html {
    let state = &page.state;
    let name = state.files.name();
    let refused = state.refusal().map(|why| (AttrValue::from(name), AttrValue::from(why.to_owned())));
    let (awaited, notice) = (state.restoring.is_some(), state.notice.clone());
    let (awaited, notice) = if awaited { (notice, None) } else { (None, notice) };
    let trouble = state.trouble.clone().or(notice).map(AttrValue::from);
    let awaited = awaited.map(AttrValue::from);
    let on_tour = {
        let (act, on_sample) = (page.act.clone(), on_sample.clone());
        Callback::from(move |()| {
            act.emit(Action::Tour(Some(0)));
            SAMPLES.iter().take(1).for_each(|first| on_sample.emit(*first));
        })
    };
    html! { <Empty theme={state.theme} {refused} {trouble} {awaited} {on_open} {on_sample} {on_tour} {on_theme} {on_help} /> }
}

/// What becomes of what is dropped where.
fn veil(over: Over, shown: bool) -> Html {
    if !shown {
        return html! { <div class="drop-veil" aria-hidden="true">{"Drop it anywhere"}</div> };
    }
    let half = |side, words: &'static str| html! { <div class={classes!("half", (over == side).then_some("on"))}>{ words }</div> };
    html! {
        <div class="drop-veil halves" aria-hidden="true">
            { half(Over::Left, "Add to this capture") }
            { half(Over::Right, "Open instead") }
        </div>
    }
}

/// Opens the browser's own choice of files.
fn pick(picker: &NodeRef) {
    if let Some(input) = picker.cast::<HtmlInputElement>() {
        // Else choosing the same file again would be no change.
        input.set_value("");
        input.click();
    }
}

fn picked(picker: &NodeRef, beside: Rc<RefCell<bool>>, open: Callback<Wish>) -> Callback<Event> {
    let picker = picker.clone();
    Callback::from(move |_| {
        let list = picker.cast::<HtmlInputElement>().and_then(|input| input.files());
        let files = list.map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect::<Vec<_>>());
        if let Some(files) = files.filter(|files| !files.is_empty()) {
            open.emit(Wish { files, beside: beside.take() });
        }
    })
}
