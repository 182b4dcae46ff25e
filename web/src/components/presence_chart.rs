//! Who was there when: a line per person, statuses as bars, changes as marks under them; or the same as a table.

use std::rc::Rc;

use yew::prelude::*;

use super::chats::packet;
use crate::clock::Clock;
use crate::hooks::page::Page;
use crate::protocol::Moment;
use crate::protocol::story::{Availability, Mark, MarkKind, Story, Timeline};
use crate::state::Action;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
    pub story: Rc<Story>,
}

/// Clocks under the chart.
const TICKS: u32 = 5;
/// A bar narrower than this share of the chart has its word in the tooltip alone.
const WORD: f64 = 0.06;
/// Marks nearer to one another than this share of the chart would hide one another.
const TOGETHER: f64 = 0.01;

/// The chart, and the table that says the same.
#[component]
pub fn PresenceChart(props: &Props) -> Html {
    let table = use_state(|| false);
    let story = &props.story;
    let choose = |wish: bool, name: &'static str| {
        let chosen = table.setter();
        let onclick = Callback::from(move |_: MouseEvent| chosen.set(wish));
        html! { <button type="button" class="button" aria-pressed={(*table == wish).to_string()} {onclick}>{ name }</button> }
    };
    let clock = props.page.clock();
    let (from, to) = story.span.unwrap_or_default();
    let scale = Scale { from, length: to.since(from).max(0.001) };
    html! {
        <>
            <div class="presence-head">
                <span class="quiet legend">
                    <span>{ mark_shape(MarkKind::Name) }{" name"}</span>
                    <span>{ mark_shape(MarkKind::Message) }{" message, music"}</span>
                    <span>{ mark_shape(MarkKind::Picture) }{" picture"}</span>
                    <span>{ mark_shape(MarkKind::Device) }{" device, capabilities"}</span>
                </span>
                <span class="gap"></span>
                { choose(false, "Chart") }{ choose(true, "Table") }
            </div>
            if *table {
                { events(&props.page, story) }
            } else {
                <div class="presence">
                    { patterns() }
                    { for story.timelines.iter().map(|timeline| line(&props.page, timeline, scale)) }
                    <div class="ticks" aria-hidden="true">{ for (0..TICKS).map(|tick| html! { <span>{ scale.clock(tick, &clock) }</span> }) }</div>
                </div>
            }
        </>
    }
}

#[derive(Clone, Copy)]
struct Scale {
    from: Moment,
    length: f64,
}

impl Scale {
    fn share(self, moment: Moment) -> f64 {
        (moment.since(self.from) / self.length).clamp(0.0, 1.0)
    }

    /// The clock at a tick.
    fn clock(self, tick: u32, clock: &Clock) -> String {
        clock.tick(self.at(tick), Clock::step(self.length))
    }

    fn at(self, tick: u32) -> Moment {
        #[allow(clippy::cast_possible_truncation)] // seconds within a capture
        let seconds = (self.length * f64::from(tick) / f64::from(TICKS - 1)) as i64;
        Moment { seconds: self.from.seconds.saturating_add(seconds), nanos: 0, absent: false }
    }
}

fn percent(share: f64) -> String {
    format!("{:.3}%", share * 100.0)
}

fn line(page: &Page, timeline: &Timeline, scale: Scale) -> Html {
    let who = if timeline.nick.is_empty() { timeline.contact.clone() } else { timeline.nick.clone() };
    let of = if timeline.own { "this capture’s user".to_owned() } else { format!("as {} saw it", timeline.account) };
    let clock = page.clock();
    let spoken = timeline.bars.iter().map(|bar| format!("{} from {}", bar.text, clock.second(bar.from)));
    let label = format!("{who}: {}", spoken.collect::<Vec<_>>().join(", "));
    html! {
        <div class="timeline">
            <p class="whose" title={timeline.contact.clone()}><b><bdi>{ who }</bdi></b><span class="quiet">{ of }</span></p>
            <svg class="bars" role="img" aria-label={label}>
                { for timeline.bars.iter().map(|each| bar(page, each, scale)) }
                { for marks(page, &timeline.marks, scale) }
            </svg>
        </div>
    }
}

/// The hatchings that tell statuses apart without colour.
fn patterns() -> Html {
    let stripes = |id: &'static str, angle: &'static str, class: &'static str| {
        html! {
            <pattern {id} patternUnits="userSpaceOnUse" width="6" height="6" patternTransform={format!("rotate({angle})")}>
                <path {class} d="M0 0V6" />
            </pattern>
        }
    };
    html! {
        <svg class="unseen" aria-hidden="true"><defs>
            { stripes("stripes-away", "45", "stripe-away") }
            { stripes("stripes-busy", "90", "stripe-busy") }
            { stripes("stripes-unknown", "135", "stripe-unknown") }
        </defs></svg>
    }
}

fn selects(page: &Page, pdu: Option<u32>) -> Option<Callback<MouseEvent>> {
    pdu.map(|pdu| page.act.reform(move |_: MouseEvent| Action::Select(pdu, None)))
}

fn bar(page: &Page, bar: &Availability, scale: Scale) -> Html {
    let (from, to) = (scale.share(bar.from), scale.share(bar.to));
    let width = (to - from).max(0.002);
    let class = match bar.status.as_str() {
        "NLN" => "online",
        "AWY" | "BRB" | "IDL" | "LUN" => "away",
        "BSY" | "PHN" => "busy",
        "FLN" => "offline",
        "unknown" => "unknown",
        _ => "otherwise",
    };
    let title = format!("{}, {}", bar.text, page.clock().span(bar.from, bar.to));
    let selected = bar.proof.pdu.is_some() && page.state.selection.map(|s| s.pdu) == bar.proof.pdu;
    html! {
        <g class={classes!("bar", class, selected.then_some("selected"))} onclick={selects(page, bar.proof.pdu)}>
            <title>{ title }</title>
            <rect x={percent(from)} y="6" width={percent(width)} height="17" rx="3" />
            if class == "away" || class == "busy" || class == "unknown" {
                <rect class="pattern" x={percent(from)} y="6" width={percent(width)} height="17" rx="3" />
            }
            if width > WORD {
                <foreignObject x={percent(from)} y="6" width={percent(width)} height="17">
                    <p xmlns="http://www.w3.org/1999/xhtml"><span>{ &bar.text }</span></p>
                </foreignObject>
            }
        </g>
    }
}

/// Marks of one moment stand side by side.
fn marks(page: &Page, marks: &[Mark], scale: Scale) -> Vec<Html> {
    let (mut before, mut nth) = (f64::NEG_INFINITY, 0);
    let drawn = marks.iter().map(|each| {
        let share = scale.share(each.proof.time);
        nth = if share - before < TOGETHER { nth + 1 } else { 0 };
        before = if nth == 0 { share } else { before };
        html! { <g transform={format!("translate({} 0)", 11 * nth)}>{ mark(page, each, share) }</g> }
    });
    drawn.collect()
}

fn mark(page: &Page, mark: &Mark, share: f64) -> Html {
    let x = percent(share);
    let title = format!("{}: {}", page.clock().at(mark.proof.time), mark.text);
    html! {
        <svg class="mark" {x} y="26" width="12" height="12" viewBox="-6 -6 12 12" onclick={selects(page, mark.proof.pdu)}>
            <title>{ title }</title>
            <path d={path(mark.kind)} />
        </svg>
    }
}

fn mark_shape(kind: MarkKind) -> Html {
    html! { <svg class="mark" width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true"><path d={path(kind)} /></svg> }
}

const fn path(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Name => "M0-4 4 4H-4z",
        MarkKind::Message => "M-5-4H5V2H-1L-4 5V2H-5z",
        MarkKind::Picture => "M-4-4H4V4H-4zM-2.200-2.200V2.200H2.200V-2.200z",
        MarkKind::Device => "M0-4.500 4.500 0 0 4.500-4.500 0z",
    }
}

fn events(page: &Page, story: &Story) -> Html {
    let rows = story.timelines.iter().flat_map(|timeline| {
        let bars = timeline.bars.iter().map(|bar| (&bar.proof, &bar.text));
        let marks = timeline.marks.iter().map(|mark| (&mark.proof, &mark.text));
        bars.chain(marks).map(move |(proof, text)| (proof, timeline, text))
    });
    let clock = page.clock();
    let mut rows = rows.collect::<Vec<_>>();
    rows.sort_by_key(|(proof, ..)| (proof.time, proof.pdu));
    html! {
        <div class="scroll-x"><table class="plain-table">
            <thead><tr><th>{ clock.title() }</th><th>{"Seen by"}</th><th>{"Who"}</th><th>{"What"}</th><th class="number">{"Packet"}</th></tr></thead>
            <tbody>{ for rows.into_iter().map(|(proof, timeline, text)| html! {
                <tr>
                    <td class="mono">{ clock.second(proof.time) }</td>
                    <td><bdi>{ &timeline.account }</bdi></td>
                    <td><bdi>{ &timeline.contact }</bdi></td>
                    <td><bdi>{ text }</bdi></td>
                    <td class="number">{ packet(page, proof) }</td>
                </tr>
            }) }</tbody>
        </table></div>
    }
}
