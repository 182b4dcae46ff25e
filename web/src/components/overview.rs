//! The overview: what is in this capture, in people's words.

use std::rc::Rc;

use yew::prelude::*;

use super::activity::activity;
use super::overview_captures::{Wishes, captures};
use super::overview_cards::{connections, experts, holdings, verbs};
use super::overview_missing::missing;
use super::overview_who::who;
use crate::clock::Clock;
use crate::protocol::story::Story;
use crate::protocol::{Overview as Totals, Progress, Scope, Stage};
use crate::state::{Files, View};
use crate::wording::{capitalised, count, counted, duration, whole};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub files: Files,
    /// A capture is to be opened beside what is open.
    pub on_add: Callback<()>,
    /// One of several is to be put away.
    pub on_leave: Callback<usize>,
    pub progress: Rc<Progress>,
    /// The story, once it is told.
    pub story: Option<Rc<Story>>,
    pub on_show: Callback<View>,
    pub on_scope: Callback<Scope>,
    /// A command to look at.
    pub on_select: Callback<u32>,
}

impl Wishes {
    fn of(props: &Props) -> Self {
        Self { scope: props.on_scope.clone(), add: props.on_add.clone(), leave: props.on_leave.clone() }
    }
}

/// The overview.
#[component]
pub fn Overview(props: &Props) -> Html {
    let clock = use_context::<Clock>().unwrap_or_default();
    let totals = &props.progress.overview;
    if totals.recognised == 0 {
        return nothing(props, &clock);
    }
    let show = |view: View| props.on_show.reform(move |_: MouseEvent| view);
    html! {
        <div class="overview" tabindex="0" role="region" aria-label="Overview">
            <h1>{ headline(props) }</h1>
            <p class="when">{ circumstances(props, &clock) }</p>
            <div class="columns">
                <div class="stack">
                    if props.files.are_several() { { captures(&props.files, totals, &clock, &Wishes::of(props)) } }
                    { counts(props) }
                    { activity(&totals.activity, &clock) }
                    if let Some(story) = &props.story { { who(story, &props.on_select) } }
                    { connections(totals, &props.on_scope) }
                    { verbs(totals, &props.on_select) }
                </div>
                <div class="stack">
                    { experts(totals, &props.on_select, &props.on_show) }
                    { missing(&props.progress, props.story.as_deref(), &clock, &props.on_select) }
                    <div class="next-steps">
                        <button type="button" class="button main" onclick={show(View::Ladder)}>{"Follow the ladder"}</button>
                        <button type="button" class="button" onclick={show(View::Commands)}>{"All commands"}</button>
                        <button type="button" class="button" onclick={props.on_add.reform(|_| ())}
                            title="Read another capture together with this one, by time">{"Add another capture"}</button>
                    </div>
                </div>
            </div>
        </div>
    }
}

/// A capture without MSNP says what it holds instead.
fn nothing(props: &Props, clock: &Clock) -> Html {
    let totals = &props.progress.overview;
    if props.progress.stage == Stage::Reading {
        return html! { <div class="overview"><h1>{"Reading… no MSN Messenger command so far."}</h1></div> };
    }
    html! {
        <div class="overview" tabindex="0" role="region" aria-label="Overview">
            <h1>{"There is no MSN Messenger traffic in this capture."}</h1>
            <p class="when">{ circumstances(props, clock) }</p>
            <div class="columns">
                <div class="stack">
                    if props.files.are_several() { { captures(&props.files, totals, clock, &Wishes::of(props)) } }
                    { holdings(totals) }
                    if totals.commands > 0 { { unreadable(props) } }
                </div>
            </div>
        </div>
    }
}

/// What was found where MSNP was expected, though nothing in it is a command that is known.
fn unreadable(props: &Props) -> Html {
    let pieces = counted(props.progress.overview.commands.into(), "piece", "pieces");
    let show = props.on_show.reform(|_: MouseEvent| View::Commands);
    html! {
        <div class="next-steps">
            <p>{ format!("{pieces} could not be recognised as commands.") }</p>
            <button type="button" class="button" onclick={show}>{"Look at the bytes"}</button>
        </div>
    }
}

/// Who did what, in one sentence.
fn headline(props: &Props) -> String {
    let totals = &props.progress.overview;
    let story = props.story.as_deref();
    let names = totals.signed_in.iter().map(|account| isolated(called(story, account))).collect::<Vec<_>>();
    let talked = story.map(talkers).filter(|_| names.is_empty()).unwrap_or_default();
    let who = together(&names).map(|names| format!("{names} signed in"));
    let who = who.or_else(|| together(&talked).map(|names| format!("{names} talked")));
    // A name keeps its own first letter.
    let begin = |words: &str| if who.is_some() { words.to_owned() } else { capitalised(words) };
    let parts = [who.clone(), written(totals, story), story.and_then(sent)].into_iter().flatten().collect::<Vec<_>>();
    let sentence = match parts.as_slice() {
        [] => format!(
            "{} of MSN Messenger on {}",
            counted(totals.commands.into(), "command", "commands"),
            counted(totals.connection_count.into(), "connection", "connections")
        ),
        [only] => begin(only),
        [first @ .., last] => format!("{}, and {last}", begin(&first.join(", "))),
    };
    format!("{sentence}{}.", so_far(totals, &props.progress.stage))
}

/// "Alice", "Alice and Bob", "Alice and 2 others".
fn together(names: &[String]) -> Option<String> {
    match names {
        [] => None,
        [one] => Some(one.clone()),
        [one, two] => Some(format!("{one} and {two}")),
        [first, rest @ ..] => Some(format!("{first} and {}", counted(rest.len() as u64, "other", "others"))),
    }
}

/// Those who wrote something; who talks alone, and who only listens, is named by the card.
fn talkers(story: &Story) -> Vec<String> {
    let wrote = story.people.iter().filter(|person| person.messages > 0);
    let names = wrote.map(|person| isolated(called(Some(story), &person.account))).collect::<Vec<_>>();
    if names.len() > 1 { names } else { Vec::new() }
}

fn written(totals: &Totals, story: Option<&Story>) -> Option<String> {
    // One chat may have been captured on several connections.
    let rooms = match story.map_or(totals.rooms, |story| story.chat_count.min(totals.rooms)) {
        0 => String::new(),
        1 => " in one chat room".to_owned(),
        many => format!(" in {} chat rooms", count(many.into())),
    };
    match totals.texts {
        0 => None,
        1 => Some(format!("one message was written{rooms}")),
        many => Some(format!("{} messages were written{rooms}", count(many.into()))),
    }
}

fn sent(story: &Story) -> Option<String> {
    let lacks = match (story.sent_count, story.partial_count) {
        (_, 0) => String::new(),
        (1, 1) => " (not all of it is here)".to_owned(),
        (_, some) => format!(" (of {} not all is here)", count(some.into())),
    };
    match story.sent_count {
        0 => None,
        1 => Some(format!("one picture or file was sent{lacks}")),
        many => Some(format!("{} pictures and files were sent{lacks}", count(many.into()))),
    }
}

/// A name whose letters may run from right to left does not turn the words beside it round.
fn isolated(name: &str) -> String {
    if name.is_ascii() { name.to_owned() } else { format!("\u{2068}{name}\u{2069}") }
}

/// The name that somebody goes by, else the account.
fn called<'s>(story: Option<&'s Story>, account: &'s str) -> &'s str {
    let person =
        story.and_then(|story| story.people.iter().find(|person| person.account.eq_ignore_ascii_case(account)));
    person.map(|person| person.nick.as_str()).filter(|nick| !nick.is_empty()).unwrap_or(account)
}

fn circumstances(props: &Props, clock: &Clock) -> String {
    let totals = &props.progress.overview;
    let span = totals
        .span
        .map(|(first, last)| format!("{} ({})", clock.span_of_days(first, last), duration(last.since(first))));
    let dialects = (!totals.dialects.is_empty()).then(|| totals.dialects.join(", "));
    let read = (props.progress.stage != Stage::Reading)
        .then(|| format!("read in {:.2} s, nothing left this computer", props.progress.elapsed));
    [span, dialects, read].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn counts(props: &Props) -> Html {
    let totals = &props.progress.overview;
    let story = props.story.as_deref();
    let known = |figure: fn(&Story) -> u64, one, many| story.map(|story| (figure(story), one, many));
    let named = || (totals.account_count.into(), "account named", "accounts named");
    let figures = [
        Some(known(|story| story.people_count.into(), "person", "people").unwrap_or_else(named)),
        known(|story| story.chat_count.into(), "chat", "chats"),
        Some((totals.texts.into(), "message", "messages")),
        known(|story| story.transfer_count.into(), "transfer", "transfers"),
        Some((totals.commands.into(), "command", "commands")),
        Some((whole(totals.packets), "packet", "packets")),
    ];
    // What was not counted yet is not none.
    let tile = |(figure, one, many): &(u64, &'static str, &'static str)| {
        html! { <div><dt>{ if *figure == 1 { *one } else { *many } }</dt><dd><b>{ if *figure == 0 && !totals.checked { "…".to_owned() } else { count(*figure) } }</b></dd></div> }
    };
    html! { <dl class="card counts-card">{ for figures.iter().flatten().map(tile) }</dl> }
}

fn so_far(totals: &Totals, stage: &Stage) -> &'static str {
    if *stage == Stage::Reading || !totals.checked { " so far" } else { "" }
}
