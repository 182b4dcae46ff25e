//! The pictures that people showed, one card a person, in order of time.

use std::rc::Rc;

use yew::prelude::*;

use super::chats::packet;
use super::portrait::{Portrait as Picture, unknown};
use crate::hooks::page::Page;
use crate::scene::portraits::{Person, Portrait, portraits};
use crate::state::{Action, View};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
    pub people: Rc<Vec<Person>>,
    pub on_ask: Callback<u32>,
}

/// The people of whom a picture is known.
#[hook]
pub fn use_portraits(page: &Page) -> Rc<Vec<Person>> {
    use_memo((page.state.story.clone(), page.state.transfers.clone()), |(story, transfers)| {
        let none = Rc::default();
        story.as_ref().map(|story| portraits(story, transfers.as_ref().unwrap_or(&none))).unwrap_or_default()
    })
}

/// The cards.
#[component]
pub fn Portraits(props: &Props) -> Html {
    let page = &props.page;
    let picture = |one: &Portrait| {
        let object = one.object.clone().map(AttrValue::from);
        let show = one.transfer.map(|id| {
            let act = page.act.clone();
            let onclick = Callback::from(move |_: MouseEvent| {
                act.emit(Action::Transfer(id));
                act.emit(Action::Show(View::Transfers));
            });
            html! { <button type="button" class="link" {onclick}>{ format!("transfer {id}") }</button> }
        });
        html! {
            <li>
                if object.is_some() {
                    <Picture page={page.clone()} {object} on_ask={props.on_ask.clone()}>{ unknown() }</Picture>
                }
                <div>
                    <p><span class="quiet">{ format!("from {} ", page.clock().second(one.from)) }</span>{ one.proof.as_ref().map(|proof| packet(page, proof)) }</p>
                    if let Some(object) = &one.object {
                        <p>{ show.unwrap_or_else(|| html! { <span class="quiet">{"never travelled"}</span> }) }</p>
                        <p class="hash" title="SHA-1 of the picture, in base64">{ object }</p>
                    } else { <p>{"no picture any more"}</p> }
                </div>
            </li>
        }
    };
    let person = |one: &Person| {
        let nick = Some(&one.nick).filter(|nick| !nick.is_empty() && **nick != one.account);
        html! {
            <article class="card portraits" key={one.account.clone()}>
                <h3><bdi>{ nick.unwrap_or(&one.account) }</bdi></h3>
                if nick.is_some() { <p class="quiet"><bdi>{ &one.account }</bdi></p> }
                <ol>{ for one.shown.iter().map(picture) }</ol>
            </article>
        }
    };
    html! { <div class="sign-ins">{ for props.people.iter().map(person) }</div> }
}
