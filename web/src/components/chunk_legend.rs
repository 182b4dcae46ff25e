//! What the marks of a chunk map mean, how many there are, and a filter for each.

use std::rc::Rc;

use yew::prelude::*;

use crate::scene::chunks::words::amount;
use crate::scene::chunks::{Map, Mark};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub map: Rc<Map>,
    /// Chunks that have not come yet at the time that is shown.
    pub awaited: usize,
    pub filter: Option<Mark>,
    pub on_filter: Callback<Option<Mark>>,
}

/// In the order in which the picture explains itself.
const ORDER: [Mark; 6] =
    [Mark::Missing, Mark::Twice, Mark::Unchecked, Mark::Different, Mark::OutOfOrder, Mark::Unacknowledged];

/// The legend.
#[component]
pub fn ChunkLegend(props: &Props) -> Html {
    let counts = use_memo(Rc::clone(&props.map), |map| ORDER.map(|mark| (mark, map.count(mark), amount(map, mark))));
    let entry = |(mark, count, amount): &(Mark, usize, String)| {
        let (mark, chosen) = (*mark, props.filter == Some(*mark));
        let wish = if chosen { None } else { Some(mark) };
        let onclick = props.on_filter.reform(move |_: MouseEvent| wish);
        html! { <li key={mark.title()}>
            <button type="button" class="legend-entry" aria-pressed={chosen.to_string()} disabled={*count == 0} {onclick}>
                { figure(Some(mark)) }{ mark.title() }{" "}<b>{ amount }</b>
            </button>
        </li> }
    };
    // Where nothing at all is acknowledged the map says so once, and no cell does.
    let receipts = props.map.has_receipts();
    let is_drawn = |(mark, ..): &&(Mark, usize, String)| *mark != Mark::Unacknowledged || receipts;
    html! {
        <ul class="chunk-legend" aria-label="Show only">
            // What is not compared yet is soon: nobody has to learn a word for none of them.
            { for counts.iter().filter(|(mark, count, _)| *mark != Mark::Unchecked || *count > 0).filter(is_drawn).map(entry) }
            if props.awaited > 0 {
                <li><span class="legend-entry">{ figure(None) }{"not yet arrived "}<b>{ crate::wording::count(props.awaited as u64) }</b></span></li>
            }
        </ul>
    }
}

/// A cell with its mark; without one, a cell that waits.
fn figure(mark: Option<Mark>) -> Html {
    let (class, paths) = match mark {
        Some(Mark::Missing) => ("missing", "M0 8 8 0M0 18 18 0M8 18 18 8"),
        Some(Mark::Twice) => ("full", "M4.500 4.500h6v6h-6zM7.500 7.500h6v6h-6z"),
        Some(Mark::Unchecked) => ("full dashed", "M4.500 4.500h6v6h-6zM7.500 7.500h6v6h-6z"),
        Some(Mark::Different) => ("full", "M4 7h10M4 11h10M6 14.500l6-11"),
        Some(Mark::OutOfOrder) => ("full corner", "M10 0h8v8z"),
        Some(Mark::Unacknowledged) => ("full foot", "M3 14.500h12"),
        None => ("awaited", ""),
    };
    html! {
        <svg class={classes!("figure", class)} viewBox="0 0 18 18" aria-hidden="true">
            <rect x=".500" y=".500" width="17" height="17" rx="2" />
            <path d={paths} />
        </svg>
    }
}
