//! One transfer: the map of its bytes, its packets over time, a replay, a preview, what the hashes say, what was agreed.

use std::rc::Rc;

use gloo::timers::callback::{Interval, Timeout};
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::arrival_chart::ArrivalChart;
use super::arrival_table::ArrivalTable;
use super::chats::packet;
use super::chunk_card::{ChunkCard, WhereIs};
use super::chunk_legend::ChunkLegend;
use super::chunk_map::ChunkMap;
use super::field_tree::focus;
use super::icons::{Icon, small_icon};
use super::object_preview::{ObjectPreview, SHOWN_AT_ONCE, verdict};
use super::replay_bar::{ReplayBar, Speed};
use super::transfer_list::state;
use crate::clock::Clock;
use crate::hooks::blob::save;
use crate::hooks::page::Page;
use crate::hooks::palette::use_palette;
use crate::protocol::Range;
use crate::protocol::transfers::{Outcome, Transfer};
use crate::scene::chunks::{Map, Mark};
use crate::state::Action;
use crate::wording::{count, counted, safe_name, size};

/// Milliseconds from one picture of a replay to the next.
const FRAME: u32 = 33;
/// Milliseconds until the inspector is there.
const SETTLED: u32 = 200;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
    pub transfer: Transfer,
    /// The bytes of this one are wanted.
    pub on_ask: Callback<u32>,
}

/// One transfer.
#[component]
pub fn TransferPane(props: &Props) -> Html {
    let (page, transfer) = (&props.page, &props.transfer);
    let id = transfer.id;
    let table = use_state_eq(|| false);
    let saving = use_state_eq(|| false);
    let blob = page.state.objects.get(id).cloned();
    let wanted = transfer.can_be_saved() && (transfer.received <= SHOWN_AT_ONCE || *saving);
    {
        let on_ask = props.on_ask.clone();
        use_effect_with((wanted, blob.is_some()), move |(wanted, there)| {
            if *wanted && !there {
                on_ask.emit(id);
            }
        });
    }
    {
        let (saving, name) = (saving.clone(), safe_name(&transfer.name, id, transfer.outcome == Outcome::Complete));
        use_effect_with((*saving, blob.clone()), move |(wanted, blob)| {
            if let (true, Some(blob)) = (*wanted, blob) {
                save(blob, &name);
                saving.set(false);
            }
        });
    }
    let choose = |wish: bool, name: &'static str| {
        let chosen = table.setter();
        let onclick = Callback::from(move |_: MouseEvent| chosen.set(wish));
        html! { <button type="button" class="button" aria-pressed={(*table == wish).to_string()} {onclick}>{ name }</button> }
    };
    let on_save = {
        let saving = saving.setter();
        Callback::from(move |_: MouseEvent| saving.set(true))
    };
    let map = page.state.map.as_ref().filter(|map| map.id == id);
    html! {
        <section class="transfer" aria-label="Transfer">
            <div class="transfer-head">
                <div class="titles">
                    <h2><bdi>{ transfer.title() }</bdi></h2>
                    { state(transfer) }
                    <span class="quiet">{ story(transfer, &page.clock()) }</span>
                </div>
                <span class="gap"></span>
                if transfer.chunks > 0 {
                    <div class="choice" role="group" aria-label="Form">{ choose(false, "Map") }{ choose(true, "Table") }</div>
                }
                if transfer.can_be_saved() {
                    <button type="button" class="button" disabled={*saving} onclick={on_save}>
                        { small_icon(Icon::Save) }{ if transfer.outcome == Outcome::Complete { "Save" } else { "Save what arrived" } }
                    </button>
                }
            </div>
            if let Some(map) = map {
                <Chart page={page.clone()} transfer={transfer.clone()} map={Rc::clone(map)} {blob} table={*table}
                    on_ask={props.on_ask.reform(move |()| id)} />
            }
        </section>
    }
}

/// Who, when, through what, how fast.
fn story(transfer: &Transfer, clock: &Clock) -> String {
    let name = |account: &str| if account.is_empty() { "somebody".to_owned() } else { account.to_owned() };
    let mut parts = vec![format!("{}, {} to {}", transfer.kind, name(&transfer.from), name(&transfer.to))];
    if let Some((from, to)) = transfer.span {
        parts.push(clock.span(from, to));
    }
    if !transfer.carriers.is_empty() {
        parts.push(format!("by {}", transfer.carriers.join(", then ")));
    }
    if let Some(rate) = transfer.throughput {
        parts.push(format!("{}/s", size(rate)));
    }
    if transfer.unplaced > 0 {
        parts.push(format!("{} whose place is not known", counted(transfer.unplaced.into(), "packet", "packets")));
    }
    parts.join(", ")
}

#[derive(Properties, PartialEq)]
struct ChartProps {
    page: Page,
    transfer: Transfer,
    map: Rc<Map>,
    blob: Option<wasm_bindgen::JsValue>,
    /// The table instead of the pictures.
    table: bool,
    on_ask: Callback<()>,
}

/// Map, chart, replay and all that stands beside them.
#[component]
fn Chart(props: &ChartProps) -> Html {
    let (page, map) = (&props.page, &props.map);
    let palette = use_palette(page.state.paint());
    let selected = page.state.selection.map(|selection| selection.pdu);
    // Whoever comes with one of its packets selected finds the cursor there.
    let cursor = use_state_eq(|| selected.and_then(|pdu| map.place_of(pdu)).unwrap_or(0));
    let filter = use_state_eq(|| None::<Mark>);
    let chosen = use_state_eq(|| None::<u32>);
    let replay = use_replay(map);
    let on_cursor = {
        let cursor = cursor.setter();
        Callback::from(move |offset: u64| cursor.set(offset))
    };
    let on_move = {
        let (map, cursor, chosen) = (Rc::clone(map), cursor.setter(), chosen.setter());
        Callback::from(move |number: u32| {
            cursor.set(map.arrival(number).map_or(0, |arrival| arrival.offset));
            chosen.set(Some(number));
        })
    };
    let on_arrival = {
        let (act, map, on_move) = (page.act.clone(), Rc::clone(map), on_move.clone());
        Callback::from(move |number: u32| {
            let Some(arrival) = map.arrival(number) else { return };
            on_move.emit(number);
            let (source, start, end) = arrival.bytes;
            act.emit(Action::Select(arrival.pdu, Some(Range { source, start, end })));
        })
    };
    let on_open = {
        let (map, on_arrival, cursor) = (Rc::clone(map), on_arrival.clone(), cursor.setter());
        Callback::from(move |offset: u64| {
            if let Some(number) = map.arrivals_at(offset).first() {
                on_arrival.emit(*number);
                cursor.set(offset);
            }
        })
    };
    let on_key = {
        let (replay, on_open, offset) = (replay.clone(), on_open.clone(), *cursor);
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                " " => replay.on_play.emit(()),
                "<" => replay.on_speed.emit(replay.speed.moved(-1)),
                ">" => replay.on_speed.emit(replay.speed.moved(1)),
                "Home" => replay.on_until.emit(-1.0),
                "End" => replay.on_until.emit(f64::INFINITY),
                "b" | "B" => {
                    on_open.emit(offset);
                    Timeout::new(SETTLED, || focus(".inspector .hex")).forget();
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let on_command = page.act.reform(|pdu| Action::Select(pdu, None));
    let on_inspect = Callback::from(|()| focus(".inspector .rows"));
    let awaited = map.awaited(replay.until);
    let until = replay.until;
    html! {
        <>
            if props.table && !map.arrivals.is_empty() {
                <ArrivalTable map={Rc::clone(map)} {selected} on_arrival={on_arrival.clone()} {on_inspect} />
            } else {
                <div class="transfer-body" tabindex="0" role="region" aria-label="Map">
                    if !map.arrivals.is_empty() {
                        <div class="maps">
                            <ChunkMap map={Rc::clone(map)} {until} cursor={*cursor} filter={*filter} palette={Rc::clone(&palette)}
                                on_cursor={on_cursor.clone()} {on_open} on_key={on_key.clone()} />
                            <ChunkLegend map={Rc::clone(map)} {awaited} filter={*filter}
                                on_filter={let filter = filter.setter(); Callback::from(move |wish| filter.set(wish))} />
                            <ArrivalChart map={Rc::clone(map)} {until} cursor={*cursor} chosen={*chosen} palette={Rc::clone(&palette)}
                                {on_move} on_arrival={on_arrival.clone()} {on_key} />
                        </div>
                    }
                    <div class="beside-map">
                        <ObjectPreview transfer={props.transfer.clone()} map={Rc::clone(map)} {until} cursor={*cursor} blob={props.blob.clone()} on_ask={props.on_ask.clone()} />
                        if !map.arrivals.is_empty() {
                            <ChunkCard map={Rc::clone(map)} cursor={*cursor} {until} {selected} on_cursor={on_cursor.clone()} on_arrival={on_arrival.clone()} {on_command} />
                            <WhereIs map={Rc::clone(map)} {on_cursor} {on_arrival} />
                            if props.transfer.kept { <section class="checks" aria-label="Hashes">{ verdict(&props.transfer) }</section> }
                        } else if props.transfer.chunks == 0 {
                            <p class="quiet">{ empty(&props.transfer) }</p>
                        }
                        { steps(page, map) }
                    </div>
                </div>
            }
            if map.arrivals.len() > 1 && !props.table {
                <ReplayBar map={Rc::clone(map)} {until} playing={replay.playing} speed={replay.speed} still={replay.still} {palette}
                    on_until={replay.on_until} on_play={replay.on_play} on_speed={replay.on_speed} />
            }
        </>
    }
}

/// Why there is no map.
fn empty(transfer: &Transfer) -> &'static str {
    match transfer.outcome {
        Outcome::Complete if transfer.kept => "It has no bytes: there is nothing to map.",
        Outcome::Complete | Outcome::Incomplete if !transfer.kept => {
            "It goes on for a while and is not an object: there are no bytes to map."
        }
        Outcome::Declined => "It was declined: none of its bytes were sent.",
        Outcome::Offered => "Nobody answered the offer: none of its bytes were sent.",
        Outcome::Cancelled => "It was given up before any of its bytes came.",
        Outcome::Complete | Outcome::Incomplete => "None of its bytes are in this capture.",
    }
}

/// What was agreed and done, each with its packet.
fn steps(page: &Page, map: &Map) -> Html {
    let step = |step: &crate::protocol::story::Happening| {
        html! { <li><span class="mono quiet">{ page.clock().second(step.proof.time) }</span><span>{ &step.text }</span>{ packet(page, &step.proof) }</li> }
    };
    html! {
        <section class="agreed">
            <h3>{"What was agreed and done"}</h3>
            if map.steps.is_empty() { <p class="quiet">{"The invitation is not in this capture."}</p> }
            <ol>{ for map.steps.iter().take(40).map(step) }</ol>
            if map.steps.len() > 40 { <p class="quiet">{ format!("and {} more", count(map.steps.len() as u64 - 40)) }</p> }
        </section>
    }
}

/// A replay, and how to steer it.
#[derive(Clone, PartialEq)]
struct Replay {
    /// Seconds up to which it has come.
    until: f64,
    playing: bool,
    speed: Speed,
    /// Moving pictures are not wanted.
    still: bool,
    on_until: Callback<f64>,
    on_play: Callback<()>,
    on_speed: Callback<Speed>,
}

#[hook]
fn use_replay(map: &Rc<Map>) -> Replay {
    let until = use_state_eq(|| f64::INFINITY);
    let playing = use_state_eq(|| false);
    let speed = use_state_eq(Speed::default);
    let still = *use_memo((), |()| {
        let query = gloo::utils::window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
        query.is_some_and(|query| query.matches())
    });
    // What the timer moves on from: it outlives the drawing that started it.
    let latest = use_mut_ref(|| f64::INFINITY);
    *latest.borrow_mut() = *until;
    {
        let (until, stop, latest, map) = (until.setter(), playing.setter(), Rc::clone(&latest), Rc::clone(map));
        use_effect_with((*playing, *speed, map.id), move |(playing, speed, _)| {
            let rate = speed.rate(map.duration);
            let timer = playing.then(|| {
                Interval::new(FRAME, move || {
                    let next = *latest.borrow() + f64::from(FRAME) / 1000.0 * rate;
                    let over = next >= map.duration;
                    let next = if over { f64::INFINITY } else { next };
                    *latest.borrow_mut() = next;
                    until.set(next);
                    if over {
                        stop.set(false);
                    }
                })
            });
            move || drop(timer)
        });
    }
    let on_until = {
        let (until, playing) = (until.setter(), playing.setter());
        Callback::from(move |time: f64| {
            playing.set(false);
            until.set(time);
        })
    };
    let on_play = {
        let (until, playing, map) = (until.clone(), playing.clone(), Rc::clone(map));
        Callback::from(move |()| {
            let over = *until >= map.duration;
            if still {
                let next = map.time_of(if over { 0 } else { map.come(*until) });
                until.set(if next >= map.duration { f64::INFINITY } else { next });
            } else {
                if over && !*playing {
                    until.set(-f64::MIN_POSITIVE);
                }
                playing.set(!*playing);
            }
        })
    };
    let on_speed = {
        let speed = speed.setter();
        Callback::from(move |wish| speed.set(wish))
    };
    Replay { until: *until, playing: *playing, speed: *speed, still, on_until, on_play, on_speed }
}
