//! Paints marks on a canvas. Letters are left out: rows have their own.

use js_sys::Array;
use web_sys::CanvasRenderingContext2d;

use crate::hooks::palette::Palette;
use crate::scene::mark::{Mark, Pen, Shape};

/// Paints marks, the first lowest.
pub fn paint<'m>(brush: &CanvasRenderingContext2d, marks: impl Iterator<Item = &'m Mark>, palette: &Palette) {
    brush.set_line_join("round");
    for mark in marks {
        brush.begin_path();
        match &mark.shape {
            Shape::Rect([left, top, width, height, _]) => brush.rect(*left, *top, *width, *height),
            Shape::Circle([x, y, radius]) => _ = brush.arc(*x, *y, *radius, 0.0, std::f64::consts::TAU),
            Shape::Path(path) => path.iter().for_each(|pen| draw(brush, *pen)),
            Shape::Text(_) => continue,
        }
        if let Some(ink) = mark.fill {
            brush.set_fill_style_str(palette.ink(ink));
            brush.fill();
        }
        if let Some(stroke) = mark.stroke {
            let dash = stroke.dash.pattern().map(|[on, off]| Array::of2(&on.into(), &off.into()));
            // Only a pattern with negative numbers fails.
            let _ = brush.set_line_dash(&dash.unwrap_or_default());
            brush.set_stroke_style_str(palette.ink(stroke.ink));
            brush.set_line_width(stroke.width);
            brush.stroke();
        }
    }
}

fn draw(brush: &CanvasRenderingContext2d, pen: Pen) {
    match pen {
        Pen::Move(x, y) => brush.move_to(x, y),
        Pen::Line(x, y) => brush.line_to(x, y),
        Pen::Bend(over_x, over_y, x, y) => brush.quadratic_curve_to(over_x, over_y, x, y),
        Pen::Close => brush.close_path(),
    }
}
