//! The chunk at the cursor, and the way to another one by its offset or its packet.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::protocol::transfers::Arrival;
use crate::scene::chunks::{Found, Map, Marks, find};
use crate::wording::{count, counted, delay};

/// Copies of a chunk that are listed.
const COPIES: usize = 6;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub map: Rc<Map>,
    /// The byte at the cursor.
    pub cursor: u64,
    /// Seconds up to which the replay has come.
    pub until: f64,
    /// The selected command.
    pub selected: Option<u32>,
    pub on_cursor: Callback<u64>,
    /// This arrival's command is to be selected.
    pub on_arrival: Callback<u32>,
    /// This command is to be selected.
    pub on_command: Callback<u32>,
}

/// The card.
#[component]
pub fn ChunkCard(props: &Props) -> Html {
    let map = &props.map;
    let copies = use_memo((Rc::clone(map), props.cursor), |(map, cursor)| map.arrivals_at(*cursor));
    let first = copies.first().and_then(|number| map.arrival(*number));
    html! {
        <section class="chunk-card" aria-labelledby="chunk-title">
            if let Some(first) = first {
                { chunk(props, first, &copies) }
            } else if let Some((from, to)) = map.gap_at(props.cursor) {
                <h3 id="chunk-title">{"These bytes are missing"}</h3>
                <dl>
                    <dt>{"From"}</dt><dd class="mono">{ count(from) }</dd>
                    <dt>{"Length"}</dt><dd class="mono">{ counted(to - from, "byte", "bytes") }</dd>
                </dl>
                <p class="quiet">{"No packet in this capture carries them: they were never sent, or never captured."}</p>
            } else {
                <h3 id="chunk-title">{"No bytes"}</h3>
            }
        </section>
    }
}

fn chunk(props: &Props, first: &Arrival, copies: &[u32]) -> Html {
    let map = &props.map;
    let differ = copies.iter().filter_map(|number| map.arrival(*number)).any(|copy| copy.is(Arrival::DIFFERENT));
    let bytes = format!("Bytes {}–{}", count(first.offset), count(first.end().saturating_sub(1)));
    let title = match (copies.len(), differ) {
        (1, _) => bytes,
        (many, false) => format!("{bytes}: {} copies", count(many as u64)),
        (many, true) => format!("{bytes}: {} copies that differ", count(many as u64)),
    };
    let copy = |(place, number): (usize, &u32)| {
        let arrival = map.arrival(*number)?;
        let number = *number;
        let chosen = props.selected == Some(arrival.pdu);
        let onclick = props.on_arrival.reform(move |_: MouseEvent| number);
        Some(html! { <>
            <dt>{ if place == 0 { "First" } else { "Again" } }</dt>
            <dd>
                <button type="button" class="link" aria-pressed={chosen.to_string()} {onclick}>{ format!("packet {}", count(arrival.frame)) }</button>
                { format!(", +{}", delay(arrival.time)) }
                if arrival.is(Arrival::DIFFERENT) { <b class="differs">{" other bytes"}</b> }
            </dd>
        </> })
    };
    let carrier = map.carriers.get(usize::from(first.carrier));
    let acknowledged = first.acknowledged_by;
    let words = Marks::of(first).words();
    html! {
        <>
            <h3 id="chunk-title">{ title }</h3>
            <dl>
                <dt>{"Offset"}</dt><dd class="mono">{ count(first.offset) }</dd>
                <dt>{"Length"}</dt><dd class="mono">{ counted(first.length.into(), "byte", "bytes") }</dd>
                { for copies.iter().take(COPIES).enumerate().filter_map(copy) }
                if let Some(carrier) = carrier {
                    <dt>{"Through"}</dt><dd>{ &carrier.name }{" "}<span class="mono">{ &carrier.address }</span></dd>
                }
                <dt>{"Receipt"}</dt>
                <dd>
                    if acknowledged > 0 {
                        <button type="button" class="link" onclick={props.on_command.reform(move |_: MouseEvent| acknowledged)}>{ format!("command {}", count(acknowledged.into())) }</button>
                    } else if first.is(Arrival::ASKS) {
                        {"none in this capture"}
                    } else {
                        {"none asked for"}
                    }
                </dd>
            </dl>
            if first.time > props.until { <p class="quiet">{"Not yet arrived at the time shown."}</p> }
            if !words.is_empty() { <p class="quiet">{ crate::wording::capitalised(&words) }{"."}</p> }
            if differ { <p class="quiet">{"The first copy is kept and shown."}</p> }
        </>
    }
}

/// Which bytes arrivals bring, as a sentence; of very many the first ones.
fn bytes_of(map: &Map, arrivals: &[u32]) -> String {
    const NAMED: usize = 8;
    let named = arrivals.iter().take(NAMED).filter_map(|number| map.arrival(*number));
    let named = named.map(|arrival| format!("{} to {}", count(arrival.offset), count(arrival.end().saturating_sub(1))));
    let more = match arrivals.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and those of {}", counted(more as u64, "more chunk", "more chunks")),
    };
    format!("Bytes {}{more}.", named.collect::<Vec<_>>().join(", "))
}

#[derive(Properties, PartialEq)]
pub struct WhereProps {
    pub map: Rc<Map>,
    pub on_cursor: Callback<u64>,
    /// This arrival's command is to be selected.
    pub on_arrival: Callback<u32>,
}

/// "Where is…": an offset or a packet.
#[component]
pub fn WhereIs(props: &WhereProps) -> Html {
    let input = use_node_ref();
    let answer = use_state_eq(String::new);
    let onsubmit = {
        let (input, answer, map) = (input.clone(), answer.setter(), Rc::clone(&props.map));
        let (on_cursor, on_arrival) = (props.on_cursor.clone(), props.on_arrival.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let wish = input.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            match find(&map, &wish) {
                Ok(Found::Byte(offset)) => {
                    on_cursor.emit(offset);
                    let packet = map.arrivals_at(offset).first().and_then(|number| map.arrival(*number));
                    answer.set(match packet {
                        Some(arrival) => format!(
                            "In packet {}, {} behind the first of its chunk.",
                            count(arrival.frame),
                            counted(offset.saturating_sub(arrival.offset), "byte", "bytes")
                        ),
                        None => "That byte is missing.".to_owned(),
                    });
                }
                Ok(Found::Arrivals(completed)) => {
                    if let Some(first) = completed.first() {
                        on_arrival.emit(*first);
                    }
                    answer.set(bytes_of(&map, &completed));
                }
                Err(sentence) => answer.set(sentence),
            }
        })
    };
    html! {
        <form class="where" {onsubmit}>
            <label for="where">{"Where is…"}</label>
            <div>
                <input id="where" ref={input} type="text" class="mono" autocomplete="off" spellcheck="false" placeholder="offset or #packet" />
                <button type="submit" class="button">{"Go"}</button>
            </div>
            <p role="status">{ &*answer }</p>
        </form>
    }
}
