//! Looking for words and names in all chats.

use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use crate::hooks::page::Page;
use crate::hooks::session::PORTION;
use crate::protocol::Ask;
use crate::protocol::story::ChatFound;
use crate::state::State;
use crate::wording::counted;

/// A search in chats.
pub struct Search {
    /// What is looked for.
    pub text: String,
    /// Something else is looked for.
    pub on_text: Callback<String>,
    /// On to the next entry that has it.
    pub on_next: Callback<()>,
}

/// The chats that have a text; `None` when nothing is looked for, or the answer is still to come.
pub fn found_in<'s>(state: &'s State, text: &str) -> Option<&'s [ChatFound]> {
    (!text.is_empty() && state.chats_found.text == text).then_some(&state.chats_found.chats)
}

/// Keeps what is looked for, asks for it, and sees that the chosen chat is shown as far as it has it.
#[hook]
pub fn use_chat_search(page: &Page) -> Search {
    let text = use_state(String::new);
    let place = use_mut_ref(|| 0_u32);
    let state = &page.state;
    {
        let link = page.link.clone();
        use_effect_with(((*text).clone(), state.generation, state.story.is_some()), move |(text, _, told)| {
            if *told && !text.is_empty() {
                link.ask(&Ask::SearchChats { text: text.clone() });
            }
        });
    }
    {
        let first = state.story.as_ref().and_then(|story| story.chats.first()).map(|chat| chat.number);
        let chosen = state.chat.or(first);
        let found = found_in(state, &text).unwrap_or_default().iter().find(|one| Some(one.number) == chosen);
        let shown = state.transcript.as_ref().map_or(0, |one| one.entries.len());
        let wanted = found.filter(|one| one.until as usize > shown.max(1)).copied();
        let (link, place) = (page.link.clone(), place.clone());
        use_effect_with((wanted, chosen), move |(wanted, _)| {
            *place.borrow_mut() = 0;
            if let Some(ChatFound { number, until, .. }) = *wanted {
                link.ask(&Ask::Chat { number, count: until.div_ceil(PORTION).saturating_mul(PORTION) });
            }
        });
    }
    let on_next = Callback::from(move |()| {
        let mut place = place.borrow_mut();
        *place = show(*place).map_or(0, |shown| shown + 1);
    });
    Search { text: (*text).clone(), on_text: Callback::from(move |wish: String| text.set(wish)), on_next }
}

/// Brings the entry of this number among those found into view, or the first when there are not so many.
fn show(number: u32) -> Option<u32> {
    let all = gloo::utils::document().query_selector_all(".talk .found").ok()?;
    let number = if number < all.length() { number } else { 0 };
    let element: web_sys::Element = wasm_bindgen::JsCast::dyn_into(all.get(number)?).ok()?;
    element.scroll_into_view();
    Some(number)
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub text: String,
    /// How many chats have it.
    pub found: Option<usize>,
    pub on_text: Callback<String>,
    pub on_next: Callback<()>,
}

/// The field over the list of chats.
#[component]
pub fn ChatSearch(props: &Props) -> Html {
    let oninput = props.on_text.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let (on_text, on_next) = (props.on_text.clone(), props.on_next.clone());
    let onkeydown = Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => on_next.emit(()),
        "Escape" => on_text.emit(String::new()),
        _ => {}
    });
    let said = match props.found {
        None => String::new(),
        Some(0) => "in none".to_owned(),
        Some(found) => format!("in {}", counted(found as u64, "chat", "chats")),
    };
    html! {
        <search class="chat-search">
            <input type="text" aria-label="Search chats" placeholder="Search names and words" autocomplete="off" spellcheck="false"
                title="Enter goes to the next place" value={props.text.clone()} {oninput} {onkeydown} />
            <span role="status">{ said }</span>
        </search>
    }
}
