//! Nothing open: the drop zone, the samples, and why the last file could not be read.

use yew::prelude::*;

use super::empty_picture::empty_picture;
use super::icons::{Icon, icon, small_icon};
use super::signs::sign;
use super::top_bar::{help_button, theme_button};
use crate::hooks::files::{SAMPLES, Sample};
use crate::protocol::Severity;
use crate::state::Theme;
use crate::wording::size;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub theme: Theme,
    /// A file that could not be read: its name and why.
    #[prop_or_default]
    pub refused: Option<(AttrValue, AttrValue)>,
    /// Something else went wrong.
    #[prop_or_default]
    pub trouble: Option<AttrValue>,
    /// What saved work that was opened waits for.
    pub awaited: Option<AttrValue>,
    pub on_open: Callback<()>,
    pub on_sample: Callback<Sample>,
    pub on_tour: Callback<()>,
    pub on_theme: Callback<()>,
    pub on_help: Callback<()>,
}

/// The page without a capture.
#[component]
pub fn Empty(props: &Props) -> Html {
    html! {
        <div class="empty">
            <header class="bar">
                { icon(Icon::Mark) }
                <h1>{"MSNP viewer"}</h1>
                <span class="gap"></span>
                { theme_button(props.theme, &props.on_theme) }
                { help_button(&props.on_help) }
            </header>
            <main class="page">
                { complaint(props) }
                <div class="drop">
                    <div class="words">
                        <h2>{"Drop a capture here"}</h2>
                        <p class="lead">{"See who signed in, who talked to whom, and every byte that was sent over MSN Messenger."}</p>
                        <button type="button" class="button main" onclick={props.on_open.reform(|_| ())}>{"Choose a file"}</button>
                        <button type="button" class="button" onclick={props.on_tour.reform(|_| ())}>{"Take a short tour"}</button>
                        <p class="formats">{"pcap or pcapng, also .gz and .zst, of any size up to several GB. Work that was saved here opens the same way."}</p>
                        <p class="promise">
                            { small_icon(Icon::Lock) }
                            <span>{"The file is read on this computer. Nothing is uploaded; the page cannot connect."}</span>
                        </p>
                    </div>
                    <div class="picture">{ empty_picture() }</div>
                </div>
                <section class="samples" aria-labelledby="samples-title">
                    <h2 id="samples-title">{"No capture at hand? Try one of these"}</h2>
                    <span class="quiet">{"invented people, real protocol"}</span>
                    <ul>{ for SAMPLES.iter().map(|sample| card(*sample, &props.on_sample)) }</ul>
                </section>
                <div class="for">
                    <p><b>{"For an examiner. "}</b>{"Every sentence on the screen links to the packet and the bytes it rests on. What is missing is listed, never hidden."}</p>
                    <p><b>{"For a class. "}</b>{"The ladder draws who says what to whom; each payload opens where it stands, and each field is explained."}</p>
                    <p><b>{"For a parent. "}</b>{"Start with the overview: it says in plain words who signed in, when, and what deserves a look."}</p>
                </div>
            </main>
            <footer>
                <span><kbd>{"O"}</kbd>{" open a file"}</span>
                <span><kbd>{"?"}</kbd>{" all keys"}</span>
                <span class="gap"></span>
                <span>{"Reading other people’s messages may need their consent or a legal basis."}</span>
            </footer>
        </div>
    }
}

fn complaint(props: &Props) -> Html {
    let (title, text) = match (&props.refused, &props.trouble, &props.awaited) {
        (Some((name, why)), ..) => (html! { <><bdi>{ name }</bdi>{" could not be read"}</> }, why),
        (None, Some(trouble), _) => (html! { {"Something is wrong with the page"} }, trouble),
        (None, None, Some(awaited)) => (html! { {"The saved work needs its capture"} }, awaited),
        (None, None, None) => return html! {},
    };
    html! {
        <section class="refused" role="alert">
            { sign(Severity::Warn) }
            <h2>{ title }</h2>
            <p>{ text }</p>
        </section>
    }
}

fn card(sample: Sample, on_sample: &Callback<Sample>) -> Html {
    let (picture, role) = match sample.folder {
        "msnp8-signin-chat" => (Icon::Chat, "role-switchboard"),
        "msnp11-signed-in-elsewhere" => (Icon::Findings, "role-dispatch"),
        "msnp12-chat-emoticons" => (Icon::People, "role-switchboard"),
        "msnp11-picture-p2p" => (Icon::Transfers, "role-peer"),
        "msnp9-file-p2p-lossy" => (Icon::Holes, "role-peer"),
        "msnp11-file-declined" => (Icon::File, "role-peer"),
        "msnp15-signin-sso" => (Icon::Key, "role-notification"),
        _ => (Icon::Holes, "role-client"),
    };
    #[allow(clippy::cast_precision_loss)] // samples are small
    let length = size(sample.size as f64);
    html! {
        <li key={sample.folder}>
            <button type="button" class={classes!("sample", role)} onclick={on_sample.reform(move |_| sample)}>
                { icon(picture) }
                <b>{ sample.title }</b>
                <span class="size">{ length }</span>
                <span class="about">{ sample.about }</span>
            </button>
        </li>
    }
}
