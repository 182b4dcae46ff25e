//! A canvas under rows of the ladder.

use std::rc::Rc;

use yew::prelude::*;

use super::mark_paint::paint;
use crate::hooks::canvas::prepare;
use crate::hooks::palette::Palette;
use crate::hooks::style;
use crate::scene::ladder::Geometry;
use crate::scene::mark::Mark;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// All strokes of the rows that exist.
    pub marks: Rc<Vec<Mark>>,
    /// Pixels from their top to the part that is painted, and its height.
    pub part: (f64, f64),
    pub geometry: Geometry,
    pub palette: Rc<Palette>,
}

/// Strokes of the rows in a part; they move with the rows, so scrolling paints nothing.
#[component]
pub fn LadderStrokes(props: &Props) -> Html {
    let canvas = use_node_ref();
    {
        let canvas = canvas.clone();
        let props = (Rc::clone(&props.marks), props.part, props.geometry, Rc::clone(&props.palette));
        use_effect_with(props, move |(marks, (top, height), geometry, palette)| {
            let left = geometry.left;
            style::set(&canvas, "left", &format!("{left}px"));
            if let Some(brush) = prepare(&canvas, geometry.end() - left, *height) {
                // Only a matrix that is no number fails.
                let _ = brush.translate(-left, -top);
                let touched = marks.iter().filter(|mark| mark.reaches(*top, top + height));
                paint(&brush, touched, palette);
            }
        });
    }
    html! { <canvas class="strokes" ref={canvas} aria-hidden="true"></canvas> }
}
