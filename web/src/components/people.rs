//! People: who signed in, who was there when, whom they know.

use yew::prelude::*;

use super::chats::{packet, waiting};
use super::contact_table::contact_table;
use super::portraits::{Portraits, use_portraits};
use super::presence_chart::PresenceChart;
use super::signs::sign;
use crate::hooks::objects::use_object_asker;
use crate::hooks::page::Page;
use crate::protocol::Severity;
use crate::protocol::story::{Fact, SignIn};
use crate::wording::{count, counted, duration};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
}

/// Sign-ins, presence, contacts.
#[component]
pub fn People(props: &Props) -> Html {
    let page = &props.page;
    let on_ask = use_object_asker(page);
    let portraits = use_portraits(page);
    let Some(story) = &page.state.story else { return waiting(page.state.is_reading()) };
    html! {
        <div class="people" tabindex="0" role="region" aria-label="People">
            <section aria-labelledby="sign-ins">
                <h2 id="sign-ins">{ counted(story.sign_ins.len() as u64, "sign-in", "sign-ins") }</h2>
                if story.sign_ins.is_empty() { <p class="quiet">{"Nobody signs in, and no connection of somebody who had signed in before was captured."}</p> }
                <div class="sign-ins">{ for story.sign_ins.iter().map(|one| sign_in(page, one)) }</div>
            </section>
            <section aria-labelledby="presence">
                <h2 id="presence">{"Presence"}</h2>
                if story.timelines.is_empty() {
                    <p class="quiet">{"No command tells how available anybody was."}</p>
                } else {
                    <PresenceChart page={page.clone()} story={story.clone()} />
                }
            </section>
            if !portraits.is_empty() {
                <section aria-labelledby="portraits">
                    <h2 id="portraits">{"Display pictures"}</h2>
                    <Portraits page={page.clone()} people={portraits} {on_ask} />
                </section>
            }
            <section aria-labelledby="contacts">
                <h2 id="contacts">{ counted(story.contact_count.into(), "contact", "contacts") }</h2>
                if story.contacts.is_empty() {
                    <p class="quiet">{"No contact list is in this capture."}</p>
                } else {
                    { contact_table(page, story) }
                }
            </section>
        </div>
    }
}

fn sign_in(page: &Page, one: &SignIn) -> Html {
    let clock = page.clock();
    let span = one.end.as_ref().map_or_else(
        || format!("from {}", clock.at_of_day(one.start.time)),
        |end| {
            let length = duration(end.time.since(one.start.time));
            if one.lasting {
                // Nothing was said behind that, which ended nothing.
                return format!("from {}, last heard of {length} later", clock.at_of_day(one.start.time));
            }
            format!("{} ({length})", clock.span_of_days(one.start.time, end.time))
        },
    );
    let fact = |fact: &Fact| {
        html! { <><dt>{ &fact.name }</dt><dd><bdi>{ &fact.value }</bdi>
            if let Some(proof) = &fact.proof { {" "}{ packet(page, proof) } }
        </dd></> }
    };
    html! {
        <article class="card sign-in">
            <h3><bdi>{ &one.who }</bdi>if one.inferred { <span class="tag">{"inferred"}</span> }</h3>
            <p class="quiet">{ span }{" "}{ packet(page, &one.start) }</p>
            <p>{ &one.outcome }if let Some(end) = &one.end { {" "}{ packet(page, end) } }</p>
            if let Some((other, proof)) = &one.elsewhere {
                <p class="alarm">{ sign(Severity::Warn) }<span><b>{ format!("Signed in elsewhere at {}.", clock.alone(proof.time)) }</b>{" "}{ other }{" "}{ packet(page, proof) }</span></p>
            }
            <dl>{ for one.facts.iter().map(fact) }</dl>
        </article>
    }
}

/// How many more there are than are shown.
pub fn left_out(shown: usize, all: u32) -> Html {
    let left = all.saturating_sub(u32::try_from(shown).unwrap_or(u32::MAX));
    if left == 0 {
        return html! {};
    }
    html! { <p class="quiet">{ format!("{} more are not listed here; the command line lists all.", count(left.into())) }</p> }
}
