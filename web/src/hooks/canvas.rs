//! Canvases at the device's own pixels.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};
use yew::prelude::*;

/// Pixels of the tallest canvas that browsers paint.
const TALLEST: f64 = 16_000.0;

/// Makes a canvas so large, empties it, and hands out its brush.
#[must_use]
pub fn prepare(node: &NodeRef, width: f64, height: f64) -> Option<CanvasRenderingContext2d> {
    let brush = fit(&node.cast::<HtmlCanvasElement>()?, width, height)?;
    super::style::set(node, "width", &format!("{width}px"));
    super::style::set(node, "height", &format!("{height}px"));
    Some(brush)
}

/// The brush of a canvas that was prepared, to go on painting on what is there.
#[must_use]
pub fn brush_of(node: &NodeRef) -> Option<CanvasRenderingContext2d> {
    node.cast::<HtmlCanvasElement>()?.get_context("2d").ok()??.dyn_into().ok()
}

/// A picture that is painted once and then copied, whole or in part.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    canvas: HtmlCanvasElement,
    height: f64,
}

impl Layer {
    /// Paints a layer of so many pixels.
    #[must_use]
    pub fn paint(width: f64, height: f64, painted: impl FnOnce(&CanvasRenderingContext2d)) -> Option<Self> {
        let canvas = gloo::utils::document().create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
        painted(&fit(&canvas, width, height)?);
        Some(Self { canvas, height })
    }

    /// Copies the columns between two edges to where they stood.
    pub fn copy(&self, brush: &CanvasRenderingContext2d, from: f64, to: f64) {
        let (scale, width) = (scale(), to - from);
        if width > 0.0 {
            let copied = brush.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                &self.canvas,
                from * scale,
                0.0,
                width * scale,
                self.height * scale,
                from,
                0.0,
                width,
                self.height,
            );
            // Only an empty layer cannot be copied, and then there is nothing to be seen.
            let _ = copied;
        }
    }
}

/// Pixels of the device in one of the page.
#[must_use]
pub fn scale() -> f64 {
    gloo::utils::window().device_pixel_ratio().max(1.0)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // sizes of a screen
fn fit(canvas: &HtmlCanvasElement, width: f64, height: f64) -> Option<CanvasRenderingContext2d> {
    // A browser paints nothing on a canvas that is too tall: it is painted coarser.
    let scale = scale().min(TALLEST / height.max(1.0));
    let (across, down) = ((width * scale).round() as u32, (height * scale).round() as u32);
    let brush = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    if (canvas.width(), canvas.height()) == (across, down) {
        brush.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0).ok()?;
        brush.clear_rect(0.0, 0.0, across.into(), down.into());
    } else {
        // Empties it too.
        canvas.set_width(across);
        canvas.set_height(down);
    }
    brush.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0).ok()?;
    Some(brush)
}
