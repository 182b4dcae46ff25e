//! The canvas under the rows of the ladder.

use std::rc::Rc;

use yew::prelude::*;

use super::mark_paint::paint;
use crate::hooks::canvas::prepare;
use crate::hooks::palette::Palette;
use crate::hooks::style;
use crate::protocol::Window;
use crate::scene::extent::Extent;
use crate::scene::ladder::{Geometry, Ladder};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub window: Rc<Window>,
    pub extent: Rc<Extent>,
    pub geometry: Geometry,
    pub selected: Option<u32>,
    pub palette: Rc<Palette>,
}

/// All strokes of the rows that exist; it moves with them, so scrolling paints nothing.
#[component]
pub fn LadderStrokes(props: &Props) -> Html {
    let canvas = use_node_ref();
    {
        let canvas = canvas.clone();
        let props = (
            Rc::clone(&props.window),
            Rc::clone(&props.extent),
            props.geometry,
            props.selected,
            Rc::clone(&props.palette),
        );
        use_effect_with(props, move |(window, extent, geometry, selected, palette)| {
            let ladder = Ladder { window, extent, geometry: *geometry, selected: *selected };
            let left = geometry.left;
            style::set(&canvas, "left", &format!("{left}px"));
            if let Some(brush) = prepare(&canvas, geometry.end() - left, ladder.height()) {
                // Only a matrix that is no number fails.
                let _ = brush.translate(-left, 0.0);
                paint(&brush, &ladder.strokes(), palette);
            }
        });
    }
    html! { <canvas class="strokes" ref={canvas} aria-hidden="true"></canvas> }
}
