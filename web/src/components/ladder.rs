//! The ladder: heads, and the rows around the visible ones.

use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::command_table::{is_in, use_choice};
use super::ladder_heading::{Wishes, phase_row};
use super::ladder_row::LadderRow;
use super::ladder_strokes::LadderStrokes;
use super::lane_heads::LaneHeads;
use super::payload_block::payload_block;
use super::virtual_rows::{VirtualRows, row_id};
use crate::clock::Clock;
use crate::hooks::palette::use_palette;
use crate::hooks::size::expected_width;
use crate::hooks::style;
use crate::protocol::{Body, Phase, Range, Window};
use crate::scene::extent::Extent as Tall;
use crate::scene::ladder::{Geometry, Ladder as SceneLadder, Measure};
use crate::scene::payload::{letters, wrapped};
use crate::state::{Opened, Selection, Theme};
use crate::wording::whole;

/// Rows of a print that no page's end parts.
const SHEET: usize = 6;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub window: Rc<Window>,
    pub selection: Option<Selection>,
    pub opened: Rc<std::collections::BTreeMap<u32, Opened>>,
    pub goal: Option<(u32, u32)>,
    pub on_visible: Callback<(u32, u32)>,
    pub on_select: Callback<u32>,
    pub on_item: Callback<(u32, Range)>,
    pub on_fold: Callback<(u32, u32)>,
    pub on_extend: Callback<u32>,
    pub wishes: Wishes,
    /// Rows stay with their strokes wherever a page ends.
    pub printing: bool,
    pub theme: Theme,
    pub measure: Measure,
    /// Selected rows.
    pub range: Option<(u32, u32)>,
    /// Rows from one to another, and the command in the last.
    pub on_range: Callback<((u32, u32), u32)>,
    pub on_key: Callback<(KeyboardEvent, u32)>,
}

/// The ladder.
#[component]
pub fn Ladder(props: &Props) -> Html {
    let width = use_state_eq(expected_width);
    let root = use_node_ref();
    let window = &props.window;
    let geometry = Geometry::for_width(*width, window.lanes.len(), props.measure);
    let palette = use_palette(props.theme);
    let clock = use_context::<Clock>().unwrap_or_default();
    // The phase that stays at the top: rows are drawn anew only when it is another.
    let pinned = use_state_eq(|| None::<u32>);
    let seen = use_mut_ref(|| 0_u32);
    {
        let root = root.clone();
        use_effect_with(geometry, move |geometry| {
            for (name, pixels) in [
                ("--left", geometry.left),
                ("--drawing", geometry.end() - geometry.left),
                ("--step", geometry.step),
                ("--first", geometry.first - geometry.left),
            ] {
                style::set(&root, name, &format!("{pixels}px"));
            }
        });
    }
    let selected = props.selection.map(|selection| selection.pdu);
    let letters = letters(geometry.said(*width, props.measure.text), props.measure.text);
    let extent = use_memo(
        (window.total, geometry.row, Rc::clone(&props.opened), props.measure.text, letters),
        |(rows, row, opened, text, letters)| {
            let tall = |opened: &Opened| {
                let detail = opened.detail.as_deref()?;
                Some((opened.row, wrapped(detail, opened.extent, *text, *letters)))
            };
            let mut taller: Vec<_> = opened.values().filter_map(tall).collect();
            taller.sort_by_key(|(row, _)| *row);
            Tall { rows: *rows, row: *row, taller }
        },
    );
    let on_width = {
        let width = width.setter();
        Callback::from(move |pixels: f64| width.set(pixels))
    };
    let on_choose = use_choice((window, props.range, selected), &props.on_select, &props.on_range);
    let mut active = None;
    let rows = window.timed().map(|(row, index, before)| {
        let pdu = if let Body::Command(command) = &row.body { Some(command.pdu) } else { None };
        let chosen = pdu.is_some() && pdu == selected;
        if chosen {
            active = Some(index);
        }
        let opened = pdu.and_then(|pdu| props.opened.get(&pdu));
        let payload = opened.and_then(|opened| {
            Some(payload_block(opened.detail.as_ref()?, opened.extent, letters, &props.on_item, &props.on_extend))
        });
        let time = clock.row(row.time, before);
        let time = match &row.body {
            // Paper has no inspector that says it.
            Body::Command(command) if props.printing => format!("{time}\n#{}", whole(command.frame)),
            _ => time,
        };
        html! {
            <LadderRow key={window.slot(index)} {index} {time} ranged={is_in(props.range, index)} row={Rc::clone(row)} narrow={geometry.is_narrow()} selected={chosen} {payload}
                on_choose={on_choose.clone()} on_fold={props.on_fold.clone()} wishes={props.wishes.clone()} />
        }
    });
    let rows: Vec<Html> = rows.collect();
    let on_visible = {
        let (seen, pinned, window) = (Rc::clone(&seen), pinned.setter(), Rc::clone(window));
        let on_visible = props.on_visible.clone();
        Callback::from(move |visible: (u32, u32)| {
            *seen.borrow_mut() = visible.0;
            pinned.set(current(&window, visible.0).map(|phase| phase.id));
            on_visible.emit(visible);
        })
    };
    let current = current(window, *seen.borrow());
    let covered = if current.is_some() { geometry.row } else { 0.0 };
    let marks = use_memo(
        (Rc::clone(window), Rc::clone(&extent), geometry, selected),
        |(window, extent, geometry, selected)| {
            SceneLadder { window, extent, geometry: *geometry, selected: *selected }.strokes()
        },
    );
    let strokes = |first: u32, count: usize| {
        let end = first.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        let (above, top) = (extent.top(window.first), extent.top(first));
        let part = (top - above, extent.top(end) - top);
        html! { <LadderStrokes marks={Rc::clone(&marks)} {part} {geometry} palette={Rc::clone(&palette)} /> }
    };
    let (under, rows) = if props.printing {
        let sheets = rows.chunks(SHEET).zip((window.first..).step_by(SHEET));
        let sheet = |(rows, first): (&[Html], u32)| {
            html! {
                <div key={first} class="sheet" role="presentation">{ strokes(first, rows.len()) }{ for rows.iter().cloned() }</div>
            }
        };
        (html! {}, sheets.map(sheet).collect::<Html>())
    } else {
        (strokes(window.first, window.rows.len()), rows.into_iter().collect())
    };
    html! {
        <div class={classes!("table", "ladder", geometry.is_narrow().then_some("narrow-rows"))} ref={root}>
            <LaneHeads {clock} on_move={&props.wishes.on_lane} lanes={window.lanes.clone()} time={window.rows.first().map(|row| row.time)} />
            <div class="under-heads">
                if let Some(phase) = current { { phase_row(phase, None, &props.wishes) } }
                <VirtualRows label="Ladder of commands" role="grid" {extent} first={window.first} active={active.map(row_id)} kept={active} goal={props.goal}
                    {covered} {under} {on_visible} {on_width} on_key={props.on_key.clone()}>{ rows }</VirtualRows>
            </div>
        </div>
    }
}

/// The phase that the first visible row belongs to, if its heading is not visible itself.
fn current(window: &Window, seen: u32) -> Option<&Phase> {
    let within = window.rows.iter().zip(window.first..).take_while(|(_, at)| *at <= seen);
    let last =
        within.filter_map(|(row, at)| if let Body::Phase(phase) = &row.body { Some((at, &**phase)) } else { None });
    let (at, phase) = last.last().or_else(|| window.above.as_ref().map(|(at, phase)| (*at, phase)))?;
    (at < seen && seen <= at + phase.rows).then_some(phase)
}
