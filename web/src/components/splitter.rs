//! The line between list and inspector: moved by pointer or arrow keys, put back by a double click, remembered.

use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

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
    let moving = use_mut_ref(|| false);
    let now = if props.split == 0 { WIDTHS.1 } else { i32::from(props.split) };
    let set = {
        let on_split = props.on_split.clone();
        move |percent: i32| on_split.emit(u16::try_from(percent.clamp(WIDTHS.0, WIDTHS.2)).unwrap_or(0))
    };
    let onpointerdown = {
        let (line, moving) = (line.clone(), moving.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(element) = line.cast::<Element>() {
                *moving.borrow_mut() = element.set_pointer_capture(event.pointer_id()).is_ok();
            }
            event.prevent_default();
        })
    };
    let onpointermove = {
        let (line, moving, set) = (line.clone(), moving.clone(), set.clone());
        Callback::from(move |event: PointerEvent| {
            let split = line.cast::<HtmlElement>().and_then(|line| line.closest(".split").ok()?);
            if let Some(split) = split.filter(|_| *moving.borrow()) {
                let place = split.get_bounding_client_rect();
                let share = (place.right() - f64::from(event.client_x())) / place.width().max(1.0);
                #[allow(clippy::cast_possible_truncation)] // a percentage
                set((share * 100.0).round() as i32);
            }
        })
    };
    let onpointerup = Callback::from(move |_: PointerEvent| *moving.borrow_mut() = false);
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
            {onpointerdown} {onpointermove} {onpointerup} {onkeydown} {ondblclick}></div>
    }
}
