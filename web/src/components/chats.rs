//! Chats, as a messenger would show them; each line linked to the command that carried it.

use std::rc::Rc;

use yew::prelude::*;

use super::bubble_words::BubbleWords;
use super::chat_search::{ChatSearch, found_in, use_chat_search};
use super::icons::{Icon, small_icon};
use super::portrait::{Portrait, unknown};
use super::portraits::use_portraits;
use crate::clock::Clock;
use crate::hooks::objects::use_object_asker;
use crate::hooks::page::Page;
use crate::hooks::palette::{Palette, use_palette};
use crate::hooks::session::PORTION;
use crate::protocol::Ask;
use crate::protocol::story::{Arrival, Chat, ChatFound, Entry, EntryBody, Proof, Said, Transcript};
use crate::scene::portraits::{Person, shown_at};
use crate::state::{Action, Selection};
use crate::wording::{count, counted};

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
    let looks = use_state(|| true);
    let palette = use_palette(state.paint());
    let (on_ask, portraits) = (use_object_asker(page), use_portraits(page));
    let search = use_chat_search(page);
    let clock = page.clock();
    let Some(story) = &state.story else { return waiting(state.is_reading()) };
    if story.chats.is_empty() {
        return html! {
            <div class="teach">
                <h2>{"Nobody talks in this capture"}</h2>
                <p>{"Chats appear here when messages travel through a chat room, through the notification server, or as datagrams."}</p>
            </div>
        };
    }
    let found = found_in(state, &search.text);
    let hit = |number: u32| found.map_or(Some(None), |found| found.iter().find(|one| one.number == number).map(Some));
    let listed = story.chats.iter().filter_map(|chat| Some((chat, hit(chat.number)?))).collect::<Vec<_>>();
    let current = state.shown_chat();
    let chosen = current.map(|chat| chat.number);
    let on_typing = {
        let typing = typing.clone();
        Callback::from(move |_: MouseEvent| typing.set(!*typing))
    };
    let on_looks = {
        let looks = looks.clone();
        Callback::from(move |_: MouseEvent| looks.set(!*looks))
    };
    let row = |(chat, hit): &(&Chat, Option<&ChatFound>)| {
        let (number, current) = (chat.number, chosen == Some(chat.number));
        let onclick = page.act.reform(move |_: MouseEvent| Action::Chat(number));
        html! { <li key={number}><button type="button" class="chat-row" aria-current={current.then_some("true")} {onclick}>
            <b><bdi>{ chat.with.join(", ") }</bdi></b>
            <span class="quiet">{ when(chat, &clock) }</span>
            if !chat.first.is_empty() { <span class="first-words"><bdi>{ &chat.first }</bdi></span> }
            if !chat.from_start { <span class="tag">{"beginning not captured"}</span> }
            if let Some(hit) = hit.filter(|hit| hit.entries > 0) { <span class="tag">{ counted(hit.entries.into(), "place", "places") }</span> }
        </button></li> }
    };
    let transcript = state.transcript.as_ref().filter(|transcript| Some(transcript.number) == chosen);
    html! {
        <div class="chats">
            <nav class="chat-list" aria-label="Chats">
                <div class="pane-head"><h2>{ counted(story.chats.len() as u64, "chat", "chats") }</h2></div>
                <ChatSearch text={search.text.clone()} found={found.map(<[_]>::len)} on_text={search.on_text} on_next={search.on_next} />
                <ul>{ for listed.iter().map(row) }</ul>
            </nav>
            <section class="chat" aria-label="Chat" tabindex="0">
                if let Some(chat) = current {
                    <div class="pane-head">
                        <h2><bdi>{ chat.with.join(", ") }</bdi></h2>
                        <span class="quiet">{ format!("{}, {}", chat.channel, clock.span_of_days(chat.start, chat.end)) }</span>
                        <span class="gap"></span>
                        <button type="button" class="button" aria-pressed={typing.to_string()} onclick={on_typing}>{"Typing"}</button>
                        <button type="button" class="button" aria-pressed={looks.to_string()} onclick={on_looks}>{"Fonts and colours"}</button>
                    </div>
                    if let Some(transcript) = transcript {
                        { body(&Shown { page, typing: *typing, looks: *looks, sought: search.text.to_lowercase(), palette, portraits, on_ask }, chat, transcript) }
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

fn when(chat: &Chat, clock: &Clock) -> String {
    let messages = counted(chat.messages.into(), "message", "messages");
    format!("{} to {} · {messages}", clock.second(chat.start), clock.second(chat.end))
}

/// What the entries of a chat are shown with.
struct Shown<'p> {
    page: &'p Page,
    /// Typing too.
    typing: bool,
    /// Fonts, effects and colours too.
    looks: bool,
    /// What is looked for, in small letters.
    sought: String,
    palette: Rc<Palette>,
    portraits: Rc<Vec<Person>>,
    on_ask: Callback<u32>,
}

impl Shown<'_> {
    /// The class of an entry that has what is looked for.
    fn found(&self, entry: &Entry) -> Option<&'static str> {
        (!self.sought.is_empty() && entry.has(&self.sought)).then_some("found")
    }

    /// Faces stand beside the words where one of them is known.
    fn has_faces(&self, transcript: &Transcript) -> bool {
        let known = |account: &String| self.portraits.iter().any(|person| person.account == *account);
        transcript.entries.iter().any(|entry| matches!(&entry.body, EntryBody::Said(said) if known(&said.account)))
    }
}

fn body(shown: &Shown, chat: &Chat, transcript: &Rc<Transcript>) -> Html {
    let page = shown.page;
    let left = transcript.total.saturating_sub(u32::try_from(transcript.entries.len()).unwrap_or(u32::MAX));
    let more = {
        let (link, number) = (page.link.clone(), chat.number);
        let count =
            transcript.total.min(u32::try_from(transcript.entries.len()).unwrap_or(u32::MAX).saturating_add(PORTION));
        Callback::from(move |_: MouseEvent| link.ask(&Ask::Chat { number, count }))
    };
    let mut speaker = None;
    let mut lines = Vec::new();
    for entry in &transcript.entries {
        match &entry.body {
            EntryBody::Note { typing: true, .. } if !shown.typing => {}
            EntryBody::Note { text, .. } => {
                speaker = None;
                lines.push(note(shown, entry, text));
            }
            EntryBody::Said(said) => {
                let goes_on = speaker == Some((said.account.as_str(), said.name.as_str()));
                speaker = Some((said.account.as_str(), said.name.as_str()));
                lines.push(bubble(shown, entry, said, goes_on));
            }
        }
    }
    html! {
        <div class={classes!("talk", (!shown.has_faces(transcript)).then_some("faceless"))}>
            <p class="day">{ page.clock().day(chat.start) }</p>
            if !chat.from_start { <p class="hatched">{"The beginning of this chat is not in the capture."}</p> }
            <ol>{ for lines }</ol>
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

fn note(shown: &Shown, entry: &Entry, text: &str) -> Html {
    let page = shown.page;
    let selected = is_selected(page.state.selection, &entry.proof).then_some("selected");
    let class = classes!("note", selected, shown.found(entry));
    html! {
        <li {class}>
            <span class="quiet">{ page.clock().second(entry.proof.time) }</span>{" "}<bdi>{ text }</bdi>{" "}{ packet(page, &entry.proof) }
        </li>
    }
}

fn bubble(shown: &Shown, entry: &Entry, said: &Said, goes_on: bool) -> Html {
    let page = shown.page;
    let side = if said.own { "own" } else { "other" };
    let selected = is_selected(page.state.selection, &entry.proof);
    let arrival = match said.arrival {
        Arrival::Confirmed => {
            html! { <span class="arrived">{ small_icon(Icon::Check) }<span class="unseen">{"delivered"}</span></span> }
        }
        Arrival::Failed => html! { <b class="failed">{"not delivered"}</b> },
        Arrival::NotConfirmed => html! { <span class="quiet">{"not confirmed"}</span> },
        Arrival::Received => html! {},
    };
    let onclick = entry.proof.pdu.map(|pdu| page.act.reform(move |_: MouseEvent| Action::Select(pdu, None)));
    let portrait = shown_at(&shown.portraits, &said.account, entry.proof.time);
    let object = portrait.and_then(|portrait| portrait.object.clone()).map(AttrValue::from);
    html! {
        <li class={classes!(side, shown.found(entry))}>
            if !goes_on {
                <p class="speaker" title={said.account.clone()}><bdi>{ &said.name }</bdi>
                    if said.inferred { <span class="tag">{"inferred"}</span> }
                    if said.stored { <span class="tag">{"offline message"}</span> }
                </p>
            }
            <div class="line">
                <span class="face">
                    if !goes_on {
                        <Portrait page={page.clone()} {object} on_ask={shown.on_ask.clone()}>{ unknown() }</Portrait>
                    }
                </span>
                <BubbleWords page={page.clone()} said={said.clone()} looks={shown.looks} palette={Rc::clone(&shown.palette)}
                    {selected} {onclick} on_ask={shown.on_ask.clone()} />
                <span class="beside"><span class="quiet">{ page.clock().second(entry.proof.time) }</span>{ arrival }{ packet(page, &entry.proof) }</span>
            </div>
        </li>
    }
}
