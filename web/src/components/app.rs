//! The whole page: state, worker, keys, files; with a capture or without.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::bindings::{Elsewhere, bindings, chords};
use super::empty::Empty;
use super::fonts::Fonts;
use super::help::Help;
use super::notes::Notes;
use super::shell::Shell;
use crate::clock::Clock;
use crate::hooks::address::use_address;
use crate::hooks::drop::use_file_drop;
use crate::hooks::files::{SAMPLES, Sample};
use crate::hooks::keys::{use_chords, use_keys};
use crate::hooks::latest::use_latest;
use crate::hooks::offline::use_offline;
use crate::hooks::page::Page;
use crate::hooks::saved::use_saved;
use crate::hooks::search::use_search;
use crate::hooks::session::{use_marks, use_open, use_questions, use_sample, use_title};
use crate::hooks::sight::Sight;
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
    let picker = use_node_ref();

    let open = use_open(&page);
    let on_sample = use_sample(&page, open.clone());
    let open = use_open_either(&page, open);
    use_saving(&page);
    use_checking(&page);
    let dragging = use_file_drop(open.clone());
    let shown = page.state.file.as_ref().filter(|_| page.state.refusal().is_none());
    use_address(page.state.route(), shown.is_some(), page.state.is_passing(), page.act.clone());
    use_questions(&page, &sight);
    use_offline();
    use_search(&page);
    use_marks(&page);
    use_effect_with(page.state.theme, |chosen| theme::apply(*chosen));
    use_effect_with(page.state.settings, settings::apply);
    use_saved(
        page.state.exported.clone(),
        saved_name(shown.map(|file| file.name.as_str()), page.state.redacted),
        page.act.clone(),
    );
    use_title(shown.map(|file| file.name.clone()));

    let on_open = use_latest(pick(&picker));
    let on_theme = use_latest(page.act.reform({
        let chosen = page.state.theme;
        move |()| Action::Paint(chosen.next())
    }));
    let on_help = use_latest({
        let help = help.clone();
        Callback::from(move |()| help.set(!*help))
    });
    let elsewhere = Elsewhere { on_open: on_open.clone(), on_theme: on_theme.clone(), on_help: on_help.clone() };
    use_keys(bindings(&page, &elsewhere), page.state.settings.keys);
    use_chords(chords(&page));
    let clock = settings::clock(&page.state);

    let onchange = picked(&picker, open);
    html! {
        <div class="app">
            <input type="file" class="unseen" ref={picker} {onchange} tabindex="-1" aria-label="Capture file" aria-hidden="true"
                accept=".pcap,.pcapng,.cap,.dmp,.gz,.zst,.json,application/vnd.tcpdump.pcap" />
            if shown.is_some() {
                <ContextProvider<Notes> context={page.state.notes.clone()}><ContextProvider<Clock> context={clock}><ContextProvider<Measure> context={page.state.settings.measure()}>
                    <Shell page={page.clone()} {sight} {on_open} {on_theme} {on_help} />
                </ContextProvider<Measure>></ContextProvider<Clock>></ContextProvider<Notes>>
            } else {
                { empty(&page, on_open, on_sample, on_theme, on_help) }
            }
            <Fonts />
            if dragging { <div class="drop-veil" aria-hidden="true">{"Drop it anywhere"}</div> }
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
    let name = state.file.as_ref().map(|file| file.name.clone()).unwrap_or_default();
    let refused = state.refusal().map(|why| (AttrValue::from(name), AttrValue::from(why.to_owned())));
    let trouble = state.trouble.clone().or(state.notice.clone()).map(AttrValue::from);
    let on_tour = {
        let (act, on_sample) = (page.act.clone(), on_sample.clone());
        Callback::from(move |()| {
            act.emit(Action::Tour(Some(0)));
            SAMPLES.iter().take(1).for_each(|first| on_sample.emit(*first));
        })
    };
    html! { <Empty theme={state.theme} {refused} {trouble} {on_open} {on_sample} {on_tour} {on_theme} {on_help} /> }
}

/// Opens the browser's own choice of files.
fn pick(picker: &NodeRef) -> Callback<()> {
    let picker = picker.clone();
    Callback::from(move |()| {
        if let Some(input) = picker.cast::<HtmlInputElement>() {
            // Else choosing the same file again would be no change.
            input.set_value("");
            input.click();
        }
    })
}

fn picked(picker: &NodeRef, open: Callback<web_sys::File>) -> Callback<Event> {
    let picker = picker.clone();
    Callback::from(move |_| {
        let files = picker.cast::<HtmlInputElement>().and_then(|input| input.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            open.emit(file);
        }
    })
}
