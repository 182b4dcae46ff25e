//! The top bar: mark, file, counts, progress; open, colours, keys.

use yew::prelude::*;

use super::export_menu::ExportMenu;
use super::icons::{Icon, icon, small_icon};
use super::seek_bar::seek_buttons;
use super::time_switch::time_switch;
use crate::clock::TimeForm;
use crate::protocol::{FileForm, Part, Progress};
use crate::state::{Bar, Files, Offer, Theme};
use crate::wording::{counted, part_of, size, whole};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub files: Files,
    pub progress: std::rc::Rc<Progress>,
    pub reading: bool,
    pub theme: Theme,
    pub time: TimeForm,
    pub on_time: Callback<TimeForm>,
    /// What can be saved.
    pub offers: Vec<Offer>,
    /// Whether there are notes.
    pub noted: bool,
    pub on_export: Callback<(Part, FileForm, bool)>,
    pub on_print: Callback<()>,
    /// Finding or going to is asked for.
    pub on_bar: Callback<Bar>,
    /// Pseudonyms stand in place of what tells about people.
    pub redacted: bool,
    pub on_redact: Callback<()>,
    pub on_open: Callback<()>,
    pub on_close: Callback<()>,
    pub on_cancel: Callback<()>,
    pub on_theme: Callback<()>,
    pub on_help: Callback<()>,
}

/// The bar.
#[component]
pub fn TopBar(props: &Props) -> Html {
    let overview = &props.progress.overview;
    let so_far = if props.reading { " so far" } else { "" };
    let counts = format!(
        "{} · {}{so_far}",
        counted(overview.commands.into(), "command", "commands"),
        counted(whole(overview.packets), "packet", "packets")
    );
    html! {
        <header class="top">
            <button type="button" class="mark" onclick={props.on_close.reform(|_| ())} title="Put what is open away"
                aria-label="MSNP viewer: put what is open away">{ icon(Icon::Mark) }</button>
            <div class="titles">
                <h1 class="file" title={props.files.names()}><bdi>{ props.files.name() }</bdi></h1>
                <span class="counts">{ counts }</span>
            </div>
            <span class="gap"></span>
            if props.reading { { loading(&props.progress, &props.on_cancel) } }
            <div class="actions">
                { time_switch(props.time, &props.on_time) }
                { seek_buttons(&props.on_bar) }
                <button type="button" class="button plain" aria-pressed={props.redacted.to_string()} onclick={props.on_redact.reform(|_| ())}
                    title="Pseudonyms in place of accounts, names, texts and secrets">
                    { small_icon(Icon::Lock) }<span class="word">{"Redact"}</span><kbd class="word" aria-hidden="true">{"R"}</kbd>
                </button>
                if !props.offers.is_empty() {
                    <ExportMenu offers={props.offers.clone()} noted={props.noted} redacted={props.redacted} on_export={props.on_export.clone()} on_print={props.on_print.clone()} />
                }
                <button type="button" class="button plain" onclick={props.on_open.reform(|_| ())}>
                    { small_icon(Icon::Open) }<span class="word">{"Open"}</span><kbd class="word" aria-hidden="true">{"O"}</kbd>
                </button>
                <span class="wide">{ theme_button(props.theme, &props.on_theme) }{ help_button(&props.on_help) }</span>
            </div>
        </header>
    }
}

/// Cycles through the colours.
pub fn theme_button(theme: Theme, on_theme: &Callback<()>) -> Html {
    let (picture, label) = match theme {
        Theme::System => (Icon::System, "Colours: as the system"),
        Theme::Light => (Icon::Sun, "Colours: light"),
        Theme::Dark => (Icon::Moon, "Colours: dark"),
    };
    html! {
        <button type="button" class="button plain" onclick={on_theme.reform(|_| ())} aria-label={label} title={label}>
            { small_icon(picture) }
        </button>
    }
}

/// Opens the key sheet.
pub fn help_button(on_help: &Callback<()>) -> Html {
    html! {
        <button type="button" class="button plain" onclick={on_help.reform(|_| ())} aria-label="Keys" title="Keys">
            <kbd aria-hidden="true">{"?"}</kbd>
        </button>
    }
}

fn loading(progress: &Progress, on_cancel: &Callback<()>) -> Html {
    // What takes less than this needs no words.
    if progress.elapsed < 0.3 && progress.read < progress.size {
        return bar(progress);
    }
    let rate = progress.read / progress.elapsed.max(0.001);
    let left = (progress.size - progress.read) / rate.max(1.0);
    html! {
        <>
            <div class="loading">
                <span>{ part_of(progress.read, progress.size) }</span>
                <span class="rate">{ format!("· {}/s · {:.0} s left ·", size(rate), left.ceil()) }</span>
                <button type="button" class="link" onclick={on_cancel.reform(|_| ())}>{"Cancel"}</button>
            </div>
            { bar(progress) }
        </>
    }
}

fn bar(progress: &Progress) -> Html {
    html! {
        <progress class="loading-bar" max={progress.size.max(1.0).to_string()} value={progress.read.to_string()}
            aria-label="Reading the file"></progress>
    }
}
