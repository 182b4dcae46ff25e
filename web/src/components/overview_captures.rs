//! The card of several captures that are read as one: what came of each, what one has and another has not.

use yew::prelude::*;

use super::signs::sign;
use crate::clock::Clock;
use crate::protocol::{Copies, Names, OneCapture, Overview, Scope, Severity};
use crate::state::Files;
use crate::wording::{count, counted, size, whole};

/// What becomes of packets that stand in two captures.
const TWICE: &str = "Bytes of TCP that come again say nothing new: the copy that came first is shown. Datagrams of UDP are shown as \
    often as they come.";

/// What can be wished of captures.
pub struct Wishes {
    /// Only what begins in one of them.
    pub scope: Callback<Scope>,
    /// Another one beside them.
    pub add: Callback<()>,
    /// One of them put away.
    pub leave: Callback<usize>,
}

/// The captures.
pub fn captures(files: &Files, totals: &Overview, clock: &Clock, wishes: &Wishes) -> Html {
    let nothing = OneCapture::default();
    let told = || totals.captures.iter().chain(std::iter::repeat(&nothing));
    let called = files.distinct();
    let rows = called.iter().zip(told()).enumerate().map(|(at, (name, one))| row(at, name, one, clock, wishes));
    // Of what two captures hold the second copy says nothing: who is named in it alone is not known.
    let own = called.iter().zip(told()).filter(|(_, one)| one.own.count > 0 && totals.copies.is_empty()).map(
        |(name, one)| {
            html! { <div key={name.clone()}><dt>{"Only in "}<bdi>{ name }</bdi></dt><dd>{ names(&one.own) }</dd></div> }
        },
    );
    html! {
        <section class="card" aria-labelledby="captures-title">
            <h2 id="captures-title">{"Captures, read as one"}<span>{ size(files.size()) }</span></h2>
            <div class="scroll-x" tabindex="0" role="group" aria-labelledby="captures-title">
                <table class="plain-table">
                    <thead><tr>
                        <th scope="col">{"File"}</th><th scope="col" class="number">{"Packets"}</th>
                        <th scope="col" class="number">{"Commands"}</th><th scope="col">{"When"}</th>
                        <th scope="col"><span class="unseen">{"Only this one"}</span></th><th scope="col"><span class="unseen">{"Put away"}</span></th>
                    </tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
            if totals.checked {
                <dl class="who-where">
                    if totals.shared.count > 0 { <div><dt>{"Named in more than one"}</dt><dd>{ names(&totals.shared) }</dd></div> }
                    { for own }
                </dl>
            }
            if !totals.copies.is_empty() {
                <dl class="who-where">{ for totals.copies.iter().map(|copies| same(files, copies)) }</dl>
                <p class="fine">{ TWICE }</p>
            }
            <p class="fine"><button type="button" class="link" onclick={wishes.add.reform(|_| ())}>{"Add another capture"}</button></p>
        </section>
    }
}

fn row(at: usize, name: &str, one: &OneCapture, clock: &Clock, wishes: &Wishes) -> Html {
    let scope = u32::try_from(at).map(Scope::Capture).unwrap_or_default();
    let when = one.span.map(|(first, last)| clock.span_of_days(first, last));
    html! {
        <>
            <tr key={at}>
                <td><bdi>{ name }</bdi></td>
                <td class="number">{ count(whole(one.packets)) }</td>
                <td class="number">{ one.commands.map_or_else(|| "…".to_owned(), |commands| count(commands.into())) }</td>
                <td>{ when.unwrap_or_else(|| "no times".to_owned()) }</td>
                <td><button type="button" class="link" onclick={wishes.scope.reform(move |_| scope)}
                    aria-label={format!("only this: {name}")} title="Only what begins in it">{"only this"}</button></td>
                <td><button type="button" class="link" onclick={wishes.leave.reform(move |_| at)}
                    aria-label={format!("put away {name}")}>{"put away"}</button></td>
            </tr>
            if let Some(trouble) = &one.trouble {
                <tr key={format!("{at}-trouble")}><td colspan="6" class="trouble">{ sign(Severity::Warn) }{ trouble }</td></tr>
            }
        </>
    }
}

/// Packets that two captures hold.
fn same(files: &Files, copies: &Copies) -> Html {
    let called = files.distinct();
    let name = |at: u32| called.get(at as usize).cloned().unwrap_or_default();
    let (one, other) = copies.between;
    let packets = counted(whole(copies.packets), "packet", "packets");
    html! {
        <div key={format!("{one}-{other}")}>
            <dt>{"In both "}<bdi>{ name(one) }</bdi>{" and "}<bdi>{ name(other) }</bdi></dt><dd>{ packets }</dd>
        </div>
    }
}

fn names(names: &Names) -> Html {
    let more = names.count as usize - names.first.len().min(names.count as usize);
    html! {
        <>
            { for names.first.iter().map(|name| html! { <bdi key={name.clone()}>{ name }</bdi> }) }
            if more > 0 { <span class="quiet">{ format!("and {} more", count(more as u64)) }</span> }
        </>
    }
}
