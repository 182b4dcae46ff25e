//! What stands at the head of a print: which files, which part of them, in which times.

use yew::prelude::*;

use crate::clock::Clock;
use crate::state::{FileInfo, State};
use crate::wording::{count, size};

/// What is to be said of pseudonyms.
const REDACTED: &str = " · pseudonyms in place of what tells about people";

/// The head; on screen it is not to be seen.
pub fn paper_head(state: &State, clock: &Clock) -> Html {
    if !state.is_on_paper() {
        return html! {};
    }
    let file = |(at, file): (usize, &FileInfo)| {
        let hash = match &state.hashes {
            None => "not reckoned (Ctrl P on the page does)",
            Some(hashes) => hashes.get(at).map_or("not known: the file cannot be read again", String::as_str),
        };
        html! { <><dt><bdi>{ &file.name }</bdi>{ format!(", {}", size(file.size)) }</dt><dd>{ format!("SHA-256 {hash}") }</dd></> }
    };
    html! {
        <dl class="paper">
            { for state.files.iter().enumerate().map(file) }
            <dt>{ state.view.title() }</dt>
            <dd>{ format!("{}{}{}", rows(state), clock.title(), if state.redacted { REDACTED } else { "" }) }</dd>
        </dl>
    }
}

/// Which rows of a list are there.
fn rows(state: &State) -> String {
    let window = &state.window;
    let there = u64::try_from(window.rows.len()).unwrap_or(0);
    if state.list().is_none() || there == 0 {
        return String::new();
    }
    let first = u64::from(window.first);
    let what = if state.range.is_some() { "Selected rows" } else { "Rows" };
    let so_far = if state.is_reading() || (state.filter.applied != 0 && !state.filter.sifted.complete()) {
        " so far"
    } else {
        ""
    };
    format!("{what} {} to {} of {}{so_far} · ", count(first + 1), count(first + there), count(window.total.into()))
}
