//! Dragging: a pointer goes down on an element, moves wherever it likes, and is let go.

use std::rc::Rc;

use web_sys::{Element, PointerEvent};
use yew::prelude::*;

/// From where to where a pointer has come, in pixels across the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Drag {
    /// It is held.
    Held(f64, f64),
    /// It was let go.
    Done(f64, f64),
    /// The browser took it away.
    GivenUp,
}

/// Follows a pointer that goes down on the element. What is returned listens to `pointerdown`, `pointermove`, `pointerup` and
/// `pointercancel`.
#[hook]
pub fn use_drag(node: &NodeRef, told: Callback<Drag>) -> Callback<PointerEvent> {
    let held = use_mut_ref(|| None::<f64>);
    let (node, held) = (node.clone(), Rc::clone(&held));
    Callback::from(move |event: PointerEvent| {
        let to = f64::from(event.client_x());
        let kind = event.type_();
        if kind == "pointerdown" {
            let captured = node.cast::<Element>().map(|node| node.set_pointer_capture(event.pointer_id()));
            *held.borrow_mut() = (matches!(captured, Some(Ok(()))) && event.button() == 0).then_some(to);
        }
        let Some(from) = *held.borrow() else { return };
        if matches!(kind.as_str(), "pointerdown" | "pointermove") {
            return told.emit(Drag::Held(from, to));
        }
        *held.borrow_mut() = None;
        told.emit(if kind == "pointerup" { Drag::Done(from, to) } else { Drag::GivenUp });
    })
}
