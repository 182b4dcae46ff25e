//! The tree of fields.

use std::collections::BTreeSet;
use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::icons::{Icon, small_icon};
use super::signs::{field_class, sign};
use super::virtual_rows::VirtualRows;
use crate::hooks::size::is_narrow;
use crate::protocol::{Detail, Severity};
use crate::scene::extent::{BEYOND, Extent};
use crate::scene::ladder::Measure;
use crate::scene::tree::{Fold, Line, colours, lines, parent};

/// Pixels of a row; the stylesheet says the same.
const ROW: f64 = 22.0;
/// Pixels of a row where fingers tap.
const TOUCH_ROW: f64 = 32.0;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub detail: Rc<Detail>,
    pub selected: Option<usize>,
    pub hovered: Option<usize>,
    pub on_item: Callback<Option<usize>>,
    pub on_hover: Callback<Option<usize>>,
}

/// The tree.
#[component]
pub fn FieldTree(props: &Props) -> Html {
    let closed = use_state(BTreeSet::<usize>::new);
    let visible = use_state(|| (0_u32, 2 * BEYOND));
    let width = use_state(|| 600.0);
    let goal = use_state(|| None::<(u32, u32)>);
    let about = props.detail.about();
    {
        let closed = closed.setter();
        use_effect_with(about, move |_| closed.set(BTreeSet::new()));
    }
    let colours = use_memo(Rc::clone(&props.detail), |detail| colours(&detail.items));
    let shown =
        use_memo((Rc::clone(&props.detail), (*closed).clone()), |(detail, closed)| lines(&detail.items, closed));
    {
        let (goal, shown) = (goal.clone(), Rc::clone(&shown));
        use_effect_with((about, props.selected), move |(_, selected)| {
            let row = selected.and_then(|item| shown.iter().position(|line| line.item == item));
            if let Some(row) = row.and_then(|row| u32::try_from(row).ok()) {
                goal.set(Some((row, goal.map_or(0, |(_, wish)| wish.wrapping_add(1)))));
            }
        });
    }
    let size = use_context::<Measure>().unwrap_or_default().size;
    let row = if *width < 560.0 * size && is_narrow(size) { TOUCH_ROW } else { ROW } * size;
    let total = u32::try_from(shown.len()).unwrap_or(u32::MAX);
    let extent = use_memo((total, row), |(rows, row)| Extent { rows: *rows, row: *row, taller: Vec::new() });
    let fold = {
        let closed = closed.clone();
        Callback::from(move |item: usize| {
            let mut next = (*closed).clone();
            if !next.remove(&item) {
                next.insert(item);
            }
            closed.set(next);
        })
    };
    let first = visible.0.saturating_sub(BEYOND);
    let end = visible.0.saturating_add(visible.1).saturating_add(BEYOND).min(total);
    let exists = shown.get(first as usize..end as usize).unwrap_or_default();
    let rows: Html =
        exists.iter().map(|line| tree_row(props, *line, colours.get(line.item).copied().flatten(), &fold)).collect();
    let active = props.selected.map(|item| AttrValue::from(format!("field-{item}")));
    let on_key = {
        let (on_item, detail) = (props.on_item.clone(), Rc::clone(&props.detail));
        let (selected, shown) = (props.selected, Rc::clone(&shown));
        Callback::from(move |(event, _): (KeyboardEvent, u32)| {
            let at = selected.and_then(|item| shown.iter().position(|line| line.item == item));
            let Some(outcome) = key(&event.key(), &shown, at, &detail) else { return };
            event.prevent_default();
            match outcome {
                Outcome::Select(item) => on_item.emit(Some(item)),
                Outcome::Fold(item) => fold.emit(item),
                Outcome::Leave => leave(),
            }
        })
    };
    let on_visible = {
        let visible = visible.setter();
        Callback::from(move |seen| visible.set(seen))
    };
    let on_width = {
        let width = width.setter();
        Callback::from(move |pixels: f64| width.set(pixels))
    };
    html! {
        <VirtualRows label="Fields" role="tree" {extent} {first} {active} goal={*goal} {on_visible} {on_width} {on_key}>
            { rows }
        </VirtualRows>
    }
}

fn tree_row(props: &Props, line: Line, colour: Option<u8>, fold: &Callback<usize>) -> Html {
    let Some(item) = props.detail.items.get(line.item) else { return html! {} };
    let Some(field) = props.detail.fields.get(item.field as usize) else { return html! {} };
    let at = line.item;
    let selected = props.selected == Some(at);
    let classes = classes!(
        "row",
        selected.then_some("selected"),
        (props.hovered == Some(at)).then_some("hovered"),
        item.generated.then_some("generated")
    );
    let expanded = match line.fold {
        Fold::Leaf => None,
        Fold::Open => Some("true"),
        Fold::Closed => Some("false"),
    };
    let onfold = fold.reform(move |event: MouseEvent| {
        event.stop_propagation();
        at
    });
    let worst =
        props.detail.experts.iter().filter(|expert| expert.range == item.range && expert.severity > Severity::Chat);
    let worst = worst.map(|expert| expert.severity).max();
    let value = match (&item.value, item.group) {
        (value, false) => value.clone(),
        (_, true) => crate::wording::counted(item.range.len().into(), "byte", "bytes"),
    };
    html! {
        <div key={at} id={format!("field-{at}")} class={classes} role="treeitem" aria-level={(line.depth + 1).to_string()}
            aria-expanded={expanded} aria-selected={selected.to_string()}
            onclick={props.on_item.reform(move |_| Some(at))}
            onmouseenter={props.on_hover.reform(move |_| Some(at))} onmouseleave={props.on_hover.reform(|_| None)}>
            <span class="name-cell">
                <span class={classes!("indent", indent(line.depth))}></span>
                if line.fold == Fold::Leaf {
                    <span class={classes!("swatch", field_class(colour))}></span>
                } else {
                    <span class="twist" onclick={onfold}>
                        { small_icon(if line.fold == Fold::Open { Icon::Down } else { Icon::Right }) }
                    </span>
                }
                <span class="name">{ &field.title }</span>
                if let Some(severity) = worst { { sign(severity) } }
            </span>
            <span class={classes!("value", item.hidden.then_some("hidden-secret"))}>
                if item.hidden { { small_icon(Icon::Lock) } }
                <bdi>{ value }</bdi>
            </span>
            <span class="means">
                if item.generated { {"not in the bytes"} }
                if let Some(means) = item.label.as_deref().or(item.remark.as_deref()) {
                    if item.generated { {" · "} }
                    <bdi>{ means }</bdi>
                }
            </span>
        </div>
    }
}

const fn indent(depth: u8) -> &'static str {
    match depth {
        0 => "d0",
        1 => "d1",
        2 => "d2",
        3 => "d3",
        4 => "d4",
        5 => "d5",
        _ => "d6",
    }
}

/// What a key does to the tree.
enum Outcome {
    Select(usize),
    Fold(usize),
    Leave,
}

fn key(key: &str, shown: &[Line], at: Option<usize>, detail: &Detail) -> Option<Outcome> {
    let select = |row: usize| shown.get(row).map(|line| Outcome::Select(line.item));
    let current = at.and_then(|row| shown.get(row)).copied();
    match (key, at) {
        ("ArrowDown", None) | ("Home", _) => select(0),
        ("ArrowDown", Some(row)) => select(row + 1),
        ("ArrowUp", Some(row)) => select(row.checked_sub(1)?),
        ("End", _) => select(shown.len().checked_sub(1)?),
        ("ArrowRight", Some(row)) => match current?.fold {
            Fold::Closed => Some(Outcome::Fold(current?.item)),
            Fold::Open => select(row + 1),
            Fold::Leaf => None,
        },
        ("ArrowLeft", Some(_)) => match current?.fold {
            Fold::Open => Some(Outcome::Fold(current?.item)),
            _ => parent(&detail.items, current?.item).map(Outcome::Select),
        },
        ("Backspace", _) => Some(Outcome::Leave),
        _ => None,
    }
}

/// Back to the list.
fn leave() {
    focus(".split > .pane:first-child .rows");
}

/// Gives the focus to the first element that a selector finds.
pub fn focus(selector: &str) {
    use wasm_bindgen::JsCast;
    let found = gloo::utils::document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Presses the first button that a selector finds, with the focus on it.
pub fn press(selector: &str) {
    use wasm_bindgen::JsCast;
    focus(selector);
    let found = gloo::utils::document().active_element();
    if let Some(button) = found.and_then(|found| found.dyn_into::<web_sys::HtmlButtonElement>().ok()) {
        button.click();
    }
}
