//! The people on the overview: what each is to the accounts of the capture, what they wrote and sent, and what shows them.

use yew::prelude::*;

use super::people::left_out;
use crate::protocol::story::{Person, Standing, Story};
use crate::wording::count;

/// People before the card says how many more there are.
const SHOWN: usize = 8;

/// The card; nothing where nobody does anything.
pub fn who(story: &Story, on_select: &Callback<u32>) -> Html {
    if story.people.is_empty() {
        return html! {};
    }
    let most = story.people.iter().map(|one| one.messages).max().unwrap_or(0).max(1);
    let shown = story.people.iter().take(SHOWN);
    html! {
        <section class="card" aria-labelledby="who-title">
            <h2 id="who-title">{"Who"}<span>{ count(story.people_count.into()) }</span></h2>
            <div class="scroll-x" tabindex="0" role="group" aria-labelledby="who-title">
                <table class="plain-table who">
                    <thead><tr>
                        <th scope="col">{"Person"}</th><th scope="col">{"Seen as"}</th>
                        <th scope="col" class="number">{"Messages"}</th>
                        <th scope="col" class="number">{"Sent"}</th><th scope="col">{"First evidence"}</th>
                    </tr></thead>
                    <tbody>{ for shown.map(|one| row(one, most, on_select)) }</tbody>
                </table>
            </div>
            { left_out(SHOWN.min(story.people.len()), story.people_count) }
        </section>
    }
}

fn row(one: &Person, most: u32, on_select: &Callback<u32>) -> Html {
    let named = !one.nick.is_empty();
    let name = if named { &one.nick } else { &one.account };
    let width = f64::from(one.messages) / f64::from(most) * 100.0;
    let packet = format!("packet {:.0}", one.proof.frame);
    html! {
        <tr key={one.account.clone()}>
            <th scope="row"><b><bdi>{ name }</bdi></b>if named { <small><bdi>{ &one.account }</bdi></small> }</th>
            <td class={(one.standing == Standing::Stranger).then_some("stranger")}>{ standing(one.standing) }</td>
            <td class="number">{ count(one.messages.into()) }
                <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width={width.to_string()} height="8" /></svg></td>
            <td class="number">{ count(one.sent.into()) }</td>
            <td>
                if let Some(pdu) = one.proof.pdu {
                    <button type="button" class="link" aria-label={format!("show {packet}")} onclick={on_select.reform(move |_| pdu)}>{ packet.clone() }</button>
                } else { { packet } }
            </td>
        </tr>
    }
}

const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Own => "user of this capture",
        Standing::Contact => "contact",
        Standing::Listed => "on another list",
        Standing::Stranger => "on no list",
        Standing::Unknown => "lists not captured",
    }
}
