//! The cards of the overview: connections, verbs, what stands out, what is missing, what else there is.

use yew::prelude::*;

use super::icons::{Icon, small_icon};
use super::signs::{shape, sign};
use crate::protocol::{Connection, ExpertCount, Overview, Scope, Severity, VerbCount};
use crate::state::View;
use crate::wording::{capitalised, count, counted, duration, role, size, whole};

/// Rows of a card before it says how many more there are.
const SHOWN: usize = 12;

/// The connections; each leads to its own ladder.
pub fn connections(totals: &Overview, on_scope: &Callback<Scope>) -> Html {
    let more = (totals.connection_count as usize).saturating_sub(SHOWN);
    let row = |connection: &Connection| {
        let stream = connection.stream;
        let seconds = connection.span.1.since(connection.span.0);
        let whole = match (connection.opened, connection.closed, connection.lost > 0.0) {
            (_, _, true) => format!("{} not captured", size(connection.lost)),
            (true, true, false) => "from start to end".to_owned(),
            (true, false, false) => "end not captured".to_owned(),
            (false, true, false) => "start not captured".to_owned(),
            (false, false, false) => "neither start nor end captured".to_owned(),
        };
        html! {
            <tr key={stream}>
                <td><span class="role-cell">{ shape(connection.role) }{ role(connection.role) }</span></td>
                <td class="mono">{ &connection.client }</td>
                <td class="mono">{ &connection.server }</td>
                <td class="number">{ count(connection.commands.into()) }</td>
                <td class="number">{ duration(seconds) }</td>
                <td class="quiet">{ whole }</td>
                <td><button type="button" class="link" onclick={on_scope.reform(move |_| Scope::Connection(stream))}
                    aria-label={format!("Ladder of connection {stream}")}>{"ladder"}</button></td>
            </tr>
        }
    };
    html! {
        <section class="card" aria-labelledby="connections-title">
            <h2 id="connections-title">{"Connections"}<span>{ count(totals.connection_count.into()) }</span></h2>
            <div class="scroll-x" tabindex="0" role="group" aria-labelledby="connections-title">
                <table class="plain-table">
                    <thead><tr>
                        <th scope="col">{"Server"}</th><th scope="col">{"Client address"}</th><th scope="col">{"Server address"}</th>
                        <th scope="col" class="number">{"Commands"}</th><th scope="col" class="number">{"Lasted"}</th>
                        <th scope="col">{"Captured"}</th><th scope="col"><span class="unseen">{"Ladder"}</span></th>
                    </tr></thead>
                    <tbody>{ for totals.connections.iter().take(SHOWN).map(row) }</tbody>
                </table>
            </div>
            if more > 0 { <p class="fine">{ format!("{} more: the ladder’s list of connections has them.", count(more as u64)) }</p> }
        </section>
    }
}

/// Commands per verb; each leads to the first.
pub fn verbs(totals: &Overview, on_select: &Callback<u32>) -> Html {
    let most = totals.verbs.first().map_or(1, |verb| verb.count).max(1);
    let entry = |verb: &VerbCount| {
        let first = verb.first;
        let width = (f64::from(verb.count) / f64::from(most) * 100.0).max(1.5);
        html! {
            <li key={verb.verb.clone()}>
                <button type="button" onclick={on_select.reform(move |_| first)} title={format!("To the first {}", verb.verb)}>
                    <span class="mono">{ &verb.verb }</span>
                    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width={width.to_string()} height="8" /></svg>
                    <span class="number">{ count(verb.count.into()) }</span>
                </button>
            </li>
        }
    };
    html! {
        <section class="card" aria-labelledby="verbs-title">
            <h2 id="verbs-title">{"What travelled"}<span>{ format!(
                "{} in {}", counted(totals.commands.into(), "command", "commands"), size(totals.command_bytes)) }</span></h2>
            <ul class="verbs">{ for totals.verbs.iter().map(entry) }</ul>
        </section>
    }
}

/// The experts' kinds, worst first.
pub fn experts(totals: &Overview, on_select: &Callback<u32>, on_show: &Callback<View>) -> Html {
    let entry = |expert: &ExpertCount| {
        let first = expert.first;
        html! {
            <li key={expert.id.clone()}>
                { sign(expert.severity) }
                <b><bdi>{ capitalised(&expert.text) }</bdi></b>
                <p>{ times(expert.count) }
                    <button type="button" class="link" onclick={on_select.reform(move |_| first)}>{ format!("command {}", count(first.into())) }</button>
                </p>
            </li>
        }
    };
    // What the card below tells, unless it is grave.
    let told = |expert: &&ExpertCount| expert.severity >= Severity::Warn || !expert.id.starts_with("missing.");
    let serious = totals.experts.iter().filter(|expert| expert.severity >= Severity::Warn).map(|expert| expert.count);
    let title = match (totals.checked, totals.expert_count, serious.sum::<u32>()) {
        (false, ..) => "not checked yet".to_owned(),
        (true, many, 0) => counted(many.into(), "finding", "findings"),
        (true, many, some) => {
            format!("{}, {} to look at", counted(many.into(), "finding", "findings"), count(some.into()))
        }
    };
    let shown = totals.experts.iter().filter(told).take(6).map(entry).collect::<Vec<_>>();
    html! {
        <section class="card" aria-labelledby="experts-title">
            <h2 id="experts-title">{"What stands out"}<span>{ title }</span></h2>
            if shown.is_empty() && totals.expert_count > 0 { <p class="fine">{"Only what is missing, which is told below."}</p> }
            <ul class="stands-out">{ for shown }</ul>
            if totals.expert_count > 0 {
                <p class="fine"><button type="button" class="link" onclick={on_show.reform(|_| View::Findings)}>{"See all findings"}</button></p>
            } else if totals.checked {
                <p class="fine">{ small_icon(Icon::Check) }{"Every command keeps the grammar, and no server refused anything."}</p>
            }
        </section>
    }
}

/// What a capture without MSNP holds.
pub fn holdings(totals: &Overview) -> Html {
    html! {
        <section class="card" aria-labelledby="census-title">
            <h2 id="census-title">{"What it holds instead"}<span>{ counted(whole(totals.packets), "packet", "packets") }</span></h2>
            <dl class="census">
                { for totals.census.iter().map(|held| html! {
                    <div key={held.name.clone()}><dt>{ &held.name }</dt><dd>{ counted(whole(held.packets), "packet", "packets") }</dd></div>
                }) }
            </dl>
            <p class="fine">{"MSN Messenger used TCP port 1863. It is found on any other port too, through proxies and the service’s HTTP gateway, but not inside encrypted connections."}</p>
        </section>
    }
}

fn times(count: u32) -> String {
    match count {
        1 => "Once, at ".to_owned(),
        2 => "Twice, first at ".to_owned(),
        many => format!("{} times, first at ", crate::wording::count(many.into())),
    }
}
