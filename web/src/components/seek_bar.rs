//! The bar for finding a text or bytes, and for going to a place: over the list, as the filter is, so that nothing is covered.

use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::field_tree::focus;
use super::icons::{Icon, small_icon};
use crate::hooks::page::Page;
use crate::protocol::find::Kind;
use crate::scene::place::FORMS;
use crate::state::{Action, Bar, Seeking};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
}

/// The bar, while it is asked for.
#[component]
pub fn SeekBar(props: &Props) -> Html {
    let page = &props.page;
    let seeking = &page.state.seeking;
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with((seeking.bar, seeking.asked), move |(bar, _)| {
            if let Some(input) = bar.and_then(|_| field.cast::<HtmlInputElement>()) {
                let _ = input.focus();
                input.select();
            }
        });
    }
    let close = page.act.reform(|_: MouseEvent| {
        focus(".split .rows");
        Action::Turn(None)
    });
    let close = html! {
        <button type="button" class="quiet-button" aria-label="Close" title="Close (Esc)" onclick={close}>{ small_icon(Icon::Close) }</button>
    };
    match seeking.bar {
        None => html! {},
        Some(Bar::Find) => html! {
            <search key="find" class="seek-bar" aria-label="Find">
                { small_icon(Icon::Find) }
                <input type="text" class="seek-input" ref={field} aria-label="Find" aria-invalid={seeking.is_faulty().to_string()}
                    placeholder={if seeking.kind == Kind::Text { "A text in bytes and fields" } else { "Bytes, such as 4d 53 47" }}
                    autocomplete="off" autocapitalize="off" spellcheck="false" value={seeking.text.clone()}
                    oninput={written(page)} onkeydown={find_keys(page)} />
                { kinds(page, seeking) }
                <span class="seek-count" role="status">{ seeking.count() }</span>
                { step(page, true) }{ step(page, false) }
                { close }
                if seeking.wanted().is_some() && !seeking.is_faulty() && !(seeking.found.id == seeking.id && seeking.found.complete()) {
                    <progress class="filter-progress" aria-label="Searching" max={seeking.found.of.max(1).to_string()} value={seeking.found.done.to_string()}></progress>
                }
            </search>
        },
        Some(Bar::GoTo) => html! {
            <search key="go" class="seek-bar" aria-label="Go to">
                { small_icon(Icon::GoTo) }
                <input type="text" class="seek-input" ref={field} aria-label="Go to" aria-describedby="go-forms go-said"
                    autocomplete="off" autocapitalize="off" spellcheck="false" onkeydown={go_keys(page)} />
                <span class="quiet" id="go-forms">{ FORMS }</span>
                { close }
                <p id="go-said" class="seek-said" role="status">{ seeking.said.clone() }</p>
            </search>
        },
    }
}

/// Buttons that ask for the bar.
pub fn seek_buttons(on_bar: &Callback<Bar>) -> Html {
    let button = |bar: Bar, picture: Icon, name: &'static str| {
        html! {
            <button type="button" class="button plain" onclick={on_bar.reform(move |_| bar)} aria-label={name} title={name}>
                { small_icon(picture) }</button>
        }
    };
    html! { <span class="seek-buttons">{ button(Bar::Find, Icon::Find, "Find (Ctrl F)") }{ button(Bar::GoTo, Icon::GoTo, "Go to (G)") }</span> }
}

fn written(page: &Page) -> Callback<InputEvent> {
    let kind = page.state.seeking.kind;
    page.act
        .reform(move |event: InputEvent| Action::Find(kind, event.target_unchecked_into::<HtmlInputElement>().value()))
}

fn kinds(page: &Page, seeking: &Seeking) -> Html {
    let button = |(kind, name): (Kind, &'static str)| {
        let text = seeking.text.clone();
        let onclick = page.act.reform(move |_: MouseEvent| Action::Find(kind, text.clone()));
        html! { <button type="button" aria-pressed={(kind == seeking.kind).to_string()} {onclick}>{ name }</button> }
    };
    let kinds = [(Kind::Text, "Text"), (Kind::Bytes, "Bytes")].map(button);
    html! { <div class="switch" role="group" aria-label="What is searched for">{ for kinds }</div> }
}

fn step(page: &Page, back: bool) -> Html {
    let (name, title) = if back { ("Before", "Before (Shift F3)") } else { ("Next", "Next (F3)") };
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.find_next(back))
    };
    html! { <button type="button" class="button plain" {title} {onclick} disabled={page.state.seeking.found.count == 0}>{ name }</button> }
}

fn find_keys(page: &Page) -> Callback<KeyboardEvent> {
    let page = page.clone();
    Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            page.find_next(event.shift_key());
        }
        "Escape" => leave(&page, &event),
        _ => {}
    })
}

fn go_keys(page: &Page) -> Callback<KeyboardEvent> {
    let page = page.clone();
    Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            page.go(&event.target_unchecked_into::<HtmlInputElement>().value());
        }
        "Escape" => leave(&page, &event),
        _ => {}
    })
}

fn leave(page: &Page, event: &KeyboardEvent) {
    event.prevent_default();
    event.stop_propagation();
    page.act.emit(Action::Turn(None));
    focus(".split .rows");
}
