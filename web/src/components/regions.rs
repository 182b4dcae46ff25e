//! From one region of the page to the next by key, as programs on a desk do.

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, NodeList};

/// The regions, in the order in which they are read: where each is, and what in it gets the focus, the best first.
const REGIONS: [(&str, &[&str]); 8] = [
    (".top", &["button"]),
    (".rail", &["[aria-current]", "button"]),
    (".strip", &[".strip-area"]),
    (".seek-bar", &["input"]),
    (".filter-bar", &["input", "button"]),
    (".split > .pane:first-child", &[".rows", "[tabindex=\"0\"]", "button"]),
    (".inspector", &[".rows", "button"]),
    (".bytes", &[".rows"]),
];

/// Gives the focus to the next region that is there, or to the one before.
pub fn turn(back: bool) {
    let here = document().active_element().and_then(|active| position(&active));
    let count = REGIONS.len();
    let step = if back { count - 1 } else { 1 };
    let first = match here {
        Some(here) => here + step,
        None if back => count - 1,
        None => 0,
    };
    for nth in 0..count {
        if enter((first + nth * step) % count) {
            return;
        }
    }
}

/// The region that an element is in; of two, one in the other, the inner one.
fn position(element: &Element) -> Option<usize> {
    let around = |at: usize| element.closest(REGIONS.get(at)?.0).ok().flatten();
    (0..REGIONS.len())
        .filter_map(|at| Some((at, around(at)?)))
        .reduce(|one, other| if one.1.contains(Some(&other.1)) { other } else { one })
        .map(|(at, _)| at)
}

fn enter(at: usize) -> bool {
    let Some((region, targets)) = REGIONS.get(at) else { return false };
    let Ok(Some(region)) = document().query_selector(region) else { return false };
    targets.iter().any(|target| region.query_selector_all(target).is_ok_and(|found| focus_first(&found)))
}

/// Gives the focus to the first element that can have it.
fn focus_first(elements: &NodeList) -> bool {
    let elements = (0..elements.length()).filter_map(|at| elements.get(at)?.dyn_into::<HtmlElement>().ok());
    for element in elements.filter(|element| element.offset_width() > 0) {
        let _ = element.focus();
        if document().active_element().is_some_and(|active| active.is_same_node(Some(&element))) {
            return true;
        }
    }
    false
}
