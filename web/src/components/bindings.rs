//! Which key does what.

use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::field_tree::{focus, press};
use super::regions;
use crate::hooks::clipboard::copy;
use crate::hooks::page::Page;
use crate::protocol::Body;
use crate::state::{Action, Bar, Printing, Settings, View};

/// The list, or what stands in its place.
const LIST: &str = ".split > .pane:first-child .rows";

/// What keys can ask for besides state.
#[derive(Clone, PartialEq)]
pub struct Elsewhere {
    /// A file is to be chosen.
    pub on_open: Callback<()>,
    /// Another file is to be chosen, to be opened beside what is open.
    pub on_add: Callback<()>,
    /// Other colours.
    pub on_theme: Callback<()>,
    /// The key sheet.
    pub on_help: Callback<()>,
}

/// Keys that work everywhere.
pub fn bindings(page: &Page, elsewhere: &Elsewhere) -> Callback<KeyboardEvent> {
    let (page, elsewhere) = (page.clone(), elsewhere.clone());
    Callback::from(move |event: KeyboardEvent| {
        let key = event.key();
        match key.as_str() {
            "o" | "O" if event.shift_key() && !page.state.files.is_empty() => elsewhere.on_add.emit(()),
            "o" | "O" => elsewhere.on_open.emit(()),
            "d" | "D" => elsewhere.on_theme.emit(()),
            "t" | "T" => page.set(|set| Settings { time: set.time.next(), ..set }),
            "m" | "M" => page.set(|set| Settings { density: set.density.next(), ..set }),
            "+" | "=" => page.set(|set| set.sized(1)),
            "-" => page.set(|set| set.sized(-1)),
            "0" => page.set(|set| set.sized(0)),
            "?" => elsewhere.on_help.emit(()),
            _ if !page.state.files.is_empty() => {
                if !with_capture(&page, &key) {
                    return;
                }
            }
            _ => return,
        }
        event.prevent_default();
    })
}

/// Keys that work in text fields too: finding, as browsers do it, and going from region to region.
pub fn chords(page: &Page) -> Callback<KeyboardEvent> {
    let page = page.clone();
    Callback::from(move |event: KeyboardEvent| {
        if page.state.files.is_empty() || event.alt_key() {
            return;
        }
        let control = event.ctrl_key() || event.meta_key();
        let seeking = &page.state.seeking;
        match event.key().as_str() {
            // The second time in a row the browser's own is meant.
            "f" | "F" if control && !event.shift_key() => {
                if seeking.bar == Some(Bar::Find) && is_in(".seek-bar") {
                    return;
                }
                page.turn_bar(Bar::Find);
            }
            // As with finding: while it is being prepared, the browser's own is meant.
            "p" | "P" if control && !event.shift_key() && (event.repeat() || page.state.printing.is_none()) => {
                if !event.repeat() {
                    page.act.emit(Action::Print(Some(Printing::Asked)));
                }
            }
            "F3" if !control && !seeking.text.is_empty() => {
                if seeking.bar != Some(Bar::Find) {
                    page.act.emit(Action::Turn(Some(Bar::Find)));
                }
                page.find_next(event.shift_key());
            }
            "F6" if !control => regions::turn(event.shift_key()),
            _ => return,
        }
        event.prevent_default();
    })
}

/// Whether what has the focus is in such an element.
fn is_in(selector: &str) -> bool {
    let active = gloo::utils::document().active_element();
    active.is_some_and(|active| active.closest(selector).ok().flatten().is_some())
}

/// Keys that need an open capture; true when the key was one.
fn with_capture(page: &Page, key: &str) -> bool {
    match key {
        "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" => {
            let view = key.parse::<usize>().ok().and_then(|number| View::ALL.get(number - 1).copied());
            page.act.emit(Action::Show(view.unwrap_or_default()));
        }
        "/" if page.state.list().is_some() => focus(".filter-input"),
        "g" | "G" => page.turn_bar(Bar::GoTo),
        "h" | "H" if !page.state.redacted => page.reveal(),
        "," => page.step_odd(true),
        "." => page.step_odd(false),
        "y" | "Y" => {
            copy(&gloo::utils::window().location().href().unwrap_or_default());
            page.act.emit(Action::Say("The link is copied: it holds what is looked at, not the capture.".to_owned()));
        }
        "Escape" if page.state.printing.is_some() => page.act.emit(Action::Print(None)),
        "Escape" if page.state.seeking.bar.is_some() => {
            page.act.emit(Action::Turn(None));
            focus(".split .rows");
        }
        "f" | "F" => {
            let item = page.state.selection.and_then(|selection| selection.item);
            let filter = item.and_then(|item| page.state.shown_detail()?.items.get(item)?.filter.clone());
            if let Some(filter) = filter {
                page.filter_by(filter);
            }
        }
        "r" | "R" => page.redact(),
        "e" | "E" => press("#export"),
        "Backspace" if is_in(".inspector") => focus(LIST),
        "n" | "N" if page.state.selection.is_some() => focus("#note"),
        "c" => page.act.emit(Action::Mark),
        "C" => press("#compare-tab"),
        "[" => page.step_in_connection(-1),
        "]" => page.step_in_connection(1),
        "p" | "P" => {
            let evidence = page.state.shown_detail().map(|detail| &detail.evidence);
            let paired = evidence.and_then(|evidence| evidence.answers.as_ref().or(evidence.answered.as_ref()));
            if let Some(paired) = paired {
                page.go_to(paired.pdu);
            }
        }
        "Escape" if page.state.range.is_some() => {
            if let Some(selection) = page.state.selection {
                page.act.emit(Action::Select(selection.pdu, None));
            }
        }
        "Escape" if page.state.selection.is_some() => {
            page.act.emit(Action::Deselect);
            focus(".split .rows");
        }
        _ => return false,
    }
    true
}

/// Keys of the lists; the second value is how many rows a page has.
pub fn list_keys(page: &Page) -> Callback<(KeyboardEvent, u32)> {
    let page = page.clone();
    Callback::from(move |(event, rows): (KeyboardEvent, u32)| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let rows = i32::try_from(rows).unwrap_or(20);
        match event.key().as_str() {
            "ArrowDown" if event.shift_key() => page.stretch(1),
            "ArrowUp" if event.shift_key() => page.stretch(-1),
            "ArrowDown" => page.step(1),
            "ArrowUp" => page.step(-1),
            "PageDown" => page.step(rows),
            "PageUp" => page.step(-rows),
            "Home" => page.step(i32::MIN),
            "End" => page.step(i32::MAX),
            "Enter" => focus(".inspector .rows"),
            "ArrowRight" => fold(&page, Wish::Open),
            "ArrowLeft" => fold(&page, Wish::Closed),
            _ => return,
        }
        event.prevent_default();
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Open,
    Closed,
}

fn fold(page: &Page, wish: Wish) {
    let state = &page.state;
    let Some(selection) = state.selection.filter(|_| state.view == View::Ladder) else { return };
    let open = state.opened.contains_key(&selection.pdu);
    if open == (wish == Wish::Open) {
        return;
    }
    let found = state.window.rows.iter().zip(state.window.first..).find_map(|(row, index)| match &row.body {
        Body::Command(command) if command.pdu == selection.pdu && command.payload.is_some() => Some(index),
        _ => None,
    });
    if let Some(row) = found {
        page.act.emit(Action::Fold { pdu: selection.pdu, row });
    }
}
