//! Canvases at the device's own pixels.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};
use yew::prelude::*;

/// Makes a canvas so large, empties it, and hands out its brush.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // sizes of a screen
pub fn prepare(node: &NodeRef, width: f64, height: f64) -> Option<CanvasRenderingContext2d> {
    let canvas = node.cast::<HtmlCanvasElement>()?;
    let scale = gloo::utils::window().device_pixel_ratio().max(1.0);
    canvas.set_width((width * scale).round() as u32);
    canvas.set_height((height * scale).round() as u32);
    super::style::set(node, "width", &format!("{width}px"));
    super::style::set(node, "height", &format!("{height}px"));
    let brush = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    brush.scale(scale, scale).ok()?;
    Some(brush)
}
