//! Settings: on the page's root, and remembered on this device.

use gloo::utils::{document, window};
use js_sys::Date;
use wasm_bindgen::JsValue;

use super::style;
use crate::clock::Clock;
use crate::state::{Settings, State};

const KEY: &str = "msnp.settings";

/// What was set last time, here and in the browser.
#[must_use]
pub fn remembered() -> Settings {
    let storage = window().local_storage().ok().flatten();
    let kept = storage.and_then(|storage| storage.get_item(KEY).ok()?);
    let kept = kept.map(|text| Settings::read(&text)).unwrap_or_default();
    Settings { browser: browser_size().unwrap_or(kept.browser), ..kept }
}

/// The browser's size of text, in percent of the usual one, before the page's own setting is applied.
fn browser_size() -> Option<u16> {
    let root = document().document_element()?;
    let style = window().get_computed_style(&root).ok()??;
    let pixels: f64 = style.get_property_value("font-size").ok()?.strip_suffix("px")?.parse().ok()?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between two bounds
    pixels.is_finite().then(|| (pixels / 16.0 * 100.0).round().clamp(50.0, 400.0) as u16)
}

/// Sets the page, and remembers. A browser that remembers nothing still shows it.
pub fn apply(settings: &Settings) {
    let measure = settings.measure();
    style::set_root("--row", &format!("{}px", measure.row));
    style::set_root("--touch", &format!("{}px", measure.touch()));
    style::set_root("--dense", &settings.letters().to_string());
    style::set_root("font-size", &format!("{}%", settings.size));
    let split = if settings.split == 0 { String::new() } else { format!("{}%", settings.split) };
    style::set_root("--inspector", &split);
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(KEY, &settings.written());
    }
}

/// How times are shown of the capture that is open.
#[must_use]
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // seconds since 1970, minutes of a day
pub fn clock(state: &State) -> Clock {
    let start = state.progress.overview.span.map(|(first, _)| first).unwrap_or_default();
    let date = Date::new(&JsValue::from_f64(start.seconds as f64 * 1000.0));
    // A moment that the browser has no date for has no offset either.
    let ahead = -date.get_timezone_offset();
    Clock { form: state.settings.time, start, ahead: if ahead.is_finite() { ahead as i32 } else { 0 } }
}
