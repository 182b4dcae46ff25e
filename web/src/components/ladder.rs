//! The ladder: heads, and the rows around the visible ones.

use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::ladder_row::LadderRow;
use super::lane_heads::LaneHeads;
use super::payload_block::{height, payload_block};
use super::virtual_rows::VirtualRows;
use crate::hooks::style;
use crate::protocol::{Body, Range, Window};
use crate::scene::extent::Extent as Tall;
use crate::scene::ladder::{Geometry, scenes};
use crate::state::{Opened, Selection};

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
    pub on_connection: Callback<u32>,
    pub on_key: Callback<(KeyboardEvent, u32)>,
}

/// The ladder.
#[component]
pub fn Ladder(props: &Props) -> Html {
    let width = use_state(|| 824.0);
    let root = use_node_ref();
    let window = &props.window;
    let geometry = Geometry::for_width(*width, window.lanes.len());
    {
        let root = root.clone();
        use_effect_with(geometry, move |geometry| {
            for (name, pixels) in [
                ("--left", geometry.left),
                ("--drawing", geometry.width()),
                ("--step", geometry.step),
                ("--first", geometry.lane(0)),
            ] {
                style::set(&root, name, &format!("{pixels}px"));
            }
        });
    }
    let selected = props.selection.map(|selection| selection.pdu);
    let drawn = use_memo((Rc::clone(window), selected), |(window, selected)| scenes(window, *selected));
    let extent = use_memo((window.total, geometry.row, Rc::clone(&props.opened)), |(rows, row, opened)| {
        let tall = |opened: &Opened| Some((opened.row, height(opened.detail.as_deref()?, opened.extent)));
        let mut taller: Vec<_> = opened.values().filter_map(tall).collect();
        taller.sort_by_key(|(row, _)| *row);
        Tall { rows: *rows, row: *row, taller }
    });
    let on_width = {
        let width = width.setter();
        Callback::from(move |pixels: f64| width.set(pixels))
    };
    let mut active = None;
    let rows = window.rows.iter().zip(drawn.iter()).zip(window.first..).map(|((row, scene), index)| {
        let pdu = if let Body::Command(command) = &row.body { Some(command.pdu) } else { None };
        let chosen = pdu.is_some() && pdu == selected;
        if chosen {
            active = Some(AttrValue::from(format!("row-{index}")));
        }
        let opened = pdu.and_then(|pdu| props.opened.get(&pdu));
        let payload = opened.and_then(|opened| {
            Some(payload_block(opened.detail.as_ref()?, opened.extent, &props.on_item, &props.on_extend))
        });
        html! {
            <LadderRow key={index} {index} row={row.clone()} scene={scene.clone()} {geometry} selected={chosen} {payload}
                on_select={props.on_select.clone()} on_fold={props.on_fold.clone()} on_connection={props.on_connection.clone()} />
        }
    });
    let rows: Html = rows.collect();
    html! {
        <div class="table ladder" ref={root}>
            <LaneHeads lanes={window.lanes.clone()} time={window.rows.first().map(|row| row.time)} />
            <VirtualRows label="Ladder of commands" role="grid" {extent} first={window.first} {active} goal={props.goal}
                on_visible={props.on_visible.clone()} {on_width} on_key={props.on_key.clone()}>{ rows }</VirtualRows>
        </div>
    }
}
