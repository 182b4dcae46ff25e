//! A list of any length: only the rows around the visible ones exist.
//!
//! The rows that exist lie in one slab; scrolling moves the slab and asks for other rows.

use std::rc::Rc;

use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::hooks::size::{expected_width, is_narrow, use_size};
use crate::hooks::style;
use crate::scene::extent::Extent;
use crate::scene::ladder::Measure;

/// Pixels of a table's row; where the page is narrow, fingers tap. The stylesheet says the same.
fn row_height(measure: Measure) -> f64 {
    if is_narrow(measure.size) { measure.touch() } else { measure.row }
}

/// How tall a table of rows of one height is, and what wants to be told how wide it is.
#[hook]
pub fn use_table_extent(rows: u32, measure: Measure) -> (Rc<Extent>, Callback<f64>) {
    use_extent(rows, row_height(measure))
}

/// The same for rows with so many pixels for further lines: where the page is wide, and where it is narrow.
#[hook]
pub fn use_taller_extent(rows: u32, measure: Measure, further: (f64, f64)) -> (Rc<Extent>, Callback<f64>) {
    let further = if is_narrow(measure.size) { further.1 } else { further.0 };
    use_extent(rows, further.mul_add(measure.text, row_height(measure)))
}

/// For rows of a height.
#[hook]
fn use_extent(rows: u32, row: f64) -> (Rc<Extent>, Callback<f64>) {
    // Another width may be that of another page: the table is drawn anew.
    let width = use_state_eq(expected_width).setter();
    let on_width = Callback::from(move |pixels: f64| width.set(pixels));
    let extent = use_memo((rows, row), |(rows, row)| Extent { rows: *rows, row: *row, taller: Vec::new() });
    (extent, on_width)
}

#[derive(Properties, PartialEq)]
pub struct Props {
    /// What the list is called.
    pub label: AttrValue,
    /// Its role: `grid` or `tree`.
    pub role: AttrValue,
    #[prop_or_default]
    pub class: Classes,
    /// A row that stays at the top: the heads of the columns.
    #[prop_or_default]
    pub head: Option<Html>,
    /// What is drawn under the rows.
    #[prop_or_default]
    pub under: Html,
    /// Pixels at the top that something else covers.
    #[prop_or_default]
    pub covered: f64,
    /// How tall everything is.
    pub extent: Rc<Extent>,
    /// Index of the first row in the slab.
    pub first: u32,
    /// Id of the selected row, if it is in the slab.
    #[prop_or_default]
    pub active: Option<AttrValue>,
    /// The selected row: where the list becomes smaller it stays in sight.
    #[prop_or_default]
    pub kept: Option<u32>,
    /// Row to bring into view; the number tells one wish from the next.
    #[prop_or_default]
    pub goal: Option<(u32, u32)>,
    /// Told which rows are visible: first, count.
    pub on_visible: Callback<(u32, u32)>,
    /// Told how wide the list is.
    #[prop_or_default]
    pub on_width: Callback<f64>,
    /// Keys pressed while the list has the focus, with the rows a page has.
    #[prop_or_default]
    pub on_key: Callback<(KeyboardEvent, u32)>,
    /// The rows.
    pub children: Html,
}

/// Where the list takes from how far it is scrolled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// From the browser, which has to lay the page out for it unless it has just done so.
    Now,
    /// From what the browser said last: rows that came do not change it.
    Remembered,
}

/// The id of a list's row.
pub fn row_id(index: u32) -> String {
    format!("row-{index}")
}

/// The list.
#[component]
pub fn VirtualRows(props: &Props) -> Html {
    let scroller = use_node_ref();
    let head = use_node_ref();
    let spacer = use_node_ref();
    let slab = use_node_ref();
    let told = use_mut_ref(|| (u32::MAX, 0));
    let across = use_mut_ref(|| 0);
    // How far it is scrolled, and how tall what is seen is: as the browser said last.
    let seen = use_mut_ref(|| None::<(f64, f64)>);

    let settle = {
        let (scroller, slab, told) = (scroller.clone(), slab.clone(), Rc::clone(&told));
        let (across, seen) = (Rc::clone(&across), Rc::clone(&seen));
        let (extent, first, on_visible) = (Rc::clone(&props.extent), props.first, props.on_visible.clone());
        move |look: Look| {
            if look == Look::Now {
                let of = |element: Element| (f64::from(element.scroll_top()), f64::from(element.client_height()));
                let element = scroller.cast::<Element>();
                if let Some(left) = element.as_ref().map(Element::scroll_left).filter(|left| *left != *across.borrow())
                {
                    *across.borrow_mut() = left;
                    // Heads that stand over the list follow it.
                    style::set_around(&scroller, ".table", "--across", &format!("{}px", -left));
                }
                *seen.borrow_mut() = element.map(of);
            }
            let Some((scrolled, height)) = *seen.borrow() else { return };
            let (_, scale) = extent.scroll();
            let visible = extent.visible(scrolled * scale, height);
            let top = scrolled + extent.top(first) - scrolled * scale;
            style::set(&slab, "transform", &format!("translateY({top}px)"));
            let seen = (visible.start, visible.end - visible.start);
            if *told.borrow() != seen {
                *told.borrow_mut() = seen;
                on_visible.emit(seen);
            }
        }
    };

    let bring = {
        let (scroller, head, extent, settle) =
            (scroller.clone(), head.clone(), Rc::clone(&props.extent), settle.clone());
        let covered = props.covered;
        move |row: u32| {
            if let Some(element) = scroller.cast::<Element>() {
                let above = head.cast::<Element>().map_or(covered, |head| f64::from(head.client_height()));
                bring(&element, &extent, row, above);
                settle(Look::Now);
            }
        }
    };
    // Where the list becomes smaller or its rows taller, the selected row stays in sight if it was.
    let keep = {
        let (kept, bring) = (props.kept, bring.clone());
        move |extent: &Extent, before: Option<(f64, f64)>| {
            let was = |row: &u32| before.is_some_and(|(scrolled, height)| extent.shows(*row, scrolled, height));
            if let Some(row) = kept.filter(was) {
                bring(row);
            }
        }
    };
    {
        let (spacer, settle, keep, seen) = (spacer.clone(), settle.clone(), keep.clone(), Rc::clone(&seen));
        let laid = use_mut_ref(|| None::<Rc<Extent>>);
        use_effect_with((Rc::clone(&props.extent), props.first), move |(extent, _)| {
            style::set(&spacer, "height", &format!("{}px", extent.scroll().0));
            settle(Look::Remembered);
            let before = laid.replace(Some(Rc::clone(extent)));
            if let Some(before) = before.filter(|before| before.row != extent.row) {
                let seen = *seen.borrow();
                keep(&before, seen);
            }
        });
    }
    use_effect_with(props.goal, move |goal| goal.iter().for_each(|(row, _)| bring(*row)));
    // The observer lives as long as the list; it calls whatever settles now.
    let latest = use_mut_ref(|| None::<Callback<()>>);
    *latest.borrow_mut() = Some(Callback::from({
        let (settle, extent) = (settle.clone(), Rc::clone(&props.extent));
        move |()| {
            let before = *seen.borrow();
            settle(Look::Now);
            keep(&extent, before);
        }
    }));
    let on_width = props.on_width.clone();
    use_size(
        scroller.clone(),
        Callback::from(move |width| {
            on_width.emit(width);
            let settle = latest.borrow().clone();
            if let Some(settle) = settle {
                settle.emit(());
            }
        }),
    );

    let onkeydown = {
        let (on_key, scroller, row) = (props.on_key.clone(), scroller.clone(), props.extent.row);
        Callback::from(move |event: KeyboardEvent| {
            let height = scroller.cast::<Element>().map_or(400.0, |element| f64::from(element.client_height()));
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a page has some dozen rows
            on_key.emit((event, (height / row.max(1.0) - 1.0).max(1.0) as u32));
        })
    };
    let heads = u32::from(props.head.is_some());
    let onscroll = Callback::from(move |_| settle(Look::Now));
    html! {
        <div class={classes!("rows", props.class.clone())} ref={scroller} role={&props.role} aria-label={&props.label}
            aria-rowcount={(props.role == "grid").then(|| props.extent.rows.saturating_add(heads).to_string())}
            aria-activedescendant={props.active.clone()} tabindex="0" {onscroll} {onkeydown}>
            if let Some(row) = &props.head { <div class="head-row" role="presentation" ref={head}>{ row.clone() }</div> }
            <div class="slab-spacer" role="presentation" ref={spacer}>
                <div class="slab" role="presentation" ref={slab}>{ props.under.clone() }{ props.children.clone() }</div>
            </div>
        </div>
    }
}

/// Scrolls as little as shows the row under what stays at the top; a row far away comes to the middle.
#[allow(clippy::cast_possible_truncation)] // a scroll position fits
fn bring(element: &Element, extent: &Extent, row: u32, above: f64) {
    let (_, scale) = extent.scroll();
    let height = f64::from(element.client_height()) - above;
    let (top, bottom) = (extent.top(row), extent.top(row + 1));
    let start = f64::from(element.scroll_top()) * scale;
    let target = match (start, start + height) {
        (from, to) if top >= from && bottom <= to => return,
        (from, to) if bottom < from - height || top > to + height => top - height / 3.0,
        (from, _) if top < from => top,
        _ => bottom - height,
    };
    element.set_scroll_top((target.max(0.0) / scale) as i32);
}
