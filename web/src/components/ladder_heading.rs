//! Rows of the ladder that are no commands: headings of phases, folded runs, silences, lost bytes.

use yew::prelude::*;

use super::icons::{Icon, small_icon};
use super::signs::{role_class, shape};
use crate::protocol::{Body, Folding, Phase, Row, Run};
use crate::scene::ladder::words::{counts, run_words};
use crate::wording;

/// What can be asked for in such a row.
#[derive(Clone, PartialEq)]
pub struct Wishes {
    /// Fold or unfold.
    pub on_turn: Callback<Folding>,
    /// Show one connection alone.
    pub on_connection: Callback<u32>,
    /// Put a lifeline to another place.
    pub on_lane: Callback<(u8, u8)>,
}

/// The row.
pub fn other_row(row: &Row, time: &str, index: u32, wishes: &Wishes) -> Html {
    let position = (index + 1).to_string();
    match &row.body {
        Body::Phase(phase) => phase_row(phase, Some(position), wishes),
        Body::Run(run) => run_row(*run, time, position, wishes),
        Body::Inferred { from, to, verb, why } => html! {
            <div class="row inferred role-notification" role="row" aria-rowindex={position}>
                <span class="when" role="gridcell">{ time.to_owned() }</span>
                <span class={classes!("plate", format!("m{}", u16::from(*from) + u16::from(*to)))} role="gridcell">
                    <span class="verb">{ verb }</span>
                </span>
                <span class="carries" role="gridcell"><span><bdi>{ why }</bdi></span></span>
            </div>
        },
        Body::Silence { seconds } => html! {
            <div class="row silence" role="row" aria-rowindex={position}>
                { small_icon(Icon::Clock) }
                <span role="gridcell">{ format!("{} without a command", wording::duration(*seconds)) }</span>
            </div>
        },
        Body::Lost { stream, bytes, .. } => {
            let bytes = wording::counted(wording::whole(*bytes), "byte", "bytes");
            html! {
                <div class="row lost hatched" role="row" aria-rowindex={position}>
                    <span role="gridcell">{ format!("not captured: {bytes} on connection {stream}") }</span>
                </div>
            }
        }
        Body::Command(_) | Body::Finding(_) | Body::Packet(_) => html! {},
    }
}

/// The heading of a phase; without a position it is the copy that stays at the top.
pub fn phase_row(phase: &Phase, position: Option<String>, wishes: &Wishes) -> Html {
    let (id, stream) = (phase.id, phase.stream);
    let on_turn = wishes.on_turn.reform(move |event: MouseEvent| {
        event.stop_propagation();
        Folding::Phase(id)
    });
    let copy = position.is_none();
    let role = (!copy).then_some("row");
    let cell = (!copy).then_some("gridcell");
    html! {
        <div class={classes!("row", "heading", role_class(phase.role), copy.then_some("pinned"))} {role}
            aria-rowindex={position} aria-hidden={copy.then_some("true")}>
            <span class="fold-cell" role={cell}>
                <button type="button" class="twist" tabindex="-1" onclick={on_turn} aria-expanded={(!phase.folded).to_string()}
                    aria-label={format!("Rows of {}", phase.title)}>
                    { small_icon(if phase.folded { Icon::Right } else { Icon::Down }) }
                </button>
            </span>
            <b role={cell}><bdi>{ &phase.title }</bdi></b>
            <span class="quiet told" role={cell}>{ counts(phase) }</span>
            <span class="alone" role={cell}>
                { shape(phase.role) }
                <button type="button" class="link" tabindex="-1" onclick={wishes.on_connection.reform(move |_| stream)}>
                    { format!("connection {stream} alone") }</button>
            </span>
        </div>
    }
}

fn run_row(run: Run, time: &str, position: String, wishes: &Wishes) -> Html {
    let id = run.id;
    let on_turn = wishes.on_turn.reform(move |event: MouseEvent| {
        event.stop_propagation();
        Folding::Run(id)
    });
    html! {
        <div class={classes!("row", "run", role_class(run.role))} role="row" aria-rowindex={position}>
            <span class="when" role="gridcell">{ time.to_owned() }</span>
            <span class="pill" role="gridcell">
                <span>{ run_words(run) }</span>
                <button type="button" class="link" tabindex="-1" onclick={on_turn} aria-expanded={(!run.folded).to_string()}>
                    { if run.folded { "Unfold" } else { "Fold" } }</button>
            </span>
        </div>
    }
}
