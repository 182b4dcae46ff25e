//! Chats, as a messenger would show them; each line linked to the command that carried it.

use std::rc::Rc;

use yew::prelude::*;

use super::icons::{Icon, small_icon};
use crate::hooks::page::Page;
use crate::hooks::session::PORTION;
use crate::protocol::Ask;
use crate::protocol::story::{Arrival, Chat, Entry, EntryBody, Proof, Said, Transcript};
use crate::state::{Action, Selection};
use crate::wording::{clock_seconds, count, counted, day};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
}

/// The list of chats, and the chosen one.
#[component]
pub fn Chats(props: &Props) -> Html {
    let page = &props.page;
    let state = &page.state;
    let typing = use_state(|| false);
    let Some(story) = &state.story else { return waiting(state.is_reading()) };
    if story.chats.is_empty() {
        return html! {
            <div class="teach">
                <h2>{"Nobody talks in this capture"}</h2>
                <p>{"Chats appear here when messages travel through a chat room, through the notification server, or as datagrams."}</p>
            </div>
        };
    }
    let chosen = state.chat.or_else(|| story.chats.first().map(|chat| chat.number));
    let on_typing = {
        let typing = typing.clone();
        Callback::from(move |_: MouseEvent| typing.set(!*typing))
    };
    let row = |chat: &Chat| {
        let (number, current) = (chat.number, chosen == Some(chat.number));
        let onclick = page.act.reform(move |_: MouseEvent| Action::Chat(number));
        html! { <li key={number}><button type="button" class="chat-row" aria-current={current.then_some("true")} {onclick}>
            <b><bdi>{ chat.with.join(", ") }</bdi></b>
            <span class="quiet">{ when(chat) }</span>
            if !chat.first.is_empty() { <span class="first-words"><bdi>{ &chat.first }</bdi></span> }
            if !chat.from_start { <span class="tag">{"beginning not captured"}</span> }
        </button></li> }
    };
    let current = story.chats.iter().find(|chat| Some(chat.number) == chosen);
    let transcript = state.transcript.as_ref().filter(|transcript| Some(transcript.number) == chosen);
    html! {
        <div class="chats">
            <nav class="chat-list" aria-label="Chats">
                <div class="pane-head"><h2>{ counted(story.chats.len() as u64, "chat", "chats") }</h2></div>
                <ul>{ for story.chats.iter().map(row) }</ul>
            </nav>
            <section class="chat" aria-label="Chat" tabindex="0">
                if let Some(chat) = current {
                    <div class="pane-head">
                        <h2><bdi>{ chat.with.join(", ") }</bdi></h2>
                        <span class="quiet">{ format!("{}, {} to {} UTC", chat.channel, clock_seconds(chat.start), clock_seconds(chat.end)) }</span>
                        <span class="gap"></span>
                        <button type="button" class="button" aria-pressed={typing.to_string()} onclick={on_typing}>{"Typing"}</button>
                    </div>
                    if let Some(transcript) = transcript {
                        { body(page, chat, transcript, *typing) }
                    }
                }
            </section>
        </div>
    }
}

/// Before the story is told.
pub fn waiting(reading: bool) -> Html {
    let what = if reading { "Told as soon as the whole file is read" } else { "Being put together" };
    html! { <div class="teach"><h2>{ what }</h2><p>{"Who signed in, who was there when, who said what to whom."}</p></div> }
}

fn when(chat: &Chat) -> String {
    let messages = counted(chat.messages.into(), "message", "messages");
    format!("{} to {} · {messages}", clock_seconds(chat.start), clock_seconds(chat.end))
}

fn body(page: &Page, chat: &Chat, transcript: &Rc<Transcript>, typing: bool) -> Html {
    let left = transcript.total.saturating_sub(u32::try_from(transcript.entries.len()).unwrap_or(u32::MAX));
    let more = {
        let (link, number) = (page.link.clone(), chat.number);
        let count =
            transcript.total.min(u32::try_from(transcript.entries.len()).unwrap_or(u32::MAX).saturating_add(PORTION));
        Callback::from(move |_: MouseEvent| link.ask(&Ask::Chat { number, count }))
    };
    let mut speaker = None;
    let mut shown = Vec::new();
    for entry in &transcript.entries {
        match &entry.body {
            EntryBody::Note { typing: true, .. } if !typing => {}
            EntryBody::Note { text, .. } => {
                speaker = None;
                shown.push(note(page, entry, text));
            }
            EntryBody::Said(said) => {
                let goes_on = speaker == Some((said.account.as_str(), said.name.as_str()));
                speaker = Some((said.account.as_str(), said.name.as_str()));
                shown.push(bubble(page, entry, said, goes_on));
            }
        }
    }
    html! {
        <div class="talk">
            <p class="day">{ format!("{}, UTC", day(chat.start)) }</p>
            if !chat.from_start { <p class="hatched">{"The beginning of this chat is not in the capture."}</p> }
            <ol>{ for shown }</ol>
            if left > 0 {
                <button type="button" class="button" onclick={more}>{ format!("Show more ({} left)", count(left.into())) }</button>
            }
        </div>
    }
}

fn is_selected(selection: Option<Selection>, proof: &Proof) -> bool {
    proof.pdu.is_some() && selection.map(|selection| selection.pdu) == proof.pdu
}

/// The packet as a link to its command.
pub fn packet(page: &Page, proof: &Proof) -> Html {
    let text = format!("{:.0}", proof.frame);
    let Some(pdu) = proof.pdu else { return html! { <span class="packet">{ text }</span> } };
    let onclick = page.act.reform(move |event: MouseEvent| {
        event.stop_propagation();
        Action::Select(pdu, None)
    });
    let title = format!("packet {text}, command {pdu}");
    html! { <button type="button" class="link packet" {title} {onclick}>{ text }</button> }
}

fn note(page: &Page, entry: &Entry, text: &str) -> Html {
    let class = classes!("note", is_selected(page.state.selection, &entry.proof).then_some("selected"));
    html! {
        <li {class}>
            <span class="quiet">{ clock_seconds(entry.proof.time) }</span>{" "}<bdi>{ text }</bdi>{" "}{ packet(page, &entry.proof) }
        </li>
    }
}

fn bubble(page: &Page, entry: &Entry, said: &Said, goes_on: bool) -> Html {
    let side = if said.own { "own" } else { "other" };
    let selected = is_selected(page.state.selection, &entry.proof).then_some("selected");
    let arrival = match said.arrival {
        Arrival::Confirmed => {
            html! { <span class="arrived">{ small_icon(Icon::Check) }<span class="unseen">{"delivered"}</span></span> }
        }
        Arrival::Failed => html! { <b class="failed">{"not delivered"}</b> },
        Arrival::NotConfirmed => html! { <span class="quiet">{"not confirmed"}</span> },
        Arrival::Received => html! {},
    };
    let looks = said.effects.chars().filter_map(|letter| match letter {
        'B' => Some("bold"),
        'I' => Some("italic"),
        'U' => Some("underlined"),
        'S' => Some("struck"),
        _ => None,
    });
    let mut class = classes!("bubble", selected);
    class.extend(looks);
    let dir = if said.right_to_left { "rtl" } else { "auto" };
    let onclick = entry.proof.pdu.map(|pdu| page.act.reform(move |_: MouseEvent| Action::Select(pdu, None)));
    html! {
        <li class={side}>
            if !goes_on {
                <p class="speaker" title={said.account.clone()}><bdi>{ &said.name }</bdi>
                    if said.inferred { <span class="tag">{"inferred"}</span> }
                    if said.stored { <span class="tag">{"offline message"}</span> }
                </p>
            }
            <div class="line">
                <p {class} {dir} {onclick}>{ &said.text }</p>
                <span class="beside"><span class="quiet">{ clock_seconds(entry.proof.time) }</span>{ arrival }{ packet(page, &entry.proof) }</span>
            </div>
        </li>
    }
}
