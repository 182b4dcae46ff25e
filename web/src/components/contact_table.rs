//! Whom each account knows, and what happened to them.

use yew::prelude::*;

use super::chats::packet;
use super::people::left_out;
use crate::hooks::page::Page;
use crate::protocol::story::{Contact, Story};

/// The table.
pub fn contact_table(page: &Page, story: &Story) -> Html {
    let several =
        story.contacts.iter().any(|contact| story.contacts.first().is_some_and(|c| c.account != contact.account));
    html! {
        <>
            <div class="scroll-x">
                <table class="plain-table contacts">
                    <thead><tr>
                        if several { <th>{"Of"}</th> }
                        <th>{"Contact"}</th><th>{"Name"}</th><th>{"Lists"}</th><th>{"Groups"}</th><th>{"What happened"}</th><th class="number">{"Packet"}</th>
                    </tr></thead>
                    <tbody>{ for story.contacts.iter().map(|contact| row(page, contact, several)) }</tbody>
                </table>
            </div>
            { left_out(story.contacts.len(), story.contact_count) }
        </>
    }
}

fn row(page: &Page, contact: &Contact, several: bool) -> Html {
    let happened = contact.changes.iter().map(|change| {
        html! { <li><span class="quiet">{ page.clock().second(change.proof.time) }</span>{" "}<bdi>{ &change.text }</bdi>{" "}{ packet(page, &change.proof) }</li> }
    });
    html! {
        <tr>
            if several { <td><bdi>{ &contact.account }</bdi></td> }
            <td><bdi>{ &contact.contact }</bdi>
                if !contact.network.is_empty() { <span class="quiet">{ format!(" {}", contact.network) }</span> }
            </td>
            <td><bdi>{ &contact.nick }</bdi></td>
            <td>
                { for contact.lists.iter().map(|list| html! { <abbr class="list" title={meaning(list)}>{ list }</abbr> }) }
                if contact.blocked { <span class="tag alarm">{"blocked"}</span> }
                if contact.partly { <span class="tag">{"partly known"}</span> }
            </td>
            <td><bdi>{ contact.groups.join(", ") }</bdi></td>
            <td><ul>{ for happened }</ul></td>
            <td class="number">{ packet(page, &contact.proof) }</td>
        </tr>
    }
}

fn meaning(list: &str) -> &'static str {
    match list {
        "FL" => "forward: people one sees",
        "AL" => "allow: people who may see one",
        "BL" => "block: people who may not see one",
        "RL" => "reverse: people who have one on their list",
        "PL" => "pending: people who wait for an answer",
        _ => "a list without a known meaning",
    }
}
