//! The line between list and inspector: moved by pointer or arrow keys, put back by a double click, remembered.

use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

use crate::hooks::drag::{Drag, use_drag};

/// Percent of the inspector that a key moves.
const STEP: i32 = 2;
/// Percent of the inspector: the least, the usual, the most.
const WIDTHS: (i32, i32, i32) = (20, 42, 75);

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Percent of the inspector; 0 for the usual.
    pub split: u16,
    pub on_split: Callback<u16>,
}

/// The line.
#[component]
pub fn Splitter(props: &Props) -> Html {
    let line = use_node_ref();
    let now = if props.split == 0 { WIDTHS.1 } else { i32::from(props.split) };
    let set = {
        let on_split = props.on_split.clone();
        move |percent: i32| on_split.emit(u16::try_from(percent.clamp(WIDTHS.0, WIDTHS.2)).unwrap_or(0))
    };
    let on_pointer = {
        let (split, set) = (line.clone(), set.clone());
        Callback::from(move |drag| {
            let Drag::Held(from, to) = drag else { return };
            let split = split.cast::<HtmlElement>().and_then(|line| line.closest(".split").ok()?);
            if let Some(split) = split.filter(|_| (to - from).abs() > 0.5) {
                let place = split.get_bounding_client_rect();
                let share = (place.right() - to) / place.width().max(1.0);
                #[allow(clippy::cast_possible_truncation)] // a percentage
                set((share * 100.0).round() as i32);
            }
        })
    };
    let on_pointer = use_drag(&line, on_pointer);
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowLeft" => STEP,
            "ArrowRight" => -STEP,
            _ => return,
        };
        event.prevent_default();
        set(now + by);
    });
    let ondblclick = props.on_split.reform(|_| 0);
    html! {
        <div class="splitter" ref={line} role="separator" aria-orientation="vertical" aria-label="Width of the inspector" tabindex="0"
            aria-valuemin={WIDTHS.0.to_string()} aria-valuemax={WIDTHS.2.to_string()} aria-valuenow={now.to_string()}
            onpointerdown={&on_pointer} onpointermove={&on_pointer} onpointerup={&on_pointer} onpointercancel={&on_pointer} {onkeydown} {ondblclick}></div>
    }
}
