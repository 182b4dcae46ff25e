//! What is missing, on the overview: lost bytes, half connections and the rest of the ledger, so that silence is never taken
//! for absence.

use yew::prelude::*;

use super::icons::{Icon, small_icon};
use super::signs::sign;
use crate::clock::Clock;
use crate::protocol::story::{Missing, Story};
use crate::protocol::{Loss, Overview, Progress, Severity, Stage};
use crate::wording::{count, counted, role, whole};

/// Lost bytes shown before the card says how many more there are.
const LOSSES: usize = 6;
/// Other entries shown.
const SHOWN: usize = 8;

/// The card.
pub fn missing(progress: &Progress, story: Option<&Story>, clock: &Clock, on_select: &Callback<u32>) -> Html {
    let totals = &progress.overview;
    let shown = story.map(entries).unwrap_or_default();
    let edges = edges(totals);
    let lost = totals.loss_count as usize;
    let all = lost + totals.ledger_count as usize;
    let title = if all == 0 { String::new() } else { counted(all as u64, "entry", "entries") };
    let more = all.saturating_sub(lost.min(LOSSES)).saturating_sub(shown.len());
    html! {
        <section class="card ledger" aria-labelledby="missing-title">
            <h2 id="missing-title">{"What is missing"}<span>{ title }</span></h2>
            <ul class="stands-out">
                { for totals.losses.iter().take(LOSSES).map(|loss| loss_entry(loss, clock, on_select)) }
                { for shown.iter().map(|missing| entry(missing, clock, on_select)) }
                { for edges }
            </ul>
            if more > 0 { <p class="fine">{ format!("{} more: the findings hold them all.", count(more as u64)) }</p> }
            if progress.stage == Stage::Complete && lost == 0 {
                <p class="fine">{ small_icon(Icon::Check) }{"Every byte between the first and the last packet of these connections is here."}</p>
            }
        </section>
    }
}

fn loss_entry(loss: &Loss, clock: &Clock, on_select: &Callback<u32>) -> Html {
    let words = format!(
        "{} that the {} sent on connection {}, before {}. ",
        counted(whole(loss.bytes), "byte", "bytes"),
        role(loss.sender).to_lowercase(),
        loss.stream,
        clock.at(loss.time)
    );
    html! { <li>{ sign(Severity::Warn) }<b>{"Not captured"}</b><p>{ words }{ show(loss.pdu, on_select) }</p></li> }
}

/// Beginnings, ends, sign-ins, chats and texts that are not in the capture, and what transfers lack.
fn entry(missing: &Missing, clock: &Clock, on_select: &Callback<u32>) -> Html {
    let place = format!("{}, packet {:.0} ", clock.at(missing.proof.time), missing.proof.frame);
    html! {
        <li>
            { sign(Severity::Note) }
            <b><bdi>{ &missing.text }</bdi></b>
            <p>{ place }{ show(missing.proof.pdu, on_select) }</p>
        </li>
    }
}

fn show(pdu: Option<u32>, on_select: &Callback<u32>) -> Html {
    let Some(pdu) = pdu else { return html! {} };
    let label = format!("show command {pdu}");
    html! { <button type="button" class="link" onclick={on_select.reform(move |_| pdu)} aria-label={label}>{"show"}</button> }
}

/// Connections that are here in part.
fn edges(totals: &Overview) -> Vec<Html> {
    let half =
        |opened: bool| totals.connections.iter().filter(|c| if opened { !c.opened } else { !c.closed }).count() as u64;
    let edges = [(half(true), "began before the capture"), (half(false), "went on after it, or ended without a word")];
    let edge = |(number, words): (u64, &'static str)| {
        html! { <li>{ sign(Severity::Chat) }<b>{ counted(number, "connection", "connections") }</b><p>{ words }</p></li> }
    };
    edges.into_iter().filter(|(number, _)| *number > 0).map(edge).collect()
}

/// The first entries of the ledger without lost bytes, which have their own.
fn entries(story: &Story) -> Vec<&Missing> {
    story.missing.iter().filter(|missing| !missing.gap).take(SHOWN).collect()
}
